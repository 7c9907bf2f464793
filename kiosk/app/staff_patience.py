"""A call for staff does not end in silence: after a while it is repeated, and then it is told honestly that nobody came."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.ports.devices import StaffCall, StaffState

#: later(seconds, then) calls `then` once, unless what it returned was called before.
Later = Callable[[float, Callable[[], None]], Callable[[], None]]


class PatientCall:
    """Implements StaffCall around another one. Used by one thread; what the device tells goes straight on."""

    def __init__(self, device: StaffCall, later: Later, *, again_after: float, nobody_after: float) -> None:
        """`again_after` seconds of no answer the call is repeated, `nobody_after` seconds after that it counts as
        unanswered."""
        self._device, self._later = device, later
        self._again_after, self._nobody_after = again_after, nobody_after
        self._cancel: Callable[[], None] = lambda: None
        self._on_state: Callable[[StaffState], None] = lambda state: None
        self._answered = False

    def call(self, reason: str, on_state: Callable[[StaffState], None]) -> None:
        self._cancel()
        self._on_state, self._answered = on_state, False
        self._device.call(reason, self._told)
        self._cancel = self._later(self._again_after, lambda: self._again(reason))

    def end(self) -> None:
        self._cancel()
        self._answered = True
        self._device.end()

    def _told(self, state: StaffState) -> None:
        """From the device, on whichever thread it has."""
        if state in (StaffState.COMING, StaffState.NONE, StaffState.NOBODY):
            self._answered = True
        self._on_state(state)

    def _again(self, reason: str) -> None:
        if self._answered:
            return
        self._device.call(reason, self._reminded)
        self._on_state(StaffState.ESCALATED)
        self._cancel = self._later(self._nobody_after, self._nobody)

    def _reminded(self, state: StaffState) -> None:
        if state is not StaffState.CALLED:
            self._told(state)

    def _nobody(self) -> None:
        if not self._answered:
            self._on_state(StaffState.NOBODY)


class NoStaffCall:
    """A terminal without any way of calling: said at once, with the way to the window."""

    def __init__(self, later: Later) -> None:
        self._later = later

    def call(self, reason: str, on_state: Callable[[StaffState], None]) -> None:
        self._later(0.0, lambda: on_state(StaffState.NOBODY))  # not while the one who calls is still busy with it

    def end(self) -> None:
        """Nothing was begun."""
