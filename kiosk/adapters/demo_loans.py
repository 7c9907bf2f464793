"""The loans of the demonstration's people: the plan of instalments, and where it stands on the day the centre is made."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kiosk.adapters.demo_people import PersonLoan
from kiosk.fund.account import LoanAccount, LoanPayment, Repayment
from kiosk.fund.identity import AccountNumber
from kiosk.fund.money import Money
from kiosk.fund.month import Month

#: The centre keeps so many months of instalments at hand.
MONTHS_OF_PAYMENTS = 24


def lent(loan: PersonLoan, today: date) -> LoanAccount:
    """The loan as the centre would tell it on `today`, with what was paid in the last two years."""
    amount = Money.parse(loan.amount)
    first = Month.of(today).plus(-loan.months_ago)
    last = Month.of(today).plus(-loan.settled_months_ago) if loan.settled_months_ago is not None else None
    plan = _plan(amount, loan)
    passed = sum(1 for index in range(1, loan.months_ago + 1) if _due(first, index, loan) <= today)
    paid = min(passed, loan.months) - loan.overdue
    left = amount - Money.total(principal for principal, _ in plan[:paid])
    lines = [LoanPayment(_due(first, index, loan), principal + interest)
             for index, (principal, interest) in enumerate(plan[:paid], start=1)]
    settled_on = None
    if last is not None:
        settled_on = date(last.year, last.month, loan.due_day)
        lines = [line for line in lines if line.day < settled_on] + [LoanPayment(settled_on, left)]
        left = Money(0)
    monthly = Money(0) if last else sum_of(plan[min(paid, loan.months - 1)])
    overdue = Money.total(sum_of(one) for one in plan[paid:paid + loan.overdue])
    since = Month.of(today).plus(-MONTHS_OF_PAYMENTS).first_day
    return LoanAccount(AccountNumber(loan.number), amount, left, loan.percent, loan.months, loan.repayment,
                       date(first.year, first.month, 12), monthly, loan.due_day, overdue, settled_on,
                       tuple(line for line in lines if line.day >= since and line.amount))


def sum_of(instalment: tuple[Money, Money]) -> Money:
    return instalment[0] + instalment[1]


def _due(first: Month, index: int, loan: PersonLoan) -> date:
    month = first.plus(index)
    return date(month.year, month.month, loan.due_day)


def _plan(amount: Money, loan: PersonLoan) -> list[tuple[Money, Money]]:
    """(principal, interest) of every instalment: 等额本息 or 等额本金 (fund.md B6)."""
    rate, count = Fraction(loan.percent) / 1200, loan.months
    growth = (1 + rate) ** count
    level = Money.rounded(amount.fen * rate * growth / (growth - 1))
    left, plan = amount, []
    for number in range(1, count + 1):
        interest = Money.rounded(left.fen * rate)
        share = level - interest if loan.repayment is Repayment.ANNUITY else Money.rounded(Fraction(amount.fen, count))
        principal = left if number == count else share
        plan.append((principal, interest))
        left = left - principal
    return plan
