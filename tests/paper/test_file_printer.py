"""The printer into a folder behaves like a device."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from kiosk.adapters.file_printer import FilePrinter
from kiosk.adapters.simulated_devices import SimulationError
from kiosk.adapters.two_printers import TwoPrinters
from kiosk.ports.printer import FINAL, PrintReport, PrintState

S = PrintState


@pytest.fixture
def document(tmp_path: Path) -> Path:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4 sample")
    return tmp_path / "paper.pdf"


def device(tmp_path: Path, patience: float = 5.0) -> FilePrinter:
    return FilePrinter(tmp_path / "out", production=False, pace=0.01, patience=patience)


def states(printer: FilePrinter, document: Path, copies: int = 1, on: object = None) -> list[PrintState]:
    told: list[PrintState] = []

    def note(report: PrintReport) -> None:
        told.append(report.state)
        if callable(on):
            on(report.state)

    final = printer.print(document, "缴存 证明/1", copies, note)
    assert final.state == told[-1]
    assert final.state in FINAL
    return told


def test_copies_come_out(tmp_path: Path, document: Path) -> None:
    printer = device(tmp_path)
    assert printer.check().state is S.READY
    assert states(printer, document, copies=2) == [S.WAITING, S.PRINTING, S.DONE]
    papers = sorted((tmp_path / "out").iterdir())
    assert [paper.suffix for paper in papers] == [".pdf", ".pdf"]
    assert papers[0].read_bytes() == document.read_bytes()


@pytest.mark.parametrize("state", [S.PAPER_OUT, S.JAM, S.COVER_OPEN, S.STOPPED, S.UNREACHABLE])
def test_trouble_comes_and_goes(tmp_path: Path, document: Path, state: PrintState) -> None:
    printer = device(tmp_path)
    printer.trouble(state)
    assert printer.check().state is state
    told = states(printer, document, on=lambda now: printer.mend() if now is state else None)
    assert told == [S.WAITING, state, S.PRINTING, S.DONE]


def test_jam_in_the_middle_then_paper_out_then_good(tmp_path: Path, document: Path) -> None:
    printer = device(tmp_path)
    then = {S.PRINTING: lambda: printer.trouble(S.JAM), S.JAM: lambda: printer.trouble(S.PAPER_OUT),
            S.PAPER_OUT: printer.mend}
    told = states(printer, document, on=lambda now: then[now]() if now in then else None)
    assert told == [S.WAITING, S.PRINTING, S.JAM, S.PAPER_OUT, S.DONE]


@pytest.mark.parametrize("state", [S.REJECTED, S.CANCELED, S.FAILED])
def test_ends(tmp_path: Path, document: Path, state: PrintState) -> None:
    printer = device(tmp_path)
    printer.trouble(state)
    assert states(printer, document)[-1] is state
    assert not (tmp_path / "out").exists()


def test_nobody_helps(tmp_path: Path, document: Path) -> None:
    printer = device(tmp_path, patience=0.05)
    printer.trouble(S.PAPER_OUT)
    assert states(printer, document) == [S.WAITING, S.PAPER_OUT, S.FAILED]
    assert not (tmp_path / "out").exists()


def test_stop(tmp_path: Path, document: Path) -> None:
    printer = device(tmp_path)
    printer.trouble(S.STOPPED)
    told = states(printer, document, on=lambda now: printer.stop() if now is S.STOPPED else None)
    assert told == [S.WAITING, S.STOPPED, S.FAILED]


def test_a_folder_that_cannot_be_written(tmp_path: Path, document: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    assert states(device(tmp_path), document)[-1] is S.FAILED


def test_refuses_production(tmp_path: Path) -> None:
    with pytest.raises(SimulationError):
        FilePrinter(tmp_path, production=True)


def test_two_printers_as_one(tmp_path: Path) -> None:
    sheets, slips = (FilePrinter(tmp_path / name, production=False, pace=0.01) for name in ("sheets", "slips"))
    both = TwoPrinters(sheets, slips)
    for width, height, name in ((595, 842, "sheets"), (227, 600, "slips")):
        pdf = pypdfium2.PdfDocument.new()
        pdf.new_page(width, height)
        pdf.save(tmp_path / "one.pdf")
        assert both.print(tmp_path / "one.pdf", name, 1, lambda _: None).state is S.DONE
        assert [paper.name.endswith(f"{name}.pdf") for paper in (tmp_path / name).iterdir()] == [True]
    assert both.check() == PrintReport(S.READY)
    slips.trouble(S.PAPER_OUT)
    sheets.low("toner")
    assert both.check() == PrintReport(S.PAPER_OUT, low=("toner",))
