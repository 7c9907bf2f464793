"""Sizes in pixels from physical sizes: pixel pitch, viewing distance and the visitor's text size.

Every length comes from millimetres or from a share of the screen's short side, never from a fixed pixel count, so the
same design stands on a 15.6" panel, a 32" panel and in a developer's small window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

#: 21.5 inch FHD, the usual panel of such terminals (accessibility.md C2).
DEFAULT_PITCH = 0.248
#: EN 301 549 5.1.4: the height of a capital letter is at least 0.7 degrees.
MIN_ANGLE = 0.7
#: Height of a capital as a share of the em box in Noto Sans SC (733/1000).
CAPITAL = 0.733
#: The three text sizes of accessibility.md C2 and design.md.
FACTORS = (1.0, 1.25, 1.5)
#: A finger of an unsteady hand: EN 301 549 and accessibility.md C2.
TARGET_MM = 15.0
#: The reference design is drawn for this short side and this hand distance.
REFERENCE_SIDE = 1080
REFERENCE_HAND_MM = 600.0
#: A pitch outside this range is a lie of the screen's EDID (projectors say 0, televisions 16 x 9 cm).
SANE_PITCH = (0.05, 0.75)


class Type(Enum):
    """Steps of the type scale: em height in millimetres at 600 mm, and whether the visitor's text size applies."""

    HERO = (42.0, False)
    FIGURE = (19.0, True)
    SENTENCE = (14.0, True)
    LABEL = (12.0, True)
    VALUE = (11.4, True)
    HELP = (10.2, True)
    STRIP = (10.2, False)

    @property
    def mm(self) -> float:
        return self.value[0]

    @property
    def grows(self) -> bool:
        return self.value[1]


def angle(height_mm: float, distance_mm: float) -> float:
    """Degrees under which a height is seen: 180 H / (pi D), EN 301 549 5.1.4."""
    return 180.0 * height_mm / (math.pi * distance_mm)


def readable(em_px: float, mm_per_px: float, distance_mm: float) -> bool:
    """Whether text of this em size fulfils the 0.7 degree rule."""
    return angle(em_px * CAPITAL * mm_per_px, distance_mm) >= MIN_ANGLE


def smallest_em(mm_per_px: float, distance_mm: float) -> int:
    """The smallest em size in pixels that fulfils the 0.7 degree rule."""
    return math.ceil(MIN_ANGLE * math.pi * distance_mm / 180.0 / CAPITAL / mm_per_px)


def pitch(configured: float, physical_mm: tuple[float, float], pixels: tuple[int, int]) -> float:
    """Millimetres per pixel: the site file's value, else the screen's own if it is plausible, else 21.5" FHD.

    A panel that has been turned reports its sizes unturned; only the longer sides are compared.
    """
    if configured > 0:
        return configured
    long_mm, long_px = max(physical_mm), max(pixels)
    short_mm, short_px = min(physical_mm), min(pixels)
    if long_px <= 0 or short_px <= 0 or short_mm <= 0:
        return DEFAULT_PITCH
    along, across = long_mm / long_px, short_mm / short_px
    square = 0.9 < along / across < 1.1
    sane = SANE_PITCH[0] <= along <= SANE_PITCH[1]
    return along if square and sane else DEFAULT_PITCH


@dataclass(frozen=True)
class Metrics:
    """One screen for one visitor. Lengths given back are whole pixels.

    width, height  of the window in pixels
    mm_per_px      physical pixel pitch
    hand_mm        distance of the eye when the hand reaches the screen
    text_size      0, 1, 2
    """

    width: int
    height: int
    mm_per_px: float = DEFAULT_PITCH
    hand_mm: float = REFERENCE_HAND_MM
    text_size: int = 0

    @classmethod
    def model(cls, width: int, height: int, text_size: int = 0) -> Metrics:
        """A small model of the reference panel in a window of this size: for development and documentation."""
        return cls(width, height, DEFAULT_PITCH * REFERENCE_SIDE / max(1, _short_side(width, height)),
                   text_size=text_size)

    def sized(self, text_size: int) -> Metrics:
        return replace(self, text_size=max(0, min(len(FACTORS) - 1, text_size)))

    @property
    def portrait(self) -> bool:
        return self.height >= self.width

    @property
    def unit(self) -> float:
        """One pixel of the reference design, in pixels of this screen."""
        return _short_side(self.width, self.height) / REFERENCE_SIDE

    def u(self, reference_px: float) -> int:
        """A length of the reference design (gaps, margins, strokes)."""
        return max(1, round(reference_px * self.unit))

    def mm(self, millimetres: float) -> int:
        return math.ceil(millimetres / self.mm_per_px)

    @property
    def target(self) -> int:
        """Smallest side of anything that can be touched."""
        return self.mm(TARGET_MM)

    @property
    def floor(self) -> int:
        """Smallest em of any text."""
        return smallest_em(self.mm_per_px, self.hand_mm)

    def em(self, step: Type, squeeze: float = 1.0) -> int:
        """Em size of a step of the type scale. `squeeze` below 1 makes dense screens fit, never under the floor.

        The physical size decides; on a panel larger than the reference the proportion does, so that a big screen
        is used.
        """
        physical = step.mm * (self.hand_mm / REFERENCE_HAND_MM) / self.mm_per_px
        proportional = step.mm / DEFAULT_PITCH * self.unit
        factor = FACTORS[self.text_size] if step.grows else 1.0
        return max(self.floor, round(max(physical, proportional) * factor * squeeze))


def _short_side(width: int, height: int) -> float:
    """The short side, or what it would be at 16:9 if the window is squarer than that."""
    return min(min(width, height), max(width, height) * 9 / 16)
