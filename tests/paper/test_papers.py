"""What is drawn: everything fits, nothing is lost, the code can be read, text can be copied."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage, QTransform

from kiosk.adapters import paper_items, paper_setting, pdf_pages
from kiosk.adapters.paper_fonts import PaperToolsError
from kiosk.adapters.paper_items import Code, Words, mm
from kiosk.adapters.paper_plan import ENLARGED, LEAST_MODULE_MM, LEAST_POINTS, PREVIEW
from kiosk.adapters.paper_reader import differences, page_text, read_qr
from kiosk.adapters.pdf_names import true_names
from kiosk.adapters.qt_paper import QtPaper
from tests.paper.samples import CERTIFICATE, EVERYDAY, LONGEST, LONGEST_CERTIFICATE, QR, WITHDRAWAL

DEPOSIT = "certificate_deposit"


def _texts(value: object) -> list[str]:
    """A fact's texts: one, its lines, or the cells of its rows."""
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else [str(value)]


@pytest.mark.parametrize("slips_on", ["slip80", "A4"])
@pytest.mark.parametrize("enlarged", [False, True])
@pytest.mark.parametrize("mark", ["", PREVIEW, "补打 第12次"])
@pytest.mark.parametrize("facts", [EVERYDAY, LONGEST], ids=["everyday", "longest"])
@pytest.mark.parametrize("layout", sorted(EVERYDAY))
def test_everything_fits(gui: QGuiApplication, layout: str, facts: dict[str, dict[str, object]], mark: str,
                         enlarged: bool, slips_on: str) -> None:
    qr = QR if layout == DEPOSIT and mark != PREVIEW else ""
    plan = QtPaper(slip_paper=slips_on).plan(layout, facts[layout], enlarged=enlarged, qr=qr, mark=mark)
    assert plan.problems() == []
    assert len(plan.pages) <= (3 if enlarged else 2)
    words = [item for page in plan.pages for item in page if isinstance(item, Words)]
    assert min(item.style.size for item in words) >= LEAST_POINTS * (ENLARGED if enlarged else 1)
    printed = "".join("".join(line.text for line in item.lines) for item in words)
    for value in facts[layout].values():
        for text in _texts(value):
            assert text.replace(" ", "") in printed.replace(" ", ""), "a fact is not on the paper"


@pytest.mark.parametrize("facts", [CERTIFICATE, LONGEST_CERTIFICATE], ids=["everyday", "longest"])
@pytest.mark.parametrize("mark", ["", "补打 第12次"])
def test_a_normal_certificate_is_one_sheet(paper: QtPaper, facts: dict[str, object], mark: str) -> None:
    assert len(paper.plan(DEPOSIT, facts, qr=QR, mark=mark).pages) == 1


def test_enlarging_enlarges_every_text(paper: QtPaper) -> None:
    normal, large = (paper.plan(DEPOSIT, CERTIFICATE, qr=QR, enlarged=big) for big in (False, True))

    def size(plan: object, fact: str) -> float:
        return next(item.style.size for page in plan.pages for item in page  # type: ignore[attr-defined]
                    if isinstance(item, Words) and fact in item.facts)

    for fact in CERTIFICATE.keys() - {"notice"}:
        assert size(large, fact) == pytest.approx(1.5 * size(normal, fact)), fact


def test_no_type_is_small() -> None:
    assert all(style.size >= LEAST_POINTS for style in paper_setting.ALL_TYPES)


def test_rows_without_a_value_are_left_out(paper: QtPaper) -> None:
    plan = paper.plan(DEPOSIT, {**CERTIFICATE, "purpose": "", "number": ""}, qr=QR)
    text = "".join(item.words for item in plan.pages[0] if isinstance(item, Words))
    assert "用途" not in text
    assert "证明编号" not in text


def test_what_does_not_fit_is_not_drawn(paper: QtPaper, tmp_path: Path,
                                        caplog: pytest.LogCaptureFixture) -> None:
    endless = {**CERTIFICATE, "statement": "说明" * 3000}
    with pytest.raises(PaperToolsError) as caught:
        paper.draw(DEPOSIT, endless, tmp_path / "a.pdf", qr=QR)
    assert "窗口" in caught.value.sentence
    assert list(tmp_path.iterdir()) == []
    caplog.clear()


def test_the_checks_can_see(paper: QtPaper) -> None:
    """A text pushed out, one laid over another, one too small and one that lost a line are all found."""
    plan = paper.plan(DEPOSIT, CERTIFICATE, qr=QR)
    words = [item for item in plan.pages[0] if isinstance(item, Words)]
    code = next(item for item in plan.pages[0] if isinstance(item, Code))

    def problems(*items: object) -> str:
        return " ".join(type(plan)(plan.width, plan.height, plan.frame, (items,)).problems())  # type: ignore[arg-type]

    assert "outside" in problems(words[0].at(-mm(10), 0))
    assert "overlap" in problems(words[0], words[0].at(10, 10))
    small = paper_items.set_words("小字", paper_items.Type(9), mm(50))
    assert "smaller" in problems(small.at(mm(30), mm(30)))
    long = next(item for item in words if len(item.lines) > 1)
    torn = type(long)(long.x, long.y, long.width, long.height, long.style, long.words, long.lines[:-1])
    assert "text lost" in problems(torn)
    beside = words[0].at(code.x + code.width + code.module - words[0].x, code.y - words[0].y)
    assert "quiet zone" in problems(code, beside)
    assert "modules" in problems(Code(code.x, code.y, mm(0.3), code.rows))


# ------------------------------------------------ the code


def test_modules_are_large_enough(paper: QtPaper) -> None:
    for layout, slips_on in ((DEPOSIT, "slip80"), ("withdrawal_slip", "slip80"), ("withdrawal_slip", "A4")):
        for text in ("short", QR, "x" * 990):
            plan = QtPaper(slip_paper=slips_on).plan(layout, EVERYDAY[layout], qr=text)
            code = next(item for item in plan.pages[0] if isinstance(item, Code))
            assert code.module >= mm(LEAST_MODULE_MM)
            assert plan.problems() == []


@pytest.mark.parametrize("enlarged", [False, True])
@pytest.mark.parametrize("dpi", [150, 300])
def test_the_code_is_read_from_the_rendered_paper(paper: QtPaper, tmp_path: Path, dpi: int, enlarged: bool) -> None:
    document = paper.draw(DEPOSIT, LONGEST_CERTIFICATE, tmp_path / "a.pdf", qr=QR, enlarged=enlarged)
    assert read_qr(document) == [QR]
    last = pdf_pages.page_count(document) - 1
    _save(pdf_pages.grey(document, dpi, last), tmp_path / "page.png")
    assert read_qr(tmp_path / "page.png") == [QR]


@pytest.mark.parametrize("turn", [-2.0, 0.7, 3.0])
@pytest.mark.parametrize("form", ["png", "jpg"])
def test_the_code_is_read_from_a_scan(paper: QtPaper, tmp_path: Path, turn: float, form: str) -> None:
    """200 dpi grey, a little askew, grey paper, noise, soft edges, and (jpg) compression."""
    document = paper.draw(DEPOSIT, LONGEST_CERTIFICATE, tmp_path / "a.pdf", qr=QR)
    scan = _scan(pdf_pages.grey(document, 200), turn)
    _save(scan, tmp_path / f"scan.{form}")
    assert read_qr(tmp_path / f"scan.{form}") == [QR]


def test_a_paper_without_a_code(paper: QtPaper, tmp_path: Path) -> None:
    assert read_qr(paper.draw("withdrawal_slip", WITHDRAWAL, tmp_path / "a.pdf")) == []


def _save(pixels: np.ndarray, path: Path) -> None:
    image = QImage(pixels.tobytes(), pixels.shape[1], pixels.shape[0], pixels.shape[1],
                   QImage.Format.Format_Grayscale8)
    assert image.save(str(path), quality=60) if path.suffix == ".jpg" else image.save(str(path))


def _scan(page: np.ndarray, turn: float) -> np.ndarray:
    image = QImage(page.tobytes(), page.shape[1], page.shape[0], page.shape[1], QImage.Format.Format_Grayscale8)
    turned = image.convertToFormat(QImage.Format.Format_RGB32).transformed(QTransform().rotate(turn))
    grey = turned.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())[:, :grey.width()]
    soft = pixels.astype(float)
    soft = (soft + np.roll(soft, 1, 0) + np.roll(soft, 1, 1) + np.roll(soft, (1, 1), (0, 1))) / 4
    noise = np.random.default_rng(7).normal(0, 14, soft.shape)
    return np.clip(soft * 0.72 + 35 + noise, 0, 255).astype(np.uint8)


# ------------------------------------------------ the file


@pytest.mark.parametrize("enlarged", [False, True])
@pytest.mark.parametrize("layout", sorted(LONGEST))
@pytest.mark.parametrize("slips_on", ["slip80", "A4"])
def test_text_can_be_copied_out_again(gui: QGuiApplication, tmp_path: Path, layout: str, enlarged: bool,
                                      slips_on: str) -> None:
    """Every character, in order: radicals, Latin digits, capital figures, rare names (pitfalls 16)."""
    paper = QtPaper(slip_paper=slips_on)
    document = paper.draw(layout, LONGEST[layout], tmp_path / "a.pdf", enlarged=enlarged)
    plan = paper.plan(layout, LONGEST[layout], enlarged=enlarged)
    assert differences(pdf_pages.rows(document), plan) == []


@pytest.mark.parametrize("layout", sorted(LONGEST))
def test_other_programs_read_the_same_text(paper: QtPaper, tmp_path: Path, layout: str) -> None:
    """A bank's viewer copies what is printed: no radicals, no holes for rare characters."""
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext on this machine (apt: poppler-utils)")
    document = paper.draw(layout, LONGEST[layout], tmp_path / "a.pdf")
    run = subprocess.run(["pdftotext", "-raw", document, "-"], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    copied = "".join(run.stdout.split())
    for value in LONGEST[layout].values():
        for text in _texts(value):
            assert "".join(text.split()) in copied


def test_the_file_is_in_order(paper: QtPaper, tmp_path: Path) -> None:
    """Its table of contents points at its objects, also after the names of the glyphs were put right."""
    content = paper.draw(DEPOSIT, LONGEST_CERTIFICATE, tmp_path / "a.pdf", qr=QR).read_bytes()
    assert content.count(b"beginbfchar") >= 2
    start = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    assert content[start:start + 5] == b"xref\n"
    entries = re.findall(rb"(\d{10}) \d{5} n", content[start:])
    for number, offset in enumerate(entries, 1):
        assert content[int(offset):].startswith(b"%d 0 obj" % number)
    for stream in re.finditer(rb"/Length (\d+) >>\s*stream\r?\n", content):
        end = stream.end() + int(stream[1])
        assert content[end:end + 12].lstrip().startswith(b"endstream")


def test_glyph_names_that_do_not_fit_are_left_alone(paper: QtPaper, tmp_path: Path) -> None:
    content = paper.draw(DEPOSIT, CERTIFICATE, tmp_path / "a.pdf").read_bytes()
    foreign = content.replace(b"beginbfchar", b"beginbfCHAR")
    assert true_names(foreign, {"NotoSansSC-Regular": "其他的字1"}) == foreign


def test_rare_characters_are_drawn_and_not_boxes(paper: QtPaper, tmp_path: Path) -> None:
    """䶮㛃𬭎 and 缴 (pitfalls 19): a character the font lacks would look like every other such character."""
    def ink(name: str) -> bytes:
        document = paper.draw(DEPOSIT, {**CERTIFICATE, "name": name}, tmp_path / "a.pdf")
        return pdf_pages.grey(document, 100).tobytes()

    names = ["䶮", "㛃", "𬭎", "缴", "𬱖"]
    assert len({ink(name) for name in names}) == len(names)


def test_pages_and_size(paper: QtPaper, tmp_path: Path) -> None:
    certificate = paper.draw(DEPOSIT, CERTIFICATE, tmp_path / "a.pdf", qr=QR)
    assert pdf_pages.media_name(certificate) == "iso_a4_210x297mm"
    assert pdf_pages.page_count(certificate) == 1
    slip = QtPaper(slip_paper="slip80").draw("withdrawal_slip", WITHDRAWAL, tmp_path / "b.pdf")
    assert pdf_pages.size_mm(slip)[0] == 80
    assert pdf_pages.media_name(slip).startswith("custom_slip_80x")
    on_a4 = paper.draw("withdrawal_slip", WITHDRAWAL, tmp_path / "c.pdf")
    assert pdf_pages.size_mm(on_a4) == (210, 297)


def test_a_preview_says_so_and_has_no_code(paper: QtPaper, tmp_path: Path) -> None:
    document = paper.draw(DEPOSIT, {**CERTIFICATE, "number": "", "verify_code": ""}, tmp_path / "a.pdf", mark=PREVIEW)
    text = page_text(document)
    assert PREVIEW in text
    assert "打印时生成" in text
    assert "验证码" not in text.replace("编号和验证码", "")
    assert read_qr(document) == []


def test_a_reprint_says_so(paper: QtPaper, tmp_path: Path) -> None:
    document = paper.draw(DEPOSIT, CERTIFICATE, tmp_path / "a.pdf", qr=QR, mark="补打 第2次")
    assert "补打 第2次" in page_text(document)


def test_the_file_appears_whole_or_not_at_all(paper: QtPaper, tmp_path: Path) -> None:
    paper.draw(DEPOSIT, CERTIFICATE, tmp_path / "new" / "a.pdf", qr=QR)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.pdf"]
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(PaperToolsError):
        paper.draw(DEPOSIT, CERTIFICATE, tmp_path / "blocked" / "a.pdf", qr=QR)


def test_picture(paper: QtPaper, tmp_path: Path) -> None:
    document = paper.draw(DEPOSIT, CERTIFICATE, tmp_path / "a.pdf", qr=QR)
    picture = paper.picture(document, 720)
    image = QImage(str(picture))
    assert picture == tmp_path / "a.png"
    assert image.width() == 720
    assert image.height() == pytest.approx(720 * 297 / 210, abs=2)
    assert image.pixelColor(2, 2).lightness() == 255


def test_from_a_working_thread(paper: QtPaper, tmp_path: Path) -> None:
    """The counter draws on the devices thread, while the main thread draws the screen."""
    drawn: list[Path] = []
    threads = [threading.Thread(target=lambda n=n: drawn.append(  # type: ignore[misc]
        paper.draw(DEPOSIT, CERTIFICATE, tmp_path / f"{n}.pdf", qr=QR))) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 3
    assert {page_text(path) for path in drawn} == {page_text(drawn[0])}


def test_files_that_are_not_papers(tmp_path: Path) -> None:
    for name, content in (("a.pdf", b"%PDF-1.4 broken"), ("b.png", b"\x89PNG nothing"), ("c.pdf", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(pdf_pages.PaperError):
            read_qr(tmp_path / name)
    with pytest.raises(pdf_pages.PaperError):
        read_qr(tmp_path / "none.pdf")


# ------------------------------------------------ layouts still to come: statements, plans


STATEMENT = """id: "statement"
paper: "A4"
margins: {top: 16, right: 20, bottom: 13, left: 20}
blocks:
  - kind: "title"
    text: "{title}"
  - kind: "table"
    id: "lines"
    heading: "明细"
    columns:
      - {label: "日期", share: 2}
      - {label: "摘要", share: 3}
      - {label: "发生额", share: 2, align: "right"}
      - {label: "余额", share: 2, align: "right"}
  - kind: "list"
    id: "notes"
    heading: "说明"
footer: ["{place}"]
"""


@pytest.mark.parametrize("enlarged", [False, True])
def test_a_long_table_runs_over_pages(gui: QGuiApplication, tmp_path: Path, enlarged: bool) -> None:
    (tmp_path / "statement.yaml").write_text(STATEMENT, encoding="utf-8")
    rows = [[f"2026年{n % 12 + 1}月5日", "汇缴", "1,920.00", f"{1920 * n:,}.00"] for n in range(1, 61)]
    facts = {"title": "账户明细", "lines": rows, "notes": ["结息以中心记录为准。", "有疑问请打 12329。"],
             "place": "样例市政务大厅"}
    paper = QtPaper(tmp_path)
    plan = paper.plan("statement", facts, enlarged=enlarged)
    assert plan.problems() == []
    assert len(plan.pages) > 1
    document = paper.draw("statement", facts, tmp_path / "a.pdf", enlarged=enlarged)
    assert differences(pdf_pages.rows(document), plan) == []
    text = page_text(document)
    assert all(row[3] in text for row in rows)
    assert f"第 {len(plan.pages)} 页，共 {len(plan.pages)} 页".replace("，", ",") in text
