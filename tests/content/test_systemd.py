"""The files for starting with the machine: as systemd and weston read them."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "systemd"
UNIT = FOLDER / "xiangyin-kiosk.service"


def test_systemd_finds_nothing_to_complain_about(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    unit.write_text(text.replace("/usr/bin/weston", "/usr/bin/env"), encoding="utf-8")  # weston is the terminal's matter
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert UNIT.name not in done.stderr, done.stderr  # a wrong value is only a warning


def test_weston_starts_what_is_there() -> None:
    weston = configparser.ConfigParser()
    weston.read(FOLDER / "weston.ini", encoding="utf-8")
    started = Path(weston["autolaunch"]["path"])
    assert started.parent.parts[-2:] == ("assets", "systemd")
    script = FOLDER / started.name
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    assert f"--config={started.parent}/weston.ini" in UNIT.read_text(encoding="utf-8")
