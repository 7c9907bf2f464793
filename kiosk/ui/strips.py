"""What is always in the same place: the top strip, the bottom strip, the notice."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.events import Manner
from kiosk.dialogue.view import View
from kiosk.ui.buttons import KioskButton, StripButton, ToolButton
from kiosk.ui.icons import draw_icon
from kiosk.ui.kit import Kit, draw_card
from kiosk.ui.metrics import FACTORS, Type
from kiosk.ui.text import TextLabel, advance


class StepStones(QWidget):
    """Where you are: stones across a pond, those already trodden filled."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.step = self.steps = 0

    def show_step(self, step: int, steps: int) -> None:
        self.step, self.steps = step, steps
        words = self.kit.words.other["step"].format(step=step, steps=steps) if steps else ""
        self.setAccessibleName(words)
        self.setVisible(bool(steps))
        self.update()

    def wanted(self) -> int:
        """Width in pixels."""
        return self.steps * self.kit.metrics.u(50)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, theme = self.kit.metrics, self.kit.theme
        for number in range(self.steps):
            here = number == self.step - 1
            wide, high = (metrics.u(42), metrics.u(26)) if here else (metrics.u(34), metrics.u(18))
            x = number * metrics.u(50) + (metrics.u(42) - wide) / 2
            stone = QRectF(x, (self.height() - high) / 2, wide, high)
            painter.setPen(QPen(theme.c("accent"), metrics.u(3)))
            painter.setBrush(theme.c("accent") if number < self.step else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(stone)
        painter.end()


class TopStrip(QWidget):
    """Hall, matter, steps; text size and volume."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, hall: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._hall_name = hall
        self.hall = TextLabel(kit, Type.STRIP, "quiet", centred=True, parent=self)
        self.hall.say(hall)
        self.title = TextLabel(kit, Type.STRIP, bold=True, centred=True, parent=self)
        self.stones = StepStones(kit, self)
        self.step_words = TextLabel(kit, Type.STRIP, "quiet", centred=True, parent=self)
        words = kit.words.tool
        self.size = ToolButton(kit, "bigger_text", "textsize", words["bigger_text"], self)
        self.volume = ToolButton(kit, "louder", "speaker", words["louder"], self)
        self.buttons: list[KioskButton] = [self.size, self.volume]
        for button in self.buttons:
            button.chosen.connect(self.chosen)
        self.show_manner(Manner())

    def show_view(self, view: View) -> None:
        self.title.say(view.title)
        self.stones.show_step(view.step, view.steps)
        self.step_words.say(self.stones.accessibleName())
        self.arrange()

    def show_manner(self, manner: Manner) -> None:
        words = self.kit.words.tool
        level = max(0, min(len(FACTORS) - 1, manner.text_size)) + 1
        self.size.show_level(level, len(FACTORS), words["text_level"].format(level=level, count=len(FACTORS)))
        loud = 1 if manner.volume <= 0.4 else 2 if manner.volume <= 0.7 else 3
        self.volume.show_level(loud, 3, words["volume_level"].format(percent=round(manner.volume * 100)))

    @property
    def _two_lines(self) -> bool:
        return self.kit.metrics.portrait

    def needed(self, width: int) -> int:
        metrics = self.kit.metrics
        first = max(metrics.u(84), metrics.target)
        return first + (metrics.u(72) if self._two_lines and (self.title.text() or self.stones.steps) else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()

    def arrange(self) -> None:
        metrics = self.kit.metrics
        side = max(metrics.u(84), metrics.target)
        wide = round(side * 1.16)
        gap = metrics.u(16)
        right = self.width()
        for button in reversed(self.buttons):
            button.setGeometry(right - wide, 0, wide, side)
            right -= wide + gap
        where = bool(self.title.text() or self.stones.steps)
        if self._two_lines:
            self.hall.setGeometry(0, 0, right - gap, side)
            self._arrange_where(0, side, self.width(), self.height() - side)
        elif where:
            self.hall.setGeometry(0, 0, int(right * 0.42), side)
            self._arrange_where(int(right * 0.45), 0, right - int(right * 0.45), side)
        else:
            self.hall.setGeometry(0, 0, right - gap, side)

    def _arrange_where(self, x: int, y: int, width: int, height: int) -> None:
        metrics = self.kit.metrics
        stones = self.stones.wanted() + metrics.u(20) if self.stones.steps else 0
        step = round(advance(self.step_words.text(), metrics.em(Type.STRIP))) + 2 if self.stones.steps else 0
        self.title.setGeometry(x, y, width - stones - step, height)
        self.stones.setGeometry(x + width - stones - step, y, stones, height)
        self.step_words.setGeometry(x + width - step, y, step, height)


class BottomStrip(QWidget):
    """返回 · 再说一遍 · 叫工作人员: same order, same place."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.buttons: list[StripButton] = []
        self._names: tuple[str, ...] = ()

    def show_strip(self, names: tuple[str, ...]) -> None:
        if names == self._names:
            return
        self._names = names
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        words = self.kit.words
        self.buttons = [StripButton(self.kit, name, words.strip.get(name, name), words.strip_icon.get(name, ""), self)
                        for name in names]
        for button in self.buttons:
            button.chosen.connect(self.chosen)
            button.show()
        self.setVisible(bool(names))
        self.arrange()

    def needed(self, width: int) -> int:
        metrics = self.kit.metrics
        if metrics.portrait:
            return metrics.u(64) + round(metrics.em(Type.STRIP) * 1.3) + metrics.u(28)
        return max(metrics.u(100), metrics.target + metrics.u(12))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()

    def arrange(self) -> None:
        if not self.buttons:
            return
        width = self.width() / len(self.buttons)
        for number, button in enumerate(self.buttons):
            left = round(number * width)
            button.setGeometry(left, 0, round((number + 1) * width) - left, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics, theme = self.kit.metrics, self.kit.theme
        painter.setPen(QPen(theme.c("line"), metrics.u(2)))
        painter.drawLine(0, metrics.u(1), self.width(), metrics.u(1))
        width = self.width() / max(1, len(self.buttons))
        painter.setPen(QPen(theme.c("hairline"), metrics.u(2)))
        for number in range(1, len(self.buttons)):
            x = round(number * width)
            painter.drawLine(x, metrics.u(28), x, self.height() - metrics.u(22))
        painter.end()


class Notice(QWidget):
    """One line above everything."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.label = TextLabel(kit, Type.HELP, "on_listening", bold=True, centred=True, parent=self)
        self.hide()

    def say(self, text: str) -> None:
        self.label.say(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        return self.label.text()

    def _room(self, width: int) -> int:
        metrics = self.kit.metrics
        return width - metrics.u(60) - metrics.u(28) * 2 - metrics.u(20)

    def needed(self, width: int, squeeze: float) -> int:
        if not self.text():
            return 0
        return self.label.needed(self._room(width), squeeze) + self.kit.metrics.u(28)

    def settle(self, squeeze: float) -> None:
        self.label.settle(squeeze)

    def resizeEvent(self, event: QResizeEvent) -> None:
        metrics = self.kit.metrics
        left = metrics.u(28) + metrics.u(60) + metrics.u(20)
        self.label.setGeometry(left, 0, self._room(self.width()), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics, theme = self.kit.metrics, self.kit.theme
        draw_card(painter, self.kit, QRectF(self.rect()), metrics.u(20), theme.c("listening"),
                  theme.c("on_listening"), metrics.u(3), shadow=False)
        side = metrics.u(60)
        draw_icon(painter, "warning", QRectF(metrics.u(28), (self.height() - side) / 2, side, side),
                  theme.c("on_listening"))
        painter.end()
