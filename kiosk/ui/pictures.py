"""The pictures of the screens, drawn with the theme's own colours: reader, printer, finished paper, bell, a preview."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QHideEvent, QPainter, QPaintEvent, QPen, QPixmap, QShowEvent
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


def draw_trouble(painter: QPainter, kit: Kit, time: float) -> None:
    """The machine is the one that is unwell: a tilted terminal asleep, with a plaster."""
    painter.save()
    painter.translate(100, 100)
    painter.rotate(6)
    painter.setPen(pen(kit, "line", 3))
    painter.setBrush(kit.theme.c("card"))
    painter.drawRoundedRect(QRectF(-48, -72, 96, 116), 14, 14)
    painter.drawRoundedRect(QRectF(-30, 44, 60, 36), 8, 8)
    painter.setPen(pen(kit, "accent", 5))
    for side in (-1, 1):
        painter.drawArc(QRectF(side * 20 - 9, -38, 18, 14), 200 * 16, 140 * 16)
    painter.drawArc(QRectF(-11, -8, 22, 16), 30 * 16, 120 * 16)
    painter.restore()
    painter.save()
    painter.translate(136, 44)
    painter.rotate(38)
    painter.setPen(pen(kit, "line", 2.5))
    painter.setBrush(kit.theme.f("skin"))
    painter.drawRoundedRect(QRectF(-24, -9, 48, 18), 9, 9)
    painter.drawRoundedRect(QRectF(-8, -9, 16, 18), 2, 2)
    painter.restore()


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
