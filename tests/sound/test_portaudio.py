"""A sound library that hangs must not hang the kiosk."""

from __future__ import annotations

import threading

import pytest

from kiosk.adapters import portaudio
from kiosk.ports.sound import SoundError

pytest.importorskip("sounddevice", reason="PortAudio is not installed", exc_type=OSError)


class HangingStream:
    """What PortAudio does when the sound server dies between a stream's start and its first frame."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def start(self) -> None:
        pass

    def close(self) -> None:
        self.released.wait(30)


def test_a_stream_that_cannot_be_closed_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    silenced = []
    monkeypatch.setattr(portaudio, "_CLOSE_SECONDS", 0.05)
    monkeypatch.setattr(portaudio, "_stuck", False)
    monkeypatch.setattr(portaudio, "_silence_native_stderr", lambda: silenced.append(True))
    stream = portaudio.open_stream(HangingStream)
    with pytest.raises(SoundError) as told:
        portaudio.close_stream(stream)
    assert (told.value.reason, told.value.lasting) == ("stuck", True)
    assert "重新启动" in told.value.sentence
    assert silenced
    with pytest.raises(SoundError, match="does not let go"):
        portaudio.open_stream(HangingStream)
    stream.released.set()
