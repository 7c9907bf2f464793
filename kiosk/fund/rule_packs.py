"""Rule packs: a folder with a manifest and dated YAML files, in as many versions as were published.

    pack.toml      id, version, title, extends, source, effective_from/to, status
    *.yaml         the files of kiosk.fund.rules
    pack.sig       made by `kiosk packs sign` (kiosk.fund.rule_packs_seal)

A city's pack extends the national one (or one between), field by field. A version is whole: from its `effective_from`
on it stands instead of the versions before it, and when it ends they stand again. The date of the event decides which
version answers, so an older text goes on answering for older days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.fund.datafile import convert, read_toml
from kiosk.fund.errors import DataError
from kiosk.fund.rule_packs_seal import Seal
from kiosk.fund.rules import Data, PackFile, RuleBook, Source, read_folder

MANIFEST = "pack.toml"
_ID, _VERSION = re.compile(r"[a-z][a-z0-9_]{1,31}"), re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")


class Manifest(Data, frozen=True):
    """pack.toml. `extends` names the pack below, "" for the national one; dates are inclusive."""

    id: str
    version: str
    title: str
    source: Source
    effective_from: date
    effective_to: date | None = None
    extends: str = ""
    status: Literal["current", "under_revision"] = "current"

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, eq=False)
class RulePack:
    """One version of a pack as it lies in `folder`. `built_in` came with the program, the others were imported."""

    folder: Path
    manifest: Manifest
    files: tuple[PackFile, ...]
    seal: Seal
    built_in: bool = False

    @property
    def name(self) -> str:
        """For people: "贵阳市住房公积金规定 2026.9"."""
        return f"{self.manifest.title} {self.manifest.version}"


def read_manifest(folder: Path) -> Manifest:
    """Raises DataError with file, field and sentence."""
    path = folder / MANIFEST
    where = f"{folder.name}/{MANIFEST}"
    if not path.is_file():
        raise DataError(where, "这个文件夹里没有 pack.toml，不是规则包。")
    manifest = convert(read_toml(path, where), Manifest, f"{where}: ")
    if not _ID.fullmatch(manifest.id):
        raise DataError(f"{where}: id", f"“{manifest.id}”不行，只能用小写英文字母、数字和下划线，如 guiyang。")
    if not _VERSION.fullmatch(manifest.version):
        raise DataError(f"{where}: version", f"“{manifest.version}”不行，只能用英文字母、数字、点和横线，如 2026.9。")
    if not manifest.title.strip():
        raise DataError(f"{where}: title", "请写上名字，给人看的。")
    if manifest.extends == manifest.id:
        raise DataError(f"{where}: extends", "不能接在自己上面。城市写 national，全国的不写。")
    if manifest.effective_to and manifest.effective_to < manifest.effective_from:
        raise DataError(f"{where}: effective_to", "结束日期早于开始日期，请检查。")
    return manifest


def read_pack(folder: Path, seal: Seal, *, built_in: bool = False) -> RulePack:
    """Manifest and files, the sections not yet checked. Raises DataError."""
    return RulePack(folder, read_manifest(folder), tuple(read_folder(folder)), seal, built_in)


def version_on(versions: Sequence[RulePack], day: date) -> RulePack | None:
    """Of the versions of one pack, the earliest imported first, the one that stands on `day`: it began last, and of two
    that began on one day it was imported last."""
    standing = [pack for pack in versions if pack.manifest.in_force(day)]
    return max(reversed(standing), key=lambda pack: pack.manifest.effective_from, default=None)


def chain(city: str, find: Callable[[str], Sequence[RulePack]]) -> tuple[Sequence[RulePack], ...]:
    """The versions of the city's pack and of all it extends, the national one first. `find` gives the versions of a
    pack, the earliest imported first. Raises DataError."""
    found: list[Sequence[RulePack]] = []
    seen: list[str] = []
    wanted = city
    while wanted:
        if wanted in seen:
            raise DataError(f"{wanted}/{MANIFEST}: extends", f"接成了一个圈：{' → '.join([*seen, wanted])}。")
        versions = find(wanted)
        if not versions:
            below = f"“{seen[-1]}”要接在它上面，" if seen else ""
            raise DataError(f"rules/{wanted}", f"没有这个规则包，{below}请检查名字，或者先把它装上。")
        seen.append(wanted)
        found.insert(0, versions)
        extends = {pack.manifest.extends for pack in versions}
        if len(extends) > 1:
            raise DataError(f"{wanted}/{MANIFEST}: extends", "几个版本接的不是同一个包，请改成一样的。")
        wanted = extends.pop()
    return tuple(found)


def book(layers: Sequence[Sequence[RulePack]]) -> RuleBook:
    """The rules of the layers, the national one first; not yet checked. `book.check()` does that."""
    files: list[PackFile] = []
    days: set[date] = set()
    for versions in layers:
        for pack in versions:
            chosen = partial(_is_chosen, tuple(versions), pack)
            files += [msgspec.structs.replace(file, chosen=chosen) for file in pack.files]
            days.add(pack.manifest.effective_from)
            if pack.manifest.effective_to:
                days.add(pack.manifest.effective_to + timedelta(days=1))
    return RuleBook(files, days)


def checked(layers: Sequence[Sequence[RulePack]]) -> RuleBook:
    """`book`, checked at every date. Raises DataError."""
    made = book(layers)
    made.check()
    return made


def _is_chosen(versions: Sequence[RulePack], pack: RulePack, day: date) -> bool:
    return version_on(versions, day) is pack
