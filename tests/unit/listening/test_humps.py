"""Syllables counted by loudness: what a recogniser cannot tell about a bare 对."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.listening.humps import LONGEST, humps
from kiosk.ports.sound import EAR_RATE, Samples


def vowel(seconds: float, pitch: float = 150.0, formant: float = 900.0) -> np.ndarray:
    """A buzz whose strength lies around the formant."""
    at = np.arange(int(seconds * EAR_RATE)) / EAR_RATE
    tones = [np.sin(2 * np.pi * k * pitch * at) * np.exp(-((k * pitch - formant) / 400) ** 2) for k in range(1, 20)]
    return np.sum(tones, axis=0) * np.hanning(len(at)) * 3000


def said(*parts: np.ndarray) -> list[Samples]:
    quiet = np.zeros(EAR_RATE // 5)
    sound = np.concatenate([quiet, *parts, quiet]) + np.random.default_rng(1).normal(0, 3, sum(map(len, parts)) + 2 * len(quiet))
    return [sound.astype(np.int16)]


CLOSURE = np.zeros(EAR_RATE // 20)


def test_one_vowel_is_one() -> None:
    assert humps(said(vowel(0.3))) == 1


def test_two_vowels_with_a_closure_between_them_are_two() -> None:
    assert humps(said(vowel(0.2), CLOSURE, vowel(0.3))) == 2


def test_a_murmur_below_the_vowels_does_not_count() -> None:
    murmur = vowel(0.2, pitch=120, formant=120)
    assert humps(said(murmur, CLOSURE, vowel(0.3))) == 1


@pytest.mark.parametrize("sound", [[], [np.zeros(100, np.int16)], [np.ones(int(LONGEST * EAR_RATE) + 1, np.int16)]])
def test_where_nothing_can_be_told_it_is_not_known(sound: list[Samples]) -> None:
    assert humps(sound) == 0
