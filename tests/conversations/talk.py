"""A visitor for tests: sends events, keeps what the kiosk did, and after every event insists on the promises that
must hold in every state.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.counter.catalogue import TASKS
from kiosk.dialogue import events as ev
from kiosk.dialogue import flow as fl
from kiosk.dialogue import session as ss
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.loader import load
from kiosk.dialogue.questions import MOST_CHOICES, Question, Script, question
from kiosk.dialogue.settings import Settings
from kiosk.dialogue.view import Screen
from kiosk.fund.money import Money
from kiosk.language.sentences import Sentences
from kiosk.places import ASSETS
from kiosk.ports.devices import IdCard, Key, StaffState
from kiosk.ports.understanding import Decision, Line, Understanding

SETTINGS = Settings(hall="样例大厅", window="三号窗口", hotline="12329", dialects=frozenset({"xinan_guizhou"}))
CARD = IdCard("样例甲", "990101195001010012")

ACCOUNT = {"holder": "holder-1", "name_masked": "样**", "surname": "样", "account_masked": "****12", "state": "02",
           "state_words": "您的账户现在是停缴保管状态", "balance": Money(12_345_67), "employer": "样例单位",
           "monthly_deposit": Money(1_200_00), "paid_until": date(2026, 8, 1), "opened_on": date(2001, 7, 5),
           "suggestion": "", "suggest_say": "", "suggest_why": ""}
CARDS = ({"id": "c1", "bank": "农业银行", "last4": "1234", "first_class": True},
         {"id": "c2", "bank": "邮政储蓄银行", "last4": "5678", "first_class": True})

#: Facts that the counter gives, by task and outcome, unless a turn says otherwise.
FACTS: Mapping[tuple[str, str], Mapping[str, object]] = {
    ("identity.by_card", "found"): ACCOUNT,
    ("identity.by_password", "found"): ACCOUNT,
    ("identity.by_number", "wrong_number"): {"hint": "好像有一位按错了，您对着身份证再看一遍。"},
    ("identity.by_password", "wrong"): {"tries_left": 2},
    ("account.look", "shown"): {**ACCOUNT, "interest_so_far": Money(56_78), "as_of": date(2026, 10, 2)},
    ("certificate.check", "able"): {"certificate_title": "个人住房公积金缴存证明", "valid_days": 30},
    ("certificate.check", "unable"): {"reason": "这个账户已经销户了。", "todo": "想查以前的记录，请到窗口。"},
    ("certificate.check", "window"): {"reason": "这种证明要到窗口开。", "todo": "请带身份证去窗口，当场就能开。"},
    ("certificate.preview", "ready"): {"preview_image": "preview.png",
                                       "preview_rows": (("姓名", "样**"), ("账户余额", "12,345.67 元"))},
    ("certificate.print", "printed"): {"certificate_number": "KIOSK-1", "verify_code": "ABC", "document": "c.pdf",
                                       "copies_printed": 1},
    ("certificate.print", "not_printed"): {"certificate_number": "KIOSK-1", "verify_code": "ABC", "document": "c.pdf",
                                           "print_trouble": "jam"},
    ("certificate.reprint", "printed"): {"document": "c.pdf", "copies_printed": 1},
    ("certificate.reprint", "not_printed"): {"document": "c.pdf", "print_trouble": "jam"},
    ("withdrawal.assess", "able"): {"principal": Money(12_300_00), "interest": Money(45_67), "total": Money(12_345_67),
                                    "closes_account": True, "rule_source": "样例规定"},
    ("withdrawal.assess", "unable"): {"reason": "您还没有到可以退休的年龄。", "todo": "办好退休再来取。",
                                      "rule_source": "样例规定"},
    ("withdrawal.assess", "window"): {"reason": "您的账户情况比较特殊，机器办不了。", "todo": "请到窗口。",
                                      "window": "三号窗口", "materials": ("身份证",), "rule_source": "样例规定"},
    ("withdrawal.cards", "some"): {"cards": CARDS},
    ("withdrawal.cards", "none"): {"reason": "没有查到您本人的银行卡。", "todo": "请带本人的银行卡到窗口登记一下。"},
    ("withdrawal.book", "booked"): {"receipt_number": "TQ-1", "arrival_date": date(2026, 10, 9), "hotline": "12329",
                                    "paid_total": Money(12_345_67), "bank": "农业银行", "last4": "1234"},
    ("withdrawal.book", "refused"): {"reason": "中心说您的账户被锁定了。", "todo": "没有办成，钱没有动。"},
    ("withdrawal.book", "unclear"): {"receipt_number": "TQ-1", "hotline": "12329"},
    ("withdrawal.slip", "printed"): {"copies_printed": 1, "document": "s.pdf"},
    ("withdrawal.slip", "not_printed"): {"print_trouble": "jam", "document": "s.pdf"},
    ("handoff.slip", "printed"): {"copies_printed": 1, "document": "h.pdf"},
    ("handoff.slip", "not_printed"): {"print_trouble": "jam", "document": "h.pdf"},
}


@functools.cache
def sentences() -> Sentences:
    return Sentences.load(ASSETS / "sentences" / "zh")


@functools.cache
def flows() -> fl.Flows:
    return load(ASSETS / "flows", TASKS, sentences())


@functools.cache
def script() -> Script:
    return Script(flows(), sentences(), SETTINGS)


def engine() -> Engine:
    return Engine(flows(), sentences(), SETTINGS)


def understood(intent: str, *, decision: str = "accept", exact: bool = True, text: str = "",
               candidates: tuple[str, ...] = (), **slots: object) -> Understanding:
    return Understanding(intent, slots, Decision(decision), candidates, 0.9, text or intent, exact)


@dataclass
class Doing:
    """A task that the kiosk asked for."""

    effect: ev.Do
    answered: bool = False


class Visitor:
    """One session with its engine. `effects` are those of the last event."""

    def __init__(self, visit_id: str = "visit-1") -> None:
        self.engine = engine()
        self.session, self.effects = self.engine.start(visit_id)
        self.done: list[ev.Do] = []
        self.spoken: list[Line] = []
        self.wiped: list[str] = []

    # ------------------------------------------------------------ events

    def send(self, event: ev.Event) -> tuple[ev.Effect, ...]:
        before = self.session
        self.session, self.effects = self.engine.step(before, event)
        self._insist(before, event)
        self.done += [effect for effect in self.effects if isinstance(effect, ev.Do)]
        self.spoken += self.said
        self.wiped += [effect.reason for effect in self.effects if isinstance(effect, ev.Wipe)]
        return self.effects

    def hear(self, intent: str, **how: object) -> None:
        self.send(ev.Said(understood(intent, **how)))  # type: ignore[arg-type]

    def touch(self, choice: str) -> None:
        self.send(ev.Chose(choice))

    def key(self, *names: str) -> None:
        for name in names:
            self.send(ev.Pressed(Key(name)))

    def type(self, text: str) -> None:
        for character in text:
            self.send(ev.Typed(character))

    def card(self) -> None:
        self.send(ev.CardRead(CARD))

    def finish(self, outcome: str, **facts: object) -> None:
        """The task being done ends."""
        task = self.done[-1].task
        known = FACTS.get((task, outcome), {})
        self.send(ev.TaskDone(self.session.doing, outcome, {**known, **facts}))

    def wait(self) -> str:
        """The current timer runs out; returns what it was for."""
        assert self.session.timer, "no timer is running"
        kind = self.session.timer.kind
        self.send(ev.Woke(self.session.timer.token))
        return kind

    # ------------------------------------------------------------ what is to be seen and heard

    @property
    def said(self) -> tuple[Line, ...]:
        return tuple(line for effect in self.effects if isinstance(effect, ev.Say) for line in effect.lines)

    @property
    def public(self) -> str:
        return "".join(line.public for line in self.said)

    @property
    def heard(self) -> str:
        """What this visitor's ear gets."""
        private = self.session.manner.headphones
        return "".join(line.private if private and line.private is not None else line.public for line in self.said)

    @property
    def question(self) -> Question:
        return question(script(), self.session)

    @property
    def step(self) -> str:
        return f"{self.session.place.flow}.{self.session.place.step}"

    # ------------------------------------------------------------ promises

    def _insist(self, before: ss.Session, event: ev.Event) -> None:
        asked = question(script(), self.session)
        self._one_voice()
        self._way_out(asked)
        self._time(asked)
        self._money(before, event)
        self._once()
        self._quiet_in_the_hall()
        assert len(asked.options) <= MOST_CHOICES
        assert len({option.id for option in asked.options}) == len(asked.options)
        assert repr(self.session).find("990101") < 0

    def _one_voice(self) -> None:
        """A second Say would cut the first short; a second view would flicker."""
        for kind in (ev.Say, ev.Show):
            times = sum(isinstance(effect, kind) for effect in self.effects)
            wiped = any(isinstance(effect, ev.Wipe) for effect in self.effects)
            assert times <= 1 + wiped, f"{kind.__name__} {times} times in one turn"

    def _way_out(self, asked: Question) -> None:
        view = self.session.view
        parting = isinstance(script().step(self.session.place), fl.Goodbye)
        assert asked.options or asked.pad or asked.working or parting
        assert "staff" in view.strip
        assert asked.working or view.screen is Screen.ATTRACT or "back" in view.strip

    def _time(self, asked: Question) -> None:
        s = self.session
        parting = isinstance(script().step(s.place), fl.Goodbye)
        waits = parting or not (asked.working or asked.screen is Screen.ATTRACT or s.staff is not StaffState.NONE)
        assert (s.timer is not None) == waits, f"timer {s.timer} at {self.step}"

    def _money(self, before: ss.Session, event: ev.Event) -> None:
        """Money moves only in answer to an explicit yes, given at this very moment."""
        if not any(isinstance(effect, ev.Do) and effect.task in flows().money for effect in self.effects):
            return
        asked = question(script(), before)
        explicit = {o.id: place for place, o in enumerate(asked.options) if o.explicit}
        assert explicit, "money moved without being asked for"
        match event:
            case ev.Said(meaning):
                assert meaning.decision is Decision.ACCEPT
                assert meaning.exact
                assert meaning.intent in ("yes", "choose")
            case ev.Chose(choice):
                assert choice in explicit
            case ev.Pressed(key):
                assert key is Key.SELECT
                assert before.focus in explicit.values()
            case ev.Typed(character):
                assert character.isdigit()
                assert int(character) - 1 in explicit.values()
            case _:
                raise AssertionError(f"money moved by {event}")

    def _once(self) -> None:
        for effect in self.effects:
            if isinstance(effect, ev.Do):
                once = effect.task in flows().once
                assert bool(effect.once_key) == once
                if once:
                    assert effect.once_key not in [done.once_key for done in self.done]
                assert set(TASKS[effect.task].takes) <= set(effect.facts)

    def _quiet_in_the_hall(self) -> None:
        """No amounts and no digits of a card aloud, unless the visitor has agreed."""
        for line in self.said:
            assert "一万二千三百" not in line.public or self.session.facts.get("aloud")
            assert "幺二三四" not in line.public
            assert not re.search(r"\d{5}", line.public)
