"""What the visitor is being asked right now. One value serves three uses: the screen, the speech and the answers.

`question()` is a function of the session alone, so nothing about the current question has to be remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kiosk.dialogue import flow as fl
from kiosk.dialogue import rounds
from kiosk.dialogue import session as ss
from kiosk.dialogue.settings import Settings
from kiosk.dialogue.view import Choice, Pad, Role, Row, Screen
from kiosk.fund.money import Money
from kiosk.ports.devices import StaffState
from kiosk.ports.tasks import Listed
from kiosk.ports.understanding import Line, Phrasebook

#: More choices than this on one screen are too many (design.md).
MOST_CHOICES = 4
#: Longer lists are shown without the words below each line.
MOST_WITH_WORDS = 5
#: Masked places of a number or name, as they are said.
_STARS = re.compile(r"\*+")
ORDINALS = ("first", "second", "third", "fourth")

# ------------------------------------------------------------------ what choosing an option does


@dataclass(frozen=True)
class Go:
    """Walk to a target of the flow, with these facts."""

    target: str
    put: Mapping[str, object]


@dataclass(frozen=True)
class Resume:
    """Back to the question that was interrupted."""


@dataclass(frozen=True)
class Leave:
    """Drop the matter and go to @menu or @goodbye."""

    to: str


@dataclass(frozen=True)
class Begin:
    """Begin the matter of this intent, dropping what is under way."""

    intent: str
    slots: Mapping[str, object]


@dataclass(frozen=True)
class Mean:
    """The guess was right: take it as if this had been said clearly."""

    intent: str
    slots: Mapping[str, object]


@dataclass(frozen=True)
class NoneOfThese:
    """The guess was wrong."""


@dataclass(frozen=True)
class Speak:
    """Listen for this dialect from now on."""

    dialect: str


@dataclass(frozen=True)
class NotSpoken:
    """None of the dialects that were offered."""


@dataclass(frozen=True)
class Rate:
    """A face was chosen at the end."""

    face: str
    thanks: str


@dataclass(frozen=True)
class NextPage:
    pass


@dataclass(frozen=True)
class GetStaff:
    pass


@dataclass(frozen=True)
class SendStaffAway:
    pass


Action = Go | Resume | Leave | Begin | Mean | NoneOfThese | Speak | NotSpoken | Rate | NextPage | GetStaff | SendStaffAway


@dataclass(frozen=True)
class Option:
    """One answer that can be given: by its button, its number, its intents, or by keys. `line` is said for it."""

    id: str
    label: str
    line: Line
    then: Action
    help: Line | None = None
    help_text: str = ""
    icon: str = ""
    role: Role = Role.NORMAL
    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    explicit: bool = False
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """`lines` are the question itself (the last one is the shortest way to ask it), `row_lines` what is said for the
    facts on the screen, `more` what is added on request, `hint` what is said into a silence."""

    screen: Screen
    title: str
    lines: tuple[Line, ...]
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    row_lines: tuple[Line, ...] = ()
    more: tuple[Line, ...] = ()
    hint: Line | None = None
    sentence: str = ""
    pending: str = ""
    pad: Pad | None = None
    step: int = 0
    steps: int = 0
    document: str = ""
    mood: str = "listening"
    patience: float = 1.2
    count: str = ""         # the fact that a spoken number changes
    settled: bool = False   # nothing would be lost by leaving
    working: bool = False   # a task is being done
    picture: str = ""       # see View.picture

    @property
    def explicit(self) -> bool:
        return any(option.explicit for option in self.options)


@dataclass(frozen=True)
class Script:
    """What the engine reads from: flows, sentences, settings. Makes lines and texts with all slots in place."""

    flows: fl.Flows
    phrases: Phrasebook
    settings: Settings

    def slots(self, session: ss.Session, extra: Mapping[str, object] | None = None) -> dict[str, object]:
        return {**self.settings.facts, **session.facts, **(extra or {})}

    def line(self, session: ss.Session, key: str, extra: Mapping[str, object] | None = None) -> Line:
        """A sentence to say. The fact "aloud" (the visitor's yes to reading amounts out) reaches the phrasebook, too."""
        return self.phrases.line(self.key(session, key), self.slots(session, extra))

    def lines(self, session: ss.Session, keys: Sequence[str]) -> tuple[Line, ...]:
        return tuple(self.line(session, key) for key in keys)

    def text(self, session: ss.Session, key: str, extra: Mapping[str, object] | None = None) -> str:
        return self.phrases.text(self.key(session, key), self.slots(session, extra)) if key else ""

    @staticmethod
    def key(session: ss.Session, key: str) -> str:
        """Sentence keys may name a fact: advice.{matter}."""
        return key.format_map(session.facts) if "{" in key else key

    def step(self, frame: ss.Frame) -> fl.Step:
        return self.flows.step(frame.flow, frame.step)

    # ------------------------------------------------------------ small lines that the engine itself needs

    def numbered(self, number: int, line: Line) -> Line:
        """ "二，打印缴存证明。" A fixed text for a fixed label, so that its sound can be kept."""
        word = self.phrases.text(f"say.{ORDINALS[number - 1]}", {})
        return Line(f"{line.key}#{number}", word + line.public, word + line.private if line.private else None)


def question(script: Script, session: ss.Session) -> Question:
    """What is being asked: an interruption, or the current step."""
    interruption = _INTERRUPTIONS.get(type(session.over))
    if interruption:
        return interruption(script, session)
    return step_question(script, session)


def step_question(script: Script, session: ss.Session) -> Question:
    """The question of the current step, whatever lies over it."""
    step = script.step(session.place)
    if isinstance(step, fl.Perform):
        asked = _working(script, session, step)
    elif isinstance(step, fl.Goodbye):
        asked = _goodbye(script, session, step)
    elif isinstance(step, fl.ASKING):
        asked = _asked(script, session, step)
    else:
        raise AssertionError(f"no question at {session.place}")
    number, of = _stage(script, session)
    title = asked.title or _title(script, session)
    return replace(asked, title=title, step=number, steps=of)


def _title(script: Script, session: ss.Session) -> str:
    for frame in session.frames:
        title = script.flows.flows[frame.flow].title
        if title:
            return script.text(session, title)
    return ""


def _stage(script: Script, session: ss.Session) -> tuple[int, int]:
    """The outermost flow with stones gives them; the innermost step that names a stage gives how many are filled."""
    of = next((script.flows.flows[f.flow].stages for f in session.frames if script.flows.flows[f.flow].stages), 0)
    stages = [getattr(script.step(frame), "stage", 0) for frame in reversed(session.frames)] if of else []
    stage = next((number for number in stages if number), 0)
    return (stage, of) if stage else (0, 0)


# ------------------------------------------------------------------ questions of steps


def _goodbye(script: Script, session: ss.Session, step: fl.Goodbye) -> Question:
    lines = script.lines(session, step.say)
    asked = Question(Screen.DONE, "", lines, sentence=lines[0].public, mood="glad", settled=True)
    if not (step.faces and session.begun and session.ending == "finished" and not session.rated):
        return asked
    faces = tuple(Option(face.id, script.text(session, face.label), script.line(session, face.label),
                         Rate(face.id, face.thanks), icon=face.icon, words=face.words) for face in step.faces)
    said = script.line(session, step.faces_say)
    return replace(asked, lines=(*lines, said), sentence=said.public, options=faces, pending="choice")


def _working(script: Script, session: ss.Session, step: fl.Perform) -> Question:
    keys = (session.trouble,) if session.trouble else step.say
    return Question(Screen.WORKING, "", script.lines(session, keys), mood="sorry" if session.trouble else "thinking",
                    picture="print" if step.progress else "", working=True)


def _asked(script: Script, session: ss.Session, step: fl.AskStep) -> Question:
    asked = Question(
        screen=_SCREENS.get(type(step), Screen.CHOICES), title="",
        lines=script.lines(session, step.say), more=script.lines(session, step.more),
        hint=script.line(session, step.hint) if step.hint else None,
        options=tuple(_option(script, session, option) for option in step.options if _wanted(script, session, option.when)),
        mood=step.mood, patience=step.patience,
        sentence=script.line(session, step.headline).public if step.headline else "")
    if isinstance(step, fl.Ask):
        asked = _with_facts(script, session, step, asked)
    elif isinstance(step, fl.Pick):
        options = _items(script, session, step, asked.options)
        meant = {intent for option in options for intent in option.intents}
        asked = replace(asked, options=options, pending="yes_no" if {"yes", "no"} <= meant else "choice")
    elif isinstance(step, fl.Pad):
        asked = replace(asked, pad=_pad(script, session, step), pending=step.pending)
    elif isinstance(step, fl.Attract):
        asked = replace(asked, settled=True, mood="idle")
    if session.misses >= 3 and isinstance(step, (fl.Ask, fl.Pick, fl.Pad, fl.Card)):
        asked = _with_staff(script, session, asked)
    return asked


_SCREENS = {fl.Pad: Screen.KEYPAD, fl.Card: Screen.IDENTIFY, fl.Attract: Screen.ATTRACT}


def _wanted(script: Script, session: ss.Session, when: str) -> bool:
    return not when or bool(script.slots(session).get(when))


def _option(script: Script, session: ss.Session, option: fl.FlowOption) -> Option:
    return Option(option.id, script.text(session, option.label), script.line(session, option.label),
                  Go(option.go, option.put), script.line(session, option.help) if option.help else None,
                  script.text(session, option.help), option.icon, Role(option.role), option.intents, option.words,
                  option.explicit, option.unlike)


def _with_facts(script: Script, session: ss.Session, step: fl.Ask, asked: Question) -> Question:
    rows = [row for row in step.rows if _wanted(script, session, row.when)]
    shown = tuple(_row(script, session, row) for row in rows)
    said = script.lines(session, [row.say for row in rows])
    listed = session.facts.get(step.rows_from) if step.rows_from else None
    if isinstance(listed, (tuple, list)):
        if step.rows_value:
            listed = [(item[step.rows_value], item.get(step.rows_words, "")) for item in rounds.listed(listed)]
            room = len(listed) <= MOST_WITH_WORDS
            shown += tuple(Row("", str(value), words=str(words) if room else "") for value, words in listed)
        else:
            shown += tuple(_listed_row(one) for one in listed)
        read = _listed_lines(script, session, step.rows_say, listed)
        if step.rows_read:
            asked = replace(asked, lines=(*asked.lines[:-1], *read, asked.lines[-1]))
        else:
            said += read
    document = str(session.facts.get(step.document) or "") if step.document else ""
    return replace(asked, screen=Screen(step.screen), pending=fl.pending_of(step), rows=shown, row_lines=said,
                   document=document, settled=step.over, count=step.count)


def _listed_row(one: Listed | tuple[object, object]) -> Row:
    if isinstance(one, Listed):
        return Row(one.label, one.value, one.large, one.words, one.bar)
    label, value = one
    return Row(str(label), str(value))


def _listed_lines(script: Script, session: ss.Session, key: str,
                  listed: Sequence[Any]) -> tuple[Line, ...]:
    """Facts that come as a list are private as a whole: one public sentence, all of them on headphones."""
    public = script.line(session, key).public
    if listed and isinstance(listed[0], Listed):  # amounts and nothing worse: aloud with the visitor's yes
        aloud = bool(session.facts.get("aloud"))
        return tuple(Line(key, one.said if aloud else public, one.said) for one in listed if isinstance(one, Listed))
    if session.manner.headphones:
        return tuple(Line(key, public, "，".join(filter(None, (str(label), _as_said(str(value))))) + "。")
                     for label, value in listed)
    return (Line(key, public),)


def _as_said(value: str) -> str:
    """A value that is text already: amounts as people say them, masked places by name."""
    if value.endswith("元"):
        try:
            return Money.parse(value).spoken
        except ValueError:
            return value
    return _STARS.sub("星号", value)


def _row(script: Script, session: ss.Session, row: fl.FlowRow) -> Row:
    amount = session.facts.get(row.words) if row.words else None
    words = amount.spoken if isinstance(amount, Money) else ""
    return Row(script.text(session, row.label), script.text(session, row.value), row.large, words)


def items_of(session: ss.Session, step: fl.Pick) -> tuple[Mapping[str, object], ...]:
    listed = session.facts.get(step.source)
    return tuple(item for item in listed if isinstance(item, Mapping)) if isinstance(listed, (tuple, list)) else ()


def _items(script: Script, session: ss.Session, step: fl.Pick, others: tuple[Option, ...]) -> tuple[Option, ...]:
    """One page of the list, with "others" when there are more, then the step's own options where there is room."""
    items = items_of(session, step)
    room = MOST_CHOICES if len(items) <= MOST_CHOICES else MOST_CHOICES - 1
    pages = max(1, -(-len(items) // room))
    first = session.page % pages * room
    shown = [_item(script, session, step, item, index + 1) for index, item in enumerate(items)][first:first + room]
    if pages > 1:
        label = script.text(session, "say.others")
        shown.append(Option("others", label, script.line(session, "say.others"), NextPage(), icon="more"))
    return (*shown, *others)[:MOST_CHOICES]


_NOTHING = fl.Known()


def _item(script: Script, session: ss.Session, step: fl.Pick, item: Mapping[str, object], index: int) -> Option:
    extra = {**item, "index": index}
    put = {step.into: item[step.key], **{name: item[name] for name in step.keep}}
    known = step.known.get(str(item[step.key]), _NOTHING)
    return Option(f"{step.into}:{index}", script.text(session, step.label, extra),
                  script.line(session, step.item_say, extra), Go(step.next, put),
                  help_text=script.text(session, step.item_help, extra), icon=known.icon or step.icon,
                  role=Role(known.role), intents=known.intents, words=(*known.words, *_words(item)),
                  help=script.line(session, step.item_help, extra) if step.item_help else None)


def _words(item: Mapping[str, object]) -> tuple[str, ...]:
    """Other ways to say an item of a list, where whoever made the list knows some."""
    words = item.get("words")
    return tuple(str(word) for word in words) if isinstance(words, tuple) else ()


def _pad(script: Script, session: ss.Session, step: fl.Pad) -> Pad:
    typed = session.typed
    if step.pending:
        return Pad(typed + script.text(session, step.after), pad_keys(step), 0)
    visible = typed[-step.show_last:] if step.show_last else ""
    shown = "●" * (len(typed) - len(visible)) + visible if step.mask else typed
    hint = session.facts.get(step.hint_fact) if step.hint_fact else None
    return Pad(shown, pad_keys(step), step.length, str(hint or ""))


def pad_keys(step: fl.Pad) -> tuple[str, ...]:
    """Row by row as on a telephone: 1 2 3, 4 5 6, 7 8 9, X 0 delete, enter."""
    letters = [c for c in step.letters if c not in "1234567890"]
    return (*"123456789", *letters, "0", "delete", "enter")


def _with_staff(script: Script, session: ss.Session, asked: Question) -> Question:
    """Where it was not understood again and again, a person is offered among the large buttons, if there is room."""
    if len(asked.options) >= MOST_CHOICES:
        return asked
    return replace(asked, options=(*asked.options, _staff_option(script, session)))


def _staff_option(script: Script, session: ss.Session) -> Option:
    return Option("staff", script.text(session, "strip.staff"), script.line(session, "strip.staff"), GetStaff(),
                  icon="staff", intents=("staff",))


# ------------------------------------------------------------------ questions that lie over a step


def _pair(script: Script, session: ss.Session, yes: str, no: str, then_yes: Action,
          then_no: Action) -> tuple[Option, ...]:
    return (Option("yes", script.text(session, yes), script.line(session, yes), then_yes, icon="yes", role=Role.YES,
                   intents=("yes",)),
            Option("no", script.text(session, no), script.line(session, no), then_no, icon="no", role=Role.NO,
                   intents=("no",)))


def _over(script: Script, session: ss.Session, key: str, options: tuple[Option, ...], *,
          screen: Screen = Screen.CHOICES, pending: str = "yes_no", mood: str = "listening",
          extra: Mapping[str, object] | None = None) -> Question:
    return Question(screen, _title(script, session), (script.line(session, key, extra),), options, pending=pending,
                    mood=mood)


def _leaving(script: Script, session: ss.Session) -> Question:
    assert isinstance(session.over, ss.Leaving)
    options = _pair(script, session, "leaving.yes", "leaving.no", Leave(session.over.to), Resume())
    return _over(script, session, "leaving.ask", options)


def meaning_line(script: Script, session: ss.Session, intent: str, slots: Mapping[str, object]) -> Line:
    """How a guessed intent is named: an answer by its option, everything else by its own words."""
    plain = step_question(script, replace(session, over=None, misses=0))
    option = find_option(plain, intent, slots)
    if not option and intent_asks(script, intent) and slots.get("asked"):
        return script.line(session, "guess.asked", {"asked": slots["asked"]})
    return option.line if option else script.line(session, f"intent.{intent}")


def intent_asks(script: Script, intent: str) -> bool:
    """Does this intent take a question in words (kiosk.fund.knowledge)?"""
    flow = script.flows.starts.get(intent)
    return flow is not None and "asked" in script.flows.flows[flow].starts[intent].takes


def slots_of_guess(script: Script, intent: str, slots: Mapping[str, object], first: bool) -> Mapping[str, object]:
    """The slots belong to the first guess; a question that was recognised, and its words, to the intent that takes it."""
    if "asked" in slots:
        return slots if intent_asks(script, intent) else {}
    return slots if first else {}


def _guessing(script: Script, session: ss.Session) -> Question:
    assert isinstance(session.over, ss.Guessing)
    guesses, slots = session.over.guesses, session.over.slots
    own = [slots_of_guess(script, intent, slots, first=not place) for place, intent in enumerate(guesses)]
    named = [(intent, meaning_line(script, session, intent, mine)) for intent, mine in zip(guesses, own, strict=True)]
    if len(named) == 1:
        intent, line = named[0]
        options = _pair(script, session, "guess.yes", "guess.no", Mean(intent, own[0]), NoneOfThese())
        key = "guess.question" if line.key == "guess.asked" else "guess.ask"
        return _over(script, session, key, options, extra={"guess": bare(line)})
    options = tuple(Option(intent, bare(line), line, Mean(intent, mine), intents=(intent,))
                    for (intent, line), mine in zip(named, own, strict=True))
    none = Option("none", script.text(session, "guess.none"), script.line(session, "guess.none"), NoneOfThese(),
                  icon="no", role=Role.NO, intents=("no",))
    return _over(script, session, "guess.choose", (*options, none), pending="choice")


def bare(line: Line) -> str:
    """A label without its full stop, to stand inside another sentence. The public words only."""
    return line.public.rstrip("。！？")


def _switching(script: Script, session: ss.Session) -> Question:
    assert isinstance(session.over, ss.Switching)
    wanted = session.over
    options = _pair(script, session, "switch.yes", "switch.no", Begin(wanted.intent, wanted.slots), Resume())
    guess = bare(script.line(session, f"intent.{wanted.intent}"))
    return _over(script, session, "switch.ask", options, extra={"guess": guess})


def _offering(script: Script, session: ss.Session) -> Question:
    assert isinstance(session.over, ss.Offering)
    names = {code: script.settings.dialect_names.get(code, code) for code in session.over.dialects}
    if len(names) == 1:
        (code, name), = names.items()
        options = _pair(script, session, "dialect.yes", "dialect.no", Speak(code), NotSpoken())
        return _over(script, session, "dialect.ask", options, extra={"dialect": name})
    named = tuple(Option(code, name, script.line(session, "dialect.this", {"dialect": name}), Speak(code), icon="language")
                  for code, name in names.items())
    none = Option("none", script.text(session, "dialect.none"), script.line(session, "dialect.none"), NotSpoken(),
                  icon="no", role=Role.NO, intents=("no",))
    return _over(script, session, "dialect.choose", (*named, none), pending="choice")


def _still_there(script: Script, session: ss.Session) -> Question:
    assert isinstance(session.over, ss.StillThere)
    options = _pair(script, session, "time.yes", "time.no", Resume(), Leave("@goodbye"))
    return _over(script, session, "time.ask", options, extra={"seconds": int(session.over.seconds)})


def _unplugged(script: Script, session: ss.Session) -> Question:
    options = _pair(script, session, "unplugged.yes", "unplugged.no", Resume(), Leave("@goodbye"))
    return _over(script, session, "unplugged.ask", options)


def _with_staff_called(script: Script, session: ss.Session) -> Question:
    option = Option("go_on", script.text(session, "staff.go_on"), script.line(session, "staff.go_on"), SendStaffAway(),
                    icon="back", intents=("cancel", "back", "no", "home"))
    nobody = session.staff is StaffState.NOBODY
    again = Option("call_again", script.text(session, "staff.again"), script.line(session, "staff.again"), GetStaff(),
                   icon="bell", role=Role.LIKELY, intents=("staff",))
    return _over(script, session, f"staff.{session.staff.value}", (again, option) if nobody else (option,),
                 screen=Screen.STAFF, pending="choice", mood="sorry" if nobody else "glad")


def bulletin_line(script: Script, session: ss.Session) -> Line:
    """The notice as it is said: the staff's own words, or the usual ones. Whoever is being served is not sent away."""
    told = session.bulletin
    served = told.kind == "maintenance" and not isinstance(script.step(session.place), fl.Attract)
    key = "bulletin.maintenance_soon" if served else f"bulletin.{told.kind}"
    return Line(key, told.text) if told.text else script.line(session, key)


def _covered(script: Script, session: ss.Session) -> Question:
    return Question(Screen.TROUBLE, "", (bulletin_line(script, session),), (_staff_option(script, session),),
                    pending="choice", mood="sorry", settled=True)


def _practising(script: Script, session: ss.Session) -> Question:
    option = Option("go_on", script.text(session, "practice.leave"), script.line(session, "practice.leave"), Resume(),
                    icon="back", intents=("back", "cancel", "finish", "yes"))
    return _over(script, session, "practice.start", (option,), pending="choice")


_INTERRUPTIONS: Mapping[type[object], Callable[[Script, ss.Session], Question]] = {
    ss.Leaving: _leaving, ss.Guessing: _guessing, ss.Switching: _switching, ss.Offering: _offering, ss.StillThere: _still_there,
    ss.Unplugged: _unplugged, ss.Covered: _covered, ss.WithStaff: _with_staff_called, ss.Practising: _practising,
}


# ------------------------------------------------------------------ answers


def find_option(asked: Question, intent: str, slots: Mapping[str, object]) -> Option | None:
    """The option that a spoken answer means, or None. A number counts as a choice where neither yes or no nor a
    number is asked for."""
    for option in asked.options:
        if intent in option.intents:
            return option
    index = slots.get("index") if intent == "choose" else None
    if intent == "number" and asked.pending not in ("yes_no", "sum", "amount", "number"):
        index = slots.get("value")
    if not isinstance(index, int) or isinstance(index, bool) or not asked.options:
        return None
    if index == -1:
        return asked.options[-1]
    return asked.options[index - 1] if 1 <= index <= len(asked.options) else None


def choices(asked: Question) -> tuple[Choice, ...]:
    return tuple(Choice(o.id, o.label.rstrip("。"), o.help_text, o.icon, number, o.role)
                 for number, o in enumerate(asked.options, 1))
