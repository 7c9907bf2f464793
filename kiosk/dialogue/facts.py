"""Follows the facts through the flows: at every step, which facts are known for certain whichever way one came?

A sentence or a task that needs a fact which may be missing would fail in front of a visitor; here it fails on the
technician's desk. The rule is the usual one for "definitely assigned": a step knows what all ways into it know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kiosk.dialogue import flow as fl
from kiosk.dialogue import rounds
from kiosk.dialogue.settings import Settings
from kiosk.dialogue.wording import expansions, said_keys, shown_keys

Known = frozenset[str]


class Slotted(Protocol):
    def slots(self, key: str) -> frozenset[str]: ...


def facts_problems(flows: fl.Flows, book: Slotted) -> list[str]:
    """Facts that a step needs and may not have, as sentences."""
    return [problem for one in flows.flows.values() for problem in _flow_problems(one, flows, book)]


def _flow_problems(one: fl.Flow, flows: fl.Flows, book: Slotted) -> Iterator[str]:
    for name, known in known_at(one, flows).items():
        step = one.steps[name]
        for key, extra in _needs_words(step):
            for expanded in expansions(one, key, flows):
                for slot in sorted(book.slots(expanded) - known - extra):
                    yield f"{one.flow}.yaml: steps.{name}: “{expanded}”要用“{slot}”，可是走到这一步时可能还不知道它。"
        if isinstance(step, fl.Perform):
            for fact in sorted(set(flows.takes[step.task]) - known):
                what = "先确认是谁（call: identity）" if fact == "holder" else f"先得到“{fact}”"
                yield f"{one.flow}.yaml: steps.{name}.task: “{step.task}”之前要{what}。"
        for fact in sorted(_needs_facts(step, flows) - known):
            yield f"{one.flow}.yaml: steps.{name}: 走到这一步时可能还不知道“{fact}”。"


def _needs_facts(step: fl.Step, flows: fl.Flows) -> set[str]:
    if isinstance(step, fl.Call):
        return set(flows.flows[step.flow].needs)
    if isinstance(step, fl.Pick):
        return {step.source}
    if isinstance(step, fl.Note):
        return {step.topic, *step.copy.values()} - {""}
    if isinstance(step, fl.Each):
        return {step.source}
    if isinstance(step, fl.Ask):
        named = {option.go.partition("{")[2].rstrip("}") for option in step.options if option.go != f"start:{{{option.when}}}"}
        return ({step.rows_from, step.document} | named) - {""}
    return set()


def _needs_words(step: fl.Step) -> Iterator[tuple[str, Known]]:
    """Sentence keys of a step with the facts that are known for them alone."""
    if isinstance(step, fl.Ask):
        for row in step.rows:
            extra = frozenset({row.when} if row.when else ())
            yield from ((key, extra) for key in (row.label, row.value, row.say))
        rows = {key for row in step.rows for key in (row.label, row.value, row.say)}
    else:
        rows = set()
    item: Known = frozenset()
    if isinstance(step, fl.Pick):
        item = frozenset({step.key, *step.keep, "index"})
    options = {option.label: option for option in step.options} if isinstance(step, fl.ASKING) else {}
    for key in (*said_keys(step), *shown_keys(step)):
        if key in rows:
            continue
        when = options[key].when if key in options else ""
        of_item = isinstance(step, fl.Pick) and key in (step.label, step.item_say, step.item_help)
        yield key, item if of_item else frozenset({when} if when else ())


# ------------------------------------------------------------------ what is known where


def known_at(one: fl.Flow, flows: fl.Flows) -> dict[str, Known]:
    """Facts that are surely known when a step is entered."""
    always = frozenset(Settings().facts) | frozenset(one.needs)
    known: dict[str, Known] = {}
    todo: list[tuple[str, Known]] = [(one.first, always)] if one.kind in ("visit", "part") or not one.starts else []
    todo += [(start.at or one.first, always | frozenset(start.put) | frozenset(start.takes)
              | frozenset({start.about} if start.about else ()))
             for start in one.starts.values()]
    if one.kind == "visit":
        todo += [(name, always) for name in ("menu", "matter_done", "goodbye")]
    while todo:
        name, facts = todo.pop()
        if name in known:
            facts &= known[name]
            if facts == known[name]:
                continue
        known[name] = facts
        todo += [(target, after) for target, after in _after(one.steps[name], facts, flows) if target in one.steps]
    return known


def _after(step: fl.Step, known: Known, flows: fl.Flows) -> Iterator[tuple[str, Known]]:
    """(target, facts known on that way) of everything that leads on."""
    if isinstance(step, fl.ASKING):
        for option in step.options:
            yield option.go, known | frozenset(option.put)
        if step.detail:
            yield step.detail_next, known | {step.detail}
    match step:
        case fl.Ask() if step.into:
            yield step.next, known | {step.into}
        case fl.Pick():
            yield step.next, known | {step.into, *step.keep}
        case fl.Pad():
            yield step.next, known | {step.into}
        case fl.Card():
            yield step.next, known | {"card"}
            yield step.fault, known
        case fl.Tell():
            yield step.next, known
        case fl.Note():
            yield step.next, (known - set(step.drop)) | {*step.put, *step.words, *step.copy}
        case fl.Each():
            yield step.next, (known - {step.answer}) | {step.into, *rounds.facts_of(step, ended=False)}
            yield step.over, (known - {step.answer, *step.give}) | {step.into, *rounds.facts_of(step, ended=True)}
        case fl.Fork():
            yield step.then, known | (_told_with(step.fact, flows) if step.test == "known" else frozenset())
            yield step.otherwise, known
        case fl.Perform():
            for outcome, target in step.outcomes.items():
                yield target, known | frozenset(flows.gives[step.task].get(outcome, ()))
        case fl.Call():
            yield step.next, known | _given_by(flows.flows[step.flow], flows)


def _told_with(fact: str, flows: fl.Flows) -> Known:
    """A fact of a lasting flow is never alone: whatever all tasks of that flow give together with it is known, too."""
    sets = [frozenset(given) for one in flows.flows.values() if one.lasting for step in one.steps.values()
            if isinstance(step, fl.Perform) for given in flows.gives[step.task].values() if fact in given]
    return frozenset({fact}) | (frozenset.intersection(*sets) if sets else frozenset())


def _given_by(part: fl.Flow, flows: fl.Flows) -> Known:
    """What is surely known when a called flow comes back."""
    returns: list[Known] = []
    for name, facts in known_at(part, flows).items():
        returns += [after for target, after in _after(part.steps[name], facts, flows) if target == "@return"]
    return frozenset.intersection(*returns) if returns else frozenset()
