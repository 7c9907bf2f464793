"""`kiosk demo`: work the simulated devices of a running demonstration."""

from __future__ import annotations

import argparse
import json

from kiosk.adapters.simulated_devices import wish
from kiosk.app import settings
from kiosk.app.samples import card_of, samples
from kiosk.fund.errors import WorldError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", help="site file (TOML)")
    parser.add_argument("what", choices=["holders", "card", "take", "headphones", "key", "staff", "unplug", "centre"])
    parser.add_argument("value", nargs="?", default="", help="sample holder, on/off, key name, staff state, faults as JSON")


def run(args: argparse.Namespace) -> int:
    site = settings.load(args.site)
    if args.what == "holders":
        rows = [{"id": person.id, "name": person.name, "note": person.note} for person in samples()]
        print(json.dumps(rows, ensure_ascii=False) if args.json else
              "\n".join(f"{row['id']}  {row['name']}  {row['note']}" for row in rows))
        return 0
    answer = wish(site.folder / "demo.sock", **_wish(args.what, args.value))
    print(json.dumps(answer, ensure_ascii=False) if args.json else ("好了。" if answer.get("ok") else answer["error"]))
    return 0 if answer.get("ok") else 1


def _wish(what: str, value: str) -> dict[str, object]:
    if what == "card":
        card = card_of(value)
        return {"card": {"name": card.name, "number": card.number, "valid_until": card.valid_until}}
    wishes: dict[str, dict[str, object]] = {
        "take": {"card": None}, "headphones": {"headphones": value != "off"}, "key": {"key": value},
        "staff": {"staff": value or "coming"}, "unplug": {"reader_fault": "unplugged"}}
    return wishes[what] if what in wishes else {"centre": _faults(value)}


def _faults(value: str) -> object:
    try:
        return json.loads(value or "{}")
    except json.JSONDecodeError:
        raise WorldError(value, "故障要写成 JSON，例如 '{\"slow\": 3}'；恢复写 '{}'。") from None
