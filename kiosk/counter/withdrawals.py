"""Withdrawals: may it be done, which card, book it exactly once, hand out a slip.

The way of the money: intent on disk -> order to the centre under the same key -> result on disk. Whatever interrupts
this, the intent stands without a result, and `reconcile` asks the centre to close the key: then it is booked, refused
or void for good, and the journal is told. Nothing is ever sent under a new key before all old ones are settled.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

from kiosk.counter.answers import ask, given
from kiosk.counter.desk import Desk, Printed, Progress
from kiosk.counter.identify import holder_in
from kiosk.counter.papers import NO_FEE
from kiosk.fund.account import BankCard
from kiosk.fund.allowance import months_words
from kiosk.fund.canonical import Plain
from kiosk.fund.conditions import Case
from kiosk.fund.eligibility import Verdict, assess_withdrawal
from kiosk.fund.errors import WorldError
from kiosk.fund.identity import CardError, CardNumber
from kiosk.fund.journal import Record
from kiosk.fund.money import Money
from kiosk.fund.month import chinese_date
from kiosk.fund.rules import WithdrawalRule
from kiosk.fund.withdrawal import Answer, Booking, Order, Quote, Refusal, quote_whole
from kiosk.ports.gateway import GatewayError, GatewayRefusedError, GatewayUnreachableError
from kiosk.ports.journal_store import JournalError
from kiosk.ports.tasks import Facts, Outcome

log = logging.getLogger(__name__)

NUMBERS = "TQ"


@dataclass(frozen=True)
class _Plan:
    """A withdrawal as the visitor has confirmed it."""

    kind: str
    rule: WithdrawalRule
    case: Case
    quote: Quote
    card: BankCard
    next_time: str

    @property
    def left(self) -> Money:
        """What stays in the account."""
        return self.case.account.balance - self.quote.principal


class Withdrawals:
    """The withdrawal tasks. Keeps the slips of this visit."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._slips: dict[str, dict[str, object]] = {}
        self._outcomes: dict[str, Outcome] = {}

    def forget(self) -> None:
        self._slips.clear()
        self._outcomes.clear()

    def assess(self, facts: Facts) -> Outcome:
        """able, limited, ask, unable or window: see the catalogue."""
        kind = str(facts["withdraw_kind"])
        answers = given(facts, kind)
        case = self._desk.case(holder_in(facts), answers)
        verdict = self._verdict(kind, case)
        told: dict[str, object] = {"rule_source": str(verdict.source), "answers": answers}
        if verdict.question:
            return ask(verdict.question, answers)
        if verdict.able:
            quote = self._whole(case)
            return Outcome("able", {"principal": quote.principal, "interest": quote.interest, "total": quote.total,
                                    "closes_account": self._desk.rules().withdrawals[kind].closes_account,
                                    "rule_note": verdict.note, **told})
        if verdict.allowance:
            found = verdict.allowance
            return Outcome("limited", {"limit": found.limit, "suggested": found.limit, "limit_why": verdict.why + verdict.note,
                                       "months_covered": months_words(found.months),
                                       "next_day": found.next_day or "", **told})
        told |= {"reason": verdict.reason, "todo": verdict.todo + verdict.note}
        if verdict.answer == "window":
            told |= {"window": self._desk.machine.window, "materials": verdict.materials}
        return Outcome(verdict.answer, told)

    def amount(self, facts: Facts) -> Outcome:
        """Does the sum that the visitor wants fit under the limit? A part of the balance earns no interest now. Where only
        whole yuan are paid, the fen stay in the account."""
        limit, wanted = facts["limit"], _money(facts["amount"])
        rule = self._desk.rules().withdrawals.get(str(facts.get("withdraw_kind")))
        if wanted is not None and rule is not None and rule.round_to == "yuan":
            wanted = Money(wanted.fen - wanted.fen % 100)
        if not isinstance(limit, Money):
            raise TypeError("the fact limit is Money")
        if wanted is None or wanted.fen <= 0:
            return Outcome("too_little")
        if wanted > limit:
            return Outcome("too_much")
        return Outcome("ok", {"principal": wanted, "interest": Money(0), "total": wanted})

    def cards(self, facts: Facts) -> Outcome:
        """The holder's own cards that money may go to."""
        known = self._desk.gateway.cards(holder_in(facts).id)
        usable = tuple({"id": card.id, "bank": card.bank, "last4": card.number.last4, "first_class": card.first_class}
                       for card in known if self._objection(card) is None)
        if usable:
            return Outcome("some", {"cards": usable})
        return Outcome("none", self._told(self._objection(known[0]) or "no_card" if known else "no_card"))

    def _objection(self, card: BankCard) -> str | None:
        """Why money cannot go to this card (a key of reasons.yaml): a number that cannot be, a credit card, not first
        class."""
        banks = self._desk.rules().banks
        issuer = next((bank for first, bank in banks.items() if card.number.clear.startswith(first)), None)
        try:
            CardNumber.parse(card.number.clear)
        except CardError:
            return "no_card"
        if issuer and issuer.kind == "credit":
            return "card_not_debit"
        if issuer and len(card.number.clear) not in issuer.digits:
            return "no_card"
        return None if card.first_class else "no_first_class_card"

    def _verdict(self, kind: str, case: Case) -> Verdict:
        return assess_withdrawal(kind, case, self._desk.rules(), self._desk.book)

    # ---------------------------------------------------------------- booking

    def book(self, facts: Facts, key: str) -> Outcome:
        if self._desk.journal.intent(key) is not None:
            return self._again(key)
        if self.reconcile():
            raise GatewayUnreachableError("an earlier order must be settled first")
        plan = self._plan(facts)
        if isinstance(plan, Outcome):
            return plan
        intent = self._intend(plan, key)
        number = str(intent.facts["number"])
        outcome = self._send(plan, key, number)
        if outcome.name != "refused":
            self._slips[number] = self._slip(plan, outcome, number)
        self._outcomes[key] = outcome
        return outcome

    def _plan(self, facts: Facts) -> _Plan | Outcome:
        """Everything checked anew, because the visitor may have taken a while."""
        desk, kind, holder = self._desk, str(facts["withdraw_kind"]), holder_in(facts)
        case = desk.case(holder, given(facts, kind))
        verdict = self._verdict(kind, case)
        if verdict.answer in ("unable", "window"):
            return Outcome("refused", {"reason": verdict.reason, "todo": verdict.todo})
        quote = self._quote(verdict, case, facts["total"])
        if quote is None:
            return Outcome("refused", self._told("centre_changed"))
        card = next((card for card in desk.gateway.cards(holder.id) if card.id == facts["card_id"]), None)
        if card is None or self._objection(card):
            return Outcome("refused", self._told("centre_card"))
        rule = desk.rules().withdrawals[kind]
        return _Plan(kind, rule, case, quote, card, self._next_time(rule, verdict))

    def _quote(self, verdict: Verdict, case: Case, total: object) -> Quote | None:
        """What the visitor has confirmed, if it still stands: the whole balance, or a part within the limit."""
        if verdict.able:
            quote = self._whole(case)
            return quote if total == quote.total else None
        found = verdict.allowance
        fits = found is not None and isinstance(total, Money) and 0 < total.fen <= found.limit.fen
        return Quote(total, Money(0)) if fits and isinstance(total, Money) else None

    @staticmethod
    def _next_time(rule: WithdrawalRule, verdict: Verdict) -> str:
        """下次可提取日期, as it stands on the slip."""
        day = verdict.allowance.next_day if verdict.allowance else None
        return f"{chinese_date(day)}起" if day else rule.next_time

    def _intend(self, plan: _Plan, key: str) -> Record:
        def make(number: str) -> dict[str, Plain]:
            return {"number": number, "withdrawal": plan.kind, "fen": plan.quote.total.fen,
                    "closes": plan.rule.closes_account, "machine": self._desk.machine.number}

        desk = self._desk
        return desk.journal.number(desk.now(), "withdrawal", key, NUMBERS, desk.machine.number, make)

    def _send(self, plan: _Plan, key: str, number: str) -> Outcome:
        holder = plan.case.holder
        order = Order(key, number, holder.id, plan.card.id, plan.kind, plan.rule.code, plan.rule.title,
                      plan.case.account.balance, plan.quote.principal, plan.quote.interest, plan.rule.closes_account, self._desk.now(), self._desk.machine.number)
        try:
            answer = self._desk.gateway.submit(order)
        except GatewayRefusedError:
            answer = Answer(Booking.VOID)
        except GatewayUnreachableError:
            answer = self._closed(key)
        except Exception:  # ours, and the order may be on its way: never "nothing was done" by accident
            log.exception("an order broke on its way")
            answer = Answer(Booking.UNKNOWN)
        self._conclude(key, number, answer)
        return self._outcome(answer, number, plan.card)

    def _closed(self, key: str) -> Answer:
        """What became of an order whose answer was lost; UNKNOWN while the centre cannot be reached."""
        try:
            return self._desk.gateway.close(key)
        except GatewayError:
            return Answer(Booking.UNKNOWN)

    def _outcome(self, answer: Answer, number: str, card: BankCard) -> Outcome:
        if answer.booking is Booking.ACCEPTED:
            return Outcome("booked", {"receipt_number": number, "arrival_date": answer.arrival or self._desk.today(),
                                      "hotline": self._desk.machine.hotline, "paid_total": answer.paid or Money(0),
                                      "bank": card.bank, "last4": card.number.last4})
        if answer.booking is Booking.REFUSED:
            return Outcome("refused", self._told(f"centre_{answer.refusal.value}"))
        if answer.booking is Booking.VOID:
            raise GatewayUnreachableError("the order never arrived")
        return Outcome("unclear", {"receipt_number": number, "hotline": self._desk.machine.hotline})

    def _again(self, key: str) -> Outcome:
        """The same deed asked for twice: what came of it, never a second order."""
        if key in self._outcomes and self._outcomes[key].name != "unclear":
            return self._outcomes[key]
        self.reconcile()
        intent, result = self._desk.journal.intent(key), self._desk.journal.result(key)
        number = str(intent.facts["number"]) if intent else ""
        if result is None:
            return Outcome("unclear", {"receipt_number": number, "hotline": self._desk.machine.hotline})
        told = result.facts
        if told["state"] == "booked":
            return Outcome("booked", {"receipt_number": number, "hotline": self._desk.machine.hotline,
                                      "arrival_date": date.fromisoformat(str(told["arrival"])),
                                      "paid_total": Money(int(told["fen"])), "bank": "", "last4": ""})
        if told["state"] == "refused":
            return Outcome("refused", self._told(f"centre_{told.get('refusal', Refusal.OTHER.value)}"))
        raise GatewayUnreachableError("the order never arrived")

    # ---------------------------------------------------------------- settling

    def reconcile(self) -> int:
        """Settle every order whose end is unknown; how many are still open. Run it at start and now and then."""
        still_open = 0
        for intent in self._desk.journal.pending():
            if intent.kind != "withdrawal":
                continue
            answer = self._closed(intent.key)
            if answer.booking is Booking.UNKNOWN:
                still_open += 1
                continue
            self._conclude(intent.key, str(intent.facts["number"]), answer, reconciled=True)
        if still_open:
            log.info("orders not settled yet", extra={"count": still_open})
        return still_open

    def _conclude(self, key: str, number: str, answer: Answer, reconciled: bool = False) -> None:
        if answer.booking is Booking.UNKNOWN:
            return
        state = {Booking.ACCEPTED: "booked", Booking.REFUSED: "refused"}.get(answer.booking, "void")
        told: dict[str, Plain] = {"number": number, "state": state}
        if answer.booking is Booking.ACCEPTED:
            told |= {"fen": answer.paid.fen if answer.paid else 0, "centre_number": answer.centre_number,
                     "arrival": (answer.arrival or self._desk.today()).isoformat()}
        if answer.booking is Booking.REFUSED:
            told |= {"refusal": answer.refusal.value}
        if reconciled:
            told |= {"reconciled": True}
        try:
            self._desk.journal.conclude(self._desk.now(), "withdrawal", key, told)
        except JournalError:
            # What the centre has done stands; the intent stays open and the next reconcile writes its result.
            log.error("the result of an order could not be written")

    # ---------------------------------------------------------------- papers

    def slip(self, facts: Facts, key: str, on_progress: Progress) -> Outcome:
        desk, number = self._desk, str(facts["receipt_number"])
        fields = self._slips.get(number)
        if fields is None or desk.journal.intent(key) is not None:
            raise WorldError("no slip", "回执的内容已经清掉了，请记下回执编号，到窗口补一张。")
        desk.journal.intend(desk.now(), "slip", key, {"number": number})
        document = desk.draw("withdrawal_slip", {**fields, **desk.heading("提取回执")}, number,
                             enlarged=bool(facts.get("enlarged")))
        result = desk.print(document, f"提取回执 {number}", 1, on_progress)
        desk.journal.conclude(desk.now(), "slip", key, {"number": number, **_without_copies(result)})
        return Outcome(result.outcome, result.facts(document))

    def _slip(self, plan: _Plan, outcome: Outcome, number: str) -> dict[str, object]:
        booked, holder, quote = outcome.name == "booked", plan.case.holder, plan.quote
        now, hotline = self._desk.now(), self._desk.machine.hotline
        arrival = outcome.facts.get("arrival_date")
        return {
            "number": number, "status": "已受理" if booked else "正在核实，请以中心答复为准",
            "kind": plan.rule.title, "extent": "全部提取并销户" if plan.rule.closes_account else "部分提取",
            "name_masked": holder.name.masked, "id_masked": holder.id_number.masked,
            "account_masked": plan.case.account.number.masked,
            "principal": str(quote.principal), "interest": str(quote.interest), "total": str(quote.total),
            "total_capital": quote.total.capital, "balance_after": str(plan.left) if booked else "",
            "bank": plan.card.bank, "card_masked": plan.card.number.masked,
            "booked_at": f"{chinese_date(now.date())} {now:%H:%M}",
            "arrival": f"{chinese_date(arrival)}前" if isinstance(arrival, date) else "",
            "next_time": plan.next_time if booked else "", "notice": NO_FEE,
            "rule_source": self._desk.as_of_today(str(plan.rule.source)),
            "advice": f"到时候没有收到钱，请拿这张回执打 {hotline}，或者到窗口。" if booked
                      else f"没有问清楚以前请不要再办一次。可以拿这张回执打 {hotline}。",
        }

    def _whole(self, case: Case) -> Quote:
        interest = self._desk.rules().interest
        entries = self._desk.gateway.entries(case.holder.id, interest.last_settlement(case.today))
        return quote_whole(case.account, entries, interest, case.today)

    def _told(self, key: str) -> dict[str, object]:
        reason = self._desk.rules().reasons[key]
        return {"reason": reason.reason, "todo": reason.todo}


def _money(wanted: object) -> Money | None:
    """A sum as it comes out of speech and pads: Money, whole yuan, or figures."""
    if isinstance(wanted, Money):
        return wanted
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        return Money.yuan(wanted)
    try:
        return Money.parse(str(wanted))
    except ValueError:
        return None


def _without_copies(result: Printed) -> dict[str, Plain]:
    return {name: value for name, value in result.record().items() if name != "copies"}
