"""Sound for measuring, made of a table of utterances: `python -m kiosk.app.bench_clips TABLE FOLDER`.

Voices that the simulated clips of ../shared/speech do not use read sentences of the table, Mandarin ones plainly, dialect ones
and some Mandarin ones in each simulated accent: the pinyin is rewritten by rule before it becomes the voice's phonemes. It is
a stress test, not dialect speech. The rules are those of the shared clips (speech.md there), not those of the packs, but both come
from the same descriptions of the dialects, so this is the best case. What is made is the same each time.

--most N    Mandarin rows read plainly (default 200); --accented N: rows of each dialect, and Mandarin rows in its accent
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from kiosk import places
from kiosk.adapters.kokoro import Kokoro
from kiosk.adapters.wav_microphone import room
from kiosk.app.bench_understanding import Row, read_table
from kiosk.fund.errors import WorldError
from kiosk.language.syllables import Accent, parse
from kiosk.listening.resample import to_ear_rate
from kiosk.ports.sound import EAR_RATE

#: Not among the speakers of the shared clips, nor the kiosk's own.
VOICES = ("zf_xiaoxiao", "zf_xiaoyi", "zm_yunxia", "zm_yunyang")
#: Mandarin rows read plainly; rows of each dialect, and as many Mandarin ones in its accent.
PLAIN, EACH = 200, 14
SPEEDS = (0.75, 0.85, 0.95, 1.05)
_SEED = 11
_COLUMNS = ("path", "id", "intent", "slots", "pending", "dialect", "text", "alt", "voice", "speed")
_PINYIN = re.compile(r"[a-zü]+[1-5]")

_FLAT = {"zh": "z", "ch": "c", "sh": "s"}
_FRONT = {"ing": "in", "eng": "en", "ueng": "uen"}
_OPEN = {"ü": "i", "üe": "ie", "üan": "ian", "ün": "in"}
_SOUTHWEST = {1: 1, 2: 3, 3: 4, 4: 2}
_SOFT = {"ren": "yin", "rou": "you", "ri": "yi", "rang": "yang", "re": "ye", "run": "yun"}


def _simulated(initials: Mapping[str, str], finals: Mapping[str, str], whole: Mapping[str, str],
               tones: Mapping[int, int]) -> Accent:
    return Accent("simulated", "", initials=dict(initials), finals=dict(finals), whole=dict(whole), tones=dict(tones))


#: Source: speech.md of the shared reference, "What lies in ../shared".
ACCENTS: Mapping[str, Accent] = {
    "xinan_guizhou": _simulated(_FLAT | {"n": "l"}, _FRONT | _OPEN, {"hu": "fu"}, _SOUTHWEST),
    "xinan_chuanyu": _simulated(_FLAT | {"n": "l"}, _FRONT, {"hu": "fu"}, _SOUTHWEST),
    "zhongyuan_henan": _simulated({}, {}, {}, {1: 2, 2: 4, 3: 1, 4: 3}),
    "jianghuai": _simulated(_FLAT | {"n": "l"}, _FRONT, {}, {1: 3, 2: 2, 3: 4, 4: 1}),
    "dongbei": _simulated({}, {}, _SOFT, {}),
    "jin_hanxin": _simulated({}, _FRONT, {}, {1: 3, 2: 4, 3: 1, 4: 2}),
}


@dataclass(frozen=True)
class Reading:
    """One clip to make."""

    row: Row
    dialect: str
    voice: str
    speed: float


def accented(accent: Accent) -> Callable[[str], list[str]]:
    """A word to its syllables in pinyin with tone digits (5 neutral), as the accent says them."""
    from misaki.zh import ZHG2P
    from pypinyin import Style, lazy_pinyin

    def said(syllable: str) -> str:
        other = _rewritten(syllable, accent) if _PINYIN.fullmatch(syllable) else syllable
        try:
            ZHG2P.py2ipa(other)
        except ValueError:  # a syllable that no Mandarin voice has phonemes for
            return syllable
        return other

    def pronounce(word: str) -> list[str]:
        return [said(syllable) for syllable in lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)]

    return pronounce


def _rewritten(pinyin: str, accent: Accent) -> str:
    said = accent.surface(parse(pinyin)).pinyin
    return said if said[-1].isdigit() else said + "5"


def chosen(rows: Sequence[Row], plain: int, each: int) -> list[Reading]:
    """Which rows are read, by whom and in which accent; drawn with a fixed seed."""
    chance = random.Random(_SEED)
    mandarin = [row for row in rows if row.dialect == "mandarin"]
    jobs = [(row, "mandarin") for row in chance.sample(mandarin, min(plain, len(mandarin)))]
    for dialect in ACCENTS:
        own = [row for row in rows if row.dialect == dialect]
        jobs += [(row, dialect) for row in chance.sample(own, min(each, len(own)))]
        jobs += [(row, dialect) for row in chance.sample(mandarin, min(each, len(mandarin)))]
    return [Reading(row, dialect, chance.choice(VOICES), chance.choice(SPEEDS)) for row, dialect in jobs]


def make(readings: Sequence[Reading], folder: Path) -> None:
    """Write the clips (FLAC, 16 kHz) and their manifest.tsv. Raises WorldError when the voices are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[dict[str, object]] = []
    for voice in sorted({reading.voice for reading in readings}):
        for number, reading in enumerate(readings):
            if reading.voice == voice:
                made.append(_made(number, reading, folder))
    with (folder / "manifest.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, _COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(made, key=lambda line: str(line["path"])))


_speaking: dict[tuple[str, str], Kokoro] = {}


def _speaker(voice: str, dialect: str) -> Kokoro:
    """One voice in memory at a time, once for each accent it has spoken."""
    key = (voice, dialect)
    if key not in _speaking:
        for other in [known for known in _speaking if known[0] != voice]:
            del _speaking[other]
        same = next((speaker for known, speaker in _speaking.items() if known[0] == voice), None)
        pronounce = accented(ACCENTS[dialect]) if dialect in ACCENTS else None
        _speaking[key] = same.pronouncing(pronounce) if same else Kokoro(places.MODELS, voice).pronouncing(pronounce)
    return _speaking[key]


def _made(number: int, reading: Reading, folder: Path) -> dict[str, object]:
    row, name = reading.row, f"c{number:04d}.flac"
    if not (folder / name).is_file():
        sound = _speaker(reading.voice, reading.dialect).synthesise(row.text, reading.speed)
        quiet = room(0.3, number)
        soundfile.write(folder / name, np.concatenate([quiet, to_ear_rate(sound.samples, sound.rate), quiet]), EAR_RATE)
    return dict(zip(_COLUMNS, (name, f"{row.id}-{reading.dialect}", row.intent, json.dumps(dict(row.slots), ensure_ascii=False),
                               row.pending, reading.dialect, row.text, ",".join(row.alt), reading.voice, reading.speed),
                    strict=True))


def folder_of(table: Path, plain: int = PLAIN, each: int = EACH) -> Path:
    """Where the clips of a table are kept, made if they are not there yet (ten minutes). Raises WorldError."""
    folder = places.STATE / "bench" / "clips" / f"{table.stem}-{plain}-{each}"
    if not (folder / "manifest.tsv").is_file():
        make(chosen(read_table(table), plain, each), folder)
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_clips", description=__doc__.split("\n\n")[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=PLAIN)
    parser.add_argument("--accented", type=int, default=EACH)
    args = parser.parse_args()
    try:
        make(chosen(read_table(args.table), args.most, args.accented), args.folder)
    except WorldError as fault:
        print(fault.sentence, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
