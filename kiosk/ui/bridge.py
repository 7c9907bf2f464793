"""The one QObject that other threads emit on.

It is made in the main thread, so every slot connected to it (a decorated method of a QObject of the main thread)
runs there, whichever thread emitted. Connect no lambdas and no plain functions to these signals (pitfalls 2).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread, Signal

from kiosk.dialogue.events import Chose, Event, Pressed, Typed
from kiosk.ports.devices import Key


class Bridge(QObject):
    """Signals towards the main thread. All of them may be emitted from any thread.

    event          every kiosk.dialogue.events.Event, whichever door it came through
    ear_report     EarReport of the listening thread
    heard          Transcript of a finished utterance
    voice_started  somebody began to speak
    clause         token, line, start, end: which characters of which line are being said now
    chosen, pressed, typed   the same touches and keys as `event`, for who wants only those
    """

    # The name is QObject.event's too. A Signal is no function, so Qt goes on calling its own (tests/ui/test_bridge.py).
    event = Signal(object)  # type: ignore[assignment]
    ear_report = Signal(object)
    heard = Signal(object)
    voice_started = Signal()
    clause = Signal(int, int, int, int)
    chosen = Signal(str)
    pressed = Signal(object)
    typed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        assert self.thread() is QThread.currentThread(), "the bridge belongs to the thread that makes it"

    def post(self, event: Event) -> None:
        """Hand an event to the conversation. Thread-safe."""
        self.event.emit(event)

    def choose(self, choice: str) -> None:
        self.chosen.emit(choice)
        self.post(Chose(choice))

    def press(self, key: Key) -> None:
        self.pressed.emit(key)
        self.post(Pressed(key))

    def type(self, character: str) -> None:
        self.typed.emit(character)
        self.post(Typed(character))
