"""Rendered sentences on disk: said again without being made again.

Only sentences without anybody's data belong here; the studio decides which. A file that cannot be read or written
is no trouble: the sentence is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
import wave
from pathlib import Path

import numpy as np

from kiosk.ports.sound import Sound

log = logging.getLogger(__name__)

#: Part of every key: step it up when sounds are shaped differently.
EDITION = "1"
#: About two hours of speech.
LIMIT_BYTES = 400_000_000


class SoundCache:
    """16-bit mono WAV files named by digest. Thread-safe; the longest unused go when the limit is passed."""

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._bytes: int | None = None  # counted at the first put
        self._complained = False

    def has(self, voice: str, text: str) -> bool:
        return self._path(voice, text).is_file()

    def get(self, voice: str, text: str) -> Sound | None:
        path = self._path(voice, text)
        try:
            with wave.open(str(path), "rb") as file:
                sound = Sound(np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate())
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, EOFError, wave.Error):
            log.info("a kept sound was broken and is made anew")
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return sound

    def put(self, voice: str, text: str, sound: Sound) -> None:
        """Written beside and renamed, so that a half file is never read."""
        path = self._path(voice, text)
        with self._lock:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
                with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as out:
                    out.setnchannels(1)
                    out.setsampwidth(2)
                    out.setframerate(sound.rate)
                    out.writeframes(sound.samples.tobytes())
                os.replace(temporary, path)
                self._make_room(path)
            except OSError as error:
                if not self._complained:
                    log.warning("sounds cannot be kept", extra={"reason": error.strerror or ""})
                self._complained = True

    def _path(self, voice: str, text: str) -> Path:
        digest = hashlib.sha256(f"{EDITION}\0{voice}\0{text}".encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest}.wav"

    def _make_room(self, newest: Path) -> None:
        if self._bytes is None:
            self._bytes = sum(f.stat().st_size for f in self._folder.glob("*/*.wav"))
        else:
            self._bytes += newest.stat().st_size
        if self._bytes <= self._limit:
            return
        files = sorted((f for f in self._folder.glob("*/*.wav")), key=lambda f: f.stat().st_mtime)
        for file in files:
            if self._bytes <= self._limit * 0.9 or file == newest:
                break
            self._bytes -= file.stat().st_size
            file.unlink()
