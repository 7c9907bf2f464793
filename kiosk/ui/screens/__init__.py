"""One page per screen name of kiosk.dialogue.view."""

from __future__ import annotations

from kiosk.dialogue.view import Screen
from kiosk.ui.screens.attract import AttractPage
from kiosk.ui.screens.keypad import KeypadPage
from kiosk.ui.screens.page import Page
from kiosk.ui.screens.pages import (
                                    ChoicesPage,
                                    DonePage,
                                    FactsPage,
                                    IdentifyPage,
                                    PreviewPage,
                                    StaffPage,
                                    TroublePage,
                                    WorkingPage,
)

PAGES: dict[Screen, type[Page]] = {
    Screen.ATTRACT: AttractPage,
    Screen.CHOICES: ChoicesPage,
    Screen.IDENTIFY: IdentifyPage,
    Screen.KEYPAD: KeypadPage,
    Screen.FACTS: FactsPage,
    Screen.PREVIEW: PreviewPage,
    Screen.WORKING: WorkingPage,
    Screen.DONE: DonePage,
    Screen.STAFF: StaffPage,
    Screen.TROUBLE: TroublePage,
}
