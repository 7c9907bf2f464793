"""The understanding of a running kiosk: takes over what the hall learns, between visits and without a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.app.between_visits import BetweenVisits
from kiosk.language.packs import Pack
from kiosk.language.site_pack import signature
from kiosk.language.understand import Engine
from kiosk.ports.ears import Expectation, Transcript
from kiosk.ports.understanding import Understanding


class LiveMeaning(BetweenVisits[Engine]):
    """Understander of kiosk.ports.understanding, and the packs that the vocabularies are made of."""

    def __init__(self, engine: Engine, folder: Path, load: Callable[[], Engine]) -> None:
        """`folder` holds the hall's packs, `load` makes an engine of what is there now (a second)."""
        super().__init__(engine, load, lambda: signature(folder), "packs")

    @property
    def engine(self) -> Engine:
        return self.value

    @property
    def packs(self) -> Mapping[str, Pack]:
        return self.value.packs

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        return self.value.understand(text, expectation)

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return self.value.understand_heard(heard, expectation)
