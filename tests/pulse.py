"""A sound server of one's own for tests: PulseAudio with a virtual microphone and a virtual loudspeaker.

    with PrivatePulse(tmp_path) as pulse:
        pulse.play(file)                 # into the microphone
        heard = pulse.record(seconds)    # what the loudspeaker played, 16 kHz mono int16

Needs no sound card and no rights; platform.md 4 tells how each line was found. While it is entered the variables
XDG_RUNTIME_DIR and PULSE_SERVER of this process point to it (`pulse.environment` holds them for other processes).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import wave
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

NEEDED = ("pulseaudio", "pactl", "paplay", "parec")

MICROPHONE = "virtual_mic"
SPEAKER = "speaker"
_RATE = 16_000
#: A null sink works in steps as long as its slowest client allows; the default would be two seconds.
_SOON = "--latency-msec=20"

# No module-suspend-on-idle: a sleeping null sink delays the first block by up to two seconds.
_SCRIPT = f"""
load-module module-native-protocol-unix auth-anonymous=1
load-module module-null-sink sink_name=mic_feed rate={_RATE} channels=1 format=s16le
load-module module-remap-source master=mic_feed.monitor source_name={MICROPHONE}
load-module module-null-sink sink_name={SPEAKER} rate=48000 channels=2
set-default-sink {SPEAKER}
set-default-source {MICROPHONE}
"""


def missing() -> str:
    """Why there can be no private sound server here, or ''."""
    lacking = [tool for tool in NEEDED if shutil.which(tool) is None]
    return f"not installed: {', '.join(lacking)}" if lacking else ""


class PrivatePulse:
    """Start on entering, gone without a trace on leaving."""

    def __init__(self, hiss: bool = True) -> None:
        self._hiss = hiss   # a living microphone is never all zeros
        self._processes: list[subprocess.Popen[bytes]] = []
        self._saved: dict[str, str | None] = {}
        # Unix socket paths are short, so the folder is not below pytest's
        self.folder = Path(tempfile.mkdtemp(prefix="kiosk-pulse-"))
        self.environment = {"XDG_RUNTIME_DIR": str(self.folder),
                            "PULSE_SERVER": f"unix:{self.folder}/pulse/native",
                            "PULSE_COOKIE": str(self.folder / "cookie"), "HOME": str(self.folder)}

    def __enter__(self) -> PrivatePulse:
        for name in ("XDG_RUNTIME_DIR", "PULSE_SERVER", "PULSE_COOKIE"):
            self._saved[name] = os.environ.get(name)
            os.environ[name] = self.environment[name]
        self.start_server()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop_server()
        for name, value in self._saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------ the server

    def start_server(self) -> None:
        script = self.folder / "kiosk.pa"
        script.write_text(_SCRIPT)
        (self.folder / "pulse").mkdir(mode=0o700, exist_ok=True)
        self._spawn("pulseaudio", "-n", "--system=false", "--daemonize=no", "--use-pid-file=no",
                    "--exit-idle-time=-1", "--disable-shm=yes", "-F", str(script))
        self._wait_for(lambda: MICROPHONE in self._sources(), "the sound server does not start")
        if self._hiss:
            self.start_hiss()
        self._wake_microphone()

    def stop_server(self) -> None:
        """Kill everything that was started; the newest first."""
        for process in reversed(self._processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self._processes):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        self._processes.clear()

    def start_hiss(self) -> None:
        """Noise of three units, for ten minutes, which is inaudible and yet alive."""
        file = self.folder / "hiss.wav"
        noise = np.random.default_rng(1).integers(-3, 4, size=_RATE * 600).astype(np.int16)
        write_wav(file, noise)
        self._spawn("paplay", "--device=mic_feed", _SOON, str(file))

    def _wake_microphone(self) -> None:
        """The first stream from a null sink waits up to two seconds for its first block; later ones do not."""
        process = subprocess.Popen(["parec", f"--device={MICROPHONE}", _SOON, "--raw"], stdout=subprocess.PIPE,
                                   env=os.environ | self.environment)
        assert process.stdout is not None
        process.stdout.read(1024)
        process.terminate()
        process.wait(5)
        process.stdout.close()

    def unplug(self) -> None:
        """The microphone is pulled out."""
        self.pactl("unload-module", "module-remap-source")

    def plug(self) -> None:
        """And put back in."""
        self.pactl("load-module", "module-remap-source", "master=mic_feed.monitor", f"source_name={MICROPHONE}")
        self.pactl("set-default-source", MICROPHONE)

    def suspend(self, asleep: bool) -> None:
        self.pactl("suspend-source", MICROPHONE, "1" if asleep else "0")

    def pactl(self, *words: str) -> str:
        done = subprocess.run(["pactl", *words], env=os.environ | self.environment, capture_output=True, text=True,
                              timeout=10, check=True)
        return done.stdout

    # ------------------------------------------------------------ sound

    def play(self, file: Path, wait: bool = True) -> subprocess.Popen[bytes]:
        """Play a WAV or FLAC file into the microphone, in its own time."""
        process = self._spawn("paplay", "--device=mic_feed", _SOON, str(file))
        if wait:
            process.wait(60)
        return process

    def add_sink(self, name: str) -> None:
        """Another virtual loudspeaker (headphones, say)."""
        self.pactl("load-module", "module-null-sink", f"sink_name={name}", "rate=48000", "channels=2")
        self.pactl("set-default-sink", SPEAKER)
        self.pactl("set-default-source", MICROPHONE)

    def record_to(self, file: Path, sink: str = SPEAKER) -> subprocess.Popen[bytes]:
        """Record what a loudspeaker plays to a WAV file until the process is terminated."""
        return self._spawn("parec", f"--device={sink}.monitor", _SOON, f"--rate={_RATE}", "--channels=1",
                           "--format=s16le", "--file-format=wav", str(file))

    def record(self, seconds: float) -> npt.NDArray[np.int16]:
        """What the loudspeaker plays during the next seconds."""
        process = subprocess.Popen(
            ["parec", f"--device={SPEAKER}.monitor", _SOON, f"--rate={_RATE}", "--channels=1", "--format=s16le", "--raw"],
            env=os.environ | self.environment, stdout=subprocess.PIPE)
        assert process.stdout is not None
        try:
            return np.frombuffer(process.stdout.read(int(seconds * _RATE) * 2), dtype=np.int16)
        finally:
            process.terminate()
            process.wait(5)
            process.stdout.close()

    # ------------------------------------------------------------

    def _spawn(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(words, env=os.environ | self.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self._processes.append(process)
        return process

    def _sources(self) -> str:
        try:
            return self.pactl("list", "short", "sources")
        except subprocess.SubprocessError:
            return ""

    def _wait_for(self, ready: object, complaint: str, seconds: float = 10.0) -> None:
        assert callable(ready)
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise RuntimeError(complaint)
            time.sleep(0.05)


def write_wav(file: Path, samples: npt.NDArray[np.int16], rate: int = _RATE) -> None:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
