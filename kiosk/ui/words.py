"""The few words of the screen itself (assets/themes/words.toml) and those that no line end may tear (together.txt)."""

from __future__ import annotations

from functools import cache

import msgspec

from kiosk import places
from kiosk.fund.datafile import convert, read_toml
from kiosk.fund.errors import DataError


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    strip: dict[str, str]
    strip_icon: dict[str, str]
    hearing: dict[str, str]
    tool: dict[str, str]
    pad: dict[str, str]
    other: dict[str, str]
    examples: dict[str, tuple[str, ...]]
    together: frozenset[str]


@cache
def words() -> Words:
    """Raises DataError when a file is missing or malformed."""
    file = places.ASSETS / "themes" / "words.toml"
    kept = file.parent / "together.txt"
    try:
        together = kept.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataError(kept.name, "找不到这个文件，或者它不是 UTF-8 编码的。") from None
    return convert({**read_toml(file), "together": [word for word in together if word and word[0] != "#"]}, Words,
                   f"{file.name}: ")
