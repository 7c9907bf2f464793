"""What the rules can ask about a case, by name: checks that explain themselves, and facts to be compared.

A check answers yes, no or unknown, and may give words for the sentence ({month}, {day}, {matter}). A fact is a word or a
number; who compares it with what is data (rules: `when`). Facts that nobody at the centre knows are asked of the visitor,
when the rules have a question of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from kiosk.fund.account import Account, Holder, Loan, LoanAccount, PastWithdrawal, Standing, State
from kiosk.fund.money import Money
from kiosk.fund.month import Month, chinese_date, later
from kiosk.fund.retirement import Retirement, StatutoryRetirement, categories

Property = Callable[[str], bool | None]


def nobody_knows(_: str) -> None:
    """No answer about homes."""


@dataclass(frozen=True)
class Case:
    """All that is known when a matter is assessed. Dates are compared here, never by a model. `loans` and `past` are the
    centre's, newest first; `property_fact` asks the centre a yes/no question about homes, when it is needed and not
    before; `answers` are what the visitor has said so far (question to option); `kind` is the matter."""

    today: date
    holder: Holder
    account: Account
    standing: Standing
    retirement: Retirement
    loans: tuple[LoanAccount, ...] = ()
    past: tuple[PastWithdrawal, ...] = ()
    property_fact: Property = nobody_knows
    answers: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    code: str = ""

    def retirements(self) -> tuple[StatutoryRetirement, ...]:
        """The statutory retirement, once per category that the holder may belong to, earliest first."""
        born = Month.of(self.holder.id_number.birth)
        kinds = categories(self.holder.id_number.sex, self.standing.post)
        return tuple(sorted((self.retirement.statutory(born, kind) for kind in kinds), key=lambda one: one.month))

    def earlier(self, kind: str = "", code: str = "") -> tuple[PastWithdrawal, ...]:
        """Withdrawals of this kind (else of the case's own), newest first. A centre that keeps no kinds is read by its
        codes, as far as the code is one kind's alone (99 is 其他)."""
        kind, code = (kind, code) if kind else (self.kind, self.code)
        return tuple(one for one in self.past
                     if one.kind == kind or (not one.kind and code not in ("", OTHER) and one.code == code))

    @property
    def last(self) -> PastWithdrawal | None:
        """The last withdrawal of the case's kind."""
        return next(iter(self.earlier()), None)


#: The code of reasons that have none of their own.
OTHER = "99"


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


@dataclass(frozen=True)
class Known:
    """A fact's value as text: a word, or a number. `since`: a number of whole months that grows from this day on, so
    that the day on which it will be large enough can be told."""

    value: str
    since: date | None = None


Fact = Callable[[Case], Known | None]

#: More than any rule waits for: what has never been withdrawn.
NEVER = "9999"

_STATES = {State.NORMAL: "normal", State.SEALED: "sealed", State.FROZEN: "frozen", State.OTHER: "other"}


def _yes_no(value: bool | None) -> Known | None:
    return None if value is None else Known("yes" if value else "no")


def _months(since: date | None, today: date) -> Known | None:
    """Whole months that have passed."""
    if since is None:
        return None
    count = Month.of(today).since(Month.of(since))
    return Known(str(count if later(since, months=count) <= today else count - 1), since)


def _months_paid(case: Case) -> Known | None:
    count = case.standing.paid_in_row
    return None if count is None else Known(str(count), Month.of(case.today).plus(-count).first_day)


def _months_since(past: tuple[PastWithdrawal, ...], today: date) -> Known | None:
    return _months(past[0].day, today) if past else Known(NEVER)


def _yuan(money: Money) -> Known:
    return Known(str(Fraction(money.fen, 100)))


#: name: what the centre's records say. None: not known, so the visitor is asked, or it stays unknown.
FACTS: Mapping[str, Fact] = {
    "state": lambda case: Known(_STATES.get(case.account.state, "closed")),
    "months_paid": _months_paid,                # 连续缴存月数
    "months_sealed": lambda case: _months(case.account.sealed_on, case.today),
    "months_open": lambda case: _months(case.account.opened_on, case.today),
    "monthly_deposit": lambda case: _yuan(case.account.monthly),
    "balance": lambda case: _yuan(case.account.balance),
    "loan": lambda case: Known(case.standing.loan.value),
    "loans_here": lambda case: Known(str(sum(loan.active for loan in case.loans))),
    "retired": lambda case: _yes_no(case.standing.retired),
    "married": lambda case: _yes_no(case.standing.married),
    "children": lambda case: None if case.standing.children is None else Known(str(case.standing.children)),
    "local_household": lambda case: _yes_no(case.standing.local_household),
    "months_since_this": lambda case: _months_since(case.earlier(), case.today),
    "months_since_any": lambda case: _months_since(case.past, case.today),
}

#: Yes/no questions that the centre answers about homes. Asked when a rule needs them; never stored, never recorded.
PROPERTY = frozenset({
    "owns_home_in_city",        # the holder or the spouse, in the city
    "owns_home_in_county",
    "owns_home_at_workplace",
    "owns_own_home",            # 自住住房 registered to the holder or the spouse
    "property_fee_confirmed",   # the centre has the manager's word that the fee was paid within the year
})

#: What the regulation in force says (section `regulation`).
REGULATION = frozenset({"employer_certificate", "rent_income_threshold"})

#: Words that facts can have beside numbers, for the validator.
WORDS: Mapping[str, frozenset[str]] = {
    "state": frozenset({*_STATES.values(), "closed"}),
    "loan": frozenset(Loan),
    **dict.fromkeys(("retired", "married", "local_household", *PROPERTY, *REGULATION), frozenset({"yes", "no"})),
}


def known(name: str, case: Case) -> Known | None:
    """What the centre knows of a fact; None when it does not. An answer of the visitor is not looked at here."""
    if name in PROPERTY:
        return _yes_no(case.property_fact(name))
    fact = FACTS.get(name)
    return fact(case) if fact else None
