"""Numbers as people say them."""

from __future__ import annotations

import pytest

from kiosk.language.numbers import Unit, find_in_clauses, find_numbers, han_value

VALUES = {
    "二百五": 250, "一万二": 12000, "两万三": 23000, "四千零五十": 4050, "一万零八百": 10800, "十万": 100_000, "十五": 15,
    "二十": 20, "百二": 120, "千五": 1500, "万二": 12000, "三千二百": 3200, "三千八": 3800, "十万零五千": 105_000,
    "一千零五": 1005, "六千零八十": 6080, "三百零三": 303, "廿五": 25, "卅": 30, "二零二四": 2024, "2.5万": 25000, "3万5": 35000,
    "一百万": 1_000_000, "俩": 2, "仨": 3, "两千五": 2500, "壹万贰仟": 12000, "零": 0, "一百八十": 180, "二十五万": 250_000,
}


@pytest.mark.parametrize(("said", "value"), VALUES.items())
def test_values(said: str, value: float) -> None:
    assert han_value(said) == value


@pytest.mark.parametrize(("said", "value", "unit"), [
    ("一千块零五毛", 1000.5, Unit.MONEY), ("六百六十块五毛", 660.5, Unit.MONEY), ("三块五", 3.5, Unit.MONEY),
    ("两千五百块洋钿", 2500, Unit.MONEY), ("万二蚊", 12000, Unit.MONEY), ("三千五百元整", 3500, Unit.MONEY),
    ("半年", 6, Unit.MONTHS), ("一年半", 18, Unit.MONTHS), ("十二个月", 12, Unit.MONTHS), ("仨月", 3, Unit.MONTHS),
    ("二十年", 20, Unit.YEARS), ("三份", 3, Unit.COPIES), ("两张", 2, Unit.COPIES), ("第二个", 2, Unit.ORDINAL),
    ("三个", 3, Unit.THINGS), ("五岁", 5, Unit.OTHER), ("六楼", 6, Unit.OTHER), ("三号窗口", 3, Unit.OTHER), ("六十", 60, Unit.NONE)])
def test_units(said: str, value: float, unit: Unit) -> None:
    (number,) = find_numbers(said)
    assert (number.value, number.unit, number.about) == (value, unit, False)
    assert said.startswith(number.words)


@pytest.mark.parametrize("said", ["百把块", "一千多块", "三千来块", "三四千", "几百块", "好几千", "千八百", "两三千块", "七千来块钱", "百八十块"])
def test_rough_sums_are_not_exact(said: str) -> None:
    assert [n.about for n in find_numbers(said)] == [True]


@pytest.mark.parametrize("said", ["一般", "星期三", "一下", "一点", "一起", "统一", "第一次就好", "一条一条", "万一", "十分满意", "二手房", "两口子"])
def test_words_that_only_look_like_numbers(said: str) -> None:
    assert not [n for n in find_numbers(said) if n.unit not in (Unit.ORDINAL, Unit.OTHER)]


def test_two_numbers_without_anything_between() -> None:
    assert [(n.value, n.unit) for n in find_numbers("算一下贷款八十万三十年")] == [(800_000, Unit.NONE), (30, Unit.YEARS)]
    assert [(n.value, n.unit) for n in find_numbers("借二十万一个月还多少")] == [(200_000, Unit.NONE), (1, Unit.MONTHS)]


def test_numbers_do_not_run_over_punctuation() -> None:
    assert [n.value for n in find_in_clauses(("贷四十万", "一年还多少"))] == [400_000, 1]
    assert [n.start for n in find_in_clauses(("贷四十万", "一年还多少"))] == [1, 4]
