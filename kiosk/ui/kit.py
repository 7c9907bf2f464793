"""What every widget needs to draw itself: theme, sizes, words. One Kit per window; the window changes it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from kiosk.ui.metrics import Metrics
from kiosk.ui.theme import Theme
from kiosk.ui.words import Words


@dataclass
class Kit:
    """`motion` False: nothing moves. `guide` False: no figure."""

    theme: Theme
    metrics: Metrics
    words: Words
    motion: bool = True
    guide: bool = True


@dataclass(frozen=True)
class Plan:
    """How generously a screen is laid out; the window tries from roomy to tight.

    squeeze  factor on all text above the 0.7 degree floor
    figure   side of the guide figure, in reference pixels; 0 leaves it away
    air      0..1, share of the generous paddings
    boost    factor on the question and the labels where there is room to spare
    help     whether the lines of help are shown; what does not fit can still be heard
    """

    squeeze: float = 1.0
    figure: int = 300
    air: float = 1.0
    boost: float = 1.0
    help: bool = True

    @property
    def loud(self) -> float:
        """Factor on the question and the labels."""
        return self.squeeze * self.boost

    def mix(self, tight: float, roomy: float) -> float:
        return tight + (roomy - tight) * self.air


PLANS = (
    Plan(1.0, 336, 1.0, 1.2), Plan(1.0, 336, 1.0, 1.1), Plan(1.0, 320, 1.0), Plan(1.0, 280, 0.8), Plan(1.0, 250, 0.6),
    Plan(1.0, 220, 0.4), Plan(1.0, 200, 0.2), Plan(1.0, 180, 0.0),
    *(Plan(squeeze / 100, 160, 0.0) for squeeze in (94, 88, 82, 76)),
    *(Plan(squeeze / 100, 0, 0.0) for squeeze in (82, 76, 70)),
    *(Plan(squeeze / 100, 0, 0.0, help=False) for squeeze in (76, 70, 64, 58, 52, 46, 40)),
)


def draw_card(painter: QPainter, kit: Kit, box: QRectF, radius: float, fill: QColor, edge: QColor | None = None,
              edge_width: float = 2.0, shadow: bool = True) -> None:
    """A sheet with rounded corners and, on light grounds, a soft shadow."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if shadow and not kit.theme.dark:
        tint = kit.theme.c("shadow")
        for step in range(1, 5):
            tint.setAlpha(20 - step * 4)
            painter.setBrush(tint)
            spread = kit.metrics.unit * step * 1.6
            painter.drawRoundedRect(box.adjusted(-spread / 2, spread / 2, spread / 2, spread * 1.3),
                                    radius + spread / 2, radius + spread / 2)
    painter.setBrush(fill)
    if edge is not None:
        painter.setPen(QPen(edge, edge_width))
        half = edge_width / 2
        box = box.adjusted(half, half, -half, -half)
    painter.drawRoundedRect(box, radius, radius)


def draw_focus(painter: QPainter, kit: Kit, box: QRectF, radius: float) -> None:
    """The focus: a ring of 6 px and a pointer at the left edge, so that it is a shape and not only a colour."""
    unit = kit.metrics.unit
    colour = kit.theme.c("focus")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = 6 * unit
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    out = 8 * unit
    painter.drawRoundedRect(box.adjusted(-out, -out, out, out), radius + out, radius + out)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    x, y, size = box.left() - out, box.center().y(), 26 * unit
    painter.drawPolygon([QPointF(x, y - size), QPointF(x + size * 1.1, y), QPointF(x, y + size)])
