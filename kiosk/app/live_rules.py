"""The rules of a running kiosk: takes over an imported rule pack, or one taken back, between visits and without a
restart. What has a date of its own needs no taking over: the book answers for the day that is asked about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kiosk.app.between_visits import BetweenVisits
from kiosk.fund.rules import RuleBook, Rules


class LiveRules(BetweenVisits[RuleBook]):
    """A Book of kiosk.fund.rules."""

    def __init__(self, load: Callable[[], RuleBook], stamp: Callable[[], object]) -> None:
        """Loads at once. Raises DataError."""
        super().__init__(load(), load, stamp, "rules")

    def on(self, day: date) -> Rules:
        return self.value.on(day)

    def changes(self) -> tuple[date, ...]:
        return self.value.changes()
