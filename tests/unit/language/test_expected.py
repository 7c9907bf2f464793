"""The text that vocabularies are made of."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kiosk.fund.errors import DataError
from kiosk.language.expected import NUMBERS, Expected, Frames, Sampler, load_frames, sentences, spelled_number
from kiosk.language.numbers import find_numbers
from kiosk.language.packs import Pack, load_packs
from kiosk.language.respell import Lexicon, restore
from kiosk.language.syllables import spoken
from kiosk.places import ASSETS
from kiosk.ports.ears import Expectation


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return load_packs(ASSETS)


@pytest.fixture(scope="module")
def frames() -> Frames:
    return load_frames(ASSETS)


@pytest.fixture(scope="module")
def expected(packs: dict[str, Pack], frames: Frames) -> Expected:
    """A recogniser that knows every character of the packs but 冇, and some words."""
    texts = [text for group in sentences(frames, packs, "jin_hanxin").values() for text in group]
    return Expected(packs, frames, Lexicon({c for text in texts for c in text} - {"冇"} | {"公积金", "证明", "卯"}), ("jin_hanxin", "yue"))


def test_the_same_sentences_every_time(packs: dict[str, Pack], frames: Frames) -> None:
    assert sentences(frames, packs, "dongbei") == sentences(frames, packs, "dongbei")


def test_a_dialect_says_it_in_its_words_as_well(packs: dict[str, Pack], frames: Frames) -> None:
    mandarin = {t for group in sentences(frames, packs, "mandarin").values() for t in group}
    sichuan = {t for group in sentences(frames, packs, "xinan_chuanyu").values() for t in group}
    assert any("啷个" in t or "咋个" in t for t in sichuan - mandarin)
    assert not any("啷个" in t for t in mandarin)


def test_what_stands_on_buttons_may_be_said(packs: dict[str, Pack]) -> None:
    bare = Expected({"mandarin": packs["mandarin"]}, Frames(), Lexicon({"跟", "少", "取", "一", "点"}), buttons=lambda: ["少取一点", "跟取"])
    assert {"少 取 一 点", "跟 取"} <= set(bare.vocabulary(Expectation(), "mandarin").phrases)


def test_only_what_has_a_sound(packs: dict[str, Pack], frames: Frames) -> None:
    texts = [t for group in sentences(frames, packs, "jianghuai").values() for t in group]
    assert all(t and t == spoken(t) for t in texts)


def test_a_pattern_gives_all_its_ways_and_no_others() -> None:
    sampler = Sampler({"it": ["公积金", "钱"]}, 1)
    drawn = {sampler.draw("[我](取|提)<it>") for _ in range(200)}
    assert drawn == {i + v + n for i in ("", "我") for v in "取提" for n in ("公积金", "钱")}


def test_unknown_names_and_endless_nesting_give_nothing() -> None:
    assert Sampler({"a": ["<a>"]}, 1).draw("取<a><b>钱") == "取钱"


@pytest.mark.parametrize("value", [1, 10, 12, 20, 105, 110, 250, 1000, 2500, 2050, 4050, 12000, 12345, 20000, 23000, 100000, 120000, 250000])
def test_numbers_are_said_so_that_they_are_understood(value: int) -> None:
    chance = random.Random(value)
    for _ in range(10):
        said = spelled_number(value, chance)
        found = find_numbers(said)
        assert [number.value for number in found] == [value], said


@pytest.mark.parametrize("kind", sorted(NUMBERS))
def test_every_kind_of_number_is_said_in_han(kind: str) -> None:
    chance = random.Random(3)
    for _ in range(50):
        said = NUMBERS[kind](chance)
        assert said == spoken(said)


def test_mandarin_first_then_the_dialects_of_the_site_that_can_be_heard(expected: Expected) -> None:
    assert expected.dialects(Expectation(dialect="auto")) == ("mandarin", "jin_hanxin")
    assert expected.dialects(Expectation(dialect="dongbei")) == ("mandarin", "dongbei")
    assert expected.dialects(Expectation(dialect="yue")) == ("mandarin",)
    assert expected.dialects(Expectation(dialect="mandarin")) == ("mandarin",)


def test_a_vocabulary_is_made_once(expected: Expected) -> None:
    first = expected.vocabulary(Expectation(), "mandarin")
    assert expected.vocabulary(Expectation(pending="yes_no"), "mandarin") is first


def test_every_token_is_a_word_of_the_recogniser(expected: Expected) -> None:
    known = expected._lexicon.words
    for dialect in ("mandarin", "jin_hanxin"):
        vocabulary = expected.vocabulary(Expectation(), dialect)
        assert {token for line in vocabulary.phrases for token in line.split()} <= known


def test_what_the_recogniser_cannot_write_is_told_and_heard_all_the_same(expected: Expected) -> None:
    assert "冇" in expected.unknown("jin_hanxin")
    vocabulary = expected.vocabulary(Expectation(), "jin_hanxin")
    assert "冇" in {restore(token, vocabulary.back) for line in vocabulary.phrases for token in line.split()}


@pytest.mark.parametrize(("text", "place"), [
    ('frame: {}', "frame"), ('frames: {"a": ["(x"]}', "frames.a"), ('frames: {"a": "x"}', "frames.a"), ('talk: [yes]', "talk"),
    ('samples: "3"', "samples"), ('parts: ["x"]', "parts")])
def test_mistakes_are_named(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "dialects").mkdir()
    (tmp_path / "dialects" / "hearing.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=place):
        load_frames(tmp_path)
