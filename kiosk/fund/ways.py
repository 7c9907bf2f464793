"""assets/knowledge/ways.tsv: more ways of asking, by many hands: a head line, then a question's id and a sentence, with a tab between.

They are only learnt from. Unlike `ask` in the files of answers they need not be good Mandarin, and they may be of any length in
which people ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from kiosk.fund.errors import DataError

NAME = "ways.tsv"
HEAD = "question\ttext"
#: Longest sentence, in characters; what is longer is a story, and holds more than one question.
LONGEST = 60
_MARKS = str.maketrans("", "", "，。？！、；：…—“”（）,.?! ")


def read(folder: Path, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Question id to its ways. {} where there is no file. Raises DataError for another form, or a question that is not `known`."""
    path = folder / NAME
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != HEAD:
        raise DataError(f"{NAME}: 第1行", "第一行要写 question、text 两个名字，用制表符隔开。")
    found: dict[str, list[str]] = {}
    for number, line in enumerate(lines[1:], 2):
        name, tab, text = line.partition("\t")
        if not tab or not text.strip() or "\t" in text:
            raise DataError(f"{NAME}: 第{number}行", "一行要有两格，用制表符隔开：哪一问的名字、怎么问的。不要空行。")
        if name not in known:
            raise DataError(f"{NAME}: 第{number}行", f"没有“{name}”这一问，请检查名字。")
        found.setdefault(name, []).append(text.strip())
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
