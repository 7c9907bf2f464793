"""Which voice speaks: the first of a list that works, with a word about it for the technician's page."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.ports.sound import Sound
from kiosk.ports.voice import Voice, VoiceError

log = logging.getLogger(__name__)

#: A voice that fails so often in a row is given up for the next one.
GIVE_UP_AFTER = 3
#: How long a sentence waits for the voice to be loaded, in seconds.
LOADING = 15.0


@dataclass(frozen=True)
class VoiceReport:
    """`name` of the voice that speaks, '' when none does; `reason` why it is not the first choice, for technicians."""

    name: str
    reason: str = ""


class VoiceChain:
    """A voice made of voices. `choices` are (name, maker) in order of preference; makers raise VoiceError.

    load() makes the first that works; call it in a background thread. Until then `name` is that of the first choice,
    so that kept sentences can already be said. Thread-safe.
    """

    def __init__(self, choices: Sequence[tuple[str, Callable[[], Voice]]],
                 on_report: Callable[[VoiceReport], None] = lambda report: None) -> None:
        self._left = list(choices)
        self._on_report = on_report
        self._voice: Voice | None = None
        self._name = choices[0][0] if choices else ""
        self._reasons: list[str] = []
        self._failures = 0
        self._loaded = threading.Event()
        self._lock = threading.RLock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def report(self) -> VoiceReport:
        return VoiceReport(self._name if self._voice else "", "；".join(self._reasons))

    def load(self) -> VoiceReport:
        """Make the first voice that works."""
        with self._lock:
            if self._voice is None:
                self._next()
            self._loaded.set()
        return self.report

    def synthesise(self, text: str, rate: float) -> Sound:
        if not self._loaded.wait(LOADING):
            raise VoiceError("voice still loading")
        while (voice := self._voice) is not None:
            try:
                sound = voice.synthesise(text, rate)
            except VoiceError as error:
                self._failed(voice, error)
                continue
            self._failures = 0
            return sound
        raise VoiceError("no voice works on this machine")

    def close(self) -> None:
        """Let go of the voice."""
        with self._lock:
            self._left.clear()
            self._drop()

    def _failed(self, voice: Voice, error: VoiceError) -> None:
        with self._lock:
            if voice is not self._voice:
                return  # somebody else has changed it meanwhile
            self._failures += 1
            log.info("the voice failed", extra={"voice": voice.name, "count": self._failures})
            if self._failures >= GIVE_UP_AFTER:
                self._reasons.append(f"{voice.name}：{error.sentence}")
                self._next()

    def _next(self) -> None:
        """Make the next voice of the list that can be made."""
        self._drop()
        self._failures = 0
        while self._left:
            name, make = self._left.pop(0)
            try:
                self._voice = make()
            except VoiceError as error:
                self._reasons.append(f"{name}：{error.sentence}")
                continue
            self._name = self._voice.name
            break
        log.info("this voice speaks", extra={"voice": self._name if self._voice else "none"})
        self._on_report(self.report)

    def _drop(self) -> None:
        voice, self._voice = self._voice, None
        close = getattr(voice, "close", None)
        if close is not None:
            close()


class SilentVoice:
    """Says nothing for as long as it would take: for rehearsing captions without any engine."""

    name = "silent"

    def synthesise(self, text: str, rate: float) -> Sound:
        return Sound(np.zeros(round(len(text) * 0.22 / rate * 16_000), np.int16), 16_000)
