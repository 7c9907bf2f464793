"""How many syllables a very short utterance can have, from its loudness alone.

不对 is two vowels with a closure between them; a 对 that begins with a breath or a voiced murmur is one, though a recogniser may
write it the same way. The murmur lies below 500 Hz, so loudness is looked at above that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kiosk.ports.sound import EAR_RATE, Samples

#: Seconds, with the quiet around the words; of longer utterances nobody asks.
LONGEST = 3.0
_BAND = (500.0, 3000.0)
_FRAME = EAR_RATE // 100
_SMOOTH = 7
#: dB: a hump is parted from the next by such a dip, and lies no further below the loudest.
_DIP, _FLOOR = 3.0, 12.0


def humps(sound: Sequence[Samples]) -> int:
    """Rises of loudness in 16 kHz blocks; 0 for none, or when it is too long to be asked."""
    whole = np.concatenate(sound).astype(np.float64) if sound else np.zeros(0)
    if len(whole) < _SMOOTH * _FRAME or len(whole) > LONGEST * EAR_RATE:
        return 0
    spectrum = np.fft.rfft(whole)
    pitch = np.fft.rfftfreq(len(whole), 1 / EAR_RATE)
    spectrum[(pitch < _BAND[0]) | (pitch > _BAND[1])] = 0
    frames = np.fft.irfft(spectrum, len(whole))[:len(whole) // _FRAME * _FRAME].reshape(-1, _FRAME)
    window = np.hanning(_SMOOTH)
    loudness = 10 * np.log10(np.convolve((frames ** 2).mean(axis=1), window / window.sum(), "same") + 1)
    return _peaks([float(level) for level in loudness])


def _peaks(levels: Sequence[float]) -> int:
    top, turn, rising, found = max(levels), levels[0], True, 0
    for level in levels:
        if rising and level < turn - _DIP:
            found += turn > top - _FLOOR
            rising, turn = False, level
        elif not rising and level > turn + _DIP:
            rising, turn = True, level
        turn = max(turn, level) if rising else min(turn, level)
    return found + (rising and turn > top - _FLOOR)
