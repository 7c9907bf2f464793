"""Sound of any rate to the ears' rate, for recordings. Live sound already comes as EAR_RATE."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from kiosk.ports.sound import EAR_RATE, Samples

_ZEROS = 16  # zero crossings of the sinc on each side: more than 70 dB down in the stop band


def to_ear_rate(samples: Samples, rate: int) -> Samples:
    """int16 mono, shape (n,), at `rate` hertz to EAR_RATE, by a windowed-sinc polyphase filter."""
    if rate == EAR_RATE or not len(samples):
        return samples
    common = math.gcd(rate, EAR_RATE)
    up, down = EAR_RATE // common, rate // common
    phases = _phases(up, down)
    width = phases.shape[1]
    padded = np.concatenate([np.zeros(width // 2 - 1), samples.astype(np.float64), np.zeros(width)])
    count = len(samples) * up // down
    out = np.empty(count)
    for phase in range(min(up, count)):  # every `up`-th output sample has the same filter
        which = np.arange(phase, count, up)
        starts = which * down // up
        windows = np.lib.stride_tricks.sliding_window_view(padded, width)[starts]
        out[which] = windows @ phases[phase * down % up]
    limited: Samples = np.clip(np.rint(out), -32768, 32767).astype(np.int16)
    return limited


def _phases(up: int, down: int) -> npt.NDArray[np.float64]:
    """One low-pass filter per fractional position: shape (up, taps), each row with gain one."""
    cut = min(1.0, up / down) * 0.94
    half = math.ceil(_ZEROS / cut)
    positions = np.arange(-half + 1, half + 1)[None, :] - np.arange(up)[:, None] / up
    window = np.where(np.abs(positions) < half, 0.5 + 0.5 * np.cos(np.pi * positions / half), 0.0)
    taps = np.sinc(positions * cut) * window
    normalised: npt.NDArray[np.float64] = taps / taps.sum(axis=1, keepdims=True)
    return normalised
