"""Complaints as one small JSON file each, in a folder of the state folder that only this account may read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from kiosk.ports.complaint_store import Complaint, ComplaintError


class FolderComplaints:
    """Implements ComplaintStore. `redact` takes out of the words what may tell who spoke."""

    def __init__(self, folder: Path, redact: Callable[[str], str]) -> None:
        self._folder, self._redact = folder, redact

    def keep(self, complaint: Complaint) -> None:
        self._write(replace(complaint, text=self._redact(complaint.text) if complaint.text else ""))

    def all(self) -> tuple[Complaint, ...]:
        with _told():
            found = [_read(path) for path in sorted(self._folder.glob("*.json"))]
        return tuple(sorted(found, key=lambda one: (one.closed_on is not None, one.answer_by or date.max, one.number)))

    def close(self, number: str, day: date) -> bool:
        known = next((one for one in self.all() if one.number == number), None)
        if known is None:
            return False
        self._write(replace(known, text="", closed_on=known.closed_on or day))
        return True

    def _write(self, complaint: Complaint) -> None:
        told = {"number": complaint.number, "kind": complaint.kind, "title": complaint.title, "text": complaint.text,
                "day": complaint.day.isoformat(),
                "answer_by": complaint.answer_by.isoformat() if complaint.answer_by else "",
                "closed_on": complaint.closed_on.isoformat() if complaint.closed_on else ""}
        with _told():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self._folder / f".{complaint.number}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(told, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / f"{complaint.number}.json")


def _read(path: Path) -> Complaint:
    told = json.loads(path.read_text("utf-8"))
    return Complaint(told["number"], told["kind"], told["title"], date.fromisoformat(told["day"]), told["text"],
                     _date(told["answer_by"]), _date(told["closed_on"]))


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError) as fault:
        raise ComplaintError(type(fault).__name__) from fault
