"""What the bench of hearing counts, without a model: labels, samples, visits, tables, echoes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk import places
from kiosk.app import bench_clips, bench_listening
from kiosk.app.bench_hearing import Clip, Heard, Report, alone, clips, noisy
from kiosk.app.bench_understanding import Row
from kiosk.language.syllables import MANDARIN, parse
from kiosk.language.understand import Engine, load
from kiosk.ports.ears import Expectation, Reading, Transcript
from kiosk.ports.sound import EAR_RATE
from kiosk.ports.understanding import Decision, Understanding


def clip(ident: str, kind: str = "sound", dialect: str = "mandarin", voice: str = "a", text: str = "查余额") -> Clip:
    return Clip(Path(ident), Row(ident, "balance" if kind == "sound" else "none", {}, "", dialect, text), kind, voice)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load(places.ASSETS)


def test_a_manifest_tells_sound_talk_and_words(tmp_path: Path) -> None:
    (tmp_path / "manifest.tsv").write_text("path\ttranscript\na.flac\t取消\nb.flac\t今天天气好\n", encoding="utf-8")
    assert [one.kind for one in clips(tmp_path)] == ["word", "talk"]


def test_a_recorded_word_means_what_it_means_as_text(engine: Engine) -> None:
    assert clip("w", "word", text="取消").meaning(engine).row.intent == "cancel"
    assert clip("w", "word", text="苹果").meaning(engine).row.intent == "none"


def test_samples_keep_all_that_was_recorded() -> None:
    every = [*(clip(str(n)) for n in range(10)), clip("t", "talk"), clip("w", "word")]
    assert [one.row.id for one in bench_listening.thinned(every, 5)] == ["0", "5", "t", "w"]


def test_a_visit_is_one_voice_in_one_dialect() -> None:
    heard = [clip(f"{dialect}{voice}{n}", dialect=dialect, voice=voice) for dialect in ("dongbei", "mandarin") for voice in "ab" for n in range(13)]
    made = list(bench_listening.visits(heard, 2))
    assert [dialect for dialect, _ in made] == ["dongbei"] * 4 + ["mandarin"] * 2
    for dialect, visit in made:
        assert len(visit) == bench_listening.VISIT
        assert {one.row.dialect for one in visit} == {dialect}
        assert len({one.voice for one in visit}) == 1


def test_one_decode_alone_is_understood_by_itself(engine: Engine) -> None:
    heard = Transcript("", (Reading("free", "差 鱼 鹅"), Reading("held:mandarin", "查 余额"), Reading("held:dongbei", "叫 人")))
    asked = Expectation(dialect="dongbei")
    assert alone("mandarin", engine)(heard, asked).intent == "balance"
    assert alone("own", engine)(heard, asked).intent == "staff"
    assert alone("free", engine)(Transcript(""), asked).intent == "none"


def test_the_tables_tell_shares_and_how_many(engine: Engine) -> None:
    report = Report()
    report.add(clip("1"), Heard(Transcript(""), 0.1, 1.0), Understanding("balance", {}, Decision.ACCEPT, ("balance",)), MANDARIN)
    report.add(clip("2"), Heard(Transcript(""), 0.1, 1.0), Understanding("none"), MANDARIN)
    report.add(clip("3", "talk"), Heard(Transcript(""), 0.1, 1.0), Understanding("balance", {}, Decision.ACCEPT, ("balance",)), MANDARIN)
    told = bench_listening.as_text(bench_listening.Study("t", report, others={"alone": report}), mistakes=True)
    assert "50.0/50.0/0.0 n=2" in told
    assert "100.0 [20.7, 100.0] n=1" in told
    assert "missed 2" in told
    assert "WRONG 3" in told


@pytest.mark.parametrize("noise", ["white:5", "babble:5", "room:3"])
def test_noise_changes_the_sound_and_is_the_same_each_time(noise: str) -> None:
    at = np.arange(EAR_RATE) / EAR_RATE
    tone = (3000 * np.sin(2 * np.pi * 300 * at) * (at < 0.5)).astype(np.int16)
    others = [(2000 * np.sin(2 * np.pi * (400 + 50 * n) * at)).astype(np.int16) for n in range(6)]
    made = noisy(tone, noise, others)
    assert made.dtype == np.int16
    assert len(made) == len(tone)
    assert np.abs(made[EAR_RATE // 2 + 800:].astype(float)).mean() > 20, "something goes on after the tone"
    assert (made == noisy(tone, noise, others)).all()


def test_simulated_accents_follow_their_rules() -> None:
    pytest.importorskip("misaki")
    sichuan = bench_clips.accented(bench_clips.ACCENTS["xinan_chuanyu"])
    assert sichuan("证明") == ["zen2", "min3"]
    assert all(parse(said) for said in sichuan("老师"))


def test_who_reads_what_is_drawn_the_same_each_time() -> None:
    rows = [Row(str(n), "balance", {}, "", "mandarin" if n < 20 else "dongbei", "查余额") for n in range(30)]
    made = bench_clips.chosen(rows, 5, 2)
    assert made == bench_clips.chosen(rows, 5, 2)
    assert len([one for one in made if one.dialect == "mandarin"]) == 5
    assert len([one for one in made if one.dialect == "dongbei"]) == 4
    assert {one.voice for one in made} <= set(bench_clips.VOICES)
