"""What came out of a loudspeaker."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.adapters.wav_microphone import read_sound
from kiosk.ports.sound import Samples
from tests.pulse import SPEAKER, PrivatePulse


@contextlib.contextmanager
def recorded(server: PrivatePulse, file: Path, sink: str = SPEAKER) -> Iterator[Callable[[], Samples]]:
    """Record a sink; the function that is given tells what came, once this is left."""
    process = server.record_to(file, sink)
    try:
        yield lambda: read_sound(file)
    finally:
        process.terminate()
        process.wait(10)
