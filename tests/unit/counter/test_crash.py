"""Killed at any instant, every withdrawal is booked exactly once or not at all, and journal and centre agree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KILLS = int(os.environ.get("KIOSK_CRASH_KILLS", "60"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_random_points(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(HERE / "crash_rounds.py"), str(tmp_path), str(KILLS), "20261002"],
                          capture_output=True, text=True, timeout=280, check=False,
                          env=os.environ | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[2]}"})
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report["kills"] >= KILLS
    # the kills did hit all sides of the two commits: before the intent, between intent and debit, after the debit
    assert report["seen"].keys() >= {"no intent, not booked", "intent open, not booked", "intent open, booked"}, report
