from __future__ import annotations

import itertools
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypinyin
import pytest

from kiosk import places
from kiosk.app import models
from kiosk.ports.sound import EAR_RATE, Samples
from kiosk.speaking.words import in_words
from tests.e2e import street
from tests.pulse import write_wav

Speak = Callable[[str], Path]
Transcribe = Callable[[Samples], str]


@pytest.fixture(autouse=True)
def whole_machine() -> None:
    """A screen and a sound server can be had here."""
    if why := street.missing():
        pytest.skip(why)


def _need_models() -> None:
    if lacking := models.missing():
        pytest.skip(f"models are missing: {', '.join(model.name for model in lacking)}")


@pytest.fixture(scope="session")
def speak(tmp_path_factory: pytest.TempPathFactory) -> Speak:
    """A visitor's voice, which is not the kiosk's: text to a sound file of 16 kHz."""
    _need_models()
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


@pytest.fixture(scope="session")
def transcribe() -> Transcribe:
    """What a stranger would write down who hears a recording (16 kHz): the recogniser without any vocabulary."""
    _need_models()
    import vosk

    from kiosk.adapters import vosk_recogniser

    model = vosk_recogniser.load(places.MODELS / vosk_recogniser.MODEL)

    def transcribe(samples: Samples) -> str:
        recogniser = vosk.KaldiRecognizer(model, EAR_RATE)
        texts = []
        for start in range(0, len(samples), EAR_RATE // 4):
            if recogniser.AcceptWaveform(samples[start:start + EAR_RATE // 4].tobytes()):
                texts.append(json.loads(recogniser.Result())["text"])
        texts.append(json.loads(recogniser.FinalResult())["text"])
        return "".join(texts).replace(" ", "")

    return transcribe


def syllables(text: str) -> list[str]:
    """How a text sounds, without tones: figures in words, no punctuation."""
    words = "".join(c for c in in_words(text) if unicodedata.category(c)[0] == "L")
    return pypinyin.lazy_pinyin(words)


def error_rate(said: str, heard: str, *, within: bool = False) -> float:
    """Syllables that must be changed to get from one to the other, by the length of what was said. `within`: wherever
    it occurs in what was heard."""
    wanted, got = syllables(said), syllables(heard)
    row = np.zeros(len(got) + 1, int) if within else np.arange(len(got) + 1)
    for number, syllable in enumerate(wanted, 1):
        new = [number]
        for at, other in enumerate(got, 1):
            new.append(min(row[at] + 1, new[-1] + 1, row[at - 1] + (syllable != other)))
        row = np.array(new)
    return float(row.min() if within else row[-1]) / max(1, len(wanted))


def digit_runs(text: str) -> list[str]:
    """Figures one after the other, as a number that is read out would be heard."""
    figures = "零〇一二三四五六七八九幺0123456789"
    runs = ("".join(run) for is_figure, run in itertools.groupby(text, figures.__contains__) if is_figure)
    return [run for run in runs if len(run) > 1]
