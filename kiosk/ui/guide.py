"""The guide figure: a few strokes in a moon gate."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.ui.kit import Kit

MOODS = ("idle", "listening", "thinking", "speaking", "glad", "sorry")


class Guide(QWidget):
    """Moods of View.mood; `set_level` moves the mouth, `set_ear_level` the ring."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.mood = "idle"
        self.setAccessibleName("向导")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_mood(self, mood: str) -> None:
        self.mood = mood if mood in MOODS else "idle"
        self.update()

    def set_level(self, level: float) -> None:
        self.update()

    def set_ear_level(self, level: float) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side).adjusted(8, 8, -8, -8)
        painter.setBrush(self.kit.theme.f("gate"))
        painter.setPen(QPen(self.kit.theme.f("gate_line"), 4))
        painter.drawEllipse(box)
        painter.end()
