"""How quick ears and mouth are, measured on the very objects of the live kiosk."""

from __future__ import annotations

import queue
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk import places
from kiosk.adapters import loudspeaker
from kiosk.adapters.kokoro import Kokoro
from kiosk.adapters.wav_microphone import read_sound
from kiosk.app import cmd_hear, models, speech
from kiosk.app.bench_figures import Figure
from kiosk.app.settings import Site
from kiosk.fund.errors import WorldError
from kiosk.listening.resample import to_ear_rate
from kiosk.ports.ears import Expectation
from kiosk.ports.sound import EAR_RATE, Samples, Sound
from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel
from kiosk.speaking.cache import SoundCache
from kiosk.speaking.clauses import split
from kiosk.speaking.player import Player
from kiosk.speaking.studio import BASE_RATE, Studio
from kiosk.speaking.words import in_words

#: The issue's aims: milliseconds, and the share of one core while listening.
DECISION, FIRST_SOUND, SHARE = 150.0, 300.0, 0.5
#: Who speaks the clips that are rendered on the spot: another voice than the kiosk's.
VISITOR = "zm_yunjian"

#: What visitors say in the three matters, with the question being asked.
SAID = (("我退休了，想把公积金取出来", ""), ("对，都取出来", "yes_no"), ("我想查一下公积金还有多少钱", ""), ("对", "yes_no"),
        ("帮我打一张缴存证明", ""), ("转到第一张卡", "choice"), ("取三千块", "amount"), ("没有了，谢谢", "yes_no"))
#: What the kiosk says: fixed sentences are kept, those with a name or an amount are made when they are needed.
FIXED = ("您好，请问您想办什么？", "请把身份证放在读卡的地方。", "办好了。", "对不起，我没听明白，请您再说一遍。")
FRESH = ("转到工商银行尾号四八二一的那张卡，对吗？", "您的余额是八万六千五百三十二元一角七分。", "请稍等，我来查一下。")


@dataclass(frozen=True)
class Clip:
    """16 kHz mono, and what was being asked when it was said."""

    samples: Samples
    expectation: Expectation

    @property
    def seconds(self) -> float:
        return len(self.samples) / EAR_RATE


# ------------------------------------------------------------------ ears


def clips(folder: Path | None, most: int) -> list[Clip]:
    """Recordings of a folder (with the questions of its manifest.tsv, if it has one), or spoken on the spot."""
    if folder is None:
        voice = Kokoro(places.MODELS, VISITOR)
        spoken = ((voice.synthesise(text, BASE_RATE), pending) for text, pending in SAID[:most])
        return [Clip(to_ear_rate(sound.samples, sound.rate), _expecting(pending)) for sound, pending in spoken]
    from kiosk.app import bench_hearing

    if (folder / "manifest.tsv").is_file():
        listed = bench_hearing.clips(folder)
        step = max(1, len(listed) // most)
        return [Clip(read_sound(clip.file), _expecting(clip.row.pending)) for clip in listed[::step][:most]]
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in (".wav", ".flac"))[:most]
    if not files:
        raise WorldError(str(folder), f"{folder} 里没有录音（WAV 或 FLAC）。")
    return [Clip(read_sound(file), _expecting("")) for file in files]


def _expecting(pending: str) -> Expectation:
    return Expectation(pending=pending, longest=float("inf"))


def hearing(site: str | None, folder: Path | None, runs: int, most: int) -> list[Figure]:
    """The whole pipeline of the live kiosk over each clip, `runs` times."""
    if lacking := models.missing():
        why = f"缺模型：{'、'.join(model.name for model in lacking)}。运行 kiosk models fetch 安装。"
        return [Figure("hearing.decision", "说完到判断", "ms", (), DECISION, why)]
    heard = clips(folder, most)
    through, began = _timed(lambda: cmd_hear.pipeline(site))
    turns = [(clip, cmd_hear.hear(clip.samples, clip.expectation, through)) for _ in range(runs) for clip in heard]
    free = _free_decode(heard)
    shares = tuple(turn.cpu_seconds / max(clip.seconds, turn.heard.audio_seconds) for clip, turn in turns)
    return [
        Figure("hearing.load", "识别器、词表和理解装好", "s", (began,), None, "处理器时间"),
        Figure("hearing.decision", "说完到判断", "ms", tuple(turn.after_end_ms for _, turn in turns), DECISION,
               f"{len(heard)} 段{'录音' if folder else '当场合成的话'}，各听 {runs} 遍；等人说完的安静不算"),
        Figure("hearing.understand", "其中理解文字", "ms", tuple(turn.ms for _, turn in turns)),
        Figure("hearing.share", "听人说话的处理器时间 ÷ 声音长度", "×", shares, SHARE,
               f"只作自由识别是 {free:.2f}；带方言词表共听一遍是它的 {statistics.median(shares) / free:.1f} 倍"),
    ]


def _free_decode(heard: Sequence[Clip]) -> float:
    """Processor seconds per second of sound of one free decode alone: what the whole pipeline is compared with."""
    from kiosk.adapters import vosk_recogniser

    recogniser = vosk_recogniser.VoskRecogniser(vosk_recogniser.load(places.MODELS / vosk_recogniser.MODEL))
    shares = []
    for clip in heard:
        began = time.process_time()
        recogniser.begin(clip.expectation)
        recogniser.accept(clip.samples)
        recogniser.finish()
        shares.append((time.process_time() - began) / clip.seconds)
    return statistics.median(shares)


def _timed(make: Callable[[], cmd_hear.Pipeline]) -> tuple[cmd_hear.Pipeline, float]:
    began = time.process_time()
    made = make()
    return made, time.process_time() - began


# ------------------------------------------------------------------ mouth


class Stopwatch:
    """A loudspeaker that takes no time and notes when it was handed the first sound."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.level = 0.0

    def play(self, sound: Sound, on_done: Callable[[bool], None]) -> None:
        if self.first is None:
            self.first = time.perf_counter()
        on_done(True)

    def overlay(self, sound: Sound) -> None: ...

    def stop(self) -> None: ...

    def set_volume(self, volume: float) -> None: ...


def speaking(site: Site, runs: int) -> list[Figure]:
    """From the decision to say something to the first sound handed to the loudspeaker, kept and made."""
    began = time.process_time()
    voice = speech.make_voice(site)
    try:
        report = voice.load()
        loaded = time.process_time() - began
        if not report.name:
            return [Figure("speaking.kept", "决定到出声（存好的句子）", "ms", (), FIRST_SOUND,
                           f"这台机器没有能用的声音。{report.reason}")]
        with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
            studio = Studio(voice, SoundCache(Path(folder)))
            studio.keep(FIXED)
            for text in sorted(studio.keepable):
                studio.render(text)
            rate = site.sound.rate
            kept, fresh = _first_sounds(studio, FIXED, runs, rate), _first_sounds(studio, FRESH, runs, rate)
        in_this_process = report.name.startswith("kokoro")
        unheard = "" if in_this_process else f"{report.name} 在子进程里合成，这里量不到"
        texts = (*FIXED, *FRESH) if in_this_process else ()
        made = tuple(_made(voice.synthesise, text) for _ in range(runs) for text in texts)
    finally:
        voice.close()
    return [
        Figure("speaking.load", "声音装好", "s", (loaded,), None, f"处理器时间；{report.name}{_why(report.reason)}"),
        Figure("speaking.kept", "决定到出声（存好的句子）", "ms", kept, FIRST_SOUND,
               f"到交给喇叭为止；喇叭再用最多 {_out_ms():.0f} 毫秒"),
        Figure("speaking.made", "决定到出声（要当场合成的句子）", "ms", fresh, None,
               f"看第一个停顿以前有多少字，这里是 {min(_first_clauses())} 到 {max(_first_clauses())} 个"),
        Figure("speaking.share", "合成的处理器时间 ÷ 语音长度", "×", made, None, unheard),
    ]


def _first_clauses() -> list[int]:
    return [len(split(text)[0].text) for text in FRESH]


def _why(reason: str) -> str:
    return f"（{reason}）" if reason else ""


def _out_ms() -> float:
    """A block of the output stream and the latency that is asked of the sound server."""
    return 1000 * (loudspeaker._BLOCK / loudspeaker.RATE + loudspeaker._LATENCY)


def _first_sounds(studio: Studio, texts: Sequence[str], runs: int, rate: float) -> tuple[float, ...]:
    return tuple(_first_sound(studio, text, rate) for _ in range(runs) for text in texts)


def _first_sound(studio: Studio, text: str, rate: float) -> float:
    """Milliseconds. Channel HEADPHONES: there amounts and digits may be said."""
    over: queue.SimpleQueue[int] = queue.SimpleQueue()
    speaker = Stopwatch()
    player = Player(studio, {channel: speaker for channel in Channel}, on_spoken=lambda token, whole: over.put(token))
    player.start()
    player.set_rate(rate)
    try:
        began = time.perf_counter()
        player.say((Line("bench", text),), 1, Channel.HEADPHONES)
        over.get(timeout=60)
    finally:
        player.stop()
    assert speaker.first is not None
    return (speaker.first - began) * 1000


def _made(synthesise: Callable[[str, float], Sound], text: str) -> float:
    """Processor seconds per second of speech."""
    began, seconds = time.process_time(), 0.0
    for clause in split(text):
        seconds += synthesise(in_words(clause.text), BASE_RATE).seconds
    return (time.process_time() - began) / seconds
