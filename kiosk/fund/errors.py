"""The two kinds of error. The class owns the sentence that people get; `str(e)` is for the log alone.

KioskError
├── WorldError        the world's fault: handled, told kindly, with a way out
│   ├── DataError     a pack, flow or setting is wrong; names file, path and sentence for the technician
│   └── (each subsystem derives its own: GatewayError, PrinterError, SoundError, ModelError, ...)
└── (anything else that escapes is ours: logged, safe screen, restart by the supervisor)
"""

from __future__ import annotations


class KioskError(Exception):
    """Base of all errors the kiosk raises on purpose.

    `sentence` is what a visitor or a technician is told, in plain words, with what to do next.
    """

    sentence = "机器出了点问题，请叫工作人员。"

    def __init__(self, detail: str = "", sentence: str | None = None) -> None:
        super().__init__(detail or sentence or self.sentence)
        if sentence is not None:
            self.sentence = sentence


class WorldError(KioskError):
    """Something outside went wrong; there is a way out."""


class DataError(WorldError):
    """A data file is wrong. `where` is "file: path", `sentence` says what to change."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence}", f"{where}: {sentence}")
        self.where = where
