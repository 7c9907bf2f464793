"""How loud it is, for the meter and the listening ring."""

from __future__ import annotations

import math

import numpy as np

from kiosk.ports.sound import Samples

_QUIET_DB = -55.0  # a silent hall, meter at 0
_LOUD_DB = -12.0   # somebody speaking up close, meter at 1
_FALL = 0.25       # share of the way down per block, so that the ring breathes instead of flickering


class LevelMeter:
    """Loudness 0..1 on a decibel scale: rises at once, falls gently."""

    def __init__(self) -> None:
        self.level = 0.0

    def feed(self, block: Samples) -> float:
        now = loudness(block)
        self.level = now if now > self.level else self.level + (now - self.level) * _FALL
        return self.level


def loudness(block: Samples) -> float:
    """0..1 of one int16 block, by its root mean square in decibels below full scale."""
    if not len(block):
        return 0.0
    power = float(np.mean(np.square(block, dtype=np.float64))) / 32768.0 ** 2
    if power <= 0.0:
        return 0.0
    decibels = 10.0 * math.log10(power)
    return min(1.0, max(0.0, (decibels - _QUIET_DB) / (_LOUD_DB - _QUIET_DB)))
