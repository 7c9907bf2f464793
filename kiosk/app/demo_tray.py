"""A strip of sample identity cards, for trying the demonstration without a card reader. Never made in production."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from kiosk.adapters.simulated_devices import refuse_production
from kiosk.dialogue.view import Screen, View
from kiosk.ports.devices import IdCard
from kiosk.ui.window import KioskWindow

_STYLE = """
QWidget#demo { background: #FFF3C4; border: 2px dashed #8A6A00; border-radius: 10px; }
QLabel { color: #4A3A00; } QPushButton { background: white; color: #1F1A14; border: 1px solid #8A7A63;
border-radius: 8px; padding: 4px 10px; } QPushButton:pressed { background: #E8DDC4; }
"""


class DemoTray(QWidget):
    """Lies over the top of the window while a card is awaited or should be taken away."""

    def __init__(self, window: KioskWindow, cards: list[tuple[str, IdCard]], insert: Callable[[IdCard], None],
                 take: Callable[[], None], *, production: bool) -> None:
        refuse_production(production)
        super().__init__(window)
        self._window = window
        self.setObjectName("demo")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(_STYLE)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 6, 10, 6)
        self._row.addWidget(QLabel("演示身份证"))
        self._cards = []
        for label, card in cards:
            button = self._button(label, f"演示：放上{label}的身份证")
            button.clicked.connect(lambda _=False, card=card: insert(card))
            self._cards.append(button)
        self._take = self._button("取走身份证", "演示：取走身份证")
        self._take.clicked.connect(lambda _=False: take())
        self.settle(window.view)

    def _button(self, label: str, name: str) -> QPushButton:
        button = QPushButton(label, self)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row.addWidget(button)
        return button

    def settle(self, view: View) -> None:
        """Show what makes sense before this view."""
        awaited = view.screen is Screen.IDENTIFY
        over = view.screen is Screen.DONE or (view.screen is Screen.CHOICES and not view.choices)
        for button in self._cards:
            button.setVisible(awaited)
        self._take.setVisible(over)
        self.setVisible(awaited or over)
        font = self.font()
        font.setPixelSize(max(11, self._window.width() // 48))
        self.setFont(font)
        for child in self.findChildren(QWidget):
            child.setFont(font)
        self.adjustSize()
        self.move((self._window.width() - self.width()) // 2, round(self._window.height() * 0.104))
        self.raise_()
