"""Deafness is noticed, and repaired with growing waits."""

from __future__ import annotations

import pytest

from kiosk.listening.segmenter import blocks_of
from kiosk.listening.watchdog import BACK_OFF, Watchdog
from tests.unit.listening.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def dog(clock: FakeClock) -> Watchdog:
    dog = Watchdog(clock)
    dog.opened()
    dog.block(True)
    return dog


def test_no_block_for_a_second_is_deaf(clock: FakeClock, dog: Watchdog) -> None:
    clock.seconds += 0.9
    assert dog.look(True) == ""
    clock.seconds += 0.2
    assert dog.look(True) == "no_blocks"


def test_a_busy_listener_is_not_deaf(clock: FakeClock, dog: Watchdog) -> None:
    clock.seconds += 2.0
    assert dog.look(False) == ""


def test_a_server_that_slept_has_longer_for_its_first_block(clock: FakeClock) -> None:
    dog = Watchdog(clock)
    dog.opened()
    clock.seconds += 2.0
    assert dog.look(True) == ""
    clock.seconds += 1.5
    assert dog.look(True) == "no_blocks"


def test_attempts_come_after_half_a_second_one_two_and_then_every_five(clock: FakeClock, dog: Watchdog) -> None:
    waits = []
    for _ in range(6):
        dog.lost("no_device")
        began = clock.seconds
        while not dog.retry_due:
            clock.seconds += 0.125
        waits.append(clock.seconds - began)
    assert waits == [*BACK_OFF, 5.0, 5.0]


def test_hearing_again_makes_the_next_attempt_quick(clock: FakeClock, dog: Watchdog) -> None:
    for _ in range(4):
        dog.lost("finished")
    dog.opened()
    assert not dog.retry_due
    assert dog.block(True), "the first block says that we hear again"
    assert not dog.block(True)
    dog.lost("finished")
    clock.seconds += 0.5
    assert dog.retry_due


def test_nothing_but_zeros_for_long_is_a_dead_microphone(dog: Watchdog) -> None:
    for _ in range(blocks_of(29.0)):
        dog.block(False)
    assert dog.look(True) == ""
    for _ in range(blocks_of(2.0)):
        dog.block(False)
    assert dog.look(True) == "silent"


def test_one_living_block_is_enough(dog: Watchdog) -> None:
    for number in range(blocks_of(100.0)):
        dog.block(number % 900 == 0)
    assert dog.look(True) == ""


def test_a_dead_microphone_is_well_only_when_it_makes_a_sound(clock: FakeClock, dog: Watchdog) -> None:
    dog.lost("silent")
    clock.seconds += 1.0
    assert dog.retry_due
    dog.opened()
    assert not dog.block(False)
    assert not dog.retry_due, "not again at once"
    clock.seconds += 31.0
    assert dog.retry_due
    assert dog.block(True)
    assert not dog.retry_due


def test_zeros_can_be_allowed(clock: FakeClock) -> None:
    dog = Watchdog(clock, silent=0.0)
    dog.opened()
    for _ in range(blocks_of(100.0)):
        dog.block(False)
    assert dog.look(True) == ""


def test_giving_up_is_for_good(clock: FakeClock, dog: Watchdog) -> None:
    dog.lost("no_library")
    dog.give_up()
    clock.seconds += 1000.0
    assert not dog.retry_due
    assert dog.look(True) == ""
