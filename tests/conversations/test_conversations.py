"""Plays the conversations of *.yaml: a list of turns, each an event and what the kiosk must then say, show and do.

A turn has one event
    hear: intent, or {intent, exact, decision, candidates, text, slots}     touch: id     key: name or list
    type: digits
    done: outcome, or {outcome, facts}     card: in | out     wait: times the timer runs out     plug: true | false
    staff: state     progress: name     reader: fault     ears: able | lost     voice: started
and any of
    says: words that must be said, aloud in the hall     private: words on the headphones     not_said: words
    shows: screen     at: flow.step     title, sentence, notice: what the view holds     choices: how many    rows: labels or values of rows
    does: task     once: true     wiped: reason     manner: fields     effect: names of other effects     silent: true
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kiosk.dialogue import events as ev
from kiosk.ports.devices import StaffState
from tests.conversations.talk import Visitor

FOLDER = Path(__file__).parent


def _conversations() -> list[Any]:
    return [pytest.param(one["turns"], id=f"{path.stem}: {one['name']}")
            for path in sorted(FOLDER.glob("*.yaml")) for one in yaml.safe_load(path.read_text("utf-8"))]


@pytest.mark.parametrize("turns", _conversations())
def test_conversation(turns: list[dict[str, Any]]) -> None:
    visitor = Visitor()
    for number, turn in enumerate(turns, 1):
        happen(visitor, turn)
        wrong = list(differences(visitor, turn))
        assert not wrong, f"turn {number} {turn}: {wrong} (at {visitor.step}, heard {visitor.heard!r})"


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def happen(visitor: Visitor, turn: Mapping[str, Any]) -> None:
    match next(iter(turn.items())):
        case "hear", str(intent):
            visitor.hear(intent)
        case "hear", told:
            told = dict(told)
            slots = told.pop("slots", {})
            told["candidates"] = tuple(told.get("candidates", ()))
            visitor.hear(told.pop("intent"), **told, **slots)
        case "touch", choice:
            visitor.touch(choice)
        case "key", keys:
            visitor.key(*_listed(keys))
        case "type", text:
            visitor.type(text)
        case "press", character:
            visitor.send(ev.Typed(character))
        case "done", str(outcome):
            visitor.finish(outcome)
        case "done", told:
            visitor.finish(told["outcome"], **told.get("facts", {}))
        case "card", where:
            visitor.card() if where == "in" else visitor.send(ev.CardRemoved())
        case "wait", times:
            for _ in range(times):
                visitor.wait()
        case "plug", plugged:
            visitor.send(ev.Headphones(plugged))
        case "staff", state:
            visitor.send(ev.Staff(StaffState(state)))
        case "progress", name:
            visitor.send(ev.TaskProgress(visitor.session.doing, name))
        case "reader", reason:
            visitor.send(ev.ReaderFault(reason))
        case "ears", state:
            visitor.send(ev.Hearing(state == "able"))
        case "bulletin", told:
            visitor.send(ev.Bulletin(told["kind"], told.get("text", "")))
        case "voice", _:
            visitor.send(ev.VoiceStarted())
        case event, _:
            raise AssertionError(f"no such event: {event}")


def differences(visitor: Visitor, turn: Mapping[str, Any]) -> list[str]:
    """What is not as the turn expects."""
    view, wrong = visitor.session.view, []
    names = [type(effect).__name__ for effect in visitor.effects]
    does = [effect for effect in visitor.effects if isinstance(effect, ev.Do)]
    for what, expected in list(turn.items())[1:]:
        match what:
            case "says":
                wrong += [f"not said: {words}" for words in _listed(expected) if words not in visitor.public]
            case "private":
                wrong += [f"not on the headphones: {words}" for words in _listed(expected)
                          if words not in visitor.heard]
            case "not_said":
                wrong += [f"said: {words}" for words in _listed(expected) if words in visitor.heard]
            case "silent":
                wrong += [f"said {visitor.public}"] if visitor.said else []
            case "shows":
                wrong += [f"shows {view.screen}"] if view.screen != expected else []
            case "at":
                wrong += [f"at {visitor.step}"] if visitor.step != expected else []
            case "title" | "sentence" | "notice" | "step" | "focus":
                wrong += [f"{what} is {getattr(view, what)!r}"] if getattr(view, what) != expected else []
            case "rows":
                rows = [word for row in view.rows for word in (row.label, row.value)]
                wrong += [f"no row {word}" for word in _listed(expected) if word not in rows]
            case "labels":
                labels = [choice.label for choice in view.choices]
                wrong += [f"no button {label}" for label in _listed(expected) if label not in labels]
            case "choices":
                wrong += [f"{len(view.choices)} choices"] if len(view.choices) != expected else []
            case "does":
                tasks = [each.task for each in does]
                wrong += [f"does {tasks}"] if tasks != _listed(expected) else []
            case "nothing_done":
                wrong += [f"does {does}"] if does else []
            case "facts":
                given = {name: list(v) if isinstance(v, tuple) else v for name, v in does[-1].facts.items()}
                wrong += [f"{name} is {given.get(name)!r}" for name, value in expected.items()
                          if given.get(name) != value]
            case "wiped":
                wrong += [f"wiped {visitor.wiped}"] if visitor.wiped[-1:] != [expected] else []
            case "manner":
                wrong += [f"{name} is {getattr(visitor.session.manner, name)}" for name, value in expected.items()
                          if getattr(visitor.session.manner, name) != value]
            case "effect":
                wrong += [f"no {name} in {names}" for name in _listed(expected) if name not in names]
            case _:
                raise AssertionError(f"nothing to expect by the name {what}")
    return wrong
