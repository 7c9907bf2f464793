"""A sound server for measurements on a machine without a sound card: PulseAudio with a virtual microphone and loudspeaker.

The kiosk under measurement then works as in a hall: its microphone hisses, its loudspeaker stream runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from kiosk.adapters.wav_microphone import room
from kiosk.fund.errors import WorldError
from kiosk.ports.sound import EAR_RATE

NEEDED = ("pulseaudio", "pactl", "paplay", "parec")
_STARTED_IN = 10.0
#: With a client that wants its sound so soon, the virtual devices keep the pace of real ones.
_SOON = "--latency-msec=20"
#: Seconds of noise in the virtual microphone; longer than any measurement.
_HISS = 300.0

# A null sink works in steps as long as its slowest client allows, two seconds by default; see _SOON.
_SCRIPT = f"""
load-module module-native-protocol-unix auth-anonymous=1
load-module module-null-sink sink_name=feed rate={EAR_RATE} channels=1 format=s16le
load-module module-remap-source master=feed.monitor source_name=microphone
load-module module-null-sink sink_name=loudspeaker rate=48000 channels=2
set-default-sink loudspeaker
set-default-source microphone
"""


def missing() -> str:
    """What is not installed here, or ''."""
    return "、".join(tool for tool in NEEDED if shutil.which(tool) is None)


class PrivateSound:
    """Entered, the server runs; `environment` leads other processes to it. Raises WorldError if it does not start."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="kiosk-sound-"))  # short: paths of sockets are limited
        self._processes: list[subprocess.Popen[bytes]] = []
        self.environment = {"XDG_RUNTIME_DIR": str(self._folder), "PULSE_SERVER": f"unix:{self._folder}/pulse/native",
                            "PULSE_COOKIE": str(self._folder / "cookie")}

    def __enter__(self) -> PrivateSound:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def _start(self) -> None:
        script, hiss = self._folder / "sound.pa", self._folder / "hiss.raw"
        script.write_text(_SCRIPT)
        hiss.write_bytes(room(_HISS).tobytes())
        (self._folder / "pulse").mkdir(mode=0o700)
        self._spawn("pulseaudio", "-n", "--system=false", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
                    "--disable-shm=yes", "-F", str(script))
        deadline = time.monotonic() + _STARTED_IN
        while not self._answers():
            if time.monotonic() > deadline:
                raise WorldError("no sound server", "测量用的声音服务（PulseAudio）启动不了。")
            time.sleep(0.05)
        self._spawn("paplay", _SOON, "--raw", "--format=s16le", f"--rate={EAR_RATE}", "--channels=1", "--device=feed",
                    str(hiss))
        self._spawn("parec", _SOON, "--raw", "--device=loudspeaker.monitor")

    def _stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        words = ["pactl", "list", "short", "sources"]
        done = subprocess.run(words, env=self._whole, capture_output=True, text=True, timeout=10, check=False)
        return "microphone" in done.stdout

    def _spawn(self, *words: str) -> None:
        self._processes.append(subprocess.Popen(words, env=self._whole, stdout=subprocess.DEVNULL,
                                                stderr=subprocess.DEVNULL))

    @property
    def _whole(self) -> dict[str, str]:
        return os.environ | self.environment | {"HOME": str(self._folder)}
