"""The small devices of the terminal: card reader, keys, headphone socket, staff call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class IdCard:
    """What an identity card reader gives. Its repr is masked."""

    name: str
    number: str
    valid_until: str = ""

    def __repr__(self) -> str:
        return "IdCard(***)"


class IdReader(Protocol):
    """Calls back from its own thread."""

    def start(self, on_card: Callable[[IdCard], None], on_removed: Callable[[], None],
              on_fault: Callable[[str], None]) -> None: ...

    def stop(self) -> None: ...


class Key(StrEnum):
    """The five keys, help and volume; the same names on the tactile pad and on a developer's keyboard."""

    LEFT = "left"      # ◀ back
    RIGHT = "right"    # ▶ more, say again
    UP = "up"          # ▲ previous
    DOWN = "down"      # ▼ next
    SELECT = "select"  # ● choose
    HELP = "help"
    LOUDER = "louder"
    QUIETER = "quieter"


class StaffState(StrEnum):
    NONE = "none"
    CALLED = "called"
    COMING = "coming"
    ESCALATED = "escalated"   # nobody has answered, it was called again
    NOBODY = "nobody"         # nobody came, or nobody can be called


class StaffCall(Protocol):
    """One call at a time. `on_state` may come from another thread."""

    def call(self, reason: str, on_state: Callable[[StaffState], None]) -> None:
        """Call; once more while a call is open, remind."""

    def end(self) -> None:
        """The call is over, whoever says so; on_state tells NONE."""
