"""Sentences: what is shown, what is said, what must never be said aloud."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kiosk.fund.errors import DataError
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.language.sentences import Sentences

SLOTS = {"total": "money", "day": "date", "whole": "whole_date", "month": "month", "last4": "digits", "phone": "phone",
         "copies": "count", "place": "ordinal", "name": "name", "bank": "text"}


def book(**entries: object) -> Sentences:
    return Sentences("test.yaml", SLOTS, entries)  # type: ignore[arg-type]


def test_amounts_are_shown_in_figures_and_said_in_words() -> None:
    sentences = book(total={"public": "金额在屏幕上。", "private": "一共{total}。", "screen": "{total}"})
    slots = {"total": Money(12_345_67)}
    line = sentences.line("total", slots)
    assert (line.public, line.private) == ("金额在屏幕上。", "一共一万二千三百四十五块六毛七。")
    assert sentences.text("total", slots) == "12,345.67 元"


@pytest.mark.parametrize(("template", "slots", "said", "shown"), [
    ("{day}到账", {"day": date(2026, 11, 25)}, "11月25号到账", "2026年11月25日到账"),
    ("{whole}", {"whole": date(2026, 11, 25)}, "2026年11月25号", "2026年11月25日"),
    ("交到{month}", {"month": Month(2026, 8)}, "交到2026年8月", "交到2026年8月"),
    ("交到{month}", {"month": date(2026, 8, 1)}, "交到2026年8月", "交到2026年8月"),
    ("打{phone}", {"phone": "12329"}, "打幺二三二九", "打12329"),
    ("{copies}份", {"copies": 2}, "两份", "2份"),
    ("{copies}份", {"copies": 12}, "十二份", "12份"),
    ("{copies}天", {"copies": 30}, "三十天", "30天"),
    ("第{place}个", {"place": 2}, "第二个", "第2个"),
])
def test_each_kind_of_slot(template: str, slots: dict[str, object], said: str, shown: str) -> None:
    sentences = book(key=template)
    assert sentences.line("key", slots).public == said
    assert sentences.text("key", slots) == shown


def test_last_digits_are_for_headphones_and_screen() -> None:
    sentences = book(card={"public": "{bank}的卡", "private": "{bank}的卡，尾号{last4}",
                           "screen": "{bank} 尾号 {last4}"})
    slots = {"bank": "农业银行", "last4": "1234"}
    assert sentences.line("card", slots).public == "农业银行的卡"
    assert sentences.line("card", slots).private == "农业银行的卡，尾号幺二三四"
    assert sentences.text("card", slots) == "农业银行 尾号 1234"


def test_a_yes_to_reading_out_frees_amounts_but_never_digits() -> None:
    slots = {"total": Money(5_00), "last4": "1234", "aloud": 1}
    sentences = book(
        amount={"public": "在屏幕上。", "private": "一共{total}。"},
        card={"public": "在屏幕上。", "private": "一共{total}，尾号{last4}。"},
        better={"public": "在屏幕上。", "private": "一共{total}，尾号{last4}。", "agreed": "一共{total}，尾号在屏幕上。"})
    assert sentences.line("amount", slots).public == "一共五块。"
    assert sentences.line("card", slots).public == "在屏幕上。"
    assert sentences.line("better", slots).public == "一共五块，尾号在屏幕上。"
    assert sentences.line("better", {**slots, "aloud": 0}).public == "在屏幕上。"


@pytest.mark.parametrize(("key", "slots", "words"), [
    ("nothing", {}, "缺这一句"),
    ("total", {}, "还不知道它"),
    ("total", {"total": None}, "还不知道它"),
    ("total", {"total": "12元"}, "应该是money"),
    ("label", {}, "要说出来请加 public"),
])
def test_what_is_missing_is_named(key: str, slots: dict[str, object], words: str) -> None:
    sentences = book(total={"public": "好。", "private": "{total}"}, label={"screen": "标签"})
    with pytest.raises(DataError, match=words):
        sentences.line(key, slots)


HEAD = 'slots: {total: "money", name: "name", bank: "text"}\nsentences:\n'


@pytest.mark.parametrize(("text", "words"), [
    (HEAD + '  a: "一共{total}。"', "不能在大厅里外放"),
    (HEAD + '  a: "{name}您好。"', "不能在大厅里外放"),
    (HEAD + '  a: {public: "好。", agreed: "{name}您好。"}', "不能在大厅里外放"),
    (HEAD + '  a: {private: "一共{total}。"}', "有 private 就要有 public"),
    (HEAD + '  a: "{nobody}"', "不认识“nobody”"),
    (HEAD + '  a: "{bank"', "花括号"),
    (HEAD + '  a: {loud: "好"}', "只能写 public"),
    (HEAD + '  a: ["好"]', "应该是一句"),
    (HEAD + '  a: yes', "应该是一句"),
    (HEAD + '  a: "好"\n  a: "不好"', "写了两次"),
    ('slots: {x: "colour"}\nsentences: {}', "没有“colour”这个种类"),
    ('phrases: {}', "只能有 slots"),
])
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "zh.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words) as caught:
        Sentences.load(path)
    assert caught.value.where.startswith("zh.yaml")


@pytest.mark.parametrize(("text", "words"), [
    ("请您" + "慢" * 39 + "。", "最多40个字"),
    ("请输入号码", "不要用“请输入”"),
    ("你好", "要说“您”"),
    ("确定", "写做什么事"),
    ("请打12329", "不要写一串数字"),
])
def test_the_manner_of_speaking_is_watched(text: str, words: str) -> None:
    sentences = Sentences("zh.yaml", {}, {"key": text}, {"请输入": "说“请按”。"})
    assert any(words in problem for problem in sentences.problems()), sentences.problems()


def test_short_sentences_in_a_row_are_fine() -> None:
    sentences = book(key="您可以取。" * 12, other={"screen": "编号 12345"}, you="你们单位")
    assert sentences.problems() == []
