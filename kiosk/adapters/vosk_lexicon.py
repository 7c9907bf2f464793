"""The words a Vosk model can hear.

Vosk drops words of a grammar that are not in the model's lexicon without an error that a program can see
(vosk-api #746, #1719, #2048), so every phrase is cut into words of this list beforehand. A dynamic model keeps the list
in the symbol table inside graph/Gr.fst; other models in graph/words.txt. Reading it costs about 0.1 s and no Vosk, so
there is no cache that could grow stale.
"""

from __future__ import annotations

import struct
from pathlib import Path

from kiosk.fund.errors import WorldError

_FST_MAGIC = 0x7EB2FDD6
_SYMBOLS_MAGIC = 0x7EB2FB74
_HAS_INPUT_SYMBOLS = 0x1
_NOT_SPOKEN = frozenset({"<eps>", "!SIL", "#0", "<s>", "</s>", "<unk>", "[unk]", "<UNK>", "SPN"})


class LexiconError(WorldError):
    sentence = "语音识别模型不完整，请重新下载模型（kiosk models fetch）。"


def lexicon(model_dir: Path) -> frozenset[str]:
    """All words that the model in `model_dir` can recognise. Raises LexiconError."""
    listed = model_dir / "graph" / "words.txt"
    if listed.is_file():
        words = {line.split(maxsplit=1)[0] for line in listed.read_text("utf-8").splitlines() if line.strip()}
    else:
        words = _symbols(model_dir / "graph" / "Gr.fst")
    return frozenset(word for word in words - _NOT_SPOKEN if not word.startswith("#"))


def _symbols(fst: Path) -> set[str]:
    """The input symbol table of an OpenFst file. Layout: fst/fst.cc FstHeader::Write, fst/symbol-table.cc Write."""
    try:
        data = fst.read_bytes()
    except OSError as error:
        raise LexiconError(f"{fst}: {error}") from error
    try:
        (magic,), at = struct.unpack_from("<i", data), 4
        if magic != _FST_MAGIC:
            raise LexiconError(f"{fst}: not an OpenFst file")
        for _ in range(2):  # type of the transducer, type of its arcs
            at = _text(data, at)[1]
        (flags,) = struct.unpack_from("<i", data, at + 4)
        at += 4 + 4 + 8 + 3 * 8  # version, flags, properties, start, states, arcs
        (magic,) = struct.unpack_from("<i", data, at)
        if not flags & _HAS_INPUT_SYMBOLS or magic != _SYMBOLS_MAGIC:
            raise LexiconError(f"{fst}: holds no symbol table")
        at = _text(data, at + 4)[1]
        (size,) = struct.unpack_from("<q", data, at + 8)
        at += 16  # next free key, number of symbols
        words = set()
        for _ in range(size):
            word, at = _text(data, at)
            words.add(word)
            at += 8  # the key
        return words
    except (struct.error, UnicodeDecodeError) as error:
        raise LexiconError(f"{fst}: {error}") from error


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", data, at)
    return data[at + 4:at + 4 + length].decode("utf-8"), at + 4 + length
