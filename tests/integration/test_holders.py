"""Every sample holder through every matter, with the real engine, counter, centre, journal and papers.

A visitor who always takes the first answer must end, whatever the account looks like, where something was done or where
a sentence says why not and what to do; and centre and journal must agree afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk import places
from kiosk.adapters.demo_centre import DemoCentre
from kiosk.adapters.file_printer import FilePrinter
from kiosk.app import compose, settings
from kiosk.app.samples import card_of, samples
from kiosk.dialogue import events as ev
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.view import Screen
from kiosk.fund.money import Money
from kiosk.ports.understanding import Decision, Understanding

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
MATTERS = ("balance", "certificate.deposit", "withdraw.retirement")
#: Holders who can take out their retirement money at the kiosk (assets/demo/holders.yaml says why).
PAID = {"h01", "h02", "h03", "h04", "h26", "h27", "h28", "h32", "h33", "h34"}


class FixedClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture(scope="module")
def engine() -> Engine:
    return compose.engine(settings.Site(), compose.sentences())


@pytest.fixture(scope="module", autouse=True)
def application() -> Iterator[None]:
    made = QGuiApplication.instance() or QGuiApplication([])
    yield
    del made


class Visitor:
    """Carries out the engine's effects at once and answers every question with its first choice."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        site = settings.Site(state=str(folder))
        self.centre = DemoCentre(folder / "centre.sqlite", places.ASSETS / "demo" / "holders.yaml", production=False,
                                 clock=FixedClock())
        self.counter = compose.counter(site, compose.paper(site), FilePrinter(folder / "papers", production=False, pace=0),
                                       clock=FixedClock(), centre=self.centre)
        self.engine = engine
        self.session, _ = engine.start(f"visit-{folder.name}")
        self.tasks: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.screens: list[Screen] = []

    def send(self, event: ev.Event) -> None:
        waiting = [event]
        while waiting:
            self.session, effects = self.engine.step(self.session, waiting.pop(0))
            for effect in effects:
                if isinstance(effect, ev.Do):
                    outcome = self.counter.perform(effect.task, effect.facts, effect.once_key, lambda name, facts: None)
                    self.tasks.append((effect.task, outcome.name))
                    waiting.append(ev.TaskDone(effect.token, outcome.name, outcome.facts))
                elif isinstance(effect, ev.Say):
                    self.said += [line.public for line in effect.lines]
                    waiting.append(ev.Spoken(effect.token))
                elif isinstance(effect, ev.Show):
                    self.screens.append(effect.view.screen)

    def ask_for(self, intent: str) -> None:
        self.send(ev.Said(Understanding(intent, {}, Decision.ACCEPT, (intent,), 1.0, intent, True)))

    def answer_until_done(self) -> None:
        for _ in range(12):
            view = self.session.view
            if view.screen in (Screen.DONE, Screen.ATTRACT) or not view.choices:
                return
            self.send(ev.Chose(view.choices[0].id))


@pytest.mark.parametrize("matter", MATTERS)
@pytest.mark.parametrize("holder", [person.id for person in samples()])
def test_every_holder_comes_to_an_end(engine: Engine, tmp_path: Path, holder: str, matter: str) -> None:
    visitor = Visitor(engine, tmp_path)
    visitor.ask_for(matter)
    assert visitor.session.view.screen is Screen.IDENTIFY
    visitor.send(ev.CardRead(card_of(holder)))
    visitor.answer_until_done()
    assert "failed" not in [outcome for _, outcome in visitor.tasks], visitor.tasks
    taken = {one.kind: one.amount for one in visitor.centre.withdrawals(holder) if one.day == NOW.date()}
    assert ("withdraw.retirement" in taken) == (matter == "withdraw.retirement" and holder in PAID), visitor.tasks
    assert len(taken) == visitor.tasks.count(("withdrawal.book", "booked")) <= 1  # also what was suggested afterwards
    assert visitor.counter.verify_journal().good
    person = next(one for one in samples() if one.id == holder)
    assert visitor.centre.account(holder).balance == Money.parse(person.account.balance) - Money.total(taken.values())
    assert visitor.session.view.sentence, "there is always something to read"


def test_nothing_personal_is_said_in_the_hall(engine: Engine, tmp_path: Path) -> None:
    visitor = Visitor(engine, tmp_path)
    visitor.ask_for("withdraw.retirement")
    visitor.send(ev.CardRead(card_of("h01")))
    visitor.answer_until_done()
    aloud = "".join(visitor.said)
    person = next(one for one in samples() if one.id == "h01")
    account = Money.parse(person.account.balance)
    for secret in (person.number, person.number[-4:], person.name, account.spoken, str(account), person.account.number,
                   person.cards[0].number[-4:], person.account.employer):
        assert secret not in aloud, secret
