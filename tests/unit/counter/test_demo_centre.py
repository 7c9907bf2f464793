from __future__ import annotations

import itertools
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from counter_kit import PEOPLE, Kit, StillClock, number_of, people

from kiosk.adapters.demo_centre import DemoCentre
from kiosk.adapters.demo_people import load_people
from kiosk.fund.account import Loan, Post, Repayment, State
from kiosk.fund.errors import DataError, WorldError
from kiosk.fund.identity import IdNumber
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.ports.gateway import GatewayRefusedError


def test_it_refuses_production(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        DemoCentre(tmp_path / "c.db", PEOPLE, production=True)
    assert "演示中心" in caught.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_the_people_are_invented_and_cover_everything(kit: Kit) -> None:
    assert len(people()) >= 30
    assert {person.account.state for person in people()} == set(State)
    assert {person.standing.loan for person in people()} == set(Loan)
    assert {person.standing.post for person in people()} == set(Post)
    assert {len(person.cards) for person in people()} >= {0, 1, 2, 3}
    assert {person.owns_home for person in people()} == {True, False}
    words = ("样例", "示范", "试用", "演示", "模拟", "样本", "体验", "测试")
    for person in people():
        assert person.name.endswith(words)
        assert person.number.startswith("990101")
        assert all(card.number.startswith("990000") for card in person.cards)


def test_statements_end_in_the_balance(kit: Kit) -> None:
    for person in people():
        entries = kit.centre.entries(person.id, date(2020, 1, 1))
        balance = kit.centre.account(person.id).balance
        assert not entries or entries[-1].balance == balance
        for earlier, later in itertools.pairwise(entries):
            assert later.balance == earlier.balance + later.amount
            assert later.day >= earlier.day


def test_months_count_from_the_day_it_is_set_up(kit: Kit) -> None:
    assert kit.centre.account("h06").paid_until == Month(2026, 9)
    assert kit.centre.account("h24").paid_until == Month(2026, 2)
    assert kit.centre.account("h30").paid_until is None


def test_what_was_booked_stays_until_it_is_reset(tmp_path: Path) -> None:
    centre = DemoCentre(tmp_path / "c.db", PEOPLE, production=False, clock=StillClock())
    centre.check_password("h01", "000000")
    centre.close_file()
    centre = DemoCentre(tmp_path / "c.db", PEOPLE, production=False, clock=StillClock())
    assert centre.check_password("h01", "000000").tries_left == 3
    centre.reset()
    assert centre.check_password("h01", "000000").tries_left == 4
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    centre.close_file()


def test_questions_about_homes_are_yes_or_no(kit: Kit) -> None:
    assert kit.centre.property_fact("h01", "owns_home_in_city") is True
    assert kit.centre.property_fact("h22", "owns_home_in_city") is False
    assert kit.centre.property_fact("h48", "property_fee_confirmed") is True
    assert kit.centre.property_fact("h50", "property_fee_confirmed") is False
    with pytest.raises(GatewayRefusedError):
        kit.centre.property_fact("h01", "what_is_it_worth")
    with pytest.raises(GatewayRefusedError):
        kit.centre.account("nobody")


def test_loans_of_every_shape(kit: Kit) -> None:
    loans = {person.id: kit.centre.loans(person.id) for person in people()}
    every = [loan for one in loans.values() for loan in one]
    assert {loan.repayment for loan in every} == set(Repayment)
    for person in people():
        running = [loan for loan in loans[person.id] if loan.active]
        assert bool(running) == (person.standing.loan in (Loan.ACTIVE, Loan.IN_DEFAULT)), person.id
        assert any(loan.overdue for loan in running) == (person.standing.loan is Loan.IN_DEFAULT), person.id
    # fund.md B6: 800,000 at 2.6 % over 240 months is 4,278.30 a month; 60 are paid
    first, = loans["h37"]
    assert (first.monthly, len(first.payments)) == (Money.parse("4278.30"), 24)
    assert {line.amount for line in first.payments} == {first.monthly}
    # 500,000 at 2.1 % over 60 months in equal parts: the interest falls by 14.58 a month
    second, = loans["h38"]
    assert (second.payments[0].amount - second.payments[1].amount).fen in (1458, 1459)
    settled, = loans["h21"]
    assert (settled.left, settled.monthly, settled.active) == (Money(0), Money(0), False)


def test_what_was_withdrawn_is_remembered(kit: Kit) -> None:
    assert [one.kind for one in kit.centre.withdrawals("h43")] == ["withdraw.rent", "withdraw.rent"]
    assert kit.centre.withdrawals("h43")[0].day > kit.centre.withdrawals("h43")[1].day
    assert kit.centre.withdrawals("h01") == ()
    booked = kit.do("withdrawal.book", kit.ready_to_book("王样例"), "w1")
    past, = kit.centre.withdrawals("h01")
    assert (past.number, past.kind, past.closed_account) == (booked.facts["receipt_number"], "withdraw.retirement", True)
    assert past.amount + past.interest == booked.facts["paid_total"]
    assert (past.paid_on, past.arrival) == (None, booked.facts["arrival_date"])
    kit.clock.time = kit.clock.time + timedelta(days=30)
    assert kit.centre.withdrawals("h01")[0].paid_on == past.arrival


def test_an_older_file_is_made_anew(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "c.db").execute("CREATE TABLE holders (id TEXT)").connection.close()
    centre = DemoCentre(tmp_path / "c.db", PEOPLE, production=False, clock=StillClock())
    assert centre.account("h01").balance == Money.parse("86543.21")
    centre.close_file()


def test_finding(kit: Kit) -> None:
    holder = kit.centre.find(number_of("王样例"))
    assert holder is not None
    assert (holder.id, holder.name.clear) == ("h01", "王样例")
    assert kit.centre.find(IdNumber.parse("11010519491231002X")) is None
    assert kit.centre.account("h01").balance == Money.parse("86543.21")


@pytest.mark.parametrize(("old", "new", "told"), [
    ("990101196403180113", "990101196403180114", "h01"), ("990101196403180113", "11010519491231002X", "99 开头"),
    ('id: "h02"', 'id: "h01"', "重复"), ('balance: "86543.21"', 'balance: "lots"', "金额"),
    ('state: "02"', 'state: "77"', "不能写"), ('paid_until: "2024-03"', 'paid_until: "spring"', "2026-08")])
def test_wrong_people_are_explained(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = PEOPLE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "holders.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_people(tmp_path / "holders.yaml")
    assert told in caught.value.sentence
