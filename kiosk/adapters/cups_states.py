"""What the attributes of CUPS and of IPP printers mean for us. Pure: attributes in, a report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.adapters.ipp import Value
from kiosk.ports.printer import PrintReport, PrintState

Attributes = Mapping[str, Sequence[Value]]

#: job-state, RFC 8011 5.3.7. Only 9 is done.
JOB_STOPPED, JOB_CANCELED, JOB_ABORTED, JOB_COMPLETED = 6, 7, 8, 9
#: printer-state, RFC 8011 5.4.11.
PRINTER_STOPPED = 5

#: printer-state-reasons (RFC 8011 5.4.12, PWG 5100.9) without their severity; the first row that matches is told.
_TROUBLES: tuple[tuple[PrintState, frozenset[str]], ...] = (
    (PrintState.JAM, frozenset({"media-jam", "multiple-document-jam"})),
    (PrintState.COVER_OPEN, frozenset({"cover-open", "door-open", "interlock-open"})),
    (PrintState.PAPER_OUT, frozenset({"media-empty", "media-needed", "input-tray-missing"})),
    (PrintState.UNREACHABLE, frozenset({"offline", "shutdown", "timed-out"})),
    (PrintState.STOPPED, frozenset({"paused", "moving-to-paused", "stopping", "stopped-partly", "toner-empty",
                                    "marker-supply-empty", "developer-empty", "marker-waste-full",
                                    "output-area-full", "output-tray-missing", "fuser-over-temp"})),
)
#: What the ipp, socket and usb backends of CUPS 2.4 write when the printer does not answer (English: we ask in "en").
_GONE = ("may not exist", "is unavailable", "not responding", "unable to contact", "unable to connect",
         "unable to locate", "unreachable", "waiting for printer to become available", "turned off")
_LOW = ("-low", "-almost-empty", "-almost-full", "-near-limit")
_SEVERITIES = ("-error", "-warning", "-report")


def texts(attributes: Attributes, name: str) -> list[str]:
    """The values of an attribute, without the word "none"."""
    return [str(value) for value in attributes.get(name, ()) if str(value) not in ("", "none")]


def number(attributes: Attributes, name: str) -> int:
    """The first value of an attribute, 0 when it is not there."""
    values = attributes.get(name)
    return int(values[0]) if values else 0


def _bare(reason: str) -> str:
    severity = next((end for end in _SEVERITIES if reason.endswith(end)), "")
    return reason.removesuffix(severity)


def supplies_low(reasons: Sequence[str]) -> tuple[str, ...]:
    """("media-low-warning", "toner-low-report") to ("media", "toner")."""
    return tuple(sorted({_bare(reason).removesuffix(end) for reason in reasons for end in _LOW
                         if _bare(reason).endswith(end)}))


def trouble(reasons: Sequence[str]) -> PrintState | None:
    """The trouble that printer-state-reasons tell, or None. A mere report is not one ("-report", RFC 8011 5.4.12)."""
    bare = {_bare(reason) for reason in reasons if not reason.endswith("-report")}
    return next((state for state, names in _TROUBLES if bare & names), None)


def read_state(job: Attributes, printer: Attributes) -> PrintReport:
    """The attributes of a job and of its printer as one report."""
    state = number(job, "job-state")
    reasons = texts(printer, "printer-state-reasons")
    low = supplies_low(reasons)
    said = " ".join(texts(job, "job-printer-state-message") or texts(printer, "printer-state-message"))
    final = {JOB_COMPLETED: PrintState.DONE, JOB_CANCELED: PrintState.CANCELED, JOB_ABORTED: PrintState.FAILED}
    if state in final:
        return PrintReport(final[state], "" if state == JOB_COMPLETED else said, low)
    wrong = trouble(reasons)
    if wrong is None and any(word in said.lower() for word in _GONE):
        wrong = PrintState.UNREACHABLE
    if wrong is None and (state == JOB_STOPPED or number(printer, "printer-state") == PRINTER_STOPPED):
        wrong = PrintState.STOPPED
    if wrong is not None:
        tells = said and wrong in (PrintState.STOPPED, PrintState.UNREACHABLE)  # else the message is only "Printing."
        return PrintReport(wrong, said if tells else ", ".join(reasons), low)
    printing = number(job, "job-media-sheets-completed") > 0 or "job-printing" in texts(job, "job-state-reasons")
    return PrintReport(PrintState.PRINTING if printing else PrintState.WAITING, low=low)
