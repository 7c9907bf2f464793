"""Taking money out: how much it is, the order to the centre, and what the centre can answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from kiosk.fund.account import Account, Entry
from kiosk.fund.money import Money
from kiosk.fund.rules import Interest


@dataclass(frozen=True)
class Quote:
    """What a withdrawal of the whole balance pays: `interest` since the last settlement, final only when paid."""

    principal: Money
    interest: Money

    @property
    def total(self) -> Money:
        return self.principal + self.interest


def interest_so_far(balance: Money, entries: Iterable[Entry], interest: Interest, today: date) -> Money:
    """Interest since the last settlement: sum over days of balance × yearly rate / day basis (fund.md B6; the first
    day counts, the last does not), rounded once to the fen. `entries` are the lines of the statement; those after the
    settlement day are used to walk the balance back. The settlement line itself (结息) belongs to the settlement day.

    10,000 元 for 90 days at 1.5 % on 360 days = 37.50 元.
    """
    settled = interest.last_settlement(today)
    moved: dict[date, int] = {}
    for entry in entries:
        if settled < entry.day <= today:
            moved[entry.day] = moved.get(entry.day, 0) + entry.amount.fen
    held = balance.fen - sum(moved.values())
    fen_days: dict[Fraction, int] = {}
    for number in range(1, (today - settled).days):
        day = settled + timedelta(days=number)
        held += moved.get(day, 0)
        rate = interest.rate_on(day)
        fen_days[rate] = fen_days.get(rate, 0) + held
    earned = sum((rate * held_days for rate, held_days in fen_days.items()), Fraction(0))
    return Money.rounded(earned / interest.day_basis)


def quote_whole(account: Account, entries: Iterable[Entry], interest: Interest, today: date) -> Quote:
    return Quote(account.balance, interest_so_far(account.balance, entries, interest, today))


@dataclass(frozen=True)
class Order:
    """What is asked of the centre. `key` is the idempotency key: the centre books one order per key, ever.
    `kind` is the intent (withdraw.*), `code` the reason by the national standard (提取原因), `number` the kiosk's receipt
    number. `balance` is what the visitor saw: the centre refuses when it has changed. A part of the balance
    (`principal` below `balance`) earns no `interest` now; that is credited on the yearly day."""

    key: str
    number: str
    holder_id: str
    card_id: str
    kind: str
    code: str
    title: str
    balance: Money
    principal: Money
    interest: Money
    closes_account: bool
    ordered_at: datetime
    machine: str

    @property
    def total(self) -> Money:
        return self.principal + self.interest


class Booking(StrEnum):
    """What has become of an order."""

    ACCEPTED = "accepted"
    REFUSED = "refused"      # final: nothing was booked under this key
    VOID = "void"            # final: never arrived, and will not be booked if it arrives late
    UNKNOWN = "unknown"      # the centre has not seen this key (yet)


class Refusal(StrEnum):
    """Why the centre refuses: keys of reasons.yaml with the prefix centre_."""

    CLOSED = "closed"
    FROZEN = "frozen"
    CHANGED = "changed"          # balance or amount is no longer what the visitor saw
    LIMIT = "limit"              # more than may be taken
    CARD = "card"                # not the holder's own first-class card
    IN_PROGRESS = "in_progress"
    OTHER = "other"


@dataclass(frozen=True)
class Answer:
    """The centre's answer to an order, the same however often it is asked. `paid` and `arrival` when accepted."""

    booking: Booking
    refusal: Refusal = Refusal.OTHER
    paid: Money | None = None
    arrival: date | None = None
    centre_number: str = ""
