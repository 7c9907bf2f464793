"""Where everything stands. The roomiest plan that fits is taken; nothing scrolls and nothing is cut off.

Portrait: words above the horizon, exhibit and choices below it, the first choice at the same height on every screen
that allows it. Landscape: words left, choices right, the strips unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QSize

from kiosk.ui.buttons import RING
from kiosk.ui.guide import Guide
from kiosk.ui.hearing import HearingBar
from kiosk.ui.kit import PLANS, Kit, Plan
from kiosk.ui.screens.page import Page
from kiosk.ui.strips import BottomStrip, Notice, TopStrip
from kiosk.ui.text import TextLabel

#: Share of the middle that the guide and the words take in portrait, where there is room.
HORIZON = 0.40
#: Sides that the figure can take, in reference pixels; smaller than the last it is left away.
FIGURES = (340, 310, 280, 250, 220, 190, 160, 140)
#: In landscape a figure of this size above the words is better than a larger one beside them.
TALL_ENOUGH = 190
#: Share of the width for the words in landscape.
WORDS_SHARE = 0.47


@dataclass(frozen=True)
class Parts:
    """The widgets that are there on every screen."""

    top: TopStrip
    notice: Notice
    guide: Guide
    sentence: TextLabel
    help: TextLabel
    hearing: HearingBar
    bottom: BottomStrip


class Placer:
    def __init__(self, kit: Kit, parts: Parts) -> None:
        self.kit, self.parts = kit, parts

    def place(self, size: QSize, page: Page, strip: bool) -> Plan:
        """Give every part its place; the plan that was taken."""
        metrics, parts = self.kit.metrics, self.parts
        parts.sentence.bleed = metrics.u(14)
        margin = metrics.u(48 if metrics.portrait else 60)
        width = size.width() - 2 * margin
        top = parts.top.needed(width)
        parts.top.setGeometry(margin, metrics.u(28), width, top)
        parts.top.arrange()
        bottom = parts.bottom.needed(width) if strip else metrics.u(24)
        parts.bottom.setGeometry(margin, size.height() - bottom, width, bottom)
        y = metrics.u(28) + top + metrics.u(12)
        middle = QRect(margin, y, width, size.height() - bottom - metrics.u(14) - y)
        middle = self._notice(middle)
        if not metrics.portrait and not page.hero:
            return self._wide(page, middle)
        way = self._hero if page.hero else self._upright
        return next((plan for plan in PLANS if way(page, middle, plan, self._gap(plan))), PLANS[-1])

    def _gap(self, plan: Plan) -> int:
        return self.kit.metrics.u(plan.mix(16, 24))

    def _notice(self, middle: QRect) -> QRect:
        """Place the notice, if there is one; what is left of the middle."""
        notice = self.parts.notice
        squeeze = 1.0 if self.kit.metrics.portrait else 0.8
        tall = notice.needed(middle.width(), squeeze)
        notice.settle(squeeze)
        notice.setGeometry(middle.x(), middle.y(), middle.width(), tall)
        return middle.adjusted(0, tall + self.kit.metrics.u(20), 0, 0) if tall else middle

    # ------------------------------------------------------------ the words

    def _words(self, width: int, plan: Plan) -> tuple[int, int]:
        """Heights of sentence and help; help is left away where room is scarce (it can be heard)."""
        parts = self.parts
        sentence = parts.sentence.needed(width + 2 * parts.sentence.bleed, plan.loud)
        return sentence, parts.help.needed(width, plan.loud) if plan.help else 0

    def _aside(self, figure: int) -> int:
        """What the figure takes of the width beside it, or of the height above the words."""
        return figure + self.kit.metrics.u(40) if figure else 0

    def _upper_height(self, width: int, plan: Plan, figure: int, stacked: bool) -> int:
        """Height of figure and words together."""
        between = self.kit.metrics.u(8)
        if stacked:
            return self._aside(figure) + sum(self._words(width, plan)) + between
        return max(figure, sum(self._words(width - self._aside(figure), plan)) + between)

    def _talk_height(self, width: int, plan: Plan, gap: int) -> int:
        """What the words need at least; in landscape the figure is never what makes them not fit."""
        figure = self.kit.metrics.u(plan.figure) if plan.figure and self.kit.guide else 0
        return self._upper_height(width, plan, figure, False) + gap + self.parts.hearing.needed(width, plan)

    def _figure(self, width: int, height: int, plan: Plan) -> tuple[int, bool]:
        """The largest figure that leaves the words their room, and whether it stands above them (landscape, where
        the words then have the whole width)."""
        ways = [(reference, False) for reference in FIGURES]
        if not self.kit.metrics.portrait:
            ways = [(reference, True) for reference in FIGURES if reference >= TALL_ENOUGH] + ways
        for reference, stacked in ways if self.kit.guide else ():
            figure = self.kit.metrics.u(reference)
            if self._upper_height(width, plan, figure, stacked) <= height:
                return figure, stacked
        return 0, False

    def _talk(self, box: QRect, plan: Plan, gap: int) -> None:
        """Guide left of the words or above them, the listening light below both."""
        parts, metrics = self.parts, self.kit.metrics
        hearing = parts.hearing.needed(box.width(), plan)
        upper = box.height() - gap - hearing
        figure, stacked = self._figure(box.width(), upper, plan)
        left = box.x() + (0 if stacked else self._aside(figure))
        width = box.right() + 1 - left
        sentence, help_text = self._words(width, plan)
        words = sentence + help_text + metrics.u(8)
        if stacked:
            top = box.y() + (upper - self._aside(figure) - words) // 2
            y = top + self._aside(figure)
        else:
            top = box.y() + max(0, (upper - figure) // 2)
            y = box.y() + max(0, (upper - words) // 2)
        parts.guide.setVisible(bool(figure))
        parts.guide.setGeometry(box.x(), top, figure, figure)
        parts.sentence.settle(plan.loud)
        parts.help.settle(plan.loud)
        bleed = parts.sentence.bleed
        parts.sentence.setGeometry(left - bleed, y, width + 2 * bleed, sentence)
        parts.help.setVisible(bool(help_text))
        parts.help.setGeometry(left, y + sentence + metrics.u(8), width, help_text)
        parts.hearing.settle(plan)
        parts.hearing.setGeometry(box.x(), box.bottom() + 1 - hearing, box.width(), hearing)

    # ------------------------------------------------------------ what is shown and what is touched

    def _needs(self, page: Page, exhibit_width: int, actions_width: int, plan: Plan) -> tuple[int, int]:
        """Heights of exhibit and actions, 0 for what is not there."""
        ring = 2 * self.kit.metrics.u(RING)
        exhibit = page.exhibit.needed(exhibit_width, plan) if page.has_exhibit else 0
        actions = page.actions.needed(actions_width + ring, plan) - ring if page.has_actions else 0
        return exhibit, actions

    def _put_exhibit(self, page: Page, box: QRect, plan: Plan) -> None:
        page.exhibit.setVisible(page.has_exhibit and box.height() > 0)
        if page.has_exhibit:
            page.exhibit.settle(plan)
            page.exhibit.setGeometry(box)

    def _put_actions(self, page: Page, box: QRect, plan: Plan) -> None:
        """The cards align with everything else, so the room for the focus ring lies outside the box."""
        if page.has_actions:
            ring = self.kit.metrics.u(RING)
            page.actions.settle(plan)
            page.actions.setGeometry(box.adjusted(-ring, -ring, ring, ring))

    def _grown(self, page: Page, actions: int, spare: int, by: int) -> int:
        """Rows use the room there is, within reason."""
        return actions + min(max(0, spare), self.kit.metrics.u(by) * page.lines) if actions else 0

    def _upright(self, page: Page, middle: QRect, plan: Plan, gap: int) -> bool:
        width = middle.width()
        talk = self._talk_height(width, plan, gap)
        exhibit, actions = self._needs(page, width, width, plan)
        spare = middle.height() - talk - exhibit - actions - gap * (bool(exhibit) + bool(actions))
        if spare < 0 and plan is not PLANS[-1]:
            return False
        spare = max(0, spare)
        more = max(0, min(spare, round(middle.height() * HORIZON) - talk))
        talk, spare = talk + more, spare - more
        if exhibit:
            more = max(0, min(page.exhibit.most(width, plan) - exhibit, spare))
            exhibit, spare = exhibit + more, spare - more
            if not actions:
                exhibit, spare = exhibit + spare, 0
        actions = self._grown(page, actions, spare, 110)
        y = middle.y()
        self._talk(QRect(middle.x(), y, width, talk), plan, gap)
        y += talk + gap
        self._put_exhibit(page, QRect(middle.x(), y, width, exhibit), plan)
        y += exhibit + gap if exhibit else 0
        self._put_actions(page, QRect(middle.x(), y, width, actions), plan)
        return True

    def _wide(self, page: Page, middle: QRect) -> Plan:
        """Landscape. Each column takes the roomiest plan that fits it, so that many choices do not shrink the
        question. The exhibit stands above the choices if it belongs to them and fits there, else under the words."""
        between = self.kit.metrics.u(64)
        left = QRect(middle.x(), middle.y(), int((middle.width() - between) * WORDS_SHARE), middle.height())
        right = middle.adjusted(left.width() + between, 0, 0, 0)
        with_actions = page.has_exhibit and (page.exhibit_with_actions or not page.has_actions)
        right_plan = self._first_fit(lambda plan: self._right_height(page, right.width(), plan, with_actions), right)
        if with_actions and page.has_actions and right_plan.squeeze < 1:  # too much for one column
            with_actions = False
            right_plan = self._first_fit(lambda plan: self._right_height(page, right.width(), plan, False), right)
        # a picture alone is in the way under the words
        below = page.has_exhibit and not with_actions and (page.exhibit.has_rows or not page.exhibit_with_actions)
        left_plan = self._first_fit(lambda plan: self._left_height(page, left.width(), plan, below), left)
        self._right(page, right, right_plan, with_actions)
        self._left(page, left, left_plan, below)
        page.exhibit.setVisible(with_actions or below)
        return min(left_plan, right_plan, key=lambda plan: plan.loud)

    def _first_fit(self, height: Callable[[Plan], int], box: QRect) -> Plan:
        return next((plan for plan in PLANS if height(plan) <= box.height()), PLANS[-1])

    def _left_height(self, page: Page, width: int, plan: Plan, below: bool) -> int:
        exhibit = page.exhibit.needed(width, plan) + self._gap(plan) if below else 0
        return exhibit + self._talk_height(width, replace(plan, figure=plan.figure if plan.air else 0), self._gap(plan))

    def _left(self, page: Page, box: QRect, plan: Plan, below: bool) -> None:
        gap = self._gap(plan)
        if below:
            exhibit = page.exhibit.needed(box.width(), plan)
            spare = box.height() - self._left_height(page, box.width(), plan, below)
            exhibit += max(0, min(page.exhibit.most(box.width(), plan) - exhibit, spare))
            self._put_exhibit(page, QRect(box.x(), box.bottom() + 1 - exhibit, box.width(), exhibit), plan)
            box = box.adjusted(0, 0, 0, -exhibit - gap)
        self._talk(box, plan, gap)

    def _right_height(self, page: Page, width: int, plan: Plan, with_exhibit: bool) -> int:
        exhibit, actions = self._needs(page, width, width, plan)
        return (exhibit + (self._gap(plan) if actions else 0) if with_exhibit else 0) + actions

    def _right(self, page: Page, box: QRect, plan: Plan, with_exhibit: bool) -> None:
        """The choices in the middle of their column, the exhibit above them."""
        exhibit, actions = self._needs(page, box.width(), box.width(), plan)
        spare = box.height() - self._right_height(page, box.width(), plan, with_exhibit)
        y = box.y()
        if with_exhibit:
            more = max(0, min(page.exhibit.most(box.width(), plan) - exhibit, spare))
            exhibit, spare = exhibit + more, spare - more
        tall = self._grown(page, actions, spare, 60)
        y += max(0, spare - (tall - actions)) // 2
        if with_exhibit:
            self._put_exhibit(page, QRect(box.x(), y, box.width(), exhibit), plan)
            y += exhibit + self._gap(plan)
        self._put_actions(page, QRect(box.x(), y, box.width(), tall), plan)

    def _hero(self, page: Page, middle: QRect, plan: Plan, gap: int) -> bool:
        """Attract: the guide as large as can be, the invitation, an example, the listening light."""
        metrics, parts = self.kit.metrics, self.parts
        parts.sentence.setGeometry(0, 0, 0, 0)
        parts.help.setGeometry(0, 0, 0, 0)
        column = middle
        if not metrics.portrait and self.kit.guide:
            side = min(middle.height(), int(middle.width() * 0.44))
            parts.guide.setGeometry(middle.x(), middle.y() + (middle.height() - side) // 2, side, side)
            column = middle.adjusted(side + metrics.u(72), 0, 0, 0)
        width = column.width()
        example, actions = self._needs(page, width, width, plan)
        hearing = parts.hearing.needed(width, plan)
        spare = column.height() - hearing - example - actions - 3 * gap
        least = metrics.u(plan.figure) if metrics.portrait and self.kit.guide else 0
        if spare < least and plan is not PLANS[-1]:
            return False
        spare = max(0, spare)
        side = min(spare, metrics.u(790), width)
        if metrics.portrait and self.kit.guide:
            parts.guide.setGeometry(column.x() + (width - side) // 2, column.y() + (spare - side) // 2, side, side)
        else:
            actions += min(spare, metrics.u(220))
            column.adjust(0, 0, 0, -(column.height() - hearing - example - actions - 3 * gap) // 2)
        parts.guide.setVisible(self.kit.guide)
        y = column.bottom() + 1 - hearing
        parts.hearing.settle(plan)
        parts.hearing.setGeometry(column.x(), y, width, hearing)
        y -= gap + example
        self._put_exhibit(page, QRect(column.x(), y, width, example), plan)
        y -= gap + actions
        self._put_actions(page, QRect(column.x(), y, width, actions), plan)
        return True
