"""Lines end where a thought ends."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.lines import CLOSING, OPENING, break_lines


def broken(text: str, width: int, together: frozenset[str] = frozenset()) -> list[str]:
    return [text[start:end] for start, end in break_lines(text, width, len, together)]


def test_clauses_stay_whole() -> None:
    lines = ["您退休了，", "可以把公积金全部取出来。", "转到这张卡，对吗？"]
    assert broken("".join(lines), 13) == lines


def test_one_line_is_not_broken_at_its_comma() -> None:
    assert broken("对，转到这张卡", 10) == ["对，转到这张卡"]


def test_words_numbers_and_counted_things_are_not_torn() -> None:
    assert broken("您的公积金余额", 4, frozenset({"公积金", "余额"})) == ["您的", "公积金", "余额"]
    assert broken("一共86,532.17元", 10)[-1] == "86,532.17元"
    assert "三个工作日" in broken("钱三个工作日内到您的卡上", 8, frozenset({"工作日"}))[0]
    assert any("“好了”" in line for line in broken("等我说“好了”再拿走", 5))


def test_line_ends_of_the_text_are_kept() -> None:
    assert broken("按这里\n或直接说话", 20) == ["按这里", "或直接说话"]
    assert broken("", 5) == []


@given(st.text(alphabet="您好公积金退休，。？“”（）12,3.5 元", max_size=40), st.integers(3, 20))
def test_nothing_is_lost_and_nothing_sticks_out(text: str, width: int) -> None:
    lines = broken(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width for line in lines)


@given(st.text(alphabet="您好公积金，。？（《", min_size=1, max_size=40), st.integers(8, 20))
def test_no_mark_stands_at_the_wrong_end(text: str, width: int) -> None:
    if any((a in CLOSING and b in CLOSING) or a in OPENING for a, b in pairwise(text)):
        return
    for line in broken(text, width)[1:]:
        assert line[0] not in CLOSING
