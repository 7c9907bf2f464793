"""能 / 不能 / 需要窗口: the answer comes first, then the reason, then what to do (fund.md B2, answer style)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.fund.conditions import CHECKS, Case
from kiosk.fund.rules import CertificateRule, Condition, Rules, Source, WithdrawalRule


@dataclass(frozen=True)
class Verdict:
    """`condition` is the check that failed ('' when able), `reason` and `todo` are sentences for the visitor."""

    answer: Literal["able", "unable", "window"]
    source: Source
    condition: str = ""
    reason: str = ""
    todo: str = ""
    materials: tuple[str, ...] = ()

    @property
    def able(self) -> bool:
        return self.answer == "able"


def assess_withdrawal(kind: str, case: Case, rules: Rules) -> Verdict:
    """May this holder withdraw for this reason, today, at this machine? `kind` is an intent id (withdraw.*)."""
    rule = rules.withdrawals.get(kind)
    if rule is None or not rule.offered:
        return _verdict("window", "no_such_matter", rules, rules.regulation.source)
    if not rule.local and rule.ground not in rules.regulation.grounds:
        return _verdict("unable", "ground_not_in_force", rules, rules.regulation.source)
    return _assess(rule, case, rules)


def assess_certificate(kind: str, case: Case, rules: Rules) -> Verdict:
    """Can this machine print this certificate for this holder? `kind` is an intent id (certificate.*)."""
    rule = rules.certificates.get(kind)
    if rule is None:
        return _verdict("window", "no_such_matter", rules, rules.regulation.source)
    return _assess(rule, case, rules)


def _assess(rule: WithdrawalRule | CertificateRule, case: Case, rules: Rules) -> Verdict:
    for condition in rule.conditions:
        if failed := _failed(condition, case, rules, rule):
            return failed
    if rule.finish == "window":
        return _verdict("window", rule.window_reason, rules, rule.source, rule.materials, matter=rule.title)
    return Verdict("able", rule.source)


def _failed(condition: Condition, case: Case, rules: Rules, rule: WithdrawalRule | CertificateRule) -> Verdict | None:
    finding = CHECKS[condition.check](case)
    if finding.met or (finding.met is None and condition.unknown == "pass"):
        return None
    answer, reason = condition.otherwise, condition.reason
    if finding.met is None and condition.unknown != "pass":
        answer, reason = condition.unknown, condition.unknown_reason or condition.reason
    return _verdict(answer, reason, rules, rule.source, rule.materials, condition.check, **finding.words)


def _verdict(answer: Literal["unable", "window"], key: str, rules: Rules, source: Source,
             materials: tuple[str, ...] = (), condition: str = "", **words: str) -> Verdict:
    reason = rules.reasons[key]
    return Verdict(answer, source, condition or key, fill(reason.reason, words), fill(reason.todo, words),
                   materials if answer == "window" else ())


def fill(sentence: str, words: dict[str, str]) -> str:
    """Put words into {slots}; slots without a word are left out (never shown as braces)."""
    return sentence.format_map(_Blank(words))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
