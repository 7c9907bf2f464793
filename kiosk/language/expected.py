"""What people may say at a step: the phrases that the held decodes are made of.

Nobody says the very sentences of the packs, so the text is made in their manner: frames (assets/dialects/hearing.yaml) are
filled with the phrases of the packs' concepts, by chance with a fixed seed. The recogniser keeps only which word follows
which, so some thousand sentences cover many more. Everyday talk is among them, so that talk need not become a request.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from threading import Lock

from kiosk.fund.errors import DataError
from kiosk.language.packs import Pack, read_yaml
from kiosk.language.respell import Lexicon, Spelling, accents_for
from kiosk.language.syllables import Syllable, parse, spoken
from kiosk.language.witness import read_corpus
from kiosk.ports.ears import Expectation, Vocabulary

_SEED = 20
_ONSET_EVERY = 3
"""Every n-th line is also expected with a sound before it."""
_DEEPEST = 12


@dataclass(frozen=True)
class Frames:
    """hearing.yaml: sentence frames by group, everyday talk, and how many samples to draw of each; and
    by dialect the sentences of the corpus."""

    frames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    talk: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    onsets: tuple[Syllable, ...] = ()
    corpus: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    samples: int = 10
    talk_samples: int = 4
    concept_samples: int = 40


def load_frames(assets: Path) -> Frames:
    """Raises DataError with file, path and what to change."""
    path = assets / "dialects" / "hearing.yaml"
    data = read_yaml(path)
    known = {"samples", "talk_samples", "concept_samples", "parts", "frames", "talk", "onsets"}
    for key in data:
        if key not in known:
            raise DataError(f"{path}: {key}", f"不认识这一项，可用的有：{'、'.join(sorted(known))}。")
    parts = _checked(data.get("parts", {}), dict, f"{path}: parts")
    groups = _checked(data.get("frames", {}), dict, f"{path}: frames")
    return Frames(
        frames={name: _lines(lines, f"{path}: frames.{name}") for name, lines in groups.items()},
        talk=_lines(data.get("talk", []), f"{path}: talk"),
        parts={name: _lines([body], f"{path}: parts.{name}")[0] for name, body in parts.items()},
        corpus={path.parent.name: tuple(example.text for example in read_corpus(path))
                for path in sorted((assets / "dialects").glob("*/corpus.tsv"))},
        onsets=tuple(parse(line) for line in _lines(data.get("onsets", []), f"{path}: onsets")),
        samples=_count(data.get("samples", 10), f"{path}: samples"),
        talk_samples=_count(data.get("talk_samples", 4), f"{path}: talk_samples"),
        concept_samples=_count(data.get("concept_samples", 40), f"{path}: concept_samples"))


def _checked(value: object, kind: type, where: str) -> dict[str, object]:
    if not isinstance(value, kind):
        raise DataError(where, "这里应当是“名字: 内容”的表。")
    return value  # type: ignore[return-value]


def _lines(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise DataError(where, "应当是一串加引号的说法。")
    for line in value:
        if not isinstance(line, str):
            raise DataError(where, f"{line!r} 没有加引号。")
        if line.count("(") != line.count(")") or line.count("[") != line.count("]") or line.count("<") != line.count(">"):
            raise DataError(where, f"「{line}」的括号不成对。")
    return tuple(value)


def _count(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise DataError(where, "应当是一个不小于零的整数。")
    return value


class Sampler:
    """Draws sentences from patterns with (a|b), [c] and <name>."""

    def __init__(self, names: Mapping[str, Sequence[str]], seed: int) -> None:
        self._names, self._random = names, random.Random(seed)

    def draw(self, pattern: str) -> str:
        return self._alternatives(pattern, 0, "", 0)[0]

    def _alternatives(self, text: str, at: int, close: str, depth: int) -> tuple[str, int]:
        ways, current = [], ""
        while at < len(text) and text[at] != close:
            char = text[at]
            if char == "|":
                ways.append(current)
                current, at = "", at + 1
            elif char == "(" or char == "[":
                inner, at = self._alternatives(text, at + 1, ")" if char == "(" else "]", depth)
                current += inner if char == "(" or self._random.random() < 0.5 else ""
                at += 1
            elif char == "<":
                end = text.index(">", at)
                current, at = current + self._named(text[at + 1:end], depth), end + 1
            else:
                current, at = current + char, at + 1
        ways.append(current)
        return self._random.choice(ways), at

    def _named(self, name: str, depth: int) -> str:
        if name in NUMBERS:
            return NUMBERS[name](self._random)
        choices = self._names.get(name, ())
        if not choices or depth > _DEEPEST:
            return ""
        return self._alternatives(self._random.choice(choices), 0, "", depth + 1)[0]


# ------------------------------------------------------------------ numbers as they are said

_HAN = "零一二三四五六七八九"


def spelled_number(value: int, chance: random.Random) -> str:
    """2500 -> 两千五, 两千五百; 12000 -> 一万二, 一万二千; 250 -> 二百五(十); 4050 -> 四千零五十."""
    if value >= 10000:
        head = spelled_number(value // 10000, chance) + "万"
        return ("两万" + head[2:] if head.startswith("二万") else head) + _rest(value % 10000, 1000, chance)
    for unit, name in ((1000, "千"), (100, "百")):
        if value >= unit:
            head = _HAN[value // unit]
            head = "两" if head == "二" and (unit == 1000 or chance.random() < 0.5) else head
            return head + name + _rest(value % unit, unit // 10, chance)
    if value >= 10:
        tens = "" if value < 20 else _HAN[value // 10]
        return tens + "十" + (_HAN[value % 10] if value % 10 else "")
    return _HAN[value]


def _rest(value: int, unit: int, chance: random.Random) -> str:
    if value == 0:
        return ""
    if value % unit == 0 and unit >= 10 and chance.random() < 0.6:
        return _HAN[value // unit]  # the unit may be left out: 两千五
    said = spelled_number(value, chance)
    if value < unit:
        return "零" + said
    return "一" + said if said.startswith("十") else said


def _money(chance: random.Random) -> str:
    unit = chance.choice((10, 100, 100, 1000, 1000, 1000, 10000, 10000, 100000))
    value = unit * chance.randint(1, 9)
    if chance.random() < 0.5 and unit > 10:
        value += unit // 10 * chance.randint(1, 9)
    if chance.random() < 0.1 and unit > 100:
        value += unit // 100 * chance.randint(1, 9)
    if chance.random() < 0.1:
        value = unit * chance.randint(1, 9) + chance.randint(1, 9)
    return spelled_number(value, chance) + chance.choice(("", "", "块", "块钱", "块", "元"))


def _months(chance: random.Random) -> str:
    return chance.choice((f"{_counted(chance.randint(1, 12))}个月", "半年", "一年", "仨月", "俩月", "三个月", "六个月"))


def _counted(value: int) -> str:
    return "两" if value == 2 else spelled_number(value, random.Random(0))


def _years(chance: random.Random) -> str:
    return _counted(chance.choice((*range(1, 11), 10, 15, 20, 20, 25, 30, 30))) + "年"


def _copies(chance: random.Random) -> str:
    return chance.choice((_counted(chance.randint(1, 5)) + chance.choice("份份张张个"), "俩", "仨"))


def _ordinal(chance: random.Random) -> str:
    return _HAN[chance.randint(1, 6)] + chance.choice("个个个种张项")


NUMBERS = {"money": _money, "months": _months, "years": _years, "copies": _copies, "ordinal": _ordinal}


# ------------------------------------------------------------------ the text of a dialect


def sentences(frames: Frames, packs: Mapping[str, Pack], dialect: str,
              buttons: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Group (of hearing.yaml, plus packs, concepts, buttons and talk) to what may be said, in Mandarin words and in the
    dialect's."""
    own = [packs[code] for code in dict.fromkeys(("mandarin", dialect)) if code in packs]
    names = _names(frames, own)
    sampler = Sampler(names, _SEED)
    turned = _Dialect(packs[dialect], _SEED) if dialect in packs and dialect != "mandarin" else None
    found: dict[str, list[str]] = {}
    for group, patterns in frames.frames.items():
        found[group] = [sampler.draw(p) for p in patterns for _ in range(frames.samples)]
    found["corpus"] = [text for pack in own for text in frames.corpus.get(pack.code, ())]
    found["talk"] = [sampler.draw(p) for p in frames.talk for _ in range(frames.talk_samples)]
    found["concepts"] = list(_sampled_concepts(own, frames.concept_samples))
    found["buttons"] = list(buttons)
    found["packs"] = [text for pack in own for _, text in pack.sentences]
    found["packs"] += [example.text for pack in own for example in pack.examples]
    if turned is not None:
        for group in found:
            found[group] += [other for text in found[group] if (other := turned.say(text)) != text]
    return {group: tuple(t for text in texts if (t := spoken(text))) for group, texts in found.items()}


def _names(frames: Frames, packs: Iterable[Pack]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {name: [body] for name, body in frames.parts.items()}
    for pack in packs:
        for concept in pack.concepts:
            names.setdefault(concept.name, []).extend(concept.phrases)
    return names


def _sampled_concepts(packs: Sequence[Pack], most: int) -> Iterator[str]:
    chance = random.Random(_SEED)
    for pack in packs:
        for concept in pack.concepts:
            phrases = list(concept.phrases)
            yield from phrases if len(phrases) <= most else chance.sample(phrases, most)


class _Dialect:
    """Puts a dialect's words into Mandarin sentences: words.tsv read backwards."""

    def __init__(self, pack: Pack, seed: int) -> None:
        self._random = random.Random(seed)
        self._forms: dict[str, list[str]] = {}
        self._tails: list[str] = []
        for said, meant in {**pack.words, **pack.own_words}.items():
            if meant:
                self._forms.setdefault(meant, []).append(said)
            else:
                self._tails.append(said)
        self._longest = max(map(len, self._forms), default=0)

    def say(self, text: str) -> str:
        out, at = "", 0
        while at < len(text):
            for size in range(min(self._longest, len(text) - at), 0, -1):
                forms = self._forms.get(text[at:at + size])
                if forms and self._random.random() < 0.75:
                    out, at = out + self._random.choice(forms), at + size
                    break
            else:
                out, at = out + text[at], at + 1
        if self._tails and self._random.random() < 0.3:
            out += self._random.choice(self._tails)
        return out


# ------------------------------------------------------------------ the port


class Expected:
    """VocabularySource: one vocabulary per dialect, made when first asked for and kept.

    The pending question changes nothing here: favouring its answers did not make them better heard, and narrowing the
    vocabulary to them made them worse heard (docs/dialects.md). The meaning is where the question counts.
    `local` are the dialects of the site, most likely first; those that the recogniser cannot hear are left out. `buttons`
    gives the words on the screens' buttons; it is called when a vocabulary is made.
    """

    def __init__(self, packs: Mapping[str, Pack], frames: Frames, lexicon: Lexicon, local: Sequence[str] = (),
                 buttons: Callable[[], Sequence[str]] = tuple) -> None:
        self._packs, self._frames, self._lexicon, self._buttons = packs, frames, lexicon, buttons
        self._near = tuple(code for code, pack in packs.items() if pack.near)
        self._local = tuple(code for code in local if code in self._near) or self._near
        self._made: dict[str, Vocabulary] = {}
        self._lock = Lock()

    def dialects(self, expectation: Expectation) -> tuple[str, ...]:
        """Mandarin always; the session's dialect when known, otherwise those of the site."""
        wanted = self._local if expectation.dialect in ("auto", "") else (expectation.dialect,)
        return tuple(dict.fromkeys(("mandarin", *(code for code in wanted if code in self._near))))

    def vocabulary(self, expectation: Expectation, dialect: str) -> Vocabulary:
        with self._lock:
            if dialect not in self._made:
                self._made[dialect] = self._make(dialect)
            return self._made[dialect]

    def unknown(self, dialect: str = "mandarin") -> tuple[str, ...]:
        """Characters of the packs' phrases that the recogniser has no word for (they are replaced by like-sounding ones)."""
        phrases = _flat(sentences(self._frames, self._packs, dialect))
        return tuple(dict.fromkeys(c for text in phrases for c in self._lexicon.cut(text).missing))

    def _make(self, dialect: str) -> Vocabulary:
        texts = _flat(sentences(self._frames, self._packs, dialect, self._buttons()))
        accents = () if dialect == "mandarin" else accents_for(self._packs[dialect].accent)
        spelling = Spelling(texts, self._lexicon, accents, self._frames.onsets)
        lines = [line for text in texts for line in spelling.lines(text)]
        lines += [f"{onset} {line}" for onset, line in zip(cycle(spelling.onsets), lines[::_ONSET_EVERY], strict=False)]
        return Vocabulary(dialect, tuple(lines), spelling.back)


def _flat(groups: Mapping[str, Sequence[str]]) -> list[str]:
    return [text for texts in groups.values() for text in texts]
