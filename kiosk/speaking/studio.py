"""From the words of a clause to the sound that is played: kept, or made by the voice, at the visitor's pace.

The voice is always asked for the same pace, and the sound is stretched afterwards (shape.stretched). So one rendering
serves all rates, a change of pace costs nothing, and slow speech stays intelligible.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

import numpy as np

from kiosk.ports.sound import Sound
from kiosk.ports.voice import Voice, VoiceError
from kiosk.speaking.cache import SoundCache
from kiosk.speaking.clauses import Clause, split
from kiosk.speaking.shape import as_floats, from_floats, shaped, stretched, with_pause
from kiosk.speaking.words import in_words

log = logging.getLogger(__name__)

#: The pace that voices are asked for: most intelligible, and close to what is wanted (docs/voice.md).
BASE_RATE = 0.9
#: Time for one character of a sentence that no voice can say, so that its caption can be read. Seconds.
_READING = 0.3


class Studio:
    """Thread-safe as far as the voice is. Never raises: what no voice can say becomes silence of its length."""

    def __init__(self, voice: Voice, cache: SoundCache | None = None) -> None:
        self._voice = voice
        self._cache = cache
        self._keepable: frozenset[str] = frozenset()
        self._complained = False

    def keep(self, sentences: Iterable[str]) -> None:
        """Only clauses of these sentences may be kept on disk: fixed ones, without anybody's data."""
        self._keepable = frozenset(clause.text for sentence in sentences for clause in split(sentence))

    @property
    def keepable(self) -> frozenset[str]:
        return self._keepable

    def ready(self, clause: Clause, rate: float) -> Sound | None:
        """The sound if it can be had at once (a few milliseconds)."""
        kept = self._kept(clause.text)
        return None if kept is None else _paced(kept, clause, rate)

    def sound(self, clause: Clause, rate: float) -> Sound:
        """The sound, made when it is not kept (up to a few seconds)."""
        return self.ready(clause, rate) or _paced(self._made(clause.text), clause, rate)

    def is_kept(self, text: str) -> bool:
        return self._cache is not None and self._cache.has(self._voice.name, text)

    def render(self, text: str) -> bool:
        """Make a keepable clause and keep it. False when no voice can."""
        if self.is_kept(text):
            return True
        try:
            self._make(text)
        except VoiceError:
            return False
        return True

    def _kept(self, text: str) -> Sound | None:
        if self._cache is None or text not in self._keepable:
            return None
        return self._cache.get(self._voice.name, text)

    def _made(self, text: str) -> Sound:
        try:
            sound = self._make(text)
        except VoiceError as error:
            if not self._complained:
                log.warning("nothing can be said", extra={"voice": self._voice.name, "reason": type(error).__name__})
            self._complained = True
            return Sound(np.zeros(round(len(text) * _READING * 16_000), np.int16), 16_000)
        self._complained = False
        return sound

    def _make(self, text: str) -> Sound:
        sound = shaped(self._voice.synthesise(in_words(text), BASE_RATE))
        if self._cache is not None and text in self._keepable:
            self._cache.put(self._voice.name, text, sound)
        return sound


def _paced(sound: Sound, clause: Clause, rate: float) -> Sound:
    samples = stretched(as_floats(sound), sound.rate, rate / BASE_RATE)
    return with_pause(from_floats(samples, sound.rate), clause.pause / rate)


class CacheFiller:
    """Fills the cache in the background, one clause after the other, and holds still while somebody is served."""

    def __init__(self, studio: Studio, on_progress: Callable[[int, int], None] = lambda done, count: None) -> None:
        """`on_progress(done, of)` is called from the background thread."""
        self._studio = studio
        self._on_progress = on_progress
        self._may = threading.Event()
        self._may.set()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self, sentences: Iterable[str]) -> None:
        """Begin with the first sentences: what a visitor hears first should come first."""
        clauses = list(dict.fromkeys(clause.text for sentence in sentences for clause in split(sentence)))
        self._thread = threading.Thread(target=self._work, args=(clauses,), name="kiosk-cache-filler", daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Somebody is here: the processor is theirs after the clause in hand."""
        self._may.clear()

    def resume(self) -> None:
        self._may.set()

    def stop(self) -> None:
        """Returns after the clause in hand."""
        self._stopping = True
        self._may.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self, clauses: list[str]) -> None:
        for done, text in enumerate(clauses):
            self._on_progress(done, len(clauses))
            self._may.wait()
            if self._stopping:
                return
            if not self._studio.render(text):
                return  # no voice works: nothing can be filled
        self._on_progress(len(clauses), len(clauses))
