"""A month of the calendar: contributions, births and retirement are counted in months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_TEXT = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError("a month is 1 to 12")

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """From "2026-08"; ValueError otherwise."""
        found = _TEXT.fullmatch(text)
        if not found:
            raise ValueError("a month is written like 2026-08")
        return cls(int(found[1]), int(found[2]))

    def plus(self, months: int) -> Month:
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def since(self, earlier: Month) -> int:
        """Months from `earlier` to this one; negative when this one is earlier."""
        return (self.year - earlier.year) * 12 + self.month - earlier.month

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def iso(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月"


def chinese_date(day: date) -> str:
    """2026年10月2日"""
    return f"{day.year}年{day.month}月{day.day}日"


def later(day: date, *, months: int = 0, days: int = 0) -> date:
    """So many months and then days later; the last day of a month that is too short (31 January + 1 month)."""
    month = Month.of(day).plus(months)
    last = (month.plus(1).first_day - timedelta(days=1)).day
    return date(month.year, month.month, min(day.day, last)) + timedelta(days=days)
