"""The one window: shows a View in a Manner, tells the bridge what was touched and which key was pressed.

    window = KioskWindow(bridge, ScreenOptions(hall="…"))
    window.open_on(QGuiApplication.primaryScreen())     # or window.open_at(540, 960) for development
    window.show_view(view)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from kiosk.dialogue.events import Manner
from kiosk.dialogue.view import Screen, View
from kiosk.ports.devices import Key
from kiosk.ports.ears import EarReport
from kiosk.ui.bridge import Bridge
from kiosk.ui.buttons import KioskButton
from kiosk.ui.curtain import Curtain
from kiosk.ui.guide import Guide
from kiosk.ui.hearing import HearingBar
from kiosk.ui.kit import PLANS, Kit
from kiosk.ui.metrics import Metrics, Type, pitch
from kiosk.ui.placing import Parts, Placer
from kiosk.ui.screens import PAGES
from kiosk.ui.screens.page import Page
from kiosk.ui.strips import BottomStrip, Notice, TopStrip
from kiosk.ui.text import LEADING, TextLabel
from kiosk.ui.theme import load_theme, stylesheet
from kiosk.ui.words import words

KEYS = {Qt.Key.Key_Left: Key.LEFT, Qt.Key.Key_Right: Key.RIGHT, Qt.Key.Key_Up: Key.UP, Qt.Key.Key_Down: Key.DOWN,
        Qt.Key.Key_Return: Key.SELECT, Qt.Key.Key_Enter: Key.SELECT, Qt.Key.Key_F1: Key.HELP,
        Qt.Key.Key_PageUp: Key.LOUDER, Qt.Key.Key_PageDown: Key.QUIETER}
#: Touches this soon after the screen has changed were meant for the screen before (an unsteady hand taps twice).
GUARD_MS = 350
#: Silence that is longer than a pause between two sentences: the kiosk has finished talking.
QUIET_MS = 1500
#: At most so many characters in a line of the spoken sentence (design.md).
SENTENCE_CHARS = 14


@dataclass(frozen=True)
class ScreenOptions:
    """hall        name in the top strip
    mm_per_px   pixel pitch, 0 asks the screen (see metrics.pitch)
    hand_mm     eye distance with the hand on the screen
    guide, reduced_motion   the site's own wish; a Manner can only ask for less motion and for no guide
    production  the window cannot be closed by the visitor, the pointer is hidden
    guard_ms    see GUARD_MS
    """

    hall: str = "住房公积金"
    mm_per_px: float = 0.0
    hand_mm: float = 600.0
    theme: str = "paper"
    guide: bool = True
    reduced_motion: bool = False
    production: bool = False
    guard_ms: int = GUARD_MS


def announce(widget: QWidget, text: str) -> None:
    """Tell a screen reader, if one is attached."""
    if text:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class KioskWindow(QWidget):
    def __init__(self, bridge: Bridge, options: ScreenOptions | None = None) -> None:
        super().__init__()
        self.bridge, self.options = bridge, options or ScreenOptions()
        self.kit = Kit(load_theme(self.options.theme), Metrics.model(1080, 1920), words(),
                       motion=not self.options.reduced_motion, guide=self.options.guide)
        self._model = True
        self._mm_per_px = 0.0
        self.view = View(Screen.ATTRACT)
        self.plan = PLANS[0]
        self._pages: dict[Screen, Page] = {}
        self._since_change = QElapsedTimer()
        self.setObjectName("kiosk")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWindowTitle("乡音")
        self.setAccessibleName(self.options.hall)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if self.options.production:
            self.setCursor(Qt.CursorShape.BlankCursor)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._fell_silent)
        self._build()
        self.show_manner(Manner(theme=self.options.theme))
        self.show_view(self.view)
        self.setFocus()

    def _build(self) -> None:
        kit = self.kit
        self.top = TopStrip(kit, self.options.hall, self)
        self.notice = Notice(kit, self)
        self.guide = Guide(kit, self)
        self.sentence = TextLabel(kit, Type.SENTENCE, bold=True, longest=SENTENCE_CHARS, leading=LEADING, centred=True,
                                  parent=self)
        self.help = TextLabel(kit, Type.HELP, "quiet", longest=22, centred=True, parent=self)
        self.hearing = HearingBar(kit, self)
        self.bottom = BottomStrip(kit, self)
        self.curtain = Curtain(kit, self)
        self.top.chosen.connect(self._chosen)
        self.bottom.chosen.connect(self._chosen)
        self.curtain.touched.connect(self._curtain_touched)
        self._placer = Placer(kit, Parts(self.top, self.notice, self.guide, self.sentence, self.help, self.hearing,
                                         self.bottom))

    # ------------------------------------------------------------ opening

    def open_on(self, screen: QScreen) -> None:
        """Fill the screen. The geometry is set first: showFullScreen() alone does not fill it where no window
        manager runs (WORKAROUND, pitfalls 4)."""
        place = screen.geometry()
        physical = screen.physicalSize()
        self._model = False
        self._mm_per_px = pitch(self.options.mm_per_px, (physical.width(), physical.height()),
                                (place.width(), place.height()))
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setGeometry(place)
        self.showFullScreen()
        self.setGeometry(place)

    def open_at(self, width: int, height: int) -> None:
        """A small model of the panel in a window, for development and for pictures."""
        self._model = True
        self.resize(width, height)
        self.show()

    # ------------------------------------------------------------ what is shown

    def show_view(self, view: View) -> None:
        changed = (view.screen, view.sentence, view.choices) != (self.view.screen, self.view.sentence,
                                                                 self.view.choices)
        page = self.page(view.screen)
        for other in self._pages.values():
            if other is not page:
                other.set_visible(False)
        self.view = view
        page.show_view(view)
        page.show_hearing(self.hearing.able)
        page.set_visible(True)
        self.top.show_view(view)
        self.bottom.show_strip(view.strip)
        self.sentence.say(view.sentence)
        self.help.say("" if page.hero else view.help)
        self.notice.say(view.notice)
        self.guide.set_mood(view.mood)
        self.arrange()
        self._point(view.focus)
        self._order_tabs()
        if changed:
            self.setFocus()
            self._since_change.start()
            announce(self, view.sentence)

    def show_manner(self, manner: Manner) -> None:
        """Theme, text size, guide, motion, curtain and the levels of the top strip."""
        self.manner = manner
        self.kit.theme = load_theme(manner.theme)
        self.kit.metrics = self.kit.metrics.sized(manner.text_size)
        self.kit.motion = not (manner.reduced_motion or self.options.reduced_motion or manner.curtain)
        self.kit.guide = manner.guide and self.options.guide
        self.setStyleSheet(stylesheet(self.kit.theme))
        self.top.show_manner(manner)
        self.guide.refresh()
        if self.current.exhibit.picture is not None:
            self.current.exhibit.picture.refresh()
        self.curtain.setVisible(manner.curtain)
        self.curtain.raise_()
        self.arrange()

    def show_ears(self, report: EarReport) -> None:
        self.hearing.show_ears(report)
        self.current.show_hearing(self.hearing.able)
        self.guide.set_listening(self.hearing.listening, self.hearing.level)
        if report.partial:
            self.show_caption_visitor(report.partial, True)

    def show_caption_kiosk(self, text: str, start: int = 0, end: int = 0) -> None:
        """What is being said; text[start:end] is the clause that sounds now. '' puts the question back."""
        wanted = text or self.view.sentence
        offset = self.view.sentence.find(text) if text else -1
        if offset >= 0:
            wanted = self.view.sentence
        if self.sentence.text() != wanted:
            self.sentence.say(wanted)
            if not self.view.choices:  # nothing that could be touched moves away under the finger
                self.arrange()
        self.sentence.mark(start + max(0, offset), end + max(0, offset)) if end > start else self.sentence.mark(0, 0)
        self.hearing.set_speaking(bool(text))

    def show_caption_visitor(self, text: str, partial: bool = False) -> None:
        self.hearing.show_caption(text, partial)

    def set_speaking(self, level: float) -> None:
        """Loudness 0..1 of what is being said, for the mouth; 0 in a pause and when nothing is said any more."""
        self.guide.set_level(level)
        if level > 0:
            self._quiet.stop()
            self.hearing.set_speaking(True)
        elif self.isVisible() and not self._quiet.isActive():
            self._quiet.start()

    @Slot()
    def _fell_silent(self) -> None:
        self.hearing.set_speaking(False)

    def show_notice(self, text: str) -> None:
        """A line above everything until the next view."""
        self.notice.say(text)
        announce(self, text)
        self.arrange()

    def page(self, screen: Screen) -> Page:
        """The page of this screen, made when first needed."""
        if screen not in self._pages:
            page = PAGES[screen](self.kit, self)
            page.chosen.connect(self._chosen)
            page.typed.connect(self._typed)
            self._pages[screen] = page
            self.curtain.raise_()
        return self._pages[screen]

    @property
    def current(self) -> Page:
        return self.page(self.view.screen)

    # ------------------------------------------------------------ what is told

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        if self._too_soon() and choice != "staff":
            return
        self.bridge.choose(choice)

    @Slot(str)
    def _typed(self, character: str) -> None:
        if not self._too_soon():
            self.bridge.type(character)

    @Slot()
    def _curtain_touched(self) -> None:
        self.bridge.press(Key.HELP)

    def _too_soon(self) -> bool:
        return self._since_change.isValid() and self._since_change.elapsed() < self.options.guard_ms

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        """The five keys, help and volume; digits, which are a pad's keys or the number of a choice."""
        if event.isAutoRepeat():  # a finger that rests on a key means it once
            return True
        key, text = Qt.Key(event.key()), event.text().upper()
        pad = self.view.pad is not None
        focused = self.focusWidget()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.view.focus < 0:
            if isinstance(focused, KioskButton):
                focused.click()
                return True
            if pad:
                self.bridge.type("enter")
                return True
        if key in KEYS:
            self.bridge.press(KEYS[key])
        elif len(text) == 1 and text in "0123456789X":
            self.bridge.type(text)
        elif pad and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.bridge.type("delete")
        else:
            return key == Qt.Key.Key_Escape
        return True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Where nobody is served yet, a touch anywhere is a beginning."""
        if self.view.screen is Screen.ATTRACT and self.rect().contains(event.position().toPoint()):
            self._chosen(self.view.choices[0].id if self.view.choices else "start")

    def hideEvent(self, event: QHideEvent) -> None:
        self._quiet.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.options.production and event.spontaneous():
            event.ignore()

    # ------------------------------------------------------------ placing

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = self.kit.metrics.text_size
        if self._model:
            self.kit.metrics = Metrics.model(self.width(), self.height(), size)
        else:
            self.kit.metrics = Metrics(self.width(), self.height(), self._mm_per_px, self.options.hand_mm, size)
        self.arrange()

    def arrange(self) -> None:
        """Place everything anew."""
        self.plan = self._placer.place(self.size(), self.current, bool(self.view.strip))
        self.curtain.setGeometry(self.rect())
        self.update()

    def buttons(self) -> dict[str, tuple[int, int]]:
        """Centre of every visible button, in pixels of the window, by the id that it tells."""
        centres = {button.name: button.mapTo(self, button.rect().center())
                   for button in self.findChildren(KioskButton) if button.isVisible()}
        return {name: (centre.x(), centre.y()) for name, centre in centres.items()}

    def _point(self, focus: int) -> None:
        """Draw the five-key focus: it runs over the page's targets, then the button that calls staff."""
        staff = [button for button in self.bottom.buttons if button.name == "staff"]
        for number, target in enumerate([*self.current.targets(), *staff]):
            target.point(number == focus)

    def _order_tabs(self) -> None:
        """Tab goes as the eye goes: top strip, choices, bottom strip."""
        order: list[QWidget] = [*self.current.targets(), *self.bottom.buttons, *self.top.buttons]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
