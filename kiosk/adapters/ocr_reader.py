"""Reads the words on pictures with rapidocr (PaddleOCR's models, bundled with the package) in a child process.

A process of its own, because it needs 400 MB while it works: the kiosk itself imports none of it, and gets everything
back when the child is ended. The child also has no network and is killed with whatever it has read.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

from kiosk.ports.scanner import Page, PageReaderError, PageText, Sight, TextLine

log = logging.getLogger(__name__)

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
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False

    def start(self) -> None:
        if lacking := missing():
            raise PageReaderError(f"{lacking} is not installed")
        if self._child is not None and self._child.poll() is None:
            return
        self.stop()
        try:
            self._child = subprocess.Popen([sys.executable, str(_CHILD)], stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise PageReaderError(str(error)) from error

    def read(self, page: Page) -> PageText:
        self.start()
        if not self._ready:
            self._answer(self._starting)
            self._ready = True
        assert self._child is not None
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps({"bytes": len(page.picture)}).encode() + b"\n" + page.picture)
            self._child.stdin.flush()
        except OSError as error:
            self.stop()
            raise PageReaderError("the child is gone") from error
        told = self._answer(self._reading)
        return PageText(Sight(told["sight"]), tuple(
            TextLine(text, score, tuple((x, y) for x, y in corners)) for text, score, corners in told["lines"]))

    def stop(self) -> None:
        child, self._child, self._ready = self._child, None, False
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()

    @property
    def child_id(self) -> int | None:
        """Process number of the child, if it runs."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def _answer(self, seconds: float) -> Any:
        assert self._child is not None
        assert self._child.stdout is not None
        ready, _, _ = select.select([self._child.stdout], [], [], seconds)
        line = self._child.stdout.readline() if ready else b""
        told = json.loads(line) if line.endswith(b"\n") else {"error": "no answer"}  # or half of one, from a child that died
        if "error" in told:
            self.stop()
            log.info("the reader of pictures was ended", extra={"reason": str(told["error"])})
            raise PageReaderError(str(told["error"]))
        return told
