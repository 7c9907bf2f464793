"""`kiosk notice`: a notice over everything, shown and said by the running kiosk within a second or two."""

from __future__ import annotations

import argparse
import json
import re

from kiosk.app import settings
from kiosk.app.bulletin_board import KINDS, BulletinBoard
from kiosk.dialogue.events import Bulletin
from kiosk.fund.errors import WorldError

#: Longer ones do not fit on the screen in the largest letters.
LONGEST = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", default="", help="要说的话，最多四十个字；maintenance 和 evacuate 可以不写")
    parser.add_argument("--kind", choices=KINDS, default="info",
                        help="info 一行通知；maintenance 不再接待新的人；evacuate 盖住一切，请大家离开")
    parser.add_argument("--clear", action="store_true", help="取下通知")
    parser.add_argument("--site", help="site file (TOML)")


def run(args: argparse.Namespace) -> int:
    board = BulletinBoard(settings.load(args.site).folder)
    if args.clear:
        told = "通知取下来了。" if board.take_down() else "本来就没有通知。"
    elif not args.text and args.kind == "info":
        up = board.read()
        told = f"现在的通知（{up.kind}）：{up.text or '（常用的话）'}" if up.kind else "现在没有通知。"
    else:
        _check(args.text)
        board.put_up(Bulletin(args.kind, args.text))
        told = "通知挂上了，正在运行的机器马上会说。"
    print(json.dumps({"ok": True, "told": told}, ensure_ascii=False) if args.json else told)
    return 0


def _check(text: str) -> None:
    if len(text) > LONGEST:
        raise WorldError(text, f"通知有{len(text)}个字，最多{LONGEST}个字，不然大字显示不下。")
    if re.search(r"\d{5,}", text):
        raise WorldError(text, "通知里不要写一长串数字，说出来听不清。")
