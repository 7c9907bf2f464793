from __future__ import annotations

from fractions import Fraction

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.fund.money import Money

SUMS = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1).map(Money)

_DIGITS = {**{c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")},
           **{c: i for i, c in enumerate("零一二三四五六七八九")}, "两": 2}
_PLACES = {"拾": 10, "佰": 100, "仟": 1000, "十": 10, "百": 100, "千": 1000}


def whole(text: str) -> int:
    """Reader of Chinese numerals, written apart from the writer."""
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _PLACES:
            section, digit = section + (digit or 1) * _PLACES[character], 0
        else:
            total = (total + section + digit) * 10**8 if character == "亿" else total + (section + digit) * 10_000
            section = digit = 0
    return total + section + digit


def read(text: str, yuan: str, jiao: str) -> int:
    sign, text = (-1, text[1:]) if text.startswith("负") else (1, text)
    text = text.removesuffix("整")
    before, _, rest = text.partition(yuan) if yuan in text else ("", "", text)
    tens, _, ones = rest.partition(jiao) if jiao in rest else ("", "", rest)
    return sign * (whole(before) * 100 + whole(tens) * 10 + whole(ones.removesuffix("分")))


@pytest.mark.parametrize(("text", "figures", "capital", "spoken"), [
    ("12345.67", "12,345.67 元", "壹万贰仟叁佰肆拾伍元陆角柒分", "一万二千三百四十五块六毛七"),
    ("0", "0.00 元", "零元整", "零块"),
    ("0.05", "0.05 元", "伍分", "五分"),
    ("0.5", "0.50 元", "伍角整", "五毛"),
    ("2", "2.00 元", "贰元整", "两块"),
    ("10", "10.00 元", "壹拾元整", "十块"),
    ("12.2", "12.20 元", "壹拾贰元贰角整", "十二块两毛"),
    ("110", "110.00 元", "壹佰壹拾元整", "一百一十块"),
    ("200", "200.00 元", "贰佰元整", "二百块"),
    ("1000.05", "1,000.05 元", "壹仟元零伍分", "一千块零五分"),
    ("2000", "2,000.00 元", "贰仟元整", "两千块"),
    ("10001", "10,001.00 元", "壹万零壹元整", "一万零一块"),
    ("22000", "22,000.00 元", "贰万贰仟元整", "两万二千块"),
    ("101000", "101,000.00 元", "壹拾万壹仟元整", "十万一千块"),
    ("100100", "100,100.00 元", "壹拾万零壹佰元整", "十万零一百块"),
    ("100001000", "100,001,000.00 元", "壹亿零壹仟元整", "一亿零一千块"),
    ("-3.02", "-3.02 元", "负叁元零贰分", "负三块零两分"),
])
def test_how_money_is_written_and_said(text: str, figures: str, capital: str, spoken: str) -> None:
    money = Money.parse(text)
    assert (str(money), money.capital, money.spoken) == (figures, capital, spoken)


@given(SUMS)
def test_figures_come_back(money: Money) -> None:
    assert Money.parse(str(money)) == money


@given(SUMS)
def test_capital_figures_and_speech_come_back(money: Money) -> None:
    assert read(money.capital, "元", "角") == money.fen
    # 六毛七 has no 分: what stands behind 毛 are fen
    assert read(money.spoken, "块", "毛") == money.fen


@given(st.integers(min_value=1, max_value=10**11))
def test_capital_figures_agree_with_another_writer(yuan: int) -> None:
    assert Money.yuan(yuan).capital == cn2an.an2cn(str(yuan), "up").replace("圆", "元") + "元整"


@given(SUMS, SUMS, st.integers(min_value=-50, max_value=50))
def test_arithmetic_is_that_of_whole_fen(a: Money, b: Money, times: int) -> None:
    assert (a + b) - b == a
    assert a * times == Money.total([a] * times) if times >= 0 else a * times == -(a * -times)
    assert (a < b) == (a.fen < b.fen)


def test_rounding_half_up_away_from_zero() -> None:
    assert [Money.rounded(Fraction(n, 2)).fen for n in (1, 3, -1, -3)] == [1, 2, -1, -2]
    assert Money(100) * Fraction(1, 3) == Money(33)


@pytest.mark.parametrize("text", ["", "abc", "1.234", "1,23", "12,34.5", "--1", "1 2", "NaN"])
def test_nonsense_is_no_money(text: str) -> None:
    with pytest.raises(ValueError, match="money"):
        Money.parse(text)


def test_only_whole_fen() -> None:
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]


def test_too_large_for_words() -> None:
    with pytest.raises(ValueError, match="large"):
        _ = Money.yuan(10**12).capital
