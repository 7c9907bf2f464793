"""Which papers the pre-check knows: assets/precheck/documents.yaml, read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.errors import DataError

Reads = Literal["identity_front", "identity_back", "bank_card", "marriage", "words"]


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An unknown key is an error."""


class Document(Piece, frozen=True):
    """A paper that a rule pack asks for; see the head of the data file."""

    name: str
    materials: tuple[str, ...]
    pages: tuple[str, ...]


class Found(StrEnum):
    """What became of a paper, the weightiest first: of several pages the first of these counts for the whole."""

    EXPIRED = "expired"
    SOMEBODY_ELSE = "somebody_else"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    GOOD = "good"
    NOT_LOOKED = "not_looked"


class Words(Piece, frozen=True):
    """How an outcome is shown, and printed behind the paper's name."""

    row: str
    slip: str


class PageKind(Piece, frozen=True):
    """One side or page that is laid down at a time."""

    name: str
    reads: Reads
    signs: tuple[str, ...]
    least: int
    unless: tuple[str, ...] = ()

    def fits(self, words: str) -> int:
        """How many of its signs stand in the words (without spaces, in capitals); 0 where it cannot be this page."""
        if any(word in words for word in self.unless):
            return 0
        found = sum(sign in words for sign in self.signs)
        return found if found >= self.least else 0


class Documents(Piece, frozen=True):
    others: tuple[str, ...]
    outcomes: dict[Found, Words]
    documents: dict[str, Document]
    pages: dict[str, PageKind]

    @classmethod
    def load(cls, path: Path) -> Documents:
        """Raises DataError."""
        book = convert(read_yaml(path), cls, f"{path.name}: ")
        for where, sentence in book.problems():
            raise DataError(f"{path.name}: {where}", sentence)
        return book

    def problems(self) -> Iterator[tuple[str, str]]:
        """(path, sentence) of everything that is wrong."""
        used = set()
        for outcome in Found:
            if outcome not in self.outcomes:
                yield "outcomes", f"少了“{outcome}”这一种结果的说法。"
        for id_, document in self.documents.items():
            if not document.pages or not document.materials:
                yield f"documents.{id_}", "要写上 pages（放哪几页）和 materials（材料清单里怎么叫它）。"
            for page in document.pages:
                used.add(page)
                if page not in self.pages:
                    yield f"documents.{id_}.pages", f"pages 里没有“{page}”这一页。"
        for id_, page_kind in self.pages.items():
            if id_ not in used:
                yield f"pages.{id_}", "没有哪种证件用到这一页，可以删掉。"
            if not 1 <= page_kind.least <= len(page_kind.signs):
                yield f"pages.{id_}.least", f"要在 1 和 {len(page_kind.signs)}（signs 的个数）之间。"

    def of_material(self, material: str) -> tuple[str, ...]:
        """The documents that a line of a rule pack's list may mean ("购房合同或不动产权证" means two), the first one named first;
        () when the kiosk cannot look at it."""
        places = {id_: min((material.find(word) for word in document.materials if word in material), default=-1)
                  for id_, document in self.documents.items()}
        return tuple(sorted((id_ for id_ in places if places[id_] >= 0), key=lambda id_: places[id_]))

    def is_holders(self, material: str) -> bool:
        """Must it be the account holder's own?"""
        return not any(word in material for word in self.others)

    def page_of(self, words: str, wanted: str) -> str | None:
        """Which page these words stand on, the one that was asked for where two fit as well; None when none fits."""
        fitting = {id_: kind.fits(words) for id_, kind in self.pages.items()}
        best = max(fitting.values(), default=0)
        if not best:
            return None
        return wanted if fitting.get(wanted) == best else next(id_ for id_, fit in fitting.items() if fit == best)
