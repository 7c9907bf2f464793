"""Finding the parts of meaning (concepts) in an utterance, by characters and by sound.

A Lexicon holds all phrases of all concepts once as characters and once as folded syllables. `spot` covers the text with the
best non-overlapping phrases: longer beats shorter, the very characters beat a likeness of sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin.constants import PHRASES_DICT

from kiosk.language.numbers import Number
from kiosk.language.syllables import Accent, Syllable, phrase_syllables, syllables


@dataclass(frozen=True)
class Concept:
    """single: single characters count. sound: phrases of so many syllables are also known by sound (0: none). closed: what lies inside its phrases
    is not looked at (还没还清 is not 还清). answer: only for answers to a pending question, never spotted."""

    name: str
    phrases: tuple[str, ...]
    single: bool = False
    sound: int = 0
    closed: bool = False
    answer: bool = False


@dataclass(frozen=True)
class Token:
    """text[start:end] is one of `concepts`; quality 1 = the very characters, less = sounds like it."""

    start: int
    end: int
    concepts: tuple[str, ...]
    quality: float = 1.0
    words: str = ""


_WIDE_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
_WIDE_FINALS = {"ing": "in", "eng": "en", "ueng": "uen", "ü": "i", "üe": "ie", "üan": "ian", "ün": "in", "-i": "i",
                "ang": "an", "iang": "ian", "uang": "uan", "uo": "e", "o": "e"}


def _sounds_enough(phrase: str, least: int) -> bool:
    """Long enough to be known by its sound, and not by a particle: 瘫了 is also 摊了."""
    return least <= len(phrase.rstrip("了的过着得")) and len(phrase) <= 7 and not any(c.isascii() for c in phrase)


@lru_cache(maxsize=4096)
def wide(s: Syllable) -> str:
    """One name for all sounds that any near dialect merges; only finds candidates, the accent then prices them."""
    initial, final = s.initial, s.final
    if initial == "h" and final == "u":
        initial = "f"
    return _WIDE_INITIALS.get(initial, initial) + _WIDE_FINALS.get(final, final)


class Lexicon:
    """All phrases of all concepts, ready for `spot`. Immutable after building; safe to read from several threads."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {c.name: c for c in concepts}
        by_phrase: dict[str, list[str]] = {}
        by_sound: set[str] = set()
        for concept in self.concepts.values():
            if concept.answer:
                continue
            for phrase in concept.phrases:
                by_phrase.setdefault(phrase, []).append(concept.name)
                if concept.sound and _sounds_enough(phrase, concept.sound):
                    by_sound.add(phrase)
        self._names = {phrase: tuple(names) for phrase, names in by_phrase.items()}
        self._longest = max((len(p) for p in by_phrase), default=0)
        self._starts: dict[str, tuple[int, ...]] = {}
        lengths: dict[str, set[int]] = {}
        for phrase in by_phrase:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        self._starts = {first: tuple(sorted(sizes)) for first, sizes in lengths.items()}
        self._sounds: dict[tuple[str, ...], list[str]] = {}
        self._sound_starts: dict[tuple[str, str], set[int]] = {}
        self._index_sounds(by_sound)

    def _index_sounds(self, phrases: Iterable[str]) -> None:
        for phrase in sorted(phrases):
            key = tuple(wide(s) for s in phrase_syllables(phrase))
            self._sounds.setdefault(key, []).append(phrase)
            self._sound_starts.setdefault((key[0], key[1]), set()).add(len(key))

    def __len__(self) -> int:
        return len(self._names)

    def names(self, phrase: str) -> tuple[str, ...]:
        return self._names.get(phrase, ())

    def closed(self, token: Token) -> bool:
        """Whether any of its concepts hides what lies inside."""
        return any(name in self.concepts and self.concepts[name].closed for name in token.concepts)

    def candidates(self, text: str, accents: Sequence[Accent], numbers: Sequence[Number] = ()) -> list[Token]:
        found: list[Token] = []
        for at, char in enumerate(text):
            for size in self._starts.get(char, ()):
                names = self._names.get(text[at:at + size])
                if names is not None and at + size <= len(text):
                    found.append(Token(at, at + size, names, 1.0, text[at:at + size]))
        for n in numbers:
            names = ("number", f"number_{n.unit}", *self._names.get(text[n.start:n.end], ()))
            found.append(Token(n.start, n.end, names, 1.0, n.words))
        if accents:
            found += self._by_sound(text, accents, {(t.start, t.end) for t in found})
        return found

    def _by_sound(self, text: str, accents: Sequence[Accent], known: set[tuple[int, int]]) -> list[Token]:
        row = syllables(text)
        if len(row) != len(text):
            return []
        keys = [wide(s) for s in row]
        found = []
        for at in range(len(keys) - 1):
            for size in self._sound_starts.get((keys[at], keys[at + 1]), ()):
                if (at, at + size) in known or at + size > len(keys):
                    continue
                best: Token | None = None
                for phrase in self._sounds.get(tuple(keys[at:at + size]), ()):
                    quality = self._likeness(phrase, text[at:at + size], row[at:at + size], accents)
                    if quality >= 0.5 and (best is None or quality > best.quality):
                        best = Token(at, at + size, self._names[phrase], quality, phrase)
                if best is not None:
                    found.append(best)
        return found

    @staticmethod
    def _likeness(phrase: str, said: str, heard: Sequence[Syllable], accents: Sequence[Accent]) -> float:
        """0.9 for the same sounds, less the more the sounds differ; two syllables must be closer than four, and closer
        still where an ordinary word stands that merely sounds alike (手里 is seldom 受理)."""
        meant = phrase_syllables(phrase)
        cost = min(sum(accent.cost(m, h) for m, h in zip(meant, heard, strict=True)) for accent in accents)
        allowed = 0.14 * len(meant) if len(meant) > 2 else 0.2
        if cost > allowed:
            return 0.0
        quality = 0.9 - 0.4 * cost / allowed
        return quality - 0.25 if len(meant) == 2 and said in PHRASES_DICT else quality


_SHORT = 0.35
"""Weight lost by each token: two tokens of two characters are worth less than one of four."""


def spot(text: str, lexicon: Lexicon, accents: Sequence[Accent] = (), numbers: Sequence[Number] = (),
         cuts: frozenset[int] = frozenset()) -> list[Token]:
    """The best cover of `text` by phrases, and the smaller phrases inside its open ones, by place.

    No phrase reaches over a position of `cuts` (where punctuation stood).
    """
    candidates = lexicon.candidates(text, accents, numbers)
    if cuts:
        candidates = [t for t in candidates if not any(t.start < cut < t.end for cut in cuts)]
    cover = _best_cover(len(text), candidates)
    return sorted((*cover, *_inside(cover, candidates, lexicon)), key=lambda t: (t.start, -t.end))


def _best_cover(length: int, candidates: Iterable[Token]) -> list[Token]:
    ending: list[list[Token]] = [[] for _ in range(length + 1)]
    for token in candidates:
        ending[token.end].append(token)
    best = [0.0] * (length + 1)
    chosen: list[Token | None] = [None] * (length + 1)
    for end in range(1, length + 1):
        best[end] = best[end - 1]
        for token in ending[end]:
            worth = best[token.start] + _worth(token)
            if worth > best[end] + 1e-9:
                best[end], chosen[end] = worth, token
    cover: list[Token] = []
    at = length
    while at > 0:
        last = chosen[at]
        if last is None:
            at -= 1
        else:
            cover.append(last)
            at = last.start
    return cover[::-1]


def _inside(cover: Sequence[Token], candidates: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Phrases of two characters or more that lie within a chosen open phrase: 缴存证明 holds 证明."""
    found = []
    for outer in cover:
        if outer.end - outer.start < 3 or lexicon.closed(outer):
            continue
        for inner in candidates:
            if outer.start <= inner.start and inner.end <= outer.end and 2 <= inner.end - inner.start < outer.end - outer.start \
                    and inner.quality >= 1 and inner.concepts[0] != "number" and not lexicon.closed(inner):
                found.append(inner)
    return found


def _worth(token: Token) -> float:
    size = token.end - token.start
    if token.concepts[0] == "number":
        return size * 1.05
    full = size - _SHORT
    return full if token.quality >= 1.0 else full * token.quality - 0.5


def index_by_concept(tokens: Sequence[Token]) -> Mapping[str, list[Token]]:
    table: dict[str, list[Token]] = {}
    for token in tokens:
        for name in token.concepts:
            table.setdefault(name, []).append(token)
    return table
