"""What the speaking room needs of the outside: something that makes speech and something that plays it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from kiosk.fund.errors import WorldError
from kiosk.ports.sound import Sound


class Channel(StrEnum):
    """Where speech comes out. Decides what may be said (accessibility.md C6)."""

    LOUDSPEAKER = "loudspeaker"
    HEADPHONES = "headphones"


class Voice(Protocol):
    """Makes speech. Called by the rendering thread and by the one that fills the cache, so it must bear both."""

    @property
    def name(self) -> str: ...

    def synthesise(self, text: str, rate: float) -> Sound:
        """Speech for `text` (one clause or sentence, no markup). `rate` 1.0 is the voice's own pace,
        0.8 slower. Raises VoiceError."""


class Loudspeaker(Protocol):
    """Plays sound and knows when the last sample has left."""

    def play(self, sound: Sound, on_done: Callable[[bool], None]) -> None:
        """Queue sound behind what is playing. `on_done(True)` after its last sample has left,
        `on_done(False)` if it was stopped; from the audio thread."""

    def overlay(self, sound: Sound) -> None:
        """Mix a short sound (an earcon) into what is playing, at once; stop() does not end it."""

    def stop(self) -> None:
        """Silence within 50 ms; all queued sounds get on_done(False)."""

    def set_volume(self, volume: float) -> None:
        """0..1, applied at once."""

    @property
    def level(self) -> float:
        """Loudness 0..1 of what is leaving now, for the guide figure's mouth."""


class VoiceError(WorldError):
    """This voice cannot speak (model missing or broken, engine stuck); another one may."""

    sentence = "机器的声音出了问题，请看屏幕办理。"
