"""What every test lives with: a state folder of its own, a log that must stay quiet, no thread left behind."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

#: ../shared lies beside the checkout in CI; a stranger's machine does not have it.
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_speech() -> Path:
    folder = SHARED / "speech"
    if not folder.is_dir():
        pytest.skip("no folder of development recordings beside this checkout")
    return folder


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Anything the kiosk logs at WARNING or above fails the test, unless it is marked `unexpected_log`."""
    yield
    if request.node.get_closest_marker("unexpected_log"):
        return
    loud = [record for when in ("setup", "call") for record in caplog.get_records(when)
            if record.levelno >= logging.WARNING and record.name.startswith("kiosk")]
    assert not loud, "unexpected in the log: " + "; ".join(record.getMessage() for record in loud)


@pytest.fixture(autouse=True)
def no_thread_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a thread of the kiosk running fails and names it."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and t.is_alive() and t.name.startswith("kiosk")]
    for thread in left:
        thread.join(2.0)
    still = [t.name for t in left if t.is_alive()]
    assert not still, f"threads left running: {still}"
