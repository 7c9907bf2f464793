"""A line cut at its punctuation, so that the first sound comes early and the screen can mark what is being said.

>>> [(c.text, c.pause) for c in split("您好，余额是12,345.67元。请看屏幕")]
[('您好，', 0.2), ('余额是12,345.67元。', 0.45), ('请看屏幕', 0.0)]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

#: Shorter clauses are said together with the next one: they would sound clipped. Characters.
SHORTEST = 5
#: Of the first clause of a line: "您好，" comes at once while the rest is being made.
SHORTEST_FIRST = 2
#: Longer stretches without punctuation are cut. Characters; a voice takes about three seconds to say them.
LONGEST = 40

#: Silence behind a clause at rate 1.0, in seconds.
_PAUSES = {"。": 0.45, "！": 0.45, "？": 0.45, "!": 0.45, "?": 0.45, "\n": 0.45,
           "；": 0.35, ";": 0.35, "…": 0.35, "：": 0.25, ":": 0.25, "—": 0.25, "，": 0.2, ",": 0.2, "、": 0.1}
_CLOSING = "”’」』）)》】\"'"
# a comma, colon or full stop between figures belongs to the number (12,345.67, 9:30)
_END = re.compile(rf"(?:[。！？；…，、—\n!?;]|(?<!\d)[：:,]|[：:,](?!\d))+[{_CLOSING}\s]*")
_SOFT = re.compile(r"(?<=[的了和或在到请把])(?![的了])")
_SAYS_SOMETHING = re.compile(r"\w")


@dataclass(frozen=True)
class Clause:
    """text[start:end] of a line, with its punctuation; `pause` is the silence behind it, in seconds at rate 1.0."""

    text: str
    start: int
    end: int
    pause: float


def split(text: str) -> tuple[Clause, ...]:
    """Cut at punctuation, never inside a number; parts that say nothing are left out. The last clause has no pause."""
    cuts = [match.end() for match in _END.finditer(text)]
    if not cuts or cuts[-1] < len(text):
        cuts.append(len(text))
    clauses: list[Clause] = []
    start = 0
    for cut in cuts:
        enough = sum(c.isalnum() for c in text[start:cut]) >= (SHORTEST if clauses else SHORTEST_FIRST)
        if (enough or _pause(text[start:cut]) >= 0.35 or cut == len(text)) and _SAYS_SOMETHING.search(text[start:cut]):
            clauses.extend(_whole(text, start, cut))
            start = cut
    if not clauses:
        return ()
    last = clauses.pop()
    return (*clauses, Clause(last.text, last.start, last.end, 0.0))


def _whole(text: str, start: int, end: int) -> list[Clause]:
    """One clause, or several when it is too long for one breath."""
    cuts = [start]
    while end - cuts[-1] > LONGEST:
        cuts.append(_breath(text, cuts[-1]))
    cuts.append(end)
    return [Clause(text[a:b], a, b, _pause(text[a:b])) for a, b in pairwise(cuts)]


def _breath(text: str, start: int) -> int:
    """A place to breathe in the second half of the next LONGEST characters: behind a small word, never in a number."""
    middle, limit = start + LONGEST // 2, start + LONGEST
    soft = [m.end() for m in _SOFT.finditer(text, middle, limit)]
    place = soft[-1] if soft else limit
    while place > middle and _inside_number(text, place):
        place -= 1
    return place if place > middle else limit


def _inside_number(text: str, place: int) -> bool:
    return all(c.isdigit() or c in "零〇一二三四五六七八九十百千万亿两点元块角毛分,." for c in text[place - 1:place + 1])


def _pause(text: str) -> float:
    stripped = text.rstrip(_CLOSING + " ")
    return _PAUSES.get(stripped[-1:], 0.0)
