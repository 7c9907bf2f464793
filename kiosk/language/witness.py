"""The second witness: a linear scorer over folded syllables and concepts, learnt from the packs' own examples.

The rules say why; this one has an ear for whole sentences and also for talk that is no request. It is trained by
`kiosk packs build` from grammar.yaml, examples.yaml, recipes.yaml and corpus.tsv of all packs and from questions of
assets/knowledge/ways.tsv (half a minute) and kept beside the models (8-bit weights); it is learnt anew when one of these has changed. Nothing in it comes from recordings or
from visitors.

The scores are logarithms of probabilities. Training is AdaGrad on the softmax loss with a fixed seed, so the same packs
give the same file.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.fund import ways
from kiosk.fund.errors import DataError
from kiosk.language.packs import INTENTS, Example, Pack, read_yaml
from kiosk.language.spotting import Token, wide
from kiosk.language.syllables import syllables

EPOCHS, RATE, DECAY, SEED = 15, 0.15, 1e-4, 7
KEEP = 0.16
"""Features whose largest weight stays below this are left out of the file."""

Features = Callable[[str, str, str], Iterable[str]]
"""(text, pending, dialect) -> names of the features that are on."""


def features(text: str, tokens: Sequence[Token], derived: Iterable[str], pending: str) -> list[str]:
    """Sounds alone, in pairs (also over one) and in threes, characters the same way, concepts alone and in pairs, the
    question asked."""
    row = ["^", *(wide(s) for s in syllables(text)), "$"]
    found = {f"u{a}" for a in row}
    found.update(f"b{a}{b}" for a, b in pairwise(row))
    found.update(f"s{a}_{b}" for a, b in zip(row, row[2:], strict=False))
    found.update(f"t{a}{b}{c}" for a, b, c in zip(row, row[1:], row[2:], strict=False))
    whole = f"^{text}$"
    found.update(f"x{whole[i:i + size]}" for size in (1, 2, 3) for i in range(len(whole) - size + 1))
    names = []
    for token in tokens:
        found.update(f"c{c}" for c in token.concepts if c != "filler")
        if "filler" not in token.concepts:
            names.append(token.concepts[0])
    found.update(f"p{a}>{b}" for a, b in pairwise(names))
    found.update(f"d{name}" for name in derived)
    found.add(f"q{pending}")
    return sorted(found)


@dataclass(frozen=True)
class Witness:
    """weights: (features + 1, intents), the last row is the bias."""

    intents: tuple[str, ...]
    index: Mapping[str, int]
    weights: NDArray[np.float32]
    digest: str = ""

    def log_chances(self, found: Iterable[str]) -> dict[str, float]:
        """Logarithm of the probability of every intent it knows."""
        rows = [self.index[name] for name in found if name in self.index]
        rows.append(len(self.index))
        scores = self.weights[rows].sum(axis=0) / math.sqrt(len(rows))
        scores = scores - scores.max()
        scores = scores - math.log(float(np.exp(scores).sum()))
        return dict(zip(self.intents, scores.tolist(), strict=True))


def recall(path: Path, digest: str) -> Witness | None:
    """The witness that was learnt from material of this digest, or None: not learnt yet, other packs, a broken file."""
    try:
        with np.load(path) as data:
            if bytes(data["digest"]).decode() != digest:
                return None
            names = bytes(data["names"]).decode().split("\n")
            intents = tuple(bytes(data["intents"]).decode().split("\n"))
            weights = data["weights"].astype(np.float32) * data["scale"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Witness(intents, {name: i for i, name in enumerate(names)}, weights, digest)


def remember(witness: Witness, path: Path) -> None:
    """Keep it with 8-bit weights, one scale per intent; beside and renamed, so that a half file is never read."""
    keep = [i for i in range(len(witness.index)) if float(np.abs(witness.weights[i]).max()) >= KEEP]
    by_row = {row: name for name, row in witness.index.items()}
    kept = witness.weights[[*keep, len(witness.index)]]
    scale = np.maximum(np.abs(kept).max(axis=0), 1e-6) / 127
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.npz")
    np.savez(
        half, names=_bytes("\n".join(by_row[i] for i in keep)), intents=_bytes("\n".join(witness.intents)),
        weights=np.round(kept / scale).astype(np.int8), scale=scale.astype(np.float32), digest=_bytes(witness.digest))
    os.replace(half, path)


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


# ------------------------------------------------------------------ learning


def train(examples: Sequence[Example], dialects: Sequence[str], see: Features, digest: str = "") -> Witness:
    """Learn from labelled sentences. About ten seconds for five thousand on one core."""
    seen = [list(see(e.text, e.pending, d)) for e, d in zip(examples, dialects, strict=True)]
    names = sorted({name for found in seen for name in found})
    index = {name: i for i, name in enumerate(names)}
    intents = tuple(sorted({e.intent for e in examples}))
    place = {intent: i for i, intent in enumerate(intents)}
    rows = [np.array([*(index[name] for name in found), len(index)]) for found in seen]
    weights = np.zeros((len(index) + 1, len(intents)), np.float32)
    squares = np.full_like(weights, 1e-6)
    order = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        for i in order.permutation(len(rows)):
            _learn(weights, squares, rows[i], place[examples[i].intent])
    return Witness(intents, index, weights, digest)


def _learn(weights: NDArray[np.float32], squares: NDArray[np.float32], row: NDArray[np.int64], target: int) -> None:
    share = 1 / math.sqrt(len(row))
    scores = weights[row].sum(axis=0) * share
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    chances[target] -= 1
    gradient = chances * share + DECAY * weights[row]
    squares[row] += gradient * gradient
    weights[row] -= RATE * gradient / np.sqrt(squares[row])


def material(packs: Mapping[str, Pack], assets: Path) -> tuple[list[Example], list[str]]:
    """All sentences to learn from, with the dialect each is spoken in."""
    examples: list[Example] = []
    dialects: list[str] = []
    for code, pack in packs.items():
        own = [Example(text, intent, "yes_no" if intent in ("yes", "no") else "") for intent, text in pack.sentences]
        own += pack.examples
        own += cook(assets / "dialects" / code / "recipes.yaml")
        own += read_corpus(assets / "dialects" / code / "corpus.tsv")
        examples += own
        dialects += [code] * len(own)
    asked = read_questions(assets)
    return [*examples, *asked], [*dialects, *["mandarin"] * len(asked)]


_LEARNT_FROM = frozenset(("pack.toml", "words.tsv", "readings.tsv", "grammar.yaml", "concepts.yaml", "rules.yaml",
                          "examples.yaml", "recipes.yaml", "corpus.tsv"))


def digest_of(assets: Path) -> str:
    """Changes whenever a file changes from which the witness learns."""
    total = hashlib.sha256()
    for path in sorted((assets / "dialects").rglob("*")):
        if path.name in _LEARNT_FROM:
            total.update(path.relative_to(assets).as_posix().encode())
            total.update(path.read_bytes())
    for example in read_questions(assets):
        total.update(f"{example.intent}\t{example.text}\n".encode())
    return total.hexdigest()[:16]


def read_corpus(path: Path) -> list[Example]:
    """Sentences as people may say them, one a line under a head line: intent, pending, text, alt, separated by tabs.
    Only learnt from; unlike examples.yaml they need not all be understood."""
    if not path.exists():
        return []
    made = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        cells = line.split("\t")
        if len(cells) != 4 or not cells[0] or not cells[2]:
            raise DataError(f"{path}: 第{number}行", "一行要有四格，用制表符隔开：意思、正在问什么、句子、也算对的意思。")
        made.append(Example(cells[2], cells[0], cells[1], where=f"{path}: 第{number}行"))
    return made


def read_questions(assets: Path) -> list[Example]:
    """What visitors ask about rules and the hall: the lines of assets/knowledge/ways.tsv that have an intent."""
    made = []
    for way in ways.read(assets / "knowledge"):
        if way.intent and way.intent not in INTENTS:
            raise DataError(way.where, f"没有“{way.intent}”这件事。可以写：{'、'.join(sorted(INTENTS))}，或者空着。")
        if way.intent:
            made.append(Example(way.text, way.intent, where=way.where))
    return made


_BLANK = re.compile(r"<(\w+)>")


def cook(path: Path) -> list[Example]:
    """Sentences made from the lists and patterns of recipes.yaml; always the same ones."""
    data = read_yaml(path)
    lists, recipes = data.get("lists", {}), data.get("recipes", [])
    if not isinstance(lists, dict) or not isinstance(recipes, list):
        raise DataError(str(path), "应当有 lists 表和 recipes 列表。")
    made: list[Example] = []
    for number, recipe in enumerate(recipes):
        chance = random.Random(f"{SEED} {number}")
        where = f"{path}: recipes[{number}]"
        sentences = _cook_one(recipe, lists, chance, where)
        made += [Example(s, recipe["intent"], recipe.get("pending", ""), where=where) for s in sentences]
    return made


def _cook_one(recipe: Mapping[str, object], lists: Mapping[str, list[str]], chance: random.Random, where: str) -> list[str]:
    patterns, count = recipe.get("patterns"), recipe.get("count", 1)
    if not isinstance(patterns, list) or not isinstance(count, int):
        raise DataError(where, "要有 patterns（一串句子）和 count（一个数）。")

    def fill(pattern: str) -> str:
        return _BLANK.sub(lambda hit: fill(chance.choice(_list(hit[1], lists, where))), pattern)

    made: dict[str, None] = {}
    for attempt in range(count * 4):
        made.setdefault(fill(patterns[attempt % len(patterns)]))
        if len(made) >= count:
            break
    return list(made)


def _list(name: str, lists: Mapping[str, list[str]], where: str) -> list[str]:
    if name not in lists:
        raise DataError(where, f"lists 里没有「{name}」。")
    return lists[name]
