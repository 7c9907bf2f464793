"""A printer for sheets and one for slips, as one: by the width of what is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.adapters.pdf_pages import size_mm
from kiosk.ports.printer import Printer, PrintReport, PrintState

_WIDEST_SLIP_MM = 112  # the broadest rolls of receipt printers


class TwoPrinters:
    """Printer. What is at most 112 mm wide goes to `slips`, everything else to `sheets`."""

    def __init__(self, sheets: Printer, slips: Printer) -> None:
        self._sheets, self._slips = sheets, slips

    def print(self, document: Path, title: str, copies: int,
              on_report: Callable[[PrintReport], None]) -> PrintReport:
        narrow = size_mm(document)[0] <= _WIDEST_SLIP_MM
        return (self._slips if narrow else self._sheets).print(document, title, copies, on_report)

    def check(self) -> PrintReport:
        """The one that is in trouble, the sheets' first; supplies of both."""
        reports = [self._sheets.check(), self._slips.check()]
        worst = next((report for report in reports if report.state is not PrintState.READY), reports[0])
        low = tuple(sorted({supply for report in reports for supply in report.low}))
        return PrintReport(worst.state, worst.detail, low)
