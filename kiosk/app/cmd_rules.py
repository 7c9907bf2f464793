"""`kiosk packs lint | diff | import | rollback | list | sign | key`: what technicians do with the rule packs.

    kiosk packs lint FOLDER               all that is wrong with a pack, for who writes it
    kiosk packs diff FOLDER               what it would change here, in plain words
    kiosk packs import FOLDER             check signature and content, show the changes, take it over
    kiosk packs rollback [guiyang]        take the last import back
    kiosk packs list                      what is in force, what comes next, who signed
    kiosk packs key NAME.key              the publisher's key pair, once
    kiosk packs sign FOLDER --key NAME.key
FOLDER is a pack's folder, its zip, or a stick that holds one of them. Exit code 0 good, 1 the answer is no.
"""

from __future__ import annotations

import argparse
import json
import time
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kiosk import places
from kiosk.adapters import publisher_keys
from kiosk.adapters.publisher_keys import PublisherKey
from kiosk.adapters.rule_shelf import Change, refusal
from kiosk.adapters.sqlite_journal import SqliteJournal
from kiosk.app import compose
from kiosk.app.settings import Site
from kiosk.fund import rule_packs
from kiosk.fund.canonical import Plain
from kiosk.fund.errors import DataError, WorldError
from kiosk.fund.rule_packs import Manifest, RulePack, version_on
from kiosk.fund.rule_packs_diff import JUMP, Difference, Titles, differences, steps
from kiosk.fund.rule_packs_lint import BAD, DOUBT, Finding, Layers, lint
from kiosk.fund.rule_packs_seal import SEAL, Seal, Sealed, sealed
from kiosk.fund.rules import RuleBook

WHAT = ("lint", "diff", "import", "rollback", "list", "sign", "key")
HELP = ("lint 检查规则包；diff 看它改了什么；import 装上；rollback 撤回；list 现在用的是什么；sign 签名；key 做一把签名密钥")
MARKS = {BAD: "✗", DOUBT: "△"}
LIVE = "开着的机器等这位办完事就换上，没人时最多半分钟；不用重启。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", metavar="FILE", help="sign：签名密钥")
    parser.add_argument("--yes", action="store_true", help="import：有存疑的地方（△）也装，已经核对过了")


@dataclass
class Say:
    """What is printed: lines for people, or one JSON object."""

    as_json: bool

    def __post_init__(self) -> None:
        self.told: dict[str, object] = {}

    def line(self, text: str) -> None:
        if not self.as_json:
            print(text)

    def end(self, good: bool) -> int:
        if self.as_json:
            print(json.dumps({"ok": good, **self.told}, ensure_ascii=False))
        return 0 if good else 1


def run(args: argparse.Namespace, site: Site) -> int:
    say, target = Say(args.json), Path(args.sentence).expanduser()
    if args.what in ("lint", "diff", "import", "sign", "key") and not args.sentence:
        raise WorldError("no target", f"请写成：kiosk packs {args.what} {'文件.key' if args.what == 'key' else '规则包的文件夹'}")
    if args.what == "key":
        return _key(say, target)
    desk = _Desk(site, say)
    if args.what == "sign":
        return desk.sign(target, args.key)
    if args.what == "import":
        return desk.take(target, anyway=args.yes)
    if args.what == "rollback":
        return desk.take_back(args.sentence)
    return {"lint": desk.lint, "diff": desk.diff}[args.what](target) if args.what != "list" else desk.standing()


# ------------------------------------------------------------------ the publisher


def _key(say: Say, file: Path) -> int:
    made, public = publisher_keys.make(file)
    say.told |= {"key_id": made, "key": str(file), "public": str(public)}
    say.line(f"做好了，编号 {made}。\n{file} 是签名密钥，锁好，不要拷到自助机上。\n"
             f"{public} 是公钥，拷到每台自助机状态文件夹的 keys/publishers 里；文件名就是发布单位的名字。")
    return say.end(True)


# ------------------------------------------------------------------ the terminal


class _Desk:
    def __init__(self, site: Site, say: Say) -> None:
        self._site, self._say, self._city = site, say, site.centre.city
        self._shelf = compose.rule_shelf(site)
        #: Unsigned packs too: to write, compare and check, not to serve anybody.
        self._lenient = self._shelf.lenient()
        self._titles = Titles.load(places.ASSETS / "rules" / "titles.yaml")
        self._today = date.today()

    def lint(self, source: Path) -> int:
        with self._shelf.staged(source) as folder:
            return self._say.end(self._linted(folder))

    def sign(self, folder: Path, key: str | None) -> int:
        """At the publisher's. A pack with faults is not signed: the signature says that it is right."""
        if not key:
            raise WorldError("no key", "请写上签名密钥：kiosk packs sign 文件夹 --key 文件.key")
        manifest, signer = rule_packs.read_manifest(folder), PublisherKey(Path(key).expanduser())
        if not self._linted(folder):
            self._say.line("没有签。请改好再来。")
            return self._say.end(False)
        try:
            (folder / SEAL).write_text(sealed(folder, signer), encoding="utf-8")
        except OSError as fault:
            raise WorldError(str(fault), f"写不进 {folder}，请检查权限。") from fault
        self._say.told |= {"pack": manifest.id, "version": manifest.version, "key_id": signer.key_id}
        self._say.line(f"签好了：{manifest.title} {manifest.version}，密钥 {signer.key_id}，写在 {folder / SEAL}。"
                       "再改任何一个文件都要重新签。")
        return self._say.end(True)

    def diff(self, source: Path) -> int:
        with self._shelf.staged(source) as folder:
            pack = self._shelf.read(folder)
            self._announce(pack)
            self._changes(self._trial(pack))
            return self._say.end(True)

    def take(self, source: Path, *, anyway: bool) -> int:
        """Checked copy, not the stick itself: what was checked is what is put."""
        begun = time.monotonic()
        with self._shelf.staged(source) as folder:
            manifest = rule_packs.read_manifest(folder)
            self._must_be_ours(manifest)
            if not self._linted(folder, anyway):
                self._say.line("没有装。" + ("请改好再来。" if self._count(BAD) else "核对过 △ 的地方没有错，再加上 --yes。"))
                return self._say.end(False)
            pack = self._shelf.read(folder)
            self._announce(pack)
            if self._site.production and not pack.seal.good:
                return self._refuse(refusal(pack.seal.sentence))
            earlier = self._shelf.same_version(pack)
            if earlier and earlier.digest != pack.seal.digest:
                return self._refuse(f"已经装过 {earlier.version} 这个版本，内容不一样。改过的内容要换一个版本号。")
            if earlier and earlier.standing:
                self._say.line("这个版本已经装着了，不用再装。")
                return self._say.end(True)
            changes = self._trial(pack)
            self._changes(changes)
            if any(one.jump for one in changes or ()) and not anyway:
                return self._refuse(f"△ 的地方相差 {JUMP} 倍以上，没有装。核对过没有错，再加上 --yes。")
            with closing(self._journal()) as journal:
                key = self._intend(journal, "import", manifest.id, manifest.version, pack.seal.digest, pack.seal.key_id)
                self._shelf.put(pack, datetime.now())
                self._settle(journal, key)
            self._installed(pack, time.monotonic() - begun)
            return self._say.end(True)

    def take_back(self, pack_id: str) -> int:
        with self._shelf.locked():
            standing = [one for one in self._shelf.entries() if one.standing and pack_id in ("", one.id)]
            if not standing:
                return self._refuse("没有可以撤回的：这台机器没有装过" + (f" {pack_id} 的规则包。" if pack_id else "规则包。"))
            entry = standing[-1]
            change = Change(without=entry)
            after = self._shelf.book(self._city, change)  # must hold together without it
            self._say.told |= {"pack": entry.id, "version": entry.version}
            self._say.line(f"撤回：{entry.id} {entry.version}（{entry.at[:10]} 装的）")
            self._changes(self._compared(self._book_or_none(), after))
            with closing(self._journal()) as journal:
                key = self._intend(journal, "rollback", entry.id, entry.version, entry.digest, entry.key_id)
                self._shelf.take_back(entry)
                self._settle(journal, key)
            self._say.line(f"撤回了，按原来的规定办。{LIVE}\n再装回来：kiosk packs import，用原来的文件夹。")
            return self._say.end(True)

    # ------------------------------------------------------------ list

    def standing(self) -> int:
        told: list[dict[str, object]] = []
        for versions in self._shelf.layers(self._city):
            now = version_on(versions, self._today)
            for pack in versions:
                told.append(self._row(pack, pack is now))
        self._taken_back()
        book = self._shelf.book(self._city)
        for revised in book.under_revision(self._today):
            self._say.line(f"△ {revised.source.title}：正在修订，办理前请留意新规定。")
        coming = [day for day in book.changes() if day > self._today]
        self._say.line("接下来：" if coming else "接下来没有定好日子的变化。")
        told_changes = steps(book, coming, self._titles)
        for one in told_changes:
            self._say.line(f"  {one.sentence(self._today)}")
        self._say.told |= {"city": self._city, "packs": told, "coming": [_as_json(one, self._today) for one in told_changes]}
        return self._say.end(True)

    def _row(self, pack: RulePack, now: bool) -> dict[str, object]:
        m = pack.manifest
        when = "生效中" if now else f"{m.effective_from} 起生效" if m.effective_from > self._today else "已被替换"
        until = f"，到 {m.effective_to}" if m.effective_to else ""
        origin = "随程序带的" if pack.built_in else "装上的"
        revised = "，正在修订" if m.status == "under_revision" else ""
        self._say.line(f"{'●' if now else '○'} {m.id} {m.version}  {m.title}  {when}（{m.effective_from} 起{until}）{revised}  "
                       f"{origin}，{pack.seal.sentence}")
        return {"id": m.id, "version": m.version, "title": m.title, "in_force": now, "status": m.status,
                "effective_from": m.effective_from.isoformat(), "built_in": pack.built_in,
                "seal": str(pack.seal.state), "publisher": pack.seal.publisher, "digest": pack.seal.digest,
                "source": {"title": m.source.title, "url": m.source.url, "certainty": m.source.certainty}}

    def _taken_back(self) -> None:
        for entry in self._shelf.entries():
            if not entry.standing:
                self._say.line(f"× {entry.id} {entry.version}  撤回了（{entry.at[:10]} 装的）")

    # ------------------------------------------------------------ parts

    def _must_be_ours(self, manifest: Manifest) -> None:
        ours = [versions[0].manifest.id for versions in self._shelf_layers_for_import(manifest)]
        if manifest.id not in ours:
            raise WorldError(manifest.id, f"这是“{manifest.title}”，这台机器用的是 {' 和 '.join(ours)}（设置文件 centre.city），不装。")

    def _shelf_layers_for_import(self, manifest: Manifest) -> tuple[Sequence[RulePack], ...]:
        """In production the very first signed packs are imported before there is anything to stand on."""
        try:
            return self._lenient.layers(self._city)
        except DataError:
            if manifest.id == self._city:
                return ((RulePack(Path(), manifest, (), Seal(Sealed.UNSIGNED, "", "")),),)
            raise

    def _linted(self, folder: Path, anyway: bool = True) -> bool:
        found = lint(folder, self._around, self._titles, self._today)
        self._found: list[Finding] = found
        for one in found:
            self._say.line(f"{MARKS.get(one.level, '·')} {one}")
        self._say.told["findings"] = [{"level": one.level, "where": one.where, "sentence": one.sentence} for one in found]
        if not self._count(BAD) and not self._count(DOUBT):
            self._say.line("检查：没有问题。")
        return not self._count(BAD) and (anyway or not self._count(DOUBT))

    def _around(self, manifest: Manifest) -> tuple[Layers, Layers]:
        """What lies below a pack, and what this terminal's city lays over it."""
        shelf = self._lenient
        below = shelf.layers(manifest.extends) if manifest.extends else ()
        ours = [(versions[0].manifest.id, versions) for versions in shelf.layers(self._city)]
        names = [name for name, _ in ours]
        above = ours[names.index(manifest.id) + 1:] if manifest.id in names else []
        return below, tuple(versions for _, versions in above)

    def _count(self, level: str) -> int:
        return sum(one.level == level for one in self._found)

    def _announce(self, pack: RulePack) -> None:
        m = pack.manifest
        self._say.told |= {"pack": m.id, "version": m.version, "title": m.title, "seal": str(pack.seal.state),
                           "publisher": pack.seal.publisher, "effective_from": m.effective_from.isoformat(),
                           "digest": pack.seal.digest}
        self._say.line(f"规则包：{pack.name}（{m.id}），{m.effective_from} 起生效。来源：{m.source.title}")
        mark = "" if pack.seal.good else "△ "
        demo = "" if pack.seal.good or self._site.production else "演示可以用，正式运行会拒绝。"
        self._say.line(f"{mark}签名：{pack.seal.sentence}{demo}")

    def _trial(self, pack: RulePack) -> list[Difference] | None:
        """What the pack changes for its city on this terminal: the terminal's own, or the pack's when it is another."""
        shelf = self._lenient
        ours = [versions[0].manifest.id for versions in shelf.layers(self._city)]
        city = self._city if pack.manifest.id in ours else pack.manifest.id
        try:
            before = shelf.book(city)
        except DataError:
            before = None
        return self._compared(before, shelf.book(city, Change(adding=pack)))

    def _compared(self, before: RuleBook | None, after: RuleBook) -> list[Difference] | None:
        """None where there is nothing to compare with."""
        return None if before is None else differences(before, after, [*before.changes(), *after.changes()], self._titles)

    def _book_or_none(self) -> RuleBook | None:
        try:
            return self._lenient.book(self._city)
        except DataError:
            return None

    def _changes(self, found: Sequence[Difference] | None) -> None:
        self._say.told["changes"] = [_as_json(one, self._today) for one in found or ()]
        self._say.line("变化：以前没有这个城市的规则，没有可以比的。" if found is None else
                       f"变化 {len(found)} 处：" if found else "变化：没有。")
        for one in found or ():
            self._say.line(f"  {'△ ' if one.jump else ''}{one.sentence(self._today)}")

    def _installed(self, pack: RulePack, seconds: float) -> None:
        m = pack.manifest
        self._say.told["seconds"] = round(seconds, 2)
        later = m.effective_from > self._today
        self._say.line(f"装好了，用了 {seconds:.1f} 秒。"
                       + (f"{m.effective_from} 到了自己生效，不用重启。" if later else f"已经生效。{LIVE}")
                       + f"\n撤回：kiosk packs rollback {m.id}")

    def _refuse(self, sentence: str) -> int:
        self._say.told["error"] = sentence
        self._say.line(sentence)
        return self._say.end(False)

    # ------------------------------------------------------------ the journal

    def _journal(self) -> SqliteJournal:
        self._site.folder.mkdir(parents=True, exist_ok=True)
        return SqliteJournal(self._site.folder / "journal.sqlite")

    def _intend(self, journal: SqliteJournal, action: str, pack: str, version: str, digest: str, key_id: str) -> str:
        self._settle(journal)
        key = f"rules.{uuid.uuid4().hex}"
        facts: dict[str, Plain] = {"action": action, "pack": pack, "version": version, "digest": digest, "key_id": key_id}
        journal.intend(datetime.now(), "rules", key, facts)
        return key

    def _settle(self, journal: SqliteJournal, key: str = "") -> None:
        """Say what became of an intent, or of all that a power cut has left open: the shelf knows."""
        standing = {(one.id, one.version) for one in self._shelf.entries() if one.standing}
        for intent in journal.pending():
            if intent.kind == "rules" and key in ("", intent.key):
                there = (intent.facts["pack"], intent.facts["version"]) in standing
                wanted = intent.facts["action"] == "import"
                state = ("imported" if wanted else "rolled_back") if there is wanted else "interrupted"
                journal.conclude(datetime.now(), "rules", intent.key, {
                    "state": state, "pack": intent.facts["pack"], "version": intent.facts["version"]})


def _as_json(one: Difference, today: date) -> dict[str, object]:
    return {"title": one.title, "old": one.old, "new": one.new, "from": one.first.isoformat(),
            "until": one.last.isoformat() if one.last else "", "doubtful": one.jump, "text": one.sentence(today)}
