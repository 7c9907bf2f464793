"""Where an utterance starts and ends.

Works on the speech probability of each 32 ms block and counts audio seconds, never the clock, so a recording fed
faster than real time is cut exactly like a living visitor.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples

BLOCK_SECONDS = EAR_BLOCK / EAR_RATE


@dataclass(frozen=True)
class Tuning:
    """Probabilities and seconds.

    start     a block at or above is speech
    keep      while somebody speaks, a block at or above still is (hysteresis)
    onset     so many of the last `within` blocks must be speech before an utterance starts: a click is not a word
    pre_roll  sound kept from before the onset: the soft beginning of the first syllable
    tail      silence handed to the recogniser after speech, so that it commits the last word; a longer pause is held
              back, and of it only the last `pre_roll` is handed over if speech resumes. Silence costs CPU and breeds
              invented words.
    """

    start: float = 0.5
    keep: float = 0.35
    onset: int = 3
    within: int = 4
    pre_roll: float = 0.416
    tail: float = 0.64


class Phase(StrEnum):
    QUIET = "quiet"        # nobody speaks
    STARTED = "started"    # this block made it an utterance
    SPEAKING = "speaking"
    PAUSING = "pausing"    # inside an utterance, silent for now
    ENDED = "ended"        # the silence has lasted long enough
    CUT = "cut"            # too long, ended in the middle


@dataclass(frozen=True)
class Step:
    """What a block meant, and the blocks to hand to the recogniser now."""

    phase: Phase
    blocks: tuple[Samples, ...] = ()

    @property
    def over(self) -> bool:
        return self.phase in (Phase.ENDED, Phase.CUT)


def blocks_of(seconds: float) -> int:
    return round(seconds / BLOCK_SECONDS)


class Segmenter:
    """Cuts a stream of blocks into utterances. One utterance after the other until reset()."""

    def __init__(self, tuning: Tuning | None = None) -> None:
        self.tuning = tuning or Tuning()
        self._before: deque[Samples] = deque(maxlen=blocks_of(self.tuning.pre_roll) + self.tuning.within)
        self._recent: deque[bool] = deque(maxlen=self.tuning.within)
        self._held: deque[Samples] = deque(maxlen=blocks_of(self.tuning.pre_roll))
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next block is the first."""
        self._before.clear()
        self._listen_anew()

    def _listen_anew(self) -> None:
        self._recent.clear()
        self._held.clear()
        self._inside = self._voiced = False
        self._length = self._silence = 0
        self._speech_until = 0

    @property
    def inside(self) -> bool:
        """An utterance has started and not ended."""
        return self._inside

    @property
    def silence(self) -> float:
        """Seconds since the last speech of the running utterance."""
        return self._silence * BLOCK_SECONDS

    @property
    def speech_seconds(self) -> float:
        """From the onset to the last speech of the running utterance, pauses included."""
        return self._speech_until * BLOCK_SECONDS

    def feed(self, block: Samples, probability: float, patience: Callable[[], float], longest: float) -> Step:
        """Judge one block. `patience` says how many seconds of silence end the utterance; it is asked only during a
        pause. `longest` seconds after the onset an utterance is cut. After ENDED or CUT the next utterance may begin;
        the caller reads speech_seconds before feeding again."""
        if self._length and not self._inside:  # the utterance before this block is over
            self._listen_anew()
        threshold = self.tuning.keep if self._voiced else self.tuning.start
        self._voiced = probability >= threshold
        if not self._inside:
            return self._wait_for_onset(block)
        self._length += 1
        step = self._speak(block) if self._voiced else self._pause(block, patience)
        if not step.over and self._length * BLOCK_SECONDS >= longest:
            step = Step(Phase.CUT, step.blocks)
        if step.over:
            self._inside = False
        return step

    def _wait_for_onset(self, block: Samples) -> Step:
        self._before.append(block)
        self._recent.append(self._voiced)
        if sum(self._recent) < self.tuning.onset:
            return Step(Phase.QUIET)
        self._inside = True
        self._length = self._speech_until = len(self._recent)
        blocks = tuple(self._before)
        self._before.clear()
        return Step(Phase.STARTED, blocks)

    def _speak(self, block: Samples) -> Step:
        blocks = (*self._held, block)
        self._held.clear()
        self._before.clear()
        self._silence = 0
        self._speech_until = self._length
        return Step(Phase.SPEAKING, blocks)

    def _pause(self, block: Samples, patience: Callable[[], float]) -> Step:
        self._silence += 1
        self._before.append(block)
        handed: tuple[Samples, ...] = ()
        if self.silence <= self.tuning.tail:
            handed = (block,)
        else:
            self._held.append(block)
        ended = self.silence >= patience()
        return Step(Phase.ENDED if ended else Phase.PAUSING, handed)
