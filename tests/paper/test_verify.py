"""From the counter to the paper and back: what `kiosk verify` says about genuine, altered and foreign papers."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest
from PySide6.QtGui import QGuiApplication

from kiosk import places
from kiosk.adapters import pdf_pages
from kiosk.adapters.demo_centre import DemoCentre
from kiosk.adapters.demo_people import load_people
from kiosk.adapters.ed25519 import Ed25519Signer
from kiosk.adapters.file_printer import FilePrinter
from kiosk.adapters.paper_items import Line, Words
from kiosk.adapters.paper_plan import Plan
from kiosk.adapters.paper_reader import read_qr
from kiosk.adapters.qt_paper import QtPaper
from kiosk.adapters.sqlite_journal import SqliteJournal
from kiosk.app import cmd_verify
from kiosk.counter.counter import Counter
from kiosk.counter.desk import Machine
from kiosk.fund.rules import RuleBook
from kiosk.ports.devices import IdCard

PEOPLE = places.ASSETS / "demo" / "holders.yaml"
OWN = {"place": "一楼大厅", "hotline": "12329"}


@dataclass
class StillClock:
    time: datetime = datetime(2026, 10, 2, 9, 30, tzinfo=timezone(timedelta(hours=8)))

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 0.0


class TamperingPaper(QtPaper):
    """Draws other facts than it is given: what a forger does who keeps the code."""

    changes: Mapping[str, object] = {}
    planned: Plan

    def draw(self, layout: str, facts: Mapping[str, object], target: Path, *, enlarged: bool = False, qr: str = "",
             mark: str = "") -> Path:
        given = {**facts, **self.changes}
        self.planned = self.plan(layout, given, enlarged=enlarged, qr=qr, mark=mark)
        return super().draw(layout, given, target, enlarged=enlarged, qr=qr, mark=mark)


class Hall:
    """A counter with real paper and a printer into a folder."""

    def __init__(self, folder: Path, trusted: Path | None = None) -> None:
        self.folder, self.clock = folder, StillClock()
        folder.mkdir(exist_ok=True)
        self.centre = DemoCentre(folder / "centre.db", PEOPLE, production=False, clock=self.clock)
        self.journal = SqliteJournal(folder / "journal.db")
        self.paper = TamperingPaper()
        if trusted:
            (folder / "keys" / "trusted").mkdir(parents=True)
            (folder / "keys" / "trusted" / "other.pub").write_bytes(trusted.read_bytes())
        self.book = RuleBook.load(places.ASSETS / "rules" / "national", places.ASSETS / "rules" / "demo")
        self.counter = Counter(
            gateway=self.centre, journal=self.journal, printer=FilePrinter(folder / "out", production=False, pace=0),
            paper=self.paper, signer=Ed25519Signer(folder / "keys"), book=self.book, clock=self.clock,
            machine=Machine("0001", "一楼大厅", "样例市住房公积金管理中心", "12329", "周一到周五", "3号窗口"), folder=folder)

    def close(self) -> None:
        self.centre.close_file()
        self.journal.close()

    def certificate(self, enlarged: bool = False, again: bool = False) -> tuple[Path, str]:
        """Print a certificate: (the paper in the tray, verification code)."""
        holder = next(iter(load_people(PEOPLE).holders))
        found = self.counter.perform("identity.by_card", {"card": IdCard(holder.name, holder.number, "")}, "", _quiet)
        facts = {**found.facts, "certificate_kind": "certificate.deposit", "enlarged": enlarged, "copies": 1}
        done = self.counter.perform("certificate.print", facts, f"key-{enlarged}-{again}", _quiet)
        assert done.name == "printed", done
        if again:
            once_more = self.counter.perform("certificate.reprint", {**facts, **done.facts}, "again", _quiet)
            assert once_more.name == "printed", once_more
        return sorted((self.folder / "out").iterdir())[-1], str(done.facts["verify_code"])

    def verify(self, what: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
        code = cmd_verify.verify(str(what), self.counter.checker, self.book.on, as_json=True, own=OWN)
        return code, json.loads(capsys.readouterr().out)


def _quiet(name: str, facts: Mapping[str, object]) -> None:
    pass


@pytest.fixture
def hall(tmp_path: Path, gui: QGuiApplication) -> Iterator[Hall]:
    hall = Hall(tmp_path / "hall")
    yield hall
    hall.close()


@pytest.mark.parametrize(("enlarged", "again"), [(False, False), (True, False), (False, True)])
def test_genuine(hall: Hall, capsys: pytest.CaptureFixture[str], enlarged: bool, again: bool) -> None:
    paper, code = hall.certificate(enlarged, again)
    assert len(read_qr(paper)) == 1
    status, told = hall.verify(paper, capsys)
    assert status == cmd_verify.VALID, told
    assert told["text"] == "same"
    assert told["other"] == []
    status, told = hall.verify(code, capsys)
    assert status == cmd_verify.VALID, told
    assert told["reprints"] == int(again)


def test_genuine_told_to_a_person(hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    paper, _ = hall.certificate()
    assert cmd_verify.verify(str(paper), hall.counter.checker, hall.book.on, as_json=False, own=OWN) == 0
    told = capsys.readouterr().out
    assert told.startswith("证明有效。")
    assert "纸上的文字和签名的内容一致" in told
    assert "这是：个人住房公积金缴存证明" in told
    assert "账户余额" in told


@pytest.mark.parametrize(("fact", "forged", "label"), [
    ("balance", "912,345.67 元", "账户余额"),
    ("balance_capital", "玖拾壹万贰仟叁佰肆拾伍元陆角柒分", "余额大写"),
    ("name", "李四", "姓名"),
    ("valid_until", "2036年12月1日", "有效期至"),
    ("number", "KIOSK-20261002-001999", "证明编号"),
    ("verify_code", "AAAAA BBBBB", "验证码"),
    ("title", "住房公积金贷款结清证明", "标题"),
    ("state", "正常正常", "账户状态"),
])
def test_altered_text_is_named(hall: Hall, capsys: pytest.CaptureFixture[str], fact: str, forged: str,
                               label: str) -> None:
    hall.paper.changes = {fact: forged}
    paper, _ = hall.certificate()
    status, told = hall.verify(paper, capsys)
    assert status == cmd_verify.INVALID
    assert told["sentence"] == "证明上的文字被改动过，无效。"
    altered = {one["label"]: one for one in told["altered"]}  # type: ignore[index, attr-defined]
    assert list(altered) == [label]
    assert altered[label]["paper"].endswith("".join(forged.split()))


def test_text_of_another_hall_is_no_forgery_but_is_shown(hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    hall.paper.changes = {"hotline": "0851-12329", "statement": "本证明另有说明。"}
    paper, _ = hall.certificate()
    status, told = hall.verify(paper, capsys)
    assert status == cmd_verify.VALID
    assert {one["label"] for one in told["other"]} == {"咨询电话", "说明"}  # type: ignore[index, attr-defined]


def test_code_of_one_paper_on_another(hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fact is another person's; the signature is good."""
    paper, _ = hall.certificate()
    qr = read_qr(paper)[0]
    forged = QtPaper().draw("certificate_deposit", {"title": "个人住房公积金缴存证明", "name": "李四"},
                            tmp_path / "forged.pdf", qr=qr)
    status, told = hall.verify(forged, capsys)
    assert status == cmd_verify.INVALID
    assert "姓名" in {one["label"] for one in told["altered"]}  # type: ignore[index, attr-defined]


def test_altered_code(hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, _ = hall.certificate()
    qr = read_qr(paper)[0]
    richer = qr.replace('"balance":', '"balance":9')
    assert richer != qr
    forged = QtPaper().draw("certificate_deposit", {"title": "个人住房公积金缴存证明"}, tmp_path / "f.pdf", qr=richer)
    status, told = hall.verify(forged, capsys)
    assert status == cmd_verify.INVALID
    assert told["validity"] == "altered"


def test_text_laid_over_another(hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Editors add what they draw at the end of the page; it is found where it is seen."""
    paper, _ = hall.certificate()
    balance = next(item for item in hall.paper.planned.pages[0] if isinstance(item, Words) and "balance" in item.facts)
    forged = _write_over(paper, tmp_path / "over.pdf", "9", balance.lines[0])
    status, told = hall.verify(forged, capsys)
    assert status == cmd_verify.INVALID
    assert [one["label"] for one in told["altered"]] == ["账户余额"]  # type: ignore[index, attr-defined]


def _write_over(paper: Path, target: Path, text: str, place: Line) -> Path:
    """Put a text right before a line."""
    pdf = pypdfium2.PdfDocument(paper)
    page = pdf[0]
    made = raw.FPDFPageObj_CreateTextObj(pdf, raw.FPDFText_LoadStandardFont(pdf, b"Helvetica"), 22)
    raw.FPDFText_SetText(made, ctypes.cast((text + "\0").encode("utf-16-le"), raw.FPDF_WIDESTRING))
    raw.FPDFPageObj_Transform(made, 1, 0, 0, 1, place.x / 10 - 13, page.get_height() - place.baseline / 10)
    raw.FPDFPage_InsertObject(page, made)
    page.gen_content()
    pdf.save(target)
    pdf.close()
    return target


def test_photograph(hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, _ = hall.certificate()
    picture = QtPaper().picture(paper, 1600)
    status, told = hall.verify(picture, capsys)
    assert status == cmd_verify.VALID
    assert told["text"] == "not compared"


def test_another_terminal(hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, _ = hall.certificate()
    stranger = Hall(tmp_path / "stranger")
    friend = Hall(tmp_path / "friend", trusted=hall.folder / "keys" / "certificate.pub")
    status, told = stranger.verify(paper, capsys)
    assert (status, told["validity"]) == (cmd_verify.INVALID, "unknown_key")
    status, told = friend.verify(paper, capsys)
    assert (status, told["text"]) == (cmd_verify.VALID, "same")
    stranger.close()
    friend.close()


def test_out_of_date(hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    paper, code = hall.certificate()
    hall.clock.time += timedelta(days=400)
    for what in (paper, code):
        status, told = hall.verify(what, capsys)
        assert status == cmd_verify.INVALID
        assert told["expired"]
        assert "过了有效期" in str(told["sentence"])


def test_what_cannot_be_read(hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    empty = QtPaper().draw("handoff_slip", {"title": "办事引导条"}, tmp_path / "empty.pdf")
    for what in (tmp_path / "none.pdf", tmp_path / "broken.pdf", empty, "hello", "12"):
        status, told = hall.verify(what, capsys)
        assert status == cmd_verify.UNREADABLE, what
        assert told["readable"] is False
        assert told["sentence"]


def test_unknown_code_and_foreign_qr(hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = hall.verify("AAAAA BBBBB", capsys)
    assert (status, told["validity"]) == (cmd_verify.INVALID, "unknown_number")
    foreign = QtPaper().draw("certificate_deposit", {"title": "证明"}, tmp_path / "a.pdf", qr="https://example.org")
    assert hall.verify(foreign, capsys)[0] == cmd_verify.INVALID
    assert pdf_pages.page_count(foreign) == 1
