"""Random visits: whatever happens, in whatever order, the promises of tests/conversations/talk.py hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.counter.catalogue import TASKS
from kiosk.dialogue import events as ev
from kiosk.dialogue.flow import Perform
from kiosk.dialogue.repair import COMMANDS
from kiosk.ports.devices import Key, StaffState
from tests.conversations.talk import CARD, FACTS, Visitor, flows, script, understood
from tests.unit.dialogue.test_every_step import clone, explored

INTENTS = sorted({*flows().starts, *COMMANDS, "yes", "no", "choose", "all", "number", "amount", "none", "dialect"})
SLOTS = st.fixed_dictionaries({}, optional={
    "index": st.sampled_from([-1, 1, 2, 3, 4, 9]), "value": st.integers(-2, 30), "copies": st.integers(-1, 99),
    "amount": st.integers(0, 9999), "matter": st.sampled_from(["withdraw.rent", "nonsense"]),
    "dialect": st.sampled_from(["xinan_guizhou", ""])})


@st.composite
def turns(draw: st.DrawFn) -> list[tuple[str, object]]:
    """Answers that lead somewhere are drawn more often, so that visits get far."""
    one = st.one_of(
        st.tuples(st.just("option"), st.integers(0, 3)), st.tuples(st.just("option"), st.integers(0, 1)),
        st.tuples(st.just("task"), st.integers(0, 99)), st.tuples(st.just("task"), st.just(0)),
        st.tuples(st.just("event"), events()))
    return draw(st.lists(one, min_size=1, max_size=30))


def events() -> st.SearchStrategy[ev.Event]:
    meanings = st.builds(lambda intent, decision, exact, slots, candidates, text: understood(
        intent, decision=decision, exact=exact, candidates=tuple(candidates), text=text, **slots),
        st.sampled_from(INTENTS), st.sampled_from(["accept", "ask", "reject"]), st.booleans(), SLOTS,
        st.lists(st.sampled_from(INTENTS), max_size=3),
        st.sampled_from(["嗯", "对，转到这张卡", "第一个", "一", "念一下", "没带证", "再打一张", "不是"]))
    return st.one_of(
        st.builds(ev.Said, meanings), st.builds(ev.Said, meanings),
        st.builds(ev.Pressed, st.sampled_from(list(Key))), st.builds(ev.Pressed, st.sampled_from(list(Key))),
        st.builds(ev.Chose, st.sampled_from(["back", "staff", "repeat", "start", "enter", "5", "nonsense"])),
        st.builds(ev.Typed, st.sampled_from([*"0123456789X", "delete", "enter", "?"])),
        st.just(ev.CardRead(CARD)), st.just(ev.CardRemoved()), st.just(ev.ReaderFault("gone")),
        st.builds(ev.Headphones, st.booleans()), st.builds(ev.Hearing, st.booleans()),
        st.builds(ev.Staff, st.sampled_from(list(StaffState))), st.just(ev.VoiceStarted()),
        st.builds(ev.Bulletin, st.sampled_from(["", "", "info", "maintenance", "evacuate"])),
        st.builds(ev.Woke, st.integers(0, 40)), st.builds(ev.Spoken, st.integers(0, 40), st.booleans()),
        st.just(ev.TaskDone(-1, "found")),  # much too late
        st.builds(ev.TaskProgress, st.integers(0, 40), st.sampled_from(["paper_out", "printing"])),
        st.just(ev.Woke(-1)))  # stands for: the running timer


def play(visitor: Visitor, turn: tuple[str, object]) -> None:
    session = visitor.session
    match turn:
        case "option", int(place):
            options = visitor.question.options
            if options:
                visitor.touch(options[place % len(options)].id)
        case "task", int(which):
            step = script().step(session.place)
            if session.doing and isinstance(step, Perform):
                outcomes = [*TASKS[step.task].gives, "failed"]
                outcome = outcomes[which % len(outcomes)]
                visitor.send(ev.TaskDone(session.doing, outcome, FACTS.get((step.task, outcome), {})))
            elif visitor.question.screen == "identify":
                visitor.card()
        case "event", ev.Woke(token=-1):
            if session.timer:
                visitor.wait()
        case "event", event:
            visitor.send(event)  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.integers(0, 999), st.booleans(), turns())
def test_whatever_happens_the_promises_hold(start: int, headphones: bool, visit: list[tuple[str, object]]) -> None:
    """From any state that can be reached, not only from the beginning: chance alone seldom gets as far as the money."""
    states = explored(headphones)
    visitor = clone(states[start % len(states)])
    for turn in visit:
        play(visitor, turn)
    end_of(visitor)


def end_of(visitor: Visitor) -> None:
    """From every state a visitor who goes away is forgotten: the task ends, staff goes, the timers run out."""
    visits = len(visitor.wiped)
    if visitor.session.bulletin.kind:
        visitor.send(ev.NO_BULLETIN)
    for _ in range(40):
        session = visitor.session
        if session.doing and isinstance(script().step(session.place), Perform):
            visitor.finish("failed")
        elif session.view.screen == "attract":
            break
        elif session.staff is not StaffState.NONE:
            visitor.send(ev.Staff(StaffState.NONE))
        else:
            visitor.wait()
    assert visitor.session.view.screen == "attract"
    if len(visitor.wiped) > visits:
        session = visitor.session
        assert not session.facts
        assert not session.history
        assert not session.typed
        assert not session.lines
        usual = replace(script().settings.manner, headphones=session.manner.headphones)  # the socket is what it is
        assert session.manner == usual


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["yes", "back", "choose", "cancel", "no", "repeat", "balance"]), max_size=12),
       st.booleans())
def test_doubtful_voices_never_move_money(intents: list[str], ask: bool) -> None:
    """The same in a narrower alley: at the confirmation itself, nothing but the exact yes is enough."""
    visitor = at_the_confirmation()
    for intent in intents:
        visitor.hear(intent, exact=False, decision="ask" if ask else "accept", index=1)
        assert not [done for done in visitor.done if done.task == "withdrawal.book"]


def at_the_confirmation() -> Visitor:
    visitor = Visitor()
    visitor.hear("withdraw.retirement")
    visitor.card()
    visitor.finish("found")
    visitor.finish("able")
    visitor.touch("all")
    visitor.finish("some")
    visitor.touch("card_id:1")
    assert visitor.step == "withdraw_pay.confirm"
    return visitor
