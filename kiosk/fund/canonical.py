"""One byte string per value: what is hashed and signed must be written in exactly one way."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping

#: Everything that may be written: no floats, no null, no nesting beyond lists and maps of these.
Plain = str | int | bool


def canonical(value: Mapping[str, Plain] | object) -> bytes:
    """Canonical JSON: UTF-8, NFC, keys sorted by code point, no white space, no floats.
    TypeError for anything that has no single form. (A subset of RFC 8785, JSON Canonicalization Scheme.)"""
    return json.dumps(_checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"),
                      allow_nan=False).encode()


def _checked(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, bool) or type(value) is int:
        return value
    if isinstance(value, Mapping):
        if not all(type(key) is str for key in value):
            raise TypeError("keys are text")
        return {unicodedata.normalize("NFC", key): _checked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_checked(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")
