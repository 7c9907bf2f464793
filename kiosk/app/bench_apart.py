"""The kiosk judged as if nobody who taught it had seen anything like the table.

Whoever writes packs has read development utterances, and writes sentences like them without meaning to. So a second
engine is made for the measurement: every sentence of the packs that resembles an utterance of the table (two thirds of
its characters, by edits) is taken out of what is known by heart and of what the witness learns from, and the witness is
trained anew. Concepts and rules stay as they are; what they owe to the table cannot be taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from kiosk.app.bench_understanding import Row
from kiosk.language.packs import Example, Pack
from kiosk.language.syllables import spoken
from kiosk.language.understand import Engine
from kiosk.language.witness import material, train

ALIKE = 0.66
_ROWS = 512


def likeness(texts: Sequence[str], rows: Sequence[Row]) -> list[float]:
    """For each text its likeness to the nearest utterance of the table, 0..1."""
    said = [spoken(row.text) for row in rows]
    best: list[float] = []
    for at in range(0, len(texts), _ROWS):
        part = [spoken(text) for text in texts[at:at + _ROWS]]
        best += np.max(cdist(part, said, scorer=Levenshtein.normalized_similarity), axis=1).tolist()
    return best


@dataclass(frozen=True)
class Apart:
    """The engine, the sentences it still knows, and how many there are with those that were taken out."""

    engine: Engine
    kept: tuple[Example, ...]
    every: int


def apart(engine: Engine, rows: Sequence[Row], assets: Path) -> Apart:
    """Half a minute or more: the witness is trained."""
    examples, dialects = material(engine.packs, assets)
    far = [like < ALIKE for like in likeness([e.text for e in examples], rows)]
    kept = [(e, d) for e, d, keep in zip(examples, dialects, far, strict=True) if keep]
    packs = {code: _without(pack, rows) for code, pack in engine.packs.items()}
    witness = train([e for e, _ in kept], [d for _, d in kept], engine.features)
    return Apart(engine.taught(packs).advised(witness), tuple(e for e, _ in kept), len(examples))


def _without(pack: Pack, rows: Sequence[Row]) -> Pack:
    sentences = likeness([text for _, text in pack.sentences], rows)
    examples = likeness([e.text for e in pack.examples], rows)
    return replace(pack, sentences=tuple(s for s, like in zip(pack.sentences, sentences, strict=True) if like < ALIKE),
                   examples=tuple(e for e, like in zip(pack.examples, examples, strict=True) if like < ALIKE))
