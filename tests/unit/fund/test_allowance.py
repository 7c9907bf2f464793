"""How much, for how many months, when again: the arithmetic behind the decision table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.fund.account import PastWithdrawal
from kiosk.fund.allowance import after, allow, business_year, months_words, next_time
from kiosk.fund.money import Money
from kiosk.fund.month import later
from kiosk.fund.rule_limits import Amount, Frequency, Keep, MoreMaterials, Test, holds


def past(*days: date) -> tuple[PastWithdrawal, ...]:
    return tuple(PastWithdrawal("", day, "07", "", Money.yuan(1000), Money(0), "", "", day, kind="withdraw.rent")
                 for day in days)


@pytest.mark.parametrize(("day", "begins", "first", "following"), [
    (date(2026, 1, 1), "01-01", date(2026, 1, 1), date(2027, 1, 1)),
    (date(2026, 6, 30), "07-01", date(2025, 7, 1), date(2026, 7, 1)),
    (date(2026, 7, 1), "07-01", date(2026, 7, 1), date(2027, 7, 1))])
def test_business_years(day: date, begins: str, first: date, following: date) -> None:
    assert business_year(day, begins) == (first, following)


@pytest.mark.parametrize(("frequency", "last", "again"), [
    (Frequency(every="month"), date(2026, 1, 31), date(2026, 2, 28)),
    (Frequency(every="year"), date(2024, 2, 29), date(2025, 2, 28)),
    (Frequency(every_days=30), date(2026, 1, 31), date(2026, 3, 2)),
    (Frequency(every="month", counted="calendar"), date(2026, 1, 31), date(2026, 2, 1)),
    (Frequency(every="quarter", counted="calendar"), date(2026, 5, 15), date(2026, 7, 1)),
    (Frequency(every="half_year", counted="calendar"), date(2026, 7, 1), date(2027, 1, 1)),
    (Frequency(every="year", counted="calendar"), date(2026, 12, 31), date(2027, 1, 1)),
    (Frequency(), date(2026, 12, 31), None)])
def test_when_again(frequency: Frequency, last: date, again: date | None) -> None:
    assert after(frequency, last, "01-01") == again


def test_so_many_a_year() -> None:
    two = Frequency(every="month", most_per_year=2)
    once, twice = past(date(2026, 3, 1)), past(date(2026, 6, 1), date(2026, 3, 1))
    assert next_time(two, once, date(2026, 9, 1), "01-01") is None
    assert next_time(two, twice, date(2026, 9, 1), "01-01") == date(2027, 1, 1)
    assert next_time(two, twice, date(2026, 6, 2), "07-01") == date(2026, 7, 1)
    assert next_time(two, twice, date(2027, 1, 1), "01-01") is None
    assert next_time(two, (), date(2026, 9, 1), "01-01") is None


ROWS = [
    # fund.md B3: Yangzhou, 24,000 a year, at most 60 % of the monthly deposit a month: 1,920 × 60 % × 12 = 13,824
    ("yangzhou", Amount("fixed", "24000", per="year", cap_percent_of_deposit="60"), Frequency(), Keep(), "13824.00"),
    # Dongguan: 70 % of the deposit, at most 1,800 a month: 1,344
    ("dongguan", Amount("percent_of_deposit", "70", per="month", cap="1800"), Frequency(covers_most_months=1), Keep(),
     "1344.00"),
    ("dongguan's cap", Amount("percent_of_deposit", "70", per="month", cap="1000"), Frequency(covers_most_months=3),
     Keep(), "3000.00"),
    # Changsha: what was paid in since the last withdrawal
    ("changsha", Amount("percent_of_deposit", "100", per="month"), Frequency(covers_most_months=2), Keep(), "3840.00"),
    # Xi'an: 18,000 a year, three months' deposit stay: 20,000 - 5,760
    ("xian", Amount("fixed", "18000", per="year"), Frequency(), Keep(months_of_deposit=3), "14240.00"),
    # Zhuhai: at most 90 % of the balance
    ("zhuhai", Amount("balance"), Frequency(), Keep(percent="10"), "18000.00"),
    # Fuzhou: 1,500 a month, the first time at most six months
    ("fuzhou", Amount("fixed", "1500", per="month"), Frequency(every="month", first_time_most_months=6), Keep(),
     "9000.00"),
    ("the largest of what must stay", Amount("balance"), Frequency(), Keep(1, "50", "100"), "10000.00"),
    ("a quarter's sum", Amount("fixed", "3000", per="quarter"), Frequency(covers_most_months=6), Keep(), "6000.00"),
    ("once", Amount("fixed", "500", per="once"), Frequency(), Keep(), "500.00"),
]


@pytest.mark.parametrize(("amount", "frequency", "keep", "limit"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_rows_of_the_cities_fit(case, amount: Amount, frequency: Frequency, keep: Keep, limit: str) -> None:  # type: ignore[no-untyped-def]
    one = case(balance=Money.yuan(20_000))
    assert allow(amount, frequency, keep, one, "01-01", False).limit == Money.parse(limit)


def test_whole_yuan(case) -> None:  # type: ignore[no-untyped-def]
    one = case(balance=Money.parse("99.99"))
    assert allow(Amount("balance"), Frequency(), Keep(), one, "01-01", True).limit == Money.parse("99")


@pytest.mark.parametrize(("per", "limit"), [("once", "500"), ("year", "1500")])
def test_once_counts_whatever_was_taken_a_year_only_its_own(case, per: str, limit: str) -> None:  # type: ignore[no-untyped-def]
    one = replace(case(), past=past(date(2024, 3, 1)), kind="withdraw.rent")
    found = allow(Amount("fixed", "1500", per=per), Frequency(), Keep(), one, "01-01", False)  # type: ignore[arg-type]
    assert found.limit == Money.parse(limit)


def test_a_next_day_counts_this_withdrawal(case) -> None:  # type: ignore[no-untyped-def]
    found = allow(Amount("fixed", "10"), Frequency(every="month", most_per_year=1), Keep(), case(), "01-01", False)
    assert found.next_day == date(2027, 1, 1)


@pytest.mark.parametrize(("test", "value", "passes"), [
    ("yes", "yes", True), ("yes", "no", False), (("a", "b"), "b", True), (("a", "b"), "c", False), (">=2", "2", True),
    (">2", "2", False), ("<700", "699.99", True), ("<=0.5", "1/2", True), (">=2", "many", False)])
def test_facts_are_compared(test: Test, value: str, passes: bool) -> None:
    assert holds(test, value) is passes


@pytest.mark.parametrize(("count", "words"), [
    (0, ""), (1, "一个月"), (2, "两个月"), (10, "十个月"), (12, "十二个月"), (20, "二十个月"), (24, "二十四个月")])
def test_months_in_words(count: int, words: str) -> None:
    assert months_words(count) == words


@pytest.mark.parametrize(("materials", "instead_of", "listed"), [
    (("x",), (), ("a", "b", "c", "x")), (("x", "y"), ("b",), ("a", "x", "y", "c")), (("x",), ("c", "a"), ("x", "b")),
    (("b",), (), ("a", "b", "c")), (("x",), ("z",), ("a", "b", "c", "x"))])
def test_papers_in_the_place_of_others(materials: tuple[str, ...], instead_of: tuple[str, ...],
                                       listed: tuple[str, ...]) -> None:
    assert MoreMaterials({}, materials, instead_of).added_to(("a", "b", "c")) == listed


def test_later_clamps_to_the_month() -> None:
    assert later(date(2026, 8, 31), months=6) == date(2027, 2, 28)
    assert later(date(2026, 3, 31), months=-1) == date(2026, 2, 28)
    assert later(date(2026, 12, 31), days=1) == date(2027, 1, 1)
