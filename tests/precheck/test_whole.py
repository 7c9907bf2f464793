"""From a picture in the folder to the slip: the real counter, the real reader, drawn samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters import ocr_reader
from kiosk.adapters.file_printer import FilePrinter
from kiosk.app import compose, settings
from kiosk.ports.devices import IdCard
from kiosk.ports.tasks import Outcome

if lacking := ocr_reader.missing():
    pytest.skip(f"the extra precheck is not installed here ({lacking})", allow_module_level=True)

from kiosk.adapters.qt_paper import QtPaper
from kiosk.app import precheck_samples as samples
from kiosk.places import ASSETS


def test_from_a_picture_to_the_outcome(tmp_path: Path) -> None:
    site = settings.Site(state=str(tmp_path))
    counter = compose.counter(site, QtPaper(ASSETS / "certificates"), FilePrinter(tmp_path / "papers", production=False, pace=0))
    scanner, who, other = compose.scanner(site), *samples.people(2)
    facts: dict[str, object] = {"matter": "withdraw.rent", "card": IdCard(who.name, who.number)}

    def do(task: str) -> Outcome:
        outcome = counter.perform(task, facts, "", lambda *_: None)
        facts.update(outcome.facts)
        return outcome

    def lay(paper: str, person: samples.Person) -> str:
        scanner.put(samples.as_file(samples.laid(samples.PAPERS[paper](person), angle=4)), f"{paper}.png")  # type: ignore[attr-defined]
        return do("precheck.look").name

    do("identity.by_card")
    facts["have"] = ({"material": "您的身份证", "name": "本人身份证", "where": "派出所"},
                     {"material": "结婚证", "name": "结婚证（已婚的）", "where": "民政局"})
    assert do("precheck.begin").name == "ready"
    assert do("precheck.agree").name == "noted"
    assert lay("identity_front", other) == "somebody_else"
    assert lay("identity_front", who) == "good"
    assert lay("identity_back", who) == "good"
    assert lay("marriage", who) == "good"
    assert do("precheck.result").name == "complete"
    assert facts["missing"] == ()
    assert not list((tmp_path / "scanner").iterdir()), "no picture is left"
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".png"
                    and "centre" not in path.name)
    assert who.number.encode() not in kept
    assert who.certificate.encode() not in kept
    counter.end_visit()
