from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.adapters.paper_fonts import application
from kiosk.adapters.qt_paper import QtPaper


@pytest.fixture(scope="session")
def gui() -> QGuiApplication:
    """Papers need a QGuiApplication, no screen."""
    return application()


@pytest.fixture
def paper(gui: QGuiApplication) -> QtPaper:
    return QtPaper()
