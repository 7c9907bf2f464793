"""Text as heard or typed to plain running text: no spaces, dialect words in Mandarin, self-corrections carried out.

The result keeps where clauses ended (punctuation is gone, sound has none anyway, but a typed or punctuated text may use it).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from kiosk.language.numbers import Unit, find_numbers

_PUNCTUATION = re.compile(r"[\s,，。.、!！?？;；:：…~～\"'“”‘’()（）《》【】—-]+")
_DECIMAL = re.compile(r"(?<=\d)[.．](?=\d)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Plain:
    """text: without spaces and punctuation. clauses: the same, cut where punctuation stood. literal: before dialect words."""

    text: str
    clauses: tuple[str, ...]
    literal: str
    translated: bool = False
    corrected: bool = False

    @property
    def cuts(self) -> frozenset[int]:
        """Positions in `text` where a clause ended."""
        ends, at = set(), 0
        for clause in self.clauses[:-1]:
            at += len(clause)
            ends.add(at)
        return frozenset(ends)


class Words:
    """Dialect words and what they are in Mandarin, longest first, one pass from left to right."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(table)
        self._by_first: dict[str, list[int]] = {}
        for word in self._table:
            sizes = self._by_first.setdefault(word[0], [])
            if len(word) not in sizes:
                sizes.append(len(word))
        for sizes in self._by_first.values():
            sizes.sort(reverse=True)

    def apply(self, text: str) -> str:
        out: list[str] = []
        at = 0
        while at < len(text):
            for size in self._by_first.get(text[at], ()):
                word = text[at:at + size]
                if word in self._table and at + size <= len(text):
                    out.append(self._table[word])
                    at += size
                    break
            else:
                out.append(text[at])
                at += 1
        return "".join(out)


_CORRECTION = re.compile(
    r"^(?:(?:哦|噢|喔|啊|呃|哎|唉|嗨|嗐|诶|哎呀|嗯)?(?:不对|不是|不不|不|错了|说错了|弄错了|讲错了|唔系|勿是|唔啱)+(?:啊|呀|了|的)?"
    r"|(?:我)?(?:说|讲|弄|搞)错了|我是说|我的意思是)$")
_INLINE_CORRECTION = re.compile(r"(?:哦|噢|喔|啊|呃|哎|唉)不(?:对|是)?|不对不对|不是不是|(?:我)?(?:说|讲)错了(?:我)?(?:是说|要)?|不对(?=[取要提打来我])")
_BETWEEN_NUMBERS = re.compile(
    r"^(?:块钱|块|元|份|张|个月|的|吧)?(?:哦|噢|啊|呃|哎|唉|嗯)?(?:不对|不是|不不|不|错了|说错了|唔系|勿是)+(?:我)?(?:要|是|应该是|应该|说|改成|就|还是)?"
    r"(?:取|提|拿|要|打|来|领|支|贷|借|印|开)?$")


def tidy(text: str) -> str:
    """Full-width to half-width, lower case, thousands commas out of figures."""
    return _THOUSANDS.sub("", unicodedata.normalize("NFKC", text)).lower()


def cut_clauses(text: str) -> list[str]:
    guarded = _DECIMAL.sub("\0", tidy(text))
    return [part.replace("\0", ".") for part in _PUNCTUATION.split(guarded) if part]


def glue_heard(text: str) -> str:
    """A recogniser's words, separated by spaces, as running text."""
    return "".join(text.split())


def normalise(text: str, words: Words, *, punctuated: bool = True) -> Plain:
    """Everything that can be said without knowing the meaning."""
    clauses = cut_clauses(text) if punctuated else ["".join(cut_clauses(text))]
    literal = "".join(clauses)
    translated = [words.apply(clause) for clause in clauses]
    changed = translated != clauses
    fixed, corrected = _carry_out_corrections(translated)
    return Plain("".join(fixed), tuple(fixed), literal, changed, corrected)


def _carry_out_corrections(clauses: list[str]) -> tuple[list[str], bool]:
    """取三千，不对，取五千 -> 取五千. Only what stands between two like things, or a clause of its own, is a correction."""
    kept, corrected = _correct_clauses(clauses)
    out = []
    for clause in kept:
        fixed = _correct_numbers(clause)
        corrected = corrected or fixed != clause
        out.append(fixed)
    joined = _correct_numbers("".join(out)) if len(out) > 1 else None
    if joined is not None and joined != "".join(out):
        return [joined], True
    return out, corrected


def _correct_clauses(clauses: list[str]) -> tuple[list[str], bool]:
    for i in range(1, len(clauses) - 1):
        if _CORRECTION.match(clauses[i]) and len(clauses[i + 1]) >= 2:
            before, after = clauses[:i], clauses[i + 1:]
            numbers = find_numbers(before[-1])
            if numbers and find_numbers(after[0]):
                before[-1] = _without(before[-1], numbers[-1].start, numbers[-1].end)
            elif len("".join(after)) >= 3:
                before = before[:-1]
            else:
                continue
            rest, _ = _correct_clauses(after)
            return [c for c in before if c] + rest, True
    return clauses, False


def _correct_numbers(text: str) -> str:
    numbers = find_numbers(text)
    for one, other in pairwise(numbers):
        between = text[one.end:other.start]
        if not _like(one.unit, other.unit) or not between:
            continue
        if _BETWEEN_NUMBERS.match(between):
            return _correct_numbers(text[:one.start] + text[other.start:])
    hit = _INLINE_CORRECTION.search(text)
    if hit and hit.start() >= 2 and len(text) - hit.end() >= 4 and not numbers:
        return text[hit.end():]
    return text


def _without(text: str, start: int, end: int) -> str:
    return text[:start] + text[end:]


def _like(one: Unit, other: Unit) -> bool:
    plain = {Unit.NONE, Unit.MONEY}
    return one == other or (one in plain and other in plain) or Unit.NONE in (one, other)


_PARTICLES = "啊呀吧嘛呢哦啦咯噻呗喽嗯唉哎喔呐嘞哈哟吗么滴捏嗷勒唦㗎喎"


def strip_particles(text: str) -> str:
    """对嘛 -> 对; 好的呀 -> 好的; a text of particles only stays."""
    bare = text.rstrip(_PARTICLES)
    return bare or text


def join_phrases(phrases: Iterable[str]) -> str:
    return "、".join(f"「{p}」" for p in phrases)
