"""How well text is understood: a table of utterances (id, intent, slots, pending, dialect, text, alt) against the engine.

    right     accepted with the right intent (or one of `alt`), or asked with it first
    offered   right, or among the candidates that would be offered
    wrong     accepted with another intent, or accepted when it was no request
    slots     among right answers with slots that count (amount, value, index, copies, months, years): all of them equal
Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import csv
import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.fund.errors import DataError
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Understander, Understanding

#: What every table needs.
NEEDED = ("intent", "dialect", "text")
COUNTED_SLOTS = ("amount", "value", "index", "copies", "months", "years")
NEAR = ("xinan_guizhou", "xinan_chuanyu", "zhongyuan_henan", "jianghuai", "dongbei", "jin_hanxin")
FAR = ("yue", "wu", "kejia", "min")


@dataclass(frozen=True)
class Row:
    id: str
    intent: str
    slots: Mapping[str, object]
    pending: str
    dialect: str
    text: str
    alt: tuple[str, ...] = ()

    @property
    def set(self) -> str:
        if self.intent == "none":
            return "none"
        return self.dialect if self.dialect == "mandarin" else ("near" if self.dialect in NEAR else "far")


@dataclass(frozen=True)
class Judged:
    row: Row
    meaning: Understanding
    right: bool
    offered: bool
    wrong: bool
    slots_asked: bool
    slots_right: bool
    ms: float


@dataclass
class Figures:
    """Counts of one set of rows."""

    rows: int = 0
    right: int = 0
    offered: int = 0
    wrong: int = 0
    asked: int = 0
    with_slots: int = 0
    slots_right: int = 0

    def add(self, judged: Judged) -> None:
        self.rows += 1
        self.right += judged.right
        self.offered += judged.offered
        self.wrong += judged.wrong
        self.asked += judged.meaning.decision is Decision.ASK
        self.with_slots += judged.slots_asked
        self.slots_right += judged.slots_right


@dataclass
class Report:
    sets: dict[str, Figures] = field(default_factory=dict)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: list[Judged] = field(default_factory=list)

    @property
    def times(self) -> list[float]:
        return sorted(j.ms for j in self.judged)

    def add(self, judged: Judged) -> None:
        row, meaning = judged.row, judged.meaning
        self.judged.append(judged)
        for name in {row.set, row.dialect if row.intent != "none" else "none", "all"}:
            self.sets.setdefault(name, Figures()).add(judged)
        if not judged.right:
            given = meaning.intent if meaning.decision is Decision.ACCEPT else f"{meaning.decision}:{meaning.intent}"
            self.confusions[row.intent, given] += 1

    def merge(self, other: Report) -> None:
        for judged in other.judged:
            self.add(judged)


def read_table(path: Path) -> list[Row]:
    """A TSV with the columns above; the quotes in slots are plain characters. Raises DataError for a table without intent, dialect and
    text, and for slots that are no JSON. The others may be missing: without an id the line's number stands for it."""
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [name for name in NEEDED if name not in (table.fieldnames or ())]
        if missing:
            raise DataError(path.name, f"这张表的第一行没有 {'、'.join(missing)}。要有 {'、'.join(NEEDED)} 这几格，用制表符隔开；"
                                       "id、slots、pending、alt 可以没有。")
        return [_row(line, f"{path.name}: 第{number}行", number) for number, line in enumerate(table, 2)]


def _row(line: Mapping[str, str | None], where: str, number: int) -> Row:
    if not all(line[name] for name in NEEDED):
        raise DataError(where, f"这一行缺东西：{'、'.join(NEEDED)} 都要写，用制表符隔开。")
    try:
        slots = json.loads(line.get("slots") or "{}")
    except json.JSONDecodeError:
        slots = None
    if not isinstance(slots, dict):
        raise DataError(where, "slots 这一格要么空着，要么写成 {\"amount\": 10000} 这样。")
    return Row(line.get("id") or str(number), str(line["intent"]), slots, line.get("pending") or "", str(line["dialect"]), str(line["text"]),
               tuple(a.strip() for a in (line.get("alt") or "").split(",") if a.strip()))

def judge(row: Row, meaning: Understanding, ms: float = 0.0) -> Judged:
    accepted = meaning.decision is Decision.ACCEPT
    wanted = {row.intent, *row.alt}
    if row.intent == "none":
        return Judged(row, meaning, not accepted, not accepted, accepted, False, False, ms)
    asked = meaning.decision is Decision.ASK
    first = meaning.intent if accepted else (meaning.candidates[0] if asked and meaning.candidates else "")
    right = first in wanted
    offered = right or (asked and any(c in wanted for c in meaning.candidates)) or \
        (accepted and any(c in wanted for c in meaning.candidates))
    wrong = accepted and not right
    counted = {k: v for k, v in row.slots.items() if k in COUNTED_SLOTS}
    slots_asked = right and first == row.intent and bool(counted)
    return Judged(row, meaning, right, offered, wrong, slots_asked,
                  slots_asked and all(meaning.slots.get(k) == v for k, v in counted.items()), ms)


def run(rows: Iterable[Row], engine: Understander, dialect: str | None = None) -> Report:
    """Judge all rows; `dialect` replaces the rows' own (e.g. "auto")."""
    report = Report()
    for row in rows:
        expectation = Expectation(pending=row.pending, dialect=dialect or row.dialect)
        start = time.perf_counter()
        meaning = engine.understand(row.text, expectation)
        report.add(judge(row, meaning, (time.perf_counter() - start) * 1000))
    return report


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share, in per cent."""
    if not of:
        return 0.0, 100.0
    z, p = 1.96, hits / of
    middle = p + z * z / (2 * of)
    spread = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, 100 * (middle - spread) / scale), min(100.0, 100 * (middle + spread) / scale)


def table(report: Report) -> str:
    """The figures as text, one line per set."""
    order = ["mandarin", "near", "far", "none", *NEAR, *FAR, "all"]
    lines = [f"{'set':18}{'rows':>6}  {'right %':>20}  {'offered %':>20}  {'wrong %':>18} {'asked %':>8} {'slots %':>13}"]
    for name in order:
        figures = report.sets.get(name)
        if figures is None or (name == "far" and figures.rows == 0):
            continue
        slots = f"{figures.slots_right}/{figures.with_slots}" if figures.with_slots else "-"
        lines.append(f"{name:18}{figures.rows:6}  {_share(figures.right, figures.rows):>20}  "
                     f"{_share(figures.offered, figures.rows):>20}  {_share(figures.wrong, figures.rows):>18} "
                     f"{100 * figures.asked / figures.rows:8.1f} {slots:>13}")
    times = report.times
    if times:
        lines.append(f"ms per utterance: median {times[len(times) // 2]:.2f}, 99th percentile "
                     f"{times[min(len(times) - 1, int(len(times) * 0.99))]:.2f}")
    return "\n".join(lines)


def confusions(report: Report, most: int = 30) -> str:
    return "\n".join(f"{count:4}  {meant} -> {given}" for (meant, given), count in report.confusions.most_common(most))


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:.1f} [{low:.1f}, {high:.1f}]"


def set_aside(rows: Sequence[Row], parts: int = 3, keep: int = 0) -> tuple[list[Row], list[Row]]:
    """(others, part `keep`): the rows cut in `parts` so that near-identical phrases stay on one side.

    The first text of a cluster decides the side, so the cut is the same on every machine.
    """
    sides = [sum(rows[leader].text.encode()) % parts == keep for leader in clusters(rows)]
    return [r for r, s in zip(rows, sides, strict=True) if not s], [r for r, s in zip(rows, sides, strict=True) if s]


def clusters(rows: Sequence[Row]) -> list[int]:
    """For each row the index of its cluster's leader. Rows of one intent whose character pairs overlap by 40 % or more
    belong to one cluster."""
    leader = list(range(len(rows)))
    pairs = [_pairs(row.text) for row in rows]
    for i, row in enumerate(rows):
        for j in range(i):
            if rows[j].intent == row.intent and len(pairs[i] & pairs[j]) >= 0.4 * len(pairs[i] | pairs[j]):
                leader[_root(leader, i)] = _root(leader, j)
    return [_root(leader, i) for i in range(len(rows))]


def _root(leader: list[int], i: int) -> int:
    while leader[i] != i:
        i = leader[i]
    return i


def _pairs(text: str) -> set[str]:
    clean = "".join(c for c in text if c > "㐀")
    return {clean[i:i + 2] for i in range(len(clean) - 1)} or {clean}
