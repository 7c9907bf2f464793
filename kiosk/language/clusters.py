"""Utterances that sound alike, put together: one thing that people say, heard in several spellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.language.syllables import Accent, Syllable, distance, syllables
from kiosk.ports.unheard_store import Unheard

ALIKE = 0.3
"""Mean distance of a syllable up to which two utterances count as the same saying."""


@dataclass
class Cluster:
    """`texts` with how often each was heard, `offered` what the kiosk offered and was told that it was wrong."""

    texts: Counter[str] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    pending: Counter[str] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        """The spelling heard most often."""
        return min(self.texts, key=lambda text: (-self.texts[text], text))

    @property
    def count(self) -> int:
        return self.texts.total()


def clustered(unheard: Iterable[Unheard], accents: Mapping[str, Accent], near: Sequence[Accent]) -> list[Cluster]:
    """The most frequent first. `accents` by dialect; `near` are tried where the dialect is open."""
    by_text: dict[tuple[str, str], list[Unheard]] = {}
    for one in unheard:
        by_text.setdefault((one.text, one.pending), []).append(one)
    clusters: list[tuple[str, tuple[Syllable, ...], Cluster]] = []
    for (text, pending), same in sorted(by_text.items(), key=lambda item: (-len(item[1]), item[0])):
        row = syllables(text)
        dialect = same[0].dialect
        tried = (accents["mandarin"], accents[dialect]) if dialect in accents else near
        home = next((c for asked, other, c in clusters if asked == pending and _alike(row, other, tried)), None)
        if home is None:
            home = Cluster()
            clusters.append((pending, row, home))
        for one in same:
            home.texts[one.text] += 1
            home.offered.update(one.offered)
            home.pending[one.pending] += 1
            home.dialects[one.dialect] += 1
    return sorted((c for _, _, c in clusters), key=lambda c: (-c.count, c.text))


def _alike(one: Sequence[Syllable], other: Sequence[Syllable], accents: Sequence[Accent]) -> bool:
    longest = max(len(one), len(other))
    if not longest or abs(len(one) - len(other)) > ALIKE * longest:
        return not longest
    limit = ALIKE * longest
    return any(distance(one, other, accent, limit=limit) <= limit for accent in accents)

