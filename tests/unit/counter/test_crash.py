"""Killed at any instant, every withdrawal of a part or the whole is booked exactly once or not at all, no slip comes out
twice, and journal, centre and paper agree. KIOSK_CRASH_KILLS=200 for the number that was asked for."""

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
                          capture_output=True, text=True, timeout=560, check=False,
                          env=os.environ | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parents[2]}"})
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report["kills"] >= KILLS
    # the kills did hit all sides of the two commits (before the intent, between intent and debit, after the debit), and the slip
    seen = {end.partition(": ")[2] for end in report["seen"]}
    assert {"no intent, not booked", "intent open, not booked", "intent open, booked"} <= seen, report
    assert {end.partition(":")[0] for end in report["seen"]} == {"whole", "part"}
    assert any(end.endswith("slip interrupted") for end in seen), report
