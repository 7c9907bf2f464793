"""Digits, typed with keys of at least 20 mm."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import Pad, View
from kiosk.ui.buttons import RING, KioskButton
from kiosk.ui.exhibit import Exhibit
from kiosk.ui.kit import Kit, Plan, draw_card, draw_focus
from kiosk.ui.metrics import Type
from kiosk.ui.rows import ChoiceRows
from kiosk.ui.screens.page import Page
from kiosk.ui.text import Block, TextLabel, block, draw_block

KEY_MM = 20.0
COLUMNS = 3


class PadKey(KioskButton):
    """One key; `name` is the character it types."""

    def __init__(self, kit: Kit, name: str, parent: QWidget | None = None) -> None:
        super().__init__(kit, name, parent)
        self.label = kit.words.pad.get(name, name)
        self.setAccessibleName(self.label)

    @property
    def _word(self) -> bool:
        return len(self.label) > 1

    def blocks(self) -> list[tuple[Block, QRectF]]:
        metrics = self.kit.metrics
        box = QRectF(self.rect()).adjusted(metrics.u(14), metrics.u(14), -metrics.u(14), -metrics.u(14))
        px = metrics.em(Type.HELP if self._word else Type.SENTENCE)
        px = min(px, max(metrics.floor, int(box.height() / 1.1)))
        if self._word:
            while px > metrics.floor and block(self.label, 10_000, px, True).width > box.width():
                px -= 1
        return [(block(self.label, int(box.width()), px, True, 1.0), box)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics, theme = self.kit.metrics, self.kit.theme
        margin = metrics.u(8)
        box = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        radius = metrics.u(8 if self.shows_focus else 22)
        go = self.name == "enter"
        fill = theme.c("accent") if go else theme.c("card")
        if self.isDown():
            box.translate(0, metrics.u(3))
            fill = fill.darker(115)
        draw_card(painter, self.kit, box, radius, fill, theme.c("accent" if go else "line"), metrics.u(2),
                  shadow=not self.isDown())
        if self.shows_focus:
            inset = metrics.u(6)
            draw_focus(painter, self.kit, box.adjusted(inset, inset, -inset, -inset), radius)
        (laid, text_box), = self.blocks()
        draw_block(painter, laid, text_box, theme.c("on_accent" if go else "ink"), Qt.AlignmentFlag.AlignHCenter,
                   centred=True)
        painter.end()


class KeyGrid(ChoiceRows):
    """The pad's keys three in a row, in the order of focus; a key left over gets the whole row. Choices below."""

    typed = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.keys: list[PadKey] = []
        self._names: tuple[str, ...] = ()

    def show_keys(self, names: tuple[str, ...]) -> None:
        if names == self._names:
            return
        self._names = names
        for key in self.keys:
            key.hide()
            key.deleteLater()
        self.keys = [PadKey(self.kit, name, self) for name in names]
        for key in self.keys:
            key.chosen.connect(self.typed)
            key.show()
        self.arrange()

    def targets(self) -> list[KioskButton]:
        return [*self.keys, *self.rows]

    @property
    def _lines(self) -> int:
        return math.ceil(len(self.keys) / COLUMNS)

    def _key_height(self, plan: Plan) -> int:
        metrics = self.kit.metrics
        margin = 2 * metrics.u(8)
        return max(metrics.mm(KEY_MM), metrics.u(plan.mix(84, 132))) + margin

    def needed(self, width: int, plan: Plan) -> int:
        rows = super().needed(width, plan)
        return self._lines * self._key_height(plan) + rows

    def arrange(self) -> None:
        if not self.keys:
            return super().arrange()
        rows = ChoiceRows.needed(self, self.width(), self._plan) if self.rows else 0
        height = (self.height() - rows) / max(1, self._lines)
        inset = self.kit.metrics.u(RING) - self.kit.metrics.u(8)  # the keys' cards align with the rows' cards
        for number, key in enumerate(self.keys):
            line, column = divmod(number, COLUMNS)
            alone = number == len(self.keys) - 1 and column == 0
            width = (self.width() - 2 * inset) / (1 if alone else COLUMNS)
            key.setGeometry(round(inset + column * width), round(line * height), round(width), round(height))
        y = self.height() - rows
        for row, tall in zip(self.rows, self._heights(self.width(), self._plan), strict=True):
            row.setGeometry(0, y, self.width(), tall)
            y += tall + self._gap(self._plan)


class PadDisplay(Exhibit):
    """What has been typed, one box per digit when the length is known, and the hint below."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent=parent)
        self.pad: Pad | None = None
        self.hint = TextLabel(kit, Type.HELP, "stop", bold=True, centred=True, parent=self)

    @property
    def empty(self) -> bool:
        return self.pad is None

    def show_pad(self, pad: Pad) -> None:
        self.pad = pad
        self.hint.say(pad.hint)
        self.setAccessibleName(" ".join(pad.shown) if pad.shown else "还没有输入")
        self.arrange()
        self.update()

    def _box_height(self, plan: Plan) -> int:
        return round(self.kit.metrics.em(Type.SENTENCE, plan.squeeze) * 1.5) + self.kit.metrics.u(plan.mix(4, 16))

    def needed(self, width: int, plan: Plan) -> int:
        hint = self.hint.needed(width, plan.squeeze)
        return self._box_height(plan) + (hint + self.kit.metrics.u(12) if hint else 0)

    def most(self, width: int, plan: Plan) -> int:
        return self.needed(width, plan)

    def settle(self, plan: Plan) -> None:
        self.hint.settle(plan.squeeze)
        super().settle(plan)

    def arrange(self) -> None:
        tall = self._box_height(self._plan)
        self.hint.setGeometry(0, tall + self.kit.metrics.u(12), self.width(),
                              max(0, self.height() - tall - self.kit.metrics.u(12)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.pad is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        (self._draw_boxes if self.pad.length else self._draw_line)(painter, self.pad)
        painter.end()

    def _draw_boxes(self, painter: QPainter, pad: Pad) -> None:
        metrics, theme = self.kit.metrics, self.kit.theme
        gap = metrics.u(6)
        breaks = (6, 14) if pad.length == 18 else ()
        wide = gap * 3
        room = self.width() - gap * (pad.length - 1) - wide * len(breaks)
        side = min(room / pad.length, self._box_height(self._plan))
        used = side * pad.length + gap * (pad.length - 1) + wide * len(breaks)
        tall = self._box_height(self._plan)
        px = max(metrics.floor, min(metrics.em(Type.SENTENCE, self._plan.squeeze), int(side * 1.15)))
        x = (self.width() - used) / 2
        for number in range(pad.length):
            if number in breaks:
                x += wide
            box = QRectF(x, metrics.u(3), side, tall - metrics.u(6))
            here = number == len(pad.shown)
            draw_card(painter, self.kit, box, metrics.u(10), theme.c("card"), theme.c("accent" if here else "line"),
                      metrics.u(5 if here else 2), shadow=False)
            if number < len(pad.shown):
                draw_block(painter, block(pad.shown[number], int(side) + 40, px, True, 1.0), box, theme.c("ink"),
                           Qt.AlignmentFlag.AlignHCenter, centred=True)
            x += side + gap

    def _draw_line(self, painter: QPainter, pad: Pad) -> None:
        metrics, theme = self.kit.metrics, self.kit.theme
        edge = metrics.u(3)
        box = QRectF(edge, edge, self.width() - 2 * edge, self._box_height(self._plan) - 2 * edge)
        draw_card(painter, self.kit, box, metrics.u(16), theme.c("card"), theme.c("accent"), metrics.u(4), shadow=False)
        px = metrics.em(Type.SENTENCE, self._plan.squeeze)
        laid = block(pad.shown, int(box.width()) - metrics.u(48), px, True, 1.0)
        while px > metrics.floor and len(laid.lines) > 1:
            px -= 1
            laid = block(pad.shown, int(box.width()) - metrics.u(48), px, True, 1.0)
        draw_block(painter, laid, box.adjusted(metrics.u(24), 0, -metrics.u(24), 0), theme.c("ink"),
                   Qt.AlignmentFlag.AlignHCenter, centred=True)
        x = box.center().x() + laid.width / 2 + metrics.u(8)
        painter.setPen(QPen(theme.c("accent"), metrics.u(4)))
        painter.drawLine(int(x), int(box.top() + box.height() * 0.22), int(x), int(box.bottom() - box.height() * 0.22))


class KeypadPage(Page):
    def make_exhibit(self, window: QWidget) -> Exhibit:
        return PadDisplay(self.kit, window)

    def make_actions(self, window: QWidget) -> ChoiceRows:
        grid = KeyGrid(self.kit, window)
        grid.typed.connect(self.typed)
        return grid

    def show_view(self, view: View) -> None:
        super().show_view(view)
        assert isinstance(self.exhibit, PadDisplay)
        assert isinstance(self.actions, KeyGrid)
        pad = view.pad or Pad("", ())
        self.exhibit.show_pad(pad)
        self.actions.show_keys(pad.keys)

    @property
    def has_actions(self) -> bool:
        return True

    @property
    def lines(self) -> int:
        return len(self.actions.targets()) // COLUMNS + 1
