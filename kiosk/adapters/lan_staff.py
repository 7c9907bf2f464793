"""Calling staff over the hall's own network: a desk (`kiosk staffdesk` on a staff PC, or a relay box with a buzzer) is told
by plain HTTP, and asked whether somebody is coming. Nothing about the visitor is sent.

    POST <url>/calls/<machine>  {"place": "一楼大厅", "reason": "asked", "again": false}     a call, or one more reminder
    GET  <url>/calls/<machine>  {"state": "called" | "coming" | "none"}                     asked every other second
    DELETE <url>/calls/<machine>                                                            the call is over

A box that knows only the first line is enough: what it does not answer counts as "called".
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

from kiosk.ports.devices import StaffState

log = logging.getLogger(__name__)

#: Seconds between two questions, and until a silent desk is given up.
ASK_EVERY, PATIENCE = 2.0, 4.0
_ANSWERS = {"coming": StaffState.COMING, "none": StaffState.NONE}

OnState = Callable[[StaffState], None]


class LanStaffCall:
    """Implements StaffCall. One plain thread with an inbox; on_state is called from it."""

    def __init__(self, url: str, machine: str, place: str, *, ask_every: float = ASK_EVERY) -> None:
        self._address, self._place, self._ask_every = f"{url.rstrip('/')}/calls/{machine}", place, ask_every
        self._inbox: queue.Queue[tuple[str, OnState | None] | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def call(self, reason: str, on_state: OnState) -> None:
        """Call, or remind again when a call is open. NOBODY at once when the desk cannot be reached."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="kiosk-staff", daemon=True)
            self._thread.start()
        self._inbox.put((reason, on_state))

    def end(self) -> None:
        if self._thread is not None:
            self._inbox.put(("", None))

    def close(self) -> None:
        """At the end of the program: an open call is taken back."""
        if self._thread is not None:
            self._inbox.put(None)
            self._thread.join(timeout=2 * PATIENCE)
            self._thread = None

    # ------------------------------------------------------------ on the thread

    def _run(self) -> None:
        told: OnState | None = None
        state = StaffState.NONE
        while True:
            try:
                wish = self._inbox.get(timeout=self._ask_every if told else None)
            except queue.Empty:
                state, told = self._look(state, told)
                continue
            if wish is None:
                self._end(told)
                return
            reason, on_state = wish
            if on_state is None:
                self._end(told)
                if told:
                    told(StaffState.NONE)
                state, told = StaffState.NONE, None
                continue
            again, told = told is not None, on_state
            reached = self._send("POST", {"place": self._place, "reason": reason, "again": again}) is not None
            state = StaffState.CALLED if reached else StaffState.NOBODY
            told(state)

    def _look(self, state: StaffState, told: OnState | None) -> tuple[StaffState, OnState | None]:
        """Ask the desk; tell what has changed. A call that the desk has ended is over."""
        answer = self._send("GET") or {}
        found = _ANSWERS.get(str(answer.get("state")), state)
        if told and found is not state:
            told(found)
        return found, None if found is StaffState.NONE else told

    def _end(self, told: OnState | None) -> None:
        if told:
            self._send("DELETE")

    def _send(self, method: str, body: dict[str, object] | None = None) -> dict[str, object] | None:
        """The desk's answer ({} for one without sense), None when it cannot be reached."""
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        request = urllib.request.Request(self._address, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                read = answer.read(4096)
        except (OSError, ValueError) as fault:
            log.info("the staff desk does not answer", extra={"reason": type(fault).__name__})
            return None
        try:
            known = json.loads(read or b"{}")
        except ValueError:
            return {}
        return known if isinstance(known, dict) else {}
