"""The loudspeaker by sounddevice, and the silent one that stands in for it.

Whatever happens to the device, sounds are counted off in audio time: where nothing can be heard the captions still flow
at the pace of speech and the dialogue never waits for a sound that cannot end.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from kiosk.adapters import portaudio
from kiosk.ports.sound import Sound, SoundError
from kiosk.speaking.playqueue import PlayQueue

log = logging.getLogger(__name__)

#: Every card and every sound server takes it.
RATE = 48_000
_BLOCK = 480             # 10 ms
#: Asked of the sound server; what has left our hands cannot be called back, so silence comes 45 ms after stop(). With
#: 20 ms a busy machine underruns every few seconds, and after an underrun of PulseAudio's ALSA plugin the callbacks stop.
_LATENCY = 0.035
_LOST_AFTER = 1.0        # seconds without a callback (pitfalls 8)
_FIRST_AFTER = 3.0       # the same right after opening: a sound server that slept needs up to 1.9 s (platform.md 4)
_LOOK_EVERY = 0.25
_BACK_OFF = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_TICK = 0.02


class NullLoudspeaker:
    """Plays nothing, in the time it would take. One thread, asleep while there is nothing to play."""

    def __init__(self) -> None:
        self.queue = PlayQueue(RATE)
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="kiosk-loudspeaker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; what waits is done, not whole."""
        self._stopping = True
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def play(self, sound: Sound, on_done: Callable[[bool], None]) -> None:
        self.queue.play(sound, on_done)
        self._wake.set()

    def overlay(self, sound: Sound) -> None:
        self.queue.overlay(sound)
        self._wake.set()

    def stop(self) -> None:
        self.queue.stop()
        self._wake.set()

    def set_volume(self, volume: float) -> None:
        self.queue.set_volume(volume)

    @property
    def level(self) -> float:
        return self.queue.level

    def _work(self) -> None:
        while not self._stopping:
            self._play_silently(None)

    def _play_silently(self, seconds: float | None) -> None:
        """Count sounds off in their own time, for so many seconds (None: until there is nothing more)."""
        begun = last = time.monotonic()
        while not self._stopping and (seconds is None or last - begun < seconds):
            if self.queue.empty:
                self._wake.clear()
                if self.queue.empty and not self._stopping:
                    self._wake.wait(None if seconds is None else max(0.0, begun + seconds - last))
                last = time.monotonic()
                continue
            time.sleep(_TICK)
            now = time.monotonic()
            self.queue.pull(round((now - last) * RATE), last, 0.0)
            self.queue.settle(now)
            last = now


class SoundLoudspeaker(NullLoudspeaker):
    """One output stream that always runs, so that the first sample leaves at once. Lost devices are opened again.

    wanted    '' for the sound server's default, or a name of PortAudio's list
    on_state  (works, reason) whenever it changes, from this object's own thread
    """

    def __init__(self, wanted: str = "", on_state: Callable[[bool, str], None] = lambda works, reason: None) -> None:
        super().__init__()
        self._wanted = wanted
        self._on_state = on_state
        self._stream: Any = None
        self._finished = False
        self._called_at = 0.0
        self._works: bool | None = None

    @property
    def works(self) -> bool:
        return self._stream is not None

    def close(self) -> None:
        super().close()
        self._let_go()

    def _work(self) -> None:
        attempt = 0
        while not self._stopping:
            try:
                self._open()
            except SoundError as error:
                self._tell(False, error.reason)
                self._play_silently(None if error.lasting else _BACK_OFF[min(attempt, len(_BACK_OFF) - 1)])
                attempt += 1
                continue
            attempt = 0
            self._tell(True, "")
            self._watch()
            self._let_go()

    def _open(self) -> None:
        sound = portaudio.library()
        device = portaudio.find_device(self._wanted, "output")
        self._finished, self._called_at = False, time.monotonic() + _FIRST_AFTER - _LOST_AFTER
        self._stream = portaudio.open_stream(lambda: sound.OutputStream(
            device=device, samplerate=RATE, channels=2, dtype="float32", blocksize=_BLOCK, latency=_LATENCY,
            callback=self._fill, finished_callback=self._on_finished))
        log.info("loudspeaker opened", extra={"device": device})

    def _fill(self, out: Any, frames: int, when: Any, status: Any) -> None:
        """The audio thread."""
        now = self._called_at = time.monotonic()
        delay = when.outputBufferDacTime - when.currentTime
        if not 0.0 < delay < 1.0:  # some hosts give no times
            delay = _LATENCY
        out[:] = self.queue.pull(frames, now, delay)[:, None]

    def _on_finished(self) -> None:
        self._finished = True
        self._wake.set()

    def _watch(self) -> None:
        """Return when the stream has died or we are to stop."""
        while not (self._stopping or self._finished):
            self._wake.wait(_LOOK_EVERY)
            self._wake.clear()
            if time.monotonic() - self._called_at > _LOST_AFTER:
                return

    def _let_go(self) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            portaudio.close_stream(stream)
        except SoundError as error:
            self._tell(False, error.reason)

    def _tell(self, works: bool, reason: str) -> None:
        if works == self._works:
            return
        if not works:
            log.info("no loudspeaker", extra={"reason": reason})
        self._works = works
        self._on_state(works, reason)
