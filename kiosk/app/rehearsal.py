"""Plays one rehearsal: the kiosk with a visitor made of sound files in front of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from kiosk import places
from kiosk.adapters.file_printer import FilePrinter
from kiosk.adapters.kokoro import Kokoro
from kiosk.adapters.wav_loudspeaker import WavLoudspeaker
from kiosk.adapters.wav_microphone import WavMicrophone, read_sound
from kiosk.app import hearing, settings, speech
from kiosk.app.cmd_demo import lay_paper
from kiosk.app.cmd_verify import verify_file
from kiosk.app.kiosk import Kiosk, Outside
from kiosk.app.rehearse import Act, Report, Script, Turn
from kiosk.app.samples import card_of
from kiosk.dialogue import events as ev
from kiosk.fund.errors import WorldError
from kiosk.listening.resample import to_ear_rate
from kiosk.ports.devices import Key
from kiosk.ports.ears import EarReport, HearingState, Transcript
from kiosk.ports.sound import EAR_RATE, Samples, Sound
from kiosk.ports.voice import Channel

#: The visitor waits this long after the kiosk is at rest, and gives up after so many seconds.
REST_SECONDS, PATIENCE_SECONDS = 0.4, 90.0
#: After the last act the kiosk has so long to say goodbye.
GOODBYE_SECONDS = 15.0


class RehearsalLoudspeaker(WavLoudspeaker):
    """Writes what is said, at once, and tells when."""

    def __init__(self, folder: Path, on_sound: Callable[[Sound], None]) -> None:
        super().__init__(folder)
        self._on_sound = on_sound

    def play(self, sound: Sound, on_done: Callable[[bool], None]) -> None:
        self._on_sound(sound)
        super().play(sound, on_done)


class Rehearsal(QObject):
    """One visit. Make it in the main thread of a QApplication, then play()."""

    def __init__(self, script: Script, out: Path, site: settings.Site, visitor: Path | None,
                 say: Callable[[str], None]) -> None:
        super().__init__()
        self._script, self._out, self._say = script, out, say
        out.mkdir(parents=True, exist_ok=True)
        self._site = replace_state(site, out / "state")
        self._microphone = WavMicrophone(lambda: self._kiosk.listener.waiting, hurry=False)
        self._lines = self._visitor_lines(visitor)
        self._turns = [Turn("", "")]
        self._acts = list(script.turns)
        self._papers = out / "papers"
        self._loudspeaker = RehearsalLoudspeaker(out / "kiosk", self._on_sound)
        self._kiosk = Kiosk(self._site, Outside(
            microphone=self._microphone, loudspeakers={channel: self._loudspeaker for channel in Channel},
            make_ear=lambda engine: hearing.make_ear(self._site, engine), voice=speech.make_voice(site),
            printer=FilePrinter(self._papers, production=site.production), on_effect=self._on_effect,
            render_ahead=False, tray=False))
        self._listening = False
        self._rested = 0.0
        self._began = self._turn_began = time.monotonic()
        self._heard_at = self._answered_at = 0.0
        self._finished = False
        self._loop = QEventLoop()
        self._fault: BaseException | None = None

    # ------------------------------------------------------------ the visitor's voice

    def _visitor_lines(self, folder: Path | None) -> list[Samples]:
        """What the visitor says, 16 kHz: recordings of `folder` in order, or spoken by the script's voice."""
        spoken = self._script.spoken
        if folder is not None:
            files = sorted(path for path in folder.glob("*") if path.suffix in (".wav", ".flac"))
            if len(files) < len(spoken):
                raise WorldError(str(folder), f"{folder} 里要有 {len(spoken)} 段录音（01.wav、02.wav …），只找到 {len(files)} 段。")
            return [read_sound(file) for file in files[:len(spoken)]]
        self._say(f"排演“{self._script.title}”：正在录来访者的 {len(spoken)} 句话……")
        voice = Kokoro(places.MODELS, self._script.voice)
        sounds = [voice.synthesise(line, self._script.speed) for line in spoken]
        (self._out / "visitor").mkdir(exist_ok=True)
        lines = [to_ear_rate(sound.samples, sound.rate) for sound in sounds]
        for number, samples in enumerate(lines, 1):
            write_wav(self._out / "visitor" / f"{number:02}.wav", Sound(samples, EAR_RATE))
        return lines

    # ------------------------------------------------------------ playing

    def play(self, application: QApplication) -> Report:
        kiosk = self._kiosk
        kiosk.window.open_at(1080, 1920)
        application.processEvents()
        kiosk.start()
        kiosk.bridge.ear_report.connect(self._on_ears)
        kiosk.bridge.heard.connect(self._on_heard)
        kiosk.speech.wait_until_loaded()
        watch = QTimer(self)
        watch.timeout.connect(self._on_watch)
        watch.start(50)
        self._turn_began = self._rested = time.monotonic()
        usual, sys.excepthook = sys.excepthook, self._broke
        try:
            self._loop.exec()
        finally:
            sys.excepthook = usual
        watch.stop()
        if self._fault is not None:
            kiosk.stop()
            raise self._fault
        self._close_turn()
        kiosk.stop()
        return self._report()

    def _broke(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        """An exception in a slot would only be printed; here it ends the rehearsal."""
        self._fault = fault
        self._loop.quit()

    @Slot()
    def _on_watch(self) -> None:
        now = time.monotonic()
        if now - self._turn_began > PATIENCE_SECONDS:
            self._say("等得太久了，排演停下。")
            return self._loop.quit()
        if not self._kiosk.conductor.resting or self._microphone.speaking:
            self._rested = now
            return
        if now - self._rested < REST_SECONDS:
            return
        if self._turns[-1].act == "say" and not self._turns[-1].heard and now - self._turn_began < 20.0:
            return  # still listening to what was said last
        if not self._acts:
            if self._finished or now - self._turn_began > GOODBYE_SECONDS:
                self._loop.quit()
            return
        if self._acts[0].what == "say" and not self._listening:
            return
        self._close_turn()
        self._act(self._acts.pop(0))

    def _act(self, act: Act) -> None:
        self._turns.append(Turn(act.what, act.value))
        self._turn_began = self._rested = time.monotonic()
        self._heard_at = 0.0
        kiosk = self._kiosk
        match act.what:
            case "say":
                samples = self._lines.pop(0)
                self._turns[-1].visitor_seconds = len(samples) / EAR_RATE
                self._say(f"您：{act.value}")
                self._microphone.speak(samples)
            case "card":
                kiosk.put_card(card_of(act.value))
            case "take":
                kiosk.take_card()
            case "key":
                kiosk.bridge.press(Key(act.value))
            case "touch":
                kiosk.bridge.choose(act.value)
            case "type":
                for character in act.value:
                    kiosk.bridge.type(character)
            case "headphones":
                kiosk.bridge.post(ev.Headphones(act.value == "in"))
            case "notice":
                kiosk.bridge.post(ev.Bulletin(act.value))
            case "paper":
                kind, _, whose = act.value.partition(" ")
                lay_paper(self._site, kind, whose)

    def _close_turn(self) -> None:
        turn = self._turns[-1]
        turn.seconds = time.monotonic() - self._turn_began + turn.kiosk_seconds
        picture = self._out / f"{len(self._turns):02}-{self._kiosk.window.view.screen}.png"
        self._kiosk.window.grab().save(str(picture))
        turn.screen = picture.name

    # ------------------------------------------------------------ what happens

    @Slot(object)
    def _on_ears(self, report: EarReport) -> None:
        self._listening = report.state is HearingState.LISTENING

    @Slot(object)
    def _on_heard(self, heard: Transcript) -> None:
        turn = self._turns[-1]
        meaning = self._kiosk.conductor.meaning
        if meaning is not None:
            turn.heard, turn.intent, turn.decision = meaning.text or heard.text, meaning.intent, str(meaning.decision)
        turn.decided_ms = heard.after_end_ms
        self._heard_at = time.monotonic()

    def _on_effect(self, effect: ev.Effect) -> None:
        turn = self._turns[-1]
        if isinstance(effect, ev.Say):
            session = self._kiosk.conductor.session
            channel = Channel.HEADPHONES if session is not None and session.manner.headphones else Channel.LOUDSPEAKER
            said = [self._kiosk.speech.player.wording(line, channel) for line in effect.lines]
            turn.says += said
            self._say("机器：" + "".join(said))
        elif isinstance(effect, ev.Wipe):
            self._finished = effect.reason == "finished"

    def _on_sound(self, sound: Sound) -> None:
        """From the player's thread: a sound goes to the loudspeaker."""
        turn = self._turns[-1]
        turn.kiosk_seconds += sound.seconds
        if self._heard_at and not turn.answered_ms:
            turn.answered_ms = (time.monotonic() - self._heard_at) * 1000.0

    # ------------------------------------------------------------ the end

    def _report(self) -> Report:
        papers = sorted(self._papers.glob("*.pdf"))
        return Report(self._script.name, self._script.title, self._finished and not self._acts,
                      sum(turn.seconds for turn in self._turns), str(self._out), [str(paper) for paper in papers],
                      [self._verify(paper) for paper in papers if "KIOSK-" in paper.name], self._turns)

    def _verify(self, paper: Path) -> str:
        """In the words of `kiosk verify`, with this rehearsal's own keys and journal."""
        return f"{paper.name}：{verify_file(paper, self._site, self._kiosk.counter.checker).sentence}"


def replace_state(site: settings.Site, folder: Path) -> settings.Site:
    """The same terminal with a state folder of its own, so that a rehearsal changes nothing."""
    import msgspec

    return msgspec.structs.replace(site, state=str(folder))


def write_wav(file: Path, sound: Sound) -> None:
    import wave

    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sound.rate)
        out.writeframes(sound.samples.astype("<i2").tobytes())
