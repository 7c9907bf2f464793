"""How much of a balance may be taken now, for how many months, and when again (fund.md B2, B3). All dates by arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from kiosk.fund.account import PastWithdrawal
from kiosk.fund.conditions import Case
from kiosk.fund.money import Money
from kiosk.fund.month import Month, later
from kiosk.fund.rule_limits import Amount, Combine, Frequency, Keep

_STEPS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_COUNTS = "零一两三四五六七八九"


@dataclass(frozen=True)
class Allowance:
    """`limit`: most that may be taken now; `months` it covers (0: not counted by months); `next_day`: when it will be
    possible again after a withdrawal today (None: nothing is said about it); `bound` by the "rule", by the "balance", or by
    what must be "kept"."""

    limit: Money
    months: int
    next_day: date | None
    bound: str


def business_year(day: date, begins: str) -> tuple[date, date]:
    """First day of the business year of `day`, and of the next one. `begins`: MM-DD."""
    month, number = (int(part) for part in begins.split("-"))
    first = date(day.year, month, number)
    first = first if first <= day else date(day.year - 1, month, number)
    return first, date(first.year + 1, month, number)


def next_time(frequency: Frequency, past: tuple[PastWithdrawal, ...], today: date, begins: str) -> date | None:
    """The first day on which a withdrawal of this kind is possible, after those of `past` (newest first). None: today."""
    year, next_year = business_year(today, begins)
    days = []
    if past:
        days.append(after(frequency, past[0].day, begins))
    if frequency.most_per_year and sum(one.day >= year for one in past) >= frequency.most_per_year:
        days.append(next_year)
    latest = max((day for day in days if day), default=None)
    return latest if latest and latest > today else None


def after(frequency: Frequency, last: date, begins: str) -> date | None:
    """The first day after a withdrawal on `last` on which the interval has passed; None without an interval."""
    if frequency.every_days:
        return later(last, days=frequency.every_days)
    step = _STEPS.get(frequency.every, 0)
    if not step:
        return None
    if frequency.counted == "rolling":
        return later(last, months=step)
    first, next_year = business_year(last, begins)
    while first <= last:
        first = later(first, months=step)
    return min(first, next_year)


def allow(amount: Amount, frequency: Frequency, keep: Keep, case: Case, begins: str, whole_yuan: bool) -> Allowance:
    """The allowance of a tier. The interval must have passed (next_time)."""
    months = _months(amount, frequency, case)
    taken = _taken(amount, case, begins)
    allowed = _allowed(amount, months, frequency, case) - taken
    kept = _kept(keep, case)
    free = case.account.balance - kept
    limit, bound = min((allowed, "rule"), (free, "kept" if kept else "balance"), key=lambda one: one[0])
    fen = max(limit.fen, 0)
    counted = months if amount.per in ("month", "quarter") or amount.kind in ("percent_of_deposit", "repaid") else 0
    return Allowance(Money(fen - fen % 100 if whole_yuan else fen), counted, _again(frequency, case, begins), bound)


def _again(frequency: Frequency, case: Case, begins: str) -> date | None:
    """When it will be possible again after a withdrawal today."""
    year, next_year = business_year(case.today, begins)
    days = [after(frequency, case.today, begins)]
    if frequency.most_per_year and sum(one.day >= year for one in case.earlier()) + 1 >= frequency.most_per_year:
        days.append(next_year)
    return max((day for day in days if day), default=None)


def _months(amount: Amount, frequency: Frequency, case: Case) -> int:
    """How many months the withdrawal covers: since the last one of its kind, bounded; never more than were paid in."""
    if amount.kind == "repaid":
        return len(_instalments(frequency, case))
    most = frequency.covers_most_months
    last = case.last
    if last is None:
        count = min(most, frequency.first_time_most_months or most)
    else:
        count = min(most, Month.of(case.today).since(Month.of(last.day)))
    paid = case.standing.paid_in_row
    return count if paid is None else min(count, max(paid, 0))


def _instalments(frequency: Frequency, case: Case) -> list[Money]:
    """What was paid on the loans here since the last withdrawal for it, within the months that one may cover."""
    since = later(case.today, months=-frequency.covers_most_months)
    if case.last is not None:
        since = max(since, case.last.day)
    return [line.amount for loan in case.loans for line in loan.payments if since < line.day <= case.today]


def _allowed(amount: Amount, months: int, frequency: Frequency, case: Case) -> Money:
    monthly, periods = case.account.monthly, _periods(amount, months)
    if amount.per == "quarter" and frequency.every in ("quarter", "half_year", "year"):
        periods = max(periods, 1)  # the interval has passed, though not three whole months of the calendar
    if amount.kind == "balance":
        whole = case.account.balance
    elif amount.kind == "repaid":
        whole = Money.total(_instalments(frequency, case))
    elif amount.kind == "percent_of_deposit":
        whole = monthly * (Fraction(amount.value) / 100 * months)
    else:
        whole = Money.parse(amount.value) * periods
    caps = [Money.parse(amount.cap) * periods] if amount.cap else []
    if amount.cap_percent_of_deposit:
        caps.append(monthly * (Fraction(amount.cap_percent_of_deposit) / 100 * months))
    return min([whole, *caps])


def _periods(amount: Amount, months: int) -> int:
    """How many times the sum of a month, quarter or year counts."""
    if amount.per == "month":
        return months
    return months // 3 if amount.per == "quarter" else 1


def _taken(amount: Amount, case: Case, begins: str) -> Money:
    """A yearly limit counts what was taken in this business year, a limit for once whatever was taken."""
    if amount.kind == "repaid" or amount.per not in ("year", "once"):
        return Money(0)
    first, _ = business_year(case.today, begins)
    return Money.total(one.amount for one in case.earlier() if amount.per == "once" or one.day >= first)


def _kept(keep: Keep, case: Case) -> Money:
    sums = [case.account.monthly * keep.months_of_deposit]
    if keep.percent:
        sums.append(case.account.balance * (Fraction(keep.percent) / 100))
    if keep.amount:
        sums.append(Money.parse(keep.amount))
    return max(sums)


def rival(kinds: Mapping[str, str], combine: Combine, case: Case, begins: str) -> PastWithdrawal | None:
    """The newest withdrawal that excludes this one. `kinds` are those excluded, with their codes."""
    since = business_year(case.today, begins)[0] if combine.within == "business_year" \
        else later(case.today, months=-combine.months) + timedelta(days=1)
    found = (one for kind, code in kinds.items() for one in case.earlier(kind, code) if one.day >= since)
    return max(found, key=lambda one: one.day, default=None)


def months_words(count: int) -> str:
    """三个月, 十二个月; '' for none."""
    if count <= 0:
        return ""
    tens, ones = divmod(count, 10)
    if count < 10:
        return f"{_COUNTS[count]}个月"
    return f"{'' if tens == 1 else _COUNTS[tens].replace('两', '二')}十{_COUNTS[ones].replace('两', '二') if ones else ''}个月"
