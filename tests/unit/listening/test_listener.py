"""The listening thread with a microphone, a clock and a recogniser that do what they are told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from kiosk.fund.errors import WorldError
from kiosk.listening.ear import Ear
from kiosk.listening.listener import Callbacks, Listener
from kiosk.listening.turns import ElderTurns, Pauses
from kiosk.listening.watchdog import Watchdog
from kiosk.ports.ears import EarReport, Expectation, HearingState, Transcript
from tests.unit.listening.fakes import FakeClock, FakeMicrophone, LoudIsSpeech, ScriptedRecogniser, block, blocks

QUIET, LOUD = 1, 90


class Stage:
    """A listener and everything it told. Sound is given block by block, each heard before the next."""

    def __init__(self, microphone: FakeMicrophone, *scripts: str, silent: float = 30.0) -> None:
        self.microphone, self.clock = microphone, FakeClock()
        self.activity, self.recogniser = LoudIsSpeech(), ScriptedRecogniser(*scripts)
        self.reports: list[EarReport] = []
        self.partials: list[str] = []
        self.heard: list[Transcript] = []
        self.quiet: list[float] = []
        self.started = 0
        self._news = threading.Condition()
        self.listener = Listener(
            microphone, lambda: Ear(self.activity, self.recogniser, ElderTurns(Pauses())),
            Callbacks(self._reported, self.partials.append, self._voice_started, self.heard.append, self.quiet.append),
            clock=self.clock, watchdog=Watchdog(self.clock, silent=silent))

    def _reported(self, report: EarReport) -> None:
        with self._news:
            self.reports.append(report)
            self._news.notify_all()

    def _voice_started(self) -> None:
        self.started += 1

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true; the listening thread naps a quarter of a second at most."""
        for _ in range(2000):
            if true():
                return
            threading.Event().wait(0.005)
        raise AssertionError("never")

    def give(self, seconds: float, value: int) -> None:
        self.until(lambda: self.microphone.on_block is not None)
        for sound in blocks(seconds, value):
            on_block = self.microphone.on_block
            assert on_block is not None
            on_block(sound)
            self.until(lambda: self.listener.waiting < 50)
            self.clock.seconds += 0.032
        self.until(lambda: self.listener.waiting == 0)
        self.listener.prepare(Expectation(topic="settled"))  # the last block has been heard when this has been done
        self.until(lambda: any(done.topic == "settled" for done in self.recogniser.prepared))
        self.recogniser.prepared = [done for done in self.recogniser.prepared if done.topic != "settled"]

    def state(self) -> HearingState | None:
        return self.reports[-1].state if self.reports else None

    def states(self) -> list[HearingState]:
        """Without repetitions."""
        told = [report.state for report in self.reports]
        return [state for at, state in enumerate(told) if at == 0 or told[at - 1] is not state]

    def listen(self, expectation: Expectation | None = None) -> None:
        self.listener.open(expectation or Expectation())
        self.until(lambda: self.state() is HearingState.LISTENING)


@pytest.fixture
def microphone() -> FakeMicrophone:
    return FakeMicrophone()


@pytest.fixture
def stage(microphone: FakeMicrophone) -> Iterator[Stage]:
    stage = Stage(microphone, "我 要 取钱", "退休")
    stage.listener.start()
    stage.give(0.1, QUIET)
    yield stage
    stage.listener.stop()


def test_what_is_said_is_heard(stage: Stage) -> None:
    stage.listen()
    stage.give(0.5, QUIET)
    stage.give(0.8, LOUD)
    assert stage.state() is HearingState.HEARING
    assert stage.started == 1
    stage.give(1.5, QUIET)
    assert [heard.text for heard in stage.heard] == ["我要取钱"]
    assert stage.partials[-1] == "我要取钱"
    assert any(report.partial == "我要取钱" for report in stage.reports)
    assert stage.states() == [HearingState.READY, HearingState.LISTENING, HearingState.HEARING, HearingState.LISTENING]


def test_a_closed_gate_hears_nothing(stage: Stage) -> None:
    stage.give(1.0, LOUD)
    stage.give(2.0, QUIET)
    assert stage.heard == []
    assert stage.state() is HearingState.READY
    assert stage.reports[-1].level < 0.05 < max(report.level for report in stage.reports), "the meter works all the same"


def test_the_kiosks_own_last_word_is_not_heard(stage: Stage) -> None:
    stage.listen()
    stage.give(0.22, LOUD)  # the echo of a prompt
    stage.give(3.0, QUIET)
    assert stage.started == 0


def test_opening_starts_from_nothing(stage: Stage) -> None:
    resets = stage.activity.resets
    stage.listen()
    stage.give(0.5, LOUD)
    stage.listener.close()
    stage.until(lambda: stage.state() is HearingState.READY)
    stage.listen()
    stage.give(0.5, QUIET)
    stage.give(2.0, QUIET)
    assert stage.activity.resets >= resets + 2
    assert stage.heard == [], "what was being said when the gate closed is forgotten"


def test_a_new_question_on_an_open_gate_does_not_interrupt(stage: Stage) -> None:
    question = Expectation(pending="yes_no")
    stage.listen()
    stage.give(0.5, QUIET)
    stage.give(0.5, LOUD)
    stage.listener.open(question)
    stage.give(2.0, QUIET)
    stage.give(0.5, LOUD)
    assert stage.recogniser.begun == [Expectation(), question]
    assert len(stage.heard) == 1


def test_seconds_without_speech_are_told(stage: Stage) -> None:
    stage.listen()
    stage.give(0.25 + 5.2, QUIET)
    assert stage.quiet == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_cough_without_a_word_is_not_told(microphone: FakeMicrophone) -> None:
    stage = Stage(microphone, "")
    stage.listener.start()
    stage.give(0.1, QUIET)
    stage.listen()
    stage.give(0.5, QUIET)
    stage.give(0.3, LOUD)
    stage.give(2.0, QUIET)
    assert stage.heard == []
    assert stage.started == 1
    stage.listener.stop()


@pytest.mark.unexpected_log
def test_a_microphone_that_falls_silent_is_lost_and_found(stage: Stage) -> None:
    stage.listen()
    stage.give(0.5, QUIET)
    stage.give(0.5, LOUD)
    stage.clock.seconds += 1.1
    stage.until(lambda: stage.state() is HearingState.DEAF)
    assert stage.reports[-1].reason == "no_blocks"
    assert "麦克风" in stage.reports[-1].sentence
    stage.clock.seconds += 0.6
    stage.until(lambda: stage.microphone.starts == 2)
    stage.give(0.1, QUIET)
    assert stage.state() is HearingState.LISTENING
    stage.give(1.5, QUIET)
    assert stage.heard == [], "the half sentence is forgotten"
    stage.give(0.5, LOUD)
    stage.give(1.5, QUIET)
    assert [heard.text for heard in stage.heard] == ["退休"]


@pytest.mark.unexpected_log
def test_the_end_of_the_stream_is_told_at_once(stage: Stage) -> None:
    assert stage.microphone.on_lost is not None
    stage.microphone.on_lost("finished")
    stage.until(lambda: stage.state() is HearingState.DEAF)
    assert stage.reports[-1].reason == "finished"
    assert stage.microphone.stops == 1


@pytest.mark.unexpected_log
def test_a_late_word_about_an_old_stream_is_ignored(stage: Stage) -> None:
    old = stage.microphone.on_lost
    assert old is not None
    old("finished")
    stage.until(lambda: stage.state() is HearingState.DEAF)
    stage.clock.seconds += 0.6
    stage.until(lambda: stage.microphone.starts == 2)
    stage.give(0.1, QUIET)
    old("finished")
    stage.give(0.2, QUIET)
    assert stage.state() is HearingState.READY


@pytest.mark.unexpected_log
def test_a_swapped_source_is_noticed_within_five_seconds(stage: Stage) -> None:
    stage.listen()
    stage.microphone.swapped = "swapped"
    stage.until(lambda: _one_block(stage) and stage.state() is HearingState.DEAF)
    assert stage.reports[-1].reason == "swapped"
    assert stage.clock.seconds < 100.0 + 6.0


@pytest.mark.unexpected_log
def test_an_utterance_in_which_the_source_was_swapped_is_not_believed(stage: Stage) -> None:
    stage.listen()
    stage.give(0.5, QUIET)
    stage.give(0.8, LOUD)
    stage.microphone.swapped = "swapped"
    stage.until(lambda: _one_block(stage) and stage.state() is HearingState.DEAF)
    assert stage.heard == []


@pytest.mark.unexpected_log
def test_what_an_old_stream_has_left_behind_does_not_make_it_well(stage: Stage) -> None:
    on_block, on_lost = stage.microphone.on_block, stage.microphone.on_lost
    assert on_block is not None
    assert on_lost is not None
    on_lost("finished")
    stage.until(lambda: stage.state() is HearingState.DEAF)
    for _ in range(5):
        on_block(block(LOUD))
    stage.until(lambda: stage.listener.waiting == 0)
    stage.clock.seconds += 0.6
    stage.until(lambda: stage.microphone.starts == 2)
    assert stage.state() is HearingState.DEAF
    stage.give(0.2, QUIET)
    assert stage.state() is HearingState.READY


def _one_block(stage: Stage) -> bool:
    on_block = stage.microphone.on_block
    if on_block is not None:
        on_block(block(QUIET))
        stage.clock.seconds += 0.032
    return True


@pytest.mark.unexpected_log
def test_a_muted_microphone_is_deaf_until_it_makes_a_sound(microphone: FakeMicrophone) -> None:
    stage = Stage(microphone, silent=1.0)
    stage.listener.start()
    stage.give(1.2, 0)
    stage.until(lambda: stage.state() is HearingState.DEAF)
    assert stage.reports[-1].reason == "silent"
    stage.clock.seconds += 0.6
    stage.until(lambda: microphone.starts == 2)
    stage.give(0.5, 0)
    assert stage.state() is HearingState.DEAF
    stage.give(0.1, QUIET)
    assert stage.state() is HearingState.READY
    stage.listener.stop()


@pytest.mark.unexpected_log
def test_a_machine_without_a_microphone_tries_again_and_again() -> None:
    stage = Stage(FakeMicrophone(["no_device", "no_device", ""]))
    stage.listener.start()
    stage.until(lambda: stage.state() is HearingState.DEAF)
    assert stage.reports[-1].sentence == "没有麦克风。"
    for wait in (0.6, 1.1):
        stage.clock.seconds += wait
        starts = stage.microphone.starts
        stage.until(lambda starts=starts: stage.microphone.starts > starts)  # type: ignore[misc]
    stage.give(0.1, QUIET)
    assert stage.state() is HearingState.READY
    stage.listener.stop()
    assert stage.microphone.stops == 1


@pytest.mark.unexpected_log
def test_without_the_sound_library_nothing_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage(FakeMicrophone(["no_library"]))
    stage.listener.start()
    stage.until(lambda: stage.state() is HearingState.OFF)
    stage.clock.seconds += 100.0
    stage.listener.open(Expectation())
    stage.until(lambda: bool(stage.recogniser.prepared))
    assert stage.microphone.starts == 1
    assert stage.state() is HearingState.OFF
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [
        "the microphone cannot be opened"]
    stage.listener.stop()


@pytest.mark.unexpected_log
def test_without_a_recogniser_the_kiosk_goes_on_without_ears(microphone: FakeMicrophone) -> None:
    reports: list[EarReport] = []

    def no_ear() -> Ear:
        raise WorldError("nothing there", "没有安装语音识别模型。")

    listener = Listener(microphone, no_ear, Callbacks(on_report=reports.append))
    listener.start()
    listener.open(Expectation())
    listener.close()
    listener.stop()
    assert [(report.state, report.reason, report.sentence) for report in reports] == [
        (HearingState.OFF, "no_model", "没有安装语音识别模型。")]
    assert microphone.starts == 0


def test_stop_leaves_no_thread_and_no_open_microphone(microphone: FakeMicrophone) -> None:
    stage = Stage(microphone)
    stage.listener.start()
    stage.give(0.3, QUIET)
    stage.listener.open(Expectation())
    stage.listener.stop()
    stage.listener.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "kiosk-listening"]
    assert (microphone.starts, microphone.stops) == (1, 1)


def test_a_listener_that_was_never_started_can_be_stopped(microphone: FakeMicrophone) -> None:
    Stage(microphone).listener.stop()
    assert microphone.starts == 0
