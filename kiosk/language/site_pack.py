"""What one hall has learnt: <state>/packs/<dialect>/corpus.tsv, laid over the packs of the product.

An update of the product replaces assets/, never this folder. Its sentences are known by heart at once, as they are
written and, where they need no question, by their sound; nothing has to be trained.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.fund.errors import DataError
from kiosk.language.packs import INTENTS, PENDING, Example, Pack
from kiosk.language.syllables import CODES
from kiosk.language.witness import read_corpus

_HEAD = "intent\tpending\ttext\talt"
Lessons = Mapping[str, Sequence[Example]]


def corpus_file(folder: Path, dialect: str) -> Path:
    return folder / dialect / "corpus.tsv"


def read_site(folder: Path) -> dict[str, list[Example]]:
    """Lessons by dialect; {} when nothing was learnt. Raises DataError with file and line."""
    found: dict[str, list[Example]] = {}
    for path in sorted(folder.glob("*/corpus.tsv")):
        dialect = path.parent.name
        if dialect not in CODES:
            raise DataError(str(path), f"没有「{dialect}」这种话，文件夹的名字只能是 {'、'.join(CODES)}。")
        try:
            lessons = read_corpus(path)
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(str(path), f"这个文件读不出来（{type(error).__name__}）。") from None
        for lesson in lessons:
            _check(lesson)
        found[dialect] = lessons
    return {dialect: lessons for dialect, lessons in found.items() if lessons}


def _check(lesson: Example) -> None:
    if lesson.intent not in INTENTS:
        raise DataError(lesson.where, f"「{lesson.text}」：没有「{lesson.intent}」这件事。")
    if lesson.pending not in PENDING:
        raise DataError(lesson.where, f"「{lesson.text}」：不认识正在问的「{lesson.pending}」。")


def with_lessons(packs: Mapping[str, Pack], lessons: Lessons) -> dict[str, Pack]:
    """The packs with the hall's sentences in them. A dialect whose pack is missing is left out."""
    return {code: _with(pack, lessons.get(code, ())) for code, pack in packs.items()}


def _with(pack: Pack, lessons: Sequence[Example]) -> Pack:
    free = tuple((lesson.intent, lesson.text) for lesson in lessons if not lesson.pending)
    asked = tuple(lesson for lesson in lessons if lesson.pending)
    return replace(pack, sentences=(*pack.sentences, *free), examples=(*pack.examples, *asked)) if lessons else pack


def write_site(folder: Path, dialect: str, lessons: Sequence[Example]) -> None:
    """Replace the file of a dialect, all at once: a running kiosk never reads half of it. Raises OSError."""
    path = corpus_file(folder, dialect)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.tmp")
    lines = [f"{lesson.intent}\t{lesson.pending}\t{lesson.text}\t" for lesson in lessons]
    with half.open("w", encoding="utf-8") as file:
        file.write("\n".join([_HEAD, *lines]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)


def signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file of the hall changes; costs a few system calls."""
    found = []
    for path in sorted(folder.glob("*/corpus.tsv")):
        stat = path.stat()
        found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(found)
