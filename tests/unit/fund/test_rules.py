"""Rule packs: what is shipped holds together, dates decide, and wrong packs are explained to a technician."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from kiosk import places
from kiosk.fund.errors import DataError
from kiosk.fund.rules import RuleBook
from kiosk.ports.data_files import read_yaml

RULES = places.ASSETS / "rules"
INTENTS = {f"withdraw.{kind}" for kind in (
    "retirement", "rent", "purchase", "down_payment", "build", "loan_repayment", "leaving", "elevator", "property_fee",
    "renovation", "illness", "disability", "emigration", "hardship", "flexible", "death", "judicial")}


def test_the_regulation_changes_on_its_day(book: RuleBook) -> None:
    before, after = book.on(date(2026, 9, 19)).regulation, book.on(date(2026, 9, 20)).regulation
    assert "renovation" not in before.grounds
    assert "property_fee" not in before.grounds
    assert {"renovation", "property_fee", "other_housing"} <= after.grounds.keys()
    assert before.employer_certificate
    assert not after.employer_certificate
    assert before.rent_income_threshold
    assert not after.rent_income_threshold
    assert (before.loan_review_days, after.loan_review_days) == (15, 10)
    assert date(2026, 9, 20) in book.changes()


def test_every_withdrawal_of_the_intents_is_known(book: RuleBook) -> None:
    assert book.on(date(2026, 10, 2)).withdrawals.keys() == INTENTS


def test_the_city_overrides_single_fields(book: RuleBook) -> None:
    rule = book.on(date(2026, 10, 2)).withdrawals["withdraw.retirement"]
    assert "sealed" in [condition.check for condition in rule.conditions]     # the city's
    assert rule.title == "退休提取"
    assert rule.closes_account
    assert rule.code == "03"


def test_questions_may_be_asked_aloud(book: RuleBook) -> None:
    """Short, no figures, nothing that people would rather not hear about themselves."""
    for name, question in book.on(date(2026, 10, 2)).questions.items():
        for text in (question.ask, *(option.label for option in question.options)):
            assert not re.search(r"\d|大病|死亡|去世|低保|输入|错误", text), name
            assert len(text) <= 30, name
        assert question.ask.endswith("？"), name


def test_a_city_answers_for_what_it_changes(folders: tuple[Path, Path]) -> None:
    (folders[1] / "later.yaml").write_text("""
pack: {id: "x", version: "2", effective_from: "2026-10-01", status: "under_revision",
       source: {title: "样例市新办法", date: "2026-09-30", certainty: "invented"}}
withdrawals: {withdraw.build: {title: "修房子提取"}}
""", encoding="utf-8")
    book = RuleBook.load(*folders)
    before, after = (book.on(day).withdrawals["withdraw.build"] for day in (date(2026, 9, 30), date(2026, 10, 1)))
    assert (before.status, after.status) == ("current", "under_revision")
    assert (after.source.title, after.source.url, after.source.date) == ("样例市新办法", "", date(2026, 9, 30))
    assert after.materials == before.materials


@pytest.mark.parametrize(("old", "new", "told"), [
    ('value: "1200.00"', 'value: "lots"', "金额写成"), ('value: "1200.00", ', "", "少了 value"),
    ('        why: "一个人租房，按月算。"\n', "", "少了 why"), ('"withdraw.purchase", "withdraw.loan', '"withdraw.boat", "withdraw.loan', "withdraw.boat"),
    ('    amount: "whole"\n', "", "tiers"), ('basis: "couple"', 'basis: "friends"', "不能写"),
    ('every: "quarter"', 'every: "fortnight"', "不能写")])
def test_wrong_limits_are_explained(folders: tuple[Path, Path], old: str, new: str, told: str) -> None:
    path = folders[1] / "withdrawals.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        RuleBook.load(*folders)
    assert told in caught.value.sentence
    assert "withdrawals" in caught.value.sentence


def test_reasons_may_be_said_aloud(book: RuleBook) -> None:
    """No figures, no diagnoses, short sentences, never 输入错误 (accessibility.md C6)."""
    for key, reason in book.on(date(2026, 10, 2)).reasons.items():
        for text in (reason.reason, reason.todo):
            assert not re.search(r"\d|元|大病|死亡|去世|低保|输入|错误", text), key
            assert all(len(sentence) <= 40 for sentence in re.split("[。！？]", text)), key
            assert text.endswith("。"), key


@pytest.mark.parametrize("path", sorted(RULES.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_strict_reader_accepts_every_file(path: Path) -> None:
    read_yaml(path)


def test_no_rules_before_they_are_complete(book: RuleBook) -> None:
    with pytest.raises(DataError, match="没有生效的规则"):
        book.on(date(2018, 1, 1))


# ------------------------------------------------------------------ wrong packs


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    shutil.copytree(RULES / "national", tmp_path / "national")
    shutil.copytree(RULES / "demo", tmp_path / "demo")
    return tmp_path / "national", tmp_path / "demo"


@pytest.mark.parametrize(("file", "old", "new", "told"), [
    ("retirement.yaml", "flexible_months: 36", "flexible_months: x", "retirement.yaml: retirement.flexible_months"),
    ("retirement.yaml", 'delayed_from: "1965-01"', 'delayed_from: "1965"', "2026-08"),
    ("withdrawals.yaml", '    code: "07"\n', "", "少了一行“code"),
    ("withdrawals.yaml", 'code: "07"', 'code: "77"', "提取原因代码“77”"),
    ("withdrawals.yaml", 'title: "租房提取"', 'titel: "租房提取"', "withdrawals.withdraw.rent"),
    ("withdrawals.yaml", 'check: "has_balance"', 'check: "has_money"', "没有“has_money”这种检查"),
    ("checks.yaml", 'reason: "banned"', 'reason: "banished"', "理由“banished”"),
    ("checks.yaml", 'reason: "banned"}', 'otherwise: "window"}', "少了 reason"),
    ("checks.yaml", 'check: "account_open", reason', 'reason', "check、when、use 里的一个"),
    ("withdrawals.yaml", 'finish: "window"', 'finish: "kiosk"', "tiers"),
    ("withdrawals.yaml", 'use: "account"', 'use: "acount"', "没有“acount”这一组"),
    ("withdrawals.yaml", 'when: {home_kind: "new"}', 'when: {home_kind: "shed"}', "可以写：new、used"),
    ("withdrawals.yaml", 'when: {home_kind: "new"}', 'when: {home_sort: "new"}', "不在 questions 里"),
    ("withdrawals.yaml", 'when: {home_kind: "new"}', 'when: {months_paid: ">=six"}', "比较写成"),
    ("withdrawals.yaml", 'when: {home_kind: "new"}', 'when: {months_paid: 6}', "应当是"),
    ("questions.yaml", '      - {id: "no", label: "没有结婚", spoken: ["单身", "未婚", "离婚了", "一个人"]}\n', "", "2 到 4 个"),
    ("banks.yaml", 'name: "工商银行"', 'nmae: "工商银行"', "banks.622202"),
    ("withdrawals.yaml", 'finish: "window"', 'finish: no', "加双引号"),
    ("withdrawals.yaml", 'otherwise: "window"', 'no: "window"', "yes、no"),
    ("certificates.yaml", "  certificate.statement:", "  certificate.poem:", "还不会开"),
    ("regulation-2026.yaml", 'effective_from: "2026-09-20"', 'effective_from: "2026-9-20"', "2026-09-20 这样"),
    ("regulation-2019.yaml", 'effective_to: "2026-09-19"', 'effective_to: "2018-09-19"', "结束日期早于开始日期"),
    ("interest.yaml", "pack:", "back:", "少了开头的 pack"),
    ("interest.yaml", "interest:\n", "intrest:\n", "不认识这一部分"),
    ("reasons.yaml", "  no_card:", "  nocard:", "少了理由“no_card”"),
    ("codes.yaml", "codes:\n", "codes: [\n", "写法不对"),
])
def test_wrong_packs_are_explained(folders: tuple[Path, Path], file: str, old: str, new: str, told: str) -> None:
    path = folders[0] / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    if file == "withdrawals.yaml":  # the city replaces the conditions of retirement: leave it its name alone
        (folders[1] / file).unlink()
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        RuleBook.load(*folders)
    assert told in caught.value.sentence
    assert re.search("[\u4e00-\u9fff]", caught.value.sentence)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="空的，或者不存在"):
        RuleBook.load(RULES / "national", tmp_path / "nowhere")


def test_a_newer_pack_stands_over_an_older_one_from_its_day(folders: tuple[Path, Path]) -> None:
    (folders[0] / "interest-new.yaml").write_text("""
pack: {id: "x", version: "2", effective_from: "2027-01-01", status: "under_revision", source: {title: "t"}}
interest: {day_basis: 365}
""", encoding="utf-8")
    book = RuleBook.load(*folders)
    assert book.on(date(2026, 12, 31)).interest.day_basis == 360
    newer = book.on(date(2027, 1, 1)).interest
    assert (newer.day_basis, newer.settled) == (365, "06-30")
    assert [pack.id for pack in book.under_revision(date(2027, 1, 1))] == ["x"]
