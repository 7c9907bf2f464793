"""Layouts of papers as data: assets/certificates/<layout>.yaml, read and proven.

A layout is a page, a list of blocks from the top, a list of blocks that stand at the bottom of the last page, blocks for
the bottom of every page before that (`every_page`), and the footer of every page. Texts may hold slots such as {centre}: the ids of kiosk.counter.papers. A text with an empty slot
and a field with nothing to say are left out, so one layout serves the preview, the paper and its reprint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from kiosk import places
from kiosk.counter.papers import LAYOUTS
from kiosk.fund.datafile import convert
from kiosk.fund.errors import DataError
from kiosk.ports.data_files import read_yaml

#: Width and height in mm; 0 is as long as the text (paper from a roll).
PAPERS: dict[str, tuple[float, float]] = {"A4": (210, 297), "slip80": (80, 0)}
_SLOT = re.compile(r"\{([^{}]*)\}")
_NARROWEST_MM, _LEAST_MARGIN_MM = 60.0, 4.0


class _Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Margins(_Piece, frozen=True):
    """Millimetres. A printer cannot reach the outer 4 mm of a sheet."""

    top: float
    right: float
    bottom: float
    left: float


class Field(_Piece, frozen=True):
    """One fact with its label. `span: row` takes a row of its own, `weight: strong` is set a little heavier. `boxes`: the
    fact is one of these words; all are printed, with a filled box before that one."""

    id: str
    label: str
    span: Literal["cell", "row"] = "cell"
    weight: Literal["normal", "strong"] = "normal"
    boxes: tuple[str, ...] = ()


class Letterhead(_Piece, frozen=True, tag="letterhead", tag_field="kind"):
    """Who issues, over a double rule."""

    left: str
    right: str = ""


class Title(_Piece, frozen=True, tag="title", tag_field="kind"):
    """The paper's name in the middle, `under` it a smaller line; the mark (补打 第n次) stands beside it."""

    text: str
    under: str = ""


class Facts(_Piece, frozen=True, tag="facts", tag_field="kind"):
    """Facts in rows; `columns` is how many stand side by side where the page is wide enough."""

    fields: tuple[Field, ...]
    heading: str = ""
    columns: int = 1


class Amount(_Piece, frozen=True, tag="amount", tag_field="kind"):
    """A sum that matters: large figures, capital figures below."""

    id: str
    label: str
    capital: str = ""


class Paragraph(_Piece, frozen=True, tag="paragraph", tag_field="kind"):
    text: str
    heading: str = ""


class Lines(_Piece, frozen=True, tag="list", tag_field="kind"):
    """A list of lines (a fact with many values), numbered, with a box to tick, or ticked."""

    id: str
    heading: str = ""
    marks: Literal["numbers", "boxes", "ticks"] = "numbers"


class Column(_Piece, frozen=True):
    """`share` of the width, relative to the other columns, where the widest cells do not decide it. `holds` is what
    stands in the cells, so that they can be read back from a file: words, day (2026年8月15日), month (2026年8月) or sum
    (+1,920.00)."""

    label: str
    share: float = 1.0
    align: Literal["left", "right"] = "left"
    holds: Literal["words", "day", "month", "sum"] = "words"


class Table(_Piece, frozen=True, tag="table", tag_field="kind"):
    """A fact that is a list of rows, each a list with one text per column. The head of the columns is repeated on every
    page."""

    id: str
    columns: tuple[Column, ...]
    heading: str = ""


class Seal(_Piece, frozen=True):
    """Room for a stamp, 40 mm across, with lines above it (who, when)."""

    text: str
    above: tuple[str, ...] = ()


class Verify(_Piece, frozen=True, tag="verify", tag_field="kind"):
    """QR code, code in large type, how to check; beside it room for the seal."""

    heading: str
    code: str = ""
    lines: tuple[str, ...] = ()
    seal: Seal | None = None


class Notice(_Piece, frozen=True, tag="notice", tag_field="kind"):
    """One sentence in a frame."""

    text: str


Block = Letterhead | Title | Facts | Amount | Paragraph | Lines | Table | Verify | Notice


class Layout(_Piece, frozen=True):
    id: str
    paper: Literal["A4", "slip80"]
    margins: Margins
    blocks: tuple[Block, ...]
    bottom: tuple[Block, ...] = ()
    every_page: tuple[Block, ...] = ()
    footer: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, tuple[Block, ...]], ...]:
        return ("blocks", self.blocks), ("bottom", self.bottom), ("every_page", self.every_page)

    @property
    def table(self) -> Table | None:
        """The table that is signed line by line."""
        return next((block for block in self.blocks if isinstance(block, Table)), None)

    @property
    def ids(self) -> frozenset[str]:
        """Every fact this layout prints."""
        return frozenset(found for _, found in _used(self))


def slots(text: str) -> list[str]:
    return _SLOT.findall(text)


def load(name: str, folder: Path | None = None) -> Layout:
    """Raises DataError with file, place and sentence."""
    path = (folder or places.ASSETS / "certificates") / f"{name}.yaml"
    layout = convert(read_yaml(path), Layout, f"{path.name}: ")
    for place, sentence in _complaints(layout, name):
        raise DataError(f"{path.name}: {place}", sentence)
    return layout


def _texts(layout: Layout) -> Iterator[tuple[str, str]]:
    """Every text that may hold slots, with its place."""
    for part, blocks in layout.parts:
        for index, block in enumerate(blocks):
            place = f"{part}[{index}]"
            for name in ("left", "right", "text", "under", "heading", "code"):
                if getattr(block, name, ""):
                    yield f"{place}.{name}", getattr(block, name)
            if isinstance(block, Verify):
                yield from ((f"{place}.lines[{i}]", text) for i, text in enumerate(block.lines))
                if block.seal:
                    yield from ((f"{place}.seal.above[{i}]", text) for i, text in enumerate(block.seal.above))
    yield from ((f"footer[{i}]", text) for i, text in enumerate(layout.footer))


def _used(layout: Layout) -> Iterator[tuple[str, str]]:
    """(place, id of a fact)"""
    for place, text in _texts(layout):
        yield from ((place, slot) for slot in slots(text))
    for part, blocks in layout.parts:
        for index, block in enumerate(blocks):
            place = f"{part}[{index}]"
            if isinstance(block, Facts):
                yield from ((f"{place}.fields[{i}].id", field.id) for i, field in enumerate(block.fields))
            if isinstance(block, Amount | Lines | Table):
                yield f"{place}.id", block.id
            if isinstance(block, Amount) and block.capital:
                yield f"{place}.capital", block.capital


def _complaints(layout: Layout, name: str) -> Iterator[tuple[str, str]]:
    if layout.id != name:
        yield "id", f"这里写的是“{layout.id}”，应当和文件名一样：“{name}”。"
    yield from _page_complaints(layout)
    yield from _id_complaints(layout, name)
    for place, text in _texts(layout):
        if _SLOT.sub("", text).count("{") + _SLOT.sub("", text).count("}"):
            yield place, f"花括号没有配对：“{text}”。要填内容的地方写成 {{名字}}。"
    for part, blocks in layout.parts:
        for index, block in enumerate(blocks):
            yield from ((f"{part}[{index}]{rest}", sentence) for rest, sentence in _block_complaints(block))


def _page_complaints(layout: Layout) -> Iterator[tuple[str, str]]:
    margins = layout.margins
    for side in ("top", "right", "bottom", "left"):
        if getattr(margins, side) < _LEAST_MARGIN_MM:
            yield f"margins.{side}", f"页边不能小于 {_LEAST_MARGIN_MM:.0f} 毫米，打印机印不到纸边。"
    width = PAPERS[layout.paper][0] - margins.left - margins.right
    if width < _NARROWEST_MM:
        yield "margins", f"左右页边太宽，中间只剩 {width:.0f} 毫米，至少要 {_NARROWEST_MM:.0f} 毫米。"
    if not layout.blocks:
        yield "blocks", "一块内容都没有，请至少写标题和内容。"
    if sum(isinstance(block, Verify) for block in (*layout.blocks, *layout.bottom)) > 1:
        yield "blocks", "“verify”（核验）只能有一块，因为一张纸只有一个二维码。"
    if sum(isinstance(block, Verify) for block in layout.every_page) > 1:
        yield "every_page", "“verify”（核验）只能有一块，因为一页只有一个二维码。"
    checked = any(isinstance(block, Verify) for block in layout.bottom)
    if checked and sum(isinstance(block, Table) for block in layout.blocks) > 1:
        yield "blocks", "要核验的纸上，“table”（表格）只能有一块，核验时一行一行对。"


def _id_complaints(layout: Layout, name: str) -> Iterator[tuple[str, str]]:
    given = {field.id: field for field in LAYOUTS.get(name, ())}
    for place, used in _used(layout) if given else ():
        if used not in given:
            yield place, f"没有叫“{used}”的内容。这张纸上能用的有：{'、'.join(sorted(given))}。"
        elif given[used].many != (".id" in place and ".fields" not in place and _many_at(layout, place)):
            yield place, f"“{used}”是{'一列内容，请用 list' if given[used].many else '一段文字，请用 facts'}。"


def _many_at(layout: Layout, place: str) -> bool:
    part, index = place.split("]")[0].split("[")
    return isinstance(getattr(layout, part)[int(index)], Lines | Table)


def _block_complaints(block: Block) -> Iterator[tuple[str, str]]:
    if isinstance(block, Facts):
        if not 1 <= block.columns <= 3:
            yield ".columns", "并排的栏数只能是 1、2 或 3。"
        for index, field in enumerate(block.fields):
            if not field.label.strip():
                yield f".fields[{index}].label", "请写上印在内容前面的名称。"
            if len(field.boxes) == 1:
                yield f".fields[{index}].boxes", "打勾的方框至少要有两个可选的词，或者删掉 boxes。"
        if not block.fields:
            yield ".fields", "一栏都没有，请补上，或删掉这一块。"
    if isinstance(block, Amount) and not block.label.strip():
        yield ".label", "请写上金额的名称。"
    if isinstance(block, Table) and not block.columns:
        yield ".columns", "表格至少要有一列。"
    if isinstance(block, Table) and any(column.share <= 0 for column in block.columns):
        yield ".columns", "每一列的 share（占多宽）要大于 0。"
