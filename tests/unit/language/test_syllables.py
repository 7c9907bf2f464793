"""Text to syllables, and what each accent makes of them."""

from __future__ import annotations

import pytest

from kiosk.fund.errors import DataError
from kiosk.language.syllables import CODES, MANDARIN, accent_of, align, distance, load_accents, parse, syllables
from kiosk.places import ASSETS

ACCENTS = load_accents(ASSETS)
WORDS = "取公积金缴存证明打印余额还房贷退休租房热人日说水书湖街女旅绿略各可和学六去能宁冷"


@pytest.mark.parametrize(("spelled", "initial", "final"), [
    ("zhong1", "zh", "ong"), ("yu4", "", "ü"), ("jiu3", "j", "iou"), ("lv4", "l", "ü"), ("nüe4", "n", "üe"),
    ("qu3", "q", "ü"), ("shi4", "sh", "-i"), ("wen2", "", "uen"), ("dui4", "d", "uei"),
    ("er2", "", "er"), ("an3", "", "an")])
def test_parse_splits_and_spells_back(spelled: str, initial: str, final: str) -> None:
    parsed = parse(spelled)
    assert (parsed.initial, parsed.final) == (initial, final)
    assert parse(parsed.pinyin) == parsed


@pytest.mark.parametrize(("text", "spelled"), [
    ("还有房贷还没还清", "hai2 you3 fang2 dai4 hai2 mei2 huan2 qing1"),
    ("银行行不行", "yin2 hang2 xing2 bu4 xing2"),
    ("冇攞啲嘅", "mao3 luo2 di1 ge4"),
    ("覅，勿要侬", "fiao4 wu4 yao4 nong2"),
    ("取 3 份 A", "qu3 san1 fen4"),
])
def test_readings(text: str, spelled: str) -> None:
    assert " ".join(s.pinyin for s in syllables(text)) == spelled


def test_all_dialects_have_sounds() -> None:
    assert tuple(ACCENTS) == CODES


@pytest.mark.parametrize("code", CODES)
def test_folding_is_stable_and_equal_for_what_the_dialect_merges(code: str) -> None:
    accent = ACCENTS[code]
    for s in syllables(WORDS):
        assert accent.fold(accent.surface(s)) == accent.fold(s)
        assert accent.fold(accent.fold(s)) == accent.fold(s)


def test_southwest_takes_起_for_取_and_兰_for_南() -> None:
    guizhou = ACCENTS["xinan_guizhou"]
    assert guizhou.fold_text("取男证") == guizhou.fold_text("起兰怎")
    assert guizhou.fold_text("湖") == guizhou.fold_text("扶")
    assert MANDARIN.fold_text("取") != MANDARIN.fold_text("起")


def test_street_words_are_said_in_the_local_way() -> None:
    assert ACCENTS["xinan_chuanyu"].surface_text("街")[0].pinyin == "gai1"
    assert ACCENTS["dongbei"].surface_text("人")[0].pinyin == "yin2"
    assert ACCENTS["zhongyuan_henan"].surface_text("取钱")[0].tone == 1


def test_distance_is_cheap_for_near_sounds_and_dear_for_others() -> None:
    meant = syllables("取公积金")
    assert distance(meant, meant) == 0
    assert distance(meant, syllables("取公鸡金")) == 0
    assert 0 < distance(meant, syllables("去公积金")) < 0.1
    assert distance(meant, syllables("公积金")) == pytest.approx(0.8)
    assert distance(meant, syllables("今天真热")) > 2
    assert distance(meant, syllables("今天真热"), limit=1) == float("inf")


def test_alignment_names_what_is_missing() -> None:
    path = align(syllables("打缴存证明"), syllables("打缴证明"))
    assert [(i, j) for i, j, _ in path] == [(0, 0), (1, 1), (2, None), (3, 2), (4, 3)]


def test_a_wrong_key_is_named() -> None:
    with pytest.raises(DataError) as error:
        accent_of("x", {"sounds": {"initial": {}}}, "pack.toml")
    assert "sounds.initial" in str(error.value)
    assert "可用的有" in error.value.sentence
