"""Weighted evidence: which concepts, in which order, speak for which intent (assets/dialects/mandarin/rules.yaml).

A rule is a weight and conditions that must all hold:

    "fund"            the concept was found
    "take|take1"      one of these was found
    "!other_office"   it was not found
    "use_v > fund"    found in this order; "use_v >4> fund": with at most four characters between
    "@yes_no"         this question is pending; "!@" any question pending is refused, "@" any is needed
A rule counts its weight times the quality of its weakest concept (1 = the very words, less = only sounds like it).
The score of an intent is the sum over its rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.fund.errors import DataError
from kiosk.language.spotting import Token

_ORDER = re.compile(r"\s*>(\d+)?>?\s*")


@dataclass(frozen=True)
class Condition:
    """names before `gap` characters at most before `then` (when `then` is set)."""

    names: tuple[str, ...]
    then: tuple[str, ...] = ()
    gap: int = 1000
    wanted: bool = True
    pending: bool = False


@dataclass(frozen=True)
class Rule:
    intent: str
    weight: float
    conditions: tuple[Condition, ...]
    text: str = ""


DERIVED = "="
"""Derived concepts are kept as rules for '=name'."""

Spotted = Mapping[str, Sequence[Token]]


@dataclass(frozen=True)
class Stray:
    """What characters cost that an intent leaves unexplained: (free characters, score lost for each further one)."""

    light: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    command: tuple[float, float] = (1, 0.0)
    business: tuple[float, float] = (4, 0.0)

    def loss(self, intent: str, fired: Iterable[Rule], spotted: Spotted, tokens: Sequence[Token], length: int) -> float:
        """Score that `intent` loses. Explained is what its rules used and what is light (想, 一下, 同志 ...)."""
        explained = [False] * length
        for token in tokens:
            if not self.light.isdisjoint(token.concepts):
                explained[token.start:token.end] = [True] * (token.end - token.start)
        for rule in fired:
            if rule.intent == intent and rule.weight > 0:
                for condition in rule.conditions:
                    for name in (*condition.names, *condition.then) if condition.wanted else ():
                        for token in spotted.get(name, ()):
                            explained[token.start:token.end] = [True] * (token.end - token.start)
        if intent not in self.commands:
            for token in tokens:
                explained[token.start:token.end] = [True] * (token.end - token.start)
        free, each = self.command if intent in self.commands else self.business
        return max(0.0, explained.count(False) - free) * each


class Rulebook:
    """Rules indexed by the concepts they need, so that an utterance touches only those that may fire."""

    def __init__(self, rules: Iterable[Rule], stray: Stray = Stray()) -> None:
        self.stray = stray
        every = tuple(rules)
        self.derived = tuple(rule for rule in every if rule.intent.startswith(DERIVED))
        self.rules = tuple(rule for rule in every if not rule.intent.startswith(DERIVED))
        self._by_key: dict[str, list[Rule]] = {}
        self._always: list[Rule] = []
        for rule in self.rules:
            key = next((c for c in rule.conditions if c.wanted and not c.pending), None)
            if key is None:
                self._always.append(rule)
                continue
            for name in key.names:
                self._by_key.setdefault(name, []).append(rule)

    def derive(self, spotted: dict[str, Sequence[Token]], pending: str, whole: Token) -> None:
        """Add the derived concepts that hold, in the order in which they are written."""
        for rule in self.derived:
            name = rule.intent.removeprefix(DERIVED)
            if name not in spotted and _holds(rule, spotted, pending) > 0:
                spotted[name] = (whole,)

    def fire(self, spotted: Spotted, pending: str) -> list[tuple[Rule, float]]:
        """Each rule that holds with what it adds to its intent."""
        seen: set[int] = set()
        fired = []
        for rule in self._candidates(spotted):
            if id(rule) in seen:
                continue
            seen.add(id(rule))
            quality = _holds(rule, spotted, pending)
            if quality > 0:
                fired.append((rule, rule.weight * quality))
        return fired

    def _candidates(self, spotted: Spotted) -> Iterable[Rule]:
        yield from self._always
        for name in spotted:
            yield from self._by_key.get(name, ())


def _holds(rule: Rule, spotted: Spotted, pending: str) -> float:
    quality = 1.0
    for condition in rule.conditions:
        if condition.pending:
            met = 1.0 if (pending in condition.names or (condition.names == ("",) and pending)) else 0.0
        elif condition.then:
            met = _in_order(condition, spotted)
        else:
            met = max((t.quality for name in condition.names for t in spotted.get(name, ())), default=0.0)
        if condition.wanted:
            if met <= 0:
                return 0.0
            quality = min(quality, met)
        elif met > 0:
            return 0.0
    return quality


def _in_order(condition: Condition, spotted: Spotted) -> float:
    best = 0.0
    for first in (t for name in condition.names for t in spotted.get(name, ())):
        for second in (t for name in condition.then for t in spotted.get(name, ())):
            if 0 <= second.start - first.end <= condition.gap:
                best = max(best, min(first.quality, second.quality))
    return best


def parse_condition(text: str) -> Condition:
    wanted = not text.startswith("!")
    body = text.lstrip("!").strip()
    if body.startswith("@"):
        return Condition(tuple(body[1:].split("|")), wanted=wanted, pending=True)
    parts = _ORDER.split(body)
    if len(parts) == 1:
        return Condition(_names(body), wanted=wanted)
    first, gap, second = parts[0], parts[1], parts[2]
    return Condition(_names(first), _names(second), int(gap) if gap else 1000, wanted)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|"))


def load_rules(data: Mapping[str, object], known: set[str], where: str) -> list[Rule]:
    """The parsed rules.yaml: groups, families and rules. Unknown concepts are named in a DataError."""
    groups = _table(data, "groups", where)
    rules: list[Rule] = []
    derived = _table(data, "derived", where)
    known = known | set(derived)
    for name, lines in derived.items():
        rules += [_rule(DERIVED + name, [1.0, *line], groups, {}, known, f"{where}: derived.{name}[{i}]")
                  for i, line in enumerate(lines)]
    for intent, lines in _table(data, "rules", where).items():
        rules += [_rule(intent, line, groups, {}, known, f"{where}: rules.{intent}[{i}]") for i, line in enumerate(lines)]
    for name, family in _table(data, "families", where).items():
        rules += _family(family, groups, known, f"{where}: families.{name}")
    return rules


def _family(family: object, groups: Mapping[str, object], known: set[str], where: str) -> list[Rule]:
    """The same rules for several intents, `{it}` standing for each one's own concept; its number is a head start."""
    if not isinstance(family, Mapping):
        raise DataError(where, "这里应当有 members 和 rules。")
    rules = []
    for intent, parts in _table(family, "members", where).items():
        lines = [[float(parts[1]), "{it}"], *family.get("rules", [])]
        rules += [_rule(intent, line, groups, {"it": str(parts[0])}, known, f"{where}.{intent}[{i}]")
                  for i, line in enumerate(lines)]
    return rules


def load_stray(data: Mapping[str, object], where: str) -> Stray:
    table = data.get("stray", {})
    if not isinstance(table, Mapping):
        raise DataError(f"{where}: stray", "这里应当是“名字: 内容”的表。")
    return Stray(frozenset(table.get("light", ())), frozenset(table.get("commands", ())),
                 tuple(table.get("command", (1, 0.0))), tuple(table.get("business", (4, 0.0))))


def _table(data: Mapping[str, object], key: str, where: str) -> Mapping[str, list]:  # type: ignore[type-arg]
    table = data.get(key, {})
    if not isinstance(table, Mapping):
        raise DataError(f"{where}: {key}", "这里应当是“名字: 内容”的表。")
    return table


def _rule(intent: str, line: object, groups: Mapping[str, object], blanks: Mapping[str, str], known: set[str],
          where: str) -> Rule:
    if not isinstance(line, list) or not line or not isinstance(line[0], int | float):
        raise DataError(where, "规则要写成 [分数, \"条件\", …]。")
    conditions = []
    for text in line[1:]:
        if not isinstance(text, str):
            raise DataError(where, f"条件 {text!r} 要加引号。")
        for blank, filling in blanks.items():
            text = text.replace("{" + blank + "}", filling)
        condition = parse_condition(_spell_out(text, groups))
        for name in (*condition.names, *condition.then):
            if not condition.pending and name not in known:
                raise DataError(where, f"没有叫「{name}」的概念。")
        conditions.append(condition)
    return Rule(intent, float(line[0]), tuple(conditions), " & ".join(str(t) for t in line[1:]))


def _spell_out(text: str, groups: Mapping[str, object]) -> str:
    def group(hit: re.Match[str]) -> str:
        names = groups.get(hit[0])
        return "|".join(names) if isinstance(names, list) else hit[0]
    return re.sub(r"[a-z_0-9]+", group, text) if not text.lstrip("!").startswith("@") else text
