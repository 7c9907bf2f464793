"""How well papers are read in the pre-check: samples of every kind, photographed in every way, field by field.

The samples are drawn by the program (precheck_samples), so the figures say how reading bears turning, shadow and blur; worn
cards, foils and the print of real papers are harder, and were not tried.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kiosk import places
from kiosk.adapters.ocr_reader import OcrReader, missing
from kiosk.app.bench_figures import Figure
from kiosk.counter.precheck_documents import Documents
from kiosk.counter.precheck_read import Fields, read, words_of
from kiosk.ports.scanner import Page, PageText, Sight

#: The day against which samples are read.
TODAY = date(2026, 11, 21)


@dataclass
class Count:
    """`right`, `wrong` (something else was read: the worse fault) and `lost` (nothing was read) of all fields."""

    right: int = 0
    wrong: int = 0
    lost: int = 0

    def add(self, was_right: bool, was_read: bool) -> None:
        if was_right:
            self.right += 1
        elif was_read:
            self.wrong += 1
        else:
            self.lost += 1

    @property
    def all(self) -> int:
        return self.right + self.wrong + self.lost


@dataclass
class Report:
    """`by_condition` and `by_field` ("marriage.names"); `kinds` counts which paper it was taken for; `seconds` a picture;
    `memory` the most that the reading process took, in MB; `hopeless` what was said of pictures that cannot be read, and
    what should have been."""

    by_condition: dict[str, Count] = field(default_factory=dict)
    by_field: dict[str, Count] = field(default_factory=dict)
    kinds: Count = field(default_factory=Count)
    seconds: list[float] = field(default_factory=list)
    memory: float = 0.0
    hopeless: dict[str, tuple[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        def told(counts: Mapping[str, Count]) -> dict[str, object]:
            return {name: {"right": one.right, "wrong": one.wrong, "lost": one.lost} for name, one in counts.items()}

        return {"by_condition": told(self.by_condition), "by_field": told(self.by_field), "kinds": told({"all": self.kinds}),
                "memory_mb": round(self.memory), "hopeless": self.hopeless}

    def as_text(self) -> str:
        lines = ["预检读证件：样例证件，按拍法（对 / 读错 / 没读出，共几项）"]
        lines += [f"  {name:<14}{_told(one)}" for name, one in self.by_condition.items()]
        lines += ["按内容"] + [f"  {name:<26}{_told(one)}" for name, one in self.by_field.items()]
        lines += [f"认出是哪种证件：{_told(self.kinds)}", "不该读的画面（说成什么 / 应该是什么）"]
        lines += [f"  {name:<14}{said} / {right}" for name, (said, right) in self.hopeless.items()]
        return "\n".join(lines)


def _told(count: Count) -> str:
    return f"{count.right / max(1, count.all):6.1%}  {count.right} / {count.wrong} / {count.lost}，共 {count.all}"


@functools.cache
def measure(people: int) -> Report | None:
    """All papers of so many people in all conditions; None where the reader is not installed (extra `precheck`)."""
    if missing():
        return None
    from kiosk.app import precheck_samples as samples

    known, reader, report = documents(), OcrReader(), Report()
    try:
        reader.read(Page(samples.as_file(samples.bank_card(next(samples.people(1))))))  # loads the models
        for number, who in enumerate(samples.people(people), 1):
            for kind, paper in samples.PAPERS.items():
                drawn = paper(who)
                for name, photo in samples.CONDITIONS.items():
                    picture = Page(samples.as_file(photo(drawn, number)))
                    started = time.perf_counter()
                    text = reader.read(picture)
                    report.seconds.append(time.perf_counter() - started)
                    score(report, known, text, kind, name, who)
        for name, hopeless in samples.HOPELESS.items():
            lies, right = hopeless(samples.identity_front(next(samples.people(1))))
            report.hopeless[name] = (reader.read(Page(samples.as_file(lies))).sight.value, right)
        report.memory = _peak_mb(reader.child_id)
    finally:
        reader.stop()
    return report


def documents() -> Documents:
    return Documents.load(places.ASSETS / "precheck" / "documents.yaml")


def score(report: Report, known: Documents, text: PageText, kind: str, condition: str, who: object) -> None:
    """Compare what was read on the picture of a sample with what stands on it."""
    page = known.page_of(words_of(text.lines), kind) if text.sight is Sight.CLEAR else None
    report.kinds.add(page == kind, page is not None)
    fields = read(known.pages[kind].reads, text.lines, TODAY)
    for name, was_right, was_read in _compared(kind, fields, who):
        report.by_condition.setdefault(condition, Count()).add(was_right, was_read)
        report.by_field.setdefault(f"{kind}.{name}", Count()).add(was_right, was_read)


def _compared(kind: str, got: Fields, person: object) -> Iterator[tuple[str, bool, bool]]:
    """(field, right, read at all) of everything that stands on this paper."""
    from kiosk.app.precheck_samples import Person

    assert isinstance(person, Person)
    who: Person = person
    names, ids = {name.clear for name in got.names}, {number.clear for number in got.ids}
    tables: dict[str, Callable[[], list[tuple[str, bool, bool]]]] = {
        "identity_front": lambda: [("name", names == {who.name}, bool(names)), ("number", ids == {who.number}, bool(ids))],
        "identity_back": lambda: [("until", got.until == who.valid_until and got.for_ever == (who.valid_until is None),
                                   got.until is not None or got.for_ever)],
        "bank_card": lambda: [("number", got.card is not None and got.card.clear == who.card, got.card is not None),
                              ("bank", got.bank == who.bank, bool(got.bank))],
        "marriage": lambda: [("names", names == {who.name, who.spouse}, bool(names - {who.name, who.spouse})),
                             ("ids", ids == {who.number, who.spouse_number}, bool(ids - {who.number, who.spouse_number})),
                             ("date", got.day == who.married, got.day is not None),
                             ("certificate", got.number == who.certificate, bool(got.number))],
        "purchase_invoice": lambda: [("date", got.day == date(2026, 8, 20), got.day is not None)],
    }
    return iter(tables[kind]())


def figures(report: Report | None) -> list[Figure]:
    if report is None:
        return [Figure("precheck.read", "看一张证件", "s", (), None, f"没有装 {missing()}（.venv/bin/python -m pip install -e '.[precheck]'）")]
    return [Figure("precheck.read", "看一张证件", "s", tuple(report.seconds), None, f"{len(report.seconds)} 张样例，模型装好以后"),
            Figure("precheck.memory", "看证件的进程最多占", "MB", (report.memory,), None, "看完就结束")]


def _peak_mb(process: int | None) -> float:
    """Most memory that a process has taken (Linux: VmHWM)."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration, ValueError):
        return 0.0

