"""What others do with the same sentences, measured in the same run: exact templates, and the nearest example.

Each is an Understander, so that bench_understanding judges it like the kiosk. The nearest example is taken among the
other sentences of the table (cross-validated: sentences of one cluster of phrases stay on one side), or among the very
sentences that the packs hold. It always answers; that is what makes it wrong so often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from kiosk.app.bench_understanding import Report, Row, clusters, run
from kiosk.language.normalise import strip_particles
from kiosk.language.packs import Pack
from kiosk.language.spotting import wide
from kiosk.language.syllables import spoken, syllables
from kiosk.language.understand import Engine
from kiosk.language.witness import material
from kiosk.ports.ears import Expectation, Transcript
from kiosk.ports.understanding import Decision, Understanding

FOLDS = 5
Write = Callable[[str], str]


def by_characters(text: str) -> str:
    return spoken(text)


def by_syllables(text: str) -> str:
    """Each sound that the near dialects tell apart as one letter of a private alphabet."""
    return "".join(_LETTERS.setdefault(wide(s), chr(0xE000 + len(_LETTERS))) for s in syllables(text))


_LETTERS: dict[str, str] = {}


@dataclass(frozen=True)
class Said:
    """A sentence whose meaning is known."""

    text: str
    intent: str
    pending: str = ""


class Nearest:
    """The meaning of the example that differs least (edits by length), among those for the same question."""

    def __init__(self, examples: Sequence[Said], write: Write) -> None:
        self._write = write
        self._by_pending: dict[str, tuple[list[str], list[str]]] = {}
        for example in examples:
            texts, intents = self._by_pending.setdefault(example.pending, ([], []))
            texts.append(write(example.text))
            intents.append(example.intent)

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        best = ("none", 0.0)
        for pending in dict.fromkeys((expectation.pending, "")):
            texts, intents = self._by_pending.get(pending, ([], []))
            found = extractOne(self._write(text), texts, scorer=Levenshtein.normalized_similarity)
            if found and found[1] > best[1]:
                best = intents[found[2]], found[1]
        if best[0] == "none":
            return Understanding("none", text=text)
        return Understanding(best[0], {}, Decision.ACCEPT, (best[0],), best[1], text)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return self.understand(heard.text, expectation)


class Templates:
    """Whole sentences of the packs, nothing else."""

    def __init__(self, examples: Sequence[Said]) -> None:
        self._known = {(strip_particles(spoken(e.text)), e.pending): e.intent for e in examples}

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        key = strip_particles(spoken(text))
        intent = self._known.get((key, expectation.pending)) or self._known.get((key, "")) or "none"
        decision = Decision.REJECT if intent == "none" else Decision.ACCEPT
        return Understanding(intent, {}, decision, (intent,), 1.0, text)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return self.understand(heard.text, expectation)


def pack_sentences(packs: Mapping[str, Pack], assets: Path) -> list[Said]:
    """Everything that the packs hold and the witness has learnt from."""
    examples, _ = material(packs, assets)
    return [Said(e.text, e.intent, e.pending) for e in examples]


def cross_validated(rows: Sequence[Row], write: Write) -> Report:
    """Nearest among the other folds of the table."""
    leaders = clusters(rows)
    fold = [sum(rows[leader].text.encode()) % FOLDS for leader in leaders]
    report = Report()
    for held in range(FOLDS):
        known = [Said(r.text, r.intent, r.pending) for r, f in zip(rows, fold, strict=True) if f != held]
        report.merge(run([r for r, f in zip(rows, fold, strict=True) if f == held], Nearest(known, write)))
    return report


def baselines(rows: Sequence[Row], engine: Engine, assets: Path) -> dict[str, Report]:
    """By name, in the order of telling."""
    held = pack_sentences(engine.packs, assets)
    return {
        "exact templates": run(rows, Templates(held)),
        "nearest by characters": cross_validated(rows, by_characters),
        "nearest by syllables": cross_validated(rows, by_syllables),
        "nearest, packs, by characters": run(rows, Nearest(held, by_characters)),
        "nearest, packs, by syllables": run(rows, Nearest(held, by_syllables)),
    }


def overlaps(rows: Sequence[Row], packs: Mapping[str, Pack], assets: Path) -> tuple[list[Row], list[Row]]:
    """(sentences, short answers) of the table that stand in the packs in the same words. Short: up to four syllables,
    words such as 对 and 大声点 that everybody says alike."""
    held = {strip_particles(spoken(said.text)) for said in pack_sentences(packs, assets)}
    same = [row for row in rows if strip_particles(spoken(row.text)) in held]
    return [r for r in same if len(spoken(r.text)) > 4], [r for r in same if len(spoken(r.text)) <= 4]
