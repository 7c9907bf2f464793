"""The fallback voice: pyttsx3 (espeak-ng) in a child process that can be killed (pitfalls 6, platform.md 3).

It needs no model file and 30 MB, and sounds like a machine; it speaks where Kokoro cannot.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
import wave
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.adapters.child import Child, ChildError
from kiosk.ports.sound import Sound
from kiosk.ports.voice import VoiceError
from kiosk.speaking.shape import as_floats, from_floats, stretched

_CHILD = Path(__file__).with_name("pyttsx3_child.py")
#: Seconds for the child to start and for one clause; a clause takes 0.1 s.
_STARTING, _SPEAKING = 15.0, 5.0


#: How often a clause is tried; see _render.
_ATTEMPTS = 3


class Pyttsx3Voice:
    """Thread-safe: one clause at a time. Raises VoiceError when the engine is missing or stuck, after restarting it."""

    name = "pyttsx3"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._start()

    def synthesise(self, text: str, rate: float) -> Sound:
        if not any(c.isalnum() for c in text):  # espeak would answer nothing, and pyttsx3 wait for it
            return Sound(np.zeros(0, np.int16), 22_050)
        sound = self._rendered(text)  # pyttsx3 follows a wanted rate on some runs only: the sound is stretched instead
        return from_floats(stretched(as_floats(sound), sound.rate, rate), sound.rate)

    def _rendered(self, text: str) -> Sound:
        with self._lock:
            for _ in range(_ATTEMPTS - 1):
                with contextlib.suppress(VoiceError):
                    return self._render(text)
            return self._render(text)

    def _render(self, text: str) -> Sound:
        """WORKAROUND: pyttsx3 now and then says that it is ready before the file holds a single sample; the child is then
        ended, and the next attempt gets a new one."""
        with tempfile.TemporaryDirectory(prefix="kiosk-voice-") as folder:
            file = Path(folder) / "clause.wav"
            self._ask({"text": text, "file": str(file)})
            try:
                with wave.open(str(file), "rb") as sound:
                    samples, hertz = np.frombuffer(sound.readframes(sound.getnframes()), np.int16), sound.getframerate()
            except (OSError, EOFError, wave.Error) as error:
                self._kill()
                raise VoiceError("no sound file came") from error
            if not len(samples):
                self._kill()
                raise VoiceError("an empty sound file came")
            return Sound(samples, hertz)

    def close(self) -> None:
        with self._lock:
            self._kill()

    @property
    def child_id(self) -> int | None:
        """Process number of the child, if it runs."""
        return self._child.id if self._child is not None else None

    def _ask(self, request: dict[str, Any]) -> None:
        """Send a request; a child that died since the last one is replaced, one that does not answer is ended."""
        if self.child_id is None:
            self._start()
        assert self._child is not None
        try:
            self._child.ask(request)
            self._child.answer(_SPEAKING)
        except ChildError as error:
            raise self._lost(error) from error

    def _start(self) -> None:
        self._kill()
        try:
            self._child = Child(_CHILD)
            self._child.answer(_STARTING)
        except ChildError as error:
            raise self._lost(error) from error

    def _lost(self, error: ChildError) -> VoiceError:
        self._child = None
        return VoiceError(str(error), "备用声音（pyttsx3）出错或没有反应。")

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()
