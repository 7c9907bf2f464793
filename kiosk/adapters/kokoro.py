"""Kokoro-82M: natural Mandarin speech by onnxruntime, offline, on two cores at most (Apache-2.0; hexgrad/Kokoro-82M).

Han text becomes phonemes by misaki's Chinese rules (pypinyin on jieba's words), as the model was trained.
"""

from __future__ import annotations

import copy
import importlib.resources
import json
import logging
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.ports.sound import Sound
from kiosk.ports.voice import VoiceError
from kiosk.speaking.shape import Floats, from_floats

log = logging.getLogger(__name__)

RATE = 24_000
#: Chosen by feeding each voice's speech back to the recogniser: see docs/voice.md.
DEFAULT = "zf_xiaobei"
#: The model takes 510 tokens; a style row exists for each number of them.
LONGEST = 500
#: Words rarer than this in jieba's dictionary are left out: a third of the memory, and no cache file is needed.
_RAREST = 5

_HAN = re.compile(r"([\u3400-\u9fff]+)")
_LETTER = re.compile(r"[A-Za-z]")
#: Names of the Latin letters in the model's (English) phonemes; A is /eɪ/, I /aɪ/, O /oʊ/ there.
_NAMES = "ˈA bˈi sˈi dˈi ˈi ˈɛf ʤˈi ˈAʧ ˈI ʤˈA kˈA ˈɛl ˈɛm ˈɛn ˈO pˈi kjˈu ˈɑɹ ˈɛs tˈi jˈu vˈi dˈʌbəlju ˈɛks wˈI zˈi"
_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _NAMES.split(), strict=True))


class Kokoro:
    """Loading takes about a second; build it in the background. Thread-safe. Raises VoiceError when files are missing."""

    def __init__(self, models: Path, speaker: str = "") -> None:
        folder = models / "kokoro"
        speaker = speaker or DEFAULT
        self.name = f"kokoro/{speaker}"
        try:
            vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
            self._styles = np.fromfile(folder / "voices" / f"{speaker}.bin", np.float32).reshape(-1, 1, 256)
            self._session, self._options = _session(folder / "kokoro-v1.0.int8.onnx")
        except (OSError, ValueError, KeyError) as error:
            raise VoiceError(str(error), f"自然语音的文件缺少或损坏（{speaker}），请运行 kiosk models fetch。") from error
        self._phonemes = _Phonemes()
        self._vocabulary = vocabulary

    def pronouncing(self, pronounce: Callable[[str], list[str]] | None) -> Kokoro:
        """The same voice with other sounds for its words: a word of Han text to pinyin with tone digits, 5 neutral."""
        other = copy.copy(self)
        other._phonemes = self._phonemes.pronouncing(pronounce)
        return other

    def synthesise(self, text: str, rate: float) -> Sound:
        tokens = [self._vocabulary[p] for p in self._phonemes.of(text) if p in self._vocabulary]
        if not tokens:
            return Sound(np.zeros(0, np.int16), RATE)
        parts = [self._run(tokens[i:i + LONGEST], rate) for i in range(0, len(tokens), LONGEST)]
        return from_floats(np.concatenate(parts), RATE)

    def _run(self, tokens: list[int], rate: float) -> Floats:
        inputs = {"tokens": np.array([[0, *tokens, 0]], np.int64),
                  "style": self._styles[min(len(tokens), len(self._styles) - 1)],
                  "speed": np.array([rate], np.float32)}
        try:
            audio: Floats = self._session.run(None, inputs, self._options)[0].reshape(-1)
        except RuntimeError as error:  # onnxruntime's errors derive from it
            raise VoiceError(str(error)) from error
        return audio


def _session(path: Path) -> tuple[Any, Any]:
    """Two threads that sleep while they wait: nobody is heard while the kiosk speaks, so the first sound comes sooner at the
    same cost. Memory is given back after each clause: without that, one long clause costs 300 MB for good."""
    import onnxruntime as ort  # slow to import; wanted only where this voice speaks

    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = 2, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    run_options = ort.RunOptions()
    run_options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    if not path.is_file():
        raise FileNotFoundError(path)
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]), run_options
    except Exception as error:  # onnxruntime raises bare classes of its own for a broken file
        raise VoiceError(str(error)) from error


class _Phonemes:
    """Text to the model's phonemes. Thread-safe: reads only, after construction."""

    def __init__(self) -> None:
        from misaki.zh import ZHG2P

        self._rules = ZHG2P
        self._words = _words()
        self._lock = threading.Lock()
        self._pronounce: Callable[[str], list[str]] | None = None

    def pronouncing(self, pronounce: Callable[[str], list[str]] | None) -> _Phonemes:
        other = copy.copy(self)
        other._pronounce = pronounce
        return other

    def of(self, text: str) -> str:
        with self._lock:  # pypinyin and jieba promise nothing about threads
            return "".join(self._han(part) if _HAN.fullmatch(part) else _LETTER.sub(_name, part)
                           for part in _HAN.split(self._rules.map_punctuation(text)) if part)

    def _han(self, text: str) -> str:
        phonemes = " ".join(self._word(word) for word in self._words.lcut(text))
        return phonemes.replace(chr(815), "")  # a diacritic that the model does not know

    def _word(self, word: str) -> str:
        if self._pronounce is None:
            return str(self._rules.word2ipa(word))
        return "".join(self._rules.py2ipa(syllable) for syllable in self._pronounce(word))


def _name(found: re.Match[str]) -> str:
    return " " + _LETTERS[found[0].upper()] + " "


def _words() -> Any:
    """jieba's tokenizer over the commoner words of its own dictionary.

    WORKAROUND: built by hand, because jieba otherwise writes a cache file into the shared temporary folder, reads it
    back with marshal, and prints to stderr.
    """
    import jieba

    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    counts: dict[str, int] = {}
    with importlib.resources.files("jieba").joinpath("dict.txt").open(encoding="utf-8") as dictionary:
        for line in dictionary:
            word, count = line.split(" ", 2)[:2]
            if int(count) < _RAREST:
                continue
            counts[word] = int(count)
            for end in range(1, len(word)):
                counts.setdefault(word[:end], 0)  # jieba wants every beginning of a word to be known
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = counts, sum(counts.values()), True
    return tokenizer
