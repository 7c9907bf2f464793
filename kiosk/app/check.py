"""`kiosk check`: does this machine work? Each line is one thing, good or not, and what to do about it.

--content   data only (flows, sentences, packs, rules, layouts): what CI runs
--screens   pictures of every screen into a folder, to be looked at
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from kiosk import places
from kiosk.app import models, settings
from kiosk.app.settings import Site
from kiosk.fund.errors import DataError, WorldError

#: Journal, papers and the speech cache of a year, with room to spare.
LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Finding:
    """`state` is good, warning (goes on without) or bad; `sentence` what was found and what to do."""

    name: str
    state: str
    sentence: str


Check = Callable[[Site], Iterator[Finding]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", help="site file (TOML)")
    parser.add_argument("--content", action="store_true", help="data files only")
    parser.add_argument("--screens", metavar="DIR", help="also write pictures of every screen")


def run(args: argparse.Namespace) -> int:
    site = settings.load(args.site)
    pictures = [_screens(Path(args.screens))] if args.screens else []  # first: the other checks make do with half of Qt
    found = [*examine(site, CONTENT if args.content else CONTENT + MACHINE), *pictures]
    if args.json:
        print(json.dumps({"ok": _good(found), "findings": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        marks = {"good": "✓", "warning": "△", "bad": "✗"}
        for one in found:
            print(f"{marks[one.state]} {one.name}：{one.sentence}")
        print("都好。" if _good(found) else "有问题，请照上面 ✗ 的提示处理。")
    return 0 if _good(found) else 1


def _good(found: list[Finding]) -> bool:
    return all(one.state != "bad" for one in found)


def examine(site: Site, checks: tuple[Check, ...]) -> Iterator[Finding]:
    """Run the checks; one that meets a world error says so and the next goes on."""
    told: set[str] = set()  # one broken file may stop several checks
    for check in checks:
        try:
            found = list(check(site))
        except WorldError as fault:
            found = [Finding(_NAMES[check.__name__], "bad", fault.sentence)]
        for one in found:
            if one.state != "bad" or one.sentence not in told:
                yield one
            told.add(one.sentence)


# ------------------------------------------------------------------ data


def _flows(site: Site) -> Iterator[Finding]:
    from kiosk.app import compose
    from kiosk.counter.catalogue import TASKS
    from kiosk.dialogue import loader

    book = compose.sentences()
    problems = [*book.problems(), *loader.check(places.ASSETS, TASKS, book)]
    yield from _listed("流程和句子", problems, "每一步都走得到、走得出，每句话都在。")


def _language(site: Site) -> Iterator[Finding]:
    from kiosk.app import packs_check

    report = packs_check.examine(places.ASSETS, site.packs)
    well = f"例句都能听懂，没有互相抢的句子；{len(report.confusions)} 对容易听混的话都有确认挡着。"
    yield from _listed("方言包", [str(problem) for problem in report.problems], well)
    if report.unreviewed:
        yield Finding("方言包", "warning", f"试用，还没有当地人审读：{'、'.join(report.unreviewed)}。")


def _rules(site: Site) -> Iterator[Finding]:
    from kiosk.app import compose
    from kiosk.fund.rule_packs import version_on

    book, today = compose.rule_book(site), date.today()
    standing = [version_on(versions, today) for versions in compose.rule_shelf(site).layers(site.centre.city)]
    names = "、".join(f"{pack.name}（{pack.seal.sentence.rstrip('。')}）" for pack in standing if pack)
    coming = "、".join(day.isoformat() for day in book.changes() if day > today)
    yield Finding("政策规则", "good", f"{names}；接下来变化的日子：{coming or '还没有'}。")
    for revised in book.under_revision(today):
        yield Finding("政策规则", "warning", f"正在修订：{revised.source.title}。")


def _answers(site: Site) -> Iterator[Finding]:
    from kiosk.app import answers

    problems, told = answers.examine()
    yield from _listed("问答", problems, told)


def _papers(site: Site) -> Iterator[Finding]:
    from kiosk.adapters import paper_layout

    names = sorted(path.stem for path in (places.ASSETS / "certificates").glob("*.yaml"))
    problems = []
    for name in names:
        try:
            paper_layout.load(name)
        except DataError as fault:
            problems.append(fault.sentence)
    yield from _listed("单据版式", problems, f"{len(names)} 种版式都完整。")


def _documents(site: Site) -> Iterator[Finding]:
    from kiosk.counter.precheck_documents import Documents

    book = Documents.load(places.ASSETS / "precheck" / "documents.yaml")
    yield Finding("预检的证件", "good", f"{len(book.documents)} 种证件，{len(book.pages)} 种页面都写全了。")


def _rehearsals(site: Site) -> Iterator[Finding]:
    from kiosk.app.rehearse import FOLDER, read_script
    from kiosk.app.samples import samples

    scripts = [read_script(path) for path in sorted(FOLDER.glob("*.yaml"))]
    for script in scripts:
        for act in (*script.turns, *script.touch):
            if act.what == "card" and act.value not in {person.id for person in samples()}:
                raise DataError(f"{script.name}.yaml: card", f"没有叫“{act.value}”的样例人物，kiosk demo holders 可以列出来。")
    yield Finding("排演", "good", f"{len(scripts)} 个：{'、'.join(script.name for script in scripts)}。")


def _looks(site: Site) -> Iterator[Finding]:
    from kiosk.listening.turns import load_pauses
    from kiosk.ui.theme import load_theme, theme_names
    from kiosk.ui.words import words

    for name in theme_names():
        load_theme(name)
    words()
    load_pauses(places.ASSETS / "listening" / "pauses.yaml")
    yield Finding("配色和停顿", "good", f"{len(theme_names())} 种配色都看得清，停顿都写全了。")


def _listed(name: str, problems: list[str], well: str) -> Iterator[Finding]:
    if not problems:
        yield Finding(name, "good", well)
    for problem in problems:
        yield Finding(name, "bad", problem)


# ------------------------------------------------------------------ machine


def _models(site: Site) -> Iterator[Finding]:
    lacking = models.missing()
    for model in lacking:
        yield Finding("模型", "warning", f"缺 {model.name}（{model.purpose}）。运行 kiosk models fetch 安装。")
    if not lacking:
        yield Finding("模型", "good", "听和说的模型都在。")


def _dialects(site: Site) -> Iterator[Finding]:
    """Each dialect that people here speak, or that a recogniser is here for: only what has passed its test is offered."""
    from kiosk.app.dialect_models import DialectModels
    from kiosk.language.packs import load_packs

    packs, known = load_packs(places.ASSETS), DialectModels(site.folder)
    near = [pack.name for pack in packs.values() if pack.near and pack.code != "mandarin"]
    yield Finding("方言", "good", f"普通话的识别模型听得懂：{'、'.join(near)}。")
    for code, pack in packs.items():
        tried = {model.name: trial for model in known.for_dialect(code) if (trial := known.trial(model))}
        for name, trial in tried.items():
            yield (Finding(pack.name, "good", f"{name} 装好了，{trial.sentence}") if trial.passed else
                   Finding(pack.name, "warning", f"{name} 还不能用：{trial.sentence}"))
        if code in site.dialects.local and not pack.near and not tried:
            yield Finding(pack.name, "warning", f"本地说{pack.name}，还没有装它的识别模型，只能请人说普通话或点屏幕。"
                                                f"运行 kiosk models fetch {code} 安装。")


def _font(site: Site) -> Iterator[Finding]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from kiosk.ui.theme import font_family, font_missing

    application = QGuiApplication.instance() or QGuiApplication([])
    assert application is not None
    lacking = font_missing()
    yield (Finding("中文字体", "bad", f"字体里缺“{lacking}”，屏幕会显示方块，请重新运行 scripts/run.sh。") if lacking else
           Finding("中文字体", "good", f"{font_family()}，常用字和生僻姓名字都有。"))


def _microphone(site: Site) -> Iterator[Finding]:
    from kiosk.adapters import portaudio
    from kiosk.ports.sound import SoundError

    for kind, name, without in (("input", "麦克风", "只能触摸和按键办理"), ("output", "喇叭", "只能看屏幕办理")):
        wanted = site.sound.microphone if kind == "input" else site.sound.loudspeaker
        try:
            yield Finding(name, "good", f"会用 {portaudio.find_device('', kind)}{f'（{wanted}）' if wanted else ''}。")
        except SoundError as fault:
            yield Finding(name, "warning", f"{fault.sentence}现在{without}。")


def _camera(site: Site) -> Iterator[Finding]:
    from kiosk.adapters import ocr_reader, uvc_scanner
    from kiosk.app import compose
    from kiosk.ports.scanner import ScannerState

    kind = site.scanner_kind
    if kind == "none":
        yield Finding("看证件（预检）", "good", "没有设摄像头，不看证件。")
    elif lacking := ocr_reader.missing():
        yield Finding("看证件（预检）", "warning", f"读字的软件没有装（缺 {lacking}），不看证件。运行 "
                      ".venv/bin/python -m pip install -e '.[precheck]' 补装。")
    elif compose.scanner(site).state() is not ScannerState.READY:
        there = "、".join(name for _, name in uvc_scanner.cameras()) or "没有"
        yield Finding("看证件（预检）", "warning", f"没有找到名字里有“{site.scanner.name}”的摄像头，或者不让用。现在有的摄像头：{there}。")
    else:
        where = f"演示：图片放进 {site.folder / 'scanner'}" if kind == "folder" else site.scanner.name or "第一个摄像头"
        yield Finding("看证件（预检）", "good", f"{where}，能看。")


def _printer(site: Site) -> Iterator[Finding]:
    from kiosk.app import compose
    from kiosk.ports.printer import PrintState

    report = compose.printer(site).check()
    if report.state is not PrintState.READY:
        yield Finding("打印机", "bad", f"现在是 {report.state} 状态（{report.detail}），请检查纸、盖子和连线。")
        return
    kind = f"演示：存到 {site.folder / 'papers'}" if site.paper.kind == "folder" else site.paper.queue
    low = f"快用完了：{'、'.join(report.low)}。" if report.low else ""
    yield Finding("打印机", "warning" if low else "good", f"{kind}，可以打印。{low}")


def _journal(site: Site) -> Iterator[Finding]:
    from kiosk.adapters.sqlite_journal import SqliteJournal

    file = site.folder / "journal.sqlite"
    if not file.is_file():
        yield Finding("流水账", "good", "还没有记录，第一次启动时建立。")
        return
    journal = SqliteJournal(file)
    try:
        report = journal.verify()
    finally:
        journal.close()
    yield (Finding("流水账", "good", f"{report.records} 条记录完好。") if report.good else
           Finding("流水账", "bad", f"第 {report.bad} 条记录不对：{report.why}"))


def _disk(site: Site) -> Iterator[Finding]:
    folder = site.folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    yield (Finding("硬盘", "good", f"还有 {free} MB。") if free >= LEAST_FREE_MB else
           Finding("硬盘", "bad", f"只剩 {free} MB，至少要 {LEAST_FREE_MB} MB，请清理。"))


def _site(site: Site) -> Iterator[Finding]:
    m = site.machine
    mode = "正式运行" if site.production else "演示（样例中心、样例身份证，不动真钱）"
    yield Finding("这台机器", "good", f"{m.number} 号，{m.hall}{m.place}，{mode}。")


def _screens(folder: Path) -> Finding:
    from kiosk.app.rehearse import offscreen

    os.environ.setdefault("QT_QPA_PLATFORM", offscreen())
    from PySide6.QtWidgets import QApplication

    from kiosk.ui.gallery import gallery

    application = QApplication.instance() or QApplication([])
    assert application is not None
    made = gallery(folder)
    return Finding("画面", "good", f"{len(made)} 张在 {folder}，请打开看看。")


CONTENT: tuple[Check, ...] = (_flows, _language, _rules, _answers, _papers, _documents, _rehearsals, _looks)
MACHINE: tuple[Check, ...] = (_site, _models, _dialects, _font, _microphone, _camera, _printer, _journal, _disk)
#: What a check is called where a broken file keeps it from telling.
_NAMES = {"_flows": "流程和句子", "_language": "方言包", "_rules": "政策规则", "_answers": "问答", "_papers": "单据版式",
          "_documents": "预检的证件", "_rehearsals": "排演", "_looks": "配色和停顿", "_site": "这台机器", "_models": "模型",
          "_dialects": "方言", "_font": "中文字体", "_microphone": "麦克风", "_camera": "看证件（预检）", "_printer": "打印机",
          "_journal": "流水账", "_disk": "硬盘"}
