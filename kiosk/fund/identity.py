"""Who somebody is: numbers and names that check themselves and never show themselves.

`str()` and `repr()` of these types are masked; the clear text is asked for by name (`.clear`) where it must leave the
kiosk: to the centre, or onto the holder's own paper. Masked forms follow fund.md B7 (no national rule exists): identity
number first 3 + last 4 after the identity check and last 2 before it; card last 4; name first character and *.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, Never

from kiosk.fund.errors import WorldError

#: GB 11643-1999, 4: weights of the first 17 digits, and the check character by remainder of 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
#: Nobody alive is older (the oldest person on record reached 122).
_OLDEST_YEARS = 130

_DOUBLE_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐",
    "宇文", "长孙", "司徒", "司空", "夏侯", "端木", "百里", "南宫", "西门", "独孤"})


class Mistake(StrEnum):
    """What is wrong with a number."""

    LENGTH = "length"
    FIFTEEN = "fifteen"        # the old 15-digit identity number
    CHARACTERS = "characters"
    DATE = "date"
    CHECKSUM = "checksum"


class IdentityError(WorldError):
    """A number cannot be right. `sentence` is a hint that may be said aloud: it holds no digit of the number."""

    HINTS: ClassVar[Mapping[Mistake, str]] = {
        Mistake.LENGTH: "身份证号一共十八位，您再数一数，看看是不是多了或者少了。",
        Mistake.FIFTEEN: "这是老的十五位号码。请看新身份证上的十八位号码，没有新证请叫工作人员。",
        Mistake.CHARACTERS: "身份证号只有数字，最后一位也可能是字母X。您再看一看。",
        Mistake.DATE: "中间代表出生年月日的那几位好像不对，您再对一对。",
        Mistake.CHECKSUM: "好像有一位按错了，您对着身份证再看一遍。",
    }

    def __init__(self, mistake: Mistake, sentence: str = "") -> None:
        super().__init__(mistake.value, sentence or self.HINTS[mistake])
        self.mistake = mistake


class CardError(IdentityError):
    HINTS: ClassVar[Mapping[Mistake, str]] = {
        Mistake.LENGTH: "银行卡号一般是十六位到十九位，您再数一数。",
        Mistake.CHARACTERS: "银行卡号只有数字，您再看一看。",
        Mistake.CHECKSUM: "卡号好像有一位不对，您对着卡再看一遍。",
    }


class _Secret:
    """A text that masks itself. Equal and hashable by its clear text, immutable, cannot be pickled by accident."""

    __slots__ = ("_clear",)
    _clear: str

    def __init__(self, clear: str) -> None:
        object.__setattr__(self, "_clear", clear)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("cannot be changed")

    def __reduce__(self) -> Never:
        raise TypeError("is not written anywhere by accident; use .clear")

    def __copy__(self) -> _Secret:
        return self

    def __deepcopy__(self, memo: object) -> _Secret:
        return self

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._clear == self._clear

    def __hash__(self) -> int:
        return hash((type(self), self._clear))

    @property
    def clear(self) -> str:
        """The unmasked text. Never for logs, records or speech."""
        return self._clear

    @property
    def masked(self) -> str:
        return "***"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked})"


class Sex(StrEnum):
    MAN = "man"
    WOMAN = "woman"


class IdNumber(_Secret):
    """An 18-character citizen identity number (GB 11643-1999), checked: date, check character."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, today: date | None = None) -> IdNumber:
        """Raises IdentityError with a hint per kind of mistake. With `today`, a birth in the future is wrong too."""
        number = "".join(text.split()).replace("-", "").upper()
        if len(number) == 15 and number.isdecimal():
            raise IdentityError(Mistake.FIFTEEN)
        if len(number) != 18:
            raise IdentityError(Mistake.LENGTH)
        if not (number.isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
            raise IdentityError(Mistake.CHARACTERS)
        born = _date_of(number)
        if born is None or born.year < 1800 or (today and not 0 <= today.year - born.year <= _OLDEST_YEARS) \
                or (today and born > today):
            raise IdentityError(Mistake.DATE)
        if number[17] != check_character(number[:17]):
            raise IdentityError(Mistake.CHECKSUM)
        return cls(number)

    @property
    def birth(self) -> date:
        born = _date_of(self._clear)
        assert born is not None
        return born

    @property
    def sex(self) -> Sex:
        return Sex.MAN if int(self._clear[16]) % 2 else Sex.WOMAN

    @property
    def masked(self) -> str:
        """For the screen and paper after the identity check: first 3 and last 4."""
        return self._clear[:3] + "*" * 11 + self._clear[-4:]

    @property
    def brief(self) -> str:
        """Before the identity check: the last 2 alone."""
        return "*" * 16 + self._clear[-2:]


def check_character(first_17: str) -> str:
    """GB 11643-1999: the 18th character for 17 digits."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True)) % 11]


def _date_of(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


class CardNumber(_Secret):
    """A bank card number: 16 to 19 digits with the Luhn check digit (ISO/IEC 7812-1, annex B)."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> CardNumber:
        """Raises CardError with a hint."""
        number = "".join(text.split()).replace("-", "")
        if not (number.isascii() and number.isdigit()):
            raise CardError(Mistake.CHARACTERS)
        if not 16 <= len(number) <= 19:
            raise CardError(Mistake.LENGTH)
        if luhn_digit(number[:-1]) != number[-1]:
            raise CardError(Mistake.CHECKSUM)
        return cls(number)

    @property
    def last4(self) -> str:
        return self._clear[-4:]

    @property
    def masked(self) -> str:
        return f"**** {self.last4}"


def luhn_digit(payload: str) -> str:
    """The check digit that makes `payload` + digit valid."""
    total = 0
    for place, digit in enumerate(reversed(payload)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value // 10 + value % 10
    return str(-total % 10)


class PersonName(_Secret):
    """A person's name. Masked: first character and one *, which hides the length too."""

    __slots__ = ()

    @property
    def surname(self) -> str:
        return self._clear[:2] if self._clear[:2] in _DOUBLE_SURNAMES else self._clear[:1]

    @property
    def masked(self) -> str:
        return self._clear[:1] + "*"


class AccountNumber(_Secret):
    """The holder's fund account number. Masked: the last 4."""

    __slots__ = ()

    @property
    def masked(self) -> str:
        return f"**** {self._clear[-4:]}"
