"""Which question of assets/knowledge was asked? By the sounds and the words of all ways of asking that the files hold.

The text is first put into Mandarin words (dialect words, corrections: normalise.py). What speaks for a question are the groups of
synonyms and the packs' concepts found in it, also by their sound (spotting.py), and runs of syllables in a form that does not
tell apart what dialects and recognisers confuse (spotting.wide). Rare features count more. The likeness to the nearest way of
asking and to all ways together gives each question a score; how sure that is was measured (retrieval.toml).
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.errors import DataError
from kiosk.fund.knowledge import Knowledge, Question
from kiosk.language.spotting import Concept, Lexicon, spot, wide
from kiosk.language.syllables import Accent, syllables
from kiosk.language.understand import Engine

#: Weight of a feature by its first letter: group of synonyms, concept of a pack, pairs of those, one, two, three syllables, two over
#: one, two characters.
WEIGHTS: Mapping[str, float] = {"g": 1.0, "c": 0.95, "p": 0.5, "u": 0.14, "b": 0.22, "t": 0.1, "s": 0.75, "x": 0.67}
#: Shortest synonym that is also found by its sound.
SOUND = 2


@dataclass(frozen=True)
class Limits:
    """retrieval.toml. `nearest`: share of the nearest way of asking in the score, the rest is all ways together.
    Accepted from `accept` on with at least `apart` to the next question; offered from `ask` on, `offered` at most. `talk`:
    what a sentence that is no request to the kiosk must reach, with `talk_apart`. `here`: what the matter being talked
    about is given beforehand."""

    nearest: float = 0.15
    accept: float = 0.4
    apart: float = 0.05
    ask: float = 0.25
    offer_within: float = 0.12
    offered: int = 3
    talk: float = 0.5
    talk_apart: float = 0.08
    here: float = 0.06
    words: float = 0.07
    unknown_weight: float = 0.55


@dataclass(frozen=True)
class Found:
    """`ranked`: (question id, score 0..1), best first. `sure`: the first one is meant."""

    ranked: tuple[tuple[str, float], ...] = ()
    sure: bool = False
    offered: tuple[str, ...] = ()

    @property
    def top(self) -> str:
        return self.ranked[0][0] if self.ranked else ""

    @property
    def score(self) -> float:
        return self.ranked[0][1] if self.ranked else 0.0

    @property
    def apart(self) -> float:
        return self.score - (self.ranked[1][1] if len(self.ranked) > 1 else 0.0)


def load_limits(folder: Path) -> Limits:
    """Raises DataError."""
    path = folder / "retrieval.toml"
    names = {field.name: field.type for field in fields(Limits)}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(path.name, f"读不了这个文件：{error}") from None
    for key, value in data.items():
        if key not in names or not isinstance(value, int | float) or isinstance(value, bool):
            raise DataError(f"{path.name}: {key}", f"应当是一个数，名字可以写：{'、'.join(names)}。")
    return Limits(**data)


class Index:
    """All questions, ready to be asked. Immutable; may be read from several threads."""

    def __init__(self, known: Knowledge, engine: Engine, folder: Path, limits: Limits | None = None) -> None:
        raw = read_yaml(folder / "synonyms.yaml")
        groups = convert(raw.get("groups"), dict[str, tuple[str, ...]], "synonyms.yaml: groups")
        self._fillers = tuple(sorted(convert(raw.get("fillers"), tuple[str, ...], "synonyms.yaml: fillers"), key=len, reverse=True))
        self._engine, self.limits = engine, limits or load_limits(folder)
        self._groups = Lexicon(Concept(name, words, single=True, sound=SOUND) for name, words in groups.items())
        self._accents = engine.accents("auto")
        self._ids = tuple(known.questions)
        self._terms = frozenset(q.id for q in known.questions.values() if q.word)
        self._matters = {q.id: frozenset((q.matter, q.intent)) - {""} for q in known.questions.values()}
        ways = [(place, asked) for place, q in enumerate(known.questions.values()) for asked in dict.fromkeys((*q.ask, q.title))]
        seen = [(place, Counter(self._features(asked, "auto"))) for place, asked in ways]
        self._weigh(seen)
        self._ways(seen)

    def _weigh(self, seen: Sequence[tuple[int, Counter[str]]]) -> None:
        """A feature that few questions have tells more."""
        holders: dict[str, set[int]] = {}
        for place, found in seen:
            for name in found:
                holders.setdefault(name, set()).add(place)
        count = len(self._ids)
        self._weight = {name: WEIGHTS[name[0]] * math.log(1 + count / len(places)) for name, places in holders.items()}

    def _ways(self, seen: Sequence[tuple[int, Counter[str]]]) -> None:
        """Inverted lists of the ways of asking, and of each question as a whole."""
        self._of: list[int] = [place for place, _ in seen]
        self._lists: dict[str, list[tuple[int, float]]] = {}
        self._wholes: dict[str, list[tuple[int, float]]] = {}
        sums: list[Counter[str]] = [Counter() for _ in self._ids]
        for number, (place, found) in enumerate(seen):
            vector = self._vector(found)
            for name, value in vector.items():
                self._lists.setdefault(name, []).append((number, value))
                sums[place][name] += value  # type: ignore[assignment]
        for place, total in enumerate(sums):
            length = math.sqrt(sum(value * value for value in total.values())) or 1.0
            for name, value in total.items():
                self._wholes.setdefault(name, []).append((place, value / length))

    def _vector(self, found: Mapping[str, int]) -> dict[str, float]:
        """Of length 1. What no question has takes part with a share of its weight: it is something else that was said."""
        rare = math.log(1 + len(self._ids))
        values = {}
        unknown = 0.0
        for name in found:
            weight = self._weight.get(name)
            if weight is None:
                unknown += (WEIGHTS[name[0]] * rare * self.limits.unknown_weight) ** 2
            else:
                values[name] = weight
        length = math.sqrt(sum(value * value for value in values.values()) + unknown) or 1.0
        return {name: value / length for name, value in values.items()}

    # ------------------------------------------------------------ asking

    def find(self, text: str, dialect: str = "auto", topic: str = "") -> Found:
        """The questions that the text may be, best first. `topic`: the matter being talked about."""
        vector = self._vector(Counter(self._features(text, dialect)))
        nearest = self._likeness(vector, self._lists, self._of)
        whole = self._likeness(vector, self._wholes, None)
        share, here = self.limits.nearest, self.limits.here if topic else 0.0
        scores = {place: share * nearest.get(place, 0.0) + (1 - share) * value for place, value in whole.items()}
        words = self.limits.words if "gmeaning" in vector else -self.limits.words
        ranked = sorted(((name, score + (here if topic in self._matters[name] else 0.0) + (words if name in self._terms else 0.0))
                         for name, score in ((self._ids[place], score) for place, score in scores.items())),
                        key=lambda one: -one[1])[:6]
        return self._judged(tuple(ranked))

    def _judged(self, ranked: tuple[tuple[str, float], ...]) -> Found:
        limits = self.limits
        found = Found(ranked)
        if not ranked or found.score < limits.ask:
            return found
        near = tuple(name for name, score in ranked if score >= max(found.score - limits.offer_within, limits.ask))
        return Found(ranked, found.score >= limits.accept and found.apart >= limits.apart, near[:limits.offered])

    @staticmethod
    def _likeness(vector: Mapping[str, float], lists: Mapping[str, Sequence[tuple[int, float]]],
                  of: Sequence[int] | None) -> dict[int, float]:
        """Cosine with everything in the lists; with `of`, the largest for each question."""
        totals: dict[int, float] = {}
        for name, value in vector.items():
            for number, other in lists.get(name, ()):
                totals[number] = totals.get(number, 0.0) + value * other
        if of is None:
            return totals
        best: dict[int, float] = {}
        for number, total in totals.items():
            place = of[number]
            if total > best.get(place, 0.0):
                best[place] = total
        return best

    def _features(self, text: str, dialect: str) -> Iterable[str]:
        plain = self._engine.plain(text, dialect).text
        for filler in self._fillers:
            plain = plain.replace(filler, "")
        accents: tuple[Accent, ...] = self._engine.accents(dialect)
        groups: list[str] = []
        for token in spot(plain, self._groups, accents):
            groups += token.concepts
        yield from (f"g{name}" for name in groups)
        yield from (f"p{'>'.join(sorted(pair))}" for pair in pairwise(dict.fromkeys(groups)))
        for token in spot(plain, self._engine.lexicon, accents):
            yield from (f"c{name}" for name in token.concepts if name != "filler")
        row = [wide(s) for s in syllables(plain)]
        yield from (f"u{a}" for a in row)
        yield from (f"b{a}{b}" for a, b in pairwise(row))
        yield from (f"s{a}_{b}" for a, b in zip(row, row[2:], strict=False))
        yield from (f"t{a}{b}{c}" for a, b, c in zip(row, row[1:], row[2:], strict=False))
        yield from (f"x{a}{b}" for a, b in pairwise(plain))


def named(known: Knowledge, ids: Iterable[str]) -> tuple[dict[str, str], ...]:
    """Questions to choose from: {"id", "title"}."""
    found: list[Question] = [known.questions[one] for one in ids]
    return tuple({"id": question.id, "title": question.title} for question in found)
