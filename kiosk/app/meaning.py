"""The understanding put together, for all commands alike."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from kiosk import places
from kiosk.app import settings
from kiosk.fund.errors import DataError
from kiosk.language.site_pack import read_site, with_lessons
from kiosk.language.understand import Engine, load

log = logging.getLogger(__name__)


def understanding(folder: Path | None = None) -> Engine:
    """The engine of all packs, with what the hall has learnt (`folder`, else that of the site file). Raises DataError.
    Learns first (half a minute) when a pack has changed, and says so."""
    folder = folder or settings.load(None).packs
    engine = load(places.ASSETS, on_learning=_learning)
    try:
        lessons = read_site(folder)
    except DataError as fault:  # a slip in the hall's own file must not stop the kiosk; `packs check` names it
        log.warning("the hall's packs cannot be read", extra={"reason": type(fault).__name__})
        print(fault.sentence, file=sys.stderr)
        return engine
    return engine.taught(with_lessons(engine.packs, lessons)) if lessons else engine


def _learning() -> None:
    print("正在学习方言包里的例句，大约半分钟，只在第一次和改过方言包以后……", file=sys.stderr, flush=True)
