"""Dialect models: taken on trust only when told so, offered only after their self-test, chosen by the question."""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from kiosk import places
from kiosk.app import check, dialect_models, dialect_names, models, settings, trust
from kiosk.app.dialect_models import ByDialect, DialectModels, Trial, decode, self_test
from kiosk.app.models import Fetcher, Model, ModelError
from kiosk.fund.errors import DataError, WorldError
from kiosk.ports.ears import Expectation, Reading
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples
from tests import tiny_models

SOURCES = """
[[model]]
name = "tiny-yue"
title = "t"
purpose = "p"
licence = "l"
optional = true
engine = "sherpa"
kind = "wenet_ctc"
dialects = ["yue"]
home = "https://example.org/tiny.tar.bz2"
sources = [{ mirror = "release/{name}" }]
[[model.file]]
path = "sherpa/tiny/model.onnx"
role = "model"
sha256 = ""
size = 0
[[model.file]]
path = "sherpa/tiny/tokens.txt"
role = "tokens"
sha256 = "DIGEST"
size = SIZE
"""
TOKENS = tiny_models.TOKENS.encode()


class Parrot:
    """A recogniser that says what it was told to and notes what is asked of it."""

    streaming = True

    def __init__(self, name: str, text: str, partial: str = "") -> None:
        self.name, self._text, self._partial = name, text, partial
        self.asked: list[str] = []

    def prepare(self, expectation: Expectation) -> None:
        self.asked.append("prepare")

    def begin(self, expectation: Expectation) -> None:
        self.asked.append("begin")

    def accept(self, block: Samples) -> str:
        return self._partial

    def finish(self) -> tuple[Reading, ...]:
        self.asked.append("finish")
        return (Reading(self.name, self._text),)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    digest = hashlib.sha256(TOKENS).hexdigest()
    path.write_text(SOURCES.replace("DIGEST", digest).replace("SIZE", str(len(TOKENS))), encoding="utf-8")
    return path


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A USB stick with the unpacked release."""
    release = tmp_path / "stick" / "release"
    release.mkdir(parents=True)
    (release / "model.onnx").write_bytes(b"not really a model")
    (release / "tokens.txt").write_bytes(TOKENS)
    return tmp_path / "stick"


def fetch(sources: Path, folder: Path, stick: Path | None, trusting: bool) -> list[str]:
    told: list[str] = []
    fetcher = Fetcher(folder, stick, told.append, lambda done, size: None, trusting=trusting)
    for model in models.load_models(sources):
        for file in model.files:
            fetcher.fetch(file)
    return told


# ------------------------------------------------------------------ trust


def test_a_file_whose_digest_nobody_knows_is_not_taken_silently(sources: Path, stick: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        fetch(sources, tmp_path / "files", stick, trusting=False)
    assert "--trust" in caught.value.sentence
    assert not (tmp_path / "files" / "sherpa").exists()


def test_trusted_files_are_held_to_what_was_found(sources: Path, stick: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    told = fetch(sources, folder, stick, trusting=True)
    digest = hashlib.sha256(b"not really a model").hexdigest()
    assert any(digest in line for line in told)
    model, = models.load_models(sources)
    assert all(models.is_right(file, folder) for file in model.files)
    assert trust.read(folder)["sherpa/tiny/model.onnx"].sha256 == digest
    (folder / "sherpa/tiny/model.onnx").write_bytes(b"not really a MODEL")
    assert not models.is_right(model.files[0], folder)


def test_a_file_lying_there_counts_only_once_trusted(sources: Path, stick: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "sherpa").mkdir(parents=True)
    (stick / "release").rename(folder / "sherpa" / "tiny")
    file = models.load_models(sources)[0].files[0]
    assert not models.is_there(file, folder)
    assert not models.is_right(file, folder)
    fetch(sources, folder, None, trusting=True)
    assert models.is_there(file, folder)
    assert models.is_right(file, folder)


def test_trust_does_not_excuse_a_wrong_digest(sources: Path, stick: Path, tmp_path: Path) -> None:
    (stick / "release" / "tokens.txt").write_bytes(TOKENS[::-1])
    with pytest.raises(ModelError):
        fetch(sources, tmp_path / "files", stick, trusting=True)


def test_a_needed_model_must_have_digests(sources: Path) -> None:
    sources.write_text(sources.read_text(encoding="utf-8").replace("optional = true", ""), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        models.load_models(sources)
    assert "sha256" in caught.value.sentence


# ------------------------------------------------------------------ names


def test_the_real_table_serves_dialects_that_have_packs() -> None:
    known = dialect_names.names()
    for model in models.load_models():
        assert set(model.dialects) <= set(known), model.name
        assert not model.engine or model.optional, model.name


@pytest.mark.parametrize("called", ["yue", "广东话"])
def test_a_dialect_is_called_by_code_or_name(called: str) -> None:
    chosen = models._chosen(models.load_models(), [called], "fetch")
    assert [model.name for model in chosen] == ["yue-wenet"]
    listed = models._chosen(models.load_models(), [called], "list")
    assert len(listed) > 1
    assert all("yue" in model.dialects for model in listed)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelError) as caught:
        models._chosen(models.load_models(), ["火星话"], "fetch")
    assert "yue-wenet" in caught.value.sentence
    with pytest.raises(ModelError) as caught:
        models._chosen(models.load_models(), ["kejia"], "fetch")
    assert "客家" in caught.value.sentence


def test_optional_models_are_no_lack() -> None:
    assert not [model for model in models.missing() if model.engine]


def test_fetch_of_an_unconfirmed_model_tells_where_it_is_to_be_had(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "MODELS", tmp_path)
    args = argparse.Namespace(action="fetch", names=["wu-wenet"], mirror="", trust=False, json=False)
    rows = models._fetch(models._chosen(models.load_models(), args.names, "fetch"), args)
    assert {row["state"] for row in rows} == {"missing"}
    assert all("--trust" in row["detail"] and "https://" in row["detail"] for row in rows)


# ------------------------------------------------------------------ the self-test


def test_every_sound_must_be_answered_and_in_time() -> None:
    assert self_test(Parrot("p", "好"), dialect_models.made_up_sounds()).passed

    class Mute(Parrot):
        def finish(self) -> tuple[Reading, ...]:
            return ()

    assert not self_test(Mute("p", ""), dialect_models.made_up_sounds()).passed


def test_a_recogniser_too_slow_for_this_machine_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(dialect_models.time, "perf_counter", lambda: float(next(clock)))
    trial = self_test(Parrot("p", "好"), [np.zeros(4 * EAR_RATE, np.int16)])
    assert not trial.passed
    assert trial.factor == pytest.approx(2.5)
    assert "太慢" in trial.sentence


def test_an_offline_recogniser_must_be_twice_as_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 3))
    monkeypatch.setattr(dialect_models.time, "perf_counter", lambda: float(next(clock)))
    parrot, sound = Parrot("p", "好"), [np.zeros(4 * EAR_RATE, np.int16)]
    assert self_test(parrot, sound).passed
    parrot.streaming = False
    assert not self_test(parrot, sound).passed


# ------------------------------------------------------------------ what may be offered


def installed(sources: Path, stick: Path, tmp_path: Path, load: Callable[[Model, Path], Parrot] | None = None) -> DialectModels:
    fetch(sources, tmp_path / "files", stick, trusting=True)
    return DialectModels(tmp_path / "state", tmp_path / "files", sources, load or (lambda model, _: Parrot(model.name, "")))


def passes(monkeypatch: pytest.MonkeyPatch, passed: bool = True) -> None:
    monkeypatch.setattr(dialect_models, "_in_a_process", lambda name, folder, sources: Trial(passed, "…"))


def test_offered_only_after_the_self_test(sources: Path, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = installed(sources, stick, tmp_path)
    assert here.offered() == ()
    assert here.available("yue") is None
    passes(monkeypatch, False)
    here.test(here.for_dialect("yue")[0])
    assert here.offered() == ()
    passes(monkeypatch)
    here.test(here.for_dialect("yue")[0])
    assert here.offered() == ("yue",)
    first = here.available("yue")
    assert first is not None
    assert here.available("yue") is first
    assert here.available("wu") is None
    assert DialectModels(tmp_path / "state", tmp_path / "files", sources).offered() == ("yue",)


def test_a_changed_file_has_to_be_tested_again(sources: Path, stick: Path, tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    here = installed(sources, stick, tmp_path)
    passes(monkeypatch)
    model, = here.for_dialect("yue")
    here.test(model)
    os.utime(tmp_path / "files/sherpa/tiny/model.onnx", ns=(1, 1))
    assert here.offered() == ()
    here.test(model)
    assert here.offered() == ("yue",)
    (tmp_path / "files/sherpa/tiny/tokens.txt").unlink()
    assert here.offered() == ()
    assert not here.test(model).passed


@pytest.mark.unexpected_log
def test_a_model_that_stopped_loading_is_not_tried_for_every_utterance(
        sources: Path, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def load(model: Model, folder: Path) -> Parrot:
        tries.append(model.name)
        raise WorldError("gone")

    here = installed(sources, stick, tmp_path, load)
    passes(monkeypatch)
    here.test(here.for_dialect("yue")[0])
    assert here.available("yue") is None
    assert here.available("yue") is None
    assert tries == ["tiny-yue"]


def test_a_file_that_is_no_model_fails_its_test_and_not_the_kiosk(sources: Path, stick: Path, tmp_path: Path) -> None:
    """The library may end its process on such a file; the self-test's process is another one."""
    pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is not installed (extra dialects)")
    here = installed(sources, stick, tmp_path)
    trial = here.test(here.for_dialect("yue")[0])
    assert not trial.passed
    assert here.offered() == ()


def test_a_model_without_what_the_library_wants_to_know_fails_its_test(sources: Path, stick: Path, tmp_path: Path) -> None:
    """A whole ONNX file of another sort: sherpa-onnx ends the process, which must not be ours."""
    pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is not installed (extra dialects)")
    onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra test)")
    made = onnx.load(tiny_models.offline_ctc(tmp_path / "tiny")["model"])
    del made.metadata_props[:]
    onnx.save(made, stick / "release" / "model.onnx")
    here = installed(sources, stick, tmp_path)
    assert not here.test(here.for_dialect("yue")[0]).passed


def test_the_whole_way_with_a_model_that_runs(sources: Path, stick: Path, tmp_path: Path) -> None:
    """From the stick to an utterance, with the library's real code."""
    pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is not installed (extra dialects)")
    made = tiny_models.offline_ctc(tmp_path / "tiny")
    (stick / "release" / "model.onnx").write_bytes(made["model"].read_bytes())
    fetch(sources, tmp_path / "files", stick, trusting=True)
    here = DialectModels(tmp_path / "state", tmp_path / "files", sources)
    trial = here.test(here.for_dialect("yue")[0])
    assert trial.passed, trial.sentence
    recogniser = here.available("yue")
    assert recogniser is not None
    noise = (np.random.default_rng(1).normal(size=EAR_RATE) * 3000).astype(np.int16)
    reading, = decode(recogniser, noise)
    assert (reading.kind, reading.text) == ("tiny-yue", "声")


# ------------------------------------------------------------------ chosen by the question


def by_dialect() -> tuple[ByDialect, Parrot, Parrot, Parrot]:
    mandarin, yue, chuanyu = Parrot("free", "普通话", "普"), Parrot("yue-wenet", "广东话"), Parrot("cy", "四川话")
    own = {"yue": yue, "xinan_chuanyu": chuanyu}
    return ByDialect(mandarin, own.get, near=["xinan_chuanyu", "dongbei"]), mandarin, yue, chuanyu


@pytest.mark.parametrize(("dialect", "kinds", "partial"), [
    ("auto", ["free"], "普"),
    ("mandarin", ["free"], "普"),
    ("dongbei", ["free"], "普"),             # near, without a model of its own
    ("xinan_chuanyu", ["cy", "free"], "普"),  # two witnesses
    ("yue", ["yue-wenet"], ""),               # Mandarin's would only write nonsense
    ("wu", ["free"], "普"),                   # not installed: honest, the dialogue says so
])
def test_the_question_says_who_listens(dialect: str, kinds: list[str], partial: str) -> None:
    ears, *_ = by_dialect()
    expectation = Expectation(dialect=dialect)
    ears.prepare(expectation)
    ears.begin(expectation)
    assert ears.accept(np.zeros(EAR_BLOCK, np.int16)) == partial
    assert [reading.kind for reading in ears.finish()] == kinds


def test_an_utterance_is_finished_by_those_who_began_it() -> None:
    ears, mandarin, yue, _ = by_dialect()
    ears.begin(Expectation(dialect="yue"))
    ears.prepare(Expectation(dialect="auto"))
    assert [reading.kind for reading in ears.finish()] == ["yue-wenet"]
    assert "begin" not in mandarin.asked
    assert yue.asked == ["begin", "finish"]


# ------------------------------------------------------------------ what kiosk check tells


def test_a_dialect_model_is_reported_by_what_its_test_said(sources: Path, stick: Path, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    known = DialectModels(tmp_path / "state", tmp_path / "models", sources)
    [model] = known.for_dialect("yue")
    assert known.trial(model) is None, "nothing is here"
    fetch(sources, tmp_path / "models", stick, trusting=True)
    told = known.trial(model)
    assert told is not None
    assert (told.passed, "kiosk models verify tiny-yue" in told.sentence) == (False, True)
    monkeypatch.setattr(dialect_models, "_in_a_process", lambda *_: Trial(True, "自检通过。"))
    known.test(model)
    assert known.trial(model) == Trial(True, "自检通过。")
    monkeypatch.setattr(dialect_models, "DialectModels", lambda state: known)
    site = msgspec.structs.replace(settings.Site(), dialects=settings.Dialects(local=("yue", "wu")))
    lines = {finding.name: finding for finding in check._dialects(site)}
    assert (lines["广东话"].state, lines["上海话"].state) == ("good", "warning")
    assert "kiosk models fetch wu" in lines["上海话"].sentence
