"""A printer that puts papers into a folder: for the demonstration, for technicians and for tests.

It behaves like a device: it takes its time, can run out of paper or jam in the middle of a job, can be switched off,
and gives up a job that nobody helps. It refuses to exist in production (architecture.md rule 9).
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk.adapters.simulated_devices import refuse_production
from kiosk.ports.printer import FINAL, PrintReport, PrintState

log = logging.getLogger(__name__)

_UNFIT_FOR_A_NAME = re.compile(r'[\s/\\:*?"<>|]+')


class FilePrinter:
    """Papers come to lie in `folder`, named by time, title and copy.

    `pace` is how long a sheet takes, `patience` how long a trouble may last before the job is cancelled, in seconds.
    """

    def __init__(self, folder: Path, *, production: bool, pace: float = 0.8, patience: float = 180.0) -> None:
        refuse_production(production)
        self._folder, self._pace, self._patience = folder, pace, patience
        self._changed = threading.Condition()
        self._state: PrintState | None = None  # the trouble it is in
        self._low: tuple[str, ...] = ()
        self._stopped = False

    # ------------------------------------------------ the port
    def print(self, document: Path, title: str, copies: int,
              on_report: Callable[[PrintReport], None]) -> PrintReport:
        def tell(state: PrintState, detail: str = "") -> PrintReport:
            report = PrintReport(state, detail, self._low)
            on_report(report)
            return report

        if self._state in FINAL:
            return tell(self._state)
        tell(PrintState.WAITING)
        ended = self._through_troubles(tell)
        if ended is not None:
            return ended
        tell(PrintState.PRINTING)
        for copy in range(copies):
            self._pause()
            ended = self._through_troubles(tell)
            if ended is not None:
                return ended
            try:
                self._drop(document, title, copy)
            except OSError as error:
                return tell(PrintState.FAILED, f"{type(error).__name__}: {self._folder}")
        return tell(PrintState.DONE)

    def check(self) -> PrintReport:
        return PrintReport(self._state or PrintState.READY, low=self._low)

    # ------------------------------------------------ what happens to printers
    def trouble(self, state: PrintState) -> None:
        """From now on: PAPER_OUT, JAM, COVER_OPEN, STOPPED, UNREACHABLE until mended, or an end such as REJECTED."""
        self._set(state)

    def mend(self) -> None:
        self._set(None)

    def low(self, *supplies: str) -> None:
        self._low = supplies

    def stop(self) -> None:
        """End a print that waits (from another thread): FAILED is returned."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    # ------------------------------------------------ inside
    def _set(self, state: PrintState | None) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def _pause(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, self._pace)

    def _through_troubles(self, tell: Callable[..., PrintReport]) -> PrintReport | None:
        """Wait until there is no trouble; the final report when the job ends instead."""
        while True:
            with self._changed:
                state = self._state
            if self._stopped:
                return tell(PrintState.FAILED, "stopped")
            if state is None:
                return None
            if state in FINAL:
                return tell(state)
            tell(state)
            if not self._changes_from(state):
                return tell(PrintState.FAILED, "cancelled: it did not end in time")

    def _changes_from(self, state: PrintState) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._stopped or self._state != state, self._patience)

    def _drop(self, document: Path, title: str, copy: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        name = _UNFIT_FOR_A_NAME.sub("_", title).strip("_.") or "paper"
        target = self._folder / f"{stamp}-{name}{f'-{copy + 1}' if copy else ''}.pdf"
        part = target.with_suffix(".part")
        shutil.copyfile(document, part)
        part.replace(target)
        log.info("paper put into the folder")
