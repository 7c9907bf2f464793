"""The choices of a view as large rows of equal height."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import Choice
from kiosk.ui.buttons import BigRow, KioskButton
from kiosk.ui.kit import Kit, Plan


class ChoiceRows(QWidget):
    chosen = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.rows: list[BigRow] = []
        self._shown: tuple[Choice, ...] = ()
        self._plan = Plan()

    def show_choices(self, choices: tuple[Choice, ...]) -> None:
        """Rows that stay the same are kept, so that a touch under way is not lost."""
        if choices == self._shown:
            return
        self._shown = choices
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [BigRow(self.kit, choice, self) for choice in choices]
        for row in self.rows:
            row.chosen.connect(self.chosen)
            row.show()
        self.arrange()

    def targets(self) -> list[KioskButton]:
        return list(self.rows)

    def _gap(self, plan: Plan) -> int:
        return self.kit.metrics.u(plan.mix(1, 4))

    def _heights(self, width: int, plan: Plan) -> list[int]:
        heights = [row.needed(width, plan) for row in self.rows]
        return [max(heights)] * len(heights) if heights and plan.air > 0 else heights

    def needed(self, width: int, plan: Plan) -> int:
        heights = self._heights(width, plan)
        return sum(heights) + self._gap(plan) * max(0, len(heights) - 1)

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
        heights, gap = self._heights(self.width(), self._plan), self._gap(self._plan)
        spare = max(0, self.height() - sum(heights) - gap * (len(heights) - 1))
        extra = spare // len(heights)
        y = 0
        for row, height in zip(self.rows, heights, strict=True):
            row.setGeometry(0, y, self.width(), height + extra)
            y += height + extra + gap
