"""Sound in, what was said out: voice activity, segmenter and recogniser in a row. No thread, no clock, no device.

The live listener and `kiosk hear --batch` use this same object, so what is measured is what people meet.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kiosk.listening.humps import LONGEST, humps
from kiosk.listening.segmenter import BLOCK_SECONDS, Phase, Segmenter, Step
from kiosk.listening.turns import Turns
from kiosk.ports.ears import Expectation, Reading, Recogniser, Transcript, VoiceActivity
from kiosk.ports.sound import Samples

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VoiceBegan:
    """Somebody has begun to speak."""


@dataclass(frozen=True)
class Partial:
    """The words so far, for the live caption."""

    text: str


@dataclass(frozen=True)
class Quiet:
    """So many whole seconds of this listening window without speech."""

    seconds: int


Heard = VoiceBegan | Partial | Quiet | Transcript


class Ear:
    """One listening window after the other: begin(), then hear() each block.

    Made, fed and finished by one thread, because decoders want that.
    """

    def __init__(self, activity: VoiceActivity, recogniser: Recogniser, turns: Turns,
                 segmenter: Segmenter | None = None) -> None:
        self._activity, self._recogniser, self._turns = activity, recogniser, turns
        self._segmenter = segmenter or Segmenter()
        self._expectation = Expectation()   # for the next utterance
        self._heeded = self._expectation    # of the running utterance
        self._text = ""
        self._quiet = 0
        self._fed = 0
        self._short: list[Samples] = []     # the sound of the running utterance while it is short
        self._cpu = 0.0

    @property
    def hearing(self) -> bool:
        """Somebody is in the middle of an utterance."""
        return self._segmenter.inside

    def begin(self, expectation: Expectation | None = None) -> None:
        """A listening window opens: forget all sound from before it. None keeps the question."""
        self._activity.reset()
        self._segmenter.reset()
        self._text, self._cpu = "", 0.0
        self.expect(self._expectation if expectation is None else expectation)

    def expect(self, expectation: Expectation) -> None:
        """Another question for the next utterance; a running one keeps its own."""
        self._expectation = expectation
        self._quiet = 0
        self.prepare(expectation)

    def prepare(self, expectation: Expectation) -> None:
        """This will be asked: make the recogniser ready for it."""
        self._recogniser.prepare(expectation)

    def hear(self, block: Samples) -> Iterator[Heard]:
        """Take one block of EAR_BLOCK samples and yield what it told."""
        began = time.thread_time()
        probability = self._activity.probability(block)
        step = self._segmenter.feed(block, probability, self._patience, self._heeded.longest)
        if step.phase is Phase.STARTED:
            self._heeded = self._expectation
            self._recogniser.begin(self._heeded)
            self._text, self._fed = "", 0
            self._short.clear()
        partial = self._decode(step)
        self._cpu += time.thread_time() - began
        yield from self._tell(step, partial)

    def finish(self) -> Transcript | None:
        """The sound is over (end of a recording): end the running utterance now; None if there is none."""
        if not self._segmenter.inside:
            return None
        heard = self._transcribe()
        self._segmenter.reset()
        return heard

    def _patience(self) -> float:
        return self._turns.patience(self._text, self._heeded)

    def _decode(self, step: Step) -> str:
        """Hand the blocks to the recogniser; returns the partial text if it has changed."""
        text = self._text
        for block in step.blocks:
            text = self._recogniser.accept(block)
        self._fed += len(step.blocks)
        if self._fed * BLOCK_SECONDS <= LONGEST:
            self._short += step.blocks
        if text == self._text:
            return ""
        self._text = text
        return text

    def _tell(self, step: Step, partial: str) -> Iterator[Heard]:
        if step.phase is Phase.STARTED:
            yield VoiceBegan()
        if partial:
            yield Partial(partial)
        if step.phase is Phase.QUIET:
            self._quiet += 1
            before, now = int((self._quiet - 1) * BLOCK_SECONDS), int(self._quiet * BLOCK_SECONDS)
            if now > before:
                yield Quiet(now)
        if step.over:
            self._quiet = 0
            yield self._transcribe()

    def _transcribe(self) -> Transcript:
        clock, cpu = time.perf_counter(), time.thread_time()
        readings = self._recogniser.finish()
        short = self._short if self._fed * BLOCK_SECONDS <= LONGEST else []
        heard = Transcript(
            humps=humps(short), text=caption(readings), readings=readings, audio_seconds=self._fed * BLOCK_SECONDS,
            speech_seconds=self._segmenter.speech_seconds,
            cpu_seconds=self._cpu + time.thread_time() - cpu, after_end_ms=(time.perf_counter() - clock) * 1000.0)
        self._text, self._cpu = "", 0.0
        self._short.clear()
        return heard


def caption(readings: tuple[Reading, ...]) -> str:
    """The best guess shown to people before the meaning is known: the free decode, without spaces."""
    return readings[0].text.replace(" ", "") if readings else ""


def join(parts: list[Transcript]) -> Transcript:
    """Several utterances of one turn as one: each decoder's readings follow each other in time."""
    if len(parts) == 1:
        return parts[0]
    kinds = list(dict.fromkeys(reading.kind for part in parts for reading in part.readings))
    readings = tuple(_join_kind(kind, parts) for kind in kinds)
    return replace(parts[-1], humps=0, text=caption(readings), readings=readings,
                   audio_seconds=sum(part.audio_seconds for part in parts),
                   speech_seconds=sum(part.speech_seconds for part in parts),
                   cpu_seconds=sum(part.cpu_seconds for part in parts))


def _join_kind(kind: str, parts: list[Transcript]) -> Reading:
    shift, texts, words, confidence, weight = 0.0, [], [], 0.0, 0
    likelihoods = [reading.likelihood for part in parts for reading in part.readings if reading.kind == kind]
    known = [likelihood for likelihood in likelihoods if likelihood is not None]
    likelihood = sum(known) if known and len(known) == len(likelihoods) else None
    for part in parts:
        for reading in part.readings:
            if reading.kind == kind and reading.text:
                texts.append(reading.text)
                words += [(word, sure, start + shift, end + shift) for word, sure, start, end in reading.words]
                confidence += reading.confidence * len(reading.text)
                weight += len(reading.text)
        shift += part.audio_seconds
    return Reading(kind, " ".join(texts), confidence / weight if weight else 0.0, tuple(words), likelihood)
