"""Nobody is here: an invitation that can be read from three metres."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import View
from kiosk.ui.buttons import RING, KioskButton
from kiosk.ui.exhibit import Exhibit
from kiosk.ui.kit import Kit, Plan, draw_card, draw_focus
from kiosk.ui.metrics import Type
from kiosk.ui.rows import ChoiceRows
from kiosk.ui.screens.page import Page
from kiosk.ui.text import Block, block, draw_block

EXAMPLE_MS = 6000


class Invitation(KioskButton):
    """One huge button: "按这里或直接说话"."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, "start", parent)
        self.say(kit.words.other["invite"])

    def say(self, words: str) -> None:
        self.words = words
        self.setAccessibleName(words.replace("\n", ""))
        self.update()

    def blocks(self) -> list[tuple[Block, QRectF]]:
        metrics = self.kit.metrics
        inset = metrics.u(28)
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        px = metrics.em(Type.HERO)
        laid = block(self.words, 100_000, px, True, 1.24)
        while px > metrics.floor and (laid.width > box.width() - metrics.u(20) or laid.height > box.height()):
            px -= 1
            laid = block(self.words, 100_000, px, True, 1.24)
        return [(laid, box)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics, theme = self.kit.metrics, self.kit.theme
        margin = metrics.u(RING)
        box = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        radius = metrics.u(20 if self.shows_focus else 56)
        fill = theme.c("accent").darker(115) if self.isDown() else theme.c("accent")
        draw_card(painter, self.kit, box, radius, fill)
        if self.shows_focus:
            draw_focus(painter, self.kit, box, radius)
        (laid, text_box), = self.blocks()
        draw_block(painter, laid, text_box, theme.c("on_accent"), Qt.AlignmentFlag.AlignHCenter, centred=True)
        painter.end()


class Examples(Exhibit):
    """What one can say, one example at a time, in a speech bubble."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent=parent)
        self._lines: tuple[str, ...] = kit.words.examples["lines"]
        self._at = 0
        self._quiet = False
        self._timer = QTimer(self)
        self._timer.setInterval(EXAMPLE_MS)
        self._timer.timeout.connect(self._next)
        self._tell()

    @property
    def empty(self) -> bool:
        return not self._lines

    def show_lines(self, lines: tuple[str, ...]) -> None:
        if lines != self._lines:
            self._lines, self._at = lines, 0
            self._tell()

    def set_quiet(self, quiet: bool) -> None:
        """Show no example."""
        if quiet != self._quiet:
            self._quiet = quiet
            self._tell()

    def _next(self) -> None:
        self._at = (self._at + 1) % max(1, len(self._lines))
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleName(self.kit.words.other["for_example"] + self._text if self._text else "")
        self.update()

    @property
    def _text(self) -> str:
        return f"“{self._lines[self._at]}”" if self._lines and not self._quiet else ""

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def needed(self, width: int, plan: Plan) -> int:
        metrics = self.kit.metrics
        small, large = metrics.em(Type.HELP, plan.squeeze), metrics.em(Type.LABEL, plan.squeeze)
        return round(small * 1.3 + large * 1.3) + metrics.u(plan.mix(8, 40))

    def most(self, width: int, plan: Plan) -> int:
        return self.needed(width, plan)

    def blocks(self) -> list[tuple[Block, QRectF]]:
        if not self._text:
            return []
        metrics = self.kit.metrics
        lead = block(self.kit.words.other["for_example"], self.width(), metrics.em(Type.HELP, self._plan.squeeze))
        px = metrics.em(Type.LABEL, self._plan.loud)
        laid = block(self._text, self.width(), px, True)
        while px > metrics.floor and (laid.height + lead.height > self.height() or len(laid.lines) > 1):
            px -= 1
            laid = block(self._text, self.width(), px, True)
        y = (self.height() - lead.height - laid.height) / 2
        return [(lead, QRectF(0, y, self.width(), lead.height)),
                (laid, QRectF(0, y + lead.height, self.width(), laid.height))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (laid, box) in enumerate(self.blocks()):
            colour = self.kit.theme.c("ink" if number else "quiet")
            draw_block(painter, laid, box, colour, Qt.AlignmentFlag.AlignHCenter)
        painter.end()


class InvitationRows(ChoiceRows):
    """The invitation stands for the first choice; touching it says that choice's id, or "start"."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self.invitation = Invitation(kit, self)
        self.invitation.chosen.connect(self.chosen)

    def targets(self) -> list[KioskButton]:
        return [self.invitation, *self.rows]

    def needed(self, width: int, plan: Plan) -> int:
        rows = super().needed(width, plan) if self.rows else 0
        return rows + self.kit.metrics.u(plan.mix(260, 440))

    def arrange(self) -> None:
        rows = ChoiceRows.needed(self, self.width(), self._plan) if self.rows else 0
        self.invitation.setGeometry(0, 0, self.width(), self.height() - rows)
        y = self.height() - rows
        for row, height in zip(self.rows, self._heights(self.width(), self._plan), strict=True):
            row.setGeometry(0, y, self.width(), height)
            y += height + self._gap(self._plan)


class AttractPage(Page):
    """Examples are the lines of View.help, or the screen's own."""

    hero = True

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Examples(self.kit, window)

    def make_actions(self, window: QWidget) -> ChoiceRows:
        return InvitationRows(self.kit, window)

    def show_view(self, view: View) -> None:
        assert isinstance(self.exhibit, Examples)
        assert isinstance(self.actions, InvitationRows)
        self.actions.invitation.name = view.choices[0].id if view.choices else "start"
        self.actions.show_choices(view.choices[1:])
        given = tuple(line for line in view.help.split("\n") if line)
        self.exhibit.show_lines(given or self.kit.words.examples["lines"])

    def show_hearing(self, able: bool) -> None:
        """A kiosk that cannot hear does not invite to speak."""
        assert isinstance(self.exhibit, Examples)
        assert isinstance(self.actions, InvitationRows)
        self.actions.invitation.say(self.kit.words.other["invite" if able else "invite_deaf"])
        self.exhibit.set_quiet(not able)

    @property
    def has_actions(self) -> bool:
        return True
