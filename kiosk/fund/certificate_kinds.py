"""What each kind of certificate states (fund.md B4): one small function per kind from what is known to signed facts.

A kind may be about one of several things (a past withdrawal, a loan, a period): its `subjects`, of which the visitor
picks one. Facts are raw values (fen, ISO dates, text); names are short because they stand in the QR code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from kiosk.fund import allowance, period
from kiosk.fund.account import Account, Entry, Holder, LoanAccount, PastWithdrawal, Repayment, State
from kiosk.fund.canonical import Plain
from kiosk.fund.certificate import Issue, Line, lines_digest
from kiosk.fund.money import Money
from kiosk.fund.month import Month, chinese_date
from kiosk.fund.period import Period
from kiosk.fund.rules import CertificateRule, Rules

T = TypeVar("T")

INTEREST = "结息"
#: More instalments than any loan has (30 years), so that wrong figures of a centre cannot run for ever.
_MOST_INSTALMENTS = 480
REPAYMENTS = {Repayment.ANNUITY: "等额本息", Repayment.LINEAR: "等额本金"}


@dataclass(frozen=True)
class Subject:
    """What a certificate can be about: `what` it is called on the button, `shown` below that (with the sum), and how it is
    `said` in the hall (without one)."""

    id: str
    what: str = ""
    shown: str = ""
    said: str = ""


@dataclass(frozen=True)
class Known:
    """Everything a certificate is made from. `subject` is the id of the chosen Subject, '' where there is no choice.
    entries, loans and withdrawals are filled where the kind `needs` them."""

    holder: Holder
    account: Account
    rules: Rules
    kind: str
    issue: Issue
    subject: str = ""
    entries: tuple[Entry, ...] = ()
    loans: tuple[LoanAccount, ...] = ()
    withdrawals: tuple[PastWithdrawal, ...] = ()

    @property
    def rule(self) -> CertificateRule:
        return self.rules.certificates[self.kind]

    @property
    def today(self) -> date:
        return self.issue.at.date()


@dataclass(frozen=True)
class Content:
    """`facts` are signed; `lines` are listed on the paper, their digest stands among the facts."""

    facts: dict[str, Plain]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Kind:
    """`needs`: entries, loans, withdrawals. `by_period`: any period may be its subject, not only those on offer."""

    facts: Callable[[Known], Content]
    subjects: Callable[[Known], tuple[Subject, ...]] = lambda known: (Subject(""),)
    needs: frozenset[str] = frozenset()
    by_period: bool = False


def contents(known: Known) -> Content:
    """The certificate's facts, with those that every kind has. LookupError when the subject does not exist."""
    special = KINDS[known.kind].facts(known)
    rule, holder = known.rule, known.holder
    common: dict[str, Plain] = {
        "kind": known.kind, "number": known.issue.number, "machine": known.issue.machine, "centre": known.issue.centre,
        "issued": known.issue.at.strftime("%Y-%m-%dT%H:%M"), "until": valid_until(rule, known.today).isoformat(),
        "name": holder.name.clear,
        "id": holder.id_number.clear if rule.identity == "full" else holder.id_number.masked,
    }
    bound: dict[str, Plain] = {"lines": lines_digest(special.lines)} if special.lines else {}
    purpose: dict[str, Plain] = {"purpose": rule.purpose} if rule.purpose else {}
    return Content({**common, **special.facts, **purpose, **bound}, special.lines)


def valid_until(rule: CertificateRule, day: date) -> date:
    """The last valid day: so many days later, or the same day so many months later."""
    return (period.months_before(day, -rule.valid_months) if rule.valid_months
            else day + timedelta(days=rule.valid_days))


# ------------------------------------------------------------------ 缴存证明, 异地贷款缴存使用证明


def _deposit(known: Known) -> Content:
    account = known.account
    return Content({
        "account": account.number.clear, "employer": account.employer,
        "state": known.rules.codes.account_states[account.state].name, "base": account.base.fen,
        "unit": account.monthly_unit.fen, "own": account.monthly_own.fen, "balance": account.balance.fen,
        "opened": account.opened_on.isoformat(), "paid": account.paid_until.iso if account.paid_until else ""})


def _cross_city(known: Known) -> Content:
    """State and loan record are boxes of the form: the layout prints all of them and fills the one named here."""
    account, settled = known.account, sum(loan.settled_on is not None for loan in known.loans)
    facts = _deposit(known).facts
    del facts["state"]
    return Content(facts | {
        "since": Month.of(account.opened_on).iso, "unit_rate": ratio(account.monthly_unit, account.base),
        "own_rate": ratio(account.monthly_own, account.base),
        "taken": sum(_paid(one).fen for one in known.withdrawals),
        "state_box": _state_box(account, known.rule.arrears_months, known.today),
        "loan_box": ("无", "一次已还清", "两次以上已还清")[min(settled, 2)]})


def _state_box(account: Account, arrears_months: int, today: date) -> str:
    """正常 封存 欠款 其他. 欠款: normal, but nothing was paid for so many months (the pack says how many)."""
    if account.state is State.SEALED:
        return "封存"
    if account.state is not State.NORMAL:
        return "其他"
    paid = account.paid_until
    return "欠款" if paid is None or Month.of(today).since(paid) > arrears_months else "正常"


def ratio(deposit: Money, base: Money) -> str:
    """Percent of the base. Deposits are rounded to the yuan, so the whole percent is taken where it explains the
    deposit: 418 元 on 5,231 元 is 8. Otherwise two decimals; '' without a base."""
    if not base.fen:
        return ""
    exact = Fraction(deposit.fen * 100, base.fen)
    whole = round(exact)
    if abs(deposit.fen - Fraction(base.fen * whole, 100)) < 100:
        return str(whole)
    return f"{float(exact):.2f}".rstrip("0").rstrip(".")


# ------------------------------------------------------------------ 账户明细


def _periods(known: Known) -> tuple[Subject, ...]:
    """The periods that the pack offers, as far as they lie in the life of the account."""
    found = [(words, period.resolve(words, known.today, known.account.opened_on)) for words in known.rule.periods]
    return tuple(Subject(words, words, str(days), words) for words, days in found if days)


def _statement(known: Known) -> Content:
    account = known.account
    days = period.resolve(known.subject, known.today, account.opened_on)
    if days is None:
        raise LookupError("no such period")
    days = _on_record(known.entries, days)
    opening, closing = _balances(known.entries, account.balance, days)
    entries = [entry for entry in known.entries if days.first <= entry.day <= days.last]
    paid_in = Money.total(e.amount for e in entries if e.amount.fen > 0 and e.kind != INTEREST)
    return Content({
        "account": account.number.clear, "employer": account.employer,
        "state": known.rules.codes.account_states[account.state].name,
        "first": days.first.isoformat(), "last": days.last.isoformat(), "opening": opening.fen, "closing": closing.fen,
        "put_in": paid_in.fen, "interest": Money.total(e.amount for e in entries if e.kind == INTEREST).fen,
        "taken_out": -Money.total(e.amount for e in entries if e.amount.fen < 0 and e.kind != INTEREST).fen,
        "count": len(entries),
    }, tuple(_entry_line(entry) for entry in entries))


def _entry_line(entry: Entry) -> Line:
    what = "年度结息" if entry.kind == INTEREST else entry.kind
    return (chinese_date(entry.day), what, f"{'+' if entry.amount.fen > 0 else ''}{entry.amount.figures}",
            entry.balance.figures)


def _on_record(entries: Sequence[Entry], days: Period) -> Period:
    """Where the centre's lines do not go back to the opening of the account, nothing is said of the time before them.
    LookupError when that is all of it."""
    oldest = next(iter(entries), None)
    if oldest is None or oldest.balance == oldest.amount or days.first >= oldest.day:
        return days
    if days.last < oldest.day:
        raise LookupError("before the records")
    return replace(days, first=oldest.day)


def _balances(entries: Sequence[Entry], now: Money, days: Period) -> tuple[Money, Money]:
    """Balance before the first day and after the last, walked back from the lines; `now` when there is no line after
    the period."""
    after = next((e for e in entries if e.day > days.last), None)
    closing = after.balance - after.amount if after else now
    inside = [e for e in entries if days.first <= e.day <= days.last]
    if not inside:
        return closing, closing
    return inside[0].balance - inside[0].amount, inside[-1].balance


# ------------------------------------------------------------------ 提取凭证


def _withdrawals(known: Known) -> tuple[Subject, ...]:
    return tuple(Subject(one.number, one.title, f"{chinese_date(one.day)}　{_paid(one)}",
                         f"{chinese_date(one.day)}的{one.title}") for one in known.withdrawals)


def _withdrawal(known: Known) -> Content:
    one = _chosen(known.withdrawals, known.subject, lambda each: each.number)
    facts: dict[str, Plain] = {
        "account": known.account.number.masked, "receipt": one.number, "day": one.day.isoformat(), "reason": one.title,
        "extent": "全部提取并销户" if one.closed_account else "部分提取",
        "amount": one.amount.fen, "interest": one.interest.fen, "total": _paid(one).fen, "bank": one.bank,
        "card": f"**** {one.last4}",
        "arrival": f"{chinese_date(one.paid_on)}已到账" if one.paid_on else f"预计{chinese_date(one.arrival)}前",
        "next": next_time(known, one),
    }
    after = next((e.balance for e in known.entries if e.day == one.day and e.amount.fen == -_paid(one).fen), None)
    if one.closed_account:
        after = Money(0)
    return Content(facts | ({"after": after.fen} if after is not None else {}))


def _paid(one: PastWithdrawal) -> Money:
    return one.amount + one.interest


def next_time(known: Known, one: PastWithdrawal) -> str:
    """下次可提取日期, in words, counted from the newest withdrawal of the kind; '' where the rules say nothing."""
    if one.closed_account:
        return "账户已销户，以后不用再来"
    rule = known.rules.withdrawals.get(one.kind)
    if rule is None:
        return ""
    begins = known.rules.city.business_year_from
    if allowance.after(rule.frequency, one.day, begins) is None:
        return rule.next_time
    earlier = tuple(past for past in known.withdrawals if past.kind == one.kind)
    day = allowance.next_time(rule.frequency, earlier, known.today, begins)
    return f"{chinese_date(day)}起" if day else "现在就可以再办"


# ------------------------------------------------------------------ loans


def _settled_loans(known: Known) -> tuple[Subject, ...]:
    return tuple(_loan_subject(loan) for loan in known.loans if loan.settled_on)


def _running_loans(known: Known) -> tuple[Subject, ...]:
    return tuple(_loan_subject(loan) for loan in known.loans if not loan.settled_on)


def _loan_subject(loan: LoanAccount) -> Subject:
    name = f"{loan.lent_on.year}年借的贷款"
    return Subject(loan.lent_on.isoformat(), name, f"{chinese_date(loan.lent_on)}放款　{loan.amount}", name)


def _loan(known: Known) -> tuple[LoanAccount, dict[str, Plain]]:
    loan = _chosen(known.loans, known.subject, lambda each: each.lent_on.isoformat())
    return loan, {"loan": loan.number.clear, "lent": loan.amount.fen, "months": loan.months,
                  "lent_on": loan.lent_on.isoformat(), "repay": REPAYMENTS[loan.repayment]}


def _loan_settled(known: Known) -> Content:
    loan, facts = _loan(known)
    if loan.settled_on is None:
        raise LookupError("not settled")
    return Content(facts | {"settled": loan.settled_on.isoformat()})


def _repayment_plan(known: Known) -> Content:
    loan, facts = _loan(known)
    lines = tuple(instalments(loan, known.today))
    shown = lines[:known.rule.most_lines] if known.rule.most_lines else lines
    return Content(facts | {
        "rate": loan.percent, "left": loan.left.fen, "due": loan.monthly.fen, "due_day": loan.due_day,
        "overdue": loan.overdue.fen, "to_come": len(lines),
    }, shown)


def instalments(loan: LoanAccount, today: date) -> Iterator[Line]:
    """The instalments still to come, from what is left and what the centre asks next: (month, all, principal, interest,
    left). Every month bears interest on what is left, rounded to the fen; the last one pays the rest (fund.md B6)."""
    left, month = loan.left, Month.of(today)
    if today.day > loan.due_day:
        month = month.plus(1)
    rate = Fraction(loan.percent) / 1200
    share = loan.monthly - left * rate if loan.repayment is Repayment.LINEAR else Money(0)
    for _ in range(_MOST_INSTALMENTS):
        interest = left * rate
        principal = share if share else loan.monthly - interest
        if principal.fen <= 0 or left.fen - principal.fen <= loan.months:  # a rest of rounding goes with the last one
            principal = left
        left = left - principal
        yield (str(month), (principal + interest).figures, principal.figures, interest.figures, left.figures)
        if not left:
            return
        month = month.plus(1)


# ------------------------------------------------------------------ choosing


def _chosen(offered: Sequence[T], subject: str, name: Callable[[T], str]) -> T:
    """The one that was picked; LookupError when it is not there any more."""
    found = next((one for one in offered if name(one) == subject), None)
    if found is None:
        raise LookupError("no such subject")
    return found


KINDS: Mapping[str, Kind] = {
    "certificate.deposit": Kind(_deposit),
    "certificate.cross_city_loan": Kind(_cross_city, needs=frozenset({"loans", "withdrawals"})),
    "certificate.loan_settled": Kind(_loan_settled, _settled_loans, frozenset({"loans"})),
    "certificate.repayment_plan": Kind(_repayment_plan, _running_loans, frozenset({"loans"})),
    "certificate.statement": Kind(_statement, _periods, frozenset({"entries"}), by_period=True),
    "certificate.withdrawal": Kind(_withdrawal, _withdrawals, frozenset({"withdrawals", "entries"})),
}
