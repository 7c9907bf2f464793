from __future__ import annotations

import copy
import pickle
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.fund.identity import (
    AccountNumber,
    CardError,
    CardNumber,
    IdentityError,
    IdNumber,
    Mistake,
    PersonName,
    Sex,
    check_character,
    luhn_digit,
)

TODAY = date(2026, 10, 2)


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", " 440524 188001010014 "])
def test_known_numbers_are_right(number: str) -> None:
    assert IdNumber.parse(number).clear == re.sub(r"\s", "", number).upper()


def test_what_a_number_tells() -> None:
    number = IdNumber.parse("11010519491231002X", TODAY)
    assert (number.birth, number.sex) == (date(1949, 12, 31), Sex.WOMAN)
    assert number.masked == "110***********002X"
    assert number.brief == "****************2X"


@pytest.mark.parametrize(("text", "mistake"), [
    ("", Mistake.LENGTH), ("1101051949123100", Mistake.LENGTH), ("11010519491231002XX", Mistake.LENGTH),
    ("110105491231002", Mistake.FIFTEEN),
    ("1101051949123100A2", Mistake.CHARACTERS), ("X10105194912310021", Mistake.CHARACTERS),
    ("１１０１０５194912310021", Mistake.CHARACTERS),
    ("110105194913310021", Mistake.DATE), ("110105190002290021", Mistake.DATE), ("110105203001010021", Mistake.DATE),
    ("440524188001010014", Mistake.DATE),
    ("110105194912310021", Mistake.CHECKSUM), ("110105194912310012", Mistake.CHECKSUM),
])
def test_every_mistake_has_its_hint(text: str, mistake: Mistake) -> None:
    with pytest.raises(IdentityError) as caught:
        IdNumber.parse(text, TODAY)
    assert caught.value.mistake is mistake
    assert caught.value.sentence == IdentityError.HINTS[mistake]


def test_hints_hold_no_digit_and_differ() -> None:
    hints = [*IdentityError.HINTS.values(), *CardError.HINTS.values()]
    assert len(set(hints)) == len(hints)
    assert not any(re.search(r"\d", hint) or "输入错误" in hint for hint in hints)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born: date, serial: int, place: int, step: int) -> None:
    first = f"990101{born:%Y%m%d}{serial:03d}"
    right = first + check_character(first)
    assert IdNumber.parse(right).birth == born
    digit = "0123456789"[("0123456789X".index(right[place]) + step) % 10]
    if digit != right[place]:
        with pytest.raises(IdentityError):
            IdNumber.parse(right[:place] + digit + right[place + 1:])


@given(st.text("0123456789", min_size=15, max_size=18))
def test_luhn(payload: str) -> None:
    number = CardNumber.parse(payload + luhn_digit(payload))
    assert number.masked == f"**** {number.clear[-4:]}"
    wrong = str((int(number.clear[-1]) + 1) % 10)
    with pytest.raises(CardError):
        CardNumber.parse(number.clear[:-1] + wrong)


@pytest.mark.parametrize(("text", "mistake"), [
    ("4111 1111 1111 1111", None), ("411111111111111", Mistake.LENGTH), ("4111x11111111111", Mistake.CHARACTERS),
    ("4111111111111112", Mistake.CHECKSUM)])
def test_card_numbers(text: str, mistake: Mistake | None) -> None:
    if mistake is None:
        assert CardNumber.parse(text).last4 == "1111"
        return
    with pytest.raises(CardError) as caught:
        CardNumber.parse(text)
    assert caught.value.mistake is mistake


SECRETS = [IdNumber("11010519491231002X"), CardNumber("4111111111111111"), PersonName("王样例"),
           AccountNumber("99010012001")]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: type(secret).__name__)
def test_nothing_shows_a_secret_by_accident(secret: IdNumber | CardNumber | PersonName | AccountNumber) -> None:
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret!r:>40}", f"{[secret]}", "%s" % secret):  # noqa: UP031
        assert secret.clear not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(AttributeError):
        secret.other = "x"  # type: ignore[union-attr]
    assert copy.deepcopy(secret) is secret
    assert secret == type(secret)(secret.clear)
    assert len({secret, type(secret)(secret.clear)}) == 1
    assert secret != PersonName("someone else")


@pytest.mark.parametrize(("name", "surname", "masked"), [
    ("王样例", "王", "王*"), ("欧阳试用", "欧阳", "欧*"), ("李", "李", "李*"), ("阿依·示范", "阿", "阿*")])
def test_names(name: str, surname: str, masked: str) -> None:
    assert (PersonName(name).surname, PersonName(name).masked) == (surname, masked)
