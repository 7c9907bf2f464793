"""Every view that the flows can lead to, with the real sentences, fits on the screen."""

from __future__ import annotations

import pytest

from kiosk.dialogue.events import Manner
from kiosk.dialogue.view import View
from kiosk.ui.gallery import ORIENTATIONS, misfits, present
from kiosk.ui.icons import icon_names
from tests.ui.opening import Opener
from tests.unit.dialogue.test_every_step import explored


def real_views() -> dict[str, View]:
    views = {}
    for visitor in (*explored(False), *explored(True)):
        view = visitor.session.view
        views[f"{visitor.step}: {view.sentence}"] = view
    return views


@pytest.mark.parametrize("orientation", list(ORIENTATIONS))
@pytest.mark.parametrize("text_size", [0, 2])
def test_every_real_view_fits(open_window: Opener, orientation: str, text_size: int) -> None:
    size = ORIENTATIONS[orientation]
    window = open_window(size.width(), size.height(), reduced_motion=True)
    window.show_manner(Manner(text_size=text_size))
    faults = []
    for name, view in real_views().items():
        present(window, name, view)
        faults += [f"{name}: {fault}" for fault in misfits(window)]
    assert not faults, "\n".join(faults)


def test_every_icon_of_the_flows_is_drawn() -> None:
    used = {choice.icon for view in real_views().values() for choice in view.choices if choice.icon}
    assert used <= icon_names()
