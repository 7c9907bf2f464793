"""Every field of the rules has a name for people, so that no change is told as a path."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator

import msgspec

from kiosk import places
from kiosk.fund.rule_packs_diff import Titles
from kiosk.fund.rules import Rules, Source

Place = tuple[str, ...]
TITLES = Titles.load(places.ASSETS / "rules" / "titles.yaml")


def fields(kind: typing.Any, place: Place = ()) -> Iterator[Place]:
    """The places of all values that the schema allows; items of lists with the list itself."""
    inner, origin = typing.get_args(kind), typing.get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not Source:
        hints = typing.get_type_hints(kind)
        for name in kind.__struct_fields__:
            yield from fields(hints[name], (*place, name))
    elif origin in (typing.Union, types.UnionType) and any(_struct(one) for one in inner):
        yield from fields(next(one for one in inner if _struct(one)), place)
    elif origin is dict and _struct(inner[1]):
        yield from fields(inner[1], (*place, "*"))
    elif origin is tuple and _struct(inner[0]):
        yield place
        by = (found.by if (found := TITLES.of(place)) else ())
        yield from (one for one in fields(inner[0], (*place, "*")) if one[len(place) + 1] not in by)
    else:
        yield place


def _struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def test_every_field_has_a_title() -> None:
    assert ["/".join(place) for place in fields(Rules) if TITLES.of(place) is None] == []


def test_no_title_is_left_over() -> None:
    known = list(fields(Rules))
    assert [title.at for title in TITLES.fields if not any(title.fits(place) for place in known)] == []
