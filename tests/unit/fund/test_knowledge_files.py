"""The files of answers: their form, and what the check says to the person who writes them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.fund import knowledge as kn
from kiosk.fund.errors import DataError
from kiosk.places import ASSETS

FOLDER = ASSETS / "knowledge"
VALUES, EXAMPLES, STARTS = frozenset({"hotline"}), frozenset({"rent"}), frozenset({"withdraw.rent"})
TEXTS = (kn.Texts("能。带身份证来。", "条例：可以提取。", kn.load(FOLDER).questions["rent.can"].texts[0].source),)
GOOD = kn.Question("rent.can", "rent", "租房", "租房", "rent", "租房能不能取", ("租房能取吗", "租房怎么取", "房租能用公积金吗"), TEXTS,
                   go="withdraw.rent", file="renting.yaml")
WORDING = kn.Wording({"封存": "说“停缴”。"}, "请打{hotline}问。", "细则还在改。")


def complaints(question: kn.Question, *others: kn.Question) -> str:
    known = kn.Knowledge({one.id: one for one in (question, *others)}, WORDING)
    return "\n".join(kn.problems(known, VALUES, EXAMPLES, STARTS))


def said(plain: str, official: str = "条例：可以提取。") -> tuple[kn.Texts, ...]:
    return (replace(TEXTS[0], plain=plain, official=official),)


def test_a_good_answer_passes() -> None:
    assert complaints(GOOD) == ""


@pytest.mark.parametrize(("changed", "told"), [
    ({"texts": said("您的账户在单位办理了离职手续以后就会停下来不再往里面交钱这样的话您要再等上整整半年时间才能来取。")}, "一句最多 40 个字"),
    ({"texts": said("您的账户封存了。")}, "不要用“封存”，说“停缴”"),
    ({"texts": said("最多取1800元。")}, "数字请写成汉字"),
    ({"texts": said("最多取{rent}。")}, "算不出“rent”，可以写：hotline"),
    ({"texts": said("你来就行。")}, "对来办事的人要说“您”"),
    ({"texts": said("能。", " ")}, "还没有原文"),
    ({"go": "withdraw.flight"}, "没有流程负责“withdraw.flight”"),
    ({"which": ("rent.nothing",)}, "没有“rent.nothing”这一问"),
    ({"example": "tea"}, "没有“tea”这种例子，可以写：rent"),
    ({"ask": ("租房能取吗",)}, "至少要写三种问法"),
    ({"title": "租房子住的人能不能把公积金取出来用"}, "按钮上的字最多 14 个"),
])
def test_what_is_wrong_is_named_in_plain_words(changed: dict[str, object], told: str) -> None:
    found = complaints(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert told in found
    assert found.startswith("renting.yaml: rent.can")


def test_one_way_of_asking_leads_to_one_answer() -> None:
    assert "“租房能取吗”在 rent.can 里也有" in complaints(GOOD, replace(GOOD, id="rent.other"))


def test_a_word_that_is_explained_may_be_used() -> None:
    assert complaints(replace(GOOD, word="封存", texts=said("封存就是账户停着。"))) == ""


def test_the_answer_of_the_day() -> None:
    old, new = replace(TEXTS[0], since=date(2019, 3, 24)), replace(TEXTS[0], plain="新。", since=date(2026, 9, 20))
    question = replace(GOOD, texts=(old, new))
    assert [question.on(date(2026, 9, day)).plain for day in (19, 20)] == [old.plain, "新。"]
    assert question.on(date(2001, 1, 1)) is old


@pytest.mark.parametrize(("file", "was", "now", "told"), [
    ("renting.yaml", 'source: "regulation_2026"', 'source: "regulation_2062"', "没有“regulation_2062”这个出处"),
    ("renting.yaml", '"2026-09-20":', '"2026-09-31":', "日期不对"),
    ("renting.yaml", "        plain: \"{rent_rule}\"", "        plan: \"{rent_rule}\"", "多了一行“plan”"),
    ("retirement.yaml", "  retirement:", "  rent:", "里已经有这一问了"),
    ("buying.yaml", "      can:", "      Can:", "只用小写英文字母"),
])
def test_a_file_of_the_wrong_form_is_refused_with_its_place(tmp_path: Path, file: str, was: str, now: str, told: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "knowledge")
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(DataError, match=told) as fault:
        kn.load(folder)
    assert ".yaml" in fault.value.sentence


def test_follow_ups_find_the_matter_by_either_name() -> None:
    known = kn.load(FOLDER)
    assert {q.id for q in known.about("withdraw.rent")} >= {"rent.can", "rent_paper.contract", "rent_home.home"}
    assert {q.id for q in known.about("transfer")} == {"transfer.job", "transfer.city", "transfer.two"}
    assert not known.about("")
