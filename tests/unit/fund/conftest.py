"""The rules as shipped, and a made-up case to turn every screw of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kiosk import places
from kiosk.fund.account import Account, Holder, Standing, State
from kiosk.fund.conditions import Case
from kiosk.fund.identity import AccountNumber, IdNumber, PersonName, check_character
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.rules import RuleBook

TODAY = date(2026, 10, 2)


def id_number(born: str, man: bool = True, serial: int = 88) -> IdNumber:
    first = f"990101{born.replace('-', '')}{serial:02d}{1 if man else 2}"
    return IdNumber.parse(first + check_character(first))


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return RuleBook.load(places.ASSETS / "rules" / "national", places.ASSETS / "rules" / "demo")


CaseMaker = Callable[..., Case]


@pytest.fixture
def case(book: RuleBook) -> CaseMaker:
    """A man retired and sealed, changed as asked: born, man, today, account fields, standing fields."""

    def make(*, born: str = "1964-03-18", man: bool = True, today: date = TODAY, standing: Standing | None = None,
             **account: object) -> Case:
        holder = Holder("h", PersonName("王样例"), id_number(born, man))
        base = Account(AccountNumber("990100888"), State.SEALED, Money.yuan(10_000), Money.yuan(8_000),
                       Money.yuan(960), Money.yuan(960), "样例单位", date(1996, 7, 1), Month(2024, 3))
        return Case(today, holder, replace(base, **account), standing or Standing(retired=True),
                    book.on(today).retirement)

    return make
