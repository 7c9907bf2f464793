"""The mouth put together: voices, kept sentences, the studio and the player."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping

from kiosk import places
from kiosk.adapters.kokoro import DEFAULT, Kokoro
from kiosk.adapters.pyttsx3_voice import Pyttsx3Voice
from kiosk.app.settings import Site
from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel, Loudspeaker
from kiosk.speaking.cache import SoundCache
from kiosk.speaking.player import Player
from kiosk.speaking.privacy import spoken_text
from kiosk.speaking.studio import CacheFiller, Studio
from kiosk.speaking.voices import VoiceChain

log = logging.getLogger(__name__)

#: Seconds after which the voice is loaded even if the ears are not ready yet.
_LATEST = 8.0


def make_voice(site: Site) -> VoiceChain:
    """Kokoro, or pyttsx3 where it is missing. load() it in the background."""
    speaker = site.sound.voice or DEFAULT
    return VoiceChain([(f"kokoro/{speaker}", lambda: Kokoro(places.MODELS, speaker)), ("pyttsx3", Pyttsx3Voice)])


class Speech:
    """Player, and the background work behind it: the voice is loaded, then fixed sentences are rendered ahead
    while nobody is being served. Kept sentences can be said from the beginning."""

    def __init__(self, voice: VoiceChain, outputs: Mapping[Channel, Loudspeaker], *,
                 on_spoken: Callable[[int, bool], None], on_clause: Callable[[int, int, int, int], None],
                 public_numbers: tuple[str, ...]) -> None:
        self._voice = voice
        self._studio = Studio(voice, SoundCache(places.SPEECH))
        self.player = Player(self._studio, outputs, on_spoken=on_spoken, on_clause=on_clause,
                             public_numbers=public_numbers)
        self._filler = CacheFiller(self._studio)
        self._public_numbers = public_numbers
        self._loader: threading.Thread | None = None
        self._may_load = threading.Event()

    def start(self, fixed: Iterable[Line], *, render_ahead: bool = True) -> None:
        """Ready for kept sentences at once; the voice is loaded after load()."""
        sentences = list(dict.fromkeys(spoken_text(line, channel, self._public_numbers)
                                       for line in fixed for channel in Channel))
        self._studio.keep(sentences)
        self.player.start()
        self._loader = threading.Thread(target=self._load, args=(sentences if render_ahead else [],),
                                        name="kiosk-voice-loader", daemon=True)
        self._loader.start()

    def load(self) -> None:
        """Load the voice now. Until the ears are ready the processor is theirs: both at once would make both late."""
        self._may_load.set()

    def _load(self, sentences: list[str]) -> None:
        self._may_load.wait(_LATEST)
        report = self._voice.load()
        log.info("voice chosen", extra={"voice": report.name})
        self._filler.start(sentences)

    def serve(self, somebody: bool) -> None:
        """The processor is the visitor's while somebody is here."""
        if somebody:
            self._filler.pause()
        else:
            self._filler.resume()

    def wait_until_loaded(self) -> None:
        if self._loader:
            self._loader.join()

    def stop(self) -> None:
        self.player.stop()
        self.load()
        self.wait_until_loaded()
        self._filler.stop()
        self._voice.close()
