"""The guide: a round-faced helper with a jade scarf, seen through a moon gate. Few strokes, all drawn here.

The gate's ring is also the listening light: amber, and as broad as the voice is loud. Every mood is a pose, a handful
of numbers; moods blend into each other in MOVE_S seconds, or at once where motion is not wanted. The clock runs only
while the figure can be seen and has something to do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.kit import Kit

#: A mood has settled after so many seconds (design.md: under 300 ms).
MOVE_S = 0.26
#: Milliseconds between pictures: breathing needs few, a moving mouth more.
CALM_MS, LIVELY_MS = 80, 40
BREATH_S, BLINK_EVERY_S, BLINK_S = 4.2, 4.6, 0.14
#: Side of the canvas everything is drawn on.
CANVAS = 400.0


@dataclass(frozen=True)
class Pose:
    """tilt degrees (+ to her left) · lean px to the right · sink px down · look, glance px of the pupils ·
    lid 0 shut..1 open · arch 0..1 eyes as glad arcs · brow px raised · worry degrees of the brows · smile -1..1 ·
    hand 0..1 at the ear · dots 0..1 of thought · blush 0..1"""

    tilt: float = 0.0
    lean: float = 0.0
    sink: float = 0.0
    look: float = 0.0
    glance: float = 0.0
    lid: float = 1.0
    arch: float = 0.0
    brow: float = 0.0
    worry: float = 0.0
    smile: float = 0.78
    hand: float = 0.0
    dots: float = 0.0
    blush: float = 0.6

    def towards(self, other: Pose, share: float) -> Pose:
        return Pose(**{f.name: getattr(self, f.name) + (getattr(other, f.name) - getattr(self, f.name)) * share
                       for f in fields(self)})


POSES = {
    "idle": Pose(),
    "listening": Pose(tilt=7, lean=9, brow=5, smile=0.7, hand=1.0),
    "thinking": Pose(tilt=-5, lean=-4, look=-7, glance=-6, brow=4, smile=0.4, dots=1.0, blush=0.4),
    "speaking": Pose(tilt=0, brow=2, smile=0.5),
    "glad": Pose(tilt=-3, sink=-5, arch=1.0, brow=6, smile=1.0, blush=1.0),
    "sorry": Pose(tilt=4, sink=9, glance=4, worry=15, brow=3, smile=-0.5, blush=0.4),
}
MOODS = tuple(POSES)

#: Five mouths while speaking: width and height of the opening, and how round it is (0 flat .. 1 round).
#: m closed, i spread, e half open, a open, o round.
MOUTHS = ((36.0, 0.0, 0.0), (44.0, 9.0, 0.1), (36.0, 16.0, 0.4), (38.0, 29.0, 0.6), (24.0, 25.0, 1.0))
#: From quiet to loud; every syllable takes the next of its row, so that the mouth does not merely flap.
SPEECH = ((0,), (1, 2), (2, 4, 1), (3, 4, 2), (3, 4))


def mouth_for(level: float, syllable: int) -> int:
    """Which of MOUTHS shows for a loudness 0..1 in this syllable."""
    if level < 0.04:
        return 0
    row = SPEECH[min(4, 1 + int(level * 5))]
    return row[syllable % len(row)]


def ease(share: float) -> float:
    """0..1 with a soft start and a soft end."""
    share = max(0.0, min(1.0, share))
    return share * share * (3 - 2 * share)


class Guide(QWidget):
    """Moods of View.mood; set_level moves the mouth, set_ear_level the ring."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.mood = "idle"
        self._from = self._to = self._pose = POSES["idle"]
        self._level = self._ear = 0.0
        self._listening = False
        self._mouth = self._syllable = 0
        self._clock = QElapsedTimer()
        self._clock.start()
        self._moved_at = -10.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self.setAccessibleName("向导")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    # ------------------------------------------------------------ what she is told

    def set_mood(self, mood: str) -> None:
        if mood == self.mood:
            return
        self.mood = mood if mood in POSES else "idle"
        self._from, self._to = self._pose, POSES[self.mood]
        self._moved_at = self._now()
        self._wake()

    def set_level(self, level: float) -> None:
        """Loudness 0..1 of the kiosk's speech."""
        if level > self._level + 0.08 or (level > 0.1 and self._level <= 0.04):
            self._syllable += 1
        self._level = max(0.0, min(1.0, level))
        mouth = mouth_for(self._level, self._syllable)
        if mouth != self._mouth:
            self._mouth = mouth
            self.update()

    def set_listening(self, listening: bool, level: float = 0.0) -> None:
        """The ring: amber while the ears are open, broad while somebody speaks."""
        level = max(0.0, min(1.0, level))
        if listening != self._listening or abs(level - self._ear) > 0.02:
            self._listening, self._ear = listening, level
            self.update()

    @property
    def mouth(self) -> int:
        return self._mouth

    @property
    def moving(self) -> bool:
        return self._timer.isActive()

    # ------------------------------------------------------------ time

    def _now(self) -> float:
        return self._clock.elapsed() / 1000

    def _wake(self) -> None:
        """Run the clock as fast as the mood needs, or not at all."""
        if not self.kit.motion:
            self._timer.stop()
            self._pose = self._to
            self.update()
        elif self.isVisible():
            self._timer.start(LIVELY_MS if self._now() - self._moved_at < MOVE_S else CALM_MS)

    def refresh(self) -> None:
        """The kit has changed: motion may have been allowed or forbidden."""
        self._wake()

    def _step(self) -> None:
        share = (self._now() - self._moved_at) / MOVE_S
        self._pose = self._from.towards(self._to, ease(share))
        if share >= 1 and self._timer.interval() != CALM_MS:
            self._timer.setInterval(CALM_MS)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        self._wake()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    # ------------------------------------------------------------ drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        painter.translate((self.width() - side) / 2, (self.height() - side) / 2)
        painter.scale(side / CANVAS, side / CANVAS)
        now = self._now() if self.kit.motion else 0.0
        draw_guide(painter, self.kit, self._pose, mouth=MOUTHS[self._mouth] if self._level >= 0.04 else None, now=now,
                   listening=self._listening, ear=self._ear)
        painter.end()


def draw_guide(painter: QPainter, kit: Kit, pose: Pose, *, mouth: tuple[float, float, float] | None = None,
               now: float = 0.0, listening: bool = False, ear: float = 0.0) -> None:
    """The whole picture on a canvas of 400 x 400."""
    breath = math.sin(now / BREATH_S * 2 * math.pi)
    blink = 1.0 if now == 0 or now % BLINK_EVERY_S > BLINK_S else 0.08
    gate = QPainterPath()
    gate.addEllipse(QPointF(200, 200), 176, 176)
    painter.save()
    painter.setClipPath(gate)
    _draw_view(painter, kit)
    painter.translate(pose.lean, pose.sink + breath * 1.6)
    _draw_body(painter, kit)
    painter.save()
    painter.translate(200, 268)
    painter.rotate(pose.tilt)
    painter.translate(-200, -268 + breath * 1.2)
    _draw_head(painter, kit, pose, mouth, blink)
    painter.restore()
    _draw_hand(painter, kit, pose)
    painter.restore()
    _draw_ring(painter, kit, listening, ear)
    _draw_dots(painter, kit, pose, now)


def _stroke(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _draw_ring(painter: QPainter, kit: Kit, listening: bool, ear: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if listening:
        width = 9 + 13 * ear
        painter.setPen(QPen(kit.theme.c("listening"), width))
        painter.drawEllipse(QPointF(200, 200), 176 + width / 2, 176 + width / 2)
        painter.setPen(QPen(kit.theme.c("on_listening"), 3))
        painter.drawEllipse(QPointF(200, 200), 176, 176)
    else:
        painter.setPen(QPen(kit.theme.f("gate_line"), 6))
        painter.drawEllipse(QPointF(200, 200), 178, 178)


def _draw_view(painter: QPainter, kit: Kit) -> None:
    """Evening sky, a sun, two hills, a willow: home."""
    figure = kit.theme.f
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(figure("gate"))
    painter.drawRect(QRectF(0, 0, 400, 400))
    painter.setBrush(figure("sun"))
    painter.drawEllipse(QPointF(318, 142), 28, 28)
    far = QPainterPath(QPointF(0, 262))
    far.cubicTo(70, 190, 120, 210, 180, 250)
    far.cubicTo(240, 210, 310, 176, 400, 236)
    far.lineTo(400, 400)
    far.lineTo(0, 400)
    painter.setBrush(figure("hill_far"))
    painter.drawPath(far)
    near = QPainterPath(QPointF(0, 316))
    near.cubicTo(90, 258, 150, 280, 220, 312)
    near.cubicTo(290, 284, 350, 276, 400, 306)
    near.lineTo(400, 400)
    near.lineTo(0, 400)
    painter.setBrush(figure("hill_near"))
    painter.drawPath(near)
    _draw_willow(painter, kit)


def _draw_willow(painter: QPainter, kit: Kit) -> None:
    green = kit.theme.f("scarf")
    for x, y, reach in ((52, 20, 150), (84, 4, 118), (118, 0, 66)):
        branch = QPainterPath(QPointF(x, y))
        branch.cubicTo(x - 10, y + reach * 0.4, x - 16, y + reach * 0.7, x - 8, y + reach)
        painter.setPen(_stroke(green, 2.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(branch)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(green)
        count = int(reach / 16)
        for number in range(2, count + 1):
            spot = branch.pointAtPercent(number / count)
            painter.save()
            painter.translate(spot)
            painter.rotate(58 if number % 2 else 122)
            painter.drawEllipse(QRectF(0, -2.6, 15, 5.2))
            painter.restore()


def _draw_body(painter: QPainter, kit: Kit) -> None:
    """Coat and scarf."""
    figure = kit.theme.f
    coat = QPainterPath(QPointF(60, 420))
    coat.cubicTo(62, 350, 96, 314, 152, 300)
    coat.lineTo(248, 300)
    coat.cubicTo(304, 314, 338, 350, 340, 420)
    coat.closeSubpath()
    painter.setPen(_stroke(figure("coat_line"), 3))
    painter.setBrush(figure("coat"))
    painter.drawPath(coat)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawLine(QPointF(200, 330), QPointF(200, 400))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(figure("skin"))
    painter.drawRoundedRect(QRectF(172, 240, 56, 70), 24, 24)
    tail = QPainterPath(QPointF(226, 302))
    tail.cubicTo(250, 330, 258, 356, 252, 392)
    tail.lineTo(214, 390)
    tail.cubicTo(218, 356, 212, 332, 200, 312)
    tail.closeSubpath()
    painter.setBrush(figure("scarf_shade"))
    painter.drawPath(tail)
    wrap = QPainterPath(QPointF(132, 296))
    wrap.cubicTo(136, 272, 160, 268, 200, 280)
    wrap.cubicTo(240, 268, 264, 272, 268, 296)
    wrap.cubicTo(266, 324, 236, 332, 200, 330)
    wrap.cubicTo(164, 332, 134, 324, 132, 296)
    painter.setBrush(figure("scarf"))
    painter.drawPath(wrap)
    painter.setPen(_stroke(figure("scarf_shade"), 4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    fold = QPainterPath(QPointF(150, 300))
    fold.cubicTo(176, 314, 222, 312, 250, 296)
    painter.drawPath(fold)


def _draw_head(painter: QPainter, kit: Kit, pose: Pose, mouth: tuple[float, float, float] | None,
               blink: float) -> None:
    figure = kit.theme.f
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(figure("hair"))
    painter.drawEllipse(QPointF(200, 84), 34, 30)                      # bun
    back = QPainterPath()
    back.addEllipse(QPointF(200, 178), 101, 98)
    painter.drawPath(back)
    painter.setBrush(figure("skin"))
    painter.drawEllipse(QPointF(106, 200), 15, 19)                     # ears
    painter.drawEllipse(QPointF(294, 200), 15, 19)
    face = QPainterPath(QPointF(112, 186))
    face.cubicTo(112, 240, 150, 280, 200, 280)
    face.cubicTo(250, 280, 288, 240, 288, 186)
    face.cubicTo(288, 130, 250, 104, 200, 104)
    face.cubicTo(150, 104, 112, 130, 112, 186)
    painter.drawPath(face)
    painter.setBrush(figure("hair"))
    fringe = QPainterPath(QPointF(103, 196))
    fringe.cubicTo(98, 120, 140, 82, 202, 82)
    fringe.cubicTo(264, 82, 302, 120, 297, 196)
    fringe.cubicTo(284, 176, 274, 150, 262, 138)
    fringe.cubicTo(226, 150, 186, 144, 164, 122)
    fringe.cubicTo(150, 150, 124, 166, 103, 196)
    painter.drawPath(fringe)
    _draw_face(painter, kit, pose, mouth, blink)


def _draw_face(painter: QPainter, kit: Kit, pose: Pose, mouth: tuple[float, float, float] | None,
               blink: float) -> None:
    figure = kit.theme.f
    blush = figure("blush")
    blush.setAlphaF(0.25 + 0.45 * pose.blush)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(blush)
    for x in (142, 258):
        painter.drawEllipse(QPointF(x, 226), 20, 13)
    ink = figure("hair") if kit.theme.name != "dark" else QColor("#1B1512")
    for side in (-1, 1):
        _draw_eye(painter, ink, pose, side, blink)
    line = _stroke(figure("skin_line"), 4)
    painter.setPen(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    nose = QPainterPath(QPointF(196, 214))
    nose.quadTo(201, 221, 207, 215)
    painter.drawPath(nose)
    _draw_mouth(painter, kit, pose, mouth)


def _draw_eye(painter: QPainter, ink: QColor, pose: Pose, side: int, blink: float) -> None:
    x, y = 200 + side * 40, 192.0
    painter.save()
    painter.translate(x, y - 29 - pose.brow)
    painter.rotate(side * pose.worry)
    painter.setPen(_stroke(ink, 5.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    brow = QPainterPath(QPointF(-15, 2))
    brow.quadTo(0, -6, 15, 2)
    painter.drawPath(brow)
    painter.restore()
    if pose.arch > 0.5:
        painter.setPen(_stroke(ink, 7))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        arch = QPainterPath(QPointF(x - 15, y + 5))
        arch.quadTo(x, y - 16, x + 15, y + 5)
        painter.drawPath(arch)
        return
    lid = max(0.1, pose.lid * blink)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    centre = QPointF(x + pose.look, y + pose.glance)
    painter.drawEllipse(centre, 10.5, 13 * lid)
    if lid > 0.5:
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawEllipse(centre + QPointF(3.4, -4.6), 3.6, 3.9)


def _draw_mouth(painter: QPainter, kit: Kit, pose: Pose, mouth: tuple[float, float, float] | None) -> None:
    figure = kit.theme.f
    x, y = 200.0, 244.0
    if mouth is not None and mouth[1] > 0:
        width, height, roundness = mouth
        opening = QPainterPath(QPointF(x - width / 2, y - 2))
        top = height * 0.25 * roundness
        opening.cubicTo(x - width / 4, y - 2 - top * 2, x + width / 4, y - 2 - top * 2, x + width / 2, y - 2)
        opening.cubicTo(x + width * 0.44, y + height * 1.1, x - width * 0.44, y + height * 1.1, x - width / 2, y - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(figure("mouth"))
        painter.drawPath(opening)
        if height > 14:
            painter.save()
            painter.setClipPath(opening)
            painter.setBrush(figure("blush"))
            painter.drawEllipse(QPointF(x, y + height * 0.86), width * 0.36, height * 0.34)
            painter.restore()
        return
    if pose.smile > 0.9 and mouth is None:
        grin = QPainterPath(QPointF(x - 27, y - 6))
        grin.quadTo(x, y + 3, x + 27, y - 6)
        grin.cubicTo(x + 22, y + 26, x - 22, y + 26, x - 27, y - 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(figure("mouth"))
        painter.drawPath(grin)
        return
    half = 24 if pose.smile > 0 else 16
    curve = QPainterPath(QPointF(x - half, y - 5 * pose.smile))
    curve.quadTo(x, y + 17 * pose.smile, x + half, y - 5 * pose.smile)
    painter.setPen(_stroke(figure("mouth"), 6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(curve)


def _draw_hand(painter: QPainter, kit: Kit, pose: Pose) -> None:
    """Her left hand rises from below to cup the ear."""
    if pose.hand < 0.02:
        return
    figure = kit.theme.f
    drop = (1 - pose.hand) * 190
    painter.save()
    painter.translate(-22, drop + 4)
    sleeve = QPainterPath(QPointF(352, 420))
    sleeve.cubicTo(372, 360, 366, 316, 350, 282)
    sleeve.lineTo(312, 290)
    sleeve.cubicTo(318, 330, 306, 372, 282, 420)
    sleeve.closeSubpath()
    painter.setPen(_stroke(figure("coat_line"), 3))
    painter.setBrush(figure("coat"))
    painter.drawPath(sleeve)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(figure("scarf"))
    cuff = QPainterPath(QPointF(308, 288))
    cuff.lineTo(353, 278)
    cuff.lineTo(358, 296)
    cuff.lineTo(312, 306)
    cuff.closeSubpath()
    painter.drawPath(cuff)
    palm = QPainterPath(QPointF(315, 290))
    palm.cubicTo(304, 262, 306, 240, 312, 220)
    palm.cubicTo(316, 196, 322, 176, 336, 178)
    palm.cubicTo(352, 182, 354, 210, 353, 232)
    palm.cubicTo(353, 254, 350, 268, 348, 282)
    palm.closeSubpath()
    painter.setBrush(figure("skin"))
    painter.setPen(_stroke(figure("skin_line"), 2.6))
    painter.drawPath(palm)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, top in ((326, 190), (338, 186)):
        finger = QPainterPath(QPointF(x, top + 8))
        finger.quadTo(x - 3, top + 28, x - 3, top + 42)
        painter.drawPath(finger)
    painter.restore()


def _draw_dots(painter: QPainter, kit: Kit, pose: Pose, now: float) -> None:
    """Three dots of thought, one after the other; together when nothing may move."""
    if pose.dots < 0.05:
        return
    here = int(now / 0.4) % 3 if now else 2
    for number in range(3):
        colour = kit.theme.c("accent")
        colour.setAlphaF(pose.dots * (1.0 if number <= here else 0.35))
        painter.setPen(QPen(kit.theme.c("card"), 3))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(296 + number * 28, 90 - number * 26), 10 + number * 2.5, 10 + number * 2.5)
