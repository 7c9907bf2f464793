"""The microphone, by sounddevice from the sound server."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from kiosk.adapters import portaudio, pulse_sources
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples, SoundError

log = logging.getLogger(__name__)


class SoundMicrophone:
    """The Microphone port: 16 kHz mono int16 in blocks of 512.

    wanted  '' for the sound server's default source; the name of one of its sources (`pactl list sources short`), which
            then is the only one trusted; or a name of PortAudio's list, where there is no sound server
    """

    def __init__(self, wanted: str = "") -> None:
        self._wanted = wanted
        self._stream: Any = None
        self._source: str | None = None
        self._stopping = threading.Event()

    def start(self, on_block: Callable[[Samples], None], on_lost: Callable[[str], None]) -> None:
        sound = portaudio.library()
        device = self._device()
        self._stopping = stopping = threading.Event()

        def take(data: Any, frames: int, time: Any, status: Any) -> None:
            on_block(np.frombuffer(bytes(data), dtype=np.int16))

        def finished() -> None:
            if not stopping.is_set():
                on_lost("finished")

        self._stream = portaudio.open_stream(lambda: sound.RawInputStream(
            device=device, samplerate=EAR_RATE, channels=1, dtype="int16", blocksize=EAR_BLOCK, latency="low",
            callback=take, finished_callback=finished))
        self._source = pulse_sources.our_source()
        log.info("microphone opened", extra={"device": self._source or device})
        if self.check():
            self.stop()
            raise SoundError(f"the source is {self._source}, not {self._wanted}", "麦克风换成了别的声音来源，请检查麦克风的接线。",
                             reason="swapped")

    def stop(self) -> None:
        self._stopping.set()
        stream, self._stream = self._stream, None
        if stream is not None:
            portaudio.close_stream(stream)

    def check(self) -> str:
        """ "swapped" if the server has moved our stream to a source that is not ours to trust."""
        now = pulse_sources.our_source()
        if now is None:
            return ""
        if self._by_source_name:
            return "" if now == self._wanted else "swapped"
        if now.endswith(".monitor"):  # what the loudspeaker plays: the kiosk would hear itself
            return "swapped"
        return "" if now == self._source else "swapped"

    @property
    def _by_source_name(self) -> bool:
        return bool(self._wanted) and os.environ.get("PULSE_SOURCE") == self._wanted

    def _device(self) -> str:
        if not self._wanted or portaudio.has_device(self._wanted, "input"):
            return portaudio.find_device(self._wanted, "input")
        known = pulse_sources.sources()
        if known is None or self._wanted not in known:
            raise SoundError(f"no source {self._wanted}", f"找不到设置文件里写的麦克风“{self._wanted}”，请检查接线和名字。")
        os.environ["PULSE_SOURCE"] = self._wanted  # read by the server's client library when the stream is opened
        return portaudio.find_device("pulse", "input")
