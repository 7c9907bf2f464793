"""What people say at the questions of a withdrawal, through the real understanding."""

from __future__ import annotations

import pytest

from kiosk.dialogue import events as ev
from kiosk.fund.money import Money
from tests.conversations.talk import Visitor
from tests.conversations.test_what_is_written_can_be_said import understander


def say(visitor: Visitor, text: str) -> None:
    visitor.send(ev.Said(understander().understand(text, visitor.session.expectation)))


def asked(*outcomes: str, matter: str = "withdraw.rent", **facts: object) -> Visitor:
    visitor = Visitor()
    visitor.hear(matter)
    if matter != "withdraw.purchase":
        visitor.card()
        visitor.finish("found")
    for outcome in outcomes:
        visitor.finish(outcome, **facts)
    return visitor


@pytest.mark.parametrize(("text", "yuan"), [
    ("取三千不对取五千", 5000), ("就取两千五", 2500), ("五百块", 500), ("一万二", 12000), ("三千", 3000),
    ("就取这么多", 5400), ("可以", 5400), ("全部取出来", 5400), ("对", 5400)])
def test_how_much(text: str, yuan: int) -> None:
    visitor = asked("limited")
    say(visitor, text)
    assert visitor.done[-1].task == "withdrawal.amount", f"{visitor.step}: {visitor.public}"
    assert visitor.done[-1].facts["amount"] == Money.yuan(yuan)


@pytest.mark.parametrize(("text", "step"), [
    ("少取一点", "withdrawal.less"), ("念给我听", "withdrawal.limit_read"), ("先不取了", "visit.next"), ("不取了", "withdrawal.limit")])
def test_another_answer_than_a_sum(text: str, step: str) -> None:
    visitor = asked("limited")
    say(visitor, text)
    assert visitor.step == step


def test_one_moment_is_said_once() -> None:
    visitor = asked("ask")
    visitor.touch("answer:1")
    assert visitor.done[-1].task == "withdrawal.assess"
    assert "正在看您能不能取，请稍等。" not in visitor.public


@pytest.mark.parametrize("text", ["四千", "取四千块钱", "三千不对四千"])
def test_a_sum_can_be_said_where_it_is_typed(text: str) -> None:
    visitor = asked("limited")
    visitor.touch("less")
    say(visitor, text)
    assert visitor.done[-1].facts["amount"] == Money.yuan(4000)


@pytest.mark.parametrize(("text", "answer"), [
    ("结了", "yes"), ("结婚了", "yes"), ("没有", "no"), ("还没结婚", "no"), ("第二个", "no"), ("是的", "yes")])
def test_a_question_of_the_rules(text: str, answer: str) -> None:
    visitor = asked("ask")
    say(visitor, text)
    assert visitor.done[-1].facts.get("answer") == answer, f"{visitor.step}: {visitor.public}"


@pytest.mark.parametrize(("text", "has"), [
    ("带了", "yes"), ("带着呢", "yes"), ("有", "yes"), ("没带", "no"), ("没有", "no"), ("忘在家里了", "no"), ("不知道", "unsure"),
    ("说不准", "unsure"), ("我也不清楚", "unsure"), ("贷了", "yes"), ("没贷", "no")])
def test_have_you_got_it(text: str, has: str) -> None:
    visitor = asked("fine", "guided", matter="withdraw.purchase")
    visitor.hear("yes")
    say(visitor, text)
    assert visitor.session.facts["checked"] == (has,), f"{visitor.step}: {visitor.public}"
