"""`kiosk journal verify | count | faces`: the tamper-evident record of everything that moved money or paper."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date

from kiosk.adapters.sqlite_journal import SqliteJournal
from kiosk.app import settings
from kiosk.fund.errors import WorldError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify", "count", "faces"],
                        help="verify: 核对整条链；count: 各类笔数；faces: 满意、一般、不满意各多少")
    parser.add_argument("--site", help="site file (TOML)")
    parser.add_argument("--day", help="count: only this day, 2026-11-21")


def run(args: argparse.Namespace) -> int:
    file = settings.load(args.site).folder / "journal.sqlite"
    if not file.is_file():
        raise WorldError(str(file), "还没有流水账：这台机器还没有启动过，或者设置文件里的 state 文件夹不对。")
    journal = SqliteJournal(file)
    try:
        if args.what == "faces":
            return _faces(journal, args.json)
        return _verify(journal, args.json) if args.what == "verify" else _count(journal, args.day, args.json)
    finally:
        journal.close()


def _faces(journal: SqliteJournal, as_json: bool) -> int:
    written = journal.of_kind("faces")
    told = {name: sum(int(str(one.facts[name])) for one in written) for name in ("good", "fair", "poor")}
    print(json.dumps(told) if as_json else f"满意 {told['good']}，一般 {told['fair']}，不满意 {told['poor']}")
    return 0


def _verify(journal: SqliteJournal, as_json: bool) -> int:
    report = journal.verify()
    if as_json:
        print(json.dumps({"ok": report.good, **asdict(report)}, ensure_ascii=False))
    elif report.good:
        print(f"完好：{report.records} 条记录首尾相接。最后一条的校验值 {report.head}")
    else:
        print(f"第 {report.bad} 条记录不对：{report.why} 请保留现场，联系中心的信息部门。")
    return 0 if report.good else 1


def _count(journal: SqliteJournal, day: str | None, as_json: bool) -> int:
    try:
        counts = dict(journal.counts(date.fromisoformat(day) if day else None))
    except ValueError:
        raise WorldError(str(day), "日期写成 2026-11-21 这样。") from None
    print(json.dumps(counts, ensure_ascii=False) if as_json else
          "\n".join(f"{kind}\t{number}" for kind, number in counts.items()) or "还没有记录。")
    return 0
