"""Every kind of certificate from the demonstration's people to the paper and back: pages, codes, what a forger may try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk import places
from kiosk.adapters import paper_reader, pdf_pages
from kiosk.adapters.demo_people import load_people
from kiosk.adapters.ed25519 import Ed25519Signer
from kiosk.adapters.paper_items import Code, Words
from kiosk.adapters.paper_layout import load
from kiosk.adapters.paper_plan import Plan
from kiosk.adapters.qt_paper import QtPaper
from kiosk.app import cmd_verify
from kiosk.fund import certificate as ct
from kiosk.fund import certificate_kinds as ck
from kiosk.fund.account import Account, Entry, Holder, LoanAccount, PastWithdrawal, Repayment, State
from kiosk.fund.certificate_words import printed
from kiosk.fund.identity import AccountNumber, IdNumber, PersonName
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.rules import RuleBook
from kiosk.ports.devices import IdCard
from tests.paper.samples import HOUSE
from tests.paper.test_verify import OWN, PEOPLE, Hall, _quiet

#: Of whom each kind is printed, and how many sheets it takes, as it is and enlarged.
WHO: Mapping[str, tuple[str, dict[str, object], int, int]] = {
    "certificate.deposit": ("王样例", {}, 1, 2),
    "certificate.cross_city_loan": ("王样例", {}, 1, 2),
    "certificate.loan_settled": ("郑模拟", {}, 1, 2),
    "certificate.repayment_plan": ("袁示范", {}, 2, 4),
    "certificate.statement": ("陈样本", {"period": "全部"}, 2, 4),
    "certificate.withdrawal": ("余体验", {}, 1, 2),
}


_keys = count()


@pytest.fixture(scope="module")
def one_hall(tmp_path_factory: pytest.TempPathFactory, gui: QGuiApplication) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall") / "hall")
    yield hall
    hall.close()


@pytest.fixture
def hall(one_hall: Hall) -> Iterator[Hall]:
    """One hall for all (it takes a while to build), with an honest paper maker at the start of every test."""
    yield one_hall
    one_hall.paper.changes = {}
    object.__setattr__(one_hall.counter._desk, "paper", one_hall.paper)


def printed_paper(hall: Hall, kind: str, **more: object) -> tuple[Path, dict[str, object]]:
    """(the sheet in the tray, what preview and print have told)"""
    name, facts, _, _ = WHO[kind]
    person = next(one for one in load_people(PEOPLE).holders if one.name == name)
    found = hall.counter.perform("identity.by_card", {"card": IdCard(person.name, person.number, "")}, "", _quiet)
    asked = {**found.facts, "certificate_kind": kind, "enlarged": 0, "copies": 1, **facts, **more}
    assert hall.counter.perform("certificate.check", asked, "", _quiet).name == "able"
    ready = hall.counter.perform("certificate.preview", asked, "", _quiet)
    done = hall.counter.perform("certificate.print", asked, f"key-{next(_keys)}", _quiet)
    assert (ready.name, done.name) == ("ready", "printed"), done
    return sorted((hall.folder / "out").iterdir())[-1], {**asked, **ready.facts, **done.facts}


@pytest.mark.parametrize("enlarged", [0, 1])
@pytest.mark.parametrize("kind", WHO)
def test_every_kind_is_genuine_and_its_sheets_belong_together(hall: Hall, kind: str, enlarged: int) -> None:
    paper, told = printed_paper(hall, kind, enlarged=enlarged)
    found = cmd_verify.examine(paper, hall.counter.checker, hall.book.on, OWN)
    assert (found.exit_code, found.compared, found.altered, found.other) == (cmd_verify.VALID, True, (), ())
    assert found.verification.kind == kind
    by_code = hall.counter.checker.code(str(told["verify_code"]))
    assert (by_code.valid, by_code.kind) == (True, kind)
    pages = [page.replace(" ", "") for page in paper_reader.page_text(paper).split("\f")]
    assert len(pages) == told["pages"] == WHO[kind][2 + enlarged], "the preview has told how many sheets it will be"
    assert (told["more_pages"] or 1) == len(pages)
    for number, page in enumerate(pages, 1):
        assert str(told["certificate_number"]) in page
        assert len(pages) == 1 or f"第{number}页,共{len(pages)}页" in page
    codes = [len([item for item in page if isinstance(item, Code)]) for page in hall.paper.planned.pages]
    lists = kind in ("certificate.statement", "certificate.repayment_plan")
    assert codes == [1] * len(pages) if lists else codes == [0] * (len(pages) - 1) + [1]
    if enlarged:
        return
    again = hall.counter.perform("certificate.reprint", told, f"again-{next(_keys)}", _quiet)
    assert again.name == "printed"
    second = cmd_verify.examine(sorted((hall.folder / "out").iterdir())[-1], hall.counter.checker, hall.book.on, OWN)
    assert (second.exit_code, second.verification.reprints) == (cmd_verify.VALID, 1)


@pytest.mark.parametrize(("kind", "fact", "forged", "label"), [
    ("certificate.cross_city_loan", "state_box", "正常", "账户状态"),
    ("certificate.cross_city_loan", "loan_box", "一次已还清", "住房公积金贷款记录"),
    ("certificate.cross_city_loan", "unit_share", "5%，每月 960.00 元", "单位缴存比例和月缴存额"),
    ("certificate.loan_settled", "settled_on", "2020年9月20日", "结清日期"),
    ("certificate.repayment_plan", "loan_left", "1.00 元", "剩余本金"),
    ("certificate.statement", "period", "2020年1月1日至2026年10月2日", "起止日期"),
    ("certificate.withdrawal", "total", "93,600.00 元", "提取总额"),
])
def test_altered_text_is_named(hall: Hall, kind: str, fact: str, forged: str, label: str) -> None:
    hall.paper.changes = {fact: forged}
    paper, _ = printed_paper(hall, kind)
    found = cmd_verify.examine(paper, hall.counter.checker, hall.book.on, OWN)
    assert found.exit_code == cmd_verify.INVALID
    assert label in {cmd_verify._label(one) for one in found.altered}


def _tampering(change: Any) -> Any:
    """A paper maker that prints other lines than it is given."""
    class Forger(QtPaper):
        def draw(self, layout: str, facts: Mapping[str, object], target: Path, *, enlarged: bool = False, qr: str = "",
                 mark: str = "") -> Path:
            rows = [list(row) for row in facts["rows"]]  # type: ignore[attr-defined]
            return super().draw(layout, {**facts, "rows": change(rows)}, target, enlarged=enlarged, qr=qr, mark=mark)
    return Forger()


def _with(rows: list[list[str]], row: int, column: int, text: str) -> list[list[str]]:
    rows[row][column] = text
    return rows


@pytest.mark.parametrize("change", [
    lambda rows: _with(rows, 3, 3, "19,470.15"), lambda rows: _with(rows, 5, 1, "汇缴1"), lambda rows: rows[:-1],
    lambda rows: [], lambda rows: [rows[1], rows[0], *rows[2:]]],
    ids=["balance", "word", "last gone", "all gone", "order"])
def test_one_altered_line_is_refused(hall: Hall, change: Any) -> None:
    object.__setattr__(hall.counter._desk, "paper", _tampering(change))
    paper, _ = printed_paper(hall, "certificate.statement")
    found = cmd_verify.examine(paper, hall.counter.checker, hall.book.on, OWN)
    assert found.exit_code == cmd_verify.INVALID
    assert "明细" in cmd_verify._as_text(found)


def test_the_line_that_does_not_add_up_is_shown(hall: Hall) -> None:
    object.__setattr__(hall.counter._desk, "paper", _tampering(lambda rows: _with(rows, 3, 2, "+9,651.85")))
    paper, _ = printed_paper(hall, "certificate.statement")
    found = cmd_verify.examine(paper, hall.counter.checker, hall.book.on, OWN)
    assert "2025年6月30日" in found.altered[0].paper
    assert "+9,651.85" in found.altered[0].paper


def test_a_line_laid_over_a_plan(hall: Hall) -> None:
    object.__setattr__(hall.counter._desk, "paper", _tampering(lambda rows: _with(rows, 0, 4, "1.00")))
    paper, _ = printed_paper(hall, "certificate.repayment_plan")
    assert cmd_verify.examine(paper, hall.counter.checker, hall.book.on, OWN).exit_code == cmd_verify.INVALID


def test_a_photograph_of_a_statement_proves_the_sums_alone(hall: Hall) -> None:
    paper, _ = printed_paper(hall, "certificate.statement")
    picture = QtPaper().picture(paper, 1600)
    last = pdf_pages.grey(paper, 200, 1)
    assert last.shape[0] > last.shape[1]
    found = cmd_verify.examine(paper, hall.counter.checker, hall.book.on, OWN)
    assert cmd_verify.ONLY_SUMS not in cmd_verify._as_text(found)
    _save_page(paper, 1, picture)
    found = cmd_verify.examine(picture, hall.counter.checker, hall.book.on, OWN)
    assert (found.exit_code, found.compared, found.unchecked_lines) == (cmd_verify.VALID, False, True)
    assert cmd_verify.ONLY_SUMS in cmd_verify._as_text(found)


def _save_page(paper: Path, page: int, target: Path) -> None:
    from PySide6.QtGui import QImage

    pixels = pdf_pages.grey(paper, 200, page)
    image = QImage(pixels.tobytes(), pixels.shape[1], pixels.shape[0], pixels.shape[1], QImage.Format.Format_Grayscale8)
    assert image.save(str(target))


# ------------------------------------------------ the longest that can happen, without a printer


AT = datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=8)))
EMPLOYER = "样例省样例市高新技术产业开发区示范性综合物业管理与后勤服务保障集团第二分公司"


@cache
def _book() -> RuleBook:
    return RuleBook.load(places.ASSETS / "rules" / "national", places.ASSETS / "rules" / "demo")


def longest(kind: str, signer: ct.Signer) -> tuple[ct.Certificate, ck.Content, dict[str, object]]:
    many = [Entry(date(2016 + n // 12, n % 12 + 1, 15), "汇缴" if n % 9 else "偿还贷款本息提取", Money(9_999_99 if n % 9 else -1),
                  Money(12_345_678_90)) for n in range(130)]
    loan = LoanAccount(AccountNumber("990012345678901234"), Money.yuan(9_876_543), Money.parse("9876543.21"), "3.075", 360,
                       Repayment.ANNUITY, date(2026, 10, 12), Money.parse("42040.13"), 20)
    drawn = PastWithdrawal("TQ-20250901-0011234", date(2025, 9, 1), "06", "偿还异地住房公积金贷款本息提取", Money(123_456_789),
                           Money(1_234_567), "样例省样例市农村商业银行股份有限公司", "1234", date(2025, 9, 8), None, False, "")
    settled = replace(loan, settled_on=date(2026, 10, 20), lent_on=date(2010, 1, 6))
    known = ck.Known(
        Holder("h", PersonName("阿卜杜热西提·买买提依明江"), IdNumber.parse("990101196403180113")),
        Account(AccountNumber("990012345678901234"), State.NORMAL, Money(123_456_789_01), Money.parse("98765.43"),
                Money.parse("11851.85"), Money.parse("11851.85"), EMPLOYER, date(1996, 12, 31), Month(2026, 10)),
        _book().on(AT.date()), kind, ct.Issue("KIOSK-20261121-0011234", "0001", "样例壮族苗族自治州住房公积金管理中心", AT),
        entries=tuple(many), loans=(loan, settled), withdrawals=(drawn, drawn, drawn))
    subject = ck.KINDS[kind].subjects(known)
    content = ck.contents(replace(known, subject="全部" if kind == "certificate.statement" else subject[0].id))
    rule = known.rule
    fields: dict[str, object] = {
        **HOUSE, **printed(content.facts), "title": rule.title, "statement": rule.statement, "verify_hint": rule.verify_hint,
        **({"rows": [list(line) for line in content.lines]} if content.lines else {})}
    made = ct.sign(content.facts, signer)
    return made, content, fields | {"verify_code": ct.grouped(made.code)}


@pytest.mark.parametrize("kind", WHO)
def test_the_longest_fits(gui: QGuiApplication, tmp_path: Path, kind: str) -> None:
    """Into the code, onto the sheets, every line in one row, so that it can be read back."""
    made, content, fields = longest(kind, Ed25519Signer(tmp_path / "keys"))
    assert len(made.qr.encode()) <= ct.QR_LIMIT
    layout = content.facts["kind"].replace(".", "_")  # type: ignore[union-attr]
    for enlarged in (False, True):
        plan = QtPaper().plan(layout, fields, enlarged=enlarged, qr=made.qr)
        assert plan.problems() == []
        assert _torn_lines(plan) == []
    if content.lines:
        document = QtPaper().draw(layout, fields, tmp_path / "a.pdf", qr=made.qr, enlarged=True)
        table = load(layout).table
        assert table is not None
        read = paper_reader.table_lines(document, table)
        assert ct.lines_digest(read) == content.facts["lines"]
        heads = [page for page in plan.pages[1:-1] if not any(
            isinstance(item, Words) and item.words == table.columns[0].label for item in page)]
        assert not heads, "a page without the heads of its columns"


def _torn_lines(plan: Plan) -> list[str]:
    return [item.words for page in plan.pages for item in page
            if isinstance(item, Words) and "rows" in item.facts and len(item.lines) > 1]


@pytest.mark.parametrize("kind", WHO)
def test_every_altered_byte_of_the_code_is_refused(tmp_path: Path, kind: str) -> None:
    signer = Ed25519Signer(tmp_path / "keys")
    made, _, _ = longest(kind, signer)
    assert ct.check_qr(made.qr, signer)[0] is ct.Validity.VALID
    for place in range(0, len(made.qr), 5):
        other = "7" if made.qr[place] != "7" else "3"
        forged = made.qr[:place] + other + made.qr[place + 1:]
        try:
            assert ct.check_qr(forged, signer)[0] is not ct.Validity.VALID, f"{place}: {made.qr[place]}"
        except ct.QrError:
            continue
