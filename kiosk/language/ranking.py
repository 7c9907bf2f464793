"""What tells one question from all others, learnt from the ways of asking: how rare each feature is, and a weight of each feature for
each question.

It is learnt by `kiosk packs build`, or on a thread of its own when the kiosk first listens (some ten seconds for five thousand ways), and kept
beside the models; loading takes a tenth of a second. Weights are kept in eight bits with one scale for a question. The same ways give
the same file. Nothing in it comes from visitors.
"""

from __future__ import annotations

import contextlib
import math
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: Weight of a feature by its first letter: group of synonyms, concept of a pack, pairs of those, one, two, three syllables, two over
#: one, two characters.
WEIGHTS: Mapping[str, float] = {"g": 1.0, "c": 0.95, "p": 0.5, "u": 0.14, "b": 0.22, "t": 0.1, "s": 0.75, "x": 0.67}
SEED, EPOCHS, RATE, SHARPNESS = 1, 6, 0.03, 8.0
#: Changed whenever the same ways would be learnt or kept otherwise.
FORM = f"1 {sorted(WEIGHTS.items())} {SEED} {EPOCHS} {RATE} {SHARPNESS}"
Matrix = NDArray[np.float32]
Vector = Mapping[str, float]


@dataclass(frozen=True)
class Ranking:
    """`names`: the features; `rarity` (features,): what each weighs in a sentence; `matrix` (features, questions) times `scale`
    (questions,): how much it speaks for a question."""

    names: tuple[str, ...]
    rarity: NDArray[np.float32]
    matrix: NDArray[np.int8]
    scale: NDArray[np.float32]
    digest: str = ""

    @cached_property
    def rows(self) -> Mapping[str, int]:
        return {name: row for row, name in enumerate(self.names)}

    @property
    def size(self) -> int:
        """Bytes of the weights in memory."""
        return self.matrix.nbytes + self.rarity.nbytes + self.scale.nbytes

    def vector(self, found: Iterable[str], unknown: float) -> tuple[list[int], Matrix]:
        """(rows, values) of a sentence's features, of length 1 together with what no question has: that takes part with the share
        `unknown` of its weight."""
        rare = math.log(1 + len(self.scale))
        rows, strange = [], 0.0
        for name in dict.fromkeys(found):
            row = self.rows.get(name)
            if row is None:
                strange += (WEIGHTS[name[0]] * rare * unknown) ** 2
            else:
                rows.append(row)
        values = self.rarity[rows]
        length = math.sqrt(float(values @ values) + strange) or 1.0
        return rows, values / np.float32(length)

    def scores(self, rows: Sequence[int], values: Matrix) -> Matrix:
        """Of each question: about 1 for a way of asking that was learnt, 0 for nothing in common."""
        found: Matrix = (values @ self.matrix[rows].astype(np.float32)) * self.scale
        return found


def kept(path: Path | None, digest: str, make: Callable[[], Ranking]) -> Ranking:
    """What was learnt from data of this digest, from the file `path`, or made now and kept there."""
    found = recall(path, digest) if path else None
    if found is None:
        found = make()
        if path:
            with contextlib.suppress(OSError):  # a folder that cannot be written costs time, nothing else
                remember(found, path)
    return found


def recall(path: Path, digest: str) -> Ranking | None:
    """None: not learnt yet, from other data, a broken file."""
    try:
        with np.load(path) as data:
            if bytes(data["digest"]).decode() != digest:
                return None
            names = tuple(bytes(data["names"]).decode().split("\n"))
            return Ranking(names, data["rarity"], data["matrix"], data["scale"], digest)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def remember(ranking: Ranking, path: Path) -> None:
    """Beside and renamed, so that a half file is never read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.npz")
    np.savez(half, names=_bytes("\n".join(ranking.names)), rarity=ranking.rarity, matrix=ranking.matrix, scale=ranking.scale,
             digest=_bytes(ranking.digest))
    os.replace(half, path)


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


# ------------------------------------------------------------------ learning


def learn(seen: Sequence[Sequence[str]], places: Sequence[int], count: int, digest: str = "") -> Ranking:
    """`seen`: the features of each way of asking; `places`: the question that each belongs to, of `count`."""
    weights = _weights(seen, places, count)
    names = tuple(weights)
    first = Ranking(names, np.fromiter(weights.values(), np.float32, len(weights)), np.zeros((0, 0), np.int8), np.ones(count, np.float32))
    matrix = _told_apart([first.vector(found, 0.0) for found in seen], places, len(names), count)
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-6).astype(np.float32) / 127
    return Ranking(names, first.rarity, np.round(matrix / scale).astype(np.int8), scale, digest)


def _weights(seen: Sequence[Iterable[str]], places: Sequence[int], count: int) -> dict[str, float]:
    """A feature that few questions have tells more."""
    holders: dict[str, set[int]] = {}
    for place, found in zip(places, seen, strict=True):
        for name in found:
            holders.setdefault(name, set()).add(place)
    return {name: WEIGHTS[name[0]] * math.log(1 + count / len(held)) for name, held in holders.items()}


def _told_apart(vectors: Sequence[tuple[Sequence[int], Matrix]], places: Sequence[int], features: int, count: int) -> Matrix:
    """(features, questions): the mean of each question's ways of asking, then what tells it from the others (AdaGrad on the
    softmax loss, fixed seed)."""
    rows = [np.array(here) for here, _ in vectors]
    values = [value for _, value in vectors]
    matrix: Matrix = np.zeros((features, count), np.float32)
    for here, value, place in zip(rows, values, places, strict=True):
        matrix[here, place] += value
    matrix /= np.maximum(np.linalg.norm(matrix, axis=0), 1e-6)
    squares = np.full_like(matrix, 1e-2)
    order = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        for one in order.permutation(len(rows)):
            here, value = rows[one], values[one]
            scores = SHARPNESS * (value @ matrix[here])
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            chances[places[one]] -= 1
            gradient = np.outer(value, chances) * SHARPNESS
            squares[here] += gradient * gradient
            matrix[here] -= RATE * gradient / np.sqrt(squares[here])
    return matrix
