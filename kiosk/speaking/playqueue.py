"""The queue of a loudspeaker: what is to leave next, block by block, and when the last sample of a sound has left.

Every loudspeaker (sound card, silent, into files) pulls blocks from one of these; it counts in samples, so it needs no
clock of its own and can be tested without sound.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from kiosk.ports.sound import Sound
from kiosk.speaking.shape import Floats, as_floats, resampled

#: A stopped sound fades out this fast, so that it does not click. Seconds.
_FADE = 0.006
_QUIET_DB, _LOUD_DB = -50.0, -14.0

OnDone = Callable[[bool], None]


@dataclass
class _Item:
    samples: Floats
    on_done: OnDone
    at: int = 0


@dataclass
class _State:
    waiting: deque[_Item] = field(default_factory=deque)
    leaving: deque[tuple[float, OnDone]] = field(default_factory=deque)  # pulled whole; leaves at that time
    overlays: list[_Item] = field(default_factory=list)


class PlayQueue:
    """Mono, float32, at `rate` samples per second. Thread-safe. Callbacks are made outside the lock."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._state = _State()
        self._volume = self._gain = 1.0
        self._level = 0.0

    # ------------------------------------------------------------ from the player

    def play(self, sound: Sound, on_done: OnDone) -> None:
        item = _Item(resampled(as_floats(sound), sound.rate, self.rate), on_done)
        with self._lock:
            self._state.waiting.append(item)

    def overlay(self, sound: Sound) -> None:
        item = _Item(resampled(as_floats(sound), sound.rate, self.rate), lambda whole: None)
        with self._lock:
            self._state.overlays.append(item)

    def stop(self) -> None:
        """The sound in hand fades out with the next block; all that waited or is leaving is done, not whole."""
        with self._lock:
            state = self._state
            ended = [on_done for _, on_done in state.leaving] + [item.on_done for item in state.waiting]
            if state.waiting:
                state.overlays.append(self._tail(state.waiting[0]))
            state.waiting.clear()
            state.leaving.clear()
        for on_done in ended:
            on_done(False)

    def set_volume(self, volume: float) -> None:
        self._volume = min(1.0, max(0.0, volume))

    @property
    def level(self) -> float:
        """Loudness 0..1 of the speech that was pulled last, whatever the volume."""
        return self._level

    @property
    def empty(self) -> bool:
        with self._lock:
            return not (self._state.waiting or self._state.leaving or self._state.overlays)

    # ------------------------------------------------------------ from the loudspeaker

    def pull(self, frames: int, now: float, delay: float) -> Floats:
        """The next `frames` samples. `now` is the time in seconds, `delay` how long from now until the first of them
        leaves the loudspeaker. Tells the sounds whose last sample has left by now."""
        out = np.zeros(frames, np.float32)
        with self._lock:
            done = self._left(now)
            filled = 0
            waiting = self._state.waiting
            while waiting and filled < frames:
                item = waiting[0]
                filled = _pour(item, out, filled)
                if item.at == len(item.samples):
                    waiting.popleft()
                    self._state.leaving.append((now + delay + filled / self.rate, item.on_done))
            self._level = _loudness(out)
            for overlay in self._state.overlays:
                _pour(overlay, out, 0)
            self._state.overlays = [o for o in self._state.overlays if o.at < len(o.samples)]
            start, end = self._gain, self._volume
            self._gain = end
        for on_done in done:
            on_done(True)
        out *= np.linspace(start, end, frames, dtype=np.float32) if start != end else np.float32(start)
        return out

    def settle(self, now: float) -> float | None:
        """Tell the sounds that have left by now; returns when the next one will have, if any waits for that."""
        with self._lock:
            done = self._left(now)
            following = self._state.leaving[0][0] if self._state.leaving else None
        for on_done in done:
            on_done(True)
        return following

    def _left(self, now: float) -> list[OnDone]:
        done = []
        while self._state.leaving and self._state.leaving[0][0] <= now:
            done.append(self._state.leaving.popleft()[1])
        return done

    def _tail(self, item: _Item) -> _Item:
        tail = item.samples[item.at:item.at + round(self.rate * _FADE)].copy()
        tail *= np.linspace(1.0, 0.0, len(tail), dtype=np.float32)
        return _Item(tail if item.at else tail[:0], item.on_done)


def _pour(item: _Item, out: Floats, filled: int) -> int:
    """Add the item's next samples to `out` from `filled` on; returns where they end."""
    count = min(len(out) - filled, len(item.samples) - item.at)
    out[filled:filled + count] += item.samples[item.at:item.at + count]
    item.at += count
    return filled + count


def _loudness(block: Floats) -> float:
    power = float(np.mean(np.square(block))) if len(block) else 0.0
    if power <= 1e-9:
        return 0.0
    return min(1.0, max(0.0, (10.0 * math.log10(power) - _QUIET_DB) / (_LOUD_DB - _QUIET_DB)))
