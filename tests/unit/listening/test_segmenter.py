"""Utterances found in made-up tracks of speech probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.listening.segmenter import BLOCK_SECONDS, Phase, Segmenter, Tuning, blocks_of
from kiosk.ports.sound import EAR_BLOCK


def track(*parts: tuple[float, float]) -> list[float]:
    """(seconds, probability), ... to one probability per block."""
    return [probability for seconds, probability in parts for _ in range(blocks_of(seconds))]


def run(probabilities: list[float], patience: float = 1.2, longest: float = 15.0,
        segmenter: Segmenter | None = None) -> list[tuple[Phase, list[int]]]:
    """Phases and the numbers of the blocks handed over at each."""
    segmenter = segmenter or Segmenter()
    out = []
    for number, probability in enumerate(probabilities):
        step = segmenter.feed(np.full(EAR_BLOCK, number, np.int16), probability, lambda: patience, longest)
        out.append((step.phase, [int(b[0]) for b in step.blocks]))
    return out


def when(phases: list[tuple[Phase, list[int]]], phase: Phase) -> list[float]:
    return [number * BLOCK_SECONDS for number, (what, _) in enumerate(phases) if what is phase]


def test_an_utterance_starts_and_ends_after_the_patience() -> None:
    phases = run(track((1.0, 0.0), (2.0, 0.9), (3.0, 0.0)))
    assert when(phases, Phase.STARTED) == [pytest.approx(1.0, abs=0.15)]
    assert when(phases, Phase.ENDED) == [pytest.approx(4.2, abs=0.1)]


def test_sound_from_before_the_first_syllable_is_kept() -> None:
    phases = run(track((2.0, 0.0), (1.0, 0.9), (2.0, 0.0)))
    first = next(blocks for phase, blocks in phases if phase is Phase.STARTED)
    onset = blocks_of(2.0)
    assert (onset - first[0]) * BLOCK_SECONDS >= 0.4
    assert first == list(range(first[0], first[-1] + 1)), "without a hole"


def test_a_click_is_not_a_word() -> None:
    phases = run(track((1.0, 0.0), (2 * BLOCK_SECONDS, 0.95), (1.0, 0.0)))
    assert all(phase is Phase.QUIET for phase, _ in phases)


def test_a_short_answer_is_heard() -> None:
    """对 lasts about 0.2 s."""
    phases = run(track((1.0, 0.0), (0.2, 0.8), (2.0, 0.0)))
    assert len(when(phases, Phase.STARTED)) == len(when(phases, Phase.ENDED)) == 1


def test_a_fading_voice_is_still_a_voice() -> None:
    phases = run(track((1.0, 0.0), (0.5, 0.9), (2.0, 0.4), (2.0, 0.1)))
    assert when(phases, Phase.ENDED) == [pytest.approx(4.7, abs=0.1)]


def test_a_faint_sound_alone_is_not_a_voice() -> None:
    assert all(phase is Phase.QUIET for phase, _ in run(track((5.0, 0.4))))


def test_a_thinking_pause_shorter_than_the_patience_does_not_end() -> None:
    phases = run(track((1.0, 0.9), (1.1, 0.0), (1.0, 0.9), (2.0, 0.0)))
    assert len(when(phases, Phase.ENDED)) == 1


def test_of_a_long_pause_only_its_ends_are_handed_over() -> None:
    phases = run(track((1.0, 0.9), (3.0, 0.0), (1.0, 0.9)), patience=10.0)
    handed = [number for _, blocks in phases for number in blocks]
    assert len(set(handed)) == len(handed), "no block twice"
    silent = [number for number in handed if blocks_of(1.0) <= number < blocks_of(1.0) + blocks_of(3.0)]
    tuning = Tuning()
    assert len(silent) == pytest.approx(blocks_of(tuning.tail + tuning.pre_roll), abs=2)
    assert silent[-1] == blocks_of(1.0) + blocks_of(3.0) - 1, "the moment before speech resumes is kept"


def test_patience_is_asked_anew_during_a_pause() -> None:
    """The recogniser's last word comes late and may shorten the wait."""
    segmenter, asked = Segmenter(), []

    def patience() -> float:
        asked.append(segmenter.silence)
        return 1.2 if segmenter.silence < 0.5 else 0.6

    phases = [segmenter.feed(np.zeros(EAR_BLOCK, np.int16), p, patience, 15.0).phase
              for p in track((1.0, 0.9), (1.0, 0.0))]
    ended = phases.index(Phase.ENDED)
    assert (ended + 1 - blocks_of(1.0)) * BLOCK_SECONDS == pytest.approx(0.6, abs=0.04)
    assert len(asked) > 5


def test_an_endless_speaker_is_cut_and_goes_on_as_a_new_utterance() -> None:
    phases = run(track((0.5, 0.0), (10.0, 0.9), (2.0, 0.0)), longest=4.0)
    assert when(phases, Phase.CUT) == [pytest.approx(4.5, abs=0.2), pytest.approx(8.6, abs=0.3)]
    assert len(when(phases, Phase.STARTED)) == 3
    handed = [number for _, blocks in phases for number in blocks]
    assert len(set(handed)) == len(handed), "nothing is heard twice"


def test_reset_forgets_a_running_utterance() -> None:
    segmenter = Segmenter()
    run(track((0.2, 0.0), (1.0, 0.9)), segmenter=segmenter)
    assert segmenter.inside
    segmenter.reset()
    assert not segmenter.inside
    assert all(phase is Phase.QUIET for phase, _ in run(track((2.0, 0.0)), segmenter=segmenter))


def test_speech_seconds_leaves_the_last_silence_out() -> None:
    segmenter = Segmenter()
    run(track((0.5, 0.0), (2.0, 0.9), (2.0, 0.0)), segmenter=segmenter, patience=1.5)
    assert segmenter.speech_seconds == 0.0, "forgotten once the next block has come"
    segmenter.reset()
    run(track((0.5, 0.0), (2.0, 0.9), (1.0, 0.0)), segmenter=segmenter, patience=5.0)
    assert segmenter.speech_seconds == pytest.approx(2.0, abs=0.1)


@given(st.lists(st.floats(0.0, 1.0), max_size=300))
def test_whatever_comes_blocks_are_handed_over_in_order_and_once(probabilities: list[float]) -> None:
    phases = run(probabilities, patience=0.5, longest=3.0)
    handed = [number for _, blocks in phases for number in blocks]
    assert handed == sorted(set(handed))
    starts, ends = len(when(phases, Phase.STARTED)), len(when(phases, Phase.ENDED)) + len(when(phases, Phase.CUT))
    assert starts - ends in (0, 1)
