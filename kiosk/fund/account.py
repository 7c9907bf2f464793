"""Accounts as the centre keeps them, in the words of the national data standard (fund.md B5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk.fund.identity import AccountNumber, CardNumber, IdNumber, PersonName
from kiosk.fund.money import Money
from kiosk.fund.month import Month

_NOTHING = Money(0)


class State(StrEnum):
    """个人账户状态. The words for each are data: rules.codes.account_states. A centre with other codes maps them in
    its gateway adapter."""

    NORMAL = "01"
    SEALED = "02"
    MERGED = "03"           # closed: merged into another account
    TRANSFERRED = "04"      # closed: moved to another centre
    WITHDRAWN = "05"        # closed: paid out
    FROZEN = "06"
    OTHER = "99"


CLOSED = frozenset({State.MERGED, State.TRANSFERRED, State.WITHDRAWN})


class Loan(StrEnum):
    NONE = "none"
    ACTIVE = "active"
    IN_DEFAULT = "in_default"
    SETTLED = "settled"


class Post(StrEnum):
    """What a woman's statutory retirement age depends on: 50 for workers, 55 for cadres and technical posts.
    "" when the centre does not know; irrelevant for men."""

    WORKER = "worker"
    CADRE = "cadre"
    UNKNOWN = ""


@dataclass(frozen=True)
class Holder:
    """`id` is the centre's own key, meaningless outside. Name and number mask themselves."""

    id: str
    name: PersonName
    id_number: IdNumber


@dataclass(frozen=True)
class Account:
    """base and deposits are per month; `paid_until` the last month paid for; `closed_on` only for closed states,
    `sealed_on` since when nothing is paid in (封存)."""

    number: AccountNumber
    state: State
    balance: Money
    base: Money
    monthly_unit: Money
    monthly_own: Money
    employer: str
    opened_on: date
    paid_until: Month | None
    closed_on: date | None = None
    sealed_on: date | None = None

    @property
    def monthly(self) -> Money:
        return self.monthly_unit + self.monthly_own

    @property
    def closed(self) -> bool:
        return self.state in CLOSED


@dataclass(frozen=True)
class BankCard:
    """A card of the holder as the centre knows it. `first_class` is a 一类 account: only there money may go."""

    id: str
    bank: str
    number: CardNumber
    first_class: bool = True


@dataclass(frozen=True)
class Entry:
    """One line of the statement. `amount` is signed; `kind` 汇缴, 补缴, 提取, 结息; `balance` after the line."""

    day: date
    kind: str
    amount: Money
    balance: Money


class Repayment(StrEnum):
    """How a loan is repaid."""

    ANNUITY = "annuity"      # 等额本息
    LINEAR = "linear"        # 等额本金


@dataclass(frozen=True)
class LoanPayment:
    """An instalment (or an early repayment) that was paid: principal and interest together."""

    day: date
    amount: Money


@dataclass(frozen=True)
class LoanAccount:
    """A provident fund loan of the holder at this centre. `percent` is the yearly rate as exact text, `months` the whole
    term, `monthly` what is due next, `overdue` what should have been paid already; `settled_on` only when paid off.
    `payments` are what was paid in the last two years, oldest first."""

    number: AccountNumber
    amount: Money
    left: Money
    percent: str
    months: int
    repayment: Repayment
    lent_on: date
    monthly: Money
    due_day: int
    overdue: Money = _NOTHING
    settled_on: date | None = None
    payments: tuple[LoanPayment, ...] = ()

    @property
    def active(self) -> bool:
        return self.settled_on is None


@dataclass(frozen=True)
class PastWithdrawal:
    """A withdrawal that was accepted earlier. `number` is the receipt's; `paid_on` None while the money is on its way,
    `arrival` when it is expected. `bank` and `last4` where it went. `kind` is the intent (withdraw.rent) where the centre
    keeps it, '' otherwise: then `code` tells."""

    number: str
    day: date
    code: str
    title: str
    amount: Money
    interest: Money
    bank: str
    last4: str
    arrival: date
    paid_on: date | None = None
    closed_account: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Standing:
    """What else decides about a withdrawal, as the centre knows it today. None means: the centre does not know.

    retired          the employer or the social insurance has reported the retirement
    in_progress      title of a withdrawal that is being worked on, or ''
    banned_until     no withdrawal and no loan until then (false withdrawal earlier)
    last_withdrawal  day of the last one
    paid_in_row      months paid in without a gap, up to now
    married, children, local_household (户籍在本市): as registered; None is common, then the visitor is asked where it matters
    """

    retired: bool | None = None
    post: Post = Post.UNKNOWN
    loan: Loan = Loan.NONE
    in_progress: str = ""
    banned_until: date | None = None
    last_withdrawal: date | None = None
    paid_in_row: int | None = None
    married: bool | None = None
    children: int | None = None
    local_household: bool | None = None
