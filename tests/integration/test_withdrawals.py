"""Every sample holder through every withdrawal that can end at the kiosk, with the real engine, rules, counter and centre;
and the pace of an elder, computed over the visits of assets/rehearsals. No paper is drawn here (tests/paper does)."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from kiosk import places
from kiosk.adapters.demo_centre import DemoCentre
from kiosk.app import compose, pace, settings
from kiosk.app.rehearse import DOORS, FOLDER, read_script
from kiosk.app.samples import card_of, samples
from kiosk.counter.catalogue import TASKS
from kiosk.dialogue import events as ev
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.flow import Ask
from kiosk.dialogue.loader import load
from kiosk.fund.money import Money
from kiosk.fund.rules import Book
from kiosk.language import understand
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Understander, Understanding

KINDS = ("withdraw.retirement", "withdraw.rent", "withdraw.loan_repayment", "withdraw.leaving", "withdraw.property_fee")
#: Where a visit may come to rest: done, or a reason with what to do.
ENDS = {"withdraw_pay.done", "cannot.why", "checklist.offer", "checklist.why", "identity.expired"}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return compose.engine(settings.Site(), compose.sentences())


@pytest.fixture(scope="module")
def understander() -> Understander:
    return understand.load(places.ASSETS)


@functools.cache
def rules() -> Book:
    return compose.rule_book(settings.Site())


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> pace.Stage:
    return pace.Stage(tmp_path_factory.mktemp("stage"))


class Visitor(pace.Walk):
    """Answers every question with its first choice, and keeps what was done."""

    def __init__(self, engine: Engine, understander: Understander, folder: Path) -> None:
        site = settings.Site(state=str(folder))
        self.centre = DemoCentre(folder / "centre.sqlite", places.ASSETS / "demo" / "holders.yaml", production=False)
        super().__init__(engine, compose.counter(site, pace.NoPaper(), pace.QuickPrinter(), centre=self.centre,
                                                 rules=rules()), understander)
        self.outcomes: list[tuple[str, str]] = []

    def _perform(self, task: ev.Do, effects: tuple[ev.Effect, ...]) -> ev.TaskDone:  # type: ignore[override]
        done = super()._perform(task, effects)
        self.outcomes.append((task.task, done.outcome))
        return done

    @property
    def place(self) -> str:
        return f"{self.session.place.flow}.{self.session.place.step}"

    def withdraw(self, kind: str, holder: str) -> None:
        """A new visit."""
        self.counter.end_visit()
        self.session, _ = self.engine.start(compose.new_visit())
        self.outcomes.clear()
        self.send(ev.Said(Understanding(kind, {}, Decision.ACCEPT, (kind,), 1.0, kind, True)))
        self.send(ev.CardRead(card_of(holder)))
        for _ in range(15):
            if self.place in ENDS:
                return
            self.send(ev.Chose(self.session.view.choices[0].id))


@pytest.mark.parametrize("kind", KINDS)
def test_every_holder_comes_to_an_end(engine: Engine, understander: Understander, tmp_path: Path, kind: str) -> None:
    paid, visitor = 0, Visitor(engine, understander, tmp_path)
    for person in samples():
        before = visitor.centre.account(person.id).balance
        visitor.withdraw(kind, person.id)
        story = f"{person.id} {person.note}: {visitor.place} {visitor.outcomes}"
        assert visitor.place in ENDS, story
        assert "failed" not in [outcome for _, outcome in visitor.outcomes], story
        booked = ("withdrawal.book", "booked") in visitor.outcomes
        assert booked == (visitor.place == "withdraw_pay.done"), story
        assert (visitor.centre.account(person.id).balance < before) == booked, story
        view = visitor.session.view
        assert view.sentence, story
        assert not booked or [row for row in view.rows if row.large], story
        paid += booked
    assert paid, f"nobody among the samples can finish {kind}"


def test_a_part_is_taken_and_the_rest_stays(engine: Engine, understander: Understander, tmp_path: Path) -> None:
    visitor = Visitor(engine, understander, tmp_path)
    before = visitor.centre.account("h37").balance
    visitor.send(ev.Said(understander.understand("取三千还房贷", visitor.session.expectation)))
    visitor.send(ev.CardRead(card_of("h37")))
    assert visitor.place == "withdraw_pay.confirm", visitor.outcomes
    visitor.send(ev.Said(understander.understand("出来了", visitor.session.expectation)))
    assert visitor.place == "withdraw_pay.confirm", "a yes to another question"
    visitor.send(ev.Said(understander.understand("对，没错", visitor.session.expectation)))
    assert visitor.centre.account("h37").balance == before - Money.yuan(3000)


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_rehearsals_come_to_the_goodbye_within_their_limit(stage: pace.Stage, name: str) -> None:
    script = read_script(FOLDER / f"{name}.yaml")
    for door in DOORS if script.touch else ("voice",):
        made = stage.visit(script, door)
        assert made.finished, f"{name} by {door}: {[turn.screen for turn in made.turns]}"
        assert made.good, f"{name} by {door}: {made.seconds:.0f} s, at most {made.most:.0f}"
    assert script.most == (180.0 if name == "retirement_express" else 0.0)


def test_every_matter_is_gone_through_in_a_rehearsal(understander: Understander) -> None:
    """From the first word to the paper or the slip; `kiosk rehearse --all` plays the same visits with voices."""
    flows = load(places.ASSETS / "flows", TASKS, compose.sentences())
    matters = {intent for flow in flows.flows.values() if flow.kind == "matter" for intent in flow.starts}
    asked = {understander.understand(act.value, Expectation()).intent
             for path in FOLDER.glob("*.yaml") for act in read_script(path).turns if act.what == "say"}
    assert matters - asked <= {"certificate.repayment_plan"}, "asked for at the question of the loan that runs"


def test_every_reason_is_three_choices_away() -> None:
    """By touch alone, from the menu; and the likely answer comes first."""
    flows = load(places.ASSETS / "flows", TASKS, compose.sentences())
    kinds = {intent for intent in flows.starts if intent.startswith("withdraw.")}
    found: dict[str, int] = {}
    todo = [("visit", "menu", 0)]
    while todo:
        flow, name, choices = todo.pop()
        step = flows.flows[flow].steps[name]
        for option in getattr(step, "options", ()):
            target = option.go
            if target.startswith("start:") and target[6:] in kinds:
                found[target[6:]] = min(found.get(target[6:], 9), choices + 1)
            elif target.startswith("start:withdraw") and choices < 3:
                todo.append((flows.starts[target[6:]], flows.flows[flows.starts[target[6:]]].first, choices + 1))
            elif target in flows.flows[flow].steps and choices < 3:
                todo.append((flow, target, choices + 1))
    assert found.keys() == kinds
    assert max(found.values()) <= 3
    menu = flows.step("visit", "menu")
    assert isinstance(menu, Ask)
    assert menu.options[0].role == "likely"
