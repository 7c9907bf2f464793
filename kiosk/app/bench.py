"""`kiosk bench start | hearing | speaking | voices | understanding | knowledge | precheck | all`: the figures of the documents, measured again here.

start          to the first frame and to listening, in new processes; processor and memory while it listens
hearing        end of speech to decision; processor time per second of speech. With --data: instead how much is heard right,
               beside baselines, in noise and over visits (half an hour for all clips the first time; decodes are kept)
speaking       decision to first sound, for kept and for made sentences; processor time per second of speech; on a private
               sound server also when it is audible, and silent again after an interruption
voices         how well the recogniser understands each voice, and slow speech (some minutes; not part of all)
understanding  how much of a table of utterances (--data, else the one beside the checkout) is understood right, beside
               baselines, and how it scales; without a table, only how fast
knowledge      how often the question that was asked is found, on paraphrases that the answers' files do not hold (--data, else the
               table beside the checkout), with recognition errors, and how often talk is answered
precheck       how papers are read, field by field, in every way in which samples are photographed (some minutes; not part of all;
               --runs says of how many people)

Medians and worst of several runs beside the aims; processor times and ratios mean something on a busy machine, too.
Exit code 0 when everything was measured, 3 when something is missing here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from kiosk.app import bench_figures, settings
from kiosk.app.bench_figures import Figure

MISSING = 3
ALL = ("start", "hearing", "speaking", "understanding")
WHAT = (*ALL, "voices", "knowledge", "precheck", "all")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=WHAT, help="量什么")
    parser.add_argument("--runs", type=_count, metavar="N", default=3, help="每样量几次（默认 3）")
    parser.add_argument("--seconds", type=_count, metavar="N", default=10, help="start：听多少秒来量处理器（默认 10）")
    parser.add_argument("--cold", action="store_true", help="start：每次先把文件移出系统缓存，像刚开机一样")
    parser.add_argument("--parts", action="store_true", help="start：再逐项说启动时间花在哪里")
    parser.add_argument("--clips", type=Path, metavar="DIR", help="hearing：用这个文件夹里的录音，不当场合成")
    parser.add_argument("--most", type=_count, default=20, help="hearing：最多听几段录音；voices：每个嗓音说几句（默认 20）")
    parser.add_argument("--data", type=Path, nargs="+", default=[], metavar="PATH",
                        help="understanding：例句表（TSV）；hearing：带 manifest.tsv 的录音文件夹，或例句表（当场合成），量听对多少")
    parser.add_argument("--every", type=_count, default=1, metavar="N", help="hearing --data：只听每第 N 段")
    parser.add_argument("--mistakes", action="store_true", help="hearing --data、knowledge：再列出错的")
    parser.add_argument("--dialect", default="auto", choices=("auto", "known"),
                        help="understanding：不告诉机器说的是什么话（auto，默认），或告诉（known）")
    parser.add_argument("--plot", metavar="FILE", help="understanding：再画成图（SVG）")
    parser.add_argument("--quick", action="store_true", help="understanding：不另学一遍（去掉包里像例句表的句子，约一分钟）")
    parser.add_argument("--sound", action="store_true", help="understanding：例句表旁边的录音也听一遍（几分钟）")
    parser.add_argument("--site", help="site file (TOML)")


def _count(text: str) -> int:
    """At least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"要一个大于 0 的整数，现在是“{text}”")
    return int(text)


def run(args: argparse.Namespace) -> int:
    wanted = ALL if args.what == "all" else (args.what,)
    figures: list[Figure] = []
    extra: dict[str, object] = {}
    facts = bench_figures.machine()  # before: what is measured makes a load of its own
    if not args.json:
        print(bench_figures.about(facts), flush=True)
    for what in wanted:
        if not (what == "hearing" and args.data):
            figures += _MEASURES[what](args)
        extra |= dict(_extra(what, args))
    if args.json:
        print(json.dumps({"machine": facts, "figures": [f.as_json() for f in figures], **extra}, ensure_ascii=False))
    else:
        if figures:
            print(bench_figures.table(figures))
        for text in extra.values():
            print(f"\n{text}")
    return 0 if all(figure.values for figure in figures) else MISSING


# ------------------------------------------------------------------ each measure


def _start(args: argparse.Namespace) -> list[Figure]:
    from kiosk.app import bench_start

    return bench_start.measure(settings.load(args.site), args.runs, args.seconds, args.cold)


def _hearing(args: argparse.Namespace) -> list[Figure]:
    from kiosk.app import bench_speed

    return bench_speed.hearing(args.site, args.clips, args.runs, args.most)


def _speaking(args: argparse.Namespace) -> list[Figure]:
    from kiosk.app import bench_out, bench_sound, bench_speed

    figures = bench_speed.speaking(settings.load(args.site), args.runs)
    if lacking := bench_sound.missing():
        return [*figures, Figure("speaking.hush", "打断到安静", "ms", (), bench_out.SILENT_IN, f"这台机器没有 {lacking}")]
    return figures + bench_out.measure(args.runs)


def _understanding(args: argparse.Namespace) -> list[Figure]:
    """The time for each of the packs' own examples; how well it understands needs a table of its own (--data)."""
    from kiosk import places
    from kiosk.app import bench_understanding
    from kiosk.language import understand

    engine = understand.load(places.ASSETS)
    rows = [bench_understanding.Row("", example.intent, {}, example.pending, code, example.text)
            for code, pack in engine.packs.items() for example in pack.examples]
    times = bench_understanding.run(rows, engine, "auto").times
    return [Figure("understanding.time", "理解一句文字", "ms", tuple(times), None, f"包里的 {len(rows)} 个例句")]


def _voices(args: argparse.Namespace) -> list[Figure]:
    """Tables only."""
    return []


def _knowledge(args: argparse.Namespace) -> list[Figure]:
    from kiosk.app import bench_knowledge

    return bench_knowledge.figures()


def _precheck(args: argparse.Namespace) -> list[Figure]:
    from kiosk.app import bench_precheck

    return bench_precheck.figures(bench_precheck.measure(args.runs))


_MEASURES: dict[str, Callable[[argparse.Namespace], list[Figure]]] = {
    "start": _start, "hearing": _hearing, "speaking": _speaking, "understanding": _understanding, "knowledge": _knowledge, "voices": _voices,
    "precheck": _precheck}


# ------------------------------------------------------------------ what is no figure


def _extra(what: str, args: argparse.Namespace) -> Iterator[tuple[str, object]]:
    """(name, JSON value or text) of what is told besides the figures."""
    if what == "voices":
        yield from _listened(args)
    if what == "precheck":
        from kiosk.app import bench_precheck

        if report := bench_precheck.measure(args.runs):
            yield "precheck", report.as_json() if args.json else report.as_text()
    if what == "start" and args.parts:
        yield "parts", _parts(args.json)
    if what == "knowledge":
        yield from _asked(args)
    if what == "understanding" and args.what == what:
        yield from _understood(args)
    if what == "hearing" and args.what == what and args.data:
        yield from _heard(args)


def _listened(args: argparse.Namespace) -> Iterator[tuple[str, object]]:
    from kiosk.app import bench_voices

    site = settings.load(args.site)
    speakers, paces = bench_voices.speakers(site, args.most), bench_voices.paces(site, args.most, site.sound.voice)
    if args.json:
        yield "speakers", [asdict(one) for one in speakers]
        yield "paces", [{"rate": rate, "model": asdict(asked), "stretched": asdict(made)} for rate, asked, made in paces]
    else:
        yield "speakers", bench_voices.table(speakers)
        yield "paces", bench_voices.table_of_paces(paces)


def _parts(as_json: bool) -> object:
    from kiosk.app import bench_parts

    parts = bench_parts.measure()
    if as_json:
        return [asdict(part) for part in parts]
    room = 36
    lines = ["启动时间和内存花在哪里（处理器秒、经过的秒、多占的 MB）"]
    rows = [(part.title, part.processor, part.wall, part.memory) for part in parts]
    rows.append(("一共", sum(p.processor for p in parts), sum(p.wall for p in parts), sum(p.memory for p in parts)))
    lines += [f"  {title}{' ' * (room - bench_figures.columns(title))}{processor:6.2f} {wall:6.2f} {memory:6.0f}"
              for title, processor, wall, memory in rows]
    return "\n".join(lines)


def _asked(args: argparse.Namespace) -> Iterator[tuple[str, object]]:
    from kiosk.app import bench_knowledge

    made = bench_knowledge.study(args.data[0] if args.data else None)
    if made is not None:
        yield "knowledge", made.as_json() if args.json else made.as_text(args.mistakes)


def _understood(args: argparse.Namespace) -> Iterator[tuple[str, object]]:
    from kiosk.app import bench_study

    made = bench_study.study(args)
    if made is not None:
        yield "understanding", bench_study.as_json(made) if args.json else bench_study.as_text(made)


def _heard(args: argparse.Namespace) -> Iterator[tuple[str, object]]:
    from kiosk.app import bench_listening

    bench = bench_listening.Bench(args.site)
    for path in args.data:
        made = bench.run(path, args.every)
        if args.json:
            yield made.name, bench_listening.as_json(made)
        else:  # at once: each takes long
            print(f"\n{bench_listening.as_text(made, args.mistakes)}", flush=True)
