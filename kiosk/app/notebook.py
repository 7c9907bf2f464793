"""What the kiosk did not understand, written down for the technician: only where the site file says so.

An utterance is written down when the kiosk itself says that it has not understood (miss.*) or that its guess was wrong
(guess.sorry), by whichever door that was told. Talk in the hall that it lets pass is never written down, nor anything
that is said while a number is being typed. Until then it is held in memory; the end of the visit drops it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, timedelta

from kiosk.dialogue import events as ev
from kiosk.language.redact import redact
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Understanding
from kiosk.ports.unheard_store import Unheard, UnheardError, UnheardStore

log = logging.getLogger(__name__)

_SORRY = ("miss.first", "miss.second", "miss.third", "guess.sorry", "sure.again", "knowledge.unknown")


class Notebook:
    """Used by the main thread only. A store that fails costs a note, never a visit."""

    def __init__(self, store: UnheardStore, days: int, today: Callable[[], date]) -> None:
        """`days` a note is kept; older ones are deleted at once and whenever the day has changed."""
        self._store, self._days, self._today = store, days, today
        self._open: Unheard | None = None
        self._cleaned: date | None = None
        self._clean()

    def heard(self, meaning: Understanding, expectation: Expectation) -> None:
        """Every utterance, before the conversation answers it. A no leaves open what it answers: a wrong guess. A question that
        nobody knows the answer to is open, too."""
        unanswered = meaning.intent == "policy" and not meaning.slots.get("article")
        if meaning.decision is not Decision.ACCEPT or unanswered:
            self._open = Unheard(self._today(), meaning.text, expectation.pending, expectation.dialect,
                                 str(meaning.decision), meaning.candidates, meaning.score)
        elif meaning.intent != "no":
            self._open = None

    def on_effect(self, effect: ev.Effect) -> None:
        """Every effect of the conversation."""
        if isinstance(effect, ev.Wipe):
            self._open = None
            self._clean()
        elif self._open is not None and isinstance(effect, ev.Say) and any(line.key in _SORRY for line in effect.lines):
            self._write(self._open)
            self._open = None

    def close(self) -> None:
        self._store.close()

    def _write(self, unheard: Unheard) -> None:
        text = redact(unheard.text)
        if not text:
            return
        try:
            self._store.keep(Unheard(unheard.day, text, unheard.pending, unheard.dialect, unheard.decision,
                                     unheard.offered, unheard.score))
        except UnheardError as fault:
            log.info("a note could not be kept", extra={"reason": type(fault).__name__})

    def _clean(self) -> None:
        today = self._today()
        if self._cleaned == today:
            return
        try:
            self._store.forget_before(today - timedelta(days=self._days - 1))
            self._cleaned = today
        except UnheardError as fault:
            log.info("old notes could not be deleted", extra={"reason": type(fault).__name__})
