"""Drawing documents: facts and a layout in, a PDF and a picture out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class PaperMaker(Protocol):
    def draw(self, layout: str, facts: Mapping[str, object], target: Path, *, enlarged: bool = False,
             qr: str = "", mark: str = "") -> Path:
        """Draw layout assets/certificates/<layout>.yaml to the PDF `target` (atomically) and return it.
        `facts` are already formatted text (str) by field id, or lists of rows; `qr` is the text of the QR code, drawn
        only if given; `mark` such as 补打 第1次. With the mark 预览 only the room for the code is drawn, as large as the
        code of `qr` would be."""

    def picture(self, document: Path, width: int) -> Path:
        """PNG of the first page, `width` pixels wide, beside the document."""

    def pages(self, layout: str, facts: Mapping[str, object], *, enlarged: bool = False, qr: str = "") -> int:
        """How many pages that paper would have, without drawing it."""
