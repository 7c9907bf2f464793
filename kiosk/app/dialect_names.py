"""What a technician may call a dialect: its code (yue) or its name in the pack (广东话)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from kiosk import places


def names(folder: Path = places.ASSETS / "dialects") -> Mapping[str, str]:
    """Code to name, from the packs; a pack that cannot be read is left out (`kiosk check` tells of it)."""
    found = {}
    for path in sorted(folder.glob("*/pack.toml")):
        try:
            pack = tomllib.loads(path.read_text(encoding="utf-8")).get("pack", {})
        except (OSError, tomllib.TOMLDecodeError):
            continue
        found[str(pack.get("code", path.parent.name))] = str(pack.get("name", path.parent.name))
    return found


def code(called: str, folder: Path = places.ASSETS / "dialects") -> str:
    """The code for a code or a name; '' when it is neither."""
    return next((code for code, name in names(folder).items() if called in (code, name)), "")
