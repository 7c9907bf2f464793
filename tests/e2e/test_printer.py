"""The real process on a real print service with a printer that has troubles. Nothing is called printed too early."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.adapters.paper_reader import read_qr
from tests import ipp
from tests.e2e.street import Street, running


@pytest.fixture(scope="module")
def shop() -> Iterator[ipp.PrintShop]:
    if why := ipp.missing():
        pytest.skip(why)
    with ipp.print_shop() as shop:
        yield shop


def results(visit: Street, kind: str) -> list[str]:
    """What the journal says became of the prints of this kind."""
    return [line["facts"]["state"] for line in visit.journal() if line["kind"] == kind and line["phase"] == "result"]


@pytest.mark.slow
def test_paper_out_jam_and_a_queue_that_refuses(tmp_path: Path, shop: ipp.PrintShop) -> None:
    site = f'[paper]\nkind = "cups"\nqueue = "{shop.queue}"\nserver = "{shop.server}"\n'
    with running(tmp_path, site) as visit:
        shop.trouble("media-empty-error")
        visit.touch("start")
        visit.touch("deposit")
        visit.until_screen("identify")
        visit.card("h03")
        visit.touch("print")
        visit.until(lambda look: "没有纸了" in look["sentence"] + look["help"], "no paper, told")
        assert (shop.papers(), results(visit, "certificate")) == ([], [])

        shop.trouble("media-jam-error")
        visit.until(lambda look: "纸卡住了" in look["sentence"] + look["help"], "a jam, told")
        assert (shop.papers(), results(visit, "certificate")) == ([], [])

        shop.mend()
        visit.until(lambda look: "out" in [choice["id"] for choice in look["choices"]], "the question for the paper")
        sheet, = shop.papers()
        assert results(visit, "certificate") == ["printed"]
        visit.touch("out")
        visit.until_screen("done")

        shop.reject()
        visit.touch("again")
        for choice in ("withdraw", "work", "retirement"):
            visit.touch(choice)
        visit.touch("all")
        visit.until_screen("choices")
        visit.touch("card_id:1")
        visit.touch("transfer")
        visit.until(lambda look: look["screen"] == "done" and "凭条没打出来，钱已经办好了" in "".join(look["said"]),
                    "the truth about the slip")
        assert [order["booking"] for order in visit.orders()] == ["accepted"]
        assert results(visit, "slip") == ["not_printed"]
        assert shop.papers() == [sheet]

        shop.accept()
        found = read_qr(sheet)
        assert found
        assert visit.command("verify", str(sheet)).returncode == 0
        assert visit.command("journal", "verify").returncode == 0
        assert visit.complaints() == []
