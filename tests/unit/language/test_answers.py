"""Answers that something else is said beside: corrections, afterthoughts, the same once more."""

from __future__ import annotations

import pytest

from kiosk import places
from kiosk.language.understand import Engine, load
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load(places.ASSETS)


@pytest.mark.parametrize(("pending", "text", "intent", "slots"), [
    ("amount", "五万，不对，还是三万五吧", "amount", {"amount": 35000}),
    ("amount", "取七千不不取九千", "amount", {"amount": 9000}),
    ("amount", "两百五，就两百五", "amount", {"amount": 250}),
    ("amount", "六千块钱您看着办", "amount", {"amount": 6000}),
    ("sum", "四千就行，多的存着", "amount", {"amount": 4000}),
    ("number", "三份吧，稳当", "number", {"value": 3}),
    ("choice", "第一个，不是，第三个", "choose", {"index": 3}),
])
def test_the_last_answer_counts(engine: Engine, pending: str, text: str, intent: str, slots: dict[str, object]) -> None:
    meant = engine.understand(text, Expectation(pending=pending))
    assert (meant.intent, dict(meant.slots)) == (intent, slots)
    assert meant.decision is not Decision.REJECT


@pytest.mark.parametrize("text", ["两百五，就两百五", "六千块钱您看着办"])
def test_what_was_said_beside_it_makes_it_inexact(engine: Engine, text: str) -> None:
    assert not engine.understand(text, Expectation(pending="amount")).exact


@pytest.mark.parametrize(("asked", "text"), [
    ("纸出来了吗？", "出来了"), ("这回出来了吗？", "一出来了"), ("纸出来了吗？", "纸出来的"), ("还接着办吗？", "接着办"),
    ("耳机拔下来了。还接着办吗？", "接着办"), ("您是说“查余额”吗？", "查余额")])
def test_the_last_words_of_the_question_are_a_yes(engine: Engine, asked: str, text: str) -> None:
    meant = engine.understand(text, Expectation(pending="yes_no", asked=asked))
    assert (meant.decision, meant.intent) == (Decision.ACCEPT, "yes")


@pytest.mark.parametrize(("asked", "text"), [
    ("纸出来了吗？", "没出来"), ("纸出来了吗？", "别出来了"), ("还接着办吗？", "不接着办"), ("要看看每个月还多少吗？", "还多少"), ("", "出来吧")])
def test_what_is_no_echo(engine: Engine, asked: str, text: str) -> None:
    meant = engine.understand(text, Expectation(pending="yes_no", asked=asked))
    assert (meant.decision, meant.intent) != (Decision.ACCEPT, "yes")


@pytest.mark.parametrize(("pending", "text", "not_intent"), [
    ("amount", "两万，算了不取了", "amount"), ("amount", "三千块钱的手机真好看", "amount"), ("amount", "三千够吗", "amount"),
    ("amount", "这件衣服八百块", "amount"), ("yes_no", "有人敲门", "yes"), ("yes_no", "嗯？你讲什么", "yes"),
])
def test_what_is_no_answer(engine: Engine, pending: str, text: str, not_intent: str) -> None:
    meant = engine.understand(text, Expectation(pending=pending))
    assert (meant.decision, meant.intent) != (Decision.ACCEPT, not_intent)
