"""What may be offered, once, to somebody who has just been identified (kiosk.fund.suggestion)."""

from __future__ import annotations

import logging

from kiosk.counter.desk import Desk
from kiosk.fund import suggestion
from kiosk.fund.account import Holder
from kiosk.fund.errors import WorldError

log = logging.getLogger(__name__)


def suggest(desk: Desk, holder: Holder) -> dict[str, str]:
    """The facts "suggestion" (an intent, '' for nothing), "suggest_say" (the offer) and "suggest_why". From this
    account's facts alone; a centre that does not answer ends in nothing."""
    nothing = {"suggestion": "", "suggest_say": "", "suggest_why": ""}
    rules = desk.rules()
    try:
        known = suggestion.Known(desk.case(holder), rules, desk.gateway.loans(holder.id),
                                 desk.gateway.withdrawals(holder.id))
    except WorldError:
        log.info("no suggestion: the centre did not answer")
        return nothing
    matter = suggestion.suggest(known)
    if not matter:
        return nothing
    told = rules.reasons[f"suggest_{matter.partition('.')[2]}"]
    return {"suggestion": matter, "suggest_say": told.todo, "suggest_why": told.reason}
