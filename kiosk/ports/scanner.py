"""A camera or scanner that takes a picture of one paper, and what reads the words on it.

Pictures are never written down by the kiosk: a Page goes from the scanner to the reader and is forgotten. Neither its
repr nor that of what was read shows anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol

from kiosk.fund.errors import WorldError


class ScannerState(StrEnum):
    READY = "ready"
    NO_DEVICE = "no_device"    # unplugged, or never there
    BUSY = "busy"              # somebody else has it open
    TIMED_OUT = "timed_out"    # it does not give a picture


class ScannerError(WorldError):
    """No picture could be taken."""

    SENTENCES: ClassVar[Mapping[ScannerState, str]] = {
        ScannerState.NO_DEVICE: "看证件的摄像头没有接好，现在看不了。",
        ScannerState.BUSY: "看证件的摄像头正忙着，请稍等一下。",
        ScannerState.TIMED_OUT: "看证件的摄像头没有反应，现在看不了。",
    }

    def __init__(self, state: ScannerState, detail: str = "") -> None:
        super().__init__(detail or state.value, self.SENTENCES[state])
        self.state = state


class PageReaderError(WorldError):
    """What reads the words on a picture is missing, stuck or broken."""

    sentence = "看证件的地方出了毛病，现在看不了。"


@dataclass(frozen=True)
class Page:
    """One picture, as a PNG or JPEG file; empty where nothing lies there. `dpi` is 0 where the device cannot tell (a camera)."""

    picture: bytes = field(repr=False)
    dpi: int = 0


@dataclass(frozen=True)
class TextLine:
    """One line of words and where it stands: four corners (x, y) in pixels of the picture, x to the right and y down,
    in the order in which they go round. `score` 0..1 is how sure the reader is."""

    text: str = field(repr=False)
    score: float
    corners: tuple[tuple[float, float], ...]


class Sight(StrEnum):
    """What kind of picture it is."""

    CLEAR = "clear"
    DARK = "dark"
    BLURRED = "blurred"        # something lies there, but no words can be seen on it
    NOTHING = "nothing"        # nothing lies there


@dataclass(frozen=True)
class PageText:
    sight: Sight
    lines: tuple[TextLine, ...] = field(default=(), repr=False)


class Scanner(Protocol):
    """Used by one thread at a time."""

    def state(self) -> ScannerState:
        """Whether a picture could be taken now; quick, and takes none."""

    def take(self) -> Page:
        """Take one picture of what lies there; blocks for some seconds at most. Raises ScannerError."""

    def clear(self) -> None:
        """Throw away everything that was not taken. Called at the start, before and after each visitor."""


class PageReader(Protocol):
    """Used by one thread at a time. Heavy: started when somebody has agreed, stopped when it is over."""

    def start(self) -> None:
        """Begin to make ready, without waiting for it. Raises PageReaderError when something is missing."""

    def read(self, page: Page) -> PageText:
        """Raises PageReaderError."""

    def stop(self) -> None:
        """Let go of memory and of everything that was read."""
