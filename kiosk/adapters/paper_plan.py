"""A whole paper, placed: blocks flow from the top, the bottom blocks stand at the foot of the last page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from kiosk.adapters.paper_items import (
    Code,
    Frame,
    Item,
    Rule,
    Type,
    Watermark,
    Words,
    bounds,
    code_of,
    complete,
    mm,
    natural_width,
    overlaps,
    stack,
)
from kiosk.adapters.paper_layout import PAPERS, Layout
from kiosk.adapters.paper_setting import Chunk, Setting, footer, groups, heights, set_block

PREVIEW = "预览"
ENLARGED = 1.5
LEAST_POINTS = 12.0
LEAST_MODULE_MM = 0.4
#: Modules in whole dots: 0.4233 mm is 10 dots at 600 dpi and 5 at 300; a receipt printer has 8 dots to the mm.
_MODULE, _FINER = {"A4": mm(25.4 / 60), "slip80": mm(0.5)}, {"A4": mm(25.4 / 300), "slip80": mm(0.125)}
_CODE_MM, _MODULE_MM = 52.0, 0.6  # the code grows to this, for poor scans and old phones, but its modules no further
_LONGEST_SLIP_MM = 1000.0


@dataclass(frozen=True)
class Plan:
    """Every item of every page in its place; page size and inner frame in units of 1/720 inch."""

    width: float
    height: float
    frame: tuple[float, float, float, float]
    pages: tuple[tuple[Item, ...], ...]

    def problems(self) -> list[str]:
        """What would be clipped, torn, covered or too small; empty for a good paper."""
        return [f"page {number}: {problem}" for number, page in enumerate(self.pages, 1)
                for problem in _page_problems(page, self.frame)]


def _page_problems(page: tuple[Item, ...], frame: tuple[float, float, float, float]) -> Iterator[str]:
    left, top, right, bottom = frame
    for item in page:
        a, b, c, d = bounds(item)
        if not isinstance(item, Watermark) and (a < left - 2 or b < top - 2 or c > right + 2 or d > bottom + 2):
            yield f"outside the frame: {_name(item)}"
        if isinstance(item, Words):
            if not complete(item):
                yield f"text lost: {_name(item)}"
            if item.style.size < LEAST_POINTS:
                yield f"smaller than {LEAST_POINTS} pt: {_name(item)}"
        if isinstance(item, Code) and item.module < mm(LEAST_MODULE_MM):
            yield "modules of the code too small"
    solid = [item for item in page if isinstance(item, Words | Code)]
    yield from (f"overlap: {_name(one)} and {_name(other)}" for one, other in combinations(solid, 2)
                if overlaps(one, other))
    yield from (f"in the quiet zone of the code: {_name(item)}" for code in page if isinstance(code, Code)
                for item in page if item is not code and overlaps(_quiet(code), item))
    rules = [item for item in page if isinstance(item, Rule)]
    yield from (f"crossed out: {_name(words)}" for words in solid for rule in rules if overlaps(words, _thick(rule)))


def _quiet(code: Code) -> Frame:
    """The four modules of white around a QR code (ISO/IEC 18004)."""
    room = 4 * code.module
    return Frame(code.x - room, code.y - room, code.width + 2 * room, code.height + 2 * room)


def _thick(rule: Rule) -> Rule:
    """A horizontal rule has no height of its own; give it that of its pen."""
    return replace(rule, y=rule.y - rule.weight / 2, y2=rule.y2 + rule.weight / 2)


def _name(item: Item) -> str:
    return item.words[:12] if isinstance(item, Words) else type(item).__name__


def plan(layout: Layout, facts: Mapping[str, object], *, enlarged: bool = False, qr: str = "", mark: str = "",
         paper: str = "") -> Plan:
    """Place everything. `paper` other than the layout's own takes A4's or the roll's margins with it."""
    own = paper in ("", layout.paper)
    paper = paper or layout.paper
    width_mm, height_mm = PAPERS[paper]
    margins = layout.margins
    top, right, bottom, left = ((margins.top, margins.right, margins.bottom, margins.left) if own else
                                (16.0, 20.0, 14.0, 20.0) if paper == "A4" else (6.0, 5.0, 8.0, 5.0))
    setting = Setting(facts, mm(width_mm - left - right), ENLARGED if enlarged else 1.0,
                      _code(qr, paper) if qr else None, mark, mark == PREVIEW)
    body = [chunk for block in layout.blocks for chunk in set_block(block, setting)]
    foot = [chunk for block in layout.bottom for chunk in set_block(block, setting)]
    page_foot = footer(layout.footer, setting)
    if not height_mm:
        height_mm = _roll(body, foot, page_foot, top + bottom)
    frame = (mm(left), mm(top), mm(width_mm - right), mm(height_mm - bottom))
    # A strip is on many sheets: its code is as small as may be, that of the last sheet as large as there is room.
    small = replace(setting, code=code_of(qr, _MODULE[paper]) if qr else None)
    strip = [chunk for block in layout.every_page for chunk in set_block(block, small)]
    pages = _flow(body, foot, strip, frame, layout, setting, page_foot)
    if setting.preview:
        pages = [[_watermark(setting), *page] for page in pages]
    return Plan(mm(width_mm), mm(height_mm), frame, tuple(tuple(page) for page in pages))


def _code(qr: str, paper: str) -> Code:
    """Modules grow by whole dots. (At 0.42 mm a grey 200 dpi scan is just readable, at 0.5 mm easily.)"""
    code = code_of(qr, _MODULE[paper])
    finer = _FINER[paper]
    largest = min(mm(_MODULE_MM), mm(_CODE_MM) / len(code.rows))
    more = max(0, int((largest - code.module) / finer))
    return replace(code, module=code.module + more * finer)


def _roll(body: list[Chunk], foot: list[Chunk], page_foot: Chunk, margins: float) -> float:
    """Length of a slip in whole millimetres."""
    units = heights(body) + heights(foot) + page_foot.height
    return float(int(min(units / mm(1) + margins, _LONGEST_SLIP_MM)) + 1)


def _flow(body: list[Chunk], foot: list[Chunk], strip: list[Chunk], frame: tuple[float, float, float, float],
          layout: Layout, setting: Setting, page_foot: Chunk) -> list[list[Item]]:
    """The last page ends with the foot, every page before it with the strip: each sheet carries the code once."""
    left, top, _, bottom = frame
    pages: list[list[Item]] = [[]]
    room, tall = bottom - page_foot.height, heights(foot)
    # More than one page: each says which it is. The longer foot is reserved as soon as it may be needed.
    if top + heights(body) + tall > room:
        room = bottom - footer(layout.footer, setting, _page_words(setting, 9, 9)).height

    def place(chunks: Sequence[Chunk], y: float) -> float:
        for chunk in chunks:
            pages[-1] += stack(chunk.items, left, y)
            y += chunk.height
        return y

    y, left_over = top, groups(body)
    while y + sum(heights(group) for group in left_over) + tall > room and (left_over or pages[-1]):
        end = room - heights(strip)
        while left_over and (y + heights(left_over[0]) <= end or not pages[-1]):
            y = place(left_over.pop(0), y)
        place(strip, max(end, y))
        pages.append([])
        head = left_over[0][0].head if left_over else None
        y = place([head] if head else [], top)
    for group in left_over:
        y = place(group, y)
    place(foot, max(room - tall, y))
    for number, page in enumerate(pages, 1):
        made = footer(layout.footer, setting, _page_words(setting, number, len(pages)))
        page += stack(made.items, left, bottom - made.height)
    return pages


def _page_words(setting: Setting, page: int, pages: int) -> str:
    """Which page of which paper, so that two sheets stay one paper."""
    return f"{setting.text('number')} 第 {page} 页，共 {pages} 页".strip() if pages > 1 else ""


def _watermark(setting: Setting) -> Watermark:
    style = Type(120 if not setting.narrow else 60, serif=True, bold=True, grey=0.86)
    return Watermark(setting.mark, style)


def watermark_width(mark: Watermark) -> float:
    return natural_width(mark.words, mark.style)
