"""Vectors of the tables attached to the decision of 2024-09-13 (法定退休年龄对照表)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.fund.account import Post
from kiosk.fund.identity import Sex
from kiosk.fund.month import Month
from kiosk.fund.retirement import categories
from kiosk.fund.rules import RuleBook


@pytest.mark.parametrize(("born", "category", "age", "month"), [
    ("1964-12", "man", (60, 0), "2024-12"),
    ("1965-01", "man", (60, 1), "2025-02"),
    ("1965-04", "man", (60, 1), "2025-05"),
    ("1965-05", "man", (60, 2), "2025-07"),
    ("1966-08", "man", (60, 5), "2027-01"),
    ("1968-12", "man", (61, 0), "2029-12"),
    ("1970-01", "man", (61, 4), "2031-05"),
    ("1976-08", "man", (62, 11), "2039-07"),
    ("1976-09", "man", (63, 0), "2039-09"),
    ("1990-01", "man", (63, 0), "2053-01"),
    ("1969-12", "woman_55", (55, 0), "2024-12"),
    ("1970-01", "woman_55", (55, 1), "2025-02"),
    ("1981-08", "woman_55", (57, 11), "2039-07"),
    ("1981-09", "woman_55", (58, 0), "2039-09"),
    ("1974-12", "woman_50", (50, 0), "2024-12"),
    ("1975-01", "woman_50", (50, 1), "2025-02"),
    ("1975-03", "woman_50", (50, 2), "2025-05"),
    ("1984-10", "woman_50", (54, 11), "2039-09"),
    ("1984-11", "woman_50", (55, 0), "2039-11"),
])
def test_the_table(book: RuleBook, born: str, category: str, age: tuple[int, int], month: str) -> None:
    found = book.on(date(2026, 10, 2)).retirement.statutory(Month.parse(born), category)
    assert ((found.years, found.months), found.month.iso) == (age, month)


def test_flexible_three_years_but_not_before_the_old_age(book: RuleBook) -> None:
    table = book.on(date(2026, 10, 2)).retirement
    early = table.statutory(Month.parse("1965-01"), "man")
    assert (early.earliest.iso, early.latest.iso) == ("2025-01", "2028-02")  # 60 years, not three years before
    late = table.statutory(Month.parse("1976-09"), "man")
    assert (late.earliest.iso, late.latest.iso) == ("2036-09", "2042-09")


@given(st.integers(1930, 2005), st.integers(1, 11), st.sampled_from(["man", "woman_55", "woman_50"]))
def test_nobody_retires_before_an_elder(book: RuleBook, year: int, month: int, category: str) -> None:
    table = book.on(date(2026, 10, 2)).retirement
    elder, younger = table.statutory(Month(year, month), category), table.statutory(Month(year, month + 1), category)
    assert elder.month < younger.month
    assert elder.earliest <= elder.month <= elder.latest


def test_who_belongs_where() -> None:
    assert categories(Sex.MAN, Post.CADRE) == ("man",)
    assert categories(Sex.WOMAN, Post.CADRE) == ("woman_55",)
    assert categories(Sex.WOMAN, Post.WORKER) == ("woman_50",)
    assert categories(Sex.WOMAN, Post.UNKNOWN) == ("woman_50", "woman_55")
