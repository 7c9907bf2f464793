"""What stands on a paper, from the lines of words that were read on its picture. Pure: words and places in, fields out.

The picture may be askew or upside down: the reader of pictures reads such lines all the same, only their places are
turned. So places are straightened by the slope that most lines have, and of the two ways up the one is taken in which more
labels have their value to the right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from kiosk.fund.identity import CardError, CardNumber, IdentityError, IdNumber, PersonName
from kiosk.ports.scanner import TextLine

#: Letters that are taken for digits within a number.
_DIGITS = str.maketrans({"O": "0", "o": "0", "D": "0", "Q": "0", "I": "1", "l": "1", "|": "1", "i": "1", "Z": "2", "z": "2",
                         "S": "5", "s": "5", "B": "8", "b": "6", "G": "6", "g": "9", "q": "9"})
_NUMBERISH = re.compile(r"[0-9OoDQIl|iZzSsBbGgqXx×]{15,}")
_ID = re.compile(r"(?=(\d{17}[\dXx]))")
_CARD = re.compile(r"(?<!\d)(\d{16,19})(?!\d)")
_DATE = re.compile(r"(\d{4})\s*[.\-/年·。,，]\s*(\d{1,2})\s*[.\-/月·。,，]\s*(\d{1,2})")
_FOR_EVER = re.compile(r"长\s*期")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af·•．]{2,15}")
_CERTIFICATE = re.compile(r"[A-Za-z]?\d{4,8}-\d{4}-\d{4,8}")
_THRU = re.compile(r"(?<!\d)(0[1-9]|1[0-2])\s*/\s*(\d{2})(?!\d)")
_BANK = re.compile(r"[\u4e00-\u9fff]{2,12}(?:银行|信用社|信用联社)")
#: What may stand beside a name and is none.
_NO_NAMES = frozenset({"性别", "民族", "出生", "住址", "姓名", "国籍", "出生日期", "身份证件号", "备注", "样例", "登记日期", "持证人"})


@dataclass(frozen=True)
class Fields:
    """Everything that was found; most kinds of paper have a few of these. Numbers and names mask themselves.

    until    the last day of validity; `for_ever` 长期
    day      marriage: 登记日期; invoices and contracts: the latest date on them
    number   结婚证字号
    """

    ids: tuple[IdNumber, ...] = ()
    names: tuple[PersonName, ...] = ()
    until: date | None = None
    for_ever: bool = False
    card: CardNumber | None = None
    bank: str = ""
    day: date | None = None
    number: str = field(default="", repr=False)


@dataclass(frozen=True)
class Placed:
    """A line after straightening: x to the right, y down."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def beside(self, other: Placed) -> bool:
        """In the same row as the other."""
        overlap = min(self.bottom, other.bottom) - max(self.top, other.top)
        return overlap > 0.5 * min(self.height, other.height)


def words_of(lines: Sequence[TextLine]) -> str:
    """All words, for telling kinds of papers apart: without spaces, in capitals."""
    return re.sub(r"\s", "", "\n".join(line.text for line in lines)).upper()


def read(reads: str, lines: Sequence[TextLine], today: date, banks: Mapping[str, str] | None = None) -> Fields:
    """The fields of a paper of this kind (precheck_documents.Reads). `banks`: first digits of a card number to bank."""
    reader = {"identity_front": _identity_front, "identity_back": _identity_back, "marriage": _marriage,
              "words": _words}.get(reads)
    if reads == "bank_card":
        return max((_bank_card(way, banks or {}) for way in ways_up(lines)), key=_worth)
    assert reader is not None, reads
    return max((reader(way, today) for way in ways_up(lines)), key=_worth)


def _worth(fields: Fields) -> int:
    return (4 * len(fields.ids) + 2 * len(fields.names) + 2 * (fields.until is not None or fields.for_ever)
            + 4 * (fields.card is not None) + bool(fields.bank) + 2 * (fields.day is not None) + bool(fields.number))


# ------------------------------------------------------------------ where things stand


def ways_up(lines: Sequence[TextLine]) -> Iterator[list[Placed]]:
    """The lines straightened, the two ways up that there can be."""
    slope = _slope(lines)
    for turn in (slope, slope + math.pi):
        cosine, sine = math.cos(-turn), math.sin(-turn)
        placed = []
        for line in lines:
            xs = [x * cosine - y * sine for x, y in line.corners]
            ys = [x * sine + y * cosine for x, y in line.corners]
            placed.append(Placed(line.text, min(xs), min(ys), max(xs), max(ys)))
        yield sorted(placed, key=lambda one: (one.top, one.left))


def _slope(lines: Sequence[TextLine]) -> float:
    """The direction along most of the lines, in radians between -90° and 90°; long lines decide."""
    found = []
    for line in lines:
        (ax, ay), (bx, by), (cx, cy) = line.corners[:3]
        along, across = (bx - ax, by - ay), (cx - bx, cy - by)
        if math.hypot(*across) > math.hypot(*along):
            along, across = across, along
        long, short = math.hypot(*along), math.hypot(*across)
        if long > 2.5 * short:
            found += [math.atan2(along[1], along[0]) % math.pi] * max(1, round(long / 40))
    if not found:
        return 0.0
    # 1° and 179° are neighbours: measured from a direction that most are near to
    middle = 0.5 * math.atan2(sum(math.sin(2 * a) for a in found), sum(math.cos(2 * a) for a in found))
    return middle + median((a - middle + math.pi / 2) % math.pi - math.pi / 2 for a in found)


def _value(label: str, lines: Sequence[Placed], start: int = 0) -> Iterator[str]:
    """What stands to the right of each line that begins with the label: in the same line, or the next one in its row."""
    for one in lines[start:]:
        text = re.sub(r"\s", "", one.text)
        place = text.find(label)
        if place < 0:
            continue
        rest = text[place + len(label):].lstrip(":：")
        if rest:
            yield rest
            continue
        row = [other for other in lines if other is not one and other.beside(one) and other.left > one.left]
        if row:
            yield re.sub(r"\s", "", min(row, key=lambda other: other.left).text)


def _rows(lines: Sequence[Placed]) -> Iterator[str]:
    """Lines that stand in one row, joined from left to right: embossed numbers come in pieces."""
    left = list(lines)
    while left:
        first = left[0]
        row = [one for one in left if one is first or one.beside(first)]
        left = [one for one in left if one not in row]
        yield "".join(re.sub(r"\s", "", one.text) for one in sorted(row, key=lambda one: one.left))


# ------------------------------------------------------------------ kinds of paper


def _identity_front(lines: Sequence[Placed], today: date) -> Fields:
    return Fields(ids=_ids(lines, today)[:1], names=_names(lines)[:1])


def _identity_back(lines: Sequence[Placed], today: date) -> Fields:
    for row in (*(one.text for one in lines), *_rows(lines)):
        dates = _dates(row)
        if dates and _FOR_EVER.search(row):
            return Fields(for_ever=True)
        if len(dates) == 2 and dates[0] < dates[1]:
            return Fields(until=dates[1])
    return Fields()


def _bank_card(lines: Sequence[Placed], banks: Mapping[str, str]) -> Fields:
    card = next((number for row in (*(one.text for one in lines), *_rows(lines)) if (number := _card_in(row))), None)
    known = max((prefix for prefix in banks if card and card.clear.startswith(prefix)), key=len, default="")
    named = next((found.group() for one in lines if (found := _BANK.search(re.sub(r"\s", "", one.text)))), "")
    thru = next((found for one in lines if (found := _THRU.search(one.text))), None)
    until = _last_of_month(2000 + int(thru[2]), int(thru[1])) if thru else None
    return Fields(card=card, bank=banks.get(known, "") or named, until=until)


def _marriage(lines: Sequence[Placed], today: date) -> Fields:
    days = [day for text in _value("登记日期", lines) for day in _dates(text)]
    number = next((found.group() for text in ("".join(one.text.split()) for one in lines)
                   if (found := _CERTIFICATE.search(text))), "")
    return Fields(ids=_ids(lines, today)[:2], names=_names(lines, "姓名", "持证人"), day=days[0] if days else None, number=number)


def _words(lines: Sequence[Placed], today: date) -> Fields:
    days = [day for one in lines for day in _dates(one.text) if day <= today]
    return Fields(day=max(days, default=None))


# ------------------------------------------------------------------ numbers, names, dates


def _ids(lines: Sequence[Placed], today: date) -> tuple[IdNumber, ...]:
    """All identity numbers with the right check character (GB 11643-1999), in the order of the lines."""
    found: dict[IdNumber, None] = {}
    for text in (*(one.text for one in lines), *_rows(lines)):
        for run in _NUMBERISH.findall(re.sub(r"\s", "", text)):
            digits = run[:-1].translate(_DIGITS) + run[-1].replace("×", "X").translate(_DIGITS)
            for candidate in _ID.findall(digits):
                try:
                    found[IdNumber.parse(candidate, today)] = None
                except IdentityError:
                    continue
    return tuple(found)


def _names(lines: Sequence[Placed], *labels: str) -> tuple[PersonName, ...]:
    found: dict[PersonName, None] = {}
    for label in labels or ("姓名",):
        for value in _value(label, lines):
            name = _NAME.match(value)
            if name and name.group() not in _NO_NAMES:
                found[PersonName(name.group())] = None
    return tuple(found)


def _card_in(text: str) -> CardNumber | None:
    """A card number with the right check digit (Luhn), and none that is an identity number."""
    for digits in _CARD.findall(re.sub(r"[\s\-]", "", text)):
        try:
            return CardNumber.parse(digits)
        except CardError:
            continue
    return None


def _dates(text: str) -> list[date]:
    found = []
    for year, month, day in _DATE.findall(text):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def _last_of_month(year: int, month: int) -> date:
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
