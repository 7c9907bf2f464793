"""Matters of the window: asked about without anybody's account, and only what changes the list or says no."""

from __future__ import annotations

import pytest
from counter_kit import Kit

from kiosk.counter.catalogue import TASKS
from kiosk.ports.tasks import Outcome


def judged(kit: Kit, matter: str, *answers: str) -> tuple[dict[str, object], Outcome, list[str]]:
    """The facts of the session, the outcome, and what was asked on the way."""
    facts: dict[str, object] = {"matter": matter}
    asked, given = [], list(answers)
    outcome = kit.do("matter.judge", facts)
    while outcome.name == "ask" and given:
        asked.append(str(outcome.facts["question_id"]))
        facts |= dict(outcome.facts) | {"answer": given.pop(0)}
        outcome = kit.do("matter.judge", facts)
    assert set(TASKS["matter.judge"].gives[outcome.name]) <= outcome.facts.keys()
    return facts | dict(outcome.facts), outcome, asked


@pytest.mark.parametrize(("matter", "answers", "asked", "added", "left_out"), [
    ("withdraw.purchase", ("within", "new", "here"), ["bought_when", "home_kind", "home_place"], "备案的购房合同",
     "购房合同或不动产权证"),
    ("withdraw.purchase", ("within", "used", "elsewhere"), ["bought_when", "home_kind", "home_place"],
     "户口本或当地社保证明", "购房发票"),
    ("withdraw.elevator", ("parents",), ["whose_home"], "户口本或亲属关系证明", ""),
    ("withdraw.renovation", ("2026-09-20",), ["event_date"], "装修发票", ""),
    ("withdraw.hardship", ("disaster",), ["hardship_kind"], "受灾证明", ""),
    ("withdraw.build", (), [], "规划或房屋鉴定的批文", ""),
    ("withdraw.death", (), [], "继承关系材料", ""),
    ("withdraw.rent", (), [], "本人身份证", ""),           # ends at the machine: asked there, with the account
    ("certificate.deposit", (), [], "", ""),
    ("nonsense", (), [], "", "")])
def test_the_answer_changes_the_list(kit: Kit, matter: str, answers: tuple[str, ...], asked: list[str], added: str,
                                     left_out: str) -> None:
    facts, outcome, came = judged(kit, matter, *answers)
    assert (outcome.name, came) == ("fine", asked)
    guided = kit.do("matter.guide", facts)
    if added:
        assert added in guided.facts["materials"]  # type: ignore[operator]
        assert left_out not in guided.facts["materials"]  # type: ignore[operator]
        assert [item["name"] for item in guided.facts["items"]] == list(guided.facts["materials"])  # type: ignore[attr-defined,call-overload]


@pytest.mark.parametrize(("matter", "answer", "told"), [
    ("withdraw.elevator", "children", "父母不能提取"), ("withdraw.purchase", "over", "超过一年"),
    ("withdraw.renovation", "earlier", "那时候的规定")])
def test_a_no_that_needs_no_account(kit: Kit, matter: str, answer: str, told: str) -> None:
    _, outcome, _ = judged(kit, matter, answer)
    assert outcome.name == "unable"
    assert told in str(outcome.facts["reason"])
    assert outcome.facts["todo"]


def test_a_rule_under_revision_is_told(kit: Kit) -> None:
    facts, outcome, _ = judged(kit, "withdraw.renovation", "2026-09-20")
    assert "正在修改" in str(outcome.facts["rule_note"])
    assert judged(kit, "withdraw.build")[1].facts["rule_note"] == ""
    told = kit.do("withdrawal.assess", kit.identified("魏演示") | facts | {"withdraw_kind": "withdraw.renovation"})
    assert told.name == "window"
    assert "正在修改" in str(told.facts["todo"])


def test_before_the_ground_nothing_is_asked(kit: Kit) -> None:
    kit.clock.time = kit.clock.time.replace(month=9, day=19)
    _, outcome, asked = judged(kit, "withdraw.renovation")
    assert (outcome.name, asked) == ("unable", [])


def test_without_answers_the_list_serves_all(kit: Kit) -> None:
    assert "购房合同或不动产权证" in kit.do("matter.guide", {"matter": "withdraw.purchase"}).facts["materials"]  # type: ignore[operator]


def test_no_account_is_looked_at(kit: Kit) -> None:
    kit.centre.faults.down = True
    assert judged(kit, "withdraw.purchase", "within", "new", "here")[1].name == "fine"
