"""One visit as a frozen value. The engine makes a new one for every event; the old one is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.dialogue.events import NO_BULLETIN, Bulletin, Manner
from kiosk.dialogue.view import Screen, View
from kiosk.ports.devices import StaffState
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Line


@dataclass(frozen=True)
class Frame:
    """Where we are in one flow. Flows that call others lie below them on the stack."""

    flow: str
    step: str


@dataclass(frozen=True)
class Saved:
    """A question as it was when the visitor answered it; going back means taking the last one off the pile."""

    frames: tuple[Frame, ...]
    facts: Mapping[str, object] = field(repr=False)
    topic: str = ""


@dataclass(frozen=True)
class Aside:
    """What was being talked about when an answer in passing began, to come back to."""

    saved: Saved
    history: tuple[Saved, ...] = ()
    sealed: bool = False


@dataclass(frozen=True)
class Timer:
    """What the outstanding Wake is for: nudge1, nudge2, idle, countdown, farewell."""

    token: int
    kind: str


# ------------------------------------------------------------------ what may lie over the current question


@dataclass(frozen=True)
class Leaving:
    """"Stop this matter, is that right?" `to` is @menu or @goodbye."""

    to: str


@dataclass(frozen=True)
class Guessing:
    """"Do you mean ...?" `guesses` are intents, best first; `slots` belong to the first."""

    guesses: tuple[str, ...]
    slots: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Switching:
    """"Do you want to do ... instead?" """

    intent: str
    slots: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Offering:
    """"Is it Guizhou speech?" or "which of these?" to somebody who was not understood. Codes of dialects."""

    dialects: tuple[str, ...]


@dataclass(frozen=True)
class StillThere:
    """"Do you need more time?" """

    seconds: float


@dataclass(frozen=True)
class Unplugged:
    """The headphones were taken off while somebody was identified."""


@dataclass(frozen=True)
class WithStaff:
    """Somebody has been called."""


@dataclass(frozen=True)
class Covered:
    """A notice covers everything (kiosk.dialogue.bulletins)."""


@dataclass(frozen=True)
class Practising:
    """Each key says what it does. `helped`: the last key was help, once more leaves."""

    helped: bool = False


Interruption = Leaving | Guessing | Switching | Offering | StillThere | Unplugged | WithStaff | Covered | Practising


@dataclass(frozen=True)
class Session:
    """Everything the conversation knows.

    frames     stack of places, innermost last
    facts      what is known about visitor and matter; `lasting` names those that stay for the whole visit
    history    answered questions for going back; `sealed`: something was done once that cannot be taken back
    aside      what was being talked about when an aside began
    doing      token of the task being done, 0 if none
    saying     token of the last speech, 0 when it has been said
    lines      what was said last, for "say it again"; `before`: what was said ahead of the question, to be read, too
    misses     how often in a row the answer to this question was not understood
    typed      what was typed on the pad so far
    held       lines that are to be said once the task that is being done has ended
    told       first_time steps that were said already
    begun      matters that were begun in this visit
    leaning    the dialect that what was heard so far speaks for, ''; `dialect_offered`: it was asked about or chosen
    trouble    sentence key of what a device last reported while a task was being done
    ending     why the visit ends: finished, timeout, staff or fault; '' while it lasts
    """

    visit_id: str
    manner: Manner
    frames: tuple[Frame, ...]
    facts: Mapping[str, object] = field(default_factory=dict, repr=False)
    lasting: frozenset[str] = frozenset()
    history: tuple[Saved, ...] = ()
    sealed: bool = False
    aside: Aside | None = None
    over: Interruption | None = None
    topic: str = ""
    count: int = 0
    doing: int = 0
    saying: int = 0
    lines: tuple[Line, ...] = field(default=(), repr=False)
    before: tuple[str, ...] = ()
    held: tuple[Line, ...] = field(default=(), repr=False)
    timer: Timer | None = None
    misses: int = 0
    repeats: int = 0
    page: int = 0
    focus: int = -1
    keys: bool = False
    typed: str = field(default="", repr=False)
    told: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    staff: StaffState = StaffState.NONE
    hearing: bool = True
    rated: bool = False
    bulletin: Bulletin = NO_BULLETIN
    card_in: bool = False
    leaning: str = ""
    dialect_offered: bool = False
    reminders: int = 0
    ending: str = ""
    trouble: str = ""
    view: View = field(default_factory=lambda: View(Screen.ATTRACT), repr=False)
    expectation: Expectation = field(default_factory=Expectation)

    @property
    def place(self) -> Frame:
        return self.frames[-1]

    @property
    def identified(self) -> bool:
        return bool(self.facts.get("holder"))

    @property
    def calm(self) -> bool:
        """More time for everything: elder and voice mode, and once somebody is identified."""
        return self.manner.voice_mode or self.manner.text_size > 0 or self.manner.rate < 0.85 or self.identified

    @property
    def fully_spoken(self) -> bool:
        """Everything on the screen is said, too: voice mode, and everybody who uses the five keys."""
        return self.manner.voice_mode or self.keys
