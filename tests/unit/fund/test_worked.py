"""Figures in answers, against fund.md B6 and hand-worked sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from kiosk.fund.account import Post
from kiosk.fund.identity import Sex
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.rule_limits import Amount
from kiosk.fund.rules import RuleBook, Rules
from kiosk.fund.worked import EXAMPLES, Person, amount_words, day_words, number_words, percent_words, phone_words
from kiosk.places import ASSETS

TODAY = date(2026, 11, 21)
PERSON = Person.read(ASSETS / "knowledge")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return RuleBook.load(ASSETS / "rules" / "national", ASSETS / "rules" / "demo").on(TODAY)


def rows(name: str, rules: Rules, person: Person = PERSON, day: date = TODAY) -> dict[str, str]:
    made = EXAMPLES[name](rules, person, day)
    assert made is not None
    return dict(made.rows)


@pytest.mark.parametrize(("percent", "said"), [("2.6", "百分之二点六"), ("1.5", "百分之一点五"), ("3.075", "百分之三点零七五"),
                                               ("65", "百分之六十五"), ("2", "百分之二"), ("12", "百分之十二")])
def test_percent(percent: str, said: str) -> None:
    assert percent_words(percent) == said


def test_numbers_days_and_telephones() -> None:
    assert [number_words(n) for n in (2, 10, 12, 30, 31)] == ["两", "十", "十二", "三十", "三十一"]
    assert day_words("06-30") == "六月三十号"
    assert day_words("12-02") == "十二月二号"
    assert phone_words("12329") == "幺二三二九"


@pytest.mark.parametrize(("amount", "said"), [
    (Amount("fixed", "1800.00", "person", "month"), "一个人每个月最多取一千八百块。"),
    (Amount("fixed", "36000.00", "couple", "year"), "两口子合起来一年最多取三万六千块。"),
    (Amount("percent_of_deposit", "65", "person", "month"), "最多取每月存进的百分之六十五。"),
    (Amount("actual", "50", cap="250000.00"), "最多取花费的百分之五十，不超过二十五万块。"),
    (Amount("actual"), "花多少，最多取多少。"),
    (Amount("repaid"), None),
])
def test_limits_in_words(amount: Amount, said: str | None) -> None:
    assert amount_words(amount) == said


def test_interest_of_a_year(rules: Rules) -> None:
    assert rows("interest", rules)["放一年的利息"] == "900.00 元"  # 60,000 at 1.5 %


def test_whole_balance_with_interest_since_settlement(rules: Rules) -> None:
    """143 days from 30 June (the first counts, the last does not): 60,000 × 1.5 % × 143 / 360 = 357.50."""
    assert rows("whole", rules) == {"账户里的钱": "60,000.00 元", "利息，到今天": "357.50 元", "一共": "60,357.50 元"}


def test_rent_by_a_fixed_sum_and_by_a_share_of_the_deposit(rules: Rules) -> None:
    assert rows("rent", rules)["租房每个月最多取"] == "1,200.00 元"
    rule = rules.withdrawals["withdraw.rent"]
    share = Amount("percent_of_deposit", "65", "person", "month")


    tier = msgspec.structs.replace(rule.tiers[-1], amount=share)
    other = msgspec.structs.replace(rules, withdrawals={"withdraw.rent": msgspec.structs.replace(rule, tiers=(tier,))})
    assert rows("rent", other)["租房每个月最多取"] == "832.00 元"  # 65 % of 1,280
    assert rows("rent", other)["这样一年是"] == "9,984.00 元"


def test_two_ways_of_repaying(rules: Rules) -> None:
    """800,000 at 2.6 % for 240 months: fund.md B6."""
    person = replace(PERSON, loan=Money.yuan(800_000), loan_years=20)
    found = rows("repay", rules, person)
    assert found["每月一样多"] == "每月 4,278.30 元"
    assert found["越还越少，头一个月"] == "5,066.67 元"
    assert found["越还越少，省利息"] == "17,926.39 元"  # 226,793.06 − 208,866.67


def test_retirement_of_a_woman_whose_post_is_unknown_is_told_both_ways(rules: Rules) -> None:
    person = replace(PERSON, sex=Sex.WOMAN, born=Month(1975, 3), post=Post.UNKNOWN)
    found = rows("age", rules, person)
    assert {"按工人算法定退休", "按干部算法定退休"} <= found.keys()
    assert rows("age", rules, replace(person, sex=Sex.MAN, born=Month(1965, 1)))["法定退休"] == "2025年2月（60岁零1个月）"


def test_leaving_counts_from_the_last_month_paid(rules: Rules) -> None:
    assert rows("leaving", rules)["停满6个月"] == "2027年1月起可以来取"
    assert EXAMPLES["leaving"](rules, replace(PERSON, paid_until=None), TODAY) is None


def test_a_year_of_birth_is_never_said_in_full(rules: Rules) -> None:
    made = EXAMPLES["age"](rules, PERSON, TODAY)
    assert made is not None
    assert "1966" not in made.said
    assert "六六年3月" in made.said
