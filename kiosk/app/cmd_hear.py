"""`kiosk hear`: sound to meaning, by the very objects that the live kiosk hears with.

    kiosk hear FILE...      one line per recording: what was heard and what it means
    kiosk hear              listen to this machine's microphone until Ctrl-C
    kiosk hear --batch      JSON lines in from the standard input, JSON lines out, in the same order

In   {"id", "audio", "pending", "dialect"}      pending and dialect may be missing ('' and "auto")
Out  {"id", "intent", "slots", "decision", "candidates", "score", "ms", "text", "audio_seconds", "cpu_seconds",
     "after_end_ms"}, or {"id", "error"} for a line or a file that cannot be used; the run goes on.

    ms             understanding alone
    cpu_seconds    processor time of the whole turn: voice activity, all decodes, understanding
    after_end_ms   from the end of the sound to the decision: closing the decodes and understanding. The silence that
                   tells the live kiosk that somebody has finished is not counted.

One clip is one turn and gets one decision, however long its pauses are. Sound is fed as fast as it can be heard.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from kiosk.adapters.microphone import SoundMicrophone
from kiosk.adapters.wav_microphone import blocks, read_sound, room
from kiosk.app import hearing, settings
from kiosk.app.meaning import understanding
from kiosk.app.settings import Site
from kiosk.fund.errors import WorldError
from kiosk.language.packs import PENDING
from kiosk.language.syllables import CODES
from kiosk.language.understand import Engine
from kiosk.listening.ear import Ear
from kiosk.listening.listener import Callbacks, Listener
from kiosk.listening.turns import WholeClip
from kiosk.ports.ears import EarReport, Expectation, Transcript
from kiosk.ports.sound import EAR_RATE, Samples
from kiosk.ports.understanding import Understanding

#: A quiet room around each clip, as around a visitor: the detector has a start, the recogniser hears the last word out.
_BEFORE, _AFTER = 0.3, 0.7


class BadLineError(ValueError):
    """A line that cannot be used; the message says why, in plain words."""


@dataclass(frozen=True)
class Pipeline:
    """From sound to meaning. `ear` must take a clip as one turn (turns.WholeClip)."""

    ear: Ear
    engine: Engine


@dataclass(frozen=True)
class Turn:
    """One clip heard. Seconds and milliseconds as in the table above."""

    heard: Transcript
    meaning: Understanding
    ms: float
    cpu_seconds: float
    after_end_ms: float


def pipeline(site: str | Site | None = None) -> Pipeline:
    """Load everything (1-2 s). Raises WorldError when something is missing."""
    engine = understanding()
    questions = (Expectation(pending=pending) for pending in PENDING)
    place = site if isinstance(site, Site) else settings.load(site)
    return Pipeline(hearing.make_ear(place, engine, WholeClip(), questions), engine)


def hear(samples: Samples, expectation: Expectation, through: Pipeline) -> Turn:
    """Hear a clip (16 kHz mono int16) as one turn."""
    cpu = time.process_time()
    through.ear.begin(expectation)
    for block in blocks(np.concatenate([room(_BEFORE), samples, room(_AFTER)])):
        for _ in through.ear.hear(block):
            pass
    heard = through.ear.finish() or Transcript("")
    clock = time.perf_counter()
    meaning = through.engine.understand_heard(heard, expectation)
    ms = (time.perf_counter() - clock) * 1000.0
    return Turn(heard, meaning, ms, time.process_time() - cpu, heard.after_end_ms + ms)


# ------------------------------------------------------------------ batch


def run_batch(lines: Iterable[str], through: Pipeline) -> Iterator[str]:
    """One JSON line out for each line in that is not blank, in the same order."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _answer(number, line, through)


def _answer(number: int, line: str, through: Pipeline) -> str:
    ident: object = number
    try:
        request = _parse(line)
        ident = request.get("id", number)
        expectation = _expectation(request)
        samples = read_sound(Path(str(request["audio"])))
    except BadLineError as fault:
        return json.dumps({"id": ident, "error": f"第 {number} 行：{fault}"}, ensure_ascii=False)
    except WorldError as fault:
        return json.dumps({"id": ident, "error": fault.sentence}, ensure_ascii=False)
    turn = hear(samples, expectation, through)
    return json.dumps({"id": ident, **_told(turn, len(samples) / EAR_RATE)}, ensure_ascii=False)


def _parse(line: str) -> dict[str, object]:
    try:
        request = json.loads(line)
    except json.JSONDecodeError as fault:
        raise BadLineError(f"不是一行完整的 JSON（第 {fault.colno} 个字符附近）。") from None
    if not isinstance(request, dict):
        raise BadLineError('应当是 {"id": …, "audio": …} 这样的一行。')
    return request


def _expectation(request: dict[str, object]) -> Expectation:
    pending, dialect = request.get("pending") or "", request.get("dialect") or "auto"
    if not isinstance(request.get("audio"), str) or not request["audio"]:
        raise BadLineError("缺少 audio（录音文件的路径）。")
    if pending not in PENDING:
        raise BadLineError(f"pending「{pending}」不认识，可用的有：{'、'.join(PENDING[1:])}，或者空着。")
    if dialect != "auto" and dialect not in CODES:
        raise BadLineError(f"dialect「{dialect}」不认识，可用的有：auto、{'、'.join(CODES)}。")
    return Expectation(pending=str(pending), dialect=str(dialect), longest=float("inf"))


def _told(turn: Turn, seconds: float) -> dict[str, object]:
    meaning = turn.meaning
    return {"intent": meaning.intent, "slots": dict(meaning.slots), "decision": str(meaning.decision),
            "candidates": list(meaning.candidates), "score": round(meaning.score, 4), "ms": round(turn.ms, 3),
            "text": meaning.text or turn.heard.text, "audio_seconds": round(seconds, 3),
            "cpu_seconds": round(turn.cpu_seconds, 4), "after_end_ms": round(turn.after_end_ms, 2)}


# Several processes: each has a pipeline of its own, and each clip starts from nothing, so the answers are the same.

_mine: Pipeline | None = None


def _settle(site: str | None) -> None:
    global _mine
    _mine = pipeline(site)


def _work(numbered: tuple[int, str]) -> str:
    assert _mine is not None
    return _answer(*numbered, _mine)


def run_batch_in_processes(lines: Iterable[str], jobs: int, site: str | None = None) -> Iterator[str]:
    """run_batch on `jobs` processors."""
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_settle, initargs=(site,)) as pool:
        yield from pool.map(_work, numbered, chunksize=4)


# ------------------------------------------------------------------ the command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="WAV or FLAC; without any: the microphone")
    parser.add_argument("--batch", action="store_true", help="read JSON lines from the standard input")
    parser.add_argument("--jobs", type=int, default=1, help="processes for --batch (default 1)")
    parser.add_argument("--pending", default="", choices=PENDING, help="the question being asked")
    parser.add_argument("--dialect", default="auto", choices=("auto", *CODES), help="the dialect spoken")
    parser.add_argument("--site", help="site file (TOML)")


def run(args: argparse.Namespace) -> int:
    if args.batch:
        jobs = max(1, args.jobs)
        answers = (run_batch(sys.stdin, pipeline(args.site)) if jobs == 1
                   else run_batch_in_processes(sys.stdin, jobs, args.site))
        for answer in answers:
            print(answer, flush=True)
        return 0
    if args.files:
        return _hear_files(args)
    return _hear_live(args)


def _hear_files(args: argparse.Namespace) -> int:
    through = pipeline(args.site)
    expectation = Expectation(pending=args.pending, dialect=args.dialect, longest=float("inf"))
    unreadable = 0
    for file in args.files:
        try:
            samples = read_sound(Path(file))
        except WorldError as fault:
            unreadable += 1
            print(fault.sentence, file=sys.stderr)
            continue
        turn = hear(samples, expectation, through)
        if args.json:
            print(json.dumps({"audio": file, **_told(turn, len(samples) / EAR_RATE)}, ensure_ascii=False), flush=True)
        else:
            print(f"{file}: {_line(turn.heard, turn.meaning)}", flush=True)
    return 2 if unreadable else 0


def _line(heard: Transcript, meaning: Understanding) -> str:
    slots = "".join(f" {name}={value}" for name, value in meaning.slots.items())
    return f"{meaning.text or heard.text or '（没有听到话）'}  →  {meaning.decision} {meaning.intent}{slots} ({meaning.score:.2f})"


def _hear_live(args: argparse.Namespace) -> int:
    site = settings.load(args.site)
    engine = understanding()
    expectation = Expectation(pending=args.pending, dialect=args.dialect)

    def heard(what: Transcript) -> None:
        meaning = engine.understand_heard(what, expectation)
        if args.json:
            turn = Turn(what, meaning, 0.0, what.cpu_seconds, what.after_end_ms)
            print(json.dumps(_told(turn, what.audio_seconds), ensure_ascii=False), flush=True)
        else:
            print(_line(what, meaning), flush=True)

    def reported(report: EarReport) -> None:
        if report.sentence:
            print(report.sentence, file=sys.stderr, flush=True)

    listener = Listener(SoundMicrophone(site.sound.microphone), lambda: hearing.make_ear(site, engine),
                        Callbacks(on_heard=heard, on_report=reported))
    listener.start()
    listener.open(expectation)
    print("请说话，按 Ctrl-C 结束。", file=sys.stderr)
    try:
        threading.Event().wait()
    finally:
        listener.stop()
    return 0


if __name__ == "__main__":
    from kiosk.app.commands import main

    sys.exit(main(["hear", *sys.argv[1:]]))
