"""What several decodes of one utterance say together.

Held to a vocabulary the recogniser always finds some phrase, and says that it is sure (pitfalls 10). What tells talk from a
request is the likelihood: how well the decode explains the sound, compared with the free decode of the same sound. So each
text is understood by itself, and their meanings are mixed by likelihood:

    weight of a text ~ exp(k · likelihood)            P(intent) = Σ weight · P(intent | text)

Everyday talk is explained best by the free decode, which means nothing to the kiosk; a request in dialect by the vocabulary
respelled for that dialect. The numbers stand in assets/dialects/evidence.toml.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.fund.datafile import read_toml
from kiosk.fund.errors import DataError
from kiosk.language.syllables import spoken
from kiosk.ports.ears import Expectation, Reading, Transcript
from kiosk.ports.understanding import Decision, Understanding

if TYPE_CHECKING:
    from kiosk.language.understand import Engine, Weighed

_NONE = "none"
_HELD = "held:"
_MANDARIN = "mandarin"


@dataclass(frozen=True)
class Trust:
    """evidence.toml; see the comments there."""

    likelihood: float = 0.2
    held: float = 0.0
    respelled: float = 0.0
    next_best: float = -1.0
    other: float = 4.0
    least: float = 0.01
    accept: float = 0.72
    against: float = 0.2
    ask: float = 0.12
    offer: float = 0.04
    exact: float = 0.95


@dataclass(frozen=True)
class BeliefSettings:
    """[belief] of evidence.toml."""

    likelihood: float = 0.25
    gain: float = 0.1
    memory: float = 0.9
    most: float = 6.0
    sure: float = 4.0
    apart: float = 1.0


def load_trust(assets: Path) -> tuple[Trust, BeliefSettings]:
    """The built-in values when the file is missing. Raises DataError."""
    path = assets / "dialects" / "evidence.toml"
    if not path.exists():
        return Trust(), BeliefSettings()
    data = read_toml(path, str(path))
    belief = data.pop("belief", {})
    if not isinstance(belief, dict):
        raise DataError(f"{path}: belief", "应当是一个表。")
    return (replace(Trust(), **_numbers(data, Trust, str(path))),
            replace(BeliefSettings(), **_numbers(belief, BeliefSettings, f"{path}: belief")))


def _numbers(given: Mapping[str, object], kind: type, where: str) -> dict[str, float]:
    names = {f.name for f in fields(kind)}
    found = {}
    for key, value in given.items():
        if key not in names:
            raise DataError(f"{where}: {key}", f"不认识这一项，可用的有：{'、'.join(sorted(names))}。")
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise DataError(f"{where}: {key}", "应当是一个数。")
        found[key] = float(value)
    return found


@lru_cache(maxsize=1)
def _default_trust() -> Trust:
    from kiosk.places import ASSETS  # read at first use, so that importing this module touches no file
    return load_trust(ASSETS)[0]


# ------------------------------------------------------------------ one utterance


@dataclass(frozen=True)
class Hypothesis:
    """One text that may have been said; `dialect` is the one it was heard in, `weight` its share (all sum to 1)."""

    text: str
    kind: str
    dialect: str
    weight: float


def hypotheses(readings: Iterable[Reading], expectation: Expectation, trust: Trust) -> list[Hypothesis]:
    """Every different text of the decodes, weighed by likelihood, the weightiest first."""
    readings = list(readings)
    known = [r.likelihood for r in readings if r.likelihood is not None]
    untold = max(known, default=0.0) + trust.other
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for reading in readings:
        dialect = reading.kind.removeprefix(_HELD) if reading.kind.startswith(_HELD) else expectation.dialect
        for text, likelihood in _texts(reading, untold, trust):
            key, value = (text, dialect), trust.likelihood * likelihood
            if text and value > best.get(key, (-math.inf, ""))[0]:
                best[key] = value, reading.kind
    if not best:
        return []
    top = max(value for value, _ in best.values())
    raw = {key: math.exp(value - top) for key, (value, _) in best.items()}
    total = sum(raw.values())
    kept = {key: share for key, share in raw.items() if share >= trust.least * total}
    total = sum(kept.values())
    found = [Hypothesis(key[0], best[key][1], key[1], share / total) for key, share in kept.items()]
    return sorted(found, key=lambda h: -h.weight)


def _texts(reading: Reading, untold: float, trust: Trust) -> Iterable[tuple[str, float]]:
    """Texts without spaces, with their likelihood plus what the kind of decode is given or taken beforehand."""
    bonus = 0.0
    if reading.kind.startswith(_HELD):
        bonus = trust.held + (trust.respelled if reading.kind != _HELD + _MANDARIN else 0.0)
    yield spoken(reading.text), (untold if reading.likelihood is None else reading.likelihood) + bonus
    for text, likelihood in reading.others:
        yield spoken(text), likelihood + bonus + trust.next_best


def understand_heard(engine: Engine, heard: Transcript, expectation: Expectation,
                     trust: Trust | None = None) -> Understanding:
    """The decision about a whole utterance. Without likelihoods (another recogniser) all texts weigh the same."""
    trust = trust or _default_trust()
    readings = heard.readings or (Reading("free", heard.text),)
    found = hypotheses(readings, expectation, trust)
    if expectation.pending == "yes_no" and heard.humps == 1:
        found = [twin for hypothesis in found for twin in _of_one_syllable(hypothesis)]
    if not found:
        return Understanding(_NONE, text=heard.text)
    return _decide(found, _mix(engine, found, expectation), trust)


#: Characters that turn a word for yes into a refusal, and how much of the weight goes to the word without it.
_NOT, _WITHOUT = frozenset("不没别冇毋唔"), 0.55


def _of_one_syllable(hypothesis: Hypothesis) -> tuple[Hypothesis, ...]:
    """The sound rose once only, so the 不 of 不对 may have been the breath before 对: both are possible."""
    text = hypothesis.text
    if len(text) != 2 or text[0] not in _NOT:
        return (hypothesis,)
    return (replace(hypothesis, text=text[1:], weight=hypothesis.weight * _WITHOUT),
            replace(hypothesis, weight=hypothesis.weight * (1 - _WITHOUT)))


@dataclass
class Mix:
    """What all hypotheses say together.

    chances   P(intent)
    backers   weight of the texts that by themselves would be acted upon, by intent
    meant     the intent with its slots: each different set of slots with its weight and a text that says so
    doubtful  weight of the texts whose yes may have been a refusal (confusion.doubtful_yes)
    """

    chances: dict[str, float] = field(default_factory=dict)
    backers: dict[str, float] = field(default_factory=dict)
    meant: dict[str, dict[str, tuple[float, Understanding]]] = field(default_factory=dict)
    doubtful: float = 0.0

    def add(self, hypothesis: Hypothesis, weighed: Weighed, chances: Mapping[str, float]) -> None:
        for intent, chance in chances.items():
            said = hypothesis.weight * chance
            self.chances[intent] = self.chances.get(intent, 0.0) + said
            slots = weighed.slots.get(intent, {})
            ways = self.meant.setdefault(intent, {})
            before, speaker = ways.get(repr(slots), (0.0, Understanding(intent, slots, text=weighed.plain.literal)))
            ways[repr(slots)] = before + said, speaker

    def speaker(self, intent: str) -> tuple[Understanding, float]:
        """The best supported slots of an intent, and their share among all sets of slots heard for it."""
        ways = self.meant[intent].values()
        weight, speaker = max(ways, key=lambda way: way[0])
        return speaker, weight / sum(w for w, _ in ways)


def _mix(engine: Engine, found: Iterable[Hypothesis], expectation: Expectation) -> Mix:
    from kiosk.language.understand import probabilities  # the engine and its evidence know each other

    mix = Mix()
    for hypothesis in found:
        asked = replace(expectation, dialect=hypothesis.dialect)
        weighed = engine.weigh(hypothesis.text, asked)
        mix.add(hypothesis, weighed, probabilities(weighed.scores, engine.decision.temperature))
        decided = engine.decide(weighed, asked)
        if decided.decision is Decision.ACCEPT:
            mix.backers[decided.intent] = mix.backers.get(decided.intent, 0.0) + hypothesis.weight
            if decided.intent == "yes" and engine.may_be_a_no(weighed.plain):
                mix.doubtful += hypothesis.weight
    return mix


def _decide(found: list[Hypothesis], mix: Mix, trust: Trust) -> Understanding:
    chances = mix.chances
    order = sorted((i for i in chances if i != _NONE), key=lambda i: -chances[i])
    if not order or chances[order[0]] < trust.ask:
        return Understanding(_NONE, score=chances.get(_NONE, 0.0), text=found[0].text)
    top = order[0]
    speaker, agreed = mix.speaker(top)
    offered = tuple(i for i in order[:3] if i == top or chances[i] >= trust.offer)
    against = max((weight for intent, weight in mix.backers.items() if intent != top), default=0.0)
    sure = mix.backers.get(top, 0.0) >= trust.accept and against < trust.against
    exact = sure and agreed >= trust.exact and (top != "yes" or mix.doubtful < trust.against)
    return replace(speaker, decision=Decision.ACCEPT if sure else Decision.ASK, candidates=offered,
                   score=min(1.0, chances[top]), exact=exact)


# ------------------------------------------------------------------ a whole visit


@dataclass(frozen=True)
class DialectBelief:
    """Which dialect the visitor speaks, as far as heard. Frozen; `update` after each utterance gives the next belief.

    `evidence` is relative to Mandarin, which always stands at 0: nobody is taken for a dialect speaker lightly.
    """

    settings: BeliefSettings = BeliefSettings()
    evidence: Mapping[str, float] = field(default_factory=dict)

    def update(self, heard: Transcript) -> DialectBelief:
        held = {r.kind.removeprefix(_HELD): r for r in heard.readings if r.kind.startswith(_HELD)}
        plain = held.get(_MANDARIN)
        if plain is None or plain.likelihood is None:
            return self
        new = {code: value * self.settings.memory for code, value in self.evidence.items()}
        for code, reading in held.items():
            if code == _MANDARIN or reading.likelihood is None:
                continue
            sounds = max(1, len(spoken(reading.text)))
            more = self.settings.likelihood * (reading.likelihood - plain.likelihood - self.settings.gain * sounds)
            new[code] = new.get(code, 0.0) + max(-self.settings.most, min(self.settings.most, more))
        return replace(self, evidence=new)

    @property
    def leaning(self) -> str:
        """The dialect that explains more than Mandarin so far, sure or not; ''."""
        best = max(self.evidence, key=lambda code: self.evidence[code], default="")
        return best if best and self.evidence[best] > 0 else ""

    def heed(self, expectation: Expectation) -> Expectation:
        """The same question, heard in the visitor's dialect once that is known. What was chosen in words stands."""
        return replace(expectation, dialect=self.dialect) if expectation.dialect == "auto" else expectation

    @property
    def dialect(self) -> str:
        """The dialect to listen for from now on: "auto" as long as it is open."""
        ranked = sorted(self.evidence.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < self.settings.sure:
            return "auto"
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < self.settings.apart:
            return "auto"
        return ranked[0][0]
