"""How fast and how loud: steps that people can feel, and a mild mirroring of the visitor's own pace.

Elders slow down when they talk to a machine and want it slower still; the rate they like goes with their own
(Frontiers in Psychology 2023, 10.3389/fpsyg.2023.1119355; accessibility.md C4).
"""

from __future__ import annotations

#: Rates of the voice's own pace, in steps that can be heard.
RATES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
VOLUMES = (0.2, 0.4, 0.6, 0.8, 1.0)

#: Syllables per second of speech at which people talk to an official without hurry.
USUAL = 4.0
#: How much of the visitor's difference from the usual pace is taken over, and never further than so many steps.
_SHARE, _FARTHEST = 0.5, 0.1


def step_of(rate: float) -> float:
    """The nearest step: sounds are kept per step."""
    return min(RATES, key=lambda r: abs(r - rate))


def next_rate(rate: float, steps: int) -> float:
    """Slower (negative steps) or faster; stays at the end."""
    return _moved(RATES, step_of(rate), steps)


def next_volume(volume: float, steps: int) -> float:
    """Quieter or louder; stays at the end."""
    return _moved(VOLUMES, min(VOLUMES, key=lambda v: abs(v - volume)), steps)


def mirrored(rate: float, syllables: int, speech_seconds: float) -> float:
    """The rate to answer with, for a visitor who said so many syllables in so many seconds of speech.

    Too little speech says nothing: below five syllables the rate stays.
    """
    if syllables < 5 or speech_seconds <= 0.0:
        return step_of(rate)
    wish = (syllables / speech_seconds / USUAL - 1.0) * _SHARE
    return step_of(rate + max(-_FARTHEST, min(_FARTHEST, wish * rate)))


def _moved(steps: tuple[float, ...], at: float, by: int) -> float:
    return steps[max(0, min(len(steps) - 1, steps.index(at) + by))]
