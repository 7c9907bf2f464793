"""Vocabularies kept on disk: making one takes the recogniser's lexicon, pypinyin and half a second, reading it back 10 ms.

They depend on the packs, on what the hall has learnt, on the code of the language room and on the model; the digest of
all these is part of the file's name, so an old one is never taken for a new one. A file that cannot be read or written
costs time, nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from kiosk import language
from kiosk.language.packs import Pack
from kiosk.ports.ears import Expectation, Vocabulary, VocabularySource


def digest_of(packs: Mapping[str, Pack], assets: Path, model: Path) -> str:
    """Of the files of packs, flows and sentences, what the hall has added to the packs in memory, the language room's code,
    pypinyin and the model's word list."""
    digest = hashlib.sha256(importlib.metadata.version("pypinyin").encode())
    for pack in packs.values():
        digest.update(repr((pack.code, pack.sentences, [example.text for example in pack.examples])).encode())
    for folder in (assets / "dialects", assets / "flows", assets / "sentences", *map(Path, language.__path__)):
        for file in sorted(path for path in folder.rglob("*") if path.suffix in (".toml", ".tsv", ".yaml", ".py")):
            digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    for words in (model / "graph" / "words.txt", model / "graph" / "Gr.fst"):
        if words.is_file():
            digest.update(f"{words.name} {words.stat().st_size}".encode())  # it is 40 MB; `kiosk models verify` reads it
    return digest.hexdigest()[:16]


class KeptVocabularies:
    """VocabularySource before another one whose vocabularies are the same for every question."""

    def __init__(self, source: VocabularySource, folder: Path, digest: str) -> None:
        self._source, self._folder, self._digest = source, folder, digest
        self._read: dict[str, Vocabulary] = {}

    def dialects(self, expectation: Expectation) -> tuple[str, ...]:
        return self._source.dialects(expectation)

    def vocabulary(self, expectation: Expectation, dialect: str) -> Vocabulary:
        if dialect not in self._read:
            self._read[dialect] = self._kept(dialect) or self._keep(self._source.vocabulary(expectation, dialect))
        return self._read[dialect]

    def _kept(self, dialect: str) -> Vocabulary | None:
        try:
            return msgspec.json.decode(self._file(dialect).read_bytes(), type=Vocabulary)
        except (OSError, msgspec.DecodeError):
            return None

    def _keep(self, made: Vocabulary) -> Vocabulary:
        """Written beside and renamed; what older packs have left is removed."""
        file = self._file(made.name)
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for old in self._folder.glob(f"{made.name}-*.json"):
                old.unlink()
            ready = file.with_suffix(f".{os.getpid()}")
            ready.write_bytes(msgspec.json.encode(made))
            ready.replace(file)
        return made

    def _file(self, dialect: str) -> Path:
        return self._folder / f"{dialect}-{self._digest}.json"
