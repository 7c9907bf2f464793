"""One queue of CUPS, and the printer behind it: the questions and orders that printing needs, nothing decided."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.cups_states import JOB_ABORTED, JOB_CANCELED, number, texts
from kiosk.adapters.ipp import Attributes, IppClient, IppError, Keyword, Mime, Op, Value

_JOB_WANTED = [Keyword(name) for name in (
    "job-state", "job-state-reasons", "job-printer-state-message", "job-media-sheets-completed")]
_PRINTER_WANTED = [Keyword(name) for name in (
    "printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs", "device-uri")]

Found = dict[str, list[Value]]


class CupsQueue:
    """All methods raise IppError; its status is 0 when CUPS does not answer."""

    def __init__(self, queue: str, server: str, user: str) -> None:
        self._user = user
        self._cups = IppClient(server, f"/printers/{queue}", user)

    def printer(self) -> Found:
        return self._cups.ask(Op.GET_PRINTER_ATTRIBUTES, {"requested-attributes": _PRINTER_WANTED}).first()

    def job(self, job: int) -> Found:
        return self._cups.ask(Op.GET_JOB_ATTRIBUTES, {"job-id": job, "requested-attributes": _JOB_WANTED}).first()

    def waiting(self) -> list[int]:
        """Numbers of this user's jobs that have not ended."""
        found = self._cups.ask(Op.GET_JOBS, {"which-jobs": Keyword("not-completed"), "my-jobs": True,
                                             "requested-attributes": Keyword("job-id")})
        return [number(job, "job-id") for job in found.groups]

    def create(self, title: str, copies: int, media: str) -> int:
        """An empty job. No scaling: the code's modules must keep their millimetres."""
        job: Attributes = {"copies": copies, "media": Keyword(media), "print-scaling": Keyword("none")}
        return number(self._cups.ask(Op.CREATE_JOB, {"job-name": title}, job).first(), "job-id")

    def send(self, job: int, document: Path) -> None:
        """The document of a job; it prints from now on."""
        self._cups.ask(Op.SEND_DOCUMENT, {"job-id": job, "document-format": Mime("application/pdf"),
                                          "last-document": True}, document=document)

    def cancel(self, job: int) -> None:
        self._cups.ask(Op.CANCEL_JOB, {"job-id": job})

    def forget(self, job: int) -> None:
        """Delete an ended job with its document, which CUPS keeps for a day (PreserveJobFiles)."""
        self._cups.ask(Op.CANCEL_JOB, {"job-id": job, "purge-job": True})

    def denied_by_printer(self, title: str) -> int:
        """The printer's own word about the last job of this name: 7 (canceled), 8 (aborted), or 0.

        WORKAROUND: CUPS 2.4.2 calls about one in thirty jobs "completed" that the printer aborted: its ipp backend
        loses the answer when its own watching thread sees the end first. 0 where the printer does not speak IPP.
        """
        client = self._printer_itself()
        if client is None:
            return 0
        try:
            jobs = client.ask(Op.GET_JOBS, {"which-jobs": Keyword("completed"), "limit": 5, "requested-attributes": [
                Keyword("job-id"), Keyword("job-name"), Keyword("job-state")]}).groups
        except IppError:
            return 0
        ours = [job for job in jobs if texts(job, "job-name") == [title]]
        state = number(max(ours, key=lambda job: number(job, "job-id")), "job-state") if ours else 0
        return state if state in (JOB_CANCELED, JOB_ABORTED) else 0

    def reasons_now(self) -> list[Value] | None:
        """printer-state-reasons from the printer itself; None where it cannot be asked.

        CUPS repeats what it heard during the last job, a jam long cleared among it, until the next job begins.
        """
        client = self._printer_itself()
        if client is None:
            return None
        try:
            asked = client.ask(Op.GET_PRINTER_ATTRIBUTES, {"requested-attributes": Keyword("printer-state-reasons")})
        except IppError:
            return None
        return asked.first().get("printer-state-reasons")

    def _printer_itself(self) -> IppClient | None:
        uri = texts(self.printer(), "device-uri")
        return IppClient.of_printer(uri[0], self._user) if uri else None
