"""A loudspeaker that writes what is said to WAV files, for rehearsals and tests."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kiosk.adapters.loudspeaker import NullLoudspeaker
from kiosk.ports.sound import Sound
from kiosk.speaking.shape import as_floats, from_floats, resampled

#: What the files hold: 24 kHz mono int16.
RATE = 24_000


class WavLoudspeaker(NullLoudspeaker):
    """Appends each sound to the file of the moment. `paced` False counts a sound as left as soon as it is written."""

    def __init__(self, folder: Path, paced: bool = False) -> None:
        super().__init__()
        self._folder = folder
        self._paced = paced
        self._file: Path | None = None
        self._number = 0
        self._parts: list[Sound] = []
        self.seconds = 0.0

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._paced:
            super().start()

    def begin(self, name: str) -> Path:
        """Write what comes from now on to `name`.wav, until the next begin(). Without it each sound has its own file."""
        self._file, self._parts = self._folder / f"{name}.wav", []
        return self._file

    def play(self, sound: Sound, on_done: Callable[[bool], None]) -> None:
        self._write(sound)
        self.seconds += sound.seconds
        if self._paced:
            super().play(sound, on_done)
        else:
            on_done(True)

    def overlay(self, sound: Sound) -> None:
        """Earcons are not speech and not written."""

    def _write(self, sound: Sound) -> None:
        path = self._file
        if path is None:
            self._number += 1
            path, self._parts = self._folder / f"{self._number:04d}.wav", []
        self._parts.append(from_floats(resampled(as_floats(sound), sound.rate, RATE), RATE))
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(np.concatenate([part.samples for part in self._parts]).tobytes())
