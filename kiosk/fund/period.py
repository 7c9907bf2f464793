"""The time that a statement is about, in the words people use for it: 最近半年, 去年, 从头到现在."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.fund.month import Month, chinese_date

_COUNT = r"(?:[一二两三四五六七八九十半\d]+|几)"
_NAMED_YEAR = r"(?:去|今|前|本|大前|当)年"
_SPAN = rf"(?:最近|近|这|前|过去|头)(?P<count>{_COUNT})(?P<unit>年多?|个?月|个?季度)"
_HALF = rf"(?P<year>{_NAMED_YEAR})?(?P<half>[上下])半年"
_YEAR = rf"(?:(?P<named>{_NAMED_YEAR})|(?P<digits>[二零〇一两三四五六七八九\d]{{2,4}})年(?:度)?)"
_ALL = "历年|所有年份|所有的?|开户以来|往年|这几年|这些年|全部|从头到(?:尾|现在)|从开户到现在"
_OTHERS = r"今年以来|上个?月|这个?月|本月|全年|近期|最近"
_FROM_TO = r"从(?P<since>[^到]{1,8})到(?P<until>[^的打]{1,8})"
#: What is looked for first stands first.
_KINDS = tuple(re.compile(kind) for kind in (_ALL, _FROM_TO, _SPAN, "今年以来", _HALF, _YEAR, _OTHERS))

_DIGITS = {**{word: value for value, word in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_BACK = {"今": 0, "本": 0, "当": 0, "去": 1, "前": 2, "大前": 3}
#: Of "a few" and of "recently".
_FEW, _RECENT_MONTHS = 3, 6


@dataclass(frozen=True)
class Period:
    """Both days belong to it."""

    words: str
    first: date
    last: date

    def __str__(self) -> str:
        return f"{chinese_date(self.first)}至{chinese_date(self.last)}"


def find(text: str) -> str:
    """The words for a period in what was said; '' when there are none. 打去年的明细 -> 去年"""
    for kind in _KINDS:
        if found := kind.search(text):
            return found[0]
    return ""


def resolve(words: str, today: date, opened: date) -> Period | None:
    """The days that the words mean, today; never before the account was opened nor after today. None for words that
    mean no period, or one that lies outside altogether."""
    days = _days(words, today, opened)
    if days is None:
        return None
    first, last = max(days[0], opened), min(days[1], today)
    return Period(words, first, last) if first <= last else None


def _days(words: str, today: date, opened: date) -> tuple[date, date] | None:
    if re.search(_ALL, words):
        return opened, today
    if (found := re.search(_FROM_TO, words)) and (days := _from_to(found["since"], found["until"], today)):
        return days
    if found := re.search(_SPAN, words):
        return months_before(today, _months(found["count"], found["unit"])), today
    if found := re.search(_HALF, words):
        year = _year(found["year"] or "今年", today)
        return (date(year, 1, 1), date(year, 6, 30)) if found["half"] == "上" else (date(year, 7, 1), date(year, 12, 31))
    if re.search("上个?月", words):
        return _whole_month(Month.of(today).plus(-1))
    if re.search("这个?月|本月", words):
        return _whole_month(Month.of(today))
    if found := re.search(_YEAR, words):
        year = _year(found[0], today)
        return date(year, 1, 1), date(year, 12, 31)
    if "全年" in words:
        return date(today.year, 1, 1), today
    if re.search("近期|最近", words):
        return months_before(today, _RECENT_MONTHS), today
    return None


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last one where it has no such day."""
    month = Month.of(day).plus(-months)
    return date(month.year, month.month, min(day.day, (month.plus(1).first_day - timedelta(days=1)).day))


def _whole_month(month: Month) -> tuple[date, date]:
    return month.first_day, month.plus(1).first_day - timedelta(days=1)


def _months(count: str, unit: str) -> int:
    if count == "半":
        return 6
    number = _FEW if count == "几" else _number(count)
    if unit.startswith("年"):
        return 12 * number + (12 if unit.endswith("多") else 0)
    return number * (3 if unit.endswith("季度") else 1)


def _number(text: str) -> int:
    """Up to 99: 十二, 12, 三."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, _FEW)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def _year(words: str, today: date) -> int:
    name = re.match("(大前|[今本当去前])年", words)
    if name:
        return today.year - _BACK[name[1]]
    digits = "".join(str(_DIGITS.get(letter, letter)) for letter in re.sub("年.*", "", words))
    number = int(digits) if digits.isdigit() else today.year
    return number + (today.year // 100 * 100 if number < 100 else 0)


def _from_to(since: str, until: str, today: date) -> tuple[date, date] | None:
    first = _named_month(since, today, today.year)
    if first is None:
        return None
    last = today if re.search("现在|今天|如今|这会", until) else _last_day(until, today, first.year)
    return None if last is None else (first, last)


def _last_day(words: str, today: date, year: int) -> date | None:
    first = _named_month(words, today, year)
    if first is None:
        return None
    return _whole_month(Month.of(first))[1] if "月" in words else date(first.year, 12, 31)


def _named_month(words: str, today: date, year: int) -> date | None:
    """去年三月, 2024年5月, 三月: its first day; a year alone: its first day."""
    named = re.search(_YEAR, words)
    year = _year(named[0], today) if named else year
    month = re.search(r"([一二三四五六七八九十\d]{1,3})月", words)
    number = _number(month[1]) if month else 1
    return date(year, number, 1) if (named or month) and 1 <= number <= 12 and 1 <= year <= 9999 else None
