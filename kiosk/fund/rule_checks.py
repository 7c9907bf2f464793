"""What the schema cannot see in the rules of withdrawals: names that must exist, sums that must be sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from kiosk.fund.conditions import CHECKS, FACTS, PROPERTY, REGULATION, WORDS
from kiosk.fund.errors import DataError
from kiosk.fund.money import Money
from kiosk.fund.rule_limits import Amount, Test, Tier, When, relation

if TYPE_CHECKING:
    from kiosk.fund.rules import Condition, Rules, WithdrawalRule

MOST_OPTIONS = 4


def check_withdrawals(rules: Rules, day: date) -> None:
    """Raises DataError for the first thing that is wrong with withdrawals, questions and shared checks on `day`."""
    for name, shared in rules.checks.items():
        check_conditions(f"checks.{name}", shared.conditions, rules)
        _check_reasons(f"checks.{name}", (one.reason for one in shared.conditions), rules, day)
    event = rules.questions.get("event_date")
    if event is None or {option.id for option in event.options} != {"since", "before", "between"}:
        raise DataError("questions.event_date", "要有 since、before、between 三种说法。")
    for name, question in rules.questions.items():
        ids = [option.id for option in question.options]
        if not 2 <= len(ids) <= MOST_OPTIONS or len(set(ids)) != len(ids):
            raise DataError(f"questions.{name}.options", f"答案要有 2 到 {MOST_OPTIONS} 个，id 不能重复。")
    for kind, rule in rules.withdrawals.items():
        _check_withdrawal(f"withdrawals.{kind}", rule, rules, day)


def check_conditions(where: str, conditions: tuple[Condition, ...], rules: Rules) -> None:
    """Each condition is one thing that exists, and says what to tell when it is not so."""
    for condition in conditions:
        named = [bool(condition.check), bool(condition.when), bool(condition.use)]
        if sum(named) != 1:
            raise DataError(f"{where}.conditions", "每一条写 check、when、use 里的一个，不多也不少。")
        if condition.use:
            if condition.use not in rules.checks:
                raise DataError(f"{where}.conditions", f"checks 里没有“{condition.use}”这一组。")
            continue
        if condition.check and condition.check not in CHECKS:
            known = "、".join(sorted(CHECKS))
            raise DataError(f"{where}.conditions", f"没有“{condition.check}”这种检查，可以用：{known}。")
        if not condition.reason:
            raise DataError(f"{where}.conditions", f"“{condition.check or next(iter(condition.when))}”这一条少了 reason。")
        for when in (condition.when, condition.only):
            _check_when(f"{where}.conditions", when, rules)


def _check_withdrawal(where: str, rule: WithdrawalRule, rules: Rules, day: date) -> None:
    check_conditions(where, rule.conditions, rules)
    reasons = [one for condition in rule.conditions for one in (condition.reason, condition.unknown_reason)]
    _check_reasons(where, [*reasons, rule.window_reason, *(tier.reason for tier in rule.tiers)], rules, day)
    if rule.code not in rules.codes.withdrawal_reasons:
        raise DataError(f"{where}.code", f"提取原因代码“{rule.code}”在 codes 里没有。")
    if rule.finish == "kiosk" and rule.amount == "limited" and not rule.tiers:
        raise DataError(f"{where}.tiers", "在机器上办的部分提取（amount: limited）要写 tiers；全部提取写 amount: whole。")
    if rule.closes_account and rule.amount != "whole":
        raise DataError(f"{where}.closes_account", "销户要全部提取，请写 amount: whole。")
    for other in rule.combine.exclusive_with:
        if other not in rules.withdrawals:
            raise DataError(f"{where}.combine.exclusive_with", f"没有“{other}”这种提取。")
    for more in rule.more_materials:
        _check_when(f"{where}.more_materials", more.when, rules)
    for number, tier in enumerate(rule.tiers, start=1):
        _check_tier(f"{where}.tiers，第 {number} 条", tier, rules)
    keep = rule.keep_balance
    _check_figure(f"{where}.keep_balance.percent", keep.percent, Fraction, "百分比写成 \"65\" 这样。")
    _check_figure(f"{where}.keep_balance.amount", keep.amount, Money.parse, "金额写成 \"1800.00\" 这样。")


def _check_tier(where: str, tier: Tier, rules: Rules) -> None:
    _check_when(where, tier.when, rules)
    _check_amount(where, tier.amount)
    if not tier.at_window and not tier.why:
        raise DataError(where, "少了 why：这个上限是怎么来的，要有一句话告诉办事的人（不说金额）。")


def _check_amount(where: str, amount: Amount) -> None:
    if amount.kind in ("fixed", "percent_of_deposit") and not amount.value:
        raise DataError(where, "少了 value：定额写元，比例写百分数。")
    percent = amount.kind != "fixed"
    _check_figure(f"{where} value", amount.value, Fraction if percent else Money.parse,
                  "百分比写成 \"65\" 这样。" if percent else "金额写成 \"1800.00\" 这样。")
    for name in ("cap", "cap_per_square_metre"):
        _check_figure(f"{where} {name}", getattr(amount, name), Money.parse, "金额写成 \"1800.00\" 这样。")
    _check_figure(f"{where} cap_percent_of_deposit", amount.cap_percent_of_deposit, Fraction, "百分比写成 \"65\" 这样。")


def _check_figure(where: str, text: str, read: Callable[[str], object], sentence: str) -> None:
    try:
        if text:
            read(text)
    except (ValueError, ZeroDivisionError):
        raise DataError(where, f"“{text}”不对，{sentence}") from None


def _check_when(where: str, when: When, rules: Rules) -> None:
    for name, test in when.items():
        question = rules.questions.get(name)
        if name not in FACTS and name not in PROPERTY and name not in REGULATION and question is None:
            raise DataError(where, f"“{name}”既不是机器知道的事，也不在 questions 里。请看 docs/rules.md。")
        words = WORDS.get(name, frozenset()) | {option.id for option in (question.options if question else ())}
        for word in _words(f"{where}: {name}", test):
            if word not in words and not (name in FACTS and word.isdigit()):
                raise DataError(f"{where}: {name}", f"“{word}”不是它会有的值，可以写：{'、'.join(sorted(words)) or '数字'}。")


def _words(where: str, test: Test) -> Iterator[str]:
    try:
        if relation(test) is None:
            yield from (test,) if isinstance(test, str) else test
    except ValueError:
        raise DataError(where, f"“{test}”不对，比较写成 \">=6\" 这样。") from None


def _check_reasons(where: str, named: Iterable[str], rules: Rules, day: date) -> None:
    for reason in named:
        if reason and reason not in rules.reasons:
            raise DataError(where, f"理由“{reason}”在 reasons 里没有（{day}）。")
