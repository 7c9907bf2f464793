"""The second witness: a linear scorer over folded syllables and concepts, learnt from the packs' own examples.

The rules say why; this one has an ear for whole sentences and also for talk that is no request. It is trained by
`build` (`kiosk packs build`) from grammar.yaml, examples.yaml and recipes.yaml of all packs and kept in
assets/dialects/witness.npz (8-bit weights). Nothing in it comes from recordings or from visitors.

The scores are logarithms of probabilities. Training is AdaGrad on the softmax loss with a fixed seed, so the same packs
give the same file.
"""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.fund.errors import DataError
from kiosk.language.packs import Example, Pack, read_yaml
from kiosk.language.spotting import Token, wide
from kiosk.language.syllables import syllables

FILE = "witness.npz"
EPOCHS, RATE, DECAY, SEED = 30, 0.15, 1e-4, 7
KEEP = 0.16
"""Features whose largest weight stays below this are left out of the file."""

Features = Callable[[str, str, str], Iterable[str]]
"""(text, pending, dialect) -> names of the features that are on."""


def features(text: str, tokens: Sequence[Token], derived: Iterable[str], pending: str) -> list[str]:
    """Sounds alone and in pairs (also over one), concepts alone and in pairs, the question asked."""
    row = ["^", *(wide(s) for s in syllables(text)), "$"]
    found = {f"u{a}" for a in row}
    found.update(f"b{a}{b}" for a, b in pairwise(row))
    found.update(f"s{a}_{b}" for a, b in zip(row, row[2:], strict=False))
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


def load_witness(assets: Path) -> Witness | None:
    """The trained file, or None when it has not been built (the rules then stand alone)."""
    path = assets / "dialects" / FILE
    if not path.exists():
        return None
    try:
        with np.load(path) as data:
            names = bytes(data["names"]).decode().split("\n")
            intents = tuple(bytes(data["intents"]).decode().split("\n"))
            weights = data["weights"].astype(np.float32) * data["scale"].astype(np.float32)
            digest = bytes(data["digest"]).decode()
    except (OSError, ValueError, KeyError):
        raise DataError(str(path), "这个文件坏了，请用 kiosk packs build 重新做。") from None
    return Witness(intents, {name: i for i, name in enumerate(names)}, weights, digest)


def save_witness(witness: Witness, assets: Path) -> Path:
    """Write the file with 8-bit weights, one scale per intent."""
    keep = [i for i in range(len(witness.index)) if float(np.abs(witness.weights[i]).max()) >= KEEP]
    by_row = {row: name for name, row in witness.index.items()}
    kept = witness.weights[[*keep, len(witness.index)]]
    scale = np.maximum(np.abs(kept).max(axis=0), 1e-6) / 127
    path = assets / "dialects" / FILE
    np.savez_compressed(
        path, names=_bytes("\n".join(by_row[i] for i in keep)), intents=_bytes("\n".join(witness.intents)),
        weights=np.round(kept / scale).astype(np.int8), scale=scale.astype(np.float32), digest=_bytes(witness.digest))
    return path


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
        examples += own
        dialects += [code] * len(own)
    return examples, dialects


_LEARNT_FROM = frozenset(("pack.toml", "words.tsv", "readings.tsv", "grammar.yaml", "concepts.yaml", "rules.yaml",
                          "examples.yaml", "recipes.yaml"))


def digest_of(assets: Path) -> str:
    """Changes whenever a file changes from which the witness learns."""
    total = hashlib.sha256()
    for path in sorted((assets / "dialects").rglob("*")):
        if path.name in _LEARNT_FROM:
            total.update(path.relative_to(assets).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:16]


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
