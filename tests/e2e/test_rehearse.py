"""Rehearsals: whole visits without screen and sound server, by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import places
from kiosk.adapters.paper_reader import read_qr
from kiosk.app import models
from kiosk.app.rehearse import FOLDER, read_script
from kiosk.app.samples import card_of

SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_can_be_read_and_knows_its_people(name: str) -> None:
    script = read_script(FOLDER / f"{name}.yaml")
    for act in script.turns:
        if act.what == "card":
            assert card_of(act.value).number


@pytest.mark.slow
def test_the_rehearsal_of_a_spoken_visit_finishes_and_its_certificate_is_genuine(tmp_path: Path) -> None:
    if lacking := models.missing():
        pytest.skip(f"models are missing: {', '.join(model.name for model in lacking)}")
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    environment |= {"KIOSK_STATE": str(tmp_path / "state"), "KIOSK_SPEECH": str(places.SPEECH),
                    "PULSE_SERVER": "unix:/nowhere"}
    done = subprocess.run([sys.executable, "-m", "kiosk", "rehearse", "retirement", "--json", "--out", str(tmp_path / "out")],
                          env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report, = json.loads(done.stdout)
    assert report["finished"], report
    told = "".join(said for turn in report["turns"] for said in turn["says"])
    assert "办好了，钱已经在转" in told
    assert "请带好您的东西" in told
    certificate, = (paper for paper in report["papers"] if "证明" in Path(paper).name)
    assert read_qr(Path(certificate))
    assert len(report["verified"]) == 1
    assert len(list((tmp_path / "out").glob("*.png"))) >= len(report["turns"]), "a picture of each step"
    checked = subprocess.run([sys.executable, "-m", "kiosk", "verify", certificate],
                             env=environment | {"KIOSK_STATE": str(tmp_path / "out" / "state")}, check=False)
    assert checked.returncode == 0
