"""The journal in SQLite: append-only by triggers, hash-chained by kiosk.fund.journal, on disk before a call returns.

WAL with synchronous=FULL: a commit that has returned survives the loss of power. Everything that is looked up (key,
number, code) is a column that SQLite derives from the hashed line itself, so no second truth can get out of step.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from kiosk.fund.canonical import Plain
from kiosk.fund.certificate import number as certificate_number
from kiosk.fund.journal import INTENT, RESULT, ChainReport, Record, compose, parse, verify_chain
from kiosk.ports.journal_store import JournalError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    seq    INTEGER PRIMARY KEY,
    line   TEXT NOT NULL,
    hash   TEXT NOT NULL,
    kind   TEXT GENERATED ALWAYS AS (json_extract(line, '$.kind')) VIRTUAL,
    phase  TEXT GENERATED ALWAYS AS (json_extract(line, '$.phase')) VIRTUAL,
    key    TEXT GENERATED ALWAYS AS (json_extract(line, '$.key')) VIRTUAL,
    number TEXT GENERATED ALWAYS AS (json_extract(line, '$.facts.number')) VIRTUAL,
    code   TEXT GENERATED ALWAYS AS (json_extract(line, '$.facts.code')) VIRTUAL
);
CREATE UNIQUE INDEX IF NOT EXISTS one_intent_one_result ON records (key, phase);
CREATE UNIQUE INDEX IF NOT EXISTS one_deed_per_number ON records (number)
    WHERE phase = 'intent' AND kind IN ('certificate', 'withdrawal');
CREATE INDEX IF NOT EXISTS by_number ON records (number);
CREATE INDEX IF NOT EXISTS by_code ON records (code) WHERE code IS NOT NULL;
CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON records
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON records
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS in_order BEFORE INSERT ON records
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM records)
    BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END;
"""


class SqliteJournal:
    """Implements kiosk.ports.journal_store.JournalStore. Two processes may share the file."""

    def __init__(self, path: Path) -> None:
        """Opens or creates `path` (mode 0600). Raises JournalError."""
        self._lock = threading.RLock()
        with _told():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # ---------------------------------------------------------------- writing

    def intend(self, at: datetime, kind: str, key: str, facts: Mapping[str, Plain]) -> Record:
        with self._writing():
            return self._append(at, kind, INTENT, key, facts)

    def number(self, at: datetime, kind: str, key: str, prefix: str, machine: str,
               make: Callable[[str], Mapping[str, Plain]]) -> Record:
        with self._writing():
            stem = certificate_number(at.date(), machine, 0, prefix)[:-3]
            (given,) = self._db.execute(
                "SELECT count(*) FROM records WHERE phase = 'intent' AND kind = ? AND number GLOB ?",
                (kind, stem + "*")).fetchone()
            number = certificate_number(at.date(), machine, given + 1, prefix)
            return self._append(at, kind, INTENT, key, make(number))

    def conclude(self, at: datetime, kind: str, key: str, facts: Mapping[str, Plain]) -> Record:
        with self._writing():
            return self._one(key, RESULT) or self._append(at, kind, RESULT, key, facts)

    def _append(self, at: datetime, kind: str, phase: str, key: str, facts: Mapping[str, Plain]) -> Record:
        last = self._db.execute("SELECT line FROM records ORDER BY seq DESC LIMIT 1").fetchone()
        record = compose(_record(last[0]) if last else None, at, kind, phase, key, facts)
        self._db.execute("INSERT INTO records (seq, line, hash) VALUES (?, ?, ?)",
                         (record.seq, record.line.decode(), record.hash))
        return record

    # ---------------------------------------------------------------- reading

    def intent(self, key: str) -> Record | None:
        with self._reading():
            return self._one(key, INTENT)

    def result(self, key: str) -> Record | None:
        with self._reading():
            return self._one(key, RESULT)

    def pending(self) -> tuple[Record, ...]:
        return self._many("phase = 'intent' AND key NOT IN (SELECT key FROM records WHERE phase = 'result')")

    def by_code(self, code: str) -> Record | None:
        found = self._many("code = ? AND phase = 'intent'", code)
        return found[0] if found else None

    def by_number(self, number: str) -> tuple[Record, ...]:
        return self._many("number = ?", number)

    def of_kind(self, kind: str) -> tuple[Record, ...]:
        """All intents of a kind, oldest first."""
        return self._many("kind = ? AND phase = 'intent'", kind)

    def counts(self, day: date | None = None) -> Mapping[str, int]:
        with self._reading():
            rows = self._db.execute(
                "SELECT kind || '.' || json_extract(line, '$.facts.state'), count(*) FROM records"
                " WHERE phase = 'result' AND json_extract(line, '$.at') GLOB ? GROUP BY 1 ORDER BY 1",
                (f"{day.isoformat()}*" if day else "*",))
            return {str(name): int(count) for name, count in rows if name}

    def verify(self) -> ChainReport:
        with self._reading():
            return verify_chain(self._db.execute("SELECT seq, line, hash FROM records ORDER BY seq"))

    def _one(self, key: str, phase: str) -> Record | None:
        row = self._db.execute("SELECT line FROM records WHERE key = ? AND phase = ?", (key, phase)).fetchone()
        return _record(row[0]) if row else None

    def _many(self, where: str, *values: str) -> tuple[Record, ...]:
        with self._reading():
            rows = self._db.execute(f"SELECT line FROM records WHERE {where} ORDER BY seq", values)
            return tuple(_record(row[0]) for row in rows)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock, _told():
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, _told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _record(line: str) -> Record:
    try:
        return parse(line)
    except ValueError as fault:
        raise JournalError("a stored record cannot be read") from fault


@contextmanager
def _told() -> Iterator[None]:
    """Disk and database faults as the port's error."""
    try:
        yield
    except (sqlite3.Error, OSError) as fault:
        raise JournalError(f"{type(fault).__name__}: {fault}") from fault
