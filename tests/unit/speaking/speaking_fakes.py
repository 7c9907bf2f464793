"""A voice and a loudspeaker that do what they are told, and a recorder of what a player tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from kiosk.ports.sound import Sound
from kiosk.ports.voice import VoiceError


def buzz(seconds: float, rate: int = 8000) -> Sound:
    return Sound((np.sin(np.arange(round(seconds * rate)) * 0.3) * 9000).astype(np.int16), rate)


class FakeVoice:
    """Says anything in a tenth of a second. `hold` keeps it at work until set; `broken` texts raise."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.said: list[str] = []
        self.rates: list[float] = []
        self.broken: set[str] = set()
        self.hold = threading.Event()
        self.hold.set()
        self.closed = False

    def synthesise(self, text: str, rate: float) -> Sound:
        self.said.append(text)
        self.rates.append(rate)
        assert self.hold.wait(10)
        if text in self.broken or "*" in self.broken:
            raise VoiceError("broken")
        return buzz(0.1)

    def close(self) -> None:
        self.closed = True


class FakeLoudspeaker:
    """Holds sounds until the test lets them leave."""

    def __init__(self) -> None:
        self.queue: list[tuple[Sound, Callable[[bool], None]]] = []
        self.played: list[Sound] = []
        self.overlays: list[Sound] = []
        self.stops = 0
        self.volume = 1.0
        self.level = 0.5

    def play(self, sound: Sound, on_done: Callable[[bool], None]) -> None:
        self.played.append(sound)
        self.queue.append((sound, on_done))

    def overlay(self, sound: Sound) -> None:
        self.overlays.append(sound)

    def stop(self) -> None:
        self.stops += 1
        waiting, self.queue = self.queue, []
        for _, on_done in waiting:
            on_done(False)

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def leave(self) -> None:
        """The last sample of the first sound has left."""
        wait_for(lambda: bool(self.queue))
        self.queue.pop(0)[1](True)


def wait_for(ready: Callable[[], bool]) -> None:
    """Until it is so; fails after ten seconds, which no good run needs."""
    deadline = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.002)
