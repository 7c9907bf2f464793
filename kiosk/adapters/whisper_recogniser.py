"""Recognition by Whisper (faster-whisper): the second recogniser that measurements are compared with.

It decodes whole utterances in finish() and is not used at the counter: it is slower, heavier and worse on single words
than the live recogniser (docs of the speech models), and on silence it may invent a sentence.
faster-whisper is optional: `pip install xiangyin-kiosk[whisper]`. Nothing is ever downloaded from here.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.fund.errors import WorldError
from kiosk.ports.ears import Expectation, Reading
from kiosk.ports.sound import EAR_RATE, Samples

log = logging.getLogger(__name__)

NAME = "whisper-base"
THREADS = 2
#: Shorter sound holds no word, and Whisper always finds some.
LEAST_SECONDS = 0.1
#: Wider than needed for speed, as fairness to the one compared with: measured on 18 clips, syllable errors fall from
#: 20 % to 13 %. A prompt in simplified characters would cost that again (19 %), so they are converted afterwards.
_BEAM = 5
#: Punctuation, but not the point inside a number.
_NO_WORD = re.compile(r"(?:[^\w.]|(?<!\d)\.|\.(?!\d))+")


class WhisperMissingError(WorldError):
    sentence = ("没有安装对照用的第二识别（faster-whisper），请运行 pip install 'xiangyin-kiosk[whisper]' 和 "
                "kiosk models fetch whisper-base。")


def load(folder: Path, *, threads: int = THREADS) -> WhisperRecogniser:
    """Load from `folder` (model.bin, config.json, tokenizer.json, vocabulary.json); about 500 MB. Raises WhisperMissingError."""
    lacking = [name for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")
               if not (folder / name).is_file()]
    if lacking:
        raise WhisperMissingError(f"{folder.name}: {lacking}")
    try:
        from faster_whisper import WhisperModel
        from opencc import OpenCC
    except ImportError as fault:
        raise WhisperMissingError(str(fault)) from fault
    try:
        model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1,
                             local_files_only=True)
    except (RuntimeError, ValueError, OSError) as fault:
        raise WhisperMissingError(str(fault), "第二识别的模型坏了，请运行 kiosk models verify whisper-base 检查。") from fault
    log.info("recogniser loaded", extra={"model": NAME})
    return WhisperRecogniser(model, OpenCC("t2s").convert)


class WhisperRecogniser:
    """The Recogniser port. Used by one thread. Its one Reading has the kind whisper-base."""

    name = NAME
    streaming = False

    def __init__(self, model: Any, simplified: Callable[[str], str]) -> None:
        self._model, self._simplified = model, simplified
        self._sound: list[Samples] = []

    def prepare(self, expectation: Expectation) -> None:
        """Nothing: it is asked without any question in mind."""

    def begin(self, expectation: Expectation) -> None:
        self._sound = []

    def accept(self, block: Samples) -> str:
        self._sound.append(block.copy())  # the buffer is the caller's
        return ""

    def finish(self) -> tuple[Reading, ...]:
        sound = np.concatenate(self._sound) if self._sound else np.zeros(0, np.int16)
        self._sound = []
        if len(sound) < LEAST_SECONDS * EAR_RATE or not sound.any():
            return (Reading(self.name, ""),)
        # no fallback temperatures: the same sound must always give the same text
        parts, _ = self._model.transcribe(sound.astype(np.float32) / 32768.0, language="zh", beam_size=_BEAM,
                                          temperature=0.0, condition_on_previous_text=False, vad_filter=False)
        said = ((_NO_WORD.sub(" ", self._simplified(part.text)).strip(), part) for part in parts)
        heard = [(text, part.avg_logprob, part.start, part.end) for text, part in said if text]
        if not heard:
            return (Reading(self.name, ""),)
        words = tuple((text, min(math.exp(chance), 1.0), float(start), float(end)) for text, chance, start, end in heard)
        sure = sum(word[1] for word in words) / len(words)
        return (Reading(self.name, " ".join(word[0] for word in words), sure, words),)
