"""The other end of lan_staff: a small web page for the staff's PC in the hall. Calls are kept in memory alone."""

from __future__ import annotations

import html
import json
import threading
import time
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>呼叫</title>
<style>body{{font:28px sans-serif;margin:2em}}li{{margin:1em 0}}button{{font:inherit;padding:.3em 1em}}
.late{{font-weight:bold}}</style><h1>谁在叫人</h1><ul>{rows}</ul>{none}</html>"""
_REASONS = {"asked": "有人要帮忙", "paper_out": "没有纸了", "jam": "卡纸了", "cover_open": "打印机盖子开着",
            "stopped": "打印机停了", "unreachable": "打印机连不上"}


@dataclass(frozen=True)
class Call:
    machine: str
    place: str
    reason: str
    since: float
    reminders: int = 0
    coming: bool = False


class StaffDesk:
    """Start it, stop it; `port` 0 takes a free one. Bind to the hall's network only (`host`)."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._calls: dict[str, Call] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((host, port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self) -> None:
        self._thread.join()

    # ------------------------------------------------------------ the calls

    def called(self, machine: str, told: dict[str, object]) -> None:
        with self._lock:
            known = self._calls.get(machine)
            if known is None:
                known = Call(machine, str(told.get("place", "")), str(told.get("reason", "")), time.monotonic())
            else:
                known = replace(known, reminders=known.reminders + 1)
            self._calls[machine] = known

    def coming(self, machine: str) -> None:
        with self._lock:
            if machine in self._calls:
                self._calls[machine] = replace(self._calls[machine], coming=True)

    def over(self, machine: str) -> None:
        with self._lock:
            self._calls.pop(machine, None)

    def calls(self) -> tuple[Call, ...]:
        with self._lock:
            return tuple(self._calls.values())

    def state(self, machine: str) -> str:
        known = next((call for call in self.calls() if call.machine == machine), None)
        return "none" if known is None else "coming" if known.coming else "called"

    def page(self) -> str:
        rows = "".join(_row(call) for call in sorted(self.calls(), key=lambda call: call.since))
        return _PAGE.format(rows=rows, none="" if rows else "<p>现在没有人叫。</p>")


def _row(call: Call) -> str:
    minutes = int(time.monotonic() - call.since) // 60
    late = " class=late" if call.reminders else ""
    buttons = "".join(f'<form method="post" action="/{deed}/{html.escape(call.machine)}" style="display:inline">'
                      f"<button>{label}</button></form> " for deed, label in (("coming", "我来了"), ("over", "好了")))
    told = f"{call.machine}号机（{call.place}）：{_REASONS.get(call.reason, '有人要帮忙')}，{minutes}分钟"
    more = f"，催了{call.reminders}次" if call.reminders else ""
    return f"<li{late}>{html.escape(told + more)} {'有人去了 ' if call.coming else ''}{buttons}</li>"


def _handler(desk: StaffDesk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            what, machine = self._path()
            if what == "calls" and machine:
                return self._answer(json.dumps({"state": desk.state(machine)}), "application/json")
            self._answer(desk.page(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            what, machine = self._path()
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 4096))
            if what == "calls" and machine:
                try:
                    told = json.loads(body or b"{}")
                except ValueError:
                    return self._answer("", status=HTTPStatus.BAD_REQUEST)
                desk.called(machine, told if isinstance(told, dict) else {})
                return self._answer(json.dumps({"state": desk.state(machine)}), "application/json")
            if what in ("coming", "over") and machine:
                (desk.coming if what == "coming" else desk.over)(machine)
                self.send_response(HTTPStatus.SEE_OTHER)
                self.send_header("Location", "/")
                self.end_headers()
                return
            self._answer("", status=HTTPStatus.NOT_FOUND)

        def do_DELETE(self) -> None:
            what, machine = self._path()
            if what == "calls" and machine:
                desk.over(machine)
            self._answer(json.dumps({"state": "none"}), "application/json")

        def _path(self) -> tuple[str, str]:
            what, _, machine = self.path.partition("?")[0].strip("/").partition("/")
            return what, machine if machine.isascii() and machine.isalnum() else ""

        def _answer(self, text: str, kind: str = "text/plain", status: HTTPStatus = HTTPStatus.OK) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the page asks every other second."""

    return Handler
