"""The decision table: cases written by hand from the law and from the cities' rules (fund.md B1-B3), not from the program.

tests/unit/fund/decisions/<city>.yaml. `people` are starting points, each case changes what it must:

    {what: "single, first time", kind: "rent", day: "2026-11-21", who: "renter", with: {married: false}, say: {event_date: "2026-09-20"},
     want: "limited", limit: "3600.00", next: "2027-02-21"}

with: fields of the account and of what the centre knows; homes: its answers about homes; past: "kind day sum"; loan: what was
paid every month on the 20th; say: the visitor's answers. want: able, limited, unable, window or "ask <question>"; why: the check
or fact that failed; says: words in what to do; bring: a paper on the list; options: the answers offered.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import places
from kiosk.fund.account import (
    Account,
    Holder,
    Loan,
    LoanAccount,
    LoanPayment,
    PastWithdrawal,
    Post,
    Repayment,
    Standing,
    State,
)
from kiosk.fund.conditions import Case
from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.eligibility import Verdict, assess_withdrawal
from kiosk.fund.identity import AccountNumber, IdNumber, PersonName, check_character
from kiosk.fund.money import Money
from kiosk.fund.month import Month, later
from kiosk.fund.rules import RuleBook

TABLES = sorted((Path(__file__).parent / "decisions").glob("*.yaml"))
RULES = places.ASSETS / "rules"


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"with_": "with"}):
    with_: dict[str, Any] = {}
    homes: dict[str, bool | None] = {}


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"with_": "with"}):
    what: str
    kind: str
    day: date
    who: str
    want: str
    with_: dict[str, Any] = {}
    homes: dict[str, bool | None] = {}
    past: tuple[str, ...] = ()
    loan: str = ""
    say: dict[str, str] = {}
    limit: str = ""
    next: str = ""
    why: str = ""
    says: str = ""
    bring: str = ""
    options: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    people: dict[str, Person]
    cases: tuple[Row, ...]


@cache
def book(city: str) -> RuleBook:
    return RuleBook.load(RULES / "national", RULES / city)


@cache
def table(path: Path) -> Table:
    return convert(read_yaml(path), Table, path.name)


def cases() -> list[Any]:
    return [pytest.param(path, row, id=f"{path.stem}: {row.what} ({row.day})")
            for path in TABLES for row in table(path).cases]


MONEYS = {"balance", "base", "monthly_unit", "monthly_own"}
DATES = {"opened_on", "closed_on", "sealed_on", "banned_until", "last_withdrawal"}
READERS: Mapping[str, Any] = {
    "state": lambda text: State[text.upper()], "loan": Loan, "post": Post, **dict.fromkeys(MONEYS, Money.parse),
    **dict.fromkeys(DATES, date.fromisoformat)}


def case_of(row: Row, person: Person) -> Case:
    said: dict[str, Any] = {name: READERS.get(name, lambda value: value)(value) if value is not None else None
            for name, value in {**person.with_, **row.with_}.items()}
    born, man = said.pop("born", "1990-05-05"), said.pop("man", True)
    first = f"990101{born.replace('-', '')}77{1 if man else 2}"
    holder = Holder("h", PersonName("王样例"), IdNumber.parse(first + check_character(first)))
    account = Account(AccountNumber("990100888"), State.NORMAL, Money.yuan(21_300), Money.yuan(8_000), Money.yuan(960),
                      Money.yuan(960), "样例单位", date(2012, 7, 1), Month.of(row.day).plus(-1))
    standing = Standing(paid_in_row=60)
    of_account = {one.name for one in fields(Account)}
    account = replace(account, **{name: value for name, value in said.items() if name in of_account})
    standing = replace(standing, **{name: value for name, value in said.items() if name not in of_account})
    homes = {**person.homes, **row.homes}
    return Case(row.day, holder, account, standing, book("demo").on(row.day).retirement, _loans(row), _past(row),
                homes.get, row.say)


def _past(row: Row) -> tuple[PastWithdrawal, ...]:
    made = []
    for line in row.past:
        kind, day, amount = line.split()
        when = date.fromisoformat(day)
        made.append(PastWithdrawal("TQ", when, "", kind, Money.parse(amount), Money(0), "", "", when, when,
                                   kind=f"withdraw.{kind}"))
    return tuple(sorted(made, key=lambda one: one.day, reverse=True))


def _loans(row: Row) -> tuple[LoanAccount, ...]:
    """"4000.00": an instalment on the 20th of each of the last 24 months; "settled 4000.00": the last one ended it."""
    if not row.loan:
        return ()
    amount = Money.parse(row.loan.removeprefix("settled "))
    first = date(row.day.year, row.day.month, 20)
    days = [day for number in range(24, -1, -1) if (day := later(first, months=-number)) <= row.day]
    settled = days[-1] if row.loan.startswith("settled") else None
    return (LoanAccount(AccountNumber("1"), Money.yuan(800_000), Money(0) if settled else Money.yuan(600_000), "2.6", 240,
                        Repayment.ANNUITY, date(2021, 1, 12), amount, 20, settled_on=settled,
                        payments=tuple(LoanPayment(day, amount) for day in days)),)


def judged(path: Path, row: Row) -> Verdict:
    rules = book(path.stem)
    return assess_withdrawal(f"withdraw.{row.kind}", case_of(row, table(path).people[row.who]), rules.on(row.day), rules)


@pytest.mark.parametrize(("path", "row"), cases())
def test_decision(path: Path, row: Row) -> None:
    verdict = judged(path, row)
    asked = verdict.question.name if verdict.question else ""
    assert f"{verdict.answer} {asked}".strip() == row.want, (verdict.condition, verdict.reason)
    found = verdict.allowance
    assert (found.limit.figures.replace(",", "") if found else "") == row.limit
    assert (found.next_day.isoformat() if found and found.next_day else "") == row.next
    if row.why:
        assert verdict.condition == row.why
    assert row.says in f"{verdict.reason}{verdict.todo}{verdict.why}{verdict.note}"
    assert not row.bring or row.bring in verdict.materials
    if row.options and verdict.question:
        assert tuple(option.label for option in verdict.question.options) == row.options
    if row.want in ("unable", "window"):
        assert verdict.reason
        assert verdict.todo
        assert row.why or row.says, "a case that fails says why"
    assert "{" not in f"{verdict.reason}{verdict.todo}{verdict.why}"
    assert str(verdict.source)


KINDS = sorted(book("demo").on(date(2026, 11, 21)).withdrawals)
HOMES = ("owns_home_in_city", "owns_own_home", "property_fee_confirmed")


@given(kind=st.sampled_from(KINDS), city=st.sampled_from(["demo", "guiyang", "yancheng", "shenzhen"]),
       day=st.dates(date(2025, 12, 1), date(2028, 3, 1)), state=st.sampled_from(list(State)),
       balance=st.integers(0, 10**8), months=st.one_of(st.none(), st.integers(0, 200)),
       loan=st.sampled_from(list(Loan)), family=st.tuples(*[st.sampled_from([None, True, False])] * 3),
       children=st.sampled_from([None, 0, 1, 2, 5]), homes=st.tuples(*[st.sampled_from([None, True, False])] * 3),
       past=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 900)), max_size=4), pick=st.randoms())
@settings(max_examples=250, deadline=None, derandomize=True)
def test_every_conversation_comes_to_an_end(kind: str, city: str, day: date, state: State, balance: int,
                                            months: int | None, loan: Loan, family: tuple[bool | None, ...],
                                            children: int | None, homes: tuple[bool | None, ...],
                                            past: list[tuple[str, int]], pick: random.Random) -> None:
    """Whoever comes: each question has answers with different ends, after seven at most there is a verdict, a limit is more
    than nothing and no more than the balance, and a no has a reason and a way on."""
    rules = book(city)
    row = Row("", kind, day, "", "", loan="4000.00" if loan in (Loan.ACTIVE, Loan.IN_DEFAULT) else "",
              past=tuple(f"{one.removeprefix('withdraw.')} {later(day, days=-ago)} 500" for one, ago in past))
    one = case_of(row, Person(homes=dict(zip(HOMES, homes, strict=True))))
    married, local, retired = family
    one = replace(one, account=replace(one.account, state=state, balance=Money(balance), sealed_on=date(2026, 1, 31)),
                  standing=Standing(retired=retired, loan=loan, paid_in_row=months, married=married, children=children,
                                    local_household=local))
    for _ in range(8):
        verdict = assess_withdrawal(kind, one, rules.on(day), rules)
        if verdict.question is None:
            break
        assert len({repr(branch) for branch in verdict.branches}) > 1
        assert verdict.question.name not in one.answers
        assert 2 <= len(verdict.question.options) <= 4
        one = replace(one, answers={**one.answers, verdict.question.name: pick.choice(verdict.question.options).id})
    assert verdict.answer != "ask"
    if verdict.allowance:
        assert 0 < verdict.allowance.limit.fen <= balance
        assert verdict.allowance.next_day is None or verdict.allowance.next_day > day
        assert verdict.why
    assert verdict.answer in ("able", "limited") or (verdict.reason and verdict.todo)


def test_the_table_is_large_enough() -> None:
    """At least 200 cases, on both sides of the change of the regulation, of every kind."""
    rows = [row for path in TABLES for row in table(path).cases]
    names = Counter((path.stem, row.what, row.day) for path in TABLES for row in table(path).cases)
    assert len(rows) >= 200
    assert max(names.values()) == 1
    change = date(2026, 9, 20)
    assert sum(row.day < change for row in rows) >= 40
    assert {row.kind for row in rows} >= {kind.removeprefix("withdraw.") for kind in book("demo").on(change).withdrawals}
    assert {path.stem for path in TABLES} >= {"demo", "guiyang", "yancheng", "shenzhen"}
