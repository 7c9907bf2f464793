"""How well sound is understood, through the very pipeline of the live kiosk: clips, noise, decodes kept, judging.

A folder holds sound files and a manifest.tsv: path, id, intent, slots, pending, dialect, text, and more columns that are
ignored; or path and transcript alone: people talking of other things (single words are judged by what they mean as text).
Right, offered and wrong are those of bench_understanding. Decodes are kept under the state folder, so that the numbers of
assets/dialects/evidence.toml can be changed and judged in seconds. Nothing heard here goes anywhere else.
"""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np

from kiosk.adapters.wav_microphone import read_sound
from kiosk.app.bench_understanding import NEAR, Judged, Row, judge, wilson
from kiosk.app.cmd_hear import Pipeline, hear
from kiosk.language.packs import Pack
from kiosk.language.syllables import Accent, syllables
from kiosk.ports.ears import Expectation, Transcript, VocabularySource
from kiosk.ports.sound import EAR_RATE, Samples
from kiosk.ports.understanding import Decision, Understander, Understanding

_SINGLE_WORD = 3
"""Recorded clips with at most this many characters may be commands; longer ones are talk of other things."""


@dataclass(frozen=True)
class Clip:
    """`kind` is sound, none (no request), talk (recorded, nothing may be accepted) or word (recorded, out of any context)."""

    file: Path
    row: Row
    kind: str = "sound"
    voice: str = ""

    def meaning(self, understander: Understander) -> Clip:
        """The same clip, meant as its text is understood."""
        meant = understander.understand(self.row.text, Expectation(pending=self.row.pending, dialect="mandarin"))
        intent = meant.intent if meant.decision is Decision.ACCEPT else "none"
        return replace(self, row=replace(self.row, intent=intent))


def clips(folder: Path) -> list[Clip]:
    """The manifest of a folder."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_clip(folder, line) for line in lines]


def _clip(folder: Path, line: dict[str, str]) -> Clip:
    if "intent" not in line:
        text = line["transcript"]
        kind = "word" if len(text) < _SINGLE_WORD else "talk"
        return Clip(folder / line["path"], Row(line["path"], "none", {}, "", "mandarin", text), kind)
    alt = tuple(a for a in (line.get("alt") or "").split(",") if a)
    row = Row(line["id"], line["intent"], json.loads(line["slots"] or "{}"), line["pending"], line["dialect"], line["text"], alt)
    return Clip(folder / line["path"], row, "none" if row.intent == "none" else "sound", line.get("voice") or "")


# ------------------------------------------------------------------ noise


def noisy(sound: Samples, noise: str, others: Sequence[Samples]) -> Samples:
    """The sound with "white:DB" or "babble:DB" below the level of the loud half of its blocks, or "room:DB": echoes of half a
    second, the direct sound so much above all of them. Repeatable."""
    kind, _, level = noise.partition(":")
    clean = sound.astype(np.float64)
    chance = np.random.default_rng(len(sound))
    if kind == "room":
        tail = chance.standard_normal(EAR_RATE // 2) * np.exp(-6.9 * np.arange(EAR_RATE // 2) / (EAR_RATE // 2))
        tail[0] = np.sqrt(10 ** (float(level) / 10) * (tail[1:] ** 2).sum())
        heard = np.fft.irfft(np.fft.rfft(clean, 2 * len(clean)) * np.fft.rfft(tail, 2 * len(clean)))[:len(clean)]
        heard *= _level(clean) / max(_level(heard), 1.0)
    else:
        added = chance.standard_normal(len(clean)) if kind == "white" else _babble(len(clean), others, chance)
        heard = clean + added * (_level(clean) / max(_level(added), 1e-9)) * 10 ** (-float(level) / 20)
    return np.clip(np.rint(heard), -32768, 32767).astype(np.int16)


def _babble(size: int, others: Sequence[Samples], chance: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Five people at once."""
    mixed = np.zeros(size)
    for at in chance.choice(len(others), 5, replace=False):
        voice = others[at].astype(np.float64)
        mixed += np.resize(np.roll(voice, int(chance.integers(len(voice)))), size) / max(_level(voice), 1.0)
    return mixed


def _level(sound: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    blocks = np.sqrt((sound[:len(sound) // 512 * 512].reshape(-1, 512) ** 2).mean(axis=1))
    return float(np.median(blocks[blocks >= np.median(blocks)])) if len(blocks) else 1.0


# ------------------------------------------------------------------ hearing, with the decodes kept


class Heard(msgspec.Struct, frozen=True):
    transcript: Transcript
    cpu_seconds: float
    audio_seconds: float


class Hearer:
    """Hears clips; remembers what was decoded with which vocabularies."""

    def __init__(self, through: Pipeline, source: VocabularySource, keep: Path, noise: str = "",
                 others: Sequence[Samples] = ()) -> None:
        self.through, self.source, self.keep = through, source, keep
        self._noise, self._others = noise, others
        self._vocabularies: dict[tuple[str, str], str] = {}
        keep.mkdir(parents=True, exist_ok=True)

    def hear(self, clip: Clip, expectation: Expectation) -> Heard:
        parts = (hashlib.sha256(clip.file.read_bytes()).hexdigest(), self._noise, self._digest(expectation))
        kept = self.keep / (hashlib.sha256("|".join(parts).encode()).hexdigest()[:32] + ".json")
        if kept.exists():
            return msgspec.json.decode(kept.read_bytes(), type=Heard)
        seconds, cpu = len(read_sound(clip.file)) / EAR_RATE, time.process_time()
        heard = Heard(self._decoded(clip, expectation), time.process_time() - cpu, seconds)
        kept.write_bytes(msgspec.json.encode(heard))
        return heard

    def _decoded(self, clip: Clip, expectation: Expectation) -> Transcript:
        sound = read_sound(clip.file)
        if self._noise:
            sound = noisy(sound, self._noise, self._others)
        return hear(sound, expectation, self.through).heard

    def _digest(self, expectation: Expectation) -> str:
        """What the decodes of this question depend on: their vocabularies."""
        key = (expectation.pending, expectation.dialect)
        if key not in self._vocabularies:
            digest = hashlib.sha256()
            for dialect in self.source.dialects(expectation):
                digest.update(repr(self.source.vocabulary(expectation, dialect)).encode())
            self._vocabularies[key] = digest.hexdigest()
        return self._vocabularies[key]


# ------------------------------------------------------------------ judging


@dataclass
class Figures:
    """One line of the table."""

    rows: int = 0
    right: int = 0
    offered: int = 0
    accepted: int = 0
    wrong: int = 0
    slots: list[int] = field(default_factory=lambda: [0, 0])
    cpu: float = 0.0
    seconds: float = 0.0
    errors: dict[str, list[float]] = field(default_factory=dict)   # kind of decode: [errors, syllables]

    def add(self, judged: Judged, heard: Heard, accent: Accent) -> None:
        self.rows += 1
        self.right += judged.right
        self.offered += judged.offered
        self.wrong += judged.wrong
        self.accepted += str(judged.meaning.decision) == "accept"
        self.slots = [self.slots[0] + judged.slots_right, self.slots[1] + judged.slots_asked]
        self.cpu += heard.cpu_seconds
        self.seconds += heard.audio_seconds
        for reading in heard.transcript.readings:
            kind = {"free": "free", "held:mandarin": "mandarin", f"held:{judged.row.dialect}": "own"}.get(reading.kind)
            if kind is not None:
                wrong, of = self.errors.setdefault(kind, [0.0, 0.0])
                more, said = syllable_errors(judged.row.text, reading.text, accent)
                self.errors[kind] = [wrong + more, of + said]


def syllable_errors(meant: str, heard: str, accent: Accent) -> tuple[int, int]:
    """(edits, syllables meant) in folded syllables: sounds that the dialect does not tell apart count as the same."""
    row, other = [[accent.fold(s) for s in syllables(text)] for text in (meant, heard)]
    costs = list(range(len(other) + 1))
    for i, a in enumerate(row, 1):
        before, costs[0] = costs[0], i
        for j, b in enumerate(other, 1):
            before, costs[j] = costs[j], min(costs[j] + 1, costs[j - 1] + 1, before + (a != b))
    return costs[-1], len(row)


@dataclass
class Report:
    """`mistakes` tells what was wrong or missed, one line each."""

    figures: dict[str, Figures] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    def add(self, clip: Clip, heard: Heard, meaning: Understanding, accent: Accent) -> Judged:
        judged = judge(clip.row, meaning)
        for name in sets_of(clip):
            self.figures.setdefault(name, Figures()).add(judged, heard, accent)
        if judged.wrong or (clip.kind in ("sound", "word") and not judged.right):
            said = " / ".join(f"{r.kind.removeprefix('held:')}: {r.text.replace(' ', '')}" for r in heard.transcript.readings)
            self.mistakes.append(f"{'WRONG' if judged.wrong else 'missed'} {clip.row.id} {clip.row.dialect} "
                                 f"{clip.row.intent} 「{clip.row.text}」 -> {meaning.decision} {meaning.intent} [{said}]")
        return judged


def sets_of(clip: Clip) -> Iterator[str]:
    """The lines of the table that a clip counts in."""
    if clip.kind != "sound":
        yield {"none": "no request", "talk": "recorded talk", "word": "recorded words"}[clip.kind]
        return
    yield clip.row.dialect
    if clip.row.dialect != "mandarin":
        yield "near dialects"


#: Makes a decision of what was heard; the expectation names the dialect that was listened for.
Decide = Callable[[Transcript, Expectation], Understanding]


def measure(all_clips: Sequence[Clip], hearer: Hearer, packs: Mapping[str, Pack], decide: Decide) -> Report:
    """Hear and judge, with the dialect told."""
    report = Report()
    for clip in all_clips:
        expectation = expecting(clip, packs)
        heard = hearer.hear(clip, expectation)
        report.add(clip, heard, decide(heard.transcript, expectation), packs[expectation.dialect].accent)
    return report


def expecting(clip: Clip, packs: Mapping[str, Pack], dialect: str = "") -> Expectation:
    known = dialect or (clip.row.dialect if packs[clip.row.dialect].near else "mandarin")
    return Expectation(pending=clip.row.pending, dialect=known, longest=float("inf"))


def alone(kind: str, by: Understander) -> Decide:
    """What one decode alone says: free, mandarin, or own (the vocabulary of the dialect)."""
    def decide(heard: Transcript, expectation: Expectation) -> Understanding:
        wanted = {"free": "free", "own": f"held:{expectation.dialect}"}.get(kind, f"held:{kind}")
        text = next((r.text for r in heard.readings if r.kind == wanted), "")
        return by.understand(text.replace(" ", ""), expectation)

    return decide


def table(report: Report) -> str:
    """One line per set; shares with their 95 % intervals (Wilson)."""
    lines = [f"{'set':17}{'clips':>6} {'right %':>19} {'offered %':>19} {'wrong %':>17} {'accepted %':>10} {'slots':>8}"
             f" {'cpu/s':>6}  syllable errors %: free, Mandarin vocabulary, own vocabulary"]
    order = ["mandarin", "near dialects", *NEAR, "no request", "recorded talk", "recorded words"]
    for name in (n for n in order if n in report.figures):
        f = report.figures[name]
        request = name not in ("no request", "recorded talk")
        cells = (share(f.right, f.rows) if request else "", share(f.offered, f.rows) if request else "")
        errors = ", ".join(f"{100 * f.errors[k][0] / f.errors[k][1]:.1f}" for k in ("free", "mandarin", "own")
                           if k in f.errors and f.errors[k][1])
        lines.append(f"{name:17}{f.rows:6} {cells[0]:>19} {cells[1]:>19} {share(f.wrong, f.rows):>17} "
                     f"{100 * f.accepted / f.rows:10.1f} {f'{f.slots[0]}/{f.slots[1]}':>8} {f.cpu / f.seconds:6.2f}  {errors}")
    return "\n".join(lines)


def share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:.1f} [{low:.1f}, {high:.1f}]"
