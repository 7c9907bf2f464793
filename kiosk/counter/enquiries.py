"""Questions about the visitor's own matters: the loan, the monthly deposit, where an application is."""

from __future__ import annotations

from datetime import date

from kiosk.counter.desk import Desk
from kiosk.counter.identify import holder_in
from kiosk.fund import estimate
from kiosk.fund.account import LoanAccount, PastWithdrawal, State
from kiosk.fund.certificate_kinds import instalments
from kiosk.ports.tasks import Facts, Outcome


def loan(desk: Desk, facts: Facts) -> Outcome:
    """The newest loan that is still running; else the one that was paid off last."""
    loans = desk.gateway.loans(holder_in(facts).id)
    running = [each for each in loans if each.active]
    if running:
        return _running(desk, running[0], len(running))
    settled = [each.settled_on for each in loans if each.settled_on]
    return Outcome("settled", {"settled_on": max(settled)}) if settled else Outcome("none")


def _running(desk: Desk, one: LoanAccount, count: int) -> Outcome:
    today = desk.today()
    months = sum(1 for _ in instalments(one, today))
    told: dict[str, object] = {
        "loan_left": one.left, "loan_monthly": one.monthly, "loan_due": estimate.next_due(one.due_day, today),
        "loan_time": estimate.years_and_months(months), "loan_amount": one.amount, "lent_on": one.lent_on,
        "more_loans": f"您还有{count - 1}笔贷款，另外的请问窗口。" if count > 1 else "",
    }
    if one.overdue:
        return Outcome("overdue", told | {"loan_overdue": one.overdue})
    return Outcome("running", told)


def deposit(desk: Desk, facts: Facts) -> Outcome:
    """How much is paid in each month, by whom, since when."""
    account = desk.gateway.account(holder_in(facts).id)
    state = desk.rules().codes.account_states[account.state]
    told = {"monthly_deposit": account.monthly, "monthly_unit": account.monthly_unit,
            "monthly_own": account.monthly_own, "deposit_base": account.base, "paid_until": account.paid_until or "",
            "opened_on": account.opened_on, "employer": account.employer, "state_words": state.plain or state.name}
    return Outcome("paying" if account.state is State.NORMAL else "stopped", told)


def progress(desk: Desk, facts: Facts) -> Outcome:
    """Where is the money? The newest withdrawal that is on its way, else one that is being worked on, else the last."""
    holder, today = holder_in(facts), desk.today()
    past = desk.gateway.withdrawals(holder.id)
    moving = next((each for each in past if each.paid_on is None), None)
    if moving:
        return Outcome("late" if moving.arrival < today else "on_the_way", _told(moving, moving.arrival))
    standing = desk.gateway.standing(holder.id)
    if standing.in_progress:
        return Outcome("in_progress", {"progress_title": standing.in_progress,
                                       "decision_days": desk.rules().regulation.decision_days})
    if past:
        return Outcome("arrived", _told(past[0], past[0].paid_on or past[0].arrival))
    return Outcome("none")


def _told(one: PastWithdrawal, arrival: date) -> dict[str, object]:
    return {"progress_title": one.title, "progress_amount": one.amount + one.interest, "applied_on": one.day,
            "arrival_date": arrival, "bank": one.bank, "last4": one.last4, "receipt_number": one.number}
