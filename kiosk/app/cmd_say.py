"""`kiosk say`: a sentence to speech, by the very objects that the live kiosk speaks with.

    kiosk say TEXT                 aloud, on this machine's loudspeaker
    kiosk say TEXT --out FILE      into a WAV file
    kiosk say TEXT --check         let the recogniser listen to it: character error rate (CER)
"""

from __future__ import annotations

import argparse
import functools
import json
import re
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from kiosk import places
from kiosk.adapters.kokoro import DEFAULT, Kokoro
from kiosk.adapters.loudspeaker import SoundLoudspeaker
from kiosk.adapters.pyttsx3_voice import Pyttsx3Voice
from kiosk.adapters.wav_loudspeaker import WavLoudspeaker
from kiosk.fund.errors import WorldError
from kiosk.listening.resample import to_ear_rate
from kiosk.ports.ears import Expectation, Recogniser
from kiosk.ports.sound import EAR_BLOCK, EAR_RATE, Sound
from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel, Loudspeaker, Voice, VoiceError
from kiosk.speaking.player import Player
from kiosk.speaking.studio import Studio
from kiosk.speaking.voices import VoiceChain
from kiosk.speaking.words import in_words

FALLBACK = "pyttsx3"


@dataclass(frozen=True)
class Spoken:
    """`first_sound_ms` from the request to the first sample handed over; `cer` -1 when nobody listened."""

    voice: str
    first_sound_ms: float
    making_seconds: float
    seconds: float
    heard: str = ""
    cer: float = -1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", help="要说的话")
    parser.add_argument("--voice", default=DEFAULT, metavar="NAME",
                        help=f"嗓音：models/files/kokoro/voices 里的名字（默认 {DEFAULT}），或 {FALLBACK}")
    parser.add_argument("--rate", type=float, default=0.9, help="语速 0.6 到 1.4（默认 0.9）")
    parser.add_argument("--out", type=Path, metavar="FILE", help="写到 WAV 文件，不出声")
    parser.add_argument("--check", action="store_true", help="让识别器听一遍，报告听错多少字")


def run(args: argparse.Namespace) -> int:
    """0 when it was said, 1 when --check heard more than a third of it wrong. Raises WorldError."""
    if not 0.6 <= args.rate <= 1.4:
        raise WorldError(sentence="语速要在 0.6 到 1.4 之间。")
    choices: list[tuple[str, Callable[[], Voice]]] = [(FALLBACK, Pyttsx3Voice)]
    if args.voice != FALLBACK:
        choices.insert(0, (f"kokoro/{args.voice}", lambda: Kokoro(places.MODELS, args.voice)))
    voice = VoiceChain(choices)
    try:
        report = voice.load()
        if not report.name:
            raise VoiceError(report.reason, f"这台机器没有能用的声音。{report.reason}")
        if report.reason:
            print(report.reason, file=sys.stderr)
        spoken = _say(args, voice)
    finally:
        voice.close()
    if args.json:
        print(json.dumps(asdict(spoken), ensure_ascii=False))
    else:
        _print(spoken)
    return 1 if spoken.cer > 1 / 3 else 0


def _say(args: argparse.Namespace, voice: VoiceChain) -> Spoken:
    if args.out is None and not args.check:
        speaker = SoundLoudspeaker()
        speaker.start()
        try:
            return _play(args, voice, speaker, 0.0)
        finally:
            speaker.close()
    with tempfile.TemporaryDirectory() as folder:
        files = WavLoudspeaker(Path(folder))
        files.start()
        file = files.begin("speech")
        spoken = _play(args, voice, files, 0.0)
        with wave.open(str(file), "rb") as written:
            sound = Sound(np.frombuffer(written.readframes(written.getnframes()), np.int16), written.getframerate())
        if args.out is not None:
            args.out.parent.mkdir(parents=True, exist_ok=True)
            args.out.write_bytes(file.read_bytes())
    result = Spoken(spoken.voice, spoken.first_sound_ms, spoken.making_seconds, round(sound.seconds, 2))
    return _checked(result, args.text, sound) if args.check else result


def _play(args: argparse.Namespace, voice: VoiceChain, speaker: Loudspeaker, seconds: float) -> Spoken:
    over = threading.Event()
    first: list[float] = []
    player = Player(Studio(voice), {channel: speaker for channel in Channel},
                    on_spoken=lambda token, whole: over.set(),
                    on_clause=lambda *where: first.append(time.perf_counter()))
    player.start()
    player.set_rate(args.rate)
    cpu, began = time.process_time(), time.perf_counter()
    # HEADPHONES: who types a sentence at the command line may hear it whole
    player.say((Line("say", args.text),), 1, Channel.HEADPHONES)
    over.wait()
    player.stop()
    waited = (first[0] - began) * 1000 if first else 0.0
    return Spoken(voice.name, round(waited), round(time.process_time() - cpu, 2), seconds)


def _checked(spoken: Spoken, text: str, sound: Sound) -> Spoken:
    heard = listen(sound)
    said = re.sub(r"[^\u3400-\u9fff]", "", in_words(text))
    return Spoken(spoken.voice, spoken.first_sound_ms, spoken.making_seconds, spoken.seconds, heard,
                  round(character_errors(said, heard) / max(len(said), 1), 3))


def listen(sound: Sound) -> str:
    """What the recogniser hears in free decoding, without spaces. Raises WorldError when it is not installed."""
    recogniser = _recogniser()
    quiet = np.zeros(EAR_RATE // 2, np.int16)
    samples = np.concatenate((quiet, to_ear_rate(sound.samples, sound.rate), quiet))
    recogniser.begin(Expectation())
    for start in range(0, len(samples), EAR_BLOCK):
        recogniser.accept(samples[start:start + EAR_BLOCK])
    return recogniser.finish()[0].text.replace(" ", "")


@functools.cache
def _recogniser() -> Recogniser:
    from kiosk.adapters import vosk_recogniser  # loads the recogniser's library

    return vosk_recogniser.VoskRecogniser(vosk_recogniser.load(places.MODELS / vosk_recogniser.MODEL))


def character_errors(said: str, heard: str) -> int:
    """Insertions, deletions and substitutions between two texts."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(said, heard))


def _print(spoken: Spoken) -> None:
    print(f"声音 {spoken.voice}，第一声 {spoken.first_sound_ms:.0f} 毫秒，用了处理器 {spoken.making_seconds} 秒"
          + (f"，语音长 {spoken.seconds} 秒" if spoken.seconds else ""))
    if spoken.cer >= 0:
        print(f"识别器听到：{spoken.heard}\n字错误率 {spoken.cer:.1%}")
