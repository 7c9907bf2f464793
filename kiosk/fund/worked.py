"""Figures in answers: what the rules of the day say in words, and worked examples for a person's account.

Values are texts that can be said (numbers as Han words); None where the rules do not know. Examples are rows to be shown
and a sentence to be said; they are worked out by the same functions as the matters themselves (fund.md B6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal

from kiosk.fund.account import Account, Entry, Post
from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.estimate import Applicant, annuity, largest_loan, linear
from kiosk.fund.identity import Sex
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.retirement import categories
from kiosk.fund.rule_limits import Amount, Tier, relation
from kiosk.fund.rule_source import Data
from kiosk.fund.rules import Rules, WithdrawalRule
from kiosk.fund.withdrawal import interest_so_far

_DIGITS = "零一二三四五六七八九"
_PER = {"month": "每个月", "quarter": "每个季度", "year": "一年", "once": "一次"}
_EVERY = {"month": "每个月可以取一次。", "quarter": "三个月可以取一次。", "half_year": "半年可以取一次。", "year": "一年可以取一次。"}
_WHOSE = {"person": "一个人", "couple": "两口子合起来", "household": "一家人"}
RENT, PROPERTY, RENOVATION, LEAVING = "withdraw.rent", "withdraw.property_fee", "withdraw.renovation", "withdraw.leaving"


class Sample(Data, frozen=True):
    """people.yaml: sums in yuan as text, months as "2026-06"."""

    base: str
    unit: str
    own: str
    balance: str
    paid_until: str
    born: str
    sex: Literal["man", "woman"]
    loan: str
    loan_years: int


@dataclass(frozen=True)
class Place:
    """What the hall says of itself."""

    hotline: str
    window: str
    hours: str


@dataclass(frozen=True)
class Person:
    """Whose figures an example has. `sample`: nobody's in particular, so that they may be said aloud. `entries`: lines of the
    statement since the last settlement; `loan` and `loan_years` for comparing repayments."""

    base: Money
    unit: Money
    own: Money
    balance: Money
    paid_until: Month | None
    born: Month
    sex: Sex
    loan: Money
    loan_years: int
    post: Post = Post.UNKNOWN
    entries: tuple[Entry, ...] = ()
    sample: bool = True

    @classmethod
    def read(cls, folder: Path) -> Person:
        """The sample person of assets/knowledge. Raises DataError."""
        made = convert(read_yaml(folder / "people.yaml").get("sample"), Sample, "people.yaml: sample")
        return cls(Money.parse(made.base), Money.parse(made.unit), Money.parse(made.own), Money.parse(made.balance),
                   Month.parse(made.paid_until), Month.parse(made.born), Sex.MAN if made.sex == "man" else Sex.WOMAN,
                   Money.parse(made.loan), made.loan_years)

    def of(self, account: Account, born: date, sex: Sex, post: Post, entries: Iterable[Entry]) -> Person:
        """The same kind of example for a holder's account. The loan stays an assumed one."""
        return Person(account.base, account.monthly_unit, account.monthly_own, account.balance, account.paid_until,
                      Month.of(born), sex, self.loan, self.loan_years, post, tuple(entries), sample=False)


@dataclass(frozen=True)
class Example:
    """`rows`: (label, value) as shown; `said` the same in a sentence, to be heard by everybody only for a sample person."""

    rows: tuple[tuple[str, str], ...]
    said: str


# ------------------------------------------------------------------ numbers in words


def number_words(number: int) -> str:
    """两, 十二, 三百: as said before a measure word."""
    return Money.yuan(number).spoken.removesuffix("块")


def phone_words(number: str) -> str:
    """幺二三二九 for 12329: as a number is read out over the telephone."""
    return "".join("幺" if c == "1" else _DIGITS[int(c)] for c in number if c.isdecimal())


def percent_words(percent: str) -> str:
    """百分之二点六 for "2.6"."""
    whole, _, part = percent.partition(".")
    part = part.rstrip("0")
    number = "二" if whole == "2" else number_words(int(whole))
    return f"百分之{number}" + (f"点{''.join(_DIGITS[int(c)] for c in part)}" if part else "")


def day_words(month_day: str) -> str:
    """六月三十号 for "06-30"."""
    month, day = (int(part) for part in month_day.split("-"))
    return f"{number_words(month).replace('两', '二')}月{number_words(day).replace('两', '二')}号"


# ------------------------------------------------------------------ what the rules say


def amount_words(amount: Amount) -> str | None:
    """ "一个人每个月最多取一千二百块。" None for an amount that only papers tell."""
    if amount.kind == "fixed":
        return f"{_WHOSE[amount.basis]}{_PER[amount.per]}最多取{Money.parse(amount.value).spoken}。"
    if amount.kind == "percent_of_deposit":
        return f"最多取每月存进的{percent_words(amount.value)}。"
    if amount.kind == "actual":
        share = f"最多取花费的{percent_words(amount.value)}" if amount.value else "花多少，最多取多少"
        return f"{share}，不超过{Money.parse(amount.cap).spoken}。" if amount.cap else f"{share}。"
    return None


def _tier(rule: WithdrawalRule | None, **facts: str) -> Tier | None:
    """The line of the table for somebody of whom only these facts are known."""
    for tier in rule.tiers if rule else ():
        if all(name in facts and facts[name] == test for name, test in tier.when.items()):
            return tier
    return None


def _limits(rules: Rules, kind: str) -> str | None:
    """The limit for one person, and for a couple where that is another one."""
    rule = rules.withdrawals.get(kind)
    alone, couple = _tier(rule), _tier(rule, married="yes")
    words = amount_words(alone.amount) if alone else None
    if not words:
        return None
    both = amount_words(couple.amount) if couple and couple is not alone else None
    return words + (both or "")


def _every(rules: Rules) -> str | None:
    rule = rules.withdrawals.get(RENT)
    if rule and rule.frequency.every_days:
        return f"隔{number_words(rule.frequency.every_days)}天可以取一次。"
    return _EVERY.get(rule.frequency.every) if rule and rule.tiers else None


def months_wanted(rule: WithdrawalRule | None, rules: Rules, *facts: str) -> int | None:
    """The number of months that a condition of the rule asks for (months_paid, months_sealed)."""
    listed = list(rule.conditions) if rule else []
    for condition in list(listed):
        listed += rules.checks[condition.use].conditions if condition.use in rules.checks else ()
    for condition in listed:
        for fact in facts:
            test = condition.when.get(fact)
            compared = relation(test) if test is not None else None
            if compared and compared[0].startswith(">"):
                return int(compared[1])
    return None


def _rent_months(rules: Rules) -> str | None:
    months = months_wanted(rules.withdrawals.get(RENT), rules, "months_paid", "months_paid_in_row", "paid_in_row")
    return None if months is None else f"要连着交满{number_words(months)}个月，才能取。"


def _leaving(rules: Rules) -> str | None:
    months = months_wanted(rules.withdrawals.get(LEAVING), rules, "months_sealed")
    return None if months is None else f"本市要停缴满{number_words(months)}个月。"


def _keep(rules: Rules) -> str | None:
    rule = rules.withdrawals.get(RENT)
    if rule is None or not rule.tiers:
        return None
    keep = rule.keep_balance
    if keep.months_of_deposit:
        return f"本市租房取的，要留下{number_words(keep.months_of_deposit)}个月的钱。"
    if keep.percent:
        return f"本市租房取的，要留下{percent_words(keep.percent)}。"
    return f"本市要留下{Money.parse(keep.amount).spoken}。" if keep.amount else None


def _loan_most(rules: Rules) -> str | None:
    limits = rules.loan_limits
    if not limits.one_most:
        return None
    couple = f"两口子一起最多贷{Money.parse(limits.couple_most).spoken}。" if limits.couple_most else ""
    return f"本市一个人最多贷{Money.parse(limits.one_most).spoken}。{couple}具体要看余额、收入和房价。"


def _rate(years: int, home: str) -> Callable[[Rules, date], str | None]:
    def words(rules: Rules, day: date) -> str | None:
        try:
            return percent_words(rules.loan_rates.rate_on(day, years, home).percent)
        except ValueError:
            return None
    return words


def _interest_percent(rules: Rules, day: date) -> str:
    return percent_words(f"{float(rules.interest.rate_on(day) * 100):g}")


def _certificate_days(kind: str) -> Callable[[Rules, date], str | None]:
    def words(rules: Rules, _: date) -> str | None:
        rule = rules.certificates.get(kind)
        if rule is None:
            return None
        return f"{number_words(rule.valid_months)}个月" if rule.valid_months else f"{number_words(rule.valid_days)}天"
    return words


Value = Callable[[Rules, date], str | None]

#: What may stand in braces in an answer (besides the hall's own: hotline, window, hours).
VALUES: Mapping[str, Value] = {
    "city": lambda rules, day: rules.city.name,
    "arrival_days": lambda rules, day: number_words(rules.city.arrival_days),
    "decision_days": lambda rules, day: number_words(rules.regulation.decision_days),
    "loan_review_days": lambda rules, day: number_words(rules.regulation.loan_review_days),
    "interest_percent": _interest_percent,
    "interest_of_10000": lambda rules, day: (Money.yuan(10_000) * rules.interest.rate_on(day)).spoken,
    "settled_day": lambda rules, day: day_words(rules.interest.settled),
    "deposit_days": _certificate_days("certificate.deposit"),
    "cross_city_days": _certificate_days("certificate.cross_city_loan"),
    "rent_rule": lambda rules, day: _limits(rules, RENT),
    "rent_every": lambda rules, day: _every(rules),
    "rent_months": lambda rules, day: _rent_months(rules),
    "property_rule": lambda rules, day: _limits(rules, PROPERTY),
    "renovation_rule": lambda rules, day: _limits(rules, RENOVATION),
    "leaving_rule": lambda rules, day: _leaving(rules),
    "keep_rule": lambda rules, day: _keep(rules),
    "loan_most": lambda rules, day: _loan_most(rules),
    "loan_years": lambda rules, day: f"最长{number_words(rules.loan_limits.longest_years)}年。年纪大的、房子旧的，要短一些。",
    "down_payment": lambda rules, day:
        f"自己最少先付{percent_words(str(rules.loan_limits.down_payment_percent))}。第二套房可能要多一些。",
    "flexible_rule": lambda rules, day: None,
    "first_short": _rate(5, "first"),
    "first_long": _rate(30, "first"),
    "second_short": _rate(5, "second"),
    "second_long": _rate(30, "second"),
}
PLACE_VALUES = frozenset({"hotline", "window", "hours"})


def value(name: str, rules: Rules, day: date, place: Place) -> str | None:
    """The words for a name in braces; None where the rules do not know it."""
    return str(getattr(place, name)) if name in PLACE_VALUES else VALUES[name](rules, day)


# ------------------------------------------------------------------ worked examples


def _whole(rules: Rules, person: Person, day: date) -> Example:
    earned = interest_so_far(person.balance, person.entries, rules.interest, day)
    total = person.balance + earned
    return Example((("账户里的钱", str(person.balance)), ("利息，到今天", str(earned)), ("一共", str(total))),
                   f"账户里有{person.balance.spoken}，利息{earned.spoken}，一共取出{total.spoken}。")


def _interest(rules: Rules, person: Person, day: date) -> Example:
    year = person.balance * rules.interest.rate_on(day)
    return Example((("账户里的钱", str(person.balance)), ("放一年的利息", str(year))),
                   f"账户里有{person.balance.spoken}，放一年，利息{year.spoken}。")


def _rent(rules: Rules, person: Person, day: date) -> Example | None:
    tier = _tier(rules.withdrawals.get(RENT))
    if tier is None:
        return None
    amount = tier.amount
    if amount.kind == "fixed":
        most, per = Money.parse(amount.value), _PER[amount.per]
    elif amount.kind == "percent_of_deposit":
        most, per = (person.unit + person.own) * (Fraction(amount.value) / 100), "每个月"
    else:
        return None
    year = most * {"month": 12, "quarter": 4}.get(amount.per, 1)
    rows = [("每月存进", str(person.unit + person.own)), (f"租房{per}最多取", str(most))]
    rows += [("这样一年是", str(year))] if year != most else []
    return Example(tuple(rows), f"每月存进{(person.unit + person.own).spoken}，租房{per}最多取{most.spoken}。")


def _deposit(rules: Rules, person: Person, day: date) -> Example:
    both = person.unit + person.own
    return Example((("按多少工资算", str(person.base)), ("单位每月存", str(person.unit)), ("自己每月存", str(person.own)),
                    ("一共", str(both))),
                   f"工资按{person.base.spoken}算，单位存{person.unit.spoken}，自己存{person.own.spoken}，一共{both.spoken}。")


def _repay(rules: Rules, person: Person, day: date) -> Example:
    rate = rules.loan_rates.rate_on(day, person.loan_years).value
    months = person.loan_years * 12
    same, less = annuity(person.loan, rate, months), linear(person.loan, rate, months)
    return Example((("假如贷", f"{person.loan}，{person.loan_years}年"), ("每月一样多", f"每月 {same.first}"),
                    ("越还越少，头一个月", str(less.first)), ("越还越少，省利息", str(same.interest - less.interest))),
                   f"贷{person.loan.spoken}，{number_words(person.loan_years)}年，每月一样多的还{same.first.spoken}。")


def _age(rules: Rules, person: Person, day: date) -> Example:
    kinds = categories(person.sex, person.post)
    found = [rules.retirement.statutory(person.born, kind) for kind in kinds]
    first = found[0]
    words = {"woman_50": "按工人算", "woman_55": "按干部算"} if len(found) > 1 else {}
    rows = tuple((f"{words.get(kind, '')}法定退休", f"{one.month}（{_age_words(one.years, one.months)}）")
                 for kind, one in zip(kinds, found, strict=True))
    who = "男" if person.sex is Sex.MAN else "女"
    return Example((("出生", str(person.born)), *rows),
                   f"{_year_words(person.born.year)}{person.born.month}月生的{who}同志，{first.month}退休，"
                   f"那时{_age_words(first.years, first.months)}。")


def _year_words(year: int) -> str:
    """六六年 for 1966: a year of birth is never said in full."""
    return f"{_DIGITS[year // 10 % 10]}{_DIGITS[year % 10]}年"


def _age_words(years: int, months: int) -> str:
    return f"{years}岁" + (f"零{months}个月" if months else "")


def _leaving_example(rules: Rules, person: Person, day: date) -> Example | None:
    months = months_wanted(rules.withdrawals.get(LEAVING), rules, "months_sealed")
    if months is None or person.paid_until is None:
        return None
    first = person.paid_until.plus(months + 1)
    return Example((("交到", str(person.paid_until)), (f"停满{months}个月", f"{first}起可以来取")),
                   f"公积金交到{person.paid_until}，{first}起可以来取。")


def _loan_limit(rules: Rules, person: Person, day: date) -> Example | None:
    found = largest_loan(Applicant(balance=person.balance, base=person.base), person.loan_years, rules.loan_limits,
                         rules.loan_rates, day)
    if found is None:
        return None
    return Example((("账户里的钱", str(person.balance)), ("大约能贷", str(found.amount))),
                   f"账户里有{person.balance.spoken}，大约能贷{found.amount.spoken}，最后以审批为准。")


EXAMPLES: Mapping[str, Callable[[Rules, Person, date], Example | None]] = {
    "whole": _whole, "interest": _interest, "rent": _rent, "deposit": _deposit, "repay": _repay, "age": _age,
    "leaving": _leaving_example, "loan_limit": _loan_limit,
}
