"""Paper. Nothing is called printed before the printer's job state is completed (pitfalls 15, platform.md 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class PrintState(StrEnum):
    READY = "ready"            # answer of check() alone: nothing is wrong, nothing is being printed
    WAITING = "waiting"        # accepted, not yet on paper
    PRINTING = "printing"
    PAPER_OUT = "paper_out"
    JAM = "jam"
    COVER_OPEN = "cover_open"
    STOPPED = "stopped"        # queue disabled or printer off
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"      # the queue does not accept jobs (final)
    CANCELED = "canceled"      # (final)
    FAILED = "failed"          # aborted or timed out (final)
    DONE = "done"              # job-state completed (final)


FINAL = frozenset({PrintState.REJECTED, PrintState.CANCELED, PrintState.FAILED, PrintState.DONE})


@dataclass(frozen=True)
class PrintReport:
    """`low` names supplies that are running low ("media", "toner"), for the technician's page."""

    state: PrintState
    detail: str = ""
    low: tuple[str, ...] = ()


class Printer(Protocol):
    def print(self, document: Path, title: str, copies: int,
              on_report: Callable[[PrintReport], None]) -> PrintReport:
        """Print a PDF and follow the job to its end; blocks (runs on the devices executor).
        Every change is reported; the final report is returned. A job that does not end is cancelled
        before FAILED is returned, so that it cannot come out for the next visitor."""

    def check(self) -> PrintReport:
        """State of the printer now, without a job."""
