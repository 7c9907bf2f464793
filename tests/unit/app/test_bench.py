from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import pytest

from kiosk.app import bench, bench_figures, bench_speed, bench_start, models
from kiosk.app.bench_figures import Figure
from kiosk.app.commands import main
from kiosk.app.settings import Dialects, Site
from kiosk.app.settings import load as load_site
from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel
from kiosk.speaking.studio import Studio
from kiosk.speaking.voices import SilentVoice


def test_the_median_is_held_against_the_aim_and_the_worst_is_told() -> None:
    figure = Figure("start.first_frame", "启动到第一个画面", "s", (1.0, 9.0, 1.5), 2.0)
    assert figure.median == 1.5
    assert figure.worst == 9.0
    assert figure.met
    assert figure.as_json()["of_aim"] == 0.75
    assert Figure("a", "b", "s", (3.0,), 2.0).met is False


def test_without_an_aim_or_values_nothing_is_claimed() -> None:
    assert Figure("a", "b", "s", (3.0,)).met is None
    nothing = Figure("a", "没有", "s", (), 2.0, "缺模型")
    assert nothing.met is None
    assert "median" not in nothing.as_json()
    assert "没有测到" in bench_figures.table([nothing])
    assert "缺模型" in bench_figures.table([nothing])


def test_the_table_stands_in_columns_although_han_characters_are_wide() -> None:
    lines = bench_figures.table([Figure("a", "听", "s", (1.0,), 2.0), Figure("b", "启动到第一个画面", "s", (3.0,), 2.0)])
    good, bad = (line for line in lines.splitlines() if "达到" in line)
    assert bench_figures.columns(good.partition("≤")[0]) == bench_figures.columns(bad.partition("≤")[0])
    assert good.endswith("✓ 达到")
    assert bad.endswith("✗ 没有达到")


def test_the_machine_is_described() -> None:
    facts = bench_figures.machine()
    assert facts["cores"] == len(os.sched_getaffinity(0))
    told = bench_figures.about(facts)
    assert str(facts["processor"]) in told
    assert "vosk" in told


def test_json_of_a_measurement(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def measured(args: argparse.Namespace) -> list[Figure]:
        return [Figure("speaking.kept", "出声", "ms", (12.34567,), 300.0)]

    monkeypatch.setitem(bench._MEASURES, "speaking", measured)
    assert main(["bench", "speaking", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["figures"][0]["median"] == 12.3457
    assert told["figures"][0]["met"] is True
    assert told["machine"]["cores"] > 0


def test_what_is_missing_is_said_and_ends_with_3(monkeypatch: pytest.MonkeyPatch,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(models, "missing", models.load_models)
    for what in ("start", "hearing"):
        assert main(["bench", what]) == bench.MISSING
        out = capsys.readouterr().out
        assert "没有测到" in out
        assert "kiosk models fetch" in out


def test_the_first_sound_is_timed_from_the_wish_to_the_loudspeaker() -> None:
    assert 0.0 <= bench_speed._first_sound(Studio(SilentVoice()), "您好，请问您想办什么？", 0.8) < 60_000.0


def test_a_child_is_measured_with_everything_it_has_started(tmp_path: Path) -> None:
    child = bench_start.Child.__new__(bench_start.Child)
    child.process = argparse.Namespace(pid=os.getpid())  # type: ignore[assignment]
    assert child.memory_mb() > 10
    assert child.peak_mb() >= child.memory_mb() * 0.5
    before = child.processor_seconds()
    sum(n * n for n in range(300_000))
    assert child.processor_seconds() >= before


def test_the_site_of_a_child_is_a_demonstration_that_hears_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_start.subprocess, "Popen", lambda words, **_: argparse.Namespace(pid=1, words=words))
    bench_start.Child(tmp_path, {}, Site(dialects=Dialects(local=("dongbei",))))
    site = load_site(tmp_path / "site.toml")
    assert site.sound.microphone == "silence"
    assert site.dialects.local == ("dongbei",)
    assert site.folder == tmp_path / "state"
    bench_start.Child(tmp_path, {"PULSE_SERVER": "unix:somewhere"}, Site())
    assert load_site(tmp_path / "site.toml").sound.microphone == ""


def test_sentences_of_the_bench_may_be_said_as_they_are() -> None:
    """No digits: what is measured is speech, not the filter before it."""
    from kiosk.speaking.privacy import spoken_text

    for text in (*bench_speed.FIXED, *bench_speed.FRESH):
        assert spoken_text(Line("bench", text), Channel.HEADPHONES) == text
