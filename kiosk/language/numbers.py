"""Numbers as people say them, found in running text.

`find_numbers` returns the counts and sums of an utterance with what they count. Own reading of Han numerals: cn2an and the
like spoil 一般 and 星期三, and none knows 一万二 (12,000), 千五 (1,500), 一千块零五毛 (1,000.5) or 半年 (6 months).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

DIGITS = {"零": 0, "〇": 0, "空": 0, "一": 1, "幺": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
          "八": 8, "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
ORDERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "拾": 10, "佰": 100, "仟": 1000, "萬": 10_000, "亿": 10 ** 8}
PAIRS = {"俩": 2, "仨": 3}
TENS = {"廿": 20, "卅": 30}


class Unit(StrEnum):
    """What a number counts."""

    MONEY = "money"
    MONTHS = "months"
    YEARS = "years"
    COPIES = "copies"
    ORDINAL = "ordinal"
    THINGS = "things"     # 三个: may be months, copies or choices, as the question wants
    OTHER = "other"       # 岁, 楼, 号, 点, 斤 ...: never an answer
    NONE = "none"


@dataclass(frozen=True)
class Number:
    """`value` in yuan for money; text[start:end] is number with its unit; about: 百把块, 三千多, not to be taken exactly."""

    start: int
    end: int
    value: float
    unit: Unit
    about: bool = False
    words: str = ""

    @property
    def plain(self) -> float | int:
        return int(self.value) if self.value == int(self.value) else self.value


def han_value(run: str) -> float | None:
    """一万二 -> 12000, 四千零五十 -> 4050, 千五 -> 1500, 廿五 -> 25, 2.5万 -> 25000; None if it is not a number."""
    total = section = 0.0
    digit: float | None = None
    order, last_zero = 0, False
    at = 0
    while at < len(run):
        char = run[at]
        plain = re.match(r"\d+(?:\.\d+)?", run[at:])
        if plain:
            digit, at, last_zero = float(plain[0]), at + len(plain[0]), False
            continue
        if char in DIGITS:
            if digit is not None and digit >= 1 and DIGITS[char] != 0 and char != "零":
                return _spelled(run)
            last_zero = DIGITS[char] == 0
            digit = None if last_zero and digit is None else (DIGITS[char] if not last_zero else digit)
        elif char in PAIRS:
            digit = PAIRS[char]
        elif char in TENS:
            section, order, digit = section + TENS[char], 10, None
        elif char in ORDERS:
            size = ORDERS[char]
            if size >= 10_000:
                section += digit if digit is not None else (0 if section else 1)
                total, section = (total + section) * size, 0.0
            else:
                section += (1 if digit is None else digit) * size
            order, digit, last_zero = size, None, False
        else:
            return None
        at += 1
    if digit is not None:
        shorthand = order >= 100 and not last_zero and not _after_zero(run) and digit < 10
        section += digit * (order // 10 if shorthand else 1)
    elif not order and not re.fullmatch("[零〇]+", run):
        return None
    return total + section


def _after_zero(run: str) -> bool:
    return len(run) > 1 and run[-2] in "零〇空"


def _spelled(run: str) -> float | None:
    """Digit by digit: 二零二四 -> 2024."""
    if all(c in DIGITS for c in run):
        return float("".join(str(DIGITS[c]) for c in run))
    return None


_ONE = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_RUN = re.compile(rf"\d+(?:\.\d+)?[十百千万亿]?(?:[零{_ONE}十百千万亿\d]*)|[{_ONE}十百千万亿拾佰仟廿卅]+|[俩仨]")
_SPLIT = re.compile(r"^(.*?万)([一二两三四五六七八九]?十[一二三四五六七八九]?)$")

_MONEY = r"块钱|块洋钿|块大洋|元钱|元整|块整|块|元|蚊|箍|洋钿|文钱"
_SUFFIX = (
    (Unit.COPIES, r"份儿?|张儿?|页|联"),
    (Unit.MONTHS, r"个来?月(?!前|以前|后|没)|个号头|月(?=$|的|房租|租)"),
    (Unit.YEARS, r"年(?!前|以前|级|代|没|了|多|来)"),
    (Unit.OTHER, r"周?岁|楼|层|号窗?口?线?楼?院?|点钟?|斤|公斤|路|栋|单元|室|度|平米?|平方|个钟头|个小时|小时|分钟|天|次|回|遍|趟|口人?|"
                 r"个人|个孩子|个娃|个崽|口子|块肉|站|毛病|月份|月(?![供还缴付存租])|年级|年多|年来|年了|年前|年以前|年代|多年|来年|里路|公里|步|句|瓶|袋|"
                 r"户|代|辈子|位|家|排|桌|碗|把|件|条|栏|只鸡|只狗|头牛|级|等|楼梯|成|折|克|两酒|元店|期"),
    (Unit.THINGS, r"个|种|项|只"),
)
_SUFFIXES = tuple((unit, re.compile(pattern)) for unit, pattern in _SUFFIX)
_MONEY_TAIL = re.compile(rf"(?:{_MONEY})(?:零?([{_ONE}\d])([毛角])(?:([{_ONE}\d])分)?|零?([{_ONE}\d])分|([{_ONE}])(?![{_ONE}十百千万]))?")
_ABOUT_AFTER = re.compile(r"多块?钱?|来块?钱?|几(?![个份张])|左右|上下|出头|不到|把块|把")
_ABOUT_BEFORE = re.compile(r"(大概|大约|差不多|将近|快|好几|几|上|成)$")
_VAGUE = re.compile(r"(?<![一二两三四五六七八九十几\d])(?:[百千万][把八]?(?:把|十|百|千)块?钱?|几[十百千万]+块?钱?|[一二两三四五六七八九][二三四五六七八九][十百千万]+块?钱?)")
_COUNTED = re.compile("个|年|份|张|次|回")
_NOT_NUMBERS = re.compile(
    "一(?:下|点|些|直|样|起|定|般|块儿|边|路|辈子|家|旦|律|时|向|共|切|方|会|歇|块住|块过|块来|块去|楼|哈|早|旁|头|面|看|听|说|想|问|心|贯|"
    "年到头|来|大早|阵|股|肚子|身|手|口气|把手|儿|等|回事|再|概|分不留|分钱|个子儿|摆|道|回|遍|次|趟|条一条|笔一笔|一|共|卡通|体机|站式|整天|天到晚)"
    "|哪一(?=期|个|种|张|天|年|步|月)|(?:星期|礼拜|周|初|说|不|统|唯|专|十有八)[一二三四五六](?![十百千万块份张个年月])|三番五次|七七八八|乱七八糟|五花八门|"
    "千万(?!块|元)|万一|百分|二维码|十分(?!之)|三轮|四川|五险|三险|一金|五一|十一(?=放|长|国)|六一|八一|三八|四五线|二手|三餐|四季|四环|"
    "二胎|三胎|一胎|二孩|三孩|八宝|六合|一二三四五|三缺一|一日三|七上八下|百姓|百度|百货|万岁|万科|万达|千金|一审|二审|二话|三心|两口子|两口|"
    "一键|二号线|一号线|两码事|一清二楚|一五一十|三天两头|半天|半路|半夜|半死|半个|一半|大半|十字|八字|三姑|四姨|二叔|三叔|二伯|大半辈子|半辈子|半边"
    "|两边|两下|两头|两样|两回事|一两(?!万|千|百)|三明|六安|九江|四平|一中|二中|三中|三甲|二甲|一类|二类|三房|二房|万事")


def find_in_clauses(clauses: Sequence[str]) -> tuple[Number, ...]:
    """`find_numbers` of each clause, with places counted in the joined text: no number runs over punctuation."""
    found: list[Number] = []
    at = 0
    for clause in clauses:
        found += [replace(n, start=n.start + at, end=n.end + at) for n in find_numbers(clause)]
        at += len(clause)
    return tuple(found)


def find_numbers(text: str) -> tuple[Number, ...]:
    """All numbers of a text without spaces, left to right."""
    blocked = [False] * (len(text) + 1)
    for hit in _NOT_NUMBERS.finditer(text):
        for i in range(hit.start(), hit.end()):
            blocked[i] = True
    found: list[Number] = []
    for hit in re.finditer(r"(半年多?|一年半|[一两三]年半|半个?月)", text):
        _half(hit, found)
    for hit in _VAGUE.finditer(text):
        if not _taken(found, hit.start()) and not any(blocked[hit.start():hit.end()]):
            found.append(Number(hit.start(), hit.end(), 0, Unit.MONEY, True, hit[0]))
    for hit in _RUN.finditer(text):
        if blocked[hit.start()] or _taken(found, hit.start()):
            continue
        _read(text, hit.start(), hit.end(), found)
    return tuple(sorted(found, key=lambda n: n.start))


def _half(hit: re.Match[str], found: list[Number]) -> None:
    word = hit[0]
    if word.endswith("多") or word.endswith("月"):
        found.append(Number(hit.start(), hit.end(), 0, Unit.OTHER, True, word))
        return
    months = 6 if word == "半年" else 12 * int(han_value(word[0]) or 1) + 6
    found.append(Number(hit.start(), hit.end(), months, Unit.MONTHS, False, word))


def _taken(found: list[Number], at: int) -> bool:
    return any(n.start <= at < n.end for n in found)


def _read(text: str, start: int, end: int, found: list[Number]) -> None:
    run = text[start:end]
    split = _SPLIT.match(run)
    if split and "千" not in split[2]:                       # 八十万三十年: two numbers
        middle = start + len(split[1])
        _read(text, start, middle, found)
        _read(text, middle, end, found)
        return
    if len(run) > 2 and run[-2] in "百千万" and run[-1] in DIGITS and _COUNTED.match(text[end:]):
        _read(text, start, end - 1, found)                   # 二十万一个月: not 200,100 but a sum, then one month
        _read(text, end - 1, end, found)
        return
    value = han_value(run)
    if value is None:
        return
    found.append(_with_unit(text, start, end, value))


def _with_unit(text: str, start: int, end: int, value: float) -> Number:
    before, rest = text[:start], text[end:]
    about = bool(_ABOUT_BEFORE.search(before))
    loose = _ABOUT_AFTER.match(rest)
    if loose:
        tail = end + loose.end()
        unit = Unit.OTHER if re.match("年|岁|天|个|人|次", text[tail:]) else Unit.MONEY
        return Number(start, tail, value, unit, True, text[start:tail])
    if before.endswith("第"):
        unit_end = end + (1 if rest[:1] and rest[0] in "个张种项只条号位步行页" else 0)
        kind = Unit.ORDINAL if not re.match("[次天回排年代]", rest) else Unit.OTHER
        return Number(start - 1, unit_end, value, kind, False, text[start - 1:unit_end])
    money = _MONEY_TAIL.match(rest)
    if money:
        cents = _cents(money, value)
        return Number(start, end + money.end(), value + cents, Unit.MONEY, about, text[start:end + money.end()])
    if run_is_pair(text[start:end]):
        unit = Unit.MONTHS if rest.startswith("月") else Unit.THINGS
        return Number(start, end + (unit is Unit.MONTHS), value, unit, False,
                      text[start:end + (unit is Unit.MONTHS)])
    for unit, pattern in _SUFFIXES:
        hit = pattern.match(rest)
        if hit:
            return Number(start, end + hit.end(), value, unit, about, text[start:end + hit.end()])
    return Number(start, end, value, Unit.NONE, about, text[start:end])


def run_is_pair(run: str) -> bool:
    return run in PAIRS


def _cents(money: re.Match[str], value: float) -> float:
    """零五毛 -> 0.5; 三块五 -> 0.5 (small sums only: 三千块五 is not said)."""
    dime, kind, cent, only_cent, short = money.groups()
    if kind:
        return (han_value(dime) or 0) / 10 + ((han_value(cent) or 0) / 100 if cent else 0)
    if only_cent:
        return (han_value(only_cent) or 0) / 100
    return (han_value(short) or 0) / 10 if short else 0.0
