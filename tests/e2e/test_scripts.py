"""The command that a stranger runs first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import places
from kiosk.app import models

ROOT = places.ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what run.sh needs, on an environment that is prepared: nothing is installed, nothing is fetched."""
    venv = ROOT / ".venv"
    if not (venv / "bin" / "kiosk").exists():
        pytest.skip("no environment in .venv: scripts/run.sh has never run here")
    if models.missing():
        pytest.skip("the models are not here, run.sh would fetch them")
    folder = tmp_path / "checkout"
    (folder / "scripts").mkdir(parents=True)
    for name in ("run.sh", "setup.sh"):
        shutil.copy(ROOT / "scripts" / name, folder / "scripts")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(venv / "bin", folder / ".venv" / "bin", symlinks=True)
    # dpkg says that everything is there; sh -c of python3 --version and pwd make the stamp as setup.sh does
    tools = folder / "tools"
    tools.mkdir()
    (tools / "dpkg-query").write_text("#!/bin/sh\nprintf installed\n")
    (tools / "dpkg-query").chmod(0o755)
    stamp = subprocess.run(["bash", "-c", "{ cat pyproject.toml; echo \"\"; python3 --version; pwd; } | sha256sum | cut -d' ' -f1"],
                           cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    (folder / ".venv" / ".stamp").write_text(stamp)
    return folder


def test_without_a_screen_it_says_so_in_one_sentence(checkout: Path) -> None:
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    environment |= {"PATH": f"{checkout / 'tools'}:{os.environ['PATH']}", "KIOSK_STATE": str(checkout / "state")}
    done = subprocess.run(["bash", "scripts/run.sh"], cwd=checkout, env=environment, capture_output=True, text=True,
                          timeout=120, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 3, done.stdout + done.stderr
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert "没有屏幕" in lines[-1]
    assert "--rehearse" in lines[-1]
    assert len(lines) == 1, lines


def test_kiosk_run_without_a_screen_says_the_same(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")} | {"KIOSK_STATE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "kiosk", "run"], env=environment, capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 3
    assert "没有屏幕" in done.stderr
    assert len(done.stderr.splitlines()) == 1
