"""Who is it? By the card in the reader, or by number and query password. No number leaves this room unmasked."""

from __future__ import annotations

import re
from datetime import date

from kiosk.counter.desk import Desk
from kiosk.counter.suggesting import suggest
from kiosk.fund.account import Holder
from kiosk.fund.identity import IdentityError, IdNumber
from kiosk.fund.withdrawal import interest_so_far
from kiosk.ports.devices import IdCard
from kiosk.ports.tasks import Facts, Outcome


def by_card(desk: Desk, facts: Facts) -> Outcome:
    card = facts["card"]
    if not isinstance(card, IdCard):
        return Outcome("unreadable")
    try:
        number = IdNumber.parse(card.number, desk.today())
    except IdentityError:
        return Outcome("unreadable")
    if _expired(card.valid_until, desk.today()):
        return Outcome("expired")
    holder = desk.gateway.find(number)
    if holder is None or (card.name and _plain(card.name) != _plain(holder.name.clear)):
        return Outcome("unknown")
    return _found(desk, holder)


def by_number(desk: Desk, facts: Facts) -> Outcome:
    try:
        number = _typed(desk, facts)
    except IdentityError as mistake:
        return Outcome("wrong_number", {"hint": mistake.sentence})
    return Outcome("password" if desk.gateway.find(number) else "unknown")


def by_password(desk: Desk, facts: Facts) -> Outcome:
    holder = desk.gateway.find(_typed(desk, facts))
    if holder is None:
        return Outcome("locked")  # cannot come from by_number; tells nothing either way
    answer = desk.gateway.check_password(holder.id, str(facts["typed_password"]))
    if answer.right:
        return _found(desk, holder)
    return Outcome("locked") if answer.locked else Outcome("wrong", {"tries_left": answer.tries_left})


def look(desk: Desk, facts: Facts) -> Outcome:
    """The account now, with the interest since the last settlement."""
    holder, today, rules = holder_in(facts), desk.today(), desk.rules()
    account = desk.gateway.account(holder.id)
    entries = desk.gateway.entries(holder.id, rules.interest.last_settlement(today))
    interest = interest_so_far(account.balance, entries, rules.interest, today)
    shown = _account_facts(desk, holder)
    names = ("balance", "monthly_deposit", "paid_until", "state", "state_words")
    return Outcome("shown", {**{name: shown[name] for name in names}, "interest_so_far": interest, "as_of": today})


def holder_in(facts: Facts) -> Holder:
    holder = facts["holder"]
    if not isinstance(holder, Holder):
        raise TypeError("the fact holder is a Holder")
    return holder


def _typed(desk: Desk, facts: Facts) -> IdNumber:
    typed = facts["typed_number"]
    return typed if isinstance(typed, IdNumber) else IdNumber.parse(str(typed), desk.today())


def _found(desk: Desk, holder: Holder) -> Outcome:
    return Outcome("found", _account_facts(desk, holder) | suggest(desk, holder))


def _account_facts(desk: Desk, holder: Holder) -> dict[str, object]:
    account = desk.gateway.account(holder.id)
    state = desk.rules().codes.account_states[account.state]
    return {
        "holder": holder, "name_masked": holder.name.masked, "surname": holder.name.surname,
        "account_masked": account.number.masked, "state": account.state.value, "state_words": state.plain or state.name,
        "balance": account.balance, "employer": account.employer, "monthly_deposit": account.monthly,
        "paid_until": account.paid_until or "", "opened_on": account.opened_on,
    }


def _expired(valid_until: str, today: date) -> bool:
    """长期, '' and what is no date never expire; 2030-01-01, 20300101 and 2030.01.01 are read."""
    digits = "".join(character for character in valid_until if character.isdigit())
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) < today
    except ValueError:
        return False


def _plain(name: str) -> str:
    """Readers pad names, and write the dot of 阿依·示范 in several ways."""
    return re.sub(r"\s", "", re.sub("[•．・‧]", "·", name))
