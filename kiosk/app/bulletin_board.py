"""The notice of this terminal: a small file in the state folder, put there by `kiosk notice`, read by the running kiosk."""

from __future__ import annotations

import json
import os
from pathlib import Path

from kiosk.dialogue.events import Bulletin
from kiosk.fund.errors import WorldError

FILE = "notice.json"
KINDS = ("info", "maintenance", "evacuate")


class BulletinBoard:
    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._stamp: tuple[int, int] | None = (0, 0)

    def put_up(self, bulletin: Bulletin) -> None:
        """Atomically, so that half a notice is never read. Raises WorldError."""
        draft = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({"kind": bulletin.kind, "text": bulletin.text}, ensure_ascii=False), "utf-8")
            draft.replace(self._path)
        except OSError as fault:
            raise WorldError(f"{type(fault).__name__}", "通知写不进去，请检查状态文件夹。") from fault

    def take_down(self) -> bool:
        """Whether there was one."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True

    def read(self) -> Bulletin:
        """What is up now; kind '' for nothing, or for a file that makes no sense."""
        try:
            told = json.loads(self._path.read_text("utf-8"))
            kind, text = str(told["kind"]), str(told["text"])
        except (OSError, ValueError, KeyError, TypeError):
            return Bulletin("")
        return Bulletin(kind, text) if kind in KINDS else Bulletin("")

    def changed(self) -> Bulletin | None:
        """The notice, where the file is another one than at the last call."""
        try:
            found = self._path.stat()
            stamp: tuple[int, int] | None = (found.st_mtime_ns, found.st_ino)
        except OSError:
            stamp = None
        if stamp == self._stamp or (stamp is None and self._stamp == (0, 0)):
            return None
        self._stamp = stamp
        return self.read()
