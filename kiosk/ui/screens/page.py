"""A page: what one kind of screen shows between the words of the guide and the bottom strip.

It has two parts, which the window places: the exhibit (something to read or look at) and the actions (something to
touch). Portrait puts them one below the other, landscape the exhibit under the words and the actions beside them.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import View
from kiosk.ui.buttons import KioskButton
from kiosk.ui.exhibit import Exhibit
from kiosk.ui.kit import Kit
from kiosk.ui.rows import ChoiceRows


class Page(QObject):
    """Base: the facts of the view as a sheet, its choices as rows.

    chosen  id of a touched choice        typed  character of a touched pad key
    """

    chosen = Signal(str)
    typed = Signal(str)
    #: The guide is large and the page covers the whole middle of the screen.
    hero = False
    #: In landscape the exhibit stands with the choices rather than under the words.
    exhibit_with_actions = False

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__(window)
        self.kit = kit
        self.exhibit = self.make_exhibit(window)
        self.actions = self.make_actions(window)
        self.actions.chosen.connect(self.chosen)
        self.set_visible(False)

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Exhibit(self.kit, parent=window)

    def make_actions(self, window: QWidget) -> ChoiceRows:
        return ChoiceRows(self.kit, window)

    def show_view(self, view: View) -> None:
        self.exhibit.show_rows(view.rows)
        self.actions.show_choices(view.choices)

    def show_hearing(self, able: bool) -> None:
        """The ears have become usable or were lost."""

    @property
    def has_exhibit(self) -> bool:
        return not self.exhibit.empty

    @property
    def has_actions(self) -> bool:
        return bool(self.actions.rows)

    @property
    def lines(self) -> int:
        """Rows of things to touch, one above the other."""
        return max(1, len(self.actions.rows))

    def targets(self) -> list[KioskButton]:
        """What View.focus counts."""
        return self.actions.targets()

    def set_visible(self, visible: bool) -> None:
        self.exhibit.setVisible(visible and self.has_exhibit)
        self.actions.setVisible(visible and self.has_actions)
