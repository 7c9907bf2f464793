"""The printed words of signed facts, by field id of kiosk.counter.papers. One table for all kinds of certificates: every
fact has one meaning, whichever paper it stands on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from kiosk.fund.canonical import Plain
from kiosk.fund.certificate import Facts
from kiosk.fund.money import Money
from kiosk.fund.month import Month, chinese_date

Words = dict[str, str]
Printer = Callable[[Plain], Words]


def _text(field: str) -> Printer:
    return lambda value: {field: str(value)}


def _money(field: str) -> Printer:
    return lambda value: {field: str(Money(int(value)))}


def _sum(field: str) -> Printer:
    """In figures and in capital figures."""
    return lambda value: {field: str(Money(int(value))), f"{field}_capital": Money(int(value)).capital}


def _some(field: str) -> Printer:
    """A sum that is left out where it is nothing."""
    return lambda value: {field: str(Money(int(value))) if value else ""}


def _date(field: str) -> Printer:
    return lambda value: {field: chinese_date(date.fromisoformat(str(value)))}


def _month(field: str) -> Printer:
    return lambda value: {field: str(Month.parse(str(value))) if value else ""}


def _with(field: str, template: str) -> Printer:
    """A bare figure in its words; '' without one."""
    return lambda value: {field: template.format(value) if value != "" else ""}


def _issued(value: Plain) -> Words:
    at = datetime.fromisoformat(str(value))
    return {"printed_at": f"{chinese_date(at.date())} {at:%H:%M}", "issued_on": chinese_date(at.date())}


_FACTS: Mapping[str, Printer] = {
    # every kind
    "number": _text("number"), "machine": _text("machine"), "centre": _text("centre"), "issued": _issued,
    "until": _date("valid_until"), "name": _text("name"), "id": _text("id_masked"), "purpose": _text("purpose"),
    # the account
    "account": _text("account"), "employer": _text("employer"), "state": _text("state"), "base": _money("base"),
    "unit": _money("monthly_unit"), "own": _money("monthly_own"), "balance": _sum("balance"),
    "opened": _date("opened_on"), "paid": _month("paid_until"), "since": _month("paid_from"),
    "unit_rate": _with("unit_share", "{}%，每月 "), "own_rate": _with("own_share", "{}%，每月 "), "taken": _money("taken"),
    "state_box": _text("state_box"), "loan_box": _text("loan_box"),
    # a statement
    "first": _date("first_day"), "last": _date("last_day"), "opening": _money("opening"), "closing": _sum("closing"),
    "put_in": _money("put_in"), "interest": _money("interest"), "taken_out": _money("taken_out"),
    "count": _with("count", "{} 笔"),
    # a withdrawal
    "receipt": _text("receipt"), "day": _date("booked_on"), "reason": _text("reason"), "extent": _text("extent"),
    "amount": _money("principal"), "total": _sum("total"), "after": _money("balance_after"), "bank": _text("bank"),
    "card": _text("card_masked"), "arrival": _text("arrival"), "next": _text("next_time"),
    # a loan
    "loan": _text("loan_account"), "lent": _sum("loan_amount"), "months": _with("loan_months", "{} 期"),
    "lent_on": _date("lent_on"), "repay": _text("repayment"), "settled": _date("settled_on"),
    "rate": _with("loan_rate", "年利率 {}%"), "left": _sum("loan_left"), "due": _money("due"),
    "due_day": _with("due_day", "每月 {} 日"), "overdue": _some("overdue"), "to_come": _with("to_come", "{} 期"),
}
#: Facts that are no words of their own.
_SILENT = frozenset({"kind", "lines"})


def printed(facts: Facts) -> Words:
    """Every fact in its words. KeyError for a fact that is not known here, ValueError for one that cannot be."""
    words: Words = {}
    for name, value in facts.items():
        if name not in _SILENT:
            words |= _FACTS[name](value)
    if "unit" in facts and "own" in facts:
        words["monthly"] = str(Money(int(facts["unit"]) + int(facts["own"])))
    if "unit_rate" in facts and "own_rate" in facts:  # ratio and sum belong together there
        words["unit_share"] += words.pop("monthly_unit")
        words["own_share"] += words.pop("monthly_own")
    if "first" in facts and "last" in facts:
        words["period"] = f"{words.pop('first_day')}至{words.pop('last_day')}"
    return words
