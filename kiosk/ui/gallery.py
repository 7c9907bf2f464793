"""Pictures of every screen and a check that nothing on it is wrong: for tests, documentation and `kiosk check`.

    gallery(Path("screens"))                                   # everything
    gallery(Path("screens"), sizes=(0,), themes=("paper",))    # the first text size in the standard theme
    misfits(window)                                            # what is wrong with the screen as it stands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.dialogue.events import Manner
from kiosk.dialogue.view import Screen, View
from kiosk.ports.ears import EarReport, HearingState
from kiosk.ui.bridge import Bridge
from kiosk.ui.buttons import RING, KioskButton
from kiosk.ui.lines import HANGING
from kiosk.ui.samples import HALL, VIEWS
from kiosk.ui.text import block, draw_block
from kiosk.ui.theme import font_metrics
from kiosk.ui.window import KioskWindow, ScreenOptions

ORIENTATIONS = {"portrait": QSize(1080, 1920), "landscape": QSize(1920, 1080)}

# ------------------------------------------------------------------ pictures


def gallery(folder: Path, sizes: Iterable[int] = (0, 1, 2), themes: Iterable[str] = ("paper", "dark", "yellow"),
            orientations: Iterable[str] = ("portrait", "landscape"), names: Iterable[str] | None = None,
            document: str = "") -> list[Path]:
    """Render the sample views to <orientation>-<theme>-<size 1..3>-<name>.png and return the files.

    Needs a QApplication (the offscreen platform will do). `document` is a page picture for the preview; without one a
    sample is drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = document or str(sample_page(folder / "sample-page.png"))
    views = {name: view for name, view in VIEWS.items() if names is None or name in names}
    made: list[Path] = []
    for orientation in orientations:
        window = KioskWindow(Bridge(), ScreenOptions(hall=HALL, reduced_motion=True))
        window.open_at(ORIENTATIONS[orientation].width(), ORIENTATIONS[orientation].height())
        for theme in themes:
            for size in sizes:
                window.show_manner(Manner(theme=theme, text_size=size))
                for name, view in views.items():
                    present(window, name, view, document)
                    QApplication.processEvents()
                    file = folder / f"{orientation}-{theme}-{size + 1}-{name}.png"
                    if not window.grab().save(str(file)):
                        raise OSError(f"cannot write {file}")
                    made.append(file)
        window.close()
        window.deleteLater()
    return made


def present(window: KioskWindow, name: str, view: View, document: str = "") -> None:
    """Show a sample view with the captions and ears that go with it."""
    if view.screen is Screen.PREVIEW:
        view = replace(view, document=document)
    speaking = view.mood == "speaking"
    middle = max(view.sentence[:-1].find("。"), view.sentence.find("，")) + 1
    window.show_view(view)
    window.show_ears(_ears(name, view))
    if speaking:
        window.show_caption_kiosk(view.sentence, middle, len(view.sentence))
    else:
        window.show_caption_kiosk("")
    window.set_speaking(0.6 if speaking else 0.0)
    window.show_caption_visitor("退休了，想把公积金取出来" if view.screen is Screen.FACTS and speaking else "")


def _ears(name: str, view: View) -> EarReport:
    if name.startswith("deaf"):
        return EarReport(HearingState.DEAF)
    listening = view.mood in ("listening", "idle") and view.screen is not Screen.DONE
    return EarReport(HearingState.LISTENING, 0.6) if listening else EarReport(HearingState.READY)


def sample_page(file: Path) -> Path:
    """A page that looks like a certificate from afar, so that pictures of the preview need no counter."""
    page = QPixmap(1240, 1754)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left, centre, right = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
    _write(painter, "个人住房公积金缴存证明", 150, 68, centre, bold=True)
    _write(painter, "（样张）", 260, 44, centre)
    rows = ("姓名    王*", "证件号码    ****************12", "单位    样例市第一小学", "账户状态    封存",
            "缴存余额    86,532.17 元", "缴存到    2026年10月")
    for number, text in enumerate(rows):
        _write(painter, text, 420 + number * 110, 44, left)
        painter.setPen(QPen(QColor("#C9C0B2"), 3))
        painter.drawLine(130, 500 + number * 110, 1110, 500 + number * 110)
    seal = QColor("#B4432F")
    painter.setPen(QPen(seal, 9))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(890, 1340), 165, 165)
    draw_block(painter, block("样例印章", 400, 60, True), QRectF(725, 1300, 330, 80), seal, centre)
    _write(painter, HALL, 1560, 40, right)
    painter.end()
    if not page.save(str(file)):
        raise OSError(f"cannot write {file}")
    return file


def _write(painter: QPainter, text: str, y: int, px: int, across: Qt.AlignmentFlag, bold: bool = False) -> None:
    draw_block(painter, block(text, 1000, px, bold), QRectF(130, y, 980, px * 2), QColor("#1F1A14"), across)


# ------------------------------------------------------------------ what is wrong


def misfits(window: KioskWindow) -> list[str]:
    """Text cut off or too small, things outside or upon each other, targets too small. Empty when all is well."""
    shown = [widget for widget in window.findChildren(QWidget)
             if widget.isVisibleTo(window) and not widget.size().isEmpty()]
    return [fault for widget in shown for fault in _faults_of(window, widget)] + list(_overlaps(window, shown))


def _faults_of(window: KioskWindow, widget: QWidget) -> Iterator[str]:
    metrics = window.kit.metrics
    name = widget.objectName() or widget.accessibleName() or type(widget).__name__
    if not window.rect().contains(QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())):
        yield f"{name}: outside the window"
    if isinstance(widget, KioskButton) and min(widget.width(), widget.height()) < metrics.target:
        yield f"{name}: a target of {widget.width()} x {widget.height()} px, {metrics.target} needed"
    for laid, box in getattr(widget, "blocks", list)():
        lines = [laid.text[a:b].strip().rstrip(HANGING) for a, b in laid.lines]
        widest = max(font_metrics(laid.px).horizontalAdvance(line) for line in lines)
        if laid.px < metrics.floor:
            yield f"{name}: text of {laid.px} px, {metrics.floor} needed"
        if laid.height > box.height() + 1 or widest > box.width() + 1:
            yield f"{name}: text is cut off"
        if box.top() < -1 or box.bottom() > widget.height() + 1 or box.right() > widget.width() + 1:
            yield f"{name}: text outside its widget"


def _overlaps(window: KioskWindow, shown: list[QWidget]) -> Iterator[str]:
    page, ring, bleed = window.current, window.kit.metrics.u(RING), window.sentence.bleed
    areas: dict[str, QWidget] = {
        "top": window.top, "notice": window.notice, "guide": window.guide, "sentence": window.sentence,
        "help": window.help, "hearing": window.hearing, "exhibit": page.exhibit, "actions": page.actions,
        "bottom": window.bottom}
    margins = {"actions": (ring, ring, -ring, -ring), "sentence": (bleed, 0, -bleed, 0)}
    places = {name: widget.geometry().adjusted(*margins.get(name, (0, 0, 0, 0)))
              for name, widget in areas.items() if widget in shown}
    for one, other in combinations(places, 2):
        if places[one].intersects(places[other]):
            yield f"{one} lies upon {other}"
