"""A hall for the real process: a screen (Xvfb), a sound server, the kiosk on them, and a visitor before it.

The visitor speaks into the virtual microphone, presses keys and touches pixels through X, and lays cards into the
simulated reader. What the kiosk does is seen from outside: its pixels, its sound, its papers, its books, and the
demonstration's `look`. Sleeps here are a person's leisure; nothing is proved by them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kiosk import places
from kiosk.adapters.simulated_devices import wish
from kiosk.app.samples import card_of
from kiosk.fund.errors import WorldError
from tests import pulse

WIDTH, HEIGHT = 1080, 1920
NEEDED = ("Xvfb", "xdotool")
#: Generous: other work may share the processors.
PATIENCE = 90.0
#: A visitor who sees no reaction for so long touches again.
TOUCH_AGAIN = 8.0

#: What the log says when the processors are somebody else's; how fast the kiosk is, `kiosk bench` measures.
CROWDED = (("too slow to listen, sound was dropped", None), ("the microphone is lost", "no_blocks"))

Look = dict[str, Any]


def missing() -> str:
    """Why no whole process can be tested here, or ''."""
    lacking = [tool for tool in NEEDED if shutil.which(tool) is None]
    return f"not installed: {', '.join(lacking)}" if lacking else pulse.missing()


class Screen:
    """An X screen of the kiosk's size without a window manager."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="kiosk-screen-"))
        read, write = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-fbdir",
             str(self._folder)], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.display = f":{number.readline().strip()}"

    def pixels(self) -> npt.NDArray[np.uint8]:
        """What the screen shows, (height, width, blue green red): Xvfb keeps it in a file, as XWD."""
        raw = (self._folder / "Xvfb_screen0").read_bytes()
        header = np.frombuffer(raw, ">u4", 25)
        start = int(header[0]) + int(header[19]) * 12  # header, then the colour map
        line = int(header[12])
        rows = np.frombuffer(raw, np.uint8, line * HEIGHT, start).reshape(HEIGHT, line)
        return rows[:, :WIDTH * 4].reshape(HEIGHT, WIDTH, 4)[:, :, :3]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)


class Street:
    """One kiosk and who stands before it. Use `running()`, or `hall()` to start it yourself."""

    def __init__(self, folder: Path, server: pulse.PrivatePulse, screen: Screen, site: str = "") -> None:
        self.folder, self.pulse, self.screen = folder, server, screen
        self.state = folder / "state"
        self.said: list[str] = []  # clause by clause, in this visit
        self._site = folder / "site.toml"
        self._site.write_text(site, encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None

    # ------------------------------------------------------------ the machine

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | self.pulse.environment | {
            "DISPLAY": self.screen.display, "QT_QPA_PLATFORM": "xcb", "KIOSK_STATE": str(self.state),
            "KIOSK_MODELS": str(places.MODELS), "KIOSK_SPEECH": str(places.SPEECH), "HOME": str(self.folder)}

    def start(self, *, planted: str = "", wait: bool = True) -> None:
        """Start the kiosk. `planted` is Python that runs in its process first: a mistake of ours, on purpose."""
        words = ["run", "--site", str(self._site)]
        program = ["-c", f"{planted}\nfrom kiosk.app.commands import main\nraise SystemExit(main({words!r}))"]
        self.process = subprocess.Popen([sys.executable, *(program if planted else ["-m", "kiosk", *words])],
                                        env=self.environment, stdout=(self.folder / "out").open("ab"),
                                        stderr=subprocess.STDOUT)
        if wait:
            self.until(lambda look: look["screen"] == "attract", "the attract screen")

    def start_listening(self) -> None:
        """Start the kiosk, and wait until it hears."""
        self.start()
        self.until(lambda look: look["hears"], "a kiosk that hears")

    def stop(self) -> int:
        """A clean end; the exit code."""
        process, self.process = self.process, None
        assert process is not None
        process.terminate()
        try:
            return process.wait(60)
        finally:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """The power is cut."""
        process, self.process = self.process, None
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait()

    def ended(self) -> int:
        """Wait for an end by itself; the exit code."""
        process, self.process = self.process, None
        assert process is not None
        return process.wait(PATIENCE)

    def output(self) -> str:
        return (self.folder / "out").read_text(encoding="utf-8", errors="replace")

    def log(self) -> list[dict[str, Any]]:
        file = self.state / "log" / "kiosk.log"
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []

    def complaints(self) -> list[str]:
        """Everything that the log holds at WARNING or above, except what a crowded machine alone brings about."""
        return [line["message"] for line in self.log()
                if line["level"] in ("WARNING", "ERROR", "CRITICAL") and not _of_a_crowd(line)]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`kiosk …` on this terminal."""
        return subprocess.run([sys.executable, "-m", "kiosk", *words, "--site", str(self._site)], text=True,
                              env=self.environment | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True,
                              timeout=PATIENCE, check=False)

    @property
    def crowded(self) -> bool:
        """Other work on this machine has made the sound break off: loudspeakers opened again and again, sound dropped."""
        log = self.log()
        return [line["message"] for line in log].count("loudspeaker opened") > 5 or any(map(_of_a_crowd, log))

    # ------------------------------------------------------------ its books and papers

    @property
    def papers(self) -> list[Path]:
        """What the demonstration's printer has put out, oldest first."""
        return sorted((self.state / "papers").glob("*.pdf"))

    def paper(self, title: str) -> Path:
        """The one paper with this in its name."""
        found, = (paper for paper in self.papers if title in paper.name)
        return found

    def orders(self) -> list[dict[str, Any]]:
        """What the centre has been told to do, with its answer."""
        return self._rows("centre.sqlite", "SELECT * FROM orders ORDER BY rowid")

    def account(self, holder: str) -> dict[str, Any]:
        found, = self._rows("centre.sqlite", f"SELECT * FROM accounts WHERE holder = '{holder}'")
        return found

    def journal(self) -> list[dict[str, Any]]:
        return [json.loads(row["line"]) for row in self._rows("journal.sqlite", "SELECT line FROM records ORDER BY seq")]

    def _rows(self, name: str, question: str) -> list[dict[str, Any]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.state / name}?mode=ro", uri=True, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(question)]

    # ------------------------------------------------------------ what is seen

    def look(self) -> Look:
        look = wish(self.state / "demo.sock", look=True)
        said = look["said"]
        assert isinstance(said, list)
        if said:
            self.said = said
        return look

    def until(self, seen: Callable[[Look], bool], what: str, seconds: float = PATIENCE) -> Look:
        deadline = time.monotonic() + seconds
        look: Look = {}
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"the kiosk ended while waiting for {what}: {self.output()}")
            with contextlib.suppress(WorldError, KeyError, ValueError):
                look = self.look()
                if seen(look):
                    return look
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s for {what}; the screen shows {look}; complaints {self.complaints()}")

    def until_screen(self, *screens: str, resting: bool = False) -> Look:
        """Until one of these screens; `resting`: and nothing is being said or done."""
        return self.until(lambda look: look["screen"] in screens and (look["resting"] or not resting),
                          " or ".join(screens))

    def until_paper(self, count: int) -> None:
        self.until(lambda look: len(self.papers) >= count, f"{count} papers")

    # ------------------------------------------------------------ the visitor

    def say(self, file: Path, answered: Callable[[Look], bool]) -> int:
        """Speak a sound file once the kiosk listens; if it asks again, say it again, at most twice. How often it was
        said."""
        for times in (1, 2, 3):
            self.until(lambda look: look["listening"] and look["resting"], "open ears")
            time.sleep(0.3)
            said = len(self.look()["said"])
            self.pulse.play(file)
            look = self.until(lambda look, said=said: answered(look) or (
                len(look["said"]) > said and look["listening"] and look["resting"]), f"an answer to {file.stem}")
            if answered(look):
                return times
        raise AssertionError(f"{file.stem} is not understood: {look}")

    def card(self, holder: str) -> None:
        card = card_of(holder)
        self.wish(card={"name": card.name, "number": card.number, "valid_until": card.valid_until})

    def take_card(self) -> None:
        self.wish(card=None)

    def wish(self, **what: object) -> None:
        """Work a simulated device."""
        answer = wish(self.state / "demo.sock", **what)
        assert answer.get("ok"), answer

    def wish_and_forget(self, **what: object) -> None:
        """A wish that the kiosk may break over."""
        with contextlib.suppress(WorldError, OSError, ValueError):
            wish(self.state / "demo.sock", **what)

    def touch(self, button: str) -> None:
        """Touch the pixel where the button with this id is, once it has stood there for a moment; again if nothing
        comes of it, as people do."""
        before = self.until(lambda seen: button in seen["buttons"], f"a button {button}")
        deadline = time.monotonic() + PATIENCE
        while True:
            time.sleep(0.6)  # nobody touches a new question at once, and the screen does not take it
            look = self.look()
            if _question(look) == _question(before):
                x, y = look["buttons"][button]
                self._x("mousemove", str(x), str(y), "click", "1")
                if self._answered(look):
                    return
            before = self.until(lambda seen: button in seen["buttons"], f"a button {button}")
            assert time.monotonic() < deadline, f"touching {button} does nothing: {before}"

    def _answered(self, look: Look) -> bool:
        with contextlib.suppress(AssertionError):
            self.until(lambda seen: _question(seen) != _question(look), "an answer", TOUCH_AGAIN)
            return True
        return False

    def keys(self, *names: str) -> None:
        """Press keys (X names) one after the other, each once the kiosk has taken the last."""
        for name in names:
            self._x("key", name)
            time.sleep(0.1)
            self.look()  # answered by the main thread, which takes keys in order

    def _x(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, timeout=30)


def _of_a_crowd(line: dict[str, Any]) -> bool:
    return (line["message"], line.get("reason")) in CROWDED


def _question(look: Look) -> tuple[object, ...]:
    """What tells one question from the next."""
    return look["screen"], look["sentence"], [choice["id"] for choice in look["choices"]], look["visit"]


@contextlib.contextmanager
def hall(folder: Path, site: str = "", sound: bool = True) -> Iterator[Street]:
    """Screen and sound server, and a kiosk that is not started yet. Ended the hard way if it still runs then."""
    screen = Screen()
    try:
        with pulse.PrivatePulse() as server:
            if not sound:
                server.stop_server()
            street = Street(folder, server, screen, site)
            try:
                yield street
            finally:
                if street.process is not None:
                    street.kill()
    finally:
        screen.close()


@contextlib.contextmanager
def running(folder: Path, site: str = "", sinks: Iterable[str] = ()) -> Iterator[Street]:
    """A kiosk that runs. It must come to a clean end. `sinks` are loudspeakers beside the usual one."""
    with hall(folder, site) as street:
        for sink in sinks:
            street.pulse.add_sink(sink)
        street.start()
        yield street
        assert street.stop() == 0, street.output()
