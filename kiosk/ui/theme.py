"""Colours by role, the one font, and the one stylesheet. Themes are data: assets/themes/<name>.toml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF

from kiosk import places
from kiosk.fund.datafile import convert, read_toml
from kiosk.fund.errors import DataError

#: Text on ground: every one of these is at least 7:1 (WCAG 1.4.6) in every theme.
TEXT_PAIRS = (("ink", "paper"), ("ink", "card"), ("quiet", "paper"), ("quiet", "card"), ("on_accent", "accent"),
              ("on_yes", "yes"), ("on_stop", "stop"), ("on_listening", "listening"), ("ink", "marker"),
              ("accent", "card"), ("accent", "paper"), ("yes", "card"), ("stop", "card"), ("on_curtain", "curtain"),
              ("on_seal", "seal"))
#: Controls, focus and state shapes: at least 3:1 (WCAG 1.4.11).
SHAPE_PAIRS = (("line", "paper"), ("line", "card"), ("focus", "paper"), ("focus", "card"), ("accent", "paper"),
               ("yes", "paper"), ("stop", "paper"))
TEXT_CONTRAST = 7.0
SHAPE_CONTRAST = 3.0


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`colour` by role (see TEXT_PAIRS), `figure` for the guide and the pictures. All values are #RRGGBB."""

    name: str
    title: str
    colour: dict[str, str]
    figure: dict[str, str]

    def c(self, role: str) -> QColor:
        return QColor(self.colour[role])

    def f(self, role: str) -> QColor:
        return QColor(self.figure[role])

    @property
    def dark(self) -> bool:
        return luminance(self.colour["paper"]) < 0.18


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB, WCAG 2.2."""
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21, WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def theme_names() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in (places.ASSETS / "themes").glob("*.toml") if file.stem != "words"))


@cache
def load_theme(name: str) -> Theme:
    """The theme of this name. Raises DataError when it is missing, malformed or not readable enough."""
    file = places.ASSETS / "themes" / f"{name}.toml"
    if not file.is_file():
        raise DataError(str(file), f"没有叫 {name} 的配色，可以写：{'、'.join(theme_names())}。")
    theme = convert(read_toml(file), Theme, f"{file.name}: ")
    for pairs, least in ((TEXT_PAIRS, TEXT_CONTRAST), (SHAPE_PAIRS, SHAPE_CONTRAST)):
        for front, ground in pairs:
            if (ratio := contrast(theme.colour[front], theme.colour[ground])) < least:
                raise DataError(f"{file}: colour.{front}",
                                f"{front} 写在 {ground} 上的对比度只有 {ratio:.1f}，至少要 {least:g}，老人看不清。")
    return theme


# ------------------------------------------------------------------ the font

#: A character that money offices need and poor fonts lack (pitfalls 19).
TOUCHSTONE = "缴"


@cache
def font_family() -> str:
    """Family of the screen font: the static Noto Sans SC of our dependency, else a CJK font of the system.

    Loaded once per process, after the QApplication exists. Variable fonts come out thin in Qt, hence a static one.
    """
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return _system_family()
    file = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))
    return families[0] if families else _system_family()


def _system_family() -> str:
    families = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return families[0] if families else QFont().family()


def font_missing() -> str:
    """'' when the font can show Chinese, else what the technician has to do (for the self-test)."""
    if QFontMetricsF(font(40)).inFontUcs4(ord(TOUCHSTONE)):
        return ""
    return f"屏幕字体里没有“{TOUCHSTONE}”字，请安装中文字体：apt install fonts-noto-cjk。"


@cache
def font(px: int) -> QFont:
    """The screen font at an em size in pixels."""
    made = QFont(font_family())
    made.setPixelSize(px)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@cache
def font_metrics(px: int) -> QFontMetricsF:
    return QFontMetricsF(font(px))


def stylesheet(theme: Theme) -> str:
    """All that is styled by Qt itself; the widgets draw the rest with the same roles."""
    colour = theme.colour
    return (f"QWidget {{ color: {colour['ink']}; }}"
            f"KioskWindow {{ background: {colour['paper']}; }}"
            "QAbstractButton { border: 0; background: transparent; }")
