"""The screen in voice mode: really dark, so that nobody reads over a shoulder; a touch asks for help."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.kit import Kit
from kiosk.ui.metrics import Type
from kiosk.ui.text import block, draw_block


class Curtain(QWidget):
    touched = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.words = kit.words.other["curtain"]
        self.setAccessibleName(self.words)
        self.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, metrics = self.kit.theme, self.kit.metrics
        painter.fillRect(self.rect(), theme.c("curtain"))
        room = self.width() - 2 * metrics.u(80)
        laid = block(self.words, room, metrics.em(Type.HELP))
        box = QRectF(metrics.u(80), self.height() * 0.4, room, laid.height)
        draw_block(painter, laid, box, theme.c("on_curtain"), Qt.AlignmentFlag.AlignHCenter)
        painter.end()
