"""What each kind of certificate states, with figures worked out by hand. Today is 21 November 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from kiosk.fund import certificate_kinds as ck
from kiosk.fund.account import (
    Account,
    Entry,
    Holder,
    LoanAccount,
    PastWithdrawal,
    Repayment,
    State,
)
from kiosk.fund.certificate import Issue, lines_digest
from kiosk.fund.certificate_words import printed
from kiosk.fund.identity import AccountNumber, IdNumber, PersonName
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.rules import MADE_HERE, RuleBook

AT = datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=8)))
HOLDER = Holder("h", PersonName("王样例"), IdNumber.parse("990101196403180113"))
ACCOUNT = Account(AccountNumber("99010012001"), State.NORMAL, Money.parse("21500.00"), Money.yuan(8000), Money.yuan(960),
                  Money.yuan(960), "样例市第一棉纺厂", date(2010, 7, 5), Month(2026, 11))
LOAN = LoanAccount(AccountNumber("99010210001"), Money.yuan(1200), Money.yuan(1000), "12", 3, Repayment.ANNUITY,
                   date(2026, 8, 12), Money.parse("340.02"), 20)
SETTLED = replace(LOAN, settled_on=date(2026, 10, 20), left=Money(0), lent_on=date(2020, 1, 6))


def entry(day: str, kind: str, amount: str, balance: str) -> Entry:
    return Entry(date.fromisoformat(day), kind, Money.parse(amount), Money.parse(balance))


#: 1,000 + 1,920 × 3 + interest 12.34 − 3,600 = 3,172.34 at the end of 2025; then up to 21,500.00.
ENTRIES = (
    entry("2025-05-15", "汇缴", "1920", "2920"), entry("2025-06-30", "结息", "12.34", "2932.34"),
    entry("2025-07-15", "汇缴", "1920", "4852.34"), entry("2025-09-01", "租房提取", "-3600", "1252.34"),
    entry("2025-12-15", "补缴", "1920", "3172.34"), entry("2026-06-30", "结息", "27.66", "3200"),
    entry("2026-11-15", "汇缴", "18300", "21500"),
)


def past(number: str, amount: str, interest: str = "0", **more: Any) -> PastWithdrawal:
    told: dict[str, Any] = {"day": date(2025, 9, 1), "code": "07", "title": "租房提取", "bank": "样例银行", "last4": "1234",
                            "arrival": date(2025, 9, 8), "paid_on": date(2025, 9, 5), "kind": "withdraw.rent", **more}
    return PastWithdrawal(number=number, amount=Money.parse(amount), interest=Money.parse(interest), **told)


@pytest.fixture
def known(book: RuleBook) -> Any:
    def make(kind: str, **more: Any) -> ck.Known:
        issue = Issue("KIOSK-20261121-001001", "0001", "样例市住房公积金管理中心", AT)
        return replace(ck.Known(HOLDER, ACCOUNT, book.on(AT.date()), f"certificate.{kind}", issue, entries=ENTRIES), **more)
    return make


def test_the_rules_know_what_can_be_made() -> None:
    assert ck.KINDS.keys() == MADE_HERE


def test_every_fact_has_words(known: Any) -> None:
    """And every kind its validity, from the pack."""
    loans, withdrawals = (SETTLED, LOAN), (past("TQ-1", "3600"),)
    for kind in ck.KINDS:
        one = known(kind.removeprefix("certificate."), loans=loans, withdrawals=withdrawals)
        subject = ck.KINDS[kind].subjects(one)[0].id
        words = printed(ck.contents(replace(one, subject=subject)).facts)
        assert words["name"] == "王样例"
        assert words["valid_until"] == ("2027年1月21日" if kind == "certificate.cross_city_loan" else "2026年12月22日")


# ------------------------------------------------ cross-city loan


def cross_city(known: Any, account: Account = ACCOUNT, **more: Any) -> dict[str, str]:
    return printed(ck.contents(known("cross_city_loan", account=account, **more)).facts)


def test_cross_city(known: Any) -> None:
    words = cross_city(known, withdrawals=(past("TQ-1", "3600"), past("TQ-2", "1400", "12.50")))
    assert words["id_masked"] == "990101196403180113", "the receiving centre needs the whole number"
    assert (words["unit_share"], words["own_share"]) == ("12%，每月 960.00 元", "12%，每月 960.00 元")
    assert (words["monthly"], words["base"]) == ("1,920.00 元", "8,000.00 元")
    assert words["taken"] == "5,012.50 元"
    assert (words["balance"], words["balance_capital"]) == ("21,500.00 元", "贰万壹仟伍佰元整")
    assert (words["paid_from"], words["paid_until"]) == ("2010年7月", "2026年11月")
    assert (words["state_box"], words["loan_box"]) == ("正常", "无")


@pytest.mark.parametrize(("state", "paid", "box"), [
    (State.NORMAL, Month(2026, 11), "正常"), (State.NORMAL, Month(2026, 8), "正常"),
    (State.NORMAL, Month(2026, 7), "欠款"), (State.NORMAL, None, "欠款"), (State.SEALED, Month(2020, 1), "封存"),
    (State.FROZEN, Month(2026, 11), "其他"), (State.OTHER, None, "其他")])
def test_state_boxes(known: Any, state: State, paid: Month | None, box: str) -> None:
    assert cross_city(known, replace(ACCOUNT, state=state, paid_until=paid))["state_box"] == box


@pytest.mark.parametrize(("loans", "box"), [
    ((), "无"), ((LOAN,), "无"), ((SETTLED,), "一次已还清"), ((SETTLED, SETTLED), "两次以上已还清"),
    ((SETTLED,) * 3, "两次以上已还清")])
def test_loan_boxes(known: Any, loans: tuple[LoanAccount, ...], box: str) -> None:
    assert cross_city(known, loans=loans)["loan_box"] == box


@pytest.mark.parametrize(("deposit", "base", "percent"), [
    ("960", "8000", "12"), ("418", "5231", "8"), ("0", "5000", "0"), ("625", "5000", "12.5"), ("100", "3000", "3.33"),
    ("960", "0", "")])
def test_ratio(deposit: str, base: str, percent: str) -> None:
    assert ck.ratio(Money.parse(deposit), Money.parse(base)) == percent


# ------------------------------------------------ statement


def statement(known: Any, period: str, **more: Any) -> tuple[dict[str, str], ck.Content]:
    content = ck.contents(known("statement", subject=period, **more))
    return printed(content.facts), content


@pytest.mark.parametrize(("period", "opening", "put_in", "interest", "taken", "closing", "count"), [
    ("去年", "1,000.00", "5,760.00", "12.34", "3,600.00", "3,172.34", "5 笔"),
    ("今年", "3,172.34", "18,300.00", "27.66", "0.00", "21,500.00", "2 笔"),
    ("上个月", "3,200.00", "0.00", "0.00", "0.00", "3,200.00", "0 笔"),
    ("去年下半年", "2,932.34", "3,840.00", "0.00", "3,600.00", "3,172.34", "3 笔"),
    ("全部", "1,000.00", "24,060.00", "40.00", "3,600.00", "21,500.00", "7 笔"),
])
def test_statement(known: Any, period: str, opening: str, put_in: str, interest: str, taken: str, closing: str,
                   count: str) -> None:
    words, content = statement(known, period)
    assert [words[name].removesuffix(" 元") for name in ("opening", "put_in", "interest", "taken_out", "closing")] == [
        opening, put_in, interest, taken, closing]
    assert words["count"] == count
    sums = {name: int(content.facts[name]) for name in ("opening", "put_in", "interest", "taken_out", "closing")}
    assert sums["opening"] + sums["put_in"] + sums["interest"] - sums["taken_out"] == sums["closing"]


def test_lines_of_a_statement(known: Any) -> None:
    words, content = statement(known, "去年")
    assert words["period"] == "2025年5月15日至2025年12月31日", "the centre's lines begin there"
    assert list(content.lines) == [
        ("2025年5月15日", "汇缴", "+1,920.00", "2,920.00"), ("2025年6月30日", "年度结息", "+12.34", "2,932.34"),
        ("2025年7月15日", "汇缴", "+1,920.00", "4,852.34"), ("2025年9月1日", "租房提取", "-3,600.00", "1,252.34"),
        ("2025年12月15日", "补缴", "+1,920.00", "3,172.34")]
    assert content.facts["lines"] == lines_digest(content.lines)


def test_the_whole_account_begins_with_the_first_line_that_the_centre_still_has(known: Any) -> None:
    assert statement(known, "全部")[0]["period"] == "2025年5月15日至2026年11月21日"
    from_nothing = tuple(replace(e, balance=e.balance - Money.yuan(1000)) for e in ENTRIES)
    words, _ = statement(known, "全部", entries=from_nothing, account=replace(ACCOUNT, balance=Money.yuan(20_500)))
    assert words["period"] == "2010年7月5日至2026年11月21日"
    assert words["opening"] == "0.00 元"
    with pytest.raises(LookupError):
        statement(known, "前年")
    assert statement(known, "前年", entries=from_nothing)[0]["closing"] == "0.00 元"


def test_periods_on_offer(known: Any) -> None:
    assert [one.id for one in ck.KINDS["certificate.statement"].subjects(known("statement"))] == [
        "最近一年", "最近半年", "今年", "去年", "全部"]
    young = replace(ACCOUNT, opened_on=date(2026, 3, 1))
    assert "去年" not in [one.id for one in ck.KINDS["certificate.statement"].subjects(known("statement", account=young))]
    with pytest.raises(LookupError):
        ck.contents(known("statement", subject="明年这时候"))


# ------------------------------------------------ an earlier withdrawal


def test_withdrawal(known: Any) -> None:
    offered = (past("TQ-9", "80000", day=date(2026, 1, 5), title="购房提取"), past("TQ-1", "3600"))
    one = known("withdrawal", withdrawals=offered, subject="TQ-1")
    words = printed(ck.contents(one).facts)
    assert (words["receipt"], words["booked_on"], words["reason"]) == ("TQ-1", "2025年9月1日", "租房提取")
    assert (words["total"], words["total_capital"]) == ("3,600.00 元", "叁仟陆佰元整")
    assert words["balance_after"] == "1,252.34 元", "from the statement's line of that day"
    assert (words["card_masked"], words["id_masked"], words["account"]) == ("**** 1234", "990***********0113", "**** 2001")
    assert words["arrival"] == "2025年9月5日已到账"
    assert "balance_after" not in printed(ck.contents(replace(one, subject="TQ-9")).facts), "no line, no guess"
    subjects = ck.KINDS["certificate.withdrawal"].subjects(one)
    assert [subject.id for subject in subjects] == ["TQ-9", "TQ-1"]
    assert "80,000.00 元" in subjects[0].shown
    assert "元" not in subjects[0].said + subjects[0].what
    with pytest.raises(LookupError):
        ck.contents(replace(one, subject="TQ-7"))


def test_a_withdrawal_that_closed_the_account_and_is_on_its_way(known: Any) -> None:
    one = past("TQ-1", "3000", "25.5", closed_account=True, paid_on=None, kind="withdraw.retirement", title="退休提取")
    words = printed(ck.contents(known("withdrawal", withdrawals=(one,), subject="TQ-1")).facts)
    assert (words["principal"], words["interest"], words["total"]) == ("3,000.00 元", "25.50 元", "3,025.50 元")
    assert (words["balance_after"], words["extent"]) == ("0.00 元", "全部提取并销户")
    assert words["next_time"] == "账户已销户，以后不用再来"
    assert words["arrival"] == "预计2025年9月8日前"


# ------------------------------------------------ loans


def test_loan_settled(known: Any) -> None:
    one = known("loan_settled", loans=(LOAN, SETTLED))
    assert [subject.id for subject in ck.KINDS["certificate.loan_settled"].subjects(one)] == ["2020-01-06"]
    words = printed(ck.contents(replace(one, subject="2020-01-06")).facts)
    assert (words["loan_amount"], words["loan_amount_capital"]) == ("1,200.00 元", "壹仟贰佰元整")
    assert (words["lent_on"], words["settled_on"], words["loan_months"]) == ("2020年1月6日", "2026年10月20日", "3 期")
    with pytest.raises(LookupError):
        ck.contents(replace(one, subject="2026-08-12"))


def test_repayment_plan_of_equal_instalments(known: Any) -> None:
    """1,000 元 at 1 % a month. 340.02 = 10.00 + 330.02; then 6.70 + 333.32; 336.66 is left with 3.37 interest, and the
    last one pays that rest, 340.03."""
    content = ck.contents(known("repayment_plan", loans=(LOAN,), subject="2026-08-12"))
    assert list(content.lines) == [("2026年12月", "340.02", "330.02", "10.00", "669.98"),
                                   ("2027年1月", "340.02", "333.32", "6.70", "336.66"),
                                   ("2027年2月", "340.03", "336.66", "3.37", "0.00")]
    words = printed(content.facts)
    assert (words["loan_left"], words["due"], words["to_come"]) == ("1,000.00 元", "340.02 元", "3 期")
    assert (words["loan_rate"], words["due_day"], words["overdue"]) == ("年利率 12%", "每月 20 日", "")


def test_repayment_plan_of_equal_shares(known: Any) -> None:
    """等额本金: 900 元 at 1 % a month in three shares of 300: 309, 306, 303. Before the due day, this month counts."""
    loan = replace(LOAN, repayment=Repayment.LINEAR, left=Money.yuan(900), monthly=Money.yuan(309), due_day=25)
    lines = list(ck.instalments(loan, AT.date()))
    assert lines == [("2026年11月", "309.00", "300.00", "9.00", "600.00"),
                     ("2026年12月", "306.00", "300.00", "6.00", "300.00"),
                     ("2027年1月", "303.00", "300.00", "3.00", "0.00")]


def test_a_long_plan_of_fund_md() -> None:
    """fund.md B6: 1,000,000 元 at 2.6 % for 360 months, 4,003.40 元 a month, 441,222.96 元 interest in all (cents apart,
    because every month is rounded)."""
    loan = replace(LOAN, amount=Money.yuan(1_000_000), left=Money.yuan(1_000_000), percent="2.6", months=360,
                   monthly=Money.parse("4003.40"))
    lines = list(ck.instalments(loan, AT.date()))
    assert len(lines) == 360
    assert lines[0] == ("2026年12月", "4,003.40", "1,836.73", "2,166.67", "998,163.27")
    assert lines[-1][4] == "0.00"
    interest = Money.total(Money.parse(line[3]) for line in lines)
    assert abs(interest.fen - Money.parse("441222.96").fen) < 200
    assert Money.total(Money.parse(line[2]) for line in lines) == Money.yuan(1_000_000)


def test_figures_of_a_centre_that_cannot_be() -> None:
    """A payment that does not even cover the interest ends at once, and not never."""
    assert len(list(ck.instalments(replace(LOAN, monthly=Money(1)), AT.date()))) == 1


def test_a_long_plan_is_cut_where_the_pack_says(known: Any) -> None:
    loan = replace(LOAN, amount=Money.yuan(1_000_000), left=Money.yuan(1_000_000), percent="2.6", months=360,
                   monthly=Money.parse("4003.40"))
    content = ck.contents(known("repayment_plan", loans=(loan,), subject="2026-08-12"))
    assert len(content.lines) == 24
    assert printed(content.facts)["to_come"] == "360 期"


@pytest.mark.parametrize(("every_days", "days_ago", "words"), [
    (90, 30, "2027年1月20日起"), (90, 91, "现在就可以再办"), (0, 30, "每年一次")])
def test_the_next_time_is_counted_from_the_rules(known: Any, every_days: int, days_ago: int, words: str) -> None:
    """90 days after 22 October 2026 is 20 January 2027. Without an interval the words of the rule stand."""
    from msgspec.structs import replace as changed

    one = known("withdrawal", withdrawals=(past("TQ-1", "3600", day=AT.date() - timedelta(days=days_ago)),), subject="TQ-1")
    rent = one.rules.withdrawals["withdraw.rent"]
    rent = changed(rent, frequency=changed(rent.frequency, every="", every_days=every_days), next_time="每年一次")
    rules = changed(one.rules, withdrawals={**one.rules.withdrawals, "withdraw.rent": rent})
    assert printed(ck.contents(replace(one, rules=rules)).facts)["next_time"] == words
