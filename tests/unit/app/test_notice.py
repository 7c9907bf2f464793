"""`kiosk notice`: what is written is read by the running kiosk, once, and never half."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.app.bulletin_board import FILE, BulletinBoard
from kiosk.app.commands import main
from kiosk.dialogue.events import NO_BULLETIN, Bulletin


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "site.toml").write_text(f'state = "{tmp_path / "state"}"\n', "utf-8")
    return tmp_path / "state"


def notice(state: Path, *words: str) -> int:
    return main(["notice", "--site", str(state.parent / "site.toml"), *words])


def test_put_up_read_once_taken_down(state: Path) -> None:
    board = BulletinBoard(state)
    assert board.changed() is None
    assert notice(state, "今天下午四点下班。") == 0
    assert board.changed() == Bulletin("info", "今天下午四点下班。")
    assert board.changed() is None
    assert notice(state, "--kind", "evacuate") == 0
    assert board.changed() == Bulletin("evacuate")
    assert notice(state, "--clear") == 0
    assert board.changed() == NO_BULLETIN
    assert board.changed() is None


def test_a_notice_that_was_there_before_the_start(state: Path) -> None:
    notice(state, "--kind", "maintenance")
    assert BulletinBoard(state).changed() == Bulletin("maintenance")


@pytest.mark.parametrize("content", ["", "nonsense", "{}", '{"kind": "party", "text": "x"}', "[1]"])
def test_a_spoilt_file_is_no_notice(state: Path, content: str) -> None:
    state.mkdir()
    (state / FILE).write_text(content, "utf-8")
    assert BulletinBoard(state).read() == NO_BULLETIN


@pytest.mark.parametrize(("text", "told"), [("长" * 41, "最多40个字"), ("请打 0851234567", "一长串数字")])
def test_a_notice_that_cannot_be_said(state: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert notice(state, text) == 2
    assert told in capsys.readouterr().err
    assert not (state / FILE).exists()


def test_what_is_up_can_be_asked(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice(state)
    notice(state, "--kind", "maintenance")
    notice(state)
    notice(state, "--clear")
    notice(state, "--clear")
    told = capsys.readouterr().out.splitlines()
    assert told == ["现在没有通知。", "通知挂上了，正在运行的机器马上会说。", "现在的通知（maintenance）：（常用的话）", "通知取下来了。",
                    "本来就没有通知。"]
