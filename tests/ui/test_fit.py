"""Nothing is cut off, too small, outside or upon each other, on any screen, in any size."""

from __future__ import annotations

import pytest

from kiosk.dialogue.events import Manner
from kiosk.ui import gallery
from kiosk.ui.samples import VIEWS
from tests.ui.opening import Opener


@pytest.mark.parametrize("theme", ["paper", "dark", "yellow"])
@pytest.mark.parametrize("orientation", list(gallery.ORIENTATIONS))
def test_every_view_fits(open_window: Opener, orientation: str, theme: str) -> None:
    size = gallery.ORIENTATIONS[orientation]
    window = open_window(size.width(), size.height(), reduced_motion=True)
    faults = []
    for text_size in (0, 1, 2):
        window.show_manner(Manner(theme=theme, text_size=text_size))
        for name, view in VIEWS.items():
            gallery.present(window, name, view)
            faults += [f"{name} at size {text_size + 1}: {fault}" for fault in gallery.misfits(window)]
    assert not faults, "\n".join(faults)
