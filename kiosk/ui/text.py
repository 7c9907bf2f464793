"""Text that always fits: laid out by kiosk.ui.lines, never elided, never clipped, never below the 0.7 degree floor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.ui.kit import Kit
from kiosk.ui.lines import break_lines, overhang
from kiosk.ui.metrics import Type
from kiosk.ui.theme import font, font_metrics
from kiosk.ui.words import words

#: Height of a line in ems. design.md says 1.4 for reading; 1.3 is the least (MIIT) and serves single labels.
LEADING = 1.4
LABEL_LEADING = 1.3


@lru_cache(maxsize=4096)
def advance(piece: str, px: int) -> float:
    """Width of a piece of text in pixels, the same for both weights."""
    return font_metrics(px).horizontalAdvance(piece)


#: How much thicker bold strokes are, in ems. Qt's own synthetic bold is not applied to glyphs above 64 px, so that a
#: headline would be lighter than a label (WORKAROUND); we draw outlines and thicken them ourselves at every size.
BOLD_EM = 0.034


@lru_cache(maxsize=512)
def _outline(line: str, px: int) -> QPainterPath:
    """The line as an outline, its baseline at the origin."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), font(px), line)
    return path


def draw_line(painter: QPainter, at: QPointF, line: str, px: int, bold: bool, colour: QColor) -> None:
    """One line of text from a baseline point."""
    painter.save()
    painter.translate(at)
    painter.setBrush(colour)
    pen = QPen(colour, px * BOLD_EM)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen if bold else Qt.PenStyle.NoPen)
    painter.drawPath(_outline(line, px))
    painter.restore()


@dataclass(frozen=True)
class Block:
    """Text broken into lines at one size. `lines` are (start, end) into `text`; sizes in pixels."""

    text: str
    lines: tuple[tuple[int, int], ...]
    px: int
    bold: bool
    leading: float

    @property
    def line_height(self) -> int:
        return math.ceil(self.px * self.leading)

    @property
    def height(self) -> int:
        return self.line_height * len(self.lines)

    @property
    def width(self) -> float:
        """Width of the ink, roughly: the empty half of a mark at the end of a line does not count."""
        lines = [self.text[a:b].strip() for a, b in self.lines]
        return max((advance(s, self.px) - overhang(s, lambda mark: advance(mark, self.px)) for s in lines), default=0.0)


@lru_cache(maxsize=2048)
def block(text: str, width: int, px: int, bold: bool = False, leading: float = LABEL_LEADING) -> Block:
    """Lay the text out at this size within this width."""
    together = words().together
    lines = break_lines(text, max(1, width), lambda piece: advance(piece, px), together)
    return Block(text, tuple(lines), px, bold, leading)


def draw_block(painter: QPainter, laid: Block, box: QRectF, colour: QColor,
               across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft, centred: bool = False,
               mark: tuple[int, int] = (0, 0), marker: QColor | None = None) -> None:
    """Draw the lines into the box; `mark` is a range of the text to draw the highlighter under."""
    metrics = font_metrics(laid.px)
    top = box.top() + (max(0.0, (box.height() - laid.height) / 2) if centred else 0.0)
    for number, (start, end) in enumerate(laid.lines):
        line = laid.text[start:end].rstrip()
        lead = len(line) - len(line.lstrip())
        start, line = start + lead, line.lstrip()
        width = advance(line, laid.px)
        x = box.left()
        if across == Qt.AlignmentFlag.AlignHCenter:
            x += (box.width() - width) / 2
        elif across == Qt.AlignmentFlag.AlignRight:
            x += box.width() - width
        y = top + number * laid.line_height
        if marker is not None:
            _draw_marker(painter, laid, line, start, x, y, mark, marker)
        # the em box is centred in the line: ascent and descent of CJK fonts are not symmetrical
        baseline = y + laid.line_height / 2 + metrics.capHeight() / 2
        draw_line(painter, QPointF(x, baseline), line, laid.px, laid.bold, colour)


def _draw_marker(painter: QPainter, laid: Block, line: str, start: int, x: float, y: float,
                 mark: tuple[int, int], marker: QColor) -> None:
    first, last = max(mark[0], start), min(mark[1], start + len(line))
    if first >= last:
        return
    left = x + advance(line[:first - start], laid.px)
    width = advance(line[first - start:last - start], laid.px)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(marker)
    pad = laid.px * 0.12
    painter.drawRoundedRect(QRectF(left - pad, y + laid.line_height / 2 - laid.px * 0.62,
                                   width + 2 * pad, laid.px * 1.24), pad * 1.6, pad * 1.6)


class TextLabel(QLabel):
    """One text of the screen.

    needed(width, squeeze) says how tall it must be, settle(squeeze) fixes the size to draw at; should the box be
    smaller than asked for, it draws smaller down to the floor, and fits() says whether that was enough. `bleed` pixels
    left and right of the text belong to the widget, for the highlighter to run over the edge.
    """

    def __init__(self, kit: Kit, step: Type, colour: str = "ink", *, bold: bool = False, longest: int = 0,
                 across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft, centred: bool = False,
                 leading: float = LABEL_LEADING, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self.step, self.colour, self.bold = kit, step, colour, bold
        self.longest, self.across, self.centred, self.leading = longest, across, centred, leading
        self.bleed = 0
        self._squeeze = 1.0
        self._mark = (0, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def say(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        self._mark = (0, 0)
        self.update()

    def mark(self, start: int, end: int) -> None:
        """Highlight text[start:end] (being said now)."""
        if (start, end) != self._mark:
            self._mark = (start, end)
            self.update()

    @property
    def marked(self) -> tuple[int, int]:
        return self._mark

    def settle(self, squeeze: float) -> None:
        self._squeeze = squeeze
        self.update()

    def needed(self, width: int, squeeze: float = 1.0) -> int:
        if not self.text():
            return 0
        return self._block(width, self.kit.metrics.em(self.step, squeeze)).height

    def _block(self, width: int, px: int) -> Block:
        width -= 2 * self.bleed
        limit = min(width, math.ceil(self.longest * px * 1.02)) if self.longest else width
        return block(self.text(), limit, px, self.bold, self.leading)

    def laid(self) -> Block:
        """The block as it is drawn now."""
        px = self.kit.metrics.em(self.step, self._squeeze)
        while True:
            laid = self._block(self.width(), px)
            if px <= self.kit.metrics.floor or (laid.height <= self.height() and laid.width <= self._room):
                return laid
            px -= 1

    @property
    def _room(self) -> float:
        return self.width() - 2 * self.bleed + 0.5

    def blocks(self) -> list[tuple[Block, QRectF]]:
        box = QRectF(self.rect()).adjusted(self.bleed, 0, -self.bleed, 0)
        return [(self.laid(), box)] if self.text() else []

    def fits(self) -> bool:
        if not self.text():
            return True
        laid = self.laid()
        return (laid.height <= self.height() and laid.width <= self._room
                and laid.px >= self.kit.metrics.floor)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.kit.theme
        (laid, box), = self.blocks()
        draw_block(painter, laid, box, theme.c(self.colour), self.across, self.centred,
                   self._mark, theme.c("marker"))
        painter.end()
