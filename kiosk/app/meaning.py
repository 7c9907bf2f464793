"""The understanding put together, for all commands alike."""

from __future__ import annotations

import sys

from kiosk import places
from kiosk.language.understand import Engine, load


def understanding() -> Engine:
    """The engine of all packs. Raises DataError. Learns first (half a minute) when a pack has changed, and says so."""
    return load(places.ASSETS, on_learning=_learning)


def _learning() -> None:
    print("正在学习方言包里的例句，大约半分钟，只在第一次和改过方言包以后……", file=sys.stderr, flush=True)
