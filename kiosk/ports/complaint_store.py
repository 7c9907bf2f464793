"""Where complaints and suggestions lie until staff have dealt with them: a number, what kind, and words only if wished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.fund.errors import WorldError


class ComplaintError(WorldError):
    """The store cannot be written or read."""

    sentence = "现在记不下来，请直接告诉工作人员。"


@dataclass(frozen=True)
class Complaint:
    """`kind` complaint, suggestion or objection. `text` redacted, '' where the visitor wanted no words kept. `answer_by`
    where the law or the hall sets a day."""

    number: str
    kind: str
    title: str
    day: date
    text: str = ""
    answer_by: date | None = None
    closed_on: date | None = None


class ComplaintStore(Protocol):
    """Every method raises ComplaintError."""

    def keep(self, complaint: Complaint) -> None: ...

    def all(self) -> tuple[Complaint, ...]:
        """Open ones first, the most urgent before the others."""

    def close(self, number: str, day: date) -> bool:
        """Dealt with: the words are deleted, the number stays. False where there is no such number."""
