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
    parser.add_argument("what", choices=["holders", "card", "take", "headphones", "key", "staff", "unplug", "centre", "paper"])
    parser.add_argument("value", nargs="?", default="", help="sample holder, on/off, key name, staff state, faults as JSON; "
                        "for paper: the kind (identity_front, identity_back, bank_card, marriage, purchase_invoice)")
    parser.add_argument("--of", default="h01", help="paper: whose (sample holder)")


def run(args: argparse.Namespace) -> int:
    site = settings.load(args.site)
    if args.what == "holders":
        rows = [{"id": person.id, "name": person.name, "note": person.note} for person in samples()]
        print(json.dumps(rows, ensure_ascii=False) if args.json else
              "\n".join(f"{row['id']}  {row['name']}  {row['note']}" for row in rows))
        return 0
    if args.what == "paper":
        print(f"{lay_paper(site, args.value or 'identity_front', args.of)}：样例放好了，屏幕上说“放好了”就看。")
        return 0
    answer = wish(site.folder / "demo.sock", **_wish(args.what, args.value))
    print(json.dumps(answer, ensure_ascii=False) if args.json else ("好了。" if answer.get("ok") else answer["error"]))
    return 0 if answer.get("ok") else 1


def lay_paper(site: settings.Site, kind: str, whose: str) -> str:
    """Put a drawn sample under the demonstration's camera (the folder scanner)."""
    from kiosk.adapters import ocr_reader
    from kiosk.adapters.folder_scanner import FolderScanner

    if lacking := ocr_reader.missing():
        raise WorldError(lacking, "看证件的软件没有装：.venv/bin/python -m pip install -e '.[precheck]'")
    from kiosk.app import precheck_samples as papers

    person = next((one for one, holder in zip(papers.people(len(samples())), samples(), strict=True)
                   if whose in (holder.id, holder.name)), None)
    if person is None or kind not in papers.PAPERS:
        raise WorldError(f"{kind} {whose}", f"没有这个样例。证件：{'、'.join(papers.PAPERS)}；人：kiosk demo holders。")
    picture = papers.as_file(papers.CONDITIONS["turned_8"](papers.PAPERS[kind](person), 1))
    return FolderScanner(site.folder / "scanner", production=site.production).put(picture, f"{kind}.png").name


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
