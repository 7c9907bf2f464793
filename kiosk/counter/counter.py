"""The counter: every task of the catalogue, carried out. Implements kiosk.ports.tasks.Counter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.counter import enquiries, identify
from kiosk.counter.catalogue import TASKS
from kiosk.counter.certificates import Certificates
from kiosk.counter.checking import Checker
from kiosk.counter.desk import Desk, Machine, Progress
from kiosk.counter.estimates import Estimates
from kiosk.counter.guide import Guide
from kiosk.counter.knowledge import Answers
from kiosk.counter.precheck import Eyes, Precheck
from kiosk.counter.voices import Voices
from kiosk.counter.withdrawals import Withdrawals
from kiosk.fund.certificate import Signer
from kiosk.fund.errors import WorldError
from kiosk.fund.journal import ChainReport
from kiosk.fund.rules import Book
from kiosk.ports.clock import Clock
from kiosk.ports.complaint_store import ComplaintStore
from kiosk.ports.gateway import Gateway
from kiosk.ports.journal_store import JournalStore
from kiosk.ports.paper import PaperMaker
from kiosk.ports.printer import Printer
from kiosk.ports.tasks import Facts, Outcome

log = logging.getLogger(__name__)

Perform = Callable[[Facts, str, Progress], Outcome]


class Counter:
    """Used by one thread at a time (the devices executor). Holds what was issued in the present visit and nothing else
    about anybody: `end_visit` forgets it and deletes the papers."""

    def __init__(self, *, gateway: Gateway, journal: JournalStore, printer: Printer, paper: PaperMaker, signer: Signer,
                 book: Book, clock: Clock, machine: Machine, folder: Path, eyes: Eyes | None = None, answers: Path | None = None,
                 complaints: ComplaintStore | None = None) -> None:
        """The papers of the present visit lie in `folder`/visit, which is emptied at its end. `eyes`: a camera for the
        pre-check, where there is one; `answers`: the folder of what is answered to questions (kiosk.fund.knowledge)."""
        self._desk = Desk(gateway, journal, printer, paper, signer, book, clock, machine, folder / "visit")
        self._certificates, self._withdrawals = Certificates(self._desk), Withdrawals(self._desk)
        self._precheck = Precheck(self._desk, eyes)
        self._answers = Answers(self._desk, answers)
        self._voices = Voices(self._desk, complaints)
        self.checker = Checker(journal, signer, clock)
        self._tasks: Mapping[str, Perform] = self._table()
        if self._tasks.keys() != TASKS.keys():
            raise ValueError("the counter and its catalogue differ")

    def outcomes(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(task.gives) | {"failed"} for name, task in TASKS.items()}

    def once_tasks(self) -> frozenset[str]:
        return frozenset(name for name, task in TASKS.items() if task.once)

    def perform(self, task: str, facts: Facts, once_key: str, on_progress: Progress) -> Outcome:
        """Carry out a task. The world's faults end in "failed" with a sentence in `trouble`; a fact that is missing, or
        a once task without its key, is a mistake of the flow and raises ValueError."""
        declared = TASKS[task]
        missing = [name for name in declared.takes if name not in facts]
        if missing or declared.once != bool(once_key):
            raise ValueError(f"{task}: missing {missing or 'once key, or one too many'}")
        if not task.startswith("precheck."):
            self._precheck.rest()
        try:
            outcome = self._tasks[task](facts, once_key, on_progress)
        except WorldError as fault:
            log.info("a task failed", extra={"task": task, "reason": type(fault).__name__})
            return Outcome("failed", {"trouble": fault.sentence})
        log.info("a task was done", extra={"task": task, "outcome": outcome.name})
        return outcome

    def reconcile(self) -> int:
        """At start (and between visits): find out what became of everything that was interrupted. Orders are settled
        with the centre; prints are marked interrupted; leftover papers are deleted. How many orders stay unknown."""
        journal = self._desk.journal
        for intent in journal.pending():
            if intent.kind not in ("withdrawal", "rules"):  # rules: settled by who imports them (kiosk.app.cmd_rules)
                number = intent.facts.get("number")
                journal.conclude(self._desk.now(), intent.kind, intent.key,
                                 {"state": "interrupted"} | ({"number": number} if number is not None else {}))
        self._desk.tidy()
        self._precheck.forget()
        return self._withdrawals.reconcile()

    def end_visit(self) -> None:
        """Forget everything about the visitor; the papers are deleted from the disk."""
        self._certificates.forget()
        self._withdrawals.forget()
        self._precheck.forget()
        self._desk.tidy()

    def verify_journal(self) -> ChainReport:
        return self._desk.journal.verify()

    def _table(self) -> dict[str, Perform]:
        desk, paper, money, guide = self._desk, self._certificates, self._withdrawals, Guide(self._desk)
        estimates = Estimates(desk)
        return {
            "identity.by_card": lambda facts, key, tell: identify.by_card(desk, facts),
            "identity.by_number": lambda facts, key, tell: identify.by_number(desk, facts),
            "identity.by_password": lambda facts, key, tell: identify.by_password(desk, facts),
            "account.look": lambda facts, key, tell: identify.look(desk, facts),
            "certificate.check": lambda facts, key, tell: paper.check(facts),
            "certificate.preview": lambda facts, key, tell: paper.preview(facts),
            "certificate.print": paper.print,
            "certificate.reprint": paper.reprint,
            "withdrawal.assess": lambda facts, key, tell: money.assess(facts),
            "withdrawal.amount": lambda facts, key, tell: money.amount(facts),
            "withdrawal.cards": lambda facts, key, tell: money.cards(facts),
            "withdrawal.book": lambda facts, key, tell: money.book(facts, key),
            "withdrawal.slip": money.slip,
            "handoff.slip": guide.slip,
            "feedback.rate": lambda facts, key, tell: self._voices.rate(facts),
            "complaint.file": self._voices.file,
            "loan.plans": lambda facts, key, tell: estimates.plans(facts),
            "loan.largest": lambda facts, key, tell: estimates.largest(facts),
            "loan.paper": estimates.print,
            "loan.look": lambda facts, key, tell: enquiries.loan(desk, facts),
            "deposit.look": lambda facts, key, tell: enquiries.deposit(desk, facts),
            "progress.look": lambda facts, key, tell: enquiries.progress(desk, facts),
            "matter.judge": lambda facts, key, tell: guide.judge(facts),
            "matter.guide": lambda facts, key, tell: guide.matter(facts),
            "knowledge.answer": _plainly(self._answers.answer),
            "knowledge.subjects": _plainly(lambda facts: self._answers.subjects()),
            "knowledge.list": _plainly(self._answers.list),
            **{name: _plainly(task) for name, task in self._precheck.tasks().items()},
        }


def _plainly(task: Callable[[Facts], Outcome]) -> Perform:
    """A task that needs neither key nor progress."""
    return lambda facts, key, tell: task(facts)
