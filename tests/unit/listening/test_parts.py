"""Gate, inbox, level and resampling."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from kiosk.listening.gate import Gate
from kiosk.listening.inbox import Inbox
from kiosk.listening.level import LevelMeter, loudness
from kiosk.listening.resample import to_ear_rate
from kiosk.listening.segmenter import BLOCK_SECONDS
from kiosk.ports.sound import EAR_RATE
from tests.unit.listening.fakes import FakeClock, block

# ------------------------------------------------------------------ gate


def swallowed(gate: Gate) -> float:
    """Seconds until a block passes."""
    for count in range(100):
        if gate.passes():
            return count * BLOCK_SECONDS
    raise AssertionError("nothing passes")


def test_the_gate_is_closed_until_it_is_opened() -> None:
    assert not Gate().passes()


def test_what_still_sounds_in_the_hall_is_swallowed() -> None:
    gate = Gate()
    gate.open()
    assert swallowed(gate) == pytest.approx(0.25, abs=BLOCK_SECONDS)
    assert gate.passes()


def test_an_open_gate_does_not_hold_off_again() -> None:
    gate = Gate()
    gate.open()
    swallowed(gate)
    gate.open()
    assert gate.passes()


def test_every_opening_holds_off() -> None:
    gate = Gate()
    for _ in range(2):
        gate.open()
        assert swallowed(gate) > 0.2
        gate.close()
        assert not gate.passes()


# ------------------------------------------------------------------ inbox


def test_words_come_before_sound() -> None:
    inbox: Inbox[str] = Inbox(FakeClock())
    inbox.put(block())
    inbox.tell("open")
    assert inbox.get(0.0) == "open"
    assert isinstance(inbox.get(0.0), np.ndarray)
    assert inbox.get(0.0) is None


@pytest.mark.unexpected_log
def test_a_full_inbox_drops_the_oldest_block() -> None:
    inbox: Inbox[str] = Inbox(FakeClock(), limit=3)
    for value in range(5):
        inbox.put(block(value))
    assert inbox.waiting == 3
    assert inbox.dropped == 2
    oldest = inbox.get(0.0)
    assert isinstance(oldest, np.ndarray)
    assert oldest[0] == 2


def test_what_nobody_listens_to_may_be_dropped_silently() -> None:
    inbox: Inbox[str] = Inbox(FakeClock(), limit=1)
    inbox.matters = False
    inbox.put(block())
    inbox.put(block())
    assert (inbox.waiting, inbox.dropped) == (1, 0)


@pytest.mark.unexpected_log
def test_dropping_is_logged_at_most_every_ten_seconds(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    inbox: Inbox[str] = Inbox(clock, limit=1)
    counts = []
    with caplog.at_level(logging.WARNING):
        for _ in range(25):  # one second each
            inbox.put(block())
            inbox.put(block())
            inbox.get(0.0)
            clock.seconds += 1.0
        counts = [record.__dict__["count"] for record in caplog.records]
    assert len(counts) == 3
    assert sum(counts) <= inbox.dropped == 25
    assert caplog.records[0].getMessage() == "too slow to listen, sound was dropped"


def test_forgetting_sound_keeps_words() -> None:
    inbox: Inbox[str] = Inbox(FakeClock())
    inbox.put(block())
    inbox.tell("close")
    inbox.forget_sound()
    assert inbox.get(0.0) == "close"
    assert inbox.get(0.0) is None


# ------------------------------------------------------------------ level


def test_silence_is_nothing_and_a_loud_voice_is_full() -> None:
    tone = (16000 * np.sin(np.arange(512) / 5)).astype(np.int16)
    assert loudness(np.zeros(512, np.int16)) == 0.0
    assert loudness(tone) > 0.9
    assert 0.2 < loudness((tone / 50).astype(np.int16)) < 0.6
    assert loudness(np.full(512, -32768, np.int16)) == 1.0


def test_the_meter_rises_at_once_and_falls_gently() -> None:
    meter = LevelMeter()
    high = meter.feed(block(8000))
    assert high == loudness(block(8000))
    fall = [meter.feed(block(0)) for _ in range(30)]
    assert high * 0.6 < fall[0] < high
    assert fall == sorted(fall, reverse=True)
    assert fall[-1] < 0.01


# ------------------------------------------------------------------ resampling


@pytest.mark.parametrize("rate", [8000, 22050, 24000, 44100, 48000, 96000])
def test_a_tone_stays_the_same_tone(rate: int) -> None:
    seconds = 0.5
    tone = 10000 * np.sin(2 * np.pi * 1000 * np.arange(int(rate * seconds)) / rate)
    heard = to_ear_rate(tone.astype(np.int16), rate)
    wanted = 10000 * np.sin(2 * np.pi * 1000 * np.arange(len(heard)) / EAR_RATE)
    assert len(heard) == EAR_RATE * seconds
    assert np.abs(heard - wanted)[200:-200].max() < 20


def test_what_the_ears_cannot_represent_is_gone() -> None:
    rate = 48000
    tone = 10000 * np.sin(2 * np.pi * 11000 * np.arange(rate) / rate)
    assert np.abs(to_ear_rate(tone.astype(np.int16), rate))[200:-200].max() < 20


def test_loud_sound_is_limited_not_wrapped() -> None:
    square = np.where(np.arange(4800) // 60 % 2, 32767, -32768).astype(np.int16)
    heard = to_ear_rate(square, 48000)
    assert (np.abs(np.diff(heard.astype(int))) < 65000).all()
    assert len(to_ear_rate(np.zeros(0, np.int16), 48000)) == 0
