"""A whole visit by touch alone: real process, real screen, real pixels."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.paper_reader import page_text, read_qr
from kiosk.fund.certificate import read_qr as read_certificate
from tests.e2e.street import running


def test_certificate_and_retirement_by_touch(tmp_path: Path) -> None:
    with running(tmp_path) as visit:
        visit.touch("start")
        visit.touch("deposit")
        visit.until_screen("identify")
        visit.card("h03")
        visit.until_screen("preview")
        visit.touch("print")
        visit.touch("out")
        visit.until_screen("done")
        visit.touch("again")

        for choice in ("withdraw", "work", "retirement"):
            visit.touch(choice)
        visit.touch("all")
        choices = visit.until_screen("choices")["choices"]
        assert ["样例银行" in choice["label"] for choice in choices] == [True, False, False], "only cards of the first class"
        visit.touch(choices[0]["id"])
        shown = visit.until_screen("facts")
        assert "样例银行" in shown["sentence"] + shown["help"]
        assert visit.orders() == [], "nothing is booked before the yes"
        visit.touch("transfer")
        visit.touch("out")
        visit.until_screen("done")
        visit.touch("finished")
        visit.take_card()
        visit.until_screen("attract")

        order, = visit.orders()
        assert (order["holder"], order["booking"]) == ("h03", "accepted")
        assert (visit.account("h03")["balance"], visit.account("h03")["state"]) == (0, "05")
        booked = [line for line in visit.journal() if line["kind"] == "withdrawal"]
        assert [line["phase"] for line in booked] == ["intent", "result"]
        assert booked[1]["facts"]["fen"] == order["fen"] > 12_890_050, "the whole balance and its interest"
        assert visit.command("journal", "verify").returncode == 0

        assert len(visit.papers) == 2
        slip = page_text(visit.paper("提取回执"))
        assert booked[0]["facts"]["number"] in slip.replace(" ", "")
        certificate = visit.paper("缴存证明")
        made, _ = read_certificate(read_qr(certificate)[0])
        assert "缴存证明" in page_text(certificate)
        assert visit.command("verify", str(certificate)).returncode == 0
        assert visit.command("verify", made.code).returncode == 0
        assert visit.complaints() == []
