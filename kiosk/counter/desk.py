"""What every task of the counter works with: the ports, the rules of the day, the folder for papers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from kiosk.fund.account import Holder
from kiosk.fund.canonical import Plain
from kiosk.fund.certificate import Signer
from kiosk.fund.conditions import Case
from kiosk.fund.errors import DataError, WorldError
from kiosk.fund.month import chinese_date
from kiosk.fund.rules import Book, Rules
from kiosk.ports.clock import Clock
from kiosk.ports.gateway import Gateway, GatewayRefusedError
from kiosk.ports.journal_store import JournalStore
from kiosk.ports.paper import PaperMaker
from kiosk.ports.printer import Printer, PrintReport, PrintState
from kiosk.ports.tasks import Facts

log = logging.getLogger(__name__)

Progress = Callable[[str, Facts], None]

#: What is reported on the way to paper (catalogue), and which of it is trouble.
ON_THE_WAY = frozenset({"waiting", "printing", "paper_out", "jam", "cover_open", "stopped", "unreachable"})
NO_TROUBLE = frozenset({PrintState.READY, PrintState.WAITING, PrintState.PRINTING, PrintState.DONE})

MOST_COPIES = 9


@dataclass(frozen=True)
class Machine:
    """Which terminal this is, and the hall it stands in. `number` is 1 to 999 in digits."""

    number: str
    place: str
    hall: str
    hotline: str
    hours: str
    window: str

    def __post_init__(self) -> None:
        if not (self.number.isascii() and self.number.isdigit() and 1 <= int(self.number) <= 999):
            raise DataError("machine.number", "机器编号要写 1 到 999 之间的数字，比如 \"0001\"。")


@dataclass(frozen=True)
class Printed:
    """`trouble` is the last trouble the printer had: a PrintState value (paper_out, jam, failed ...), '' when done."""

    done: bool
    trouble: str = ""
    copies: int = 0

    @property
    def outcome(self) -> str:
        return "printed" if self.done else "not_printed"

    def facts(self, document: Path) -> dict[str, object]:
        """What the printing tasks give (catalogue)."""
        told = {"copies_printed": self.copies} if self.done else {"print_trouble": self.trouble}
        return {"document": str(document), **told}

    def record(self) -> dict[str, Plain]:
        """What the journal is told."""
        return {"state": self.outcome, "trouble": self.trouble} | ({"copies": self.copies} if self.copies else {})


@dataclass(frozen=True)
class Desk:
    gateway: Gateway
    journal: JournalStore
    printer: Printer
    paper: PaperMaker
    signer: Signer
    book: Book
    clock: Clock
    machine: Machine
    folder: Path
    _drawn: list[Path] = field(default_factory=list, repr=False)

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.clock.now().date()

    def rules(self) -> Rules:
        """The rules in force today."""
        return self.book.on(self.today())

    def case(self, holder: Holder, answers: Mapping[str, str] | None = None) -> Case:
        """All that is known about a holder today, asked of the centre anew, and what the visitor has answered."""
        return Case(self.today(), holder, self.gateway.account(holder.id), self.gateway.standing(holder.id),
                    self.rules().retirement, self.gateway.loans(holder.id), self.gateway.withdrawals(holder.id),
                    self._homes(holder.id), answers or {})

    def _homes(self, holder_id: str) -> Callable[[str], bool | None]:
        """The centre's yes or no about homes: asked when a rule needs it, once for each assessment, and kept nowhere.
        None when the centre does not answer such a question."""
        @cache
        def ask(question: str) -> bool | None:
            try:
                return self.gateway.property_fact(holder_id, question)
            except GatewayRefusedError:
                return None

        return ask

    def heading(self, title: str) -> dict[str, str]:
        """The fields that every paper has (kiosk.counter.papers)."""
        machine, now = self.machine, self.now()
        return {"title": title, "centre": machine.hall, "place": machine.place, "machine": machine.number,
                "hotline": machine.hotline, "printed_at": f"{chinese_date(now.date())} {now:%H:%M}"}

    def as_of_today(self, source: str) -> str:
        """Where a rule comes from, and that it was looked up today; '' without a source."""
        return f"{source}（{chinese_date(self.today())}查）" if source else ""

    def draw(self, layout: str, fields: Mapping[str, object], name: str, *, enlarged: bool = False, qr: str = "",
             mark: str = "") -> Path:
        """Draw a paper into the folder. It is deleted at the end of the visit."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        document = self.paper.draw(layout, fields, self.folder / f"{name}.pdf", enlarged=enlarged, qr=qr, mark=mark)
        self._drawn.append(document)
        return document

    def picture(self, document: Path, width: int = 1000) -> Path:
        picture = self.paper.picture(document, width)
        self._drawn.append(picture)
        return picture

    def print(self, document: Path, title: str, copies: int, on_progress: Progress) -> Printed:
        """Print and follow to the end. Nothing is called printed before the job is completed."""
        troubles: list[str] = []

        def report(one: PrintReport) -> None:
            if one.state not in NO_TROUBLE:
                troubles.append(one.state.value)
            if one.state.value in ON_THE_WAY:
                on_progress(one.state.value, {})

        try:
            final = self.printer.print(document, title, copies, report)
        except WorldError:
            log.info("the printer cannot be reached")
            return Printed(False, PrintState.UNREACHABLE.value)
        if final.state is PrintState.DONE:
            return Printed(True, "", copies)
        # FAILED alone says little: the trouble before it (paper out and nobody came) is what people can act on.
        live = [trouble for trouble in troubles if trouble in ON_THE_WAY]
        return Printed(False, live[-1] if live and final.state is PrintState.FAILED else final.state.value)

    def tidy(self) -> None:
        """Delete the papers of this visit, and whatever an earlier run has left, half-drawn ones among it."""
        for path in {*self._drawn, *self.folder.glob("*")}:
            path.unlink(missing_ok=True)
        self._drawn.clear()


def copies_of(facts: Facts) -> int:
    """How many copies were asked for: 1 to MOST_COPIES, 1 when nothing was said."""
    asked = facts.get("copies", 1)
    return min(max(asked, 1), MOST_COPIES) if isinstance(asked, int) else 1
