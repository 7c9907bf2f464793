"""What the visitor was asked by the rules, and what was answered: carried by the flow from one question to the next."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.fund.eligibility import Asked
from kiosk.ports.tasks import Facts, Outcome

#: Beside the answers: the matter that they were given for.
MATTER = "matter"


def given(facts: Facts, matter: str) -> dict[str, str]:
    """What was answered before, and the question just answered. Answers belong to the matter for which they were asked:
    another matter of the same visit begins without them."""
    before = facts.get("answers")
    answers = {str(name): str(answer) for name, answer in before.items()} if isinstance(before, Mapping) else {}
    if answers.get(MATTER) != matter:
        return {MATTER: matter}
    name, answer = str(facts.get("question_id") or ""), str(facts.get("answer") or "")
    return {**answers, name: answer} if name and answer else answers


def ask(asked: Asked, answers: Mapping[str, str]) -> Outcome:
    """One more question."""
    options = tuple({"id": option.id, "label": option.label, "words": option.spoken} for option in asked.options)
    return Outcome("ask", {"question_id": asked.name, "question": asked.sentence, "question_options": options,
                           "answers": answers})
