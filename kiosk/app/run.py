"""`kiosk run`: the kiosk on this machine's screen, or in a window."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

from kiosk.app import logs, memory, settings
from kiosk.app.settings import Site
from kiosk.fund.errors import DataError, WorldError

log = logging.getLogger(__name__)

#: Exit codes for the supervisor: restart at once, or leave it to a technician.
BROKEN, WRONG_SETTINGS, NO_SCREEN = 70, 78, 3
#: How long the safe screen stands before the supervisor starts anew.
SAFE_SCREEN_SECONDS = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", help="site file (TOML)")
    parser.add_argument("--windowed", action="store_true", help="in a window, for development")
    parser.add_argument("--size", default="540x960", help="size of the window, default 540x960")
    parser.add_argument("--verbose", action="store_true", help="write the log to the terminal as well")
    parser.add_argument("--milestones", metavar="FILE", help="write when the first frame stood and when it listened")


def run(args: argparse.Namespace) -> int:
    site = settings.load(args.site)
    if not _has_screen():
        print("这台机器没有屏幕。可以运行 scripts/run.sh --rehearse，不用屏幕也能走完一次完整的语音办理。", file=sys.stderr)
        return NO_SCREEN
    memory.one_heap()
    logs.set_up(site.folder / "log", args.verbose)
    return _Application(site, args).run()


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
                or sys.platform in ("win32", "darwin"))


class Milestones:
    """Writes {"what", "seconds"} lines, counted from the start of the process."""

    def __init__(self, path: str | None) -> None:
        self._path = Path(path) if path else None
        self._seen: set[str] = set()

    def reached(self, what: str) -> None:
        if self._path is None or what in self._seen:
            return
        self._seen.add(what)
        line = json.dumps({"what": what, "seconds": round(_age(), 3)})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _age() -> float:
    """Seconds since this process was started (Linux: field 22 of /proc/self/stat, in clock ticks since boot)."""
    try:
        fields = Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()
        return time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return time.perf_counter()


class _Application:
    """Qt is imported here, once it is known that there is a screen."""

    def __init__(self, site: Site, args: argparse.Namespace) -> None:
        from PySide6.QtWidgets import QApplication

        from kiosk.app.kiosk import Kiosk
        from kiosk.app.live import live

        self._milestones = Milestones(args.milestones)
        self._application = QApplication([])
        self._application.setApplicationName("乡音")
        self._kiosk = Kiosk(site, live(site))
        self._exit_code = 0
        self._open(args)

    def _open(self, args: argparse.Namespace) -> None:
        from PySide6.QtGui import QGuiApplication

        window = self._kiosk.window
        if args.windowed:
            width, _, height = args.size.partition("x")
            window.open_at(int(width), int(height))
        else:
            window.open_on(QGuiApplication.primaryScreen())

    def run(self) -> int:
        from kiosk.app.kiosk import after_first_frame

        self._install_hooks()
        after_first_frame(self._kiosk.window, self._start)
        self._application.exec()
        self._kiosk.stop()
        return self._exit_code

    def _start(self) -> None:
        self._milestones.reached("first_frame")
        self._kiosk.when_stuck(self._start_anew)
        self._kiosk.when_listening(lambda: self._milestones.reached("listening"))
        try:
            self._kiosk.start()
        except DataError as fault:
            log.error("a data file is wrong", extra={"reason": type(fault).__name__})
            print(fault.sentence, file=sys.stderr)
            self._safe_screen(WRONG_SETTINGS)
        except WorldError as fault:
            log.error("the kiosk cannot start", extra={"reason": type(fault).__name__})
            print(fault.sentence, file=sys.stderr)
            self._safe_screen(BROKEN)

    # ------------------------------------------------------------ when it is our fault

    def _install_hooks(self) -> None:
        """Exceptions in slots and threads are otherwise only printed (pitfalls 3)."""
        from PySide6.QtCore import QTimer

        def in_main(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
            log.critical("unexpected", exc_info=(kind, fault, trace))
            self._safe_screen(BROKEN)

        def in_thread(args: threading.ExceptHookArgs) -> None:
            if args.exc_value is not None:
                log.critical("unexpected in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
            QTimer.singleShot(0, self._kiosk, lambda: self._safe_screen(BROKEN))

        sys.excepthook, threading.excepthook = in_main, in_thread
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._application.quit())

    def _start_anew(self) -> None:
        """Nobody is here: leave to the supervisor, who starts the kiosk again."""
        log.error("sound is stuck, starting anew")
        self._exit_code = BROKEN
        self._application.quit()

    def _safe_screen(self, code: int) -> None:
        """What was done is in the journal; say so, and hand over to the supervisor."""
        from PySide6.QtCore import QTimer

        from kiosk.dialogue.view import Screen, View

        if self._exit_code:
            return
        self._exit_code = code
        self._kiosk.window.show_view(View(Screen.TROUBLE, sentence="机器要重新启动一下，请稍等，或者叫工作人员。",
                                          help="已经办好的事不会丢。", mood="sorry", strip=()))
        QTimer.singleShot(SAFE_SCREEN_SECONDS * 1000, self._application.quit)


