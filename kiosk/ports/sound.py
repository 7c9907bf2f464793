"""Sound as the rooms hand it to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
