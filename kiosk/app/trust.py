"""Digests of model files that nobody could confirm beforehand: taken on a technician's word, then held to.

`trusted.json` lies in the models folder: place of the file -> its sha256, size and the day it was trusted. A file that
is not listed in sources.toml with a digest and not listed here counts as missing, even when it lies there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

FILE = "trusted.json"


@dataclass(frozen=True)
class Trusted:
    """`size` in bytes; `day` as 2026-11-21."""

    sha256: str
    size: int
    day: str


def read(folder: Path) -> Mapping[str, Trusted]:
    """What has been trusted on this terminal; a damaged file means nothing has."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {str(path): Trusted(str(t["sha256"]), int(t["size"]), str(t["day"])) for path, t in data.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write(folder: Path, path: str, sha256: str, size: int) -> None:
    """Hold `path` to this digest from now on."""
    known = {**read(folder), path: Trusted(sha256, size, date.today().isoformat())}
    target = folder / FILE
    ready = target.with_suffix(".new")
    ready.write_text(json.dumps({place: asdict(t) for place, t in sorted(known.items())}, indent=2), encoding="utf-8")
    os.replace(ready, target)
