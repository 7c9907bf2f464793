"""Calling staff: what every way of calling must do, the desk in the hall's network, and patience that ends honestly."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from queue import Empty, Queue

import pytest

from kiosk.adapters.lan_staff import LanStaffCall
from kiosk.adapters.lan_staff_desk import StaffDesk
from kiosk.adapters.simulated_devices import SimulatedStaffCall
from kiosk.app.staff_patience import NoStaffCall, PatientCall
from kiosk.ports.devices import StaffCall, StaffState

S = StaffState


class Told:
    """What was told, in order; waits for it."""

    def __init__(self) -> None:
        self._states: Queue[StaffState] = Queue()

    def __call__(self, state: StaffState) -> None:
        self._states.put(state)

    def next(self) -> StaffState:
        return self._states.get(timeout=10)

    @property
    def nothing_more(self) -> bool:
        try:
            self._states.get_nowait()
        except Empty:
            return True
        return False


@pytest.fixture
def desk() -> Iterator[StaffDesk]:
    desk = StaffDesk()
    desk.start()
    yield desk
    desk.stop()


Side = tuple[StaffCall, Callable[[], None], Callable[[], None]]


@pytest.fixture(params=["simulated", "lan"])
def side(request: pytest.FixtureRequest, desk: StaffDesk) -> Iterator[Side]:
    """A way of calling; "I am coming" and "it is done" on the other side."""
    if request.param == "simulated":
        simulated = SimulatedStaffCall(production=False)
        yield simulated, lambda: simulated.answer(S.COMING), simulated.end
        return
    lan = LanStaffCall(desk.url, "0001", "一楼大厅", ask_every=0.02)
    yield lan, lambda: desk.coming("0001"), lambda: desk.over("0001")
    lan.close()


def test_called_coming_done(side: Side) -> None:
    call, coming, done = side
    told = Told()
    call.call("asked", told)
    assert told.next() is S.CALLED
    coming()
    assert told.next() is S.COMING
    done()
    assert told.next() is S.NONE


def test_the_visitor_calls_it_off(side: Side) -> None:
    call, _, _ = side
    told = Told()
    call.call("asked", told)
    assert told.next() is S.CALLED
    call.end()
    assert told.next() is S.NONE


def test_the_desk_shows_who_calls_and_answers_buttons(desk: StaffDesk) -> None:
    call, told = LanStaffCall(desk.url, "0001", "一楼大厅", ask_every=0.02), Told()
    call.call("paper_out", told)
    assert told.next() is S.CALLED
    call.call("paper_out", told)
    assert told.next() is S.CALLED
    page = urllib.request.urlopen(desk.url).read().decode()
    assert "0001号机（一楼大厅）：没有纸了" in page
    assert "催了1次" in page
    urllib.request.urlopen(urllib.request.Request(f"{desk.url}/coming/0001", b"", method="POST"))
    assert told.next() is S.COMING
    call.close()
    assert desk.calls() == ()


def test_a_desk_that_is_off_is_told_at_once(desk: StaffDesk) -> None:
    call, told = LanStaffCall("http://127.0.0.1:9", "0001", "一楼大厅", ask_every=0.02), Told()
    call.call("asked", told)
    assert told.next() is S.NOBODY
    call.close()


def test_what_others_send_does_no_harm(desk: StaffDesk) -> None:
    for path, body in (("/calls/0001", b"nonsense"), ("/calls/../x", b"{}"), ("/other/1", b"{}")):
        request = urllib.request.Request(desk.url + path, body, method="POST")
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(request)
    request = urllib.request.Request(f"{desk.url}/calls/7", b'{"place": "<script>"}', method="POST")
    urllib.request.urlopen(request)
    assert "<script>" not in urllib.request.urlopen(desk.url).read().decode()


# ------------------------------------------------------------------ patience


class Clock:
    """later(), wound by hand."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        entry = (seconds, then)
        self.waiting.append(entry)
        return lambda: self.waiting.remove(entry) if entry in self.waiting else None

    def strike(self) -> float:
        seconds, then = self.waiting.pop(0)
        then()
        return seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def device() -> SimulatedStaffCall:
    return SimulatedStaffCall(production=False)


@pytest.fixture
def patient(clock: Clock, device: SimulatedStaffCall) -> PatientCall:
    return PatientCall(device, clock.later, again_after=60, nobody_after=90)


def test_nobody_comes(patient: PatientCall, clock: Clock) -> None:
    told: list[StaffState] = []
    patient.call("asked", told.append)
    assert clock.strike() == 60
    assert clock.strike() == 90
    assert told == [S.CALLED, S.ESCALATED, S.NOBODY]
    assert clock.waiting == []


def test_somebody_comes_after_the_reminder(patient: PatientCall, clock: Clock, device: SimulatedStaffCall) -> None:
    told: list[StaffState] = []
    patient.call("asked", told.append)
    clock.strike()
    device.answer(S.COMING)
    clock.strike()
    assert told == [S.CALLED, S.ESCALATED, S.COMING]


def test_nothing_happens_any_more_once_it_was_called_off(patient: PatientCall, clock: Clock) -> None:
    told: list[StaffState] = []
    patient.call("asked", told.append)
    patient.end()
    assert clock.waiting == []
    assert told == [S.CALLED, S.NONE]


def test_a_second_call_starts_the_patience_anew(patient: PatientCall, clock: Clock) -> None:
    told: list[StaffState] = []
    patient.call("jam", told.append)
    patient.call("asked", told.append)
    assert len(clock.waiting) == 1


def test_a_terminal_without_a_bell_says_so(clock: Clock) -> None:
    told: list[StaffState] = []
    patient = PatientCall(NoStaffCall(clock.later), clock.later, again_after=60, nobody_after=90)
    patient.call("asked", told.append)
    assert clock.strike() == 0
    clock.strike()
    patient.end()
    assert told == [S.NOBODY]
