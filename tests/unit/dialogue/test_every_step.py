"""Walks every way through every flow (the engine is pure, so all of them can be tried) and looks at each question."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from kiosk.counter.catalogue import TASKS
from kiosk.dialogue import events as ev
from kiosk.dialogue import flow as fl
from kiosk.dialogue.session import Frame, Session, WithStaff
from kiosk.fund.money import Money
from tests.conversations.talk import FACTS, VARIANTS, Visitor, flows, script

#: The amounts that appear in FACTS, as they are shown and as they must be heard.
MONEY = {str(value): value.spoken for facts in FACTS.values() for value in facts.values() if isinstance(value, Money)}
#: Questions that are put where amounts may not be said, which they may on the headphones.
OFFERS = {"balance.offer", "loan_estimate.offer", "loan_status.offer", "loan_status.late", "deposit_monthly.offer"}
#: What may be said along with an intent and leads other ways.
SAID: tuple[tuple[str, dict[str, object]], ...] = (
    ("policy", {"article": "rent.amount"}), ("hall", {"article": "hall_time.lunch"}),
    ("policy", {"offers": ({"id": "rent.can", "title": "租房能不能取"}, {"id": "rent.amount", "title": "租房能取多少"})}))


def onward(visitor: Visitor) -> Iterator[Visitor]:
    """The visitor after each thing that can be done at the current step."""
    session = visitor.session
    step = script().step(session.place)
    if isinstance(step, fl.Perform):
        for outcome in (*TASKS[step.task].gives, "failed"):
            for other in ({}, *VARIANTS.get((step.task, outcome), ())):
                yield after(visitor, ev.TaskDone(session.doing, outcome, {**FACTS.get((step.task, outcome), {}), **other}))
    elif isinstance(step, fl.Card):
        yield after(visitor, *[ev.Chose(option.id) for option in visitor.question.options])
        copy = clone(visitor)
        copy.card()
        yield copy
        yield after(visitor, ev.ReaderFault("gone"))
    elif isinstance(step, fl.Pad):
        copy = clone(visitor)
        copy.type(step.letters[1] * step.length)
        copy.send(ev.Typed("enter"))
        yield copy
    elif isinstance(step, fl.Ask) and step.pending == "words":
        copy = clone(visitor)
        copy.hear("none", decision="reject", text="这几个字再大一点就好了")
        yield copy
    if session.over is None:
        for option in visitor.question.options:
            yield after(visitor, ev.Chose(option.id))


def clone(visitor: Visitor) -> Visitor:
    copy = Visitor()
    copy.session, copy.done = visitor.session, list(visitor.done)
    return copy


def after(visitor: Visitor, *events: ev.Event) -> Visitor:
    copy = clone(visitor)
    for event in events:
        copy.send(event)
    return copy


def key_of(session: Session) -> tuple[object, ...]:
    facts = session.facts
    shared = flows().flows[session.place.flow].kind == "part"  # walked in the same way whatever the matter is
    return (session.frames, type(session.over), session.aside is not None and session.aside.saved.frames,
            bool(facts.get("aloud")), None if shared else facts.get("matter"), facts.get("item_number"),
            facts.get("quiet"), bool(facts.get("missing")), bool({"no", "unsure"} & set(facts.get("checked") or ())),
            bool(facts.get("suggestion")), "years" in facts)


@functools.cache
def explored(headphones: bool) -> tuple[Visitor, ...]:
    """Every state that can be reached from every intent, each with the effects of coming there."""
    first = Visitor()
    if headphones:
        first.send(ev.Headphones(True))
    todo = [after(first, ev.Chose("start"))] if not headphones else [first]
    for intent, slots in (*((intent, {}) for intent in flows().starts), *SAID):
        visitor = clone(todo[0])
        visitor.hear(intent, **slots)
        todo.append(visitor)
    seen: dict[object, Visitor] = {}
    while todo:
        visitor = todo.pop()
        key = key_of(visitor.session)
        if key in seen:
            continue
        seen[key] = visitor
        todo += list(onward(visitor))
    return tuple(seen.values())


@pytest.mark.parametrize("headphones", [False, True])
def test_every_question_and_task_is_reached(headphones: bool) -> None:
    reached = {visitor.step for visitor in explored(headphones)}
    wanted = {f"{one.flow}.{name}" for one in flows().flows.values() for name, step in one.steps.items()
              if isinstance(step, (*fl.ASKING, fl.Perform)) and name != "attract"}
    other_channel = {*OFFERS, "withdrawal.amount", "withdrawal.limit"} if headphones else set()
    assert wanted - reached == other_channel


def test_voice_mode_says_everything_that_is_on_the_screen() -> None:
    """On the headphones, with the screen dark, nothing may be on the screen that is not said."""
    for visitor in explored(True):
        view, heard, asked = visitor.session.view, visitor.heard, visitor.question
        if asked.working or not view.choices or visitor.session.over is not None:
            continue
        place = f"{visitor.step}: heard {heard!r}"
        assert all((line.private or line.public) in heard for line in asked.lines), place
        for option in asked.options:
            assert (option.line.private or option.line.public) in heard, f"{option.id} at {place}"
        for row in view.rows:
            assert MONEY.get(row.value, "") in heard, f"{row} at {place}"
        for line in asked.row_lines:
            assert (line.private or line.public) in heard, f"{line} at {place}"


def test_at_most_four_choices_numbered_in_order() -> None:
    for visitor in (*explored(False), *explored(True)):
        choices = visitor.session.view.choices
        assert [choice.number for choice in choices] == list(range(1, len(choices) + 1))
        assert len(choices) <= 4
        assert all(choice.label for choice in choices)


def test_nothing_private_is_said_in_the_hall() -> None:
    """Whatever way is walked on the loudspeaker, no amount is heard before the visitor has said yes to it."""
    amounts = set(MONEY.values())
    for visitor in explored(False):
        if not visitor.session.facts.get("aloud"):
            assert not [line.public for line in visitor.said if any(amount in line.public for amount in amounts)]


def test_commands_work_in_every_state() -> None:
    """Louder, repeat, help, staff, back, cancel: from everywhere, without an exception and with an answer."""
    for visitor in {(visitor.step, type(visitor.session.over)): visitor for visitor in explored(False)}.values():
        if isinstance(script().step(visitor.session.place), fl.Goodbye):
            continue
        for intent in ("repeat", "louder", "slower", "bigger_text", "help", "wait", "staff", "back", "cancel", "finish",
                       "home", "voice_mode"):
            copy = clone(visitor)
            copy.hear(intent)
            assert copy.said, f"{intent} at {visitor.step} is met with silence"
        copy = clone(visitor)
        copy.hear("staff")
        assert isinstance(copy.session.over, WithStaff)


def test_going_back_again_and_again_comes_to_an_end() -> None:
    """Back never turns in a circle: at the latest after some steps it is the menu, the goodbye or what is sealed."""
    for visitor in explored(False):
        copy = clone(visitor)
        for _ in range(20):
            step = script().step(copy.session.place)
            if isinstance(step, (fl.Goodbye, fl.Perform)) or copy.session.sealed:
                break
            copy.touch("back")
        else:
            pytest.fail(f"no end of going back from {visitor.step}")


def test_frames_show_where_the_visitor_is() -> None:
    """Every matter with stones shows a step between 1 and their number at each of its questions that has one."""
    for visitor in explored(False):
        view = visitor.session.view
        assert 0 <= view.step <= view.steps
        if visitor.session.frames[0] != Frame("visit", visitor.session.frames[0].step):
            assert visitor.session.over or view.title
