"""How long to wait for somebody who has fallen silent.

Too short cuts elders off, which is the top complaint about voice assistants; too long feels dead (pitfalls 12). So a
thinking pause waits longer, and a short answer that is complete need not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kiosk.fund.errors import DataError
from kiosk.ports.data_files import read_yaml
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Understander

#: Told whether a short text answers the question completely.
Complete = Callable[[str, Expectation], bool]

#: Questions that a word answers. Not amounts and numbers: 两千 may become 两千五.
_SHORT_QUESTIONS = frozenset({"yes_no", "choice", "withdraw_kind", "certificate_kind"})
_SHORT_LENGTH = 6


class Turns(Protocol):
    def patience(self, text: str, expectation: Expectation) -> float:
        """Seconds of silence after which an utterance with this text so far is over."""


@dataclass(frozen=True)
class Pauses:
    """Words of thinking pauses: assets/listening/pauses.yaml."""

    thinking: float = 2.6
    fillers: frozenset[str] = field(default_factory=frozenset)
    unfinished: tuple[str, ...] = ()

    def goes_on(self, text: str) -> bool:
        """True for a text (without spaces) that is only fillers, or stops in the middle of a sentence."""
        return text.endswith(self.unfinished) or self._only_fillers(text)

    def _only_fillers(self, text: str) -> bool:
        ends = {0}
        for end in range(1, len(text) + 1):
            if any(end - len(word) in ends and text.endswith(word, 0, end) for word in self.fillers):
                ends.add(end)
        return bool(text) and len(text) in ends


class ElderTurns:
    """The kiosk's turn taking. `complete` comes from outside; without it no answer ends early."""

    def __init__(self, pauses: Pauses, complete: Complete | None = None) -> None:
        self._pauses, self._complete = pauses, complete
        self._last: tuple[str, Expectation, float] | None = None

    def patience(self, text: str, expectation: Expectation) -> float:
        text = text.replace(" ", "")
        if not text:
            return expectation.patience
        if self._last is None or self._last[0] != text or self._last[1] is not expectation:
            self._last = text, expectation, self._judge(text, expectation)
        return self._last[2]

    def _judge(self, text: str, expectation: Expectation) -> float:
        if self._complete is not None and self._complete(text, expectation):
            return min(expectation.short, expectation.patience)
        if self._pauses.goes_on(text):
            return max(self._pauses.thinking, expectation.patience)
        return expectation.patience


class WholeClip:
    """A recording is one turn however long its pauses are (`kiosk hear --batch`)."""

    def patience(self, text: str, expectation: Expectation) -> float:
        return float("inf")


def short_answer(understander: Understander) -> Complete:
    """A text is complete if it is short, the question is one that a word answers, and its meaning is exact."""
    def complete(text: str, expectation: Expectation) -> bool:
        if expectation.pending not in _SHORT_QUESTIONS or len(text) > _SHORT_LENGTH:
            return False
        meaning = understander.understand(text, expectation)
        return meaning.exact and meaning.decision is Decision.ACCEPT
    return complete


def load_pauses(file: Path) -> Pauses:
    """Read and check pauses.yaml. Raises DataError."""
    raw = read_yaml(file)
    thinking = raw.get("thinking")
    if isinstance(thinking, bool) or not isinstance(thinking, int | float) or not 1.2 <= thinking <= 6.0:
        raise DataError(f"{file.name}: thinking", "请写 1.2 到 6.0 之间的秒数。")
    return Pauses(float(thinking), frozenset(_words(raw, "fillers", file)), tuple(_words(raw, "unfinished", file)))


def _words(raw: Mapping[str, object], key: str, file: Path) -> list[str]:
    words = raw.get(key)
    if not isinstance(words, list) or not words:
        raise DataError(f"{file.name}: {key}", "请写一列词，每个词加引号。")
    for place, word in enumerate(words, 1):
        if not isinstance(word, str) or not word or " " in word:
            raise DataError(f"{file.name}: {key}", f"第{place}个词不对：要加引号，不能空，也不能有空格。")
    return words
