"""The fallback voice: pyttsx3 (espeak-ng) in a child process that can be killed (pitfalls 6, platform.md 3).

It needs no model file and 30 MB, and sounds like a machine; it speaks where Kokoro cannot.
"""

from __future__ import annotations

import contextlib
import json
import logging
import select
import subprocess
import sys
import tempfile
import threading
import wave
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.ports.sound import Sound
from kiosk.ports.voice import VoiceError
from kiosk.speaking.shape import as_floats, from_floats, stretched

log = logging.getLogger(__name__)

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
        self._child: subprocess.Popen[str] | None = None
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
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def _ask(self, request: dict[str, Any]) -> None:
        """Send a request; a child that died since the last one is replaced, one that does not answer is killed."""
        if self.child_id is None:
            self._start()
        assert self._child is not None
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(request) + "\n")
            self._child.stdin.flush()
        except OSError as error:
            self._kill()
            raise VoiceError("the child is gone") from error
        self._answer(_SPEAKING)

    def _start(self) -> None:
        self._kill()
        try:
            self._child = subprocess.Popen([sys.executable, str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                           stderr=subprocess.DEVNULL, text=True, encoding="utf-8", bufsize=1)
        except OSError as error:
            raise VoiceError(str(error), "备用声音启动不了。") from error
        self._answer(_STARTING)

    def _answer(self, seconds: float) -> None:
        assert self._child is not None
        assert self._child.stdout is not None
        ready, _, _ = select.select([self._child.stdout], [], [], seconds)
        line = self._child.stdout.readline() if ready else ""
        if not line or "error" in json.loads(line):
            self._kill()
            log.info("the child of the fallback voice was ended", extra={"reason": "error" if line else "no answer"})
            raise VoiceError(line or "no answer", "备用声音（pyttsx3）出错或没有反应。")

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()
