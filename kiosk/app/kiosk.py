"""One kiosk, put together and alive: used by `kiosk run`, by rehearsals, measurements and end-to-end tests alike."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from kiosk import places
from kiosk.adapters.headphones import HeadphoneSocket
from kiosk.adapters.lan_staff import LanStaffCall
from kiosk.adapters.loudspeaker import NullLoudspeaker
from kiosk.adapters.simulated_devices import DemoSocket, SimulatedIdReader, SimulatedStaffCall
from kiosk.app import compose, memory
from kiosk.app.answers import Preparing, asking
from kiosk.app.bulletin_board import BulletinBoard
from kiosk.app.conductor import Conductor
from kiosk.app.demo_tray import DemoTray
from kiosk.app.dialect_models import DialectModels
from kiosk.app.hearing import Meaning
from kiosk.app.live_meaning import LiveMeaning
from kiosk.app.live_rules import LiveRules
from kiosk.app.meaning import understanding
from kiosk.app.samples import samples
from kiosk.app.settings import Site
from kiosk.app.speech import Speech
from kiosk.dialogue import events as ev
from kiosk.dialogue.view import Screen
from kiosk.language.evidence import DialectBelief, load_trust
from kiosk.listening.ear import Ear
from kiosk.listening.listener import Callbacks, Listener
from kiosk.ports.devices import IdCard
from kiosk.ports.ears import EarReport, HearingState, Microphone
from kiosk.ports.printer import Printer
from kiosk.ports.voice import Channel
from kiosk.speaking.voices import VoiceChain
from kiosk.ui.bridge import Bridge
from kiosk.ui.window import KioskWindow, ScreenOptions

log = logging.getLogger(__name__)


#: Sample holders on the tray of the demonstration: retired with one card and with three, too young, frozen.
TRAY = ("h01", "h03", "h06", "h10")


#: How often an idle kiosk looks whether the hall has learnt something, and whether it must start anew.
IDLE_SECONDS = 30


#: How often the kiosk looks whether a notice was put up.
BOARD_SECONDS = 1


@dataclass(frozen=True)
class Outside:
    """The devices of this machine, or what stands for them in a rehearsal.

    make_ear loads models; it is called on the listening thread. The voice is loaded in the background.
    """

    microphone: Microphone
    loudspeakers: Mapping[Channel, NullLoudspeaker]
    make_ear: Callable[[Meaning], Ear]
    voice: VoiceChain
    printer: Printer
    on_effect: Callable[[ev.Effect], None] | None = None
    render_ahead: bool = True
    tray: bool = True


def screen_options(site: Site) -> ScreenOptions:
    s = site.screen
    return ScreenOptions(hall=site.machine.hall, mm_per_px=s.mm_per_px, hand_mm=s.hand_mm, theme=s.theme,
                         guide=s.guide, reduced_motion=s.reduced_motion, production=site.production)


class Kiosk(QObject):
    """Make it, open its window, then call start() once the first frame is on the screen; stop() at the end."""

    _asked_to_look = Signal(object)

    def __init__(self, site: Site, outside: Outside) -> None:
        super().__init__()
        self._site, self._outside = site, outside
        self.bridge = Bridge()
        self.window = KioskWindow(self.bridge, screen_options(site))
        self.reader = SimulatedIdReader(production=site.production) if site.reader.kind == "simulated" else None
        self.staff, self._calling = compose.staff_call(site, self._later)
        self.headphones = HeadphoneSocket()
        self._demo: DemoSocket | None = None
        self._tray: DemoTray | None = None
        self._hears: bool | None = None
        self._when_listening: Callable[[], None] | None = None
        self._when_stuck: Callable[[], None] = lambda: None
        self._last_report = EarReport(HearingState.OFF)
        self._asked_to_look.connect(self._describe, Qt.ConnectionType.BlockingQueuedConnection)
        self.conductor: Conductor

    # ------------------------------------------------------------ life

    def start(self) -> None:
        """Everything after the first frame. Raises DataError when a data file is wrong."""
        site, outside = self._site, self._outside
        meaning = understanding(site.packs)
        near = {code for code, pack in meaning.packs.items() if pack.near}
        engine = compose.engine(site, compose.sentences(), near, DialectModels(site.folder).offered())
        self.centre = compose.demo_centre(site)
        self.rules = LiveRules(lambda: compose.rule_book(site), compose.rule_shelf(site).stamp)
        self.counter = compose.counter(site, compose.paper(site), outside.printer, centre=self.centre, rules=self.rules)
        self.counter.reconcile()
        self.understander = LiveMeaning(meaning, site.packs, lambda: understanding(site.packs))
        self.notebook = compose.notebook(site)
        self.speech = Speech(outside.voice, outside.loudspeakers, on_spoken=self._spoken,
                             on_clause=self.bridge.clause.emit, public_numbers=(site.machine.hotline,))
        engine_of_meaning = self.understander
        questions = asking(self.understander, meaning)
        self._questions = Preparing(questions)
        self.listener = Listener(outside.microphone, lambda: outside.make_ear(engine_of_meaning), Callbacks(
            on_report=self._ear_report, on_voice_started=self.bridge.voice_started.emit,
            on_heard=self.bridge.heard.emit))
        self.conductor = Conductor(engine=engine, bridge=self.bridge, face=self.window, mouth=self.speech.player,
                                   ears=self.listener, counter=self.counter, understander=questions,
                                   staff=self._calling, new_visit=compose.new_visit,
                                   end_visit=self._end_visit, on_effect=self._on_effect,
                                   belief=DialectBelief(load_trust(places.ASSETS)[1]),
                                   on_meaning=self.notebook.heard if self.notebook else None)
        for loudspeaker in self._loudspeakers():
            loudspeaker.start()
        self.speech.start(engine.fixed_lines(), render_ahead=outside.render_ahead)
        self.listener.start()
        self._start_devices()
        self._idle = QTimer(self)
        self._idle.timeout.connect(self.understander.look)
        self._idle.timeout.connect(self.rules.look)
        self._idle.timeout.connect(self._on_idle)
        self._idle.start(IDLE_SECONDS * 1000)
        self._board = BulletinBoard(site.folder)
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look_at_the_board)
        self._watch.start(BOARD_SECONDS * 1000)
        self.conductor.start()

    def _start_devices(self) -> None:
        post = self.bridge.post
        if self.reader:
            self.reader.start(lambda card: post(ev.CardRead(card)), lambda: post(ev.CardRemoved()),
                              lambda reason: post(ev.ReaderFault(reason)))
        self.headphones.start(lambda plugged: post(ev.Headphones(plugged)))
        if not self._site.production and self.reader:
            staff = self.staff if isinstance(self.staff, SimulatedStaffCall) else SimulatedStaffCall(production=False)
            self._demo = DemoSocket(self._site.folder / "demo.sock", self.reader, staff, self.bridge.press,
                                    lambda plugged: post(ev.Headphones(plugged)), self._look, self.centre.misbehave,
                                    production=False)
            self._demo.start()
        if self._demo and self._outside.tray:
            cards = [(person.name, IdCard(person.name, person.number, person.card_valid_until))
                     for person in samples() if person.id in TRAY]
            self._tray = DemoTray(self.window, cards, self.put_card, self.take_card, production=False)

    def stop(self) -> None:
        if self._demo:
            self._demo.stop()
        self.headphones.stop()
        if isinstance(self.staff, LanStaffCall):
            self.staff.close()
        if self.reader:
            self.reader.stop()
        self._idle.stop()
        self._watch.stop()
        self.conductor.stop()
        self.listener.stop()
        self.understander.stop()
        self._questions.stop()
        self.rules.stop()
        if self.notebook:
            self.notebook.close()
        self.speech.stop()
        for loudspeaker in self._loudspeakers():
            loudspeaker.close()
        self.counter.end_visit()
        self.window.close()

    def when_stuck(self, then: Callable[[], None]) -> None:
        """Call `then` when the sound library has given up for this process and nobody is being served."""
        self._when_stuck = then

    def when_listening(self, then: Callable[[], None]) -> None:
        """Call `then` once, from the listening thread, when the kiosk listens for the first time."""
        self._when_listening = then

    def _loudspeakers(self) -> set[NullLoudspeaker]:
        return set(self._outside.loudspeakers.values())

    def _on_effect(self, effect: ev.Effect) -> None:
        if isinstance(effect, ev.Show):
            if self._tray:
                self._tray.settle(effect.view)
            somebody = effect.view.screen is not Screen.ATTRACT
            self.speech.serve(somebody=somebody)
            self.understander.serve(somebody)
            self.rules.serve(somebody)
        if self.notebook:
            self.notebook.on_effect(effect)
        if self._outside.on_effect:
            self._outside.on_effect(effect)

    @Slot()
    def _on_idle(self) -> None:
        """Between visits: free memory goes back, and a sound library that is stuck gets the new process without which it
        never comes back (kiosk.adapters.portaudio)."""
        session = self.conductor.session
        if session is None or session.view.screen is not Screen.ATTRACT:
            return
        memory.give_back()
        if self._last_report.reason == "stuck":
            self._when_stuck()

    # ------------------------------------------------------------ from other threads

    def _spoken(self, token: int, whole: bool) -> None:
        self.bridge.post(ev.Spoken(token, whole))

    def _ear_report(self, report: EarReport) -> None:
        """The dialogue is told only when being able to hear changes."""
        self._last_report = report
        self.bridge.ear_report.emit(report)
        if report.state is HearingState.LISTENING and self._when_listening:
            told, self._when_listening = self._when_listening, None
            told()
        if report.state is HearingState.LISTENING:
            self._questions.begin()
        if report.state is not HearingState.READY:  # listening, or known to be deaf
            self.speech.load()
        hears = report.state not in (HearingState.OFF, HearingState.DEAF)
        if hears is not self._hears:
            self._hears = hears
            self.bridge.post(ev.Hearing(hears, report.reason))

    def _end_visit(self) -> None:
        """On the devices thread, behind every task of the visit."""
        self.counter.end_visit()
        self.counter.reconcile()

    def _look(self) -> dict[str, object]:
        """What is going on, for tests and demonstrations: from the socket's thread."""
        shown: dict[str, object] = {}
        self._asked_to_look.emit(shown)  # blocks until the main thread has answered
        return shown

    @Slot(object)
    def _describe(self, shown: dict[str, object]) -> None:
        session, window = self.conductor.session, self.window
        view = window.view
        shown |= {
            "screen": str(view.screen), "title": view.title, "sentence": view.sentence, "help": view.help,
            "focus": view.focus, "place": f"{session.place.flow}.{session.place.step}" if session else "",
            "resting": self.conductor.resting, "listening": self._last_report.state is HearingState.LISTENING,
            "somebody_speaks": self._last_report.state is HearingState.HEARING,
            "hears": bool(self._hears), "deaf_because": self._last_report.sentence, "notice": view.notice,
            "said": list(self.conductor.said), "curtain": window.manner.curtain,
            "volume": window.manner.volume, "visit": session.visit_id if session else "",
            "choices": [{"id": choice.id, "label": choice.label} for choice in view.choices],
            "buttons": window.buttons(),
        }

    @Slot()
    def _look_at_the_board(self) -> None:
        bulletin = self._board.changed()
        if bulletin is not None:
            self.bridge.post(bulletin)

    def _later(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(then)
        timer.timeout.connect(timer.deleteLater)
        timer.start(round(seconds * 1000))
        return lambda: timer.stop() if shiboken6.isValid(timer) else None

    def put_card(self, card: IdCard) -> None:
        if self.reader:
            self.reader.insert(card)

    def take_card(self) -> None:
        if self.reader:
            self.reader.remove()


def after_first_frame(window: KioskWindow, then: Callable[[], None]) -> None:
    """Call `then` once the window has been painted for the first time."""
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, then))
