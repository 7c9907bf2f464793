"""Which dialect a visitor speaks: chosen in words or by touch, or offered to somebody who was not understood twice running.

What is heard moves the ears towards a dialect without a word (kiosk/language/evidence.py); here nothing happens by
itself. The words on the screen never change.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.dialogue import events as ev
from kiosk.dialogue import session as ss
from kiosk.dialogue.turn import Turn

MOST = 3


def choose(turn: Turn, code: str) -> bool:
    """Listen for this dialect from now on, if this kiosk can. Takes away the offer that lies over the question."""
    s = turn.session
    if isinstance(s.over, ss.Offering):
        turn.change(over=None, focus=-1)
    if code not in turn.script.settings.dialects | {"mandarin"}:
        return False
    turn.change(manner=replace(s.manner, dialect=code), dialect_offered=True)
    turn.emit(ev.Apply(turn.session.manner))
    return True


def offer(turn: Turn) -> bool:
    """Ask whether it is this dialect: at most once a visit, and only what this kiosk does understand. Near dialects only when
    what was heard leans to one; those with a recogniser of their own cannot be noticed and are offered where they are spoken."""
    s, settings = turn.session, turn.script.settings
    leaning = (s.leaning,) if s.leaning in settings.dialects else ()
    found = tuple(dict.fromkeys((*leaning, *settings.own_recogniser)))[:MOST]
    if not found or s.dialect_offered or s.manner.dialect != "auto" or s.over is not None or turn.question.explicit:
        return False
    turn.change(over=ss.Offering(found), dialect_offered=True, focus=-1)
    turn.ask()
    return True


def out_of_reach(turn: Turn) -> bool:
    """People here speak a dialect that this kiosk does not understand: said honestly, with the way that works."""
    settings = turn.script.settings
    return any(code not in settings.dialects for code in settings.local_dialects)
