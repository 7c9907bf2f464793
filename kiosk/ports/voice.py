"""What the speaking room needs of the outside: something that makes speech and something that plays it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from kiosk.ports.sound import Sound


class Channel(StrEnum):
    """Where speech comes out. Decides what may be said (accessibility.md C6)."""

    LOUDSPEAKER = "loudspeaker"
    HEADPHONES = "headphones"


class Voice(Protocol):
    """Makes speech. Used by one thread."""

    name: str

    def synthesise(self, text: str, rate: float) -> Sound:
        """Speech for `text` (one clause or sentence, no markup). `rate` 1.0 is the voice's own pace,
        0.8 slower. Raises VoiceError."""


class Loudspeaker(Protocol):
    """Plays sound and knows when the last sample has left."""

    def play(self, sound: Sound, on_done: Callable[[bool], None]) -> None:
        """Queue sound behind what is playing. `on_done(True)` after its last sample has left,
        `on_done(False)` if it was stopped; from the audio thread."""

    def stop(self) -> None:
        """Silence within 50 ms; all queued sounds get on_done(False)."""

    def set_volume(self, volume: float) -> None:
        """0..1, applied at once."""

    @property
    def level(self) -> float:
        """Loudness 0..1 of what is leaving now, for the guide figure's mouth."""
