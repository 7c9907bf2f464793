"""The speaking thread: order, interruption, one answer per speech, nothing telling on the loudspeaker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from speaking_fakes import FakeLoudspeaker, FakeVoice, wait_for

from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel
from kiosk.speaking import chimes
from kiosk.speaking.cache import SoundCache
from kiosk.speaking.player import Player
from kiosk.speaking.privacy import KEPT_BACK
from kiosk.speaking.studio import Studio


class Stage:
    """A player between a fake voice and two fake loudspeakers, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.voice = FakeVoice()
        self.studio = Studio(self.voice, SoundCache(folder))
        self.hall, self.headphones = FakeLoudspeaker(), FakeLoudspeaker()
        self.spoken: list[tuple[int, bool]] = []
        self.clauses: list[tuple[int, int, int, int]] = []
        self.player = Player(self.studio, {Channel.LOUDSPEAKER: self.hall, Channel.HEADPHONES: self.headphones},
                             on_spoken=lambda token, whole: self.spoken.append((token, whole)),
                             on_clause=lambda *where: self.clauses.append(where))

    def say(self, *texts: str, token: int = 1, channel: Channel = Channel.LOUDSPEAKER) -> None:
        self.player.say(tuple(Line(f"key{n}", text) for n, text in enumerate(texts)), token, channel)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    stage.player.start()
    yield stage
    stage.voice.hold.set()
    stage.player.stop()


def test_clauses_are_said_in_order_and_the_end_is_told_once(stage: Stage) -> None:
    stage.say("请把身份证放好，然后等一等。", "谢谢您的耐心。", token=7)
    for _ in range(3):
        assert stage.spoken == []
        stage.hall.leave()
    wait_for(lambda: bool(stage.spoken))
    assert stage.voice.said == ["请把身份证放好，", "然后等一等。", "谢谢您的耐心。"]
    assert stage.clauses == [(7, 0, 0, 8), (7, 0, 8, 14), (7, 1, 0, 7)]
    assert stage.spoken == [(7, True)]


def test_the_next_clause_is_made_while_the_first_plays(stage: Stage) -> None:
    stage.say("请把身份证放好，然后等一等。")
    wait_for(lambda: len(stage.hall.queue) == 2)  # both wait in the loudspeaker, and none has left
    assert stage.clauses == [(1, 0, 0, 8)]


def test_hush_stops_and_answers_once(stage: Stage) -> None:
    stage.say("请把身份证放好，然后等一等。", token=3)
    wait_for(lambda: len(stage.hall.queue) == 2)
    stage.player.hush()
    stage.player.hush()
    wait_for(lambda: bool(stage.spoken))
    stage.say("好的好的。", token=4)
    stage.hall.leave()
    wait_for(lambda: len(stage.spoken) == 2)
    assert stage.spoken == [(3, False), (4, True)]
    assert stage.hall.stops == 1


def test_hush_is_answered_while_the_voice_is_still_at_work(stage: Stage) -> None:
    stage.voice.hold.clear()
    stage.say("这一句很久才做好。", token=1)
    wait_for(lambda: bool(stage.voice.said))
    stage.player.hush()
    wait_for(lambda: stage.spoken == [(1, False)])
    stage.voice.hold.set()
    stage.say("下一句话来了。", token=2)
    stage.hall.leave()
    wait_for(lambda: len(stage.spoken) == 2)
    assert len(stage.hall.played) == 1  # the late sound of the first speech was thrown away


def test_a_new_speech_stops_the_old_one(stage: Stage) -> None:
    stage.say("请把身份证放好。", token=1)
    wait_for(lambda: len(stage.hall.queue) == 1)
    stage.say("请看一看屏幕。", token=2)
    wait_for(lambda: len(stage.hall.played) == 2)
    stage.hall.leave()
    wait_for(lambda: len(stage.spoken) == 2)
    assert stage.spoken == [(1, False), (2, True)]


def test_a_speech_with_nothing_to_say_is_over_at_once(stage: Stage) -> None:
    stage.say("……", "", token=9)
    stage.player.say((), 10, Channel.LOUDSPEAKER)
    wait_for(lambda: len(stage.spoken) == 2)
    assert stage.spoken == [(9, True), (10, True)]


def test_stopping_the_player_answers_what_is_open(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.player.start()
    stage.say("请把身份证放好。", token=5)
    wait_for(lambda: len(stage.hall.queue) == 1)
    stage.player.stop()
    assert stage.spoken == [(5, False)]


def test_a_kept_sentence_does_not_wait_for_the_voice(stage: Stage) -> None:
    stage.studio.keep(["请把身份证放好。"])
    stage.studio.render("请把身份证放好。")
    stage.voice.hold.clear()
    stage.say("这一句很久才做好。", token=1)
    wait_for(lambda: len(stage.voice.said) == 2)
    stage.say("请把身份证放好。", token=2)
    stage.hall.leave()
    wait_for(lambda: stage.spoken == [(1, False), (2, True)])


def test_headphones_get_the_private_wording_and_the_hall_does_not(stage: Stage) -> None:
    line = Line("balance", "余额请看屏幕。", "余额是五千块钱。")
    stage.player.say((line,), 1, Channel.HEADPHONES)
    stage.headphones.leave()
    stage.player.say((line,), 2, Channel.LOUDSPEAKER)
    stage.hall.leave()
    wait_for(lambda: len(stage.spoken) == 2)
    assert stage.voice.said == ["余额是五千块钱。", "余额请看屏幕。"]


@pytest.mark.unexpected_log
def test_numbers_are_kept_off_the_loudspeaker_at_run_time(stage: Stage) -> None:
    stage.say("您的号码是一二三四五六。", token=1)
    stage.hall.leave()
    wait_for(lambda: bool(stage.spoken))
    assert stage.voice.said == [KEPT_BACK]


@pytest.mark.unexpected_log
def test_what_no_voice_can_say_becomes_silence_and_the_speech_goes_on(stage: Stage) -> None:
    stage.voice.broken = {"请把身份证放好，"}
    stage.say("请把身份证放好，然后等一等。", token=1)
    stage.hall.leave()
    stage.hall.leave()
    wait_for(lambda: stage.spoken == [(1, True)])
    assert not stage.hall.played[0].samples.any()
    assert stage.hall.played[0].seconds > 1.0
    assert stage.hall.played[1].samples.any()


def test_chimes_sound_over_speech_and_do_not_stop_it(stage: Stage) -> None:
    stage.say("请把身份证放好。", token=1)
    wait_for(lambda: len(stage.hall.queue) == 1)
    stage.player.chime("knock")
    wait_for(lambda: len(stage.hall.overlays) == 1)
    assert stage.hall.overlays[0] is chimes.chime("knock")
    assert stage.spoken == []


def test_volume_goes_to_all_outputs_and_the_rate_stretches(stage: Stage) -> None:
    stage.player.set_volume(0.3)
    assert (stage.hall.volume, stage.headphones.volume) == (0.3, 0.3)
    stage.player.set_rate(0.9)
    stage.say("请把身份证放好。")
    stage.hall.leave()
    stage.player.set_rate(0.6)
    stage.say("请把身份证放好。", token=2)
    stage.hall.leave()
    wait_for(lambda: len(stage.spoken) == 2)
    usual, slow = stage.hall.played
    assert slow.seconds == pytest.approx(usual.seconds * 1.5, rel=0.02)
