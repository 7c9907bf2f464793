"""Money in whole fen, and the four ways people meet it: figures, capital figures, spoken words, arithmetic.

>>> Money.parse("12,345.67")
Money(12,345.67 元)
>>> Money(1234567).capital
'壹万贰仟叁佰肆拾伍元陆角柒分'
>>> Money(1234567).spoken
'一万二千三百四十五块六毛七'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

#: Words are made for less than this many yuan (a thousand thousand million); no account comes near.
LARGEST_YUAN = 10**12

_FIGURES = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
_SMALL, _CAPITAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_SMALL_PLACES, _CAPITAL_PLACES = ("", "十", "百", "千"), ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


@dataclass(frozen=True, order=True, repr=False)
class Money:
    """A sum in whole fen (1/100 yuan); may be negative, as in the lines of a statement."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError("Money takes whole fen")

    @classmethod
    def yuan(cls, yuan: int) -> Money:
        return cls(yuan * 100)

    @classmethod
    def parse(cls, text: str) -> Money:
        """From figures such as "12,345.67", "12345.6 元", "-3". Raises ValueError for anything else."""
        found = _FIGURES.fullmatch(text.strip().removesuffix("元").strip())
        if not found:
            raise ValueError("not a sum of money")
        sign, whole, part = found.groups()
        fen = int(whole.replace(",", "")) * 100 + int((part or "").ljust(2, "0"))
        return cls(-fen if sign else fen)

    @classmethod
    def rounded(cls, fen: Fraction | int) -> Money:
        """Half a fen goes up (away from zero), as counters do."""
        value = abs(Fraction(fen))
        whole = (value.numerator * 2 + value.denominator) // (value.denominator * 2)
        return cls(whole if fen >= 0 else -whole)

    @classmethod
    def total(cls, parts: Iterable[Money]) -> Money:
        return cls(sum(part.fen for part in parts))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __mul__(self, factor: int | Fraction) -> Money:
        return Money.rounded(self.fen * Fraction(factor))

    def __bool__(self) -> bool:
        return self.fen != 0

    @property
    def figures(self) -> str:
        """12,345.67"""
        whole, part = divmod(abs(self.fen), 100)
        return f"{'-' if self.fen < 0 else ''}{whole:,}.{part:02d}"

    def __str__(self) -> str:
        return f"{self.figures} 元"

    def __repr__(self) -> str:
        return f"Money({self})"

    @property
    def capital(self) -> str:
        """大写 as on vouchers (《支付结算办法》附一): 整 after yuan and jiao, 零 before lone fen."""
        yuan, jiao, fen = self._parts()
        words = _count(yuan, _CAPITAL, _CAPITAL_PLACES) + "元" if yuan else ""
        if jiao:
            words += _CAPITAL[jiao] + "角"
        if fen:
            words += ("零" if words and not jiao else "") + _CAPITAL[fen] + "分"
        return self._sign + (words or "零元") + ("" if fen else "整")

    @property
    def spoken(self) -> str:
        """As it is said: 块 and 毛, 两 where people say 两, no 分 behind 毛."""
        yuan, jiao, fen = self._parts()
        words = _said(yuan) + "块" if yuan else ""
        if jiao:
            words += _unit(jiao) + "毛" + (_SMALL[fen] if fen else "")
        elif fen:
            words += ("零" if words else "") + _unit(fen) + "分"
        return self._sign + (words or "零块")

    @property
    def _sign(self) -> str:
        return "负" if self.fen < 0 else ""

    def _parts(self) -> tuple[int, int, int]:
        yuan, rest = divmod(abs(self.fen), 100)
        if yuan >= LARGEST_YUAN:
            raise ValueError("too large for words")
        return yuan, rest // 10, rest % 10


def money_of(yuan: object) -> Money | None:
    """A spoken or typed sum in yuan (int or float), to the fen; None where it is no such sum, nothing, or too large."""
    if isinstance(yuan, bool) or not isinstance(yuan, (int, float)) or not 0 < yuan < LARGEST_YUAN:
        return None
    return Money.rounded(Fraction(str(yuan)) * 100)


def _count(number: int, digits: str, places: tuple[str, ...]) -> str:
    """Chinese numeral of a positive number below 10**12, groups of four with 万 and 亿, one 零 per gap."""
    words, gap = "", False
    for group in (2, 1, 0):
        part = number // 10 ** (4 * group) % 10_000
        if part == 0:
            gap = bool(words)
            continue
        for place in (3, 2, 1, 0):
            digit = part // 10**place % 10
            if digit == 0:
                gap = bool(words)
                continue
            words += ("零" if gap else "") + digits[digit] + places[place]
            gap = False
        words += _GROUPS[group]
        gap = False  # zeros that end a group are silent; zeros that start the next one are met there
    return words


def _said(number: int) -> str:
    words = _count(number, _SMALL, _SMALL_PLACES)
    if words == "二":
        return "两"
    if words[:2] == "一十":  # 十二块, but 一百一十块
        words = words[1:]
    return re.sub(r"^二(?=[千万亿])|(?<=[万亿])二(?=万)|(?<=亿)二(?=千)", "两", words)


def _unit(digit: int) -> str:
    return "两" if digit == 2 else _SMALL[digit]
