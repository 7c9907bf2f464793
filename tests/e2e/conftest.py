from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk import places
from kiosk.app import models
from tests.e2e import street
from tests.pulse import write_wav

Speak = Callable[[str], Path]


@pytest.fixture(autouse=True)
def whole_machine() -> None:
    """A screen and a sound server can be had here."""
    if why := street.missing():
        pytest.skip(why)


@pytest.fixture(scope="session")
def speak(tmp_path_factory: pytest.TempPathFactory) -> Speak:
    """A visitor's voice, which is not the kiosk's: text to a sound file of 16 kHz."""
    if lacking := models.missing():
        pytest.skip(f"models are missing: {', '.join(model.name for model in lacking)}")
    from kiosk.adapters.kokoro import Kokoro
    from kiosk.listening.resample import to_ear_rate

    voice = Kokoro(places.MODELS, "zm_yunjian")
    folder = tmp_path_factory.mktemp("visitor")

    def speak(text: str) -> Path:
        file = folder / f"{text}.wav"
        if not file.exists():
            sound = voice.synthesise(text, 0.9)
            write_wav(file, to_ear_rate(sound.samples, sound.rate))
        return file

    return speak
