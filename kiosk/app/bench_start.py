"""How soon the kiosk is there, and what it takes while it listens: the real program in a process of its own.

The child runs on Qt's offscreen platform with a portrait panel, on a private sound server where there is one, else with a
microphone that hears a quiet room. Its state folder is a new one, so the first start is the first there ever was (keys,
demonstration centre, vocabularies) and is told apart; rendered sentences and what was learnt are those of this machine.
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
from dataclasses import dataclass, field
from pathlib import Path

from kiosk import places
from kiosk.adapters.simulated_devices import wish
from kiosk.app import bench_sound, models
from kiosk.app.bench_figures import Figure
from kiosk.app.rehearse import offscreen
from kiosk.app.settings import SILENCE, Site
from kiosk.fund.errors import WorldError
from kiosk.language import understand
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
        self._milestones.unlink(missing_ok=True)
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
def running(site: Site, sound: dict[str, str], folder: Path) -> Iterator[Child]:
    """A kiosk whose state lies in `folder`; `sound` is the environment of a private sound server, or {}."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": offscreen(), "KIOSK_STATE": str(folder / "state"), "KIOSK_SPEECH": str(places.SPEECH),
        "KIOSK_MODELS": str(places.MODELS), "KIOSK_ASSETS": str(places.ASSETS)} | sound
    if not sound:
        environment.pop("PULSE_SERVER", None)
    child = Child(folder, environment, site)
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


@dataclass
class Seen:
    """What the starts have shown; seconds, per cent of one core, MB."""

    frames: list[float] = field(default_factory=list)
    ears: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    fault: str = ""


def measure(site: Site, runs: int, seconds: float, cold: bool = False) -> list[Figure]:
    """A first start, then `runs` more; after the last, what `seconds` of listening take."""
    if lacking := models.missing():
        fault = f"缺模型：{'、'.join(model.name for model in lacking)}。运行 kiosk models fetch 安装。"
        return _told(Seen(fault=fault), cold, "")
    understand.load(places.ASSETS)  # learns now what was not learnt yet
    without = bench_sound.missing()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-bench-")))
        sound = {} if without else stack.enter_context(bench_sound.PrivateSound()).environment
        return _told(_starts(site, runs, seconds, cold, sound, folder), cold, without)


def _starts(site: Site, runs: int, seconds: float, cold: bool, sound: dict[str, str], folder: Path) -> Seen:
    seen = Seen()
    for run in range(runs + 1):
        if cold:
            forget_files()
        with running(site, sound, folder) as child:
            frame, listening = child.milestone("first_frame"), child.milestone("listening")
            if frame is None or listening is None:
                return Seen(fault=f"机器没有启动好：{child.words() or '等了太久'}")
            seen.frames.append(frame)
            seen.ears.append(listening)
            seen.spent.append(child.processor_seconds())
            if run == runs:
                seen.shares = _listening(child, seconds)
                seen.memory, seen.peak = [child.memory_mb()], [child.peak_mb()]
    return seen


def _told(seen: Seen, cold: bool, without: str) -> list[Figure]:
    how = f"每次都是新进程，{'文件先移出缓存' if cold else '文件多半还在系统缓存里（--cold 先移出）'}"
    ear = f"没有 {without}：麦克风是“安静的房间”，喇叭没有开" if without else "私有的 PulseAudio，麦克风有底噪，喇叭开着"
    figures = [
        ("start.first_frame", "启动到第一个画面", "s", seen.frames[1:], FIRST_FRAME, how),
        ("start.listening", "启动到能听", "s", seen.ears[1:], LISTENING, ""),
        ("start.first_time", "装好以后第一次启动到能听", "s", seen.ears[:1], None, "要建词表、密钥和演示中心"),
        ("start.processor", "启动到能听用的处理器时间", "s", seen.spent[1:], None, "全部线程一共"),
        ("listening.share", "听着时占用的处理器（占一个核）", "%", seen.shares, SHARE,
         f"没有人说话时，每秒一次；{ear}。有人说话时见 hearing.share"),
        ("listening.memory", "听着时的内存（含子进程）", "MB", seen.memory, MEMORY, ""),
        ("listening.peak", "到那时为止内存的最高点", "MB", seen.peak, MEMORY, ""),
    ]
    if seen.fault:
        return [Figure("start.listening", "启动到能听", "s", (), LISTENING, seen.fault)]
    return [Figure(id_, title, unit, tuple(values), aim, note) for id_, title, unit, values, aim, note in figures]


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
