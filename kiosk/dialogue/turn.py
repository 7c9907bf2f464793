"""One turn: the session as it changes while one event is answered, and the effects that come of it.

A Turn lives for one call of Engine.step; outside there are only frozen values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.dialogue import events as ev
from kiosk.dialogue import flow as fl
from kiosk.dialogue import session as ss
from kiosk.dialogue.questions import Question, Script, bulletin_line, choices, question
from kiosk.dialogue.view import Screen, View
from kiosk.ports.devices import StaffState
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Line

#: So many characters of what was said are shown beside a question.
MOST_BESIDE = 60


class Turn:
    """`session` is replaced, never changed; `effects` grows."""

    def __init__(self, script: Script, session: ss.Session) -> None:
        self.script = script
        self.session = session
        self.effects: list[ev.Effect] = []

    # ------------------------------------------------------------ small tools

    def change(self, **fields: Any) -> None:
        self.session = replace(self.session, **fields)

    def put(self, facts: dict[str, object]) -> None:
        if facts:
            self.change(facts={**self.session.facts, **facts})

    def drop(self, *names: str) -> None:
        self.change(facts={name: fact for name, fact in self.session.facts.items() if name not in names})

    def token(self) -> int:
        self.change(count=self.session.count + 1)
        return self.session.count

    def emit(self, effect: ev.Effect) -> None:
        self.effects.append(effect)

    def line(self, key: str, **extra: object) -> Line:
        return self.script.line(self.session, key, extra)

    @property
    def question(self) -> Question:
        return question(self.script, self.session)

    # ------------------------------------------------------------ speaking, showing, listening, waiting

    def say(self, lines: Iterable[Line], *, keep: bool = True) -> None:
        """Say now. `keep` makes it what "say it again" repeats."""
        lines = tuple(line for line in lines if line.public)
        if not lines:
            return
        token = self.token()
        self.change(saying=token, lines=lines if keep else self.session.lines)
        self.emit(ev.Say(lines, token))

    def ask(self, before: Iterable[Line] = (), *, whole: bool = True, nudges: bool = True) -> None:
        """Put the current question: say it, show it, listen, and start waiting. `before` is said first; `whole` False
        asks in the shortest way."""
        if self.covered and not isinstance(self.session.over, (ss.Covered, ss.WithStaff)):
            self.change(over=ss.Covered(), focus=-1)
            nudges = False
        before, asked = tuple(before), self.question
        self.change(before=tuple(line.public for line in before[-2:]))
        self.show(asked)
        wording = _not_yet_said(before, self.wording(asked, whole=whole))
        self.say((*before, *wording))
        self.change(lines=(*before, *wording) if whole else self.wording(asked))  # no apology twice
        self.listen(asked)
        self.wait("nudge1" if nudges else "idle")

    @property
    def covered(self) -> bool:
        """A notice is up that covers everything: an evacuation, or maintenance while nobody is served."""
        nobody = isinstance(self.script.step(self.session.place), fl.Attract)
        kind = self.session.bulletin.kind
        return kind == "evacuate" or (kind == "maintenance" and nobody)

    def bulletin_line(self) -> Line:
        return bulletin_line(self.script, self.session)

    def wording(self, asked: Question, *, whole: bool = True) -> tuple[Line, ...]:
        """What is said for a question. In voice mode and for the five keys: everything that is on the screen."""
        lines = asked.lines if whole else asked.lines[-1:]
        if not self.session.fully_spoken or not whole:
            return lines
        if asked.row_lines and asked.lines:  # the facts first, what to do with them last
            lines = (*asked.lines[:-1], *asked.row_lines, asked.lines[-1]) if len(asked.lines) > 1 else (
                *asked.row_lines, *asked.lines)
        return (*_without_doubles(lines, self.session.manner.headphones), *self.option_lines(asked))

    def option_lines(self, asked: Question) -> tuple[Line, ...]:
        return tuple(self.script.numbered(number, option.line) for number, option in enumerate(asked.options, 1))

    def show(self, asked: Question | None = None) -> None:
        """Show the current question if that changes anything."""
        asked = asked or self.question
        view = self._view(asked)
        if view != self.session.view:
            self.change(view=view)
            self.emit(ev.Show(view))

    def _view(self, asked: Question) -> View:
        sentence = asked.sentence or (asked.lines[-1].public if asked.lines else "")
        beside = [line.public for line in asked.lines if line.public != sentence]
        beside = _as_room([*self.session.before, *beside]) or [line.public for line in asked.more]
        return View(screen=asked.screen, title=asked.title, sentence=sentence, picture=asked.picture,
                    help="".join(beside), choices=choices(asked), rows=asked.rows,
                    pad=asked.pad, step=asked.step, steps=asked.steps,
                    focus=self.session.focus if self.session.keys else -1, document=asked.document, mood=asked.mood,
                    notice=self._notice(), strip=self._strip(asked))

    def _notice(self) -> str:
        if self.session.bulletin.kind and not isinstance(self.session.over, ss.Covered):
            return self.bulletin_line().public
        if isinstance(self.session.over, ss.StillThere):
            return self.script.text(self.session, "notice.time", {"seconds": int(self.session.over.seconds)})
        if self.session.staff is not StaffState.NONE and not isinstance(self.session.over, ss.WithStaff):
            return self.script.text(self.session, f"notice.staff_{self.session.staff.value}")
        if not self.session.hearing:
            return self.script.text(self.session, "notice.deaf")
        if self.session.manner.headphones and not self.session.manner.voice_mode:  # left behind by somebody
            return self.script.text(self.session, "notice.headphones")
        return ""

    def _strip(self, asked: Question) -> tuple[str, ...]:
        if asked.screen is Screen.ATTRACT:
            return ("staff",)
        return ("repeat", "staff") if asked.working else ("back", "repeat", "staff")

    def listen(self, asked: Question | None = None) -> None:
        """Open the ears for the current question once it has been said."""
        asked = asked or self.question
        manner = self.session.manner
        expectation = Expectation(
            pending="" if asked.pending == "words" else asked.pending, options=tuple(bare_label(o.label) for o in asked.options), topic=self.session.topic,
            dialect=manner.dialect, patience=asked.patience, about=str(self.session.facts.get("article") or ""),
            asked=asked.lines[-1].public if asked.lines else "",
            likely=tuple(str(matter) for name in ("suggestion", "offered") if (matter := self.session.facts.get(name))))
        self.change(expectation=expectation)
        self.emit(ev.Listen(expectation))

    def wait(self, kind: str, seconds: float | None = None) -> None:
        """Start the one timer of the session; an older one no longer counts."""
        asked = self.question
        if asked.working or asked.screen is Screen.ATTRACT or self.session.staff not in (StaffState.NONE, StaffState.NOBODY):
            self.change(timer=None)
            return
        if isinstance(self.script.step(self.session.place), fl.Goodbye):
            kind, seconds = "farewell", self.script.settings.farewell
        if isinstance(self.session.over, ss.Covered):
            if isinstance(self.script.step(self.session.place), fl.Attract):
                self.change(timer=None)
                return
            kind, seconds = "covered", self.script.settings.countdown_calm
        if kind == "nudge1" and not (self.session.hearing or self.session.fully_spoken):
            kind = "idle"
        settings = self.script.settings
        idle = settings.idle_calm if self.session.calm else settings.idle
        usual = {"nudge1": settings.nudge, "nudge2": settings.nudge, "idle": idle, "rest": idle - 2 * settings.nudge}
        token = self.token()
        self.change(timer=ss.Timer(token, "idle" if kind == "rest" else kind))
        self.emit(ev.Wake(token, usual.get(kind, idle) if seconds is None else seconds))


def _as_room(lines: list[str]) -> list[str]:
    """What was just said stands beside the question as far as there is room: the first lines, and never half of one."""
    shown: list[str] = []
    for line in dict.fromkeys(lines):
        if shown and sum(map(len, shown)) + len(line) > MOST_BESIDE:
            break
        shown.append(line)
    return shown


def _not_yet_said(before: tuple[Line, ...], lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A fact on the screen that has just been told is not said a second time."""
    return tuple(line for line in lines if (line.public, line.private) not in {(b.public, b.private) for b in before})


def bare_label(label: str) -> str:
    return label.rstrip("。！？")


def _without_doubles(lines: Iterable[Line], headphones: bool) -> tuple[Line, ...]:
    """Several private facts may share one public sentence ("the amount is on the screen"), which is said once."""
    said: dict[str, Line] = {}
    for line in lines:
        said.setdefault(line.private or line.public if headphones else line.public, line)
    return tuple(said.values())
