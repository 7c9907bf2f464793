"""What may be offered once, unasked, to somebody who has been identified: from this account's facts alone.

Which tests lead to which matter is data (rules: `suggestions`). A test that cannot be answered does not hold: nothing is
offered on a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.fund.account import LoanAccount, PastWithdrawal, State
from kiosk.fund.conditions import CHECKS, Case
from kiosk.fund.eligibility import assess_withdrawal
from kiosk.fund.estimate import next_withdrawal
from kiosk.fund.month import Month
from kiosk.fund.rules import Rules, Suggestion


@dataclass(frozen=True)
class Known:
    """The account as the centre knows it today."""

    case: Case
    rules: Rules
    loans: tuple[LoanAccount, ...] = ()
    past: tuple[PastWithdrawal, ...] = ()


Test = Callable[[Known, str, Suggestion], bool]


def _sealed(known: Known, matter: str, rule: Suggestion) -> bool:
    return known.case.account.state is State.SEALED


def _retired(known: Known, matter: str, rule: Suggestion) -> bool:
    return CHECKS["retired_or_of_age"](known.case).met is True


def _not_retired(known: Known, matter: str, rule: Suggestion) -> bool:
    return CHECKS["retired_or_of_age"](known.case).met is False


def _sealed_for(known: Known, matter: str, rule: Suggestion) -> bool:
    """Nothing has been paid in for `months` whole months."""
    account, now = known.case.account, Month.of(known.case.today)
    last = Month.of(account.sealed_on) if account.sealed_on else account.paid_until
    return last is not None and now.since(last) > rule.months


def _loan_settled_lately(known: Known, matter: str, rule: Suggestion) -> bool:
    """A loan was paid off within the last `months` months, and none is running."""
    if any(loan.settled_on is None for loan in known.loans):
        return False
    days = [next_withdrawal(loan.settled_on, months=rule.months) for loan in known.loans]
    return any(day is not None and day >= known.case.today for day in days)


def _had_it_before(known: Known, matter: str, rule: Suggestion) -> bool:
    return bool(_earlier(known, matter))


def _all_arrived(known: Known, matter: str, rule: Suggestion) -> bool:
    """No money is on its way."""
    return all(one.paid_on for one in known.past)


def _earlier(known: Known, matter: str) -> list[PastWithdrawal]:
    code = known.rules.withdrawals[matter].code if matter in known.rules.withdrawals else ""
    return [one for one in known.past if (one.kind == matter if one.kind else code and one.code == code)]


def _able(known: Known, matter: str, rule: Suggestion) -> bool:
    """Could be done here and now, as far as the account shows."""
    return assess_withdrawal(matter, known.case, known.rules).answer == "able"


def _possible(known: Known, matter: str, rule: Suggestion) -> bool:
    """Not refused: it can be done, or questions remain."""
    return assess_withdrawal(matter, known.case, known.rules).answer not in ("unable", "window")


TESTS: Mapping[str, Test] = {
    "sealed": _sealed, "retired": _retired, "not_retired": _not_retired, "sealed_for": _sealed_for,
    "loan_settled_lately": _loan_settled_lately, "had_it_before": _had_it_before, "all_arrived": _all_arrived,
    "able": _able, "possible": _possible,
}


def suggest(known: Known) -> str:
    """The matter to offer, '' for none: the first of the rules all of whose tests hold."""
    rules = sorted(known.rules.suggestions.items(), key=lambda entry: entry[1].place)
    return next((matter for matter, rule in rules if all(TESTS[test](known, matter, rule) for test in rule.when)), "")
