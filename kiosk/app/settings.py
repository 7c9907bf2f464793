"""The site file: one TOML per terminal, read once into frozen values.

Without a site file the kiosk runs as a demonstration: embedded centre, simulated card reader, papers into a folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from kiosk import places
from kiosk.fund.datafile import convert, read_toml
from kiosk.fund.errors import DataError


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which terminal this is; printed on every paper."""

    number: str = "0001"
    place: str = "一楼大厅"
    hall: str = "样例市住房公积金管理中心"
    hotline: str = "12329"
    hours: str = "周一到周五，上午九点到下午五点"
    window: str = "3号窗口"


class Screen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`mm_per_px` 0 asks the screen itself; distances in millimetres (accessibility.md C2)."""

    mm_per_px: float = 0.0
    hand_mm: float = 600.0
    eye_mm: float = 1500.0
    theme: str = "paper"
    guide: bool = True
    reduced_motion: bool = False


#: The microphone that hears nothing but a quiet room, for `kiosk bench` on a machine without a sound server.
SILENCE = "silence"


class Sound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Device names of the sound server; empty takes its default, `headphones` the loudspeaker's. `volume` 0..1 and
    `rate` (of the voice's own pace) are how each visit begins. `microphone` "silence" hears a quiet room (measurements)."""

    microphone: str = ""
    loudspeaker: str = ""
    headphones: str = ""
    volume: float = 0.6
    rate: float = 0.8
    voice: str = ""


class Dialects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Packs that people of this place speak, besides Mandarin; `start` is the one assumed at first."""

    local: tuple[str, ...] = ("xinan_guizhou", "xinan_chuanyu")
    start: str = "auto"


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind` folder (demonstration) or cups; `queue` of CUPS for sheets. Slips go there too, on A4, unless
    `slip_queue` names a receipt printer with an 80 mm roll. `server` is the print service: "host:port", or
    the path of its socket."""

    kind: str = "folder"
    queue: str = ""
    slip_queue: str = ""
    server: str = "localhost:631"


class Centre(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind` demo: the embedded centre. A real one is an adapter of its own."""

    kind: str = "demo"
    city: str = "demo"


class Reader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind` simulated, or none (then identity is typed on the keypad)."""

    kind: str = "simulated"


class Scanner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The camera that papers are looked at with (预检). `kind` none, uvc (a document camera; `name` is part of its name, as
    `kiosk check` lists it, empty takes the first) or folder (demonstration: pictures are put into the folder `scanner` of
    the state folder). Left empty: folder in the demonstration, none in production."""

    kind: str = ""
    name: str = ""


class Staff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How staff are called. `kind` simulated, lan (a desk or relay box in the hall's network at `url`, see
    kiosk/adapters/lan_staff.py) or none; left empty: simulated in the demonstration, none in production. Seconds without an answer until the call is repeated, and from then until the
    visitor is told that nobody came."""

    kind: str = ""
    url: str = ""
    again_after: float = 60.0
    nobody_after: float = 90.0


#: Days after which nothing that a visitor said is left, whatever the site file wishes.
LONGEST_KEPT = 90


class Learning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`keep` writes down what was not understood: text without names and numbers, never sound, for `days` days.
    Only where the hall has decided so and says so on its notice."""

    keep: bool = False
    days: int = 30


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that differs from terminal to terminal."""

    production: bool = False
    machine: Machine = Machine()
    screen: Screen = Screen()
    sound: Sound = Sound()
    dialects: Dialects = Dialects()
    paper: Paper = Paper()
    centre: Centre = Centre()
    reader: Reader = Reader()
    scanner: Scanner = Scanner()
    staff: Staff = Staff()
    learning: Learning = Learning()
    state: str = ""

    @property
    def folder(self) -> Path:
        """Where journal, cache and papers lie."""
        return Path(self.state).expanduser() if self.state else places.STATE

    @property
    def scanner_kind(self) -> str:
        return self.scanner.kind or ("none" if self.production else "folder")

    @property
    def staff_kind(self) -> str:
        return self.staff.kind or ("none" if self.production else "simulated")

    @property
    def packs(self) -> Path:
        """What this hall has learnt, over the packs of the product."""
        return self.folder / "packs"


def load(path: str | Path | None) -> Site:
    """Read the site file, or the one KIOSK_SITE names, or the demonstration's values.

    Raises DataError with file, path and sentence.
    """
    path = path or os.environ.get("KIOSK_SITE") or None
    if path is None:
        return Site()
    file = Path(path)
    if not file.is_file():
        raise DataError(str(file), "找不到这个设置文件，请检查路径。")
    site = convert(read_toml(file, str(file)), Site, f"{file}: ")
    _check(site, file)
    return site


def _check(site: Site, file: Path) -> None:
    """Simulated devices refuse to exist in production (architecture.md rule 9)."""
    simulated = {"paper.kind": site.paper.kind == "folder", "centre.kind": site.centre.kind == "demo",
                 "reader.kind": site.reader.kind == "simulated", "scanner.kind": site.scanner_kind == "folder",
                 "staff.kind": site.staff_kind == "simulated", "sound.microphone": site.sound.microphone == SILENCE}
    for name, is_simulated in simulated.items():
        if site.production and is_simulated:
            raise DataError(f"{file}: {name}", "正式运行（production = true）时不能用演示设备，请换成真设备。")
    if not (places.ASSETS / "themes" / f"{site.screen.theme}.toml").is_file() or site.screen.theme == "words":
        there = sorted(one.stem for one in (places.ASSETS / "themes").glob("*.toml") if one.stem != "words")
        raise DataError(f"{file}: screen.theme", f"没有叫“{site.screen.theme}”的配色，可以写：{'、'.join(there)}。")
    codes = sorted(one.name for one in (places.ASSETS / "dialects").iterdir() if (one / "pack.toml").is_file())
    for name, code in [("local", one) for one in site.dialects.local] + [("start", site.dialects.start)]:
        if code not in codes and not (name == "start" and code == "auto"):
            raise DataError(f"{file}: dialects.{name}", f"没有方言包“{code}”，可以写：{'、'.join(codes)}。")
    for name, value, most in (("volume", site.sound.volume, 1.0), ("rate", site.sound.rate, 2.0)):
        if not 0 < value <= most:
            raise DataError(f"{file}: sound.{name}", f"应当大于 0，最多 {most:g}，现在是 {value:g}。")
    if site.staff_kind not in ("simulated", "lan", "none"):
        raise DataError(f"{file}: staff.kind", "只能写 simulated（演示）、lan（大厅局域网里的呼叫台）或 none（没有）。")
    if site.staff.kind == "lan" and not site.staff.url.startswith(("http://", "https://")):
        raise DataError(f"{file}: staff.url", "请写呼叫台的地址，例如 \"http://192.168.1.20:8099\"。")
    if site.paper.kind not in ("folder", "cups"):
        raise DataError(f"{file}: paper.kind", "只能写 folder（演示，存到文件夹）或 cups（真打印机）。")
    if site.paper.kind == "cups" and not site.paper.queue:
        raise DataError(f"{file}: paper.queue", "请写上 CUPS 打印队列的名字，lpstat -p 可以查到。")
    if site.centre.kind != "demo":
        raise DataError(f"{file}: centre.kind", "这个版本只带演示中心（demo）；真中心要装它的接口适配器。")
    if not 1 <= site.learning.days <= LONGEST_KEPT:
        raise DataError(f"{file}: learning.days", f"没听懂的话最少留 1 天，最多留 {LONGEST_KEPT} 天。")
    if site.scanner_kind not in ("none", "folder", "uvc"):
        raise DataError(f"{file}: scanner.kind", "只能写 none（没有摄像头）、uvc（USB 摄像头）或 folder（演示，图片放进文件夹）。")
    if site.reader.kind not in ("simulated", "none"):
        raise DataError(f"{file}: reader.kind", "只能写 simulated（演示）或 none（没有读卡器，用键盘输入）。")
