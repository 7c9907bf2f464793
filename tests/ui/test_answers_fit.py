"""The answers with the most words and figures fit on the screen in every size, both ways up, and so do their official texts."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from kiosk.counter.desk import Desk, Machine
from kiosk.counter.knowledge import Answers
from kiosk.dialogue.events import Manner
from kiosk.fund import knowledge
from kiosk.fund.rules import RuleBook
from kiosk.places import ASSETS
from kiosk.ui import gallery
from tests.conversations.talk import Visitor
from tests.ui.opening import Opener

DAY = date(2026, 11, 21)
MACHINE = Machine("1", "一楼", "样例大厅", "12329", "周一到周五，上午九点到下午五点", "三号窗口")
KNOWN = knowledge.load(ASSETS / "knowledge")


def densest() -> list[str]:
    by_plain = sorted(KNOWN.questions.values(), key=lambda q: -len(q.on(DAY).plain))[:3]
    by_official = sorted(KNOWN.questions.values(), key=lambda q: -len(q.on(DAY).official))[:3]
    with_example = sorted((q for q in KNOWN.questions.values() if q.example), key=lambda q: -len(q.on(DAY).plain))[:3]
    return list(dict.fromkeys(q.id for q in (*by_plain, *by_official, *with_example) if not (q.which and not q.word)))


@pytest.mark.parametrize("orientation", list(gallery.ORIENTATIONS))
def test_the_densest_answers_fit(open_window: Opener, orientation: str) -> None:
    size = gallery.ORIENTATIONS[orientation]
    window = open_window(size.width(), size.height(), reduced_motion=True)
    book = RuleBook.load(ASSETS / "rules" / "national", ASSETS / "rules" / "demo")
    desk = SimpleNamespace(machine=MACHINE, rules=lambda: book.on(DAY), today=lambda: DAY)
    answers, faults = Answers(cast(Desk, desk), ASSETS / "knowledge"), []
    for name in densest():
        outcome = answers.answer({"article": name})
        visitor = Visitor()
        visitor.hear("policy", article=name)
        visitor.finish(outcome.name, **outcome.facts)
        for step in ("answer", "official"):
            if step == "official":
                visitor.touch("official")
            for text_size in (0, 1, 2):
                window.show_manner(Manner(text_size=text_size))
                gallery.present(window, name, visitor.session.view)
                faults += [f"{name} {step} at size {text_size + 1}: {fault}" for fault in gallery.misfits(window)]
    assert not faults, "\n".join(faults)
