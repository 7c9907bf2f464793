"""Details of a matter that are said by themselves: "去年的" while it is asked which time a statement is about, or while
its preview is shown. Where a question takes such a detail (`detail`), it becomes a fact and the flow goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.dialogue import flow as fl
from kiosk.dialogue import walk as w
from kiosk.dialogue.turn import Turn
from kiosk.fund import period

#: How each detail is found in what was said; '' when it is not there.
READERS: Mapping[str, Callable[[str], str]] = {"period": period.find}


def detailed(turn: Turn, text: str) -> bool:
    """Take the detail that the current question wants, if it was said. Whether it was taken."""
    s = turn.session
    step = turn.script.step(s.place)
    if not isinstance(step, (fl.Ask, fl.Pick)) or not step.detail or s.over is not None:
        return False
    start = turn.script.flows.flows[s.place.flow].starts.get(s.topic)
    words = READERS[step.detail](text)
    if start is None or step.detail not in start.takes or words in ("", s.facts.get(step.detail)):
        return False
    w.remember(turn)
    turn.put({step.detail: words})
    w.walk(turn, step.detail_next)
    return True
