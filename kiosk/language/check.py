"""The pack validator: what is wrong in assets/dialects, said so that a technician who does not program can mend it.

    packs that cannot be read (unknown keys, missing quotes, brackets that do not close)
    stolen sentences (the same words given to two intents), the same word for yes and no
    examples that are not understood as they say
What sounds alike is looked at in kiosk.app.packs_check, which also knows the flows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.fund.errors import DataError
from kiosk.language.confusion import answers
from kiosk.language.normalise import strip_particles
from kiosk.language.packs import Example, Pack, load_decision, load_pack, load_packs
from kiosk.language.site_pack import read_site, with_lessons
from kiosk.language.syllables import CODES
from kiosk.language.understand import LEARNT, Engine, load
from kiosk.language.witness import Witness, cook, read_corpus
from kiosk.places import ASSETS
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision


@dataclass(frozen=True)
class Problem:
    """where: file and path inside it. sentence: what to change. grave: the kiosk must not start with it."""

    where: str
    sentence: str
    grave: bool = True

    def __str__(self) -> str:
        return f"{self.where}：{self.sentence}"


def check(assets: Path, witness: Witness | None = None, site: Path | None = None) -> list[Problem]:
    """Everything that is wrong with the packs and with what the hall (`site`) has learnt; an empty list when all is
    well. Takes a few seconds, and half a minute more when a pack has changed and must be learnt first; `witness`, one
    that was learnt before, stands in for that."""
    broken = list(_unreadable(assets, site))
    if broken:
        return broken
    lessons = read_site(site) if site else {}
    engine = _engine(assets, witness)
    packs = with_lessons(engine.packs, lessons)
    if lessons:
        engine = engine.taught(packs)
    wheres = {(code, lesson.intent, lesson.text): lesson.where for code, own in lessons.items() for lesson in own}
    return [*_answers_twice(packs), *_stolen(packs, engine, wheres), *_failing(packs, engine, wheres)]


def _engine(assets: Path, witness: Witness | None) -> Engine:
    """Without the examples by heart: they are the test."""
    if witness is not None:
        return Engine(load_packs(assets), load_decision(assets), witness, examples=False)
    return load(assets, examples=False, learnt=LEARNT if assets == ASSETS else assets / LEARNT.name)


def _unreadable(assets: Path, site: Path | None) -> Iterator[Problem]:
    known: set[str] | None = None
    for code in CODES:
        folder = assets / "dialects" / code
        if not (folder / "pack.toml").exists():
            yield Problem(str(folder / "pack.toml"), "缺少这个方言包。", grave=code == "mandarin")
            continue
        try:
            pack = load_pack(folder, known)
            cook(folder / "recipes.yaml")
            read_corpus(folder / "corpus.tsv")
        except DataError as error:
            yield Problem(error.where, error.sentence.removeprefix(f"{error.where}: "))
            continue
        if code == "mandarin":
            known = {c.name for c in pack.concepts}
        yield from _strange_sharers(pack, folder)
    for read in (lambda: load_decision(assets), lambda: read_site(site) if site else None):
        try:
            read()
        except DataError as error:
            yield Problem(error.where, error.sentence.removeprefix(f"{error.where}: "))


def _strange_sharers(pack: Pack, folder: Path) -> Iterator[Problem]:
    for other in pack.shares:
        if other not in CODES:
            yield Problem(f"{folder / 'pack.toml'}: pack.shares", f"没有「{other}」这个方言包。")


def _answers_twice(packs: Mapping[str, Pack]) -> Iterator[Problem]:
    """The same word for yes and for no, in whichever packs."""
    spoken_answers = answers(packs, "yes_no")
    refusals = {phrase.text: phrase for phrase in spoken_answers if phrase.means == "no"}
    for phrase in spoken_answers:
        other = refusals.get(phrase.text)
        if phrase.means == "yes" and other:
            yield Problem(phrase.where, f"「{phrase.text}」在这里是“是”，在 {other.where} 里又是“不”，请去掉一处。")


Wheres = Mapping[tuple[str, str, str], str]
"""(dialect, intent, sentence) of what the hall has learnt, to its file and line."""


def _stolen(packs: Mapping[str, Pack], engine: Engine, wheres: Wheres) -> Iterator[Problem]:
    """A sentence belongs to one intent; yes/no sentences may also be others' (they count only when they are asked for)."""
    owner: dict[str, tuple[str, str]] = {}
    for code, pack in packs.items():
        for intent, sentence in pack.sentences:
            if intent in ("yes", "no"):
                continue
            key = strip_particles(engine.plain(sentence, code).text)
            where = wheres.get((code, intent, sentence), f"{code}/grammar.yaml: sentences.{intent}")
            first = owner.setdefault(key, (intent, where))
            if first[0] != intent:
                yield Problem(where, f"「{sentence}」在 {first[1]} 里已经是另一件事（{first[0]}），请去掉一处。")


def _failing(packs: Mapping[str, Pack], engine: Engine, wheres: Wheres) -> Iterator[Problem]:
    for code, pack in packs.items():
        for example in pack.examples:
            problem = failing(example, code, engine)
            if problem and (code, example.intent, example.text) not in wheres:  # the hall's are known by heart
                yield Problem(f"{code}/examples.yaml: examples.{example.intent}", problem, grave=False)
        for intent, sentence in pack.sentences:
            pending = {"yes": "yes_no", "no": "yes_no"}.get(intent, "")
            problem = failing(Example(sentence, intent, pending), code, engine)
            if problem:
                where = wheres.get((code, intent, sentence), f"{code}/grammar.yaml: sentences.{intent}")
                yield Problem(where, problem, grave=False)


def failing(example: Example, code: str, engine: Engine) -> str:
    """What is wrong with how an example is understood, '' when it is right."""
    meaning = engine.understand(example.text, Expectation(pending=example.pending, dialect=code))
    if example.intent == "none":
        return "" if meaning.decision is not Decision.ACCEPT else f"「{example.text}」不是请求，却被当成 {meaning.intent}。"
    heard = meaning.intent if meaning.decision is Decision.ACCEPT else (*meaning.candidates, "none")[0]
    if heard not in (example.intent, *example.also):
        return f"「{example.text}」应当是 {example.intent}，却听成 {heard}。"
    wrong = {k: v for k, v in example.slots.items() if heard == example.intent and meaning.slots.get(k) != v}
    return f"「{example.text}」里的 {'、'.join(wrong)} 没有听对。" if wrong else ""
