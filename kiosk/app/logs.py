"""The log: constant messages, allow-listed keys, nothing that identifies a person.

Rooms log with `logging.getLogger(__name__)`, a constant message and `extra={...}`. Keys that are not on the list are
dropped; exceptions are written with their type and place only, because their text may hold what a visitor typed.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

#: The only keys of `extra` that reach the log.
ALLOWED = frozenset({
    "state", "reason", "seconds", "count", "device", "step", "flow", "intent", "decision", "score", "task", "outcome",
    "token", "model", "voice", "code", "queue", "file", "bytes", "rate", "worker", "attempt", "ms", "screen", "number",
})


class Formatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname, "room": record.name,
            "message": record.msg if record.name.startswith("kiosk") else record.getMessage(),
        }
        line |= {key: _plain(value) for key, value in record.__dict__.items() if key in ALLOWED}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["at"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
                          for frame in traceback.extract_tb(record.exc_info[2])[-8:]]
        return json.dumps(line, ensure_ascii=False)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | bool | str | None) else type(value).__name__


def set_up(folder: Path | None, verbose: bool = False) -> None:
    """Log to `folder`/kiosk.log (5 files of 2 MB) and, for people at a terminal, warnings to stderr."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(logging.INFO if verbose else logging.ERROR)
    console.setFormatter(Formatter())
    root.addHandler(console)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(folder / "kiosk.log", maxBytes=2_000_000, backupCount=5, encoding="utf-8")
        file.setFormatter(Formatter())
        root.addHandler(file)
