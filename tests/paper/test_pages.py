"""Characters that share a glyph: the table of pdf_pages is what the fonts say."""

from __future__ import annotations

import unicodedata

from PySide6.QtGui import QGuiApplication, QRawFont

from kiosk.adapters import paper_fonts, pdf_pages

_HAN = range(0x3400, 0xA000)
_RADICALS = range(0x2E80, 0x2FE0)


def test_shared_glyphs(gui: QGuiApplication) -> None:
    """Whatever character is drawn, its text comes back as itself, though Qt names its glyph by the lowest code point."""
    for file in paper_fonts._files().values():
        font = QRawFont(str(file), 100)
        lowest: dict[int, str] = {}
        for code in (*_RADICALS, *_HAN):
            glyph = font.glyphIndexesForString(chr(code))[0]
            if glyph:
                lowest.setdefault(glyph, chr(code))
        for code in range(0x4E00, 0xA000):
            glyph = font.glyphIndexesForString(chr(code))[0]
            if glyph:
                assert pdf_pages.plain(lowest[glyph]) == pdf_pages.plain(chr(code)), hex(code)


def test_plain() -> None:
    assert pdf_pages.plain("⽤⼾⻓\r\n１２") == "用户长\n12"
    assert unicodedata.is_normalized("NFKC", pdf_pages.plain("㈠⼀"))
