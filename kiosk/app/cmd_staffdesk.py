"""`kiosk staffdesk`: the page that shows on a staff PC which terminal is calling."""

from __future__ import annotations

import argparse

from kiosk.adapters.lan_staff_desk import StaffDesk
from kiosk.fund.errors import WorldError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address of this PC in the hall's network (default: this PC alone)")
    parser.add_argument("--port", type=int, default=8099)


def run(args: argparse.Namespace) -> int:
    try:
        desk = StaffDesk(args.host, args.port)
    except OSError:
        raise WorldError(f"{args.host}:{args.port}", "这个地址或端口用不了：换一个 --port，或者检查 --host。") from None
    desk.start()
    print(f"呼叫页：{desk.url}  自助机的设置文件里写 [staff] kind = \"lan\"，url = \"{desk.url}\"。按 Ctrl+C 结束。")
    try:
        desk.wait()
    finally:
        desk.stop()
    return 0
