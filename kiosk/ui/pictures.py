"""The pictures of the screens, drawn with the theme's own colours: reader, printer, tea, paper, bell, signpost."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.kit import Kit, draw_card

#: 15 pictures a second; the second of the loop in which a picture stands still.
PICTURE_MS, REST = 66, 1.2

Draw = Callable[[QPainter, Kit, float], None]


def pen(kit: Kit, role: str, width: float = 3.0) -> QPen:
    made = QPen(kit.theme.c(role), width)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


def _sheet(painter: QPainter, kit: Kit, box: QRectF, lines: int = 5) -> None:
    """A printed sheet of paper with lines of text."""
    painter.setPen(pen(kit, "line", 2.5))
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QPen(QColor("#9A8E7C"), 3.4))
    for number in range(lines):
        y = box.top() + box.height() * (0.16 + 0.13 * number)
        right = box.right() - box.width() * (0.16 if number not in (0, lines - 1) else 0.42)
        painter.drawLine(QPointF(box.left() + box.width() * 0.16, y), QPointF(right, y))


def draw_reader(painter: QPainter, kit: Kit, time: float) -> None:
    """The card lies down on the reader. Canvas 200 x 200."""
    figure = kit.theme.f
    painter.setPen(pen(kit, "line", 3))
    painter.setBrush(kit.theme.c("card"))
    painter.drawRoundedRect(QRectF(22, 118, 156, 58), 14, 14)
    painter.setBrush(kit.theme.c("listening"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(40, 140, 120, 10), 5, 5)
    lift = 10 * abs((time / 2.4) % 1.0 * 2 - 1)
    card = QRectF(50, 34 + lift, 100, 64)
    painter.setPen(pen(kit, "accent", 3))
    painter.setBrush(figure("hill_far"))
    painter.drawRoundedRect(card, 8, 8)
    painter.setBrush(kit.theme.c("card"))
    painter.drawRoundedRect(QRectF(card.right() - 34, card.top() + 12, 24, 30), 4, 4)
    for number, length in enumerate((42, 34, 42)):
        y = card.top() + 18 + number * 14
        painter.drawLine(QPointF(card.left() + 12, y), QPointF(card.left() + 12 + length, y))
    painter.setPen(pen(kit, "accent", 5))
    painter.drawPolyline([QPointF(90, 110 + lift / 2), QPointF(100, 120 + lift / 2), QPointF(110, 110 + lift / 2)])


def draw_printer(painter: QPainter, kit: Kit, time: float) -> None:
    """Paper comes out of the printer, slowly, again and again."""
    out = min(1.0, (time / 2.6) % 1.25)
    painter.setPen(pen(kit, "line", 3))
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawRoundedRect(QRectF(62, 26, 76, 50), 4, 4)
    painter.setBrush(kit.theme.c("card"))
    painter.drawRoundedRect(QRectF(24, 64, 152, 66), 14, 14)
    painter.setBrush(kit.theme.c("accent"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QPointF(154, 84), 6, 6)
    painter.setBrush(kit.theme.c("ink"))
    painter.drawRoundedRect(QRectF(52, 108, 96, 9), 4.5, 4.5)
    painter.save()
    painter.setClipRect(QRectF(0, 112, 200, 88))
    _sheet(painter, kit, QRectF(60, 112 - 72 + 72 * out, 80, 74))
    painter.restore()


def draw_done(painter: QPainter, kit: Kit, time: float) -> None:
    """A printed sheet with a red seal, as a counter would hand it over."""
    painter.save()
    painter.translate(100, 100)
    painter.rotate(-5)
    _sheet(painter, kit, QRectF(-56, -84, 112, 158), 5)
    painter.restore()
    seal = kit.theme.c("seal")
    painter.setPen(QPen(seal, 7))
    painter.setBrush(kit.theme.c("card"))
    painter.drawEllipse(QPointF(132, 136), 36, 36)
    check = QPen(seal, 9)
    check.setCapStyle(Qt.PenCapStyle.RoundCap)
    check.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(check)
    painter.drawPolyline([QPointF(116, 137), QPointF(128, 149), QPointF(150, 124)])


def draw_bell(painter: QPainter, kit: Kit, time: float) -> None:
    """The counter bell has been rung."""
    painter.setPen(pen(kit, "accent", 4))
    painter.setBrush(kit.theme.c("listening"))
    dome = QRectF(46, 66, 108, 116)
    painter.drawChord(dome, 0, 180 * 16)
    painter.setBrush(kit.theme.c("accent"))
    painter.drawRoundedRect(QRectF(36, 126, 128, 20), 8, 8)
    painter.drawEllipse(QPointF(100, 58), 8, 8)
    painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    painter.setPen(pen(kit, "accent", 5))
    for side in (-1, 1):
        for number in range(2):
            reach = 66 + number * 18
            start = 25 if side > 0 else 115
            painter.drawArc(QRectF(100 - reach, 104 - reach, 2 * reach, 2 * reach), start * 16, 40 * 16)


def draw_way(painter: QPainter, kit: Kit, time: float) -> None:
    """A signpost: it goes on over there."""
    painter.setPen(pen(kit, "line", 3))
    painter.setBrush(kit.theme.f("hill_far"))
    painter.drawChord(QRectF(30, 150, 140, 60), 0, 180 * 16)
    painter.setBrush(kit.theme.c("card"))
    painter.drawRoundedRect(QRectF(93, 30, 14, 150), 5, 5)
    for top, right, role in ((44, True, "accent"), (94, False, "listening")):
        board = QPainterPath()
        tip, base = (176, 54) if right else (24, 146)
        inner = tip - 20 if right else tip + 20
        board.moveTo(base, top)
        board.lineTo(inner, top)
        board.lineTo(tip, top + 19)
        board.lineTo(inner, top + 38)
        board.lineTo(base, top + 38)
        board.closeSubpath()
        painter.setPen(pen(kit, "ink", 3))
        painter.setBrush(kit.theme.c(role))
        painter.drawPath(board)
    painter.setPen(pen(kit, "on_accent", 5))
    painter.drawLine(QPointF(76, 63), QPointF(136, 63))
    painter.setPen(pen(kit, "on_listening", 5))
    painter.drawLine(QPointF(62, 113), QPointF(122, 113))


def draw_tea(painter: QPainter, kit: Kit, time: float) -> None:
    """A lidded cup of tea, as one is offered while one waits."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for number, x in enumerate((78, 100, 122)):
        drift = 5 * math.sin(time * 1.6 + number * 1.3)
        steam = QPainterPath(QPointF(x, 66))
        steam.cubicTo(x - 10 + drift, 54, x + 10 + drift, 42, x + drift, 26)
        painter.setPen(pen(kit, "line", 4))
        painter.drawPath(steam)
    painter.setPen(pen(kit, "line", 3.5))
    painter.setBrush(kit.theme.c("card"))
    painter.drawEllipse(QRectF(34, 156, 132, 24))
    handle = QPainterPath(QPointF(146, 100))
    handle.cubicTo(182, 94, 182, 142, 138, 138)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(kit, "line", 9))
    painter.drawPath(handle)
    cup = QPainterPath(QPointF(50, 88))
    cup.cubicTo(52, 138, 66, 166, 100, 166)
    cup.cubicTo(134, 166, 148, 138, 150, 88)
    cup.closeSubpath()
    painter.setPen(pen(kit, "line", 3.5))
    painter.setBrush(kit.theme.c("card"))
    painter.drawPath(cup)
    painter.save()
    painter.setClipPath(cup)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(kit.theme.f("scarf"))
    painter.drawRect(QRectF(40, 104, 120, 14))
    painter.restore()
    painter.setPen(pen(kit, "line", 3.5))
    painter.setBrush(kit.theme.f("sun"))
    painter.drawEllipse(QRectF(50, 79, 100, 19))


class Picture(QWidget):
    """One of the drawings above on a canvas of 200 x 200, or the picture of a page.

    `moves` says for how many seconds it moves after it has appeared: something that goes on and on beside a text is
    a burden to read by (WCAG 2.2.2).
    """

    def __init__(self, kit: Kit, draw: Draw | None, name: str, moves: float = 0.0,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self._draw, self._page, self._moves = kit, draw, QPixmap(), moves
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(PICTURE_MS)
        self._timer.timeout.connect(self._step)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.time = REST

    def show_drawing(self, draw: Draw, name: str) -> None:
        """Change to another drawing."""
        if draw is not self._draw:
            self._draw = draw
            self.setAccessibleName(name)
            self.update()

    def show_page(self, path: str) -> None:
        """Show the page picture at `path`; an unreadable one leaves the place empty."""
        self._page = QPixmap(path) if path else QPixmap()
        self.update()

    @property
    def empty(self) -> bool:
        return self._draw is None and self._page.isNull()

    def refresh(self) -> None:
        """Start or stop moving, as the kit allows."""
        if self.kit.motion and self._moves and self.isVisible():
            self._clock.start()
            self._timer.start()
        else:
            self._rest()

    def _rest(self) -> None:
        self._timer.stop()
        self.time = REST
        self.update()

    def _step(self) -> None:
        self.time = REST + self._clock.elapsed() / 1000
        if not self.kit.motion or self.time - REST > self._moves:
            self._rest()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._page.isNull():
            self._draw_page(painter)
        elif self._draw is not None:
            side = min(self.width(), self.height())
            painter.translate((self.width() - side) / 2, (self.height() - side) / 2)
            painter.scale(side / 200, side / 200)
            self._draw(painter, self.kit, self.time)
        painter.end()

    def _draw_page(self, painter: QPainter) -> None:
        margin = self.kit.metrics.u(18)
        room = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        scale = min(room.width() / self._page.width(), room.height() / self._page.height())
        width, height = self._page.width() * scale, self._page.height() * scale
        box = QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)
        draw_card(painter, self.kit, box, 2, QColor("#FFFFFF"), self.kit.theme.c("hairline"), 2)
        painter.drawPixmap(box, self._page, QRectF(self._page.rect()))
