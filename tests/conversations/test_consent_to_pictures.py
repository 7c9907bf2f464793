"""The yes to pictures of papers, through the real understanding: a refusal or a doubt never switches the camera on."""

from __future__ import annotations

import functools

import pytest

from kiosk.dialogue import events as ev
from tests.conversations.talk import Visitor
from tests.conversations.test_what_is_written_can_be_said import understander
from tests.unit.dialogue.test_every_step import clone

YES = ("同意", "我同意", "可以", "好的", "行", "要得", "同意看一看", "可以拍")
NO = ("不同意", "我不同意", "不用看", "不要拍", "别拍", "不可以", "不行", "不好", "算了", "不用了", "我不想拍照", "不要给我拍照")
DOUBT = ("拍照干什么", "照片你们留不留", "你说什么", "等一下", "今天天气很好", "我再想想", "同不同意呢", "身份证")


@functools.cache
def asked() -> Visitor:
    """A visitor who has been asked for consent."""
    visitor = Visitor()
    visitor.hear("withdraw.purchase")
    visitor.finish("fine")
    visitor.finish("guided")
    for _ in range(4):
        visitor.hear("yes")
    visitor.touch("precheck")
    visitor.finish("ready")
    assert visitor.step == "precheck.consent"
    return visitor


def said(text: str) -> Visitor:
    visitor = clone(asked())
    visitor.send(ev.Said(understander().understand(text, visitor.session.expectation)))
    return visitor


@pytest.mark.parametrize("text", YES)
def test_a_yes(text: str) -> None:
    assert said(text).step == "precheck.agree"


@pytest.mark.parametrize("text", NO)
def test_a_no(text: str) -> None:
    assert said(text).step != "precheck.agree"


@pytest.mark.parametrize("text", DOUBT)
def test_a_doubt_is_no_yes(text: str) -> None:
    assert said(text).step == "precheck.consent"
