"""Where utterances that were not understood are kept: as text, with the day, without anybody's name or number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.fund.errors import WorldError


class UnheardError(WorldError):
    """The notes cannot be written or read. The kiosk goes on without them."""

    sentence = "没听懂的话记不下来，也读不出来：请检查硬盘和状态文件夹的权限。"


@dataclass(frozen=True)
class Unheard:
    """One utterance. Nothing in it says who spoke or when on that day.

    text      redacted (kiosk.language.redact)
    pending   what was being asked, dialect what was being listened for; as in Expectation
    decision  reject or ask; offered the intents that were offered and refused; score that of the Understanding
    """

    day: date
    text: str
    pending: str = ""
    dialect: str = "auto"
    decision: str = "reject"
    offered: tuple[str, ...] = ()
    score: float = 0.0


class UnheardStore(Protocol):
    """Thread-safe. Every method raises UnheardError when the disk fails."""

    def keep(self, unheard: Unheard) -> None: ...

    def since(self, day: date) -> tuple[Unheard, ...]:
        """All from that day on, by day and text: the order in which they were said is not kept."""

    def forget_before(self, day: date) -> int:
        """Delete what is older, for good; how many."""

    def close(self) -> None: ...
