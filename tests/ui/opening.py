"""The type of the fixture that opens windows."""

from collections.abc import Callable

from kiosk.ui.window import KioskWindow

Opener = Callable[..., KioskWindow]
