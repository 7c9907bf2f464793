"""Detector, segmenter and recogniser in a row, with made-up sound: a block's value in per cent is its probability."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from kiosk.listening.ear import Ear, Heard, Partial, Quiet, VoiceBegan, join
from kiosk.listening.turns import ElderTurns, Pauses, Turns, WholeClip
from kiosk.ports.ears import Expectation, Reading, Transcript
from kiosk.ports.sound import Samples
from tests.unit.listening.fakes import LoudIsSpeech, ScriptedRecogniser, blocks

PAUSES = Pauses(2.6, frozenset({"嗯"}), ("我想",))


def ear(*scripts: str, turns: Turns | None = None) -> tuple[Ear, ScriptedRecogniser]:
    recogniser = ScriptedRecogniser(*scripts)
    made = Ear(LoudIsSpeech(), recogniser, turns or ElderTurns(PAUSES, lambda text, _: text == "对"))
    made.begin(Expectation())
    return made, recogniser


def hear(listening: Ear, sound: Iterable[Samples]) -> list[Heard]:
    return [thing for block in sound for thing in listening.hear(block)]


def transcripts(things: list[Heard]) -> list[Transcript]:
    return [thing for thing in things if isinstance(thing, Transcript)]


def test_an_utterance_is_told_from_its_beginning_to_its_end() -> None:
    listening, recogniser = ear("我 要 取钱")
    told = hear(listening, [*blocks(1.5, 1), *blocks(1.0, 90), *blocks(2.0, 1)])
    kinds = [type(thing) for thing in told]
    assert kinds[0] is Quiet
    assert kinds[1] is VoiceBegan
    assert [thing.text for thing in told if isinstance(thing, Partial)] == ["我", "我 要", "我 要 取钱"]
    [heard] = transcripts(told)
    assert heard.text == "我要取钱"
    assert heard.readings == (Reading("free", "我 要 取钱", 1.0),)
    assert heard.speech_seconds == pytest.approx(1.0, abs=0.1)
    assert heard.audio_seconds == pytest.approx(0.4 + 1.0 + 0.64, abs=0.1)
    assert len(recogniser.begun) == 1


def test_silence_is_counted_in_audio_seconds_and_starts_anew_after_speech() -> None:
    listening, _ = ear("对")
    told = hear(listening, [*blocks(5.1, 1), *blocks(0.5, 90), *blocks(0.7 + 2.1, 1)])
    assert [thing.seconds for thing in told if isinstance(thing, Quiet)] == [1, 2, 3, 4, 5, 1, 2]


def seconds_to_answer(script: str) -> float:
    listening, _ = ear(script)
    hear(listening, blocks(0.6, 90))
    for number, block in enumerate(blocks(5.0, 1), 1):
        if transcripts(list(listening.hear(block))):
            return number * 0.032
    raise AssertionError("never ends")


def test_patience_depends_on_what_has_been_said() -> None:
    assert seconds_to_answer("对") == pytest.approx(0.6, abs=0.05)
    assert seconds_to_answer("查 余额") == pytest.approx(1.2, abs=0.05)
    assert seconds_to_answer("嗯 我想") == pytest.approx(2.6, abs=0.05)


def test_the_question_of_the_beginning_of_an_utterance_counts() -> None:
    listening, recogniser = ear("一", "二")
    first, second = Expectation(), Expectation(pending="yes_no")
    listening.begin(first)
    hear(listening, blocks(0.5, 90))
    listening.expect(second)
    hear(listening, [*blocks(2.0, 1), *blocks(0.5, 90)])
    assert recogniser.begun == [first, second]
    assert recogniser.prepared[-2:] == [first, second], "before anybody speaks"


def test_beginning_anew_forgets_what_was_being_said() -> None:
    listening, _ = ear("取钱", "查 余额")
    hear(listening, blocks(0.5, 90))
    assert listening.hearing
    listening.begin()
    assert not listening.hearing
    told = hear(listening, [*blocks(0.5, 1), *blocks(0.5, 90), *blocks(2.0, 1)])
    assert [heard.text for heard in transcripts(told)] == ["查余额"]


def test_a_clip_is_one_turn_however_long_its_pauses() -> None:
    listening, recogniser = ear("取 三千 不对 取 五千", turns=WholeClip())
    listening.begin(Expectation(longest=float("inf")))
    told = hear(listening, [*blocks(1.0, 90), *blocks(6.0, 1), *blocks(20.0, 90), *blocks(3.0, 1)])
    assert transcripts(told) == []
    heard = listening.finish()
    assert heard is not None
    assert heard.text == "取三千不对取五千"
    assert len(recogniser.begun) == 1
    assert listening.finish() is None


def test_silence_and_noise_finish_without_a_turn() -> None:
    listening, recogniser = ear("x")
    hear(listening, blocks(3.0, 30))
    assert listening.finish() is None
    assert recogniser.begun == []


def test_several_utterances_can_be_joined_into_one_turn() -> None:
    parts = [
        Transcript("取钱", (Reading("free", "取 钱", 0.5, (("取", 0.5, 0.1, 0.2), ("钱", 0.5, 0.2, 0.4))),
                          Reading("held:yue", "攞 钱", 1.0)), audio_seconds=2.0, cpu_seconds=0.1, after_end_ms=9.0),
        Transcript("退休", (Reading("free", "退休", 1.0, (("退休", 1.0, 0.3, 0.9),)), Reading("held:yue", "")),
                   audio_seconds=1.5, cpu_seconds=0.2, after_end_ms=20.0),
    ]
    whole = join(parts)
    assert whole.text == "取钱退休"
    assert [(reading.kind, reading.text) for reading in whole.readings] == [("free", "取 钱 退休"), ("held:yue", "攞 钱")]
    assert whole.readings[0].words[-1] == ("退休", 1.0, 2.3, 2.9)
    assert 0.5 < whole.readings[0].confidence < 1.0
    assert (whole.audio_seconds, whole.after_end_ms) == (3.5, 20.0)
