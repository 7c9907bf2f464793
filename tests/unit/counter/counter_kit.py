"""A counter with everything real but paper and printer. Imported by the tests and by the crash test's child."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from kiosk import places
from kiosk.adapters.demo_centre import DemoCentre
from kiosk.adapters.demo_people import Person, load_people
from kiosk.adapters.ed25519 import Ed25519Signer
from kiosk.adapters.sqlite_journal import SqliteJournal
from kiosk.counter.counter import Counter
from kiosk.counter.desk import Machine
from kiosk.counter.papers import LAYOUTS
from kiosk.fund.identity import IdNumber
from kiosk.fund.rules import Book, RuleBook
from kiosk.ports.devices import IdCard
from kiosk.ports.printer import PrintReport, PrintState
from kiosk.ports.tasks import Facts, Outcome

NOW = datetime(2026, 10, 2, 9, 30, tzinfo=timezone(timedelta(hours=8)))  # a Friday
MACHINE = Machine("0001", "一楼大厅", "样例市住房公积金管理中心", "12329", "周一到周五", "3号窗口")
PEOPLE = places.ASSETS / "demo" / "holders.yaml"


@dataclass
class StillClock:
    """Implements Clock; stands still until moved."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 0.0


class FakePaper:
    """Implements PaperMaker: the paper is a JSON file of what it was drawn from."""

    def draw(self, layout: str, facts: Mapping[str, object], target: Path, *, enlarged: bool = False, qr: str = "",
             mark: str = "") -> Path:
        fields = {one.id: one for one in LAYOUTS[layout]}
        assert facts.keys() <= fields.keys(), facts.keys() - fields.keys()
        for name, value in facts.items():
            kind = list if fields[name].many else str
            assert isinstance(value, kind), f"{name} is {type(value).__name__}"
        target.write_text(json.dumps({"layout": layout, "facts": dict(facts), "enlarged": enlarged, "qr": qr,
                                      "mark": mark}, ensure_ascii=False), encoding="utf-8")
        return target

    def pages(self, layout: str, facts: Mapping[str, object], *, enlarged: bool = False, qr: str = "") -> int:
        return 1

    def picture(self, document: Path, width: int) -> Path:
        picture = document.with_suffix(".png")
        picture.write_bytes(b"picture")
        return picture


@dataclass
class FakePrinter:
    """Implements Printer: goes through `script`, the last state of which is final. Keeps what came out."""

    script: tuple[PrintState, ...] = (PrintState.WAITING, PrintState.PRINTING, PrintState.DONE)
    came_out: list[tuple[str, int]] = field(default_factory=list)
    jobs: int = 0

    def print(self, document: Path, title: str, copies: int, on_report: Callable[[PrintReport], None]) -> PrintReport:
        self.jobs += 1
        for state in self.script:
            on_report(PrintReport(state))
        if self.script[-1] is PrintState.DONE:
            self.came_out.append((document.read_text(encoding="utf-8"), copies))
        return PrintReport(self.script[-1])

    def check(self) -> PrintReport:
        return PrintReport(PrintState.READY)


def rule_book() -> RuleBook:
    return RuleBook.load(places.ASSETS / "rules" / "national", places.ASSETS / "rules" / "demo")


class Kit:
    """A counter on a folder of its own, and short ways to ask it. `fresh` is a centre's file to start from."""

    def __init__(self, folder: Path, book: Book, fresh: Path | None = None, printer: FakePrinter | None = None) -> None:
        self.folder, self.clock = folder, StillClock()
        if fresh is not None and not (folder / "centre.db").exists():
            shutil.copy(fresh, folder / "centre.db")
        self.centre = DemoCentre(folder / "centre.db", PEOPLE, production=False, clock=self.clock)
        self.journal = SqliteJournal(folder / "journal.db")
        self.signer = Ed25519Signer(folder / "keys")
        self.printer, self.paper = printer or FakePrinter(), FakePaper()
        self.told: list[str] = []
        self.counter = Counter(
            gateway=self.centre, journal=self.journal, printer=self.printer, paper=self.paper, signer=self.signer,
            book=book, clock=self.clock, machine=MACHINE, folder=folder / "papers",
            answers=places.ASSETS / "knowledge")

    def close(self) -> None:
        self.centre.close_file()
        self.journal.close()

    def do(self, task: str, facts: Facts, key: str = "") -> Outcome:
        return self.counter.perform(task, facts, key, lambda name, _: self.told.append(name))

    def identified(self, name: str) -> dict[str, object]:
        """The facts of a session after the card of this holder was read."""
        person = next(person for person in people() if person.name == name)
        found = self.do("identity.by_card", {"card": IdCard(person.name, person.number, "")})
        assert found.name == "found", found
        return dict(found.facts)

    def ready_to_book(self, name: str, kind: str = "withdraw.retirement") -> dict[str, object]:
        facts = self.identified(name) | {"withdraw_kind": kind}
        facts |= self.do("withdrawal.assess", facts).facts
        if "limit" in facts:
            facts |= self.do("withdrawal.amount", facts | {"amount": facts["limit"]}).facts
        cards = self.do("withdrawal.cards", facts).facts["cards"]
        return facts | {"card_id": cards[0]["id"]}  # type: ignore[index]


@cache
def people() -> tuple[Person, ...]:
    return load_people(PEOPLE).holders


def number_of(name: str) -> IdNumber:
    return IdNumber.parse(next(person.number for person in people() if person.name == name))
