"""What changes between two states of the rules, told in plain words: "租房上限 1,800 → 2,000 元，9月1日起".

How fields are called is data (assets/rules/titles.yaml): the first pattern that fits the place of a value names it. A
place is the way from the section down, "withdrawals/withdraw.rent/title"; `*` stands for one step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.errors import DataError
from kiosk.fund.rules import Book, Rules

Place = tuple[str, ...]
#: A value that grew or shrank more than this many times is more likely a slip of the hand than a decision.
JUMP = 10
#: A value that is not there: it is told as coming or going.
NOTHING = ""


class FieldTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`title` may use {entry}, the name of what the field belongs to, and {item}, the name of the list's item in
    brackets ("" for the one that nothing sets apart). `units` gives the unit by what stands in the field `kind` beside
    it. `words` say what fixed values mean; `by` are the fields that tell the items of a list apart.
    `facts`: a map that is told as one value."""

    at: str
    title: str
    unit: str = ""
    units: dict[str, str] = {}
    words: dict[str, str] = {}
    by: tuple[str, ...] = ()
    facts: bool = False

    def fits(self, place: Place) -> bool:
        wanted = self.at.split("/")
        return len(wanted) == len(place) and all(want in ("*", step) for want, step in zip(wanted, place, strict=True))


class _TitlesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: tuple[FieldTitle, ...]
    names: dict[str, str]


class Titles:
    """titles.yaml. `names` are the names of entries, facts and values where they carry no title or a worse one."""

    def __init__(self, fields: Sequence[FieldTitle], names: Mapping[str, str]) -> None:
        self.fields, self.names = tuple(fields), names
        self._by_last: dict[str, list[FieldTitle]] = {}
        for field in fields:
            self._by_last.setdefault(field.at.rpartition("/")[2], []).append(field)

    @classmethod
    def load(cls, path: Path) -> Titles:
        """Raises DataError."""
        read = convert(read_yaml(path), _TitlesFile, path.name)
        return cls(read.fields, read.names)

    def of(self, place: Place) -> FieldTitle | None:
        """The first line that fits. No pattern ends in *."""
        return next((field for field in self._by_last.get(place[-1], ()) if field.fits(place)), None) if place else None


@dataclass(frozen=True)
class Difference:
    """One value that differs from `first` on, up to and including `last` (None: for good). `old` or `new` is "" where
    there is none; `jump` marks a number that changed more than JUMP times."""

    place: Place
    title: str
    old: str
    new: str
    first: date
    last: date | None = None
    jump: bool = False

    def sentence(self, today: date) -> str:
        """Dates of another year than today's are told with the year."""
        if not self.old:
            what = f"新增{self._whole(self.new)}"
        elif not self.new:
            what = f"取消{self._whole(self.old)}"
        else:
            what = f"{self.title} {self.old} → {self.new}"
        when = f"{_day(self.first, today)}起" if self.last is None else \
            f"{_day(self.first, today)}到{_day(self.last, today)}"
        return f"{what}，{when}"

    def _whole(self, value: str) -> str:
        return self.title if value == self.title else f"{self.title}：{value}"


def differences(old: Book, new: Book, days: Sequence[date], titles: Titles) -> list[Difference]:
    """What `new` says otherwise than `old`, and from which day on. `days` are all days on which one of them changes;
    those on which one of them is not complete are left out."""
    open_: dict[tuple[Place, str, str], Difference] = {}
    closed: list[Difference] = []
    for day in sorted(set(days)):
        before, after = _values(old, day, titles), _values(new, day, titles)
        if before is None or after is None:
            continue
        now = {(one.place, one.old, one.new): one for one in _compared(before, after, day)}
        for key in [key for key in open_ if key not in now]:
            closed.append(_until(open_.pop(key), day - timedelta(days=1)))
        for key, one in now.items():
            open_.setdefault(key, one)
    return sorted([*closed, *open_.values()], key=lambda one: (one.first, one.place))


def steps(book: Book, days: Sequence[date], titles: Titles) -> list[Difference]:
    """What changes inside one book at each of `days`, against the day before."""
    found: list[Difference] = []
    for day in sorted(set(days)):
        before, after = _values(book, day - timedelta(days=1), titles), _values(book, day, titles)
        if before is not None and after is not None:
            found += _compared(before, after, day)
    return found


def _until(one: Difference, last: date) -> Difference:
    return Difference(one.place, one.title, one.old, one.new, one.first, last, one.jump)


def _day(day: date, today: date) -> str:
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


# ------------------------------------------------------------------ values and their names


@dataclass(frozen=True)
class _Value:
    title: str
    text: str
    unit: str
    number: Fraction | None
    items: tuple[str, ...] | None = None    # of a list of texts


def _compared(old: Mapping[Place, _Value], new: Mapping[Place, _Value], day: date) -> Iterator[Difference]:
    """Where a whole entry or item comes or goes, only its name is told."""
    gone = _whole(old, new)
    come = _whole(new, old)
    for place in sorted(old.keys() | new.keys()):
        a, b = old.get(place), new.get(place)
        if a == b or any(place[:length] in gone | come for length in range(1, len(place))):
            continue
        title = (b or a or _NOTHING).title
        if a is not None and b is not None and a.items is not None and b.items is not None:
            yield Difference(place, title, *_lists(a.items, b.items), day)
        else:
            yield Difference(place, title, _bare(a, b), f"{b.text}{b.unit}" if b else "", day, jump=_jumped(a, b))


def _bare(a: _Value | None, b: _Value | None) -> str:
    """The old value; its unit is told with the new one alone where both have it."""
    if a is None:
        return ""
    return a.text if b is not None and b.unit == a.unit else f"{a.text}{a.unit}"


def _lists(a: Sequence[str], b: Sequence[str]) -> tuple[str, str]:
    """What went and what came; the whole where only the order changed."""
    went, came = [one for one in a if one not in b], [one for one in b if one not in a]
    if not went and not came:
        return "、".join(a), "、".join(b)
    if not went:
        return f"{len(a)} 项", f"{len(b)} 项，增加{'、'.join(came)}"
    if not came:
        return f"{len(a)} 项", f"{len(b)} 项，去掉{'、'.join(went)}"
    return "、".join(went), "、".join(came)


def _whole(here: Mapping[Place, _Value], there: Mapping[Place, _Value]) -> set[Place]:
    """Entries and items that are in one and not in the other: they have a value of their own at their place."""
    return {place for place, value in here.items() if value.number is None and value.items is None
            and place not in there and any(other[:len(place)] == place for other in here if len(other) > len(place))}


def _jumped(a: _Value | None, b: _Value | None) -> bool:
    if a is None or b is None or not a.number or not b.number or a.unit != b.unit:
        return False
    return not Fraction(1, JUMP) <= abs(b.number / a.number) <= JUMP


_NOTHING = _Value("", "", "", None)


def _values(book: Book, day: date, titles: Titles) -> dict[Place, _Value] | None:
    try:
        rules = book.on(day)
    except DataError:
        return None
    return {place: value for place, value in _walk((), _plain(rules), titles) if value.text != NOTHING}


def _plain(rules: Rules) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(rules)
    return plain


def _walk(place: Place, value: Any, titles: Titles, entry: str = "", item: str = "",
          kind: str = "") -> Iterator[tuple[Place, _Value]]:
    """`kind` is what stands in the field of that name beside the value."""
    field = titles.of(place)
    title = field.title.format(entry=entry, item=f"（{item}）" if item else "") if field else "/".join(place)
    if isinstance(value, Mapping) and place and place[-1] == "source":
        yield place, _Value(title, "，".join(str(value[key]) for key in ("title", "date") if value.get(key)), "", None)
    elif isinstance(value, Mapping) and not (field and field.facts):
        for key, inner in value.items():
            name = entry
            if len(place) == 1 and isinstance(inner, Mapping):
                name = titles.names.get(key) or str(inner.get("title") or inner.get("name") or key)
                yield (*place, key), _Value(name, name, "", None)
            yield from _walk((*place, key), inner, titles, name, item, str(value.get("kind", "")))
    elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
        yield from _items(place, value, titles, entry, title, field.by if field else ())
    elif isinstance(value, (list, tuple)):
        told = tuple(_text(one, field, "", titles) for one in value)
        yield place, _Value(title, "、".join(told) or NOTHING, "", None, told)
    else:
        unit = (field.units.get(kind) or field.unit) if field else ""
        text = _text(value, field, unit, titles)
        yield place, _Value(title, text, unit, _number(value))


def _items(place: Place, value: Sequence[Mapping[str, Any]], titles: Titles, entry: str, title: str,
           by: Sequence[str]) -> Iterator[tuple[Place, _Value]]:
    """Items of a list are told apart by the fields `by`, so that one that is put between does not shift the others."""
    seen: dict[str, int] = {}
    for inner in value:
        key = "+".join(_key(inner.get(name)) for name in by)
        seen[key] = seen.get(key, 0) + 1
        name = "，".join(filter(None, (_named(inner.get(field), titles) for field in by))) if by else f"第{seen[key]}条"
        step = (*place, key if seen[key] == 1 else f"{key}#{seen[key]}")
        yield step, _Value(title, name or "一般情况", "", None)
        for under, inside in inner.items():
            if under not in by:
                yield from _walk((*step, under), inside, titles, entry, name, str(inner.get("kind", "")))


def _key(value: object) -> str:
    return repr(value) if value not in (None, "", {}) else ""


def _named(value: object, titles: Titles) -> str:
    """A check, a day, or facts and what they must be, in words."""
    if isinstance(value, Mapping):
        return "，".join(_fact(str(key), test, titles) for key, test in value.items())
    return titles.names.get(str(value), str(value)) if value not in (None, "") else ""


def _fact(name: str, test: object, titles: Titles) -> str:
    words = [str(one) for one in test] if isinstance(test, (list, tuple)) else [str(test)]
    told = [titles.names.get(f"{name}={word}", "") for word in words]
    return "或".join(told) if all(told) else f"{titles.names.get(name, name)} {'或'.join(words)}"


def _text(value: object, field: FieldTitle | None, unit: str, titles: Titles) -> str:
    if isinstance(value, Mapping):
        return _named(value, titles) or NOTHING
    if value is None or value == "":
        return NOTHING
    word = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if field and word in field.words:
        return field.words[word]
    if isinstance(value, bool):
        return "是" if value else "不是"
    if unit.startswith("元") and re.fullmatch(r"\d+(\.\d+)?", word):
        whole, _, cents = word.partition(".")
        return f"{int(whole):,}{f'.{cents}' if cents.strip('0') else ''}"
    return titles.names.get(word, word)


def _number(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    return Fraction(str(value)) if re.fullmatch(r"-?\d+(\.\d+)?", str(value)) else None
