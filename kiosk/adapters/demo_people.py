"""The invented people of the demonstration (assets/demo/holders.yaml), read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec

from kiosk.fund.account import Loan, Post, Repayment, State
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
    sealed: date | None = None

    def sealed_on(self, today: date) -> date | None:
        """As written; without that the last day of the last month paid for, when the account is sealed."""
        paid = self.paid(today)
        if self.sealed or self.state is not State.SEALED or paid is None:
            return self.sealed
        return paid.plus(1).first_day - timedelta(days=1)

    def paid(self, today: date) -> Month | None:
        """"-1" counts from the month of `today`, so that the demonstration never looks overdue by itself."""
        if not self.paid_until:
            return None
        return Month.of(today).plus(int(self.paid_until)) if self.paid_until.startswith("-") \
            else Month.parse(self.paid_until)


class PersonStanding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    retired: bool | None = None
    post: Post = Post.UNKNOWN
    loan: Loan = Loan.NONE
    in_progress: str = ""
    banned_until: date | None = None
    married: bool | None = None
    children: int | None = None
    local_household: bool | None = None


class PersonLoan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lent `months_ago` months before the centre is set up; settled so many months ago, or never. `overdue` instalments
    were not paid. What is left and due follows from that (fund.md B6)."""

    number: str
    amount: str
    percent: str
    months: int
    repayment: Repayment
    months_ago: int
    settled_months_ago: int | None = None
    overdue: int = 0
    due_day: int = 20


class PersonWithdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A withdrawal `months_ago` months before the centre is set up. `bank` and the last digits are those of a card."""

    kind: str
    code: str
    title: str
    amount: str
    months_ago: int
    interest: str = "0"
    closed_account: bool = False


class PersonCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bank: str
    number: str
    first_class: bool = True


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One holder. `number` and `card_valid_until` are what the identity card shows; `homes` answers the centre's yes/no
    questions about homes beside owns_home_in_city."""

    id: str
    name: str
    number: str
    note: str
    card_valid_until: str
    account: PersonAccount
    owns_home: bool = True
    standing: PersonStanding = PersonStanding()
    cards: tuple[PersonCard, ...] = ()
    loans: tuple[PersonLoan, ...] = ()
    withdrawals: tuple[PersonWithdrawal, ...] = ()
    homes: dict[str, bool] = {}

    def __repr__(self) -> str:
        return f"Person({self.id})"


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
        for text in (person.account.balance, person.account.base, person.account.monthly,
                     *(loan.amount for loan in person.loans), *(one.amount for one in person.withdrawals)):
            Money.parse(text)
        person.account.paid(date(2026, 1, 1))
    except (IdentityError, ValueError) as fault:
        said = fault.sentence if isinstance(fault, IdentityError) else "金额写成 1234.56，月份写成 2026-08 或 -1。"
        raise DataError(where, f"号码、金额或月份不对：{said}") from None
    if not person.number.startswith("99"):
        raise DataError(f"{where}.number", "演示人物的号码要以 99 开头（没有这个地区），免得撞上真人。")
