"""Sums and counts as answers: said ("八十万", "二十年") or typed, they become a fact and the flow goes on."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.dialogue import flow as fl
from kiosk.dialogue import walk as w
from kiosk.dialogue.labels import very_words
from kiosk.dialogue.turn import Turn
from kiosk.fund.money import money_of
from kiosk.ports.understanding import Decision, Line, Understanding

#: What is said where any words are wanted: up to so many characters it may be a command, fewer are no answer.
LONGEST_COMMAND, SHORTEST_WORDS = 6, 2

#: The answer that fits a question, and the slot it comes in.
_SLOTS = {"amount": "amount", "number": "value"}


def counted(turn: Turn, intent: str, slots: Mapping[str, object]) -> bool:
    """Take a sum or count that answers the current question. A request for the very matter that is being talked about
    may bring it, too ("贷八十万" while the sum is asked for). Whether it was taken."""
    step = turn.script.step(turn.session.place)
    pending = counts_of(step)
    if not pending or turn.session.over is not None:
        return False
    assert isinstance(step, (fl.Ask, fl.Pad))
    if intent == pending or (intent, pending) == ("amount", "sum"):
        value = slots.get(_SLOTS[intent])
    elif intent == turn.session.topic:
        value = slots.get(step.into)
    else:
        return False
    return _put(turn, step, pending, value)


def dictated(turn: Turn, meaning: Understanding) -> bool:
    """Where any words are the answer (pending "words"), they become the fact as they were said. Commands and buttons that
    were said in so many words stay what they are."""
    step = turn.script.step(turn.session.place)
    if not (isinstance(step, fl.Ask) and step.pending == "words" and turn.session.over is None):
        return False
    text = meaning.text.strip()
    if len(text) <= LONGEST_COMMAND and (meaning.decision is Decision.ACCEPT or very_words(turn.question, text)):
        return False
    if len(text) < SHORTEST_WORDS:
        return False
    w.remember(turn)
    turn.put({step.into: text})
    w.walk(turn, step.next)
    return True


def counts_of(step: fl.Step) -> str:
    """"amount", "number" or "sum" where such an answer leads on, else ''."""
    if isinstance(step, fl.Ask):
        return step.pending if step.into else ""
    return step.pending if isinstance(step, fl.Pad) else ""


def typed_count(turn: Turn, step: fl.Pad) -> bool:
    """The pad holds a sum or a count: take it. False where it is nothing, or no such pad."""
    value = int(turn.session.typed) * step.unit if turn.session.typed.isdecimal() else 0
    return _put(turn, step, step.pending, value) if step.pending else False


def _put(turn: Turn, step: fl.Ask | fl.Pad, pending: str, value: object) -> bool:
    lines: list[Line] = []
    flow = turn.script.flows.flows[turn.session.frames[0].flow]
    if pending in ("amount", "sum"):
        amount = money_of(value)
        if amount is None:
            return False
        w.remember(turn)
        turn.put({step.into: amount})
    else:
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            return False
        w.remember(turn)
        turn.put({step.into: value})
        lines = w.take_slots(turn, flow, {step.into: value})
    w.walk(turn, step.next, lines)
    return True
