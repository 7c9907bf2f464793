"""Short answers to the question that is pending: yes, no, a sum, a count, which one, all of it.

An answer must be covered by words of its kind from end to end: 五千块 is a sum, 鸡蛋都涨到六块了 is not. Nothing here is
looked at when no question is pending.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise

from kiosk.language.normalise import Plain, cut_clauses, strip_particles
from kiosk.language.numbers import Number, Unit, find_numbers
from kiosk.language.spotting import Lexicon
from kiosk.language.syllables import phrase_syllables, spoken
from kiosk.ports.ears import Expectation

FULL = 20.0
"""The utterance is an answer from end to end: nothing else could be meant."""


@dataclass(frozen=True)
class Answer:
    """strength is a score like those of the rules."""

    intent: str
    strength: float
    slots: Mapping[str, object] = field(default_factory=dict)


_PARTICLES = frozenset("啊呀吧嘛呢哦啦咯噻呗喽嗯唉哎喔呐嘞哈哟的了个那就")
_AMOUNT_WORDS = frozenset((
    "取", "提", "领", "拿", "支", "要", "就", "我", "给我", "帮我", "来", "先", "那", "够了", "就够了", "行了", "就行", "成", "中", "沾",
    "就好", "元", "块", "钱", "嗯", "个", "想", "出来", "麻烦", "公积金", "取个", "吧", "啊", "嘛", "呗", "的", "了",
    "一共", "总共", "呢", "从", "里", "里面", "里头", "点", "好", "好了", "整", "正", "这", "哦", "呀", "啦", "也就",
    "只", "只要", "只取", "呃", "那个", "这个", "大概", "行", "改成", "还是", "就要", "说", "我说", "是", "应该", "您",
    "你", "把", "再", "得", "需要", "对", "算了", "好吧", "那就", "打", "印", "贷", "借", "按", "出", "搞", "弄", "办"))
_NUMBER_WORDS = _AMOUNT_WORDS | frozenset((
    "份", "张", "月", "年", "房租", "租", "分", "期", "租金", "证明", "打印", "一式", "开", "交", "付", "还",
    "半", "就够", "够", "全", "刚好", "正好"))
_ALL_WORDS = _AMOUNT_WORDS | frozenset((
    "走", "光", "都", "掉", "完", "全", "一分", "不留", "不剩", "一次", "余额", "里边", "有", "多少", "剩下", "能", "所有", "钱都",
    "一起"))
_MOST = frozenset(("最多的", "按最多", "按最高", "最高的"))
#: Yes by themselves, but with an object after them they begin a sentence of their own: 有人敲门, 我要找人.
_TAKING = frozenset("有要想来给")
_ASKING = frozenset("吗呢谁哪啥什怎多几")
_MOST_AFTER = 8
_SOUNDS = frozenset(("嗯", "啊", "哦", "唉", "诶", "欸", "呃", "嗯嗯"))
_NO_TAIL = frozenset("先也都还我这那个的了是吗")
_CHOICE_WORDS = frozenset((
    "选", "要", "就要", "点", "按", "就", "我", "我选", "我要", "来", "给我", "用", "换", "挑", "还是", "那", "个", "吧", "嘛",
    "啊", "的", "了", "呢", "那个", "这个", "嗯", "行", "好", "上", "下", "面", "边", "号", "卡", "张", "打", "取", "办",
    "银行", "想", "是", "到", "往", "打到", "存到", "转到", "里", "那张", "这张", "项", "一项", "尾号", "帮我", "把", "钱", "左", "右",
    "啦", "呗", "哦", "呀", "喽", "咯", "它", "选择", "要的", "我那", "我的", "就是", "麻烦", "那种", "这种", "种", "只"))


def answer(plain: Plain, expectation: Expectation, lexicon: Lexicon) -> Answer | None:
    """The answer that the utterance is as a whole, or None."""
    text = plain.text
    if not text:
        return None
    pending = expectation.pending
    read = read_out(plain, expectation.options, lexicon) if pending else None
    agreed = _yes_no(plain, lexicon) or _echo(plain, expectation.asked) if pending in ("yes_no", "sum") else None
    if read is not None:  # a yes all the same, so that all decodes of one utterance say one thing
        return replace(agreed, strength=FULL) if agreed else Answer("choose", FULL, {"index": read + 1})
    if pending == "yes_no":
        return agreed
    if pending in ("amount", "sum"):
        if expectation.topic.startswith("loan"):  # an estimate may be rough
            text = _ROUGHLY.sub("", text)
        return (agreed or _all(text, lexicon) or _amount(text) or _in_parts(plain, _amount, lexicon)
                or _less_sure(_amount(respelled(text))) or _amount_first(text))
    if pending == "number":
        def count(said: str) -> Answer | None:
            return _count(said, expectation.topic)

        return (count(text) or _in_parts(plain, count, lexicon) or _less_sure(count(respelled(text)))
                or (_yes_no(plain, lexicon) if expectation.topic.startswith("loan") else None))
    if pending in ("choice", "withdraw_kind", "certificate_kind"):
        def which(said: str) -> Answer | None:
            return _choice(replace(plain, text=said, clauses=(said,)), expectation, lexicon)

        return _choice(plain, expectation, lexicon) or _in_parts(plain, which, lexicon)
    if expectation.options:
        return _choice(plain, expectation, lexicon, ordinals_only=True)
    return None


#: Shorter labels than this are left to what answers the question anyway (yes, no, a number).
_READ_LEAST = 3


def read_out(plain: Plain, options: Sequence[str], lexicon: Lexicon) -> int | None:
    """Place (from 0) of the one button whose words were read out from end to end, with or without the yes or no before them:
    对，按最多的取 and 按最多的取 are the same button."""
    said = {form for text in (plain.text, plain.literal) for form in _without_yes(text, lexicon) if len(form) >= _READ_LEAST}
    found = [place for place, forms in enumerate(label_forms(options, lexicon)) if said & forms]
    return found[0] if len(found) == 1 else None


def label_forms(options: Sequence[str], lexicon: Lexicon) -> list[set[str]]:
    """What is written on each button as it is said: whole, and without the yes before it."""
    return [_without_yes("".join(cut_clauses(label)), lexicon) for label in options]


def _without_yes(text: str, lexicon: Lexicon) -> set[str]:
    bare = strip_particles(text)
    shorter = {bare[len(word):] for word in _phrases(lexicon, "yes_word") if bare.startswith(word)}
    return {bare, *(one for one in shorter if len(one) >= _READ_LEAST)}


_ROUGHLY = re.compile("^(?:大概|大约|差不多|也就|估计)(?:是|要|有)?|(?:左右|上下|的样子)$")

#: What people put between an answer and a better one; a recogniser writes no comma.
_CORRECTIONS = re.compile("(?:哦|噢|哎|呃)?(?:不对不对|不是不是|说错了|讲错了|弄错了|错了|不不|不对|不是|算了|改成|还是)")


def _in_parts(plain: Plain, judge: Callable[[str], Answer | None], lexicon: Lexicon) -> Answer | None:
    """The last part that is an answer by itself: 四万，还是三万五吧; 一百五，就一百五; 三千就行，多了用不到. What is said
    beside it must not take it back. Never exact, so it will be confirmed."""
    parts = [part for clause in plain.clauses for part in _CORRECTIONS.split(clause) if part]
    given = [judge(part) for part in parts]
    last = max((at for at, one in enumerate(given) if one), default=-1)
    found = given[last] if last >= 0 else None
    if len(parts) < 2 or found is None:
        return None
    against = _phrases(lexicon, "cancel", "back", "home", "finish")
    taken_back = any(strip_particles(part) in against for part in parts[last + 1:])
    return None if taken_back else replace(found, strength=IN_PARTS)


IN_PARTS = 8.0
"""Strength of an answer that something else was said beside."""
#: Nobody counts months, years or copies beyond this: it is a sum.
_NO_COUNT = 1_000

BY_SOUND = 9.0
"""Strength of an answer whose number words are only known by their sound: not exact, so it will be confirmed."""


@cache
def _number_sounds() -> dict[str, str]:
    return {s.initial + s.final: char for char in "一二三四五六七八九十百千万零两块份张月" for s in phrase_syllables(char)}


@cache
def _characters() -> frozenset[str]:
    return frozenset("".join(_AMOUNT_WORDS)) | frozenset(_number_sounds().values())


def respelled(text: str) -> str:
    """Number words written as something that sounds the same (两前五 for 两千五) put right; a wrong guess does no harm,
    for the answer must still be a number from end to end."""
    known = _characters()
    sounds = zip(text, phrase_syllables(text), strict=True) if all(c > "\u3400" for c in text) else ()
    return "".join(c if c in known else _number_sounds().get(s.initial + s.final, c) for c, s in sounds) or text


def _less_sure(given: Answer | None) -> Answer | None:
    return replace(given, strength=BY_SOUND) if given else None


def covered(text: str, plain: frozenset[str], needed: frozenset[str] = frozenset()) -> bool:
    """Whether `text` can be cut into `plain` and `needed` words, with at least one of `needed` (if any are given)."""
    longest = max(_longest(plain), _longest(needed))
    reach: list[set[bool]] = [set() for _ in range(len(text) + 1)]
    reach[0].add(not needed)
    for at in range(len(text)):
        if not reach[at]:
            continue
        for size in range(1, min(longest, len(text) - at) + 1):
            piece = text[at:at + size]
            if piece in needed:
                reach[at + size].add(True)
            if piece in plain:
                reach[at + size] |= reach[at]
    return True in reach[-1]


@lru_cache(maxsize=256)
def _longest(words: frozenset[str]) -> int:
    return max(map(len, words), default=0)


@lru_cache(maxsize=64)
def _phrases(lexicon: Lexicon, *names: str) -> frozenset[str]:
    """All phrases of these concepts; kept, for a lexicon never changes."""
    return frozenset(p for name in names if name in lexicon.concepts for p in lexicon.concepts[name].phrases)


@lru_cache(maxsize=64)
def _with(some: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    return some | more


def _yes_no(plain: Plain, lexicon: Lexicon) -> Answer | None:
    yes, no = _phrases(lexicon, "yes_word"), _phrases(lexicon, "no_word")
    tail = _with(_phrases(lexicon, "yes_tail"), _PARTICLES)
    cancel = _phrases(lexicon, "cancel")
    for text in dict.fromkeys((plain.text, plain.literal)):
        bare = strip_particles(text)
        if bare in no:
            return Answer("no", FULL)
        if bare in yes or covered(text, tail, yes):
            return Answer("yes", FULL)
        if (bare not in cancel or bare.startswith("先")) and covered(text, _with(tail, _NO_TAIL), no):
            return Answer("no", FULL)
    return _leading(plain, yes, no)


#: The last thing asked: 纸出来了吗, “查余额”吗.
_ASKED = re.compile("([^，。？！]+)吗？")
_ONSETS = frozenset("一你嗯呃啊哦这纸取提它都是")


def _echo(plain: Plain, asked: str) -> Answer | None:
    """The question's own last words are a yes (出来了吗？ 出来了), as is common in Chinese; a sound before them does not matter."""
    found = _ASKED.findall(asked)
    if not found or len(plain.clauses) != 1:
        return None
    words = spoken(found[-1])
    said = strip_particles(plain.literal)
    for text in (said, said[1:] if said[:1] in _ONSETS else ""):
        bare = text.rstrip("了的")
        if len(bare) > 1 and not _ASKING & set(bare.replace("最多", "")) and words.rstrip("了的").endswith(bare):
            return Answer("yes", IN_PARTS)
    return None


def _leading(plain: Plain, yes: frozenset[str], no: frozenset[str]) -> Answer | None:
    """对，退休的 / 不是，我要那张卡: the first words answer, the rest adds something. A recogniser writes no comma, so
    without one an answer is believed only where the rest says nothing against it."""
    if len(plain.text) > 14:
        return None
    against = set("不没别莫勿唔冇甭咋么") | _ASKING
    if len(plain.clauses) > 1:
        first = strip_particles(plain.clauses[0])
        if first in no:
            return Answer("no", 4.5)
        if first in _SOUNDS and against & set("".join(plain.clauses[1:])):  # 嗯？你讲什么: no more than a sound
            return None
        return Answer("yes", 4.5) if first in yes else None
    said = max((word for word in yes if plain.text.startswith(word)), key=len, default="")
    rest = plain.text[len(said):].replace("最多", "")  # the most there is, not "how many"
    if not said or said[-1] in _TAKING or len(rest) > _MOST_AFTER or against & set(rest):
        return None
    return Answer("yes", 4.5)


def _amount(text: str) -> Answer | None:
    numbers = [n for n in find_numbers(text)]
    sums = [n for n in numbers if n.unit in (Unit.MONEY, Unit.NONE) and not n.about]
    if len(numbers) != 1 or len(sums) != 1 or sums[0].value <= 0:
        return None
    rest = text[:sums[0].start] + "\n" + text[sums[0].end:]
    if all(covered(part, _AMOUNT_WORDS) for part in rest.split("\n")):
        return Answer("amount", FULL, {"amount": sums[0].plain})
    return None


def _amount_first(text: str) -> Answer | None:
    """两万块多了也用不到, as a recogniser writes it: a sum with its unit, and then a few words that ask nothing."""
    numbers = [n for n in find_numbers(text) if n.value > 0]
    if len(numbers) != 1 or numbers[0].unit is not Unit.MONEY or numbers[0].about:
        return None
    before, after = text[:numbers[0].start], text[numbers[0].end:]
    if len(after) > _MOST_AFTER or after.startswith("的") or _ASKING & set(after) or not covered(before, _AMOUNT_WORDS):
        return None
    return Answer("amount", IN_PARTS, {"amount": numbers[0].plain})


def _count(text: str, topic: str) -> Answer | None:
    numbers = find_numbers(text)
    if len(numbers) != 1 or numbers[0].about or numbers[0].unit in (Unit.OTHER, Unit.MONEY, Unit.ORDINAL):
        return None
    if numbers[0].value >= _NO_COUNT:
        return None
    rest = text[:numbers[0].start] + "\n" + text[numbers[0].end:]
    if not all(covered(part, _NUMBER_WORDS) for part in rest.split("\n")):
        return None
    return Answer("number", FULL, {"value": _as_count(numbers[0], topic)})


def _as_count(number: Number, topic: str) -> int:
    """一年 is twelve when months are counted: always for rent; otherwise for one or two years."""
    value = int(number.value)
    in_months = topic.startswith("withdraw.rent") or (not topic.startswith("loan") and value <= 2)
    return value * 12 if number.unit is Unit.YEARS and in_months else value


def _all(text: str, lexicon: Lexicon) -> Answer | None:
    every = _with(_phrases(lexicon, "all"), _MOST)
    return Answer("all", FULL) if covered(text, _ALL_WORDS, every) else None


def _choice(plain: Plain, expectation: Expectation, lexicon: Lexicon, ordinals_only: bool = False) -> Answer | None:
    text = plain.text
    index = _which(text, expectation, lexicon)
    if index is not None:
        return Answer("choose", FULL, {"index": index})
    if ordinals_only or expectation.pending != "choice":
        return None
    ending = _ENDING.search(text)
    if ending:
        return _by_last_digits("".join(_DIGITS.get(c, c) for c in ending[1]), expectation.options)
    label = match_label(text, expectation.options)
    if label is not None:
        return Answer("choose", 18.0, {"index": label + 1})
    banks = _phrases(lexicon, "bank")
    if covered(text, _with(_CHOICE_WORDS, _phrases(lexicon, "card_word")), banks):
        return Answer("choose", 18.0)
    return None


#: 尾号三三零二的那张: the last digits of a card.
_DIGITS = dict(zip("零一二三四五六七八九幺〇两", "0123456789102", strict=True))
_ENDING = re.compile("(?:尾号|尾数|末尾|后四位|最后四位|后面四位)(?:是|的)?([零一二三四五六七八九幺〇两0-9]{2,})")


def _by_last_digits(digits: str, options: Sequence[str]) -> Answer:
    hits = [i for i, label in enumerate(options) if digits in "".join(c for c in label if c.isdigit())]
    return Answer("choose", 18.0, {"index": hits[0] + 1} if len(hits) == 1 else {})


def _which(text: str, expectation: Expectation, lexicon: Lexicon) -> int | None:
    """第二个, 头一张, 最后一个, 选三, 三号."""
    for name, index in (("last_one", -1), ("first_one", 1)):
        if covered(text, _CHOICE_WORDS, _phrases(lexicon, name)):
            return index
    if covered(text, _CHOICE_WORDS, _phrases(lexicon, "middle_one")):
        return (len(expectation.options) + 1) // 2 if len(expectation.options) % 2 else 2
    numbers = find_numbers(text)
    if not numbers or numbers[0].about or numbers[0].value < 1 or numbers[0].value > 20:
        return None
    if len(numbers) > 1 and any(n.value != numbers[0].value for n in numbers):
        return None
    first, last = next((n for n in numbers if n.unit is Unit.ORDINAL), numbers[0]), numbers[-1]
    allowed = _ORDINAL_UNITS if expectation.pending == "choice" or first.unit is Unit.ORDINAL else ()
    if first.unit is not Unit.ORDINAL and not (first.unit in allowed or first.words.endswith("号")):
        return None
    parts = (text[:numbers[0].start], text[last.end:], *(text[a.end:b.start] for a, b in pairwise(numbers)))
    return int(first.value) if all(covered(part, _CHOICE_WORDS) for part in parts) else None


_ORDINAL_UNITS = (Unit.ORDINAL, Unit.NONE)


def match_label(text: str, options: Sequence[str]) -> int | None:
    """Index (from 0) of the one label that the words name: 建设银行那张卡 for 中国建设银行 尾号 0123."""
    said = strip_particles(text)
    for word in ("那张卡", "这张卡", "那张", "这张", "那个", "这个", "的卡", "银行卡", "我要", "我选", "就要", "选", "要", "用", "打到", "存到"):
        said = said.replace(word, "")
    said = said.strip("的那个")
    if len(said) < 2:
        return None
    labels = ["".join(label.split()) for label in options]
    hits = [i for i, label in enumerate(labels) if said in label or (len(label) >= 2 and label in text)]
    if len(hits) == 1:
        return hits[0]
    shared = [(_shared(said, label), i) for i, label in enumerate(labels)]
    best = sorted(shared, reverse=True)[:2]
    clear = best and best[0][0] >= 2 and best[0][0] >= len(said) - 1 and (len(best) == 1 or best[1][0] < best[0][0])
    return best[0][1] if clear else None


def _shared(said: str, label: str) -> int:
    """Length of the longest piece of `said` inside `label`."""
    for size in range(len(said), 1, -1):
        if any(said[i:i + size] in label for i in range(len(said) - size + 1)):
            return size
    return 0
