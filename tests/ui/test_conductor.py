"""The conductor with a real engine and counter-parts that only remember: what happens in which order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app import compose, settings
from kiosk.app.conductor import Conductor
from kiosk.app.samples import card_of
from kiosk.counter.catalogue import TASKS
from kiosk.dialogue import events as ev
from kiosk.dialogue.view import Screen, View
from kiosk.fund.errors import WorldError
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.ports.devices import StaffState
from kiosk.ports.ears import EarReport, Expectation, HearingState, Reading, Transcript
from kiosk.ports.tasks import Facts, Outcome
from kiosk.ports.understanding import Decision, Line, Understanding
from kiosk.ports.voice import Channel
from kiosk.ui.bridge import Bridge


class Remembering:
    """Face, mouth, ears, counter, understander and staff call in one; `happened` in order."""

    level = 0.5

    def __init__(self) -> None:
        self.happened: list[tuple[object, ...]] = []
        self.views: list[View] = []
        self.tokens: list[int] = []
        self.listened: list[Expectation] = []
        self.captions: list[str] = []
        self.fault: WorldError | ValueError | None = None
        self.threads: set[str] = set()

    def show_view(self, view: View) -> None:
        self.views.append(view)

    def show_manner(self, manner: ev.Manner) -> None:
        self.happened.append(("manner", manner.volume))

    def show_ears(self, report: EarReport) -> None:
        self.happened.append(("ears", report.state))

    def show_caption_kiosk(self, text: str, start: int = 0, end: int = 0) -> None:
        self.captions.append(text)

    def show_caption_visitor(self, text: str, partial: bool = False) -> None:
        pass

    def set_speaking(self, level: float) -> None:
        pass

    def say(self, lines: tuple[Line, ...], token: int, channel: Channel) -> None:
        self.happened.append(("say", channel))
        self.tokens.append(token)

    def wording(self, line: Line, channel: Channel) -> str:
        return line.public

    def chime(self, name: str) -> None:
        self.happened.append(("chime", name))

    def hush(self) -> None:
        self.happened.append(("hush",))

    def set_rate(self, rate: float) -> None:
        pass

    def set_volume(self, volume: float) -> None:
        pass

    def prepare(self, expectation: Expectation) -> None:
        pass

    def open(self, expectation: Expectation) -> None:
        self.listened.append(expectation)
        self.happened.append(("open", expectation.pending))

    def close(self) -> None:
        self.happened.append(("close",))

    def perform(self, task: str, facts: Facts, once_key: str, on_progress: object) -> Outcome:
        self.threads.add(threading.current_thread().name)
        self.happened.append(("task", task))
        if self.fault:
            raise self.fault
        outcome, gives = next(iter(TASKS[task].gives.items()))
        values = {"balance": Money.yuan(1), "interest_so_far": Money.yuan(1), "monthly_deposit": Money.yuan(1), "paid_until": Month(2026, 8),
                  "as_of": date(2026, 11, 21), "opened_on": date(2001, 1, 1)}
        return Outcome(outcome, {name: values.get(name, name) for name in gives})

    def outcomes(self) -> dict[str, frozenset[str]]:
        return {}

    def once_tasks(self) -> frozenset[str]:
        return frozenset()

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        return Understanding("balance", {}, Decision.ACCEPT, ("balance",), 1.0, text, True)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return self.understand(heard.text, expectation)

    def call(self, reason: str, on_state: object) -> None:
        self.happened.append(("call",))
        on_state(StaffState.CALLED)  # type: ignore[operator]

    def end(self) -> None:
        self.happened.append(("call ended",))


@pytest.fixture
def world() -> Remembering:
    return Remembering()


@pytest.fixture
def conductor(qtbot: QtBot, world: Remembering) -> Iterator[Conductor]:
    site = settings.Site()
    ids = iter(f"visit{n}" for n in range(100))
    made = Conductor(engine=compose.engine(site, compose.sentences()), bridge=Bridge(), face=world, mouth=world,
                     ears=world, counter=world, understander=world, staff=world, new_visit=lambda: next(ids),
                     end_visit=lambda: world.happened.append(("end visit",)))
    made.start()
    yield made
    made.stop()


def spoken(conductor: Conductor, world: Remembering) -> None:
    conductor.handle(ev.Spoken(world.tokens[-1]))


def test_it_listens_at_once_where_nothing_is_said(conductor: Conductor, world: Remembering) -> None:
    assert ("open", "") in world.happened
    assert world.views[-1].screen is Screen.ATTRACT


def test_the_ears_are_closed_while_it_speaks_and_open_after_the_last_sample(conductor: Conductor,
                                                                         world: Remembering) -> None:
    world.happened.clear()
    conductor.handle(ev.Chose("start"))
    said = world.happened.index(("say", Channel.LOUDSPEAKER))
    assert ("close",) in world.happened[:said]
    assert not [entry for entry in world.happened if entry[0] == "open"]
    conductor.handle(ev.Spoken(world.tokens[-1] - 1))
    assert not [entry for entry in world.happened if entry[0] == "open"], "an old token does not open them"
    spoken(conductor, world)
    kinds = [entry[0] for entry in world.happened]
    assert kinds.index("chime") < kinds.index("open"), "a tone says that it listens now"


def test_the_dialect_that_explains_what_was_heard_is_listened_for_until_the_visit_ends(
        conductor: Conductor, world: Remembering) -> None:
    clear = Transcript("查余额", (Reading("held:mandarin", "差 鱼 鹅", likelihood=100.0),
                               Reading("held:xinan_guizhou", "查 余额", likelihood=140.0)))
    conductor.handle(ev.Chose("start"))
    spoken(conductor, world)
    assert world.listened[-1].dialect == "auto"
    conductor._on_heard(clear)
    spoken(conductor, world)
    assert world.listened[-1].dialect == "xinan_guizhou"
    assert conductor.session is not None
    assert conductor.session.leaning == "xinan_guizhou"
    assert conductor.session.manner.dialect == "auto", "nothing that people see has changed"
    conductor._carry_out((ev.Wipe("finished"),))
    conductor._begin_visit()
    assert world.listened[-1].dialect == "auto"


def test_headphones_get_the_private_wording(conductor: Conductor, world: Remembering) -> None:
    conductor.handle(ev.Headphones(True))
    conductor.handle(ev.Chose("start"))
    assert ("say", Channel.HEADPHONES) in world.happened


def test_tasks_run_on_the_devices_thread_and_come_back_as_events(qtbot: QtBot, conductor: Conductor,
                                                                 world: Remembering) -> None:
    conductor._on_heard(Transcript("查余额"))
    conductor.handle(ev.CardRead(card_of("h01")))
    qtbot.waitUntil(lambda: ("task", "account.look") in world.happened, timeout=5000)
    assert world.threads == {"kiosk-devices_0"}


@pytest.mark.unexpected_log
@pytest.mark.parametrize("fault", [WorldError("line down"), ValueError("ours")])
def test_a_task_that_breaks_leaves_a_way_out(qtbot: QtBot, conductor: Conductor, world: Remembering,
                                             fault: WorldError | ValueError) -> None:
    world.fault = fault
    conductor._on_heard(Transcript("查余额"))
    conductor.handle(ev.CardRead(card_of("h01")))
    qtbot.waitUntil(lambda: world.views[-1].screen in (Screen.TROUBLE, Screen.CHOICES), timeout=5000)
    assert world.views[-1].choices or world.views[-1].strip


def test_time_stands_still_while_it_speaks(qtbot: QtBot, conductor: Conductor, world: Remembering) -> None:
    conductor.handle(ev.Chose("start"))
    before = dict(conductor._timers)
    conductor._on_tick()
    assert conductor._timers == before
    spoken(conductor, world)
    conductor._on_tick()
    assert conductor._timers != before


def test_somebody_speaking_stops_the_clock(conductor: Conductor, world: Remembering) -> None:
    conductor.handle(ev.Chose("start"))
    spoken(conductor, world)
    conductor._on_ear_report(EarReport(HearingState.HEARING))
    before = dict(conductor._timers)
    conductor._on_tick()
    assert conductor._timers == before


def test_the_end_of_a_visit_forgets_and_begins_anew(qtbot: QtBot, conductor: Conductor, world: Remembering) -> None:
    first = conductor.session
    assert first is not None
    conductor._carry_out((ev.Wipe("finished"),))
    qtbot.waitUntil(lambda: conductor.session is not None and conductor.session.visit_id != first.visit_id, timeout=2000)
    qtbot.waitUntil(lambda: ("end visit",) in world.happened, timeout=2000)
    assert world.views[-1].screen is Screen.ATTRACT


def test_what_was_understood_is_told_before_the_conversation_answers(conductor: Conductor, world: Remembering) -> None:
    told: list[tuple[str, str, int]] = []
    conductor._on_meaning = lambda meaning, asked: told.append((meaning.text, asked.pending, len(world.tokens)))
    before = len(world.tokens)
    conductor._on_heard(Transcript("查余额"))
    assert told == [("查余额", "", before)]
    assert len(world.tokens) > before
