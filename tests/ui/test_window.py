"""What is touched and pressed is told; what is told is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.dialogue.events import Chose, Event, Manner, Pressed, Typed
from kiosk.dialogue.view import Screen, View
from kiosk.ports.devices import Key
from kiosk.ports.ears import EarReport, HearingState
from kiosk.ui.buttons import KioskButton
from kiosk.ui.samples import TYPICAL, VIEWS
from kiosk.ui.screens import PAGES
from kiosk.ui.window import KioskWindow
from tests.ui.opening import Opener


def told(window: KioskWindow) -> list[Event]:
    """Everything that the window tells from now on."""
    events: list[Event] = []
    window.bridge.event.connect(events.append)
    return events


def button(window: KioskWindow, name: str) -> KioskButton:
    found = [b for b in window.findChildren(KioskButton) if b.name == name and b.isVisible()]
    assert found, f"no button {name}"
    return found[0]


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def mean(image: QImage) -> float:
    """Mean brightness 0..255."""
    small = image.scaled(64, 64, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return sum(small.pixelColor(x, y).lightness() for x in range(64) for y in range(64)) / 4096


# ------------------------------------------------------------------ touch


def test_every_screen_name_has_a_page() -> None:
    assert set(PAGES) == set(Screen)


def test_a_touched_choice_is_told(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["facts"])
    events = told(window)
    for name in ("yes", "other", "no", "get_staff", "back", "repeat", "staff", "bigger_text", "louder"):
        click(button(window, name))
    assert events == [Chose(name) for name in ("yes", "other", "no", "get_staff", "back", "repeat", "staff",
                                               "bigger_text", "louder")]


def test_a_touched_pad_types(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["keypad"])
    events = told(window)
    for name in ("5", "X", "0", "delete", "enter"):
        click(button(window, name))
    assert events == [Typed(name) for name in ("5", "X", "0", "delete", "enter")]


def test_attract_begins_wherever_it_is_touched(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["attract"])
    events = told(window)
    click(button(window, "start"))
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=window.guide.geometry().center())
    assert events == [Chose("start"), Chose("start")]


def test_a_touch_beside_the_choices_means_nothing(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    events = told(window)
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(3, 900))
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=window.sentence.geometry().center())
    assert events == []


def test_a_second_tap_of_an_unsteady_hand_does_not_answer_the_next_question(open_window: Opener) -> None:
    window = open_window()
    window.options = replace(window.options, guard_ms=60_000)
    window.show_view(TYPICAL["yes_no"])
    events = told(window)
    click(button(window, "yes"))
    click(button(window, "staff"))
    assert events == [Chose("staff")]
    window.options = replace(window.options, guard_ms=0)
    click(button(window, "yes"))
    assert events[-1] == Chose("yes")


def test_a_view_shown_again_keeps_the_button_under_the_finger(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    before = button(window, "balance")
    window.show_view(replace(TYPICAL["choices"], focus=0, mood="speaking"))
    assert button(window, "balance") is before


# ------------------------------------------------------------------ keys


@pytest.mark.parametrize(("pressed", "key"), [
    (Qt.Key.Key_Left, Key.LEFT), (Qt.Key.Key_Right, Key.RIGHT), (Qt.Key.Key_Up, Key.UP), (Qt.Key.Key_Down, Key.DOWN),
    (Qt.Key.Key_Return, Key.SELECT), (Qt.Key.Key_F1, Key.HELP), (Qt.Key.Key_PageUp, Key.LOUDER),
    (Qt.Key.Key_PageDown, Key.QUIETER)])
def test_keys(open_window: Opener, pressed: Qt.Key, key: Key) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    events = told(window)
    QTest.keyClick(window, pressed)
    assert events == [Pressed(key)]


def test_keys_reach_the_window_whatever_has_the_focus(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    events = told(window)
    row = button(window, "deposit")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row, Qt.Key.Key_Down)
    QTest.keyClick(row, Qt.Key.Key_Escape)
    QTest.keyClick(row, Qt.Key.Key_Space)
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert events == [Pressed(Key.DOWN), Chose("deposit"), Chose("deposit")]


def test_digits_are_typed(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["keypad"])
    events = told(window)
    QTest.keyClicks(window, "12x")
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    QTest.keyClick(window, Qt.Key.Key_Enter)
    window.show_view(TYPICAL["choices"])
    QTest.keyClicks(window, "2q")
    assert events == [Typed(c) for c in ("1", "2", "X", "delete", "enter", "2")]


def test_enter_is_the_select_key_while_the_five_keys_are_used(open_window: Opener) -> None:
    window = open_window()
    window.show_view(VIEWS["keypad_long"])
    events = told(window)
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert events == [Pressed(Key.SELECT)]


def test_a_finger_resting_on_a_key_presses_once(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    events = told(window)
    for repeated in (False, True, True):
        QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down,
                                                 Qt.KeyboardModifier.NoModifier, "", repeated))
    assert events == [Pressed(Key.DOWN)]


def test_escape_does_nothing(open_window: Opener) -> None:
    window = open_window(production=True)
    events = told(window)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert events == []
    assert window.isVisible()


def test_tab_goes_round_without_a_trap(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["facts"])
    window.activateWindow()
    names = []
    for _ in range(12):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        names.append(window.focusWidget().objectName())
    order = ["yes", "other", "no", "get_staff", "back", "repeat", "staff", "bigger_text", "louder"]
    start = names.index("yes")
    assert names[start:start + len(order)] == order[:len(names) - start]
    assert set(order) <= set(names)


def test_the_five_key_focus_runs_over_keys_choices_and_staff(open_window: Opener) -> None:
    window = open_window()
    view = VIEWS["keypad_long"]
    assert view.pad is not None
    names = [*view.pad.keys, "card", "staff"]
    for focus, name in enumerate(names):
        window.show_view(replace(view, focus=focus))
        assert [b.name for b in window.findChildren(KioskButton) if b.pointed and b.isVisible()] == [name]
    window.show_view(replace(view, focus=-1))
    assert not [b for b in window.findChildren(KioskButton) if b.pointed]


def test_the_focus_is_drawn_as_a_shape(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    row = button(window, "balance")
    plain = row.grab().toImage()
    row.point(True)
    ringed = row.grab().toImage()
    changed = sum(plain.pixel(x, y) != ringed.pixel(x, y) for x in range(0, row.width(), 2)
                  for y in range(0, row.height(), 2)) * 4
    assert changed > 6 * 2 * row.width()


# ------------------------------------------------------------------ captions, ears, curtain


def test_the_clause_being_said_is_marked_in_the_sentence(open_window: Opener) -> None:
    window = open_window()
    view = TYPICAL["facts"]
    window.show_view(view)
    window.show_caption_kiosk(view.sentence, 0, 5)
    assert window.sentence.marked == (0, 5)
    window.show_caption_kiosk("请说“对，没错”。", 0, 5)  # a part of the question
    assert window.sentence.text() == view.sentence
    assert view.sentence[slice(*window.sentence.marked)] == "请说“对，"
    assert window.hearing.state == "speaking"


def test_something_else_that_is_said_takes_the_place_of_the_question_and_gives_it_back(open_window: Opener) -> None:
    window = open_window()
    view = TYPICAL["choices"]
    window.show_view(view)
    place = window.sentence.geometry()
    said = "我没听明白，请再说一遍，或者点屏幕上的按钮，叫工作人员也行，不着急，慢慢来，我在这里等您。"
    window.show_caption_kiosk(said, 0, 6)
    assert window.sentence.text() == said
    assert window.sentence.geometry() == place
    window.show_caption_kiosk("")
    assert window.sentence.text() == view.sentence
    assert window.sentence.marked == (0, 0)


@pytest.mark.parametrize(("state", "words"), [
    (HearingState.OFF, "请点屏幕办理"), (HearingState.DEAF, "请点屏幕办理"), (HearingState.READY, "请稍等"),
    (HearingState.LISTENING, "我在听，请说"), (HearingState.HEARING, "我在听")])
def test_whose_turn_it_is_stands_in_words(open_window: Opener, state: HearingState, words: str) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    window.show_ears(EarReport(state, 0.4))
    assert window.hearing.accessibleName() == words


def test_open_ears_mean_that_the_kiosk_has_finished_talking(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    window.show_caption_kiosk(TYPICAL["choices"].sentence)
    window.show_ears(EarReport(HearingState.READY))
    assert window.hearing.state == "speaking"
    window.show_ears(EarReport(HearingState.LISTENING))
    assert window.hearing.state == "listening"


def test_silence_ends_the_talking_even_if_nobody_says_so(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.show_view(TYPICAL["working"])
    window.show_ears(EarReport(HearingState.READY))
    window.show_caption_kiosk("正在打印，请等一会儿。")
    window.set_speaking(0.4)
    window._quiet.setInterval(1)
    window.set_speaking(0.0)
    qtbot.waitUntil(lambda: window.hearing.state == "ready")


def test_a_deaf_kiosk_does_not_invite_to_speak(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["attract"])
    window.show_ears(EarReport(HearingState.DEAF))
    assert button(window, "start").accessibleName() == "按这里开始办理"
    window.show_ears(EarReport(HearingState.LISTENING))
    assert button(window, "start").accessibleName() == "按这里或直接说话"


def test_captions_of_the_visitor_are_live(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    window.show_ears(EarReport(HearingState.HEARING, 0.4, "我想查"))
    assert window.hearing.caption == "您说：我想查…"
    window.show_caption_visitor("我想查余额")
    assert window.hearing.caption == "您说：我想查余额"
    window.show_caption_visitor("")
    assert window.hearing.caption == ""


def test_a_very_long_caption_shows_its_end(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    window.show_manner(Manner(text_size=2))
    window.show_caption_visitor("同志你好啊麻烦你给我查一查那个什么来着对了"
                                "我是说我想把我的公积金全部都取出来然后买一个小房子给我儿子结婚用您看行不行啊")
    caption = window.hearing.blocks()[1][0].text
    assert caption.startswith("您说：…")
    assert caption.endswith("您看行不行啊")


def test_the_curtain_is_really_dark(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["facts"])
    assert mean(window.grab().toImage()) > 150
    window.show_manner(Manner(curtain=True, voice_mode=True))
    assert mean(window.grab().toImage()) < 12
    events = told(window)
    QTest.mouseClick(window.curtain, Qt.MouseButton.LeftButton, pos=button(window, "yes").mapTo(window, QPoint(20, 20)))
    assert events == [Pressed(Key.HELP)]
    window.show_manner(Manner())
    assert mean(window.grab().toImage()) > 150


def test_a_view_under_the_curtain_stays_under_it(open_window: Opener) -> None:
    window = open_window()
    window.show_manner(Manner(curtain=True))
    for view in VIEWS.values():
        window.show_view(view)
        assert window.childAt(window.rect().center()) is window.curtain


def test_text_size_and_volume_show_as_levels(open_window: Opener) -> None:
    window = open_window()
    window.show_manner(Manner(text_size=1, volume=0.9))
    assert window.top.text_size.accessibleDescription() == "字号第2档，共3档"
    assert window.top.volume.accessibleDescription() == "音量90%"
    assert (window.top.text_size.level, window.top.volume.level) == (2, 3)


def test_a_notice_can_come_and_go(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    window.show_notice("还需要时间吗？")
    assert window.notice.isVisible()
    assert window.notice.geometry().bottom() < window.sentence.geometry().top()
    window.show_view(TYPICAL["choices"])
    assert not window.notice.isVisible()


# ------------------------------------------------------------------ life


def test_nothing_ticks_once_the_window_is_hidden(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    for view in VIEWS.values():
        window.show_view(view)
    assert any(timer.isActive() for timer in window.findChildren(QTimer))
    window.hide()
    assert not [timer for timer in window.findChildren(QTimer) if timer.isActive()]


def test_nothing_moves_in_reduced_motion(open_window: Opener) -> None:
    window = open_window(reduced_motion=True)
    for name in ("working", "identify", "choices"):
        window.show_view(TYPICAL[name])
        assert not [timer for timer in window.findChildren(QTimer) if timer.isActive()]


def test_the_guide_can_be_switched_off(open_window: Opener) -> None:
    window = open_window()
    window.show_manner(Manner(guide=False))
    for view in TYPICAL.values():
        window.show_view(view)
        assert not window.guide.isVisible()


def test_fill_the_screen_without_a_window_manager(open_window: Opener) -> None:
    window = open_window()
    window.open_on(window.screen())
    assert window.geometry() == window.screen().geometry()


@pytest.mark.parametrize("size", [(540, 960), (800, 800), (1366, 768), (1024, 768), (768, 1366), (2160, 3840)])
def test_other_sizes_are_sensible(open_window: Opener, size: tuple[int, int]) -> None:
    from kiosk.ui.gallery import misfits

    window = open_window(*size)
    faults = []
    for name, view in TYPICAL.items():
        window.show_view(view)
        faults += [f"{name}: {fault}" for fault in misfits(window)]
    assert not faults, "\n".join(faults)


def test_an_unknown_icon_strip_or_mood_does_no_harm(open_window: Opener) -> None:
    window = open_window()
    window.show_view(View(Screen.CHOICES, sentence="嗯？", strip=("back", "dance"), mood="furious",
                          choices=(replace(TYPICAL["choices"].choices[0], icon="no-such-icon"),)))
    window.grab()
    assert window.guide.mood == "idle"
