"""What several decodes of one utterance say together.

First version: each reading is weighed by itself. Readings that agree strengthen each other; readings that contradict each
other turn acceptance into a question. A held decode alone never accepts: it always finds some phrase (pitfalls 10).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.ports.ears import Expectation, Reading, Transcript
from kiosk.ports.understanding import Decision, Understanding

if TYPE_CHECKING:
    from kiosk.language.understand import Engine


def understand_heard(engine: Engine, heard: Transcript, expectation: Expectation) -> Understanding:
    readings = heard.readings or (Reading("free", heard.text),)
    seen = [(reading, engine.understand(reading.text, expectation)) for reading in readings if reading.text.strip()]
    if not seen:
        return Understanding("none", text="")
    accepted = [(r, u) for r, u in seen if u.decision is Decision.ACCEPT]
    chosen = max(seen, key=lambda pair: _rank(pair[0], pair[1]))[1]
    others = {u.intent for _, u in accepted}
    if len(others) > 1:
        return _asked(chosen, seen)
    if chosen.decision is Decision.ACCEPT and len(seen) > 1 and _only_held(chosen.intent, seen):
        return _asked(chosen, seen)
    return replace(chosen, exact=False)


def _rank(reading: Reading, meaning: Understanding) -> tuple[int, float]:
    order = {Decision.ACCEPT: 2, Decision.ASK: 1, Decision.REJECT: 0}
    return order[meaning.decision], meaning.score


def _only_held(intent: str, seen: list[tuple[Reading, Understanding]]) -> bool:
    """No free decode even offers what the held ones chose."""
    free = [u for r, u in seen if not r.kind.startswith("held")]
    return bool(free) and all(intent != u.intent and intent not in u.candidates for u in free)


def _asked(chosen: Understanding, seen: list[tuple[Reading, Understanding]]) -> Understanding:
    offered = dict.fromkeys((chosen.intent, *(u.intent for _, u in seen if u.intent != "none"), *chosen.candidates))
    return replace(chosen, decision=Decision.ASK, candidates=tuple(offered)[:3], exact=False)
