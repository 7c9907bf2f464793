"""The tasks of the counter: outcomes (a closed set) and the facts each outcome puts into the session.

Flows are checked against this table. Every task can also end with "failed" (the world's fault: the centre or a
device cannot be reached; nothing has been done). Facts: money is kiosk.fund.money.Money, dates are datetime.date, the
rest str, int or bool; anything that identifies a person is a masking type or already masked.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """`takes` are the facts that must be in the session; `gives` maps outcome to the facts it adds; `once` marks
    tasks that move money or print, `money` those that move money and so need an explicit yes; `progress` names what may
    be reported on the way."""

    takes: tuple[str, ...]
    gives: dict[str, tuple[str, ...]]
    once: bool = False
    progress: tuple[str, ...] = ()
    money: bool = False


_ACCOUNT = ("holder", "name_masked", "surname", "account_masked", "state", "state_words", "balance", "employer",
            "monthly_deposit", "paid_until", "opened_on")
#: What may be offered once (an intent and two sentences), '' for nothing.
_SUGGESTION = ("suggestion", "suggest_say", "suggest_why")
_LOAN = ("loan_left", "loan_monthly", "loan_due", "loan_time", "loan_amount", "lent_on", "more_loans")
_DEPOSIT = ("monthly_deposit", "monthly_unit", "monthly_own", "deposit_base", "paid_until", "opened_on", "state_words")
_PROGRESS = ("progress_title", "progress_amount", "applied_on", "arrival_date", "bank", "last4", "receipt_number")
_PRINTING = ("waiting", "printing", "paper_out", "jam", "cover_open", "stopped", "unreachable")
_PRINT_GIVES = {
    "printed": ("copies_printed",),      # job-state completed
    "not_printed": ("print_trouble",),   # sentence key of what happened; the document is kept for a reprint
}

TASKS: dict[str, Task] = {
    # ------------------------------------------------ who is it
    # The card that lies in the reader (fact "card", an IdCard).
    "identity.by_card": Task(("card",), {"found": (*_ACCOUNT, *_SUGGESTION), "unknown": (), "expired": (), "unreadable": ()}),
    # A number typed on the keypad (fact "typed_number", an IdNumber or str): checksum, date, then the centre.
    # A typed number alone proves nothing, so the six-digit query password is asked next.
    "identity.by_number": Task(("typed_number",), {"password": (), "wrong_number": ("hint",), "unknown": ()}),
    "identity.by_password": Task(("typed_number", "typed_password"),
                                 {"found": (*_ACCOUNT, *_SUGGESTION), "wrong": ("tries_left",), "locked": ()}),
    # ------------------------------------------------ balance
    "account.look": Task(("holder",), {"shown": ("balance", "interest_so_far", "monthly_deposit", "paid_until",
                                                "state", "state_words", "as_of")}),
    # ------------------------------------------------ certificates
    # fact certificate_kind: id such as certificate.deposit. `subjects` is what it can be about (an earlier withdrawal, a
    # loan, a period), at least one: {"subject", "what", "shown", "said"}, all empty where there is nothing to choose.
    "certificate.check": Task(("holder", "certificate_kind"),
                              {"able": ("certificate_title", "valid_days", "subjects"), "unable": ("reason", "todo"),
                               "window": ("reason", "todo")}),
    # Draws the paper (not yet numbered). Also fact `subject` (chosen) or `period` (said; see kiosk.fund.period), for
    # print, too. `more_pages`: how many pages where there is more than one, '' otherwise. nothing: no such
    # subject, or no such period.
    "certificate.preview": Task(("holder", "certificate_kind", "enlarged"),
                                {"ready": ("preview_image", "preview_rows", "pages", "more_pages"), "nothing": ()}),
    # Numbers, signs, journals and prints. Facts copies, enlarged.
    "certificate.print": Task(("holder", "certificate_kind", "copies", "enlarged"),
                              {"printed": ("certificate_number", "verify_code", "document", "copies_printed"),
                               "not_printed": ("certificate_number", "verify_code", "document", "print_trouble")},
                              once=True, progress=_PRINTING),
    # The same document again, marked 补打 第n次 (after "did it come out?" - no).
    "certificate.reprint": Task(("certificate_number",), {"printed": ("document", "copies_printed"),
                                                          "not_printed": ("document", "print_trouble")},
                                once=True, progress=_PRINTING),
    # ------------------------------------------------ withdrawals
    # fact withdraw_kind: id such as withdraw.retirement; also question_id and answer (of the question just answered) and
    # answers (what was answered before; every outcome gives the new one). rule_note is a sentence, or ''.
    "withdrawal.assess": Task(("holder", "withdraw_kind"),
                              {"able": ("principal", "interest", "total", "closes_account", "rule_source", "rule_note",
                                        "answers"),
                               # part of the balance: the most that may be taken now, and when again
                               "limited": ("limit", "limit_why", "months_covered", "next_day", "suggested",
                                           "rule_source", "answers"),
                               # question_options: ({"id", "label", "words": other ways to say it}, ...)
                               "ask": ("question_id", "question", "question_options", "answers"),
                               "unable": ("reason", "todo", "rule_source", "answers"),
                               "window": ("reason", "todo", "window", "materials", "rule_source", "answers")}),
    # How much of it: amount is Money, or yuan as a number or text. `book` then takes `total`.
    "withdrawal.amount": Task(("limit", "amount"), {"ok": ("principal", "interest", "total"), "too_much": (),
                                                    "too_little": ()}),
    # cards: tuple of BankCard-like dicts {"id", "bank", "last4", "first_class"}; only the holder's own.
    "withdrawal.cards": Task(("holder",), {"some": ("cards",), "none": ("reason", "todo")}),
    # facts card_id: the chosen card; answers (as given by assess). Books the payment exactly once.
    "withdrawal.book": Task(("holder", "withdraw_kind", "card_id", "total"),
                            {"booked": ("receipt_number", "arrival_date", "hotline", "paid_total", "bank", "last4"),
                             "refused": ("reason", "todo"),
                             # the centre did not answer: the money may or may not be booked; it is looked up later
                             "unclear": ("receipt_number", "hotline")},
                            once=True, money=True),
    "withdrawal.slip": Task(("receipt_number",), {k: (*v, "document") for k, v in _PRINT_GIVES.items()},
                            once=True, progress=_PRINTING),
    # ------------------------------------------------ loans and enquiries
    # Three terms compared. amount: Money, or whole yuan; also years, repay_kind (annuity, linear).
    "loan.plans": Task(("amount",), {"ready": ("plans", "loan_amount", "kind_words", "years"), "odd": ()}),
    # How much could be borrowed; also price, income, couple, years, and holder where somebody is identified.
    "loan.largest": Task((), {"found": ("amount", "reason", "todo", "rule_source"),
                              "none": ("reason", "todo")}),
    "loan.paper": Task(("amount",), {k: (*v, "document") for k, v in _PRINT_GIVES.items()}, once=True,
                       progress=_PRINTING),
    # The visitor's own loan. more_loans is a sentence, '' where there is one loan only.
    "loan.look": Task(("holder",), {"running": _LOAN, "overdue": (*_LOAN, "loan_overdue"), "settled": ("settled_on",),
                                    "none": ()}),
    "deposit.look": Task(("holder",), {"paying": _DEPOSIT, "stopped": _DEPOSIT}),
    "progress.look": Task(("holder",), {"on_the_way": _PROGRESS, "late": _PROGRESS, "arrived": _PROGRESS,
                                        "in_progress": ("progress_title", "decision_days"), "none": ()}),
    # ------------------------------------------------ handing over to a person
    # May it be, as far as that can be told without an account, and which list? question_id, answer, answers as for assess.
    "matter.judge": Task(("matter",), {"fine": ("answers", "rule_note"),
                                       "ask": ("question_id", "question", "question_options", "answers"),
                                       "unable": ("reason", "todo", "rule_source", "answers")}),
    # What to bring for a matter of the rules, without asking who it is (also answers, of judge or assess). items: tuple of {"material" as it is asked for,
    # "name" as it is written, "where" it is got, "optional"}; bring: sentences that name them; quiet: 1 where
    # they may not be named aloud in the hall.
    "matter.guide": Task(("matter",), {"guided": ("items", "materials", "bring", "window", "hours", "hotline",
                                                  "rule_source", "quiet"), "unknown": ()}),
    # facts reason, todo, window, materials (when known) and matter; have, missing: items that were checked off.
    "handoff.slip": Task(("matter", "reason", "todo"), {k: (*v, "document") for k, v in _PRINT_GIVES.items()},
                         once=True, progress=_PRINTING),
    # ------------------------------------------------ voices of the public
    # face: good, fair or poor. Counted without a name; nobody waits for it.
    "feedback.rate": Task(("face",), {"counted": ()}),
    # complaint_kind: complaint, suggestion, objection; also spoken, the visitor's words where they are to be kept.
    "complaint.file": Task(("complaint_kind",), {k: (*v, "document", "complaint_number", "complaint_reply")
                                                 for k, v in _PRINT_GIVES.items()}, once=True, progress=_PRINTING),
    # ------------------------------------------------ questions (kiosk.counter.knowledge)
    # article: id of a question of assets/knowledge. head is the first sentence of the answer, rest what follows ('' if nothing); go the
    # intent that doing it begins, bring the matter whose papers can be printed (both '' if none); topic what is
    # talked about from now on. example_rows: (label, value) worked out from the account, or for a sample person where
    # nobody is identified; example_said is fit for the hall. Also holder.
    "knowledge.answer": Task(("article",), {
        "answer": ("title", "head", "rest", "example_rows", "example_said", "official", "source_title", "source_day",
                   "source_sure", "go", "bring", "topic"),
        # it depends: choices ({"id", "title"}, ...) of questions to go on with
        "which": ("title", "head", "choices", "topic"), "unknown": ()}),
    "knowledge.subjects": Task((), {"listed": ("subjects",)}),
    "knowledge.list": Task(("subject",), {"listed": ("choices",), "unknown": ()}),
    # ------------------------------------------------ 预检 with a camera (kiosk.counter.precheck): no acceptance
    # `looks` names the papers that can be looked at. Where the visitor has checked off what is there (fact have), only those.
    "precheck.begin": Task(("matter",), {"ready": ("looks",), "nothing": (), "no_device": ()}),
    # The visitor's yes to pictures. page: what to lay down first, '' when there is nothing.
    "precheck.agree": Task(("matter",), {"noted": ("page",)}),
    # looked: the page that was judged, seen: what lies there instead; page: what to lay down next, '' when that was all.
    "precheck.look": Task((), {"good": ("looked", "page"), "expired": ("looked", "page"), "given_up": ("looked", "page"),
                               "somebody_else": ("looked", "page"), "wrong_one": ("seen", "page"), "dark": ("page",),
                               "blurred": ("page",), "nothing": ("page",), "unreadable": ("page",), "busy": ("page",),
                               "no_device": ("page",)}),
    "precheck.skip": Task((), {"skipped": ("page",)}),
    # precheck_rows: (paper, outcome); have, missing: as handoff.slip prints them.
    "precheck.result": Task((), {k: ("precheck_rows", "have", "missing") for k in ("complete", "lacking")}),
    "precheck.stop": Task((), {"stopped": ()}),
}
