"""Which question of assets/knowledge was asked? By the sounds and the words of all ways of asking that the files hold.

The text is first put into Mandarin words (dialect words, corrections: normalise.py). What speaks for a question are the groups of
synonyms and the packs' concepts found in it, also by their sound (spotting.py), and runs of syllables in a form that does not
tell apart what dialects and recognisers confuse (spotting.wide). What tells one question from the others is learnt from the ways
of asking and kept (ranking.py); how sure an answer must be was measured (retrieval.toml, kiosk bench knowledge).
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.errors import DataError
from kiosk.fund.knowledge import Knowledge, Question
from kiosk.fund.rule_source import Data
from kiosk.language.normalise import cut_clauses, strip_particles
from kiosk.language.ranking import FORM, Ranking, kept, learn
from kiosk.language.spotting import Concept, Lexicon, spot, wide
from kiosk.language.syllables import Accent, syllables
from kiosk.language.understand import Engine
from kiosk.language.witness import digest_of
from kiosk.places import MODELS

#: Where what was learnt from the ways of asking is kept.
LEARNT = MODELS / "questions.npz"
#: So many questions are ranked.
_KEPT = 6
#: Syllables of a question that only means something after another one.
_SHORT = 8
#: Shortest synonym that is also found by its sound.
SOUND = 2


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


@dataclass(frozen=True)
class Talk:
    """[talk] of retrieval.toml: how likely a sentence that was not taken for a request is a question all the same."""

    start: float = 0.5
    score: float = 1.3
    apart: float = 5.4
    none: float = 1.45
    form: float = 0.5
    answer: float = 0.95
    ask: float = 0.85

    def chance(self, found: Found, none: float, form: bool) -> float:
        """`none`: the chance that it is no request; `form`: it has the form of a question."""
        odds = math.log(max(1.0 - none, 1e-4) / max(none, 1e-4))
        total = self.start + self.score * found.score + self.apart * found.apart + self.none * odds + self.form * form
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True)
class Limits:
    """retrieval.toml; the comments there say what each one decides."""

    accept: float = 0.2
    apart: float = 0.05
    ask: float = 0.14
    offer_within: float = 0.25
    offered: int = 3
    instead: float = 0.35
    doubtful: float = 0.8
    over: float = 0.45
    over_apart: float = 0.15
    over_sure: float = 0.97
    over_all: float = 0.7
    unlikely: float = 0.4
    known: float = 0.35
    statement: float = 0.6
    here: float = 0.06
    here_short: float = 0.2
    follow: float = 0.6
    words: float = 0.07
    unknown: float = 0.55
    talk: Talk = Talk()


def load_limits(folder: Path) -> Limits:
    """Raises DataError."""
    path = folder / "retrieval.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(path.name, f"读不了这个文件：{error}") from None
    talk = data.pop("talk", {})
    return Limits(**_numbers(data, Limits, path.name), talk=Talk(**_numbers(talk, Talk, f"{path.name}: talk")))


def _numbers(given: Mapping[str, Any], kind: type[Limits] | type[Talk], where: str) -> dict[str, Any]:
    names = {field.name for field in fields(kind)} - {"talk"}
    for key, value in given.items():
        if key not in names or not isinstance(value, int | float) or isinstance(value, bool):
            raise DataError(f"{where}: {key}", f"应当是一个数，名字可以写：{'、'.join(sorted(names))}。")
    return dict(given)


class Synonyms(Data, frozen=True):
    """synonyms.yaml; the comments there say what each part is."""

    groups: dict[str, tuple[str, ...]]
    fillers: tuple[str, ...]
    asking: tuple[str, ...]
    asking_last: tuple[str, ...]
    follow: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, folder: Path) -> Synonyms:
        """Raises DataError."""
        return convert(read_yaml(folder / "synonyms.yaml"), cls, "synonyms.yaml: ")

    def problems(self) -> list[str]:
        """What is of the right form and wrong all the same."""
        return [f"synonyms.yaml: follow.{name}: 上面 groups 里没有这一组。" for name in self.follow if name not in self.groups]


class Index:
    """All questions, ready to be asked. Immutable; may be read from several threads."""

    def __init__(self, known: Knowledge, engine: Engine, folder: Path, limits: Limits | None = None,
                 learnt: Path | None = None) -> None:
        """`learnt`: the file that keeps what was learnt from the ways of asking (None: learnt now, and not kept)."""
        synonyms = Synonyms.read(folder)
        self._fillers = tuple(sorted(synonyms.fillers, key=len, reverse=True))
        self._asking, self._asking_last, self._follow = synonyms.asking, synonyms.asking_last, synonyms.follow
        self._engine, self.limits = engine, limits or load_limits(folder)
        self._groups = Lexicon(Concept(name, words, single=True, sound=SOUND) for name, words in synonyms.groups.items())
        self._accents = engine.accents("auto")
        self._ids = tuple(known.questions)
        self._terms = np.array([bool(q.word) for q in known.questions.values()], np.float32)
        self._kinds = [q.kind for q in known.questions.values()]
        self._matters = [frozenset((q.matter, q.intent)) - {""} for q in known.questions.values()]
        self._ranking = kept(learnt, _digest(known, folder), lambda: self._learn(known, _digest(known, folder)))

    def _learn(self, known: Knowledge, digest: str) -> Ranking:
        ways = [(place, asked) for place, q in enumerate(known.questions.values())
                for asked in dict.fromkeys((*q.ask, q.title, *q.ways))]
        return learn([tuple(self._features(asked, "auto")) for _, asked in ways], [place for place, _ in ways], len(self._ids), digest)

    @property
    def size(self) -> tuple[int, int, int]:
        """(features, questions, bytes in memory) of what was learnt."""
        return len(self._ranking.names), len(self._ids), self._ranking.size

    # ------------------------------------------------------------ asking

    def asks(self, text: str) -> bool:
        """Is it a question by its form?"""
        said = strip_particles("".join(cut_clauses(text)))
        plain = self._engine.plain(text, "auto").text
        return any(word in each for each in (said, plain) for word in self._asking) or said.endswith(self._asking_last)

    def find(self, text: str, dialect: str = "auto", topic: str = "") -> Found:
        """The questions that the text may be, best first. `topic`: the matter being talked about, its own id or its intent's;
        a few words ("and how much?") are then asked about that matter."""
        features = tuple(self._features(text, dialect))
        rows, values = self._ranking.vector(features, self.limits.unknown)
        if not rows:
            return Found()
        scores = self._ranking.scores(rows, values)
        scores = scores + self._terms * (self.limits.words if "gmeaning" in features else -self.limits.words)
        if topic:
            scores = scores + self._of_topic(topic, features)
        best = np.argsort(-scores, kind="stable")[:_KEPT]
        return self._judged(tuple((self._ids[place], float(scores[place])) for place in best))

    def _of_topic(self, topic: str, features: Iterable[str]) -> NDArray[np.float32]:
        """What is talked about is likely to be asked about; a short question of some kind most of all."""
        asked = {kind for name in features if name[0] == "g" for kind in self._follow.get(name[1:], ())}
        short = sum(name[0] == "u" for name in features) <= _SHORT
        here, follow = (self.limits.here_short, self.limits.follow) if short else (self.limits.here, 0.0)
        return np.array([(here + follow * (kind in asked)) * (topic in about)
                         for kind, about in zip(self._kinds, self._matters, strict=True)], np.float32)

    def _judged(self, ranked: tuple[tuple[str, float], ...]) -> Found:
        limits = self.limits
        found = Found(ranked)
        if not ranked or found.score < limits.ask:
            return found
        near = tuple(name for name, score in ranked if score >= max(found.score - limits.offer_within, limits.ask))
        return Found(ranked, found.score >= limits.accept and found.apart >= limits.apart, near[:limits.offered])

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


def _digest(known: Knowledge, folder: Path) -> str:
    """Changes whenever something changes from which is learnt: ways of asking, synonyms, the packs' words and concepts."""
    total = hashlib.sha256(f"{FORM} {digest_of(folder.parent)}".encode())
    total.update((folder / "synonyms.yaml").read_bytes())
    for question in known.questions.values():
        total.update("\n".join((question.id, *question.ask, question.title, *question.ways)).encode())
    return total.hexdigest()[:16]


def named(known: Knowledge, ids: Iterable[str]) -> tuple[dict[str, str], ...]:
    """Questions to choose from: {"id", "title"}."""
    found: list[Question] = [known.questions[one] for one in ids]
    return tuple({"id": question.id, "title": question.title} for question in found)
