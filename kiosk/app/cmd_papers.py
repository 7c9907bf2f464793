"""`kiosk papers FOLDER`: every paper that the kiosk prints, of invented people, and what `kiosk verify` says of it.

For the person who sets up a hall (do the layouts suit the centre?) and for the documents. A centre, a journal and a key
of their own lie in FOLDER, so nothing of the kiosk's own state is touched.
"""

from __future__ import annotations

import argparse
import itertools
import json
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from kiosk.adapters import pdf_pages
from kiosk.adapters.file_printer import FilePrinter
from kiosk.app.cmd_verify import own_words
from kiosk.app.samples import card_of, samples
from kiosk.app.settings import Site
from kiosk.counter.counter import Counter
from kiosk.fund.certificate_kinds import KINDS
from kiosk.fund.errors import WorldError
from kiosk.ports.tasks import Facts, Outcome


@dataclass(frozen=True)
class Sample:
    """One printed paper. `check` is the sentence of kiosk verify, `exit_code` its exit code."""

    kind: str
    holder: str
    enlarged: bool
    file: Path
    pages: int
    check: str
    exit_code: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="放样张的空文件夹 an empty folder")
    parser.add_argument("--kind", choices=[kind.removeprefix("certificate.") for kind in KINDS], help="只打这一种 only this one")
    parser.add_argument("--of", default="", help="谁的（样例人物），不写就找第一个能打的 a sample holder")
    parser.add_argument("--period", default="全部", help="账户明细的起止，如 最近一年 of the statement")
    parser.add_argument("--site", help="site file (TOML)")


def run(args: argparse.Namespace) -> int:
    from kiosk.adapters.paper_fonts import application
    from kiosk.app import settings

    if args.folder.exists() and any(args.folder.iterdir()):
        raise WorldError("not empty", f"{args.folder} 里已经有东西了，请给一个空文件夹。")
    keep = application()
    wanted = [f"certificate.{args.kind}"] if args.kind else list(KINDS)
    made = print_all(settings.load(args.site), args.folder, wanted, args.of, args.period)
    del keep
    if args.json:
        print(json.dumps([{"kind": one.kind, "holder": one.holder, "enlarged": one.enlarged, "file": str(one.file),
                           "pages": one.pages, "check": one.check, "exit_code": one.exit_code} for one in made],
                         ensure_ascii=False))
    else:
        for one in made:
            print(f"{one.file.name}  {one.pages} 页  {one.check}")
    return max((one.exit_code for one in made), default=1)


def print_all(site: Site, folder: Path, kinds: list[str], holder: str = "", period: str = "全部") -> list[Sample]:
    """Each kind in usual and in large letters. Needs a QGuiApplication. Raises WorldError where nobody can have one."""
    from kiosk.app import compose

    state = msgspec.structs.replace(site, state=str(folder.absolute() / "state"))
    counter = compose.counter(state, compose.paper(site), FilePrinter(folder / "tray", production=site.production, pace=0))
    papers = _Papers(counter, state, folder)
    return [papers.printed(kind, holder, period, enlarged) for kind in kinds for enlarged in (False, True)]


class _Papers:
    def __init__(self, counter: Counter, site: Site, folder: Path) -> None:
        self._counter, self._site, self._folder = counter, site, folder
        self._keys = map(str, itertools.count(1))

    def printed(self, kind: str, holder: str, period: str, enlarged: bool) -> Sample:
        from kiosk.app import cmd_verify, compose

        facts = {"certificate_kind": kind, "copies": 1, "enlarged": int(enlarged), "period": period}
        found = next((told for who in ([holder] if holder else [person.id for person in samples()])
                      if (told := self._able(who, facts))), None)
        if found is None:
            raise WorldError("nobody", f"没有样例人物能打这一种：{kind}。")
        done = self._do("certificate.print", found, next(self._keys))
        if done.name != "printed":
            raise WorldError("not printed", str(done.facts.get("trouble", done.name)))
        file = self._folder / f"{kind.removeprefix('certificate.')}{'_large' if enlarged else ''}.pdf"
        newest = max((self._folder / "tray").glob("*.pdf"), key=lambda path: path.name)
        newest.replace(file)
        finding = cmd_verify.examine(file, self._counter.checker, compose.rule_book(self._site).on, own_words(self._site))
        return Sample(kind, str(found["name_masked"]), enlarged, file, pdf_pages.page_count(file), finding.sentence,
                      finding.exit_code)

    def _able(self, who: str, facts: Facts) -> dict[str, object] | None:
        """The facts of a session of this person, if this certificate can be printed for them."""
        card = card_of(who)
        found = self._do("identity.by_card", {"card": replace(card, valid_until="")})
        known = {**found.facts, **facts}
        if found.name != "found" or self._do("certificate.check", known).name != "able":
            return None
        return known

    def _do(self, task: str, facts: Facts, key: str = "") -> Outcome:
        return self._counter.perform(task, facts, key, lambda name, more: None)
