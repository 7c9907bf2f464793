"""How soon the kiosk is there, and what it takes while it listens: the real program in a process of its own.

The child runs on Qt's offscreen platform with a portrait panel, on a private sound server where there is one, else with a
microphone that hears a quiet room. Its state folder is new each time; rendered sentences are those of this machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk import places
from kiosk.adapters.simulated_devices import wish
from kiosk.app import bench_sound, models
from kiosk.app.bench_figures import Figure
from kiosk.app.rehearse import offscreen
from kiosk.app.settings import SILENCE, Site
from kiosk.fund.errors import WorldError
from kiosk.ports.devices import Key

#: The issue's aims.
FIRST_FRAME, LISTENING, SHARE, MEMORY = 2.0, 5.0, 50.0, 900.0
#: A start that takes longer has failed, seconds.
PATIENCE = 90.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


class Child:
    """A kiosk that is being measured. Use `running()`."""

    def __init__(self, folder: Path, environment: dict[str, str], site: Site) -> None:
        self._milestones, self._out = folder / "milestones", folder / "out"
        self._socket = folder / "state" / "demo.sock"
        file = folder / "site.toml"
        microphone = "" if "PULSE_SERVER" in environment else SILENCE
        file.write_text(f"state = {_toml(folder / 'state')}\n"
                        f"[sound]\nmicrophone = {_toml(microphone)}\nvoice = {_toml(site.sound.voice)}\n"
                        f"[dialects]\nlocal = [{', '.join(map(_toml, site.dialects.local))}]\n"
                        f"start = {_toml(site.dialects.start)}\n", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", "--milestones", str(self._milestones), "--site", str(file)],
            env=environment, stdout=self._out.open("wb"), stderr=subprocess.STDOUT)

    def milestone(self, what: str) -> float | None:
        """Seconds from the start of the process, or None if it was not reached in time."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                for line in self._milestones.read_text(encoding="utf-8").splitlines():
                    reached = json.loads(line)
                    if reached["what"] == what:
                        return float(reached["seconds"])
            time.sleep(0.05)
        return None

    def press(self, key: Key) -> None:
        wish(self._socket, key=str(key))

    def listens(self) -> bool:
        """It is the visitor's turn and the ears are open."""
        look = wish(self._socket, look=True)
        return bool(look.get("listening") and look.get("resting"))

    def processor_seconds(self) -> float:
        """User and system time of the process and all it has started."""
        return sum(float(ticks) for pid in self._pids() for ticks in _stat(pid)[11:15]) / _TICKS

    def memory_mb(self) -> float:
        """Resident memory of the process and all it has started."""
        return sum(int(_stat(pid)[21]) for pid in self._pids()) * _PAGE_MB

    def peak_mb(self) -> float:
        """The most it ever was."""
        return sum(_peak_kb(pid) for pid in self._pids()) / 1024

    def words(self) -> str:
        """What it printed, for a start that failed."""
        return self._out.read_text(encoding="utf-8", errors="replace").strip()[-300:]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _pids(self) -> list[int]:
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):
                parents[int(folder.name)] = int(_stat(int(folder.name))[1])
        family = [self.process.pid]
        for pid in family:
            family += [child for child, parent in parents.items() if parent == pid]
        return family


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the third on (state, parent, ...; proc(5) counts from 1)."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _peak_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def _toml(value: object) -> str:
    return json.dumps(str(value), ensure_ascii=False)


@contextlib.contextmanager
def running(site: Site, sound: dict[str, str]) -> Iterator[Child]:
    """A kiosk in a folder of its own; `sound` is the environment of a private sound server, or {}."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        environment = os.environ | {
            "QT_QPA_PLATFORM": offscreen(), "KIOSK_STATE": f"{folder}/state", "KIOSK_SPEECH": str(places.SPEECH),
            "KIOSK_MODELS": str(places.MODELS), "KIOSK_ASSETS": str(places.ASSETS)} | sound
        if not sound:
            environment.pop("PULSE_SERVER", None)
        child = Child(Path(folder), environment, site)
        try:
            yield child
        finally:
            child.stop()


def forget_files() -> None:
    """Ask the system to drop program, models and data from its file cache, as after switching on.

    Pages that another process uses stay; so the figures are a lower bound while other kiosks or tests run.
    """
    for root in (places.MODELS, places.ASSETS, Path(__file__).parents[1], Path(sys.prefix) / "lib"):
        for file in root.rglob("*"):
            if file.is_file():
                handle = os.open(file, os.O_RDONLY)
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(handle)


# ------------------------------------------------------------------ measuring


def measure(site: Site, runs: int, seconds: float, cold: bool = False) -> list[Figure]:
    """`runs` starts; after the last, what `seconds` of listening take."""
    if lacking := models.missing():
        what = f"缺模型：{'、'.join(model.name for model in lacking)}。运行 kiosk models fetch 安装。"
        return [_nothing(what)]
    with contextlib.ExitStack() as stack:
        without = bench_sound.missing()
        sound = {} if without else stack.enter_context(bench_sound.PrivateSound()).environment
        return _measured(site, runs, seconds, cold, sound, without)


def _nothing(why: str) -> Figure:
    return Figure("start.listening", "启动到能听", "s", (), LISTENING, why)


def _measured(site: Site, runs: int, seconds: float, cold: bool, sound: dict[str, str], without: str) -> list[Figure]:
    frames: list[float] = []
    ears: list[float] = []
    spent: list[float] = []
    shares: list[float] = []
    memory = peak = 0.0
    for run in range(runs):
        if cold:
            forget_files()
        with running(site, sound) as child:
            frame, listening = child.milestone("first_frame"), child.milestone("listening")
            if frame is None or listening is None:
                return [_nothing(f"机器没有启动好：{child.words() or '等了太久'}")]
            frames.append(frame)
            ears.append(listening)
            spent.append(child.processor_seconds())
            if run == runs - 1:
                shares = _listening(child, seconds)
                memory, peak = child.memory_mb(), child.peak_mb()
    how = f"每次都是新进程，{'文件先移出缓存' if cold else '文件多半还在系统缓存里（--cold 先移出）'}"
    ear = f"没有 {without}：麦克风是“安静的房间”，喇叭没有开" if without else "私有的 PulseAudio，麦克风有底噪，喇叭开着"
    return [
        Figure("start.first_frame", "启动到第一个画面", "s", tuple(frames), FIRST_FRAME, how),
        Figure("start.listening", "启动到能听", "s", tuple(ears), LISTENING),
        Figure("start.processor", "启动到能听用的处理器时间", "s", tuple(spent), None, "听、说、画面一共；两核以上可同时进行"),
        Figure("listening.share", "听着时占用的处理器（占一个核）", "%", tuple(shares), SHARE,
               f"没有人说话时，每秒一次；{ear}。有人说话时见 hearing.share"),
        Figure("listening.memory", "听着时的内存（含子进程）", "MB", (memory,), MEMORY),
        Figure("listening.peak", "到那时为止内存的最高点", "MB", (peak,), MEMORY),
    ]


def _listening(child: Child, seconds: float) -> list[float]:
    """Share of one core in per cent, of each second in which the kiosk listened from beginning to end.

    A key is pressed first: on the attract screen the kiosk may still be rendering sentences ahead.
    """
    child.press(Key.SELECT)
    time.sleep(1.0)
    shares: list[float] = []
    deadline = time.monotonic() + 3 * seconds + 30
    while len(shares) < seconds and time.monotonic() < deadline:
        with contextlib.suppress(WorldError):
            if not child.listens():
                time.sleep(0.2)
                continue
            before, at = child.processor_seconds(), time.monotonic()
            time.sleep(1.0)
            used, took = child.processor_seconds() - before, time.monotonic() - at
            if child.listens():
                shares.append(100.0 * used / took)
    return shares
