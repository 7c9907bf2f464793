"""A notice over everything: an evacuation covers whatever is shown, maintenance whoever comes next, news are one line.

A task in hand is finished first (money and paper are never cut off): the notice covers the question that comes after it.
"""

from __future__ import annotations

from kiosk.dialogue import events as ev
from kiosk.dialogue import flow as fl
from kiosk.dialogue import session as ss
from kiosk.dialogue import walk as w
from kiosk.dialogue.turn import Turn
from kiosk.ports.devices import Key
from kiosk.ports.understanding import Decision


def put_up(turn: Turn, bulletin: ev.Bulletin) -> None:
    """A notice was put up, changed or (kind '') taken down."""
    if bulletin == turn.session.bulletin:
        return
    turn.change(bulletin=bulletin)
    nobody = isinstance(turn.script.step(turn.session.place), fl.Attract)
    if isinstance(turn.session.over, ss.Covered):
        turn.change(over=None)
        if not turn.covered:
            return _uncovered(turn, nobody)
    if turn.question.working or isinstance(turn.script.step(turn.session.place), fl.Goodbye):
        return turn.show()
    if turn.covered:
        turn.emit(ev.Hush())
        return turn.ask(nudges=False)
    if not bulletin.kind:
        return turn.show()
    if nobody:
        turn.show()
        turn.say([turn.bulletin_line()], keep=False)
        return turn.listen()
    turn.ask([turn.bulletin_line()], whole=False)


def _uncovered(turn: Turn, nobody: bool) -> None:
    if nobody:
        turn.show()
        return turn.listen()
    turn.ask([turn.line("bulletin.over")])


def held(turn: Turn, event: ev.Event) -> bool:
    """While the notice covers everything: whether it has taken the event. Calling staff always works."""
    if not isinstance(turn.session.over, ss.Covered):
        return False
    match event:
        case ev.Said(meaning) if meaning.decision is Decision.ACCEPT and meaning.intent == "staff":
            w.call_staff(turn, "asked")
        case ev.Chose("staff" | "get_staff") | ev.Pressed(Key.SELECT) | ev.Typed("1"):
            w.call_staff(turn, "asked")
        case ev.Said(meaning) if meaning.decision is Decision.REJECT or meaning.intent == "none":
            turn.listen()
        case ev.CardRead():
            turn.change(card_in=True)
            _again(turn)
        case ev.Said() | ev.Chose() | ev.Pressed() | ev.Typed():
            _again(turn)
        case ev.VoiceStarted() | ev.ReaderFault():
            pass
        case _:
            return False
    return True


def _again(turn: Turn) -> None:
    turn.show()
    turn.say([turn.bulletin_line()], keep=False)
    turn.listen()
