"""Figures as people say them. Voices are given words only: every engine reads bare figures in its own way.

>>> in_words("2026年3月5日到账12,345.67元，尾号8821，电话12329")
'二零二六年三月五日到账一万二千三百四十五块六毛七，尾号八八二幺，电话幺二三二九'
"""

from __future__ import annotations

import re
import unicodedata

from kiosk.fund.money import LARGEST_YUAN, Money

_DIGITS = "零一二三四五六七八九"
#: Read digit by digit, with 幺 so that 1 is not taken for 7 over a loudspeaker.
_DIAL = "零幺二三四五六七八九"
#: What is counted with 两 instead of 二.
_MEASURES = frozenset("个张份步次天位种项笔遍下句行台扇块排层间家本条件套户人万亿")
#: Figures behind these are names, not counts.
_NAMES = "尾号|编号|卡号|号码|密码|单号|证号|电话|热线|验证码"

_DATE = re.compile(r"((?:19|20)\d\d)([-/年])(\d{1,2})(?:[-/月](\d{1,2})日?|月)")
_YEAR = re.compile(r"((?:19|20)\d\d)(?=年)")
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?!\d)")
_SUM = re.compile(r"[¥￥]\s*(\d[\d,]*(?:\.\d{1,2})?)(?:\s*元整?)?|(?<![\d.])(\d[\d,]*(?:\.\d{1,2})?)\s*元整?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_NAME = re.compile(rf"((?:{_NAMES})(?:[是为：:]|\s)*)(\d(?:[\d \-]*\d)?[Xx]?)")
_RANGE = re.compile(r"(?<=\d)\s*[-—–~～]\s*(?=\d)")
_NUMBER = re.compile(r"(第?)(\d{1,3}(?:,\d{3})+|\d+)((?:\.\d+)?)")


def in_words(text: str) -> str:
    """`text` with dates, times, sums, percentages, counts and numbers in words; full-width figures count as well."""
    text = "".join(unicodedata.normalize("NFKC", c) if unicodedata.digit(c, None) is not None or c.isalpha() else c
                   for c in text)
    text = _NAME.sub(lambda m: m[1] + dial(m[2]), text)
    text = _DATE.sub(_date, text)
    text = _YEAR.sub(lambda m: _one_by_one(m[1], _DIGITS), text)
    text = _TIME.sub(lambda m: cardinal(int(m[1])) + "点" + (cardinal(int(m[2])) + "分" if int(m[2]) else ""), text)
    text = _SUM.sub(_sum, text)
    text = _PERCENT.sub(lambda m: "百分之" + _decimal(m[1]), text)
    text = _RANGE.sub("到", text)
    return _NUMBER.sub(_number, text)


def cardinal(number: int) -> str:
    """A count below 10**12 in words: 12 十二, 200 二百, 2000 两千; 2 stays 二."""
    return _DIGITS[number] if number < 10 else Money.yuan(number).spoken.removesuffix("块")


def dial(digits: str) -> str:
    """Digit by digit as on the telephone; anything that is not a digit is dropped, X stays."""
    return _one_by_one(re.sub(r"[^\dXx]", "", digits), _DIAL)


def _one_by_one(digits: str, names: str) -> str:
    return "".join(names[int(c)] if c.isdigit() else c.upper() for c in digits)


def _date(found: re.Match[str]) -> str:
    year, _, month, day = found.groups()
    words = _one_by_one(year, _DIGITS) + "年" + cardinal(int(month)) + "月"
    return words + (cardinal(int(day)) + "日" if day else "")


def _sum(found: re.Match[str]) -> str:
    figures = (found[1] or found[2]).replace(",", "")
    if len(figures.partition(".")[0]) > 12:
        return dial(figures)
    return Money.parse(figures).spoken


def _decimal(figures: str) -> str:
    whole, _, part = figures.partition(".")
    if len(whole) > 12:
        return dial(whole)
    return cardinal(int(whole)) + ("点" + _one_by_one(part, _DIGITS) if part else "")


def _number(found: re.Match[str]) -> str:
    """第 marks an ordinal; a leading zero or more than four figures without a measure word are read one by one."""
    ordinal, figures, part = found.groups()
    behind = found.string[found.end():].lstrip()[:1]
    plain = figures.replace(",", "")
    named = (len(plain) > 1 and plain[0] == "0") or (len(plain) > 4 and "," not in figures and behind not in _MEASURES)
    if (named or int(plain) >= LARGEST_YUAN) and not part:
        words = dial(plain)
    elif plain == "2" and not part and not ordinal and behind in _MEASURES:
        words = "两"
    else:
        words = _decimal(plain + part)
    return ordinal + words
