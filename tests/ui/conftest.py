"""The screen tests run in their own process (pitfalls 5), without a display."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

# Qt reads both when it is first imported. The platform's own screen is 800 x 800 (platform.md 1).
_screen = Path(tempfile.gettempdir()) / f"kiosk-offscreen-{os.getuid()}.json"
_screen.write_text(json.dumps({"screens": [{"name": "kiosk", "x": 0, "y": 0, "width": 1920, "height": 1920,
                                            "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}), encoding="utf-8")
os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_screen}"

import pytest  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from kiosk.ui.bridge import Bridge  # noqa: E402
from kiosk.ui.window import KioskWindow, ScreenOptions  # noqa: E402
from tests.ui.opening import Opener  # noqa: E402


@pytest.fixture
def open_window(qtbot: QtBot) -> Opener:
    """A window on a bridge of its own: open_window(1080, 1920, reduced_motion=True)."""
    def opener(width: int = 1080, height: int = 1920, **options: object) -> KioskWindow:
        window = KioskWindow(Bridge(), ScreenOptions(guard_ms=0, **options))  # type: ignore[arg-type]
        qtbot.addWidget(window)
        window.open_at(width, height)
        return window
    return opener
