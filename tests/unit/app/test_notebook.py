"""What is written down of what was not understood, and above all what is not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.adapters.sqlite_unheard import SqliteUnheard
from kiosk.app import compose, settings
from kiosk.app.notebook import Notebook
from kiosk.dialogue import events as ev
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.session import Session
from kiosk.fund.errors import DataError
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Line, Understanding
from kiosk.ports.unheard_store import Unheard, UnheardError

TODAY = date(2026, 11, 2)


class Visit:
    """A real conversation with a notebook beside it, as the kiosk has."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self._engine: Engine = compose.engine(settings.Site(), compose.sentences())
        self.session: Session
        self.session, effects = self._engine.start("v1")
        self._watch(effects)

    def said(self, text: str, intent: str, decision: Decision, *candidates: str) -> None:
        meaning = Understanding(intent, {}, decision, candidates, 0.4, text)
        self.notebook.heard(meaning, self.session.expectation)
        self.do(ev.Said(meaning))

    def do(self, event: ev.Event) -> None:
        self.session, effects = self._engine.step(self.session, event)
        self._watch(effects)

    def _watch(self, effects: tuple[ev.Effect, ...]) -> None:
        for effect in effects:
            self.notebook.on_effect(effect)


@pytest.fixture
def store(tmp_path: Path) -> SqliteUnheard:
    return SqliteUnheard(tmp_path / "unheard.sqlite")


@pytest.fixture
def visit(store: SqliteUnheard) -> Visit:
    return Visit(Notebook(store, 30, lambda: TODAY))


def kept(store: SqliteUnheard) -> list[str]:
    return [note.text for note in store.since(TODAY - timedelta(days=400))]


def test_what_was_not_understood_is_kept_without_person_or_time(visit: Visit, store: SqliteUnheard) -> None:
    visit.do(ev.Chose("start"))
    visit.said("我叫王小样那个老本咋拎", "none", Decision.REJECT)
    note, = store.since(TODAY)
    assert note == Unheard(TODAY, "我叫〔名〕那个老本咋拎", note.pending, "auto", "reject", (), 0.4)


def test_talk_in_the_hall_is_never_kept(visit: Visit, store: SqliteUnheard) -> None:
    visit.said("今天买的排骨真便宜", "none", Decision.REJECT)
    visit.said("今天买的排骨真便宜", "none", Decision.ACCEPT)
    assert kept(store) == []


@pytest.mark.parametrize("how", ["voice", "touch"])
def test_a_wrong_guess_is_kept_with_what_was_offered(visit: Visit, store: SqliteUnheard, how: str) -> None:
    visit.do(ev.Chose("start"))
    visit.said("那个老本咋拎", "balance", Decision.ASK, "balance")
    assert kept(store) == [], "not before it is known that the guess was wrong"
    if how == "voice":
        visit.said("不是", "no", Decision.ACCEPT)
    else:
        visit.do(ev.Chose("no"))
    note, = store.since(TODAY)
    assert (note.text, note.decision, note.offered) == ("那个老本咋拎", "ask", ("balance",))


def test_a_right_guess_is_not_kept(visit: Visit, store: SqliteUnheard) -> None:
    visit.do(ev.Chose("start"))
    visit.said("那个老本咋拎", "balance", Decision.ASK, "balance")
    visit.said("是", "yes", Decision.ACCEPT)
    visit.said("不要了", "no", Decision.ACCEPT)
    assert kept(store) == []


def test_a_question_that_nobody_can_answer_is_kept(visit: Visit, store: SqliteUnheard) -> None:
    visit.said("公积金能不能买船票", "policy", Decision.ACCEPT, "policy")
    assert kept(store) == ["公积金能不能买船票"]


def test_the_end_of_a_visit_drops_what_is_in_memory(store: SqliteUnheard) -> None:
    notebook = Notebook(store, 30, lambda: TODAY)
    notebook.heard(Understanding("none", text="那个老本咋拎"), Expectation())
    notebook.on_effect(ev.Wipe("finished"))
    notebook.on_effect(ev.Say((Line("miss.first", "x"),), 1))
    assert kept(store) == []


def test_nothing_is_kept_while_a_number_is_typed(store: SqliteUnheard) -> None:
    notebook = Notebook(store, 30, lambda: TODAY)
    notebook.heard(Understanding("none", text="我的号码后面是那个啥"), Expectation())
    notebook.on_effect(ev.Say((Line("miss.pad", "x"),), 1))
    assert kept(store) == []


def test_old_notes_are_deleted_at_the_start_and_when_the_day_has_changed(store: SqliteUnheard) -> None:
    days = [TODAY]
    for age in (0, 2, 3, 40):
        store.keep(Unheard(TODAY - timedelta(days=age), f"那个{age}号话"))
    notebook = Notebook(store, 3, lambda: days[0])
    assert kept(store) == ["那个2号话", "那个0号话"]
    days[0] += timedelta(days=1)
    notebook.on_effect(ev.Wipe("finished"))
    assert kept(store) == ["那个0号话"]


def test_deleted_notes_are_not_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "unheard.sqlite"
    store = SqliteUnheard(path)
    store.keep(Unheard(TODAY, "独一无二的一句话"))
    store.forget_before(TODAY + timedelta(days=1))
    store.close()
    assert "独一无二".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


class Broken:
    def keep(self, unheard: Unheard) -> None:
        raise UnheardError("disk")

    def since(self, day: date) -> tuple[Unheard, ...]:
        raise UnheardError("disk")

    def forget_before(self, day: date) -> int:
        raise UnheardError("disk")

    def close(self) -> None:
        pass


def test_a_disk_that_fails_costs_a_note_not_a_visit() -> None:
    notebook = Notebook(Broken(), 30, lambda: TODAY)
    notebook.heard(Understanding("none", text="那个老本咋拎"), Expectation())
    notebook.on_effect(ev.Say((Line("miss.first", "x"),), 1))


def test_it_is_off_unless_the_site_file_says_so(tmp_path: Path) -> None:
    site = settings.Site(state=str(tmp_path))
    SqliteUnheard(tmp_path / compose.UNHEARD).keep(Unheard(TODAY, "那个老本咋拎"))
    assert compose.notebook(site) is None
    assert not (tmp_path / compose.UNHEARD).exists(), "switched off, what was kept is gone"
    on = compose.notebook(settings.Site(state=str(tmp_path), learning=settings.Learning(keep=True)))
    assert on is not None
    on.close()


@pytest.mark.parametrize("days", [0, 400])
def test_the_days_have_bounds(tmp_path: Path, days: int) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f"[learning]\nkeep = true\ndays = {days}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"learning\.days"):
        settings.load(file)

