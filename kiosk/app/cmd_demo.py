"""`kiosk demo`: work the simulated devices of a running demonstration."""

from __future__ import annotations

import argparse
import json

from kiosk.adapters.simulated_devices import wish
from kiosk.app import settings
from kiosk.app.samples import samples


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", help="site file (TOML)")
    parser.add_argument("what", choices=["holders", "card", "take", "headphones", "key", "staff", "unplug"])
    parser.add_argument("value", nargs="?", default="", help="sample holder, on/off, key name, staff state")


def run(args: argparse.Namespace) -> int:
    site = settings.load(args.site)
    people = samples()
    if args.what == "holders":
        rows = [{"name": person.name, "number": person.number, "note": person.note} for person in people]
        print(json.dumps(rows, ensure_ascii=False) if args.json else
              "\n".join(f"{row['name']}\t{row['number']}\t{row['note']}" for row in rows))
        return 0
    answer = wish(site.folder / "demo.sock", **_wish(args.what, args.value, people))
    print(json.dumps(answer, ensure_ascii=False) if args.json else ("好了。" if answer.get("ok") else answer["error"]))
    return 0 if answer.get("ok") else 1


def _wish(what: str, value: str, people: list) -> dict[str, object]:  # type: ignore[type-arg]
    if what == "card":
        for person in people:
            if value in (person.name, person.number):
                return {"card": {"name": person.name, "number": person.number, "valid_until": person.valid_until}}
        return {"card": {"name": value, "number": value}}
    return {"take": {"card": None}, "headphones": {"headphones": value != "off"}, "key": {"key": value},
            "staff": {"staff": value or "coming"}, "unplug": {"reader_fault": "unplugged"}}[what]
