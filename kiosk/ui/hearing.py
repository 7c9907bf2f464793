"""The listening light: one bar that says in words, shape and colour whose turn it is, and what was heard."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.ports.ears import EarReport, HearingState
from kiosk.ui.icons import draw_icon
from kiosk.ui.kit import Kit, Plan, draw_card
from kiosk.ui.metrics import Type
from kiosk.ui.text import Block, block, draw_block

BARS = 9
CAPTION_LEADING = 1.15
ICONS = {"listening": "ear", "hearing": "ear", "speaking": "speaker", "ready": "wait", "deaf": "touch", "off": "touch"}


class HearingBar(QWidget):
    """`state` is a HearingState value, or "speaking" while the kiosk talks."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._ears = HearingState.READY
        self._speaking = False
        self._caption = ""
        self._partial = False
        self._level = 0.0
        self._squeeze = 1.0
        self._tell()

    @property
    def state(self) -> str:
        if self._ears in (HearingState.OFF, HearingState.DEAF):
            return self._ears.value
        speaking = self._speaking and self._ears is HearingState.READY  # the gate is closed while the kiosk talks
        return "speaking" if speaking else self._ears.value

    @property
    def able(self) -> bool:
        """Whether there are ears at all."""
        return self._ears not in (HearingState.OFF, HearingState.DEAF)

    @property
    def listening(self) -> bool:
        return self.state in ("listening", "hearing")

    @property
    def level(self) -> float:
        return self._level

    def show_ears(self, report: EarReport) -> None:
        self._ears, self._level = report.state, max(0.0, min(1.0, report.level))
        self._tell()

    def set_speaking(self, speaking: bool) -> None:
        if speaking != self._speaking:
            self._speaking = speaking
            self._tell()

    def show_caption(self, text: str, partial: bool) -> None:
        self._caption, self._partial = text, partial
        self._tell()

    @property
    def caption(self) -> str:
        """What was heard, live while it is being said."""
        if not self._caption:
            return ""
        return self.kit.words.other["you_said"] + self._caption + ("…" if self._partial else "")

    def _tell(self) -> None:
        self.setAccessibleName(self.kit.words.hearing[self.state])
        self.setAccessibleDescription(self.caption)
        self.update()

    # ------------------------------------------------------------ drawing

    def settle(self, plan: Plan) -> None:
        self._squeeze = plan.squeeze
        self.update()

    def needed(self, width: int, plan: Plan) -> int:
        """One line, or two of the caption where there is room."""
        metrics = self.kit.metrics
        em = metrics.em(Type.HELP, plan.squeeze)
        return round(em * plan.mix(1.3, max(1.3, 2 * CAPTION_LEADING))) + metrics.u(plan.mix(22, 14))

    def _pill_words(self) -> Block:
        state = "hearing" if self._caption and self.state == "listening" else self.state
        return block(self.kit.words.hearing[state], self.width(),
                     self.kit.metrics.em(Type.HELP, self._squeeze), True, 1.0)

    def _pill_width(self, words: Block) -> float:
        """Icon, words, and three bars while somebody speaks."""
        metrics = self.kit.metrics
        bars = metrics.u(84) if self.listening else 0
        return metrics.u(28) + self.height() * 0.56 + metrics.u(16) + words.width + bars + metrics.u(32)

    def blocks(self) -> list[tuple[Block, QRectF]]:
        metrics = self.kit.metrics
        words = self._pill_words()
        icon = self.height() * 0.56
        left = metrics.u(28) + icon + metrics.u(16)
        placed = [(words, QRectF(left, 0, words.width + 2, self.height()))]
        if self.caption:
            start = self._pill_width(words) + metrics.u(24)
            placed.append(self._caption_block(start, self.width() - start - metrics.u(12)))
        return placed

    def _caption_block(self, left: float, width: float) -> tuple[Block, QRectF]:
        """As many lines as fit, smaller if need be; what is too long shows its end, where the visitor is."""
        metrics = self.kit.metrics
        text, px = self.caption, metrics.em(Type.HELP, self._squeeze)
        box = QRectF(left, 0, width, self.height())
        while True:
            laid = block(text, int(width), px, False, CAPTION_LEADING)
            if laid.height <= self.height() or len(text) < 8:
                return laid, box
            if px > metrics.floor:
                px -= 1
            else:
                prefix = self.kit.words.other["you_said"] + "…"
                body = text.removeprefix(prefix) if text.startswith(prefix) else text[len(prefix) - 1:]
                text = prefix + body[1:]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, theme = self.kit.metrics, self.kit.theme
        placed = self.blocks()
        words, words_box = placed[0]
        wide = self.listening and not self._caption
        pill = QRectF(0, 0, self.width() if wide else self._pill_width(words), self.height())
        lit = self.listening
        draw_card(painter, self.kit, pill, pill.height() / 2, theme.c("listening" if lit else "card"),
                  theme.c("on_listening" if lit else "line"), metrics.u(3 if lit else 2), shadow=False)
        ink = theme.c("on_listening" if lit else "ink")
        side = self.height() * 0.56
        draw_icon(painter, ICONS[self.state], QRectF(metrics.u(28), (self.height() - side) / 2, side, side), ink)
        draw_block(painter, words, words_box, ink, centred=True)
        if wide:
            self._draw_meter(painter, BARS, words_box.right() + metrics.u(36), self.width() - metrics.u(40))
        elif lit:
            self._draw_meter(painter, 3, words_box.right() + metrics.u(12), pill.right() - metrics.u(28))
        for laid, box in placed[1:]:
            draw_block(painter, laid, box, theme.c("quiet"), centred=True)
        painter.end()

    def _draw_meter(self, painter: QPainter, count: int, left: float, right: float) -> None:
        """Bars that rise from the middle with the voice."""
        metrics = self.kit.metrics
        width = metrics.u(12)
        step = (right - left) / count
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.theme.c("on_listening"))
        for number in range(count):
            shape = 1.0 - abs(number - count // 2) / (count / 2 + 1)
            height = max(width, self.height() * 0.7 * min(1.0, self._level * (0.5 + shape)))
            x = left + step * (number + 0.5) - width / 2
            painter.drawRoundedRect(QRectF(x, (self.height() - height) / 2, width, height), width / 2, width / 2)
        painter.setPen(QPen())
