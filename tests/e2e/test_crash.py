"""The power is cut, or we have made a mistake: money moves once or not at all, and the journal knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.street import Street, hall

#: Seconds that the centre's line takes: long enough to be cut within, on any machine.
SLOW = 4


def to_the_last_question(visit: Street, holder: str) -> None:
    visit.touch("start")
    for choice in ("withdraw", "work", "retirement"):
        visit.touch(choice)
    visit.until_screen("identify")
    visit.card(holder)
    visit.touch("all")
    visit.until(lambda look: look["place"] == "withdraw_pay.confirm", "the last question")


def withdrawal(visit: Street, phase: str) -> list[dict[str, object]]:
    return [line["facts"] for line in visit.journal() if (line["kind"], line["phase"]) == ("withdrawal", phase)]


def settled(visit: Street) -> str:
    """What the journal says after a new start."""
    visit.start()
    assert visit.command("journal", "verify").returncode == 0
    result, = withdrawal(visit, "result")
    assert result["reconciled"] is True
    return str(result["state"])


def test_cut_before_the_order_has_arrived(tmp_path: Path) -> None:
    with hall(tmp_path) as visit:
        visit.start()
        to_the_last_question(visit, "h01")
        visit.wish(centre={"slow": SLOW})
        visit.touch("transfer")
        visit.until(lambda look: bool(withdrawal(visit, "intent")), "the intent")
        visit.kill()
        assert visit.orders() == []
        balance = visit.account("h01")["balance"]

        assert settled(visit) == "void"
        assert visit.account("h01")["balance"] == balance > 0
        assert [order["booking"] for order in visit.orders()] == ["void"]

        to_the_last_question(visit, "h01")  # and now for good, once
        visit.touch("transfer")
        visit.touch("out")
        visit.until_screen("done")
        assert [order["booking"] for order in visit.orders()] == ["void", "accepted"]
        assert [result["state"] for result in withdrawal(visit, "result")] == ["void", "booked"]
        assert visit.account("h01")["balance"] == 0
        assert visit.complaints() == []
        assert visit.stop() == 0


def test_cut_after_the_money_has_moved(tmp_path: Path) -> None:
    with hall(tmp_path) as visit:
        visit.start()
        to_the_last_question(visit, "h02")
        visit.wish(centre={"slow": SLOW, "lose_answers": 1})
        visit.touch("transfer")
        visit.until(lambda look: bool(visit.orders()), "the order at the centre")
        visit.kill()
        assert withdrawal(visit, "result") == [], "nobody has told the journal yet"

        assert settled(visit) == "booked"
        order, = visit.orders()
        assert (order["booking"], withdrawal(visit, "result")[0]["fen"]) == ("accepted", order["fen"])
        assert visit.account("h02")["balance"] == 0

        visit.touch("start")  # nothing is left to take, and that is said kindly
        for choice in ("withdraw", "work", "retirement"):
            visit.touch(choice)
        visit.until_screen("identify")
        visit.card("h02")
        visit.until_screen("trouble")
        assert len(visit.orders()) == 1
        assert visit.complaints() == []
        assert visit.stop() == 0


def test_cut_while_the_slip_prints(tmp_path: Path) -> None:
    with hall(tmp_path) as visit:
        visit.start()
        to_the_last_question(visit, "h01")
        visit.touch("transfer")
        visit.until(lambda look: any(line["kind"] == "slip" for line in visit.journal()), "the slip's intent")
        visit.kill()
        visit.start()
        assert visit.command("journal", "verify").returncode == 0
        assert [result["state"] for result in withdrawal(visit, "result")] == ["booked"]
        assert [line["facts"]["state"] for line in visit.journal() if (line["kind"], line["phase"]) == ("slip", "result")
                ] in (["interrupted"], ["printed"])
        assert [order["booking"] for order in visit.orders()] == ["accepted"]
        assert not list((visit.state / "visit").glob("*")), "no paper of an earlier visitor lies about"
        assert visit.stop() == 0


IN_A_SLOT = """
from PySide6.QtCore import Slot
from kiosk.app import conductor
from kiosk.dialogue.events import Headphones
sound = conductor.Conductor.handle
@Slot(object)
def handle(self, event):
    if isinstance(event, Headphones):
        raise RuntimeError("the name of a visitor")
    sound(self, event)
conductor.Conductor.handle = handle
"""

IN_A_THREAD = """
from kiosk.adapters import simulated_devices
def insert(self, card):
    raise RuntimeError("the name of a visitor")
simulated_devices.SimulatedIdReader.insert = insert
"""


@pytest.mark.parametrize(("planted", "trigger"), [(IN_A_SLOT, {"headphones": True}),
                                                  (IN_A_THREAD, {"card": {"name": "王样例", "number": "1"}})],
                         ids=["in a slot", "in a thread"])
def test_our_own_mistake_leads_to_the_safe_screen_and_to_a_new_start(
        tmp_path: Path, planted: str, trigger: dict[str, object]) -> None:
    with hall(tmp_path) as visit:
        visit.start(planted=planted)
        visit.wish_and_forget(**trigger)
        if planted is IN_A_SLOT:  # the thread that broke is the one that answers
            look = visit.until_screen("trouble")
            assert "重新启动" in look["sentence"]
        assert visit.ended() == 70
        assert any(complaint.startswith("unexpected") for complaint in visit.complaints())
        assert "the name of a visitor" not in (visit.state / "log" / "kiosk.log").read_text()
        assert "the name of a visitor" not in visit.output()
        visit.start()
        visit.touch("start")
        assert visit.stop() == 0
