"""Reading a paper back: the QR codes on it, the text of a PDF, and where that text differs from what was signed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QImageReader

from kiosk.adapters import pdf_pages
from kiosk.adapters.paper_items import Words
from kiosk.adapters.paper_layout import Table
from kiosk.adapters.paper_plan import Plan
from kiosk.adapters.pdf_pages import PaperError

_PDF_DPI = 300.0
_BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)
_SMALLEST_SIDE, _LARGEST_SIDE = 400, 4000  # pixels
_QR = zxingcpp.barcode_formats_from_str("QRCode")


def read_qr(path: Path) -> list[str]:
    """Texts of the QR codes on a PDF's pages or a picture (PNG, JPG, ...), each once, in order of appearance.
    Empty when there is none. Raises PaperError when the file cannot be opened."""
    for attempt in (_as_it_is, _with_effort):
        found: list[str] = []
        for pixels in _pictures(path):
            found += [text for text in attempt(pixels) if text not in found]
        if found:
            return found
    return []


def page_text(path: Path) -> str:
    """All text of a PDF, normalised (pdf_pages.plain), pages separated by a form feed. Raises PaperError."""
    return "\f".join(pdf_pages.texts(path))


def is_pdf(path: Path) -> bool:
    """By its first bytes, not its name."""
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError as error:
        raise PaperError(f"{type(error).__name__}: {path.name}") from error


def _pictures(path: Path) -> Iterator[np.ndarray]:
    if is_pdf(path):
        yield from (pdf_pages.grey(path, _PDF_DPI, page) for page in range(pdf_pages.page_count(path)))
        return
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)  # phones store the turn of the hand beside the picture
    image = reader.read()
    if image.isNull():
        raise PaperError(f"not a picture: {path.name}")
    yield _grey(image)


def _as_it_is(pixels: np.ndarray) -> list[str]:
    for binarizer in _BINARIZERS:
        read = zxingcpp.read_barcodes(pixels, formats=_QR, binarizer=binarizer)
        texts = [code.text for code in read if code.text]
        if texts:
            return texts
    return []


def _with_effort(pixels: np.ndarray) -> list[str]:
    """Twice as large, which brings out the small modules of a poor scan; then ever smaller, which smooths the grain
    of a large photograph."""
    if max(pixels.shape) <= _LARGEST_SIDE:
        texts = _as_it_is(_scaled(pixels, 2.0))
        if texts:
            return texts
    while min(pixels.shape) >= 2 * _SMALLEST_SIDE:
        pixels = _scaled(pixels, 0.5)
        texts = _as_it_is(pixels)
        if texts:
            return texts
    return []


def _scaled(pixels: np.ndarray, factor: float) -> np.ndarray:
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
    made = image.scaled(round(width * factor), round(height * factor), Qt.AspectRatioMode.IgnoreAspectRatio,
                        Qt.TransformationMode.SmoothTransformation)
    return _grey(made)


def _grey(image: QImage) -> np.ndarray:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return pixels[:, :grey.width()].copy()  # the picture owns its memory, and only while it lives


# ------------------------------------------------ tables

_CELLS = {"day": r"\d{4}年\d{1,2}月\d{1,2}日", "month": r"\d{4}年\d{1,2}月", "sum": r"[+-]?\d{1,3}(?:,\d{3})*\.\d\d",
          "words": r".+?"}


def table_lines(document: Path, table: Table) -> list[tuple[str, ...]]:
    """The rows of a table, read back from a PDF: every seen row that is made of its cells and of nothing else. A row that
    somebody has changed into another of the same form is among them, one that has no such form is not."""
    pattern = re.compile("".join(f"({_CELLS[column.holds]})" for column in table.columns))
    read = (pattern.fullmatch(_flat(row)) for page in pdf_pages.seen(document) for row in page)
    return [found.groups() for found in read if found]


# ------------------------------------------------ comparing


@dataclass(frozen=True)
class Difference:
    """Where a paper's text is not what it should be. `facts` are the ids of the facts it touches (none: words of the
    layout); `paper` is what stands there, `signed` what should."""

    facts: tuple[str, ...]
    paper: str
    signed: str


def _flat(text: str) -> str:
    """Without white space."""
    return "".join(pdf_pages.plain(text).split())


def likeness(rows: Sequence[str], planned: Plan) -> float:
    """0 to 1: how much of a PDF's text (pdf_pages.rows) is as planned. Tells by which of several plans it was drawn."""
    wanted = "".join(piece for _, piece in _pieces(planned))
    return difflib.SequenceMatcher(None, wanted, _flat("".join(rows)), autojunk=False).ratio()


def differences(rows: Sequence[str], planned: Plan) -> list[Difference]:
    """Every place where a PDF's text (pdf_pages.rows) departs from the plan; wrapped lines count by themselves."""
    pieces = _pieces(planned)
    wanted, given = "".join(piece for _, piece in pieces), _flat("".join(rows))
    before, after = _positions(difflib.SequenceMatcher(None, wanted, given, autojunk=False), len(wanted))
    found, start, cut = [], 0, 0
    for facts, piece in pieces:
        end = start + len(piece)
        # what was put in between two texts belongs to the fact, not to the label before it
        last = after[end] if facts or end == len(wanted) else before[end]
        if given[cut:last] != piece:
            found.append(Difference(facts, given[cut:last], piece))
        start, cut = end, last
    return found


def _positions(matcher: difflib.SequenceMatcher[str], length: int) -> tuple[list[int], list[int]]:
    """For every place between two characters of the plan (0 to length) its place on the paper: before and after what
    was put in there."""
    before, after = [0] * (length + 1), [0] * (length + 1)
    for _, start, end, paper_start, paper_end in matcher.get_opcodes():
        if start == end:
            after[start] = paper_end
            continue
        for index in range(start, end + 1):
            place = paper_end if index == end else min(paper_start + index - start, paper_end)
            after[index] = place
            if index > start:
                before[index] = place
    return before, after


def _pieces(planned: Plan) -> list[tuple[tuple[str, ...], str]]:
    """(facts, text) of every line of the plan in the order they are seen, as pdf_pages.rows reads them."""
    made: list[tuple[tuple[str, ...], str]] = []
    for page in planned.pages:
        lines = [(words, line) for words in page if isinstance(words, Words) for line in words.lines]
        named = {str(index): (words.facts, _flat(line.text)) for index, (words, line) in enumerate(lines)}
        order = pdf_pages.seen_order((line.x / 10, line.baseline / 10, str(index))
                                     for index, (_, line) in enumerate(lines))
        made += [named[index] for index in order]
    return made
