from __future__ import annotations

import json
import logging
import sys

from kiosk.app.logs import Formatter


def written(message: str, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("kiosk.test", logging.INFO, "", 0, message, None, None)
    record.__dict__.update(extra)
    line: dict[str, object] = json.loads(Formatter().format(record))
    return line


def test_only_allowed_keys_are_written() -> None:
    line = written("a task could not be done", task="certificate.print", typed_number="110105000000000000")
    assert line["task"] == "certificate.print"
    assert "110105000000000000" not in json.dumps(line)


def test_objects_are_written_as_their_type() -> None:
    assert written("x", reason=ValueError("110105000000000000"))["reason"] == "ValueError"


def test_an_exception_shows_type_and_place_but_not_its_text() -> None:
    try:
        raise ValueError("王样例 110105000000000000")
    except ValueError:
        record = logging.LogRecord("kiosk.test", logging.ERROR, "", 0, "a task broke", None, sys.exc_info())
    text = Formatter().format(record)
    assert "ValueError" in text
    assert "test_logs.py" in text
    assert "王样例" not in text
