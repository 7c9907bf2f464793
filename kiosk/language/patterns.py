"""Phrase patterns of the packs, written out.

    (取|提|领)出来     one of these
    打[一]下           may be missing
    <pay>房租          a named list of the same file
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kiosk.fund.errors import DataError

MOST = 4000
"""More sentences than this from one pattern are a mistake of the pack."""


def expand(pattern: str, macros: Mapping[str, str] | None = None, where: str = "") -> tuple[str, ...]:
    """All phrases of a pattern, without repetition, in order. Raises DataError on a bracket that does not close."""
    for name, body in (macros or {}).items():
        if "<" not in pattern:
            break
        pattern = pattern.replace(f"<{name}>", body)
    if not any(c in pattern for c in "([<|"):
        return (pattern,)
    if "<" in pattern:
        raise DataError(where, f"「{pattern}」里用了没有定义的 <…>。")
    try:
        return _expand(pattern)
    except ValueError as error:
        raise DataError(where, f"「{pattern}」{error}") from None


@cache
def _expand(pattern: str) -> tuple[str, ...]:
    phrases, rest = _alternatives(pattern, 0, "")
    if rest != len(pattern):
        raise ValueError("的括号不成对。")
    return tuple(dict.fromkeys(phrases))


def _alternatives(pattern: str, at: int, close: str) -> tuple[list[str], int]:
    found: list[str] = []
    current = [""]
    while at < len(pattern) and pattern[at] != close:
        char = pattern[at]
        if char == "|":
            found += current
            current = [""]
            at += 1
        elif char in "([":
            inner, at = _alternatives(pattern, at + 1, ")" if char == "(" else "]")
            if at >= len(pattern):
                raise ValueError("的括号没有关上。")
            at += 1
            if char == "[":
                inner = ["", *inner]
            current = [head + tail for head in current for tail in inner]
            if len(current) > MOST:
                raise ValueError("写出来的句子太多，请拆成几条。")
        elif char in ")]":
            raise ValueError("的括号不成对。")
        else:
            end = at
            while end < len(pattern) and pattern[end] not in "([|)]":
                end += 1
            literal, at = pattern[at:end], end
            current = [head + literal for head in current]
    return found + current, at
