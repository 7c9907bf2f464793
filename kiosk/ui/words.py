"""The few words of the screen itself (assets/themes/words.toml) and those that no line end may tear (together.txt)."""

from __future__ import annotations

import tomllib
from functools import cache

import msgspec

from kiosk import places
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
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        together = (file.parent / "together.txt").read_text(encoding="utf-8").splitlines()
        return msgspec.convert({**raw, "together": [word for word in together if word and word[0] != "#"]}, Words)
    except (FileNotFoundError, tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise DataError(str(file), f"屏幕用语文件读不了：{fault}") from None
