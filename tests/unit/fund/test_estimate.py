"""Loan arithmetic against the vectors of fund.md B6, and the bounds on a loan."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kiosk.fund.account import Repayment
from kiosk.fund.estimate import (
    Applicant,
    affordable,
    annuity,
    deposit,
    largest_loan,
    linear,
    linear_payment,
    next_due,
    next_withdrawal,
    plan,
    terms_around,
    years_and_months,
)
from kiosk.fund.money import Money
from kiosk.fund.rules import LoanFormula, RuleBook

TODAY = date(2026, 11, 21)

#: P, yearly percent, months, 等额本息 monthly, its interest, 等额本金 first, last, its interest.
VECTORS = (
    ("1000000", "2.6", 360, "4003.40", "441222.96", "4944.44", "2783.80", "391083.33"),
    ("1000000", "2.85", 360, "4135.57", "488806.58", "5152.78", "2784.38", "428687.50"),
    ("800000", "2.6", 240, "4278.30", "226793.06", "5066.67", "3340.56", "208866.67"),
    ("600000", "2.6", 120, "5683.52", "82022.32", "6300.00", "5010.83", "78650.00"),
    ("500000", "2.1", 60, "8785.77", "27146.26", "9208.33", "8347.92", "26687.50"),
    ("1000000", "3.075", 360, "4256.60", "532375.02", "5340.28", "2784.90", "462531.25"),
)


@pytest.mark.parametrize(("loan", "percent", "months", "monthly", "interest", "first", "last", "less"), VECTORS)
def test_the_vectors(loan: str, percent: str, months: int, monthly: str, interest: str, first: str, last: str,
                     less: str) -> None:
    principal, rate = Money.parse(loan), Fraction(percent) / 100
    level, falling = annuity(principal, rate, months), linear(principal, rate, months)
    assert (level.first, level.last, level.interest) == (Money.parse(monthly), Money.parse(monthly),
                                                         Money.parse(interest))
    assert (falling.first, falling.last, falling.interest) == (Money.parse(first), Money.parse(last),
                                                               Money.parse(less))


@pytest.mark.parametrize(("day", "years", "home", "percent"), [
    (date(2025, 5, 7), 30, "first", "2.85"), (date(2025, 5, 8), 30, "first", "2.6"),
    (date(2025, 5, 7), 5, "first", "2.35"), (date(2025, 5, 8), 5, "first", "2.1"),
    (TODAY, 6, "first", "2.6"), (TODAY, 5, "second", "2.525"), (TODAY, 6, "second", "3.075"),
    (date(2024, 5, 17), 10, "first", "3.1"), (date(2022, 9, 30), 10, "first", "3.25"),
])
def test_the_rate_of_the_day_and_of_the_term(book: RuleBook, day: date, years: int, home: str, percent: str) -> None:
    assert book.on(TODAY).loan_rates.rate_on(day, years, home).percent == percent


def test_no_rate_is_known(book: RuleBook) -> None:
    rates = book.on(TODAY).loan_rates
    with pytest.raises(ValueError, match="no rate"):
        rates.rate_on(TODAY, 31)
    with pytest.raises(ValueError, match="no rate"):
        rates.rate_on(date(2020, 1, 1), 10, "second")


def test_every_rate_says_where_it_is_from(book: RuleBook) -> None:
    for rate in book.on(TODAY).loan_rates.rates:
        assert rate.source.title
        assert rate.source.certainty == "second_hand"


def test_a_plan_takes_the_rate_of_its_term(book: RuleBook) -> None:
    short, long = (plan(Money.yuan(500_000), years, book.on(TODAY).loan_rates, TODAY) for years in (5, 6))
    assert (short.percent, long.percent) == ("2.1", "2.6")
    assert short.annuity.first == Money.parse("8785.77")
    assert short.linear.kind is Repayment.LINEAR


@pytest.mark.parametrize(("years", "terms"), [
    (20, (10, 20, 30)), (10, (10, 20, 30)), (30, (10, 20, 30)), (15, (10, 15, 20)), (5, (3, 5, 10)), (1, (1, 3, 5)),
    (29, (25, 29, 30)), (12, (10, 12, 15)),
])
def test_three_terms_with_the_asked_one(years: int, terms: tuple[int, ...]) -> None:
    assert terms_around(years, 30) == terms


def test_terms_where_a_city_lends_for_less_long() -> None:
    assert terms_around(20, 25) == (10, 20)
    assert terms_around(15, 25) == (10, 15, 20)


def test_what_an_income_carries_is_the_largest_such_loan() -> None:
    rate, monthly = Fraction("2.6") / 100, Money.parse("4278.30")
    loan = affordable(monthly, rate, 240)
    assert annuity(loan, rate, 240).first <= monthly
    assert annuity(loan + Money.yuan(1), rate, 240).first >= monthly
    assert affordable(monthly, Fraction(0), 240) == Money.parse("1026792.00")


def test_the_payments_of_a_linear_loan_sum_up() -> None:
    loan, rate = Money.yuan(120_000), Fraction("2.6") / 100
    paid = Money.total(linear_payment(loan, rate, 120, number) for number in range(1, 121))
    assert abs((paid - loan - linear(loan, rate, 120).interest).fen) <= 120
    with pytest.raises(ValueError, match="no such month"):
        linear_payment(loan, rate, 120, 121)


# ------------------------------------------------------------------ how much may be borrowed


@pytest.mark.parametrize(("asks", "amount", "because"), [
    (Applicant(), "600000", "cap"),
    (Applicant(couple=True), "800000", "cap"),
    (Applicant(balance=Money.yuan(30_000)), "450000", "formula"),
    (Applicant(balance=Money.parse("30123.45"), couple=True), "451000", "formula"),   # down to whole thousands
    (Applicant(price=Money.yuan(500_000)), "400000", "price"),
    (Applicant(price=Money.yuan(500_000), own_money=Money.yuan(300_000)), "200000", "price"),
    (Applicant(price=Money.yuan(500_000), own_money=Money.yuan(600_000)), "0", "price"),
    (Applicant(income=Money.yuan(4_000)), "448000", "income"),                        # 2,400 a month for 20 years
    (Applicant(income=Money.yuan(20_000)), "600000", "cap"),
    (Applicant(price=Money.yuan(600_000), income=Money.yuan(4_000), balance=Money.yuan(20_000)), "300000", "formula"),
])
def test_the_smallest_bound_decides(book: RuleBook, asks: Applicant, amount: str, because: str) -> None:
    rules = book.on(TODAY)
    largest = largest_loan(asks, 20, rules.loan_limits, rules.loan_rates, TODAY)
    assert largest is not None
    assert (largest.amount, largest.because) == (Money.parse(amount), because)


def test_formulas_of_other_cities(book: RuleBook) -> None:
    import msgspec

    rules = book.on(TODAY)

    def largest(formula: LoanFormula, asks: Applicant) -> Money | None:
        limits = msgspec.structs.replace(rules.loan_limits, formulas=(formula,), one_most="")
        found = largest_loan(asks, 20, limits, rules.loan_rates, TODAY)
        return found.amount if found else None

    by_base = LoanFormula("base", "0.5", "0.6")
    assert largest(by_base, Applicant(base=Money.yuan(5_000))) == Money.yuan(360_000)
    assert largest(LoanFormula("years_paid", "150000"), Applicant(years_paid=4)) == Money.yuan(600_000)
    assert largest(by_base, Applicant()) is None


# ------------------------------------------------------------------ deposits and dates


@pytest.mark.parametrize(("base", "unit", "own", "to_yuan", "parts"), [
    ("8000", 12, 12, True, ("960", "960")), ("5204.17", 7, 5, True, ("364", "260")),
    ("5210", 5, 5, True, ("261", "261")),                # 260.50 goes up
    ("5204.17", 7, 5, False, ("364.29", "260.21")),
])
def test_the_monthly_deposit(base: str, unit: int, own: int, to_yuan: bool, parts: tuple[str, str]) -> None:
    made = deposit(Money.parse(base), Fraction(unit), Fraction(own), to_yuan=to_yuan)
    assert made == tuple(Money.parse(part) for part in parts)


@pytest.mark.parametrize(("last", "months", "days", "after"), [
    (date(2026, 8, 31), 6, 0, date(2027, 2, 28)), (date(2025, 11, 21), 12, 0, date(2026, 11, 21)),
    (date(2024, 2, 29), 12, 0, date(2025, 2, 28)), (date(2026, 11, 21), 0, 30, date(2026, 12, 21)),
    (date(2026, 11, 30), 3, 0, date(2027, 2, 28)), (None, 12, 0, None),
])
def test_the_next_withdrawal(last: date | None, months: int, days: int, after: date | None) -> None:
    assert next_withdrawal(last, months=months, days=days) == after


@pytest.mark.parametrize(("day", "today", "due"), [
    (20, date(2026, 11, 21), date(2026, 12, 20)), (21, date(2026, 11, 21), date(2026, 11, 21)),
    (31, date(2026, 11, 21), date(2026, 11, 30)), (20, date(2026, 12, 21), date(2027, 1, 20)),
    (31, date(2027, 1, 31), date(2027, 1, 31)),
])
def test_the_next_due_day(day: int, today: date, due: date) -> None:
    assert next_due(day, today) == due


def test_years_and_months() -> None:
    assert [years_and_months(n) for n in (0, 8, 12, 147)] == ["0个月", "8个月", "1年", "12年3个月"]
