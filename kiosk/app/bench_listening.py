"""`kiosk bench hearing --data PATH…`: how much of what people say is heard right, beside baselines, in noise and over a visit.

PATH is a folder of clips with a manifest.tsv, or a table of utterances: that is then read by voices which the shared clips do
not use (bench_clips.py). One run tells, for each PATH and all on the same sound:

    the kiosk         with the dialect told, as after a choice; each set and each dialect, with intervals
    over a visit      the dialect is not told: the evidence of the visit's utterances finds it out (all near packs compete)
    baselines         the stock recogniser and the nearest example of the packs; the same with the kiosk's understanding; a
                      vocabulary in Mandarin alone; the second recogniser where its model is installed
    talk              at each kind of question, when there are recordings of people talking of other things
    noise             people talking 20, 10 and 5 dB below the speaker, and echoes of half a second, 10 dB below the direct sound
                      (an arm away from the microphone in a hall) and 3 dB (two metres away)
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from kiosk import places
from kiosk.adapters.vosk_lexicon import lexicon
from kiosk.adapters.vosk_recogniser import MODEL
from kiosk.adapters.wav_microphone import read_sound
from kiosk.app import bench_clips, hearing, settings
from kiosk.app.bench_baselines import Nearest, by_characters, pack_sentences
from kiosk.app.bench_hearing import (
    Clip,
    Decide,
    Figures,
    Hearer,
    Report,
    alone,
    clips,
    expecting,
    measure,
    share,
    table,
)
from kiosk.app.cmd_hear import Pipeline, pipeline
from kiosk.app.dialect_models import by_name, decode
from kiosk.app.settings import Dialects
from kiosk.fund.errors import WorldError
from kiosk.language.evidence import DialectBelief, load_trust
from kiosk.language.packs import PENDING
from kiosk.language.respell import Lexicon
from kiosk.ports.ears import Expectation, Recogniser, Transcript, VocabularySource
from kiosk.ports.understanding import Understander, Understanding

NOISES = ("babble:20", "babble:10", "babble:5", "room:10", "room:3")
SECOND = "whisper-base"
#: Utterances of one simulated visit: the same voice, the same dialect.
VISIT = 6
_SEED = 5
#: Sets of the short tables, in order.
_SETS = ("mandarin", "near dialects", "no request", "recorded talk")


@dataclass(frozen=True)
class Sampled:
    """Every n-th clip is heard in noise, by the second recogniser and over visits; without noise all of them."""

    noise: int = 5
    second: int = 8
    visits: int = 3


@dataclass
class Study:
    """All of one PATH. Reports by what they are called."""

    name: str
    kiosk: Report
    others: dict[str, Report] = field(default_factory=dict)
    noise: dict[str, Report] = field(default_factory=dict)
    asked: dict[str, Report] = field(default_factory=dict)
    visits: dict[str, Report] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)
    lacking: str = ""


class Bench:
    """The pipeline, loaded once, and the places where decodes are kept."""

    def __init__(self, site: str | None, sampled: Sampled | None = None) -> None:
        self._sampled = sampled or Sampled()
        anywhere = msgspec.structs.replace(settings.load(site), dialects=Dialects(local=()))  # all near ones compete
        self._through: Pipeline = pipeline(anywhere)
        self._packs = self._through.engine.packs
        self._source: VocabularySource = hearing.vocabularies(self._packs, (), Lexicon(lexicon(places.MODELS / MODEL)))
        self._keep = places.STATE / "bench" / "hearing"
        self._settings = load_trust(places.ASSETS)[1]

    def run(self, path: Path, every: int = 1) -> Study:
        """Raises WorldError when voices for a table are missing."""
        folder = path if path.is_dir() else bench_clips.folder_of(path)
        heard, engine = self._labelled(thinned(clips(folder), every)), self._through.engine
        hearer = self._hearer()
        made = Study(path.name, measure(heard, hearer, self._packs, engine.understand_heard))
        nearest = Nearest(pack_sentences(self._packs, places.ASSETS), by_characters)
        for name, decide in (("free decode, nearest example", alone("free", nearest)),
                             ("free decode, the kiosk's meaning", alone("free", engine)),
                             ("Mandarin vocabulary alone", alone("mandarin", engine)),
                             ("the dialect's vocabulary alone", alone("own", engine))):
            made.others[name] = measure(heard, hearer, self._packs, decide)
        self._second(made, thinned(heard, self._sampled.second), nearest)
        others = [clip for clip in heard if clip.kind in ("talk", "none")]
        self._noises(made, thinned(heard, self._sampled.noise), others)
        for pending in PENDING if any(clip.kind == "talk" for clip in heard) else ():
            asked = [replace(clip, row=replace(clip.row, pending=pending)) for clip in others]
            made.asked[f"while {pending} is asked" if pending else "nothing asked"] = measure(
                asked, hearer, self._packs, engine.understand_heard)
        self._over_visits(made, heard)
        return made

    def _hearer(self, noise: str = "", others: Sequence[Clip] = ()) -> Hearer:
        return Hearer(self._through, self._source, self._keep, noise, [read_sound(clip.file) for clip in others])

    def _labelled(self, heard: Iterable[Clip]) -> list[Clip]:
        """A recorded single word means what it means as text."""
        return [clip.meaning(self._through.engine) if clip.kind == "word" else clip for clip in heard]

    # ------------------------------------------------------------ the parts

    def _second(self, made: Study, heard: Sequence[Clip], nearest: Nearest) -> None:
        try:
            recogniser = by_name(SECOND)
        except WorldError as fault:
            made.lacking = f"the second recogniser ({SECOND}) is not installed here: {fault.sentence}"
            return
        hearer = _Second(recogniser, self._hearer())
        for name, by in (("nearest example", nearest), ("the kiosk's meaning", self._through.engine)):
            made.others[f"{SECOND}, {name}"] = measure(heard, hearer, self._packs, _as_text(by))

    def _noises(self, made: Study, heard: Sequence[Clip], others: Sequence[Clip]) -> None:
        if len(others) < 5:
            return
        for noise in ("", *NOISES):
            hearer = self._hearer(noise, others if noise.startswith("babble") else ())
            made.noise[noise or "quiet"] = measure(heard, hearer, self._packs, self._through.engine.understand_heard)

    def _over_visits(self, made: Study, heard: Sequence[Clip]) -> None:
        """Visits of VISIT clips of one voice and dialect; the ears begin open to all near dialects."""
        hearer = self._hearer()
        for dialect, visit in visits([clip for clip in heard if clip.kind == "sound"], self._sampled.visits):
            belief = DialectBelief(self._settings)
            for number, clip in enumerate(visit, 1):
                expectation = belief.heed(expecting(clip, self._packs, "auto"))
                kept = hearer.hear(clip, expectation)
                report = made.visits.setdefault("first utterance" if number == 1 else "second" if number == 2 else "from the third on", Report())
                report.add(clip, kept, self._through.engine.understand_heard(kept.transcript, expectation), self._packs[dialect].accent)
                belief = belief.update(kept.transcript)
            made.found.setdefault(dialect, []).append(belief.dialect)


class _Second(Hearer):
    """Another recogniser through the same keeping of decodes; it knows no vocabularies."""

    def __init__(self, recogniser: Recogniser, like: Hearer) -> None:
        super().__init__(like.through, like.source, like.keep)
        self._recogniser = recogniser

    def _digest(self, expectation: Expectation) -> str:
        return self._recogniser.name

    def _decoded(self, clip: Clip, expectation: Expectation) -> Transcript:
        return Transcript("", decode(self._recogniser, read_sound(clip.file), expectation))


def _as_text(by: Understander) -> Decide:
    def decide(heard: Transcript, expectation: Expectation) -> Understanding:
        return by.understand("".join(r.text for r in heard.readings).replace(" ", ""), expectation)

    return decide


def thinned(heard: Sequence[Clip], every: int) -> list[Clip]:
    """Every n-th clip, but all that was recorded."""
    sound = [clip for clip in heard if clip.kind in ("sound", "none")]
    return [*sound[::every], *(clip for clip in heard if clip.kind in ("talk", "word"))]


def visits(heard: Sequence[Clip], every: int) -> Iterator[tuple[str, list[Clip]]]:
    """(dialect, its clips) of made-up visits; every n-th of them, drawn with a fixed seed."""
    groups: dict[tuple[str, str], list[Clip]] = {}
    for clip in heard:
        groups.setdefault((clip.row.dialect, clip.voice), []).append(clip)
    chance, found = random.Random(_SEED), []
    for (dialect, _), group in sorted(groups.items()):
        chance.shuffle(group)
        found += [(dialect, group[at:at + VISIT]) for at in range(0, len(group) - VISIT + 1, VISIT)]
    by_dialect: dict[str, int] = {}
    for dialect, visit in found:
        by_dialect[dialect] = by_dialect.get(dialect, -1) + 1
        if dialect != "mandarin" or by_dialect[dialect] % every == 0:
            yield dialect, visit


# ------------------------------------------------------------------ told


def as_text(made: Study, mistakes: bool = False) -> str:
    lines = [f"== {made.name}: the kiosk, the dialect told", table(made.kiosk), "", "baselines on the same sound", *_short(made.others)]
    if made.lacking:
        lines.append(made.lacking)
    if made.noise:
        lines += ["", "in noise (a sample)", *_short(made.noise)]
    if made.asked:
        lines += ["", "talk while a question waits for its answer", *_short(made.asked)]
    if made.visits:
        lines += ["", f"over visits of {VISIT} utterances, the dialect not told", *_short(made.visits)]
        lines += [f"  after a visit of {dialect}: {_counted(found)}" for dialect, found in made.found.items()]
    if mistakes:
        lines += ["", "wrong or missed, the dialect told", *made.kiosk.mistakes]
    return "\n".join(lines)


def _counted(found: Sequence[str]) -> str:
    return ", ".join(f"{name} {found.count(name)}" for name in sorted(set(found), key=lambda name: -found.count(name)))


def _short(reports: Mapping[str, Report]) -> Iterator[str]:
    """One line each: right / offered / wrong of the sets; of what is no request, wrong with its interval."""
    yield f"{'':34}" + "".join(f"{name:>28}" for name in _SETS)
    for name, report in reports.items():
        yield f"{name:34}" + "".join(f"{_cell(report.figures.get(one), one):>28}" for one in _SETS)


def _cell(figures: Figures | None, name: str) -> str:
    if figures is None:
        return "-"
    if name in ("no request", "recorded talk"):
        return f"{share(figures.wrong, figures.rows)} n={figures.rows}"
    shares = "/".join(f"{100 * hits / figures.rows:.1f}" for hits in (figures.right, figures.offered, figures.wrong))
    return f"{shares} n={figures.rows}"


def as_json(made: Study) -> dict[str, object]:
    def told(report: Report) -> dict[str, object]:
        return {name: {"rows": f.rows, "right": f.right, "offered": f.offered, "wrong": f.wrong, "slots": f.slots,
                       "cpu_share": round(f.cpu / f.seconds, 3) if f.seconds else None}
                for name, f in report.figures.items()}

    return {"kiosk": told(made.kiosk), "others": {name: told(one) for name, one in made.others.items()},
            "noise": {name: told(one) for name, one in made.noise.items()},
            "asked": {name: told(one) for name, one in made.asked.items()},
            "visits": {name: told(one) for name, one in made.visits.items()}, "found": made.found,
            "mistakes": made.kiosk.mistakes}
