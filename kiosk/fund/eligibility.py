"""能 / 不能 / 需要窗口: the answer comes first, then the reason, then what to do (fund.md B2, answer style).

One engine for every matter. It judges by what the centre knows; where a fact is missing and the rules have a question for
it, every option is tried, and the visitor is asked only when the options lead to different ends. The day on which the money
was spent is such a question too: it decides which text of the rules holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kiosk.fund import allowance
from kiosk.fund.allowance import Allowance
from kiosk.fund.conditions import CHECKS, REGULATION, Case, Known, known
from kiosk.fund.month import Month, chinese_date, later
from kiosk.fund.rule_limits import EventDate, Option, Question, Tier, When, holds, relation
from kiosk.fund.rules import Book, CertificateRule, Condition, Rules, Source, WithdrawalRule

#: The question after the day of the event, and its answer for the time before all changes that are looked at.
EVENT, EARLIER = "event_date", "earlier"


@dataclass(frozen=True)
class Asked:
    """A question that changes the answer: `name` of the fact, the sentence, the options."""

    name: str
    sentence: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Verdict:
    """`condition` is the check or fact that failed ('' when able), `reason` and `todo` are sentences for the visitor.
    `able` is the whole balance, `limited` a part (`allowance`, `why`), `ask` one more question (`question`; `branches` are
    what each answer leads to). `note` is a sentence that belongs to every answer: the rule is being revised."""

    answer: Literal["able", "limited", "ask", "unable", "window"]
    source: Source
    condition: str = ""
    reason: str = ""
    todo: str = ""
    materials: tuple[str, ...] = ()
    allowance: Allowance | None = None
    why: str = ""
    note: str = ""
    question: Asked | None = None
    branches: tuple[Verdict, ...] = ()

    @property
    def able(self) -> bool:
        return self.answer == "able"


@dataclass(frozen=True)
class _Visit:
    """What is judged: a case, or a matter without anybody's account (None), and what was answered so far."""

    day: date
    kind: str
    answers: Mapping[str, str]
    case: Case | None = None

    def answered(self, name: str, answer: str) -> _Visit:
        return replace(self, answers={**self.answers, name: answer})


class _NeededError(Exception):
    """A fact that only the visitor can tell. Caught by _explored, never outside."""

    def __init__(self, name: str, question: Question) -> None:
        super().__init__(name)
        self.name, self.question = name, question


def assess_withdrawal(kind: str, case: Case, rules: Rules, book: Book | None = None) -> Verdict:
    """May this holder withdraw for this reason, today, at this machine? `kind` is an intent id (withdraw.*), `rules` are
    today's; with the whole `book` the day of the event can decide which text holds."""
    rule = rules.withdrawals.get(kind)
    if rule is None or not rule.offered:
        return _verdict("window", "no_such_matter", rules, rules.regulation.source)
    return _withdrawal(rule, _Visit(case.today, kind, case.answers, replace(case, kind=kind, code=rule.code)), rules, book)


def guide_withdrawal(kind: str, answers: Mapping[str, str], day: date, rules: Rules, book: Book | None = None) -> Verdict:
    """What can be told about a matter of the window without anybody's account: "window" with what to bring, "unable", or the
    next question that changes the answer. What the centre would know is taken for good; the window looks at it. A matter
    that ends at the machine is never asked about here: it asks for itself, with the account."""
    rule = rules.withdrawals.get(kind)
    if rule is None or not rule.offered:
        return _verdict("window", "no_such_matter", rules, rules.regulation.source)
    visit = _Visit(day, kind, answers)
    if rule.finish == "kiosk":
        return _Judge(rules, replace(visit, answers={**dict.fromkeys(rules.questions, ""), **answers})).guided(rule)
    return _withdrawal(rule, visit, rules, book)


def _withdrawal(rule: WithdrawalRule, visit: _Visit, rules: Rules, book: Book | None) -> Verdict:
    periods = tuple(_periods(rule.event, visit, book)) if rule.event and book else ()

    def judge(one: _Visit) -> Verdict:
        held = _rules_of_the_event(rule.event, periods, one, rules)
        return _Judge(held, one, rules).withdrawal(held.withdrawals.get(one.kind, rule))

    return _explored(judge, visit, rules)


def assess_certificate(kind: str, case: Case, rules: Rules) -> Verdict:
    """Can this machine print this certificate for this holder? `kind` is an intent id (certificate.*)."""
    rule = rules.certificates.get(kind)
    if rule is None:
        return _verdict("window", "no_such_matter", rules, rules.regulation.source)
    visit = _Visit(case.today, kind, case.answers, case)
    return _explored(lambda one: _Judge(rules, one).certificate(rule), visit, rules)


def _explored(judge: Callable[[_Visit], Verdict], visit: _Visit, rules: Rules) -> Verdict:
    """The verdict, or the first question whose answer changes it."""
    try:
        return judge(visit)
    except _NeededError as needed:
        name, question = needed.name, needed.question
    forms = {option.id: option for option in rules.questions[EVENT].options}
    ends = tuple(_explored(judge, visit.answered(name, option.id), rules) for option in question.options)
    if all(end == ends[0] for end in ends) or (name == EVENT and _no_better(ends)):
        return ends[0]
    options = question.options if name != EVENT else _stretches(question.options, ends, visit.day, forms)
    return Verdict("ask", rules.regulation.source, name, question=Asked(name, question.ask, options), branches=ends)


def _no_better(ends: tuple[Verdict, ...]) -> bool:
    """Under the newest text it is no, and no earlier text would make it a yes: then the day of the event is not asked."""
    return ends[0].answer == "unable" and all(end.answer in ("unable", "window") for end in ends)


# ---------------------------------------------------------------- the day of the event


@dataclass(frozen=True)
class _Period:
    """Days under one text of the rules, from `begin` on (None: from ever); `rules` that held then."""

    begin: date | None
    rules: Rules

    @property
    def id(self) -> str:
        return self.begin.isoformat() if self.begin else EARLIER


def _periods(event: EventDate, visit: _Visit, book: Book) -> Iterator[_Period]:
    """The stretches of the last months in which different texts held for this matter, the newest first."""
    earliest = later(visit.day, months=-event.reach_months)
    last = visit.case.last if visit.case else None
    if event.since_last and last is not None:
        earliest = max(earliest, last.day)
    known = book.changes()[1:]  # nothing is known before the first
    splits = [day for day in known if earliest < day <= visit.day and _differs(day, visit.kind, book)]
    last_day = visit.day
    for begin in reversed(splits):
        yield _Period(begin, book.on(last_day))
        last_day = begin - timedelta(days=1)
    if splits:
        yield _Period(None, book.on(last_day))


def _stretches(options: tuple[Option, ...], ends: tuple[Verdict, ...], today: date,
               forms: Mapping[str, Option]) -> tuple[Option, ...]:
    """The options of the day of the event, newest first: neighbours that lead to the same end are one. `forms` are their
    words: since, before, between."""
    joined: list[Option] = []
    upper: date | None = None
    for number, option in enumerate(options):
        if number + 1 < len(options) and ends[number + 1] == ends[number]:
            continue
        begin = None if option.id == EARLIER else date.fromisoformat(option.id)
        form = forms["between" if begin and upper else "since" if begin else "before"]
        day, end = begin or upper or today, (upper or today) - timedelta(days=1)
        joined.append(Option(option.id, fill(form.label, {"day": _plain(day, today), "end": _plain(end, today)}),
                             form.spoken))
        upper = begin
    return tuple(joined)


def _differs(day: date, kind: str, book: Book) -> bool:
    old, new = book.on(day - timedelta(days=1)), book.on(day)
    return (old.regulation, old.withdrawals.get(kind)) != (new.regulation, new.withdrawals.get(kind))


def _plain(day: date, today: date) -> str:
    return f"{day.month}月{day.day}日" if day.year == today.year else chinese_date(day)


def _rules_of_the_event(event: EventDate | None, periods: tuple[_Period, ...], visit: _Visit, today: Rules) -> Rules:
    if event is None or not periods:
        return today
    for period in periods:
        if period.id == visit.answers.get(EVENT):
            return period.rules
    raise _NeededError(EVENT, Question(event.ask, tuple(Option(period.id, "") for period in periods)))


# ---------------------------------------------------------------- one text, one case


@dataclass(frozen=True)
class _Judge:
    """A visit before the rules of one day; `today` are today's, when the day of the event was another."""

    rules: Rules
    visit: _Visit
    today: Rules | None = None

    def withdrawal(self, rule: WithdrawalRule) -> Verdict:
        return self._noted(rule, self._withdrawal(rule))

    def _withdrawal(self, rule: WithdrawalRule) -> Verdict:
        if not rule.local and rule.ground not in self.rules.regulation.grounds:
            known_now = self.today is not None and rule.ground in self.today.regulation.grounds
            key = "ground_came_later" if known_now else "ground_not_in_force"
            return self._no("unable", key, self.rules.regulation.source)
        if failed := self._first_failed(rule):
            return failed
        if rule.finish == "window":
            return self._window(rule, rule.window_reason)
        if rule.amount == "whole":
            return Verdict("able", rule.source)
        assert self.visit.case is not None, "limits are for accounts"
        return self._limited(rule, self.visit.case)

    def guided(self, rule: WithdrawalRule) -> Verdict:
        """To the window, whatever the conditions say."""
        return self._noted(rule, self._window(rule, rule.window_reason))

    def certificate(self, rule: CertificateRule) -> Verdict:
        if failed := self._first_failed(rule):
            return failed
        if rule.finish == "window":
            return self._no("window", rule.window_reason, rule.source, rule.materials, matter=rule.title)
        return Verdict("able", rule.source)

    def _noted(self, rule: WithdrawalRule, verdict: Verdict) -> Verdict:
        """A rule under revision is told with a sentence more."""
        if rule.status != "under_revision":
            return verdict
        return replace(verdict, note=self.rules.reasons["under_revision"].reason)

    # ------------------------------------------------ conditions

    def _first_failed(self, rule: WithdrawalRule | CertificateRule) -> Verdict | None:
        for condition in _flat(rule.conditions, self.rules):
            if self._all(condition.only).met and (failed := self._failed(condition, rule)):
                return failed
        return None

    def _failed(self, condition: Condition, rule: WithdrawalRule | CertificateRule) -> Verdict | None:
        case = self.visit.case
        if condition.check:
            if case is None:
                return None
            finding = CHECKS[condition.check](case)
            met, name, words = finding.met, condition.check, dict(finding.words)
        else:
            match = self._all(condition.when)
            met, name, words = match.met, match.name, dict(match.words)
        if met or (met is None and (condition.unknown == "pass" or case is None)):
            return None
        answer, reason = condition.otherwise, condition.reason
        if met is None and condition.unknown != "pass":
            answer, reason = condition.unknown, condition.unknown_reason or condition.reason
        return self._no(answer, reason, rule.source, rule.materials, name, **words)

    def _all(self, when: When) -> _Match:
        for name, test in when.items():
            fact = self._fact(name)
            if fact is None:
                return _Match(None, name)
            if not holds(test, fact.value):
                return _Match(False, name, _since(fact, relation(test)))
        return _Match(True)

    def _fact(self, name: str) -> Known | None:
        """The centre's word first, then the visitor's; asks where there is a question. None: nobody can tell."""
        if name in REGULATION:
            return Known("yes" if getattr(self.rules.regulation, name) else "no")
        if self.visit.case and (fact := known(name, self.visit.case)):
            return fact
        question = self.rules.questions.get(name)
        if question is None:
            return None
        answer = self.visit.answers.get(name)
        if answer in {option.id for option in question.options}:
            return Known(str(answer))
        if answer == "":
            return None  # not to be asked
        raise _NeededError(name, question)

    # ------------------------------------------------ how much

    def _limited(self, rule: WithdrawalRule, case: Case) -> Verdict:
        begins = self.rules.city.business_year_from
        if day := allowance.next_time(rule.frequency, case.earlier(), case.today, begins):
            return self._no("unable", "too_soon", rule.source, (), "frequency", day=chinese_date(day),
                            month=str(Month.of(day)))
        combine = rule.combine
        excluded = {kind: self.rules.withdrawals[kind].code for kind in combine.exclusive_with}
        if rival := allowance.rival(excluded, combine, case, begins):
            day = allowance.business_year(case.today, begins)[1] if combine.within == "business_year" \
                else later(rival.day, months=combine.months)
            return self._no("unable", "exclusive", rule.source, (), "combine", matter=rival.title,
                            day=chinese_date(day))
        tier = next((tier for tier in rule.tiers if self._all(tier.when).met), None)
        if tier is None:
            return self._window(rule, rule.window_reason)
        if tier.at_window:
            return self._window(rule, tier.reason, tier.materials, tier.amount.source or rule.source)
        return self._allowed(rule, tier, case)

    def _allowed(self, rule: WithdrawalRule, tier: Tier, case: Case) -> Verdict:
        begins = self.rules.city.business_year_from
        found = allowance.allow(tier.amount, rule.frequency, rule.keep_balance, case, begins, rule.round_to == "yuan")
        source = tier.amount.source or rule.source
        if not found.limit and found.bound == "rule" and case.last and not found.months and tier.amount.per != "year":
            day = Month.of(case.last.day).plus(1).first_day
            return self._no("unable", "too_soon", source, (), "frequency", day=chinese_date(day))
        if not found.limit:
            next_year = allowance.business_year(case.today, begins)[1]
            spent = found.bound == "rule" and tier.amount.per == "year"
            return self._no("unable", "limit_used_up" if spent else f"nothing_left_{found.bound}", source, (), "limit",
                            day=chinese_date(next_year))
        why = tier.why if found.bound == "rule" else self.rules.reasons[f"limit_{found.bound}"].reason
        return Verdict("limited", source, allowance=found, why=why)

    # ------------------------------------------------ words

    def _window(self, rule: WithdrawalRule, reason: str, more: tuple[str, ...] = (),
                source: Source | None = None) -> Verdict:
        return self._no("window", reason, source or rule.source, (*self._materials(rule), *more), matter=rule.title)

    def _materials(self, rule: WithdrawalRule) -> tuple[str, ...]:
        listed = rule.materials
        for more in rule.more_materials:
            if self._all(more.when).met:
                listed = more.added_to(listed)
        return listed

    def _no(self, answer: Literal["unable", "window"], key: str, source: Source, materials: tuple[str, ...] = (),
            condition: str = "", **words: str) -> Verdict:
        return _verdict(answer, key, self.rules, source, materials, condition, **words)


@dataclass(frozen=True)
class _Match:
    """Did all tests pass? `name` is the fact that did not, `words` what can be told about when it will."""

    met: bool | None
    name: str = ""
    words: tuple[tuple[str, str], ...] = ()


def _since(fact: Known, wanted: tuple[str, object] | None) -> tuple[tuple[str, str], ...]:
    """{day} and {month} on which a number of months that grows will be large enough."""
    if fact.since is None or wanted is None or wanted[0] not in (">=", ">"):
        return ()
    count = int(str(wanted[1])) + (wanted[0] == ">")
    day = later(fact.since, months=count)
    return ("day", chinese_date(day)), ("month", str(Month.of(day)))


def _flat(conditions: tuple[Condition, ...], rules: Rules) -> Iterator[Condition]:
    for condition in conditions:
        if condition.use:
            yield from _flat(rules.checks[condition.use].conditions, rules)
        else:
            yield condition


def _verdict(answer: Literal["unable", "window"], key: str, rules: Rules, source: Source,
             materials: tuple[str, ...] = (), condition: str = "", **words: str) -> Verdict:
    reason = rules.reasons[key]
    return Verdict(answer, source, condition or key, fill(reason.reason, words), fill(reason.todo, words),
                   materials if answer == "window" else ())


def fill(sentence: str, words: Mapping[str, str]) -> str:
    """Put words into {slots}; slots without a word are left out (never shown as braces)."""
    return sentence.format_map(_Blank(words))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
