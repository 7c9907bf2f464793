"""`kiosk packs build | check`: what technicians do with the dialect packs."""

from __future__ import annotations

import argparse
import json

from kiosk import places
from kiosk.app.meaning import understanding
from kiosk.language.check import check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["build", "check"], help="build: 学习例句；check: 检查方言包")


def run(args: argparse.Namespace) -> int:
    return _build(args.json) if args.what == "build" else _check(args.json)


def _build(as_json: bool) -> int:
    engine = understanding()
    print(json.dumps({"ok": True, "packs": list(engine.packs)}) if as_json else
          f"学好了：{'、'.join(pack.name for pack in engine.packs.values())}。")
    return 0


def _check(as_json: bool) -> int:
    problems = check(places.ASSETS)
    if as_json:
        print(json.dumps({"ok": not problems, "problems": [str(problem) for problem in problems]}, ensure_ascii=False))
    else:
        print("\n".join(str(problem) for problem in problems) or "方言包都好。")
    return 1 if any(problem.grave for problem in problems) else 0
