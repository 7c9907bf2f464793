"""The understanding of a running kiosk: takes over what the hall learns, between visits and without a restart.

Looks at the files of the hall's packs when a visit ends and every half minute while nobody is there; a new engine is
loaded on a thread of its own (a second) and takes the old one's place only while nobody is there. Engines never
change, so whoever is still using the old one is not disturbed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.fund.errors import WorldError
from kiosk.language.packs import Pack
from kiosk.language.site_pack import signature
from kiosk.language.understand import Engine
from kiosk.ports.ears import Expectation, Transcript
from kiosk.ports.understanding import Understanding

log = logging.getLogger(__name__)


class LiveMeaning:
    """Understander of kiosk.ports.understanding, and the packs that the vocabularies are made of."""

    def __init__(self, engine: Engine, folder: Path, load: Callable[[], Engine]) -> None:
        """`folder` holds the hall's packs, `load` makes an engine of what is there now; called on its own thread."""
        self._engine, self._folder, self._load = engine, folder, load
        self._seen = self._signature()
        self._lock = threading.Lock()
        self._next: Engine | None = None
        self._somebody = False
        self._thread: threading.Thread | None = None

    # ------------------------------------------------------------ what an engine does

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def packs(self) -> Mapping[str, Pack]:
        return self._engine.packs

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        return self._engine.understand(text, expectation)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return self._engine.understand_heard(heard, expectation)

    # ------------------------------------------------------------ taking over (main thread)

    def serve(self, somebody: bool) -> None:
        """Told with every change of the screen whether a visit is going on."""
        with self._lock:
            left = self._somebody and not somebody
            self._somebody = somebody
            self._take_over()
        if left:
            self.look()

    def look(self) -> None:
        """Load anew if a file of the hall has changed. Does nothing during a visit."""
        with self._lock:
            if self._somebody or (self._thread and self._thread.is_alive()):
                return
            now = self._signature()
            if now == self._seen:
                return
            self._seen = now
            self._thread = threading.Thread(target=self._make, name="kiosk-packs")
        self._thread.start()

    def stop(self) -> None:
        if self._thread:
            self._thread.join()

    # ------------------------------------------------------------ on the thread

    def _make(self) -> None:
        try:
            engine = self._load()
        except WorldError as fault:  # a broken file: go on with what is known
            log.warning("the hall's packs cannot be read", extra={"reason": type(fault).__name__})
            return
        with self._lock:
            self._next = engine
            self._take_over()

    def _take_over(self) -> None:
        """With the lock held."""
        if self._next is not None and not self._somebody:
            self._engine, self._next = self._next, None
            log.info("the hall's packs were taken over")

    def _signature(self) -> tuple[tuple[str, int, int], ...]:
        try:
            return signature(self._folder)
        except OSError:  # a file went away while we looked
            return ()
