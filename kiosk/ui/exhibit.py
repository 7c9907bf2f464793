"""What a page shows to be read: a picture, a sheet of facts, or both side by side."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import Row
from kiosk.ui.facts import FactSheet
from kiosk.ui.kit import Kit, Plan
from kiosk.ui.pictures import Picture

#: Room beyond the facts, in reference pixels, from which on the picture stands above them instead of beside them.
ROOMY = 380


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
        width, height = self.width(), self.height()
        pictured, unit = self._pictured(width, self._plan), self.kit.metrics.u
        if self.picture is not None:
            self.picture.setVisible(pictured)
        if not self.has_rows:
            if self.picture is not None:
                self.picture.setGeometry(self.rect())
            return
        alone = self.sheet.needed(width, self._plan) + unit(24) * len(self.sheet.rows)
        if pictured and self.picture is not None and height - alone > unit(ROOMY):
            picture = min(height - alone - unit(24), unit(self.tallest))  # room enough for one above the other
            top = (height - picture - unit(24) - alone) // 2
            self.picture.setGeometry(0, top, width, picture)
            self.sheet.setGeometry(0, top + picture + unit(24), width, alone)
            return
        left = self._sheet_left(width, self._plan)
        tall = min(height, self.sheet.needed(width - left, self._plan) + unit(24) * len(self.sheet.rows))
        self.sheet.setGeometry(left, (height - tall) // 2, width - left, tall)
        if self.picture is not None:
            self.picture.setGeometry(0, 0, max(0, left - unit(24)), height)
