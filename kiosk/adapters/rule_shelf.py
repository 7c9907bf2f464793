"""Where rule packs stand: those that came with the program, and beside them what was imported.

assets/rules/<id>/                  built in; never changed here
state/rules/<id>/<version>-<digest>/   imported versions, each whole, kept for ever
state/rules/installed.json          what was imported, in order, and whether it stands or was taken back

Importing and taking back are one replacement of installed.json, so that a power cut leaves either the old or the new
state; a running kiosk sees the change by `stamp()`.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from kiosk.fund import rule_packs
from kiosk.fund.errors import DataError, WorldError
from kiosk.fund.rule_packs import MANIFEST, RulePack
from kiosk.fund.rule_packs_seal import MOST_BYTES, MOST_FILES, SEAL, Publishers, Seal, Sealed, check_seal, listing
from kiosk.fund.rules import RuleBook

_LIST = "installed.json"
_WRITE = "写不进规则包的文件夹，请检查权限和硬盘。"


@dataclass(frozen=True)
class Entry:
    """One import. `folder` is relative to the shelf; `standing` is False once it was taken back."""

    id: str
    version: str
    digest: str
    folder: str
    key_id: str
    publisher: str
    at: str
    standing: bool = True


@dataclass(frozen=True)
class Change:
    """What is tried: a pack more, or an import less."""

    adding: RulePack | None = None
    without: Entry | None = None


NOTHING = Change()


class RuleShelf:
    """`production` accepts signed packs only. Reading needs no lock: everything is replaced whole."""

    def __init__(self, built_in: Path, folder: Path, keys: Publishers, *, production: bool) -> None:
        self.built_in, self.folder = built_in, folder
        self._keys, self._production = keys, production
        self._packs: dict[tuple[Path, Seal], RulePack] = {}

    def lenient(self) -> RuleShelf:
        """The same shelf as it would be in a demonstration: for comparing and checking, never for serving anybody."""
        shelf = RuleShelf(self.built_in, self.folder, self._keys, production=False)
        shelf._packs = self._packs
        return shelf

    # ------------------------------------------------------------ reading

    def entries(self) -> tuple[Entry, ...]:
        """Everything that was imported, in order. Raises DataError when the list is damaged."""
        try:
            told = json.loads((self.folder / _LIST).read_text(encoding="utf-8"))
            return tuple(Entry(**one) for one in told["packs"])
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError):
            raise DataError(str(self.folder / _LIST), "装过的规则包的清单坏了。请从备份恢复，或者移走它再重新装。") from None

    def versions(self, pack_id: str, change: Change = NOTHING) -> list[RulePack]:
        """The versions of a pack that may be used here, built in first, then in the order of import. Raises DataError
        for an imported one that must not be used."""
        found = [self.pack(entry) for entry in self.entries()
                 if entry.id == pack_id and entry.standing and entry != change.without]
        if change.adding and change.adding.manifest.id == pack_id:
            found.append(change.adding)
        home = self.built_in / pack_id
        if (home / MANIFEST).is_file():
            pack = self._read(home, check_seal(home, self._keys), built_in=True)
            if not self._production or pack.seal.good:
                found.insert(0, pack)
            elif not found:
                raise DataError(f"rules/{pack_id}", f"正式运行只用签过名的规则包，随程序带的这个{pack.seal.sentence}"
                                "请中心核对内容后用 kiosk packs sign 签名，再用 kiosk packs import 装上。")
        return found

    def pack(self, entry: Entry) -> RulePack:
        """An imported version, checked again. Raises DataError."""
        home = self.folder / entry.folder
        seal = check_seal(home, self._keys)
        if seal.digest != entry.digest and seal.state is not Sealed.ALTERED:
            seal = replace(seal, state=Sealed.ALTERED, sentence="装上以后被改动过。")
        if self._production and not seal.good:
            raise DataError(f"{entry.id} {entry.version}", refusal(seal.sentence))
        return self._read(home, seal)

    def _read(self, home: Path, seal: Seal, *, built_in: bool = False) -> RulePack:
        """Once for the same content."""
        if (home, seal) not in self._packs:
            self._packs[home, seal] = rule_packs.read_pack(home, seal, built_in=built_in)
        return self._packs[home, seal]

    def layers(self, city: str, change: Change = NOTHING) -> tuple[Sequence[RulePack], ...]:
        """The versions of the city's pack and of what it extends, the national one first. Raises DataError."""
        return rule_packs.chain(city, lambda pack_id: self.versions(pack_id, change))

    def book(self, city: str, change: Change = NOTHING) -> RuleBook:
        """The rules of a city, checked at every date. Raises DataError."""
        return rule_packs.checked(self.layers(city, change))

    def read(self, folder: Path) -> RulePack:
        """The pack in a folder, with what its seal is worth here. Raises DataError."""
        return self._read(folder, check_seal(folder, self._keys))

    def stamp(self) -> tuple[int, int]:
        """Changes whenever something is imported or taken back."""
        try:
            stat = (self.folder / _LIST).stat()
        except OSError:
            return (0, 0)
        return (stat.st_mtime_ns, stat.st_ino)

    # ------------------------------------------------------------ importing

    @contextmanager
    def staged(self, source: Path) -> Iterator[Path]:
        """A copy of the pack in `source` (its folder, a zip, or a stick with one of them) inside the shelf, so that what
        is checked is what will be put; removed at the end. Nobody else changes the shelf meanwhile. Raises DataError,
        WorldError."""
        with self.locked():
            stage = self.folder / ".stage"
            shutil.rmtree(stage, ignore_errors=True)
            try:
                yield _copied(_the_pack_in(source), stage)
            finally:
                shutil.rmtree(stage, ignore_errors=True)

    def put(self, pack: RulePack, at: datetime) -> Entry:
        """Take a staged pack over; durable on return. An import of the same pack that was taken back stands again. Within
        `staged()`."""
        m = pack.manifest
        home = f"{m.id}/{m.version}-{pack.seal.digest[:8]}"
        entry = Entry(m.id, m.version, pack.seal.digest, home, pack.seal.key_id, pack.seal.publisher,
                      at.isoformat(timespec="seconds"))
        with _told():
            target = self.folder / home
            shutil.rmtree(target, ignore_errors=True)  # left by an import that did not come to its end, or taken back
            target.parent.mkdir(parents=True, exist_ok=True)
            os.rename(pack.folder, target)
            _sync(target.parent)
            self._write([one for one in self.entries() if one.folder != home] + [entry])
        return entry

    def take_back(self, entry: Entry) -> None:
        """The version stays on the disk but stands no more; durable on return. Within `locked()`."""
        with _told():
            self._write([replace(one, standing=False) if one == entry else one for one in self.entries()])

    def same_version(self, pack: RulePack) -> Entry | None:
        """An earlier import under the same version, whatever it held."""
        m = pack.manifest
        return next((one for one in self.entries() if (one.id, one.version) == (m.id, m.version)), None)

    def _write(self, entries: Sequence[Entry]) -> None:
        ready = self.folder / f".{_LIST}.new"
        with ready.open("w", encoding="utf-8") as file:
            json.dump({"packs": [asdict(entry) for entry in entries]}, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(ready, self.folder / _LIST)
        _sync(self.folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One import at a time, among processes too."""
        with _told():
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("w")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def refusal(sentence: str) -> str:
    """Why production does not take a pack."""
    return f"正式运行不用这个规则包：{sentence}"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise WorldError(str(fault), _WRITE) from fault


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ------------------------------------------------------------------ what lies on a stick


def _the_pack_in(source: Path) -> Path:
    """The one pack at `source`: itself, or the only one right below it."""
    if zipfile.is_zipfile(source) or (source / MANIFEST).is_file():
        return source
    if not source.is_dir():
        raise WorldError(str(source), f"{source} 不是规则包：要一个有 pack.toml 的文件夹，或者它的 zip。")
    found = [path for path in sorted(source.iterdir()) if not path.name.startswith(".")
             and ((path / MANIFEST).is_file() or (path.suffix == ".zip" and zipfile.is_zipfile(path)))]
    if len(found) == 1:
        return found[0]
    if found:
        raise WorldError(str(source), f"这里有 {len(found)} 个规则包，请写明哪一个：{'、'.join(map(str, found))}。")
    raise WorldError(str(source), f"{source} 里没有规则包：要一个有 pack.toml 的文件夹，或者它的 zip。")


def _copied(source: Path, stage: Path) -> Path:
    """A copy of the pack's files, durable. The folder keeps its name: complaints name it."""
    files = _unpacked(source) if source.is_file() else {name: (source / name).read_bytes() for name in _names(source)}
    folder = stage / source.stem if source.is_file() else stage / source.resolve().name
    with _told():
        folder.mkdir(parents=True)
        for name, content in files.items():
            with (folder / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _sync(folder)
    return folder


def _names(folder: Path) -> list[str]:
    """The pack's files and its seal; refuses what a pack cannot hold."""
    seal = folder / SEAL
    return [*listing(folder), *([seal.name] if seal.is_file() and not seal.is_symlink() else [])]


def _unpacked(source: Path) -> dict[str, bytes]:
    """File names and contents of a zip, whose files may lie in one folder. Raises DataError."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(source) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename
                     and not info.filename.rpartition("/")[2].startswith(".")]
            if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
                raise DataError(source.name, "文件太多或太大，不像规则包。")
            tops = {info.filename.rpartition("/")[0] for info in infos}
            if len(tops) != 1 or "/" in (top := tops.pop()) or "\\" in top or top == "..":
                raise DataError(source.name, "压缩包里只能有一个规则包的文件，不能再有文件夹。")
            for info in infos:
                files[info.filename.rpartition("/")[2]] = archive.read(info)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        raise DataError(source.name, "这个压缩包坏了、加了密码，或者不是 zip。") from None
    if any("\\" in name or "\0" in name for name in files):
        raise DataError(source.name, "压缩包里有奇怪的文件名。")
    return files
