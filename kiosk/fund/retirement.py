"""When people may retire: the decision of the Standing Committee of the National People's Congress of 2024-09-13
(关于实施渐进式延迟法定退休年龄的决定), in force from 2025-01-01. The table is data (rules: section `retirement`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from kiosk.fund.account import Post
from kiosk.fund.identity import Sex
from kiosk.fund.month import Month

Category = Literal["man", "woman_55", "woman_50"]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One category. Who is born in `delayed_from` (YYYY-MM) retires one month later than at `age` years, and one month
    more for every `every_months` months of later birth, up to `at_most_months`."""

    age: int
    delayed_from: str
    every_months: int
    at_most_months: int

    def __post_init__(self) -> None:
        Month.parse(self.delayed_from)
        if self.every_months < 1:
            raise ValueError("every_months must be 1 or more")

    def delay(self, born: Month) -> int:
        """Months of delay for this month of birth."""
        steps = born.since(Month.parse(self.delayed_from))
        return 0 if steps < 0 else min(self.at_most_months, steps // self.every_months + 1)


@dataclass(frozen=True)
class StatutoryRetirement:
    """`month` in which the statutory age (`years`, `months`) is reached; `earliest`, `latest`: flexible."""

    years: int
    months: int
    month: Month
    earliest: Month
    latest: Month


class Retirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`flexible_months`: may be so many months earlier, never before the old age, or as many later."""

    man: Row
    woman_55: Row
    woman_50: Row
    flexible_months: int

    def statutory(self, born: Month, category: Category) -> StatutoryRetirement:
        """The statutory month for a month of birth. Example: a man born 1965-01 at 60 years 1 month, 2025-02."""
        row: Row = getattr(self, category)
        delay = row.delay(born)
        month = born.plus(row.age * 12 + delay)
        earliest = max(month.plus(-self.flexible_months), born.plus(row.age * 12))
        return StatutoryRetirement(row.age + delay // 12, delay % 12, month, earliest, month.plus(self.flexible_months))


def categories(sex: Sex, post: Post) -> tuple[Category, ...]:
    """The categories that somebody can belong to; two for a woman whose kind of post is unknown."""
    if sex is Sex.MAN:
        return ("man",)
    return {Post.WORKER: ("woman_50",), Post.CADRE: ("woman_55",)}.get(post, ("woman_50", "woman_55"))  # type: ignore[return-value]
