"""A printer behind CUPS. The job is followed to its end; only job-state 9 (completed) is called done.

What CUPS says in which trouble was tried out with cupsd and an IPP printer simulator (tests/paper/test_printing.py):

paper out, jam, cover open      printer-state-reasons, within about a second, while the job stays "processing"
queue disabled                  printer-state stopped, reason "paused"; the job stays pending
queue rejects jobs              Create-Job answers 0x0506 (Qt's own printing reports success)
printer's plug pulled           no state and no reason changes: only job-printer-state-message tells, so it is matched,
                                and a time limit stands behind it
cancelled at the printer        job-state canceled, now and then completed: so the printer itself is asked too
cupsd down                      nothing answers
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.adapters.cups_queue import CupsQueue
from kiosk.adapters.cups_states import (
    JOB_CANCELED,
    PRINTER_STOPPED,
    number,
    read_state,
    supplies_low,
    texts,
)
from kiosk.adapters.ipp import IppError, Value
from kiosk.adapters.pdf_pages import media_name
from kiosk.ports.printer import FINAL, PrintReport, PrintState

log = logging.getLogger(__name__)

_NOT_ACCEPTING, _NOT_FOUND = 0x0506, 0x0406
_SETTLE, _STOP_POINT = 2.0, 5.0  # seconds

NO_SERVICE = "打印服务没有回答（{server}）。请检查 CUPS 是否已安装并在运行：systemctl status cups"
NO_QUEUE = "打印服务里没有名为 {queue} 的打印队列。请用 lpstat -e 查看已有的队列，并改正场地文件。"
NOT_ACCEPTING = "打印队列 {queue} 不接受新的任务。恢复的命令：cupsaccept {queue}"


@dataclass(frozen=True)
class Patience:
    """How long, in seconds, a job may stay without progress before it is cancelled.

    trouble: paper out, jam, cover, stopped (somebody may be fetching paper); gone: the printer or CUPS does not answer;
    still: nothing is wrong, yet nothing moves; whole: from beginning to end, whatever happens.
    """

    trouble: float = 180.0
    gone: float = 45.0
    still: float = 120.0
    whole: float = 600.0

    def of(self, state: PrintState) -> float:
        if state is PrintState.UNREACHABLE:
            return self.gone
        return self.still if state in (PrintState.WAITING, PrintState.PRINTING) else self.trouble


OnReport = Callable[[PrintReport], None]


class CupsPrinter:
    """The queue `queue` of the print service at `server` ("host:port" or the path of its Unix socket).

    All jobs are sent under `user`; every job of that user on the queue is taken for one of this kiosk.
    """

    def __init__(self, queue: str, server: str = "localhost:631", *, user: str = "xiangyin",
                 patience: Patience | None = None, poll: float = 0.2) -> None:
        self._name, self._server, self._poll = queue, server, poll
        self._patience = patience or Patience()
        self._queue = CupsQueue(queue, server, user)
        self._stop = threading.Event()
        self._left_behind: set[int] = set()  # jobs that could not be cancelled because CUPS did not answer

    # ------------------------------------------------ the port
    def print(self, document: Path, title: str, copies: int, on_report: OnReport) -> PrintReport:
        end = time.monotonic() + self._patience.whole
        self._cancel_left_behind()
        stale = self._stale_reasons()
        job = self._submit(document, title, copies, on_report)
        if isinstance(job, PrintReport):
            on_report(job)
            return job
        report = self._follow(job, end, stale, on_report) or self._give_up(job)
        if report.state is PrintState.DONE:
            report = self._doubt(report, title)
        on_report(report)
        self._forget(job)
        log.info("print job ended", extra={"state": report.state.value})
        return report

    def check(self) -> PrintReport:
        self._cancel_left_behind()
        try:
            printer = self._queue.printer()
            fresh = self._queue.reasons_now()
        except IppError as error:
            return self._refusal(error)
        stopped = number(printer, "printer-state") == PRINTER_STOPPED
        if fresh is not None and not stopped:
            printer["printer-state-reasons"] = fresh
        if printer.get("printer-is-accepting-jobs") == [False]:
            return PrintReport(PrintState.REJECTED, NOT_ACCEPTING.format(queue=self._name),
                               supplies_low(texts(printer, "printer-state-reasons")))
        report = read_state({}, printer)
        if report.state in (PrintState.WAITING, PrintState.PRINTING):
            return PrintReport(PrintState.READY, low=report.low)
        return report

    # ------------------------------------------------ beyond the port
    def sweep(self) -> int:
        """Cancel every job of this kiosk that still waits, and say how many: at start, after a power cut,
        so that a paper of yesterday's visitor does not come out for today's. 0 when CUPS does not answer."""
        try:
            return sum([self._cancel(job) for job in self._queue.waiting()])
        except IppError:
            return 0

    def stop(self) -> None:
        """End a print that is being followed (from another thread): its job is cancelled, FAILED returned."""
        self._stop.set()

    # ------------------------------------------------ sending
    def _refusal(self, error: IppError) -> PrintReport:
        if error.status == 0:
            return PrintReport(PrintState.UNREACHABLE, NO_SERVICE.format(server=self._server))
        if error.status == _NOT_ACCEPTING:
            return PrintReport(PrintState.REJECTED, NOT_ACCEPTING.format(queue=self._name))
        if error.status == _NOT_FOUND:
            return PrintReport(PrintState.REJECTED, NO_QUEUE.format(queue=self._name))
        return PrintReport(PrintState.FAILED, str(error))

    def _submit(self, document: Path, title: str, copies: int, on_report: OnReport) -> int | PrintReport:
        """The job's number, or the final report why there is none.

        First the empty job, then the document: when an answer gets lost on the way, there is either a job without a
        document, which never prints, or a number by which the job can be followed or cancelled. Nothing prints twice.
        """
        job = self._create(document, title, copies, on_report)
        if isinstance(job, PrintReport):
            return job
        try:
            self._queue.send(job, document)
        except IppError as error:
            self._cancel(job)
            return PrintReport(PrintState.FAILED, str(error))
        return job

    def _create(self, document: Path, title: str, copies: int, on_report: OnReport) -> int | PrintReport:
        end, told = time.monotonic() + self._patience.gone, False
        media = media_name(document)
        while True:
            try:
                return self._queue.create(title, copies, media)
            except IppError as error:
                report = self._refusal(error)
            if report.state is not PrintState.UNREACHABLE:
                return report
            if not told:
                on_report(report)
                told = True
            if time.monotonic() > end or self._stop.wait(self._poll):
                return PrintReport(PrintState.FAILED, report.detail)

    # ------------------------------------------------ following
    def _stale_reasons(self) -> Sequence[Value]:
        """WORKAROUND: CUPS keeps the reasons of the last job (a jam long cleared) until the next job's first contact
        with the printer. What stood there before is not told again until that contact had its time (`_SETTLE`)."""
        try:
            printer = self._queue.printer()
        except IppError:
            return ()
        stopped = number(printer, "printer-state") == PRINTER_STOPPED
        return () if stopped else printer.get("printer-state-reasons", ())

    def _look(self, job: int, stale: Sequence[Value] = ()) -> tuple[PrintReport, int]:
        """The report, and the sheets so far. Printer reasons that equal `stale` are left out."""
        about, printer = self._queue.job(job), self._queue.printer()
        if stale and printer.get("printer-state-reasons") == stale:
            printer["printer-state-reasons"] = []
        return read_state(about, printer), number(about, "job-media-sheets-completed")

    def _follow(self, job: int, end: float, stale: Sequence[Value], on_report: OnReport) -> PrintReport | None:
        """The final report (not yet told), or None when patience ran out."""
        before: tuple[PrintReport, int] | None = None
        moved, sheets = time.monotonic(), 0
        settled = moved + _SETTLE
        while True:
            try:
                report, sheets = self._look(job, stale if time.monotonic() < settled else ())
            except IppError as error:
                report = self._refusal(error)
                if error.status == _NOT_FOUND:  # somebody cleared the queue
                    report = PrintReport(PrintState.FAILED, "the job is gone from the queue")
            if report.state in FINAL:
                return report
            if (report, sheets) != before:
                moved = time.monotonic()
                if before is None or report != before[0]:
                    on_report(report)
                before = (report, sheets)
            now = time.monotonic()
            if now > end or now - moved > self._patience.of(report.state) or self._stop.wait(self._poll):
                return None

    def _doubt(self, report: PrintReport, title: str) -> PrintReport:
        """CUPS says completed; the printer itself has the last word where it can be asked."""
        try:
            denied = self._queue.denied_by_printer(title)
        except IppError:
            return report
        if not denied:
            return report
        state = PrintState.CANCELED if denied == JOB_CANCELED else PrintState.FAILED
        return PrintReport(state, "the printer ended the job itself", report.low)

    # ------------------------------------------------ ending jobs
    def _give_up(self, job: int) -> PrintReport:
        """Cancel; but a job that ended in the very moment is told as what it became."""
        if not self._cancel(job):
            try:
                report, _ = self._look(job)
            except IppError:
                report = PrintReport(PrintState.UNREACHABLE)
            if report.state in FINAL:
                return report
        self._wait_until_stopped(job)
        return PrintReport(PrintState.FAILED, "cancelled: it did not end in time")

    def _wait_until_stopped(self, job: int) -> None:
        """CUPS calls a job canceled before it has told the printer; wait for that, so that nothing comes out later."""
        end = time.monotonic() + _STOP_POINT
        while time.monotonic() < end:
            try:
                about, printer = self._queue.job(job), self._queue.printer()
            except IppError:
                return
            busy = number(printer, "printer-state") != PRINTER_STOPPED
            if not (busy and "processing-to-stop-point" in texts(about, "job-state-reasons")):
                return
            time.sleep(self._poll)

    def _cancel(self, job: int) -> bool:
        try:
            self._queue.cancel(job)
        except IppError as error:
            if error.status == 0:
                self._left_behind.add(job)
            return False
        return True

    def _cancel_left_behind(self) -> None:
        for job in tuple(self._left_behind):
            self._left_behind.discard(job)
            self._cancel(job)  # puts itself back when CUPS still does not answer

    def _forget(self, job: int) -> None:
        try:
            self._queue.forget(job)
        except IppError:
            log.info("print job not deleted from the queue")
