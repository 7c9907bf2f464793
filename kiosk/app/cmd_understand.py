"""`kiosk understand --batch`: utterances as JSON lines in, meanings as JSON lines out.

In   {"id", "text", "pending", "dialect"}      pending and dialect may be missing ('' and "auto")
Out  {"id", "intent", "slots", "decision", "candidates", "score", "ms"}, or {"id", "error"} for a bad line; the run goes on.
--questions  as the running kiosk understands, with the knowledge behind it: a question gets the slot "article" or "offers", and
"questions" names the nearest ones with their scores.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator

from kiosk.app import answers
from kiosk.app.meaning import understanding
from kiosk.fund.errors import WorldError
from kiosk.language.asking import Asking
from kiosk.language.packs import PENDING
from kiosk.language.syllables import CODES
from kiosk.language.understand import Engine
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Understander


class BadLineError(ValueError):
    """A line that cannot be used; the message says why, in plain words."""


def run_batch(lines: Iterable[str], engine: Understander) -> Iterator[str]:
    """One JSON line out for each line in that is not blank, in the same order. "ms" is the time of understanding alone."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        ident: object = number
        try:
            request = _parse(line)
            ident = request.get("id", number)
            yield _answer(request, ident, engine)
        except BadLineError as error:
            yield json.dumps({"id": ident, "error": f"第 {number} 行：{error}"}, ensure_ascii=False)


def _parse(line: str) -> dict[str, object]:
    try:
        request = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadLineError(f"不是一行完整的 JSON（第 {error.colno} 个字符附近）。") from None
    if not isinstance(request, dict):
        raise BadLineError("应当是 {\"id\": …, \"text\": …} 这样的一行。")
    return request


def _answer(request: dict[str, object], ident: object, engine: Understander) -> str:
    text, pending, dialect = request.get("text"), request.get("pending") or "", request.get("dialect") or "auto"
    if not isinstance(text, str):
        raise BadLineError("缺少 text（要说的话）。")
    if pending not in PENDING:
        raise BadLineError(f"pending「{pending}」不认识，可用的有：{'、'.join(PENDING[1:])}，或者空着。")
    if dialect != "auto" and dialect not in CODES:
        raise BadLineError(f"dialect「{dialect}」不认识，可用的有：auto、{'、'.join(CODES)}。")
    expectation = Expectation(pending=str(pending), dialect=str(dialect))
    start = time.perf_counter()
    meaning = engine.understand(text, expectation)
    ms = (time.perf_counter() - start) * 1000
    asked = {"questions": engine.nearest(text, expectation)} if isinstance(engine, Asking) else {}
    return json.dumps({"id": ident, "intent": meaning.intent, "slots": dict(meaning.slots),
                       "decision": str(meaning.decision), "candidates": list(meaning.candidates),
                       "score": round(meaning.score, 4), "ms": round(ms, 3), **asked}, ensure_ascii=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", help="要听懂的话 what was said")
    parser.add_argument("--batch", action="store_true", help="从标准输入读 JSON 行 JSON lines from the standard input")
    parser.add_argument("--questions", action="store_true", help="连同问答一起 with the knowledge behind it")
    parser.add_argument("--pending", default="", choices=PENDING, help="正在等的回答 the question that is asked")
    parser.add_argument("--dialect", default="auto", choices=("auto", *CODES), help="说的是什么话 the dialect")


def run(args: argparse.Namespace) -> int:
    """JSON lines in both ways of use: this command is read by programs."""
    engine: Understander = understanding()
    if args.questions:
        assert isinstance(engine, Engine)
        questions = answers.asking(engine, engine)
        questions.prepare()
        engine = questions
    lines: Iterable[str] = sys.stdin
    if not args.batch:
        if not args.text:
            raise WorldError("no text", "请写上要听懂的话，或者用 --batch 从标准输入读。")
        lines = [json.dumps({"id": 1, "text": "".join(args.text), "pending": args.pending, "dialect": args.dialect})]
    for line in run_batch(lines, engine):
        print(line, flush=True)
    return 0
