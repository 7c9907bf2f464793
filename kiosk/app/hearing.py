"""The ears put together: voice activity, recogniser with its vocabularies, taking turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from kiosk import places
from kiosk.adapters import vosk_recogniser
from kiosk.adapters.silero import SileroActivity
from kiosk.adapters.vosk_lexicon import lexicon
from kiosk.adapters.vosk_recogniser import MODEL, VoskRecogniser
from kiosk.app.button_words import button_words
from kiosk.app.dialect_models import ByDialect, DialectModels
from kiosk.app.kept_vocabularies import KeptVocabularies, digest_of
from kiosk.app.settings import Site
from kiosk.language.expected import Expected, load_frames
from kiosk.language.packs import Pack
from kiosk.language.respell import Lexicon
from kiosk.listening.ear import Ear
from kiosk.listening.turns import ElderTurns, Turns, load_pauses, short_answer
from kiosk.ports.ears import Expectation, Vocabulary, VocabularySource
from kiosk.ports.understanding import Understander


class Meaning(Understander, Protocol):
    """An engine, or one that takes over what the hall learns (live_meaning.py)."""

    @property
    def packs(self) -> Mapping[str, Pack]: ...


class FollowingPacks:
    """A VocabularySource that is made anew when the engine has other packs. Used by the listening thread."""

    def __init__(self, engine: Meaning, make: Callable[[Mapping[str, Pack]], VocabularySource]) -> None:
        self._engine, self._make = engine, make
        self._packs = engine.packs
        self._source = make(self._packs)

    def dialects(self, expectation: Expectation) -> tuple[str, ...]:
        return self._now().dialects(expectation)

    def vocabulary(self, expectation: Expectation, dialect: str) -> Vocabulary:
        return self._now().vocabulary(expectation, dialect)

    def _now(self) -> VocabularySource:
        packs = self._engine.packs
        if packs is not self._packs:
            self._packs, self._source = packs, self._make(packs)
        return self._source


def make_ear(site: Site, engine: Meaning, turns: Turns | None = None, questions: Iterable[Expectation] = ()) -> Ear:
    """Load the models (about a second; on the listening thread). Raises RecogniserError.

    Vocabularies and decoders are made now for `questions`, for others when the ear is told to prepare(). The live kiosk
    names none: it prepares while it is asking.
    """
    folder = places.MODELS / MODEL
    model = vosk_recogniser.load(folder)
    words = Lexicon(lexicon(folder))
    vosk = VoskRecogniser(model, FollowingPacks(engine, lambda packs: vocabularies(packs, site.dialects.local, words)))
    for expectation in questions:
        vosk.prepare(expectation)
    near = [code for code, pack in engine.packs.items() if pack.near]
    recogniser = ByDialect(vosk, DialectModels(site.folder).available, near=near)
    return Ear(SileroActivity(), recogniser, turns or elder_turns(engine))


def vocabularies(packs: Mapping[str, Pack], local: Sequence[str], words: Lexicon) -> VocabularySource:
    """What may be said, of the packs and of the flows' buttons; kept on disk until any of them changes. Raises DataError."""
    expected = Expected(packs, load_frames(places.ASSETS), words, local, button_words)
    digest = digest_of(packs, places.ASSETS, places.MODELS / MODEL)
    return KeptVocabularies(expected, places.STATE / "vocabularies", digest)


def elder_turns(engine: Meaning) -> ElderTurns:
    return ElderTurns(load_pauses(places.ASSETS / "listening" / "pauses.yaml"), short_answer(engine))
