"""What a paper is made of before it is drawn, and how large text is.

Lengths are in units of 1/720 inch (0.1 point, 0.0353 mm); y runs downwards, items know their place on their page.
Everything is placed and measured before anything is drawn, so that "nothing is clipped" is computed, not hoped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import segno
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from kiosk.adapters.paper_fonts import SANS, SERIF

UNITS_PER_INCH = 720

def mm(length: float) -> float:
    return length * UNITS_PER_INCH / 25.4


def pt(size: float) -> float:
    return size * UNITS_PER_INCH / 72


@dataclass(frozen=True)
class Type:
    """A style of type: `size` in points, `spacing` added to each character as a share of its width, `grey` 0 black
    to 1 white, `leading` from line to line as a multiple of the size."""

    size: float
    serif: bool = False
    bold: bool = False
    grey: float = 0.0
    spacing: float = 0.0
    leading: float = 1.45

    def times(self, factor: float) -> Type:
        return replace(self, size=self.size * factor)


@lru_cache(maxsize=64)
def font(style: Type) -> QFont:
    made = QFont(SERIF if style.serif else SANS)
    made.setPixelSize(round(pt(style.size)))  # pixels of a 720 dpi page: exact to a tenth of a point
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # WORKAROUND: among Latin letters the font swaps digits for twins that have no code point, and the text of the PDF
    # (copied, searched, read aloud) would lose its numbers.
    made.setFeature(QFont.Tag("locl"), 0)
    if style.spacing:  # WORKAROUND: absolute spacing is measured in pixels but drawn in dots (times 7.5 at 720 dpi)
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 100 * (1 + style.spacing))
    return made


@dataclass(frozen=True)
class Line:
    """One line of a text: its left edge and baseline on the page, its natural width."""

    text: str
    x: float
    baseline: float
    width: float


@dataclass(frozen=True)
class Words:
    """A block of text in its rectangle. `words` is the whole text, of which `lines` must hold every character;
    `facts` are the ids of the facts it was made of, none for words of the layout itself."""

    x: float
    y: float
    width: float
    height: float
    style: Type
    words: str
    lines: tuple[Line, ...]
    facts: tuple[str, ...] = ()

    def of(self, *facts: str) -> Words:
        return replace(self, facts=facts)

    def at(self, dx: float, dy: float) -> Words:
        return replace(self, x=self.x + dx, y=self.y + dy, lines=tuple(
            replace(line, x=line.x + dx, baseline=line.baseline + dy) for line in self.lines))


@dataclass(frozen=True)
class Rule:
    """A straight line of `weight` units; `grey` 0 is black."""

    x: float
    y: float
    x2: float
    y2: float
    weight: float = 5.0
    grey: float = 0.0

    def at(self, dx: float, dy: float) -> Rule:
        return replace(self, x=self.x + dx, y=self.y + dy, x2=self.x2 + dx, y2=self.y2 + dy)


@dataclass(frozen=True)
class Frame:
    """An outline: a box with round corners of `radius`; a circle when the radius is half the width."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    weight: float = 6.0
    grey: float = 0.0
    dashed: bool = False

    def at(self, dx: float, dy: float) -> Frame:
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Code:
    """A QR code: rows of dark (True) modules, each `module` units; x and y are the corner of the first module."""

    x: float
    y: float
    module: float
    rows: tuple[tuple[bool, ...], ...]

    @property
    def width(self) -> float:
        return self.module * len(self.rows)

    height = width

    def at(self, dx: float, dy: float) -> Code:
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Watermark:
    """A word across the whole page, under everything else."""

    words: str
    style: Type

    def at(self, dx: float, dy: float) -> Watermark:
        return self


Item = Words | Rule | Frame | Code | Watermark


def natural_width(text: str, style: Type) -> float:
    """Width of one line that is not broken."""
    return float(QFontMetricsF(font(style)).horizontalAdvance(text))


def set_words(text: str, style: Type, width: float, align: str = "left", indent: float = 0.0) -> Words:
    """Break a text into lines of at most `width` and place it at 0,0. `align` is left, right or center."""
    layout = QTextLayout(text, font(style))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    step = pt(style.size) * style.leading
    metrics = QFontMetricsF(font(style))
    lines: list[Line] = []
    layout.beginLayout()
    while (made := layout.createLine()).isValid():
        lead = indent if not lines else 0.0
        made.setLineWidth(width - lead)
        part = text[made.textStart():made.textStart() + made.textLength()]
        natural = natural_width(part.rstrip(), style)
        free = {"left": 0.0, "right": width - natural, "center": (width - natural) / 2}[align]
        # the letters' own box stands in the middle of the line's height
        baseline = len(lines) * step + (step - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
        lines.append(Line(part.rstrip("\n"), lead + free, baseline, natural))
    layout.endLayout()
    return Words(0, 0, width, step * len(lines), style, text, tuple(lines))


def bounds(item: Item) -> tuple[float, float, float, float]:
    """left, top, right, bottom of what will be inked (for Words: of its lines)."""
    if isinstance(item, Words):
        left = min((line.x for line in item.lines), default=item.x)
        right = max((line.x + line.width for line in item.lines), default=item.x)
        return left, item.y, right, item.y + item.height
    if isinstance(item, Rule):
        return min(item.x, item.x2), min(item.y, item.y2), max(item.x, item.x2), max(item.y, item.y2)
    if isinstance(item, Watermark):
        return 0, 0, 0, 0
    return item.x, item.y, item.x + item.width, item.y + item.height


def overlaps(one: Item, other: Item) -> bool:
    a, b = bounds(one), bounds(other)
    slack = 1.0
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


def complete(words: Words) -> bool:
    """Whether every character of the text stands in a line."""
    return "".join("".join(line.text for line in words.lines).split()) == "".join(words.words.split())


def code_of(text: str, module: float) -> Code:
    """The QR code of a text at error correction level M (15 %). segno chooses the smallest version."""
    made = segno.make(text, error="m", micro=False, boost_error=False, encoding="utf-8")
    return Code(0, 0, module, tuple(tuple(bool(cell) for cell in row) for row in made.matrix))


def stack(items: Sequence[Item], dx: float, dy: float) -> list[Item]:
    return [item.at(dx, dy) for item in items]
