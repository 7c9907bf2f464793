"""What every recogniser must keep to, whichever library is behind it.

Vosk and Whisper run where their models are installed; sherpa-onnx runs with models of a few kilobytes made on the spot,
and with every dialect model that is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk import places
from kiosk.app import dialect_models, models
from kiosk.app.dialect_models import decode
from kiosk.ports.ears import Expectation, Reading, Recogniser
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples
from tests import tiny_models

#: Made once for all tests; loading takes seconds.
_MADE: dict[str, Recogniser] = {}
_INSTALLED = [model.name for model in models.load_models()
              if model.engine and all(models.is_there(file, places.MODELS) for file in model.files)]


def _vosk() -> Recogniser:
    vosk_recogniser = pytest.importorskip("kiosk.adapters.vosk_recogniser", reason="vosk is not installed")
    folder = places.MODELS / vosk_recogniser.MODEL
    if not folder.is_dir():
        pytest.skip("the Mandarin model is not installed: kiosk models fetch")
    recogniser: Recogniser = vosk_recogniser.VoskRecogniser(vosk_recogniser.load(folder))
    return recogniser


def _tiny(kind: str, folder: Path) -> Recogniser:
    pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is not installed (extra dialects)")
    from kiosk.adapters import sherpa_recogniser

    make = tiny_models.streaming_ctc if kind.startswith("streaming") else tiny_models.offline_ctc
    return sherpa_recogniser.load("tiny", kind, make(folder))


def _installed(name: str) -> Recogniser:
    model = next(model for model in models.load_models() if model.name == name)
    pytest.importorskip({"sherpa": "sherpa_onnx", "whisper": "faster_whisper"}[model.engine],
                        reason=f"the package of {name} is not installed")
    return dialect_models.load_model(model, places.MODELS)


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    """The models go before the libraries do, at the end of the process."""
    yield
    _MADE.clear()


@pytest.fixture(params=["vosk", "tiny offline", "tiny streaming",
                        *(pytest.param(name, marks=pytest.mark.slow) for name in _INSTALLED)])
def recogniser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    name = request.param
    if name not in _MADE:
        kind = {"tiny offline": "wenet_ctc", "tiny streaming": "streaming_wenet_ctc"}.get(name)
        if name == "vosk":
            _MADE[name] = _vosk()
        elif kind:
            _MADE[name] = _tiny(kind, tmp_path_factory.mktemp("tiny"))
        else:
            _MADE[name] = _installed(name)
    return _MADE[name]


def bursts(count: int, seconds: float = 0.5) -> Samples:
    """`count` stretches of noise with silence around them; always the same."""
    noise = (np.random.default_rng(7).normal(size=int(seconds * EAR_RATE)) * 3000).astype(np.int16)
    silence = np.zeros(EAR_RATE // 2, np.int16)
    return np.concatenate([silence, *(part for _ in range(count) for part in (noise, silence))])


@pytest.fixture(scope="session")
def speech(shared_speech: Path) -> Samples:
    """Somebody really speaking, two seconds or so."""
    import soundfile

    path = min((shared_speech / "recorded").rglob("*.flac"), key=lambda p: p.stat().st_size)
    sound, rate = soundfile.read(path, dtype="int16")
    assert rate == EAR_RATE
    return np.asarray(sound, np.int16)


def texts(readings: tuple[Reading, ...]) -> list[str]:
    return [reading.text for reading in readings]


# ------------------------------------------------------------------ the contract


def test_it_gives_readings_with_sane_values(recogniser: Recogniser) -> None:
    readings = decode(recogniser, bursts(2))
    assert readings
    for reading in readings:
        assert reading.kind
        assert not reading.kind.startswith("held:"), "no vocabulary was given"
        assert 0.0 <= reading.confidence <= 1.0
        assert reading.text == reading.text.strip()
        for word, sure, start, end in reading.words:
            assert word == word.strip() != ""
            assert 0.0 <= sure <= 1.0
            assert 0.0 <= start <= end


def test_no_sound_has_no_words(recogniser: Recogniser) -> None:
    assert texts(decode(recogniser, np.zeros(0, np.int16))) == [""]


@pytest.mark.parametrize("samples", [1, EAR_BLOCK, 3 * EAR_BLOCK])
def test_a_click_is_no_utterance_and_does_no_harm(recogniser: Recogniser, samples: int) -> None:
    assert texts(decode(recogniser, bursts(1)[EAR_RATE // 2:][:samples])) == [""]


def test_silence_is_survived(recogniser: Recogniser) -> None:
    assert len(decode(recogniser, np.zeros(EAR_RATE, np.int16))) == 1


def test_utterances_are_independent(recogniser: Recogniser, speech: Samples) -> None:
    first = decode(recogniser, speech)
    decode(recogniser, bursts(3))
    assert texts(decode(recogniser, speech)) == texts(first)


def test_a_given_up_utterance_leaves_nothing(recogniser: Recogniser) -> None:
    alone = decode(recogniser, bursts(1))
    recogniser.begin(Expectation())
    for at in range(0, 2 * EAR_RATE, EAR_BLOCK):
        recogniser.accept(bursts(3)[at:at + EAR_BLOCK])
    assert texts(decode(recogniser, bursts(1))) == texts(alone)


def test_finishing_twice_gives_the_second_time_nothing(recogniser: Recogniser) -> None:
    decode(recogniser, bursts(1))
    recogniser.begin(Expectation())
    assert texts(recogniser.finish()) == [""]


def test_partial_text_is_text_from_the_first_block(recogniser: Recogniser) -> None:
    recogniser.begin(Expectation())
    partial = [recogniser.accept(block) for block in np.split(bursts(3)[:60 * EAR_BLOCK], 60)]
    assert all(isinstance(text, str) for text in partial)
    assert partial[0] == ""
    recogniser.finish()


def test_the_caller_may_use_its_block_again(recogniser: Recogniser) -> None:
    """The microphone's buffer is its own; a recogniser that keeps sound must not be disturbed when it changes."""
    expected = texts(decode(recogniser, bursts(2)))
    recogniser.begin(Expectation())
    sound = bursts(2)
    for at in range(0, len(sound), EAR_BLOCK):
        block = sound[at:at + EAR_BLOCK].copy()
        recogniser.accept(block)
        block[:] = 0
    assert texts(recogniser.finish()) == expected


def test_real_speech_gives_words(recogniser: Recogniser, speech: Samples) -> None:
    assert any(texts(decode(recogniser, speech)))


# ------------------------------------------------------------------ what the tiny models let us see


@pytest.mark.parametrize("kind", ["wenet_ctc", "streaming_wenet_ctc"])
def test_each_stretch_of_sound_is_heard_once_and_in_time(kind: str, tmp_path: Path) -> None:
    reading, = decode(_tiny(kind, tmp_path), bursts(3))
    assert reading.kind == "tiny"
    assert reading.text == "声声声"
    assert [start for _, _, start, _ in reading.words] == pytest.approx([0.5, 1.5, 2.5], abs=0.25)  # a chunk of look-ahead


def test_a_streaming_model_writes_while_somebody_speaks(tmp_path: Path) -> None:
    recogniser = _tiny("streaming_wenet_ctc", tmp_path)
    recogniser.begin(Expectation())
    sound = bursts(3)
    partial = [recogniser.accept(sound[at:at + EAR_BLOCK]) for at in range(0, len(sound), EAR_BLOCK)]
    assert {"", "声", "声声"} <= set(partial)
    assert partial == sorted(partial, key=len)
    recogniser.finish()


def test_an_offline_model_writes_nothing_before_the_end(tmp_path: Path) -> None:
    recogniser = _tiny("wenet_ctc", tmp_path)
    recogniser.begin(Expectation())
    assert {recogniser.accept(block) for block in np.split(bursts(3)[:60 * EAR_BLOCK], 60)} == {""}
    assert texts(recogniser.finish())[0].startswith("声")
