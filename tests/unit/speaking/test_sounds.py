"""Shape, chimes, the play queue, the silent loudspeaker, the cache, the studio and the chain of voices."""

from __future__ import annotations

import os
import threading
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from speaking_fakes import FakeVoice, buzz, wait_for

from kiosk.adapters.loudspeaker import NullLoudspeaker
from kiosk.adapters.wav_loudspeaker import WavLoudspeaker
from kiosk.ports.sound import Sound
from kiosk.ports.voice import Voice, VoiceError
from kiosk.speaking import chimes
from kiosk.speaking.cache import SoundCache
from kiosk.speaking.clauses import Clause
from kiosk.speaking.playqueue import PlayQueue
from kiosk.speaking.shape import as_floats, evened, resampled, shaped, stretched, trimmed, with_pause
from kiosk.speaking.studio import CacheFiller, Studio
from kiosk.speaking.voices import GIVE_UP_AFTER, VoiceChain, VoiceReport

RATE = 24_000


def tone(seconds: float, hertz: float = 220.0, rate: int = RATE) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


# ------------------------------------------------------------------ shape


def test_silence_at_both_ends_is_cut_off_but_not_the_sound() -> None:
    silence = np.zeros(RATE, np.float32)
    out = trimmed(np.concatenate((silence, tone(0.5), silence)), RATE)
    assert 0.5 <= len(out) / RATE <= 0.6
    assert len(trimmed(silence, RATE)) == 0


def test_loud_and_soft_voices_come_out_alike_and_never_clip() -> None:
    soft, loud = evened(tone(0.5) * 0.05, RATE), evened(tone(0.5) * 3.0, RATE)
    assert np.abs(soft).max() == pytest.approx(np.abs(loud).max(), rel=0.01)
    click = np.zeros(RATE, np.float32)
    click[::2400] = 1.0
    assert np.abs(evened(click, RATE)).max() <= 0.9


@pytest.mark.parametrize("pace", [0.6, 0.8, 1.2, 1.5])
def test_stretching_keeps_the_pitch(pace: float) -> None:
    out = stretched(tone(1.0, 200.0), RATE, pace)
    assert len(out) == pytest.approx(RATE / pace, rel=0.02)
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out))))
    assert np.argmax(spectrum) * RATE / len(out) == pytest.approx(200.0, abs=6.0)


def test_short_sounds_and_the_own_pace_are_left_alone() -> None:
    short = tone(0.02)
    assert stretched(short, RATE, 0.6) is short
    assert len(stretched(tone(0.5), RATE, 1.0)) == len(tone(0.5))


def test_resampling_keeps_pitch_and_loudness() -> None:
    out = resampled(tone(0.5, 440.0), RATE, 48_000)
    assert len(out) == RATE
    assert np.sqrt(np.mean(out ** 2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)
    assert np.argmax(np.abs(np.fft.rfft(out))) * 48_000 / len(out) == pytest.approx(440.0, abs=2.0)


def test_chimes_are_short_soft_and_rise_or_fall() -> None:
    for name in chimes.NAMES:
        sound = chimes.chime(name)
        assert sound.seconds < 0.4
        assert np.abs(as_floats(sound)).max() < 0.2
        assert abs(int(sound.samples[0])) < 300  # no click
    with pytest.raises(KeyError):
        chimes.chime("gong")


# ------------------------------------------------------------------ the play queue


class Told:
    def __init__(self) -> None:
        self.done: list[tuple[str, bool]] = []

    def __call__(self, name: str) -> object:
        return lambda whole: self.done.append((name, whole))


def sound_of(value: float, frames: int, rate: int = 1000) -> Sound:
    return Sound(np.full(frames, round(value * 32767), np.int16), rate)


def test_sounds_follow_each_other_without_a_gap_and_are_done_when_they_have_left() -> None:
    queue, told = PlayQueue(1000), Told()
    queue.play(sound_of(0.5, 15), told("a"))  # type: ignore[arg-type]
    queue.play(sound_of(0.25, 10), told("b"))  # type: ignore[arg-type]
    first = queue.pull(20, now=0.0, delay=0.1)
    assert first[:15] == pytest.approx(0.5, abs=0.001)
    assert first[15:] == pytest.approx(0.25, abs=0.001)
    assert told.done == []                      # all of a is with the device, but it has not left
    second = queue.pull(20, now=0.11, delay=0.1)  # a's last sample leaves at 0.115
    assert second[5:] == pytest.approx(0.0)
    assert told.done == []
    queue.pull(20, now=0.12, delay=0.1)
    assert told.done == [("a", True)]
    assert not queue.empty
    queue.settle(0.3)
    assert told.done == [("a", True), ("b", True)]
    assert queue.empty


def test_stop_fades_within_a_block_and_answers_everything() -> None:
    queue, told = PlayQueue(1000), Told()
    queue.play(sound_of(0.5, 8), told("left"))  # type: ignore[arg-type]
    queue.play(sound_of(0.5, 500), told("playing"))  # type: ignore[arg-type]
    queue.play(sound_of(0.5, 500), told("waiting"))  # type: ignore[arg-type]
    queue.pull(10, now=0.0, delay=1.0)
    queue.stop()
    assert told.done == [("left", False), ("playing", False), ("waiting", False)]
    block = queue.pull(10, now=0.01, delay=1.0)
    assert 0.0 < block[1] < 0.5
    assert block[6:] == pytest.approx(0.0)
    assert not queue.pull(10, now=0.02, delay=1.0).any()


def test_volume_glides_within_one_block() -> None:
    queue = PlayQueue(1000)
    queue.play(sound_of(0.5, 100), lambda whole: None)
    queue.pull(10, 0.0, 0.0)
    queue.set_volume(0.2)
    gliding = queue.pull(10, 0.0, 0.0)
    assert gliding[0] == pytest.approx(0.5, abs=0.01)
    assert np.all(np.diff(gliding) < 0)
    assert queue.pull(10, 0.0, 0.0) == pytest.approx(0.1, abs=0.001)


def test_the_level_follows_the_speech_whatever_the_volume_and_chimes_do_not_move_the_mouth() -> None:
    queue = PlayQueue(1000)
    queue.set_volume(0.1)
    queue.overlay(sound_of(0.5, 10))
    assert queue.pull(10, 0.0, 0.0).any()
    assert queue.level == 0.0
    queue.play(sound_of(0.3, 10), lambda whole: None)
    queue.pull(10, 0.0, 0.0)
    assert queue.level > 0.8


# ------------------------------------------------------------------ loudspeakers without a device


def test_the_silent_loudspeaker_counts_sounds_off_and_can_be_stopped() -> None:
    speaker, done, both = NullLoudspeaker(), [], threading.Event()
    speaker.start()
    try:
        speaker.play(buzz(0.03), lambda whole: done.append(whole))
        speaker.play(buzz(0.03), lambda whole: (done.append(whole), both.set()))
        assert both.wait(10)
        speaker.play(buzz(600.0), lambda whole: done.append(whole))
        speaker.stop()
    finally:
        speaker.close()
    assert done == [True, True, False]


def test_what_is_said_is_written_to_files(tmp_path: Path) -> None:
    speaker, done = WavLoudspeaker(tmp_path / "said"), []
    speaker.start()
    speaker.play(buzz(0.1), done.append)
    speaker.begin("turn-2")
    speaker.play(buzz(0.2), done.append)
    speaker.play(buzz(0.3), done.append)
    speaker.overlay(buzz(0.1))
    speaker.close()
    lengths = {}
    for file in (tmp_path / "said").iterdir():
        with wave.open(str(file)) as sound:
            lengths[file.name] = round(sound.getnframes() / sound.getframerate(), 2)
    assert lengths == {"0001.wav": 0.1, "turn-2.wav": 0.5}
    assert done == [True, True, True]


# ------------------------------------------------------------------ the cache


def test_a_kept_sound_comes_back_as_it_was(tmp_path: Path) -> None:
    cache, sound = SoundCache(tmp_path), buzz(0.2)
    cache.put("v", "您好", sound)
    back = SoundCache(tmp_path).get("v", "您好")
    assert back is not None
    assert (back.rate, back.samples.tolist()) == (sound.rate, sound.samples.tolist())
    assert cache.get("other", "您好") is None
    assert not list(tmp_path.rglob("*.part"))


def test_a_broken_file_is_removed_and_missing_rather_than_said(tmp_path: Path) -> None:
    cache = SoundCache(tmp_path)
    cache.put("v", "您好", buzz(0.2))
    file, = tmp_path.rglob("*.wav")
    file.write_bytes(b"RIFF")
    assert cache.get("v", "您好") is None
    assert not cache.has("v", "您好")


def test_the_longest_unused_go_first_when_it_is_full(tmp_path: Path) -> None:
    cache = SoundCache(tmp_path, limit_bytes=10_000)  # each of these takes 3,244 bytes
    for age, text in ((300, "a"), (200, "b"), (100, "c")):
        before = set(tmp_path.rglob("*.wav"))
        cache.put("v", text, buzz(0.2))
        file, = set(tmp_path.rglob("*.wav")) - before
        os.utime(file, (time.time() - age,) * 2)
    cache.get("v", "a")  # used again
    cache.put("v", "d", buzz(0.2))
    assert [cache.has("v", text) for text in "abcd"] == [True, False, False, True]


@pytest.mark.unexpected_log
def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = SoundCache(tmp_path / "file")
    cache.put("v", "您好", buzz(0.1))
    assert cache.get("v", "您好") is None


# ------------------------------------------------------------------ the studio


def clause(text: str, pause: float = 0.0) -> Clause:
    return Clause(text, 0, len(text), pause)


def test_only_fixed_sentences_are_kept_on_disk(tmp_path: Path) -> None:
    voice = FakeVoice()
    studio = Studio(voice, SoundCache(tmp_path))
    studio.keep(["请看屏幕上面。"])
    for _ in range(2):
        studio.sound(clause("请看屏幕上面。"), 0.9)
        studio.sound(clause("王先生您有五千块。"), 0.9)
    assert voice.said == ["请看屏幕上面。", "王先生您有五千块。", "王先生您有五千块。"]
    assert len(list(tmp_path.rglob("*.wav"))) == 1
    assert studio.ready(clause("王先生您有五千块。"), 0.9) is None


def test_one_rendering_serves_every_pace(tmp_path: Path) -> None:
    voice = FakeVoice()
    studio = Studio(voice, SoundCache(tmp_path))
    studio.keep(["请看屏幕上面。"])
    lengths = [studio.sound(clause("请看屏幕上面。", pause=0.3), rate).seconds for rate in (1.2, 0.9, 0.6)]
    assert len(voice.said) == 1
    assert lengths == sorted(lengths)


def test_figures_are_given_to_the_voice_in_words() -> None:
    voice = FakeVoice()
    Studio(voice).sound(clause("共2张"), 0.9)
    assert voice.said == ["共两张"]


def test_the_cache_is_filled_in_the_background_and_holds_still_while_somebody_is_served(tmp_path: Path) -> None:
    voice, progress = FakeVoice(), []
    studio = Studio(voice, SoundCache(tmp_path))
    sentences = ["请把身份证放好，然后等一等。", "请看屏幕上面。", "请看屏幕上面。"]
    studio.keep(sentences)
    filler = CacheFiller(studio, lambda done, count: progress.append((done, count)))
    filler.pause()
    filler.start(sentences)
    assert voice.said == []
    filler.resume()
    wait_for(lambda: (3, 3) in progress)
    filler.stop()
    assert voice.said == ["请把身份证放好，", "然后等一等。", "请看屏幕上面。"]
    again = CacheFiller(studio)
    again.start(sentences)
    again.stop()
    assert len(voice.said) == 3


def test_filling_can_be_stopped_while_it_holds_still(tmp_path: Path) -> None:
    filler = CacheFiller(Studio(FakeVoice(), SoundCache(tmp_path)))
    filler.pause()
    filler.start(["请看屏幕上面。"])
    filler.stop()


def test_without_a_voice_filling_ends_without_a_word(tmp_path: Path) -> None:
    voice = FakeVoice()
    voice.broken = {"*"}
    filler = CacheFiller(Studio(voice, SoundCache(tmp_path)))
    filler.start(["请看屏幕上面。", "请把身份证放好。"])
    wait_for(lambda: bool(voice.said))
    filler.stop()
    assert len(voice.said) == 1


# ------------------------------------------------------------------ which voice speaks


def refusing() -> Voice:
    raise VoiceError("no file", "文件缺少。")


def test_the_first_voice_that_can_be_made_speaks_and_the_reason_is_told() -> None:
    reports: list[VoiceReport] = []
    chain = VoiceChain([("kokoro/zf", refusing), ("pyttsx3", lambda: FakeVoice("pyttsx3"))], reports.append)
    assert chain.name == "kokoro/zf"  # kept sentences can be looked up before it is loaded
    assert chain.load() == VoiceReport("pyttsx3", "kokoro/zf：文件缺少。")
    assert reports == [chain.report]
    assert chain.name == "pyttsx3"
    assert chain.synthesise("您好", 0.9).seconds > 0


def test_a_voice_that_keeps_failing_is_given_up_and_the_sentence_is_still_said() -> None:
    first, second = FakeVoice("first"), FakeVoice("second")
    chain = VoiceChain([("first", lambda: first), ("second", lambda: second)])
    chain.load()
    first.broken = {"*"}
    chain.synthesise("您好", 0.9)
    assert first.said == ["您好"] * GIVE_UP_AFTER
    assert second.said == ["您好"]
    assert first.closed
    assert chain.name == "second"


def test_without_any_voice_it_says_so() -> None:
    chain = VoiceChain([("kokoro/zf", refusing)])
    assert chain.load().name == ""
    with pytest.raises(VoiceError):
        chain.synthesise("您好", 0.9)


def test_the_pause_of_a_clause_is_silence_behind_it() -> None:
    sound = with_pause(shaped(buzz(0.2)), 0.5)
    assert not sound.samples[-4000:].any()
