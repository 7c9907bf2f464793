"""The kiosk must not hear itself (pitfalls 7): the gate is closed while it speaks, and a little longer."""

from __future__ import annotations

from kiosk.ports.sound import EAR_BLOCK, EAR_RATE

#: What the hall still carries of our own voice after the last sample has left (accessibility.md C4 asks 0.2 s).
HOLD_OFF = 0.25


class Gate:
    """Closed at first. After open() it swallows blocks for the hold-off, counted in audio seconds."""

    def __init__(self, hold_off: float = HOLD_OFF) -> None:
        self._swallow = round(hold_off * EAR_RATE / EAR_BLOCK)
        self._left = 0
        self._open = False

    @property
    def is_open(self) -> bool:
        """True from open() to close(), the hold-off included."""
        return self._open

    def open(self) -> None:
        """An open gate stays as it is: a new question without speech in between has no echo to wait for."""
        if not self._open:
            self._open, self._left = True, self._swallow

    def close(self) -> None:
        self._open = False

    def passes(self) -> bool:
        """Whether the block that has just come may be heard. Call once per block."""
        if not self._open:
            return False
        if self._left:
            self._left -= 1
            return False
        return True
