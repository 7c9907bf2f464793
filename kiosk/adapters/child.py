"""A helper process that answers line by line, and that can be ended at any time: what would be heavy, or gets stuck, lives there.

It is a Python file run by path. After its start and after each request it writes one JSON line; {"error": …} means that it is of
no more use.
"""

from __future__ import annotations

import contextlib
import json
import logging
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class ChildError(Exception):
    """The child could not be started, is gone, gave no answer in time, or told an error. It has been ended."""


class Child:
    """One process. Not thread-safe: its owner sees to that."""

    def __init__(self, program: Path) -> None:
        """Raises ChildError. The first answer says that it is ready: see `answer`."""
        try:
            self._process = subprocess.Popen([sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                             stderr=subprocess.DEVNULL)
        except OSError as error:
            raise ChildError(str(error)) from error

    @property
    def id(self) -> int | None:
        """Its process number, while it runs."""
        return self._process.pid if self._process.poll() is None else None

    def ask(self, request: dict[str, Any], after: bytes = b"") -> None:
        """Send a request, one JSON line, with whatever follows it. Raises ChildError."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n" + after)
            self._process.stdin.flush()
        except OSError as error:
            self.end()
            raise ChildError("the child is gone") from error

    def answer(self, seconds: float) -> dict[str, Any]:
        """Its next line. Raises ChildError when none comes in time, or a line with "error"."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        line = self._process.stdout.readline() if ready else b""
        told: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {"error": "no answer"}  # or half of one
        if "error" in told:
            self.end()
            log.info("a child process was ended", extra={"reason": str(told["error"])})
            raise ChildError(str(told["error"]))
        return told

    def end(self) -> None:
        """At once, and nothing of it is left."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()
