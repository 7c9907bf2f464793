"""The one window: shows a View in a Manner, tells the bridge what was touched and which key was pressed.

    window = KioskWindow(bridge, ScreenOptions(hall="…"))
    window.open_on(QGuiApplication.primaryScreen())     # or window.open_at(540, 960) for development
    window.show_view(view)
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import (QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QKeyEvent, QResizeEvent, QScreen)
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.dialogue.events import Manner
from kiosk.dialogue.view import Screen, View
from kiosk.ports.devices import Key
from kiosk.ports.ears import EarReport
from kiosk.ui.bridge import Bridge
from kiosk.ui.buttons import KioskButton
from kiosk.ui.curtain import Curtain
from kiosk.ui.guide import Guide
from kiosk.ui.hearing import HearingBar
from kiosk.ui.kit import PLANS, Kit, Plan
from kiosk.ui.metrics import Metrics, Type, pitch
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
#: At most so many characters in a line of the spoken sentence (design.md).
SENTENCE_CHARS = 14
#: Share of the middle that the guide and the words take in portrait, where there is room.
HORIZON = 0.40


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


class KioskWindow(QWidget):
    arranged = Signal()

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
        self.setWindowTitle("乡音")
        self.setAccessibleName(self.options.hall)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if self.options.production:
            self.setCursor(Qt.CursorShape.BlankCursor)
        self._build()
        self.show_manner(Manner(theme=self.options.theme))
        self.show_view(self.view)

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
        page.set_visible(True)
        self.top.show_view(view)
        self.bottom.show_strip(view.strip)
        self.sentence.say(view.sentence)
        self.help.say("" if page.hero else view.help)
        self.notice.say(view.notice)
        self.guide.set_mood(view.mood)
        self.arrange()
        page.point(view.focus)
        self._order_tabs()
        if changed:
            self._since_change.start()
            self._announce(view.sentence)

    def show_manner(self, manner: Manner) -> None:
        """Theme, text size, guide, motion, curtain and the levels of the top strip."""
        self.manner = manner
        self.kit.theme = load_theme(manner.theme)
        self.kit.metrics = self.kit.metrics.sized(manner.text_size)
        self.kit.motion = not (manner.reduced_motion or self.options.reduced_motion)
        self.kit.guide = manner.guide and self.options.guide
        self.setStyleSheet(stylesheet(self.kit.theme))
        self.top.show_manner(manner)
        self.curtain.setVisible(manner.curtain)
        self.curtain.raise_()
        self.arrange()

    def show_ears(self, report: EarReport) -> None:
        self.hearing.show_ears(report)
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
        self.sentence.mark(start + max(0, offset), end + max(0, offset)) if end > start else self.sentence.mark(0, 0)
        self.hearing.set_speaking(bool(text))

    def show_caption_visitor(self, text: str, partial: bool = False) -> None:
        self.hearing.show_caption(text, partial)

    def set_speaking(self, level: float) -> None:
        """Loudness 0..1 of what is being said, for the mouth; 0 when nothing is said."""
        self.guide.set_level(level)

    def show_notice(self, text: str) -> None:
        """A line above everything until the next view."""
        self.notice.say(text)
        self._announce(text)
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

    def _announce(self, text: str) -> None:
        """Tell a screen reader, if one is attached."""
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

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
        """The five keys, help, volume; digits where a pad is shown; elsewhere the number of a choice."""
        key, text = Qt.Key(event.key()), event.text().upper()
        pad = self.view.pad is not None
        focused = QApplication.focusWidget()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.view.focus < 0:
            if isinstance(focused, KioskButton):
                focused.click()
                return True
            if pad:
                self.bridge.type("enter")
                return True
        if key in KEYS:
            self.bridge.press(KEYS[key])
        elif pad and len(text) == 1 and text in "0123456789X":
            self.bridge.type(text)
        elif pad and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.bridge.type("delete")
        elif text and text in "1234":
            for choice in self.view.choices:
                if choice.number == int(text):
                    self.bridge.choose(choice.id)
        else:
            return key == Qt.Key.Key_Escape
        return True

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
        """Place everything: the roomiest plan that fits."""
        if not hasattr(self, "curtain"):
            return
        metrics = self.kit.metrics
        margin = metrics.u(44 if metrics.portrait else 56)
        inner = QRect(margin, metrics.u(28), self.width() - 2 * margin, self.height() - metrics.u(28))
        top = self.top.needed(inner.width())
        self.top.setGeometry(inner.x(), inner.y(), inner.width(), top)
        self.top.arrange()
        bottom = self.bottom.needed(inner.width()) if self.view.strip else metrics.u(20)
        self.bottom.setGeometry(inner.x(), self.height() - bottom, inner.width(), bottom)
        y = inner.y() + top + metrics.u(12)
        middle = QRect(inner.x(), y, inner.width(), self.height() - bottom - metrics.u(12) - y)
        for self.plan in PLANS:
            if self._place(middle, self.plan):
                break
        self.curtain.setGeometry(self.rect())
        self.update()
        self.arranged.emit()

    def _place(self, middle: QRect, plan: Plan) -> bool:
        """Place the middle by this plan, if everything fits."""
        gap = self.kit.metrics.u(plan.mix(10, 24))
        notice = self.notice.needed(middle.width(), plan.squeeze)
        if notice:
            self.notice.settle(plan.squeeze)
            self.notice.setGeometry(middle.x(), middle.y(), middle.width(), notice)
            middle = middle.adjusted(0, notice + gap, 0, 0)
        if self.current.hero:
            return self._place_hero(middle, plan, gap)
        return self._place_upright(middle, plan, gap) if self.kit.metrics.portrait else self._place_wide(middle, plan, gap)

    def _talk_needs(self, width: int, plan: Plan) -> tuple[int, int, int, int]:
        """Side of the figure, height of sentence, of help, of the hearing bar."""
        figure = self.kit.metrics.u(plan.figure) if plan.figure and self.kit.guide else 0
        room = width - (figure + self.kit.metrics.u(36) if figure else 0)
        return (figure, self.sentence.needed(room, plan.loud), self.help.needed(room, plan.squeeze),
                self.hearing.needed(width, plan))

    def _talk_height(self, width: int, plan: Plan, gap: int) -> int:
        figure, sentence, help_text, hearing = self._talk_needs(width, plan)
        words_high = sentence + (help_text + self.kit.metrics.u(8) if help_text else 0)
        return max(figure, words_high) + gap + hearing

    def _place_talk(self, box: QRect, plan: Plan, gap: int) -> None:
        """Guide left, words right, the listening light below."""
        figure, sentence, help_text, hearing = self._talk_needs(box.width(), plan)
        between = self.kit.metrics.u(8) if help_text else 0
        upper = box.height() - gap - hearing
        left = box.x() + (figure + self.kit.metrics.u(36) if figure else 0)
        width = box.right() + 1 - left
        y = box.y() + max(0, (upper - sentence - help_text - between) // 2)
        self.guide.setVisible(bool(figure))
        self.guide.setGeometry(box.x(), box.y() + (upper - figure) // 2, figure, figure)
        self.sentence.settle(plan.loud)
        self.help.settle(plan.squeeze)
        self.sentence.setGeometry(left, y, width, sentence)
        self.help.setGeometry(left, y + sentence + between, width, help_text)
        self.hearing.settle(plan)
        self.hearing.setGeometry(box.x(), box.bottom() + 1 - hearing, box.width(), hearing)

    def _place_upright(self, middle: QRect, plan: Plan, gap: int) -> bool:
        """Words above, choices below; the first choice lies at the same height on every screen that allows it."""
        page, width, metrics = self.current, middle.width(), self.kit.metrics
        talk = self._talk_height(width, plan, gap)
        exhibit = page.exhibit.needed(width, plan) if page.has_exhibit else 0
        actions = page.actions.needed(width, plan) if page.has_actions else 0
        spare = middle.height() - talk - exhibit - actions - gap * (bool(exhibit) + bool(actions))
        if spare < 0 and plan is not PLANS[-1]:
            return False
        spare = max(0, spare)
        more = max(0, min(spare, round(middle.height() * HORIZON) - talk))
        talk, spare = talk + more, spare - more
        if exhibit:
            more = max(0, min(page.exhibit.most(width, plan) - exhibit, spare))
            exhibit, spare = exhibit + more, spare - more
        if actions:
            more = min(spare, metrics.u(110) * len(page.actions.targets()))
            actions, spare = actions + more, spare - more
        y = middle.y()
        self._place_talk(QRect(middle.x(), y, width, talk), plan, gap)
        y += talk + gap
        if exhibit:
            room = exhibit + (0 if page.actions.rows else spare)
            page.exhibit.settle(plan)
            page.exhibit.setGeometry(middle.x(), y, width, room)
            y += room + gap
        if actions:
            page.actions.settle(plan)
            page.actions.setGeometry(middle.x(), y, width, actions)
        return True

    def _place_wide(self, middle: QRect, plan: Plan, gap: int) -> bool:
        page, between = self.current, self.kit.metrics.u(56)
        left_width = int((middle.width() - between) * 0.48)
        right = QRect(middle.x() + left_width + between, middle.y(), middle.width() - left_width - between,
                      middle.height())
        talk = self._talk_height(left_width, plan, gap)
        below = page.has_exhibit and page.has_actions
        exhibit = page.exhibit.needed(left_width if below else right.width(), plan) if page.has_exhibit else 0
        actions = page.actions.needed(right.width(), plan) if page.has_actions else 0
        spare = middle.height() - talk - (exhibit + gap if below else 0)
        fits = spare >= 0 and actions <= middle.height() and exhibit <= middle.height()
        if not fits and plan is not PLANS[-1]:
            return False
        if below:
            exhibit += max(0, min(page.exhibit.most(left_width, plan) - exhibit, spare))
            page.exhibit.settle(plan)
            page.exhibit.setGeometry(middle.x(), middle.bottom() + 1 - exhibit, left_width, exhibit)
        elif exhibit:
            page.exhibit.settle(plan)
            page.exhibit.setGeometry(right)
        if actions:
            grow = min(max(0, middle.height() - actions), self.kit.metrics.u(30) * max(1, len(page.actions.rows)))
            page.actions.settle(plan)
            tall = actions + grow
            page.actions.setGeometry(right.x(), right.y() + (middle.height() - tall) // 2, right.width(), tall)
        height = middle.height() - (exhibit + gap if below else 0)
        self._place_talk(QRect(middle.x(), middle.y(), left_width, height), plan, gap)
        return True

    def _place_hero(self, middle: QRect, plan: Plan, gap: int) -> bool:
        page, metrics = self.current, self.kit.metrics
        self.sentence.setGeometry(0, 0, 0, 0)
        self.help.setGeometry(0, 0, 0, 0)
        column = middle
        if not metrics.portrait:
            side = min(middle.height(), int(middle.width() * 0.42))
            self.guide.setGeometry(middle.x(), middle.y() + (middle.height() - side) // 2, side, side)
            column = middle.adjusted(side + metrics.u(64), 0, 0, 0)
        width = column.width()
        hearing, example = self.hearing.needed(width, plan), page.exhibit.needed(width, plan)
        actions = page.actions.needed(width, plan)
        spare = column.height() - hearing - example - actions - 3 * gap
        least = metrics.u(plan.figure) if metrics.portrait and self.kit.guide else 0
        if spare < least and plan is not PLANS[-1]:
            return False
        if metrics.portrait:
            side = min(spare, metrics.u(780), width) if self.kit.guide else 0
            self.guide.setGeometry(column.x() + (width - side) // 2, column.y() + (spare - side) // 2, side, side)
        else:
            actions += min(spare, metrics.u(160))
        self.guide.setVisible(self.kit.guide)
        y = column.bottom() + 1 - hearing
        self.hearing.settle(plan)
        self.hearing.setGeometry(column.x(), y, width, hearing)
        y -= gap + example
        page.exhibit.settle(plan)
        page.exhibit.setGeometry(column.x(), y, width, example)
        y -= gap + actions
        page.actions.settle(plan)
        page.actions.setGeometry(column.x(), y, width, actions)
        return True

    def _order_tabs(self) -> None:
        """Tab goes as the eye goes: top strip, choices, bottom strip."""
        order: list[QWidget] = [*self.current.targets(), *self.bottom.buttons, *self.top.buttons]
        for before, after in zip(order, order[1:], strict=False):
            QWidget.setTabOrder(before, after)
