"""The pack validator: what is wrong in assets/dialects, said so that a technician who does not program can mend it.

    packs that cannot be read (unknown keys, missing quotes, brackets that do not close)
    stolen sentences (the same words given to two intents)
    examples that are not understood as they say
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.fund.errors import DataError
from kiosk.language.normalise import strip_particles
from kiosk.language.packs import Example, Pack, load_decision, load_pack, load_packs
from kiosk.language.syllables import CODES
from kiosk.language.understand import Engine, load
from kiosk.language.witness import cook, read_corpus
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


def check(assets: Path) -> list[Problem]:
    """Everything that is wrong with the packs; an empty list when all is well. Takes a second or two."""
    broken = list(_unreadable(assets))
    if broken:
        return broken
    packs = load_packs(assets)
    engine = load(assets, examples=False)
    return [*_stolen(packs, engine), *_failing(packs, engine)]


def _unreadable(assets: Path) -> Iterator[Problem]:
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
    try:
        load_decision(assets)
    except DataError as error:
        yield Problem(error.where, error.sentence.removeprefix(f"{error.where}: "))


def _strange_sharers(pack: Pack, folder: Path) -> Iterator[Problem]:
    for other in pack.shares:
        if other not in CODES:
            yield Problem(f"{folder / 'pack.toml'}: pack.shares", f"没有「{other}」这个方言包。")


def _stolen(packs: Mapping[str, Pack], engine: Engine) -> Iterator[Problem]:
    """A sentence belongs to one intent; yes/no sentences may also be others' (they count only when they are asked for)."""
    owner: dict[str, tuple[str, str]] = {}
    for code, pack in packs.items():
        for intent, sentence in pack.sentences:
            if intent in ("yes", "no"):
                continue
            key = strip_particles(engine.plain(sentence, code).text)
            where = f"{code}/grammar.yaml: sentences.{intent}"
            first = owner.setdefault(key, (intent, where))
            if first[0] != intent:
                yield Problem(where, f"「{sentence}」在 {first[1]} 里已经是另一件事（{first[0]}），请去掉一处。")


def _failing(packs: Mapping[str, Pack], engine: Engine) -> Iterator[Problem]:
    for code, pack in packs.items():
        for example in pack.examples:
            problem = failing(example, code, engine)
            if problem:
                yield Problem(f"{code}/examples.yaml: examples.{example.intent}", problem, grave=False)
        for intent, sentence in pack.sentences:
            pending = {"yes": "yes_no", "no": "yes_no"}.get(intent, "")
            problem = failing(Example(sentence, intent, pending), code, engine)
            if problem:
                yield Problem(f"{code}/grammar.yaml: sentences.{intent}", problem, grave=False)


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


def report(problems: Iterable[Problem]) -> str:
    return "\n".join(("✗ " if p.grave else "! ") + str(p) for p in problems)


def main() -> int:
    from kiosk.places import ASSETS
    problems = check(ASSETS)
    print(report(problems) or "方言包都好。")
    return 1 if any(p.grave for p in problems) else 0


if __name__ == "__main__":
    sys.exit(main())
