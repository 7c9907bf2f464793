"""The cities' packs give the figures of their sources (fund.md B3), and nothing where the source says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import pytest

from kiosk import places
from kiosk.fund.account import Standing, State
from kiosk.fund.conditions import Case
from kiosk.fund.eligibility import Verdict, assess_withdrawal
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.rules import RuleBook

TODAY = date(2026, 11, 21)
CITIES = ("guiyang", "yancheng", "shenzhen")
Answers = dict[str, str]


@lru_cache
def rules_of(city: str) -> RuleBook:
    return RuleBook.load(places.ASSETS / "rules" / "national", places.ASSETS / "rules" / city)


def rent(case, city: str, answers: Answers, *, owns: bool | None = False) -> Verdict:  # type: ignore[no-untyped-def]
    """Somebody who has paid for years, 1,000 yuan a month in all, and has 100,000, today."""
    one: Case = case(born="1990-05-05", today=TODAY, standing=Standing(paid_in_row=60), state=State.NORMAL,
                     balance=Money.yuan(100_000), monthly_unit=Money.yuan(500), monthly_own=Money.yuan(500),
                     paid_until=Month.of(TODAY))
    one = replace(one, answers=answers, property_fact=lambda _: owns)
    return assess_withdrawal("withdraw.rent", one, rules_of(city).on(TODAY), rules_of(city))


SINGLE: Answers = {"married": "no", "children": "1", "housing": "market", "filed_contract": "no", "rent_place": "city", "event_date": "2026-09-20",
                   "spouse_took": "no"}
COUPLE = SINGLE | {"married": "yes"}
TWO, THREE = COUPLE | {"children": "2"}, COUPLE | {"children": "3"}
COUNTY = {"rent_place": "county"}


@pytest.mark.parametrize(("city", "answers", "yuan"), [
    ("guiyang", SINGLE, 14_400), ("guiyang", COUPLE, 20_160), ("guiyang", TWO, 25_920), ("guiyang", THREE, 25_920),
])
def test_by_the_year(case, city: str, answers: Answers, yuan: int) -> None:  # type: ignore[no-untyped-def]
    verdict = rent(case, city, answers)
    assert verdict.answer == "limited"
    assert verdict.allowance
    assert verdict.allowance.limit == Money.yuan(yuan)


@pytest.mark.parametrize(("city", "answers", "yuan"), [
    ("yancheng", SINGLE, 800), ("yancheng", COUPLE, 1_600), ("yancheng", TWO, 1_920), ("yancheng", THREE, 2_240),
    ("yancheng", SINGLE | COUNTY, 600), ("yancheng", COUPLE | COUNTY, 1_200),
    ("shenzhen", SINGLE, 800), ("shenzhen", COUPLE, 800), ("shenzhen", TWO, 1_000),
])
def test_by_the_month(case, city: str, answers: Answers, yuan: int) -> None:  # type: ignore[no-untyped-def]
    verdict = rent(case, city, answers)
    assert verdict.answer == "limited"
    assert verdict.allowance
    assert verdict.allowance.months
    assert verdict.allowance.limit == Money.yuan(yuan * verdict.allowance.months)


@pytest.mark.parametrize(("today", "percent"), [
    (date(2025, 10, 31), 65), (date(2025, 11, 1), 80), (date(2027, 10, 31), 80), (date(2027, 11, 1), 65)])
def test_shenzhen_gives_more_for_two_years(today: date, percent: int) -> None:
    tiers = rules_of("shenzhen").on(today).withdrawals["withdraw.rent"].tiers
    assert [tier.amount.value for tier in tiers] == ["100", str(percent)]


@pytest.mark.parametrize(("city", "answers"), [
    ("guiyang", COUPLE | {"housing": "public_rental"}),     # the rent itself
    ("yancheng", COUPLE | {"filed_contract": "yes"}),       # above the sums
    ("yancheng", TWO | COUNTY),                             # the source says nothing
])
def test_by_papers_or_unknown_goes_to_the_window(case, city: str, answers: Answers) -> None:  # type: ignore[no-untyped-def]
    assert rent(case, city, answers).answer == "window"


@pytest.mark.parametrize("city", CITIES)
def test_a_home_of_ones_own_ends_it(case, city: str) -> None:  # type: ignore[no-untyped-def]
    assert rent(case, city, SINGLE, owns=True).answer == "unable"
    assert rent(case, city, SINGLE, owns=None).answer == "window"


@pytest.mark.parametrize("city", CITIES)
def test_what_the_source_does_not_tell_stays_at_the_window(city: str) -> None:
    rules = rules_of(city).on(TODAY)
    here = {kind for kind, rule in rules.withdrawals.items() if rule.finish == "kiosk"}
    national = {kind for kind, rule in rules_of("demo").on(TODAY).withdrawals.items()} - {"withdraw.rent"}
    assert {kind for kind in here - {"withdraw.retirement"}} == {"withdraw.rent"}
    for kind in national & here - {"withdraw.retirement"}:
        assert rules.withdrawals[kind].finish == "window"


@pytest.mark.parametrize("city", CITIES)
def test_every_figure_has_its_source_and_says_how_sure_it_is(city: str) -> None:
    rules = rules_of(city).on(TODAY)
    source = rules.withdrawals["withdraw.rent"].source
    assert source.url.startswith("http")
    assert source.certainty == "second_hand"
    assert rules.loan_limits.source.certainty == "second_hand"
    assert rules.loan_limits.formulas == ()
