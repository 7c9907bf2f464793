"""Recognition by sherpa-onnx (k2-fsa): the models for dialects that the Mandarin recogniser does not understand.

Streaming models give text while somebody speaks. Offline models collect the sound and decode it in finish(), so their
whole time is waiting time after the last word; the self-test therefore asks more of them (app/dialect_models.py).

A model is described by an entry of models/sources.toml: its kind (below) and one file per role of the kind.
sherpa-onnx is optional: `pip install xiangyin-kiosk[dialects]`.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.fund.errors import WorldError
from kiosk.ports.ears import Expectation, Reading
from kiosk.ports.sound import EAR_RATE, Samples

log = logging.getLogger(__name__)

#: Threads of one decode. Two cores: the voice is silent while the kiosk listens, but screen and detector are not.
THREADS = 2
#: Sound shorter than this (a click) has no word and is not decoded; some models crash on a handful of frames.
LEAST_SECONDS = 0.1
#: Silence put behind the sound, so that the last syllable gets out of a streaming model's look-ahead.
_TAIL_SECONDS = 0.6
#: Blocks between two looks at the partial text (96 ms), as people cannot read faster.
_PARTIAL_EVERY = 3
#: How long the last word is said to last when a model tells only when its words begin.
_WORD_SECONDS = 0.2


class SherpaMissingError(WorldError):
    sentence = "没有安装方言识别引擎（sherpa-onnx），请运行 pip install 'xiangyin-kiosk[dialects]'。"


class SherpaModelError(WorldError):
    sentence = "方言识别模型不完整，请运行 kiosk models verify 检查。"


@dataclass(frozen=True)
class Kind:
    """How sherpa-onnx makes this sort of model: a factory of OnlineRecognizer or OfflineRecognizer, and its files."""

    factory: str
    roles: tuple[str, ...]
    streaming: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


KINDS: Mapping[str, Kind] = {
    "streaming_transducer": Kind("from_transducer", ("tokens", "encoder", "decoder", "joiner"), True),
    "streaming_paraformer": Kind("from_paraformer", ("tokens", "encoder", "decoder"), True),
    "streaming_zipformer_ctc": Kind("from_zipformer2_ctc", ("tokens", "model"), True),
    "streaming_wenet_ctc": Kind("from_wenet_ctc", ("tokens", "model"), True),
    "transducer": Kind("from_transducer", ("tokens", "encoder", "decoder", "joiner")),
    "paraformer": Kind("from_paraformer", ("tokens", "paraformer")),
    # numbers stay words, as everywhere in this house; the language is left to the model
    "sense_voice": Kind("from_sense_voice", ("tokens", "model"), extra={"use_itn": False}),
    "telespeech_ctc": Kind("from_telespeech_ctc", ("tokens", "model")),
    "wenet_ctc": Kind("from_wenet_ctc", ("tokens", "model")),
    "dolphin_ctc": Kind("from_dolphin_ctc", ("tokens", "model")),
    "zipformer_ctc": Kind("from_zipformer_ctc", ("tokens", "model")),
    "fire_red_ctc": Kind("from_fire_red_asr_ctc", ("tokens", "model")),
}


def load(name: str, kind: str, files: Mapping[str, Path], *, threads: int = THREADS) -> SherpaRecogniser:
    """Load a model (about a second for 130 MB). `files` by role. Raises SherpaMissingError or SherpaModelError.

    A damaged model can end the whole process inside the library: only load what has passed its self-test, which runs
    in a process of its own.
    """
    if kind not in KINDS:
        raise SherpaModelError(f"{name}: kind {kind}", f"模型 {name} 的 kind 不认识：{kind}。可以写：{'、'.join(KINDS)}。")
    wanted = KINDS[kind]
    lacking = [role for role in wanted.roles if role not in files or not files[role].is_file()]
    if lacking:
        raise SherpaModelError(f"{name}: {lacking}", f"识别模型 {name} 缺少文件（{'、'.join(lacking)}），"
                               f"请运行 kiosk models fetch {name} 安装。")
    try:
        import sherpa_onnx
    except ImportError as fault:
        raise SherpaMissingError(str(fault)) from fault
    maker = sherpa_onnx.OnlineRecognizer if wanted.streaming else sherpa_onnx.OfflineRecognizer
    began = time.perf_counter()
    try:
        engine = getattr(maker, wanted.factory)(**{role: str(files[role]) for role in wanted.roles},
                                                num_threads=threads, **wanted.extra)
    except (RuntimeError, ValueError, AssertionError, AttributeError) as fault:  # what its C++ and its wrapper raise
        raise SherpaModelError(f"{name}: {fault}", f"识别模型 {name} 载入不了，请运行 kiosk models verify {name} 检查。") \
            from fault
    log.info("recogniser loaded", extra={"model": name, "seconds": round(time.perf_counter() - began, 2)})
    return SherpaRecogniser(name, _Streaming(engine) if wanted.streaming else _Offline(engine), wanted.streaming)


class SherpaRecogniser:
    """The Recogniser port. Used by one thread. Its one Reading has the model's name as kind.

    streaming  text comes while somebody speaks; otherwise accept() always returns ''
    """

    def __init__(self, name: str, decoder: _Streaming | _Offline, streaming: bool) -> None:
        self.name, self.streaming = name, streaming
        self._decoder = decoder
        self._text, self._blocks, self._samples = "", 0, 0

    def prepare(self, expectation: Expectation) -> None:
        """Nothing: these models hold nothing against a question."""

    def begin(self, expectation: Expectation) -> None:
        self._decoder.begin()
        self._text, self._blocks, self._samples = "", 0, 0

    def accept(self, block: Samples) -> str:
        self._decoder.accept(block.astype(np.float32) / 32768.0)
        self._samples += len(block)
        self._blocks += 1
        if self._blocks % _PARTIAL_EVERY == 0:
            self._text = self._decoder.partial()
        return self._text

    def finish(self) -> tuple[Reading, ...]:
        seconds = self._samples / EAR_RATE
        if seconds < LEAST_SECONDS:
            self._decoder.begin()  # nothing of this sound reaches the next utterance
            return (Reading(self.name, ""),)
        result = self._decoder.finish()
        self._text, self._blocks, self._samples = "", 0, 0
        sure = math.exp(sum(result.log_chances) / len(result.log_chances)) if result.log_chances else 0.0
        return (Reading(self.name, result.text.strip(), min(sure, 1.0), _words(result, sure, seconds)),)


@dataclass(frozen=True)
class _Result:
    """`starts` in seconds, one per token, or none when the model does not tell; `log_chances` likewise."""

    text: str
    tokens: Sequence[str]
    starts: Sequence[float]
    log_chances: Sequence[float]


class _Streaming:
    """A new stream for each utterance: nothing is left over from the one before."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._stream = engine.create_stream()

    def begin(self) -> None:
        self._stream = self._engine.create_stream()

    def accept(self, sound: np.ndarray[Any, Any]) -> None:
        self._stream.accept_waveform(EAR_RATE, sound)
        while self._engine.is_ready(self._stream):
            self._engine.decode_stream(self._stream)

    def partial(self) -> str:
        return str(self._engine.get_result(self._stream)).strip()

    def finish(self) -> _Result:
        self.accept(np.zeros(int(_TAIL_SECONDS * EAR_RATE), np.float32))
        self._stream.input_finished()
        while self._engine.is_ready(self._stream):
            self._engine.decode_stream(self._stream)
        whole, stream = self._engine.get_result_all(self._stream), self._stream
        self.begin()
        del stream
        return _Result(str(whole.text), list(whole.tokens), list(whole.timestamps), list(whole.ys_probs))


class _Offline:
    """Collects the sound; everything is done at the end."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._sound: list[np.ndarray[Any, Any]] = []

    def begin(self) -> None:
        self._sound = []

    def accept(self, sound: np.ndarray[Any, Any]) -> None:
        self._sound.append(sound)

    def partial(self) -> str:
        return ""

    def finish(self) -> _Result:
        stream = self._engine.create_stream()
        tail = np.zeros(int(_TAIL_SECONDS * EAR_RATE), np.float32)
        stream.accept_waveform(EAR_RATE, np.concatenate([*self._sound, tail]))
        self._sound = []
        self._engine.decode_stream(stream)
        whole = stream.result
        return _Result(str(whole.text), list(whole.tokens), list(whole.timestamps),
                       list(getattr(whole, "ys_log_probs", ())))


def _words(result: _Result, sure: float, seconds: float) -> tuple[tuple[str, float, float, float], ...]:
    """The model's tokens as words; () when it does not tell their times."""
    if not result.tokens or len(result.starts) != len(result.tokens):
        return ()
    ends = [*result.starts[1:], min(result.starts[-1] + _WORD_SECONDS, max(seconds, result.starts[-1]))]
    chances = [min(math.exp(c), 1.0) for c in result.log_chances] if len(result.log_chances) == len(ends) else []
    return tuple((token.strip(), chances[at] if chances else sure, float(result.starts[at]), float(ends[at]))
                 for at, token in enumerate(result.tokens) if token.strip())

