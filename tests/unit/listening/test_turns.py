"""How long to wait for somebody who has fallen silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.fund.errors import DataError
from kiosk.listening.turns import ElderTurns, Pauses, load_pauses, short_answer
from kiosk.places import ASSETS
from kiosk.ports.ears import Expectation, Transcript
from kiosk.ports.understanding import Decision, Understanding

YES_NO = Expectation(pending="yes_no")
REQUEST = Expectation()


class OnlyYes:
    """An understander that knows one word."""

    calls = 0

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        self.calls += 1
        known = text in ("对", "是的", "两千")
        return Understanding("yes" if known else "none", decision=Decision.ACCEPT if known else Decision.REJECT,
                             exact=known)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return self.understand(heard.text, expectation)


@pytest.fixture
def turns() -> ElderTurns:
    return ElderTurns(load_pauses(ASSETS / "listening" / "pauses.yaml"), short_answer(OnlyYes()))


def test_a_sentence_waits_the_patience_of_the_question(turns: ElderTurns) -> None:
    assert turns.patience("我 要 取 公积金 交 房租", REQUEST) == 1.2
    assert turns.patience("", REQUEST) == 1.2
    assert turns.patience("五千块", Expectation(pending="amount", patience=1.8)) == 1.8


def test_a_complete_short_answer_ends_sooner(turns: ElderTurns) -> None:
    assert turns.patience("对", YES_NO) == 0.6
    assert turns.patience("是 的", YES_NO) == 0.6


def test_only_where_a_word_is_an_answer(turns: ElderTurns) -> None:
    assert turns.patience("对", REQUEST) == 1.2, "nothing was asked"
    assert turns.patience("两千", Expectation(pending="amount")) == 1.2, "may become 两千五"


@pytest.mark.parametrize("text", ["嗯", "嗯 那个", "呃 我 想想", "我 想", "能不能", "取钱 的话", "同志 请问 一下", "然后 还有"])
def test_thinking_waits_longer(turns: ElderTurns, text: str) -> None:
    assert turns.patience(text, REQUEST) == 2.6


@pytest.mark.parametrize("text", ["查 余额", "租房 提取", "我 要 办 退休", "不 用 了", "人工", "没 收到"])
def test_what_is_said_out_is_not_thinking(turns: ElderTurns, text: str) -> None:
    assert turns.patience(text, REQUEST) == 1.2


def test_a_patient_question_is_never_made_less_patient_by_thinking() -> None:
    turns = ElderTurns(Pauses(2.0, frozenset({"嗯"}), ("我想",)))
    assert turns.patience("嗯", Expectation(patience=3.0)) == 3.0


def test_the_meaning_is_looked_up_once_for_the_same_text() -> None:
    engine = OnlyYes()
    turns = ElderTurns(Pauses(unfinished=("我想",)), short_answer(engine))
    for _ in range(30):
        turns.patience("不对", YES_NO)
    assert engine.calls == 1


@pytest.mark.parametrize(("text", "told"), [
    ("thinking: 0.3\nfillers: ['嗯']\nunfinished: ['我']", "thinking"),
    ("thinking: yes\nfillers: ['嗯']\nunfinished: ['我']", "thinking"),
    ("thinking: 2.5\nfillers: []\nunfinished: ['我']", "fillers"),
    ("thinking: 2.5\nfillers: ['嗯']\nunfinished: [12]", "unfinished"),
    ("thinking: 2.5\nfillers: ['嗯 那个']\nunfinished: ['我']", "fillers"),
    ("- 嗯", "pauses.yaml"),
])
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "pauses.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(DataError) as refused:
        load_pauses(file)
    assert "pauses.yaml" in refused.value.where
    assert told in refused.value.where
