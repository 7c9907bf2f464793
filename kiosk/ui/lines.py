"""Where a Chinese sentence is broken into lines: at the end of a thought rather than in the middle of a word.

Qt breaks greedily between any two Han characters. On a screen read from afar by someone who reads slowly that tears
公积 | 金; here the break of least regret is chosen: after a full stop, then after a comma, then between words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

CLOSING = "，。？！、；：）》”’…%元号"
OPENING = "（《“‘"
#: Marks whose ink fills only the left half of their square: at the end of a line the other half may hang over.
HANGING, HANG = "，。、；：", 0.5
STOP, PAUSE = "。？！…", "，、；："

#: Regrets. One more line costs less than tearing a phrase apart, more than a comma's break.
LINE, AFTER_STOP, AFTER_PAUSE, IN_PHRASE = 0.3, 0.0, 0.15, 1.2


@dataclass(frozen=True)
class Piece:
    """text[start:end] must stay on one line."""

    start: int
    end: int


@lru_cache(maxsize=1024)
def pieces(text: str, together: frozenset[str] = frozenset()) -> tuple[Piece, ...]:
    """The unbreakable pieces: numbers and Latin words, words to keep together, single Han characters; closing marks
    stay with what stands before them, opening ones with what follows."""
    pattern = _pattern(together)
    found: list[Piece] = []
    opening = -1
    for match in pattern.finditer(text):
        start, end = match.span()
        piece = match.group()
        if piece in OPENING:
            opening = start if opening < 0 else opening
            continue
        if opening >= 0:
            start, opening = opening, -1
        if found and piece in CLOSING and text[found[-1].end - 1] != "\n":
            found[-1] = Piece(found[-1].start, end)
        else:
            found.append(Piece(start, end))
    if opening >= 0:
        found.append(Piece(opening, len(text)))
    return tuple(found)


@lru_cache(maxsize=8)
def _pattern(together: frozenset[str]) -> re.Pattern[str]:
    """Short quotations, words to keep, counted things (三个工作日), numbers, Latin words, single characters."""
    kept = "|".join(re.escape(word) for word in sorted(together, key=len, reverse=True))
    things = f"(?:{kept})?" if kept else ""
    return re.compile(rf"“[^”]{{1,5}}”|(?:[一二三四五六七八九十两几]+[个位张天次步元年月日项笔]{things})+|"
                      + (kept + "|" if kept else "") + r"[0-9A-Za-z*.,:/+\-]*[0-9A-Za-z*]|\n|\s+|.")


def break_lines(text: str, width: float, measure: Callable[[str], float],
                together: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Lines as (start, end) into `text`, each at most `width` wide, save for a mark's empty half (see HANGING).

    A single character wider than `width` gets a line of its own.
    """
    lines: list[tuple[int, int]] = []
    offset = 0
    for paragraph in text.split("\n"):
        if paragraph.strip():
            lines += [(offset + start, offset + end) for start, end in _paragraph(paragraph, width, measure, together)]
        offset += len(paragraph) + 1
    return lines


def _paragraph(text: str, width: float, measure: Callable[[str], float],
               together: frozenset[str]) -> list[tuple[int, int]]:
    parts = _narrow_enough(text, pieces(text, together), width, measure)
    widths = [measure(text[part.start:part.end]) for part in parts]
    hangs = [overhang(text[part.start:part.end], measure) for part in parts]
    count = len(parts)
    best = [0.0] + [float("inf")] * count     # best[i]: least regret of laying out the first i parts
    came_from = [0] * (count + 1)
    for end in range(1, count + 1):
        line = 0.0
        for start in range(end - 1, -1, -1):
            line += widths[start]
            if line - hangs[end - 1] > width and start < end - 1:
                break
            slack = max(0.0, (width - line) / width)
            last = end == count
            regret = (best[start] + LINE + slack * slack * (0.3 if last else 1.0)
                      + (0.0 if last else _break_regret(text[parts[end - 1].end - 1])))
            if regret < best[end]:
                best[end], came_from[end] = regret, start
    lines = []
    end = count
    while end:
        start = came_from[end]
        lines.append((parts[start].start, parts[end - 1].end))
        end = start
    return lines[::-1]


def overhang(line: str, measure: Callable[[str], float]) -> float:
    """How much of the line's width is the empty half of its last mark."""
    return measure(line[-1]) * HANG if line and line[-1] in HANGING else 0.0


def _break_regret(last_character: str) -> float:
    if last_character in STOP:
        return AFTER_STOP
    return AFTER_PAUSE if last_character in PAUSE + " " else IN_PHRASE


def _narrow_enough(text: str, parts: tuple[Piece, ...], width: float, measure: Callable[[str], float]) -> list[Piece]:
    """A piece wider than the line is cut into characters: torn is better than clipped."""
    cut: list[Piece] = []
    for part in parts:
        piece = text[part.start:part.end]
        if measure(piece) - overhang(piece, measure) <= width:
            cut.append(part)
        else:
            cut += [Piece(i, i + 1) for i in range(part.start, part.end)]
    return cut
