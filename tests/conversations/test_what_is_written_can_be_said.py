"""Every button of every question can be chosen by saying what is written on it, or its number: through the real
understanding, as people say it, without punctuation."""

from __future__ import annotations

import functools
import importlib
import re

import pytest

from kiosk.dialogue import events as ev
from kiosk.dialogue.questions import Question, question
from kiosk.places import ASSETS
from kiosk.ports.understanding import Understander
from tests.conversations.talk import Visitor, script
from tests.unit.dialogue.test_every_step import clone, explored

NUMBERS = ("第一个", "第二个", "第三个", "第四个")


@functools.cache
def understander() -> Understander:
    understand = importlib.import_module("kiosk.language.understand")
    loaded: Understander = understand.load(ASSETS)
    return loaded


@functools.cache
def questions() -> tuple[tuple[str, Visitor, Question], ...]:
    """One visitor for each different question with buttons."""
    seen: dict[object, tuple[str, Visitor, Question]] = {}
    for visitor in explored(False):
        asked = question(script(), visitor.session)
        if asked.options and visitor.session.over is None and asked.screen != "attract":
            seen.setdefault((visitor.step, tuple(o.label for o in asked.options)), (visitor.step, visitor, asked))
    return tuple(seen.values())


def say(visitor: Visitor, text: str) -> Visitor:
    copy = clone(visitor)
    meaning = understander().understand(text, copy.session.expectation)
    copy.send(ev.Said(meaning))
    return copy


def as_touched(visitor: Visitor, option: str) -> Visitor:
    copy = clone(visitor)
    copy.send(ev.Chose(option))
    return copy


def same_place(one: Visitor, other: Visitor) -> bool:
    return (one.session.frames, one.session.over, one.session.facts) == (
        other.session.frames, other.session.over, other.session.facts)


@pytest.mark.parametrize("by_number", [False, True])
def test_each_button_can_be_said(by_number: bool) -> None:
    wrong = []
    for step, visitor, asked in questions():
        for place, option in enumerate(asked.options):
            words = NUMBERS[place] if by_number else re.sub(r"[，。！？、 ]", "", option.line.public)
            if option.explicit:
                if by_number:
                    continue  # the yes that moves money is never a number
                words = "对 转到 这 张 卡"  # as the recogniser cuts it
            said = say(visitor, words)
            if not same_place(said, as_touched(visitor, option.id)):
                wrong.append(f"{step}: “{words}” ({option.id}) leads to {said.step} {said.session.over}: {said.public}")
    assert not wrong, "\n".join(wrong)
