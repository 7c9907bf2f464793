"""The pages that are a picture, facts and choices in different measure."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kiosk.dialogue.view import View
from kiosk.ui.exhibit import Exhibit
from kiosk.ui.pictures import Picture, draw_bell, draw_done, draw_printer, draw_reader, draw_tea, draw_way
from kiosk.ui.screens.page import Page


class ChoicesPage(Page):
    """A question with up to four large rows."""


class FactsPage(Page):
    """Facts to read or confirm."""


class IdentifyPage(Page):
    """Put your card here."""

    exhibit_with_actions = True

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Exhibit(self.kit, Picture(self.kit, draw_reader, "把身份证放在读卡的地方", 7.2), 520, parent=window)


class PreviewPage(Page):
    """The paper as it will be printed."""

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Exhibit(self.kit, Picture(self.kit, None, "要打印的纸"), 900, 0.42, False, 320, parent=window)

    def show_view(self, view: View) -> None:
        super().show_view(view)
        assert self.exhibit.picture is not None
        self.exhibit.picture.show_page(view.document)


class WorkingPage(Page):
    """Something is being done."""

    exhibit_with_actions = True

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Exhibit(self.kit, Picture(self.kit, draw_tea, "请稍等", 3600.0), 500, parent=window)

    def show_view(self, view: View) -> None:
        super().show_view(view)
        assert self.exhibit.picture is not None
        if view.picture == "print":
            self.exhibit.picture.show_drawing(draw_printer, "正在打印")
        else:
            self.exhibit.picture.show_drawing(draw_tea, "请稍等")


class DonePage(Page):
    """What was done, what happens next, what to take along."""

    exhibit_with_actions = True

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Exhibit(self.kit, Picture(self.kit, draw_done, "办好了"), 480, parent=window)


class StaffPage(Page):
    """Somebody has been called."""

    exhibit_with_actions = True

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Exhibit(self.kit, Picture(self.kit, draw_bell, "已经叫了工作人员"), 460, parent=window)


class TroublePage(Page):
    """Cannot go on."""

    exhibit_with_actions = True

    def make_exhibit(self, window: QWidget) -> Exhibit:
        return Exhibit(self.kit, Picture(self.kit, draw_way, "路牌"), 420, parent=window)
