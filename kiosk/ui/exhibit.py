"""What a page shows to be read: a picture, a sheet of facts, or both side by side."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import Row
from kiosk.ui.facts import FactSheet
from kiosk.ui.kit import Kit, Plan
from kiosk.ui.pictures import Picture


class Exhibit(QWidget):
    """`least` and `tallest` are how tall the picture must and may be, in reference pixels; `share` its part of the
    width beside facts; an `optional` picture is left away where it would crowd the facts."""

    def __init__(self, kit: Kit, picture: Picture | None = None, tallest: int = 420, share: float = 0.3,
                 optional: bool = True, least: int = 150,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self.picture, self.tallest, self.share, self.optional, self.least = (
            kit, picture, tallest, share, optional, least)
        self.sheet = FactSheet(kit, self)
        self._plan = Plan()
        if picture is not None:
            picture.setParent(self)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        self.sheet.show_rows(rows)
        self.sheet.setVisible(bool(rows))
        self.arrange()

    @property
    def has_rows(self) -> bool:
        return bool(self.sheet.rows)

    @property
    def empty(self) -> bool:
        return not self._has_picture and not self.has_rows

    @property
    def _has_picture(self) -> bool:
        return self.picture is not None and not self.picture.empty

    def _aside(self, width: int) -> int:
        """What the picture takes of the width when it stands beside facts."""
        return int(width * self.share) + self.kit.metrics.u(24)

    def _pictured(self, width: int, plan: Plan) -> bool:
        """Dense screens keep the facts and leave the picture away, if it says nothing of its own."""
        if not self._has_picture or not self.has_rows:
            return self._has_picture
        if not self.optional:
            return True
        beside, alone = (self.sheet.needed(room, plan) for room in (width - self._aside(width), width))
        return plan.figure > 0 and beside <= alone

    def _sheet_left(self, width: int, plan: Plan) -> int:
        return self._aside(width) if self._pictured(width, plan) else 0

    def needed(self, width: int, plan: Plan) -> int:
        rows = self.sheet.needed(width - self._sheet_left(width, plan), plan)
        if not self._pictured(width, plan):
            return rows
        return max(rows, self.kit.metrics.u(plan.mix(self.least, max(self.least, self.tallest * 0.7))))

    def most(self, width: int, plan: Plan) -> int:
        """The height beyond which more room is of no use."""
        picture = self.kit.metrics.u(self.tallest) if self._pictured(width, plan) else 0
        return max(picture, self.needed(width, plan) + self.kit.metrics.u(24) * len(self.sheet.rows))

    def settle(self, plan: Plan) -> None:
        self._plan = plan
        self.sheet.settle(plan)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()

    def arrange(self) -> None:
        left = self._sheet_left(self.width(), self._plan)
        if self.picture is not None:
            self.picture.setVisible(self._pictured(self.width(), self._plan))
            width = left - self.kit.metrics.u(24) if self.has_rows else self.width()
            self.picture.setGeometry(0, 0, width, self.height())
        if self.has_rows:
            height = min(self.height(), self.sheet.needed(self.width() - left, self._plan)
                         + self.kit.metrics.u(24) * len(self.sheet.rows))
            self.sheet.setGeometry(left, (self.height() - height) // 2, self.width() - left, height)
