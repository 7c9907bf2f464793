"""WORKAROUND: the text behind Qt's PDFs, put right.

Qt names a glyph by the lowest code point that the font gives it. In Noto Sans SC that is a radical for many characters
(⽤ for 用, ⼾ for 户), nothing at all for characters beyond U+FFFF (rare names), and a tab for a space. A paper looks
right, but its text, when a bank copies or searches it or a machine reads it aloud, is wrong (pitfalls 16). We know what was
drawn and in which order, and Qt numbers the glyphs of a font in the order of their first use; so the table of names
(ToUnicode, ISO 32000-1 9.10.3) is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_CMAP = re.compile(rb"<< /Length (\d+) >>\s*stream\r?\n(/CIDInit.*?)endstream", re.S)
_FONT = re.compile(rb"/BaseFont /([^\s/]+)")
_TABLE = re.compile(rb"\d+ beginbfrange.*endbfrange\n", re.S)
_RANGE = re.compile(rb"<([0-9A-F]{4})> <[0-9A-F]{4}> \[([^\]]*)\]")
_MOST = 100  # entries in one section


def true_names(pdf: bytes, drawn: Mapping[str, str]) -> bytes:
    """The PDF with true names. `drawn` is all text in the order it was drawn, by PostScript name of the typeface.

    A table that does not fit what was drawn (another Qt, a ligature) is left as it is.
    """
    while (found := _next(pdf, drawn)) is not None:
        start, end, table = found
        pdf = _replaced(pdf, start, end, table)
    return pdf


def _next(pdf: bytes, drawn: Mapping[str, str]) -> tuple[int, int, bytes] | None:
    """Place of the first stream that is not right yet, and what belongs there."""
    for stream in _CMAP.finditer(pdf):
        fonts = _FONT.findall(pdf, 0, stream.start())
        signs = list(dict.fromkeys(drawn.get(fonts[-1].decode("ascii"), "") if fonts else ""))
        if not signs or b"beginbfchar" in stream[2] or not _fits(stream[2], signs):
            continue
        return stream.start(2), stream.end(2), _TABLE.sub(_sections(signs), stream[2])
    return None


def _fits(table: bytes, signs: list[str]) -> bool:
    """Whether glyph 1, 2, 3, ... are these signs, as far as Qt could name them."""
    named = {int(first, 16) + place: chr(int(code, 16))
             for first, codes in _RANGE.findall(table) for place, code in enumerate(re.findall(rb"[0-9A-F]{4}", codes))}
    if max(named, default=0) > len(signs):
        return False
    ordinary = [(named.get(place), sign) for place, sign in enumerate(signs, 1) if "!" <= sign <= "~"]
    return all(name == sign for name, sign in ordinary) and len(named) >= 0.8 * len(signs)


def _sections(signs: list[str]) -> bytes:
    entries = [f"<{place:04X}> <{sign.encode('utf-16-be').hex().upper()}>" for place, sign in enumerate(signs, 1)]
    parts = [entries[start:start + _MOST] for start in range(0, len(entries), _MOST)]
    return "".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in parts).encode()


def _replaced(pdf: bytes, start: int, end: int, table: bytes) -> bytes:
    """With another stream of another length: its /Length, the cross-reference table and startxref follow."""
    opening = pdf.rindex(b"<< /Length ", 0, start)
    head = re.sub(rb"/Length \d+", b"/Length %d" % len(table), pdf[opening:start])
    shift = len(head) + len(table) - (end - opening)
    whole = pdf[:opening] + head + table + pdf[end:]

    def moved(offset: int) -> int:
        return offset + shift if offset > opening else offset

    body, mark, tail = whole.rpartition(b"\nxref\n")
    tail = re.sub(rb"(\d{10})(?= \d{5} n)", lambda entry: b"%010d" % moved(int(entry[1])), tail)
    tail = re.sub(rb"(startxref\s+)(\d+)", lambda last: last[1] + b"%d" % moved(int(last[2])), tail)
    return body + mark + tail
