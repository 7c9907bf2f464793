"""The pictures of README and docs, made by the program: `python -m kiosk.app.doc_screens VISITS DIR`.

VISITS is the folder of several rehearsals (`kiosk rehearse retirement rent … --out VISITS`, a folder each): their pictures
are what a visitor really saw, and their papers are those that were printed. What no visit shows (other themes, large type,
landscape, keypad) comes from the gallery of `kiosk check --screens`. All are made small: 540 pixels wide (landscape 810), at
most 256 colours.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kiosk.app.rehearse import offscreen
from kiosk.fund.errors import WorldError

#: Pictures of visits by their new names: (visit, screen, the how manieth of that screen).
VISITED = {
    "attract": ("retirement", "attract", 1), "identify": ("retirement", "identify", 1),
    "preview": ("retirement", "preview", 1), "amount": ("retirement", "facts", 1),
    "confirm": ("retirement", "facts", 2), "done": ("retirement", "done", 2),
    "limit": ("rent", "facts", 1), "plans": ("loan_estimate", "facts", 1), "answer": ("question", "facts", 1),
}
#: Papers of visits by their new names: (visit, a word of the file's name). The first sheet is taken.
PRINTED = {"certificate": ("retirement", "缴存证明"), "statement": ("statement", "明细")}
#: Pictures of the gallery by their new names: (orientation, theme, text size 0..2, view).
CHOSEN = {
    "keypad": ("portrait", "paper", 0, "keypad"), "staff": ("portrait", "paper", 0, "staff"),
    "trouble": ("portrait", "paper", 0, "trouble"), "deaf": ("portrait", "paper", 0, "deaf"),
    "dark-large": ("portrait", "dark", 2, "choices"), "yellow-large": ("portrait", "yellow", 2, "yes_no"),
    "landscape": ("landscape", "paper", 0, "facts"),
}
WIDE = {"portrait": 540, "landscape": 810}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("visits", type=Path, metavar="VISITS", help="folder of several rehearsals")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the small pictures go")


def run(args: argparse.Namespace) -> int:
    args.folder.mkdir(parents=True, exist_ok=True)
    _from_visits(args.visits, args.folder)
    _from_gallery(args.folder)
    made = sorted(args.folder.glob("*.png"))
    print(f"{len(made)} 张，一共 {sum(file.stat().st_size for file in made) // 1000} kB，在 {args.folder}")
    return 0


def _from_visits(visits: Path, folder: Path) -> None:
    for name, (visit, screen, number) in VISITED.items():
        pictures = sorted((visits / visit).glob(f"[0-9][0-9]-{screen}.png"))
        if len(pictures) < number:
            raise _missing(visits, visit, f"第 {number} 张 {screen} 画面")
        small(pictures[number - 1], folder / f"{name}.png")
    for name, (visit, word) in PRINTED.items():
        paper = next(iter(sorted((visits / visit).glob(f"papers/*{word}*.pdf"))), None)
        if paper is None:
            raise _missing(visits, visit, word)
        with tempfile.TemporaryDirectory() as place:
            page = Path(place) / "page.png"
            _grey_page(paper, page)
            small(page, folder / f"{name}.png")


def _missing(visits: Path, visit: str, what: str) -> WorldError:
    needed = " ".join(dict.fromkeys([entry[0] for entry in VISITED.values()] + [entry[0] for entry in PRINTED.values()]))
    return WorldError(str(visits / visit), f"{visits / visit} 里没有{what}。先运行 kiosk rehearse {needed} --out {visits}。")


def _grey_page(paper: Path, target: Path) -> None:
    from PySide6.QtGui import QImage

    from kiosk.adapters import pdf_pages

    pixels = np.ascontiguousarray(pdf_pages.grey(paper, 150))
    height, width = pixels.shape
    if not QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).save(str(target)):
        raise OSError(f"cannot write {target}")


def _from_gallery(folder: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", offscreen())
    from PySide6.QtWidgets import QApplication

    from kiosk.ui.gallery import gallery

    application = QApplication.instance() or QApplication([])
    assert application is not None
    with tempfile.TemporaryDirectory() as place:
        for name, (orientation, theme, size, view) in CHOSEN.items():
            made = gallery(Path(place), sizes=(size,), themes=(theme,), orientations=(orientation,), names=(view,))
            small(made[0], folder / f"{name}.png", WIDE[orientation])


def small(picture: Path, target: Path, width: int = WIDE["portrait"]) -> None:
    """Write the picture `width` pixels wide, in its 256 commonest colours."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage

    image = QImage(str(picture)).scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, :width] & np.uint32(0xFFFFFF)
    colours, indices = _palette(pixels)
    indexed = QImage(indices.tobytes(), width, image.height(), width, QImage.Format.Format_Indexed8)
    indexed.setColorTable([0xFF000000 | int(colour) for colour in colours])
    if not indexed.save(str(target), quality=0):  # the strongest compression
        raise OSError(f"cannot write {target}")


def _palette(pixels: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """The commonest colours, and for each pixel the nearest of them."""
    found, where, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    colours = found[np.argsort(counts)[::-1][:256]]
    nearest = np.empty(len(found), np.uint8)
    for start in range(0, len(found), 1024):
        part = found[start:start + 1024]
        distances = sum((_channel(part, shift)[:, None] - _channel(colours, shift)[None, :]) ** 2 for shift in (0, 8, 16))
        nearest[start:start + 1024] = np.argmin(distances, axis=1)
    return colours, nearest[where].reshape(pixels.shape)


def _channel(colours: npt.NDArray[np.uint32], shift: int) -> npt.NDArray[np.int32]:
    return ((colours >> shift) & 0xFF).astype(np.int32)


if __name__ == "__main__":
    _parser = argparse.ArgumentParser(prog="doc_screens", description=__doc__.split("\n\n")[0])
    add_arguments(_parser)
    try:
        sys.exit(run(_parser.parse_args()))
    except WorldError as fault:
        sys.exit(fault.sentence)
