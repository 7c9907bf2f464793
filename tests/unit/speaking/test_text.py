"""Words, clauses and pace."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.speaking import clauses, pace, words
from kiosk.speaking.clauses import split
from kiosk.speaking.words import in_words


@pytest.mark.parametrize("module", [clauses, words])
def test_examples_in_the_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "said"), [
    ("共2张，第2步，2月2日", "共两张，第二步，二月二日"),
    ("9:00到17:30", "九点到十七点三十分"),
    ("3-5个工作日", "三到五个工作日"),
    ("利率1.5%", "利率百分之一点五"),
    ("￥5,000", "五千块"),
    ("0.5元", "五毛"),
    ("5200元整", "五千二百块"),
    ("请拨打12329", "请拨打幺二三二九"),
    ("编号 0571-22", "编号 零五七幺二二"),
    ("３号窗口", "三号窗口"),
    ("12万", "十二万"),
    ("2026-03-05", "二零二六年三月五日"),
    ("没有数字。", "没有数字。"),
])
def test_figures_in_words(text: str, said: str) -> None:
    assert in_words(text) == said


@given(st.text(alphabet="0123456789.,:-/%年月日元第个 号¥X", max_size=24))
def test_no_figure_is_left_and_nothing_breaks(text: str) -> None:
    assert not any(c.isdigit() for c in in_words(text))


@given(st.text(alphabet="您好公积金，。！？、：；…—“”（）,.:12 \n", max_size=90))
def test_clauses_cover_what_can_be_said(text: str) -> None:
    parts = split(text)
    place = 0
    for clause in parts:
        assert text[clause.start:clause.end] == clause.text
        assert not any(c.isalnum() for c in text[place:clause.start])
        assert any(c.isalnum() for c in clause.text)
        place = clause.end
    assert not any(c.isalnum() for c in text[place:])
    if parts:
        assert parts[-1].pause == 0.0


@pytest.mark.parametrize("number", ["12,345.67", "1,234,567", "9:30", "3.14", "2026-03-05"])
def test_numbers_are_never_cut(number: str) -> None:
    text = f"请您看好，{number}，就是这个。"
    assert any(number in clause.text for clause in split(text))


def test_long_stretches_are_cut_where_one_breathes_but_not_in_amounts() -> None:
    amount = "一万二千三百四十五块六毛七"
    for lead in range(10, 45):
        text = "我" * lead + "要取" + amount + "这么多的钱现在就要取出来放在卡上"
        parts = split(text)
        assert "".join(clause.text for clause in parts) == text
        assert all(len(clause.text) <= clauses.LONGEST for clause in parts)
        assert any(amount in clause.text for clause in parts)


def test_pace_moves_in_steps_and_stays_at_the_ends() -> None:
    assert pace.next_rate(0.9, -1) == 0.8
    assert pace.next_rate(0.6, -1) == 0.6
    assert pace.next_rate(1.4, 3) == 1.4
    assert pace.next_volume(0.6, 1) == 0.8
    assert pace.next_volume(1.0, 1) == 1.0
    assert pace.step_of(0.87) == 0.9


def test_the_visitors_pace_is_mirrored_mildly() -> None:
    assert pace.mirrored(0.9, syllables=12, speech_seconds=6.0) == 0.8
    assert pace.mirrored(0.9, syllables=12, speech_seconds=3.0) == 0.9
    assert pace.mirrored(0.9, syllables=60, speech_seconds=6.0) == 1.0
    assert pace.mirrored(0.9, syllables=2, speech_seconds=5.0) == 0.9
    assert pace.mirrored(0.9, syllables=20, speech_seconds=0.0) == 0.9
