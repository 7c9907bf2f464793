"""Fields of papers from lines of words: places, ways up, numbers that check themselves. No picture is needed for this."""

from __future__ import annotations

import math
from datetime import date

import pytest

from kiosk.counter.precheck_documents import Documents
from kiosk.counter.precheck_read import Fields, read, words_of
from kiosk.places import ASSETS
from kiosk.ports.scanner import TextLine

TODAY = date(2026, 11, 21)
NUMBER, OTHER = "990101196403180113", "990101197305020225"
FRONT = (("姓名", 60, 60), ("王样例", 150, 60), ("性别男", 60, 140), ("住址", 60, 300), ("样例省样例市示范区", 150, 300),
         ("公民身份号码", 60, 540), (NUMBER, 320, 540))
MARRIAGE = (("结婚证", 100, 80), ("持证人", 60, 300), ("王样例", 260, 300), ("登记日期", 60, 400), ("1990年10月01日", 260, 402),
            ("结婚证字号J990101-1990-000123", 60, 500), ("姓名", 800, 80), ("王样例", 980, 82), ("身份证件号" + NUMBER, 800, 260),
            ("姓名", 800, 560), ("李示范", 980, 560), ("身份证件号", 800, 760), (OTHER, 1010, 760))


def lines(written: tuple[tuple[str, int, int], ...], angle: float = 0.0) -> tuple[TextLine, ...]:
    """Words at their places, the whole page turned by so many degrees; corners as a reader gives them for any angle: from
    the upper left one, as seen in the picture."""
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    found = []
    for text, x, y in written:
        wide = sum(34 if ord(c) > 255 else 18 for c in text)
        corners = [(x, y), (x + wide, y), (x + wide, y + 40), (x, y + 40)]
        turned = [(a * cosine - b * sine, a * sine + b * cosine) for a, b in corners]
        first = min(range(4), key=lambda i: turned[i][0] + turned[i][1])
        found.append(TextLine(text, 0.99, tuple(turned[first:] + turned[:first])))
    return tuple(found)


@pytest.mark.parametrize("angle", [0, 7, -12, 40, 90, 180, 187, 270, -85])
def test_identity_card_at_any_angle(angle: float) -> None:
    fields = read("identity_front", lines(FRONT, angle), TODAY)
    assert [number.clear for number in fields.ids] == [NUMBER]
    assert [name.clear for name in fields.names] == ["王样例"]


@pytest.mark.parametrize("angle", [0, 5, 90, 180, 265])
def test_marriage_certificate_at_any_angle(angle: float) -> None:
    fields = read("marriage", lines(MARRIAGE, angle), TODAY)
    assert {number.clear for number in fields.ids} == {NUMBER, OTHER}
    assert {name.clear for name in fields.names} == {"王样例", "李示范"}
    assert (fields.day, fields.number) == (date(1990, 10, 1), "J990101-1990-000123")


@pytest.mark.parametrize(("written", "right"), [
    (NUMBER, True),
    ("99O1O1l964O318O113", True),                 # letters that look like digits
    ("公民身份号码 990101 19640318 0113", True),   # pieces
    ("990101196403180114", False),                # check character wrong (GB 11643-1999)
    ("990101196402300113", False),                # no such day
    ("99010119640318011", False),
])
def test_identity_number_checks_itself(written: str, right: bool) -> None:
    fields = read("identity_front", lines(((written, 60, 60),)), TODAY)
    assert [number.clear for number in fields.ids] == ([NUMBER] if right else [])


@pytest.mark.parametrize(("written", "until", "for_ever"), [
    ("有效期限 2016.05.01-2036.05.01", date(2036, 5, 1), False),
    ("2016.05.01—2026.11.20", date(2026, 11, 20), False),
    ("有效期限2016年05月01日至2036年05月01日", date(2036, 5, 1), False),
    ("有效期限 2016.05.01-长期", None, True),
    ("有效期限 2036.05.01-2016.05.01", None, False),      # cannot be
    ("签发机关 样例市公安局", None, False),
])
def test_last_day_of_validity(written: str, until: date | None, for_ever: bool) -> None:
    fields = read("identity_back", lines(((written, 60, 500),)), TODAY)
    assert (fields.until, fields.for_ever) == (until, for_ever)


def test_validity_in_two_pieces() -> None:
    fields = read("identity_back", lines((("有效期限", 60, 500), ("2016.05.01", 230, 502), ("-2036.05.01", 420, 499))), TODAY)
    assert fields.until == date(2036, 5, 1)


def test_bank_card_number_in_four_pieces_and_its_bank() -> None:
    written = (("样例银行", 60, 60), ("9900", 60, 300), ("0000", 200, 302), ("0000", 340, 299), ("0079", 480, 300), ("196", 620, 301),
               ("VALID THRU 05/29", 60, 420))
    fields = read("bank_card", lines(written), TODAY)
    assert fields.card is not None
    assert (fields.card.last4, fields.bank, fields.until) == ("9196", "样例银行", date(2029, 5, 31))
    assert read("bank_card", lines(written), TODAY, {"9900": "示范银行", "99": "别的"}).bank == "示范银行"


def test_bank_card_number_with_a_wrong_check_digit_is_not_believed() -> None:
    assert read("bank_card", lines((("9900 0000 0000 0079 197", 60, 300),)), TODAY).card is None


def test_nothing_is_shown_by_accident() -> None:
    fields = read("marriage", lines(MARRIAGE), TODAY)
    for shown in (repr(fields), str(fields), repr(lines(FRONT))):
        assert NUMBER not in shown
        assert "王样例" not in shown
        assert "000123" not in shown


def test_no_lines_no_fields() -> None:
    for kind in ("identity_front", "identity_back", "bank_card", "marriage", "words"):
        assert read(kind, (), TODAY) == Fields()


# ------------------------------------------------------------------ which paper is it


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents.load(ASSETS / "precheck" / "documents.yaml")


@pytest.mark.parametrize(("words", "wanted", "page"), [
    ("姓名王样例性别男民族汉出生公民身份号码", "identity_front", "identity_front"),
    ("中华人民共和国居民身份证签发机关有效期限", "identity_front", "identity_back"),
    ("样例银行9900000000000079196", "bank_card", "bank_card"),
    ("结婚证持证人登记日期姓名性别出生日期身份证件号", "identity_front", "marriage"),
    ("销售不动产统一发票开票日期购房款", "purchase_invoice", "purchase_invoice"),
    ("不动产权证书权利人坐落共有情况", "purchase_contract", "property_title"),
    ("今天天气很好", "identity_front", None),
    ("", "bank_card", None),
])
def test_papers_are_told_apart(documents: Documents, words: str, wanted: str, page: str | None) -> None:
    assert documents.page_of(words_of(lines(((words, 0, 0),))), wanted) == page


@pytest.mark.parametrize(("material", "means", "own"), [
    ("本人身份证", ("identity",), True),
    ("办理人身份证", ("identity",), False),
    ("结婚证（已婚的）", ("marriage",), True),
    ("购房合同或不动产权证", ("purchase_contract", "property_title"), True),
    ("诊断证明", (), True),
])
def test_lines_of_the_rule_packs_are_understood(documents: Documents, material: str, means: tuple[str, ...], own: bool) -> None:
    assert (documents.of_material(material), documents.is_holders(material)) == (means, own)
