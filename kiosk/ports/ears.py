"""What the listening room needs of the outside: a microphone, a voice activity detector, a recogniser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.ports.sound import Samples


@dataclass(frozen=True)
class Expectation:
    """What the current question expects to hear. Made by the dialogue, used by listening and understanding.

    pending   one of '', yes_no, sum (yes, no, or a sum of money), amount, number, choice, withdraw_kind, certificate_kind
    options   labels of the choices on the screen, in order (index 1 first); names that may be said
    topic     intent id of the matter being talked about, or ''
    likely    intents that the facts of the identified account speak for
    about     id of the knowledge question that was answered last (kiosk.fund.knowledge), or ''
    asked     the words of the question, whose end may be the answer (出来了吗？ 出来了)
    dialect   id of intents.md, or "auto"
    patience  seconds of silence that end an utterance (elder default 1.2)
    short     seconds that are enough after a complete short answer such as 对
    longest   seconds after which an utterance is cut
    """

    pending: str = ""
    options: tuple[str, ...] = ()
    topic: str = ""
    dialect: str = "auto"
    patience: float = 1.2
    short: float = 0.6
    longest: float = 15.0
    about: str = ""
    asked: str = ""
    likely: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One decode of an utterance. `kind` is free, held:<dialect> or the name of another recogniser.

    text        with spaces between the recogniser's words
    confidence  0..1 as the recogniser gives it; never to be trusted alone (pitfalls 10)
    words       (word, confidence, start s, end s)
    likelihood  natural logarithm of sound and words together under the decoder's model; only the difference between
                two readings of the same sound means anything; None when the recogniser does not tell
    others      the next best texts of the same decode, each with its likelihood
    """

    kind: str
    text: str
    confidence: float = 0.0
    words: tuple[tuple[str, float, float, float], ...] = ()
    likelihood: float | None = None
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Transcript:
    """All decodes of one utterance, the free one first. `text` is the best guess shown as caption; `humps` how often a short
    utterance rises in loudness, about its syllables (0: not known)."""

    text: str
    readings: tuple[Reading, ...] = ()
    audio_seconds: float = 0.0
    speech_seconds: float = 0.0
    cpu_seconds: float = 0.0
    after_end_ms: float = 0.0
    humps: int = 0


class HearingState(StrEnum):
    """What the screen and the technician are told about the ears."""

    OFF = "off"              # no recogniser or no microphone on this machine
    READY = "ready"          # works, not listening now (gate closed)
    LISTENING = "listening"  # gate open
    HEARING = "hearing"      # somebody is speaking
    DEAF = "deaf"            # the device is lost, silent or swapped; being reopened


class Microphone(Protocol):
    """Delivers blocks of EAR_BLOCK int16 samples at EAR_RATE, from its own thread."""

    def start(self, on_block: Callable[[Samples], None], on_lost: Callable[[str], None]) -> None:
        """Open and start. Calls back from the audio thread. Raises SoundError if it cannot be opened."""

    def stop(self) -> None:
        """Let go of the device. Raises SoundError if it does not let itself be closed."""

    def check(self) -> str:
        """'' or why the blocks that come are not the right microphone's ("swapped"). May take 50 ms."""


class VoiceActivity(Protocol):
    def probability(self, block: Samples) -> float:
        """Probability 0..1 that the EAR_BLOCK samples hold speech. Keeps state between calls."""

    def reset(self) -> None: ...


@dataclass(frozen=True)
class Vocabulary:
    """What a held decode may hear.

    name     the dialect it is spelled for; its Reading has the kind "held:<name>"
    phrases  cut into words of the recogniser's lexicon, with single spaces; the recogniser makes a bigram of them
    back     respelled words to the original ones; keys and values may be several words with spaces, the longest
             key at a place wins; words without an entry stay as they are
    """

    name: str
    phrases: tuple[str, ...]
    back: Mapping[str, str] = field(default_factory=dict)


class VocabularySource(Protocol):
    """Makes the vocabularies of held decodes. Called by the listening thread at the start of each utterance, so
    answers should come from a cache; the same question should give the same object."""

    def dialects(self, expectation: Expectation) -> tuple[str, ...]:
        """Names of the vocabularies to hold against this question, most likely first; () for a free decode only."""

    def vocabulary(self, expectation: Expectation, dialect: str) -> Vocabulary: ...


class Recogniser(Protocol):
    """One decoder. Used by one thread. Fed with speech only, between begin() and finish()."""

    name: str

    def prepare(self, expectation: Expectation) -> None:
        """Make ready for this question while nobody speaks (may take a second), so that begin() is quick."""

    def begin(self, expectation: Expectation) -> None: ...

    def accept(self, block: Samples) -> str:
        """Feed sound; returns the partial text so far (may be '')."""

    def finish(self) -> tuple[Reading, ...]: ...


@dataclass(frozen=True)
class EarReport:
    """What the listening thread tells the main thread about the ears.

    level     0..1, for meter and ring
    reason    why DEAF or OFF: no_library, no_device, finished, no_blocks, silent, swapped, stuck, no_model; '' when well
    sentence  the same for people, with what to do
    """

    state: HearingState
    level: float = 0.0
    partial: str = ""
    reason: str = ""
    dropped_blocks: int = field(default=0)
    sentence: str = ""
