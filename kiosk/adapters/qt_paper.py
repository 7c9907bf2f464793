"""Drawing papers with Qt: facts and a layout to a PDF, a PDF to a picture.

May be used from any thread, one drawing at a time, while a QGuiApplication lives (made in the main thread; see
paper_fonts.application for programs without a window). The PDF appears under its name only when it is complete.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPainterPath, QPdfWriter, QPen

from kiosk.adapters import paper_fonts, pdf_pages
from kiosk.adapters.paper_fonts import SANS, SERIF, PaperToolsError
from kiosk.adapters.paper_items import UNITS_PER_INCH, Code, Frame, Item, Rule, Watermark, Words, font
from kiosk.adapters.paper_layout import Layout, load
from kiosk.adapters.paper_plan import Plan, plan, watermark_width
from kiosk.adapters.pdf_names import true_names

log = logging.getLogger(__name__)

NO_ROOM = "证明存不下来，请叫工作人员看看磁盘。"
_BOLD, _BOLD_SERIF = 0.036, 0.03  # width of the outline in ems
_drawing = threading.RLock()  # QFont objects are shared between drawings


class QtPaper:
    """PaperMaker. `folder` holds the layouts. Slips are drawn on A4, which every printer has; `slip_paper="slip80"`
    where a receipt printer stands too (a printer of sheets refuses their size)."""

    def __init__(self, folder: Path | None = None, *, slip_paper: str = "A4") -> None:
        self._folder, self._slip_paper = folder, slip_paper
        self._layouts: dict[str, Layout] = {}

    def draw(self, layout: str, facts: Mapping[str, object], target: Path, *, enlarged: bool = False,
             qr: str = "", mark: str = "") -> Path:
        """Raises DataError (layout), PaperToolsError (fonts, disk), and refuses to draw what would be clipped."""
        with _drawing:
            planned = self.plan(layout, facts, enlarged=enlarged, qr=qr, mark=mark)
            problems = planned.problems()
            if problems:
                log.error("paper does not fit", extra={"count": len(problems)})
                raise PaperToolsError("; ".join(problems), "这张证明的内容印不下，请到窗口办理。")
            try:
                _write(planned, target, str(facts.get("title", layout)))
            except OSError as error:
                raise PaperToolsError(f"{type(error).__name__}: {target}", NO_ROOM) from error
        return target

    def plan(self, layout: str, facts: Mapping[str, object], *, enlarged: bool = False, qr: str = "",
             mark: str = "") -> Plan:
        """Where everything will stand. Raises DataError (layout) and PaperToolsError (fonts)."""
        with _drawing:
            paper_fonts.prepare()
            if layout not in self._layouts:
                self._layouts[layout] = load(layout, self._folder)
            found = self._layouts[layout]
            paper = self._slip_paper if found.paper == "slip80" else found.paper
            return plan(found, facts, enlarged=enlarged, qr=qr, mark=mark, paper=paper)

    def pages(self, layout: str, facts: Mapping[str, object], *, enlarged: bool = False, qr: str = "") -> int:
        """Raises DataError (layout) and PaperToolsError (fonts)."""
        return len(self.plan(layout, facts, enlarged=enlarged, qr=qr).pages)

    def picture(self, document: Path, width: int) -> Path:
        """PNG of the first page, `width` pixels wide, beside the document. Raises PaperError."""
        pixels = pdf_pages.grey_of_width(document, width)
        image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0],
                       QImage.Format.Format_Grayscale8)
        target = document.with_suffix(".png")
        part = target.with_suffix(".part")
        if not image.save(str(part), "PNG"):  # type: ignore[call-overload]
            raise PaperToolsError(f"cannot write {target.name}")
        part.replace(target)
        return target


def _write(planned: Plan, target: Path, title: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    writer = QPdfWriter(str(part))
    writer.setResolution(UNITS_PER_INCH)
    writer.setTitle(title)
    writer.setCreator("乡音自助终端")
    points = QSizeF(planned.width / 10, planned.height / 10)
    size = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter()
    if not painter.begin(writer):
        raise PaperToolsError(f"cannot write {target}", NO_ROOM)
    try:
        for number, page in enumerate(planned.pages):
            if number:
                writer.newPage()
            for item in page:
                _paint(painter, item, planned)
    finally:
        good = painter.end()
    if not good or not part.exists():
        raise PaperToolsError(f"cannot write {target}", NO_ROOM)
    with part.open("rb+") as file:
        named = true_names(file.read(), _drawn(planned))
        file.seek(0)
        file.truncate()
        file.write(named)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _drawn(planned: Plan) -> dict[str, str]:
    """All text in the order it is drawn, by typeface."""
    drawn = dict.fromkeys(paper_fonts.POSTSCRIPT.values(), "")
    for page in planned.pages:
        for item in page:
            if isinstance(item, Words | Watermark):
                name = paper_fonts.POSTSCRIPT[SERIF if item.style.serif else SANS]
                drawn[name] += item.words if isinstance(item, Watermark) else "".join(line.text for line in item.lines)
    return drawn


def _grey(level: float) -> QColor:
    value = round(level * 255)
    return QColor(value, value, value)


def _paint(painter: QPainter, item: Item, planned: Plan) -> None:
    match item:
        case Words():
            _paint_words(painter, item)
        case Rule():
            painter.setPen(QPen(_grey(item.grey), item.weight, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(item.x, item.y), QPointF(item.x2, item.y2))
        case Frame():
            style = Qt.PenStyle.DashLine if item.dashed else Qt.PenStyle.SolidLine
            painter.setPen(QPen(_grey(item.grey), item.weight, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(item.x, item.y, item.width, item.height), item.radius, item.radius)
        case Code():
            _paint_code(painter, item)
        case Watermark():
            _paint_watermark(painter, item, planned)


def _paint_words(painter: QPainter, words: Words) -> None:
    colour, letters = _grey(words.style.grey), font(words.style)
    painter.setPen(colour)
    painter.setFont(letters)
    for line in words.lines:
        painter.drawText(QPointF(line.x, line.baseline), line.text)
    if not words.style.bold:
        return
    # WORKAROUND: Qt's own bold in a PDF is the text drawn twice, a hair to the right: uneven on screens. An outline
    # is even everywhere, and the text below it stays text.
    outline = QPainterPath()
    for line in words.lines:
        outline.addText(QPointF(line.x, line.baseline), letters, line.text)
    weight = letters.pixelSize() * (_BOLD_SERIF if words.style.serif else _BOLD)
    painter.strokePath(outline, QPen(colour, weight, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                                     Qt.PenJoinStyle.RoundJoin))


def _paint_code(painter: QPainter, code: Code) -> None:
    """Runs of dark modules as one rectangle each: no hairlines between neighbours."""
    for y, row in enumerate(code.rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                painter.fillRect(QRectF(code.x + start * code.module, code.y + y * code.module,
                                        (x - start) * code.module, code.module), QColor(0, 0, 0))
            x += 1


def _paint_watermark(painter: QPainter, mark: Watermark, planned: Plan) -> None:
    painter.save()
    painter.translate(planned.width / 2, planned.height / 2)
    painter.rotate(-35)
    painter.setPen(_grey(mark.style.grey))
    painter.setFont(font(mark.style))
    painter.drawText(QPointF(-watermark_width(mark) / 2, mark.style.size * 3.5), mark.words)
    painter.restore()
