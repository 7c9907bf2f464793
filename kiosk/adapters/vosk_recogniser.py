"""Recognition by Vosk: one free decode with live partial text, and any number of held decodes beside it.

A held decode is the same model with a vocabulary: the phrases that the question expects, from which Vosk makes a
bigram, so words recombine. It costs a tenth of the free decode. Its text is back in the words of the packs.
Held to a vocabulary, noise becomes a random phrase with confidence 1.0 (pitfalls 10): only the two together are
evidence, and judging them is the language room's work.
"""

from __future__ import annotations

import ctypes
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import vosk

from kiosk.fund.errors import WorldError
from kiosk.ports.ears import Expectation, Reading, Vocabulary, VocabularySource
from kiosk.ports.sound import EAR_RATE, Samples

log = logging.getLogger(__name__)

MODEL = "vosk-model-small-cn-0.22"

#: Texts asked of each decoder. With more than one, Vosk tells the likelihood of each, but no confidence per word;
#: the difference in likelihood between a held and the free decode is the better evidence by far (docs/dialects.md).
_ALTERNATIVES = 3
#: Decoders kept, one per vocabulary: two questions' worth. Making one of 25,000 phrases takes 70 ms (prepare() does it
#: while the kiosk asks); each grows to 12-20 MB of search graph as it is used.
_KEPT = 8
#: Blocks between two looks at the partial text (96 ms): people read no faster, and each look costs.
_PARTIAL_EVERY = 3


class RecogniserError(WorldError):
    sentence = "没有安装语音识别模型，机器暂时听不见。请运行 kiosk models fetch 安装。"


def load(folder: Path) -> vosk.Model:
    """Load a model (0.2-0.9 s, about 160 MB). Raises RecogniserError. It may be shared by decoders of any thread."""
    if not (folder / "am" / "final.mdl").is_file():
        raise RecogniserError(f"{folder}: no model")
    vosk.SetLogLevel(-1)  # Vosk writes to stderr, past our log
    began = time.perf_counter()
    try:
        model = vosk.Model(str(folder))
    except Exception as fault:  # vosk raises bare Exception
        raise RecogniserError(f"{folder}: {fault}", "语音识别模型坏了，请运行 kiosk models verify 检查。") from fault
    log.info("recogniser loaded", extra={"model": folder.name, "seconds": round(time.perf_counter() - began, 2)})
    return model


class VoskRecogniser:
    """The Recogniser port. Used by one thread; the model may be shared."""

    name = "vosk"

    def __init__(self, model: vosk.Model, vocabularies: VocabularySource | None = None) -> None:
        self._model, self._vocabularies = model, vocabularies
        self._free = _Decoder(vosk.KaldiRecognizer(model, EAR_RATE))
        self._held: tuple[tuple[Vocabulary, _Decoder], ...] = ()
        self._kept: OrderedDict[tuple[str, ...], _Decoder] = OrderedDict()
        self._text, self._blocks = "", 0

    def prepare(self, expectation: Expectation) -> None:
        for vocabulary in self._wanted(expectation):
            self._decoder(vocabulary)

    def begin(self, expectation: Expectation) -> None:
        self._free.begin()
        self._held = tuple((vocabulary, self._decoder(vocabulary)) for vocabulary in self._wanted(expectation))
        for _, decoder in self._held:
            decoder.begin()
        _same_dither()
        self._text, self._blocks = "", 0

    def accept(self, block: Samples) -> str:
        sound = block.tobytes()
        self._free.accept(sound)
        for _, decoder in self._held:
            decoder.accept(sound)
        self._blocks += 1
        if self._blocks % _PARTIAL_EVERY == 0:
            self._text = self._free.partial()
        return self._text

    def finish(self) -> tuple[Reading, ...]:
        held = (_back(decoder.finish(f"held:{vocabulary.name}"), vocabulary.back) for vocabulary, decoder in self._held)
        return (self._free.finish("free"), *held)

    def _wanted(self, expectation: Expectation) -> list[Vocabulary]:
        if self._vocabularies is None:
            return []
        wanted = (self._vocabularies.vocabulary(expectation, dialect)
                  for dialect in self._vocabularies.dialects(expectation))
        return [vocabulary for vocabulary in wanted if vocabulary.phrases]

    def _decoder(self, vocabulary: Vocabulary) -> _Decoder:
        key = (vocabulary.name, *vocabulary.phrases)  # by name too: two held decodes never share a decoder
        decoder = self._kept.pop(key, None)
        if decoder is None:
            grammar = json.dumps(vocabulary.phrases, ensure_ascii=False)
            decoder = _Decoder(vosk.KaldiRecognizer(self._model, EAR_RATE, grammar))
        self._kept[key] = decoder
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return decoder


def _same_dither() -> None:
    """WORKAROUND: Kaldi adds noise of one unit to the sound, drawn from the C library's rand(), and the model's own
    settings switch it on; borderline utterances would be heard differently each time. Begun from the same seed, the
    same sound is always heard the same."""
    with suppress(AttributeError, OSError):  # where the C library is not found, only repeatability is lost
        ctypes.CDLL(None).srand(1)


class _Decoder:
    """A KaldiRecognizer that starts each utterance from nothing, so that results do not depend on what came before."""

    def __init__(self, recogniser: vosk.KaldiRecognizer) -> None:
        self._recogniser = recogniser
        self._recogniser.SetWords(True)
        self._recogniser.SetMaxAlternatives(_ALTERNATIVES)
        self._dirty = False
        self._seconds = self._began = 0.0  # Vosk counts time from the making of the decoder

    def begin(self) -> None:
        if self._dirty:  # an utterance was given up; only FinalResult() drops its sound and speaker adaptation
            self._recogniser.FinalResult()
        self._dirty = False
        self._began = self._seconds

    def accept(self, sound: bytes) -> None:
        """Vosk's own endpoints (its return value) are ignored: the segmenter decides (pitfalls 11)."""
        self._dirty = True
        self._seconds += len(sound) / 2 / EAR_RATE
        self._recogniser.AcceptWaveform(sound)

    def partial(self) -> str:
        return str(json.loads(self._recogniser.PartialResult()).get("partial", ""))

    def finish(self, kind: str) -> Reading:
        self._dirty = False
        found = json.loads(self._recogniser.FinalResult())["alternatives"]
        best = found[0]
        others = ((str(other["text"]).strip(), float(other["confidence"])) for other in found[1:])
        words = tuple((str(word["word"]), 1.0, round(float(word["start"]) - self._began, 2),
                       round(float(word["end"]) - self._began, 2))
                      for word in best.get("result", ()))
        return Reading(kind, str(best["text"]).strip(), 1.0 if words else 0.0, words, float(best["confidence"]),
                       tuple(other for other in others if other[0]))


def _back(reading: Reading, back: Mapping[str, str]) -> Reading:
    """Respelled words to the original ones, the longest run of words first; times of a run are taken together."""
    if not back or not reading.words:
        return reading
    longest = max(key.count(" ") + 1 for key in back)
    words: list[tuple[str, float, float, float]] = []
    at = 0
    while at < len(reading.words):
        for count in range(min(longest, len(reading.words) - at), 0, -1):
            run = reading.words[at:at + count]
            original = back.get(" ".join(word[0] for word in run))
            if original is not None or count == 1:
                sure = sum(word[1] for word in run) / count
                words.append((original if original is not None else run[0][0], sure, run[0][2], run[-1][3]))
                at += count
                break
    others = tuple((_back_text(text, back), likelihood) for text, likelihood in reading.others)
    words = [word for word in words if word[0]]  # a sound before speech stands for nothing
    return replace(reading, text=" ".join(word[0] for word in words), words=tuple(words), others=others)


def _back_text(text: str, back: Mapping[str, str]) -> str:
    """The same for a text without times."""
    spoken = tuple((word, 1.0, 0.0, 0.0) for word in text.split())
    return _back(Reading("", text, words=spoken), back).text
