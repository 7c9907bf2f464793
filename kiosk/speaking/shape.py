"""What every rendered sound goes through: edges trimmed, loudness evened out, rate of samples changed. numpy only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kiosk.ports.sound import Sound

Floats = npt.NDArray[np.float32]

#: Loudness of speech, root mean square of its voiced part, in decibels below full scale.
SPEECH_DB = -20.0
_PEAK = 10 ** (-1.0 / 20)      # never above -1 dB
_FRAME_SECONDS = 0.01
_SILENT_DB = -42.0             # below the loudest frame: not speech any more
_EDGE_SECONDS = 0.03           # kept before the first and behind the last sound, so that no consonant is clipped
_FADE_SECONDS = 0.004


def as_floats(sound: Sound) -> Floats:
    """Samples as float32 in -1..1."""
    return sound.samples.astype(np.float32) / 32768.0


def from_floats(samples: npt.NDArray[np.floating], rate: int) -> Sound:
    """A Sound of floats in -1..1; what is above is clipped."""
    return Sound((np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16), rate)


def trimmed(samples: Floats, rate: int) -> Floats:
    """Without leading and trailing silence, with short fades at both edges."""
    loudness = _frames_rms(samples, rate)
    if not len(loudness) or loudness.max() <= 0.0:
        return samples[:0]
    heard = np.flatnonzero(loudness > loudness.max() * 10 ** (_SILENT_DB / 20))
    frame, edge = round(rate * _FRAME_SECONDS), round(rate * _EDGE_SECONDS)
    start = max(0, int(heard[0]) * frame - edge)
    end = min(len(samples), (int(heard[-1]) + 1) * frame + edge)
    out = samples[start:end].copy()
    fade = min(round(rate * _FADE_SECONDS), len(out) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    out[:fade] *= ramp
    out[len(out) - fade:] *= ramp[::-1]
    return out


def evened(samples: Floats, rate: int, decibels: float = SPEECH_DB) -> Floats:
    """Brought to the same loudness, without clipping."""
    loudness = _frames_rms(samples, rate)
    voiced = loudness[loudness > loudness.max() * 0.1] if len(loudness) else loudness
    if not len(voiced) or voiced.max() <= 0.0:
        return samples
    level = float(np.sqrt(np.mean(np.square(voiced))))
    gain = min(10 ** (decibels / 20) / level, _PEAK / float(np.abs(samples).max()))
    return samples * np.float32(gain)


def shaped(sound: Sound) -> Sound:
    """Trimmed and evened out: what is kept and played."""
    samples = trimmed(as_floats(sound), sound.rate)
    return from_floats(evened(samples, sound.rate), sound.rate)


def with_pause(sound: Sound, seconds: float) -> Sound:
    """Followed by silence."""
    if seconds <= 0.0:
        return sound
    silence = np.zeros(round(seconds * sound.rate), np.int16)
    return Sound(np.concatenate((sound.samples, silence)), sound.rate)


def resampled(samples: Floats, rate: int, wanted: int) -> Floats:
    """At another rate of samples, by its spectrum (exact for whole sounds with silent edges)."""
    if rate == wanted or not len(samples):
        return samples
    count = round(len(samples) * wanted / rate)
    spectrum = np.fft.rfft(samples)
    out = np.fft.irfft(spectrum[:count // 2 + 1], count) * (count / len(samples))
    return out.astype(np.float32)


def _frames_rms(samples: Floats, rate: int) -> npt.NDArray[np.float64]:
    frame = round(rate * _FRAME_SECONDS)
    whole = samples[:len(samples) // frame * frame].reshape(-1, frame).astype(np.float64)
    return np.sqrt(np.mean(np.square(whole), axis=1)) if len(whole) else np.zeros(0)


_WINDOW_SECONDS, _SEARCH_SECONDS = 0.032, 0.010


def stretched(samples: Floats, rate: int, pace: float) -> Floats:
    """The same speech at another pace (0.8 slower, 1.2 faster) with the pitch unchanged.

    Overlap-add of windows, each taken from where the waveform goes on most like the one before (WSOLA; Verhelst and
    Roelands, ICASSP 1993). Slowing down speech that the voice made at its own pace stays intelligible where asking
    the voice itself to be slow does not: see docs/voice.md.
    """
    hop, search = round(rate * _WINDOW_SECONDS) // 2, round(rate * _SEARCH_SECONDS)
    if abs(pace - 1.0) < 0.01 or len(samples) < 4 * hop + 2 * search:
        return samples
    window = np.hanning(2 * hop + 1)[:-1].astype(np.float32)
    padded = np.concatenate((np.zeros(search, np.float32), samples, np.zeros(2 * hop + 2 * search, np.float32)))
    steps = int(len(samples) / pace / hop)
    out = np.zeros((steps + 1) * hop, np.float32)
    at = search
    for step in range(steps):
        if step:
            wanted = search + round(step * hop * pace)
            follows = padded[at + hop:at + 2 * hop]  # how the sound would go on by itself
            near = padded[wanted - search:wanted + search + hop]
            if len(follows) < hop or len(near) < 2 * search + hop:
                break
            likeness = np.correlate(near, follows, "valid")
            energy = np.cumsum(np.concatenate((np.zeros(1), np.square(near, dtype=np.float64))))
            at = wanted - search + int(np.argmax(likeness / np.sqrt(energy[hop:] - energy[:-hop] + 1e-6)))
        out[step * hop:(step + 2) * hop] += padded[at:at + 2 * hop] * window
    return out[:round(len(samples) / pace)]
