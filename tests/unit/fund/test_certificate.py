from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
import segno

from kiosk.fund import certificate as ct
from kiosk.fund.canonical import Plain
from kiosk.fund.certificate_kinds import Known, contents
from kiosk.fund.certificate_words import printed
from kiosk.fund.errors import WorldError
from kiosk.fund.money import Money
from kiosk.fund.rules import RuleBook

AT = datetime(2026, 10, 2, 9, 30, tzinfo=timezone(timedelta(hours=8)))


class ToySigner:
    """64 bytes that only this key makes. (The real one is tested in tests/unit/counter/test_ed25519.py.)"""

    def __init__(self, key_id: str = "a1b2c3d4", secret: bytes = b"k") -> None:
        self.key_id, self._secret = key_id, secret

    def sign(self, message: bytes) -> bytes:
        return hmac.digest(self._secret, message, "sha512")

    def check(self, key_id: str, message: bytes, signature: bytes) -> ct.Trust:
        if key_id != self.key_id:
            return ct.Trust.UNKNOWN_KEY
        return ct.Trust.GOOD if self.sign(message) == signature else ct.Trust.BAD


@pytest.fixture
def made(case, book: RuleBook) -> ct.Certificate:  # type: ignore[no-untyped-def]
    return make(case(), book)


def make(one, book: RuleBook, machine: str = "0001") -> ct.Certificate:  # type: ignore[no-untyped-def]
    issue = ct.Issue(ct.number(AT.date(), machine, 1), machine, "样例市住房公积金管理中心", AT)
    return ct.sign(deposit_facts(one, book.on(AT.date()), issue), ToySigner())


def deposit_facts(one, rules, issue: ct.Issue) -> dict[str, Plain]:  # type: ignore[no-untyped-def]
    return contents(Known(one.holder, one.account, rules, "certificate.deposit", issue)).facts


def test_numbers_carry_day_machine_and_count() -> None:
    assert ct.number(date(2026, 10, 2), "0001", 7) == "KIOSK-20261002-001007"
    assert ct.number(date(2026, 10, 2), "42", 1000) == "KIOSK-20261002-0421000"
    for wrong in ("", "0", "1000", "A1", "１"):
        with pytest.raises(ValueError, match="1 to 999"):
            ct.number(date(2026, 10, 2), wrong, 1)


def test_codes_hold_no_mistakable_characters(made: ct.Certificate) -> None:
    assert len(made.code) == 10
    assert not set(made.code) & set("01OI")
    many = {ct.verify_code(hashlib.sha512(bytes([n % 256, n // 256])).digest()) for n in range(2000)}
    assert len(many) == 2000
    assert set("".join(many)) == set(ct.ALPHABET)
    assert ct.tidy_code(f" {ct.grouped(made.code).lower()} ") == made.code


def test_the_qr_carries_everything(made: ct.Certificate) -> None:
    validity, read = ct.check_qr(made.qr, ToySigner())
    assert validity is ct.Validity.VALID
    assert (read.facts, read.number, read.code) == (dict(made.facts), made.number, made.code)


def test_facts_become_the_printed_words(made: ct.Certificate) -> None:
    words = printed(made.facts)
    assert words["balance"] == "10,000.00 元"
    assert words["balance_capital"] == "壹万元整"
    assert words["monthly"] == "1,920.00 元"
    assert words["state"] == "封存"
    assert words["valid_until"] == "2026年11月2日"
    assert words["paid_until"] == "2024年3月"
    assert words["name"] == "王样例"
    assert words["id_masked"].startswith("990****")


def test_the_whole_number_only_where_the_pack_orders_it(case, book: RuleBook) -> None:  # type: ignore[no-untyped-def]
    from msgspec.structs import replace as changed

    rules, one = book.on(AT.date()), case()
    rule = changed(rules.certificates["certificate.deposit"], identity="full")
    ordered = changed(rules, certificates={**rules.certificates, "certificate.deposit": rule})
    issue = ct.Issue("KIOSK-20261002-001001", "1", "x", AT)
    assert deposit_facts(one, ordered, issue)["id"] == one.holder.id_number.clear


@pytest.mark.parametrize(("old", "new"), [
    ('"balance":1000000', '"balance":9000000'), ("王样例", "李样例"), ("001001", "001002"),
    ("2026-11-02", "2027-11-02")])
def test_a_changed_fact_is_noticed(made: ct.Certificate, old: str, new: str) -> None:
    assert old in made.qr
    validity, _ = ct.check_qr(made.qr.replace(old, new), ToySigner())
    assert validity is ct.Validity.ALTERED


def test_a_changed_code_or_signature_is_noticed(made: ct.Certificate) -> None:
    for changed in (made.qr.replace(made.code, "2222222222"), made.qr.replace(ct.armour(made.signature)[:5], "AAAAA")):
        assert ct.check_qr(changed, ToySigner())[0] is ct.Validity.ALTERED


def test_a_strange_key_is_told_apart(made: ct.Certificate) -> None:
    assert ct.check_qr(made.qr, ToySigner("99999999"))[0] is ct.Validity.UNKNOWN_KEY
    assert ct.check_qr(made.qr, ToySigner(secret=b"other"))[0] is ct.Validity.ALTERED


@pytest.mark.parametrize("text", ["", "https://example.org", "XYK1.a.b.c", 'XYK1.a.b.c.{"number":1}', "XYK1.a.b.c.[]",
                                  'XYK1.a.b.!!.{"number":"KIOSK-20261002-001001","kind":"x"}',
                                  'XYK1.a.b.AA.{"number":"KIOSK-20261002-001001","kind":"x","f":1.5}'])
def test_other_qr_codes_are_no_certificates(text: str) -> None:
    with pytest.raises(ct.QrError):
        ct.check_qr(text, ToySigner())


def test_the_longest_real_facts_fit_a_version_25_code(case, book: RuleBook) -> None:  # type: ignore[no-untyped-def]
    one = case(employer="样例市高新技术产业开发区示范性综合物业管理与后勤服务保障集团有限责任公司第二分公司",
               balance=Money.yuan(99_999_999))
    text = make(one, book).qr
    assert segno.make(text, error="m", boost_error=False, micro=False).version <= 25


def test_facts_that_do_not_fit_are_refused(case, book: RuleBook) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(WorldError) as caught:
        make(case(employer="样" * 300), book)
    assert "窗口" in caught.value.sentence


def test_nothing_of_it_shows(made: ct.Certificate) -> None:
    assert "王样例" not in repr(made)


def test_what_people_are_told() -> None:
    good = ct.Verification(ct.Validity.VALID, "n", {}, prints=1, reprints=0)
    assert good.sentence == "证明有效。"
    assert replace(good, expired=True, reprints=2).sentence == "证明有效。但是已经过了有效期。补打过2次。"
    assert ct.SENTENCES.keys() == set(ct.Validity)
