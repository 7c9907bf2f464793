"""`kiosk packs build | check | unheard | learn | forget`: what technicians do with the dialect packs; with the rule
packs: cmd_rules.py.

    kiosk packs check                     mistakes, words that sound alike, words the recogniser does not know
    kiosk packs unheard --days 7          what was not understood, put together by sound
    kiosk packs learn "句子" --as balance  teach one sentence; a running kiosk takes it over by itself
    kiosk packs forget "句子"              take it back
Exit code 0 good, 1 the answer is no (a grave mistake, a sentence that may not be learnt).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta

from kiosk import places
from kiosk.app import answers, cmd_rules, settings
from kiosk.app.meaning import understanding
from kiosk.app.settings import Site
from kiosk.fund.errors import WorldError
from kiosk.language.packs import PENDING, Example
from kiosk.language.syllables import CODES

WHAT = ("build", "check", "unheard", "learn", "forget", *cmd_rules.WHAT)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=WHAT, help="build 学习例句；check 检查方言包；unheard 列出没听懂的话；"
                                                   "learn 教一句；forget 收回教过的一句。规则包：" + cmd_rules.HELP)
    parser.add_argument("sentence", nargs="?", default="", metavar="SENTENCE|FOLDER",
                        help="learn、forget：那句话；规则包：它的文件夹、zip 或 U 盘；rollback：包的名字")
    parser.add_argument("--as", dest="intent", default="", metavar="INTENT", help="learn：它是什么意思，如 balance")
    parser.add_argument("--dialect", default="mandarin", choices=CODES, help="learn：哪种话（默认 mandarin）")
    parser.add_argument("--pending", default="", choices=PENDING, help="learn：只在问什么的时候才算（默认随时）")
    parser.add_argument("--days", type=int, default=30, help="unheard：看最近几天的（默认 30）")
    parser.add_argument("--all", action="store_true", help="check：容易听混的话全部列出")
    parser.add_argument("--site", help="site file (TOML)")
    cmd_rules.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    if args.what == "build":
        return _build(args.json)
    if args.what in cmd_rules.WHAT:
        return cmd_rules.run(args, settings.load(args.site))
    return {"check": _check, "unheard": _unheard, "learn": _learn, "forget": _forget}[args.what](
        args, settings.load(args.site))


def _build(as_json: bool) -> int:
    engine = understanding()
    answers.asking(engine, engine).prepare()
    print(json.dumps({"ok": True, "packs": list(engine.packs)}) if as_json else
          f"学好了：{'、'.join(pack.name for pack in engine.packs.values())}。")
    return 0


def _check(args: argparse.Namespace, site: Site) -> int:
    from kiosk.adapters.vosk_recogniser import MODEL
    from kiosk.app import packs_check

    report = packs_check.examine(places.ASSETS, site.packs, places.MODELS / MODEL)
    print(json.dumps(packs_check.as_json(report, args.all), ensure_ascii=False) if args.json else
          packs_check.as_text(report, args.all))
    return 0 if report.good else 1


# ------------------------------------------------------------------ learning from the hall


def _unheard(args: argparse.Namespace, site: Site) -> int:
    from kiosk.adapters.sqlite_unheard import SqliteUnheard
    from kiosk.app.compose import UNHEARD
    from kiosk.language.clusters import clustered

    file = site.folder / UNHEARD
    if not file.is_file():
        return _say(args, {"ok": True, "keeping": site.learning.keep, "clusters": []},
                    "还没有记下没听懂的话。" if site.learning.keep else
                    "没有开：在设置文件里写 [learning] keep = true 才会记（只记文字，不记声音，不记是谁）。")
    store = SqliteUnheard(file)
    try:
        notes = store.since(date.today() - timedelta(days=max(1, args.days) - 1))
    finally:
        store.close()
    engine = understanding(site.packs)
    found = clustered(notes, {code: pack.accent for code, pack in engine.packs.items()}, engine.accents("auto"))
    told = [{"text": c.text, "count": c.count, "variants": dict(c.texts.most_common()),
             "offered": dict(c.offered.most_common()), "pending": dict(c.pending), "dialects": dict(c.dialects)}
            for c in found]
    lines = [f"最近 {args.days} 天没听懂 {len(notes)} 句，按声音归成 {len(found)} 样："]
    for cluster in found:
        offered = "、".join(f"{intent}×{count}" for intent, count in cluster.offered.most_common())
        asked = "、".join(pending for pending in cluster.pending if pending)
        variants = "、".join(text for text, _ in cluster.texts.most_common()[1:4])
        lines.append(f"{cluster.count:5} 次  「{cluster.text}」" + (f"（也听成：{variants}）" if variants else "")
                     + (f"  正在问 {asked}" if asked else "") + (f"  问过：{offered}，都说不是" if offered else ""))
    if found:
        lines.append('教一句：kiosk packs learn "句子" --as 意思（意思的名字写错了会列出来）')
    return _say(args, {"ok": True, "keeping": site.learning.keep, "clusters": told}, "\n".join(lines))


def _learn(args: argparse.Namespace, site: Site) -> int:
    from kiosk.language import site_pack, teach

    if not args.sentence or not args.intent:
        raise WorldError("no sentence", '请写成：kiosk packs learn "句子" --as 意思')
    engine = understanding(site.packs)
    text = teach.bare(engine, args.sentence, args.dialect)
    example = Example(text, args.intent, args.pending)
    objection = teach.objection(engine, teach.Lesson(example, args.dialect))
    if objection:
        return _say(args, {"ok": False, "error": objection}, f"没有学「{text}」：{objection}", good=False)
    lessons = [*site_pack.read_site(site.packs).get(args.dialect, ()), example]
    path = _written(site, args.dialect, lessons)
    return _say(args, {"ok": True, "sentence": text, "intent": args.intent, "file": path},
                f"学会了：「{text}」是 {args.intent}。写在 {path}。\n"
                "开着的机器等这位办完事就用上，没人时最多半分钟；不用重启。")


def _forget(args: argparse.Namespace, site: Site) -> int:
    from kiosk.language import site_pack

    found = site_pack.read_site(site.packs)
    wanted = "".join(args.sentence.split())
    for dialect, lessons in found.items():
        kept = [lesson for lesson in lessons if lesson.text != wanted]
        if len(kept) < len(lessons):
            path = _written(site, dialect, kept)
            return _say(args, {"ok": True, "sentence": wanted, "file": path}, f"收回了「{wanted}」。")
    return _say(args, {"ok": False, "error": "没有教过这句话。"}, f"没有教过「{wanted}」。", good=False)


def _written(site: Site, dialect: str, lessons: Sequence[Example]) -> str:
    from kiosk.language import site_pack

    try:
        site_pack.write_site(site.packs, dialect, lessons)
    except OSError as fault:
        raise WorldError(str(fault), f"写不进 {site.packs}，请检查这个文件夹的权限和硬盘。") from fault
    return str(site_pack.corpus_file(site.packs, dialect))


def _say(args: argparse.Namespace, as_json: object, text: str, good: bool = True) -> int:
    print(json.dumps(as_json, ensure_ascii=False) if args.json else text,
          file=sys.stdout if good or args.json else sys.stderr)
    return 0 if good else 1
