"""The earcons: small sounds that say what the kiosk does. Made at load, all shorter than 0.4 s and softer than speech.

listen  a soft rising tone: now it is your turn
stop    the same, falling: I do not listen any more
knock   a key was pressed
done    a chord: it is finished
sorry   two low notes: that did not work
"""

from __future__ import annotations

import functools

import numpy as np

from kiosk.ports.sound import Sound
from kiosk.speaking.shape import Floats, from_floats

RATE = 24_000
NAMES = ("listen", "stop", "knock", "done", "sorry")
#: Peak of the earcons; speech peaks near 0.6.
_PEAK = 0.16


@functools.cache
def chime(name: str) -> Sound:
    """The earcon of that name. Raises KeyError for an unknown one."""
    samples = _MAKERS[name]()
    return from_floats(samples / np.abs(samples).max() * _PEAK, RATE)


def _glide(start_hz: float, end_hz: float, seconds: float) -> Floats:
    """A tone that glides, with a soft attack, and a little of its octave for small loudspeakers."""
    count = round(seconds * RATE)
    pitch = start_hz * (end_hz / start_hz) ** np.linspace(0.0, 1.0, count)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    swell = np.sin(np.linspace(0.0, np.pi, count)) ** 0.8
    return ((np.sin(phase) + 0.25 * np.sin(2 * phase)) * swell).astype(np.float32)


def _bell(hertz: float, seconds: float, decay: float) -> Floats:
    """A struck note that dies away with time constant `decay` seconds."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * hertz * time) + 0.3 * np.sin(4 * np.pi * hertz * time) * np.exp(-time / decay)
    edges = np.minimum(1.0, time / 0.004) * np.minimum(1.0, (seconds - time) / 0.02)
    note: Floats = (tone * np.exp(-time / decay) * edges).astype(np.float32)
    return note


def _mixed(*notes: tuple[float, Floats]) -> Floats:
    """Notes that start at the given seconds."""
    starts = [(round(start * RATE), note) for start, note in notes]
    out = np.zeros(max(start + len(note) for start, note in starts), np.float32)
    for start, note in starts:
        out[start:start + len(note)] += note
    return out


_MAKERS = {
    "listen": lambda: _glide(523.25, 784.0, 0.18),
    "stop": lambda: _glide(784.0, 523.25, 0.18),
    "knock": lambda: _bell(330.0, 0.07, 0.018),
    "done": lambda: _mixed((0.0, _bell(523.25, 0.37, 0.12)), (0.06, _bell(659.25, 0.31, 0.12)),
                           (0.12, _bell(783.99, 0.25, 0.12))),
    "sorry": lambda: _mixed((0.0, _bell(293.66, 0.18, 0.08)), (0.15, _bell(246.94, 0.22, 0.10))),
}
