"""A scanner for demonstrations and tests: pictures are put into a folder, each is taken once and deleted at that moment.

Simulated, so it refuses to exist in production (architecture.md rule 9).
"""

from __future__ import annotations

import time
from pathlib import Path

from kiosk.adapters.simulated_devices import refuse_production
from kiosk.ports.scanner import Page, ScannerState

_KINDS = frozenset({".png", ".jpg", ".jpeg"})
_LOOK_EVERY = 0.1


class FolderScanner:
    """Implements Scanner. `seconds` is how long `take` waits for a picture to be put there; `dpi` is told as it is."""

    def __init__(self, folder: Path, *, production: bool, seconds: float = 6.0, dpi: int = 0) -> None:
        refuse_production(production)
        self._folder, self._seconds, self._dpi = folder, seconds, dpi

    def state(self) -> ScannerState:
        return ScannerState.READY

    def take(self) -> Page:
        """The oldest picture; an empty one when none comes, as a camera would show an empty table."""
        ends = time.monotonic() + self._seconds
        while True:
            for path in self._lying():
                picture = path.read_bytes()
                path.unlink(missing_ok=True)
                if picture:
                    return Page(picture, self._dpi)
            if time.monotonic() >= ends:
                return Page(b"", self._dpi)
            time.sleep(_LOOK_EVERY)

    def clear(self) -> None:
        for path in self._lying():
            path.unlink(missing_ok=True)

    def put(self, picture: bytes, name: str) -> Path:
        """Lay a picture down. Written under another name first, so that it is never taken half-written."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = self._folder / f"{name}.part"
        half.write_bytes(picture)
        return half.rename(self._folder / name)

    def _lying(self) -> list[Path]:
        paths = [path for path in self._folder.glob("*") if path.suffix.lower() in _KINDS]
        return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name))
