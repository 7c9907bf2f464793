"""The microphone on a sound server of one's own: heard sample by sample, lost in the middle of a sentence, found again."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.adapters.microphone import SoundMicrophone
from kiosk.listening.ear import Ear
from kiosk.listening.level import loudness
from kiosk.listening.listener import Callbacks, Listener
from kiosk.listening.turns import ElderTurns, Pauses
from kiosk.ports.ears import EarReport, Expectation, HearingState, Transcript
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Samples, SoundError
from tests import pulse
from tests.pulse import PrivatePulse, write_wav
from tests.unit.listening.fakes import ScriptedRecogniser


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePulse]:
    if why := pulse.missing():
        pytest.skip(f"no private sound server: {why}")
    pytest.importorskip("sounddevice", reason="PortAudio is not installed", exc_type=OSError)
    with PrivatePulse() as server:
        yield server


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "never"
        time.sleep(0.02)


def tone(seconds: float, hertz: float = 440.0) -> Samples:
    at = np.arange(int(seconds * EAR_RATE)) / EAR_RATE
    return (8000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


class Recorder:
    """Collects what a microphone delivers."""

    def __init__(self) -> None:
        self.blocks: list[Samples] = []
        self.lost: list[str] = []

    @property
    def sound(self) -> Samples:
        return np.concatenate(self.blocks) if self.blocks else np.zeros(0, np.int16)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def test_every_sample_arrives(server: PrivatePulse, recorder: Recorder, tmp_path: Path) -> None:
    played = np.random.default_rng(5).integers(-9000, 9000, EAR_RATE * 2).astype(np.int16)
    write_wav(tmp_path / "noise.wav", played)
    microphone = SoundMicrophone()
    microphone.start(recorder.blocks.append, recorder.lost.append)
    until(lambda: len(recorder.blocks) > 5)
    server.play(tmp_path / "noise.wav")
    until(lambda: len(recorder.sound) > EAR_RATE * 2.5)
    microphone.stop()
    assert {block.shape for block in recorder.blocks} == {(EAR_BLOCK,)}
    assert recorder.lost == []
    heard, part = recorder.sound.astype(float), played[EAR_RATE // 2: EAR_RATE].astype(float)
    at = int(np.argmax(np.correlate(heard, part, "valid")))
    # the hiss of the virtual microphone is added, so equal to a few units
    assert np.abs(heard[at:at + len(part)] - part).max() <= 8


def test_after_stop_nothing_comes(server: PrivatePulse, recorder: Recorder) -> None:
    microphone = SoundMicrophone()
    microphone.start(recorder.blocks.append, recorder.lost.append)
    until(lambda: len(recorder.blocks) > 3)
    microphone.stop()
    microphone.stop()
    count = len(recorder.blocks)
    threading.Event().wait(0.2)
    assert len(recorder.blocks) == count
    assert recorder.lost == [], "our own stop is not a loss"


def test_a_source_is_chosen_by_its_name(server: PrivatePulse, recorder: Recorder) -> None:
    microphone = SoundMicrophone(pulse.MICROPHONE)
    microphone.start(recorder.blocks.append, recorder.lost.append)
    until(lambda: len(recorder.blocks) > 3)
    assert microphone.check() == ""
    microphone.stop()


def test_a_name_that_is_not_there_is_told(server: PrivatePulse, recorder: Recorder) -> None:
    with pytest.raises(SoundError) as refused:
        SoundMicrophone("usb_microphone").start(recorder.blocks.append, recorder.lost.append)
    assert "usb_microphone" in refused.value.sentence
    assert not refused.value.lasting


class LoudIsVoice:
    """VoiceActivity of a room where nothing sounds but voices."""

    def probability(self, block: Samples) -> float:
        return 0.9 if loudness(block) > 0.3 else 0.0

    def reset(self) -> None:
        pass


class Heard:
    """The whole way from the sound server, with a recogniser that always hears the same."""

    def __init__(self) -> None:
        self.reports: list[EarReport] = []
        self.transcripts: list[Transcript] = []
        self.listener = Listener(SoundMicrophone(), self._ear, Callbacks(self.reports.append,
                                                                         on_heard=self.transcripts.append))

    def _ear(self) -> Ear:
        return Ear(LoudIsVoice(), ScriptedRecogniser(*["我 要 取钱"] * 20), ElderTurns(Pauses()))

    def until(self, state: HearingState) -> None:
        until(lambda: bool(self.reports) and self.reports[-1].state is state)


@pytest.fixture
def heard(server: PrivatePulse) -> Iterator[Heard]:
    heard = Heard()
    heard.listener.start()
    heard.until(HearingState.READY)
    heard.listener.open(Expectation())
    heard.until(HearingState.LISTENING)
    yield heard
    heard.listener.stop()


@pytest.fixture(scope="module")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("voice") / "sentence.wav"
    write_wav(file, tone(2.5))
    return file


@pytest.mark.slow
def test_a_voice_is_heard(server: PrivatePulse, heard: Heard, sentence: Path) -> None:
    server.play(sentence)
    until(lambda: bool(heard.transcripts))
    assert heard.transcripts[0].text == "我要取钱"
    assert heard.transcripts[0].speech_seconds == pytest.approx(2.5, abs=0.5)


@pytest.mark.slow
@pytest.mark.unexpected_log
@pytest.mark.parametrize("fault", ["unplugged", "suspended"])
def test_lost_in_the_middle_of_a_sentence_and_found_again(server: PrivatePulse, heard: Heard, sentence: Path,
                                                          fault: str) -> None:
    player = server.play(sentence, wait=False)
    heard.until(HearingState.HEARING)
    server.unplug() if fault == "unplugged" else server.suspend(True)
    heard.until(HearingState.DEAF)
    assert heard.reports[-1].reason in ("swapped", "no_blocks", "finished", "no_device")
    assert heard.reports[-1].sentence
    player.wait(20)
    server.plug() if fault == "unplugged" else server.suspend(False)
    heard.until(HearingState.LISTENING)
    assert heard.transcripts == [], "half a sentence is not an answer"
    server.play(sentence)
    until(lambda: bool(heard.transcripts))


@pytest.mark.slow
@pytest.mark.unexpected_log
def test_the_sound_server_dies_and_comes_back(server: PrivatePulse, heard: Heard) -> None:
    server.stop_server()
    heard.until(HearingState.DEAF)
    server.start_server()
    heard.until(HearingState.LISTENING)


_WITHOUT_LIBRARY = """
import sys
sys.modules["sounddevice"] = None  # what an import finds that was not installed

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")

del sys.modules["sounddevice"]
sys.meta_path.insert(0, Missing())
from kiosk.adapters.microphone import SoundMicrophone
from kiosk.ports.sound import SoundError
try:
    SoundMicrophone().start(print, print)
except SoundError as fault:
    print(fault.reason, fault.lasting, fault.sentence)
"""


def test_without_portaudio_a_sentence_says_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", _WITHOUT_LIBRARY], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("no_library True")
    assert "libportaudio2" in done.stdout
