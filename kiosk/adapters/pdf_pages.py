"""Looking at a PDF: its page size and the name printers give it, a page as a picture, the text of its pages."""

from __future__ import annotations

import ctypes
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c

from kiosk.fund.errors import WorldError

MM_PER_POINT = 25.4 / 72
_A4_MM = (210, 297)
_SAME_ROW = 2.0  # points between baselines
_pdfium = threading.Lock()  # pdfium may be used by one thread at a time

#: WORKAROUND (pitfalls 16): a PDF's text is read back from glyphs, and where characters share a glyph, Qt names it by
#: the lowest code point. NFKC undoes most of the Kangxi radicals; these are the others that Noto Sans SC and Noto Serif
#: SC have (tests/paper/test_pages.py makes this table anew from the fonts).
_SHARED = str.maketrans(
    "⺂⺃⺅⺉⺋⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺞⺠⺡⺣⺤⺦⺨⺭⺯⺰⺱⺳⺹⺺⺾⻂⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻯⻰⻱⻲⼾⺎⺫⺲⻁⻃㖈㘽㫚㬵㬺㬻㮣墫",
    "乛乚亻刂㔾尣尢巳幺彑彐忄扌攵旡歺民氵灬爫丬犭礻糹纟罓㓁耂肀艹衤见角讠贝车辶钅長镸长门阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐齿竜龙龜亀户兀罒罒虎覀䎛㦳曶胶幐䐠槩壿")


class PaperError(WorldError):
    """The file is not a PDF (or picture) that can be opened."""

    sentence = "这个文件打不开。请给出证明的 PDF，或清楚的照片、扫描件（PNG、JPG）。"


def plain(text: str) -> str:
    """Text of a PDF as it was written: shared glyphs named as characters, NFKC, line ends as \\n."""
    return unicodedata.normalize("NFKC", text.translate(_SHARED)).replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def _opened(document: Path) -> Iterator[pypdfium2.PdfDocument]:
    with _pdfium:
        try:
            pdf = pypdfium2.PdfDocument(document)
        except (pypdfium2.PdfiumError, OSError) as error:
            raise PaperError(f"{type(error).__name__} in {document.name}") from error
        try:
            yield pdf
        finally:
            pdf.close()


def page_count(document: Path) -> int:
    with _opened(document) as pdf:
        return len(pdf)


def size_mm(document: Path) -> tuple[int, int]:
    """Width and height of the first page in whole millimetres."""
    with _opened(document) as pdf:
        width, height = pdf[0].get_size()
    return round(width * MM_PER_POINT), round(height * MM_PER_POINT)


def media_name(document: Path) -> str:
    """The first page's size as a PWG 5101.1 media name: iso_a4_210x297mm, or custom_slip_80x140mm."""
    width, height = size_mm(document)
    return f"iso_a4_{width}x{height}mm" if (width, height) == _A4_MM else f"custom_slip_{width}x{height}mm"


def grey(document: Path, dpi: float, page: int = 0) -> np.ndarray:
    """A page as uint8[height, width], 255 is white."""
    with _opened(document) as pdf:
        bitmap = pdf[page].render(scale=dpi / 72, grayscale=True)
        pixels = bitmap.to_numpy().reshape(bitmap.height, -1)[:, :bitmap.width]
        return np.ascontiguousarray(pixels)


def grey_of_width(document: Path, width: int) -> np.ndarray:
    """The first page as uint8[height, width]."""
    with _opened(document) as pdf:
        points = pdf[0].get_width()
    return grey(document, width / points * 72)


def texts(document: Path) -> tuple[str, ...]:
    """The text of each page, normalised by `plain`."""
    with _opened(document) as pdf:
        return tuple(plain(page.get_textpage().get_text_range()) for page in pdf)


def rows(document: Path) -> list[str]:
    """The text of each page in the order it is seen: rows from the top, each from the left, without white space.

    Not the order in which it was drawn: a text that somebody lays over another comes out beside it.
    """
    return ["".join(page) for page in seen(document)]


def seen(document: Path) -> list[list[str]]:
    """Like `rows`, with every row of a page by itself."""
    with _opened(document) as pdf:
        pages = [["".join(row) for row in seen_rows(_placed(page))] for page in pdf]
    return [[plain(row.encode("utf-16", "surrogatepass").decode("utf-16", "replace")) for row in page] for page in pages]


def seen_order(placed: Iterable[tuple[float, float, str]]) -> list[str]:
    """(x, baseline, text) in points from the top left, put into the order they are seen."""
    return [text for row in seen_rows(placed) for text in row]


def seen_rows(placed: Iterable[tuple[float, float, str]]) -> list[list[str]]:
    """Like `seen_order`, what stands on one line by itself."""
    ordered: list[list[tuple[float, float, str]]] = []
    for one in sorted(placed, key=lambda piece: piece[1]):
        if ordered and one[1] - ordered[-1][0][1] < _SAME_ROW:
            ordered[-1].append(one)
        else:
            ordered.append([one])
    return [[text for _, _, text in sorted(row, key=lambda piece: piece[0])] for row in ordered]


def has_pictures(document: Path) -> bool:
    """Whether a PDF holds pictures: a scan, whose text (if any) is a machine's guess. Our papers have none."""
    with _opened(document) as pdf:
        return any(any(page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE])) for page in pdf)


def _placed(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, str]]:
    text, height = page.get_textpage(), page.get_height()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        if pdfium_c.FPDFText_IsGenerated(text, index):
            continue  # a space or line end that pdfium has put in
        sign = chr(pdfium_c.FPDFText_GetUnicode(text, index))  # half a character where it is beyond U+FFFF
        if not sign.isspace() and pdfium_c.FPDFText_GetCharOrigin(text, index, x, y):
            yield x.value, height - y.value, sign
