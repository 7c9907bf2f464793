"""assets/knowledge/ways.tsv: more ways of asking, by many hands. One a line under a head line, three cells with tabs between:

    question  the id of the question that is asked
    intent    what the understanding of requests learns the sentence as (policy, hall ...); empty: it does not
    text      the sentence

They are only learnt from. Unlike `ask` in the files of answers they need not be good Mandarin.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.fund.errors import DataError

NAME = "ways.tsv"
HEAD = "question\tintent\ttext"
#: Longest sentence, in characters; what is longer is a story, and holds more than one question.
LONGEST = 60
_MARKS = str.maketrans("", "", "，。？！、；：…—“”（）,.?! ")


@dataclass(frozen=True)
class Way:
    """One line; `where` names it for people."""

    question: str
    intent: str
    text: str
    where: str


def read(folder: Path) -> list[Way]:
    """All lines; none where there is no file. Raises DataError for another form."""
    path = folder / NAME
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != HEAD:
        raise DataError(f"{NAME}: 第1行", "第一行要写 question、intent、text 三个名字，用制表符隔开。")
    return [_way(line, f"{NAME}: 第{number}行") for number, line in enumerate(lines[1:], 2)]


def _way(line: str, where: str) -> Way:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != 3 or not cells[0] or not cells[2]:
        raise DataError(where, "一行要有三格，用制表符隔开：哪一问的名字、也算哪件事（可以空着）、怎么问的。不要空行。")
    return Way(cells[0], cells[1], cells[2], where)


def by_question(ways: Iterable[Way], known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Question to its ways. Raises DataError for a question that is not `known`."""
    found: dict[str, list[str]] = {}
    for way in ways:
        if way.question not in known:
            raise DataError(way.where, f"没有“{way.question}”这一问，请检查名字。")
        found.setdefault(way.question, []).append(way.text)
    return {name: tuple(texts) for name, texts in found.items()}


def bare(text: str) -> str:
    """Without punctuation, as two ways are compared."""
    return text.translate(_MARKS)


def problems(ways: Mapping[str, Sequence[str]], asked: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """`asked`: what stands in the files of answers. One sentence that leads to two answers, one written twice, too short or long."""
    own = {bare(text): name for name, texts in asked.items() for text in texts}
    seen: dict[str, str] = {}
    for name, texts in ways.items():
        for text in texts:
            key = bare(text)
            if not 2 <= len(key) <= LONGEST:
                yield f"{NAME}: {name}: “{text}”太短或者太长，请写 2 到 {LONGEST} 个字的一句问话。"
            other = own.get(key, name)
            if other != name:
                yield f"{NAME}: {name}: “{text}”是 {other} 的问法，只能留一处。"
            if key in seen:
                yield f"{NAME}: {name}: “{text}”" + (f"在 {seen[key]} 里也有，只能留一处。" if seen[key] != name else "写了两遍。")
            seen[key] = name
