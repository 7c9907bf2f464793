"""Utterances that were not understood, in a SQLite file of their own beside the journal.

No clock and no order: a row has its day, and its key is drawn by chance, so that rows of one visit cannot be put
together again. Deleted rows are overwritten (secure_delete).
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kiosk.ports.unheard_store import Unheard, UnheardError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS unheard (
    key      INTEGER PRIMARY KEY,
    day      TEXT NOT NULL,
    text     TEXT NOT NULL,
    pending  TEXT NOT NULL,
    dialect  TEXT NOT NULL,
    decision TEXT NOT NULL,
    offered  TEXT NOT NULL,
    score    REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS by_day ON unheard (day);
"""


class SqliteUnheard:
    """Implements kiosk.ports.unheard_store.UnheardStore. Two processes may share the file."""

    def __init__(self, path: Path) -> None:
        """Opens or creates `path` (mode 0600). Raises UnheardError."""
        self._lock = threading.Lock()
        with _told():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def keep(self, unheard: Unheard) -> None:
        row = (secrets.randbits(62), unheard.day.isoformat(), unheard.text, unheard.pending, unheard.dialect,
               unheard.decision, " ".join(unheard.offered), round(unheard.score, 3))
        with self._lock, _told():
            self._db.execute("INSERT INTO unheard VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def since(self, day: date) -> tuple[Unheard, ...]:
        with self._lock, _told():
            rows = self._db.execute(
                "SELECT day, text, pending, dialect, decision, offered, score FROM unheard WHERE day >= ? ORDER BY day, text",
                (day.isoformat(),)).fetchall()
        return tuple(Unheard(date.fromisoformat(day), text, pending, dialect, decision, tuple(offered.split()), score)
                     for day, text, pending, dialect, decision, offered, score in rows)

    def forget_before(self, day: date) -> int:
        with self._lock, _told():
            return self._db.execute("DELETE FROM unheard WHERE day < ?", (day.isoformat(),)).rowcount


@contextmanager
def _told() -> Iterator[None]:
    """Disk and database faults as the port's error."""
    try:
        yield
    except (sqlite3.Error, OSError) as fault:
        raise UnheardError(f"{type(fault).__name__}: {fault}") from fault
