"""What people say for the time of a statement, with the days worked out by hand (today is 21 November 2026)."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.fund import period

TODAY, OPENED = date(2026, 11, 21), date(2010, 7, 5)


@pytest.mark.parametrize(("said", "words", "first", "last"), [
    ("打最近半年的流水", "最近半年", "2026-05-21", "2026-11-21"),
    ("最近一年", "最近一年", "2025-11-21", "2026-11-21"),
    ("要最近五年的公积金流水", "最近五年", "2021-11-21", "2026-11-21"),
    ("近三个月", "近三个月", "2026-08-21", "2026-11-21"),
    ("这两个季度的", "这两个季度", "2026-05-21", "2026-11-21"),
    ("前十二个月", "前十二个月", "2025-11-21", "2026-11-21"),
    ("最近一年多的", "最近一年多", "2024-11-21", "2026-11-21"),
    ("今年的公积金流水", "今年", "2026-01-01", "2026-11-21"),
    ("今年以来的", "今年以来", "2026-01-01", "2026-11-21"),
    ("去年一年的明细打一下", "去年", "2025-01-01", "2025-12-31"),
    ("去年下半年的", "去年下半年", "2025-07-01", "2025-12-31"),
    ("上半年", "上半年", "2026-01-01", "2026-06-30"),
    ("前年的", "前年", "2024-01-01", "2024-12-31"),
    ("大前年的", "大前年", "2023-01-01", "2023-12-31"),
    ("二零二四年的", "二零二四年", "2024-01-01", "2024-12-31"),
    ("2023年度", "2023年度", "2023-01-01", "2023-12-31"),
    ("二三年的", "二三年", "2023-01-01", "2023-12-31"),
    ("上个月的", "上个月", "2026-10-01", "2026-10-31"),
    ("本月", "本月", "2026-11-01", "2026-11-21"),
    ("从去年三月到今年五月的", "从去年三月到今年五月", "2025-03-01", "2026-05-31"),
    ("从2024年到现在", "从2024年到现在", "2024-01-01", "2026-11-21"),
    ("全部都要", "全部", "2010-07-05", "2026-11-21"),
    ("从头到现在的", "从头到现在", "2010-07-05", "2026-11-21"),
    ("最近的", "最近", "2026-05-21", "2026-11-21"),
    ("二零零八年到现在的，从二零零八年到现在", "从二零零八年到现在", "2010-07-05", "2026-11-21"),
])
def test_periods(said: str, words: str, first: str, last: str) -> None:
    assert period.find(said) == words
    found = period.resolve(words, TODAY, OPENED)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize("said", ["", "打一份", "好的", "对，打印出来", "第二个", "余额"])
def test_no_period(said: str) -> None:
    assert period.find(said) == ""
    assert period.resolve(said, TODAY, OPENED) is None


def test_before_the_account_was_opened() -> None:
    assert period.resolve("2009年", TODAY, OPENED) is None


def test_the_last_day_of_a_short_month() -> None:
    assert period.months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert period.months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
