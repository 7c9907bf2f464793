from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from counter_kit import PEOPLE, Kit, StillClock, rule_book

from kiosk.adapters.demo_centre import DemoCentre
from kiosk.fund.rules import RuleBook


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return rule_book()


@pytest.fixture(scope="session")
def fresh_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The centre's file as it is on the first day."""
    path = tmp_path_factory.mktemp("fresh") / "centre.db"
    DemoCentre(path, PEOPLE, production=False, clock=StillClock()).close_file()
    return path


@pytest.fixture
def kit(tmp_path: Path, book: RuleBook, fresh_centre: Path) -> Iterator[Kit]:
    kit = Kit(tmp_path, book, fresh_centre)
    yield kit
    kit.close()
