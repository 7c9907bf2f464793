"""`kiosk complaints`: what the public has said at this terminal, for staff: list it, or mark one as dealt with."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date

from kiosk.app import compose, settings
from kiosk.ports.complaint_store import Complaint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--close", metavar="NUMBER", help="办结这一条：说的话删掉，编号留着")
    parser.add_argument("--all", action="store_true", help="办结的也列出来")
    parser.add_argument("--site", help="site file (TOML)")


def run(args: argparse.Namespace) -> int:
    store = compose.complaints(settings.load(args.site))
    if args.close:
        known = store.close(args.close, date.today())
        print(json.dumps({"ok": known}) if args.json else "办结了，说的话已经删掉。" if known else "没有这个编号。")
        return 0 if known else 1
    shown = [one for one in store.all() if args.all or one.closed_on is None]
    if args.json:
        print(json.dumps([asdict(one) for one in shown], ensure_ascii=False, default=str))
    else:
        print("\n".join(_line(one, date.today()) for one in shown) or "没有要办的意见。")
    return 0


def _line(one: Complaint, today: date) -> str:
    left = (one.answer_by - today).days if one.answer_by else None
    due = "" if left is None or one.closed_on else f"  还有{left}天答复" if left >= 0 else f"  过期{-left}天了"
    closed = "  已办结" if one.closed_on else ""
    return f"{one.number}  {one.title}  {one.day}{due}{closed}" + (f"\n    {one.text}" if one.text else "")
