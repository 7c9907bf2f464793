"""A real printer without a printer: a private cupsd, and ippeveprinter behind it as an IPP Everywhere device.

Used by tests/paper and by the end-to-end tests:

    from tests.ipp import print_shop            # or: from ipp import print_shop, with tests/ on the path
    with print_shop() as shop:                  # raises ToolsMissingError; missing() tells before
        CupsPrinter("kiosk", server=shop.server)
        shop.trouble("media-empty-error")       # from the next page on; shop.mend() puts paper in again
        shop.papers()                           # the PDFs that "came out", oldest first

Nothing of the machine's own printing is touched: own ports, own folders, own message bus; every process is a child of
the test and is ended with it (the kernel does so even if the test is killed).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_TOOLS = ("cupsd", "ippeveprinter", "dbus-daemon", "lpadmin", "cupsdisable", "cupsenable", "cupsreject", "cupsaccept")
_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
_READY_SECONDS = 15.0
#: a laser's print starts after the sheet is drawn in; here the device takes a moment, so that states can be seen
_DEVICE_SECONDS = 0.2

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={bus}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow own="*"/><allow receive_sender="*"/><allow user="*"/>
</policy></busconfig>
"""

# The job rules are Debian's (only the owner cancels); administration is open, because this cupsd hears only the test.
_CUPSD = """LogLevel warn
MaxLogSize 0
Listen 127.0.0.1:{port}
Listen {root}/cups.sock
Browsing No
WebInterface No
ErrorPolicy retry-job
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit Cancel-Job Send-Document>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""

_FILES = """ServerRoot {root}
StateDir {root}/state
CacheDir {root}/cache
RequestRoot {root}/spool
TempDir {root}/tmp
AccessLog {root}/access.log
ErrorLog {root}/error.log
PageLog {root}/page.log
SystemGroup {group}
"""

# ippeveprinter runs this for each document and reads its stderr as a device's messages.
_DEVICE = """#!/bin/sh
cd {root}
said=""
cancelled() {{ grep -c "Cancel-Job successful" device.log; }}  # ippeveprinter does not tell its command
before=$(cancelled)
while [ -e trouble ]; do
  new=$(cat trouble)
  if [ "$new" != "$said" ]; then
    [ -n "$said" ] && echo "STATE: -$said" >&2
    echo "STATE: +$new" >&2
    said="$new"
  fi
  [ -e cancel ] && exit 1
  [ "$(cancelled)" != "$before" ] && echo "STATE: -$said" >&2 && exit 0
  sleep 0.05
done
[ -n "$said" ] && echo "STATE: -$said" >&2
[ -e low ] && echo "STATE: +$(cat low)" >&2
sleep {pause}
[ "$(cancelled)" != "$before" ] && exit 0
cp "$1" "{root}/tray/.part" && mv "{root}/tray/.part" "{root}/tray/$(date +%s%N).pdf"
"""


class ToolsMissingError(RuntimeError):
    """The print simulator cannot run on this machine; the message names what is missing."""


def missing() -> str:
    """Why the simulator cannot run here, or ''."""
    lacking = [tool for tool in _TOOLS if shutil.which(tool, path=_PATH) is None]
    return f"not installed: {', '.join(lacking)} (apt: cups cups-ipp-utils dbus-daemon)" if lacking else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """In the child: be ended by the kernel when the test process goes away (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise ToolsMissingError(f"{what} did not come up within {_READY_SECONDS:.0f} s")
        time.sleep(0.03)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class PrintShop:
    """A running print server (`server`, "host:port") with one queue (`queue`) and one device."""

    queue = "kiosk"

    def __init__(self, root: Path) -> None:
        self.root = root
        self._port, self._device_port = _free_port(), _free_port()
        self.server = f"127.0.0.1:{self._port}"
        self.socket = str(root / "cups.sock")
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("state", "cache", "spool", "tmp", "tray", "device"):
            (root / name).mkdir()
        group = "root" if os.getuid() == 0 else str(os.getgid())
        (root / "cupsd.conf").write_text(_CUPSD.format(root=root, port=self._port))
        (root / "cups-files.conf").write_text(_FILES.format(root=root, group=group))
        (root / "bus.conf").write_text(_BUS.format(bus=root / "bus"))
        (root / "device.sh").write_text(_DEVICE.format(root=root, pause=_DEVICE_SECONDS))
        (root / "device.sh").chmod(0o755)

    # ------------------------------------------------ processes
    def _run(self, name: str, *command: str) -> None:
        environment = {**os.environ, "PATH": _PATH, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.root / 'bus'}"}
        with (self.root / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=self.root,
                                                   preexec_fn=_die_with_parent, start_new_session=True)

    def _end(self, name: str, hard: bool = False) -> None:
        process = self._running.pop(name, None)
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL if hard else signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)

    def _tool(self, name: str, *arguments: str) -> None:
        subprocess.run([name, "-h", self.server, *arguments], check=True, capture_output=True, timeout=20,
                       env={**os.environ, "PATH": _PATH})

    def start(self) -> None:
        """Everything: bus, cupsd, device, queue. About a second."""
        self._run("bus", "dbus-daemon", "--config-file", str(self.root / "bus.conf"), "--nofork", "--nopidfile")
        _until((self.root / "bus").exists, "dbus-daemon")  # ippeveprinter gives up without a message bus
        self.start_cups()
        self.start_device()
        self._tool("lpadmin", "-p", self.queue, "-E", "-v", f"ipp://localhost:{self._device_port}/ipp/print",
                   "-m", "everywhere", "-o", "printer-error-policy=retry-job")

    def stop(self) -> None:
        for name in ("device", "cupsd", "bus"):
            self._end(name)

    def start_cups(self) -> None:
        self._run("cupsd", "cupsd", "-f", "-c", str(self.root / "cupsd.conf"), "-s", str(self.root / "cups-files.conf"))
        _until(lambda: _listens(self._port), "cupsd")

    def stop_cups(self) -> None:
        self._end("cupsd")

    def start_device(self) -> None:
        """Switch the printer on."""
        self._run("device", "ippeveprinter", "-v", "-p", str(self._device_port), "-n", "localhost", "-d",
                  str(self.root / "device"), "-f", "application/pdf,image/pwg-raster,image/urf",
                  "-c", str(self.root / "device.sh"), "-r", "off", "kiosk-device")
        _until(lambda: _listens(self._device_port), "ippeveprinter")

    def stop_device(self) -> None:
        """Pull the printer's plug, in the middle of whatever it does."""
        self._end("device", hard=True)

    # ------------------------------------------------ what happens to printers
    def trouble(self, reason: str) -> None:
        """From now on a document waits in the device with this reason (media-empty-error, media-jam-error, ...)."""
        part = self.root / "trouble.part"
        part.write_text(reason)
        part.replace(self.root / "trouble")

    def mend(self) -> None:
        (self.root / "trouble").unlink(missing_ok=True)

    def press_cancel(self) -> None:
        """Somebody presses the cancel key of the device while it is in trouble."""
        (self.root / "cancel").touch()

    def low(self, reasons: str) -> None:
        """The device reports supplies that run low ("media-low-warning,toner-low-warning")."""
        (self.root / "low").write_text(reasons)

    def disable(self, message: str) -> None:
        self._tool("cupsdisable", "-r", message, self.queue)

    def enable(self) -> None:
        self._tool("cupsenable", self.queue)

    def reject(self) -> None:
        self._tool("cupsreject", self.queue)

    def accept(self) -> None:
        self._tool("cupsaccept", self.queue)

    def papers(self) -> list[Path]:
        """What lies in the tray, oldest first."""
        return sorted((self.root / "tray").glob("*.pdf"))

    def reset(self) -> None:
        """Everything in order again, tray empty: between two tests that share a shop."""
        for name in ("trouble", "cancel", "low"):
            (self.root / name).unlink(missing_ok=True)
        for paper in self.papers():
            paper.unlink()
        if "cupsd" not in self._running:
            self.start_cups()
        if "device" not in self._running:
            self.start_device()
        self.enable()
        self.accept()


@contextlib.contextmanager
def print_shop() -> Iterator[PrintShop]:
    """A shop for one test or one module. Raises ToolsMissingError."""
    lacking = missing()
    if lacking:
        raise ToolsMissingError(lacking)
    # not pytest's tmp_path: cupsd's filters run as another user (lp), who must be able to walk in
    root = Path(tempfile.mkdtemp(prefix="print-shop-"))
    root.chmod(0o755)
    shop = PrintShop(root)
    try:
        shop.start()
        yield shop
    finally:
        shop.stop()
        shutil.rmtree(root, ignore_errors=True)
