"""Reads the words on pictures with rapidocr (PaddleOCR's models, bundled with the package) in a child process.

A process of its own, because it needs 400 MB while it works: the kiosk itself imports none of it, and gets everything
back when the child is ended. The child also has no network and is killed with whatever it has read.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from kiosk.adapters.child import Child, ChildError
from kiosk.ports.scanner import Page, PageReaderError, PageText, Sight, TextLine

_CHILD = Path(__file__).with_name("ocr_child.py")
#: Seconds for the child to be ready (2 on a quiet machine) and to read one picture (1 to 2).
_STARTING, _READING = 40.0, 40.0


def missing() -> str:
    """Which package is missing; '' when pictures can be read here. Imports nothing."""
    return next((name for name in ("rapidocr", "cv2", "onnxruntime") if importlib.util.find_spec(name) is None), "")


class OcrReader:
    """Implements PageReader."""

    def __init__(self, starting: float = _STARTING, reading: float = _READING) -> None:
        self._starting, self._reading = starting, reading
        self._child: Child | None = None
        self._ready = False

    def start(self) -> None:
        if lacking := missing():
            raise PageReaderError(f"{lacking} is not installed")
        if self.child_id is not None:
            return
        self.stop()
        try:
            self._child = Child(_CHILD)
        except ChildError as error:
            raise PageReaderError(str(error)) from error

    def read(self, page: Page) -> PageText:
        self.start()
        assert self._child is not None
        try:
            if not self._ready:
                self._child.answer(self._starting)
                self._ready = True
            self._child.ask({"bytes": len(page.picture)}, page.picture)
            told = self._child.answer(self._reading)
        except ChildError as error:
            self.stop()
            raise PageReaderError(str(error)) from error
        return PageText(Sight(told["sight"]), tuple(
            TextLine(text, score, tuple((x, y) for x, y in corners)) for text, score, corners in told["lines"]))

    def stop(self) -> None:
        child, self._child, self._ready = self._child, None, False
        if child is not None:
            child.end()

    @property
    def child_id(self) -> int | None:
        """Process number of the child, if it runs."""
        return self._child.id if self._child is not None else None
