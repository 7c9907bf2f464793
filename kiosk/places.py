"""Where things lie. Constants and environment overrides only; nothing is created here.

KIOSK_MODELS   folder of the fetched model files   (default: models/files beside the package)
KIOSK_STATE    folder of journal, cache and papers (default: var beside the package)
KIOSK_ASSETS   folder of the data packs            (default: assets beside the package)
KIOSK_SPEECH   folder of rendered fixed sentences  (default: speech in the state folder)
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _place(variable: str, default: Path) -> Path:
    given = os.environ.get(variable, "")
    return Path(given).expanduser().resolve() if given else default


ASSETS = _place("KIOSK_ASSETS", ROOT / "assets")
MODELS = _place("KIOSK_MODELS", ROOT / "models" / "files")
STATE = _place("KIOSK_STATE", ROOT / "var")
SPEECH = _place("KIOSK_SPEECH", STATE / "speech")
SOURCES = ROOT / "models" / "sources.toml"
