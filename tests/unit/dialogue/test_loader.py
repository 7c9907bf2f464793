"""Flow files that are wrong are refused with a sentence that says where and what."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.counter.catalogue import TASKS
from kiosk.dialogue.loader import check, load
from kiosk.fund.errors import DataError
from kiosk.language.sentences import Sentences
from kiosk.places import ASSETS
from tests.conversations.talk import sentences


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    shutil.copytree(ASSETS / "flows", tmp_path / "flows")
    shutil.copytree(ASSETS / "sentences", tmp_path / "sentences")
    (tmp_path / "icons").symlink_to(ASSETS / "icons")
    return tmp_path


def test_the_shipped_flows_are_proven() -> None:
    assert check(ASSETS, TASKS, sentences()) == []
    assert sentences().problems() == []


#: file, what is there, what is written instead, and words of the complaint
BROKEN = [
    ("balance.yaml", 'outcomes: {shown: "privacy", failed: "trouble"}', 'outcomes: {shown: "privacy"}',
     ["balance.yaml: steps.look.outcomes", "少了结果“failed”"]),
    ("balance.yaml", 'outcomes: {shown: "privacy", failed: "trouble"}',
     'outcomes: {shown: "privacy", failed: "trouble", hidden: "trouble"}',
     ["steps.look.outcomes.hidden", "没有这个结果"]),
    ("balance.yaml", 'flow: "balance"', 'flow: "money"', ["balance.yaml: flow", "和文件名一样"]),
    ("balance.yaml", 'task: "account.look"', 'task: "account.glance"', ["steps.look.task", "柜台没有“account.glance”"]),
    ("balance.yaml", 'then: "result"', 'then: "results"', ["steps.privacy.then", "没有“results”这一步"]),
    ("balance.yaml", 'otherwise: "offer"', 'otherwise: "result"', ["steps.offer", "没有一步会走到这里"]),
    ("balance.yaml", '{type: "call", flow: "identity", next: "look", stage: 1}',
     '{type: "tell", say: [], next: "look"}', ["steps.look.task", "之前要先确认是谁"]),
    ("balance.yaml", 'stage: 1', 'stage: 9', ["steps.who.stage", "超过了"]),
    ("balance.yaml", "balance: {}", "progress: {}", ["“balance”"]),
    ("balance.yaml", 'say: ["balance.opening"]', 'say: ["balance.hello"]', ["steps.opening", "没有“balance.hello”"]),
    ("balance.yaml", 'say: ["balance.opening"]', 'say: ["row.balance_say"]', ["“row.balance_say”要用“balance”"]),
    ("balance.yaml", 'say: ["balance.opening"]', 'say: ["row.balance_value"]', ["只给屏幕用", "听不到"]),
    ("balance.yaml", 'next: "who"}', 'next: "opening"}', ["steps.opening", "绕圈子"]),
    ("balance.yaml", 'put: {aloud: 1}', 'put: {aloud: yes}', ["balance.yaml", "steps", "true/false"]),
    ("balance.yaml", 'kind: "matter"', 'kind: "matter"\ncolour: "red"', ["balance.yaml", "colour"]),
    ("balance.yaml", 'title: "balance.title"', 'title: "balance.title"\nno: "x"', ["加英文双引号"]),
    ("balance.yaml", 'stages: 2', 'stages: 2\nstages: 3', ["stages", "写了两次"]),
    ("balance.yaml", 'stages: 2', 'stages:\n', ["balance.yaml", "空着"]),
    ("balance.yaml", 'stages: 2', 'stages: [', ["balance.yaml: 第 7 行附近", "写法不对"]),
    ("balance.yaml", 'intents: ["no"],\n', 'intents: ["yes"],\n',
     ["steps.offer.options", "“yes”同时是两个按钮的意思"]),
    ("balance.yaml", 'id: "seen"', 'id: "read"', ["steps.offer.options", "两个按钮都叫“read”"]),
    ("balance.yaml", 'id: "seen"', 'id: "back"', ["口令"]),
    ("certificate_paper.yaml", '    once: true\n    stage: 3\n    say: ["print.working"]\n    progress: &paper',
     '    stage: 3\n    say: ["print.working"]\n    progress: &paper', ["steps.print", "必须写 once"]),
    ("balance.yaml", 'task: "account.look"', 'task: "account.look"\n    once: true',
     ["steps.look.once", "不要写 once"]),
    ("certificate_paper.yaml", "paper_out: {say", "paper_wet: {say", ["progress.paper_wet", "不会报告这个"]),
    ("certificate_paper.yaml", '    document: "preview_image"\n', "", ["steps.preview.document"]),
    ("certificate_paper.yaml", '    rows_say: "certificate.on_screen"\n', "", ["rows_say"]),
    ("certificate_paper.yaml", 'put: {copies: 1, enlarged: 0}', 'put: {copies: 1}', ["之前要先得到“enlarged”"]),
    ("withdraw_pay.yaml", ', explicit: true,', ',', ["steps.confirm.options.transfer.go", "explicit: true"]),
    ("withdraw_pay.yaml", 'first: "cards"', 'first: "book"', ["steps.book", "不能是第一步"]),
    ("withdraw_pay.yaml", 'flow: "cannot", next: "@next"', 'flow: "cannot", next: "book"', ["steps.cannot.next", "explicit: true"]),
    ("withdraw_pay.yaml",
     'id: "not_now", label: "withdraw.no", icon: "no", role: "no", go: "not_now", intents: ["no"]}\n  not_now',
     'id: "later", label: "withdraw.no", go: "not_now"}\n  not_now', ["steps.confirm.options", "一个是 no"]),
    ("withdraw_pay.yaml", "stages: 5", "stages: 6", ["withdrawal.yaml", "steps.pay.flow", "要一样"]),
    ("withdrawal.yaml", 'title: "intent.{matter}"', 'title: "name.{matter}"', ["withdrawal.yaml: title", "name.withdraw.rent"]),
    ("withdrawal.yaml", 'pending: "sum"', 'pending: "choice"', ["steps.limit.into", "sum"]),
    ("withdrawal.yaml", 'copy: {amount: "limit"}', 'copy: {amount: "most"}', ["steps.take_all", "可能还不知道“most”"]),
    ("checklist.yaml", 'give: ["material", "where", "optional"]', 'give: ["where", "optional"]', ["要用“material”"]),
    ("checklist.yaml", 'over: "result"', 'over: "round"', ["steps.round", "绕圈子"]),
    ("withdraw_kinds.yaml", '      - {id: "care", label: "kind.care"',
     '      - {id: "fifth", label: "kind.work", go: "work"}\n      - {id: "care", label: "kind.care"',
     ["steps.first.options", "最多4个"]),
    ("withdraw_kinds.yaml", "start:withdraw.rent", "start:withdraw.palace", ["没有流程负责“withdraw.palace”"]),
    ("withdraw_kinds.yaml", "withdraw: {}", "balance: {}", ["已经负责它了"]),
    ("hall.yaml", 'go: "@return"', 'go: "@nowhere"', ["不认识“@nowhere”"]),
    ("balance.yaml", 'go: "@next"', 'go: "@return"', ["只有 part 和 aside 才能 @return"]),
    ("slip.yaml", 'next: "@return"}\n  not_printed', 'next: "printed"}\n  not_printed', ["绕圈子"]),
    ("visit.yaml", "  matter_done:", "  anything:", ["少了“matter_done”这一步"]),
    ("guide.yaml", 'reason: "advice.{matter}"', 'reason: "counsel.{matter}"', ["没有“counsel.withdraw.purchase”"]),
    ("slip.yaml", 'needs: ["matter", "reason", "todo"]', 'needs: ["matter", "reason"]', ["之前要先得到“todo”"]),
    ("certificate_paper.yaml", 'put: {certificate_kind: "certificate.deposit", matter: "certificate.deposit"}',
     'put: {certificate_kind: "certificate.deposit"}', ["steps.cannot", "可能还不知道“matter”"]),
]


@pytest.mark.parametrize(("file", "there", "instead", "words"), BROKEN)
def test_a_wrong_flow_is_explained(assets: Path, file: str, there: str, instead: str, words: list[str]) -> None:
    path = assets / "flows" / file
    text = path.read_text("utf-8")
    assert there in text, "the test no longer fits the flow"
    path.write_text(text.replace(there, instead, 1), encoding="utf-8")
    found = check(assets, TASKS, sentences())
    assert any(all(word in problem for word in words) for problem in found), found
    with pytest.raises(DataError):
        load(assets / "flows", TASKS, sentences())


def test_a_missing_picture_is_named(assets: Path) -> None:
    path = assets / "flows" / "balance.yaml"
    path.write_text(path.read_text("utf-8").replace('icon: "eye"', 'icon: "eyes"'), encoding="utf-8")
    assert check(assets, TASKS, sentences()) == [
        "balance.yaml: steps.offer.options.seen.icon: assets/icons 里没有 eyes.svg 这张图。"]


def test_a_sentence_that_nobody_uses_is_named(assets: Path) -> None:
    path = assets / "sentences" / "zh" / "common.yaml"
    path.write_text(path.read_text("utf-8") + '  balance.poem: "春眠不觉晓。"\n', encoding="utf-8")
    assert check(assets, TASKS, Sentences.load(path.parent)) == [
        "common.yaml: sentences.balance.poem: 没有地方用到这一句，可以删掉。"]


def test_a_missing_sentence_of_the_engine_is_named(assets: Path) -> None:
    path = assets / "sentences" / "zh" / "common.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('  say.busy: "正在办，请您稍等一下。"\n', ""), encoding="utf-8")
    found = check(assets, TASKS, Sentences.load(path.parent))
    assert any("say.busy" in problem and "程序自己要说" in problem for problem in found)
