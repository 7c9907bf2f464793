"""Plays one rehearsal: the kiosk with a visitor made of sound files in front of it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from kiosk import places
from kiosk.adapters.file_printer import FilePrinter
from kiosk.adapters.kokoro import Kokoro
from kiosk.adapters.wav_loudspeaker import WavLoudspeaker
from kiosk.app import hearing, settings, speech
from kiosk.app.cmd_verify import verify_file
from kiosk.app.kiosk import Kiosk, Outside
from kiosk.app.rehearse import Act, Report, Script, Turn
from kiosk.app.samples import card_of
from kiosk.dialogue import events as ev
from kiosk.fund.errors import WorldError
from kiosk.listening.resample import to_ear_rate
from kiosk.ports.devices import Key
from kiosk.ports.ears import EarReport, HearingState, Transcript
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples, Sound

#: The visitor waits this long after the kiosk is at rest, and gives up after so many seconds.
REST_SECONDS, PATIENCE_SECONDS = 0.4, 90.0
BLOCK_SECONDS = EAR_BLOCK / EAR_RATE


class VisitorMicrophone:
    """The Microphone port: silence in real time, and what the visitor says when told to."""

    def __init__(self) -> None:
        self._blocks: queue.SimpleQueue[Samples] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, on_block: Callable[[Samples], None], on_lost: Callable[[str], None]) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, args=(on_block,), name="kiosk-visitor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(2.0)

    def check(self) -> str:
        return ""

    def speak(self, samples: Samples) -> None:
        whole = np.concatenate([samples, np.zeros(-len(samples) % EAR_BLOCK, np.int16)])
        for block in whole.reshape(-1, EAR_BLOCK):
            self._blocks.put(block)

    @property
    def speaking(self) -> bool:
        return not self._blocks.empty()

    def _run(self, on_block: Callable[[Samples], None]) -> None:
        noise = np.random.default_rng(7)
        due = time.monotonic()
        while not self._stopping.is_set():
            try:
                block = self._blocks.get_nowait()
            except queue.Empty:
                block = noise.integers(-3, 4, EAR_BLOCK, dtype=np.int16)  # a quiet room is never digitally silent
            on_block(block)
            due += BLOCK_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))
