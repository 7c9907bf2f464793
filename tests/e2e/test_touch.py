"""A whole visit by touch alone: real process, real screen, real pixels."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.paper_reader import page_text, read_qr
from kiosk.fund.certificate import read_qr as read_certificate
from tests.e2e.street import running


def test_certificate_and_retirement_by_touch(tmp_path: Path) -> None:
    with running(tmp_path) as visit:
        visit.touch("start")
        visit.until_screen("choices")
        visit.touch("certificate")
        visit.until_screen("identify", "choices")
        if "certificate_deposit" in visit.look()["buttons"]:
            visit.touch("certificate_deposit")
        visit.until_screen("identify")
        visit.card("h03")
        visit.until_screen("preview")
        visit.touch(visit.look()["choices"][0]["id"])
        visit.until(lambda look: look["screen"] == "choices" and len(visit.papers) == 1, "a printed certificate")
        visit.touch(visit.look()["choices"][0]["id"])
        visit.until_screen("done")
        certificate, = visit.papers
        facts = read_certificate(read_qr(certificate)[0])
        assert facts is not None
        assert "缴存证明" in page_text(certificate)
        assert visit.complaints() == []
