"""Reading the dialect packs: assets/dialects/<code>/{pack.toml, words.tsv, grammar.yaml, concepts.yaml, rules.yaml,
examples.yaml}. Mandarin's concepts and rules are the base; every other pack may add phrases to concepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from kiosk.fund.datafile import load_yaml, read_toml
from kiosk.fund.errors import DataError
from kiosk.language.patterns import expand
from kiosk.language.rules import DERIVED, Rule, Stray, load_rules, load_stray
from kiosk.language.spotting import Concept
from kiosk.language.syllables import CODES, Accent, accent_of

PENDING = ("", "yes_no", "sum", "amount", "number", "choice", "withdraw_kind", "certificate_kind")

INTENTS = frozenset(
    ["withdraw", "withdraw.retirement", "withdraw.rent", "withdraw.purchase", "withdraw.down_payment", "withdraw.build", "withdraw.loan_repayment", "withdraw.leaving", "withdraw.elevator", "withdraw.property_fee", "withdraw.renovation", "withdraw.illness", "withdraw.disability", "withdraw.emigration", "withdraw.hardship", "withdraw.flexible", "withdraw.death", "certificate", "certificate.deposit", "certificate.cross_city_loan", "certificate.loan_settled", "certificate.statement", "certificate.withdrawal", "balance", "deposit.monthly", "loan.status", "loan.estimate", "progress", "materials", "policy", "hall", "complaint", "staff", "help", "yes", "no", "choose", "amount", "number", "all", "back", "home", "cancel", "finish", "repeat", "slower", "faster", "louder", "quieter", "bigger_text", "smaller_text", "voice_mode", "screen_mode", "dialect", "wait", "none"])
"""intents.md."""


@dataclass(frozen=True)
class Example:
    """One line of examples.yaml: what is said, what it means, in which state."""

    text: str
    intent: str
    pending: str = ""
    slots: Mapping[str, object] = field(default_factory=dict)
    also: tuple[str, ...] = ()      # intents that would be right too
    where: str = ""


@dataclass(frozen=True)
class Pack:
    """One dialect. `words` are replaced always, `own_words` only when this dialect (or one that shares it) is known."""

    code: str
    name: str
    near: bool
    recogniser: str
    accent: Accent
    reviewed_by: str = ""
    reviewed_on: str = ""
    shares: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    own_words: Mapping[str, str] = field(default_factory=dict)
    sentences: tuple[tuple[str, str], ...] = ()        # (intent, sentence), patterns written out
    concepts: tuple[Concept, ...] = ()
    rules: tuple[Rule, ...] = ()
    stray: Stray = field(default_factory=Stray)
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Decision:
    """decision.toml; see the comments there."""

    accept: float = 0.75
    ask: float = 0.12
    reject: float = 0.6
    offer: float = 0.02
    temperature: float = 1.0
    near: float = 0.86
    rules: float = 0.1
    rules_most: float = 6.0
    unheard: float = -9.0
    likely: float = 0.7

    def with_overrides(self, given: Mapping[str, object], where: str) -> Decision:
        names = {f.name for f in fields(self)}
        for key, value in given.items():
            if key not in names:
                raise DataError(f"{where}: {key}", f"不认识这一项，可用的有：{'、'.join(sorted(names))}。")
            if not isinstance(value, int | float) or isinstance(value, bool):
                raise DataError(f"{where}: {key}", "应当是一个数。")
        return replace(self, **{k: float(v) for k, v in given.items()})  # type: ignore[arg-type]


def load_packs(assets: Path) -> dict[str, Pack]:
    """All packs that are there, Mandarin first. Raises DataError for the first thing that is wrong."""
    root = assets / "dialects"
    packs: dict[str, Pack] = {}
    known: set[str] | None = None
    for code in CODES:
        if (root / code / "pack.toml").exists():
            packs[code] = load_pack(root / code, known)
            if code == "mandarin":
                known = {c.name for c in packs[code].concepts}
    if "mandarin" not in packs:
        raise DataError(str(root / "mandarin" / "pack.toml"), "缺少普通话包，其他方言包都靠它。")
    return packs


def load_decision(assets: Path, overrides: Mapping[str, object] | None = None) -> Decision:
    path = assets / "dialects" / "decision.toml"
    decision = Decision().with_overrides(_toml(path), str(path)) if path.exists() else Decision()
    return decision.with_overrides(overrides or {}, "site: understanding")


def load_pack(folder: Path, known_concepts: set[str] | None = None) -> Pack:
    """One pack. `known_concepts`: names of Mandarin's concepts (None when this is Mandarin)."""
    path = folder / "pack.toml"
    data = _toml(path)
    about = data.get("pack", {})
    if not isinstance(about, dict):
        raise DataError(f"{path}: pack", "应当是一个表。")
    words, own_words = _words(folder / "words.tsv")
    concepts = _concepts(folder / "concepts.yaml", known_concepts)
    names = ({c.name for c in concepts} | (known_concepts or set())) | {f"number_{u}" for u in _NUMBER_KINDS} | _DERIVED
    return Pack(
        code=folder.name, name=str(about.get("name", folder.name)), near=bool(about.get("near", False)),
        recogniser=str(about.get("recogniser", "mandarin")), accent=accent_of(folder.name, data, str(path)),
        reviewed_by=str(about.get("reviewed_by", "")), reviewed_on=str(about.get("reviewed_on", "")),
        shares=tuple(about.get("shares", ())), words=words, own_words=own_words,
        sentences=tuple(_sentences(folder / "grammar.yaml")), concepts=concepts,
        rules=tuple(_rules(folder / "rules.yaml", names)),
        stray=load_stray(read_yaml(folder / "rules.yaml"), str(folder / "rules.yaml")), examples=tuple(_examples(folder / "examples.yaml")))


_NUMBER_KINDS = ("money", "months", "years", "copies", "ordinal", "things", "other", "none")
_DERIVED = {"number", "unknown", "long", "short"}
"""Concepts that the engine finds itself: any number; much that is not understood; many or few characters."""


def _toml(path: Path) -> dict[str, object]:
    return read_toml(path, str(path))


def read_yaml(path: Path) -> dict[str, object]:
    """A YAML table; {} when the file is missing. Raises DataError with the line when it cannot be read."""
    if not path.exists():
        return {}
    data = load_yaml(path, str(path), empty={})
    if not isinstance(data, dict):
        raise DataError(str(path), "最外层应当是“名字: 内容”的表。")
    return data


def _words(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    always: dict[str, str] = {}
    own: dict[str, str] = {}
    if not path.exists():
        return always, own
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        word, meaning, flag = [*cells, "", ""][:3]
        if flag not in ("", "known"):
            raise DataError(f"{path}:{number}", f"「{word}」后面的「{flag}」不认识，只能写 known 或不写。")
        (own if flag else always)[word] = meaning
    return always, own


def _sentences(path: Path) -> Iterable[tuple[str, str]]:
    data = read_yaml(path)
    _only_keys(data, {"macros", "sentences"}, path)
    macros = _text_table(data.get("macros", {}), f"{path}: macros")
    for intent, patterns in _table(data.get("sentences", {}), f"{path}: sentences").items():
        where = f"{path}: sentences.{intent}"
        if intent not in INTENTS:
            raise DataError(where, f"没有「{intent}」这件事，名字见 intents 表。")
        for pattern in _texts(patterns, where):
            for sentence in expand(pattern, macros, where):
                yield intent, sentence


def _concepts(path: Path, known: set[str] | None) -> tuple[Concept, ...]:
    data = read_yaml(path)
    _only_keys(data, {"macros", "concepts"}, path)
    macros = _text_table(data.get("macros", {}), f"{path}: macros")
    found = []
    for name, body in _table(data.get("concepts", {}), f"{path}: concepts").items():
        where = f"{path}: concepts.{name}"
        if known is not None and name not in known:
            raise DataError(where, f"没有叫「{name}」的概念；方言包只能给普通话包里已有的概念添说法。")
        if isinstance(body, dict):
            _only_keys(body, {"kind", "phrases"}, where)
        kind = str(body.get("kind", "")) if isinstance(body, dict) else ""
        if kind not in ("", "single", "sound", "sound2", "closed", "answer", "closed sound"):
            raise DataError(where, f"kind「{kind}」不认识，可用的有 single、sound、sound2、closed、answer。")
        patterns = _texts(body.get("phrases", []) if isinstance(body, dict) else body, where)
        phrases = tuple(dict.fromkeys(p for pattern in patterns for p in expand(pattern, macros, where) if p))
        sound = 0 if "sound" not in kind else 2 if "sound2" in kind else 3
        found.append(Concept(name, phrases, "single" in kind, sound, "closed" in kind, "answer" in kind))
    return tuple(found)


def _rules(path: Path, known: set[str]) -> list[Rule]:
    data = read_yaml(path)
    _only_keys(data, {"groups", "stray", "derived", "families", "rules"}, path)
    rules = load_rules(data, known, str(path))
    for rule in rules:
        if rule.intent not in INTENTS and not rule.intent.startswith(DERIVED):
            raise DataError(f"{path}: rules.{rule.intent}", f"没有「{rule.intent}」这件事。")
    return rules


def _examples(path: Path) -> Iterable[Example]:
    data = read_yaml(path)
    _only_keys(data, {"examples"}, path)
    for intent, lines in _table(data.get("examples", {}), f"{path}: examples").items():
        where = f"{path}: examples.{intent}"
        if intent not in INTENTS:
            raise DataError(where, f"没有「{intent}」这件事。")
        if not isinstance(lines, list):
            raise DataError(where, "应当是一串句子。")
        for line in lines:
            yield _example(intent, line, where)


def _example(intent: str, line: object, where: str) -> Example:
    if isinstance(line, str):
        return Example(line, intent, where=where)
    if isinstance(line, dict) and isinstance(line.get("text"), str):
        _only_keys(line, {"text", "pending", "slots", "also"}, where)
        pending = str(line.get("pending", ""))
        if pending not in PENDING:
            raise DataError(where, f"「{line['text']}」的 pending「{pending}」不认识。")
        return Example(line["text"], intent, pending, line.get("slots") or {},
                       tuple(line.get("also") or ()), where)
    raise DataError(where, f"{line!r} 不是句子：请加引号（yes、no、on、off 不加引号会被当成真假）。")


def _only_keys(data: Mapping[str, object], allowed: set[str], where: object) -> None:
    for key in data:
        if key not in allowed:
            raise DataError(f"{where}: {key}", f"不认识这一项，可用的有：{'、'.join(sorted(allowed))}。")


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DataError(where, "这里应当是“名字: 内容”的表。")
    for key in value:
        if not isinstance(key, str):
            raise DataError(f"{where}.{key}", "名字要加引号（yes、no、on、off 不加引号会被当成真假）。")
    return value


def _text_table(value: object, where: str) -> dict[str, str]:
    table = _table(value, where)
    return {name: _text(body, f"{where}.{name}") for name, body in table.items()}


def _texts(value: object, where: str) -> list[str]:
    if not isinstance(value, list):
        raise DataError(where, "应当是一串加引号的说法。")
    return [_text(item, where) for item in value]


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise DataError(where, f"{value!r} 没有加引号（yes、no、on、off 不加引号会被当成真假）。")
    return value
