"""What the dialogue can ask the counter to do, and what comes back.

A flow step of type `task` names a task of `kiosk.counter`; its outcomes are a closed set of words. Facts are put
into the session and can be used as slots of sentences and as arguments of later tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Facts = Mapping[str, object]


@dataclass(frozen=True)
class Outcome:
    """`name` is one of the task's declared outcomes; "failed" is allowed for every task (world's fault)."""

    name: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """One line of a list of facts to be shown. `words` stand small below it, `bar` draws shares of the longest one (what
    is borrowed, then interest), `large` marks the one that was asked for. `said` is the line as it is spoken: it may hold
    amounts, and nothing more private."""

    label: str
    value: str
    words: str = ""
    bar: tuple[float, ...] = ()
    large: bool = False
    said: str = ""


class Counter(Protocol):
    def outcomes(self) -> Mapping[str, frozenset[str]]:
        """Task name to its declared outcomes: used by the flow validator."""

    def once_tasks(self) -> frozenset[str]:
        """Tasks that move money or print; a flow must mark them `once`."""

    def perform(self, task: str, facts: Facts, once_key: str, on_progress: Callable[[str, Facts], None]) -> Outcome:
        """Carry out a task; blocks (runs on the one-thread devices executor). `once_key` is the idempotency key
        for `once` tasks and '' for others. Progress (such as a paper jam) is reported by name."""

    def end_visit(self) -> None:
        """Forget everything about the visitor and delete the papers of the visit from the disk."""
