"""A document camera (USB video class) through V4L2. Linux finds it by the name that it gives itself.

OpenCV, which comes with the reader of pictures, talks to the camera in a child process: nothing of it stays in the
kiosk's memory, and a driver that hangs is ended with the child. The camera is closed except while a picture is taken.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

from kiosk.ports.scanner import Page, ScannerError, ScannerState

log = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("uvc_child.py")
#: Where Linux lists cameras, and where their devices are.
_LISTED, _DEVICES = Path("/sys/class/video4linux"), Path("/dev")
#: Seconds for focus and exposure to settle, and for the child as a whole.
_SETTLING, _PATIENCE = 2.5, 15.0


class UvcScanner:
    """Implements Scanner. `name` is a part of the camera's name; empty takes the first camera."""

    def __init__(self, name: str = "", *, listed: Path = _LISTED, devices: Path = _DEVICES,
                 settling: float = _SETTLING, patience: float = _PATIENCE) -> None:
        self._name, self._listed, self._devices = name, listed, devices
        self._settling, self._patience = settling, patience

    def state(self) -> ScannerState:
        device = self._device()
        if device is None:
            return ScannerState.NO_DEVICE
        return ScannerState.READY if os.access(device, os.R_OK | os.W_OK) else ScannerState.BUSY

    def take(self) -> Page:
        device = self._device()
        if device is None:
            raise ScannerError(ScannerState.NO_DEVICE)
        try:
            done = subprocess.run([sys.executable, str(_CHILD), str(device), str(self._settling)], capture_output=True,
                                  timeout=self._patience, check=False)
        except (subprocess.TimeoutExpired, OSError):
            raise ScannerError(ScannerState.TIMED_OUT) from None
        head, whole, picture = done.stdout.partition(b"\n")
        told = json.loads(head) if whole else {"error": "timed_out"}
        if "error" in told or len(picture) != told["bytes"]:
            state = ScannerState(told.get("error", "timed_out"))
            log.info("the camera gives no picture", extra={"state": state.value})
            raise ScannerError(state)
        return Page(picture)

    def clear(self) -> None:
        """Nothing is kept anywhere."""

    def _device(self) -> Path | None:
        return next((self._devices / node for node, name in cameras(self._listed) if self._name in name
                     and (self._devices / node).exists()), None)


def cameras(listed: Path = _LISTED) -> list[tuple[str, str]]:
    """(node, name) of all cameras, in their order. A camera may have further nodes that give no pictures (`index` not 0)."""
    found = []
    for folder in sorted(listed.glob("video*"), key=lambda path: int(re.sub(r"\D", "", path.name) or 0)):
        if _line(folder / "index") in ("", "0"):
            found.append((folder.name, _line(folder / "name")))
    return found


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
