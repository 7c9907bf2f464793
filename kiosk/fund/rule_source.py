"""What every rule carries: where it comes from, and how sure that is."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from kiosk.fund.month import chinese_date


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything read from a pack."""


class Source(Data, frozen=True):
    """Where a rule comes from. `certainty`: official text seen; public source; second-hand citing an official page
    (check it before release); invented for the demonstration; unknown: nobody has said, the centre must."""

    title: str
    url: str = ""
    date: date | None = None
    certainty: Literal["official", "public", "second_hand", "invented", "unknown"] = "second_hand"

    def __str__(self) -> str:
        """As it stands on slips: the title, and the day where it is known."""
        return f"{self.title}（{chinese_date(self.date)}）" if self.date else self.title
