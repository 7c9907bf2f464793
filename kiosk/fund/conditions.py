"""The conditions that rules can name: a closed map of checks on what is known about a case.

A check answers yes, no or unknown, and may give words for the sentence ({month}, {day}, {matter}). Which checks a
matter needs, in which order, and what their answers mean is data (rules: `conditions`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kiosk.fund.account import Account, Holder, Loan, Standing, State
from kiosk.fund.month import Month, chinese_date
from kiosk.fund.retirement import Retirement, StatutoryRetirement, categories


@dataclass(frozen=True)
class Case:
    """All that is known when a matter is assessed. Dates are compared here, never by a model."""

    today: date
    holder: Holder
    account: Account
    standing: Standing
    retirement: Retirement

    def retirements(self) -> tuple[StatutoryRetirement, ...]:
        """The statutory retirement, once per category that the holder may belong to, earliest first."""
        born = Month.of(self.holder.id_number.birth)
        kinds = categories(self.holder.id_number.sex, self.standing.post)
        return tuple(sorted((self.retirement.statutory(born, kind) for kind in kinds), key=lambda one: one.month))


@dataclass(frozen=True)
class Finding:
    """`met` True, False, or None when it cannot be known here."""

    met: bool | None
    words: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Case], Finding]


def _account_open(case: Case) -> Finding:
    return Finding(not case.account.closed)


def _state_known(case: Case) -> Finding:
    return Finding(case.account.state is not State.OTHER)


def _not_frozen(case: Case) -> Finding:
    return Finding(case.account.state is not State.FROZEN)


def _sealed(case: Case) -> Finding:
    return Finding(case.account.state is State.SEALED)


def _has_balance(case: Case) -> Finding:
    return Finding(case.account.balance.fen > 0)


def _not_banned(case: Case) -> Finding:
    until = case.standing.banned_until
    if until is None or until < case.today:
        return Finding(True)
    return Finding(False, {"day": chinese_date(until)})


def _nothing_in_progress(case: Case) -> Finding:
    return Finding(not case.standing.in_progress, {"matter": case.standing.in_progress})


def _no_loan_in_default(case: Case) -> Finding:
    return Finding(case.standing.loan is not Loan.IN_DEFAULT)


def _no_loan_running(case: Case) -> Finding:
    return Finding(case.standing.loan not in (Loan.ACTIVE, Loan.IN_DEFAULT))


def _old_enough_to_retire_early(case: Case) -> Finding:
    """The retirement is reported, or flexible early retirement would be possible by now."""
    earliest = min(one.earliest for one in case.retirements())
    return Finding(case.standing.retired is True or Month.of(case.today) >= earliest, {"month": str(earliest)})


def _retired_or_of_age(case: Case) -> Finding:
    """The retirement is reported, or the statutory month has come. Unknown between a woman's two possible ages."""
    if case.standing.retired is True:
        return Finding(True)
    months, now = [one.month for one in case.retirements()], Month.of(case.today)
    if now >= months[-1]:
        return Finding(True)
    return Finding(False if now < months[0] else None, {"month": str(months[0])})


CHECKS: Mapping[str, Check] = {
    "account_open": _account_open,
    "state_known": _state_known,
    "not_frozen": _not_frozen,
    "sealed": _sealed,
    "has_balance": _has_balance,
    "not_banned": _not_banned,
    "nothing_in_progress": _nothing_in_progress,
    "no_loan_in_default": _no_loan_in_default,
    "no_loan_running": _no_loan_running,
    "old_enough_to_retire_early": _old_enough_to_retire_early,
    "retired_or_of_age": _retired_or_of_age,
}
