"""Phrases in words that the recogniser knows, also spelled so that they sound as a dialect speaker says them.

A recogniser hears only the words of its lexicon, with Mandarin sounds. 「证明」 said in Sichuan sounds like "zen2 min3" to
it, so the vocabulary of the held decode gets the phrase once more, written with characters that have those sounds, and
`back` says what they stood for. The recogniser makes a bigram of the phrases: what stands for a word must therefore be
the same everywhere, and two words should not share a spelling as long as there are characters enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pypinyin import Style, pinyin

from kiosk.language.syllables import MANDARIN, Accent, Syllable, parse, spoken, syllables

_LONGEST = 8
"""Characters of the longest lexicon word that is tried."""


@dataclass(frozen=True)
class Cut:
    """A phrase in words of the lexicon; `missing` are its characters that no word of the lexicon covers."""

    words: tuple[str, ...]
    missing: tuple[str, ...] = ()


class Lexicon:
    """The words of a recogniser: how to cut phrases into them, and which of them sound alike."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._cuts: dict[str, Cut] = {}

    def cut(self, text: str) -> Cut:
        """The fewest words that make up the phrase, longer ones first. Characters without a word stand alone."""
        if text not in self._cuts:
            self._cuts[text] = self._cut(spoken(text))
        return self._cuts[text]

    def _cut(self, text: str) -> Cut:
        words = self.words
        best = [0] * (len(text) + 1)  # least cost up to here: words weigh 1000, less the square of their length
        came_from = [0] * (len(text) + 1)
        for end in range(1, len(text) + 1):
            best[end], came_from[end] = best[end - 1] + (999 if text[end - 1] in words else 9000), end - 1
            for start in range(max(0, end - _LONGEST), end - 1):
                cost = best[start] + 1000 - (end - start) ** 2
                if cost < best[end] and text[start:end] in words:
                    best[end], came_from[end] = cost, start
        found, end = [], len(text)
        while end:
            found.append(text[came_from[end]:end])
            end = came_from[end]
        found.reverse()
        return Cut(tuple(found), tuple(dict.fromkeys(w for w in found if w not in words)))

    @cached_property
    def sounding(self) -> Mapping[Syllable, tuple[str, ...]]:
        """Single-character words by their sound, the commonest first. Characters with one reading; others fill gaps."""
        common = Counter(c for word in self.words for c in word)
        sure: dict[Syllable, list[str]] = {}
        unsure: dict[Syllable, list[str]] = {}
        for char in (w for w in self.words if len(w) == 1):
            readings = pinyin(char, heteronym=True, style=Style.TONE3)[0]
            table = sure if len(readings) == 1 else unsure
            table.setdefault(parse(readings[0]), []).append(char)
        table = {**unsure, **sure}
        return {sound: tuple(sorted(chars, key=lambda c: (-common[c], c))) for sound, chars in table.items()}

    def like(self, sound: Syllable) -> tuple[str, ...]:
        """Characters that sound like this, or else the nearest there are (first another tone, then another sound)."""
        for tone in (sound.tone, 4, 1, 2, 3, 0):
            known = self.sounding.get(sound._replace(tone=tone))
            if known:
                return known
        nearest = min(self.sounding, key=lambda s: (MANDARIN.cost(sound, s), -len(self.sounding[s]), s))
        return self.sounding[nearest]


@dataclass
class Speller:
    """Spells words for one accent after the other into one table of `back`; never spells two words alike if it can help.

    `taken` are lexicon words that stand for themselves in the same vocabulary and so are no good for anything else.
    """

    lexicon: Lexicon
    taken: frozenset[str] = frozenset()
    back: dict[str, str] = field(default_factory=dict)
    _used: Counter[str] = field(default_factory=Counter)
    _stands_for: dict[str, str] = field(default_factory=dict)
    _sounds: dict[Syllable, tuple[str, ...]] = field(default_factory=dict)

    def spell(self, word: str, sounds: Sequence[Syllable]) -> tuple[str, ...]:
        """Characters that sound like `sounds`, one per character of `word`. Call it once per word and accent.

        The last character is chosen first: in a bigram it alone carries over to the next word.
        """
        chosen: dict[int, str] = {}
        for at in (len(word) - 1, *range(len(word) - 1)):
            chosen[at] = self._choose(word[at], sounds[at])
        tokens = tuple(chosen[at] for at in range(len(word)))
        self.back.setdefault(" ".join(tokens), word)
        for token, char in zip(tokens, word, strict=True):
            self.back.setdefault(token, char)
        return tokens

    def reserve(self, sound: Syllable) -> str:
        """A token of this very sound that stands for nothing and for nothing else; '' when there is none to spare."""
        free = [c for c in self.lexicon.sounding.get(sound, ()) if c not in self.taken and not self._used[c]]
        if not free:
            return ""
        self.taken |= {free[-1]}  # the rarest one
        self.back[free[-1]] = ""
        return free[-1]

    def _choose(self, char: str, sound: Syllable) -> str:
        if sound not in self._sounds:
            every = self.lexicon.like(sound)
            self._sounds[sound] = tuple(c for c in every if c not in self.taken) or every
        chars = self._sounds[sound]
        token = min(chars, key=lambda c: self._used[c])
        if self._used[token]:  # all are used: at least let one token stand for one character
            token = next((c for c in chars if self._stands_for.get(c) == char), token)
        self._used[token] += 1
        self._stands_for.setdefault(token, char)
        return token


def accents_for(accent: Accent) -> tuple[Accent, ...]:
    """How broadly people speak differs: the whole dialect; its regular sounds without the odd words; its tones alone."""
    plain = replace(accent, characters={}, whole={}, _cache={})
    tones = replace(plain, initials={}, finals={}, _cache={})
    ways = [accent]
    ways += [plain] if plain != accent else []
    return (*ways, tones) if tones != plain else tuple(ways)


class Spelling:
    """How one vocabulary writes phrases: in lexicon words as they are, and once more for each accent.

    Made from all phrases that may ever be asked for, so that the commonest words get spellings of their own. Characters
    that are missing from the lexicon are replaced by ones that sound alike. `onsets` are sounds that may be heard before
    somebody begins to speak; their tokens stand for nothing.
    """

    def __init__(self, phrases: Iterable[str], lexicon: Lexicon, accents: Sequence[Accent],
                 onsets: Sequence[Syllable] = ()) -> None:
        self._lexicon, self._accents = lexicon, accents
        counts = Counter(word for phrase in phrases for word in self._cut(phrase))
        often = [word for word, _ in counts.most_common()]
        self._speller = Speller(lexicon, frozenset(word for word in often if len(word) == 1))
        self.onsets = tuple(token for sound in onsets if (token := self._speller.reserve(sound)))
        self._tables: tuple[dict[str, str], ...] = tuple({} for _ in range(1 + len(accents)))
        for at in range(len(self._tables)):
            for word in often:
                self._written(word, at)
        self._lines: dict[str, tuple[str, ...]] = {}

    def lines(self, phrase: str) -> tuple[str, ...]:
        """The phrase in tokens of the lexicon, one line per way of speaking; () for a phrase without sound."""
        if phrase not in self._lines:
            cut = self._cut(phrase)
            ways = (" ".join(self._written(word, at) for word in cut) for at in range(len(self._tables)))
            self._lines[phrase] = tuple(dict.fromkeys(line for line in ways if line))
        return self._lines[phrase]

    @property
    def back(self) -> dict[str, str]:
        """Tokens to what they stand for; see Vocabulary."""
        return {tokens: word for tokens, word in self._speller.back.items() if tokens != word}

    def _cut(self, phrase: str) -> tuple[str, ...]:
        return self._lexicon.cut(phrase).words

    def _written(self, word: str, at: int) -> str:
        """A word as table `at` spells it: 0 is Mandarin, then one for each accent."""
        table = self._tables[at]
        if word not in table:
            if at == 0 and word in self._lexicon.words:
                table[word] = word
            else:
                sounds = self._accents[at - 1].surface_text(word) if at else syllables(word)
                table[word] = " ".join(self._speller.spell(word, sounds))
        return table[word]


def restore(text: str, back: Mapping[str, str]) -> str:
    """A decoded text in the original words: the longest run of tokens with an entry wins."""
    tokens, words, at = text.split(), [], 0
    while at < len(tokens):
        for count in range(min(_LONGEST, len(tokens) - at), 0, -1):
            original = back.get(" ".join(tokens[at:at + count]))
            if original is not None or count == 1:
                words.append(tokens[at] if original is None else original)
                at += count
                break
    return " ".join(word for word in words if word)
