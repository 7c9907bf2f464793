"""What a running kiosk takes over without a restart: between visits, never in the middle of one.

Looks for changes when a visit ends and every half minute while nobody is there; the new value is loaded on a thread of
its own and takes the old one's place only while nobody is there. Values never change, so whoever is still using the old
one is not disturbed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.fund.errors import WorldError

T = TypeVar("T")
log = logging.getLogger(__name__)


class BetweenVisits(Generic[T]):
    """Holds the value in use. `serve`, `look` and `stop` are called on the main thread."""

    def __init__(self, value: T, load: Callable[[], T], stamp: Callable[[], object], name: str) -> None:
        """`load` makes a value of what lies there now, on its own thread; `stamp` changes when that changes. A WorldError
        of `load` leaves the old value in use. `name` goes into the log and names the thread."""
        self._value, self._load, self._stamp, self._name = value, load, stamp, name
        self._seen = self._now()
        self._lock = threading.Lock()
        self._next: list[T] = []
        self._somebody = False
        self._thread: threading.Thread | None = None

    @property
    def value(self) -> T:
        return self._value

    def serve(self, somebody: bool) -> None:
        """Told with every change of the screen whether a visit is going on."""
        with self._lock:
            left = self._somebody and not somebody
            self._somebody = somebody
            self._take_over()
        if left:
            self.look()

    def look(self) -> None:
        """Load anew if something has changed. Does nothing during a visit."""
        with self._lock:
            if self._somebody or (self._thread and self._thread.is_alive()):
                return
            now = self._now()
            if now == self._seen:
                return
            self._seen = now
            self._thread = threading.Thread(target=self._make, name=f"kiosk-{self._name}")
        self._thread.start()

    def stop(self) -> None:
        if self._thread:
            self._thread.join()

    def _make(self) -> None:
        """On the thread."""
        try:
            value = self._load()
        except WorldError as fault:  # broken data: go on with what is known
            log.warning("new data cannot be read, the old stands", extra={"task": self._name,
                                                                          "reason": type(fault).__name__})
            return
        with self._lock:
            self._next = [value]
            self._take_over()

    def _take_over(self) -> None:
        """With the lock held."""
        if self._next and not self._somebody:
            self._value = self._next.pop()
            log.info("new data was taken over", extra={"task": self._name})

    def _now(self) -> object:
        try:
            return self._stamp()
        except OSError:  # a file went away while we looked
            return None
