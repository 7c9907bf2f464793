"""The loop of the listening thread: gate, then ear; and the microphone's lifeline.

    audio thread ── put ──▶ inbox ──▶ listening thread ──▶ callbacks
    main thread ── open, close, stop ──▶ inbox

Callbacks are called on the listening thread and should only pass the value on (the bridge's signals).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.fund.errors import WorldError
from kiosk.listening.ear import Ear, Heard, Partial, Quiet, VoiceBegan
from kiosk.listening.gate import Gate
from kiosk.listening.inbox import Inbox
from kiosk.listening.level import LevelMeter
from kiosk.listening.lifeline import Lifeline
from kiosk.listening.segmenter import BLOCK_SECONDS
from kiosk.listening.watchdog import Watchdog
from kiosk.ports.clock import Clock, SystemClock
from kiosk.ports.ears import EarReport, Expectation, HearingState, Microphone, Transcript
from kiosk.ports.sound import Samples

log = logging.getLogger(__name__)

#: How long the thread sleeps at most when no sound comes; the watchdog is asked as often.
_NAP = 0.25
#: A report of the level every so many blocks (about ten a second).
_REPORT_EVERY = 3


def _nothing(*_: object) -> None:
    pass


@dataclass(frozen=True)
class Callbacks:
    """What the listener tells. All are called on the listening thread.

    on_report         state, level, what is wrong; about ten times a second while sound comes, and at every change
    on_partial        the words so far, without spaces
    on_voice_started  somebody has begun to speak
    on_heard          an utterance is over; one without any word (a cough, a door) is not told
    on_quiet          whole seconds of the listening window without speech: 1.0, 2.0, ...; from 0 after each utterance
    """

    on_report: Callable[[EarReport], None] = _nothing
    on_partial: Callable[[str], None] = _nothing
    on_voice_started: Callable[[], None] = _nothing
    on_heard: Callable[[Transcript], None] = _nothing
    on_quiet: Callable[[float], None] = _nothing


@dataclass(frozen=True)
class _Open:
    expectation: Expectation


@dataclass(frozen=True)
class _Prepare:
    expectation: Expectation


@dataclass(frozen=True)
class _Close:
    pass


@dataclass(frozen=True)
class _Lost:
    reason: str
    stream: int


@dataclass(frozen=True)
class _Stop:
    pass


_Word = _Open | _Prepare | _Close | _Lost | _Stop


class Listener:
    """The ears of the kiosk. All methods may be called from any thread and return at once (stop() joins).

    make_ear  builds detector and recogniser on the listening thread, so that loading a model delays no screen;
              raises WorldError when a model is missing: the ears are then OFF and the program goes on (pitfalls 20)
    """

    def __init__(self, microphone: Microphone, make_ear: Callable[[], Ear], callbacks: Callbacks, *,
                 clock: Clock | None = None, watchdog: Watchdog | None = None) -> None:
        clock = clock or SystemClock()
        self._make_ear, self._callbacks = make_ear, callbacks
        self._gate, self._meter = Gate(), LevelMeter()
        self._inbox: Inbox[_Word] = Inbox(clock)
        self._inbox.matters = False
        self._lifeline = Lifeline(microphone, watchdog or Watchdog(clock), self._inbox.put,
                                  lambda reason, stream: self._inbox.tell(_Lost(reason, stream)))
        self._last = EarReport(HearingState.OFF)
        self._blocks = 0
        self._partial = ""
        self._level = 0.0
        self._thread = threading.Thread(target=self._run, name="kiosk-listening", daemon=True)

    # ------------------------------------------------------------ for everybody

    def start(self) -> None:
        self._thread.start()

    def open(self, expectation: Expectation) -> None:
        """Listen for this from now on. A closed gate opens after the hold-off; an open one changes the question."""
        self._inbox.tell(_Open(expectation))

    def prepare(self, expectation: Expectation) -> None:
        """This will be listened for soon (the kiosk is still asking it): gets vocabularies ready meanwhile."""
        self._inbox.tell(_Prepare(expectation))

    def close(self) -> None:
        """Stop listening; what is being said is forgotten."""
        self._inbox.tell(_Close())

    def stop(self) -> None:
        """End the thread and let go of the microphone."""
        self._inbox.tell(_Stop())
        if self._thread.is_alive():
            self._thread.join()

    @property
    def waiting(self) -> int:
        """Blocks that have come and not been heard yet."""
        return self._inbox.waiting

    # ------------------------------------------------------------ the listening thread

    def _run(self) -> None:
        try:
            ear = self._make_ear()
        except WorldError as fault:
            log.warning("no recogniser, the kiosk goes on without ears", extra={"reason": type(fault).__name__})
            self._callbacks.on_report(EarReport(HearingState.OFF, reason="no_model", sentence=fault.sentence))
            while not isinstance(self._inbox.get(60.0), _Stop):
                pass
            return
        try:
            if self._lifeline.connect():
                self._report(ear)
            while self._once(ear):
                pass
        finally:
            self._lifeline.release()

    def _once(self, ear: Ear) -> bool:
        """Handle one thing from the inbox; False to end."""
        match thing := self._inbox.get(_NAP):
            case _Stop():
                return False
            case _Open(expectation):
                self._open(ear, expectation)
            case _Prepare(expectation):
                ear.prepare(expectation)
            case _Close():
                self._gate.close()
                self._inbox.matters = False
                self._report(ear)
            case _Lost(reason, stream):
                if self._lifeline.lost(reason, stream):
                    self._report(ear)
            case None:
                pass
            case _:
                self._take(ear, thing)
        if self._lifeline.look(idle=not ear.hearing, starved=thing is None, gap=self._inbox.gap()):
            self._report(ear)
        return True

    def _open(self, ear: Ear, expectation: Expectation) -> None:
        if self._gate.is_open:
            ear.expect(expectation)
            return
        self._inbox.forget_sound()
        self._inbox.matters = True
        self._gate.open()
        ear.begin(expectation)
        self._report(ear)

    def _take(self, ear: Ear, block: Samples) -> None:
        if self._lifeline.block(block):
            ear.begin()  # whoever was speaking when the sound broke off has been cut in two
            self._report(ear)
        self._level = self._meter.feed(block)
        if self._gate.passes() and not self._lifeline.reason:
            for thing in ear.hear(block):
                if isinstance(thing, Transcript) and self._lifeline.doubtful():
                    break
                self._pass_on(thing)
        self._blocks += 1
        if self._state(ear) is not self._last.state or self._blocks % _REPORT_EVERY == 0:
            self._report(ear)

    def _pass_on(self, thing: Heard) -> None:
        match thing:
            case VoiceBegan():
                self._partial = ""
                self._callbacks.on_voice_started()
            case Partial(text):
                self._partial = text.replace(" ", "")
                self._callbacks.on_partial(self._partial)
            case Quiet(seconds):
                self._callbacks.on_quiet(float(seconds))
            case Transcript():
                if any(reading.text for reading in thing.readings):
                    behind = self._inbox.waiting * BLOCK_SECONDS * 1000.0
                    self._callbacks.on_heard(replace(thing, after_end_ms=thing.after_end_ms + behind))

    # ------------------------------------------------------------ reports

    def _state(self, ear: Ear) -> HearingState:
        if self._lifeline.reason:
            return HearingState.OFF if self._lifeline.lasting else HearingState.DEAF
        if not self._gate.is_open:
            return HearingState.READY
        return HearingState.HEARING if ear.hearing else HearingState.LISTENING

    def _report(self, ear: Ear) -> None:
        state = self._state(ear)
        self._last = EarReport(state, self._level, self._partial if state is HearingState.HEARING else "",
                               self._lifeline.reason, self._inbox.dropped, self._lifeline.sentence)
        self._callbacks.on_report(self._last)
