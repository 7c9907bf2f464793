"""The guide figure moves little, stops when unseen, and opens her mouth with the sound."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from kiosk.ui.guide import CALM_MS, MOODS, MOUTHS, MOVE_S, POSES, Guide, draw_guide, ease, mouth_for
from kiosk.ui.kit import Kit
from kiosk.ui.metrics import Metrics
from kiosk.ui.theme import load_theme
from kiosk.ui.words import words


@pytest.fixture
def kit(qtbot: QtBot) -> Kit:
    return Kit(load_theme("paper"), Metrics.model(1080, 1920), words())


def picture(kit: Kit, mood: str, mouth: int = 0) -> QImage:
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(0.5, 0.5)
    draw_guide(painter, kit, POSES[mood], mouth=MOUTHS[mouth])
    painter.end()
    return image


def test_moods_of_the_contract() -> None:
    assert MOODS == ("idle", "listening", "thinking", "speaking", "glad", "sorry")


def test_motion_stays_under_the_limit() -> None:
    assert MOVE_S <= 0.3
    assert CALM_MS >= 66  # 15 pictures a second or fewer while idle


def test_louder_opens_wider() -> None:
    assert mouth_for(0.0, 0) == mouth_for(0.03, 7) == 0
    assert {mouth_for(0.2 * loud, syllable) for loud in range(6) for syllable in range(4)} == {0, 1, 2, 3, 4}
    heights = [max(MOUTHS[mouth_for(loud / 10, s)][1] for s in range(4)) for loud in range(11)]
    assert heights == sorted(heights)


def test_every_mood_and_mouth_looks_different(kit: Kit) -> None:
    pictures = [picture(kit, mood) for mood in MOODS if mood != "speaking"]
    pictures += [picture(kit, "speaking", mouth) for mouth in range(1, len(MOUTHS))]
    for number, one in enumerate(pictures):
        assert all(one != other for other in pictures[number + 1:])


def test_easing_is_soft_and_bounded() -> None:
    assert (ease(-1), ease(0), ease(0.5), ease(1), ease(2)) == (0, 0, 0.5, 1, 1)


def test_she_rests_when_nobody_sees_her(kit: Kit, qtbot: QtBot) -> None:
    guide = Guide(kit)
    qtbot.addWidget(guide)
    assert not guide.moving
    guide.show()
    assert guide.moving
    guide.hide()
    assert not guide.moving
    guide.set_mood("glad")
    assert not guide.moving


def test_without_motion_she_takes_the_pose_at_once(kit: Kit, qtbot: QtBot) -> None:
    kit.motion = False
    guide = Guide(kit)
    qtbot.addWidget(guide)
    guide.show()
    before = guide.grab().toImage()
    guide.set_mood("sorry")
    assert not guide.moving
    assert guide.grab().toImage() != before


def test_silence_closes_her_mouth(kit: Kit, qtbot: QtBot) -> None:
    guide = Guide(kit)
    qtbot.addWidget(guide)
    guide.set_level(0.9)
    assert guide.mouth > 0
    guide.set_level(0.0)
    assert guide.mouth == 0
