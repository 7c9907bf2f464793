"""Real people's recordings through the live pipeline. None of them speaks of provident funds except single words."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from kiosk.adapters.wav_microphone import read_sound
from kiosk.app.cmd_hear import Pipeline, Turn, hear
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision


def rows(folder: Path, kind: str) -> list[tuple[Path, str]]:
    """(file, what is said) of one kind of recording."""
    with (folder / "recorded" / "manifest.tsv").open(encoding="utf-8") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(folder / "recorded" / row["path"], row["transcript"]) for row in table if row["path"].startswith(kind)]


@cache
def turn(file: Path, ears: Pipeline, pending: str = "") -> Turn:
    """Heard once for all tests."""
    return hear(read_sound(file), Expectation(pending=pending, longest=float("inf")), ears)


def han(text: str) -> str:
    return "".join(c for c in text if "\u4e00" <= c <= "\u9fff")


@pytest.mark.slow
def test_many_speakers_are_heard(shared_speech: Path, ears: Pipeline) -> None:
    """Measured 12.6 % for the free decode of 17 speakers of AISHELL-3; speech.md has 11.4 % for 30."""
    wrong = total = 0
    for file, said in rows(shared_speech, "mandarin_aishell3"):
        got = next(reading.text for reading in turn(file, ears).heard.readings if reading.kind == "free")
        wrong += Levenshtein.distance(han(said), han(got))
        total += len(han(said))
    assert total > 150
    assert wrong / total < 0.20


@pytest.mark.slow
def test_people_who_talk_of_other_things_start_nothing(shared_speech: Path, ears: Pipeline) -> None:
    files = [file for kind, most in (("mandarin_aishell3", 20), ("cantonese_", 2))  # what is not understood takes long
             for file, _ in rows(shared_speech, kind)[:most]]
    accepted = [file.name for file in files if turn(file, ears).meaning.decision is Decision.ACCEPT]
    assert len(files) > 15
    assert len(accepted) <= 1, accepted


@pytest.mark.parametrize(("word", "intent", "pending"), [
    ("人工", "staff", ""), ("退出", "", ""), ("帮助", "help", ""), ("对", "yes", "yes_no"), ("不是", "no", "yes_no"),
])
def test_a_single_word_is_enough(shared_speech: Path, ears: Pipeline, word: str, intent: str, pending: str) -> None:
    """One word of 0.3-0.6 s, recorded: pre-roll and tail decide whether it is heard at all."""
    heard = turn(shared_speech / "recorded" / f"words_hsk_caen_tan-{word}.flac", ears, pending)
    assert any(word in reading.text.replace(" ", "") for reading in heard.heard.readings), heard.heard
    if intent:
        assert heard.meaning.intent == intent
        assert heard.meaning.decision is not Decision.REJECT
