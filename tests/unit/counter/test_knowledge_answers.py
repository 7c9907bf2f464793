"""Answers: the text of the day, figures of the rules and of the account, the official text, what can be done."""

from __future__ import annotations

from datetime import datetime

import pytest
from counter_kit import Kit, people

from kiosk import places
from kiosk.counter.knowledge import FOR_EXAMPLE, NOT_YOURS, SURE
from kiosk.fund import knowledge
from kiosk.fund.rules import RuleBook
from kiosk.fund.worked import EXAMPLES, VALUES
from kiosk.ports.gateway import GatewayUnreachableError
from kiosk.ports.tasks import Outcome
from kiosk.speaking.privacy import tells_a_number

KNOWN = knowledge.load(places.ASSETS / "knowledge")


def ask(kit: Kit, article: str, **facts: object) -> Outcome:
    return kit.do("knowledge.answer", {"article": article, **facts})


def on(kit: Kit, day: str) -> None:
    kit.clock.time = datetime.fromisoformat(f"{day}T10:00:00+08:00")


@pytest.mark.parametrize(("day", "head", "source", "since"), [
    ("2026-09-19", "要看工资。", "2019年修订", "2019年3月24日起这样规定"),
    ("2026-09-20", "现在不看工资了。", "第844号", "2026年9月20日起这样规定"),
    ("2026-11-21", "现在不看工资了。", "第844号", "2026年9月20日起这样规定"),
])
def test_rent_and_wages_before_and_after_the_change(kit: Kit, day: str, head: str, source: str, since: str) -> None:
    on(kit, day)
    told = ask(kit, "rent.threshold").facts
    assert str(told["head"]).startswith(head)
    assert source in str(told["source_title"])
    assert told["source_day"] == since


@pytest.mark.parametrize(("article", "before", "after"), [
    ("renovation.can", "多数地方不能。", "能。"),
    ("property_fee.can", "多数地方不能。", "能。"),
    ("take_refused.employer", "要。", "不要了。"),
    ("take.grounds", "买房建房、退休、还房贷、租房，都能取。", "买房建房、退休、还房贷、租房，都能取。"),
])
def test_dated_answers_change_on_the_day(kit: Kit, article: str, before: str, after: str) -> None:
    heads = []
    for day in ("2026-09-19", "2026-09-20"):
        on(kit, day)
        heads.append(str(ask(kit, article).facts["head"]))
    assert heads[0].startswith(before)
    assert heads[1].startswith(after)


def test_decision_and_review_days_are_those_of_the_regulation(kit: Kit) -> None:
    on(kit, "2026-09-19")
    assert "十五天里" in str(ask(kit, "loan.review").facts["head"])
    on(kit, "2026-09-20")
    assert "收下材料，十天里" in str(ask(kit, "loan.review").facts["head"])
    assert "三天里" in str(ask(kit, "take_time.review").facts["head"])


def test_the_city_pack_speaks_for_the_city(kit: Kit) -> None:
    told = ask(kit, "rent.amount").facts
    assert told["head"] == "一个人每个月最多取一千二百块。"
    assert "两口子合起来每个月最多取一千八百块。" in str(told["rest"])
    assert told["go"] == told["bring"] == told["topic"] == "withdraw.rent"


@pytest.mark.parametrize(("city", "said"), [("guiyang", "一年最多取一万四千四百块"), ("yancheng", "每个月最多取八百块"), ("shenzhen", "百分之")])
def test_another_city_another_figure(tmp_path: object, kit: Kit, city: str, said: str) -> None:
    book = RuleBook.load(places.ASSETS / "rules" / "national", places.ASSETS / "rules" / city)
    other = Kit(kit.folder / city, book)
    try:
        assert said in str(ask(other, "rent.amount").facts["head"])
        # this city's pack says nothing about property fees: so does the kiosk, and whom to ask
        assert str(ask(other, "property_fee.amount").facts["head"]) == "本市的数我这里没有，请打幺二三二九问。"
    finally:
        other.close()


def test_an_example_of_nobody_says_so_and_may_be_heard(kit: Kit) -> None:
    told = ask(kit, "interest.rate").facts
    assert told["example_rows"] == (NOT_YOURS, ("账户里的钱", "60,000.00 元"), ("放一年的利息", "900.00 元"))
    assert told["example_said"] == FOR_EXAMPLE + "账户里有六万块，放一年，利息九百块。"
    assert "一百五十块" in str(told["rest"])


def test_an_example_of_the_account_is_worked_out_and_not_said_aloud(kit: Kit) -> None:
    person = people()[0]
    facts = kit.identified(person.name)
    account = kit.centre.account(facts["holder"].id)  # type: ignore[attr-defined]
    told = ask(kit, "deposit_size.monthly", holder=facts["holder"]).facts
    rows = dict(told["example_rows"])  # type: ignore[call-overload]
    assert rows["单位每月存"] == str(account.monthly_unit)
    assert rows["一共"] == str(account.monthly)
    assert "屏幕" in str(told["example_said"])
    assert account.monthly.spoken not in str(told["example_said"])
    whole = dict(ask(kit, "retirement.amount", holder=facts["holder"]).facts["example_rows"])  # type: ignore[call-overload]
    looked = kit.do("account.look", facts).facts
    assert whole["账户里的钱"] == str(looked["balance"])
    assert whole["利息，到今天"] == str(looked["interest_so_far"])


def test_a_centre_that_does_not_answer_costs_the_own_figures_only(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = kit.identified(people()[0].name)

    def silent(_: str) -> None:
        raise GatewayUnreachableError

    monkeypatch.setattr(kit.centre, "account", silent)
    assert ask(kit, "interest.rate", holder=facts["holder"]).facts["example_rows"][0] == NOT_YOURS  # type: ignore[index]


def test_it_depends_is_answered_with_which_kind(kit: Kit) -> None:
    told = ask(kit, "take.how")
    assert told.name == "which"
    assert [one["id"] for one in told.facts["choices"]][:2] == ["retirement.how", "rent.can"]  # type: ignore[attr-defined]


def test_what_is_not_there_is_not_known(kit: Kit) -> None:
    assert ask(kit, "weather.today").name == "unknown"
    assert kit.do("knowledge.list", {"subject": "天气"}).name == "unknown"


def test_subjects_lead_to_all_questions(kit: Kit) -> None:
    listed = kit.do("knowledge.subjects", {}).facts["subjects"]
    found = [one["id"] for subject in listed  # type: ignore[attr-defined]
             for one in kit.do("knowledge.list", {"subject": subject["id"]}).facts["choices"]]  # type: ignore[attr-defined]
    assert sorted(found) == sorted(KNOWN.questions)


@pytest.mark.parametrize("day", ["2026-09-19", "2026-11-21"])
def test_every_answer_is_whole_on_both_sides_of_the_change(kit: Kit, day: str) -> None:
    """No brace and no empty place is left, whatever is asked; nothing is said that the loudspeaker would keep back."""
    on(kit, day)
    for article, question in KNOWN.questions.items():
        told = ask(kit, article)
        assert told.name in ("answer", "which"), article
        said = "".join(str(told.facts.get(name, "")) for name in ("head", "rest", "example_said", "official"))
        assert told.facts["head"], article
        for name in ("head", "rest", "example_said", "official", "source_title"):
            text = str(told.facts.get(name, ""))
            assert not tells_a_number(text, ("12329",)), f"{article}: {text}"
        assert not {"{", "}", "None"} & {piece for piece in ("{", "}", "None") if piece in said}, article
        if told.name == "answer":
            assert told.facts["source_sure"] in SURE.values()
            assert told.facts["official"], article
            assert bool(question.go) == bool(told.facts["go"])


def test_the_official_text_may_hold_figures_of_the_rules(kit: Kit) -> None:
    assert "三日内" in str(ask(kit, "take_time.review").facts["official"])


def test_every_value_and_example_is_used() -> None:
    texts = "".join(text.plain + text.official for q in KNOWN.questions.values() for text in q.texts)
    assert {name for name in VALUES if f"{{{name}}}" in texts} >= set(VALUES) - {"city"}
    assert {q.example for q in KNOWN.questions.values()} - {""} == set(EXAMPLES)


