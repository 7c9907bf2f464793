"""Notices that the ears have gone deaf, and says when to try again.

A lost device is invisible to PortAudio's caller: the callbacks simply stop, or zeros come (pitfalls 8, platform.md 4).
"""

from __future__ import annotations

from kiosk.ports.clock import Clock
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE

#: Seconds to wait before each attempt to reopen; the last one repeats.
BACK_OFF = (0.5, 1.0, 2.0, 5.0)


class Watchdog:
    """Used by the listening thread alone.

    no_block     seconds without a block that mean the device is lost
    first_block  the same right after opening: a sound server that slept needs up to 1.9 s (platform.md 4)
    silent       seconds of nothing but zeros that mean a dead or muted microphone (a live one always hisses); 0 never
    """

    def __init__(self, clock: Clock, *, no_block: float = 1.0, first_block: float = 3.0, silent: float = 30.0,
                 back_off: tuple[float, ...] = BACK_OFF, silent_retry: float = 30.0) -> None:
        self._clock = clock
        self._no_block, self._first_block, self._silent = no_block, first_block, silent
        self._back_off, self._silent_retry = back_off, silent_retry
        self._attempts = 0
        self._deadline = float("inf")   # for the next block
        self._retry_at = float("inf")
        self._zeros = 0
        self._deaf = "not open"         # why; '' while blocks come as they should

    def opened(self) -> None:
        """The device has been opened; it is well when sound comes."""
        self._deadline = self._clock.monotonic() + self._first_block
        self._retry_at = float("inf")
        self._zeros = 0

    def block(self, alive: bool) -> bool:
        """A block has come; `alive` if it is not all zeros. Returns True if we can hear again from this block on."""
        now = self._clock.monotonic()
        self._deadline = now + self._no_block
        self._zeros = 0 if alive else self._zeros + 1
        if self._deaf:
            if self._deaf == "silent" and not alive:
                if self._retry_at == float("inf"):  # opened again, and still nothing but zeros
                    self._retry_at = now + self._silent_retry
                return False
            self._deaf, self._attempts, self._retry_at = "", 0, float("inf")
            return True
        return False

    def look(self, starved: bool) -> str:
        """Why the device must be given up now, or ''. Call a few times a second; `starved` when no block is waiting
        to be heard (a listener that was busy for a second has not lost its microphone)."""
        if starved and self._clock.monotonic() > self._deadline:
            return "no_blocks"
        if not self._deaf and self._silent and self._zeros * EAR_BLOCK / EAR_RATE >= self._silent:
            return "silent"
        return ""

    def lost(self, reason: str) -> None:
        """The device is gone or could not be opened: plan the next attempt."""
        now = self._clock.monotonic()
        wait = self._back_off[min(self._attempts, len(self._back_off) - 1)]
        self._attempts += 1
        self._deadline = float("inf")
        self._retry_at = now + wait
        self._deaf = reason

    def give_up(self) -> None:
        """Trying again cannot help."""
        self._deadline = self._retry_at = float("inf")

    @property
    def retry_due(self) -> bool:
        return self._clock.monotonic() >= self._retry_at
