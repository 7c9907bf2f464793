"""The real voices: what Kokoro says is understood by the recogniser, and the fallback's child process can be killed."""

from __future__ import annotations

import itertools
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk import places
from kiosk.adapters.pyttsx3_voice import Pyttsx3Voice
from kiosk.app import models
from kiosk.app.cmd_say import character_errors, listen
from kiosk.ports.sound import Sound
from kiosk.ports.voice import Voice, VoiceError
from kiosk.speaking.cache import SoundCache
from kiosk.speaking.clauses import split
from kiosk.speaking.shape import as_floats
from kiosk.speaking.studio import Studio
from kiosk.speaking.words import in_words

SENTENCES = (
    "您好，请问您要办理什么业务？",
    "退休提取需要本人的身份证和银行卡。",
    "正在打印，请稍等。请取走您的身份证和证明。",
    "转账5,200元，3到5个工作日到账。",
)
CHARACTERS = sum("\u3400" <= c <= "\u9fff" for sentence in SENTENCES for c in in_words(sentence))
#: Measured 4.5 % over twenty sentences at 0.9 (docs/voice.md); these few are a coarse check.
WORST = 0.15


def need(*names: str) -> None:
    if lacking := [model.name for model in models.missing() if model.name.startswith(names)]:
        pytest.skip(f"{', '.join(lacking)} is missing: kiosk models fetch")


@pytest.fixture(scope="module")
def kokoro() -> Voice:
    need("kokoro")
    from kiosk.adapters.kokoro import Kokoro

    return Kokoro(places.MODELS)


@pytest.mark.slow
def test_the_recogniser_understands_the_voice_at_elders_pace(kokoro: Voice, tmp_path: Path) -> None:
    need("vosk")
    studio = Studio(kokoro, SoundCache(tmp_path))
    studio.keep(SENTENCES)  # made once, stretched for each pace
    errors = {0.9: 0, 0.7: 0}
    for sentence, rate in itertools.product(SENTENCES, errors):
        words = re.sub(r"[^\u3400-\u9fff]", "", in_words(sentence))
        sounds = [studio.sound(clause, rate) for clause in split(sentence)]
        sound = Sound(np.concatenate([sound.samples for sound in sounds]), sounds[0].rate)
        errors[rate] += character_errors(words, listen(sound))
    assert errors[0.9] / CHARACTERS < WORST
    assert errors[0.7] / CHARACTERS < WORST


def test_sounds_are_trimmed_evened_and_of_a_likely_length(kokoro: Voice) -> None:
    for clause in split("您好，请看屏幕上面。"):
        sound = Studio(kokoro).sound(clause, 0.9)
        samples = as_floats(sound)[:round((sound.seconds - clause.pause) * sound.rate)]
        assert 0.1 < len(samples) / sound.rate / len(clause.text) < 0.5
        assert 0.2 < np.abs(samples).max() < 0.95
        edge = round(0.25 * sound.rate)
        assert samples[:edge].any()
        assert samples[-edge:].any()


def test_letters_figures_and_odd_characters_do_not_break_it(kokoro: Voice) -> None:
    for text in ("A座", "OK", "𠮷 é ❤ 😀", "。", "", " ", "ㄅ"):
        sound = kokoro.synthesise(text, 0.9)
        assert sound.rate == 24_000
    assert kokoro.synthesise("OK", 0.9).samples.any()


def test_texts_longer_than_the_model_takes_are_said_in_parts(kokoro: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.adapters import kokoro as adapter

    whole = kokoro.synthesise("住房公积金提取。", 0.9)
    monkeypatch.setattr(adapter, "LONGEST", 20)
    assert kokoro.synthesise("住房公积金提取。", 0.9).seconds > whole.seconds  # each part has its own silences


def test_a_missing_model_or_speaker_is_a_sentence_for_technicians(tmp_path: Path) -> None:
    from kiosk.adapters.kokoro import Kokoro

    with pytest.raises(VoiceError) as fault:
        Kokoro(tmp_path)
    assert "kiosk models fetch" in fault.value.sentence


@pytest.fixture
def fallback() -> Iterator[Pyttsx3Voice]:
    try:
        voice = Pyttsx3Voice()
    except VoiceError as fault:
        pytest.skip(f"pyttsx3 does not work on this machine: {fault}")
    yield voice
    voice.close()


def test_the_fallback_speaks_and_follows_the_rate(fallback: Pyttsx3Voice) -> None:
    quick, slow = (fallback.synthesise("请把身份证放好，然后等一等。", rate) for rate in (1.2, 0.6))
    assert quick.samples.any()
    assert slow.seconds > quick.seconds * 1.3
    assert fallback.synthesise("……", 1.0).seconds == 0.0


def test_a_killed_child_is_replaced(fallback: Pyttsx3Voice) -> None:
    first = fallback.child_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    for _ in range(2):  # it may be found dead before or while it is asked
        try:
            sound = fallback.synthesise("又好了。", 1.0)
            break
        except VoiceError:
            continue
    assert sound.samples.any()
    assert fallback.child_id not in (None, first)


def test_a_stuck_child_is_killed_and_replaced(fallback: Pyttsx3Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fallback.child_id
    assert first is not None
    monkeypatch.setattr("kiosk.adapters.pyttsx3_voice._SPEAKING", 0.3)
    os.kill(first, signal.SIGSTOP)
    assert fallback.synthesise("卡住了，又好了。", 1.0).samples.any()
    assert fallback.child_id not in (None, first)


def test_closing_leaves_no_child(fallback: Pyttsx3Voice) -> None:
    fallback.close()
    assert fallback.child_id is None
