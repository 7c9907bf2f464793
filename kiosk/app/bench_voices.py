"""How intelligible each voice is, by a listener who never tires: the recogniser hears what the voice says.

Character errors over the kiosk's first fixed sentences, and the pace. A recogniser is not an elder; it tells which voices are
worse, not which is liked. `stretched` holds what the kiosk does (made at BASE_RATE, stretched) against asking the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kiosk import places
from kiosk.adapters.kokoro import DEFAULT, Kokoro
from kiosk.app import cmd_say, compose
from kiosk.app.settings import Site
from kiosk.ports.sound import Sound
from kiosk.speaking.shape import as_floats, from_floats, shaped, stretched
from kiosk.speaking.studio import BASE_RATE
from kiosk.speaking.words import in_words

#: Paces that visitors can choose, slowest first.
RATES = (0.6, 0.7, 0.8)
SHORTEST = 6
_HAN = re.compile(r"[^\u3400-\u9fff]")


@dataclass(frozen=True)
class Heard:
    """`errors` of `characters`; `pace` in characters a minute while speaking, pauses not counted."""

    name: str
    errors: int
    characters: int
    pace: float

    @property
    def share(self) -> float:
        return self.errors / self.characters


def names() -> list[str]:
    return sorted(path.stem for path in (places.MODELS / "kokoro" / "voices").glob("*.bin"))


def sentences(site: Site, count: int) -> list[str]:
    """The first fixed sentences of the flows, in the order in which visitors meet them; not single words."""
    lines = compose.engine(site, compose.sentences()).fixed_lines()
    texts = dict.fromkeys(in_words(line.public) for line in lines)
    return [text for text in texts if len(_HAN.sub("", text)) >= SHORTEST][:count]


def speakers(site: Site, count: int, wanted: Sequence[str] = ()) -> list[Heard]:
    """Each voice at the pace of the kiosk, most intelligible first."""
    texts = sentences(site, count)
    heard = [_listened(name, texts, _shaped(Kokoro(places.MODELS, name), BASE_RATE)) for name in wanted or names()]
    return sorted(heard, key=lambda one: one.share)


def paces(site: Site, count: int, name: str = "") -> list[tuple[float, Heard, Heard]]:
    """(rate, asked of the model, made at BASE_RATE and stretched) for slow speech."""
    texts, voice = sentences(site, count), Kokoro(places.MODELS, name or DEFAULT)
    return [(rate, _listened("model", texts, _shaped(voice, rate)), _listened("stretched", texts, _stretched(voice, rate)))
            for rate in RATES]


Making = Callable[[str], Sound]


def _shaped(voice: Kokoro, rate: float) -> Making:
    return lambda text: shaped(voice.synthesise(text, rate))


def _stretched(voice: Kokoro, rate: float) -> Making:
    def make(text: str) -> Sound:
        sound = shaped(voice.synthesise(text, BASE_RATE))
        return from_floats(stretched(as_floats(sound), sound.rate, rate / BASE_RATE), sound.rate)

    return make


def _listened(name: str, texts: Sequence[str], make: Making) -> Heard:
    errors = characters = 0
    seconds = 0.0
    for text in texts:
        said, sound = _HAN.sub("", text), make(text)
        errors += cmd_say.character_errors(said, _HAN.sub("", cmd_say.listen(sound)))
        characters += len(said)
        seconds += _spoken_seconds(sound)
    return Heard(name, errors, characters, 60.0 * characters / seconds)


def _spoken_seconds(sound: Sound) -> float:
    """Without its pauses: blocks of 10 ms above a hundredth of full scale, and the gaps below a tenth of a second."""
    block = sound.rate // 100
    whole = sound.samples[:len(sound.samples) // block * block].reshape(-1, block)
    spoken = quiet = 0
    for loudest in np.abs(whole.astype(np.int32)).max(axis=1):
        quiet = 0 if loudest > 327 else quiet + 1
        spoken += quiet <= 10
    return spoken / 100.0


def table(heard: Sequence[Heard]) -> str:
    lines = [f"{'嗓音':14}{'听错的字':>10}{'每分钟字数':>10}"]
    lines += [f"{one.name:16}{one.errors:5}/{one.characters} {one.share:6.1%}{one.pace:12.0f}" for one in heard]
    return "\n".join(lines)


def table_of_paces(rows: Sequence[tuple[float, Heard, Heard]]) -> str:
    lines = [f"{'语速':6}{'让模型放慢':>16}{'合成后再拉长':>18}"]
    lines += [f"{rate:<8}{asked.share:8.1%} ({asked.pace:.0f}/分){made.share:12.1%} ({made.pace:.0f}/分)" for rate, asked, made in rows]
    return "\n".join(lines)

