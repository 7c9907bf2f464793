"""Money moves exactly once: lines that break before and after the commit, answers that come twice, keys that burn."""

from __future__ import annotations

import pytest
from counter_kit import Kit

from kiosk.fund.account import State
from kiosk.fund.money import Money
from kiosk.fund.withdrawal import Booking, Refusal
from kiosk.ports.gateway import GatewayUnreachableError

BALANCE = Money.parse("86543.21")


def agree(kit: Kit, key: str) -> str:
    """Journal and centre tell the same about an order; what they tell."""
    result, answer = kit.journal.result(key), kit.centre.outcome_of(key)
    state = {Booking.ACCEPTED: "booked", Booking.REFUSED: "refused", Booking.VOID: "void"}.get(answer.booking)
    assert result is not None
    assert result.facts["state"] == state
    assert (kit.centre.account("h01").balance == Money(0)) == (state == "booked")
    withdrawn = [entry for entry in kit.centre.entries("h01", kit.clock.time.date()) if entry.kind == "退休提取"]
    assert len(withdrawn) == (1 if state == "booked" else 0)
    assert kit.journal.verify().good
    return str(state)


def test_answer_lost_but_the_line_is_back(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    kit.centre.faults.lose_answers = 1
    assert kit.do("withdrawal.book", facts, "w1").name == "booked"
    assert agree(kit, "w1") == "booked"


def test_answer_lost_and_the_line_is_dead(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    kit.centre.faults.lose_answers, kit.centre.faults.then_down = 1, True
    unclear = kit.do("withdrawal.book", facts, "w1")
    assert unclear.name == "unclear"
    assert set(unclear.facts) == {"receipt_number", "hotline"}
    assert [record.key for record in kit.journal.pending()] == ["w1"]
    # a slip can be had for it, which says that it is being looked into
    assert kit.do("withdrawal.slip", facts | dict(unclear.facts), "s1").name == "printed"
    assert "正在核实" in kit.printer.came_out[0][0]
    # nothing new is sent before it is settled, whoever asks
    assert kit.do("withdrawal.book", facts, "w2").name == "failed"
    assert kit.counter.reconcile() == 1
    kit.centre.faults.down = False
    assert kit.counter.reconcile() == 0
    assert agree(kit, "w1") == "booked"
    assert kit.do("withdrawal.book", facts, "w1").name == "booked"
    assert kit.do("withdrawal.book", facts, "w3").name == "refused"


def test_order_lost_and_arriving_late(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    kit.centre.faults.lose_orders, kit.centre.faults.then_down = 1, True
    assert kit.do("withdrawal.book", facts, "w1").name == "unclear"
    kit.centre.faults.down = False
    assert kit.counter.reconcile() == 0
    assert agree(kit, "w1") == "void"
    assert [answer.booking for answer in kit.centre.deliver_late()] == [Booking.VOID]  # the key is burnt
    assert agree(kit, "w1") == "void"
    assert kit.do("withdrawal.book", facts, "w2").name == "booked"
    assert agree(kit, "w2") == "booked"


def test_order_lost_arriving_before_it_is_settled(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    kit.centre.faults.lose_orders, kit.centre.faults.then_down = 1, True
    assert kit.do("withdrawal.book", facts, "w1").name == "unclear"
    kit.centre.faults.down = False
    kit.centre.deliver_late()
    assert kit.do("withdrawal.book", facts, "w1").name == "booked"
    assert agree(kit, "w1") == "booked"


def test_order_lost_with_the_line_back_is_told_as_not_done(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    kit.centre.faults.lose_orders = 1
    assert kit.do("withdrawal.book", facts, "w1").name == "failed"
    assert agree(kit, "w1") == "void"
    assert kit.do("withdrawal.book", facts, "w1").name == "failed"  # the same key stays burnt
    assert kit.do("withdrawal.book", facts, "w2").name == "booked"


def test_delivered_twice_booked_once(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    kit.centre.faults.twice = True
    assert kit.do("withdrawal.book", facts, "w1").name == "booked"
    assert kit.do("withdrawal.book", facts, "w1").name == "booked"
    assert agree(kit, "w1") == "booked"


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_words_and_is_final(kit: Kit, refusal: Refusal) -> None:
    facts = kit.ready_to_book("王样例")
    kit.centre.faults.refuse = refusal
    refused = kit.do("withdrawal.book", facts, "w1")
    assert refused.name == "refused"
    assert refused.facts["reason"]
    assert "没有" in str(refused.facts["todo"])
    kit.centre.faults.refuse = None
    assert kit.do("withdrawal.book", facts, "w1").facts == refused.facts
    assert agree(kit, "w1") == "refused"


@pytest.mark.parametrize("fault", ["down", "maintenance"])
def test_a_centre_that_does_nothing(kit: Kit, fault: str) -> None:
    facts = kit.ready_to_book("王样例")
    setattr(kit.centre.faults, fault, True)
    for task in ("account.look", "withdrawal.assess", "withdrawal.cards", "withdrawal.book"):
        outcome = kit.do(task, facts, "w1" if task == "withdrawal.book" else "")
        assert outcome.name == "failed"
        assert "中心" in str(outcome.facts["trouble"])
    assert not kit.journal.pending()
    setattr(kit.centre.faults, fault, False)
    assert kit.centre.account("h01").balance == BALANCE


def test_a_slow_centre_is_waited_for(kit: Kit) -> None:
    waited: list[float] = []
    kit.centre._sleep = waited.append
    kit.centre.faults.slow = 3.0
    assert kit.do("account.look", kit.identified("王样例")).name == "shown"
    assert waited
    assert set(waited) == {3.0}


@pytest.mark.unexpected_log
def test_our_own_mistake_on_the_way_is_never_told_as_not_done(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = kit.ready_to_book("王样例")
    real = kit.centre.submit

    def breaks(order: object) -> None:
        real(order)  # type: ignore[arg-type]
        raise RuntimeError("ours")

    monkeypatch.setattr(kit.centre, "submit", breaks)
    assert kit.do("withdrawal.book", facts, "w1").name == "unclear"
    assert kit.counter.reconcile() == 0
    assert agree(kit, "w1") == "booked"


@pytest.mark.unexpected_log
def test_a_journal_that_fails_after_the_booking(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.ports.journal_store import JournalError

    facts = kit.ready_to_book("王样例")
    real = kit.journal.conclude

    def full(*_: object) -> None:
        raise JournalError("disk full")

    monkeypatch.setattr(kit.journal, "conclude", full)
    assert kit.do("withdrawal.book", facts, "w1").name == "booked"
    monkeypatch.setattr(kit.journal, "conclude", real)
    kit.counter.reconcile()
    assert agree(kit, "w1") == "booked"


def test_without_a_journal_nothing_is_sent(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.ports.journal_store import JournalError

    def full(*_: object) -> None:
        raise JournalError("disk full")

    facts = kit.ready_to_book("王样例")
    monkeypatch.setattr(kit.journal, "number", full)
    assert kit.do("withdrawal.book", facts, "w1").name == "failed"
    assert kit.centre.outcome_of("w1").booking is Booking.UNKNOWN


def test_interrupted_prints_are_marked_at_start(kit: Kit) -> None:
    kit.journal.intend(kit.clock.now(), "slip", "s1", {"number": "TQ-20261002-001001"})
    kit.journal.intend(kit.clock.now(), "handoff", "h1", {"matter": "balance"})
    kit.counter.reconcile()
    assert kit.journal.counts() == {"slip.interrupted": 1, "handoff.interrupted": 1}
    assert not kit.journal.pending()


def test_close_is_final_and_outcome_of_changes_nothing(kit: Kit) -> None:
    assert kit.centre.outcome_of("k").booking is Booking.UNKNOWN
    assert kit.centre.close("k").booking is Booking.VOID
    assert kit.centre.close("k").booking is kit.centre.outcome_of("k").booking is Booking.VOID
    kit.centre.faults.down = True
    with pytest.raises(GatewayUnreachableError):
        kit.centre.close("k")


def test_the_account_is_closed_only_with_the_booking(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    assert kit.centre.account("h01").state is State.SEALED
    kit.do("withdrawal.book", facts, "w1")
    account = kit.centre.account("h01")
    assert account.closed
    assert account.closed_on == kit.clock.time.date()
    assert kit.centre.standing("h01").last_withdrawal == kit.clock.time.date()


def test_the_demonstration_can_be_told_to_misbehave_by_name(kit: Kit) -> None:
    kit.centre.misbehave({"lose_answers": 1, "refuse": "frozen"})
    assert (kit.centre.faults.lose_answers, kit.centre.faults.refuse) == (1, Refusal.FROZEN)
    with pytest.raises(TypeError):
        kit.centre.misbehave({"explode": True})
    kit.centre.misbehave({})
    assert kit.centre.faults.refuse is None
