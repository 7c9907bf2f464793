"""Going through a list, one thing at a time: "have you got your identity card? and your bank card?"

An `each` step stands at the head of such a round. Every time it is passed it keeps the answer to the thing that was asked
about, and hands out the next one; at the end the list is divided into what was answered well, and the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.dialogue import flow as fl

#: Facts about the place in the list, for sentences: this is the second of five.
PLACE = ("item_number", "item_count")


def facts_of(step: fl.Each, ended: bool) -> tuple[str, ...]:
    """Facts that are surely known after the step: on the way to the next thing, or at the end of the list."""
    if ended:
        return (step.good, f"{step.good}_words", step.rest, f"{step.rest}_words", f"{step.rest}_count")
    return (*step.give, *PLACE)


def turn_over(step: fl.Each, facts: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """The next target, and the facts as they are from there on."""
    items = listed(facts.get(step.source))
    known = {name: fact for name, fact in facts.items() if name not in (step.answer, *step.give, *PLACE)}
    answers = _answers(facts.get(step.into))
    given = facts.get(step.answer)
    if given and len(answers) < len(items):
        answers = (*answers, str(given))
    known[step.into] = answers
    if len(answers) < len(items):
        item = items[len(answers)]
        known |= {name: item.get(name, "") for name in step.give}
        return step.next, known | {"item_number": len(answers) + 1, "item_count": len(items)}
    answered = list(zip(items, answers, strict=True))
    good = tuple(item for item, answer in answered if answer in step.fine)
    rest = tuple(item for item, answer in answered if answer not in step.fine)
    known |= {step.good: good, step.rest: rest, f"{step.rest}_count": len(rest)}
    known |= {f"{name}_words": "、".join(str(item.get(step.give[0], "")) for item in some)
              for name, some in ((step.good, good), (step.rest, rest))}
    return step.over, known


def listed(fact: object) -> tuple[Mapping[str, object], ...]:
    return tuple(item for item in fact if isinstance(item, Mapping)) if isinstance(fact, (tuple, list)) else ()


def _answers(fact: object) -> tuple[str, ...]:
    return tuple(str(answer) for answer in fact) if isinstance(fact, (tuple, list)) else ()
