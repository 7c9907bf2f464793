"""The typefaces of papers: static Noto Sans SC and Noto Serif SC (OFL), which know rare characters of names.

Static, because a variable font loses its weight in a PDF (platform.md, trap 3). Qt makes the bold.
"""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QGuiApplication

from kiosk.fund.errors import WorldError

SANS, SERIF = "Noto Sans SC", "Noto Serif SC"
POSTSCRIPT = {SANS: "NotoSansSC-Regular", SERIF: "NotoSerifSC-Regular"}
NO_FONT = "缺中文字体，证明印不出来。安装的命令：pip install pylopdf-fonts-zh-cn"
BAD_FONT = "中文字体打不开：{name}。请重新安装 pylopdf-fonts-zh-cn。"
_lock = threading.Lock()
_loaded: set[str] = set()


class PaperToolsError(WorldError):
    """Papers cannot be drawn on this machine."""

    sentence = "证明现在画不出来，请叫工作人员。"


def _files() -> dict[str, Path]:
    try:
        import pylopdf_fonts_zh_cn as package
    except ImportError as error:
        raise PaperToolsError(str(error), NO_FONT) from error
    return {SANS: package.sans_path(), SERIF: package.serif_path()}


def prepare() -> None:
    """Make the typefaces known to Qt; harmless to call again. Raises PaperToolsError.

    Qt draws text only while a QGuiApplication lives. One is not made here: it belongs to the main thread.
    """
    if QGuiApplication.instance() is None:
        raise PaperToolsError("no QGuiApplication")
    with _lock:
        for family, file in _files().items():
            if family in _loaded:
                continue
            number = QFontDatabase.addApplicationFont(str(file))
            if number < 0 or family not in QFontDatabase.applicationFontFamilies(number):
                raise PaperToolsError(f"font {family} not usable", BAD_FONT.format(name=file.name))
            _loaded.add(family)


def application() -> QGuiApplication:
    """The running QGuiApplication, or a new one without a screen, for command lines. Main thread only;
    the caller keeps the reference."""
    running = QGuiApplication.instance()
    return running if isinstance(running, QGuiApplication) else QGuiApplication(["kiosk", "-platform", "offscreen"])
