"""Simulated card reader, headphone socket, keys and staff call, worked through a small local socket.

They behave like the devices: a card lies in the reader until it is taken, a worn card cannot be read, a reader can be
unplugged, staff take a while to come. They refuse to exist in production (architecture.md rule 9).

Protocol of the socket `demo.sock` in the state folder: one JSON object a line, for example {"card": {"name": "王样例",
"number": "…"}}, {"card": null}, {"reader_fault": "unplugged"}, {"headphones": true}, {"key": "down"},
{"staff": "coming"}, {"centre": {"slow": 3}} (demo_centre.Faults; {} mends all), {"look": true} (what the screen shows and
what is going on, for tests).
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.fund.errors import WorldError
from kiosk.ports.devices import IdCard, Key, StaffState

log = logging.getLogger(__name__)


class SimulationError(WorldError):
    sentence = "正式运行时不能使用演示设备，请在设置文件里换成真设备。"


def refuse_production(production: bool) -> None:
    if production:
        raise SimulationError()


class SimulatedIdReader:
    """IdReader whose cards come from the demonstration. Thread-safe."""

    def __init__(self, *, production: bool) -> None:
        refuse_production(production)
        self._lock = threading.Lock()
        self._listeners: tuple[Callable[[IdCard], None], Callable[[], None], Callable[[str], None]] | None = None
        self._card: IdCard | None = None

    def start(self, on_card: Callable[[IdCard], None], on_removed: Callable[[], None],
              on_fault: Callable[[str], None]) -> None:
        with self._lock:
            self._listeners = (on_card, on_removed, on_fault)

    def stop(self) -> None:
        with self._lock:
            self._listeners = None

    def insert(self, card: IdCard) -> None:
        """Put a card into the reader; one that lies there already is taken out first."""
        self.remove()
        with self._lock:
            self._card = card
            listeners = self._listeners
        if listeners:
            listeners[0](card)

    def remove(self) -> None:
        with self._lock:
            had, self._card = self._card, None
            listeners = self._listeners
        if listeners and had is not None:
            listeners[1]()

    def fault(self, reason: str) -> None:
        with self._lock:
            listeners = self._listeners
        if listeners:
            listeners[2](reason)


class SimulatedStaffCall:
    """StaffCall that a technician or test answers through the socket."""

    def __init__(self, *, production: bool) -> None:
        refuse_production(production)
        self._on_state: Callable[[StaffState], None] | None = None

    def call(self, reason: str, on_state: Callable[[StaffState], None]) -> None:
        self._on_state = on_state
        on_state(StaffState.CALLED)

    def end(self) -> None:
        on_state, self._on_state = self._on_state, None
        if on_state:
            on_state(StaffState.NONE)

    def answer(self, state: StaffState) -> None:
        if self._on_state:
            self._on_state(state)


class DemoSocket:
    """Lets `kiosk demo …` and tests work the simulated devices of a running kiosk.

    on_key, on_headphones and look are called from the socket's thread.
    """

    def __init__(self, path: Path, reader: SimulatedIdReader, staff: SimulatedStaffCall, on_key: Callable[[Key], None],
                 on_headphones: Callable[[bool], None], look: Callable[[], dict[str, object]] = dict,
                 on_centre: Callable[[dict[str, object]], None] = lambda faults: None, *,
                 production: bool) -> None:
        refuse_production(production)
        self._path, self._reader, self._staff = path, reader, staff
        self._look, self._on_centre = look, on_centre
        self._on_key, self._on_headphones = on_key, on_headphones
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self._path))
        os.chmod(self._path, 0o600)
        self._socket.listen(4)
        self._thread = threading.Thread(target=self._serve, name="kiosk-demo-socket", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._socket is None:
            return
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._thread:
            self._thread.join(2.0)
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        self._socket = self._thread = None

    def _serve(self) -> None:
        server = self._socket
        while server is not None:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client, client.makefile("r", encoding="utf-8") as lines:
                for line in lines:
                    answer = self._obey(line)
                    with contextlib.suppress(OSError):
                        client.sendall((json.dumps(answer, ensure_ascii=False) + "\n").encode())

    def _obey(self, line: str) -> dict[str, object]:
        try:
            wish = json.loads(line)
            if "card" in wish:
                card = wish["card"]
                if card is None:
                    self._reader.remove()
                else:
                    self._reader.insert(IdCard(card["name"], card["number"], card.get("valid_until", "")))
            if "reader_fault" in wish:
                self._reader.fault(str(wish["reader_fault"]))
            if "headphones" in wish:
                self._on_headphones(bool(wish["headphones"]))
            if "key" in wish:
                self._on_key(Key(wish["key"]))
            if "staff" in wish:
                self._staff.answer(StaffState(wish["staff"]))
            if "centre" in wish:
                self._on_centre(dict(wish["centre"]))
            if "look" in wish:
                return {"ok": True, **self._look()}
        except (ValueError, KeyError, TypeError) as fault:
            log.info("demo wish not understood", extra={"reason": type(fault).__name__})
            return {"ok": False, "error": "这句演示指令看不懂。"}
        return {"ok": True}


def wish(path: Path, **what: object) -> dict[str, object]:
    """Send one wish to a running kiosk. Raises WorldError when none is running."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError as fault:
            raise WorldError(str(fault), "没有正在运行的演示机，请先用 scripts/run.sh 启动。") from None
        client.sendall((json.dumps(what, ensure_ascii=False) + "\n").encode())
        with client.makefile("r", encoding="utf-8") as lines:
            answer: dict[str, object] = json.loads(lines.readline() or '{"ok": false}')
            return answer
