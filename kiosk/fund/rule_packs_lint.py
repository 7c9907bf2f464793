"""What is wrong with a rule pack, told to a technician who does not program: file, place, sentence; all of it at once.

bad      the pack cannot be used
doubt    it can, but somebody should look twice before it is
note     worth knowing
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from kiosk.fund import rule_packs
from kiosk.fund.errors import DataError
from kiosk.fund.rule_packs import MANIFEST, Manifest, RulePack
from kiosk.fund.rule_packs_diff import JUMP, Titles, steps
from kiosk.fund.rule_packs_seal import Seal, Sealed, listing
from kiosk.fund.rules import PackFile, RuleBook, Rules, Source, named, read_file

BAD, DOUBT, NOTE = "bad", "doubt", "note"
LONGEST_SENTENCE = 40
_TRAP = re.compile(r"(?:^|[:\[,{\-]\s*)(yes|no|on|off)(?=\s*(?:[:,\]}#]|$))", re.IGNORECASE)
#: What is said in the hall: no figures, no money, nothing that names a misfortune (accessibility.md C6).
_UNSPEAKABLE = re.compile(r"\d|元|大病|死亡|去世|低保|输入|错误")
_SLOT = re.compile(r"\{(\w*)\}")
_SLOTS = frozenset({"month", "day", "matter"})
_FIGURE = re.compile(r"\d+(\.\d+)?")
#: Sums, shares and counts of rules: what must be able to say where it comes from.
_SUMS = frozenset({"value", "cap", "cap_percent_of_deposit", "cap_per_square_metre", "one_most", "couple_most", "percent"})


@dataclass(frozen=True)
class Finding:
    level: str
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


Layers = Sequence[Sequence[RulePack]]


def lint(folder: Path, around: Callable[[Manifest], tuple[Layers, Layers]], titles: Titles, today: date) -> list[Finding]:
    """Examine the pack in `folder`. `around` gives the layers that it extends, the national one first, and those that
    lie over it; it may raise DataError."""
    try:
        names, manifest = listing(folder), rule_packs.read_manifest(folder)
    except DataError as fault:
        return [_bad(fault)]
    found = [*_strays(names, folder.name), *_dates(manifest, today)]
    files, unreadable = _read(folder, names)
    found += [*unreadable, *(trap for name in names if name.endswith(".yaml") for trap in _traps(folder / name))]
    found += _overlaps(files)
    try:
        below, above = around(manifest)
    except DataError as fault:
        return [*found, _bad(fault)]
    pack = RulePack(folder, manifest, tuple(sorted(files, key=_by_date)), Seal(Sealed.UNSIGNED, "", ""))
    book = rule_packs.book([*below, [pack], *above])
    days = [day for day in sorted({*_own_days(pack), *book.changes()}) if manifest.in_force(day)]
    faults = [_bad(fault) for day in days for fault in book.faults(day)]
    found += faults
    if files and not unreadable:
        found += _gaps(book, days)
        if not faults:
            found += _together(pack, book, titles, today)
    return _once(found)


def _bad(fault: DataError) -> Finding:
    return Finding(BAD, fault.where, fault.sentence.removeprefix(f"{fault.where}: "))


def _by_date(file: PackFile) -> tuple[date, str]:
    return file.pack.effective_from, file.path.name


def _once(found: Sequence[Finding]) -> list[Finding]:
    order = {BAD: 0, DOUBT: 1, NOTE: 2}
    return sorted(dict.fromkeys(found), key=lambda one: order[one.level])


# ------------------------------------------------------------------ the folder and its files


def _strays(names: Mapping[str, str], folder: str) -> Iterator[Finding]:
    for name in names:
        if name != MANIFEST and not name.endswith((".yaml", ".md", ".txt")):
            hint = "规则文件的名字要以 .yaml 结尾，不然不会读。" if name.endswith(".yml") else "不认识这种文件，不会读它。"
            yield Finding(DOUBT, f"{folder}/{name}", hint)


def _dates(manifest: Manifest, today: date) -> Iterator[Finding]:
    where = f"{MANIFEST}: effective_from"
    if manifest.effective_from.year < 2000 or manifest.effective_from > today + timedelta(days=3 * 365):
        yield Finding(DOUBT, where, f"{manifest.effective_from} 离今天很远，年份没有写错吗？")
    if manifest.effective_to and manifest.effective_to < today:
        yield Finding(DOUBT, f"{MANIFEST}: effective_to", "这个版本已经过期了。")
    if manifest.status == "under_revision":
        yield Finding(NOTE, f"{MANIFEST}: status", "这个规则包标着正在修订。")


def _read(folder: Path, names: Mapping[str, str]) -> tuple[list[PackFile], list[Finding]]:
    files: list[PackFile] = []
    found: list[Finding] = []
    for name in sorted(one for one in names if one.endswith(".yaml")):
        try:
            files.append(read_file(folder / name))
        except DataError as fault:
            found.append(_bad(fault))
    if not files and not found:
        found.append(Finding(BAD, folder.name, "没有一个规则文件（.yaml）。"))
    return files, found


def _traps(path: Path) -> Iterator[Finding]:
    """Words that YAML reads as true or false. In a field that wants a text the reader complains too, but not of names
    of answers and values that may be anything."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return  # told already
    for number, line in enumerate(lines, start=1):
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'', '""', line).partition(" #")[0].strip()
        trap = None if bare.startswith("#") else _TRAP.search(bare)
        if trap:
            yield Finding(BAD, f"{path.name}: 第 {number} 行", f"{trap[1]} 没有加引号，会被读成 true 或 false。是文字就写 "
                                                           f"\"{trap[1]}\"，是是非就写 true 或 false。")


def _overlaps(files: Sequence[PackFile]) -> Iterator[Finding]:
    """Two files may say something about one field only one after the other: the newer stands over the older."""
    for index, one in enumerate(files):
        for other in files[index + 1:]:
            older, newer = sorted((one, other), key=_by_date)
            same = sorted(_leaves(older.sections) & _leaves(newer.sections))
            if not same:
                continue
            ends = older.pack.effective_to
            place = f"{newer.path.name}: {'.'.join(same[0])}"
            if older.pack.effective_from == newer.pack.effective_from:
                yield Finding(BAD, place, f"{older.path.name} 里也有这一项，又是同一天生效，不知道听谁的。请删掉一处，或者改日期。")
            elif ends and ends >= newer.pack.effective_from:
                yield Finding(BAD, place, f"{older.path.name} 到 {ends} 才结束，这里 {newer.pack.effective_from} 就开始了，日期重叠。")


def _leaves(tree: object, place: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if isinstance(tree, Mapping) and tree:
        return {leaf for key, inner in tree.items() for leaf in _leaves(inner, (*place, str(key)))}
    return {place}


# ------------------------------------------------------------------ together with what it extends


def _own_days(pack: RulePack) -> set[date]:
    """On which something that the pack says begins or ends."""
    return {pack.manifest.effective_from} | {file.pack.effective_from for file in pack.files} | {
        file.pack.effective_to + timedelta(days=1) for file in pack.files if file.pack.effective_to}


def _together(pack: RulePack, book: RuleBook, titles: Titles, today: date) -> Iterator[Finding]:
    """The rules as they would be with this version alone in its place; every entry fits its type."""
    try:
        book.check()
    except DataError as fault:
        yield _located(_bad(fault), book)
        return
    for day in book.changes():
        if pack.manifest.in_force(day):
            for one in _values(book.on(day), {str(key) for file in pack.files for key in file.sections}):
                yield _located(one, book)
    for step in steps(book, sorted(day for day in _own_days(pack) if pack.manifest.in_force(day)), titles):
        if step.jump:
            yield Finding(DOUBT, pack.folder.name,
                          f"{step.sentence(today)}：相差 {JUMP} 倍以上，小数点和单位没有写错吗？")
    for certainty, level, sentence in (
            ("unknown", DOUBT, "这些还不知道，请中心核对后写上来源"), ("second_hand", NOTE, "这些是转述的，签名前请对照原文核对")):
        names = [file.path.name for file in pack.files if file.pack.source.certainty == certainty]
        if names:
            yield Finding(level, pack.folder.name, f"{sentence}：{'、'.join(names)}。")
    revised = [file.path.name for file in pack.files if file.pack.status == "under_revision"]
    if revised:
        yield Finding(NOTE, pack.folder.name, f"标着正在修订的文件：{'、'.join(revised)}。")


def _located(found: Finding, book: RuleBook) -> Finding:
    """With the file that spoke last of the entry, which is the one to be changed most often."""
    for file in reversed(book.files):
        for section, entries in file.sections.items():
            for entry in entries if isinstance(entries, Mapping) else ():
                if re.match(rf"{re.escape(f'{section}.{entry}')}(?![\w])", found.where):
                    return Finding(found.level, f"{named(file.path)}: {found.where}", found.sentence)
    return found


def _gaps(book: RuleBook, days: Sequence[date]) -> Iterator[Finding]:
    """From the day on which everything is there nothing may go missing."""
    complete = False
    for day in days:
        missing = book.missing(day)
        if complete and missing:
            yield Finding(BAD, str(day), f"从这一天起没有规定了：{'、'.join(missing)}。请检查 effective_to，或者补上接下去的文件。")
        complete = complete or not missing
    if days and not complete:
        yield Finding(BAD, MANIFEST, f"规则不完整，缺少：{'、'.join(book.missing(days[-1]))}。")


def _values(rules: Rules, sections: set[str]) -> Iterator[Finding]:
    """What fits the types and is wrong all the same, in the sections that the pack speaks of."""
    if "reasons" in sections:
        for key, reason in rules.reasons.items():
            for field, text in (("reason", reason.reason), ("todo", reason.todo)):
                yield from _spoken(f"reasons.{key}.{field}", text)
    for section in sorted(sections & {"withdrawals", "certificates", "loan_limits", "interest", "loan_rates"}):
        value = getattr(rules, section)
        for name, entry in (value.items() if isinstance(value, Mapping) else [("", value)]):
            where = f"{section}.{name}" if name else section
            yield from _sourced(where, entry, None)


def _spoken(where: str, text: str) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(BAD, where, "这一句空着，请写上要对来访者说的话。")
        return
    long = [one for one in re.split("[。！？]", text) if len(one) > LONGEST_SENTENCE]
    if long:
        yield Finding(DOUBT, where, f"“{long[0][:12]}…”这句有 {len(long[0])} 个字，一句最多 {LONGEST_SENTENCE} 个，请拆开。")
    if bad := _UNSPEAKABLE.search(_SLOT.sub("", text)):
        yield Finding(DOUBT, where, f"里面有“{bad[0]}”。这句话会在大厅里念出来，不要有数目、病名和伤人的词。")
    if wrong := [slot for slot in _SLOT.findall(text) if slot not in _SLOTS]:
        yield Finding(BAD, where, f"不认识 {{{wrong[0]}}}，只能用 {{month}}、{{day}}、{{matter}}。")


def _sourced(where: str, value: Any, source: Source | None) -> Iterator[Finding]:
    """Every sum stands below a source that names a text; that of an official or second-hand one has its address."""
    if isinstance(value, msgspec.Struct):
        own = getattr(value, "source", None) or source
        for field in value.__struct_fields__:
            inner = getattr(value, field)
            if field in _SUMS and inner not in ("", None):
                yield from _judged(where, field, str(inner), own)
                share = "percent" in field or (field == "value" and getattr(value, "kind", "") == "percent_of_deposit")
                if share and _FIGURE.fullmatch(str(inner)) and float(inner) > 100:
                    yield Finding(DOUBT, f"{where}.{field}", f"“{inner}”是百分比，超过了 100。小数点没有写错吗？")
            elif field != "source":
                yield from _sourced(f"{where}.{field}", inner, own)
    elif isinstance(value, (tuple, list)):
        for index, inner in enumerate(value):
            yield from _sourced(f"{where}[{index}]", inner, source)


def _judged(where: str, field: str, value: str, source: Source | None) -> Iterator[Finding]:
    place = f"{where}.{field}"
    if not _FIGURE.fullmatch(value):
        yield Finding(BAD, place, f"“{value}”不是数目，写成 \"1800.00\" 或者 \"65\" 这样，不写单位和逗号。")
    if source is None or not source.title.strip():
        yield Finding(BAD, place, f"“{value}”没有来源，请在这一条里写上 source（标题、网址、日期）。")
    elif source.certainty == "unknown":
        yield Finding(DOUBT, place, f"“{value}”的来源标着 unknown（还不知道），请中心核对以后改过来。")
    elif source.certainty in ("official", "second_hand", "public") and not source.url and not source.title.startswith("《"):
        yield Finding(NOTE, place, f"“{value}”的来源只有标题“{source.title}”，请补上网址。")


