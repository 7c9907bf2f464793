"""What differs from hall to hall, as far as the conversation is concerned. All times in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.dialogue.events import Manner


@dataclass(frozen=True)
class Settings:
    """hall, place, window, hours, hotline: facts about the hall that sentences may use as slots.

    idle / countdown            before anybody is identified (accessibility.md C5)
    idle_calm / countdown_calm  afterwards, and in elder or voice mode
    nudge                       silence before the first and between the first and second prompt
    manner                      how every visit begins
    scanner                     a camera can look at papers (fact `scanner`, which options may name in `when`)
    dialects                    what can be understood besides Mandarin: packs near to it, recognisers that are installed
    dialect_names               what people call them, by code
    local_dialects              what is spoken here, whether it can be understood or not
    own_recogniser              those of `dialects` that only a recogniser of their own hears, the local ones first
    """

    hall: str = "公积金中心"
    place: str = "一楼大厅"
    window: str = "服务窗口"
    hours: str = "周一到周五，上午九点到下午五点"
    hotline: str = "12329"
    idle: float = 120.0
    countdown: float = 30.0
    idle_calm: float = 180.0
    countdown_calm: float = 60.0
    nudge: float = 5.0
    farewell: float = 8.0
    dialects: frozenset[str] = frozenset()
    dialect_names: Mapping[str, str] = field(default_factory=dict)
    local_dialects: tuple[str, ...] = ()
    own_recogniser: tuple[str, ...] = ()
    scanner: bool = False
    manner: Manner = field(default_factory=Manner)

    @property
    def facts(self) -> dict[str, object]:
        return {"hall": self.hall, "place": self.place, "window": self.window, "hours": self.hours,
                "hotline": self.hotline, "scanner": 1 if self.scanner else ""}
