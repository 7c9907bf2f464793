"""Questions as they are said, through the real understanding, the real counter and the real flows, to the paper."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from test_holders import Visitor

from kiosk import places
from kiosk.app import answers, compose, settings
from kiosk.app.samples import card_of
from kiosk.dialogue import events as ev
from kiosk.dialogue.engine import Engine
from kiosk.language import understand
from kiosk.language.asking import Asking


@pytest.fixture(scope="module", autouse=True)
def application() -> Iterator[None]:
    made = QGuiApplication.instance() or QGuiApplication([])
    yield
    del made


@functools.cache
def asking() -> Asking:
    engine = understand.load(places.ASSETS)
    return answers.asking(engine, engine)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return compose.engine(settings.Site(), compose.sentences())


class Speaker(Visitor):
    """Says things in their own words."""

    def say(self, text: str) -> str:
        """What the kiosk answers."""
        self.said.clear()
        self.send(ev.Said(asking().understand(text, self.session.expectation)))
        return "".join(self.said)

    @property
    def place(self) -> str:
        return f"{self.session.place.flow}.{self.session.place.step}"


@pytest.fixture
def speaker(engine: Engine, tmp_path: Path) -> Speaker:
    return Speaker(engine, tmp_path)


def test_six_turns_about_rent_to_the_paper(speaker: Speaker) -> None:
    assert "能。您和爱人在本市没有房" in speaker.say("租房提取有什么条件")
    assert "一个人每个月最多取一千二百块" in speaker.say("那最多能取多少")
    assert "三个月可以取一次" in speaker.say("多久能取一次")
    assert "现在不看工资了" in speaker.say("房租要超过工资多少才行")
    assert "身份证" in speaker.say("那要带什么")
    assert speaker.tasks[-1] == ("matter.guide", "guided")
    assert "打印材料" not in speaker.say("租房没有合同能取吗")
    speaker.say("打印材料清单")
    assert ("handoff.slip", "printed") in speaker.tasks
    speaker.say("出来了")
    assert speaker.session.topic == "withdraw.rent"


def test_vague_then_which_then_do_it(speaker: Speaker) -> None:
    said = speaker.say("我就想问问规定，提取公积金怎么个取法")
    assert speaker.place in ("policy.which", "policy.offer", "withdraw_kinds.first"), said
    if speaker.place == "policy.offer":
        speaker.say("第一个")
    assert "因为什么取" in "".join(speaker.said)


def test_an_account_is_used_for_the_example_and_kept_off_the_loudspeaker(speaker: Speaker) -> None:
    speaker.say("查余额")
    speaker.send(ev.CardRead(card_of("h01")))
    said = speaker.say("公积金利息是多少")
    assert "按您的账户算的，在屏幕上" in said
    assert "86,543.21 元" in [row.value for row in speaker.session.view.rows]
    assert "八万六千" not in said
    assert speaker.say("好，知道了")
    assert speaker.place.startswith("balance.")


def test_a_question_in_the_middle_of_money_loses_nothing(speaker: Speaker) -> None:
    speaker.say("退休了来取公积金")
    speaker.send(ev.CardRead(card_of("h01")))
    place = speaker.place
    assert "不用交税" in speaker.say("取公积金要交税吗")
    speaker.say("好，知道了")
    assert speaker.place == place
    assert not [task for task, _ in speaker.tasks if task == "withdrawal.book"]


def test_a_word_is_explained_and_its_official_text_shown(speaker: Speaker) -> None:
    assert "账户停着" in speaker.say("什么叫封存")
    assert "暂停缴存" in speaker.say("看原文")


def test_not_known_is_said(speaker: Speaker) -> None:
    said = speaker.say("公积金管理中心主任的规定是什么颜色的")
    assert "policy" in speaker.place or "没听明白" in said or speaker.place.startswith("visit")


def test_talk_between_people_starts_nothing(speaker: Speaker) -> None:
    for text in ("你吃饭了没有", "老王你先坐一会", "他家房子卖了多少钱", "孩子上几年级了"):
        assert speaker.say(text) == ""
        assert speaker.place == "visit.attract"
    assert not speaker.tasks
