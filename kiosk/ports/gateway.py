"""The centre's core system, as the counter needs it. Calls block; the adapter sets its own time limits.

The contract that makes money move exactly once:
* `submit` books at most one order per idempotency key, ever; the same key again gets the same answer.
* GatewayUnreachableError from `submit` means that nobody knows: the order may be booked, or may still be on its way.
* `close` makes an end of that: it returns the final answer, and if the order never arrived, the key is burnt (VOID), so
  that an order that arrives late is refused. After `close` has answered, the answer never changes.
* An order says which balance the visitor saw; when that is no longer the balance it is refused (CHANGED), so that no limit is
  taken twice from two machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.fund.account import Account, BankCard, Entry, Holder, LoanAccount, PastWithdrawal, Standing
from kiosk.fund.errors import WorldError
from kiosk.fund.identity import IdNumber
from kiosk.fund.withdrawal import Answer, Order


class GatewayError(WorldError):
    """The centre could not do what was asked."""

    sentence = "现在连不上中心，请稍后再试，或者到窗口。"


class GatewayUnreachableError(GatewayError):
    """No answer. For a question: ask again later. For an order: the result is unknown, see `close`."""


class GatewayRefusedError(GatewayError):
    """The centre answered, and will not do it (maintenance, unknown holder). Nothing has happened."""

    sentence = "中心的系统现在不办这件事，请到窗口问一问。"


@dataclass(frozen=True)
class PasswordAnswer:
    """`tries_left` after a wrong one; `locked` when there are none (until the next day)."""

    right: bool
    tries_left: int = 0

    @property
    def locked(self) -> bool:
        return not self.right and self.tries_left <= 0


class Gateway(Protocol):
    """All methods raise GatewayUnreachableError or GatewayRefusedError."""

    def find(self, id_number: IdNumber) -> Holder | None:
        """The holder with this identity number; None when there is none."""

    def check_password(self, holder_id: str, password: str) -> PasswordAnswer:
        """The six-digit query password. The centre counts wrong tries."""

    def account(self, holder_id: str) -> Account: ...

    def cards(self, holder_id: str) -> tuple[BankCard, ...]:
        """The holder's own bank cards as registered at the centre."""

    def entries(self, holder_id: str, since: date) -> tuple[Entry, ...]:
        """Lines of the statement from `since` on, oldest first."""

    def standing(self, holder_id: str) -> Standing:
        """What else decides about a withdrawal."""

    def loans(self, holder_id: str) -> tuple[LoanAccount, ...]:
        """The holder's loans of this centre, settled ones too, newest first."""

    def withdrawals(self, holder_id: str) -> tuple[PastWithdrawal, ...]:
        """Withdrawals that were accepted, newest first, those of this kiosk too as soon as they are booked. Limits, intervals
        and what excludes what are counted from them: an adapter should fill in `kind` (many kinds share the code 99)."""

    def property_fact(self, holder_id: str, question: str) -> bool:
        """A yes or no about homes (kiosk.fund.conditions.PROPERTY), asked when needed and never stored. Refused when the centre
        does not know such a question: then the matter goes to the window."""

    def submit(self, order: Order) -> Answer:
        """Book an order: ACCEPTED, or REFUSED with a reason. Exactly once per `order.key`."""

    def outcome_of(self, key: str) -> Answer:
        """What has become of an order, without changing anything; UNKNOWN when the centre has not seen the key."""

    def close(self, key: str) -> Answer:
        """The final answer for a key: ACCEPTED, REFUSED, or VOID (never arrived, and will be refused from now on)."""
