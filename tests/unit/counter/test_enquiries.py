"""Loans, deposits, applications and estimates: what the counter answers, on the demonstration centre."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from counter_kit import Kit, people

from kiosk.adapters.demo_centre import Faults
from kiosk.counter.catalogue import TASKS
from kiosk.fund.account import LoanAccount, PastWithdrawal, Repayment, Standing
from kiosk.fund.identity import AccountNumber
from kiosk.fund.money import Money
from kiosk.ports.printer import PrintState
from kiosk.ports.tasks import Listed, Outcome

TODAY = date(2026, 10, 2)


def given(task: str, outcome: Outcome) -> Outcome:
    assert set(TASKS[task].gives[outcome.name]) <= outcome.facts.keys()
    assert all(outcome.facts[name] is not None for name in TASKS[task].gives[outcome.name])
    return outcome


class Centre:
    """Stands before the demonstration centre and answers for one holder."""

    def __init__(self, kit: Kit, *, loans: tuple[LoanAccount, ...] = (), past: tuple[PastWithdrawal, ...] = (),
                 standing: Standing | None = None) -> None:
        self._kit, self._loans, self._past, self._standing = kit, loans, past, standing

    def __getattr__(self, name: str) -> object:
        return getattr(self._kit.centre, name)

    def loans(self, holder_id: str) -> tuple[LoanAccount, ...]:
        return self._loans

    def withdrawals(self, holder_id: str) -> tuple[PastWithdrawal, ...]:
        return self._past

    def standing(self, holder_id: str) -> Standing:
        return self._standing or self._kit.centre.standing(holder_id)


@pytest.fixture
def facts(kit: Kit) -> dict[str, object]:
    return kit.identified("陈样本")


def behind(kit: Kit, monkeypatch: pytest.MonkeyPatch, **answers: object) -> None:
    object.__setattr__(kit.counter._desk, "gateway", Centre(kit, **answers))  # type: ignore[arg-type]


def lent(**changed: object) -> LoanAccount:
    made: dict[str, object] = {
        "number": AccountNumber("99010900001"), "amount": Money.yuan(400_000), "left": Money.yuan(100_000), "percent": "2.6",
        "months": 240, "repayment": Repayment.ANNUITY, "lent_on": date(2016, 5, 1), "monthly": Money.parse("1755.84"),
        "due_day": 20}
    return LoanAccount(**(made | changed))  # type: ignore[arg-type]


def drawn(**changed: object) -> PastWithdrawal:
    made: dict[str, object] = {
        "number": "TQ-20260928-001001", "day": date(2026, 9, 28), "code": "07", "title": "租房提取",
        "amount": Money.yuan(7_200), "interest": Money(0), "bank": "样例银行", "last4": "1234", "arrival": date(2026, 10, 9)}
    return PastWithdrawal(**(made | changed))  # type: ignore[arg-type]


# ------------------------------------------------------------------ my loan


def test_a_running_loan(kit: Kit, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    behind(kit, monkeypatch, loans=(lent(),))
    told = given("loan.look", kit.do("loan.look", facts))
    assert told.name == "running"
    assert (told.facts["loan_left"], told.facts["loan_due"]) == (Money.yuan(100_000), date(2026, 10, 20))
    assert told.facts["loan_time"] == "5年1个月"
    assert told.facts["more_loans"] == ""


def test_an_overdue_loan_and_a_second_one(kit: Kit, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    behind(kit, monkeypatch, loans=(lent(overdue=Money.parse("1755.84"), due_day=31), lent()))
    told = given("loan.look", kit.do("loan.look", facts))
    assert (told.name, told.facts["loan_overdue"], told.facts["loan_due"]) == ("overdue", Money.parse("1755.84"), date(2026, 10, 31))
    assert "另外的请问窗口" in str(told.facts["more_loans"])


@pytest.mark.parametrize(("loans", "name"), [((), "none"), ((lent(settled_on=date(2026, 9, 1), left=Money(0)),), "settled")])
def test_settled_or_none(kit: Kit, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch, loans: tuple[LoanAccount, ...],
                         name: str) -> None:
    behind(kit, monkeypatch, loans=loans)
    assert given("loan.look", kit.do("loan.look", facts)).name == name


# ------------------------------------------------------------------ deposits


def test_the_monthly_deposit(kit: Kit, facts: dict[str, object]) -> None:
    told = given("deposit.look", kit.do("deposit.look", facts))
    assert told.name == "paying"
    assert told.facts["monthly_deposit"] == Money.yuan(2_280)
    assert told.facts["monthly_own"] == told.facts["monthly_unit"] == Money.yuan(1_140)


def test_the_account_is_sealed(kit: Kit) -> None:
    assert kit.do("deposit.look", kit.identified("王样例")).name == "stopped"


# ------------------------------------------------------------------ where is it


@pytest.mark.parametrize(("past", "name"), [
    ((), "none"),
    ((drawn(),), "on_the_way"),
    ((drawn(arrival=TODAY),), "on_the_way"),                                  # the day itself is not over
    ((drawn(arrival=TODAY - timedelta(days=1)),), "late"),
    ((drawn(paid_on=date(2026, 9, 30)),), "arrived"),
    ((drawn(paid_on=date(2026, 9, 30)), drawn(arrival=date(2026, 9, 1))), "late"),   # what is late comes first
])
def test_progress(kit: Kit, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch, past: tuple[PastWithdrawal, ...],
                  name: str) -> None:
    behind(kit, monkeypatch, past=past, standing=Standing())
    assert given("progress.look", kit.do("progress.look", facts)).name == name


def test_one_that_is_being_worked_on(kit: Kit, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    behind(kit, monkeypatch, standing=Standing(in_progress="购房提取"))
    told = given("progress.look", kit.do("progress.look", facts))
    assert (told.name, told.facts["progress_title"], told.facts["decision_days"]) == ("in_progress", "购房提取", 3)


def test_everybody_of_the_demonstration_gets_an_answer(kit: Kit) -> None:
    for person in people():
        facts = kit.identified(person.name)
        for task in ("loan.look", "deposit.look", "progress.look"):
            given(task, kit.do(task, facts))


# ------------------------------------------------------------------ estimates


def test_three_plans_with_the_asked_one_large(kit: Kit) -> None:
    told = given("loan.plans", kit.do("loan.plans", {"amount": Money.yuan(800_000), "years": 20}))
    rows = told.facts["plans"]
    assert isinstance(rows, tuple)
    assert [row.label for row in rows] == ["分10年还", "分20年还", "分30年还"]
    assert rows[1] == Listed("分20年还", "每月 4,278.30 元", "利息一共 226,793.06 元", rows[1].bar, True,
                             "分二十年还，每月还四千二百七十八块三毛，利息一共大约二十二万七千块。")
    assert [round(sum(row.bar), 2) for row in rows] == [0.79, 0.89, 1.0]
    assert all(row.bar[0] == rows[0].bar[0] for row in rows)


def test_the_other_way_of_paying_back(kit: Kit) -> None:
    told = kit.do("loan.plans", {"amount": 800_000, "years": 20, "repay_kind": "linear"})
    row = told.facts["plans"][1]  # type: ignore[index]
    assert (row.value, row.words) == ("头一个月 5,066.67 元", "最后一月 3,340.56 元，利息 208,866.67 元")
    assert told.facts["kind_words"] == "先还得多，后还得少"


@pytest.mark.parametrize("amount", [Money.yuan(3), Money.yuan(200_000_000)])
def test_a_sum_that_cannot_be(kit: Kit, amount: Money) -> None:
    assert kit.do("loan.plans", {"amount": amount}).name == "odd"


def test_the_term_stays_within_what_the_city_lends_for(kit: Kit) -> None:
    assert kit.do("loan.plans", {"amount": Money.yuan(100_000), "years": 99}).facts["years"] == 30


def test_the_largest_loan_says_what_decided(kit: Kit) -> None:
    told = given("loan.largest", kit.do("loan.largest", {"price": Money.yuan(500_000), "couple": 1}))
    assert (told.facts["amount"], told.facts["reason"]) == (Money.yuan(400_000), "首付要自己出，贷款只能是剩下的。")
    assert kit.do("loan.largest", {"income": Money.yuan(1)}).name == "none"


def test_the_balance_counts_where_somebody_is_identified(kit: Kit) -> None:
    facts = kit.identified("黄测试")                                    # 31,415.92 × 15
    told = kit.do("loan.largest", facts)
    assert (told.facts["amount"], told.facts["reason"]) == (Money.yuan(471_000), "能贷多少，和账户里的余额有关系。")


def test_on_paper_once(kit: Kit) -> None:
    told = given("loan.paper", kit.do("loan.paper", {"amount": Money.yuan(800_000), "years": 20}, "key-1"))
    assert told.name == "printed"
    (paper, copies), = kit.printer.came_out
    assert copies == 1
    assert "4,278.30" in paper
    assert "5,066.67 到 3,340.56" in paper
    assert kit.do("loan.paper", {"amount": Money.yuan(800_000)}, "key-1").name == "failed"
    assert kit.journal.counts()["estimate.printed"] == 1


def test_no_paper(kit: Kit) -> None:
    kit.printer.script = (PrintState.PAPER_OUT, PrintState.FAILED)
    told = given("loan.paper", kit.do("loan.paper", {"amount": Money.yuan(800_000)}, "key-1"))
    assert (told.name, told.facts["print_trouble"]) == ("not_printed", "paper_out")


# ------------------------------------------------------------------ offers


def test_an_offer_comes_with_the_identification(kit: Kit) -> None:
    facts = kit.identified("王样例")
    assert facts["suggestion"] == "withdraw.retirement"
    assert facts["suggest_say"] == "退休的钱可以取了。"
    assert kit.identified("陈样本")["suggestion"] == ""


def test_no_answer_about_loans_is_no_offer(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The centre breaks off after the holder was found: the visit goes on without an offer."""
    asked: list[str] = []

    def breaks(holder_id: str) -> tuple[LoanAccount, ...]:
        asked.append(holder_id)
        kit.centre.faults = Faults(down=True)
        return kit.centre.withdrawals(holder_id)  # type: ignore[return-value]

    monkeypatch.setattr(kit.centre, "loans", breaks)
    assert kit.identified("王样例")["suggestion"] == ""
    assert asked
