"""`kiosk bench understanding`: how well a table of utterances is understood, beside baselines, with how it scales.

The table is --data, else the development table of ../shared/speech where that lies beside the checkout. How much of it
stands in the packs is counted and told, and the kiosk is judged a second time without anything like it (bench_apart).
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk import places
from kiosk.app import bench_plot
from kiosk.app.bench_apart import apart
from kiosk.app.bench_baselines import FOLDS, Nearest, Said, baselines, by_characters, overlaps
from kiosk.app.bench_understanding import (
    FAR,
    NEAR,
    Figures,
    Report,
    Row,
    confusions,
    read_table,
    run,
    table,
    wilson,
)
from kiosk.fund.errors import WorldError
from kiosk.language.packs import Pack
from kiosk.language.understand import Engine, load
from kiosk.ports.understanding import Decision

SIZES = (300, 1000, 3000, 10000)
_SEED = 7
_LISTED = 10
_TIMED = 200
"""So many utterances of the table are timed for each size."""

#: Aims of the issue: set -> (right at least, offered at least, wrong at most), per cent.
AIMS: Mapping[str, tuple[float, float, float]] = {
    "mandarin": (92, 97, 2), "near": (92, 97, 2), "far": (85, 92, 2), "none": (0, 0, 1.5)}


@dataclass(frozen=True)
class Scale:
    phrases: int
    median_ms: float
    p99_ms: float


@dataclass
class Study:
    """All of one run. `others` are the baselines by name; `apart` is the kiosk with nothing like the table learnt,
    `taken_out` how many sentences that cost, of how many; `sound` texts of the hearing part by title."""

    tables: tuple[str, ...]
    told: str
    load_seconds: float
    kiosk: Report
    others: dict[str, Report] = field(default_factory=dict)
    apart: Report | None = None
    taken_out: tuple[int, int] = (0, 0)
    same_sentences: list[Row] = field(default_factory=list)
    same_answers: list[Row] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    sound: dict[str, str] = field(default_factory=dict)


def tables(given: Sequence[Path]) -> list[Path]:
    """The tables to run over: files as they are, folders by the table in them; without any, the one beside the
    checkout. [] when there is none. Raises WorldError when a named one is missing."""
    if not given:
        beside = places.ROOT.parent / "shared" / "speech" / "utterances_dev.tsv"
        return [beside] if beside.is_file() else []
    found = [path / "utterances_dev.tsv" if path.is_dir() else path for path in given]
    for path in found:
        if not path.is_file():
            raise WorldError(str(path), f"没有例句表 {path}。")
    return found


def study(args: argparse.Namespace) -> Study | None:
    """Run it all: about a minute (seconds with --quick, minutes more with --sound). None where there is no table."""
    paths = tables(args.data)
    if not paths:
        return None
    rows = [row for path in paths for row in read_table(path)]
    start = time.perf_counter()
    engine = load(places.ASSETS)
    seconds = time.perf_counter() - start
    made = Study(tuple(path.name for path in paths), args.dialect, seconds,
                 run(rows, engine, "auto" if args.dialect == "auto" else None))
    made.others = baselines(rows, engine, places.ASSETS)
    if not args.quick:
        bare = apart(engine, rows, places.ASSETS)
        made.apart = run(rows, bare.engine, "auto" if args.dialect == "auto" else None)
        made.taken_out = bare.every - len(bare.kept), bare.every
        kept = [Said(e.text, e.intent, e.pending) for e in bare.kept]
        made.others["nearest, packs kept apart"] = run(rows, Nearest(kept, by_characters))
    made.same_sentences, made.same_answers = overlaps(rows, engine.packs, places.ASSETS)
    made.scales = list(scaling(engine, rows))
    if args.sound:
        made.sound = dict(_sound(args, paths))
    if args.plot:
        Path(args.plot).write_text(plot(made), encoding="utf-8")
    return made


# ------------------------------------------------------------------ how it scales


def scaling(engine: Engine, rows: Sequence[Row], sizes: Sequence[int] = SIZES) -> Iterator[Scale]:
    """Time per utterance with so many phrases in the packs, drawn evenly from all that there are."""
    chance = random.Random(_SEED)
    timed = chance.sample(list(rows), min(_TIMED, len(rows)))
    every = _phrases(engine.packs)
    for size in (*(size for size in sizes if size < every), every):
        smaller = engine.taught({code: _thinned(pack, size / every) for code, pack in engine.packs.items()})
        run(timed, smaller, "auto")     # sounds are looked up once
        times = run(timed, smaller, "auto").times
        yield Scale(_phrases(smaller.packs), times[len(times) // 2], times[int(len(times) * 0.99)])


def _phrases(packs: Mapping[str, Pack]) -> int:
    return sum(len(pack.sentences) + sum(len(c.phrases) for c in pack.concepts) for pack in packs.values())


def _thinned(pack: Pack, share: float) -> Pack:
    chance = random.Random(_SEED)
    concepts = tuple(replace(c, phrases=tuple(p for p in c.phrases if chance.random() < share)) for c in pack.concepts)
    return replace(pack, concepts=concepts, sentences=tuple(s for s in pack.sentences if chance.random() < share))


# ------------------------------------------------------------------ sound


def _sound(args: argparse.Namespace, paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """The study of hearing over the folders of clips beside the table."""
    folders = sorted({path.parent for table in paths for path in table.parent.glob("*/manifest.tsv")})
    if folders:
        from kiosk.app import bench_listening

        bench = bench_listening.Bench(args.site)
        for folder in folders:
            yield folder.name, bench_listening.as_text(bench.run(folder))


# ------------------------------------------------------------------ told


def as_text(made: Study) -> str:
    told = "the dialect is not told" if made.told == "auto" else "the dialect is told"
    lines = [f"{', '.join(made.tables)}: {len(made.kiosk.judged)} utterances, {told}", "", table(made.kiosk),
             f"loading all packs: {made.load_seconds:.2f} s", "", *_aims(made), "", *_apart_table(made),
             "baselines (right / offered / wrong %)", *_compared(made), "",
             "what was not right, meant -> given", confusions(made.kiosk), "", *_apart(made), "",
             "phrases in the packs, ms per utterance (median, 99th percentile)",
             *(f"{s.phrases:8} {s.median_ms:7.2f} {s.p99_ms:7.2f}" for s in made.scales), *_growth(made)]
    for title, text in made.sound.items():
        lines += ["", f"sound: {title}", text]
    return "\n".join(lines)


def _aims(made: Study) -> Iterator[str]:
    yield "aims"
    for name, (right, offered, wrong) in AIMS.items():
        figures = made.kiosk.sets.get(name)
        if figures is None:
            continue
        checks = [("wrong", _per_cent(figures.wrong, figures), "<=", wrong)]
        if name != "none":
            checks = [("right", _per_cent(figures.right, figures), ">=", right),
                      ("offered", _per_cent(figures.offered, figures), ">=", offered), *checks]
        told = ", ".join(f"{what} {got:.1f} {sign} {aim:g} {'yes' if (got <= aim if sign == '<=' else got >= aim) else 'NO'}"
                         for what, got, sign, aim in checks)
        yield f"  {name:10} {told}"
    everything = made.kiosk.sets["all"]
    if everything.with_slots:
        got = 100 * everything.slots_right / everything.with_slots
        yield f"  {'slots':10} right {got:.1f} >= 97 {'yes' if got >= 97 else 'NO'}"


def _per_cent(hits: int, figures: Figures) -> float:
    return 100 * hits / figures.rows


def _compared(made: Study) -> Iterator[str]:
    sets = [name for name in ("mandarin", "near", "far", "none") if name in made.kiosk.sets]
    yield f"{'':36}" + "".join(f"{name:>22}" for name in sets)
    for title, report in _all(made).items():
        cells = []
        for name in sets:
            f = report.sets.get(name, Figures())
            cells.append("/".join(f"{_per_cent(hits, f):5.1f}" for hits in (f.right, f.offered, f.wrong)) if f.rows else "-")
        yield f"{title:36}" + "".join(f"{cell:>22}" for cell in cells)


def _all(made: Study) -> dict[str, Report]:
    """The kiosk, the kiosk kept apart, the baselines."""
    held = {APART: made.apart} if made.apart else {}
    return {"the kiosk": made.kiosk, **held, **made.others}


APART = "the kiosk, kept apart"


def _apart_table(made: Study) -> Iterator[str]:
    if made.apart is None:
        return
    out, every = made.taken_out
    yield (f"{APART}: {out} of the packs' {every} sentences resemble an utterance of the table; without them, the "
           "witness trained anew")
    yield table(made.apart)
    yield ""


def _apart(made: Study) -> Iterator[str]:
    yield (f"how far apart: of the {len(made.kiosk.judged)} utterances the packs hold {len(made.same_sentences)} in the "
           f"same words, and {len(made.same_answers)} short answers of up to four syllables.")
    yield from (f"  {row.id} {row.dialect} {row.intent} {row.text}" for row in made.same_sentences[:_LISTED])
    if len(made.same_sentences) > _LISTED:
        yield f"  … and {len(made.same_sentences) - _LISTED} more (--json lists them all)"
    yield ("So the first table says how the packs do on what their writers may have read; only the one kept apart, and "
           "tables that nobody here has seen, say how they do on new sentences.")
    yield (f"The first two nearest-example baselines learn from the table itself: {FOLDS} folds, sentences of one cluster "
           "(same meaning, 40 % of their character pairs) on one side. The other two know the packs' own sentences.")


def _growth(made: Study) -> Iterator[str]:
    if len(made.scales) > 1:
        first, last = made.scales[0], next((s for s in reversed(made.scales) if s.phrases <= 11000), made.scales[-1])
        yield f"  from {first.phrases} to {last.phrases} phrases: {last.median_ms / max(first.median_ms, 1e-9):.1f} times the median"


def as_json(made: Study) -> dict[str, object]:
    times = made.kiosk.times
    return {
        "tables": list(made.tables), "dialect": made.told, "load_seconds": round(made.load_seconds, 3),
        "median_ms": round(times[len(times) // 2], 3), "p99_ms": round(times[int(len(times) * 0.99)], 3),
        "sets": _sets_json(made.kiosk), "apart": _sets_json(made.apart) if made.apart else {},
        "taken_out": list(made.taken_out), "baselines": {name: _sets_json(report) for name, report in made.others.items()},
        "confusions": [{"meant": meant, "given": given, "count": count}
                       for (meant, given), count in made.kiosk.confusions.most_common()],
        "mistakes": [{"id": j.row.id, "text": j.row.text, "dialect": j.row.dialect, "pending": j.row.pending,
                      "meant": j.row.intent, "given": j.meaning.intent, "decision": str(j.meaning.decision),
                      "wrong": j.wrong} for j in made.kiosk.judged
                     if j.wrong or (j.row.intent != "none" and not j.right)],
        "asked_of_talk": sum(j.row.intent == "none" and j.meaning.decision is Decision.ASK for j in made.kiosk.judged),
        "same_sentences": [row.id for row in made.same_sentences], "same_short_answers": [r.id for r in made.same_answers],
        "scaling": [{"phrases": s.phrases, "median_ms": round(s.median_ms, 3), "p99_ms": round(s.p99_ms, 3)}
                    for s in made.scales],
        "sound": made.sound}


def _sets_json(report: Report) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, f in report.sets.items():
        told[name] = {"rows": f.rows, "slots": [f.slots_right, f.with_slots], "asked": f.asked,
                      **{what: {"count": hits, "per_cent": round(_per_cent(hits, f), 2),
                                "interval": [round(end, 2) for end in wilson(hits, f.rows)]}
                         for what, hits in (("right", f.right), ("offered", f.offered), ("wrong", f.wrong))}}
    return told


def plot(made: Study) -> str:
    """An SVG: right and wrong of each set for the kiosk and every baseline, with intervals and the aims."""
    coarse = ("mandarin", "near", "far", "none")
    panels = []
    for column, (what, names) in enumerate((("right %", (*coarse[:3], *NEAR, *FAR)), ("offered %", coarse[:3]),
                                            ("wrong %", coarse))):
        groups = []
        for name in (n for n in names if n in made.kiosk.sets):
            bars = []
            for title, report in _all(made).items():
                f = report.sets.get(name, Figures())
                if f.rows:
                    hits = (f.right, f.offered, f.wrong)[column]
                    bars.append(bench_plot.Bar(title, _per_cent(hits, f), *wilson(hits, f.rows)))
            set_of = "near" if name in NEAR else "far" if name in FAR else name
            groups.append(bench_plot.Group(f"{name} ({made.kiosk.sets[name].rows})", tuple(bars), AIMS[set_of][column]))
        panels.append(bench_plot.Panel(what, tuple(groups)))
    return bench_plot.svg(f"{', '.join(made.tables)}, dialect {made.told}", panels)
