"""Recordings in place of a microphone: sound files read as the ears want them, and played to the listener."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from kiosk.listening.resample import to_ear_rate
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples, SoundError

_BLOCK_SECONDS = EAR_BLOCK / EAR_RATE
#: A quiet room is never digitally silent: noise of three units, 80 dB below full scale.
_ROOM = 3
#: Blocks in the listener's inbox above which a microphone in a hurry waits.
_ENOUGH = 20


def read_sound(file: Path) -> Samples:
    """A WAV, FLAC or OGG file of any rate and any number of channels as 16 kHz mono int16. Raises SoundError."""
    try:
        sound, rate = soundfile.read(file, dtype="int16", always_2d=True)
    except (soundfile.SoundFileError, OSError, TypeError, ValueError) as fault:
        what = "找不到这个录音文件" if not file.is_file() else "这个文件不是能读的录音（要 WAV 或 FLAC）"
        raise SoundError(f"{file}: {fault}", f"{what}：{file}", reason="unreadable") from fault
    mono = sound[:, 0] if sound.shape[1] == 1 else np.rint(sound.mean(axis=1)).astype(np.int16)
    return to_ear_rate(mono, rate)


def blocks(samples: Samples) -> Iterator[Samples]:
    """EAR_BLOCK samples at a time; the last block is filled up with silence."""
    whole = np.concatenate([samples, np.zeros(-len(samples) % EAR_BLOCK, np.int16)])
    yield from whole.reshape(-1, EAR_BLOCK)


def room(seconds: float, seed: int = 7) -> Samples:
    """The sound of a quiet room."""
    noise = np.random.default_rng(seed)
    return noise.integers(-_ROOM, _ROOM + 1, round(seconds * EAR_RATE), dtype=np.int16)


class WavMicrophone:
    """The Microphone port: a quiet room in real time, and in it what speak() is given.

    waiting  None: speech takes its time, too. Or a function that tells how many blocks the listener has still to hear
             (Listener.waiting): then speech comes as fast as it is heard.
    hurry    False: with `waiting`, sound takes its time, but on a busy machine it waits for a listener who is behind
    """

    def __init__(self, waiting: Callable[[], int] | None = None, *, hurry: bool = True) -> None:
        self._waiting, self._hurry = waiting, hurry
        self._blocks: deque[Samples] = deque()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, on_block: Callable[[Samples], None], on_lost: Callable[[str], None]) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, args=(on_block,), name="kiosk-recording", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def check(self) -> str:
        return ""

    def speak(self, samples: Samples, before: float = 0.0, after: float = 0.0) -> None:
        """Say this now (16 kHz mono int16), with so many seconds of quiet around it."""
        self._blocks.extend(blocks(np.concatenate([room(before), samples, room(after)])))

    @property
    def speaking(self) -> bool:
        """There is still something to say."""
        return bool(self._blocks)

    def _run(self, on_block: Callable[[Samples], None]) -> None:
        quiet = list(blocks(room(10.0)))
        due, at = time.monotonic(), 0
        while not self._stopping.is_set():
            hurry = self._hurry and self._waiting is not None and bool(self._blocks)
            if self._waiting is not None and (hurry or not self._hurry) and self._waiting() > _ENOUGH:
                self._stopping.wait(0.002)
                due = time.monotonic()
                continue
            if hurry:
                due = time.monotonic()
            else:
                due += _BLOCK_SECONDS
                self._stopping.wait(max(0.0, due - time.monotonic()))
            at = (at + 1) % len(quiet)
            on_block(self._blocks.popleft() if self._blocks else quiet[at])
