"""The CUPS printer against a real cupsd with a simulated IPP device: every trouble of a hall."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.adapters import pdf_pages
from kiosk.adapters.cups_printer import CupsPrinter, Patience
from kiosk.adapters.cups_states import read_state, supplies_low, trouble
from kiosk.adapters.paper_reader import read_qr
from kiosk.adapters.qt_paper import QtPaper
from kiosk.ports.printer import PrintReport, PrintState
from tests import ipp
from tests.paper.samples import LONGEST, QR

S = PrintState
QUICK = Patience(trouble=0.5, gone=0.5, still=20, whole=20)


@pytest.fixture(scope="module")
def shared_shop() -> Iterator[ipp.PrintShop]:
    if ipp.missing():
        pytest.skip(ipp.missing())
    with ipp.print_shop() as shop:
        yield shop


@pytest.fixture
def shop(shared_shop: ipp.PrintShop) -> ipp.PrintShop:
    shared_shop.reset()
    return shared_shop


@pytest.fixture
def document(tmp_path: Path) -> Path:
    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(595.3, 841.9)
    pdf.save(tmp_path / "paper.pdf")
    return tmp_path / "paper.pdf"


class Following:
    """A print in another thread, whose reports can be waited for."""

    def __init__(self, printer: CupsPrinter, document: Path, copies: int = 1) -> None:
        self.reports: list[PrintReport] = []
        self._changed = threading.Condition()
        self._pool = ThreadPoolExecutor(1)
        self._end: Future[PrintReport] = self._pool.submit(printer.print, document, "缴存证明", copies, self._note)

    def _note(self, report: PrintReport) -> None:
        with self._changed:
            self.reports.append(report)
            self._changed.notify_all()

    def wait(self, wanted: Callable[[PrintReport], bool]) -> PrintReport:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(wanted, self.reports)), 20), self.states
            return next(filter(wanted, self.reports))

    def until(self, state: PrintState) -> PrintReport:
        return self.wait(lambda report: report.state is state)

    def end(self) -> PrintReport:
        report = self._end.result(40)
        self._pool.shutdown()
        assert self.reports[-1] == report, "the final report is reported too"
        return report

    @property
    def states(self) -> list[PrintState]:
        return [report.state for report in self.reports]


def printer(shop: ipp.PrintShop, patience: Patience | None = None) -> CupsPrinter:
    return CupsPrinter(shop.queue, shop.server, patience=patience, poll=0.05)


def test_normal(shop: ipp.PrintShop, document: Path) -> None:
    device = printer(shop)
    assert device.check().state is S.READY
    work = Following(device, document, copies=2)
    assert work.end().state is S.DONE
    assert work.states.count(S.DONE) == 1
    assert set(work.states) <= {S.WAITING, S.PRINTING, S.DONE}
    assert len(shop.papers()) == 1
    assert not list((shop.root / "spool").glob("d*")), "CUPS kept the visitor's paper"


def test_the_paper_that_comes_out_is_the_paper(shop: ipp.PrintShop, paper: QtPaper, tmp_path: Path) -> None:
    """Through CUPS and its filters: same size, code readable, text unchanged."""
    for layout, qr in (("certificate_deposit", QR), ("withdrawal_slip", "")):
        drawn = paper.draw(layout, LONGEST[layout], tmp_path / f"{layout}.pdf", qr=qr)
        assert Following(printer(shop), drawn).end().state is S.DONE
        printed = shop.papers()[-1]
        assert pdf_pages.size_mm(printed) == (210, 297)
        assert read_qr(printed) == ([qr] if qr else [])
        assert pdf_pages.rows(printed) == pdf_pages.rows(drawn)


def test_a_slip_for_a_printer_that_has_sheets_only(shop: ipp.PrintShop, gui: QGuiApplication, tmp_path: Path) -> None:
    slip = QtPaper(slip_paper="slip80").draw("withdrawal_slip", LONGEST["withdrawal_slip"], tmp_path / "slip.pdf")
    report = Following(printer(shop), slip).end()
    assert report.state is S.CANCELED
    assert report.detail
    assert not shop.papers()


def test_by_the_socket_of_cups(shop: ipp.PrintShop, document: Path) -> None:
    assert CupsPrinter(shop.queue, shop.socket, poll=0.05).print(document, "x", 1, lambda _: None).state is S.DONE


def test_paper_runs_out_and_comes_back(shop: ipp.PrintShop, document: Path) -> None:
    shop.trouble("media-empty-error")
    work = Following(printer(shop), document)
    work.until(S.PAPER_OUT)
    assert not shop.papers()
    shop.mend()
    assert work.end().state is S.DONE
    assert len(shop.papers()) == 1


@pytest.mark.parametrize(("reason", "state"), [("media-jam-error", S.JAM), ("cover-open-error", S.COVER_OPEN)])
def test_trouble_that_nobody_mends(shop: ipp.PrintShop, document: Path, reason: str, state: PrintState) -> None:
    shop.trouble(reason)
    work = Following(printer(shop, QUICK), document)
    assert work.end().state is S.FAILED
    assert state in work.states
    shop.mend()
    # the job was cancelled: another visitor's paper is the next to come out
    assert Following(printer(shop), document).end().state is S.DONE
    assert len(shop.papers()) == 1


def test_one_trouble_after_another(shop: ipp.PrintShop, document: Path) -> None:
    shop.trouble("media-jam-error")
    work = Following(printer(shop), document)
    work.until(S.JAM)
    shop.trouble("media-empty-error")
    work.until(S.PAPER_OUT)
    shop.mend()
    assert work.end().state is S.DONE


def test_cancelled_at_the_printer(shop: ipp.PrintShop, document: Path) -> None:
    shop.trouble("media-jam-error")
    work = Following(printer(shop), document)
    work.until(S.JAM)
    shop.press_cancel()
    assert work.end().state is S.CANCELED
    assert not shop.papers()


def test_stopped_queue(shop: ipp.PrintShop, document: Path) -> None:
    shop.disable("Paper jam, call staff")
    device = printer(shop)
    assert device.check() == PrintReport(S.STOPPED, "Paper jam, call staff")
    work = Following(device, document)
    assert work.until(S.STOPPED).detail == "Paper jam, call staff"
    shop.enable()
    assert work.end().state is S.DONE


def test_rejecting_queue(shop: ipp.PrintShop, document: Path) -> None:
    shop.reject()
    device = printer(shop)
    assert device.check().state is S.REJECTED
    report = Following(device, document).end()
    assert report.state is S.REJECTED
    assert "cupsaccept kiosk" in report.detail


def test_a_queue_that_is_not_there(shop: ipp.PrintShop, document: Path) -> None:
    device = CupsPrinter("laser", shop.server)
    assert device.check().state is S.REJECTED
    report = Following(device, document).end()
    assert report.state is S.REJECTED
    assert "laser" in report.detail


def test_plug_pulled_and_put_back(shop: ipp.PrintShop, document: Path) -> None:
    shop.stop_device()
    work = Following(printer(shop), document)
    work.until(S.UNREACHABLE)
    shop.start_device()
    assert work.end().state is S.DONE
    assert len(shop.papers()) == 1


def test_plug_pulled_for_good(shop: ipp.PrintShop, document: Path) -> None:
    shop.stop_device()
    work = Following(printer(shop, QUICK), document)
    assert work.end().state is S.FAILED
    assert S.UNREACHABLE in work.states
    shop.start_device()
    assert Following(printer(shop), document).end().state is S.DONE
    assert len(shop.papers()) == 1


def test_cups_is_down(shop: ipp.PrintShop, document: Path) -> None:
    shop.stop_cups()
    device = printer(shop, QUICK)
    assert device.check().state is S.UNREACHABLE
    work = Following(device, document)
    report = work.end()
    assert report.state is S.FAILED
    assert "CUPS" in report.detail
    assert S.UNREACHABLE in work.states


def test_cups_dies_while_the_job_waits(shop: ipp.PrintShop, document: Path) -> None:
    """The job that could not be cancelled then is cancelled before anything else is printed."""
    shop.disable("closed")
    device = printer(shop, QUICK)
    work = Following(device, document)
    work.until(S.STOPPED)
    shop.stop_cups()
    assert work.end().state is S.FAILED
    shop.start_cups()
    assert device.check().state is S.STOPPED
    shop.enable()
    assert Following(device, document).end().state is S.DONE
    assert len(shop.papers()) == 1


def test_a_power_cut_leaves_a_job_and_start_sweeps_it(shop: ipp.PrintShop, document: Path) -> None:
    shop.disable("closed")
    first = printer(shop)
    work = Following(first, document)
    work.until(S.STOPPED)
    again = printer(shop)  # a new process after the cut
    assert again.sweep() == 1
    assert again.sweep() == 0
    assert work.end().state is S.CANCELED
    shop.enable()
    assert Following(again, document).end().state is S.DONE
    assert len(shop.papers()) == 1


def test_stop_ends_the_wait_at_once(shop: ipp.PrintShop, document: Path) -> None:
    shop.disable("closed")
    device = printer(shop)
    work = Following(device, document)
    work.until(S.STOPPED)
    device.stop()
    assert work.end().state is S.FAILED
    assert printer(shop).sweep() == 0


def test_supplies_that_run_low_are_named(shop: ipp.PrintShop, document: Path) -> None:
    shop.low("media-low-warning,toner-low-warning")
    report = Following(printer(shop), document).end()
    assert report.state is S.DONE
    assert printer(shop).check().low == ("media", "toner")


# ------------------------------------------------ what CUPS says, without CUPS

@pytest.mark.parametrize(("reasons", "state"), [
    (["media-empty-error"], S.PAPER_OUT),
    (["media-needed"], S.PAPER_OUT),
    (["media-empty-report"], None),
    (["media-low-warning", "media-jam-warning"], S.JAM),
    (["door-open-error"], S.COVER_OPEN),
    (["paused"], S.STOPPED),
    (["toner-empty-error"], S.STOPPED),
    (["offline-error"], S.UNREACHABLE),
    (["cups-waiting-for-job-completed"], None),
    ([], None),
])
def test_reasons(reasons: list[str], state: PrintState | None) -> None:
    assert trouble(reasons) is state


def test_low_supplies() -> None:
    assert supplies_low(["toner-low-report", "marker-supply-low-warning", "media-empty-error"]) == (
        "marker-supply", "toner")


@pytest.mark.parametrize("job_state", range(3, 9))
def test_only_state_nine_is_done(job_state: int) -> None:
    job = {"job-state": [job_state], "job-media-sheets-completed": [1], "job-state-reasons": ["none"]}
    assert read_state(job, {"printer-state": [3]}).state is not S.DONE
    assert read_state({**job, "job-state": [9]}, {"printer-state": [3]}).state is S.DONE


def test_an_answer_that_is_not_ipp(document: Path) -> None:
    """Something else listens on the port: as good as nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def babble() -> None:
            for _ in range(3):
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello")
        talker = threading.Thread(target=babble)
        talker.start()
        device = CupsPrinter("kiosk", f"127.0.0.1:{server.getsockname()[1]}", patience=Patience(gone=0.0))
        assert device.check().state is S.UNREACHABLE
        assert device.print(document, "x", 1, lambda _: None).state is S.FAILED
        talker.join(5)
