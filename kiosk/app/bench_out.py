"""How soon a sound is audible and how soon the kiosk is silent: measured at the sound server, where it leaves.

Needs the private sound server (bench_sound). The recorder's own delay, some 20 ms, is part of each figure.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time

import numpy as np

from kiosk.adapters.loudspeaker import SoundLoudspeaker
from kiosk.app.bench_figures import Figure
from kiosk.app.bench_sound import PrivateSound
from kiosk.fund.errors import WorldError
from kiosk.ports.sound import EAR_RATE, Sound

#: The issue's aim for interrupting, milliseconds.
SILENT_IN = 50.0
_CHUNK = 80            # samples of the recorder read at once: 5 ms
_LOUD = 500


class Monitor:
    """Listens to what leaves the virtual loudspeaker; `loud` are the times of chunks in which something was heard."""

    def __init__(self) -> None:
        words = ["parec", "--raw", "--latency-msec=5", f"--rate={EAR_RATE}", "--channels=1", "--format=s16le",
                 "--device=loudspeaker.monitor"]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.loud: list[float] = []
        self._thread = threading.Thread(target=self._listen, name="kiosk-monitor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(5)
        self._thread.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while len(data := self._process.stdout.read(2 * _CHUNK)) == 2 * _CHUNK:
            if int(np.abs(np.frombuffer(data, np.int16).astype(np.int32)).max()) > _LOUD:
                self.loud.append(time.monotonic())


def measure(runs: int) -> list[Figure]:
    """Raises WorldError when the sound server or the loudspeaker does not start."""
    with PrivateSound() as sound:
        before = {name: os.environ.get(name) for name in sound.environment}
        os.environ.update(sound.environment)  # read by the sound server's client library when a stream is opened
        try:
            times = _times(runs)
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
    return [Figure("speaking.audible", "交给喇叭到听得见", "ms", tuple(start for start, _ in times), None,
                   "在声音服务的出口录下来，录音自己的延迟也算在里面"),
            Figure("speaking.hush", "打断到安静", "ms", tuple(end for _, end in times), SILENT_IN)]


def _times(runs: int) -> list[tuple[float, float]]:
    speaker, monitor = SoundLoudspeaker(), Monitor()
    speaker.start()
    try:
        _until(lambda: speaker.works, "the loudspeaker does not open")
        time.sleep(2.0)  # a virtual device needs a moment for its first block
        return [_once(speaker, monitor) for _ in range(max(runs, 3))]
    finally:
        speaker.close()
        monitor.close()


def _once(speaker: SoundLoudspeaker, monitor: Monitor) -> tuple[float, float]:
    """(ms to the first sound, ms from stop() to the last)."""
    tone = (8000 * np.sin(np.arange(3 * EAR_RATE) * 2 * np.pi * 440 / EAR_RATE)).astype(np.int16)
    monitor.loud.clear()
    began = time.monotonic()
    speaker.play(Sound(tone, EAR_RATE), lambda whole: None)
    _until(lambda: bool(monitor.loud), "nothing is heard")
    first = monitor.loud[0]
    time.sleep(0.5)
    stopped = time.monotonic()
    speaker.stop()
    time.sleep(0.5)
    return (first - began) * 1000, max(0.0, monitor.loud[-1] - stopped) * 1000


def _until(ready: object, complaint: str) -> None:
    assert callable(ready)
    deadline = time.monotonic() + 5.0
    while not ready():
        if time.monotonic() > deadline:
            raise WorldError(complaint, "测量用的喇叭没有声音。")
        time.sleep(0.005)
