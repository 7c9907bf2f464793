"""The devices of this machine, as the site file names them."""

from __future__ import annotations

from kiosk.adapters.loudspeaker import SoundLoudspeaker
from kiosk.adapters.microphone import SoundMicrophone
from kiosk.app import compose, hearing, speech
from kiosk.app.kiosk import Outside
from kiosk.app.settings import SILENCE, Site
from kiosk.ports.ears import Microphone
from kiosk.ports.voice import Channel


def live(site: Site) -> Outside:
    """Nothing is opened yet; the parts open their devices when they start."""
    sound = site.sound
    loudspeaker = SoundLoudspeaker(sound.loudspeaker)
    headphones = SoundLoudspeaker(sound.headphones) if sound.headphones else loudspeaker
    return Outside(microphone=_microphone(sound.microphone),
                   loudspeakers={Channel.LOUDSPEAKER: loudspeaker, Channel.HEADPHONES: headphones},
                   make_ear=lambda engine: hearing.make_ear(site, engine), voice=speech.make_voice(site),
                   printer=compose.printer(site, sweep=True))


def _microphone(wanted: str) -> Microphone:
    if wanted != SILENCE:
        return SoundMicrophone(wanted)
    from kiosk.adapters.wav_microphone import WavMicrophone  # never in a hall: loads what only measurements need

    return WavMicrophone()
