"""What a loan would cost and how much could be borrowed: for everybody, identified or not. Estimates, and said to be."""

from __future__ import annotations

from kiosk.counter.desk import Desk, Progress
from kiosk.counter.papers import NO_FEE
from kiosk.fund import estimate
from kiosk.fund.account import Holder, Repayment
from kiosk.fund.errors import WorldError
from kiosk.fund.estimate import Applicant, Plan, Repaying
from kiosk.fund.money import Money
from kiosk.fund.rules import LoanRates
from kiosk.ports.tasks import Facts, Listed, Outcome

#: Loans that are worth an estimate; anything else was misheard or mistyped.
LEAST, MOST = Money.yuan(1_000), Money.yuan(100_000_000)

#: The fact repay_kind: which way of paying back is shown first.
KINDS = {Repayment.ANNUITY: "每个月还一样多", Repayment.LINEAR: "先还得多，后还得少"}


class Estimates:
    """The estimating tasks. Nothing is kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def plans(self, facts: Facts) -> Outcome:
        """Three terms side by side, in the way of paying back that the visitor wants to see."""
        amount = _sum(facts["amount"])
        if not LEAST <= amount <= MOST:
            return Outcome("odd")
        kind = _kind(facts)
        plans = self._plans(amount, facts)
        most = max(plan.principal + _way(plan, kind).interest for plan in plans)
        asked = self._years(facts)
        rows = tuple(_listed(plan, kind, most, plan.years == asked) for plan in plans)
        return Outcome("ready", {"plans": rows, "loan_amount": amount, "kind_words": KINDS[kind], "years": asked})

    def largest(self, facts: Facts) -> Outcome:
        """min(cap, formula, income, price − down payment) of what is known."""
        rules, years = self._desk.rules(), self._years(facts)
        asks = Applicant(price=_known(facts, "price"), income=_known(facts, "income"), balance=self._balance(facts),
                         couple=bool(facts.get("couple")))
        found = estimate.largest_loan(asks, years, rules.loan_limits, rules.loan_rates, self._desk.today())
        if found is None or found.amount < LEAST:
            told = rules.reasons["loan_unknown" if found is None else "loan_nothing"]
            return Outcome("none", {"reason": told.reason, "todo": told.todo})
        why = rules.reasons[f"loan_{found.because}"]
        return Outcome("found", {"amount": found.amount, "reason": why.reason, "todo": why.todo,
                                 "rule_source": str(rules.loan_limits.source)})

    def print(self, facts: Facts, key: str, on_progress: Progress) -> Outcome:
        """The three plans on paper, both ways of paying back side by side."""
        desk, amount = self._desk, _sum(facts["amount"])
        if desk.journal.intent(key) is not None:
            raise WorldError("printed already", "这张单子刚才已经打过了。")
        rates: LoanRates = desk.rules().loan_rates
        plans = self._plans(amount, facts)
        source = rates.rate_on(desk.today(), plans[-1].years).source
        fields: dict[str, object] = {
            "amount": str(amount), "amount_capital": amount.capital,
            "plans": [line for plan in plans for line in _lines(plan)],
            "rule_source": str(source), "notice": NO_FEE,
            "advice": "按首套住房的利率算。能不能贷、贷多少，由中心审批。",
            **desk.heading("贷款估算单"),
        }
        intent = desk.journal.intend(desk.now(), "estimate", key, {})
        document = desk.draw("loan_estimate", fields, f"estimate-{intent.seq}", enlarged=bool(facts.get("enlarged")))
        result = desk.print(document, "贷款估算单", 1, on_progress)
        desk.journal.conclude(desk.now(), "estimate", key, {"state": result.outcome, "trouble": result.trouble})
        return Outcome(result.outcome, result.facts(document))

    def _plans(self, amount: Money, facts: Facts) -> tuple[Plan, ...]:
        rules, today = self._desk.rules(), self._desk.today()
        terms = estimate.terms_around(self._years(facts), rules.loan_limits.longest_years)
        return tuple(estimate.plan(amount, years, rules.loan_rates, today) for years in terms)

    def _years(self, facts: Facts) -> int:
        """The term asked for, within what the city lends for."""
        asked, longest = facts.get("years"), self._desk.rules().loan_limits.longest_years
        return min(max(asked, 1), longest) if isinstance(asked, int) else longest

    def _balance(self, facts: Facts) -> Money | None:
        holder = facts.get("holder")
        return self._desk.gateway.account(holder.id).balance if isinstance(holder, Holder) else None


def _listed(plan: Plan, kind: Repayment, most: Money, asked: bool) -> Listed:
    way, term = _way(plan, kind), f"分{plan.years}年还"
    said = f"分{Money.yuan(plan.years).spoken.removesuffix('块')}年还"
    interest = f"利息一共 {way.interest}"
    bar = (plan.principal.fen / most.fen, way.interest.fen / most.fen)
    if kind is Repayment.ANNUITY:
        return Listed(term, f"每月 {way.first}", interest, bar, asked,
                      f"{said}，每月还{way.first.spoken}，利息一共{_round(way.interest)}。")
    return Listed(term, f"头一个月 {way.first}", f"最后一月 {way.last}，利息 {way.interest}", bar, asked,
                  f"{said}，头一个月还{way.first.spoken}，以后一月比一月少。利息一共{_round(way.interest)}。")


def _lines(plan: Plan) -> list[list[str]]:
    """Two lines of the table on paper: one way of paying back, then the other."""
    level, falling = plan.annuity, plan.linear
    return [[f"{plan.years} 年", f"{plan.percent}%", "每月一样多", level.first.figures, level.interest.figures],
            ["", "", "先多后少", f"{falling.first.figures} 到 {falling.last.figures}", falling.interest.figures]]


def _round(sum_: Money) -> str:
    """大约二十二万七千块: nobody keeps the fen of twenty years' interest in mind. Nearest thousand from 10,000 on."""
    if sum_ < Money.yuan(10_000):
        return sum_.spoken
    return "大约" + Money((sum_.fen + 50_000) // 100_000 * 100_000).spoken


def _way(plan: Plan, kind: Repayment) -> Repaying:
    return plan.annuity if kind is Repayment.ANNUITY else plan.linear


def _kind(facts: Facts) -> Repayment:
    return Repayment(str(facts.get("repay_kind") or Repayment.ANNUITY.value))


def _sum(fact: object) -> Money:
    """A sum that was said or typed (Money), or that stands on a button (whole yuan)."""
    if isinstance(fact, Money):
        return fact
    if isinstance(fact, int):
        return Money.yuan(fact)
    raise TypeError("a sum is Money or whole yuan")


def _known(facts: Facts, name: str) -> Money | None:
    return _sum(facts[name]) if facts.get(name) else None
