from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.fund.account import Entry
from kiosk.fund.money import Money
from kiosk.fund.rules import Interest, Rate, RuleBook, Source
from kiosk.fund.withdrawal import interest_so_far

PLAIN = Interest((Rate("1.5", date(2016, 2, 21), Source("x")),), 360, "06-30")


@pytest.mark.parametrize(("balance", "today", "interest"), [
    ("10000", date(2026, 9, 29), "37.50"),    # 90 days: 10,000 × 90 × 1.5 % / 360
    ("10000", date(2026, 7, 1), "0"),         # the first day after the settlement
    ("10000", date(2026, 7, 2), "0.42"),      # one day: 0.41666
    ("10000", date(2026, 6, 30), "151.67"),   # 364 days, before the settlement of this year
    ("10000", date(2025, 1, 1), "76.67"),     # 184 days of the half year before
    ("0", date(2026, 9, 29), "0"),
    ("86543.21", date(2026, 11, 21), "515.65"),
])
def test_interest_since_the_last_settlement(balance: str, today: date, interest: str) -> None:
    assert interest_so_far(Money.parse(balance), (), PLAIN, today) == Money.parse(interest)


def test_what_came_in_later_earns_from_its_day() -> None:
    moved = [Entry(date(2026, 6, 30), "结息", Money.yuan(500), Money.yuan(9_000)),     # on the settlement day: not new
             Entry(date(2026, 8, 30), "汇缴", Money.yuan(1_000), Money.yuan(10_000))]
    # 9,000 for 90 days and 1,000 for 30 days
    assert interest_so_far(Money.yuan(10_000), moved, PLAIN, date(2026, 9, 29)) == Money.parse("35.00")


def test_a_change_of_the_rate_counts_from_its_day() -> None:
    rates = Rate("1.5", date(2016, 2, 21), Source("x")), Rate("3", date(2026, 8, 30), Source("y"))
    changed = Interest(rates, 360, "06-30")
    # 60 days at 1.5 %, 30 days at 3 %
    assert interest_so_far(Money.yuan(10_000), (), changed, date(2026, 9, 29)) == Money.parse("50")


@given(st.integers(0, 10**9), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_interest_grows_and_never_falls_within_a_year(fen: int, day: date) -> None:
    now, later = (interest_so_far(Money(fen), (), PLAIN, one) for one in (day, day + timedelta(days=1)))
    assert later >= now or PLAIN.last_settlement(day) != PLAIN.last_settlement(day + timedelta(days=1))
    assert Money(0) <= now <= Money(fen) * 1


def test_the_shipped_rate(book: RuleBook) -> None:
    interest = book.on(date(2026, 10, 2)).interest
    assert (interest.rate_on(date(2026, 10, 2)) * 1000, interest.day_basis) == (15, 360)
    assert interest.last_settlement(date(2026, 10, 2)) == date(2026, 6, 30)
    assert interest.last_settlement(date(2026, 6, 30)) == date(2025, 6, 30)
