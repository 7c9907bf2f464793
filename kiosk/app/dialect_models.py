"""Which recogniser serves which dialect, and whether it may be offered: its files are right and its self-test passed.

The self-test runs in a process of its own (`python -m kiosk.app.dialect_models NAME SOURCES`), because a damaged model can end
the whole process inside its library. What it found is kept in the state folder together with the digests it was found
for; when a file has changed since, the model is not offered until `kiosk models verify` has tested it again.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from kiosk import places
from kiosk.app import models
from kiosk.app.models import Model
from kiosk.fund.errors import WorldError
from kiosk.ports.ears import Expectation, Reading, Recogniser
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples

log = logging.getLogger(__name__)

FILE = "recognisers.json"
#: Decoding seconds per second of sound. An offline model decodes after the last word: all of it is waiting.
STREAMING_LIMIT, OFFLINE_LIMIT = 1.0, 0.5
#: Seconds that the self-test may take, loading included.
_PATIENCE = 300.0


class Tested(Recogniser, Protocol):
    """A recogniser of this module; `streaming` as in the adapters."""

    streaming: bool


@dataclass(frozen=True)
class Trial:
    """`factor` decoding seconds per second of sound; `load_seconds` until the model could be used."""

    passed: bool
    sentence: str
    factor: float = 0.0
    load_seconds: float = 0.0


# ------------------------------------------------------------------ the self-test


def self_test(recogniser: Tested, samples: Sequence[Samples]) -> Trial:
    """Decode each sound twice, as the ear does: it must answer each time and be quick enough.

    samples  int16 at EAR_RATE. What is heard is not judged: nobody can say here which words are right, and the same
             sound need not give the same words (sherpa-onnx adds dither)
    """
    sound, spent = 0.0, 0.0
    for sample in (*samples, *samples):
        began = time.perf_counter()
        if not decode(recogniser, sample):
            return Trial(False, "自检没通过：听完没有给出结果。")
        spent += time.perf_counter() - began
        sound += len(sample) / EAR_RATE
    factor = spent / sound if sound else 0.0
    limit = STREAMING_LIMIT if recogniser.streaming else OFFLINE_LIMIT
    if factor > limit:
        return Trial(False, f"自检没通过：这台机器太慢，一秒声音要算 {factor:.2f} 秒（最多 {limit} 秒）。", factor)
    return Trial(True, f"自检通过：一秒声音算 {factor:.2f} 秒。", factor)


def decode(recogniser: Recogniser, sample: Samples, expectation: Expectation | None = None) -> tuple[Reading, ...]:
    """One utterance from begin to finish, in blocks as they come from the microphone."""
    recogniser.begin(expectation or Expectation())
    for at in range(0, len(sample), EAR_BLOCK):
        recogniser.accept(sample[at:at + EAR_BLOCK])
    return recogniser.finish()


def made_up_sounds() -> list[Samples]:
    """Three made-up sounds: two seconds of babble-like buzz in syllables, a click, and four seconds of silence.

    No recording is shipped; these only show that the model runs and how fast.
    """
    time_axis = np.arange(2 * EAR_RATE) / EAR_RATE
    pitch = 130 + 30 * np.sin(2 * np.pi * 1.3 * time_axis)
    phase = 2 * np.pi * np.cumsum(pitch) / EAR_RATE
    buzz = np.sum([np.sin(k * phase) / k for k in range(1, 25)], axis=0)
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * time_axis), 0, 1)
    speech = (buzz * syllables * 6000).astype(np.int16)
    return [speech, speech[:EAR_BLOCK], np.zeros(4 * EAR_RATE, np.int16)]


# ------------------------------------------------------------------ which model


class DialectModels:
    """The recognisers for dialects on this terminal. Everything but available() may be called from any thread.

    state  the state folder; load makes a recogniser of a model (raises WorldError)
    """

    def __init__(self, state: Path, folder: Path | None = None, sources: Path = places.SOURCES,
                 load: Callable[[Model, Path], Tested] | None = None) -> None:
        self._state, self._folder, self._sources = state, folder or places.MODELS, sources
        self._models = tuple(model for model in models.load_models(sources) if model.engine)
        self._load = load or load_model
        self._loaded: tuple[str, Tested] | None = None
        self._refused: set[str] = set()  # would not load in this run

    def for_dialect(self, dialect: str) -> tuple[Model, ...]:
        """Models that serve the dialect, the preferred one first, installed or not."""
        return tuple(model for model in self._models if dialect in model.dialects)

    def offered(self) -> tuple[str, ...]:
        """Dialects that a visitor may be offered now: a model is there and has passed."""
        served = (dialect for model in self._models if self._ready(model) for dialect in model.dialects)
        return tuple(dict.fromkeys(served))

    def available(self, dialect: str) -> Tested | None:
        """The recogniser for the dialect, loaded (a second or so the first time), or None.

        Call it on the listening thread, which alone may use the recogniser. One model is kept in memory at a time.
        """
        for model in self.for_dialect(dialect):
            if model.name in self._refused or not self._ready(model):
                continue
            if self._loaded and self._loaded[0] == model.name:
                return self._loaded[1]
            self._loaded = None  # let go of the old model before the new one comes
            try:
                self._loaded = model.name, self._load(model, self._folder)
            except WorldError as fault:
                log.warning("a dialect model does not load", extra={"model": model.name, "reason": type(fault).__name__})
                self._refused.add(model.name)
                continue
            return self._loaded[1]
        return None

    def test(self, model: Model) -> Trial:
        """Run the self-test in a process of its own and keep what it found. Takes seconds."""
        wrong = [file.path for file in model.files if not models.is_right(file, self._folder)]
        trial = Trial(False, f"文件不对：{'、'.join(wrong)}。") if wrong else _in_a_process(model.name, self._folder, self._sources)
        self._remember(model, trial)
        return trial

    def trial(self, model: Model) -> Trial | None:
        """What the self-test found on the files that are here now; None when they are not all here."""
        prints = self._prints(model)
        if prints is None:
            return None
        known = self._known().get(model.name)
        if not isinstance(known, dict) or known.get("files") != prints:
            return Trial(False, f"这些文件还没有自检过，请运行 kiosk models verify {model.name}。")
        return Trial(bool(known.get("passed")), str(known.get("sentence", "")))

    # ------------------------------------------------------------ what is known of them

    def _ready(self, model: Model) -> bool:
        trial = self.trial(model)
        return trial is not None and trial.passed

    def _prints(self, model: Model) -> list[list[object]] | None:
        """What the files look like, without reading them: digest they are held to, size, time of change; None if gone."""
        prints: list[list[object]] = []
        for file in model.files:
            try:
                status = (self._folder / file.path).stat()
            except OSError:
                return None
            prints.append([models.digest_of(file, self._folder), status.st_size, status.st_mtime_ns])
        return prints

    def _known(self) -> dict[str, object]:
        try:
            known = json.loads((self._state / FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _remember(self, model: Model, trial: Trial) -> None:
        known = self._known() | {model.name: {**asdict(trial), "files": self._prints(model)}}
        self._state.mkdir(parents=True, exist_ok=True)
        ready = self._state / f"{FILE}.new"
        ready.write_text(json.dumps(known, ensure_ascii=False, indent=2), encoding="utf-8")
        os.replace(ready, self._state / FILE)


def load_model(model: Model, folder: Path) -> Tested:
    """Load a model of sources.toml. Raises WorldError when files or package are missing."""
    files = {file.role or file.name: folder / file.path for file in model.files}
    if model.engine == "whisper":
        from kiosk.adapters import whisper_recogniser

        return whisper_recogniser.load(files["model.bin"].parent)
    from kiosk.adapters import sherpa_recogniser

    return sherpa_recogniser.load(model.name, model.kind, files)


def by_name(name: str, folder: Path | None = None, sources: Path = places.SOURCES) -> Tested:
    """The recogniser of a model, for measurements (whisper-base is the second recogniser). Raises WorldError."""
    model = next((m for m in models.load_models(sources) if m.name == name and m.engine), None)
    if model is None:
        raise WorldError(name, f"没有叫 {name} 的识别模型。")
    return load_model(model, folder or places.MODELS)


class ByDialect:
    """The Recogniser port: Mandarin's recogniser, and that of the visitor's dialect where there is one.

    The expectation says which dialect the visitor has chosen, so switching needs no word of its own. For dialects near
    Mandarin both recognisers decode, as two witnesses; for the others (far) Mandarin's would only write nonsense.
    """

    name = "by_dialect"

    def __init__(self, mandarin: Recogniser, available: Callable[[str], Recogniser | None], near: Iterable[str]) -> None:
        self._mandarin, self._available, self._near = mandarin, available, frozenset(near)
        self._active: tuple[Recogniser, ...] = (mandarin,)

    def prepare(self, expectation: Expectation) -> None:
        """Loads the dialect's model while the kiosk still speaks, so that begin() finds it there."""
        for recogniser in self._for(expectation.dialect):
            recogniser.prepare(expectation)

    def begin(self, expectation: Expectation) -> None:
        self._active = self._for(expectation.dialect)
        for recogniser in self._active:
            recogniser.begin(expectation)

    def _for(self, dialect: str) -> tuple[Recogniser, ...]:
        own = None if dialect in ("", "auto", "mandarin") else self._available(dialect)
        beside = own is None or dialect in self._near
        return (*((own,) if own else ()), *((self._mandarin,) if beside else ()))

    def accept(self, block: Samples) -> str:
        texts = [recogniser.accept(block) for recogniser in self._active]
        return next((text for text in texts if text), "")

    def finish(self) -> tuple[Reading, ...]:
        return tuple(reading for recogniser in self._active for reading in recogniser.finish())


# ------------------------------------------------------------------ in a process of its own


def _in_a_process(name: str, folder: Path, sources: Path) -> Trial:
    command = [sys.executable, "-m", "kiosk.app.dialect_models", name, str(sources)]
    environment: Mapping[str, str] = {**os.environ, "KIOSK_MODELS": str(folder)}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, env=environment,
                              cwd=places.ROOT, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return Trial(False, "自检没通过：等了五分钟还没有结果。")
    try:
        return Trial(**json.loads(done.stdout.strip().splitlines()[-1]))
    except (ValueError, TypeError, IndexError):
        log.info("a self-test died", extra={"model": name, "code": done.returncode})
        return Trial(False, "自检没通过：识别引擎打不开这个模型，可能文件坏了或版本不合。")


def main(name: str, sources: str) -> int:
    """The child: load, test, print the trial as one line of JSON."""
    model = next((m for m in models.load_models(Path(sources)) if m.name == name), None)
    if model is None:
        return 2
    began = time.perf_counter()
    try:
        recogniser = load_model(model, places.MODELS)
        loaded = time.perf_counter() - began
        trial = self_test(recogniser, made_up_sounds())
        trial = Trial(trial.passed, trial.sentence, round(trial.factor, 3), round(loaded, 2))
    except WorldError as fault:
        trial = Trial(False, fault.sentence)
    print(json.dumps(asdict(trial), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
