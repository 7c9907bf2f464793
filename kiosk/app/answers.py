"""Questions of visitors, put together: the files of assets/knowledge behind the understanding of requests."""

from __future__ import annotations

import threading

from kiosk import places
from kiosk.fund import knowledge
from kiosk.language.asking import Asking
from kiosk.language.knowledge import Index
from kiosk.language.understand import Engine
from kiosk.ports.understanding import Understander

FOLDER = places.ASSETS / "knowledge"


def asking(inner: Understander, engine: Engine) -> Asking:
    """`inner` understands requests; `engine` lends its words, concepts and accents to the index of questions, which is
    made at the first question, or by Preparing. Raises DataError."""
    known = knowledge.load(FOLDER)
    return Asking(inner, known, lambda: Index(known, engine, FOLDER))


class Preparing:
    """Makes the index on a thread of its own, once the kiosk listens (it costs the better part of a second)."""

    def __init__(self, asking: Asking) -> None:
        self._thread = threading.Thread(target=asking.prepare, name="kiosk-questions")
        self._lock = threading.Lock()
        self._begun = False

    def begin(self) -> None:
        """From any thread; only the first call counts."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
        self._thread.start()

    def stop(self) -> None:
        if self._begun:
            self._thread.join()
