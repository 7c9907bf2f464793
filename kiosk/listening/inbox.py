"""The one way into the listening thread: sound, bounded; words from other threads, never lost."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import Generic, TypeVar

from kiosk.ports.clock import Clock
from kiosk.ports.sound import Samples

log = logging.getLogger(__name__)

Word = TypeVar("Word")

#: Blocks that may wait: 4.8 s, for the first utterance of the day on a busy machine. More would mean answers that come
#: ever later (pitfalls 9).
LIMIT = 150
#: Seconds between two blocks that are a gap; they come every 32 ms.
GAP = 0.25
#: At most one line in the log per so many seconds.
LOG_EVERY = 10.0


class Inbox(Generic[Word]):
    """Blocks and words for one reader. Words come first, in order. A full queue drops and counts its oldest block."""

    def __init__(self, clock: Clock, limit: int = LIMIT) -> None:
        self._clock = clock
        self._blocks: deque[Samples] = deque(maxlen=limit)
        self._words: deque[Word] = deque()
        self._something = threading.Condition()
        self._put_at = clock.monotonic()
        self._gap = False
        self._logged_at = float("-inf")
        self._logged = 0
        self.dropped = 0
        self.matters = True
        """Somebody listens. While not, old blocks make room without being counted."""

    def put(self, block: Samples) -> None:
        """Hand over a block; called by the audio thread, never blocks for long."""
        with self._something:
            if len(self._blocks) == self._blocks.maxlen:
                self.dropped += self.matters
            self._blocks.append(block)
            now = self._clock.monotonic()
            self._gap = self._gap or now - self._put_at > GAP
            self._put_at = now
            self._something.notify()

    def gap(self) -> bool:
        """Whether sound has stood still since this was last asked. A reader who is behind would not notice it."""
        with self._something:
            gap, self._gap = self._gap, False
            return gap

    def tell(self, word: Word) -> None:
        with self._something:
            self._words.append(word)
            self._something.notify()

    def get(self, timeout: float) -> Word | Samples | None:
        """The next word or block; None when nothing came for `timeout` seconds."""
        with self._something:
            if not self._words and not self._blocks:
                self._something.wait(timeout)
            self._log_drops()
            if self._words:
                return self._words.popleft()
            return self._blocks.popleft() if self._blocks else None

    def forget_sound(self) -> None:
        """Throw away the blocks that wait: they were recorded before the gate opened."""
        with self._something:
            self._blocks.clear()

    @property
    def waiting(self) -> int:
        return len(self._blocks)

    def _log_drops(self) -> None:
        now = self._clock.monotonic()
        if self.dropped > self._logged and now - self._logged_at >= LOG_EVERY:
            log.warning("too slow to listen, sound was dropped", extra={"count": self.dropped - self._logged})
            self._logged, self._logged_at = self.dropped, now
