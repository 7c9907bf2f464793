"""The conversation as a function: (session, event) -> (session, effects).

Pure: no time, no randomness, no device. Tokens come from a counter in the session, the keys of `once` tasks from the
visit id that `start` is given, which must never be used twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kiosk.dialogue import bulletins, dialects, keys, repair
from kiosk.dialogue import events as ev
from kiosk.dialogue import flow as fl
from kiosk.dialogue import session as ss
from kiosk.dialogue import walk as w
from kiosk.dialogue.counting import counted, dictated
from kiosk.dialogue.details import detailed
from kiosk.dialogue.labels import read_out, said_option, very_words
from kiosk.dialogue.questions import (
    Begin,
    GetStaff,
    Go,
    Leave,
    Mean,
    NextPage,
    NoneOfThese,
    NotSpoken,
    Option,
    Rate,
    Resume,
    Script,
    SendStaffAway,
    Speak,
    find_option,
    step_question,
)
from kiosk.dialogue.session import Session
from kiosk.dialogue.settings import Settings
from kiosk.dialogue.turn import Turn
from kiosk.dialogue.wording import fixed_lines
from kiosk.ports.devices import Key, StaffState
from kiosk.ports.understanding import Decision, Line, Phrasebook, Understanding

Effects = tuple[ev.Effect, ...]

#: Buttons and spoken numbers that would tell the hall an identity number.
_NUMBERS = frozenset({"number", "amount"})


class Engine:
    """Flows, sentences and settings in; nothing is remembered between two calls."""

    def __init__(self, flows: fl.Flows, phrasebook: Phrasebook, settings: Settings | None = None) -> None:
        self._script = Script(flows, phrasebook, settings or Settings())

    def start(self, visit_id: str, after: Session | None = None) -> tuple[Session, Effects]:
        """A new visit at the attract screen. `visit_id` must be new for each visit of this terminal; `after` is the
        last session, from which only the state of ears and headphone socket is kept."""
        turn = Turn(self._script, w.opening(self._script, visit_id, after))
        w.open_visit(turn)
        return turn.session, tuple(turn.effects)

    def step(self, session: Session, event: ev.Event) -> tuple[Session, Effects]:
        """Answer one event. Events that no longer matter (late tokens, buttons of a screen gone by) do nothing."""
        turn = Turn(self._script, session)
        _react(turn, event)
        return turn.session, tuple(turn.effects)

    def fixed_lines(self) -> Iterable[Line]:
        """All lines whose text is always the same, the most needed first: for rendering speech ahead."""
        return fixed_lines(self._script)


def _react(turn: Turn, event: ev.Event) -> None:
    if bulletins.held(turn, event):
        return
    match event:
        case ev.Bulletin():
            bulletins.put_up(turn, event)
        case ev.Said(meaning, leaning):
            turn.change(leaning=leaning)
            _said(turn, meaning)
        case ev.Chose(choice):
            _chose(turn, choice)
        case ev.Pressed(key):
            _pressed(turn, key)
        case ev.Typed(character):
            _typed(turn, character)
        case ev.Spoken(token):
            if token == turn.session.saying:
                turn.change(saying=0)
        case ev.Woke():
            repair.woke(turn, event)
        case ev.VoiceStarted():
            repair.still_here(turn)
        case ev.TaskDone():
            w.task_done(turn, event)
        case ev.TaskProgress():
            w.task_progress(turn, event)
        case ev.Staff(state):
            repair.staff_state(turn, state)
        case ev.Headphones(plugged):
            _headphones(turn, plugged)
        case ev.Hearing(able):
            _hearing(turn, able)
        case ev.CardRead() | ev.CardRemoved() | ev.ReaderFault():
            _reader(turn, event)


# ------------------------------------------------------------------ where we are


def _attracting(turn: Turn) -> bool:
    return isinstance(turn.script.step(turn.session.place), fl.Attract) and turn.session.over is None


def _parting(turn: Turn) -> bool:
    """The last words are being said: whatever is touched now belongs to the next visitor."""
    return isinstance(turn.script.step(turn.session.place), fl.Goodbye)


# ------------------------------------------------------------------ the three doors


def _chose(turn: Turn, choice: str) -> None:
    option = next((o for o in turn.question.options if o.id == choice), None)
    if _parting(turn) and not option:
        return w.wipe(turn)
    pad = turn.question.pad
    if option:
        _take(turn, option)
    elif choice in repair.COMMANDS:
        repair.command(turn, choice)
    elif pad and choice in pad.keys:
        keys.typed(turn, choice)


def _pressed(turn: Turn, key: Key) -> None:
    faces = key in (Key.UP, Key.DOWN, Key.SELECT) and turn.question.options
    if _parting(turn) and not faces:
        return w.wipe(turn)
    if _attracting(turn) and key not in (Key.LOUDER, Key.QUIETER):
        turn.change(keys=True)
        if key is Key.HELP:
            turn.change(frames=(ss.Frame(turn.session.place.flow, "menu"),))
            return keys.start_practice(turn)
        return w.walk(turn, "@menu", [turn.line("keys.hint")])
    option = keys.pressed(turn, key)
    if option:
        _take(turn, option)


def _typed(turn: Turn, character: str) -> None:
    """Digits on a pad, or the number of a choice where there is no pad."""
    asked = turn.question
    if _parting(turn) and not (character.isdigit() and 1 <= int(character) <= len(asked.options)):
        return w.wipe(turn)
    if _attracting(turn):
        return w.walk(turn, "@menu")
    if asked.pad:
        return keys.typed(turn, character)
    if character in ("1", "2", "3", "4") and int(character) <= len(asked.options):
        _take(turn, asked.options[int(character) - 1])


def _said(turn: Turn, meaning: Understanding) -> None:
    if _parting(turn):
        face = said_option(turn.question, meaning.text)
        return _take(turn, face) if face else turn.listen() if turn.question.options else None
    if not _attracting(turn) and dictated(turn, meaning):
        return
    if meaning.decision is Decision.ACCEPT and meaning.intent == "none":
        return turn.listen()  # people talking to each other
    if _attracting(turn):
        return _said_to_nobody(turn, meaning)
    if isinstance(turn.session.over, ss.Practising):
        turn.change(over=None)
    if isinstance(turn.session.over, ss.StillThere):
        return _more_time(turn, meaning)
    match meaning.decision:
        case Decision.REJECT:
            if not _by_its_words(turn, meaning):
                repair.missed(turn)
        case Decision.ASK:
            if not _by_its_words(turn, meaning):
                _guess(turn, meaning)
        case Decision.ACCEPT:
            _understood(turn, meaning.intent, meaning, sure=meaning.exact)


def _said_to_nobody(turn: Turn, meaning: Understanding) -> None:
    """At the attract screen a request begins the visit with that very matter; talk in the hall does not."""
    wanted = meaning.intent in turn.script.flows.starts or meaning.intent in (
        "staff", "help", "voice_mode", "bigger_text", "dialect")
    if meaning.decision is Decision.REJECT or not wanted:
        return turn.listen()
    turn.change(frames=(ss.Frame(turn.session.place.flow, "menu"),))
    if meaning.decision is Decision.ASK:
        return _guess(turn, meaning)
    if meaning.intent in turn.script.flows.starts:
        return w.begin(turn, meaning.intent, meaning.slots, [turn.line("visit.hello")])
    repair.command(turn, meaning.intent, meaning.slots)


def _more_time(turn: Turn, meaning: Understanding) -> None:
    """Anything at all gives more time, except a clear no. It never answers the question below."""
    if meaning.decision is Decision.ACCEPT and meaning.intent in ("no", "finish"):
        return w.goodbye(turn, "finished")
    turn.change(over=None)
    if meaning.decision is Decision.ACCEPT and meaning.intent in repair.COMMANDS:
        return repair.command(turn, meaning.intent, meaning.slots, meaning.text)
    turn.ask([turn.line("time.thanks")])


# ------------------------------------------------------------------ meaning


def _understood(turn: Turn, intent: str, meaning: Understanding, *, sure: bool) -> None:
    """A clear answer: to the question, a command, another matter, or nothing that fits here."""
    asked = turn.question
    worded = very_words(asked, meaning.text)
    asks = bool(meaning.slots.get("article"))  # a question may hold the words of a button
    if worded and not worded.explicit and (not asks or read_out(worded, meaning.text)):
        return _take(turn, worded)
    if counted(turn, intent, meaning.slots):
        return
    another = intent != turn.session.topic and intent in {*turn.script.flows.starts, *repair.COMMANDS}
    if not another and detailed(turn, meaning.text):
        return
    option = find_option(asked, intent, meaning.slots)
    if option and not asked.pad:
        if option.explicit and (not sure or any(word in meaning.text for word in option.unlike)):
            return repair.unsure(turn)
        return _take(turn, option)
    if intent in repair.COMMANDS or intent == "dialect":
        return repair.command(turn, intent, meaning.slots, meaning.text)
    if asked.working:
        return repair.busy(turn)
    if option:
        return _take(turn, option)
    if intent == "number" and asked.count:
        return _counted(turn, asked.count, meaning.slots.get("value"))
    if intent in turn.script.flows.starts:
        return _matter(turn, intent, meaning)
    if not _by_its_words(turn, meaning):
        repair.missed(turn)


def _by_its_words(turn: Turn, meaning: Understanding) -> bool:
    """What was said are the words on a button. Only for the yes that moves money that is not enough."""
    option = said_option(turn.question, meaning.text)
    if option is None and isinstance(turn.session.over, (ss.Guessing, ss.Switching)):
        # Not what the kiosk asked back, but an answer to the question that lies below.
        option = said_option(step_question(turn.script, turn.session), meaning.text)
        if option and not option.explicit:
            turn.change(over=None)
    if option is None:
        return detailed(turn, meaning.text)
    if option.explicit:
        repair.unsure(turn)
    else:
        _take(turn, option)
    return True


def _counted(turn: Turn, fact: str, value: object) -> None:
    """A number said at a question that shows one: "two copies"."""
    flow = turn.script.flows.flows[turn.session.frames[0].flow]
    turn.ask(w.take_slots(turn, flow, {fact: value}), whole=False)


def _guess(turn: Turn, meaning: Understanding) -> None:
    """ "Do you mean ...?" Harmless commands are simply done; a doubtful yes or no is asked for again."""
    if meaning.intent in repair.HARMLESS:
        return repair.command(turn, meaning.intent, meaning.slots, meaning.text)
    asked = turn.question
    if asked.working:
        return turn.listen(asked)
    if counted(turn, meaning.intent, meaning.slots):
        return  # it is shown, and can be changed; money never moves without being read back
    option = find_option(asked, meaning.intent, meaning.slots)
    if option and option.explicit:
        return repair.unsure(turn)
    wanted = dict.fromkeys((meaning.intent, *meaning.candidates))
    if option and all(find_option(asked, intent, meaning.slots) is option for intent in wanted):  # whichever it was, it answers the question in the same way
        return _take(turn, option)
    guesses = _each_once(turn, [intent for intent in wanted if _can_be_guessed(turn, intent, meaning)], meaning)
    if asked.pad:  # somebody says the number: only commands are looked for
        guesses = tuple(intent for intent in guesses if intent in repair.COMMANDS)
    over = turn.session.over
    if isinstance(over, ss.Guessing) and len(over.guesses) > 1 and meaning.intent in over.guesses and option:
        turn.change(over=None)  # asked which one, the visitor says something that is nearest to one of them: that one
        return _understood(turn, meaning.intent, meaning, sure=False)
    if not guesses or isinstance(turn.session.over, ss.Guessing) or meaning.intent in ("yes", "no"):
        return repair.missed(turn)
    lying: ss.Guessing | ss.Switching = ss.Guessing(guesses[:3], dict(meaning.slots))
    if len(guesses) == 1 and w.under_way(turn) and _begins_another(turn, guesses[0]):
        lying = ss.Switching(guesses[0], dict(meaning.slots))  # one question instead of two
    turn.change(over=lying, focus=-1)
    turn.ask()


def _each_once(turn: Turn, intents: Iterable[str], meaning: Understanding) -> tuple[str, ...]:
    """Two intents that press the same button are one guess; "take money out" says no more than "for a house"."""
    kept: dict[str, str] = {}
    for intent in intents:
        option = find_option(turn.question, intent, meaning.slots if intent == meaning.intent else {})
        kept.setdefault(f"option:{option.id}" if option else intent, intent)
    return tuple(one for one in kept.values() if not any(other.startswith(f"{one}.") for other in kept.values()))


def _begins_another(turn: Turn, intent: str) -> bool:
    flows = turn.script.flows
    return (intent in flows.starts and intent != turn.session.topic
            and flows.flows[flows.starts[intent]].kind != "aside")


def _can_be_guessed(turn: Turn, intent: str, meaning: Understanding) -> bool:
    option = find_option(turn.question, intent, meaning.slots if intent == meaning.intent else {})
    if option:
        return not option.explicit
    return intent in turn.script.flows.starts or intent in repair.COMMANDS


def _matter(turn: Turn, intent: str, meaning: Understanding) -> None:
    """Another matter in the middle of one is asked about first; answers in passing are simply given."""
    s = turn.session
    flow = turn.script.flows.flows[turn.script.flows.starts[intent]]
    if s.over is not None:
        turn.change(over=None)
    same, again = flow.flow == s.frames[0].flow and intent == s.topic, flow.starts[intent].again
    if same and again and {"amount", *flow.limits} & meaning.slots.keys():
        w.remember(turn)
        return w.walk(turn, again, w.take_slots(turn, flow, meaning.slots))
    if flow.kind == "aside" or not w.under_way(turn):
        return w.begin(turn, intent, meaning.slots)
    if same:
        told = w.take_slots(turn, flow, meaning.slots)
        return repair.answer(turn, *(told or [turn.line("switch.same")]))
    turn.change(over=ss.Switching(intent, dict(meaning.slots)), focus=-1)
    turn.ask()


def _take(turn: Turn, option: Option) -> None:
    """An option was chosen, by whichever door."""
    then = option.then
    match then:
        case Go(target, put):
            if not target.startswith(("@", "start:")):
                w.remember(turn)
            turn.put(dict(put))
            w.walk(turn, target)
        case Resume():
            w.resume(turn)
        case Leave(to):
            turn.change(over=None, ending="finished" if to == "@goodbye" else "")
            w.walk(turn, to, [turn.line("leaving.done")] if to == "@menu" else ())
        case Begin(intent, slots):
            turn.change(over=None)
            w.begin(turn, intent, slots)
        case Mean(intent, slots):
            turn.change(over=None)
            _understood(turn, intent, Understanding(intent, slots, Decision.ACCEPT), sure=False)
        case Speak(dialect):
            dialects.choose(turn, dialect)
            turn.ask([turn.line("manner.dialect")], whole=False)
        case NotSpoken():
            turn.change(over=None, focus=-1)
            turn.ask([turn.line("manner.dialect_not_here")], whole=False)
        case Rate(face, thanks):
            w.rated(turn, face, thanks)
        case NoneOfThese():
            turn.change(over=None)
            turn.ask([turn.line("guess.sorry")], whole=False)
        case NextPage():
            turn.change(page=turn.session.page + 1, focus=-1)
            turn.ask()
        case GetStaff():
            repair.staff(turn)
        case SendStaffAway():
            turn.change(staff=StaffState.NONE)
            turn.emit(ev.EndStaffCall())
            w.resume(turn)


# ------------------------------------------------------------------ devices


def _headphones(turn: Turn, plugged: bool) -> None:
    """In: everything is spoken, privately. Out: silence at once, nothing leaks; an identified visitor is asked whether
    to go on, since the hall may look and listen now."""
    s = turn.session
    if plugged == s.manner.headphones:
        return
    manner = replace(s.manner, headphones=plugged, voice_mode=plugged or s.manner.voice_mode, curtain=plugged)
    turn.emit(ev.Hush())
    turn.change(manner=manner)
    turn.emit(ev.Apply(manner))
    if _parting(turn):
        return
    asked = turn.question
    if plugged:
        before = [turn.line("headphones.in")]
        if isinstance(s.over, ss.Unplugged):
            return w.resume(turn, before)
        if _attracting(turn):
            return w.walk(turn, "@menu", before)
        return repair.say_again(turn, *before) if asked.working else turn.ask(before)
    if _attracting(turn):
        turn.change(manner=turn.script.settings.manner)
        turn.emit(ev.Apply(turn.session.manner))
        return turn.show()
    if asked.working:
        return
    if s.identified:
        turn.change(over=ss.Unplugged(), focus=-1)
        turn.ask(nudges=False)
        return turn.wait("countdown", turn.script.settings.countdown_calm)
    turn.ask([turn.line("headphones.out")])


def _hearing(turn: Turn, able: bool) -> None:
    """Deaf: the screen says so at once, and touch and keys go on as before."""
    if able == turn.session.hearing:
        return
    turn.change(hearing=able)
    turn.show()
    if able:
        return turn.listen()
    if not (_attracting(turn) or _parting(turn)):
        turn.say([turn.line("hearing.lost")], keep=False)


def _reader(turn: Turn, event: ev.CardRead | ev.CardRemoved | ev.ReaderFault) -> None:
    s = turn.session
    step = turn.script.step(s.place)
    if isinstance(event, ev.CardRemoved):
        turn.change(card_in=False)
        if not s.identified and not s.doing:
            turn.drop("card")
        return
    if isinstance(event, ev.ReaderFault):
        if isinstance(step, fl.Card):
            w.walk(turn, step.fault)
        return
    turn.change(card_in=True)
    if s.identified or _parting(turn):
        return
    turn.put({"card": event.card})
    turn.change(lasting=turn.session.lasting | {"card"})
    if _attracting(turn):
        w.walk(turn, "@menu", [turn.line("visit.card_seen")])
    elif s.over is None and not s.doing:
        # Where a card is one of the ways, it is taken at once: also while a number is being typed.
        flow = turn.script.flows.flows[s.place.flow]
        waiting = next((name for name, each in flow.steps.items() if isinstance(each, fl.Card)), None)
        if waiting:
            w.remember(turn)
            w.walk(turn, waiting)
