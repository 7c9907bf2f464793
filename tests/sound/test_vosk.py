"""The Vosk adapters: word list, vocabularies, and words mapped back."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from kiosk import places
from kiosk.adapters import vosk_recogniser
from kiosk.adapters.vosk_lexicon import LexiconError, lexicon
from kiosk.adapters.vosk_recogniser import MODEL, RecogniserError, VoskRecogniser
from kiosk.adapters.wav_microphone import blocks, room
from kiosk.ports.ears import Expectation, Reading, Vocabulary
from kiosk.ports.sound import EAR_RATE, Samples
from tests.sound.conftest import Say, need

# ------------------------------------------------------------------ the word list


def text(word: str) -> bytes:
    return struct.pack("<i", len(word.encode())) + word.encode()


def fst(folder: Path, words: list[str], flags: int = 3) -> Path:
    """A model folder whose graph/Gr.fst holds these words."""
    (folder / "graph").mkdir()
    header = struct.pack("<i", 0x7EB2FDD6) + text("ngram") + text("standard") + struct.pack("<iiQqqq", 4, flags, 0, 0, 1, 0)
    table = struct.pack("<i", 0x7EB2FB74) + text("words.txt") + struct.pack("<qq", len(words), len(words))
    rows = b"".join(text(word) + struct.pack("<q", key) for key, word in enumerate(words))
    (folder / "graph" / "Gr.fst").write_bytes(header + table + rows + b"the transducer itself")
    return folder


def test_words_are_read_from_the_models_symbol_table(tmp_path: Path) -> None:
    assert lexicon(fst(tmp_path, ["<eps>", "!SIL", "[unk]", "公积金", "#0", "一"])) == {"公积金", "一"}


def test_a_word_list_beside_the_graph_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "words.txt").write_text("<eps> 0\n公积金 1\n#0 2\n", "utf-8")
    assert lexicon(tmp_path) == {"公积金"}


@pytest.mark.parametrize("damage", ["missing", "cut", "no symbols", "other file"])
def test_a_damaged_model_is_told(tmp_path: Path, damage: str) -> None:
    folder = fst(tmp_path, ["公积金"] * 10, flags=0 if damage == "no symbols" else 3)
    file = folder / "graph" / "Gr.fst"
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:150])
    elif damage == "other file":
        file.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(LexiconError) as refused:
        lexicon(folder)
    assert "kiosk models" in refused.value.sentence


def test_the_real_list(model: Path) -> None:
    words = lexicon(model)
    assert len(words) == 99_981
    assert {"公积金", "余额", "退休", "俺"} <= words
    assert not {"住房公积金", "赁", "[unk]", "!SIL", "#0", "<eps>"} & words


# ------------------------------------------------------------------ the recogniser


@pytest.fixture
def model() -> Path:
    need("vosk")
    return places.MODELS / MODEL


class Words:
    """Vocabularies given by the test."""

    def __init__(self, *vocabularies: Vocabulary) -> None:
        self.all = {vocabulary.name: vocabulary for vocabulary in vocabularies}

    def dialects(self, expectation: Expectation) -> tuple[str, ...]:
        return tuple(self.all)

    def vocabulary(self, expectation: Expectation, dialect: str) -> Vocabulary:
        return self.all[dialect]


def hear(recogniser: VoskRecogniser, sound: Samples) -> dict[str, Reading]:
    recogniser.prepare(Expectation())
    recogniser.begin(Expectation())
    for block in blocks(np.concatenate([room(0.4), sound, room(0.6)])):
        recogniser.accept(block)
    return {reading.kind: reading for reading in recogniser.finish()}


def test_free_and_held_decodes_of_the_same_sound(model: Path, say: Say) -> None:
    phrases = ("查 余额", "退休 提取", "打 证明")
    source = Words(Vocabulary("mandarin", phrases), Vocabulary("xinan", (*phrases, "茶 鱼 鹅"), {"茶 鱼 鹅": "查 余额"}),
                   Vocabulary("empty", ()))
    heard = hear(VoskRecogniser(vosk_recogniser.load(model), source), say("查余额。"))
    assert list(heard) == ["free", "held:mandarin", "held:xinan"], "an empty vocabulary is not held"
    assert "余额" in heard["free"].text
    assert heard["held:mandarin"].text == "查 余额"
    assert heard["held:xinan"].text == "查 余额", "whichever spelling won"
    assert [word[0] for word in heard["held:mandarin"].words] == ["查", "余额"]


def test_an_utterance_given_up_leaves_nothing_behind(model: Path, say: Say) -> None:
    recogniser = VoskRecogniser(vosk_recogniser.load(model))
    alone = hear(recogniser, say("查余额。"))
    recogniser.begin(Expectation())
    for block in blocks(say("我要办退休提取。")[:EAR_RATE]):
        recogniser.accept(block)
    assert hear(recogniser, say("查余额。")) == alone


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecogniserError) as refused:
        vosk_recogniser.load(tmp_path)
    assert "kiosk models fetch" in refused.value.sentence
