"""Line icons: assets/icons/<name>.svg, one stroke weight, drawn in the colour asked for."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kiosk import places


@cache
def icon_names() -> frozenset[str]:
    """Names that a Choice may use."""
    return frozenset(file.stem for file in (places.ASSETS / "icons").glob("*.svg"))


@cache
def _source(name: str) -> str:
    return (places.ASSETS / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _pixmap(name: str, px: int, colour: str) -> QPixmap:
    picture = QPixmap(px, px)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    svg = _source(name).replace("currentColor", colour)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, px, px))
    painter.end()
    return picture


def draw_icon(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Draw the icon centred in the box. An unknown name draws nothing: the label carries the meaning."""
    if name not in icon_names():
        return
    scale = painter.device().devicePixelRatio()
    side = min(box.width(), box.height())
    picture = _pixmap(name, max(1, round(side * scale)), colour.name())
    target = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
    painter.drawPixmap(target, picture, QRectF(picture.rect()))
