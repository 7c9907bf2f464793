"""The loudspeaker on a sound server of its own: sound comes out, stops at once, and survives the loss of the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pulse as private
import pytest
from pulse import PrivatePulse

from kiosk.adapters.loudspeaker import SoundLoudspeaker
from kiosk.ports.sound import Sound

pytestmark = pytest.mark.skipif(bool(private.missing()), reason=private.missing() or "-")


@pytest.fixture(scope="module")
def pulse() -> Iterator[PrivatePulse]:
    pytest.importorskip("sounddevice", exc_type=OSError)
    with PrivatePulse(hiss=False) as server:
        yield server


class Stage:
    def __init__(self) -> None:
        self.states: list[tuple[bool, str]] = []
        self.changed = threading.Condition()
        self.speaker = SoundLoudspeaker(on_state=self._on_state)

    def _on_state(self, works: bool, reason: str) -> None:
        with self.changed:
            self.states.append((works, reason))
            self.changed.notify_all()

    def wait_for_state(self, works: bool) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: bool(self.states) and self.states[-1][0] is works, 30)


@pytest.fixture
def stage(pulse: PrivatePulse) -> Iterator[Stage]:
    stage = Stage()
    stage.speaker.start()
    stage.wait_for_state(True)
    yield stage
    stage.speaker.close()


def tone(seconds: float) -> Sound:
    return Sound((np.sin(np.arange(round(24_000 * seconds)) * 2 * np.pi * 440 / 24_000) * 12_000).astype(np.int16), 24_000)


def play_and_wait(speaker: SoundLoudspeaker, sound: Sound) -> bool:
    done, left = [], threading.Event()
    speaker.play(sound, lambda whole: (done.append(whole), left.set()))
    assert left.wait(30)
    return bool(done[0])


def test_what_is_played_comes_out_at_its_pitch(stage: Stage, pulse: PrivatePulse) -> None:
    heard: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []
    recorder = threading.Thread(target=lambda: heard.append(pulse.record(2.5)))
    recorder.start()
    assert play_and_wait(stage.speaker, tone(1.5))
    recorder.join()
    loud = np.flatnonzero(np.abs(heard[0]) > 1000)
    part = heard[0][loud[0]:loud[0] + 8000].astype(np.float64)
    assert np.argmax(np.abs(np.fft.rfft(part))) * 16_000 / len(part) == pytest.approx(440, abs=5)


def test_stop_makes_silence(stage: Stage, pulse: PrivatePulse) -> None:
    done: list[bool] = []
    stage.speaker.play(tone(20.0), done.append)
    stage.speaker.play(tone(20.0), done.append)
    deadline = time.monotonic() + 10
    while stage.speaker.level == 0.0:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stage.speaker.stop()
    assert done == [False, False]
    pulse.record(0.2)  # what the server still had
    assert np.abs(pulse.record(0.3)).max() < 100


def test_sounds_end_and_the_loudspeaker_comes_back_when_the_server_dies(stage: Stage, pulse: PrivatePulse) -> None:
    done, left = [], threading.Event()
    stage.speaker.play(tone(1.0), lambda whole: (done.append(whole), left.set()))
    pulse.stop_server()
    assert left.wait(30)  # counted off in silence: the dialogue goes on
    assert done == [True]
    stage.wait_for_state(False)
    assert play_and_wait(stage.speaker, tone(0.2))
    pulse.start_server()
    stage.wait_for_state(True)
    assert play_and_wait(stage.speaker, tone(0.2))
