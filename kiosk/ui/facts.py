"""Label and value rows on a sheet of paper: amounts, names, what to take along."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import Row
from kiosk.ui.kit import Kit, Plan, draw_card
from kiosk.ui.metrics import Type
from kiosk.ui.text import Block, advance, block, draw_block

#: Text, its place, its colour, its side.
Placed = tuple[Block, QRectF, str, Qt.AlignmentFlag]


class FactRow(QWidget):
    """One fact. Label left and value right when both fit on one line, else one above the other."""

    def __init__(self, kit: Kit, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self.row = kit, row
        self._plan = Plan()
        spoken = f"{row.label}：{row.value}" if row.label else row.value
        self.setAccessibleName(spoken + (f"，{row.words}" if row.words else ""))

    def _parts(self, width: int, plan: Plan) -> tuple[Block | None, Block, Block | None, bool]:
        """Label, value, words, and whether label and value share a line."""
        metrics = self.kit.metrics
        small = metrics.em(Type.HELP, plan.squeeze)
        big = metrics.em(Type.FIGURE if self.row.large else Type.VALUE, plan.squeeze)
        while self.row.large and big > small and advance(self.row.value, big) > width:
            big -= 1
        label = block(self.row.label, width, small) if self.row.label else None
        gap = metrics.u(32)
        beside = label is not None and (advance(self.row.label, small) + gap
                                        + advance(self.row.value, big)) <= width
        value = block(self.row.value, width, big, True)
        words = block(self.row.words, width - self._key(), small) if self.row.words else None
        return label, value, words, beside or label is None

    def _bar(self, plan: Plan) -> int:
        """Height of the bar with the room below it."""
        return self.kit.metrics.u(plan.mix(38, 56)) if self.row.bar else 0

    def _key(self) -> int:
        """Width of the small hatched square that says which part of the bar the words are about."""
        return self.kit.metrics.u(46) if self.row.bar else 0

    def _height(self, width: int, plan: Plan) -> int:
        label, value, words, beside = self._parts(width, plan)
        below = (words.height if words else 0) + (label.height if label and not beside else 0)
        return value.height + below + self._bar(plan)

    def needed(self, width: int, plan: Plan) -> int:
        return self._height(width, plan) + 2 * self.kit.metrics.u(plan.mix(4, 14))

    def settle(self, plan: Plan) -> None:
        self._plan = plan
        self.update()

    def blocks(self) -> list[tuple[Block, QRectF]]:
        return [(laid, box) for laid, box, _, _ in self._placed()]

    def _placed(self) -> list[Placed]:
        width = self.width()
        label, value, words, beside = self._parts(width, self._plan)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        y = (self.height() - self._height(width, self._plan)) / 2
        placed: list[Placed] = []
        if label and not beside:
            placed.append((label, QRectF(0, y, width, label.height), "quiet", left))
            y += label.height
        elif label:
            middle = y + (value.height - label.height) / 2
            placed.append((label, QRectF(0, middle, width, label.height), "quiet", left))
        side = right if beside and label else left
        placed.append((value, QRectF(0, y, width, value.height), "ink", side))
        if words:
            key, top = self._key(), y + value.height + self._bar(self._plan)
            placed.append((words, QRectF(key, top, width - key, words.height), "quiet", left if key else side))
        return placed

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        placed = self._placed()
        for laid, box, role, across in placed:
            draw_block(painter, laid, box, self.kit.theme.c(role), across)
        if self.row.bar:
            self._draw_bar(painter, placed)
        painter.end()

    def _draw_bar(self, painter: QPainter, placed: list[Placed]) -> None:
        """Solid, then hatched: told apart without colours."""
        unit, theme = self.kit.metrics.u, self.kit.theme
        value = placed[-2 if self.row.words else -1][1]
        tall = self._bar(self._plan) - unit(12)
        x, solid = 0.0, True
        for share in self.row.bar:
            part = QRectF(x, value.bottom(), max(unit(4), share * self.width()), tall)
            if solid:
                painter.fillRect(part, theme.c("accent"))
            else:
                draw_hatched(painter, part, theme.c("ink"), theme.c("card"), unit(12))
            x, solid = part.right(), not solid
        if self.row.words:
            first = placed[-1][1]
            side = unit(30)
            square = QRectF(0, first.y() + (first.height() / max(1, len(placed[-1][0].lines)) - side) / 2, side, side)
            draw_hatched(painter, square, theme.c("ink"), theme.c("card"), unit(12))


def draw_hatched(painter: QPainter, box: QRectF, ink: QColor, ground: QColor, step: int) -> None:
    """A framed box with slanting lines."""
    painter.save()
    painter.fillRect(box, ground)
    painter.setClipRect(box)
    painter.setPen(QPen(ink, step / 3))
    x = box.left() - box.height()
    while x < box.right():
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        x += step
    painter.restore()
    painter.setPen(QPen(ink, max(1.5, step / 5)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


class FactSheet(QWidget):
    """The rows on one white card, a hairline between them."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.rows: list[FactRow] = []
        self._shown: tuple[Row, ...] = ()
        self._plan = Plan()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        if rows == self._shown:
            return
        self._shown = rows
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = [FactRow(self.kit, row, self) for row in rows]
        for row in self.rows:
            row.show()
        self.setAccessibleName("，".join(row.accessibleName() for row in self.rows))
        self.arrange()

    def _pads(self, plan: Plan) -> tuple[int, int]:
        metrics = self.kit.metrics
        return metrics.u(36), metrics.u(plan.mix(8, 20))

    def needed(self, width: int, plan: Plan) -> int:
        if not self.rows:
            return 0
        across, down = self._pads(plan)
        return sum(row.needed(width - 2 * across, plan) for row in self.rows) + 2 * down

    def settle(self, plan: Plan) -> None:
        self._plan = plan
        for row in self.rows:
            row.settle(plan)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()

    def arrange(self) -> None:
        if not self.rows:
            return
        across, down = self._pads(self._plan)
        width = self.width() - 2 * across
        heights = [row.needed(width, self._plan) for row in self.rows]
        spare = max(0, self.height() - 2 * down - sum(heights))
        extra = min(spare // len(heights), self.kit.metrics.u(24))
        y = down + (spare - extra * len(heights)) / 2
        for row, height in zip(self.rows, heights, strict=True):
            row.setGeometry(across, math.floor(y), width, height + extra)
            y += height + extra
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.rows:
            return
        painter = QPainter(self)
        metrics, theme = self.kit.metrics, self.kit.theme
        box = QRectF(self.rect()).adjusted(0, 0, 0, -metrics.u(6))
        draw_card(painter, self.kit, box, metrics.u(20), theme.c("card"), theme.c("hairline"), metrics.u(2))
        across, _ = self._pads(self._plan)
        painter.setPen(QPen(theme.c("hairline"), metrics.u(2)))
        for row in self.rows[1:]:
            painter.drawLine(across, row.y(), self.width() - across, row.y())
        painter.end()
