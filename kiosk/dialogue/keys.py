"""The five keys and the pad. ▲▼ move and say where one is, ● chooses, ▶ tells more, ◀ goes back.

The focus runs over the pad's keys, then the choices, then "call staff", so that a person is always within reach of the
five keys; View.focus counts in that order.
"""

from __future__ import annotations

from kiosk.dialogue import events as ev
from kiosk.dialogue import flow as fl
from kiosk.dialogue import repair
from kiosk.dialogue import session as ss
from kiosk.dialogue import walk as w
from kiosk.dialogue.counting import typed_count
from kiosk.dialogue.questions import Option, Question
from kiosk.dialogue.turn import Turn
from kiosk.ports.devices import Key
from kiosk.ports.understanding import Line

# ------------------------------------------------------------------ keys


def pressed(turn: Turn, key: Key) -> Option | None:
    """Carry out a key. Returns the option that was chosen, which the engine then takes."""
    if isinstance(turn.session.over, ss.Practising):
        practise(turn, key)
        return None
    first = not turn.session.keys
    if key not in (Key.LOUDER, Key.QUIETER):
        turn.change(keys=True)
    match key:
        case Key.UP | Key.DOWN:
            move(turn, 1 if key is Key.DOWN else -1, first)
        case Key.SELECT:
            return select(turn, first)
        case Key.RIGHT:
            more(turn)
        case Key.LEFT:
            repair.command(turn, "back")
        case Key.HELP:
            start_practice(turn)
        case Key.LOUDER:
            repair.louder(turn)
        case Key.QUIETER:
            repair.quieter(turn)
    return None


def places(asked: Question) -> int:
    """How many places the focus can be at: pad keys, choices, and staff."""
    return (len(asked.pad.keys) if asked.pad else 0) + len(asked.options) + 1


def move(turn: Turn, by: int, first: bool = False) -> None:
    asked = turn.question
    count = places(asked)
    focus = turn.session.focus
    turn.change(focus=(focus + by) % count if focus >= 0 else 0 if by > 0 else count - 1)
    turn.show(asked)
    hint = (turn.line("keys.hint"),) if first else ()
    turn.say((*hint, *focus_lines(turn, asked)), keep=False)
    turn.listen(asked)
    turn.wait("idle")


def focus_lines(turn: Turn, asked: Question) -> tuple[Line, ...]:
    """What is said for the place of the focus. A masked pad is silent in the hall, which would hear the number."""
    focus = turn.session.focus
    pad_keys = asked.pad.keys if asked.pad else ()
    if focus < len(pad_keys):
        return pad_key_lines(turn, pad_keys[focus])
    index = focus - len(pad_keys)
    if index < len(asked.options):
        return (turn.script.numbered(index + 1, asked.options[index].line),)
    return (turn.line("strip.staff"),)


def pad_key_lines(turn: Turn, character: str) -> tuple[Line, ...]:
    if character in ("delete", "enter"):
        return (turn.line(f"pad.{character}"),)
    turn.emit(ev.Chime("knock"))
    if is_masked(turn) and not turn.session.manner.headphones:
        return ()
    return (turn.line("pad.letter_x" if character == "X" else f"pad.digit_{character}"),)


def is_masked(turn: Turn) -> bool:
    step = turn.script.step(turn.session.place)
    return isinstance(step, fl.Pad) and step.mask


def select(turn: Turn, first: bool) -> Option | None:
    """Nothing is chosen before its name has been heard: without a focus, ● only moves to the first choice."""
    asked = turn.question
    focus = turn.session.focus
    if not 0 <= focus < places(asked):
        move(turn, 1, first)
        return None
    turn.emit(ev.Chime("knock"))
    pad_keys = asked.pad.keys if asked.pad else ()
    if focus < len(pad_keys):
        typed(turn, pad_keys[focus])
        return None
    index = focus - len(pad_keys)
    if index < len(asked.options):
        return asked.options[index]
    repair.staff(turn)
    return None


def more(turn: Turn) -> None:
    """▶: more about the focused choice, or about the question, or the question again."""
    asked = turn.question
    index = turn.session.focus - (len(asked.pad.keys) if asked.pad else 0)
    if asked.working:
        return repair.say_again(turn)
    if 0 <= index < len(asked.options):
        option = asked.options[index]
        turn.say((option.line, option.help or turn.line("keys.select")), keep=False)
        turn.listen(asked)
        return turn.wait("idle")
    if asked.more:
        return repair.help_(turn)
    turn.ask(nudges=False)


# ------------------------------------------------------------------ practice


def start_practice(turn: Turn) -> None:
    if turn.question.working:
        return repair.busy(turn)
    turn.change(over=ss.Practising(), focus=-1)
    turn.ask(nudges=False)


def practise(turn: Turn, key: Key) -> None:
    """Each key says what it does and does nothing; help twice leaves."""
    over = turn.session.over
    if key is Key.HELP and isinstance(over, ss.Practising) and over.helped:
        return w.resume(turn, [turn.line("practice.over")])
    turn.change(over=ss.Practising(helped=key is Key.HELP))
    turn.show()
    turn.say([turn.line(f"practice.{key.value}")], keep=False)
    turn.listen()
    turn.wait("idle")


# ------------------------------------------------------------------ pad


def typed(turn: Turn, character: str) -> None:
    """One character from keypad, touch or five keys. Never said aloud in the hall when the pad is masked."""
    step = turn.script.step(turn.session.place)
    if not isinstance(step, fl.Pad) or turn.session.over is not None:
        return turn.show()
    text = turn.session.typed
    if character == "enter":
        return submit(turn, step)
    if character == "delete":
        turn.change(typed=text[:-1])
        return _pad_said(turn, [turn.line("pad.deleted" if text else "pad.empty")])
    if character not in step.letters:
        return turn.show()
    if len(text) >= step.length:
        return _pad_said(turn, [turn.line("pad.full")])
    turn.change(typed=text + character)
    turn.drop(*([step.hint_fact] if step.hint_fact else []))
    if len(turn.session.typed) == step.length and not step.pending:
        enter = turn.question.pad
        if turn.session.keys and enter:
            turn.change(focus=enter.keys.index("enter"))
        return _pad_said(turn, [turn.line("pad.full")])
    _pad_said(turn, pad_key_lines(turn, character))


def _pad_said(turn: Turn, lines: list[Line] | tuple[Line, ...]) -> None:
    turn.show()
    if lines:
        turn.say(lines, keep=False)
    elif turn.session.saying:  # a key silences what is being said
        turn.emit(ev.Hush())
    turn.listen()
    turn.wait("idle")


def submit(turn: Turn, step: fl.Pad) -> None:
    s = turn.session
    if typed_count(turn, step):
        return
    missing = 1 if step.pending else step.length - len(s.typed)
    if missing:
        return _pad_said(turn, [turn.line("pad.missing", missing=missing)])
    w.remember(turn)
    turn.change(facts={**s.facts, step.into: s.typed})
    w.walk(turn, step.next)


