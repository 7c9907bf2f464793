"""Questions of visitors, put together: the files of assets/knowledge behind the understanding of requests."""

from __future__ import annotations

import threading

from kiosk import places
from kiosk.fund import knowledge
from kiosk.language.asking import Asking
from kiosk.language.knowledge import LEARNT, Index
from kiosk.language.understand import Engine
from kiosk.ports.understanding import Understander

#: What issue 4 asks for; fewer would be an accident.
LEAST_MATTERS, LEAST_QUESTIONS, LEAST_TERMS = 60, 150, 40
FOLDER = places.ASSETS / "knowledge"


def asking(inner: Understander, engine: Engine) -> Asking:
    """`inner` understands requests; `engine` lends its words, concepts and accents to the index of questions, which is
    made at the first question, or by Preparing. Raises DataError."""
    known = knowledge.load(FOLDER)
    return Asking(inner, known, lambda: Index(known, engine, FOLDER, learnt=LEARNT))


class Preparing:
    """Loads the index on a thread of its own, once the kiosk listens (it learns first, some ten seconds, where what is kept is not
    from these files)."""

    def __init__(self, asking: Asking) -> None:
        self._thread = threading.Thread(target=asking.prepare, name="kiosk-questions")
        self._lock = threading.Lock()
        self._begun = False

    def begin(self) -> None:
        """From any thread; only the first call counts."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
        self._thread.start()

    def stop(self) -> None:
        if self._begun:
            self._thread.join()


def examine() -> tuple[list[str], str]:
    """(what is wrong with assets/knowledge, a sentence for when nothing is). Raises DataError for a file of the wrong form."""
    from kiosk.app import compose
    from kiosk.counter.catalogue import TASKS
    from kiosk.dialogue import loader
    from kiosk.fund.worked import EXAMPLES, PLACE_VALUES, VALUES, Person
    from kiosk.language.knowledge import Synonyms, load_limits

    known = knowledge.load(FOLDER)
    flows = loader.read(places.ASSETS / "flows", TASKS)
    problems = knowledge.problems(known, frozenset(VALUES) | PLACE_VALUES, frozenset(EXAMPLES), frozenset(flows.starts))
    problems += Synonyms.read(FOLDER).problems()
    Person.read(FOLDER)
    load_limits(FOLDER)
    book = compose.sentences()
    problems += [f"wording.yaml: {question.id}: {complaint}" for question in known.questions.values()
                 for complaint in book.banned_in("".join(text.plain for text in question.texts))]
    terms = sum(bool(question.word) for question in known.questions.values())
    counts = (("件事", len(known.matters), LEAST_MATTERS), ("个问题", len(known.questions) - terms, LEAST_QUESTIONS),
              ("个名词", terms, LEAST_TERMS))
    problems += [f"knowledge: 只有 {count} {what}，至少要 {least}。" for what, count, least in counts if count < least]
    ways = sum(len(question.ask) for question in known.questions.values() if not question.word)
    more = sum(len(question.ways) for question in known.questions.values())
    dated = sum(len(question.texts) > 1 for question in known.questions.values())
    return problems, (f"{counts[0][1]} 件事、{counts[1][1]} 个问题（{ways} 种问法，另学 {more} 种，{dated} 个按日期分开回答）、{terms} 个名词；"
                      "每个都有大白话、原文和出处。")
