"""What stands on buttons may be said: the words of all flows' options, for the recogniser's vocabularies."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk import places
from kiosk.counter.catalogue import TASKS
from kiosk.dialogue import flow as fl
from kiosk.dialogue import loader
from kiosk.dialogue.labels import bare_words
from kiosk.fund.errors import DataError
from kiosk.language.sentences import Sentences


def button_words() -> tuple[str, ...]:
    """Labels and further words of all options, and the names of matters that the kiosk asks back with; without those that
    hold a slot. Raises DataError."""
    book = Sentences.load(places.ASSETS / "sentences" / "zh")
    flows = loader.read(places.ASSETS / "flows", TASKS)
    return tuple(dict.fromkeys(bare_words(text) for text in _texts(flows, book) if text and "{" not in text))


def _texts(flows: fl.Flows, book: Sentences) -> Iterator[str]:
    keys = [key for key in book if key.startswith("intent.")]
    for flow in flows.flows.values():
        for step in flow.steps.values():
            for option in step.options if isinstance(step, fl.ASKING) else ():
                keys.append(option.label)
                yield from option.words
    for key in keys:
        try:
            yield book.text(key, {})
        except DataError:  # it holds a slot: other words for everybody
            continue
