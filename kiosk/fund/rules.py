"""The rules of the fund: dated packs of data, merged into one checked, frozen value per day.

assets/rules/national/*.yaml    law and figures of the whole country
assets/rules/<city>/*.yaml      what the city adds or overrides, field by field

Each file starts with a `pack` header (source, dates, status) and holds one or more sections. On a given day the files
in force are merged: national first, then the city's, within a folder by the date they took effect, so that a newer
file stands over an older one. A file with an `effective_to` ends by itself.

    book = RuleBook.load(national, city)
    book.on(date(2026, 9, 19)).withdrawals["withdraw.renovation"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from kiosk.fund import period
from kiosk.fund.datafile import convert, merge, read_yaml
from kiosk.fund.errors import DataError
from kiosk.fund.retirement import Retirement
from kiosk.fund.rule_checks import check_conditions, check_withdrawals
from kiosk.fund.rule_limits import Bank, Combine, EventDate, Frequency, Keep, MoreMaterials, Question, Tier, When
from kiosk.fund.rule_source import Data as Data
from kiosk.fund.rule_source import Source as Source

Answer = Literal["able", "unable", "window"]


class Pack(Data, frozen=True):
    """Head of a rule file. Dates are inclusive."""

    id: str
    version: str
    source: Source
    effective_from: date
    effective_to: date | None = None
    status: Literal["current", "under_revision"] = "current"

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


class Ground(Data, frozen=True):
    """One ground of withdrawal in the regulation; `closes_account` where the law closes the account with it."""

    text: str
    closes_account: bool = False


class Regulation(Data, frozen=True):
    """住房公积金管理条例 as in force on the day."""

    title: str
    order: str
    source: Source
    grounds: dict[str, Ground]
    employer_certificate: bool
    rent_income_threshold: bool
    decision_days: int
    loan_review_days: int


class Rate(Data, frozen=True):
    """A yearly rate from a day on; `percent` is text so that it stays exact."""

    percent: str
    since: date
    source: Source

    @property
    def value(self) -> Fraction:
        return Fraction(self.percent) / 100


class Interest(Data, frozen=True):
    """Interest on the balance: day count × rate / day_basis, credited every year on `settled` (MM-DD)."""

    rates: tuple[Rate, ...]
    day_basis: int
    settled: str

    def rate_on(self, day: date) -> Fraction:
        """The rate in force on `day` (the earliest known one before that)."""
        known = sorted(self.rates, key=lambda rate: rate.since)
        return ([known[0]] + [rate for rate in known if rate.since <= day])[-1].value

    def last_settlement(self, day: date) -> date:
        """The latest settlement day before `day`."""
        month, number = (int(part) for part in self.settled.split("-"))
        settled = date(day.year, month, number)
        return settled if settled < day else date(day.year - 1, month, number)


class LoanRate(Rate, frozen=True, kw_only=True):
    """The rate of new provident fund loans for terms up to `up_to_years`. `home`: the first of the household, or the second
    (where it is the least that may be asked)."""

    home: Literal["first", "second"]
    up_to_years: int


class LoanRates(Data, frozen=True):
    """A dated list: the newest rate of a home and the shortest term that covers the asked one."""

    rates: tuple[LoanRate, ...]

    def rate_on(self, day: date, years: int, home: str = "first") -> LoanRate:
        """ValueError when no rate is known for such a loan on that day."""
        known = [rate for rate in self.rates if rate.home == home and years <= rate.up_to_years and rate.since <= day]
        if not known:
            raise ValueError("no rate is known for such a loan")
        newest = max(rate.since for rate in known)
        return min((rate for rate in known if rate.since == newest), key=lambda rate: rate.up_to_years)


class LoanFormula(Data, frozen=True):
    """A city's own bound on a loan. `balance`: balance × factor. `base`: base × 12 × years × share × factor.
    `years_paid`: factor yuan for every year of contributions."""

    kind: Literal["balance", "base", "years_paid"]
    factor: str
    share: str = "1"


class LoanLimits(Data, frozen=True):
    """How much may be borrowed in a city; "" where nothing is known. Sums in yuan, as text. `step`: loans are whole
    multiples of it."""

    longest_years: int
    repayment_share_percent: int
    down_payment_percent: int
    source: Source
    one_most: str = ""
    couple_most: str = ""
    step: str = "1000"
    formulas: tuple[LoanFormula, ...] = ()


class ComplaintRule(Data, frozen=True):
    """A complaint, a suggestion or an objection: `reply` is what the visitor is told, `answer_days` within how many days
    an answer is owed (0: none is)."""

    title: str
    reply: str
    source: Source
    answer_days: int = 0


class Suggestion(Data, frozen=True):
    """What may be offered, once, to somebody who has been identified: the matter is the entry's name. `when` are names
    of kiosk.fund.suggestion.TESTS, all of which must hold; `months` is what some of them compare with; the smallest
    `place` is offered first."""

    place: int
    when: tuple[str, ...]
    months: int = 0


class Word(Data, frozen=True):
    """A code's name on paper and how it is said to people."""

    name: str
    plain: str = ""


class Codes(Data, frozen=True):
    """fund.md B5; a centre with other words edits the file."""

    account_states: dict[str, Word]
    withdrawal_reasons: dict[str, Word]


class Condition(Data, frozen=True):
    """One thing that must be so: a `check` of kiosk.fund.conditions, or facts and answers (`when`, all of them), or a
    whole list of the section `checks` (`use`). It is looked at only where `only` holds.
    When it is not met the answer is `otherwise`, when it cannot be known `unknown`, with a reason of reasons.yaml. (A field
    named "no" would be read as false by YAML.)"""

    check: str = ""
    when: When = msgspec.field(default_factory=dict)
    use: str = ""
    only: When = msgspec.field(default_factory=dict)
    reason: str = ""
    otherwise: Literal["unable", "window"] = "unable"
    unknown: Literal["unable", "window", "pass"] = "window"
    unknown_reason: str = ""


class Checks(Data, frozen=True):
    """Conditions that several matters share: {use: "name"}."""

    conditions: tuple[Condition, ...]


class WithdrawalRule(Data, frozen=True):
    """One kind of withdrawal. `finish` kiosk: can be completed here; window: the kiosk prepares and hands over.
    `ground` names a ground of the regulation, `local` marks kinds that cities may allow without one. `amount` whole: the
    balance with interest; limited: by the first of `tiers` that fits, `frequency`, `keep_balance` and `combine`.
    `status` under_revision adds a sentence to whatever the answer is."""

    title: str
    code: str
    ground: str
    finish: Literal["kiosk", "window"]
    source: Source
    conditions: tuple[Condition, ...] = ()
    materials: tuple[str, ...] = ()
    more_materials: tuple[MoreMaterials, ...] = ()
    amount: Literal["whole", "limited"] = "limited"
    tiers: tuple[Tier, ...] = ()
    frequency: Frequency = Frequency()
    keep_balance: Keep = Keep()
    combine: Combine = Combine()
    event: EventDate | None = None
    round_to: Literal["fen", "yuan"] = "fen"
    closes_account: bool = False
    local: bool = False
    offered: bool = True
    status: Literal["current", "under_revision"] = "current"
    window_reason: str = "window_matter"
    next_time: str = ""


class CertificateRule(Data, frozen=True):
    """One kind of certificate. `identity` says how much of the identity number the paper carries; `valid_months` goes
    before `valid_days`. `nothing_reason` is told where there is nothing to certify (no loan, no earlier withdrawal).
    Statement: `periods` are offered, in the words of kiosk.fund.period. Cross-city: an account without a deposit for more
    than `arrears_months` is ticked 欠款. Repayment plan: at most `most_lines` instalments are listed (0: all)."""

    title: str
    finish: Literal["kiosk", "window"]
    source: Source
    layout: str = ""
    valid_days: int = 31
    valid_months: int = 0
    identity: Literal["masked", "full"] = "masked"
    purpose: str = ""
    statement: str = ""
    verify_hint: str = ""
    conditions: tuple[Condition, ...] = ()
    materials: tuple[str, ...] = ()
    nothing_reason: str = ""
    periods: tuple[str, ...] = ()
    arrears_months: int = 3
    most_lines: int = 0
    window_reason: str = "window_matter"


class Reason(Data, frozen=True):
    """What a visitor is told: why, and what to do. Fit for the loudspeaker: no amounts, no diagnoses, no digits of
    anybody. May use {month}, {day} and {matter} where the check gives them."""

    reason: str
    todo: str


class Material(Data, frozen=True):
    """One thing to bring; its name is as the lists of the matters write it. `said` is how it is asked for, `where` how
    it is come by when it is missing; `optional`: not everybody needs it."""

    where: str
    said: str = ""
    optional: bool = False


class City(Data, frozen=True):
    """What is the same in all halls of a city (a hall's window, hours and phone stand in the site file).
    `arrival_days` are working days; the business year (业务年度) begins on `business_year_from` (MM-DD)."""

    name: str
    arrival_days: int
    password_tries: int = 5
    business_year_from: str = "01-01"


class Rules(Data, frozen=True):
    """Everything in force on one day. Made by RuleBook.on."""

    regulation: Regulation
    interest: Interest
    retirement: Retirement
    codes: Codes
    withdrawals: dict[str, WithdrawalRule]
    certificates: dict[str, CertificateRule]
    reasons: dict[str, Reason]
    city: City
    loan_rates: LoanRates
    loan_limits: LoanLimits
    suggestions: dict[str, Suggestion]
    complaints: dict[str, ComplaintRule]
    materials: dict[str, Material]
    questions: dict[str, Question]
    checks: dict[str, Checks]
    banks: dict[str, Bank]


#: Reasons that are used by name, beside those that conditions name. centre_*: kiosk.fund.withdrawal.Refusal.
ALWAYS_NEEDED = ("under_revision", "too_soon", "exclusive", "limit_used_up", "nothing_left_rule",
                 "nothing_left_balance", "nothing_left_kept", "limit_balance", "limit_kept", "needs_papers",
                 "card_not_debit", "ground_not_in_force", "ground_came_later", "no_such_matter", "no_card",
                 "no_first_class_card", "centre_closed", "centre_frozen", "centre_changed", "centre_limit",
                 "centre_card", "centre_in_progress", "centre_other")

#: Certificates whose facts the kiosk can put together (kiosk.fund.certificate_kinds.KINDS).
MADE_HERE = frozenset({"certificate.deposit", "certificate.cross_city_loan", "certificate.loan_settled",
                       "certificate.repayment_plan", "certificate.statement", "certificate.withdrawal"})

#: Sections that are one value, and sections that are maps of values (checked entry by entry, to name the entry).
_SINGLE: dict[str, Any] = {"regulation": Regulation, "interest": Interest, "retirement": Retirement, "codes": Codes,
                           "city": City, "loan_rates": LoanRates, "loan_limits": LoanLimits}
_MAPS: dict[str, Any] = {"withdrawals": WithdrawalRule, "certificates": CertificateRule, "reasons": Reason,
                         "suggestions": Suggestion, "complaints": ComplaintRule, "materials": Material, "questions": Question, "checks": Checks,
                         "banks": Bank}


def always(_: date) -> bool:
    return True


class PackFile(msgspec.Struct, frozen=True):
    """One file as read: its head, and its sections not yet checked (they are checked when merged). `chosen` tells on
    which days the pack's version that it belongs to stands (kiosk.fund.rule_packs)."""

    path: Path
    pack: Pack
    sections: dict[str, object]
    chosen: Callable[[date], bool] = always

    def in_force(self, day: date) -> bool:
        return self.pack.in_force(day) and self.chosen(day)


class Book(Protocol):
    """What a counter asks of the rules; the book may be replaced between visits (kiosk.app.live_rules)."""

    def on(self, day: date) -> Rules:
        """The rules in force on `day`; DataError when a section is missing then."""

    def changes(self) -> tuple[date, ...]:
        """The days at which the rules change, from the first day on which they are complete."""


class RuleBook:
    """All rule files of a country and a city. `on(day)` is what holds on a day."""

    def __init__(self, files: Iterable[PackFile], days: Iterable[date] = ()) -> None:
        """`days` are those on which another version of a pack begins or ends, beside the dates of the files."""
        self.files, self._days = tuple(files), frozenset(days)
        self._on = lru_cache(maxsize=64)(self._merged)

    @classmethod
    def load(cls, national: Path, city: Path) -> RuleBook:
        """Read both folders and check them at every date at which something changes. Raises DataError."""
        book = cls([*read_folder(national), *read_folder(city)])
        book.check()
        return book

    def on(self, day: date) -> Rules:
        """The rules in force on `day`; DataError when a section is missing then."""
        return self._on(day)

    def changes(self) -> tuple[date, ...]:
        """The days at which the rules change, from the first day on which they are complete."""
        days = {file.pack.effective_from for file in self.files} | self._days
        days |= {file.pack.effective_to + timedelta(days=1) for file in self.files if file.pack.effective_to}
        return tuple(day for day in sorted(days) if not self._missing(day))

    def under_revision(self, day: date) -> tuple[Pack, ...]:
        """Packs in force that are marked as being revised, for the technician's page."""
        return tuple(file.pack for file in self._in_force(day) if file.pack.status == "under_revision")

    def _in_force(self, day: date) -> list[PackFile]:
        return [file for file in self.files if file.in_force(day)]

    def _missing(self, day: date) -> list[str]:
        held = {name for file in self._in_force(day) for name in file.sections}
        return [name for name in (*_SINGLE, *_MAPS) if name not in held]

    def check(self) -> None:
        """At every date at which something changes: is everything there that is named? Raises DataError."""
        days = self.changes()
        if not days:
            newest = max((file.pack.effective_from for file in self.files), default=date.min)
            raise DataError("rules", f"规则不完整，缺少：{'、'.join(self._missing(newest))}。")
        for day in days:
            _check_references(self.on(day), day)

    def faults(self, day: date) -> tuple[DataError, ...]:
        """Every entry that is wrong on `day`, for those who write packs; `on` stops at the first."""
        body, origin = self._body(day)
        found: list[DataError] = []
        for name, raw in body.items():
            single = name in _SINGLE or not isinstance(raw, Mapping)
            for part in ([raw] if single else [{key: one} for key, one in raw.items()]):  # type: ignore[attr-defined]
                try:
                    _section(name, part, origin)
                except DataError as fault:
                    found.append(fault)
        return tuple(found)

    def missing(self, day: date) -> tuple[str, ...]:
        """Sections that nothing says anything about on `day`."""
        return tuple(self._missing(day))

    def _merged(self, day: date) -> Rules:
        if missing := self._missing(day):
            raise DataError(f"rules {day}", f"这一天没有生效的规则：{'、'.join(missing)}。")
        body, origin = self._body(day)
        return Rules(**{name: _section(name, body[name], origin) for name in (*_SINGLE, *_MAPS)})

    def _body(self, day: date) -> tuple[dict[str, object], dict[tuple[str, str], str]]:
        """What the files say together, not yet checked, and which file said it last."""
        body: dict[str, object] = {}
        origin: dict[tuple[str, str], str] = {}
        for file in self._in_force(day):
            body = merge(body, _stamped(file))
            for name, section in file.sections.items():
                entries = section if isinstance(section, Mapping) else ()
                origin |= {(name, key): named(file.path) for key in ("", *entries)}
        return body, origin


def _stamped(file: PackFile) -> dict[str, object]:
    """The file's sections, with its source and status written into each withdrawal that it says something about: a city
    that changes one line answers for the rule from then on. A source counts as a whole, its lines are not mixed."""
    drawn = file.sections.get("withdrawals")
    if not isinstance(drawn, Mapping):
        return file.sections
    revised = {"status": file.pack.status} if file.pack.status != "current" else {}
    whole = {"url": "", "date": None, "certainty": "second_hand"}
    stamped: dict[str, object] = {}
    for kind, entry in drawn.items():
        own = entry.get("source", msgspec.to_builtins(file.pack.source)) if isinstance(entry, Mapping) else None
        source = {**whole, **own} if isinstance(own, Mapping) else own
        stamped[kind] = {**revised, **entry, "source": source} if isinstance(entry, Mapping) else entry
    return {**file.sections, "withdrawals": stamped}


def _section(name: str, raw: object, origin: Mapping[tuple[str, str], str]) -> Any:
    where = f"{origin[(name, '')]}: {name}"
    if name in _SINGLE:
        return convert(raw, _SINGLE[name], where)
    entries = convert(raw, dict[str, Any], where)
    return {key: convert(value, _MAPS[name], f"{origin.get((name, key), '')}: {name}.{key}")
            for key, value in entries.items()}


def named(path: Path) -> str:
    """A file of a pack, for people: files of the country and of a city may have the same name."""
    return f"{path.parent.name}/{path.name}"


def read_folder(folder: Path) -> list[PackFile]:
    """The files of a pack by the date they take effect. Raises DataError."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise DataError(str(folder), "这个规则文件夹是空的，或者不存在。")
    return sorted((read_file(path) for path in paths), key=lambda file: (file.pack.effective_from, file.path.name))


def read_file(path: Path) -> PackFile:
    """One file of a pack, its sections not yet checked. Raises DataError."""
    raw = read_yaml(path)
    if "pack" not in raw:
        raise DataError(named(path), "少了开头的 pack（来源、日期、状态）。")
    pack = convert(raw.pop("pack"), Pack, f"{named(path)}: pack")
    if pack.effective_to and pack.effective_to < pack.effective_from:
        raise DataError(f"{named(path)}: pack.effective_to", "结束日期早于开始日期，请检查。")
    for name in raw:
        if name not in _SINGLE and name not in _MAPS:
            raise DataError(f"{named(path)}: {name}", "不认识这一部分，请对照说明检查名字。")
    return PackFile(path, pack, raw)


def _check_references(rules: Rules, day: date) -> None:
    """Every reason, check and code that is named must exist, and the kiosk must be able to do what it is told to."""
    for key in ALWAYS_NEEDED:
        if key not in rules.reasons:
            raise DataError("reasons", f"少了理由“{key}”，程序会用到它。")
    for kind, rule in rules.certificates.items():
        _check_conditions(f"certificates.{kind}", rule, rules, day)
        if rule.finish == "kiosk" and (kind not in MADE_HERE or not rule.layout):
            raise DataError(f"certificates.{kind}.finish", "这种证明机器还不会开，请写 window；能开的要写上 layout。")
        for words in rule.periods:
            if period.find(words) != words:
                raise DataError(f"certificates.{kind}.periods", f"“{words}”机器看不懂，请写最近半年、去年、全部这样的词。")
    check_withdrawals(rules, day)


def _check_conditions(where: str, rule: WithdrawalRule | CertificateRule, rules: Rules, day: date) -> None:
    check_conditions(where, rule.conditions, rules)
    named = [reason for condition in rule.conditions for reason in (condition.reason, condition.unknown_reason)]
    nothing = rule.nothing_reason if isinstance(rule, CertificateRule) else ""
    for reason in (*named, rule.window_reason, nothing):
        if reason and reason not in rules.reasons:
            raise DataError(where, f"理由“{reason}”在 reasons 里没有（{day}）。")
