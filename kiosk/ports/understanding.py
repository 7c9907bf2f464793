"""Meaning as the language room gives it to the dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.ports.ears import Expectation, Transcript


class Decision(StrEnum):
    ACCEPT = "accept"
    ASK = "ask"
    REJECT = "reject"


@dataclass(frozen=True)
class Understanding:
    """One utterance understood.

    intent      id of intents.md; "none" when rejected
    slots       amount (yuan, float or int), value, index, copies, months, years (int), matter, term, period, dialect (str)
    candidates  intents that would be offered, best first, at most 3
    score       0..1, calibrated: about how often such an answer is right
    text        what was heard, for the caption
    exact       the evidence was exact (no fuzzy step): money matters are confirmed whenever it is not
    """

    intent: str
    slots: Mapping[str, object] = field(default_factory=dict)
    decision: Decision = Decision.REJECT
    candidates: tuple[str, ...] = ()
    score: float = 0.0
    text: str = ""
    exact: bool = False


class Understander(Protocol):
    """Thread-safe for reading; a few milliseconds a call."""

    def understand(self, text: str, expectation: Expectation) -> Understanding: ...

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding: ...


class Phrasebook(Protocol):
    """Sentences to say and words to show: assets/sentences/<language>.yaml."""

    def line(self, key: str, slots: Mapping[str, object]) -> Line: ...

    def text(self, key: str, slots: Mapping[str, object]) -> str:
        """The words for the screen (labels, titles)."""


@dataclass(frozen=True)
class Line:
    """One sentence to say. `public` may be said aloud in the hall; `private` on headphones (same text when None).

    Captions equal what is said: the caption of a line is the very text of the variant that is said.
    """

    key: str
    public: str
    private: str | None = None
