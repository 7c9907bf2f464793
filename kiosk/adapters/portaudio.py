"""The sound library, shared by microphone and loudspeaker.

PortAudio freezes its list of devices when it is initialised (pitfalls 8): a sound server that comes later is seen only
after initialising again, which would kill every open stream. So streams are opened here, one at a time and counted,
and the list is read anew only while none is open.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

from kiosk.ports.sound import SoundError

log = logging.getLogger(__name__)

Stream = TypeVar("Stream")

_lock = threading.RLock()
_open_streams = 0
_stuck = False

#: A stream that is not closed after so many seconds never will be.
_CLOSE_SECONDS = 3.0

#: Names under which a sound server offers itself, best first.
SERVER_NAMES = ("pulse", "pipewire", "default")


def library() -> ModuleType:
    """The sounddevice module. Raises SoundError (lasting) where PortAudio is not installed."""
    try:
        import sounddevice
    except OSError as fault:
        raise SoundError(str(fault), "缺少声音组件 PortAudio，机器暂时听不见也说不了话。请安装 libportaudio2 后重新启动。",
                         reason="no_library", lasting=True) from fault
    module: ModuleType = sounddevice
    return module


@contextmanager
def _errors(what: str) -> Iterator[None]:
    sound = library()
    try:
        yield
    except (sound.PortAudioError, ValueError, OSError) as fault:  # ValueError: no such device
        raise SoundError(f"{what}: {fault}", reason="no_device") from fault


def find_device(wanted: str, kind: str) -> str:
    """Name of the device to open. `kind` is input or output; `wanted` a PortAudio name, or '' for the sound server's.

    Raises SoundError when there is none.
    """
    names = _names(kind)
    if wanted:
        if wanted in names:
            return wanted
        raise SoundError(f"{kind} {wanted} is not there", f"找不到设置文件里写的声音设备“{wanted}”，请检查接线和名字。")
    for name in (*SERVER_NAMES, *names):
        if name in names:
            return name
    what = "麦克风" if kind == "input" else "喇叭"
    raise SoundError(f"no {kind} device", f"没有找到{what}，请检查接线，或者检查声音服务（PulseAudio、PipeWire）有没有启动。")


def has_device(name: str, kind: str) -> bool:
    return name in _names(kind)


def _names(kind: str) -> tuple[str, ...]:
    with _lock:
        names = _listed(kind)
        if _open_streams == 0 and not set(names) & set(SERVER_NAMES):
            sound = library()
            with _errors("reading the list of devices"):  # WORKAROUND: no public call (python-sounddevice #382)
                sound._terminate()
                sound._initialize()
            names = _listed(kind)
        return names


def _listed(kind: str) -> tuple[str, ...]:
    sound = library()
    with _errors("listing devices"):
        return tuple(str(device["name"]) for device in sound.query_devices() if device[f"max_{kind}_channels"] > 0)


def open_stream(make: Callable[[], Stream]) -> Stream:
    """Make and start a stream. `make` builds it; every stream opened here must be given to close_stream()."""
    global _open_streams
    with _lock:
        if _stuck:
            raise _stuck_error()
        with _errors("opening a stream"):
            stream = make()
        _open_streams += 1
        try:
            with _errors("starting a stream"):
                stream.start()  # type: ignore[attr-defined]
        except SoundError:
            close_stream(stream)
            raise
        return stream


def close_stream(stream: object) -> None:
    """Abort and close at once, also after the sound server has gone (platform.md 4).

    WORKAROUND: PortAudio 19.6-19.7 for ALSA loops for ever, printing to stderr, if the sound server dies between the
    start of a stream and its first frame (PaAlsaStream_WaitForFrames jumps between `error` and `end` as long as its
    uninitialised `framesAvail` is not zero), and then close never returns. So closing has a time limit; after it sound
    is given up until the program starts again. Raises SoundError (stuck, lasting) then.
    """
    global _open_streams, _stuck
    closer = threading.Thread(target=stream.close, name="kiosk-close-sound", daemon=True)  # type: ignore[attr-defined]
    with _lock:
        _open_streams -= 1
        closer.start()
        closer.join(_CLOSE_SECONDS)
        if closer.is_alive():
            _stuck = True
            _silence_native_stderr()
            raise _stuck_error()


def _stuck_error() -> SoundError:
    return SoundError("PortAudio does not let go of a stream", "声音系统卡住了，请重新启动这个程序。", reason="stuck", lasting=True)


def _silence_native_stderr() -> None:
    """Python keeps its stderr; what the looping library prints (30 MB a second) goes nowhere."""
    sys.stderr.flush()
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
