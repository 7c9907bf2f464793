"""Which words that may be said at the same moment sound alike, and in whose mouth.

The distance is that of matching (`Accent.cost`), a syllable on average: 0 the same sound, 1 nothing in common. Compared
are phrases of as many syllables that differ in one of them: that is how one is taken for another. A lost or added
syllable (不要 and 要) costs GAP and is left to the recogniser's free decode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kiosk.language.packs import INTENTS, Pack
from kiosk.language.spotting import wide
from kiosk.language.syllables import Accent, Syllable, distance, phrase_syllables, spoken

ALIKE = 0.5
"""From here on two words are told apart well enough not to be listed."""
SAME = 0.2
"""Up to here an unmodified recogniser cannot be trusted to tell them apart."""
_LONGEST = 7

_DIGITS = "一二三四五六七八九十"
_ORDINALS = tuple(f"第{digit}{unit}" for digit in "一二三四五六" for unit in "个张项")


@dataclass(frozen=True)
class Phrase:
    """What may be said; `means` an intent, "number:4", "option:<id>" or "concept:<name>"; `where` file and path."""

    text: str
    means: str
    where: str


@dataclass(frozen=True)
class Confusion:
    """Two phrases with different meanings, and how far apart they are in each dialect."""

    said: Phrase
    heard: Phrase
    distances: Mapping[str, float]

    @property
    def distance(self) -> float:
        return min(self.distances.values())

    @property
    def dialect(self) -> str:
        """The one in which they are nearest; Mandarin when it is no better there."""
        return min(self.distances, key=lambda code: self.distances[code])


def apart(one: str, other: str, accents: Mapping[str, Accent]) -> dict[str, float]:
    """Distance of two phrases, per syllable, for each accent."""
    a, b = phrase_syllables(spoken(one)), phrase_syllables(spoken(other))
    longest = max(len(a), len(b), 1)
    return {code: round(distance(a, b, accent) / longest, 3) for code, accent in accents.items()}


class Sounds:
    """Phrases by their sounds with one syllable left out: whoever shares a key differs in that syllable at most."""

    def __init__(self, phrases: Iterable[Phrase], accents: Mapping[str, Accent]) -> None:
        self._accents = accents
        self._table: dict[tuple[int, tuple[str, ...]], list[tuple[Phrase, tuple[Syllable, ...]]]] = {}
        self.phrases = tuple(dict.fromkeys(phrases))
        for phrase in self.phrases:
            row = phrase_syllables(spoken(phrase.text))
            for key in _keys(row):
                self._table.setdefault(key, []).append((phrase, row))

    def near(self, phrase: Phrase, limit: float = ALIKE) -> Iterator[Confusion]:
        """Phrases of another meaning that `phrase` may be taken for, each once."""
        row = phrase_syllables(spoken(phrase.text))
        seen = {phrase.text}
        for key in _keys(row):
            for other, sounds in self._table.get(key, ()):
                if other.means == phrase.means or other.text in seen:
                    continue
                seen.add(other.text)
                distances = {code: round(sum(map(accent.cost, row, sounds)) / len(row), 3)
                             for code, accent in self._accents.items()}
                if min(distances.values()) < limit:
                    yield Confusion(phrase, other, distances)

    def all(self, limit: float = ALIKE) -> Iterator[Confusion]:
        """Every pair, both ways round."""
        for phrase in self.phrases:
            yield from self.near(phrase, limit)


def _keys(row: tuple[Syllable, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    names = tuple(wide(s) for s in row)
    if 0 < len(names) <= _LONGEST:
        yield from ((i, (*names[:i], *names[i + 1:])) for i in range(len(names)))


# ------------------------------------------------------------------ what may be said when


def commands(packs: Mapping[str, Pack]) -> list[Phrase]:
    """What may be said at any moment: whole sentences of the packs, and concepts that are an intent by themselves."""
    found = [Phrase(sentence, intent, f"{code}/grammar.yaml: sentences.{intent}")
             for code, pack in packs.items() for intent, sentence in pack.sentences if intent not in ("yes", "no")]
    return _first_of_each([*found, *_concepts(packs, {name: name for name in INTENTS})])


def answers(packs: Mapping[str, Pack], pending: str) -> list[Phrase]:
    """What may be said besides, while this is asked."""
    if pending == "yes_no":
        own = [Phrase(sentence, intent, f"{code}/grammar.yaml: sentences.{intent}")
               for code, pack in packs.items() for intent, sentence in pack.sentences if intent in ("yes", "no")]
        return _first_of_each([*_concepts(packs, {"yes_word": "yes", "no_word": "no"}), *own])
    where = "kiosk: 数目和序数"
    if pending in ("amount", "number"):
        digits = [*(Phrase(digit, f"number:{digit}", where) for digit in _DIGITS), Phrase("两", "number:二", where)]
        return [*digits, *(_concepts(packs, {"all": "all"}) if pending == "amount" else ())]
    if pending in ("choice", "withdraw_kind", "certificate_kind"):
        ordinals = [Phrase(text, f"number:{text[1]}", where) for text in _ORDINALS]
        ends = {"first_one": "number:一", "last_one": "number:-1", "middle_one": "number:middle"}
        return [*ordinals, *_concepts(packs, ends)]
    return []


def requests(packs: Mapping[str, Pack]) -> list[Phrase]:
    """The parts of requests that are known by their sound: concepts of such a kind, by their own names."""
    known = {c.name: f"concept:{c.name}" for c in packs["mandarin"].concepts if c.sound and c.name not in INTENTS}
    return _first_of_each(_concepts(packs, known))


def _concepts(packs: Mapping[str, Pack], means: Mapping[str, str]) -> list[Phrase]:
    return [Phrase(phrase, means[concept.name], f"{code}/concepts.yaml: concepts.{concept.name}")
            for code, pack in packs.items() for concept in pack.concepts if concept.name in means
            for phrase in concept.phrases if spoken(phrase) == phrase]


def _first_of_each(phrases: Iterable[Phrase]) -> list[Phrase]:
    """One phrase for each text and meaning, where it stands first."""
    found: dict[tuple[str, str], Phrase] = {}
    for phrase in phrases:
        found.setdefault((phrase.text, phrase.means), phrase)
    return list(found.values())


# ------------------------------------------------------------------ the yes that may be something else

_AGAINST = frozenset(("no", "cancel", "back", "home", "finish", "wait"))


def doubtful_yes(packs: Mapping[str, Pack]) -> frozenset[str]:
    """Words for yes that sound like a refusal in the mouth of some near dialect (拿到 and 拉倒 in Guizhou). They are yes,
    but never beyond doubt: where money moves the kiosk asks again."""
    accents = {code: pack.accent for code, pack in packs.items() if pack.near}
    spoken_answers = answers(packs, "yes_no")
    yes = Sounds((phrase for phrase in spoken_answers if phrase.means == "yes"), accents)
    refusals = {phrase for phrase in spoken_answers if phrase.means == "no"}
    refusals |= {phrase for phrase in commands(packs) if phrase.means in _AGAINST}
    return frozenset(found.heard.text for refusal in refusals for found in yes.near(refusal, SAME))
