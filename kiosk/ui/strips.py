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
from kiosk.ui.text import TextLabel, advance, block, draw_block


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


class Seal(QWidget):
    """The mark of the kiosk: a red seal with its first character."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setAccessibleName(kit.words.other["name"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = self.kit.metrics
        side = min(self.width(), self.height())
        box = QRectF(0, (self.height() - side) / 2, side, side)
        draw_card(painter, self.kit, box, metrics.u(12), self.kit.theme.c("seal"), shadow=False)
        draw_block(painter, block(self.accessibleName()[:1], 1000, metrics.floor, True, 1.0), box,
                   self.kit.theme.c("on_seal"), Qt.AlignmentFlag.AlignHCenter, centred=True)
        painter.end()


class TopStrip(QWidget):
    """Hall, matter, steps; text size and volume."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, hall: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.seal = Seal(kit, self)
        self.hall = TextLabel(kit, Type.STRIP, "quiet", centred=True, parent=self)
        self.hall.say(hall)
        self.title = TextLabel(kit, Type.STRIP, bold=True, centred=True, parent=self)
        self.stones = StepStones(kit, self)
        self.step_words = TextLabel(kit, Type.STRIP, "quiet", centred=True, parent=self)
        words = kit.words.tool
        self.text_size = ToolButton(kit, "bigger_text", "字", words["bigger_text"], self)
        self.volume = ToolButton(kit, "louder", "speaker", words["louder"], self)
        self.buttons: list[KioskButton] = [self.text_size, self.volume]
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
        self.text_size.show_level(level, len(FACTORS), words["text_level"].format(level=level, count=len(FACTORS)))
        loud = 1 if manner.volume <= 0.4 else 2 if manner.volume <= 0.7 else 3
        self.volume.show_level(loud, 3, words["volume_level"].format(percent=round(manner.volume * 100)))

    @property
    def _two_lines(self) -> bool:
        return self.kit.metrics.portrait

    @property
    def _where(self) -> bool:
        """Whether there is anything to say about where the visitor is."""
        return bool(self.title.text() or self.stones.steps)

    def _edges(self, width: int) -> tuple[int, int]:
        """Left edge of the hall's name, and right edge of what lies left of the buttons."""
        metrics = self.kit.metrics
        buttons = len(self.buttons) * (round(self._side * 1.16) + metrics.u(16))
        return metrics.floor + metrics.u(18) + metrics.u(20), width - buttons - metrics.u(8)

    @property
    def _side(self) -> int:
        return max(self.kit.metrics.u(84), self.kit.metrics.target)

    def _first(self, width: int) -> int:
        """Height of the first line; a long name of the hall takes two lines of its own."""
        left, right = self._edges(width)
        return max(self._side, self.hall.needed(right - left))

    def needed(self, width: int) -> int:
        return self._first(width) + (self.kit.metrics.u(72) if self._two_lines and self._where else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()

    def arrange(self) -> None:
        metrics, side = self.kit.metrics, self._side
        wide, x = round(side * 1.16), self.width()
        for button in reversed(self.buttons):
            x -= wide
            button.setGeometry(x, 0, wide, side)
            x -= metrics.u(16)
        mark = metrics.floor + metrics.u(18)
        left, right = self._edges(self.width())
        first = self._first(self.width())
        self.seal.setGeometry(0, (first - mark) // 2, mark, mark)
        self.hall.setGeometry(left, 0, right - left, first)
        self.hall.show()
        if self._two_lines:
            self._arrange_where(0, first, self.width(), self.height() - first)
        elif self._where:
            self._share_line(left, right, first)

    def _share_line(self, left: int, right: int, height: int) -> None:
        """Landscape: hall and place on one line; where both do not fit, the place matters more."""
        px, gap = self.kit.metrics.em(Type.STRIP), self.kit.metrics.u(48)
        hall = round(advance(self.hall.text(), px)) + 4
        stones, step = self._stones_and_step()
        where = round(advance(self.title.text(), px)) + gap // 2 + stones + step
        both = left + hall + gap + where <= right
        self.hall.setVisible(both)
        start = max(left + hall + gap, min(round(self.width() * 0.42), right - where)) if both else left
        self.hall.setGeometry(left, 0, hall, height)
        self._arrange_where(start, 0, right - start, height)

    def _stones_and_step(self) -> tuple[int, int]:
        if not self.stones.steps:
            return 0, 0
        metrics = self.kit.metrics
        words = round(advance(self.step_words.text(), metrics.em(Type.STRIP))) + 2
        return self.stones.wanted() + metrics.u(20), words

    def _arrange_where(self, x: int, y: int, width: int, height: int) -> None:
        stones, step = self._stones_and_step()
        self.title.setGeometry(x, y, width - stones - step, height)
        self.stones.setGeometry(x + width - stones - step, y, stones, height)
        self.step_words.setGeometry(x + width - step, y, step, height)


#: The bottom strip of every screen, from left to right.
USUAL = ("back", "repeat", "staff")


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

    @property
    def _slots(self) -> int:
        return len(USUAL) if set(self._names) <= set(USUAL) else max(1, len(self._names))

    def _placed(self) -> list[tuple[int, StripButton]]:
        """The usual three keep their places even when one of them is away."""
        usual = set(self._names) <= set(USUAL)
        return [(USUAL.index(button.name) if usual else number, button) for number, button in enumerate(self.buttons)]

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
        width = self.width() / self._slots
        for number, button in self._placed():
            left = round(number * width)
            button.setGeometry(left, 0, round((number + 1) * width) - left, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics, theme = self.kit.metrics, self.kit.theme
        painter.setPen(QPen(theme.c("line"), metrics.u(2)))
        painter.drawLine(0, metrics.u(1), self.width(), metrics.u(1))
        width = self.width() / self._slots
        painter.setPen(QPen(theme.c("hairline"), metrics.u(2)))
        taken = {number for number, _ in self._placed()}
        for number in sorted(taken & {number + 1 for number in taken}):
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
