"""The headphone socket, as Linux reports it: input switch SW_HEADPHONE_INSERT (accessibility.md C3).

Reads /dev/input/event* directly: python-evdev has no binary package and would need a compiler on the terminal for the
24 bytes of one struct. Numbers from linux/input-event-codes.h and linux/input.h.
"""

from __future__ import annotations

import fcntl
import logging
import os
import select
import struct
import threading
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

EV_SW = 0x05
SW_HEADPHONE_INSERT = 0x02
_EVENT = struct.Struct("llHHi")             # struct input_event: time (2 longs), type, code, value


def _request(number: int, length: int) -> int:
    """ioctl request _IOC(_IOC_READ, 'E', number, length)."""
    return (2 << 30) | (length << 16) | (ord("E") << 8) | number


EVIOCGSW = _request(0x1B, 8)                # state of all switches
EVIOCGBIT_SW = _request(0x20 + EV_SW, 8)    # which switches the device has


class HeadphoneSocket:
    """Calls `on_change(plugged)` from its own thread, once at the start and at every change.

    A machine without such a switch never calls: voice mode is then turned on by the help key or by asking for it.
    """

    def __init__(self, folder: Path = Path("/dev/input")) -> None:
        self._folder = folder
        self._thread: threading.Thread | None = None
        self._wake: tuple[int, int] | None = None

    def start(self, on_change: Callable[[bool], None]) -> bool:
        """Start watching. False when this machine has no such switch."""
        sockets = self._sockets()
        if not sockets:
            return False
        self._wake = os.pipe()
        self._thread = threading.Thread(target=self._watch, args=(sockets, on_change), name="kiosk-headphones",
                                        daemon=True)
        self._thread.start()
        return True

    def stop(self) -> None:
        if self._thread is None or self._wake is None:
            return
        os.write(self._wake[1], b"x")
        self._thread.join(2.0)
        for end in self._wake:
            os.close(end)
        self._thread = self._wake = None

    def _sockets(self) -> list[int]:
        found = []
        for path in sorted(self._folder.glob("event*")):
            try:
                handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue
            if _switches(handle, EVIOCGBIT_SW) & (1 << SW_HEADPHONE_INSERT):
                found.append(handle)
            else:
                os.close(handle)
        return found

    def _watch(self, sockets: list[int], on_change: Callable[[bool], None]) -> None:
        assert self._wake is not None
        plugged = any(_switches(handle, EVIOCGSW) & (1 << SW_HEADPHONE_INSERT) for handle in sockets)
        on_change(plugged)
        try:
            while True:
                ready, _, _ = select.select([*sockets, self._wake[0]], [], [])
                if self._wake[0] in ready:
                    return
                for handle in ready:
                    for state in _changes(os.read(handle, _EVENT.size * 16)):
                        on_change(state)
        except OSError:
            log.warning("headphone socket lost")
        finally:
            for handle in sockets:
                os.close(handle)


def _switches(handle: int, request: int) -> int:
    try:
        return int.from_bytes(fcntl.ioctl(handle, request, bytes(8)), "little")
    except OSError:
        return 0


def _changes(data: bytes) -> list[bool]:
    """Headphone states in a read of whole input events, in order."""
    return [bool(value) for _, _, kind, code, value in _EVENT.iter_unpack(data[:len(data) // _EVENT.size * _EVENT.size])
            if kind == EV_SW and code == SW_HEADPHONE_INSERT]
