"""能 / 不能 / 需要窗口 for retirement, on both sides of every condition."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.fund.account import Loan, Post, Standing, State
from kiosk.fund.eligibility import assess_certificate, assess_withdrawal, fill
from kiosk.fund.money import Money
from kiosk.fund.rules import RuleBook

R = Standing(retired=True)
UNREPORTED = Standing(retired=None)

TABLE = [
    # what, case, answer, condition
    ("retired and sealed", {}, "able", ""),
    ("of age, not reported", {"standing": UNREPORTED}, "able", ""),
    ("retired early by trade", {"born": "1970-01-30"}, "able", ""),
    ("not sealed yet", {"state": State.NORMAL}, "unable", "sealed"),
    ("frozen", {"state": State.FROZEN}, "window", "not_frozen"),
    ("special", {"state": State.OTHER}, "window", "state_known"),
    ("withdrawn", {"state": State.WITHDRAWN}, "unable", "account_open"),
    ("merged", {"state": State.MERGED}, "unable", "account_open"),
    ("transferred", {"state": State.TRANSFERRED}, "unable", "account_open"),
    ("empty", {"balance": Money(0)}, "window", "has_balance"),
    ("one fen", {"balance": Money(1)}, "able", ""),
    ("banned", {"standing": Standing(True, banned_until=date(2026, 10, 2))}, "unable", "not_banned"),
    ("ban is over", {"standing": Standing(True, banned_until=date(2026, 10, 1))}, "able", ""),
    ("in progress", {"standing": Standing(True, in_progress="退休提取")}, "unable", "nothing_in_progress"),
    ("loan", {"standing": Standing(True, loan=Loan.ACTIVE)}, "window", "no_loan_running"),
    ("loan in default", {"standing": Standing(True, loan=Loan.IN_DEFAULT)}, "unable", "no_loan_in_default"),
    ("loan settled", {"standing": Standing(True, loan=Loan.SETTLED)}, "able", ""),
    # a man born 1966-09 retires 2027-03; early from 2026-09
    ("young", {"born": "1981-06-15", "standing": UNREPORTED}, "unable", "old_enough_to_retire_early"),
    ("a month before early", {"born": "1966-09-05", "standing": UNREPORTED, "today": date(2026, 8, 31)}, "unable",
     "old_enough_to_retire_early"),
    ("early is possible", {"born": "1966-09-05", "standing": UNREPORTED, "today": date(2026, 9, 1)}, "unable",
     "retired_or_of_age"),
    ("a month before", {"born": "1966-09-05", "standing": UNREPORTED, "today": date(2027, 2, 28)}, "unable",
     "retired_or_of_age"),
    ("the month", {"born": "1966-09-05", "standing": UNREPORTED, "today": date(2027, 3, 1)}, "able", ""),
    # a woman born 1974-08: 50 as worker (2024-08), 55 and a bit as cadre (2030-11)
    ("woman, post unknown", {"born": "1974-08-19", "man": False, "standing": UNREPORTED}, "window",
     "retired_or_of_age"),
    ("woman, worker", {"born": "1974-08-19", "man": False, "standing": Standing(post=Post.WORKER)}, "able", ""),
    ("woman, cadre", {"born": "1974-08-19", "man": False, "standing": Standing(post=Post.CADRE)}, "unable",
     "old_enough_to_retire_early"),
    ("woman, old enough either way", {"born": "1965-01-01", "man": False, "standing": UNREPORTED}, "able", ""),
    ("woman, too young either way", {"born": "1990-01-01", "man": False, "standing": UNREPORTED}, "unable",
     "old_enough_to_retire_early"),
]


@pytest.mark.parametrize(("facts", "answer", "condition"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_retirement(case, book: RuleBook, facts: dict[str, object], answer: str, condition: str) -> None:  # type: ignore[no-untyped-def]
    one = case(**facts)
    verdict = assess_withdrawal("withdraw.retirement", one, book.on(one.today))
    assert (verdict.answer, verdict.condition) == (answer, condition)
    assert bool(verdict.reason and verdict.todo) == (answer != "able")
    assert bool(verdict.materials) == (answer == "window")
    assert "{" not in verdict.reason + verdict.todo
    assert str(verdict.source)


def test_the_reason_says_when(case, book: RuleBook) -> None:  # type: ignore[no-untyped-def]
    one = case(born="1966-12-05", standing=UNREPORTED)
    verdict = assess_withdrawal("withdraw.retirement", one, book.on(one.today))
    assert "2026年12月" in verdict.todo


@pytest.mark.parametrize(("kind", "day", "answer", "condition"), [
    ("withdraw.renovation", date(2026, 9, 19), "unable", "ground_not_in_force"),
    ("withdraw.property_fee", date(2026, 9, 19), "unable", "ground_not_in_force"),
    ("withdraw.death", date(2026, 10, 2), "window", "window_family"),
    ("withdraw.judicial", date(2026, 10, 2), "window", "window_court"),
    ("withdraw.lottery", date(2026, 10, 2), "window", "no_such_matter"),
])
def test_other_kinds_by_date(case, book: RuleBook, kind: str, day: date, answer: str, condition: str) -> None:  # type: ignore[no-untyped-def]
    verdict = assess_withdrawal(kind, case(today=day), book.on(day))
    assert (verdict.answer, verdict.condition) == (answer, condition)


@pytest.mark.parametrize(("kind", "facts", "answer"), [
    ("certificate.deposit", {}, "able"), ("certificate.deposit", {"state": State.NORMAL}, "able"),
    ("certificate.deposit", {"balance": Money(0)}, "able"), ("certificate.deposit", {"state": State.FROZEN}, "window"),
    ("certificate.deposit", {"state": State.WITHDRAWN}, "unable"), ("certificate.statement", {}, "able"),
    ("certificate.of_beauty", {}, "window")])
def test_certificates(case, book: RuleBook, kind: str, facts: dict[str, object], answer: str) -> None:  # type: ignore[no-untyped-def]
    one = case(**facts)
    assert assess_certificate(kind, one, book.on(one.today)).answer == answer


def test_unknown_slots_are_left_out() -> None:
    assert fill("到{month}再来{day}。", {"month": "明年"}) == "到明年再来。"
