"""Meaning to text: what the kiosk says and shows, from the files of assets/sentences/<language>/, one for each subject.

A sentence is either one text, for everybody to hear and read, or a table of
    public    what may be said aloud in the hall
    private   what is said on headphones
    agreed    what is said aloud when the visitor has agreed to have amounts read out (default: the private text where
              it holds nothing worse than amounts, else the public one)
    screen    what is shown (default: the public text); alone, it is a label that is never said
Slots stand in braces. The file's table `slots` gives each a kind, and the kind decides how it is written and said, and
whether it may be said aloud at all (accessibility.md C6).
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from kiosk.fund.errors import DataError
from kiosk.fund.money import Money
from kiosk.fund.month import Month, chinese_date
from kiosk.ports.data_files import read_yaml
from kiosk.ports.understanding import Line

_DIGITS = "零一二三四五六七八九"
_SENTENCE_END = re.compile(r"[。？！；\n]")
_SLOT = re.compile(r"\{[^}]*\}")
#: What a slot counts for in the length of a sentence.
_SLOT_LENGTH = 4
LONGEST = 40


def _digit_words(value: object) -> str:
    """Digit by digit, 幺 for 1, as numbers are read out over the telephone; dashes are a short pause."""
    return "".join("幺" if c == "1" else _DIGITS[int(c)] if c.isdecimal() else "，" if c in "- " else c
                   for c in str(value))


def _count_words(value: object) -> str:
    """A count as it is said before a measure word: 两份, 十二份."""
    number = int(str(value))
    if number == 2:
        return "两"
    return _number_words(number)


def _number_words(number: int) -> str:
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _money(value: object) -> Money:
    if not isinstance(value, Money):
        raise TypeError("money")
    return value


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("date")
    return value


def _month(value: object) -> str:
    return str(value if isinstance(value, Month) else Month.of(_day(value)))


Aloud = Literal["always", "agreed", "never"]

#: The fact that stands for the visitor's yes to "shall I read it out?".
AGREED = "aloud"


@dataclass(frozen=True)
class Kind:
    """How a slot is shown and said. `aloud`: may it be said on the loudspeaker?"""

    shown: Callable[[object], str]
    said: Callable[[object], str]
    aloud: Aloud = "always"


KINDS: Mapping[str, Kind] = {
    "money": Kind(lambda v: str(_money(v)), lambda v: _money(v).spoken, "agreed"),
    "date": Kind(lambda v: chinese_date(_day(v)), lambda v: f"{_day(v).month}月{_day(v).day}号"),
    "whole_date": Kind(lambda v: chinese_date(_day(v)), lambda v: f"{_day(v).year}年{_day(v).month}月{_day(v).day}号"),
    "month": Kind(_month, _month),
    "digits": Kind(str, _digit_words, "never"),   # last digits of a card, receipt numbers
    "phone": Kind(str, _digit_words),                 # the hotline
    "count": Kind(str, _count_words),
    "ordinal": Kind(str, lambda v: _number_words(int(str(v)))),
    "name": Kind(str, str, "never"),              # masked already; not said aloud all the same
    "text": Kind(str, str),
}


class Sentence:
    """One entry of the file; '' where a variant is missing."""

    def __init__(self, entry: str | Mapping[str, str]) -> None:
        table = {"public": entry} if isinstance(entry, str) else entry
        self.public = table.get("public", "")
        self.private = table.get("private", "")
        self.agreed = table.get("agreed", "")
        self.screen = table.get("screen", "") or self.public
        self.said = bool(self.public)

    def variants(self) -> Iterator[tuple[str, str]]:
        for name, text in (("public", self.public), ("private", self.private), ("agreed", self.agreed),
                           ("screen", self.screen)):
            if text and not (name == "screen" and text == self.public):
                yield name, text


def slots_of(text: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


class Sentences:
    """The Phrasebook port over the files of a folder. Slots and banned words hold for all of them."""

    def __init__(self, file: str, slots: Mapping[str, str], entries: Mapping[str, str | Mapping[str, str]],
                 banned: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None) -> None:
        """`file` is named in messages about a key, unless `files` knows a nearer one."""
        self._file, self._files = file, dict(files or {})
        self._slots = dict(slots)
        self._entries = {key: Sentence(entry) for key, entry in entries.items()}
        self._banned = dict(banned or {})

    @classmethod
    def load(cls, path: Path) -> Sentences:
        """Read and check the form of the files in a folder, or of one file. Raises DataError; see `problems` for the
        manner of speaking."""
        paths = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        trees = {one.name: _read(one) for one in paths}
        if not trees:
            raise DataError(str(path), "这里没有句子文件，请检查安装。")
        slots: dict[str, str] = {}
        banned: dict[str, str] = {}
        for name, tree in trees.items():
            for slot, kind in tree.get("slots", {}).items():
                if slots.setdefault(slot, kind) != kind:
                    raise DataError(f"{name}: slots.{slot}", f"别的文件里写的是“{slots[slot]}”，两处要一样。")
            banned |= tree.get("banned", {})
        entries: dict[str, str | Mapping[str, str]] = {}
        files: dict[str, str] = {}
        for name, tree in trees.items():
            for key, entry in tree.get("sentences", {}).items():
                if key in files:
                    raise DataError(f"{name}: sentences.{key}", f"{files[key]} 里已经有这一句了，请删掉一处。")
                _check_entry(f"{name}: sentences.{key}", entry, slots)
                entries[key], files[key] = entry, name
        return cls(path.name, slots, entries, banned, files)

    def file_of(self, key: str) -> str:
        """The name of the file that holds a sentence (the folder's, for one that is missing)."""
        return self._files.get(key, self._file)

    # ------------------------------------------------------------ the port

    def line(self, key: str, slots: Mapping[str, object]) -> Line:
        """The sentence to say. Raises DataError when key or slot is missing, or the key is for the screen only."""
        sentence = self._sentence(key)
        if not sentence.said:
            raise DataError(f"{self.file_of(key)}: sentences.{key}", "这一句只给屏幕用，要说出来请加 public。")
        public = self._fill(key, self._aloud(sentence) if slots.get(AGREED) else sentence.public, slots, said=True)
        return Line(key, public, self._fill(key, sentence.private, slots, said=True) if sentence.private else None)

    def _aloud(self, sentence: Sentence) -> str:
        """What may be said in the hall after the visitor's yes: amounts, but never digits of a card or a name."""
        worst = {KINDS[self._slots[slot]].aloud for slot in slots_of(sentence.private)}
        return sentence.agreed or (sentence.private if sentence.private and "never" not in worst else sentence.public)

    def text(self, key: str, slots: Mapping[str, object]) -> str:
        """The words for the screen: figures instead of words. Raises DataError as `line` does."""
        return self._fill(key, self._sentence(key).screen, slots, said=False)

    # ------------------------------------------------------------ for validators and the voice cache

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def is_said(self, key: str) -> bool:
        return self._entries[key].said

    def slots(self, key: str) -> frozenset[str]:
        """All slots of all variants."""
        return frozenset(slot for _, text in self._sentence(key).variants() for slot in slots_of(text))

    def problems(self) -> list[str]:
        """What is wrong with the manner of speaking, as sentences for the person who writes the file."""
        return [f"{self.file_of(key)}: sentences.{key}.{name}: {complaint}"
                for key, sentence in self._entries.items() for name, text in sentence.variants()
                for complaint in self._complaints(text, name)]

    def banned_in(self, text: str) -> Iterator[str]:
        """Words that nobody at a counter says, each with what to say instead."""
        for word, better in self._banned.items():
            if word in text:
                yield f"不要用“{word}”，{better}"

    def _complaints(self, text: str, variant: str) -> Iterator[str]:
        for part in _SENTENCE_END.split(text):
            length = len(_SLOT.sub("四" * _SLOT_LENGTH, part))
            if length > LONGEST:
                yield f"“{part[:12]}……”有{length}个字，一句最多{LONGEST}个字，请拆成短句。"
        yield from self.banned_in(text)
        bare = _SLOT.sub("", text)
        if re.search(r"你(?!们)", bare):
            yield "对来办事的人要说“您”。"
        if bare.strip("。！") in ("确定", "确认", "提交", "是", "否"):
            yield "按钮上要写做什么事，例如“对，转到这张卡”。"
        if variant != "screen" and re.search(r"\d{2,}", bare):
            yield "要说出来的句子里不要写一串数字，请写成汉字或者用槽位。"

    # ------------------------------------------------------------ inside

    def _sentence(self, key: str) -> Sentence:
        try:
            return self._entries[key]
        except KeyError:
            raise DataError(f"{self.file_of(key)}: sentences.{key}", "缺这一句，请补上。") from None

    def _fill(self, key: str, text: str, slots: Mapping[str, object], *, said: bool) -> str:
        words: dict[str, str] = {}
        for slot in slots_of(text):
            if slots.get(slot) is None:
                raise DataError(f"{self.file_of(key)}: sentences.{key}", f"这一句要用“{slot}”，可是现在还不知道它。")
            kind = KINDS[self._slots[slot]]
            try:
                words[slot] = (kind.said if said else kind.shown)(slots[slot])
            except (TypeError, ValueError):
                raise DataError(f"{self.file_of(key)}: sentences.{key}",
                                f"“{slot}”应该是{self._slots[slot]}，给的却是{type(slots[slot]).__name__}。") from None
        return text.format_map(words)


def _read(path: Path) -> dict[str, dict[str, str]]:
    tree = read_yaml(path)
    for name in tree:
        if name not in ("slots", "sentences", "banned"):
            raise DataError(f"{path.name}: {name}", "文件里只能有 slots、banned 和 sentences 三部分。")
    for name, kind in tree.get("slots", {}).items():
        if kind not in KINDS:
            raise DataError(f"{path.name}: slots.{name}", f"没有“{kind}”这个种类，可以写：{'、'.join(KINDS)}。")
    return tree


def _check_entry(where: str, entry: object, slots: Mapping[str, str]) -> None:
    """Form of one entry: texts only, known variants, known slots, nothing private in what is said aloud."""
    if isinstance(entry, str):
        entry = {"public": entry}
    if not isinstance(entry, Mapping) or not all(isinstance(text, str) and text for text in entry.values()):
        raise DataError(where, "应该是一句加了引号的话，或者 public、private、screen 几句话。")
    for name, text in entry.items():
        if name not in ("public", "private", "agreed", "screen"):
            raise DataError(f"{where}.{name}", "只能写 public（外放）、private（耳机）、agreed（同意念出来）和 screen（屏幕）。")
        try:
            names = slots_of(text)
        except ValueError:
            raise DataError(f"{where}.{name}", "花括号没有配对，请检查 { 和 }。") from None
        for slot in names:
            if slot not in slots:
                raise DataError(f"{where}.{name}", f"不认识“{slot}”，请先在 slots 里写明它是什么。")
            aloud = KINDS[slots[slot]].aloud
            if (name == "public" and aloud != "always") or (name == "agreed" and aloud == "never"):
                raise DataError(f"{where}.{name}", f"“{slot}”不能在大厅里外放，请放到 private 里，{name} 另写一句。")
    if "public" not in entry and ("private" in entry or "agreed" in entry):
        raise DataError(where, "有 private 就要有 public：没戴耳机时说什么？")
