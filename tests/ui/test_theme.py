"""Contrast is computed, not believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk import places
from kiosk.fund.errors import DataError
from kiosk.ui import theme as themes


@pytest.mark.parametrize("name", ["paper", "dark", "yellow"])
def test_text_pairs_are_seven_to_one(name: str) -> None:
    theme = themes.load_theme(name)
    low = {(front, ground): round(themes.contrast(theme.colour[front], theme.colour[ground]), 2)
           for front, ground in themes.TEXT_PAIRS
           if themes.contrast(theme.colour[front], theme.colour[ground]) < 7.0}
    assert not low


@pytest.mark.parametrize("name", ["paper", "dark", "yellow"])
def test_shapes_are_three_to_one(name: str) -> None:
    theme = themes.load_theme(name)
    for front, ground in themes.SHAPE_PAIRS:
        assert themes.contrast(theme.colour[front], theme.colour[ground]) >= 3.0, (front, ground)


def test_contrast_is_wcag_s() -> None:
    assert themes.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert themes.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_themes_name_the_same_roles() -> None:
    assert set(themes.theme_names()) == {"paper", "dark", "yellow"}
    first, *others = [themes.load_theme(name) for name in themes.theme_names()]
    for other in others:
        assert set(other.colour) == set(first.colour)
        assert set(other.figure) == set(first.figure)


def test_a_pale_theme_is_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (places.ASSETS / "themes" / "paper.toml").read_text(encoding="utf-8").replace("#4A4238", "#8A7A63")
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "pale.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(places, "ASSETS", tmp_path)
    with pytest.raises(DataError, match="quiet 写在 paper 上的对比度只有") as caught:
        themes.load_theme("pale")
    assert "pale.toml" in caught.value.where
    with pytest.raises(DataError, match="没有叫 none 的配色"):
        themes.load_theme("none")


def test_the_font_has_the_touchstone(qtbot: QtBot) -> None:
    assert themes.font_missing() == ""
    assert "Noto Sans SC" in themes.font_family()
    metrics = themes.font_metrics(100)
    assert metrics.capHeight() / 100 == pytest.approx(0.733, abs=0.01)
    assert all(metrics.inFontUcs4(ord(character)) for character in "缴䶮㛃𬭎您¥")
