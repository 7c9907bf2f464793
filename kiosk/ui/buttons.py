"""Everything that can be touched."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.dialogue.view import Choice, Role
from kiosk.ui.icons import draw_icon, icon_names
from kiosk.ui.kit import Kit, Plan, draw_card, draw_focus
from kiosk.ui.metrics import Type
from kiosk.ui.text import Block, block, draw_block

#: Room around a button's card for the focus ring, in reference pixels.
RING = 16
ROLE_ICON = {Role.YES: "yes", Role.NO: "no"}


class KioskButton(QAbstractButton):
    """Base: focus by Tab only (a touch leaves no ring behind), `chosen` with the button's id."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self.name = kit, name
        self.pointed = False
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space presses; all other keys are the window's (Qt would move the focus with the arrows)."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _tell(self) -> None:
        self.chosen.emit(self.name)

    def point(self, pointed: bool) -> None:
        """The five-key focus is here."""
        self.pointed = pointed
        self.update()

    @property
    def shows_focus(self) -> bool:
        return self.pointed or self.hasFocus()

    def sizeHint(self) -> QSize:
        side = self.kit.metrics.target
        return QSize(side, side)

    def blocks(self) -> list[tuple[Block, QRectF]]:
        """The texts as drawn now and the boxes they must stay in, for the fit test."""
        return []


class BigRow(KioskButton):
    """One choice: icon, label, one line of help, and the number that voice and keys call it, in a ring."""

    def __init__(self, kit: Kit, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(kit, choice.id, parent)
        self.choice = choice
        self._plan = Plan()
        number = kit.words.other["number"].format(number=choice.number) if choice.number else ""
        self.setAccessibleName(choice.label)
        self.setAccessibleDescription("，".join(part for part in (number, choice.help) if part))

    # ------------------------------------------------------------ sizes

    @property
    def symbol(self) -> str:
        name = self.choice.icon or ROLE_ICON.get(self.choice.role, "")
        return name if name in icon_names() else ""

    def _layout(self, width: int, plan: Plan) -> tuple[float, float, Block, Block | None, float]:
        """Left and right edge of the text within the card, its blocks, and the vertical padding."""
        metrics = self.kit.metrics
        pad = metrics.u(32)
        left = pad + (metrics.u(plan.mix(64, 84)) + metrics.u(28) if self.symbol else 0)
        right = pad + (self._ring(plan) + metrics.u(20) if self.choice.number else 0)
        room = int(width - 2 * metrics.u(RING) - left - right)
        label = block(self.choice.label, room, metrics.em(Type.LABEL, plan.loud), True)
        help_text = None
        if self.choice.help and plan.help:
            help_text = block(self.choice.help, room, metrics.em(Type.HELP, plan.squeeze))
        return left, right, label, help_text, metrics.u(plan.mix(12, 26))

    def _ring(self, plan: Plan) -> float:
        return math.ceil(self.kit.metrics.em(Type.HELP, plan.squeeze) * 1.55)

    def needed(self, width: int, plan: Plan) -> int:
        metrics = self.kit.metrics
        _, _, label, help_text, pad = self._layout(width, plan)
        text = label.height + (help_text.height + metrics.u(4) if help_text else 0)
        card = max(text + 2 * pad, metrics.target, metrics.u(plan.mix(100, 164)))
        return math.ceil(card) + 2 * metrics.u(RING)

    def settle(self, plan: Plan) -> None:
        self._plan = plan
        self.update()

    def card(self) -> QRectF:
        margin = self.kit.metrics.u(RING)
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def blocks(self) -> list[tuple[Block, QRectF]]:
        metrics = self.kit.metrics
        left, right, label, help_text, _ = self._layout(self.width(), self._plan)
        card = self.card()
        gap = metrics.u(4) if help_text else 0
        height = label.height + gap + (help_text.height if help_text else 0)
        top = card.top() + (card.height() - height) / 2
        width = card.width() - left - right
        placed = [(label, QRectF(card.left() + left, top, width, label.height))]
        if help_text:
            placed.append((help_text, QRectF(card.left() + left, top + label.height + gap, width, help_text.height)))
        return placed

    # ------------------------------------------------------------ drawing

    def _colours(self) -> tuple[QColor, QColor, QColor, QColor]:
        """Fill, edge, text, icon."""
        theme = self.kit.theme
        if self.choice.role is Role.LIKELY:
            return theme.c("accent"), theme.c("accent"), theme.c("on_accent"), theme.c("on_accent")
        if self.choice.role is Role.YES:
            return theme.c("yes"), theme.c("yes"), theme.c("on_yes"), theme.c("on_yes")
        icon = theme.c("stop" if self.symbol == "no" else "accent")
        return theme.c("card"), theme.c("line"), theme.c("ink"), icon

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = self.kit.metrics
        card = self.card()
        radius = metrics.u(10 if self.shows_focus else 28)
        fill, edge, ink, icon = self._colours()
        if self.isDown():
            card.translate(0, metrics.u(3))
            fill = fill.darker(112)
        draw_card(painter, self.kit, card, radius, fill, edge, metrics.u(2), shadow=not self.isDown())
        if self.shows_focus:
            draw_focus(painter, self.kit, card, radius)
        if self.symbol:
            side = metrics.u(self._plan.mix(64, 84))
            box = QRectF(card.left() + metrics.u(32), card.center().y() - side / 2, side, side)
            draw_icon(painter, self.symbol, box, icon)
        drop = metrics.u(3) if self.isDown() else 0
        for number, (laid, box) in enumerate(self.blocks()):
            quiet = number == 1 and self.choice.role in (Role.NORMAL, Role.NO)
            draw_block(painter, laid, box.translated(0, drop), self.kit.theme.c("quiet") if quiet else ink)
        if self.choice.number:
            self._draw_number(painter, card, ink)
        painter.end()

    def _draw_number(self, painter: QPainter, card: QRectF, ink: QColor) -> None:
        metrics = self.kit.metrics
        side = self._ring(self._plan)
        ring = QRectF(card.right() - metrics.u(30) - side, card.center().y() - side / 2, side, side)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, max(2, metrics.u(3))))
        painter.drawEllipse(ring)
        px = metrics.em(Type.HELP, self._plan.squeeze)
        draw_block(painter, block(str(self.choice.number), int(side), px, True, 1.0), ring, ink,
                   Qt.AlignmentFlag.AlignHCenter, centred=True)


class StripButton(KioskButton):
    """A button of the bottom strip: icon above one short label."""

    def __init__(self, kit: Kit, name: str, label: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(kit, name, parent)
        self.label, self.symbol = label, icon
        self.setAccessibleName(label)

    def _beside(self) -> bool:
        return self.width() > self.height() * 2.4

    def blocks(self) -> list[tuple[Block, QRectF]]:
        metrics = self.kit.metrics
        box = QRectF(self.rect()).adjusted(metrics.u(8), metrics.u(8), -metrics.u(8), -metrics.u(8))
        px = metrics.em(Type.STRIP)
        if self._beside():
            side = metrics.u(52)
            room = int(box.width() - side - metrics.u(40))
            laid = block(self.label, room, px, True)
            width = side + metrics.u(16) + laid.width
            left = box.center().x() - width / 2 + side + metrics.u(16)
            return [(laid, QRectF(left, box.top(), laid.width + 1, box.height()))]
        laid = block(self.label, int(box.width()), px, True)
        return [(laid, QRectF(box.left(), box.bottom() - laid.height - metrics.u(6), box.width(), laid.height))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, theme = self.kit.metrics, self.kit.theme
        margin = metrics.u(6)
        box = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        radius = metrics.u(8 if self.shows_focus else 24)
        if self.isDown():
            draw_card(painter, self.kit, box, radius, theme.c("hairline"), None, shadow=False)
        if self.shows_focus:
            inset = metrics.u(10)
            draw_focus(painter, self.kit, box.adjusted(inset, inset, -inset, -inset), radius)
        (laid, text_box), = self.blocks()
        draw_block(painter, laid, text_box, theme.c("ink"), Qt.AlignmentFlag.AlignHCenter, centred=self._beside())
        side = metrics.u(52)
        if self._beside():
            icon = QRectF(text_box.left() - metrics.u(16) - side, box.center().y() - side / 2, side, side)
        else:
            above = text_box.top() - box.top()
            icon = QRectF(box.center().x() - side / 2, box.top() + (above - side) / 2 + metrics.u(4), side, side)
        draw_icon(painter, self.symbol, icon, theme.c("accent"))
        painter.end()


class ToolButton(KioskButton):
    """A small button of the top strip: an icon (or one character) and how far it is turned up, as dots."""

    def __init__(self, kit: Kit, name: str, icon: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(kit, name, parent)
        self.symbol, self.level, self.count = icon, 0, 3
        self.setAccessibleName(label)

    def show_level(self, level: int, count: int, description: str) -> None:
        self.level, self.count = level, count
        self.setAccessibleDescription(description)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, theme = self.kit.metrics, self.kit.theme
        margin = metrics.u(3)
        box = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        radius = metrics.u(6 if self.shows_focus else 20)
        fill = theme.c("hairline") if self.isDown() else theme.c("card")
        draw_card(painter, self.kit, box, radius, fill, theme.c("line"), metrics.u(2), shadow=False)
        if self.shows_focus:
            inset = metrics.u(14)
            draw_focus(painter, self.kit, box.adjusted(inset, inset, -inset, -inset), metrics.u(4))
        side = box.height() * 0.6
        picture = QRectF(box.center().x() - side / 2, box.top() + box.height() * 0.09, side, side)
        if len(self.symbol) == 1:
            draw_block(painter, block(self.symbol, 1000, metrics.floor, True, 1.0), picture, theme.c("ink"),
                       Qt.AlignmentFlag.AlignHCenter, centred=True)
        else:
            draw_icon(painter, self.symbol, picture, theme.c("ink"))
        dot = metrics.u(9)
        gap = dot * 0.9
        left = box.center().x() - (self.count * dot + (self.count - 1) * gap) / 2
        for number in range(self.count):
            spot = QRectF(left + number * (dot + gap), box.bottom() - metrics.u(18), dot, dot)
            painter.setPen(QPen(theme.c("ink"), max(1.0, metrics.unit * 1.5)))
            painter.setBrush(theme.c("ink") if number < self.level else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(spot)
        painter.end()
