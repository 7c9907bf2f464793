"""Han text to syllables, and how a dialect speaker's syllables sound to Mandarin ears.

Readings come from pypinyin with its phrase table, corrected by assets/dialects/readings.tsv (characters of dialect
writing, and words whose usual reading here differs). An Accent is the [sounds] table of one dialect pack:

    surface(s)   how the speaker of the dialect says s, as Mandarin ears hear it (what a recogniser would write)
    fold(s)      one name for all sounds that the dialect does not tell apart; fold(surface(s)) == fold(s); tone dropped
    cost(a, b)   0 (same) .. 1 (nothing in common) of hearing b for a

Source of merges and costs: shared table of dialect sounds, see docs/dialects.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from kiosk.fund.datafile import read_toml
from kiosk.fund.errors import DataError

CODES = ("mandarin", "xinan_guizhou", "xinan_chuanyu", "zhongyuan_henan", "jianghuai", "dongbei", "jin_hanxin",
         "yue", "wu", "kejia", "min")
"""Ids of intents.md, Mandarin first."""

Costs = dict[tuple[str, str], float]

GAP = 0.8
"""Cost of a syllable that is missing or added."""

_INITIALS = ("zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s")
_ZERO = {"yi": "i", "ya": "ia", "ye": "ie", "yao": "iao", "you": "iou", "yan": "ian", "yin": "in", "yang": "iang",
         "ying": "ing", "yong": "iong", "yo": "io", "yai": "iai", "yu": "ü", "yue": "üe", "yuan": "üan", "yun": "ün",
         "wu": "u", "wa": "ua", "wo": "uo", "wai": "uai", "wei": "uei", "wan": "uan", "wen": "uen", "wang": "uang",
         "weng": "ueng"}
_LONG = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "üe"}
_SHORT = {"iou": "iu", "uei": "ui", "uen": "un"}
_UNZERO = {final: spelled for spelled, final in _ZERO.items()}
_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f〇]")


class Syllable(NamedTuple):
    """initial '' when there is none; final in full (iou, uei, üan; '-i' after z c s zh ch sh r); tone 1-4, 0 neutral."""

    initial: str
    final: str
    tone: int

    @property
    def pinyin(self) -> str:
        """Spelled as in a dictionary with the tone as a digit (lü3 -> 'lv3'); what pronunciation tables use."""
        tone = str(self.tone or "")
        if not self.initial:
            return _UNZERO.get(self.final, self.final) + tone
        final = "i" if self.final == "-i" else _SHORT.get(self.final, self.final)
        if self.initial in "jqx":
            final = final.replace("ü", "u")
        return self.initial + final.replace("ü", "v") + tone


@lru_cache(maxsize=4096)
def parse(spelled: str) -> Syllable:
    """'zhong1' -> (zh, ong, 1). Accepts v, u: and ü; a missing digit means the neutral tone."""
    text = spelled.strip().lower().replace("u:", "ü").replace("v", "ü")
    tone = 0
    if text and text[-1].isdigit():
        tone, text = int(text[-1]) % 5, text[:-1]
    if text in _ZERO:
        return Syllable("", _ZERO[text], tone)
    initial = next((i for i in _INITIALS if text.startswith(i) and len(text) > len(i)), "")
    final = text[len(initial):]
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "ü" + final[1:]
    final = _LONG.get(final, final)
    if final == "i" and initial in ("z", "c", "s", "zh", "ch", "sh", "r"):
        final = "-i"
    return Syllable(initial, final, tone)


class Readings:
    """Corrections to the dictionary's readings: whole words first, then single characters."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = {word: tuple(parse(s) for s in spelled.split()) for word, spelled in table.items()}
        self._longest = max((len(w) for w in self._table), default=0)

    def match(self, text: str, start: int) -> tuple[str, tuple[Syllable, ...]] | None:
        for size in range(min(self._longest, len(text) - start), 0, -1):
            word = text[start:start + size]
            if word in self._table:
                return word, self._table[word]
        return None


def load_readings(assets: Path) -> Readings:
    """assets/dialects/readings.tsv: word <tab> pinyin with spaces between syllables; # starts a comment."""
    path = assets / "dialects" / "readings.tsv"
    table: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, _, spelled = line.partition("\t")
        if len(spelled.split()) != len(word):
            raise DataError(f"{path}:{number}", f"「{word}」有{len(word)}个字，却写了{len(spelled.split())}个读音。")
        table[word] = spelled.strip()
    return Readings(table)


@lru_cache(maxsize=1)
def _default_readings() -> Readings:
    from kiosk.places import ASSETS  # read at first use, so that importing this module touches no file
    return load_readings(ASSETS)


def spoken(text: str) -> str:
    """Only what has a sound: Han characters, and digits as their Han names."""
    return "".join(_DIGITS.get(c, c) for c in text if c in _DIGITS or _HAN.match(c))


def _unread(run: str) -> list[str]:
    """A character without any reading counts as one dull syllable, so that rows stay as long as their text."""
    return ["e"] * len(run)


@lru_cache(maxsize=16384)
def syllables(text: str) -> tuple[Syllable, ...]:
    """One syllable for each Han character or digit of `text`, everything else skipped (see `spoken`)."""
    clean = spoken(text)
    found: list[Syllable | None] = [None] * len(clean)
    readings = _default_readings()
    at = 0
    while at < len(clean):
        hit = readings.match(clean, at)
        if hit is None:
            at += 1
            continue
        found[at:at + len(hit[0])] = list(hit[1])
        at += len(hit[0])
    if any(s is None for s in found):
        spelled = lazy_pinyin(clean, style=Style.TONE3, errors=_unread)  # type: ignore[arg-type]
        found = [parse(p) if s is None else s for s, p in zip(found, spelled, strict=True)]
    return tuple(s for s in found if s is not None)


_SEVERAL_READINGS = frozenset("还行重长调得着觉乐降藏传")   # in more than the tone
_TONE_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


@lru_cache(maxsize=16384)
def _character(char: str) -> Syllable:
    """The first reading of one character, from the table itself: a hundred times as fast as asking for a text."""
    known = _default_readings().match(char, 0)
    if known:
        return known[1][0]
    marked = PINYIN_DICT.get(ord(char), "e").split(",")[0]
    plain, tone = "", ""
    for part in unicodedata.normalize("NFD", marked):
        tone = _TONE_MARKS.get(part, tone)
        plain = plain[:-1] + "ü" if part == "\u0308" else plain + part * (part not in _TONE_MARKS)
    return parse(plain + tone)


@lru_cache(maxsize=65536)
def phrase_syllables(phrase: str) -> tuple[Syllable, ...]:
    """`syllables` for the many short phrases of the packs, which hold Han characters only: much faster."""
    if _SEVERAL_READINGS.isdisjoint(phrase):
        return tuple(_character(char) for char in phrase)
    return syllables(phrase)


# ------------------------------------------------------------------ how unlike two sounds are

_SIMILAR_INITIALS = (
    (0.1, ("z", "zh")), (0.1, ("c", "ch")), (0.1, ("s", "sh")), (0.5, ("n", "l")), (0.45, ("l", "r")),
    (0.35, ("b", "p")), (0.35, ("d", "t")), (0.35, ("g", "k")), (0.3, ("j", "q")), (0.35, ("q", "x")),
    (0.35, ("j", "x")), (0.3, ("zh", "ch")), (0.3, ("z", "c")), (0.35, ("ch", "sh")), (0.35, ("c", "s")),
    (0.35, ("h", "f")), (0.4, ("g", "h")), (0.35, ("k", "h")), (0.35, ("zh", "j")), (0.35, ("ch", "q")),
    (0.35, ("sh", "x")), (0.4, ("z", "j")), (0.4, ("c", "q")), (0.4, ("s", "x")), (0.4, ("zh", "sh")),
    (0.4, ("z", "s")), (0.4, ("z", "ch")), (0.4, ("zh", "c")), (0.35, ("r", "")), (0.4, ("m", "n")),
    (0.35, ("g", "")), (0.4, ("h", "")), (0.4, ("r", "zh")), (0.45, ("d", "l")), (0.45, ("t", "ch")),
)
_SIMILAR_FINALS = (
    (0.1, ("in", "ing")), (0.1, ("en", "eng")), (0.1, ("uen", "ueng")), (0.35, ("an", "ang")),
    (0.3, ("ian", "iang")), (0.3, ("uan", "uang")), (0.2, ("i", "ü")), (0.2, ("ie", "üe")), (0.2, ("ian", "üan")),
    (0.2, ("in", "ün")), (0.35, ("ong", "eng")), (0.35, ("ong", "uen")), (0.35, ("e", "uo")), (0.3, ("o", "uo")),
    (0.35, ("uo", "ou")), (0.35, ("ai", "ei")), (0.35, ("uai", "uei")), (0.35, ("an", "en")), (0.4, ("ian", "in")),
    (0.35, ("ao", "ou")), (0.35, ("iao", "iou")), (0.35, ("ia", "iao")), (0.4, ("a", "ao")), (0.3, ("an", "uan")),
    (0.35, ("e", "ei")), (0.3, ("i", "ei")), (0.3, ("u", "ou")), (0.3, ("u", "uo")), (0.35, ("u", "ü")),
    (0.3, ("-i", "i")), (0.35, ("-i", "e")), (0.35, ("ie", "ian")), (0.35, ("üan", "uan")), (0.35, ("ün", "uen")),
    (0.35, ("en", "uen")), (0.35, ("ang", "uang")), (0.35, ("ong", "iong")), (0.35, ("a", "ia")),
    (0.35, ("iang", "ang")), (0.4, ("e", "a")), (0.4, ("er", "e")), (0.35, ("iou", "ou")), (0.4, ("ei", "uei")),
    (0.45, ("a", "ai")), (0.45, ("a", "an")),
)


def _pairs(groups: Iterable[tuple[float, tuple[str, str]]]) -> Costs:
    table: Costs = {}
    for cost, (one, other) in groups:
        table[one, other] = table[other, one] = cost
    return table


INITIAL_COSTS = _pairs(_SIMILAR_INITIALS)
FINAL_COSTS = _pairs(_SIMILAR_FINALS)
TONE_COST = 0.06
OTHER_INITIAL, OTHER_FINAL = 0.6, 0.6


@dataclass(frozen=True)
class Accent:
    """The sounds of one dialect. Built by `load_accent`; all maps speak of Mandarin sounds on the left."""

    code: str
    name: str = ""
    initials: Mapping[str, str] = field(default_factory=dict)
    finals: Mapping[str, str] = field(default_factory=dict)
    whole: Mapping[str, str] = field(default_factory=dict)       # toneless pinyin of a syllable -> toneless pinyin
    characters: Mapping[str, Syllable] = field(default_factory=dict)
    tones: Mapping[int, int] = field(default_factory=dict)
    merged_initials: Mapping[str, str] = field(default_factory=dict)   # for matching only: more generous than speech
    merged_finals: Mapping[str, str] = field(default_factory=dict)
    initial_costs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    final_costs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    _cache: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    def _said(self, s: Syllable) -> Syllable:
        """How it is pronounced, tone untouched. Applied until nothing changes, so that folding is stable."""
        for _ in range(3):
            exception = self.whole.get(s._replace(tone=0).pinyin)
            new = parse(exception)._replace(tone=s.tone) if exception else _written(
                self.initials.get(s.initial, s.initial), self.finals.get(s.final, s.final), s.tone)
            if new == s:
                break
            s = new
        return s

    def surface(self, s: Syllable, character: str = "") -> Syllable:
        """How the dialect speaker's `s` sounds to Mandarin ears. `character` picks whole-word exceptions (街 gai)."""
        if character in self.characters:
            return self.characters[character]
        said = self._said(s)
        return said._replace(tone=self.tones.get(said.tone, said.tone))

    def surface_text(self, text: str) -> tuple[Syllable, ...]:
        """`surface` of each syllable of a text, with the exceptions of its characters."""
        return tuple(self.surface(s, c) for s, c in zip(syllables(text), spoken(text), strict=True))

    def fold(self, s: Syllable) -> Syllable:
        """The name of the class of sounds that the dialect does not tell apart; tone 0."""
        known = self._cache.get(s)
        if isinstance(known, Syllable):
            return known
        said = self._said(s)
        folded = _written(self.merged_initials.get(said.initial, said.initial),
                          self.merged_finals.get(said.final, said.final), 0)
        self._cache[s] = folded
        return folded

    def fold_text(self, text: str) -> tuple[Syllable, ...]:
        return tuple(self.fold(s) for s in syllables(text))

    def cost(self, meant: Syllable, heard: Syllable) -> float:
        """0 when the same; up to 1 when initial and final have nothing in common. Symmetric."""
        key = (meant, heard)
        known = self._cache.get(key)
        if isinstance(known, float):
            return known
        plain = self._unlike(meant, heard)
        folded = self._unlike(self.fold(meant), self.fold(heard)) + 0.04
        value = min(1.0, plain, folded)
        self._cache[key] = value
        return value

    def _unlike(self, a: Syllable, b: Syllable) -> float:
        if a == b:
            return 0.0
        cost = TONE_COST if a.tone and b.tone and a.tone != b.tone else 0.0
        if a.initial != b.initial:
            pair = (a.initial, b.initial)
            cost += self.initial_costs.get(pair, INITIAL_COSTS.get(pair, OTHER_INITIAL))
        if a.final != b.final:
            pair = (a.final, b.final)
            cost += self.final_costs.get(pair, FINAL_COSTS.get(pair, OTHER_FINAL))
        return min(1.0, cost)


def _written(initial: str, final: str, tone: int) -> Syllable:
    """Keep the final in the form that goes with its initial (zi has '-i', li has 'i')."""
    if final in ("i", "-i"):
        final = "-i" if initial in ("z", "c", "s", "zh", "ch", "sh", "r") else "i"
    return Syllable(initial, final, tone)


MANDARIN = Accent("mandarin", "普通话")


def distance(meant: Sequence[Syllable], heard: Sequence[Syllable], accent: Accent = MANDARIN, gap: float = GAP,
             limit: float = float("inf")) -> float:
    """Cheapest alignment of two syllable rows, in syllables (0 = the same). Gives up with inf once over `limit`."""
    row = [gap * j for j in range(len(heard) + 1)]
    for i, m in enumerate(meant, 1):
        before, row[0] = row[0], gap * i
        for j, h in enumerate(heard, 1):
            step = before if m == h else before + accent.cost(m, h)
            before = row[j]
            row[j] = min(step, row[j] + gap, row[j - 1] + gap)
        if min(row) > limit:
            return float("inf")
    return row[-1]


def align(meant: Sequence[Syllable], heard: Sequence[Syllable], accent: Accent = MANDARIN,
          gap: float = GAP) -> list[tuple[int | None, int | None, float]]:
    """The cheapest alignment itself: (index in meant or None, index in heard or None, cost), in order."""
    rows = [[gap * j for j in range(len(heard) + 1)]]
    for i, m in enumerate(meant, 1):
        row = [gap * i]
        for j, h in enumerate(heard, 1):
            row.append(min(rows[-1][j - 1] + accent.cost(m, h), rows[-1][j] + gap, row[-1] + gap))
        rows.append(row)
    path: list[tuple[int | None, int | None, float]] = []
    i, j = len(meant), len(heard)
    while i or j:
        if i and j and abs(rows[i][j] - rows[i - 1][j - 1] - accent.cost(meant[i - 1], heard[j - 1])) < 1e-9:
            i, j = i - 1, j - 1
            path.append((i, j, accent.cost(meant[i], heard[j])))
        elif i and abs(rows[i][j] - rows[i - 1][j] - gap) < 1e-9:
            i -= 1
            path.append((i, None, gap))
        else:
            j -= 1
            path.append((None, j, gap))
    return path[::-1]


# ------------------------------------------------------------------ packs

_SOUND_KEYS = {"initials", "finals", "syllables", "characters", "tones", "merge_initials", "merge_finals", "cost"}


def load_accent(assets: Path, code: str) -> Accent:
    """The [sounds] table of assets/dialects/<code>/pack.toml. Raises DataError with file and key."""
    path = assets / "dialects" / code / "pack.toml"
    if not path.is_file():
        raise DataError(str(path), "没有这个方言包，请检查方言代码。")
    return accent_of(code, read_toml(path, str(path)), str(path))


def accent_of(code: str, pack: Mapping[str, object], where: str) -> Accent:
    sounds = pack.get("sounds", {})
    if not isinstance(sounds, dict):
        raise DataError(f"{where}: sounds", "应当是一个表。")
    for key in sounds:
        if key not in _SOUND_KEYS:
            raise DataError(f"{where}: sounds.{key}", f"不认识这一项，可用的有：{'、'.join(sorted(_SOUND_KEYS))}。")
    about = pack.get("pack", {})
    name = str(about.get("name", code)) if isinstance(about, dict) else code
    initial_costs, final_costs = _cost_tables(sounds.get("cost", {}), where)
    return Accent(
        code, name,
        initials=_zero_aware(sounds.get("initials", {})), finals=dict(sounds.get("finals", {})),
        whole=dict(sounds.get("syllables", {})),
        characters={c: parse(s) for c, s in sounds.get("characters", {}).items()},
        tones={int(k): int(v) for k, v in sounds.get("tones", {}).items()},
        merged_initials=_zero_aware(sounds.get("merge_initials", {})),
        merged_finals=dict(sounds.get("merge_finals", {})),
        initial_costs=initial_costs, final_costs=final_costs)


def _zero_aware(table: Mapping[str, str]) -> dict[str, str]:
    """'0' in a pack means: no initial."""
    return {("" if k == "0" else k): ("" if v == "0" else v) for k, v in table.items()}


def _cost_tables(table: Mapping[str, float], where: str) -> tuple[Costs, Costs]:
    """cost = { "n/l" = 0.15, "an/ang" = 0.2 }"""
    initials: Costs = {}
    finals: Costs = {}
    for pair, cost in table.items():
        one, slash, other = pair.partition("/")
        if not slash:
            raise DataError(f"{where}: sounds.cost.{pair}", "请写成 \"n/l\" = 0.15 这样的形式。")
        both_initials = all(part in _INITIALS or part == "0" for part in (one, other))
        one, other = ("" if one == "0" else one), ("" if other == "0" else other)
        target = initials if both_initials else finals
        target[one, other] = target[other, one] = float(cost)
    return initials, finals


def load_accents(assets: Path) -> dict[str, Accent]:
    """All packs that are there, Mandarin first."""
    return {code: load_accent(assets, code) for code in CODES if (assets / "dialects" / code / "pack.toml").exists()}
