"""The listening thread with real voice activity and recogniser, fed as fast as it hears."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from kiosk import places
from kiosk.adapters.wav_microphone import WavMicrophone
from kiosk.app import hearing, settings
from kiosk.app.cmd_hear import Pipeline
from kiosk.listening.ear import Ear
from kiosk.listening.listener import Callbacks, Listener
from kiosk.listening.turns import ElderTurns, load_pauses, short_answer
from kiosk.ports.ears import EarReport, Expectation, HearingState, Transcript
from tests.sound.conftest import Say


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "never"
        time.sleep(0.01)


class Room:
    def __init__(self, make_ear: Callable[[], Ear]) -> None:
        self.heard: list[Transcript] = []
        self.partials: list[str] = []
        self.reports: list[EarReport] = []
        self.microphone = WavMicrophone(lambda: self.listener.waiting)
        self.listener = Listener(self.microphone, make_ear, Callbacks(
            self.reports.append, self.partials.append, on_heard=self.heard.append))

    def until(self, state: HearingState) -> None:
        until(lambda: bool(self.reports) and self.reports[-1].state is state)


@pytest.fixture
def room(ears: Pipeline) -> Iterator[Room]:
    turns = ElderTurns(load_pauses(places.ASSETS / "listening" / "pauses.yaml"), short_answer(ears.engine))
    room = Room(lambda: hearing.make_ear(settings.Site(), ears.engine, turns))
    room.listener.start()
    room.until(HearingState.READY)
    yield room
    room.listener.stop()


@pytest.mark.slow
def test_a_visitor_is_heard_and_the_kiosk_does_not_hear_itself(room: Room, say: Say) -> None:
    room.microphone.speak(say("您好，请问要办理什么业务？"), after=0.5)  # the kiosk, while the gate is closed
    until(lambda: not room.microphone.speaking)
    room.listener.open(Expectation())
    room.until(HearingState.LISTENING)
    room.microphone.speak(say("我想查一下公积金余额。"), before=0.5, after=2.0)
    until(lambda: bool(room.heard))
    assert len(room.heard) == 1
    assert "余额" in room.heard[0].text
    assert "业务" not in room.heard[0].text
    assert len(room.partials) >= 3, "captions grow while somebody speaks"
    assert room.reports[-1].dropped_blocks == 0


@pytest.mark.slow
def test_a_thinking_pause_is_not_an_end_and_two_requests_are_two(room: Room, say: Say) -> None:
    room.listener.open(Expectation())
    room.until(HearingState.LISTENING)
    room.microphone.speak(say("我想"), before=0.5, after=0.8)  # with the clips' own silence about 1.9 s
    room.microphone.speak(say("打一份缴存证明。"), after=3.2)
    room.microphone.speak(say("再查一下余额。"), after=3.2)
    until(lambda: len(room.heard) == 2)
    assert "证明" in room.heard[0].text
    assert "余额" in room.heard[1].text
