"""`kiosk rehearse`: a whole visit without anybody there, through the real pipeline, without a screen.

The visitor's lines are spoken by another voice than the kiosk's (or come from recordings), go through voice activity,
recogniser, understanding and dialogue; the kiosk's answers become sound files; every screen becomes a picture; the
certificate is verified at the end. Visits are data: assets/rehearsals/*.yaml; those in its folder `devices` need more than a
reader and a printer, and so have no pace.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kiosk import places
from kiosk.app import settings
from kiosk.fund.errors import DataError, WorldError
from kiosk.ports.data_files import read_yaml

FOLDER = places.ASSETS / "rehearsals"
ACTIONS = ("say", "card", "take", "key", "touch", "type", "headphones", "notice", "paper")
"""`notice` is the kind of a notice that is put up (kiosk.dialogue.events.Bulletin), '' takes it down; `paper` lays a sample under
the camera, as `identity_front h06`."""
#: The ways in which one visit may be made: `turns`, `touch`, and the keys that follow from `touch` (kiosk.app.pace).
DOORS = ("voice", "touch", "keys")


@dataclass(frozen=True)
class Act:
    """One thing that the visitor does."""

    what: str
    value: str


@dataclass(frozen=True)
class Script:
    """`turns` are what is played; `touch` the same visit by touch, where the file tells it. `most` is how many seconds
    the visit may take at the pace of an elder, 0 where nobody has set a limit."""

    name: str
    title: str
    turns: tuple[Act, ...]
    touch: tuple[Act, ...] = ()
    most: float = 0.0
    voice: str = "zm_yunjian"
    speed: float = 0.9

    @property
    def spoken(self) -> tuple[str, ...]:
        return tuple(act.value for act in self.turns if act.what == "say")


def read_script(path: Path) -> Script:
    """Raises DataError with file, path and sentence."""
    raw = read_yaml(path)
    unknown = set(raw) - {"title", "voice", "speed", "turns", "touch", "most"}
    if unknown:
        raise DataError(path.name, f"不认识“{'、'.join(sorted(unknown))}”，可以写 title、voice、speed、turns、touch、most。")
    turns = _acts(path, "turns", raw.get("turns", []))
    if not turns:
        raise DataError(f"{path.name}: turns", "至少要有一步。")
    return Script(path.stem, str(raw.get("title", path.stem)), turns, _acts(path, "touch", raw.get("touch", [])),
                  float(raw.get("most", "0")), str(raw.get("voice", "zm_yunjian")), float(raw.get("speed", "0.9")))


def _acts(path: Path, name: str, given: Any) -> tuple[Act, ...]:
    acts = []
    for number, turn in enumerate(given, 1):
        if not isinstance(turn, dict) or len(turn) != 1 or next(iter(turn)) not in ACTIONS:
            raise DataError(f"{path.name}: {name}[{number}]", f"每一步写一件事，可以是：{'、'.join(ACTIONS)}。")
        (what, value), = turn.items()
        acts.append(Act(what, str(value)))
    return tuple(acts)


@dataclass
class Turn:
    """What happened after one act. Times in seconds; `decided_ms` from the endpoint to the decision, `answered_ms`
    from there to the first sound of the answer."""

    act: str
    value: str
    heard: str = ""
    intent: str = ""
    decision: str = ""
    visitor_seconds: float = 0.0
    decided_ms: float = 0.0
    answered_ms: float = 0.0
    says: list[str] = field(default_factory=list)
    kiosk_seconds: float = 0.0
    screen: str = ""
    seconds: float = 0.0


@dataclass
class Report:
    """What a rehearsal leaves behind. `lived` is how long the visit would have taken with a person in front:
    speech of both sides, the pause that ends an utterance, and what the kiosk took to think and print."""

    script: str
    title: str
    finished: bool
    lived_seconds: float
    folder: str
    papers: list[str]
    verified: list[str]
    turns: list[Turn]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = _names()
    parser.add_argument("script", nargs="*", default=[], help=f"which visits: {', '.join(names)} (default: retirement)")
    parser.add_argument("--out", help="folder for sounds, pictures, papers and transcript")
    parser.add_argument("--visitor", help="folder of recordings 01.wav, 02.flac … for the spoken lines, in order")
    parser.add_argument("--site", help="site file (TOML)")
    parser.add_argument("--all", action="store_true", help="every visit there is")
    parser.add_argument("--pace", choices=["elder"], help="no sound: how long the visit takes at the pace of an elder")
    parser.add_argument("--by", choices=DOORS, help="only by voice, touch or keys (with --pace: default all of them)")
    parser.add_argument("--table", action="store_true", help="with --pace: every visit, a line each")


def run(args: argparse.Namespace) -> int:
    names = _names() if args.all else (args.script or ["retirement_express" if args.pace else "retirement"])
    scripts = [read_script(_path_of(name)) for name in names]
    if args.pace:
        from kiosk.app import pace

        every = [read_script(path) for path in sorted(FOLDER.glob("*.yaml"))] if args.table and not args.script else scripts
        return pace.run(every, args.by, table=args.table, as_json=args.json)
    scripts = [replace(script, turns=script.touch) if args.by == "touch" else script for script in scripts]
    out = Path(args.out) if args.out else Path(tempfile.mkdtemp(prefix="xiangyin-rehearsal-"))
    reports = []
    for script in scripts:
        folder = out / script.name if len(scripts) > 1 else out
        reports.append(rehearse(script, folder, settings.load(args.site),
                                Path(args.visitor) if args.visitor else None, quiet=args.json))
    if args.json:
        print(json.dumps([asdict(report) for report in reports], ensure_ascii=False))
    return 0 if all(report.finished for report in reports) else 1


def _names() -> list[str]:
    return sorted(path.stem for path in FOLDER.rglob("*.yaml"))


def _path_of(name: str) -> Path:
    path = Path(name) if name.endswith(".yaml") else next(FOLDER.rglob(f"{name}.yaml"), FOLDER / name)
    if not path.is_file():
        raise WorldError(name, f"没有叫“{name}”的排演，assets/rehearsals 里有哪些可用 kiosk rehearse --help 查看。")
    return path


def rehearse(script: Script, out: Path, site: settings.Site, visitor: Path | None = None, *,
             quiet: bool = False) -> Report:
    """Play one visit into the folder `out`. Raises WorldError when a model is missing."""
    os.environ.setdefault("QT_QPA_PLATFORM", offscreen())
    from PySide6.QtWidgets import QApplication

    from kiosk.app.rehearsal import Rehearsal  # Qt is imported once the platform is chosen

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    began = time.perf_counter()
    rehearsal = Rehearsal(script, out, site, visitor, say=(lambda text: None) if quiet else _print)
    report = rehearsal.play(application)
    (out / "transcript.json").write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1), encoding="utf-8")
    (out / "transcript.md").write_text(as_text(report), encoding="utf-8")
    if not quiet:
        print(as_text(report))
        print(f"（排演用了 {time.perf_counter() - began:.0f} 秒）")
    return report


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def offscreen() -> str:
    """Qt's offscreen platform with a portrait panel; without a configuration its screen is 800×800."""
    screen: dict[str, Any] = {"name": "kiosk", "x": 0, "y": 0, "width": 1080, "height": 1920, "logicalDpi": 96,
                              "logicalBaseDpi": 96, "dpr": 1}
    file = Path(tempfile.mkdtemp(prefix="xiangyin-screen-")) / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={file}"


def as_text(report: Report) -> str:
    """The transcript for people."""
    lines = [f"# {report.title}", ""]
    for number, turn in enumerate(report.turns, 1):
        if turn.act == "say":
            lines.append(f"{number:>2}. 您：{turn.value}")
            lines.append(f"    听到：{turn.heard}（{turn.intent}，{turn.decision}；说了 {turn.visitor_seconds:.1f} 秒，"
                         f"判断 {turn.decided_ms:.0f} 毫秒，出声 {turn.answered_ms:.0f} 毫秒）")
        elif turn.act:
            lines.append(f"{number:>2}. [{turn.act} {turn.value}]")
        lines += [f"    机器：{said}" for said in turn.says]
        lines.append(f"    画面：{turn.screen}  这一步 {turn.seconds:.1f} 秒")
    minutes, seconds = divmod(round(report.lived_seconds), 60)
    lines += ["", f"真人办理约 {minutes} 分 {seconds} 秒。" + ("办完了。" if report.finished else "没有办完！"),
              f"声音、画面、单据都在：{report.folder}"]
    lines += [f"单据：{paper}" for paper in report.papers]
    lines += [f"验证：{line}" for line in report.verified]
    return "\n".join(lines) + "\n"
