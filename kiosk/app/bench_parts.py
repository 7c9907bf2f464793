"""What costs what when the kiosk starts, part by part: `kiosk bench start` runs this in a process of its own.

Prints one JSON line a part: {"part", "processor", "wall", "memory"} in seconds and MB that came on top. The order is that of the live kiosk, one after the
other; there the ears and the voice are loaded at the same time, on threads of their own.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """Seconds, and what the process grew by in MB."""

    title: str
    processor: float
    wall: float
    memory: float


def measure() -> list[Part]:
    """In a new process, so that nothing is loaded already."""
    done = subprocess.run([sys.executable, "-m", "kiosk.app.bench_parts"], capture_output=True, text=True, check=True,
                          env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [Part(line["part"], line["processor"], line["wall"], line["memory"]) for line in lines]


@contextmanager
def _part(title: str) -> Iterator[None]:
    processor, wall, memory = time.process_time(), time.perf_counter(), _resident_mb()
    yield
    print(json.dumps({"part": title, "processor": round(time.process_time() - processor, 3),
                      "wall": round(time.perf_counter() - wall, 3),
                      "memory": round(_resident_mb() - memory, 1)}), flush=True)


def _resident_mb() -> float:
    """Field 2 of /proc/self/statm, in pages."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    with _part("程序：Qt"):
        importlib.import_module("PySide6.QtWidgets")
    with _part("程序：其余"):
        importlib.import_module("kiosk.app.kiosk")
        importlib.import_module("kiosk.app.live")
    _window()
    _language()
    _voice()


def _window() -> None:
    from PySide6.QtWidgets import QApplication

    from kiosk.app.kiosk import screen_options
    from kiosk.app.settings import Site
    from kiosk.ui.bridge import Bridge
    from kiosk.ui.window import KioskWindow

    with _part("窗口和第一个画面"):
        application = QApplication([])
        window = KioskWindow(Bridge(), screen_options(Site()))
        window.open_at(1080, 1920)
        application.processEvents()


def _language() -> None:
    from kiosk import places
    from kiosk.app import compose, hearing
    from kiosk.app.settings import Site
    from kiosk.language import understand
    from kiosk.ports.ears import Expectation

    with _part("流程和句子"):
        compose.engine(Site(), compose.sentences())
    with _part("理解：方言包、例句、证人"):
        engine = understand.load(places.ASSETS)
    with _part("识别器的模型、断句、语音检测"):
        ear = hearing.make_ear(Site(), engine)
    with _part("词表和按词表识别的解码器"):
        ear.prepare(Expectation())


def _voice() -> None:
    from kiosk.app import speech
    from kiosk.app.settings import Site

    with _part("声音"):
        voice = speech.make_voice(Site())
        voice.load()
    with _part("声音：第一句话"):
        voice.synthesise("您好，请问您想办什么？", 0.9)
    voice.close()


if __name__ == "__main__":
    main()
