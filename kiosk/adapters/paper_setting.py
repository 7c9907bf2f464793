"""Setting the blocks of a layout: facts in, measured chunks out. No chunk is torn apart by the end of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kiosk.adapters.paper_items import (
    Code,
    Frame,
    Item,
    Rule,
    Type,
    Words,
    mm,
    natural_width,
    pt,
    set_words,
    stack,
)
from kiosk.adapters.paper_layout import (
    Amount,
    Block,
    Facts,
    Field,
    Letterhead,
    Lines,
    Notice,
    Paragraph,
    Seal,
    Table,
    Title,
    Verify,
    slots,
)

# Nothing on a paper is smaller than 小四 (12 pt). Sizes before enlarging.
HOUSE = Type(13, serif=True, bold=True)
HOUSE_ASIDE = Type(12, grey=0.25)
TITLE = Type(25, serif=True, bold=True, spacing=0.16)
TITLE_NARROW = Type(19, serif=True, bold=True, spacing=0.06)
UNDER = Type(12, grey=0.2)
HEADING = Type(13, serif=True, bold=True)
LABEL = Type(12, grey=0.35)
VALUE = Type(13)
STRONG = Type(14, bold=True)
FIGURES = Type(22, bold=True)
CAPITALS = Type(14, serif=True, bold=True)
TEXT = Type(12, leading=1.6)
SMALL = Type(12, grey=0.2)
CODE = Type(18, bold=True, spacing=0.06)
CODE_NARROW = Type(15, bold=True)
NOTICE = Type(13, bold=True)
MARK = Type(13, bold=True)
_CODES = (CODE, CODE_NARROW)
ALL_TYPES = (HOUSE, HOUSE_ASIDE, TITLE, TITLE_NARROW, UNDER, HEADING, LABEL, VALUE, STRONG, FIGURES, CAPITALS, TEXT,
             SMALL, CODE, CODE_NARROW, NOTICE, MARK)

#: Two facts that papers have of their own accord.
MARK_FACT, PAGE_FACT = "mark", "page"
_HAIR, _LINE, _HEAVY = 3.0, 6.0, 16.0       # 0.3, 0.6 and 1.6 pt
_FAINT = 0.62                               # grey of hairlines
_SEAL_MM, _WIDEST_SEAL_MM = 40.0, 52.0      # official seals are at most 42 mm, most 38 to 40
_LEAST_VALUE_EMS = 8                        # narrower than this, a value goes below its label
_CODE_EMS, _CODE_SIGNS = 8.0, 11            # as wide as a verification code of broad letters (7.97 of 5,000 drawn)


@dataclass(frozen=True)
class Chunk:
    """Items placed from 0,0; `height` includes the room below. `keep`: not to be the last on a page. `head`: repeated
    above it where it is the first on a page (the head of a table)."""

    height: float
    items: tuple[Item, ...]
    keep: bool = False
    head: Chunk | None = None


@dataclass(frozen=True)
class Setting:
    """All that blocks need: facts by id, room, enlarging, the code and the mark."""

    facts: Mapping[str, object]
    width: float
    scale: float = 1.0
    code: Code | None = None
    mark: str = ""
    preview: bool = False

    @property
    def narrow(self) -> bool:
        return self.width < mm(110)

    def text(self, fact: str) -> str:
        return str(self.facts.get(fact, "")).strip()

    def value(self, field: Field) -> str:
        """What stands behind the label: the fact, or all its boxes with one filled. A fact that is none of them is
        printed behind them: nothing is hidden."""
        text = self.text(field.id)
        if not text or not field.boxes:
            return text
        boxes = "\u3000".join(f"{'■' if box == text else '□'}{box}" for box in field.boxes)
        return boxes if text in field.boxes else f"{boxes}\u3000■{text}"

    def fill(self, template: str) -> str:
        """The template with its slots filled; '' when it has slots and every one is empty, or when one of them that
        stands beside other words is empty."""
        names = slots(template)
        values = {name: self.text(name) for name in names}
        if names and not all(values.values()):
            return ""
        return template.format_map(values)

    def gap(self, points: float) -> float:
        """Room between things grows with the type, but not as much."""
        return pt(points) * (1 + (self.scale - 1) * 0.5) * (0.8 if self.narrow else 1.0)

    def type(self, style: Type) -> Type:
        return style.times(self.scale)


def set_block(block: Block, at: Setting) -> list[Chunk]:
    """The chunks of one block; none when there is nothing to say."""
    match block:
        case Letterhead():
            return _letterhead(block, at)
        case Title():
            return _title(block, at)
        case Facts():
            return _facts(block, at)
        case Amount():
            return _amount(block, at)
        case Paragraph():
            return _paragraph(block, at)
        case Lines():
            return _list(block, at)
        case Table():
            return _table(block, at)
        case Verify():
            return _verify(block, at)
        case Notice():
            return _notice(block, at)


def _double_rule(y: float, width: float, heavy_first: bool = True) -> list[Item]:
    """文武线, the thick and the thin line of Chinese documents."""
    thick, thin = (y, y + 22.0) if heavy_first else (y + 22.0, y)
    return [Rule(0, thick, width, thick, _HEAVY), Rule(0, thin, width, thin, _HAIR)]


def _letterhead(block: Letterhead, at: Setting) -> list[Chunk]:
    left, right = at.fill(block.left), at.fill(block.right)
    style, aside = at.type(HOUSE), at.type(HOUSE_ASIDE)
    right_width = natural_width(right, aside) if right else 0.0
    together = natural_width(left, style) + right_width + at.gap(12) < at.width
    house = set_words(left, style, at.width - right_width - at.gap(12) if together and right else at.width,
                      "center" if at.narrow else "left").of(*slots(block.left))
    items: list[Item] = [house]
    bottom = house.height
    if right:
        words = set_words(right, aside, right_width + 2 if together else at.width, "right").of(*slots(block.right))
        drop = (house.height - words.height) if together else house.height
        items.append(words.at(at.width - words.width, drop))
        bottom = max(bottom, drop + words.height)
    items += _double_rule(bottom + at.gap(4), at.width)
    return [Chunk(bottom + at.gap(4) + 22 + at.gap(12), tuple(items), keep=True)]


def _title(block: Title, at: Setting) -> list[Chunk]:
    style = at.type(TITLE_NARROW if at.narrow else TITLE)
    text = at.fill(block.text)
    if natural_width(text, style) > at.width:
        style = replace(style, spacing=0.0)
    title = set_words(text, style, at.width, "center").of(*slots(block.text))
    items: list[Item] = []
    y = at.gap(8)
    if at.mark and not at.preview:  # a preview is marked all over
        stamp, drop = _stamp(at)
        left = at.width - stamp[0].width
        beside = len(title.lines) == 1 and title.lines[0].x + title.lines[0].width + at.gap(8) < left
        items += stack(stamp, left, y + (title.height - stamp[0].height) / 2 if beside else 0)
        y = y if beside else drop
    items.append(title.at(0, y))
    y += title.height
    under = at.fill(block.under)
    if under:
        words = set_words(under, at.type(UNDER), at.width, "center").of(*slots(block.under))
        items.append(words.at(0, y + at.gap(1)))
        y += at.gap(1) + words.height
    return [Chunk(y + at.gap(12), tuple(items), keep=True)]


def _stamp(at: Setting) -> tuple[tuple[Frame, Words], float]:
    """补打 第1次, in a frame; and the room it takes."""
    words = set_words(at.mark, at.type(MARK), natural_width(at.mark, at.type(MARK)) + 2).of(MARK_FACT)
    inset = at.gap(7)
    frame = Frame(0, 0, words.width + 2 * inset, words.height + at.gap(4), radius=pt(2.5), weight=10)
    return (frame, words.at(inset, at.gap(2))), frame.height + at.gap(4)


def _right(items: Sequence[Item]) -> float:
    return max(item.x + item.width for item in items if isinstance(item, Words | Frame))


def _heading(text: str, at: Setting) -> list[Chunk]:
    if not text:
        return []
    words = set_words(text, at.type(HEADING), at.width)
    bar = Rule(0, words.height + at.gap(2), at.width, words.height + at.gap(2), _LINE)
    return [Chunk(words.height + at.gap(2), (words, bar), keep=True)]


# ------------------------------------------------ facts


def _facts(block: Facts, at: Setting) -> list[Chunk]:
    fields = [field for field in block.fields if at.text(field.id)]
    if not fields:
        return []
    label_width = max(natural_width(field.label, at.type(LABEL)) for field in fields) + at.gap(10)
    longest = max((natural_width(at.value(field), _value_type(field, at)) for field in fields
                   if field.span == "cell"), default=0.0)
    gutter = at.gap(18)
    columns = block.columns
    while columns > 1 and (at.width - gutter * (columns - 1)) / columns - label_width < longest + 2:
        columns -= 1  # side by side only what needs no second line
    cell = (at.width - gutter * (columns - 1)) / columns
    if columns == 1 and cell - label_width < pt(VALUE.size * at.scale) * _LEAST_VALUE_EMS:
        label_width = 0.0  # below the label, not beside it
    chunks = [_row(row, at, cell, gutter, label_width) for row in _rows(fields, columns)]
    last = chunks[-1]
    chunks[-1] = Chunk(last.height + at.gap(12), last.items)
    return _heading(block.heading, at) + chunks


def _value_type(field: Field, at: Setting) -> Type:
    return at.type(STRONG if field.weight == "strong" else VALUE)


def _rows(fields: Sequence[Field], columns: int) -> list[list[Field]]:
    rows: list[list[Field]] = []
    for field in fields:
        last = rows[-1] if rows else None
        if last is None or field.span == "row" or last[-1].span == "row" or len(last) == columns:
            rows.append([field])
        else:
            last.append(field)
    return rows


def _row(fields: Sequence[Field], at: Setting, cell: float, gutter: float, label_width: float) -> Chunk:
    items: list[Item] = []
    inset = at.gap(4)
    height = 0.0
    for index, field in enumerate(fields):
        width = at.width if field.span == "row" else cell
        made, tall = _fact(field, at, width, label_width)
        items += stack(made, index * (cell + gutter), inset)
        height = max(height, tall)
    height += 2 * inset
    items.append(Rule(0, height, at.width, height, _HAIR, _FAINT))
    return Chunk(height, tuple(items))


def _fact(field: Field, at: Setting, width: float, label_width: float) -> tuple[list[Item], float]:
    label_style, value_style = at.type(LABEL), _value_type(field, at)
    if not label_width:
        label = set_words(field.label, label_style, width)
        value = set_words(at.value(field), value_style, width).of(field.id)
        return [label, value.at(0, label.height)], label.height + value.height
    label = set_words(field.label, label_style, label_width)
    value = set_words(at.value(field), value_style, width - label_width).of(field.id)
    drop = value.lines[0].baseline - label.lines[0].baseline  # both stand on one line
    return [label.at(0, max(drop, 0)), value.at(label_width, max(-drop, 0))], max(
        label.height + max(drop, 0), value.height + max(-drop, 0))


def _amount(block: Amount, at: Setting) -> list[Chunk]:
    figures = at.text(block.id)
    if not figures:
        return []
    inset = at.gap(7)
    room = at.width - 2 * inset
    label = set_words(block.label, at.type(HEADING), room)
    value = set_words(figures, at.type(FIGURES), room, "right")
    beside = natural_width(block.label, label.style) + value.lines[0].width + inset < room and len(value.lines) == 1
    drop = value.lines[0].baseline - label.lines[0].baseline if beside else 0.0
    items: list[Item] = [label.at(inset, inset + drop)]
    top = inset if beside else inset + label.height
    if beside:  # the label keeps only its own width, so that the two rectangles stay apart
        items = [set_words(block.label, label.style, room - value.lines[0].width - inset).at(inset, inset + drop)]
        value = set_words(figures, value.style, value.lines[0].width + 2, "right").at(
            room - value.lines[0].width - 2, 0)
    items.append(value.of(block.id).at(inset, top))
    y = top + value.height
    capital = at.text(block.capital) if block.capital else ""
    if capital:
        words = set_words(f"大写 {capital}", at.type(CAPITALS), room, "right").of(block.capital)
        items.append(words.at(inset, y))
        y += words.height
    frame = Frame(0, 0, at.width, y + inset, radius=pt(2), weight=8)
    return [Chunk(frame.height + at.gap(12), (frame, *items))]


# ------------------------------------------------ running text


def _paragraph(block: Paragraph, at: Setting) -> list[Chunk]:
    text = at.fill(block.text)
    if not text:
        return []
    style = at.type(TEXT)
    indent = 0.0 if at.narrow or block.heading else 2 * pt(style.size)
    head = _heading(block.heading, at)
    above = at.gap(3) if head else 0.0
    words = set_words(text, style, at.width, indent=indent).of(*slots(block.text))
    return [*head, Chunk(above + words.height + at.gap(9), (words.at(0, above),))]


def _list(block: Lines, at: Setting) -> list[Chunk]:
    given = at.facts.get(block.id, ())
    lines = [str(line).strip() for line in given if str(line).strip()] if isinstance(given, Sequence) else []
    if not lines or isinstance(given, str):
        return []
    style = at.type(TEXT)
    side = pt(style.size)
    lead = side * (1.9 if block.marks == "numbers" else 1.6)
    chunks = []
    for index, line in enumerate(lines):
        words = set_words(line, style, at.width - lead).of(block.id)
        middle = words.lines[0].baseline - side * 0.38
        sign: Item = (set_words(f"{index + 1}.", style, lead) if block.marks == "numbers"
                      else Frame(0, middle - side * 0.42, side * 0.84, side * 0.84, weight=8))
        tick = _tick(side, middle) if block.marks == "ticks" else []
        chunks.append(Chunk(words.height + at.gap(4), tuple(stack([sign, *tick, words.at(lead, 0)], 0, at.gap(4)))))
    return [*_heading(block.heading, at), *chunks, Chunk(at.gap(10), ())]


def _tick(side: float, middle: float) -> list[Item]:
    """A tick inside the box, in two strokes."""
    return [Rule(side * 0.16, middle + side * 0.02, side * 0.36, middle + side * 0.24, weight=10),
            Rule(side * 0.36, middle + side * 0.24, side * 0.72, middle - side * 0.24, weight=10)]


def _table(block: Table, at: Setting) -> list[Chunk]:
    given = at.facts.get(block.id, ())
    rows = [row for row in given if isinstance(row, Sequence)] if isinstance(given, Sequence) else []
    if not rows or isinstance(given, str):
        return []
    gutter = at.gap(8)
    body = _fitting(block, rows, at, gutter)
    head = replace(LABEL, size=body.size)
    widths = _widths(block, rows, at, gutter, body)
    lefts = [sum(widths[:index]) + gutter * index for index in range(len(widths))]

    def line(cells: Sequence[object], style: Type, rule: Rule, *named: str) -> Chunk:
        inset = at.gap(3)
        made = [set_words(str(cell), style, width, column.align).of(*named).at(left, inset)
                for cell, column, width, left in zip(cells, block.columns, widths, lefts, strict=False)]
        height = max((words.height for words in made), default=0.0) + 2 * inset
        return Chunk(height, (*made, rule.at(0, height)), keep=style is head)

    top = line([column.label for column in block.columns], head, Rule(0, 0, at.width, 0, _LINE))
    lines = [replace(line(row, body, Rule(0, 0, at.width, 0, _HAIR, _FAINT), block.id), head=top) for row in rows]
    return [*_heading(block.heading, at), top, *lines, Chunk(at.gap(10), ())]


def _natural(block: Table, rows: Sequence[Sequence[object]], style: Type) -> list[float]:
    """How wide the widest cell of each column is."""
    return [max(natural_width(text, style) for text in {str(row[index]) for row in rows} | {column.label}) + 2
            for index, column in enumerate(block.columns)]


def _fitting(block: Table, rows: Sequence[Sequence[object]], at: Setting, gutter: float) -> Type:
    """The largest type with which every cell stands in one row, where rows are read back (one that breaks could not be),
    but never below the smallest of all papers: an enlarged table of many columns grows as far as the sheet allows."""
    style, least = at.type(Type(12)), Type(12)
    if all(column.holds == "words" for column in block.columns):
        return style
    room = at.width - gutter * (len(block.columns) - 1) - 2 * len(block.columns)
    wanted = sum(_natural(block, rows, style))
    return style if wanted <= room else replace(style, size=max(least.size, style.size * room / wanted))


def _widths(block: Table, rows: Sequence[Sequence[object]], at: Setting, gutter: float, style: Type) -> list[float]:
    """As wide as the widest cell wants, what is left over shared out; by `share` where there is not room for that."""
    room = at.width - gutter * (len(block.columns) - 1)
    natural = _natural(block, rows, style)
    total, spare = sum(column.share for column in block.columns), room - sum(natural)
    if spare < 0:
        return [room * column.share / total for column in block.columns]
    return [width + spare * column.share / total for width, column in zip(natural, block.columns, strict=True)]


# ------------------------------------------------ checking, sealing, warning


def _verify(block: Verify, at: Setting) -> list[Chunk]:
    """Left the code, right the seal, between them what to do; what finds no room beside goes below."""
    code, texts = _code_box(at), _verify_texts(block, at)
    if code is None and not texts:
        return []
    gap, top = at.gap(12), at.gap(9) + 22
    seal = _seal(block.seal, at) if block.seal and not at.narrow else None
    code_room = _extent(code) + gap if code else 0.0
    seal_room = _right(seal.items) + gap if seal else 0.0
    least = max([pt(SMALL.size * at.scale) * _LEAST_VALUE_EMS, *(
        _code_room(text.split(" ", 1)[-1], at.type(style)) for text, style, _ in texts if style in _CODES)])
    items: list[Item] = _double_rule(0, at.width, heavy_first=False)
    code_beside = at.width - code_room >= least
    seal_beside = at.width - code_room - seal_room >= least and code_beside
    width = at.width - (code_room if code_beside else 0) - (seal_room if seal_beside else 0)
    words, tall = _column(texts, at, block.heading, width)
    items += stack(words, code_room if code_beside else 0, top)
    if code and code_beside:
        items += stack(code, 0, top)
        tall = max(tall, _extent(code))
    elif code:
        items += stack(code, (at.width - _extent(code)) / 2, top + tall + gap / 2)
        tall += gap / 2 + _extent(code)
    if seal and seal_beside:
        items += stack(seal.items, at.width - seal_room + gap, top)
        tall = max(tall, seal.height)
    elif seal and block.seal:
        strip = _seal(block.seal, at, at.width)
        items += stack(strip.items, 0, top + tall + gap / 2)
        tall += gap / 2 + strip.height
    return [Chunk(top + tall + at.gap(9), tuple(items))]


def _code_room(code: str, style: Type) -> float:
    """The room for a verification code, whatever its letters are: where things stand must not depend on the luck of the
    draw, or a preview could not tell how many sheets it will be."""
    return max(natural_width(code, style), pt(style.size) * _CODE_EMS if len(code) == _CODE_SIGNS else 0.0)


def _code_box(at: Setting) -> list[Item] | None:
    """The QR code; in a preview the place where it will stand."""
    if at.code and not at.preview:
        return [at.code]
    if not at.preview:
        return None
    side = at.code.width if at.code else mm(36)
    words = set_words("打印时生成", at.type(SMALL), side - at.gap(8), "center")
    return [Frame(0, 0, side, side, weight=6, grey=_FAINT, dashed=True),
            words.at(at.gap(4), (side - words.height) / 2)]


def _extent(items: Sequence[Item]) -> float:
    return max((item.width for item in items if isinstance(item, Code | Frame)), default=0.0)


def _verify_texts(block: Verify, at: Setting) -> list[tuple[str, Type, str]]:
    """(text, type, template)"""
    code = CODE_NARROW if at.narrow else CODE
    texts = [(at.fill(block.code), code, block.code), *((at.fill(line), SMALL, line) for line in block.lines)]
    return [(text, style, template) for text, style, template in texts if text]


def _column(texts: Sequence[tuple[str, Type, str]], at: Setting, heading: str,
            width: float) -> tuple[list[Item], float]:
    head = set_words(at.fill(heading), at.type(HEADING), width).of(*slots(heading))
    items: list[Item] = [head]
    y = head.height + at.gap(2)
    for text, style, template in texts:
        label, value = text.split(" ", 1) if style in _CODES else ("", text)
        if label:
            words = set_words(label, at.type(SMALL), width)
            items.append(words.at(0, y))
            y += words.height
        words = set_words(value, at.type(style), width).of(*slots(template))
        items.append(words.at(0, y))
        y += words.height + at.gap(2)
    return items, y


def _seal(seal: Seal, at: Setting, width: float = 0.0) -> Chunk:
    """Issuer and date over the circle for a stamp; in a strip of `width`, beside it."""
    lines = [(filled, template) for template in seal.above if (filled := at.fill(template))]
    side, gap = mm(_SEAL_MM), at.gap(4)
    natural = max([side, *(natural_width(line, at.type(SMALL)) + 2 for line, _ in lines)])
    room = width - side - at.gap(12) if width else min(natural, mm(_WIDEST_SEAL_MM))
    made = [set_words(line, at.type(SMALL), room, "right" if width else "center").of(*slots(template))
            for line, template in lines]
    tall = sum(words.height for words in made)
    y = max(side - tall, 0) / 2 if width else 0.0
    items: list[Item] = []
    for words in made:
        items.append(words.at(0, y))
        y += words.height
    left, top = (width - side, 0.0) if width else ((room - side) / 2, tall + gap if lines else 0.0)
    place = set_words(seal.text, at.type(Type(12, grey=0.55)), side * 0.8, "center")
    items += [Frame(left, top, side, side, radius=side / 2, weight=5, grey=_FAINT, dashed=True),
              place.at(left + side * 0.1, top + (side - place.height) / 2)]
    return Chunk(max(y, top + side), tuple(items))


def _notice(block: Notice, at: Setting) -> list[Chunk]:
    text = at.fill(block.text)
    if not text:
        return []
    inset = at.gap(5)
    words = set_words(text, at.type(NOTICE), at.width - 2 * inset, "center").of(*slots(block.text))
    frame = Frame(0, 0, at.width, words.height + inset, radius=pt(2), weight=8)
    return [Chunk(frame.height + at.gap(6), (frame, words.at(inset, inset / 2)))]


def footer(pieces: Sequence[str], at: Setting, page: str = "") -> Chunk:
    """What stands at the foot of every page, as many pieces in a line as fit; `page` such as 第 1 页，共 2 页."""
    style = at.type(SMALL)
    lines: list[tuple[str, tuple[str, ...]]] = []
    told = [(at.fill(piece), tuple(slots(piece))) for piece in pieces]
    for piece, facts in filter(lambda one: one[0], [*told, (page, (PAGE_FACT,))]):
        joined = f"{lines[-1][0]} · {piece}" if lines else ""
        if joined and natural_width(joined, style) <= at.width:
            lines[-1] = joined, lines[-1][1] + facts
        else:
            lines.append((piece, facts))
    items: list[Item] = []
    y = 0.0
    for line, facts in lines:
        words = set_words(line, style, at.width, "center").of(*facts)
        items.append(words.at(0, y))
        y += words.height
    return Chunk(y, tuple(items))


def heights(chunks: Sequence[Chunk]) -> float:
    return sum(chunk.height for chunk in chunks)


def groups(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Chunks that must stay on one page: a heading with what follows it."""
    made: list[list[Chunk]] = [[chunk] for chunk in chunks[:1]]
    for before, chunk in pairwise(chunks):
        if before.keep:
            made[-1].append(chunk)
        else:
            made.append([chunk])
    return made
