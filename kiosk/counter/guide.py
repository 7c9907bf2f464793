"""Handing over well: what to bring for a matter and where it is got, which window, and the slip that says so.

Nobody need say who they are to be guided. What is handled with discretion (illness, hardship, a death) is marked `quiet`:
its papers are shown and printed, and named aloud on headphones only.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.counter.answers import ask, given
from kiosk.counter.desk import Desk, Printed, Progress
from kiosk.counter.papers import NO_FEE
from kiosk.fund.canonical import Plain
from kiosk.fund.eligibility import Verdict, guide_withdrawal
from kiosk.fund.errors import WorldError
from kiosk.fund.rules import CertificateRule, Material, WithdrawalRule
from kiosk.ports.tasks import Facts, Outcome

#: The reason for the window that is given for matters of illness, hardship and death (reasons.yaml).
DISCREET = "window_family"
#: Where a paper is got of which the rules say nothing.
ASK_THE_WINDOW = "到哪里拿，窗口能告诉您"
#: The sentence that names what to bring is said in one breath.
_MOST_SAID = 4


class Guide:
    """The tasks of guiding: no account is looked at, and nothing is kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def judge(self, facts: Facts) -> Outcome:
        """Before the list: one question at a time where the answer changes it, or a no that needs no account."""
        matter = str(facts["matter"])
        answers = given(facts, matter)
        verdict = self._verdict(matter, answers)
        if verdict.question:
            return ask(verdict.question, answers)
        if verdict.answer == "unable":
            return Outcome("unable", {"reason": verdict.reason, "todo": verdict.todo + verdict.note, "answers": answers,
                                      "rule_source": str(verdict.source)})
        return Outcome("fine", {"answers": answers, "rule_note": verdict.note})

    def _verdict(self, matter: str, answers: Mapping[str, str]) -> Verdict:
        return guide_withdrawal(matter, answers, self._desk.today(), self._desk.rules(), self._desk.book)

    def matter(self, facts: Facts) -> Outcome:
        """What to bring for a matter of the rules, by what was answered; "unknown" for everything else."""
        matter = str(facts["matter"])
        rule = self._rule(matter)
        if rule is None or not rule.materials:
            return Outcome("unknown")
        machine = self._desk.machine
        more = self._verdict(matter, given(facts, matter)).materials if isinstance(rule, WithdrawalRule) else ()
        materials = more or rule.materials
        items = tuple(self._item(name) for name in materials)
        return Outcome("guided", {
            "items": items, "materials": materials, "bring": _bring(items), "window": machine.window,
            "hours": machine.hours, "hotline": machine.hotline, "rule_source": str(rule.source),
            "quiet": 1 if rule.window_reason == DISCREET else 0,
        })

    def slip(self, facts: Facts, key: str, on_progress: Progress) -> Outcome:
        """引导条: which window, what to bring, why; what was checked off and what is missing, where it was asked."""
        desk, matter = self._desk, str(facts["matter"])
        if desk.journal.intent(key) is not None:
            raise WorldError("handed over already", "引导条刚才已经打过了。")
        fields: dict[str, object] = {
            "matter": self._title(matter), "reason": str(facts["reason"]), "todo": str(facts["todo"]),
            "window": str(facts.get("window") or desk.machine.window), "hours": desk.machine.hours,
            **_lists(facts), "rule_source": self._desk.as_of_today(str(facts.get("rule_source") or "")), "notice": NO_FEE,
            "advice": f"仅供参考，以窗口答复为准。有疑问请打 {desk.machine.hotline}。",
            **desk.heading("办事引导条"),
        }
        intent = desk.journal.intend(desk.now(), "handoff", key, {"matter": matter[:40]})
        document = desk.draw("handoff_slip", fields, f"handoff-{intent.seq}", enlarged=bool(facts.get("enlarged")))
        result = desk.print(document, "办事引导条", 1, on_progress)
        desk.journal.conclude(desk.now(), "handoff", key, {"matter": matter[:40], **without_copies(result)})
        return Outcome(result.outcome, result.facts(document))

    def _item(self, name: str) -> dict[str, object]:
        known = self._desk.rules().materials.get(name, Material(where=""))
        return {"material": known.said or name, "name": name, "where": known.where or ASK_THE_WINDOW,
                "optional": int(known.optional)}

    def _rule(self, matter: str) -> WithdrawalRule | CertificateRule | None:
        rules = self._desk.rules()
        return rules.withdrawals.get(matter) or rules.certificates.get(matter)

    def _title(self, matter: str) -> str:
        rule = self._rule(matter)
        return rule.title if rule else ("其他业务" if matter.isascii() else matter)


def _bring(items: tuple[dict[str, object], ...]) -> str:
    """ "请带您的身份证、房产证。有装修发票的也带上。" in sentences that can be said in one breath."""
    needed = [str(item["material"]) for item in items if not item["optional"]]
    perhaps = [str(item["material"]) for item in items if item["optional"]]
    said = ""
    for first in range(0, len(needed), _MOST_SAID):
        said += ("还有" if first else "请带上") + "、".join(needed[first:first + _MOST_SAID]) + "。"
    return said + (f"有{'、'.join(perhaps)}的，也带上。" if perhaps else "")


def _lists(facts: Facts) -> dict[str, object]:
    """The three lists of the slip: what is to be brought; or, where it was checked, what is there and what is missing."""
    if "missing" not in facts:
        materials = facts.get("materials") or ()
        names = [str(item) for item in materials] if isinstance(materials, (list, tuple)) else []
        return {"materials": names, "have": [], "missing": []}
    return {"materials": [], "have": [str(item["name"]) for item in _items(facts["have"])],
            "missing": [f"{item['name']}：{item['where']}" for item in _items(facts["missing"])]}


def _items(fact: object) -> list[Mapping[str, object]]:
    return [item for item in fact if isinstance(item, Mapping)] if isinstance(fact, (list, tuple)) else []


def without_copies(result: Printed) -> dict[str, Plain]:
    return {name: value for name, value in result.record().items() if name != "copies"}
