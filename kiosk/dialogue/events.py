"""Everything that can happen to a conversation, and everything it can cause. Plain frozen values.

The three doors meet here: a spoken word becomes Said, a touched button Chose, a key Pressed or Typed; from there on
the engine makes no difference between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.dialogue.view import View
from kiosk.ports.devices import IdCard, Key, StaffState
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Line, Understanding

# ------------------------------------------------------------------ what can happen


@dataclass(frozen=True)
class Said:
    """One spoken utterance, understood (decision accept, ask or reject). `leaning`: the dialect that all utterances of this
    visit together speak for, or ''."""

    meaning: Understanding
    leaning: str = ""


@dataclass(frozen=True)
class Chose:
    """A touched button: id of a Choice or of a strip button (back, repeat, staff, ...)."""

    choice: str


@dataclass(frozen=True)
class Pressed:
    key: Key


@dataclass(frozen=True)
class Typed:
    """One character of the keypad: 0-9, X, or "delete", "enter"."""

    character: str


@dataclass(frozen=True)
class Spoken:
    """The last sample of the speech with this token has left the loudspeaker (or it was stopped)."""

    token: int
    whole: bool = True


@dataclass(frozen=True)
class Woke:
    """A timer asked for by Wake has run out."""

    token: int


@dataclass(frozen=True)
class CardRead:
    card: IdCard


@dataclass(frozen=True)
class CardRemoved:
    pass


@dataclass(frozen=True)
class ReaderFault:
    reason: str


@dataclass(frozen=True)
class TaskProgress:
    token: int
    name: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskDone:
    token: int
    outcome: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Headphones:
    plugged: bool


@dataclass(frozen=True)
class Hearing:
    """The ears became usable or were lost: `able` False means touch and keys only."""

    able: bool
    reason: str = ""


@dataclass(frozen=True)
class Staff:
    state: StaffState


@dataclass(frozen=True)
class Bulletin:
    """A notice for everybody: `kind` info, maintenance, evacuate, or '' when it was taken down. Without `text` the
    sentence bulletin.<kind> is said."""

    kind: str
    text: str = ""


NO_BULLETIN = Bulletin("")


@dataclass(frozen=True)
class VoiceStarted:
    """Somebody began to speak (keeps the visit from timing out while they do)."""


Event = (Said | Chose | Pressed | Typed | Spoken | Woke | CardRead | CardRemoved | ReaderFault | TaskProgress | TaskDone
         | Headphones | Hearing | Staff | Bulletin | VoiceStarted)

# ------------------------------------------------------------------ what it can cause


@dataclass(frozen=True)
class Say:
    """Say these lines one after the other, stopping what is being said. `token` comes back in Spoken."""

    lines: tuple[Line, ...]
    token: int


@dataclass(frozen=True)
class Hush:
    """Stop speaking now."""


@dataclass(frozen=True)
class Show:
    view: View


@dataclass(frozen=True)
class Listen:
    """Open the ears for this once nothing is being said any more (the conductor opens the gate after Spoken)."""

    expectation: Expectation


@dataclass(frozen=True)
class StopListening:
    pass


@dataclass(frozen=True)
class Do:
    """Perform a task of the counter. `token` comes back in TaskDone; `once_key` is '' unless the step is once."""

    task: str
    facts: Mapping[str, object]
    token: int
    once_key: str = ""


@dataclass(frozen=True)
class Wake:
    """Send Woke(token) after so many seconds. The conductor holds the clock while sound plays."""

    token: int
    seconds: float


@dataclass(frozen=True)
class Chime:
    """An earcon: listen, stop, knock, done, sorry."""

    name: str


@dataclass(frozen=True)
class Apply:
    """How the kiosk speaks and looks has changed (see Manner)."""

    manner: Manner


@dataclass(frozen=True)
class CallStaff:
    reason: str


@dataclass(frozen=True)
class EndStaffCall:
    pass


@dataclass(frozen=True)
class Wipe:
    """The visit is over: forget everything; `reason` is finished, timeout, staff or fault."""

    reason: str


@dataclass(frozen=True)
class Manner:
    """How the kiosk behaves for this visitor; reset at the end of the visit.

    rate 0.6..1.4 of the voice's own pace · volume 0..1 · text_size 0, 1, 2 (×1.0, ×1.25, ×1.5)
    theme "paper", "dark", "yellow" · voice_mode everything is spoken · curtain the screen is dark
    """

    rate: float = 0.9
    volume: float = 0.6
    text_size: int = 0
    theme: str = "paper"
    voice_mode: bool = False
    curtain: bool = False
    headphones: bool = False
    dialect: str = "auto"
    guide: bool = True
    reduced_motion: bool = False


Effect = (Say | Hush | Show | Listen | StopListening | Do | Wake | Chime | Apply | CallStaff | EndStaffCall | Wipe)
