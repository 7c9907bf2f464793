from __future__ import annotations

import pytest

from kiosk.language.understand import Engine, load
from kiosk.places import ASSETS


@pytest.fixture(scope="session")
def engine() -> Engine:
    return load(ASSETS)
