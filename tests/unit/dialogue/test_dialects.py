"""A dialect is offered by name after two misses, once, and only where this kiosk understands it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.dialogue import events as ev
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.settings import Settings
from kiosk.ports.ears import Expectation
from tests.conversations.talk import SETTINGS, Visitor, flows, sentences, understood

LOCAL = replace(SETTINGS, dialect_names={"xinan_guizhou": "贵州话", "yue": "广东话", "wu": "上海话"},
                local_dialects=("xinan_guizhou",))
CANTONESE = replace(LOCAL, dialects=LOCAL.dialects | {"yue"}, own_recogniser=("yue",), local_dialects=("yue",))


def visitor(settings: Settings) -> Visitor:
    made = Visitor()
    made.engine = Engine(flows(), sentences(), settings)
    made.touch("start")
    return made


def miss(who: Visitor, leaning: str = "") -> str:
    who.send(ev.Said(understood("none", decision="reject"), leaning))
    return who.public


def listened_for(who: Visitor) -> Expectation:
    return [effect.expectation for effect in who.effects if isinstance(effect, ev.Listen)][-1]


def test_what_the_evidence_leans_to_is_asked_about_by_name() -> None:
    who = visitor(LOCAL)
    assert "贵州话" not in miss(who, "xinan_guizhou")
    assert "您说的是贵州话吗" in miss(who, "xinan_guizhou")
    who.hear("yes")
    assert who.session.manner.dialect == listened_for(who).dialect == "xinan_guizhou"
    assert "您想办什么事" in who.public


def test_nothing_is_offered_where_nothing_speaks_for_it() -> None:
    who = visitor(LOCAL)
    miss(who)
    assert "还是没听明白" in miss(who)


def test_no_is_answered_honestly_and_asked_once_only() -> None:
    who = visitor(LOCAL)
    miss(who, "xinan_guizhou")
    miss(who, "xinan_guizhou")
    who.hear("no")
    assert "我现在听普通话最清楚，您也可以点屏幕" in who.public
    who.hear("balance")
    assert "贵州话" not in miss(who, "xinan_guizhou") + miss(who, "xinan_guizhou")
    assert who.session.manner.dialect == "auto"


def test_a_dialect_with_a_recogniser_of_its_own_is_offered_where_it_is_spoken() -> None:
    who = visitor(CANTONESE)
    miss(who)
    assert "您说的是广东话吗" in miss(who)
    who.touch("yes")
    assert listened_for(who).dialect == "yue"


def test_several_are_a_choice() -> None:
    who = visitor(CANTONESE)
    miss(who, "xinan_guizhou")
    assert "您说的是哪一种话" in miss(who, "xinan_guizhou")
    assert [choice.label for choice in who.session.view.choices] == ["贵州话", "广东话", "都不是"]
    who.hear("choose", index=2)
    assert who.session.manner.dialect == "yue"


def test_without_its_recogniser_the_kiosk_says_so_and_points_to_the_screen() -> None:
    who = visitor(replace(LOCAL, local_dialects=("wu",)))
    miss(who)
    said = miss(who)
    assert "我现在听普通话最清楚，您也可以点屏幕" in said
    assert "一，取公积金" in said


@pytest.mark.parametrize(("said", "dialect"), [("yue", "yue"), ("wu", "auto")])
def test_a_dialect_named_in_words_answers_the_offer(said: str, dialect: str) -> None:
    who = visitor(CANTONESE)
    miss(who)
    miss(who)
    who.hear("dialect", dialect=said)
    assert who.session.manner.dialect == dialect
    assert who.session.over is None


def test_what_was_leant_to_ends_with_the_visit() -> None:
    who = visitor(LOCAL)
    miss(who, "xinan_guizhou")
    session, _ = who.engine.start("visit-2", after=who.session)
    assert (session.leaning, session.manner.dialect) == ("", "auto")
