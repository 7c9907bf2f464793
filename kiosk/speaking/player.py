"""The speaking thread: lines in, sound out, one clause behind the other, interruptible at any moment.

Two plain threads with an inbox each. `kiosk-speaking` decides and never waits for anything but its inbox;
`kiosk-rendering` makes the sounds that are not kept, so that clause n+1 is made while clause n plays. All callbacks
come from the speaking thread, in order; each say() is answered by exactly one on_spoken.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from kiosk.ports.sound import Sound
from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel, Loudspeaker
from kiosk.speaking.chimes import chime
from kiosk.speaking.clauses import Clause, split
from kiosk.speaking.privacy import spoken_text
from kiosk.speaking.studio import Studio

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Say:
    lines: tuple[Line, ...]
    token: int
    channel: Channel


@dataclass(frozen=True)
class _Hush:
    pass


@dataclass(frozen=True)
class _Chime:
    name: str


@dataclass(frozen=True)
class _Made:
    speech: _Speech
    index: int
    sound: Sound


@dataclass(frozen=True)
class _Played:
    speech: _Speech
    index: int
    whole: bool


@dataclass(eq=False)
class _Speech:
    """One say() in hand. `clauses` are (line index, clause); `fed` of them lie in the loudspeaker's queue."""

    token: int
    channel: Channel
    rate: float
    clauses: tuple[tuple[int, Clause], ...]
    sounds: dict[int, Sound] = field(default_factory=dict)
    fed: int = 0
    played: int = 0
    over: bool = False


class Player:
    """Says lines. `outputs` are the loudspeakers by channel (both may be the same).

    on_spoken(token, whole)             the last sample has left, or the speech was stopped (whole False)
    on_clause(token, line, start, end)  line's text[start:end] begins to be heard
    """

    def __init__(self, studio: Studio, outputs: Mapping[Channel, Loudspeaker], *,
                 on_spoken: Callable[[int, bool], None],
                 on_clause: Callable[[int, int, int, int], None] = lambda token, line, start, end: None,
                 public_numbers: Collection[str] = ("12329",)) -> None:
        self._studio = studio
        self._outputs = dict(outputs)
        self._on_spoken, self._on_clause = on_spoken, on_clause
        self._public_numbers = frozenset(public_numbers)
        self._rate = 0.9
        self._speech: _Speech | None = None
        self._channel = Channel.LOUDSPEAKER
        self._inbox: queue.SimpleQueue[_Say | _Hush | _Chime | _Made | _Played | None] = queue.SimpleQueue()
        self._jobs: queue.SimpleQueue[tuple[_Speech, int] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._speak, name="kiosk-speaking", daemon=True),
                         threading.Thread(target=self._render, name="kiosk-rendering", daemon=True)]

    # ------------------------------------------------------------ from other threads

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Silence, answer what is open, and end both threads (after the clause that is being made)."""
        self._inbox.put(None)
        self._jobs.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def say(self, lines: tuple[Line, ...], token: int, channel: Channel) -> None:
        """Say these lines, stopping what is being said."""
        self._inbox.put(_Say(lines, token, channel))

    def wording(self, line: Line, channel: Channel) -> str:
        """What say() makes of a line, for captions that equal what is said."""
        return spoken_text(line, channel, self._public_numbers)

    def hush(self) -> None:
        """Silence within 50 ms."""
        self._inbox.put(_Hush())

    def chime(self, name: str) -> None:
        """An earcon of chimes.NAMES, at once, over whatever is being said."""
        self._inbox.put(_Chime(name))

    def set_rate(self, rate: float) -> None:
        """0.6..1.4 of the voice's own pace, from the next line on."""
        self._rate = rate

    def set_volume(self, volume: float) -> None:
        """0..1, at once."""
        for output in self._outputs.values():
            output.set_volume(volume)

    @property
    def level(self) -> float:
        """Loudness 0..1 of what is leaving now, for the guide figure's mouth."""
        return self._outputs[self._channel].level

    # ------------------------------------------------------------ the speaking thread

    def _speak(self) -> None:
        while (word := self._inbox.get()) is not None:
            match word:
                case _Say():
                    self._begin(word)
                case _Hush():
                    self._end(whole=False)
                case _Chime(name):
                    self._outputs[self._channel].overlay(chime(name))
                case _Made(speech, index, sound):
                    speech.sounds[index] = sound
                    self._feed(speech)
                case _Played(speech, index, whole):
                    self._on_played(speech, index, whole)
        self._end(whole=False)

    def _begin(self, say: _Say) -> None:
        self._end(whole=False)
        texts = [self.wording(line, say.channel) for line in say.lines]
        speech = _Speech(say.token, say.channel, self._rate, _plan(texts))
        self._speech, self._channel = speech, say.channel
        if not speech.clauses:
            self._end(whole=True)
        for index, (_, clause) in enumerate(speech.clauses):
            sound = self._studio.ready(clause, speech.rate)
            if sound is None:
                self._jobs.put((speech, index))
            else:
                speech.sounds[index] = sound
                self._feed(speech)  # at once, before the others are looked for

    def _feed(self, speech: _Speech) -> None:
        """Hand the sounds that are there to the loudspeaker, in order."""
        while not speech.over and (sound := speech.sounds.pop(speech.fed, None)) is not None:
            index = speech.fed
            speech.fed += 1
            if speech.played == index:
                self._tell_clause(speech, index)
            self._outputs[speech.channel].play(sound, self._when_played(speech, index))

    def _when_played(self, speech: _Speech, index: int) -> Callable[[bool], None]:
        """Called from the audio thread: says so to the speaking thread and nothing else."""
        return lambda whole: self._inbox.put(_Played(speech, index, whole))

    def _on_played(self, speech: _Speech, index: int, whole: bool) -> None:
        if speech.over:
            return
        if not whole:  # stopped by somebody else than us
            self._end(whole=False)
            return
        speech.played = index + 1
        if speech.played == len(speech.clauses):
            self._end(whole=True)
        elif speech.played < speech.fed:
            self._tell_clause(speech, speech.played)

    def _tell_clause(self, speech: _Speech, index: int) -> None:
        line, clause = speech.clauses[index]
        self._on_clause(speech.token, line, clause.start, clause.end)

    def _end(self, whole: bool) -> None:
        speech, self._speech = self._speech, None
        if speech is None:
            return
        speech.over = True
        if not whole:
            self._outputs[speech.channel].stop()
        self._on_spoken(speech.token, whole)

    # ------------------------------------------------------------ the rendering thread

    def _render(self) -> None:
        while (job := self._jobs.get()) is not None:
            speech, index = job
            if not speech.over:
                self._inbox.put(_Made(speech, index, self._studio.sound(speech.clauses[index][1], speech.rate)))


#: Silence between two lines of one speech, in seconds at rate 1.0.
_BETWEEN_LINES = 0.5


def _plan(texts: list[str]) -> tuple[tuple[int, Clause], ...]:
    """The clauses of all lines, with the line they belong to; a breath between lines and none at the end."""
    plan: list[tuple[int, Clause]] = []
    for number, text in enumerate(texts):
        clauses = split(text)
        if clauses and plan:
            before, last = plan[-1]
            plan[-1] = before, replace(last, pause=_BETWEEN_LINES)
        plan.extend((number, clause) for clause in clauses)
    return tuple(plan)
