"""The one door back to the main thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QThread, Signal, Slot
from pytestqt.qtbot import QtBot

from kiosk.dialogue.events import Chose, Pressed, Typed
from kiosk.ports.devices import Key
from kiosk.ports.ears import EarReport, HearingState
from kiosk.ui.bridge import Bridge


class Receiver(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.got: list[object] = []
        self.threads: set[QThread] = set()

    @Slot(object)
    def take(self, value: object) -> None:
        self.got.append(value)
        self.threads.add(QThread.currentThread())


class Plain(QObject):
    flag = Signal(bool)


def test_a_thousand_emits_survive(qtbot: QtBot) -> None:
    """PySide6 6.12.0 loses a reference to True on each emit under Python 3.11, and aborts (pitfalls 1)."""
    bridge, receiver, plain = Bridge(), Receiver(), Plain()
    bridge.event.connect(receiver.take)
    plain.flag.connect(receiver.take)
    for number in range(1000):
        bridge.post(Chose(str(number)))
        plain.flag.emit(True)
        bridge.event.emit(True)
    assert len(receiver.got) == 3000
    assert receiver.got.count(True) == 2000


def test_what_a_worker_emits_arrives_in_the_main_thread(qtbot: QtBot) -> None:
    bridge, receiver = Bridge(), Receiver()
    bridge.event.connect(receiver.take)
    bridge.ear_report.connect(receiver.take)

    def work() -> None:
        for number in range(200):
            bridge.post(Typed(str(number % 10)))
            bridge.ear_report.emit(EarReport(HearingState.HEARING, 0.5))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(receiver.got) == 400)
    assert receiver.threads == {bridge.thread()}


def test_touches_and_keys_come_twice_named(qtbot: QtBot) -> None:
    bridge, receiver = Bridge(), Receiver()
    for signal in (bridge.event, bridge.chosen, bridge.pressed, bridge.typed):
        signal.connect(receiver.take)
    bridge.choose("yes")
    bridge.press(Key.SELECT)
    bridge.type("7")
    assert receiver.got == ["yes", Chose("yes"), Key.SELECT, Pressed(Key.SELECT), "7", Typed("7")]


def test_a_signal_called_event_does_not_hide_qt_s_own(qtbot: QtBot) -> None:
    bridge = Bridge()
    gone: list[int] = []
    bridge.destroyed.connect(lambda: gone.append(1))
    bridge.deleteLater()  # delivered through QObject.event
    qtbot.waitUntil(lambda: bool(gone))
