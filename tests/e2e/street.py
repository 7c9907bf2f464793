"""A hall for the real process: a screen (Xvfb), a sound server, the kiosk on them, and a visitor before it.

The visitor speaks into the virtual microphone, presses keys and touches pixels through X, and lays cards into the
simulated reader. What the kiosk does is seen from outside: its sound, its papers, and the demonstration's `look`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kiosk import places
from kiosk.adapters.simulated_devices import wish
from kiosk.app.samples import card_of
from kiosk.fund.errors import WorldError
from tests import pulse

SCREEN = "1080x1920"
NEEDED = ("Xvfb", "xdotool")


def missing() -> str:
    """Why no whole process can be tested here, or ''."""
    lacking = [tool for tool in NEEDED if shutil.which(tool) is None]
    return f"not installed: {', '.join(lacking)}" if lacking else pulse.missing()


class Street:
    """One running kiosk. Use `running()`."""

    def __init__(self, folder: Path, server: pulse.PrivatePulse, display: str, site: str = "") -> None:
        self.folder, self.pulse, self.display = folder, server, display
        self.socket = folder / "state" / "demo.sock"
        self.milestones = folder / "milestones"
        self._site = folder / "site.toml"
        self._site.write_text(site, encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None

    # ------------------------------------------------------------ the machine

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | self.pulse.environment | {
            "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "KIOSK_STATE": str(self.folder / "state"),
            "KIOSK_MODELS": str(places.MODELS), "KIOSK_SPEECH": str(places.SPEECH), "HOME": str(self.folder)}

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", "--milestones", str(self.milestones), "--site", str(self._site)],
            env=self.environment, stdout=(self.folder / "out").open("wb"), stderr=subprocess.STDOUT)
        self.until(lambda look: look["screen"] == "attract", "the attract screen", 40)

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()

    def log(self) -> list[dict[str, Any]]:
        file = self.folder / "state" / "log" / "kiosk.log"
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []

    def complaints(self) -> list[str]:
        """Everything that the log holds at WARNING or above."""
        return [line["message"] for line in self.log() if line["level"] in ("WARNING", "ERROR", "CRITICAL")]

    @property
    def papers(self) -> list[Path]:
        return sorted((self.folder / "state" / "papers").glob("*.pdf"))

    # ------------------------------------------------------------ the visitor

    def look(self) -> dict[str, Any]:
        return wish(self.socket, look=True)

    def until(self, seen: Callable[[dict[str, Any]], bool], what: str, seconds: float = 60.0) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        look: dict[str, Any] = {}
        while time.monotonic() < deadline:
            assert self.process is None or self.process.poll() is None, (self.folder / "out").read_text()
            with contextlib.suppress(WorldError, KeyError, ValueError):
                look = self.look()
                if seen(look):
                    return look
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s for {what}; the screen shows {look}")

    def until_screen(self, *screens: str, seconds: float = 60.0) -> dict[str, Any]:
        return self.until(lambda look: look["screen"] in screens and look["resting"], " or ".join(screens), seconds)

    def until_listening(self, seconds: float = 60.0) -> dict[str, Any]:
        return self.until(lambda look: look["listening"] and look["resting"], "open ears", seconds)

    def say(self, file: Path) -> None:
        """Speak a sound file once the kiosk listens, and wait until it has been taken up."""
        before = self.until_listening()
        time.sleep(0.3)
        self.pulse.play(file)
        self.until(lambda look: not look["listening"] or look["sentence"] != before["sentence"], f"an answer to {file}")

    def card(self, holder: str) -> None:
        card = card_of(holder)
        wish(self.socket, card={"name": card.name, "number": card.number, "valid_until": card.valid_until})

    def take_card(self) -> None:
        wish(self.socket, card=None)

    def touch(self, button: str) -> None:
        """Touch the pixel where the button with this id is."""
        look = self.until(lambda seen: button in seen["buttons"], f"a button {button}")
        x, y = look["buttons"][button]
        time.sleep(0.5)  # nobody touches a new question at once
        self._x("mousemove", str(x), str(y), "click", "1")

    def keys(self, *names: str) -> None:
        for name in names:
            self._x("key", name)
            time.sleep(0.15)

    def _x(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, timeout=10)


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """An X screen of the kiosk's size; yields its DISPLAY."""
    read, write = os.pipe()
    process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SCREEN}x24", "-nolisten", "tcp"],
                               pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def running(folder: Path, site: str = "") -> Iterator[Street]:
    """A kiosk that runs. Ends with its clean end; the log must not complain (tests that want trouble look themselves)."""
    with pulse.PrivatePulse() as server, screen() as display:
        street = Street(folder, server, display, site)
        street.start()
        try:
            yield street
        finally:
            code = street.stop()
        assert code == 0, (folder / "out").read_text()
