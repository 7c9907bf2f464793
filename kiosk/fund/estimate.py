"""Loan arithmetic: what a loan costs by both kinds of repayment, and how much may be borrowed (fund.md B6).

Exact fractions inside, rounded half up to the fen at the very end. With r the yearly rate / 12 and n months:

    等额本息  M = P·r·(1+r)^n / ((1+r)^n − 1)         total interest  M·n − P
    等额本金  month k: P/n + (P − P·(k−1)/n)·r         total interest  P·r·(n+1)/2

Everything here is an estimate: banks round every month and settle the rest with the last one, and the centre decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kiosk.fund.account import Repayment
from kiosk.fund.money import Money
from kiosk.fund.month import Month, later
from kiosk.fund.rules import LoanFormula, LoanLimits, LoanRates


@dataclass(frozen=True)
class Repaying:
    """What one kind of repayment costs. `first` and `last` monthly payments (the same for 等额本息), `interest` in all."""

    kind: Repayment
    first: Money
    last: Money
    interest: Money


@dataclass(frozen=True)
class Plan:
    """One term of a loan, both ways of paying it back. `percent` is the yearly rate as exact text."""

    principal: Money
    years: int
    percent: str
    annuity: Repaying
    linear: Repaying


def annuity(principal: Money, rate: Fraction, months: int) -> Repaying:
    """等额本息: the same every month. `rate` is the yearly rate (26/1000 for 2.6 %).

    1,000,000 元 at 2.6 % for 360 months = 4,003.40 元 a month, 441,222.96 元 interest.
    """
    monthly = Fraction(principal.fen) * _share(rate, months)
    paid = Money.rounded(monthly)
    return Repaying(Repayment.ANNUITY, paid, paid, Money.rounded(monthly * months - principal.fen))


def linear(principal: Money, rate: Fraction, months: int) -> Repaying:
    """等额本金: the same share of the loan every month, and the interest on what is left: more at first, less later."""
    interest = principal.fen * _monthly(rate) * (months + 1) / 2
    return Repaying(Repayment.LINEAR, linear_payment(principal, rate, months, 1),
                    linear_payment(principal, rate, months, months), Money.rounded(interest))


def linear_payment(principal: Money, rate: Fraction, months: int, number: int) -> Money:
    """等额本金: the payment of month `number`, counted from 1. ValueError outside the term."""
    if not 1 <= number <= months:
        raise ValueError("no such month")
    part = Fraction(principal.fen, months)
    return Money.rounded(part + (principal.fen - part * (number - 1)) * _monthly(rate))


def plan(principal: Money, years: int, rates: LoanRates, day: date, home: str = "first") -> Plan:
    """Both kinds of repayment for a loan lent on `day` for a first or second home ("first", "second").
    ValueError when no rate is known for that."""
    known = rates.rate_on(day, years, home)
    return Plan(principal, years, known.percent, annuity(principal, known.value, years * 12),
                linear(principal, known.value, years * 12))


def terms_around(years: int, longest: int) -> tuple[int, ...]:
    """Three terms to compare: 10, 20 and 30 years, one of them replaced by the asked one where it is another. Short
    terms are compared with their neighbours (5: 3, 5, 10)."""
    usual = tuple(term for term in (10, 20, 30) if term <= longest) or (longest,)
    if years in usual:
        return usual
    near = sorted({*(term for term in (1, 3, 5, 10, 15, 20, 25, 30) if term <= longest), years})
    at = near.index(years)
    start = min(max(at - 1, 0), max(len(near) - 3, 0))
    return tuple(near[start:start + 3])


def affordable(monthly: Money, rate: Fraction, months: int) -> Money:
    """The largest loan, in whole fen, whose 等额本息 payment is not above `monthly`."""
    share = _share(rate, months)
    return Money((Fraction(monthly.fen) / share).__floor__()) if share else Money(0)


@dataclass(frozen=True)
class Applicant:
    """What is known of who asks. None: not said, and that bound is left out.

    price         of the home          own_money   already there for it
    income        of the household, a month
    balance       of the provident fund accounts together
    base          contribution base, years_paid full years of contributions: for cities whose formula wants them
    """

    price: Money | None = None
    own_money: Money | None = None
    income: Money | None = None
    balance: Money | None = None
    base: Money | None = None
    years_paid: int | None = None
    couple: bool = False


#: Which bound decided: keys of the sentences estimate.why.*
CITY_CAP, FORMULA, INCOME, PRICE = "cap", "formula", "income", "price"


@dataclass(frozen=True)
class Largest:
    """The estimated loan and the bound that decided (cap, formula, income, price)."""

    amount: Money
    because: str


def largest_loan(asks: Applicant, years: int, limits: LoanLimits, rates: LoanRates,
                 day: date) -> Largest | None:
    """min(the city's cap, the city's formula, what the income carries, price − down payment), rounded down to the
    city's step; bounds that are not known are left out (fund.md B6). Never below nothing; None when nothing is known."""
    cap = limits.couple_most if asks.couple else limits.one_most
    bounds = [Largest(Money.parse(cap), CITY_CAP)] if cap else []
    for formula in limits.formulas:
        by_formula = _by_formula(formula, asks, years)
        if by_formula is not None:
            bounds.append(Largest(by_formula, FORMULA))
    if asks.income is not None:
        share = asks.income * (Fraction(limits.repayment_share_percent) / 100)
        rate = rates.rate_on(day, years, "first").value
        bounds.append(Largest(affordable(share, rate, years * 12), INCOME))
    if asks.price is not None:
        down = asks.price * (Fraction(limits.down_payment_percent) / 100)
        bounds.append(Largest(asks.price - max(down, asks.own_money or Money(0)), PRICE))
    if not bounds:
        return None
    least = min(bounds, key=lambda bound: bound.amount)
    step = Money.parse(limits.step).fen
    return Largest(Money(max(0, least.amount.fen // step * step)), least.because)


def _by_formula(formula: LoanFormula, asks: Applicant, years: int) -> Money | None:
    """balance × factor; base × 12 × years × share × factor; or a sum for every year paid. None: not enough is known."""
    factor = Fraction(formula.factor)
    match formula.kind:
        case "balance":
            return None if asks.balance is None else asks.balance * factor
        case "base":
            return None if asks.base is None else asks.base * (12 * years * Fraction(formula.share) * factor)
        case "years_paid":
            return None if asks.years_paid is None else Money.rounded(100 * factor * asks.years_paid)


def deposit(base: Money, unit_percent: Fraction, own_percent: Fraction, *, to_yuan: bool = True) -> tuple[Money, Money]:
    """Monthly deposit of employer and holder: base × ratio each, rounded to the yuan (or to the fen where a city
    does). 8,000 元 at 12 % and 12 %: 960 元 and 960 元."""
    parts = (base * (unit_percent / 100), base * (own_percent / 100))
    if not to_yuan:
        return parts
    unit, own = (Money.yuan(Money.rounded(Fraction(part.fen, 100)).fen) for part in parts)
    return unit, own


def next_withdrawal(last: date | None, *, months: int = 0, days: int = 0) -> date | None:
    """The day from which the next withdrawal is possible: last + interval of the pack. A day that the month does not
    have becomes its last one (31 August + 6 months = 28 February). None when there was none yet."""
    return None if last is None else later(later(last, days=days), months=months)


def years_and_months(months: int) -> str:
    """十二年零三个月 in figures for the screen: "12年3个月", "8个月", "3年"."""
    years, rest = divmod(months, 12)
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest else "") or "0个月"


def next_due(due_day: int, today: date) -> date:
    """The next day on which a payment is due, today included; the month's last day where it has no such day."""
    for number in range(2):
        month = Month.of(today).plus(number)
        length = (month.plus(1).first_day - month.first_day).days
        day = date(month.year, month.month, min(due_day, length))
        if day >= today:
            return day
    raise AssertionError("a month has passed and no payment was due")


def _monthly(rate: Fraction) -> Fraction:
    return rate / 12


def _share(rate: Fraction, months: int) -> Fraction:
    """The monthly payment per yuan lent. ValueError for no months."""
    if months < 1:
        raise ValueError("a loan runs for at least a month")
    monthly = _monthly(rate)
    if not monthly:
        return Fraction(1, months)
    grown = (1 + monthly) ** months
    return monthly * grown / (grown - 1)
