"""What the screen shows, as a plain value. The UI draws it; the dialogue makes it; nobody else decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Screen(StrEnum):
    """One screen class of the UI per name."""

    ATTRACT = "attract"      # nobody is here: "按这里或直接说话"
    CHOICES = "choices"      # a question with up to four large rows (menus, yes/no, cards, amounts, reprint)
    IDENTIFY = "identify"    # put your card here; choice: type the number instead
    KEYPAD = "keypad"        # digits (identity number, amount, count), masked where asked
    FACTS = "facts"          # label: value rows to read or confirm, with choices below
    PREVIEW = "preview"      # picture of the paper, with choices below
    WORKING = "working"      # something is being done (booking, printing) with progress words
    DONE = "done"            # what was done, what happens next, what to take along
    STAFF = "staff"          # somebody has been called
    TROUBLE = "trouble"      # cannot go on; says what to do


class Role(StrEnum):
    """Meaning of a choice; decides colour and shape, never colour alone."""

    NORMAL = "normal"
    LIKELY = "likely"        # the probable answer: first, accent colour
    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Choice:
    """One large row. `number` is what voice and keys call it (1..4), 0 if none."""

    id: str
    label: str
    help: str = ""
    icon: str = ""           # name of assets/icons/<icon>.svg
    number: int = 0
    role: Role = Role.NORMAL


@dataclass(frozen=True)
class Row:
    """One fact: label and value (already masked and formatted). `large` for the figure that matters most;
    `words` the same amount in words, shown below it. `bar` are shares of the longest bar among the rows: solid, then
    hatched (what is borrowed, then its interest)."""

    label: str
    value: str
    large: bool = False
    words: str = ""
    bar: tuple[float, ...] = ()


@dataclass(frozen=True)
class Pad:
    """State of a keypad: what is shown (already masked), the keys in order of focus, hint on error."""

    shown: str
    keys: tuple[str, ...]    # characters, "delete", "enter"
    length: int = 0          # boxes to draw, 0 for free length
    hint: str = ""


@dataclass(frozen=True)
class View:
    """The whole screen.

    screen    which kind
    title     where you are, in words ("退休提取")
    sentence  the sentence being said or asked, as the visitor reads it (public wording)
    help      what was said before it (why something cannot be done, what was done), or more about the question
    step/steps "第2步,共4步" as words and stones; 0 when there are no steps
    focus     for the five keys: index over the pad's keys, then the choices, then "call staff" of the strip; -1 when
              keys are not used
    document  path of the page picture for PREVIEW
    mood      of the guide figure: idle, listening, thinking, speaking, glad, sorry
    notice    one line above everything (deaf: "请点屏幕办理"; timeout warning; staff on the way)
    strip     ids of the bottom strip in order, always back, repeat, staff where possible
    picture   which picture WORKING shows: "" for waiting, "print" for paper that comes out
    """

    screen: Screen
    title: str = ""
    sentence: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    pad: Pad | None = None
    step: int = 0
    steps: int = 0
    focus: int = -1
    document: str = ""
    mood: str = "idle"
    notice: str = ""
    strip: tuple[str, ...] = ("back", "repeat", "staff")
    picture: str = ""
