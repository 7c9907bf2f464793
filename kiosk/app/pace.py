"""How long a visit takes at the pace of an elder: computed over the real conversation, without sound.

    kiosk rehearse --pace elder retirement      seconds of every turn, against 180 s
    kiosk rehearse --pace elder --table         every visit by voice, touch and keys, a line each

Everything that the kiosk says is heard to its end; only a "one moment please" ends when the centre has answered, and goes
on while paper is printed. With the five keys all facts on the screen are said, too; the list of choices is cut short by ▼,
which reads them one by one. Engine, understanding, counter and demonstration centre are
the real ones; only paper is not drawn. The figures of `Pace` are assumptions, not measurements.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kiosk import places
from kiosk.app import answers, compose, settings
from kiosk.app.rehearse import DOORS, Act, Script
from kiosk.app.samples import card_of
from kiosk.counter.counter import Counter
from kiosk.dialogue import events as ev
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.view import Screen
from kiosk.fund.errors import WorldError
from kiosk.language import understand
from kiosk.ports.devices import Key
from kiosk.ports.printer import PrintReport, PrintState
from kiosk.ports.understanding import Understander


@dataclass(frozen=True)
class Pace:
    """Seconds, and characters a minute (features.md A18, accessibility.md C4). `think` before every answer; `card` to
    find the card and lay it down, or to take it; `touch` for one touch, `press` for one key or digit; `paper` until a
    sheet has come out; `centre` for one question to the centre."""

    characters_a_minute: float = 170.0
    think: float = 3.0
    card: float = 5.0
    touch: float = 1.0
    press: float = 0.7
    paper: float = 6.0
    centre: float = 1.0

    def speech(self, text: str) -> float:
        """Signs are not said; figures count as they are written."""
        return sum(character.isalnum() for character in text) * 60.0 / self.characters_a_minute


ELDER = Pace()
#: Key of a line that names a choice with its number (Script.numbered).
_NUMBERED = re.compile(r"#\d$")


@dataclass
class Turn:
    """One thing that the visitor does and what the kiosk says and does about it, in seconds."""

    act: str
    value: str
    visitor: float = 0.0
    kiosk: float = 0.0
    waiting: float = 0.0
    says: list[str] = field(default_factory=list)
    screen: str = ""

    @property
    def seconds(self) -> float:
        return self.visitor + self.kiosk + self.waiting


@dataclass
class Visit:
    """One visit by one door. `most` is the limit in seconds, 0 for none. `finished`: it came to the goodbye."""

    script: str
    title: str
    door: str
    most: float
    finished: bool
    turns: list[Turn]

    @property
    def seconds(self) -> float:
        return sum(turn.seconds for turn in self.turns)

    @property
    def good(self) -> bool:
        return self.finished and (not self.most or self.seconds <= self.most)


class NoPaper:
    """Papers that nobody looks at: empty files."""

    def draw(self, layout: str, facts: Mapping[str, object], target: Path, *, enlarged: bool = False, qr: str = "",
             mark: str = "") -> Path:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"")
        return target

    def picture(self, document: Path, width: int) -> Path:
        return document

    def pages(self, layout: str, facts: Mapping[str, object], *, enlarged: bool = False, qr: str = "") -> int:
        return 1


class QuickPrinter:
    """Every job is done at once."""

    def print(self, document: Path, title: str, copies: int, on_report: object) -> PrintReport:
        return PrintReport(PrintState.DONE)

    def check(self) -> PrintReport:
        return PrintReport(PrintState.READY)


class Walk:
    """Plays one visit, event by event, and writes down how long everything takes."""

    def __init__(self, engine: Engine, counter: Counter, understander: Understander, pace: Pace = ELDER) -> None:
        self.engine, self.counter, self._understander, self._pace = engine, counter, understander, pace
        self.session, _ = engine.start(compose.new_visit())
        self._turn = Turn("", "")
        self.finished = False

    def play(self, script: Script, door: str) -> Visit:
        turns = []
        for act in script.turns if door == "voice" else script.touch:
            self._turn = Turn(act.what, act.value)
            self._visitor(act, door)
            self._turn.screen = str(self.session.view.screen)
            turns.append(self._turn)
        return Visit(script.name, script.title, door, script.most, self.finished, turns)

    # ------------------------------------------------------------ the visitor

    def _visitor(self, act: Act, door: str) -> None:
        pace, turn = self._pace, self._turn
        turn.visitor = 0.0 if act.what == "take" else pace.think
        match act.what:
            case "say":
                turn.visitor += pace.speech(act.value) + self.session.expectation.patience
                self.send(ev.Said(self._understander.understand(act.value, self.session.expectation)))
            case "card":
                turn.visitor += pace.card
                self.send(ev.CardRead(card_of(act.value)))
            case "take":
                turn.visitor += pace.card
                self.send(ev.CardRemoved())
            case "touch" if door == "keys":
                for key in self._keys_for(act.value):
                    turn.visitor += pace.press
                    self.send(key)
            case "touch":
                self._place_of(act.value)
                turn.visitor += pace.touch
                self.send(ev.Chose(act.value))
            case "type":
                for character in act.value:
                    turn.visitor += pace.press
                    self.send(ev.Typed(character))
            case "key":
                turn.visitor += pace.press
                self.send(ev.Pressed(Key(act.value)))
            case "headphones":
                self.send(ev.Headphones(act.value == "in"))
            case "notice":
                self.send(ev.Bulletin(act.value))

    def _keys_for(self, choice: str) -> Iterator[ev.Event]:
        """▼ to the choice, ● to take it. At the beginning any key will do; on a pad the digits' own enter key."""
        view = self.session.view
        if view.screen is Screen.ATTRACT:
            yield ev.Pressed(Key.DOWN)
            return
        if view.pad is not None and choice in view.pad.keys:
            yield ev.Typed(choice)
            return
        for _ in range(self._place_of(choice) - view.focus):
            yield ev.Pressed(Key.DOWN)
        yield ev.Pressed(Key.SELECT)

    def _place_of(self, choice: str) -> int:
        """Where the focus must be for a choice: the pad's keys come first. Raises WorldError where there is no such choice."""
        view = self.session.view
        there = [*(view.pad.keys if view.pad else ()), *(each.id for each in view.choices)]
        if choice not in there:
            shown = "、".join(each.id for each in view.choices)
            raise WorldError(choice, f"这一步没有“{choice}”这个按钮，可以选：{shown or '（没有）'}。")
        return there.index(choice)

    # ------------------------------------------------------------ the kiosk

    def send(self, event: ev.Event) -> None:
        waiting: list[ev.Event] = [event]
        while waiting:
            self.session, effects = self.engine.step(self.session, waiting.pop(0))
            for effect in effects:
                if isinstance(effect, ev.Do):
                    waiting.append(self._perform(effect, effects))
                elif isinstance(effect, ev.Say):
                    self._turn.says += self._said(effect)
                    if not any(isinstance(other, ev.Do) for other in effects):
                        self._turn.kiosk += self._speech(effect)
                    waiting.append(ev.Spoken(effect.token))
                elif isinstance(effect, ev.StopListening):
                    self.finished = True

    def _said(self, effect: ev.Say) -> list[str]:
        private = self.session.manner.headphones
        return [line.private if private and line.private else line.public for line in effect.lines]

    def _speech(self, effect: ev.Say) -> float:
        """Choices that are read out behind their question are not counted: the next key cuts them short."""
        choices = [_NUMBERED.search(line.key) is not None for line in effect.lines]
        heard = [said for said, choice in zip(self._said(effect), choices, strict=True) if not choice or all(choices)]
        return sum(map(self._pace.speech, heard))

    def _perform(self, task: ev.Do, effects: Iterable[ev.Effect]) -> ev.TaskDone:
        """The counter answers; meanwhile the kiosk speaks."""
        outcome = self.counter.perform(task.task, task.facts, task.once_key, lambda name, facts: None)
        wait = self._pace.paper if "copies_printed" in outcome.facts else self._pace.centre
        meanwhile = sum(self._speech(effect) for effect in effects if isinstance(effect, ev.Say))
        self._turn.waiting += max(wait, meanwhile) if task.once_key else wait
        return ev.TaskDone(task.token, outcome.name, outcome.facts)


class Stage:
    """What all visits of one run share. The centre is built once, and copied for every visit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        site = settings.Site(state=str(folder / "usual"))
        requests = understand.load(places.ASSETS)
        self._engine, self._understander = compose.engine(site, compose.sentences()), answers.asking(requests, requests)
        self._rules = compose.rule_book(site)
        compose.demo_centre(site).close_file()

    def visit(self, script: Script, door: str) -> Visit:
        """One visit. Raises WorldError where the script does not fit the conversation."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            shutil.copytree(self._folder / "usual", folder, dirs_exist_ok=True)
            counter = compose.counter(settings.Site(state=folder), NoPaper(), QuickPrinter(), rules=self._rules)
            try:
                return Walk(self._engine, counter, self._understander).play(script, door)
            except WorldError as fault:
                raise WorldError(script.name, f"{script.name}.yaml（{_DOORS[door]}）：{fault.sentence}") from None


def visits(scripts: Iterable[Script], door: str | None = None) -> list[Visit]:
    """All visits by all doors that their scripts tell of."""
    with tempfile.TemporaryDirectory(prefix="xiangyin-pace-") as folder:
        stage = Stage(Path(folder))
        return [stage.visit(script, one) for script in scripts
                for one in ((door,) if door else DOORS if script.touch else DOORS[:1])]


def run(scripts: Iterable[Script], door: str | None, *, table: bool, as_json: bool) -> int:
    made = visits(scripts, door)
    if as_json:
        print(json.dumps([{**asdict(one), "seconds": one.seconds} for one in made], ensure_ascii=False))
    elif table:
        print(as_table(made))
    else:
        print("\n".join(as_text(one) for one in made))
    return 0 if all(one.good for one in made) else 1


_DOORS = {"voice": "说话", "touch": "按屏幕", "keys": "五个键"}


def as_table(made: list[Visit]) -> str:
    """A line for each visit, seconds by each door."""
    lines = ["| 来访 | 说话 | 按屏幕 | 五个键 | 上限 |", "|---|---|---|---|---|"]
    for script in dict.fromkeys(one.script for one in made):
        mine = {one.door: one for one in made if one.script == script}
        cells = [f"{mine[door].seconds:.0f}{'' if mine[door].finished else '（没办完）'}" if door in mine else "" for door in _DOORS]
        first = next(iter(mine.values()))
        lines.append(f"| {first.title} | {' | '.join(cells)} | {f'{first.most:.0f}' if first.most else ''} |")
    return "\n".join([*lines, "", _assumed(ELDER)])


def as_text(one: Visit) -> str:
    lines = [f"# {one.title}（{_DOORS[one.door]}）", ""]
    for number, turn in enumerate(one.turns, 1):
        what = f"您：{turn.value}" if turn.act == "say" else f"[{turn.act} {turn.value}]"
        lines.append(f"{number:>2}. {what}  {turn.seconds:.1f} 秒（您 {turn.visitor:.1f}，机器说 {turn.kiosk:.1f}，等 {turn.waiting:.1f}）")
        lines += [f"    机器：{said}" for said in turn.says]
    limit = f"，上限 {one.most:.0f} 秒，{'在上限以内' if one.seconds <= one.most else '超过了上限'}" if one.most else ""
    return "\n".join([*lines, "", f"一共 {one.seconds:.0f} 秒{limit}。" + ("" if one.finished else "没有办完！"), _assumed(ELDER), ""])


def _assumed(pace: Pace) -> str:
    return (f"按老人的步调算：说话每分钟 {pace.characters_a_minute:.0f} 字，每次回答前想 {pace.think:.0f} 秒，拿证放证 {pace.card:.0f} 秒，"
            f"打一张纸 {pace.paper:.0f} 秒，问一次中心 {pace.centre:.0f} 秒；机器的话都算听完，“请稍等”除外。")
