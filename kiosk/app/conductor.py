"""The main thread's one loop: an event comes in, the engine steps, its effects are carried out.

Everything that other threads have to say arrives through the bridge's signals, so this object is only ever touched by
the main thread. It holds no decision of its own about the conversation.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot

from kiosk.dialogue import events as ev
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.session import Session
from kiosk.dialogue.view import Screen, View
from kiosk.fund.errors import WorldError
from kiosk.language.evidence import DialectBelief
from kiosk.ports.devices import StaffCall
from kiosk.ports.ears import EarReport, Expectation, HearingState, Transcript
from kiosk.ports.tasks import Counter, Facts
from kiosk.ports.understanding import Line, Understander, Understanding
from kiosk.ports.voice import Channel
from kiosk.ui.bridge import Bridge

log = logging.getLogger(__name__)

#: How often timers are looked at, and their resolution. WCAG times are tens of seconds.
TICK_MS = 100


class Ears(Protocol):
    """What the conductor needs of the listener; a machine without ears has NoEars."""

    def prepare(self, expectation: Expectation) -> None: ...
    def open(self, expectation: Expectation) -> None: ...
    def close(self) -> None: ...


class Mouth(Protocol):
    """What the conductor needs of the player."""

    def say(self, lines: tuple[Line, ...], token: int, channel: Channel) -> None: ...
    def wording(self, line: Line, channel: Channel) -> str: ...
    def chime(self, name: str) -> None: ...
    def hush(self) -> None: ...
    def set_rate(self, rate: float) -> None: ...
    def set_volume(self, volume: float) -> None: ...
    @property
    def level(self) -> float: ...


class Face(Protocol):
    """What the conductor needs of the window."""

    def show_view(self, view: View) -> None: ...
    def show_manner(self, manner: ev.Manner) -> None: ...
    def show_ears(self, report: EarReport) -> None: ...
    def show_caption_kiosk(self, text: str, start: int = 0, end: int = 0) -> None: ...
    def show_caption_visitor(self, text: str, partial: bool = False) -> None: ...
    def set_speaking(self, level: float) -> None: ...


class NoEars:
    """A machine that cannot hear: touch and keys only."""

    def prepare(self, expectation: Expectation) -> None:
        pass

    def open(self, expectation: Expectation) -> None:
        pass

    def close(self) -> None:
        pass


class Conductor(QObject):
    """Owns the session. `on_effect` lets a rehearsal or a test watch what happens, before it is carried out, `on_meaning`
    what was understood, and as the answer to what, before the conversation answers it."""

    def __init__(self, *, engine: Engine, bridge: Bridge, face: Face, mouth: Mouth, ears: Ears, counter: Counter,
                 understander: Understander, staff: StaffCall, new_visit: Callable[[], str],
                 end_visit: Callable[[], None] = lambda: None,
                 on_effect: Callable[[ev.Effect], None] | None = None,
                 on_meaning: Callable[[Understanding, Expectation], None] | None = None,
                 belief: DialectBelief | None = None) -> None:
        super().__init__()
        self._engine, self._bridge, self._face = engine, bridge, face
        self._mouth, self._ears, self._counter = mouth, ears, counter
        self._understander, self._staff = understander, staff
        self._new_visit, self._end_visit, self._on_effect = new_visit, end_visit, on_effect
        self._on_meaning = on_meaning
        self._belief = self._no_belief = belief or DialectBelief()  # which dialect this visitor speaks
        self._session: Session | None = None
        self._devices = ThreadPoolExecutor(1, thread_name_prefix="kiosk-devices")
        self._busy_tasks = 0
        self._saying: int | None = None          # token of the speech that is not over yet
        self._captions: tuple[str, ...] = ()
        self.said: list[str] = []                 # every clause that has begun to be heard in this visit
        self._waiting: Expectation | None = None  # to listen for once nothing is being said
        self._expectation = Expectation()         # what an utterance is understood against
        self.meaning: Understanding | None = None  # of the last utterance
        self._somebody_speaks = False
        self._timers: dict[int, float] = {}       # token: seconds left
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        bridge.event.connect(self.handle)
        bridge.ear_report.connect(self._on_ear_report)
        bridge.voice_started.connect(self._on_voice_started)
        bridge.heard.connect(self._on_heard)
        bridge.clause.connect(self._on_clause)

    # ------------------------------------------------------------ life

    def start(self) -> None:
        self._begin_visit()
        self._tick.start()

    def stop(self) -> None:
        """Finish the task in hand (money and paper are never cut off), then let go of everything."""
        self._tick.stop()
        self._ears.close()
        self._mouth.hush()
        self._devices.shutdown(wait=True)

    @property
    def session(self) -> Session | None:
        return self._session

    @property
    def speaking(self) -> bool:
        return self._saying is not None

    @property
    def resting(self) -> bool:
        """Nothing is being said or done: it is the visitor's turn."""
        return self._saying is None and not self._busy_tasks

    def _begin_visit(self) -> None:
        self._timers.clear()
        self._somebody_speaks = False
        self._session, effects = self._engine.start(self._new_visit(), after=self._session)
        self._carry_out(effects)

    # ------------------------------------------------------------ events

    @Slot(object)
    def handle(self, event: ev.Event) -> None:
        """One event, whichever door it came through."""
        if self._session is None:
            return
        if isinstance(event, ev.Spoken):
            self._on_spoken(event)
        elif isinstance(event, ev.TaskDone):
            self._busy_tasks -= 1
        self._session, effects = self._engine.step(self._session, event)
        self._carry_out(effects)

    @Slot(object)
    def _on_heard(self, heard: Transcript) -> None:
        self._somebody_speaks = False
        if self.speaking:  # it was on its way when the ears were closed, and belongs to an older question
            return
        meaning = self._understander.understand_heard(heard, self._expectation)
        self.meaning = meaning
        self._face.show_caption_visitor(meaning.text or heard.text)
        if self._on_meaning:
            self._on_meaning(meaning, self._expectation)
        self._belief = self._belief.update(heard)
        self.handle(ev.Said(meaning, self._belief.leaning))

    @Slot(object)
    def _on_ear_report(self, report: EarReport) -> None:
        self._somebody_speaks = report.state is HearingState.HEARING
        self._face.show_ears(report)
        if report.partial:
            self._face.show_caption_visitor(report.partial, partial=True)

    @Slot()
    def _on_voice_started(self) -> None:
        self._somebody_speaks = True
        self.handle(ev.VoiceStarted())

    @Slot(int, int, int, int)
    def _on_clause(self, token: int, line: int, start: int, end: int) -> None:
        if token == self._saying and line < len(self._captions):
            self.said.append(self._captions[line][start:end])
            self._face.show_caption_kiosk(self._captions[line], start, end)

    def _on_spoken(self, event: ev.Spoken) -> None:
        if event.token == self._saying:
            self._saying = None
            self._face.set_speaking(0.0)
            self._listen_if_quiet()

    # ------------------------------------------------------------ effects

    def _carry_out(self, effects: tuple[ev.Effect, ...]) -> None:
        for effect in effects:
            if self._on_effect:
                self._on_effect(effect)
            match effect:
                case ev.Say():
                    self._say(effect)
                case ev.Hush():
                    self._mouth.hush()
                case ev.Show(view):
                    self._face.show_view(view)
                case ev.Listen(asked):
                    expectation = self._belief.heed(asked)
                    self._expectation = self._waiting = expectation
                    self._ears.prepare(expectation)  # while the question is still being asked
                    self._listen_if_quiet()
                case ev.StopListening():
                    self._waiting = None
                    self._ears.close()
                case ev.Do():
                    self._do(effect)
                case ev.Wake(token, seconds):
                    self._timers[token] = seconds
                case ev.Chime(name):
                    self._mouth.chime(name)
                case ev.Apply(manner):
                    self._apply(manner)
                case ev.CallStaff(reason):
                    self._staff.call(reason, lambda state: self._bridge.event.emit(ev.Staff(state)))
                case ev.EndStaffCall():
                    self._staff.end()
                case ev.Wipe():
                    self._wipe()

    def _say(self, effect: ev.Say) -> None:
        self._ears.close()
        manner = self._session.manner if self._session else ev.Manner()
        channel = Channel.HEADPHONES if manner.headphones else Channel.LOUDSPEAKER
        self._captions = tuple(self._mouth.wording(line, channel) for line in effect.lines)
        self._saying = effect.token
        self._face.show_caption_kiosk(self._captions[0] if self._captions else "")
        self._mouth.say(effect.lines, effect.token, channel)

    def _listen_if_quiet(self) -> None:
        if self._saying is None and self._waiting is not None:
            expectation, self._waiting = self._waiting, None
            self._face.show_caption_visitor("", partial=True)
            if self._session is not None and self._session.view.screen is not Screen.ATTRACT:
                self._mouth.chime("listen")  # over before the gate opens: its hold-off is longer
            self._ears.open(expectation)

    def _do(self, effect: ev.Do) -> None:
        self._busy_tasks += 1
        self._devices.submit(self._perform, effect)

    def _perform(self, effect: ev.Do) -> None:
        """On the devices thread."""
        def progress(name: str, facts: Facts) -> None:
            self._bridge.event.emit(ev.TaskProgress(effect.token, name, facts))

        try:
            outcome = self._counter.perform(effect.task, effect.facts, effect.once_key, progress)
            done = ev.TaskDone(effect.token, outcome.name, outcome.facts)
        except WorldError as fault:
            log.info("a task could not be done", extra={"task": effect.task, "reason": type(fault).__name__})
            done = ev.TaskDone(effect.token, "failed", {"reason": fault.sentence})
        except Exception:  # ours: logged with its place; the visitor gets a way out and staff
            log.exception("a task broke", extra={"task": effect.task})
            done = ev.TaskDone(effect.token, "failed", {})
        self._bridge.event.emit(done)

    def _apply(self, manner: ev.Manner) -> None:
        self._mouth.set_rate(manner.rate)
        self._mouth.set_volume(manner.volume)
        self._face.show_manner(manner)

    def _wipe(self) -> None:
        """Forget the visitor and begin anew."""
        self._captions = ()
        self._belief = self._no_belief
        self.said.clear()
        self._face.show_caption_visitor("")
        self._waiting = None
        self._devices.submit(self._end_visit)
        QTimer.singleShot(0, self._begin_visit)

    # ------------------------------------------------------------ time

    @Slot()
    def _on_tick(self) -> None:
        """Run the timers down; they stand still while sound plays, somebody speaks or a device works."""
        if self.speaking:
            self._face.set_speaking(self._mouth.level)
        if self.speaking or self._somebody_speaks or self._busy_tasks:
            return
        for token in list(self._timers):
            self._timers[token] -= TICK_MS / 1000
            if self._timers[token] <= 0:
                del self._timers[token]
                self.handle(ev.Woke(token))
