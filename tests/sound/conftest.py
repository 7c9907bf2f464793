"""Real ears: they need the models that `kiosk models fetch` brings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk import places
from kiosk.app import models
from kiosk.ports.sound import Samples

#: Text to what a visitor says, 16 kHz mono.
Say = Callable[[str], Samples]


@pytest.fixture(scope="session")
def say() -> Say:
    """Speech rendered on the spot, so that no recording is needed."""
    need("kokoro")
    from kiosk.adapters.kokoro import Kokoro
    from kiosk.listening.resample import to_ear_rate

    voice, said = Kokoro(places.MODELS, "zm_yunjian"), {}

    def say(text: str) -> Samples:
        if text not in said:
            sound = voice.synthesise(text, 0.9)
            said[text] = to_ear_rate(sound.samples, sound.rate)
        return said[text]

    return say


@pytest.fixture(scope="session")
def ears() -> object:
    """The pipeline of `kiosk hear` (kiosk.app.cmd_hear.Pipeline); one for all tests, loading takes seconds."""
    need("vosk")
    from kiosk.app import cmd_hear

    return cmd_hear.pipeline()


def need(name: str) -> None:
    lacking = [model.name for model in models.missing() if model.name.startswith(name)]
    if lacking:
        pytest.skip(f"{', '.join(lacking)} is missing: kiosk models fetch")
