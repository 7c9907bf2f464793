"""Taking a part of the balance: questions, limits, the sum, the slip with the next day; and again exactly once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from counter_kit import Kit, people

from kiosk.counter.catalogue import TASKS
from kiosk.fund.identity import CardNumber, luhn_digit
from kiosk.fund.money import Money
from kiosk.fund.withdrawal import Booking
from kiosk.ports.gateway import GatewayRefusedError
from kiosk.ports.tasks import Outcome

LOAN, RENT, FEE, LEAVING = "withdraw.loan_repayment", "withdraw.rent", "withdraw.property_fee", "withdraw.leaving"
FULL = Money.parse("51339.60")     # 董样例: twelve instalments of 4,278.30


def assess(kit: Kit, name: str, kind: str, *answers: str) -> tuple[Outcome, list[str]]:
    """Assess, answering each question with the next of `answers`; the outcome and what was asked."""
    facts: dict[str, object] = kit.identified(name) | {"withdraw_kind": kind}
    asked, given = [], list(answers)
    outcome = kit.do("withdrawal.assess", facts)
    while outcome.name == "ask" and given:
        asked.append(str(outcome.facts["question_id"]))
        facts |= dict(outcome.facts) | {"answer": given.pop(0)}
        outcome = kit.do("withdrawal.assess", facts)
    assert set(TASKS["withdrawal.assess"].gives[outcome.name]) <= outcome.facts.keys()
    return outcome, asked


def taken(kit: Kit, holder: str) -> list[Money]:
    return [one.amount for one in kit.centre.withdrawals(holder) if one.day == kit.clock.time.date()]


def test_one_question_after_the_other(kit: Kit) -> None:
    outcome, asked = assess(kit, "梁样本", RENT, "2026-09-20", "yes", "no", "market", "no", "2")
    assert asked == ["event_date", "married", "spouse_took", "housing", "filed_contract", "children"]
    assert (outcome.name, outcome.facts["limit"], outcome.facts["suggested"]) == (
        "limited", Money.yuan(6480), Money.yuan(6480))
    assert (outcome.facts["months_covered"], outcome.facts["next_day"]) == ("三个月", date(2027, 1, 2))
    assert "孩子" in str(outcome.facts["limit_why"])


def test_what_the_centre_knows_is_not_asked(kit: Kit) -> None:
    _, asked = assess(kit, "余体验", RENT, "2026-09-20", "market", "no")
    assert asked == ["event_date", "housing", "filed_contract"]


def test_a_question_carries_its_options(kit: Kit) -> None:
    outcome, _ = assess(kit, "肖演示", LEAVING)
    assert outcome.name == "ask"
    assert [(one["id"], one["label"]) for one in outcome.facts["question_options"]] == [  # type: ignore[attr-defined]
        ("yes", "在本市"), ("no", "在外地")]
    assert assess(kit, "肖演示", LEAVING, "no")[0].name == "able"
    assert assess(kit, "肖演示", LEAVING, "yes")[0].name == "unable"


def test_answers_belong_to_their_matter(kit: Kit) -> None:
    fee = kit.identified("魏演示") | {"withdraw_kind": FEE}
    asked = kit.do("withdrawal.assess", fee)
    answered = fee | dict(asked.facts) | {"answer": "2026-09-20"}
    assert kit.do("withdrawal.assess", answered).name == "limited"
    other = answered | {"withdraw_kind": "withdraw.renovation"}
    assert kit.do("withdrawal.assess", other).facts["question_id"] == "event_date"


@pytest.mark.parametrize(("amount", "outcome"), [
    (Money.yuan(100), "ok"), (100, "ok"), ("100.50", "ok"), (FULL, "ok"), (Money(FULL.fen + 1), "too_much"),
    (60_000, "too_much"), (0, "too_little"), (Money(0), "too_little"), ("", "too_little"), ("lots", "too_little"),
    (-5, "too_little"), (True, "too_little")])
def test_the_sum_must_fit(kit: Kit, amount: object, outcome: str) -> None:
    done = kit.do("withdrawal.amount", {"limit": FULL, "amount": amount})
    assert done.name == outcome
    assert set(TASKS["withdrawal.amount"].gives[outcome]) <= done.facts.keys()
    if outcome == "ok":
        assert done.facts["total"] == done.facts["principal"]
        assert done.facts["interest"] == Money(0)


def test_a_part_is_booked_and_the_rest_stays(kit: Kit) -> None:
    facts = kit.ready_to_book("董样例", LOAN)
    assert facts["limit"] == FULL
    facts |= kit.do("withdrawal.amount", facts | {"amount": 20_000}).facts
    booked = kit.do("withdrawal.book", facts, "w1")
    assert (booked.name, booked.facts["paid_total"]) == ("booked", Money.yuan(20_000))
    account = kit.centre.account("h37")
    assert (account.balance, account.closed) == (Money.yuan(76_000), False)
    assert taken(kit, "h37") == [Money.yuan(20_000)]
    assert kit.centre.entries("h37", date(2026, 10, 2))[-1].balance == Money.yuan(76_000)
    printed = kit.do("withdrawal.slip", facts | dict(booked.facts), "s1")
    slip = json.loads(kit.printer.came_out[0][0])["facts"]
    assert printed.name == "printed"
    assert (slip["next_time"], slip["extent"], slip["balance_after"]) == ("2027年10月2日起", "部分提取", "76,000.00 元")
    assert (slip["total"], slip["interest"]) == ("20,000.00 元", "0.00 元")
    assert slip["notice"] == "公积金业务不收费，请勿找代办"
    assert slip["name_masked"] == "董*"
    assert slip["card_masked"].startswith("**** ")
    # and now the interval has begun
    again = kit.do("withdrawal.assess", facts)
    assert again.name == "unable"
    assert "2027年10月2日" in str(again.facts["todo"])


def test_more_than_the_limit_is_refused_at_the_last_moment(kit: Kit) -> None:
    facts = kit.ready_to_book("董样例", LOAN)
    for total in (Money(FULL.fen + 1), Money(0), Money(-1), 5):
        assert kit.do("withdrawal.book", facts | {"total": total}, f"w{total}").name == "refused"
    assert not kit.journal.pending()
    assert taken(kit, "h37") == []


def test_answers_are_needed_for_booking_and_never_written(kit: Kit) -> None:
    outcome, _ = assess(kit, "余体验", RENT, "2026-09-20", "market", "no")
    cards = kit.do("withdrawal.cards", kit.identified("余体验")).facts["cards"]
    facts = kit.identified("余体验") | {"withdraw_kind": RENT, "total": outcome.facts["limit"],
                                       "card_id": cards[0]["id"]}  # type: ignore[index]
    assert kit.do("withdrawal.book", facts, "w1").name == "refused"
    assert kit.do("withdrawal.book", facts | {"answers": outcome.facts["answers"]}, "w2").name == "booked"
    written = (kit.folder / "journal.db").read_bytes()
    for word in (b"owns_home", b"filed_contract", b"event_date", b"married"):
        assert word not in written


def test_the_same_deed_twice_is_one_part(kit: Kit) -> None:
    facts = kit.ready_to_book("董样例", LOAN) | {"total": Money.yuan(10)}
    kit.centre.faults.twice = True
    assert kit.do("withdrawal.book", facts, "w1").facts == kit.do("withdrawal.book", facts, "w1").facts
    assert taken(kit, "h37") == [Money.yuan(10)]


@pytest.mark.parametrize(("fault", "told", "booked"), [
    ({"lose_answers": 1}, "booked", True), ({"lose_answers": 1, "then_down": True}, "unclear", True),
    ({"lose_orders": 1}, "failed", False), ({"lose_orders": 1, "then_down": True}, "unclear", False)])
def test_lines_that_break(kit: Kit, fault: dict[str, object], told: str, booked: bool) -> None:
    facts = kit.ready_to_book("董样例", LOAN) | {"total": Money.yuan(10)}
    kit.centre.misbehave(fault)
    assert kit.do("withdrawal.book", facts, "w1").name == told
    kit.centre.misbehave({})
    assert kit.counter.reconcile() == 0
    kit.centre.deliver_late()
    assert taken(kit, "h37") == ([Money.yuan(10)] if booked else [])
    assert (kit.centre.outcome_of("w1").booking is Booking.ACCEPTED) is booked
    result = kit.journal.result("w1")
    assert result is not None
    assert result.facts["state"] == ("booked" if booked else "void")
    assert kit.journal.verify().good


def test_money_that_came_in_meanwhile_changes_the_order(kit: Kit) -> None:
    """The centre refuses a part, too, when the balance is no longer what was seen."""
    facts = kit.ready_to_book("董样例", LOAN) | {"total": Money.yuan(10)}
    real = kit.centre.submit
    kit.centre.submit = lambda order: real(replace(order, balance=order.balance - Money(1)))  # type: ignore[method-assign]
    refused = kit.do("withdrawal.book", facts, "w1")
    assert "变化" in str(refused.facts["reason"])
    assert taken(kit, "h37") == []


def test_homes_are_asked_once_and_only_when_needed(kit: Kit) -> None:
    asked: list[str] = []
    real = kit.centre.property_fact

    def listening(holder: str, question: str) -> bool:
        asked.append(question)
        return real(holder, question)

    kit.centre.property_fact = listening  # type: ignore[method-assign,assignment]
    assess(kit, "王样例", "withdraw.retirement")
    assess(kit, "董样例", LOAN)
    assert asked == []
    assess(kit, "陈样本", RENT)
    assert asked == ["owns_home_in_city"]


def test_a_centre_that_knows_nothing_about_homes(kit: Kit) -> None:
    def refuses(holder: str, question: str) -> bool:
        raise GatewayRefusedError("unknown question")

    kit.centre.property_fact = refuses  # type: ignore[method-assign,assignment]
    outcome, _ = assess(kit, "魏演示", FEE, "2026-09-20")
    assert outcome.name == "window"
    assert "查不到" in str(outcome.facts["reason"])


def card(first: str, length: int = 19) -> CardNumber:
    digits = first.ljust(length - 1, "7")
    return CardNumber(digits + luhn_digit(digits))


@pytest.mark.parametrize(("number", "usable"), [
    (card("622848"), True), (card("990000"), True), (card("880000"), True), (card("990001"), False), (card("622848", 16), False),
    (CardNumber(card("990000").clear[:-1] + "x"), False)])
def test_cards_are_looked_at(kit: Kit, number: CardNumber, usable: bool) -> None:
    known, = kit.centre.cards("h01")
    kit.centre.cards = lambda holder: (replace(known, number=number),)  # type: ignore[method-assign,assignment]
    outcome = kit.do("withdrawal.cards", kit.identified("王样例"))
    assert outcome.name == ("some" if usable else "none")
    assert usable or outcome.facts["todo"]


def test_a_credit_card_is_told_apart(kit: Kit) -> None:
    known, = kit.centre.cards("h01")
    kit.centre.cards = lambda holder: (replace(known, number=card("990001")),)  # type: ignore[method-assign,assignment]
    assert "信用卡" in str(kit.do("withdrawal.cards", kit.identified("王样例")).facts["reason"])


def test_whole_yuan_where_the_city_pays_no_fen(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = kit.counter._desk.rules()
    whole = msgspec.structs.replace(rules.withdrawals[LOAN], round_to="yuan")
    changed = msgspec.structs.replace(rules, withdrawals=rules.withdrawals | {LOAN: whole})
    monkeypatch.setattr(kit.counter._desk.book, "on", lambda day: changed)
    facts = kit.ready_to_book("董样例", LOAN)
    assert facts["limit"] == Money.yuan(51_339)
    done = kit.do("withdrawal.amount", facts | {"amount": "100.55"})
    assert done.facts["total"] == Money.yuan(100)
    assert kit.do("withdrawal.amount", facts | {"amount": "0.55"}).name == "too_little"


@pytest.mark.parametrize(("kind", "able"), [
    (LOAN, {"高试用", "董样例", "袁示范"}), (LEAVING, {"叶样例"}), (RENT, set()), (FEE, set())])
def test_who_can_be_served_without_a_question(kit: Kit, kind: str, able: set[str]) -> None:
    served = {person.name for person in people() if person.card_valid_until > "2026"
              and assess(kit, person.name, kind)[0].name in ("able", "limited")}
    assert served == able
