"""Hostile wordings: whatever holds four digits in a row is not said aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel
from kiosk.speaking.privacy import KEPT_BACK, spoken_text, tells_a_number

TELLING = [
    "尾号是1234", "110101195803021234", "6217 0000 1234 5678", "139-1234-5678", "1,2,3,4", "1 2 3 4", "1.2.3.4", "1/2/3/4",
    "１２３４", "１２３４", "①②③④", "⑴⑵⑶⑷", "⒈⒉⒊⒋", "𝟏𝟐𝟑𝟒", "🄂🄃🄄🄅", "٣٤٥٦", "㊀㊁㊂㊃",
    "一二三四", "幺二三四", "壹贰叁肆", "零〇零〇", "一、二、三、四", "一 二 三 四", "一……二……三……四", "洞拐勾幺",
    "1二3四", "1\u200b2\u200b3\u200b4", "1\u00ad2\u00ad3\u00ad4", "1\n2\n3\n4", "“1”“2”“3”“4”", "1=2=3=4", "1️⃣2️⃣3️⃣4️⃣",
    "您一九五八年出生", "1958年3月", "12329 1", "5200元", "11010119580302123X", "二零二六零三零五",
    "12:34:56", "11:01 01:19 58:03", "9:00 10:00 11:01 12:02", "0851-12329转1",
]
HARMLESS = [
    "您好，请问您要办理什么业务？", "第二步，共四步", "请拨打12329", "12329热线", "请拨幺二三二九", "2026年3月5日到账", "二零二六年三月五日到账",
    "您要取五千二百元", "一万二千三百四十五块六毛七", "尾号八二一", "三到五个工作日", "百分之八十", "请说一、二或者三", "123", "",
    "周一到周五，9:00到17:30", "９：００开门", "请拨0851-1234567",
]


@pytest.mark.parametrize("text", TELLING)
def test_numbers_that_tell_who_somebody_is_are_kept_back(text: str) -> None:
    assert tells_a_number(text, ("12329",))


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_sentences_are_said(text: str) -> None:
    assert spoken_text(Line("key", text), Channel.LOUDSPEAKER, ("12329", "0851-1234567")) == text


@given(digits=st.lists(st.sampled_from("0123456789零一二三四五六七八九幺壹贰叁８９"), min_size=4, max_size=18),
       between=st.sampled_from(["", " ", "-", "，", "、", " . ", "\u200b", "…"]), before=st.sampled_from(["", "卡号", "是："]))
def test_no_spelling_of_four_digits_gets_through(digits: list[str], between: str, before: str) -> None:
    text = before + between.join(digits)
    said = spoken_text(Line("key", text), Channel.LOUDSPEAKER, ())
    # four characters such as 二零二六 followed by 年 are a calendar year; these here are not followed by anything
    assert said == KEPT_BACK


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="kiosk.speaking.privacy")


@pytest.mark.unexpected_log
def test_keeping_back_is_logged_without_the_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", logger="kiosk.speaking.privacy")
    spoken_text(Line("card.read", "卡号1234"), Channel.LOUDSPEAKER)
    record, = caplog.records
    assert record.getMessage() == "a line was kept off the loudspeaker"
    assert record.__dict__["reason"] == "card.read"
    assert "1234" not in str(record.__dict__)


def test_headphones_hear_all_of_it() -> None:
    assert spoken_text(Line("key", "请看屏幕", "尾号1234"), Channel.HEADPHONES) == "尾号1234"
    assert spoken_text(Line("key", "请看屏幕"), Channel.HEADPHONES) == "请看屏幕"


def test_an_unknown_channel_is_treated_as_the_worst() -> None:
    assert spoken_text(Line("key", "请看屏幕", "尾号1234"), "speakerphone") == KEPT_BACK  # type: ignore[arg-type]
