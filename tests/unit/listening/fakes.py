"""Ears whose every part is told what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import numpy as np

from kiosk.listening.segmenter import BLOCK_SECONDS
from kiosk.ports.ears import Expectation, Reading
from kiosk.ports.sound import EAR_BLOCK, Samples, SoundError


def block(value: int = 1) -> Samples:
    return np.full(EAR_BLOCK, value, np.int16)


def blocks(seconds: float, value: int = 1) -> list[Samples]:
    return [block(value)] * round(seconds / BLOCK_SECONDS)


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        return self.seconds


class LoudIsSpeech:
    """VoiceActivity: the value of the block's samples in per cent is the probability."""

    def __init__(self) -> None:
        self.resets = 0

    def probability(self, block: Samples) -> float:
        return float(block[0]) / 100.0

    def reset(self) -> None:
        self.resets += 1


class ScriptedRecogniser:
    """Recogniser: after each `words_every` loud blocks the next word of the script is known."""

    name = "script"

    def __init__(self, *scripts: str, words_every: int = 5) -> None:
        self._scripts = list(scripts)
        self._every = words_every
        self._words: list[str] = []
        self._loud = 0
        self.begun: list[Expectation] = []
        self.prepared: list[Expectation] = []
        self.fed: list[int] = []

    def prepare(self, expectation: Expectation) -> None:
        self.prepared.append(expectation)

    def begin(self, expectation: Expectation) -> None:
        self.begun.append(expectation)
        self._words = self._scripts.pop(0).split() if self._scripts else []
        self._loud = 0
        self.fed = []

    def accept(self, block: Samples) -> str:
        self.fed.append(int(block[0]))
        self._loud += block[0] >= 50
        return " ".join(self._words[:self._loud // self._every])

    def finish(self) -> tuple[Reading, ...]:
        return (Reading("free", " ".join(self._words), 1.0),)


class FakeMicrophone:
    """Microphone: `trouble` lists what each start() does ('' works); blocks are given by the test."""

    def __init__(self, trouble: Iterable[str] = ()) -> None:
        self._trouble = list(trouble)
        self.on_block: Callable[[Samples], None] | None = None
        self.on_lost: Callable[[str], None] | None = None
        self.starts = self.stops = 0
        self.swapped = ""

    def start(self, on_block: Callable[[Samples], None], on_lost: Callable[[str], None]) -> None:
        self.starts += 1
        trouble = self._trouble.pop(0) if self._trouble else ""
        if trouble:
            raise SoundError(trouble, "没有麦克风。", reason=trouble, lasting=trouble == "no_library")
        self.on_block, self.on_lost = on_block, on_lost

    def stop(self) -> None:
        self.stops += 1
        self.on_block = self.on_lost = None

    def check(self) -> str:
        return self.swapped
