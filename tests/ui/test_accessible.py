"""The accessible tree names everything on every screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.dialogue.events import Chose, Event
from kiosk.ui.samples import TYPICAL, VIEWS
from tests.ui.opening import Opener

Text = QAccessible.Text


def walk(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for number in range(node.childCount()):
        child = node.child(number)
        if child is not None and child.isValid() and not child.state().invisible:
            yield from walk(child)


@pytest.mark.parametrize("name", list(VIEWS))
def test_everything_that_can_be_reached_has_a_name(open_window: Opener, name: str) -> None:
    window = open_window()
    view = VIEWS[name]
    window.show_view(view)
    nodes = list(walk(QAccessible.queryAccessibleInterface(window)))
    for node in nodes:
        actions = node.actionInterface().actionNames() if node.actionInterface() else []
        if node.state().focusable or "Press" in actions:
            assert node.text(Text.Name).strip(), f"{name}: a {node.role()} without a name"
    names = {node.text(Text.Name) for node in nodes}
    assert {choice.label for choice in view.choices[(1 if name == "attract" else 0):]} <= names
    assert all(any(row.value in given for given in names) for row in view.rows)
    if name != "attract":
        assert view.sentence in names


def test_numbers_and_help_are_the_description(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    row = window.current.targets()[1]
    node = QAccessible.queryAccessibleInterface(row)
    assert node.role() == QAccessible.Role.Button
    assert node.text(Text.Description) == "第2项，证明您交了多少公积金，当场打出来。"


def test_a_screen_reader_can_press(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.show_view(TYPICAL["choices"])
    events: list[Event] = []
    window.bridge.event.connect(events.append)
    QAccessible.queryAccessibleInterface(window.current.targets()[2]).actionInterface().doAction("Press")
    qtbot.waitUntil(lambda: bool(events))
    assert events == [Chose("balance")]


def test_the_typed_number_is_masked_in_the_tree_too(open_window: Opener) -> None:
    window = open_window()
    window.show_view(TYPICAL["keypad"])
    names = [node.text(Text.Name) for node in walk(QAccessible.queryAccessibleInterface(window))]
    assert " ".join("••••••••1") in names


def test_a_new_sentence_is_announced(open_window: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window()
    announced: list[str] = []
    monkeypatch.setattr("kiosk.ui.window.announce", lambda widget, text: announced.append(text))
    window.show_view(TYPICAL["yes_no"])
    window.show_view(TYPICAL["yes_no"])
    window.show_notice("还需要时间吗？")
    QTest.qWait(1)
    assert announced == [TYPICAL["yes_no"].sentence, "还需要时间吗？"]
