"""Where the journal lives: append-only, hash-chained, on disk before a call returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

from kiosk.fund.canonical import Plain
from kiosk.fund.errors import WorldError
from kiosk.fund.journal import ChainReport, Record


class JournalError(WorldError):
    """The journal cannot be written or read. Without a journal nothing is done."""

    sentence = "机器的流水账写不进去，现在不能办理，请叫工作人员。"


class JournalStore(Protocol):
    """Thread-safe. Every method raises JournalError when the disk fails."""

    def intend(self, at: datetime, kind: str, key: str, facts: Mapping[str, Plain]) -> Record:
        """Write the intent of a deed; durable on return. A key that already has an intent raises JournalError."""

    def number(self, at: datetime, kind: str, key: str, prefix: str, machine: str,
               make: Callable[[str], Mapping[str, Plain]]) -> Record:
        """Like `intend`, with the next number of the day: `make(number)` gives the facts and runs inside the
        transaction, so that a number is never given twice and never lost without a record."""

    def conclude(self, at: datetime, kind: str, key: str, facts: Mapping[str, Plain]) -> Record:
        """Write the result of a deed; durable on return. A result that already stands is returned unchanged."""

    def intent(self, key: str) -> Record | None: ...

    def result(self, key: str) -> Record | None: ...

    def pending(self) -> tuple[Record, ...]:
        """Intents without a result, oldest first: what a crash has interrupted."""

    def by_code(self, code: str) -> Record | None:
        """The intent of the certificate with this verification code."""

    def by_number(self, number: str) -> tuple[Record, ...]:
        """All records about a number, oldest first."""

    def counts(self, day: date | None = None) -> Mapping[str, int]:
        """"kind.state" of the results (of a day) and how many there are of each."""

    def verify(self) -> ChainReport:
        """Check the whole chain."""
