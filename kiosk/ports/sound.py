"""Sound as the rooms hand it to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kiosk.fund.errors import WorldError

Samples = npt.NDArray[np.int16]

#: What the ears work with: 16 kHz, mono, int16.
EAR_RATE = 16_000
#: One block of the microphone and of the voice activity detector: 512 samples = 32 ms.
EAR_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Sound:
    """Mono sound. `samples` int16, shape (n,); `rate` in hertz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


class SoundError(WorldError):
    """Microphone or loudspeaker cannot be used. `reason` is a word for the log (see EarReport); `lasting` when
    trying again cannot help before somebody installs something."""

    sentence = "声音设备用不了，请检查麦克风和喇叭的接线。"

    def __init__(self, detail: str = "", sentence: str | None = None, *, reason: str = "no_device",
                 lasting: bool = False) -> None:
        super().__init__(detail, sentence)
        self.reason = reason
        self.lasting = lasting
