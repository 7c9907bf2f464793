"""The schema of how much may be withdrawn, how often, and what is asked for it (fund.md B3). docs/rules.md explains it.

All sums are yuan as text ("1800.00"), all shares percent as text ("65"), so that they stay exact.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal

import msgspec

from kiosk.fund.rule_source import Data, Source

#: A fact must be this word, or one of these words, or in this relation to a number: "yes", ["two", "three"], ">=6".
Test = str | tuple[str, ...]
#: All of these hold.
When = dict[str, Test]

_RELATIONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


def relation(test: Test) -> tuple[str, Fraction] | None:
    """(">=", 6) for ">=6"; None for a word. ValueError when what follows the sign is no number."""
    if isinstance(test, str):
        for sign in _RELATIONS:  # two signs before one
            if test.startswith(sign):
                return sign, Fraction(test.removeprefix(sign).strip())
    return None


def holds(test: Test, value: str) -> bool:
    """Does a fact's value, written as text, pass? A value that is no number passes no relation."""
    compared = relation(test)
    if compared is None:
        return value == test if isinstance(test, str) else value in test
    try:
        return _RELATIONS[compared[0]](Fraction(value), compared[1])
    except ValueError:
        return False


class Option(Data, frozen=True):
    """An answer: `id` is the fact's value, `label` what stands on the button and can be said. `spoken`: more ways to
    say it."""

    id: str
    label: str
    spoken: tuple[str, ...] = ()


class Question(Data, frozen=True):
    """A fact that the visitor is asked for, under the fact's name: never when the centre knows it, and only where the
    answer changes what may be done."""

    ask: str
    options: tuple[Option, ...]


class Amount(Data, frozen=True):
    """How much.

    fixed               `value` yuan
    percent_of_deposit  `value` percent of the monthly deposit (both sides together), for each month
    repaid              the instalments paid on the loan here since the last such withdrawal
    balance             all that is there (what must be kept stays)
    actual              what papers prove, `value` percent of it ("" for all): so never without the window

    `basis` says whose limit it is: a person's, or that of a couple or household together; `per` what time it is for.
    `cap`, `cap_percent_of_deposit` and `cap_per_square_metre` bound it, for the same time and people.
    """

    kind: Literal["fixed", "percent_of_deposit", "repaid", "balance", "actual"]
    value: str = ""
    basis: Literal["person", "couple", "household"] = "person"
    per: Literal["month", "quarter", "year", "once"] = "once"
    cap: str = ""
    cap_percent_of_deposit: str = ""
    cap_per_square_metre: str = ""
    source: Source | None = None


class Tier(Data, frozen=True):
    """One line of the table of limits: the first whose `when` holds counts. `why` tells the visitor how the limit comes
    about, without a sum. `finish` window: this line needs papers (`reason` of reasons.yaml, `materials` beside those of
    the matter)."""

    amount: Amount
    when: When = msgspec.field(default_factory=dict)
    why: str = ""
    finish: Literal["kiosk", "window"] = "kiosk"
    reason: str = "needs_papers"
    materials: tuple[str, ...] = ()

    @property
    def at_window(self) -> bool:
        return self.finish == "window" or self.amount.kind == "actual"


class Frequency(Data, frozen=True):
    """How often. `every` and `every_days` are the time between two withdrawals of this kind: from the day of the last
    one (`counted` rolling), or until the next month, quarter, half-year or business year begins (calendar).
    A withdrawal covers the months since the last one, at most `covers_most_months`; the first at most
    `first_time_most_months` (0: the same)."""

    every: Literal["", "month", "quarter", "half_year", "year"] = ""
    every_days: int = 0
    counted: Literal["rolling", "calendar"] = "rolling"
    most_per_year: int = 0
    covers_most_months: int = 12
    first_time_most_months: int = 0


class Keep(Data, frozen=True):
    """What stays in the account: so many months' deposit, a share of the balance, a sum; the largest of them counts."""

    months_of_deposit: int = 0
    percent: str = ""
    amount: str = ""


class Combine(Data, frozen=True):
    """Not both: none of these kinds may have been withdrawn in the same business year (or within so many `months`)."""

    exclusive_with: tuple[str, ...] = ()
    within: Literal["business_year", "months"] = "business_year"
    months: int = 12


class MoreMaterials(Data, frozen=True):
    """What else to bring when `when` holds, or what stands in the place of `instead_of`."""

    when: When
    materials: tuple[str, ...]
    instead_of: tuple[str, ...] = ()

    def added_to(self, listed: tuple[str, ...]) -> tuple[str, ...]:
        """The list with these: in the place of the first that they replace, else at its end."""
        place = min((listed.index(name) for name in self.instead_of if name in listed), default=len(listed))
        before, after = ([name for name in part if name not in self.instead_of] for part in (listed[:place], listed[place:]))
        return tuple(dict.fromkeys((*before, *self.materials, *after)))


class EventDate(Data, frozen=True):
    """The day on which the money was spent decides which text holds. `ask` is the question, asked only where the texts
    of the last `reach_months` months lead to different answers (and, with `since_last`, only after the last withdrawal
    of this kind). Its options are made: 9月20日以前, 9月20日或以后."""

    ask: str
    reach_months: int = 12
    since_last: bool = False


class Bank(Data, frozen=True):
    """An issuer by the first digits of its cards (the entry's name). Money goes to debit cards alone."""

    name: str
    kind: Literal["debit", "credit"] = "debit"
    digits: tuple[int, ...] = (16, 17, 18, 19)
    source: Source | None = None
