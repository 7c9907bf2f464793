"""What is offered unasked: the rule table, one line a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kiosk.fund.account import LoanAccount, PastWithdrawal, Repayment, Standing, State
from kiosk.fund.conditions import Case
from kiosk.fund.identity import AccountNumber
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.rules import RuleBook
from kiosk.fund.suggestion import TESTS, Known, suggest

CaseMaker = Callable[..., Case]
TODAY = date(2026, 10, 2)


def loan(settled: date | None) -> LoanAccount:
    return LoanAccount(AccountNumber("990109"), Money.yuan(200_000), Money.yuan(0 if settled else 90_000), "3.1", 240,
                       Repayment.ANNUITY, date(2016, 5, 1), Money.yuan(1_200), 20, settled_on=settled)


def rent(day: date, paid: date | None) -> PastWithdrawal:
    return PastWithdrawal("TQ-1", day, "07", "租房提取", Money.yuan(9_600), Money(0), "样例银行", "1234", day, paid)


@pytest.mark.parametrize(("what", "account", "standing", "loans", "past", "offered"), [
    ("retired and sealed", {}, Standing(retired=True), (), (), "withdraw.retirement"),
    ("retired, not sealed", {"state": State.NORMAL}, Standing(retired=True), (), (), ""),
    ("retired, sealed, frozen", {"state": State.FROZEN}, Standing(retired=True), (), (), ""),
    ("retired, sealed, nothing in it", {"balance": Money(0)}, Standing(retired=True), (), (), ""),
    ("retired, one is being worked on", {}, Standing(retired=True, in_progress="退休提取"), (), (), ""),
    ("loan settled last month", {"born": "1985-06-15", "state": State.NORMAL}, Standing(), (loan(date(2026, 9, 1)),), (),
     "certificate.loan_settled"),
    ("loan settled exactly six months ago", {"born": "1985-06-15", "state": State.NORMAL}, Standing(),
     (loan(date(2026, 4, 2)),), (), "certificate.loan_settled"),
    ("loan settled a day earlier", {"born": "1985-06-15", "state": State.NORMAL}, Standing(), (loan(date(2026, 4, 1)),), (),
     ""),
    ("one settled, one running", {"born": "1985-06-15", "state": State.NORMAL}, Standing(),
     (loan(date(2026, 9, 1)), loan(None)), (), ""),
    ("retirement comes before the settled loan", {}, Standing(retired=True), (loan(date(2026, 9, 1)),), (),
     "withdraw.retirement"),
    ("nothing at all", {"born": "1985-06-15", "state": State.NORMAL}, Standing(), (), (), ""),
])
def test_what_is_offered(case: CaseMaker, book: RuleBook, what: str, account: dict[str, object], standing: Standing,
                         loans: tuple[LoanAccount, ...], past: tuple[PastWithdrawal, ...], offered: str) -> None:
    made = case(standing=standing, **account)
    assert suggest(Known(made, book.on(TODAY), loans, past)) == offered


@pytest.mark.parametrize(("paid_until", "holds"), [
    (Month(2026, 3), True), (Month(2026, 4), False), (Month(2026, 8), False), (None, False)])
def test_sealed_for_half_a_year(case: CaseMaker, book: RuleBook, paid_until: Month | None, holds: bool) -> None:
    rules = book.on(TODAY)
    known = Known(case(standing=Standing(), paid_until=paid_until), rules)
    assert TESTS["sealed_for"](known, "withdraw.leaving", rules.suggestions["withdraw.leaving"]) is holds


@pytest.mark.parametrize(("past", "before", "arrived"), [
    ((), False, True),
    ((rent(date(2025, 10, 2), date(2025, 10, 9)),), True, True),
    ((rent(date(2026, 9, 28), None),), True, False),                                    # still on its way
    ((replace(rent(date(2025, 9, 1), date(2025, 9, 5)), code="01"),), False, True),
    ((replace(rent(date(2025, 9, 1), date(2025, 9, 5)), code="99", kind="withdraw.rent"),), True, True),
    ((replace(rent(date(2025, 9, 1), date(2025, 9, 5)), kind="withdraw.leaving"),), False, True),
])
def test_rent_again(case: CaseMaker, book: RuleBook, past: tuple[PastWithdrawal, ...], before: bool, arrived: bool) -> None:
    rules = book.on(TODAY)
    rule, known = rules.suggestions["withdraw.rent"], Known(case(), rules, (), past)
    assert TESTS["had_it_before"](known, "withdraw.rent", rule) is before
    assert TESTS["all_arrived"](known, "withdraw.rent", rule) is arrived


def test_the_rules_name_tests_and_sentences_that_there_are(book: RuleBook) -> None:
    rules = book.on(TODAY)
    for matter, rule in rules.suggestions.items():
        assert set(rule.when) <= TESTS.keys()
        assert f"suggest_{matter.partition('.')[2]}" in rules.reasons
        assert matter in rules.withdrawals or matter in rules.certificates
    assert len({rule.place for rule in rules.suggestions.values()}) == len(rules.suggestions)
