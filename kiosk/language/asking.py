"""Questions among what visitors say: the understanding of requests, with the knowledge behind it.

What was understood as a question about rules (policy) gets the slots of intents.md and, besides, `article` (the id of the question
that was asked) or `offers` (two or three that it may have been, as {"id", "title"}). Neither: nobody knows. What was understood as
something else stays that, unless it is a question that the knowledge knows well: then it is answered first, because an answer
offers to do the matter and starts nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from kiosk.fund.knowledge import Knowledge
from kiosk.language.knowledge import Found, Index, named
from kiosk.ports.ears import Expectation, Transcript
from kiosk.ports.understanding import Decision, Understander, Understanding

POLICY, NONE = "policy", "none"
#: Never taken for a question: answers, and what is said to the kiosk itself.
_KEPT = frozenset({
    "yes", "no", "choose", "amount", "number", "all", "back", "home", "cancel", "finish", "repeat", "slower", "faster", "louder",
    "quieter", "bigger_text", "smaller_text", "voice_mode", "screen_mode", "dialect", "wait", "staff"})
#: Matters that come before every answer: somebody has died; what to bring is told by a flow of its own.
_FIRST = frozenset({"withdraw.death", "materials"})
#: Kinds of question that the matter itself answers better: by doing it, by working it out.
DOES = frozenset({"can", "how", "amount", "monthly", "check", "years", "what", "arrival", "hours", "window", "number"})
#: Who names these wants it done.
_WISHED = frozenset({"amount", "copies"})
#: So many different texts of one utterance are looked up.
_TEXTS = 3
#: Characters of a question that only means something after another one.
_FEW = 8


class Asking:
    """Understander of kiosk.ports.understanding. `load` makes the index; it is called once, by `prepare` or the first question."""

    def __init__(self, inner: Understander, known: Knowledge, load: Callable[[], Index]) -> None:
        self._inner, self._known, self._load = inner, known, load
        self._lock = threading.Lock()
        self._made: Index | None = None

    def prepare(self) -> None:
        """Make the index now. May be called from any thread."""
        with self._lock:
            if self._made is None:
                self._made = self._load()

    @property
    def index(self) -> Index:
        if self._made is None:
            self.prepare()
        assert self._made is not None
        return self._made

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        return self._asked(self._inner.understand(text, expectation), (text,), expectation)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        meaning = self._inner.understand_heard(heard, expectation)
        free = [text for reading in heard.readings if reading.kind == "free"
                for text in (reading.text, *(other for other, _ in reading.others))]
        return self._asked(meaning, (meaning.text, *free), expectation)

    def nearest(self, text: str, expectation: Expectation) -> list[dict[str, object]]:
        """The nearest questions with their scores, for whoever writes answers."""
        ranked = self.index.find(text, expectation.dialect, expectation.topic).ranked
        return [{"id": name, "title": self._known.questions[name].title, "score": round(score, 2)} for name, score in ranked[:3]]

    # ------------------------------------------------------------ inside

    def _asked(self, meaning: Understanding, texts: Iterable[str], expectation: Expectation) -> Understanding:
        if meaning.intent in _KEPT or (meaning.intent == NONE and meaning.decision is Decision.ACCEPT):
            return meaning
        said = list(dict.fromkeys(text.strip() for text in texts if text.strip()))[:_TEXTS]
        found = max((self.index.find(text, expectation.dialect, expectation.topic) for text in said),
                    key=lambda one: one.score, default=Found())
        form = any(self.index.asks(text) for text in said)
        if meaning.intent == POLICY:
            return self._perhaps(meaning, found)
        if found.sure and meaning.intent not in _FIRST and self._follows(found, expectation, said):
            return self._answer(meaning, found)
        if meaning.decision is Decision.ASK:
            return self._instead_of_asking(meaning, found, form)
        if not found.sure:
            return meaning
        if meaning.decision is Decision.REJECT:
            return self._instead_of_talk(meaning, found, form)
        return self._instead_of_a_matter(meaning, found, form)

    def _perhaps(self, meaning: Understanding, found: Found) -> Understanding:
        """What is most likely a question about rules. Where that is not likely either, it may be talk: the kiosk asks back, unless the
        question is known well."""
        limits = self.index.limits
        unlikely = meaning.decision is Decision.ASK and meaning.score <= limits.unlikely
        if unlikely and limits.ask <= found.score < limits.known:
            return self._ask_back(meaning, found)
        return self._answer(meaning, found)

    def _answer(self, meaning: Understanding, found: Found) -> Understanding:
        slots: dict[str, object] = {}
        if found.sure:
            slots = {"article": found.top}
        elif found.offered:
            slots = {"offers": named(self._known, found.offered)}
        elif meaning.decision is not Decision.ACCEPT:
            return meaning  # perhaps something else was meant
        told = dict(meaning.slots) if meaning.intent == POLICY else {}
        return replace(meaning, intent=POLICY, slots={**told, **slots}, decision=Decision.ACCEPT, candidates=(POLICY,),
                       score=min(1.0, max(found.score, 0.0)))

    def _ask_back(self, meaning: Understanding, found: Found, *, first: bool = True) -> Understanding:
        """ "Do you mean ...?" with the question's own words, beside what else it may be (before that, where not `first`)."""
        others = [one for one in (meaning.candidates or (meaning.intent,)) if one not in (POLICY, NONE)]
        order = [POLICY, *others] if first or not others else [others[0], POLICY, *others[1:]]
        return replace(meaning, intent=order[0], decision=Decision.ASK, candidates=tuple(order[:3]), slots={
            **meaning.slots, "article": found.top, "asked": self._known.questions[found.top].title})

    def _follows(self, found: Found, expectation: Expectation, said: list[str]) -> bool:
        """A few words about what was just answered: "and how often?" """
        question = self._known.questions[found.top]
        short = min((len(text) for text in said), default=0) <= _FEW
        return bool(expectation.about) and short and expectation.topic in (question.matter, question.intent)

    def _asks(self, found: Found, form: bool) -> bool:
        """A question by its form, or the very words that visitors ask in: "I have no rent contract" """
        return form or found.score >= self.index.limits.statement

    def _instead_of_talk(self, meaning: Understanding, found: Found, form: bool) -> Understanding:
        talk = self.index.limits.talk
        chance = talk.chance(found, meaning.score, form)
        if self._asks(found, form) and chance >= talk.answer:
            return self._answer(meaning, found)
        return self._ask_back(meaning, found) if chance >= talk.ask else meaning

    def _instead_of_asking(self, meaning: Understanding, found: Found, form: bool) -> Understanding:
        limits = self.index.limits
        if found.score < limits.ask:
            return meaning
        wished = _WISHED & meaning.slots.keys()
        better = found.score >= limits.instead and meaning.score <= limits.doubtful and not wished
        if self._asks(found, form) and better and found.sure:
            return self._answer(meaning, found)
        question = self._known.questions[found.top]
        done = question.intent == meaning.intent and question.kind in DOES and not form  # not whether it can be, but that it be done
        return self._ask_back(meaning, found, first=better and not done)

    def _instead_of_a_matter(self, meaning: Understanding, found: Found, form: bool) -> Understanding:
        limits, question = self.index.limits, self._known.questions[found.top]
        if meaning.intent == question.intent == "hall":
            return replace(meaning, slots={**meaning.slots, "article": found.top})
        detail = form and meaning.intent not in _FIRST and question.kind not in DOES
        near = question.intent == meaning.intent or meaning.score <= limits.over_sure
        enough = limits.over if meaning.score <= limits.over_sure else limits.over_all
        if detail and near and found.score >= enough and found.apart >= limits.over_apart:
            return self._answer(meaning, found)
        return meaning
