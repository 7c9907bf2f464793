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
from kiosk.ports.tasks import Listed
from kiosk.ports.understanding import Decision, Line, Understanding

SETTINGS = Settings(hall="样例大厅", window="三号窗口", hotline="12329", dialects=frozenset({"xinan_guizhou"}), scanner=True)
CARD = IdCard("样例甲", "990101195001010012")

ACCOUNT = {"holder": "holder-1", "name_masked": "样**", "surname": "样", "account_masked": "****12", "state": "02",
           "state_words": "您的账户现在是停缴保管状态", "balance": Money(12_345_67), "employer": "样例单位",
           "monthly_deposit": Money(1_200_00), "paid_until": date(2026, 8, 1), "opened_on": date(2001, 7, 5)}
NOTHING_TO_OFFER = {"suggestion": "", "suggest_say": "", "suggest_why": ""}
CARDS = ({"id": "c1", "bank": "农业银行", "last4": "1234", "first_class": True},
         {"id": "c2", "bank": "邮政储蓄银行", "last4": "5678", "first_class": True})

ITEMS = ({"material": "您的身份证", "name": "本人身份证", "where": "到派出所补办", "optional": 0},
         {"material": "房产证", "name": "不动产权证", "where": "到不动产登记窗口补办", "optional": 0},
         {"material": "结婚证", "name": "结婚证（已婚的）", "where": "到民政局补领", "optional": 1})

#: Earlier withdrawals, of which a receipt can be printed once more.
SUBJECTS = ({"subject": "TQ-1", "what": "租房提取", "shown": "2026年9月1日　1,500.00 元", "said": "2026年9月1日的租房提取"},
            {"subject": "TQ-2", "what": "购房提取", "shown": "2024年3月5日　80,000.00 元", "said": "2024年3月5日的购房提取"})

#: Facts that the counter gives, by task and outcome, unless a turn says otherwise.
FACTS: Mapping[tuple[str, str], Mapping[str, object]] = {
    ("identity.by_card", "found"): {**ACCOUNT, **NOTHING_TO_OFFER},
    ("identity.by_password", "found"): {**ACCOUNT, **NOTHING_TO_OFFER},
    ("identity.by_number", "wrong_number"): {"hint": "好像有一位按错了，您对着身份证再看一遍。"},
    ("identity.by_password", "wrong"): {"tries_left": 2},
    ("account.look", "shown"): {**ACCOUNT, "interest_so_far": Money(56_78), "as_of": date(2026, 10, 2)},
    ("certificate.check", "able"): {"certificate_title": "个人住房公积金缴存证明", "valid_days": 30,
                                    "subjects": ({"subject": "", "what": "", "shown": "", "said": ""},)},
    ("certificate.check", "unable"): {"reason": "这个账户已经销户了。", "todo": "想查以前的记录，请到窗口。"},
    ("certificate.check", "window"): {"reason": "这种证明要到窗口开。", "todo": "请带身份证去窗口，当场就能开。"},
    ("certificate.preview", "ready"): {"preview_image": "preview.png",
                                       "preview_rows": (("姓名", "样**"), ("账户余额", "12,345.67 元")),
                                       "pages": 1, "more_pages": ""},
    ("certificate.print", "printed"): {"certificate_number": "KIOSK-1", "verify_code": "ABC", "document": "c.pdf",
                                       "copies_printed": 1},
    ("certificate.print", "not_printed"): {"certificate_number": "KIOSK-1", "verify_code": "ABC", "document": "c.pdf",
                                           "print_trouble": "jam"},
    ("certificate.reprint", "printed"): {"document": "c.pdf", "copies_printed": 1},
    ("certificate.reprint", "not_printed"): {"document": "c.pdf", "print_trouble": "jam"},
    ("withdrawal.assess", "able"): {"principal": Money(12_300_00), "interest": Money(45_67), "total": Money(12_345_67),
                                    "closes_account": True, "rule_source": "样例规定", "rule_note": "", "answers": {}},
    ("withdrawal.assess", "limited"): {"limit": Money(5_400_00), "suggested": Money(5_400_00),
                                       "limit_why": "在本市租房，每个月最多一千八。", "months_covered": "9月到11月，三个月",
                                       "next_day": date(2027, 2, 21), "rule_source": "样例规定", "answers": {"married": "no"}},
    ("withdrawal.assess", "ask"): {"question_id": "married", "question": "您结婚了吗？", "answers": {},
                                   "question_options": ({"id": "yes", "label": "结了婚"}, {"id": "no", "label": "没有结婚"})},
    ("withdrawal.assess", "unable"): {"reason": "您还没有到可以退休的年龄。", "todo": "办好退休再来取。",
                                      "rule_source": "样例规定", "answers": {}},
    ("withdrawal.assess", "window"): {"reason": "您的账户情况比较特殊，机器办不了。", "todo": "请到窗口。",
                                      "window": "三号窗口", "materials": ("身份证",), "rule_source": "样例规定", "answers": {}},
    ("withdrawal.amount", "ok"): {"principal": Money(3_000_00), "interest": Money(0), "total": Money(3_000_00)},
    ("matter.judge", "fine"): {"answers": {}, "rule_note": ""},
    ("matter.judge", "ask"): {"question_id": "home_place", "question": "您买的房子在本市，还是在外地？", "answers": {},
                              "question_options": ({"id": "here", "label": "在本市", "words": ("本地",)},
                                                   {"id": "elsewhere", "label": "在外地", "words": ("老家",)})},
    ("matter.judge", "unable"): {"reason": "孩子房子装电梯，父母不能提取。", "todo": "您的孩子可以自己来办。",
                                 "rule_source": "样例规定", "answers": {}},
    ("matter.guide", "guided"): {"items": ITEMS, "materials": ("本人身份证", "不动产权证", "结婚证（已婚的）"),
                                 "bring": "请带上您的身份证、房产证。有结婚证的，也带上。", "window": "三号窗口",
                                 "hours": "周一到周五", "hotline": "12329", "rule_source": "样例规定", "quiet": 0},
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
    ("precheck.begin", "ready"): {"looks": "身份证、银行卡"},
    ("precheck.agree", "noted"): {"page": "身份证有照片的一面"},
    ("precheck.look", "good"): {"looked": "身份证有照片的一面", "page": "身份证有国徽的一面"},
    ("precheck.look", "expired"): {"looked": "身份证有国徽的一面", "page": "银行卡有卡号的一面"},
    ("precheck.look", "given_up"): {"looked": "身份证有国徽的一面", "page": "银行卡有卡号的一面"},
    ("precheck.look", "wrong_one"): {"seen": "银行卡有卡号的一面", "page": "身份证有照片的一面"},
    ("precheck.look", "somebody_else"): {"looked": "身份证有照片的一面", "page": "身份证有照片的一面"},
    **{("precheck.look", outcome): {"page": "身份证有照片的一面"}
       for outcome in ("dark", "blurred", "nothing", "unreadable", "busy", "no_device")},
    ("precheck.skip", "skipped"): {"page": ""},
    ("precheck.result", "complete"): {"precheck_rows": (("身份证", "看到了"), ("银行卡", "看到了")), "missing": (),
                                      "have": ({"name": "本人身份证（预检看过）", "where": ""},)},
    ("precheck.result", "lacking"): {"precheck_rows": (("身份证", "过期了"), ("银行卡", "看到了")), "have": (),
                                     "missing": ({"name": "本人身份证（过期了，要先换新的）", "where": "派出所"},)},
}

LOAN = {"loan_left": Money(312_345_67), "loan_monthly": Money(2_345_67), "loan_due": date(2026, 10, 20), "loan_time": "12年3个月",
        "loan_amount": Money.yuan(500_000), "lent_on": date(2019, 5, 6), "more_loans": ""}
DEPOSIT = {"monthly_deposit": Money(1_920_00), "monthly_unit": Money(960_00), "monthly_own": Money(960_00),
           "deposit_base": Money(8_000_00), "paid_until": date(2026, 8, 1), "opened_on": date(2001, 7, 5),
           "state_words": "您的账户正常缴存"}
PROGRESS = {"progress_title": "租房提取", "progress_amount": Money(7_200_00), "applied_on": date(2026, 9, 28),
            "arrival_date": date(2026, 10, 9), "bank": "农业银行", "last4": "1234", "receipt_number": "TQ-1"}
PLANS = tuple(Listed(f"分{years}年还", f"每月 {month}", f"利息一共 {interest}", bar, years == 20,
                     f"分{said}年还，每月还{month.spoken}，利息一共{interest.spoken}。")
              for years, said, month, interest, bar in (
                  (10, "十", Money(7_578_03), Money(109_363_09), (0.69, 0.1)),
                  (20, "二十", Money(4_278_30), Money(226_793_06), (0.69, 0.2)),
                  (30, "三十", Money(3_202_72), Money(352_978_37), (0.69, 0.31))))
FACTS = {
    **FACTS,
    ("loan.plans", "ready"): {"plans": PLANS, "loan_amount": Money.yuan(800_000), "kind_words": "每个月还一样多", "years": 20},
    ("loan.largest", "found"): {"amount": Money.yuan(450_000), "reason": "能贷多少，和账户里的余额有关系。",
                                "todo": "最后贷多少，以审批为准。", "rule_source": "样例规定"},
    ("loan.largest", "none"): {"reason": "照这样算，可能贷不了。", "todo": "请到窗口，工作人员帮您看看别的办法。"},
    ("complaint.file", "printed"): {"copies_printed": 1, "document": "y.pdf", "complaint_number": "YJ-1",
                                    "complaint_reply": "工作人员会看。"},
    ("complaint.file", "not_printed"): {"print_trouble": "jam", "document": "y.pdf", "complaint_number": "YJ-1",
                                        "complaint_reply": "工作人员会看。"},
    ("loan.paper", "printed"): {"copies_printed": 1, "document": "e.pdf"},
    ("loan.paper", "not_printed"): {"print_trouble": "jam", "document": "e.pdf"},
    ("loan.look", "running"): LOAN,
    ("loan.look", "overdue"): {**LOAN, "loan_overdue": Money(2_345_67)},
    ("loan.look", "settled"): {"settled_on": date(2026, 9, 1)},
    ("deposit.look", "paying"): DEPOSIT,
    ("deposit.look", "stopped"): DEPOSIT,
    ("progress.look", "on_the_way"): PROGRESS,
    ("progress.look", "late"): {**PROGRESS, "arrival_date": date(2026, 9, 30)},
    ("progress.look", "arrived"): PROGRESS,
    ("progress.look", "in_progress"): {"progress_title": "退休提取", "decision_days": 3},
}


ANSWER = {"title": "租房能取多少", "head": "一个人每个月最多取八百块。", "rest": "两口子合起来最多取一千六百块。",
          "example_rows": (("这是举例", "不是您的账户"), ("每月存进", "1,280.00 元")), "example_said": "比方说，每月存进一千二百八十块。",
          "official": "租房提取限额由各地规定。", "source_title": "各地住房公积金提取办法", "source_day": "2026年8月20日",
          "source_sure": "转引官方网页，正式办以窗口为准", "go": "withdraw.rent", "bring": "withdraw.rent", "topic": "withdraw.rent"}
FACTS = {
    **FACTS,
    ("knowledge.answer", "answer"): ANSWER,
    ("knowledge.answer", "which"): {"title": "公积金怎么取", "head": "取的缘由不一样，办法也不一样。您是因为什么取？", "topic": "withdraw",
                                    "choices": ({"id": "retirement.how", "title": "退休取钱怎么办"}, {"id": "rent.can", "title": "租房能不能取"})},
    ("knowledge.subjects", "listed"): {"subjects": ({"id": "租房", "title": "租房"}, {"id": "退休", "title": "退休"})},
    ("knowledge.list", "listed"): {"choices": ({"id": "rent.can", "title": "租房能不能取"}, {"id": "rent.amount", "title": "租房能取多少"})},
}

#: Other facts that may come with an outcome and lead other ways.
VARIANTS: Mapping[tuple[str, str], tuple[Mapping[str, object], ...]] = {
    ("certificate.check", "able"): ({"subjects": SUBJECTS},),
    ("matter.judge", "fine"): ({"rule_note": "这条规定正在修改。"},),
    ("matter.guide", "guided"): ({"quiet": 1},),
    ("knowledge.answer", "answer"): ({"example_rows": (), "example_said": "", "go": "", "bring": ""},),
    ("identity.by_card", "found"): ({"suggestion": "withdraw.death", "suggest_say": "可以办了。", "suggest_why": "样例。"},),
    ("withdrawal.assess", "able"): ({"closes_account": False, "rule_note": "以后再上班，重新开户。"},),
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
        helped = s.staff not in (StaffState.NONE, StaffState.NOBODY)
        nobody = isinstance(script().step(s.place), fl.Attract)
        waits = parting or not (asked.working or nobody or helped)
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
