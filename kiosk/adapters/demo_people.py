"""The invented people of the demonstration (assets/demo/holders.yaml), read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from kiosk.fund.account import Loan, Post, Standing, State
from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.errors import DataError
from kiosk.fund.identity import CardNumber, IdentityError, IdNumber
from kiosk.fund.money import Money
from kiosk.fund.month import Month


class PersonAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: str
    state: State
    balance: str
    base: str
    monthly: str
    opened: date
    paid_until: str
    employer: str
    closed: date | None = None


class PersonStanding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    retired: bool | None = None
    post: Post = Post.UNKNOWN
    loan: Loan = Loan.NONE
    in_progress: str = ""
    banned_until: date | None = None

    def plain(self) -> Standing:
        return Standing(self.retired, self.post, self.loan, self.in_progress, self.banned_until)


class PersonCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bank: str
    number: str
    first_class: bool = True


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One holder. `number` and `card_valid_until` are what the identity card shows."""

    id: str
    name: str
    number: str
    note: str
    card_valid_until: str
    account: PersonAccount
    owns_home: bool = True
    standing: PersonStanding = PersonStanding()
    cards: tuple[PersonCard, ...] = ()

    def __repr__(self) -> str:
        return f"Person({self.id})"

    def paid_until(self, today: date) -> Month | None:
        """"-1" counts from the month of `today`, so that the demonstration never looks overdue by itself."""
        text = self.account.paid_until
        if not text:
            return None
        return Month.of(today).plus(int(text)) if text.startswith("-") else Month.parse(text)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: str
    holders: tuple[Person, ...]


@dataclass(frozen=True)
class People:
    """Everybody of the demonstration and the password they share."""

    password: str
    holders: tuple[Person, ...]


def load_people(path: Path) -> People:
    """Raises DataError naming the holder and what is wrong."""
    file = convert(read_yaml(path), _File, path.name)
    seen: set[str] = set()
    for person in file.holders:
        where = f"{path.name}: {person.id}"
        if {person.id, person.number, person.account.number} & seen:
            raise DataError(where, "编号、身份证号或账号和前面的人重复了。")
        seen |= {person.id, person.number, person.account.number}
        _check(person, where)
    return People(file.password, file.holders)


def _check(person: Person, where: str) -> None:
    try:
        IdNumber.parse(person.number)
        for card in person.cards:
            CardNumber.parse(card.number)
        for text in (person.account.balance, person.account.base, person.account.monthly):
            Money.parse(text)
        person.paid_until(date(2026, 1, 1))
    except (IdentityError, ValueError) as fault:
        said = fault.sentence if isinstance(fault, IdentityError) else "金额写成 1234.56，月份写成 2026-08 或 -1。"
        raise DataError(where, f"号码、金额或月份不对：{said}") from None
    if not person.number.startswith("99"):
        raise DataError(f"{where}.number", "演示人物的号码要以 99 开头（没有这个地区），免得撞上真人。")
