"""Bars with their intervals as plain SVG: no library, and any browser shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

# Told apart in grey, too (light to dark in this order).
_COLOURS = ("#0b5c5a", "#3fa39f", "#e08a2e", "#5b8fd0", "#8fb3e0", "#8a6fb0", "#b79fd0", "#c4a5b0")
_WIDTH, _LEFT, _RIGHT = 900, 190, 60
_BAR, _GAP, _HEAD = 9, 10, 34


@dataclass(frozen=True)
class Bar:
    """All in per cent; low and high are the ends of the interval."""

    title: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Group:
    """The bars of one set; `aim` is marked where it is above 0."""

    title: str
    bars: tuple[Bar, ...]
    aim: float = 0.0


@dataclass(frozen=True)
class Panel:
    title: str
    groups: tuple[Group, ...]


def svg(title: str, panels: Sequence[Panel]) -> str:
    """One panel below the other, one legend at the top."""
    titles = list(dict.fromkeys(bar.title for panel in panels for group in panel.groups for bar in group.bars))
    colours = {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(titles)}
    parts, y = [_text(10, 22, title, 15)], 34
    for name, colour in colours.items():
        parts += [f'<rect x="10" y="{y}" width="12" height="12" fill="{colour}"/>', _text(28, y + 11, name)]
        y += 17
    for panel in panels:
        drawn, y = _panel(panel, colours, y + 12)
        parts += drawn
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y + 20}" '
            f'viewBox="0 0 {_WIDTH} {y + 20}" font-family="sans-serif">\n<rect width="{_WIDTH}" height="{y + 20}" fill="#fff"/>\n'
            + "\n".join(parts) + "\n</svg>\n")


def _x(value: float) -> float:
    return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * value / 100, 1)


def _panel(panel: Panel, colours: dict[str, str], top: int) -> tuple[list[str], int]:
    parts = [_text(10, top + 16, panel.title, 14)]
    y = top + _HEAD
    for group in panel.groups:
        height = len(group.bars) * _BAR
        parts.append(_text(10, y + height // 2 + 4, group.title))
        for place, bar in enumerate(group.bars):
            parts += _bar(bar, colours[bar.title], y + place * _BAR)
        if group.aim:
            parts.append(f'<line x1="{_x(group.aim)}" x2="{_x(group.aim)}" y1="{y - 3}" y2="{y + height + 3}" '
                         'stroke="#c00" stroke-width="1.5"/>')
        y += height + _GAP
    lines = [f'<line x1="{_x(v)}" x2="{_x(v)}" y1="{top + _HEAD - 6}" y2="{y}" stroke="#ddd"/>' for v in range(0, 101, 20)]
    marks = [_text(_x(v) - 8, y + 12, str(v), 10) for v in range(0, 101, 20)]
    return [*lines, *parts, *marks], y + 18


def _bar(bar: Bar, colour: str, y: int) -> list[str]:
    middle = y + _BAR / 2
    return [f'<rect x="{_LEFT}" y="{y}" width="{max(0.5, _x(bar.value) - _LEFT):.1f}" height="{_BAR - 1}" fill="{colour}">'
            f'<title>{escape(bar.title)}: {bar.value:.1f} [{bar.low:.1f}, {bar.high:.1f}]</title></rect>',
            f'<line x1="{_x(bar.low)}" x2="{_x(bar.high)}" y1="{middle}" y2="{middle}" stroke="#222"/>']


def _text(x: float, y: float, text: str, size: int = 12) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="#222">{escape(text)}</text>'
