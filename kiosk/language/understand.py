"""What a visitor means: text (and what the screen is asking) to an intent of intents.md, with slots and a decision.

Three witnesses are heard:
  1. whole sentences of the packs, by characters and by sound (exact evidence);
  2. short answers to the pending question;
  3. concepts found in the utterance and the weighted rules that join them.
The scores of all intents become probabilities; `Decision` says from where on to accept, to ask, or to let it be.
"""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.language import evidence
from kiosk.language.answers import BY_SOUND, Answer, answer, label_forms
from kiosk.language.confusion import doubtful_yes
from kiosk.language.normalise import Plain, Words, cut_clauses, normalise, strip_particles
from kiosk.language.numbers import find_in_clauses
from kiosk.language.packs import Decision, Pack, load_decision, load_packs
from kiosk.language.rules import Rule, Rulebook
from kiosk.language.slots import slots_of
from kiosk.language.spotting import Concept, Lexicon, Token, index_by_concept, spot, wide
from kiosk.language.syllables import Accent, phrase_syllables, spoken, syllables
from kiosk.language.witness import Witness, digest_of, features, material, recall, remember, train
from kiosk.places import MODELS
from kiosk.ports.ears import Expectation, Transcript
from kiosk.ports.understanding import Decision as Verdict
from kiosk.ports.understanding import Understanding

#: Where the witness keeps what it has learnt.
LEARNT = MODELS / "understanding.npz"
NONE = "none"
ANSWERS = frozenset(("yes", "no", "amount", "number", "all", "choose"))
"""Intents that exist only as the answer to a pending question."""


#: Syllables of a button's words that are recognised by their sound; fewer are too easily something else.
_BUTTON_LEAST = 4
_DERIVED = {"told", "asks", "unknown", "long", "short"}


@dataclass(frozen=True)
class Weighed:
    """All evidence of one utterance. `scores` holds none and every intent that anything speaks for."""

    text: str
    plain: Plain
    scores: Mapping[str, float]
    slots: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    fired: tuple[tuple[Rule, float], ...] = ()
    tokens: tuple[Token, ...] = ()
    second: Mapping[str, float] = field(default_factory=dict)

    def best(self) -> tuple[str, float]:
        return max(self.scores.items(), key=lambda item: item[1])


class Engine:
    """Understander of kiosk.ports.understanding. Immutable after loading; may be read from several threads."""

    def __init__(self, packs: Mapping[str, Pack], decision: Decision, second: Witness | None = None,
                 examples: bool = True) -> None:
        """`examples`: whether the packs' example sentences are known by heart (not when they are used as a test)."""
        self.packs = packs
        self.decision = decision
        self.lexicon = Lexicon(_joined_concepts(packs.values()))
        self.rulebook = Rulebook((rule for pack in packs.values() for rule in pack.rules), packs["mandarin"].stray)
        self._words = {code: _words_for(code, packs) for code in ("auto", *packs)}
        self._near = tuple(pack.accent for pack in packs.values() if pack.near)
        self._sentences = SentenceIndex(packs, self._words["auto"], examples)
        self._witness, self._examples = second, examples
        self._doubtful = doubtful_yes(packs)

    def advised(self, second: Witness | None) -> Engine:
        """The same engine with this witness."""
        other = copy.copy(self)
        other._witness = second
        return other

    @property
    def witness(self) -> Witness | None:
        return self._witness

    def taught(self, packs: Mapping[str, Pack]) -> Engine:
        """The same engine with these packs: what a hall has learnt on top (site_pack.py). The witness stays as it is."""
        return Engine(packs, self.decision, self._witness, self._examples)

    # -------------------------------------------------------------- the port

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        return self.decide(self.weigh(text, expectation), expectation)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return evidence.understand_heard(self, heard, expectation)

    # -------------------------------------------------------------- the parts

    def accents(self, dialect: str) -> tuple[Accent, ...]:
        """The accents that may be speaking: Mandarin and the session's own, or all near ones."""
        if dialect in ("auto", "") or dialect not in self.packs:
            return self._near
        own = self.packs[dialect].accent
        return (self.packs["mandarin"].accent, own) if dialect != "mandarin" else (own,)

    def plain(self, text: str, dialect: str) -> Plain:
        return normalise(text, self._words.get(dialect, self._words["auto"]))

    def weigh(self, text: str, expectation: Expectation) -> Weighed:
        """Scores for every intent that anything speaks for. Pure; no thresholds yet."""
        plain = self.plain(text, expectation.dialect)
        if not plain.text:
            return Weighed(text, plain, {NONE: 10.0})
        accents = self.accents(expectation.dialect)
        numbers = find_in_clauses(plain.clauses)
        tokens = tuple(spot(plain.text, self.lexicon, accents, numbers, plain.cuts))
        by_concept: dict[str, Sequence[Token]] = dict(index_by_concept(tokens))
        by_concept.update(_derived(plain.text, tokens))
        self.rulebook.derive(by_concept, expectation.pending, Token(0, len(plain.text), (), 1.0, plain.text))
        rules: dict[str, float] = {NONE: 0.0}
        fired = self.rulebook.fire(by_concept, expectation.pending)
        for rule, value in fired:
            rules[rule.intent] = rules.get(rule.intent, 0.0) + value
        for intent in _leading(rules, 6):
            if rules[intent] > 0:
                used = [rule for rule, _ in fired]
                rules[intent] -= self.rulebook.stray.loss(intent, used, by_concept, tokens, len(plain.text))
        second = self._opinion(plain.text, tokens, by_concept, expectation.pending)
        scores = self._together(rules, second)
        exact = self._whole_sentences(plain, accents, expectation, scores)
        given = answer(plain, expectation, self.lexicon) or self._sounds_like_a_button(plain, accents, expectation)
        _add_answer(given, scores)
        kept = _open_to(scores, expectation, given)
        kept |= {i: kept[i] + self.decision.likely for i in expectation.likely if i in kept}
        slots = {i: slots_of(i, plain.text, numbers, by_concept) for i in _leading(kept)}
        if given is not None:
            slots[given.intent] = dict(given.slots)
            written = {"".join(cut_clauses(label)) for label in expectation.options}
            exact |= {given.intent} if given.strength > BY_SOUND or plain.literal in written else set()
        if self.may_be_a_no(plain):
            exact.discard("yes")
        return Weighed(text, plain, kept, slots, frozenset(exact), tuple(fired), tokens, second)

    def may_be_a_no(self, plain: Plain) -> bool:
        """Whether it begins with a word for yes that sounds like a refusal somewhere."""
        return any(said.startswith(word) for said in (plain.text, plain.literal) for word in self._doubtful)

    def _opinion(self, text: str, tokens: Sequence[Token], found: Mapping[str, Sequence[Token]],
                 pending: str) -> dict[str, float]:
        """What the witness thinks: log chances, {} when there is none."""
        if self._witness is None:
            return {}
        return self._witness.log_chances(features(text, tokens, _DERIVED & found.keys(), pending))

    def _together(self, rules: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
        """The witness has learnt from thousands of sentences and leads; the rules, of which each is right for a reason,
        turn the scale. Without a witness the rules stand alone."""
        if not second:
            return dict(rules)
        limits = self.decision
        return {intent: second.get(intent, limits.unheard)
                + limits.rules * max(-limits.rules_most, min(limits.rules_most, rules.get(intent, 0.0)))
                for intent in {*rules, *second}}

    def features(self, text: str, pending: str, dialect: str) -> list[str]:
        """What the second witness sees of a sentence (for learning)."""
        plain = self.plain(text, dialect)
        numbers = find_in_clauses(plain.clauses)
        tokens = tuple(spot(plain.text, self.lexicon, self.accents(dialect), numbers, plain.cuts))
        found: dict[str, Sequence[Token]] = dict(index_by_concept(tokens))
        found.update(_derived(plain.text, tokens))
        self.rulebook.derive(found, pending, Token(0, len(plain.text), (), 1.0, plain.text))
        return features(plain.text, tokens, _DERIVED & found.keys(), pending)

    def _sounds_like_a_button(self, plain: Plain, accents: Sequence[Accent], expectation: Expectation) -> Answer | None:
        """The words of one button of the pending question, read out and written as something that sounds the same."""
        said = syllables(plain.text)
        if not expectation.pending or len(said) < _BUTTON_LEAST:
            return None
        found = []
        for place, forms in enumerate(label_forms(expectation.options, self.lexicon)):
            for row in (phrase_syllables(form) for form in forms):
                if len(row) == len(said) and 1 - min(sum(a.cost(m, h) for m, h in zip(row, said, strict=True))
                                                     for a in accents) / len(row) >= self.decision.near:
                    found.append(place)
        return Answer("choose", BY_SOUND, {"index": found[0] + 1}) if len(set(found)) == 1 else None

    def _whole_sentences(self, plain: Plain, accents: Sequence[Accent], expectation: Expectation,
                         scores: dict[str, float]) -> set[str]:
        exact = set()
        for intent, likeness in self._sentences.match(plain, accents, expectation.pending, self.decision.near):
            scores[intent] = max(scores.get(intent, 0.0), 0.0) + (6.0 if likeness >= 1 else 3.5 * likeness)
            if likeness >= 1:
                exact.add(intent)
        return exact

    def decide(self, weighed: Weighed, expectation: Expectation) -> Understanding:
        """Accept, ask with at most three, or let it be."""
        limits = self.decision
        chances = probabilities(weighed.scores, limits.temperature)
        requests = sorted((i for i in chances if i != NONE), key=lambda i: -chances[i])
        none = chances.get(NONE, 0.0)
        if not requests or none > limits.reject or chances[requests[0]] < limits.ask:
            return Understanding(NONE, decision=Verdict.REJECT, score=none, text=weighed.plain.literal)
        top = requests[0]
        if chances[top] >= limits.accept:
            return self._accepted(weighed, top, requests, chances)
        offered = tuple(i for i in requests[:3] if i == top or chances[i] >= limits.offer)
        return Understanding(top, weighed.slots.get(top, {}), Verdict.ASK, offered, chances[top], weighed.plain.literal)

    def _accepted(self, weighed: Weighed, top: str, requests: Sequence[str], chances: Mapping[str, float]) -> Understanding:
        offered = (top, *(i for i in requests[1:3] if chances[i] >= self.decision.offer))
        reasons = sum(value for rule, value in weighed.fired if rule.intent == top)
        exact = top in weighed.exact or (top not in ANSWERS and reasons > 0
                                         and all(t.quality >= 1 for t in weighed.tokens))
        return Understanding(top, weighed.slots.get(top, {}), Verdict.ACCEPT, offered, chances[top],
                             weighed.plain.literal, exact)


class SentenceIndex:
    """The packs' whole sentences and examples: by characters (as written and in Mandarin words) and by folded sound.

    An example that belongs to a pending question counts only while it is pending.
    """

    def __init__(self, packs: Mapping[str, Pack], words: Words, examples: bool = True) -> None:
        self._exact: dict[tuple[str, str], set[str]] = {}
        self._sound: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for pack in packs.values():
            for intent, sentence in pack.sentences:
                for form in {sentence, words.apply(sentence)}:
                    self._add(intent, form)
            for example in pack.examples if examples else ():
                self._add_exact(example.intent, "".join(cut_clauses(example.text)), example.pending)

    def _add(self, intent: str, form: str) -> None:
        self._add_exact(intent, form, "")
        if len(form) >= 3:
            self._sound.setdefault(tuple(wide(s) for s in phrase_syllables(form)), []).append((intent, form))

    def _add_exact(self, intent: str, form: str, pending: str) -> None:
        for key in {form, strip_particles(form)}:
            self._exact.setdefault((key, pending), set()).add(intent)

    def match(self, plain: Plain, accents: Sequence[Accent], pending: str, near: float) -> list[tuple[str, float]]:
        """(intent, likeness): 1 for the very characters, less for the sound alone."""
        for text in (plain.literal, plain.text, strip_particles(plain.literal), strip_particles(plain.text)):
            intents = self._exact.get((text, pending)) or self._exact.get((text, ""))
            if intents:
                return [(intent, 1.0) for intent in intents]
        if len(spoken(plain.text)) < 3:
            return []
        row = syllables(plain.text)
        best: dict[str, float] = {}
        for intent, form in self._sound.get(tuple(wide(s) for s in row), ()):
            meant = phrase_syllables(form)
            cost = min(sum(a.cost(m, h) for m, h in zip(meant, row, strict=True)) for a in accents)
            likeness = 1 - cost / len(meant) - 0.02
            if likeness >= near:
                best[intent] = max(best.get(intent, 0.0), likeness)
        return list(best.items())


def probabilities(scores: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Softmax; an intent that nothing speaks for counts as nothing."""
    top = max(scores.values())
    raw = {i: math.exp((s - top) / temperature) for i, s in scores.items()}
    total = sum(raw.values())
    return {i: v / total for i, v in raw.items()}


def _leading(scores: Mapping[str, float], most: int = 4) -> list[str]:
    return [i for i, _ in sorted(scores.items(), key=lambda item: -item[1])[:most] if i != NONE]


def _possible(intent: str, expectation: Expectation, given: Answer | None) -> bool:
    """Answers need their question."""
    if intent in ("yes", "no"):
        return expectation.pending in ("yes_no", "sum", "number")
    if intent == "all" and expectation.pending in ("amount", "sum"):
        return True
    return intent not in ANSWERS or (given is not None and given.intent == intent)


def _open_to(scores: Mapping[str, float], expectation: Expectation, given: Answer | None) -> dict[str, float]:
    """The intents that are possible now. What sounds like the answer to a question that nobody asked is talk."""
    kept = {i: s for i, s in scores.items() if _possible(i, expectation, given)}
    unasked = [s for i, s in scores.items() if i not in kept]
    kept[NONE] = _sum_of([kept.get(NONE, 0.0), *unasked])
    return kept


def _sum_of(logs: Sequence[float]) -> float:
    """Logarithm of the sum of what these are logarithms of."""
    most = max(logs)
    return most + math.log(sum(math.exp(value - most) for value in logs))


def _add_answer(given: Answer | None, scores: dict[str, float]) -> None:
    if given is not None:
        scores[given.intent] = max(scores.get(given.intent, 0.0), 0.0) + given.strength


def _unknown(text: str, tokens: Sequence[Token]) -> int:
    """How many characters belong to no phrase at all."""
    return len(text) - len({i for t in tokens for i in range(t.start, t.end)})


def _derived(text: str, tokens: Sequence[Token]) -> dict[str, list[Token]]:
    """Concepts about the utterance itself."""
    whole = [Token(0, len(text), (), 1.0, text)]
    found: dict[str, list[Token]] = {}
    if _unknown(text, tokens) > max(2, 0.3 * len(text)):
        found["unknown"] = whole
    found["long" if len(text) > 14 else "short"] = whole
    return found


def _joined_concepts(packs: Iterable[Pack]) -> list[Concept]:
    joined: dict[str, Concept] = {}
    for pack in packs:
        for concept in pack.concepts:
            base = joined.get(concept.name)
            if base is None:
                joined[concept.name] = concept
            else:
                phrases = tuple(dict.fromkeys((*base.phrases, *concept.phrases)))
                joined[concept.name] = replace(base, phrases=phrases)
    return list(joined.values())


def _words_for(code: str, packs: Mapping[str, Pack]) -> Words:
    table: dict[str, str] = {}
    for pack in reversed(list(packs.values())):         # Mandarin's and near packs' words win over far ones
        table.update(pack.words)
    if code in packs:
        for sharer in packs[code].shares:
            if sharer in packs:
                table.update(packs[sharer].words)
                table.update(packs[sharer].own_words)
        table.update(packs[code].words)
        table.update(packs[code].own_words)
    return Words(table)


def load(assets: Path, site_overrides: Mapping[str, object] | None = None, learnt: Path = LEARNT,
         on_learning: Callable[[], None] = lambda: None, examples: bool = True) -> Engine:
    """The engine with all packs under assets/dialects; `site_overrides` are values of decision.toml.

    What the witness has learnt from the packs is kept in the file `learnt`; where that is missing or older than the
    packs, it learns now (half a minute) and `on_learning` is called first. Raises DataError for the first pack that is
    wrong.
    """
    engine = Engine(load_packs(assets), load_decision(assets, site_overrides), examples=examples)
    digest = digest_of(assets)
    second = recall(learnt, digest)
    if second is None:
        on_learning()
        second = learn(engine, assets, digest)
        with contextlib.suppress(OSError):  # a folder that cannot be written costs time, nothing else
            remember(second, learnt)
    return engine.advised(second)


def learn(engine: Engine, assets: Path, digest: str) -> Witness:
    """Train the witness on all material of the packs."""
    examples, dialects = material(engine.packs, assets)
    return train(examples, dialects, engine.features, digest)
