"""Cards of the demonstration's invented holders, for the simulated reader."""

from __future__ import annotations

from kiosk import places
from kiosk.adapters.demo_people import Person, load_people
from kiosk.fund.errors import WorldError
from kiosk.ports.devices import IdCard

PEOPLE = places.ASSETS / "demo" / "holders.yaml"


def samples() -> tuple[Person, ...]:
    """Everybody of assets/demo/holders.yaml, in order."""
    return load_people(PEOPLE).holders


def card_of(who: str) -> IdCard:
    """The card of a sample holder, by id or name. Raises WorldError."""
    for person in samples():
        if who in (person.id, person.name, person.number):
            return IdCard(person.name, person.number, person.card_valid_until)
    raise WorldError(f"no sample {who}", f"没有叫“{who}”的样例人物，kiosk demo holders 可以列出来。")
