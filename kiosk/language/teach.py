"""May a sentence be learnt? Asked before it goes live; the answer is '' or a sentence for the technician."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.language.check import failing
from kiosk.language.confusion import Phrase, Sounds, answers, commands, doubtful_yes
from kiosk.language.packs import INTENTS, PENDING, Example, Pack
from kiosk.language.site_pack import with_lessons
from kiosk.language.syllables import CODES, spoken
from kiosk.language.understand import ANSWERS, Engine
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision

NEAREST = 0.35
"""Sum of syllable distances up to which a sentence of another meaning is too near: one syllable that is a little unlike."""
_MARKS = frozenset("〔〕")


@dataclass(frozen=True)
class Lesson:
    """`example.text` must be as `bare` gives it."""

    example: Example
    dialect: str


def bare(engine: Engine, text: str, dialect: str) -> str:
    """The sentence as it is compared: without punctuation, dialect words as they are."""
    return engine.plain(text, dialect).literal


def objection(engine: Engine, lesson: Lesson) -> str:
    """Why this engine should not learn the lesson, '' when it may. `engine` knows its examples by heart or not, as it
    likes; what the hall has learnt before must be in it. Takes some seconds."""
    return next((reason for reason in _objections(engine, lesson) if reason), "")


def _objections(engine: Engine, lesson: Lesson) -> Iterator[str]:
    yield _badly_put(lesson)
    yield _known(engine, lesson)
    yield _stolen(engine, lesson)
    yield _sounds_like(engine, lesson)
    after = engine.taught(with_lessons(engine.packs, {lesson.dialect: [lesson.example]}))
    yield _not_learnt(after, lesson)
    yield _doubtful(engine, lesson)
    yield _spoils(engine, after)


def _badly_put(lesson: Lesson) -> str:
    example = lesson.example
    if example.intent not in INTENTS:
        return f"没有「{example.intent}」这件事。可用的有：{'、'.join(sorted(INTENTS))}。"
    if example.pending not in PENDING:
        return f"不认识正在问的「{example.pending}」。可用的有：{'、'.join(PENDING[1:])}，或者不写。"
    if lesson.dialect not in CODES:
        return f"没有「{lesson.dialect}」这种话。可用的有：{'、'.join(CODES)}。"
    if example.intent in ("yes", "no") and example.pending != "yes_no":
        return "“是”和“不”只在问是不是的时候才算，请加上 --pending yes_no。"
    if example.intent in ANSWERS - {"yes", "no", "all"}:
        return "数目和“第几个”是机器自己认的，不用教；请教一句完整的话。"
    if _MARKS & set(example.text):
        return "句子里还有涂掉的地方（〔〕），请换成不带人名和数目的说法再教。"
    if len(spoken(example.text)) < (1 if example.pending else 2):
        return "这句话太短，容易跟别的话混，请教长一点的说法。"
    if len(spoken(example.text)) > 30:
        return "这句话太长，别人不会一字不差地说出来，请教其中要紧的那一句。"
    return ""


def _expectation(lesson: Lesson) -> Expectation:
    return Expectation(pending=lesson.example.pending, dialect=lesson.dialect)


def _known(engine: Engine, lesson: Lesson) -> str:
    meaning = engine.understand(lesson.example.text, _expectation(lesson))
    if meaning.decision is not Decision.ACCEPT or not meaning.exact:
        return ""
    if meaning.intent == lesson.example.intent:
        return "这句话已经听得懂，不用再教。"
    return f"这句话现在听成 {meaning.intent}，而且每个词都对得上，不能再算另一件事。请教一句说得更清楚的。"


def _stolen(engine: Engine, lesson: Lesson) -> str:
    text, example = lesson.example.text, lesson.example
    for code, pack in engine.packs.items():
        for intent, where in _owners(code, pack, text, example.pending):
            if intent != example.intent:
                return f"这句话在 {where} 里已经是另一件事（{intent}），一句话不能算两件事。"
    return ""


def _owners(code: str, pack: Pack, text: str, pending: str) -> Iterator[tuple[str, str]]:
    yield from ((intent, f"{code}/grammar.yaml: sentences.{intent}") for intent, sentence in pack.sentences
                if sentence == text and (intent not in ("yes", "no") or pending == "yes_no"))
    yield from ((e.intent, f"{code}/examples.yaml: examples.{e.intent}") for e in pack.examples
                if e.text == text and e.pending == pending)


def _sounds_like(engine: Engine, lesson: Lesson) -> str:
    packs, example = engine.packs, lesson.example
    accents = {code: pack.accent for code, pack in packs.items() if pack.near or code == lesson.dialect}
    expected = [*commands(packs), *answers(packs, example.pending)]
    own = Phrase(example.text, example.intent, "")
    limit = NEAREST / max(1, len(spoken(example.text)))
    pair = min(Sounds(expected, accents).near(own, limit), key=lambda found: found.distance, default=None)
    if pair is None:
        return ""
    name = packs[pair.dialect].name
    return (f"在{name}里，它和「{pair.heard.text}」（{pair.heard.means}，{pair.heard.where}）几乎一个音"
            f"（平均每个字差 {pair.distance:.2f}），学了会听混。请教一句更长、更不一样的说法。")


def _not_learnt(after: Engine, lesson: Lesson) -> str:
    meaning = after.understand(lesson.example.text, _expectation(lesson))
    if lesson.example.intent == "none":
        return "" if meaning.decision is not Decision.ACCEPT else f"学了以后还是听成 {meaning.intent}，所以没有学。"
    if meaning.decision is Decision.ACCEPT and meaning.intent == lesson.example.intent:
        return ""
    return f"学了以后还是听成 {meaning.intent}（{meaning.decision}），所以没有学。请换一句更明白的说法。"


def _doubtful(engine: Engine, lesson: Lesson) -> str:
    if lesson.example.intent != "yes":
        return ""
    said = with_lessons(engine.packs, {"mandarin": [Example(lesson.example.text, "yes")]})
    return "它听起来像一句“不”，动钱的时候不能算数，所以没有学。" if lesson.example.text in doubtful_yes(said) else ""


def _spoils(before: Engine, after: Engine) -> str:
    """The first example of the packs that was understood before and no longer would be."""
    for code, pack in before.packs.items():
        tried = [(example, f"{code}/examples.yaml: examples.{example.intent}") for example in pack.examples]
        tried += [(Example(sentence, intent, "yes_no" if intent in ("yes", "no") else ""),
                   f"{code}/grammar.yaml: sentences.{intent}") for intent, sentence in pack.sentences]
        for example, where in tried:
            if failing(example, code, after) and not failing(example, code, before):
                return f"学了它，{where} 里的「{example.text}」就听不对了，所以没有学。"
    return ""
