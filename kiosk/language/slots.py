"""Details of a request: sums, counts, periods, the matter or term asked about, the dialect wished for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.fund import period
from kiosk.language.numbers import Number, Unit
from kiosk.language.spotting import Token

MATTERS = {"retired": "withdraw.retirement", "rent": "withdraw.rent", "down_payment": "withdraw.down_payment",
           "build": "withdraw.build", "repay": "withdraw.loan_repayment", "elevator": "withdraw.elevator",
           "property_fee": "withdraw.property_fee", "renovation": "withdraw.renovation",
           "disability": "withdraw.disability", "emigration": "withdraw.emigration", "death": "withdraw.death",
           "flexible": "withdraw.flexible", "hardship": "withdraw.hardship", "illness": "withdraw.illness",
           "leaving": "withdraw.leaving", "purchase": "withdraw.purchase", "use_cert": "certificate.cross_city_loan",
           "settled": "certificate.loan_settled", "statement": "certificate.statement",
           "deposit_cert": "certificate.deposit"}
"""Concept -> matter, the more special first."""


def slots_of(intent: str, text: str, numbers: Sequence[Number], tokens: Mapping[str, Sequence[Token]]) -> dict[str, object]:
    """The slots of intents.md that `intent` may carry, as far as they were said."""
    family = intent.partition(".")[0]
    if family == "withdraw":
        return _withdraw(intent, numbers)
    if family == "certificate":
        return _certificate(intent, text, numbers)
    if intent == "loan.estimate":
        return _loan(numbers)
    if intent == "amount":
        sums = _sums(numbers)
        return {"amount": sums[0].plain} if sums else {}
    if intent in ("materials", "policy"):
        return _question(intent, tokens)
    if intent == "dialect":
        return _dialect(tokens)
    return {}


def _sums(numbers: Sequence[Number]) -> list[Number]:
    """Sums of money: with a unit, or bare ones too big to be an age or a count."""
    exact = [n for n in numbers if not n.about]
    return [n for n in exact if n.unit is Unit.MONEY] or [n for n in exact if n.unit is Unit.NONE and n.value >= 100]


def _withdraw(intent: str, numbers: Sequence[Number]) -> dict[str, object]:
    found: dict[str, object] = {}
    sums = _sums(numbers)
    if sums:
        found["amount"] = sums[-1].plain
    if intent == "withdraw.rent":
        months = [int(n.value) for n in numbers if n.unit is Unit.MONTHS and not n.about]
        months += [int(n.value) * 12 for n in numbers if n.unit is Unit.YEARS and not n.about and n.value <= 3]
        if months:
            found["months"] = months[0]
    return found


def _certificate(intent: str, text: str, numbers: Sequence[Number]) -> dict[str, object]:
    found: dict[str, object] = {}
    copies = [n for n in numbers if n.unit is Unit.COPIES and not n.about and 0 < n.value <= 50]
    if copies:
        found["copies"] = int(copies[-1].value)
    if intent == "certificate.statement":
        words = period.find(text)
        if words:
            found["period"] = words
    return found


def _loan(numbers: Sequence[Number]) -> dict[str, object]:
    found: dict[str, object] = {}
    sums = _sums(numbers)
    if sums:
        found["amount"] = sums[0].plain
    years = [int(n.value) for n in numbers if n.unit is Unit.YEARS and not n.about]
    if years:
        found["years"] = years[0]
    return found


def _question(intent: str, tokens: Mapping[str, Sequence[Token]]) -> dict[str, object]:
    if intent == "policy" and "ask_meaning" in tokens:
        terms = sorted(tokens.get("terms", ()), key=lambda t: t.start - t.end)
        return {"term": terms[0].words} if terms else {}
    matter = next((matter for concept, matter in MATTERS.items() if concept in tokens), None)
    return {"matter": matter} if matter else {}


def _dialect(tokens: Mapping[str, Sequence[Token]]) -> dict[str, object]:
    names = [(token.start, name.removeprefix("dialect_name_")) for name, found in tokens.items()
             if name.startswith("dialect_name_") for token in found]
    return {"dialect": max(names)[1]} if names else {}
