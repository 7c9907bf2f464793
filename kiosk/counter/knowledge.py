"""Answers to questions: the text in force today, with today's figures, a worked example, and what can be done about it."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from pathlib import Path

from kiosk.counter.desk import Desk
from kiosk.fund import knowledge as kn
from kiosk.fund.account import Holder
from kiosk.fund.knowledge import Knowledge, Question, Texts
from kiosk.fund.month import chinese_date
from kiosk.fund.rules import Rules
from kiosk.fund.worked import EXAMPLES, Person, Place, phone_words, value
from kiosk.ports.gateway import GatewayError
from kiosk.ports.tasks import Facts, Outcome

Rows = tuple[tuple[str, str], ...]
_SLOT = re.compile(r"\{(\w+)\}")
#: Characters of a first sentence that is shown together with the second.
_SHORT = 7
#: How sure an answer is, in words.
SURE = {"official": "已对照正式文本", "public": "公开资料", "second_hand": "转引官方网页，正式办以窗口为准",
        "invented": "本大厅的说明", "unknown": "还没有核实，以窗口为准"}
#: Said before an example.
NOT_YOURS = ("这是举例", "不是您的账户")
FOR_EXAMPLE, FROM_ACCOUNT = "比方说，", "按您的账户算的，在屏幕上，请您看。"


class Answers:
    """Tasks knowledge.* of the catalogue. Files are read at the first question."""

    def __init__(self, desk: Desk, folder: Path | None) -> None:
        """Without a folder nothing is known."""
        self._desk, self._folder = desk, folder

    @cached_property
    def _known(self) -> Knowledge | None:
        return kn.load(self._folder) if self._folder else None

    @cached_property
    def _sample(self) -> Person:
        assert self._folder is not None
        return Person.read(self._folder)

    # ------------------------------------------------------------ tasks

    def answer(self, facts: Facts) -> Outcome:
        question = self._known.questions.get(str(facts["article"])) if self._known else None
        if self._known is None or question is None:
            return Outcome("unknown")
        rules, day = self._desk.rules(), self._desk.today()
        text = question.on(day)
        said = self._filled(text.plain, rules, day)
        if question.revising and self._known.wording.revising not in said:
            said = (*said, *self._filled(self._known.wording.revising, rules, day))
        lead = 2 if len(said[0]) <= _SHORT else 1  # "能。" alone says too little
        told: dict[str, object] = {"title": question.title, "head": "".join(said[:lead]), "topic": question.intent or question.matter}
        if question.which and not question.word:
            return Outcome("which", {**told, "head": "".join(said), "choices": self._choices(question.which)})
        rows, example = self._example(question, facts.get("holder"), rules, day)
        return Outcome("answer", {
            **told, "rest": "".join(said[lead:]), "example_rows": rows, "example_said": example,
            "official": "".join(self._filled(text.official, rules, day)), "source_title": text.source.title,
            "source_day": _day_words(text), "source_sure": SURE[text.source.certainty],
            "go": question.go, "bring": self._bring(question, rules)})

    def subjects(self) -> Outcome:
        """Subjects to choose from, in the order of the files."""
        listed = self._known.subjects if self._known else {}
        return Outcome("listed", {"subjects": tuple({"id": name, "title": name} for name in listed)})

    def list(self, facts: Facts) -> Outcome:
        """The questions of a subject."""
        found = [q.id for q in self._known.questions.values() if q.subject == facts["subject"]] if self._known else []
        return Outcome("listed", {"choices": self._choices(tuple(found))}) if found else Outcome("unknown")

    # ------------------------------------------------------------ inside

    def _choices(self, ids: tuple[str, ...]) -> tuple[dict[str, str], ...]:
        assert self._known is not None
        return tuple({"id": one, "title": self._known.questions[one].title} for one in ids)

    def _filled(self, text: str, rules: Rules, day: date) -> tuple[str, ...]:
        """Sentence by sentence. Where the rules do not know a figure, its sentence says so and whom to ask, once."""
        assert self._known is not None
        machine = self._desk.machine
        place = Place(phone_words(machine.hotline), machine.window, machine.hours)
        said: dict[str, None] = {}
        for sentence in kn.sentences(text):
            words = {name: value(name, rules, day, place) for name in kn.slots(sentence)}
            if any(each is None for each in words.values()):
                sentence, words = self._known.wording.unknown, {"hotline": place.hotline}
            filled = _SLOT.sub(lambda slot, words=words: str(words[slot[1]]), sentence)  # type: ignore[misc]
            said.update(dict.fromkeys(kn.sentences(_one_stop(filled))))
        return tuple(said)

    def _example(self, question: Question, holder: object, rules: Rules, day: date) -> tuple[Rows, str]:
        """Rows to be shown, and what is said for them in the hall."""
        if not question.example:
            return (), ""
        person = self._person(holder, rules, day) if isinstance(holder, Holder) else self._sample
        made = EXAMPLES[question.example](rules, person, day)
        if made is None:
            return (), ""
        if person.sample:
            return (NOT_YOURS, *made.rows), FOR_EXAMPLE + made.said
        return made.rows, FROM_ACCOUNT

    def _person(self, holder: Holder, rules: Rules, day: date) -> Person:
        """The holder's own figures; the sample's where the centre does not answer, for the answer does not need it."""
        gateway, number = self._desk.gateway, holder.id_number
        try:
            return self._sample.of(gateway.account(holder.id), number.birth, number.sex, gateway.standing(holder.id).post,
                                   gateway.entries(holder.id, rules.interest.last_settlement(day)))
        except GatewayError:
            return self._sample

    @staticmethod
    def _bring(question: Question, rules: Rules) -> str:
        """The matter whose list of papers the rules know."""
        rule = rules.withdrawals.get(question.bring) or rules.certificates.get(question.bring)
        return question.bring if rule and rule.materials else ""


def _one_stop(sentence: str) -> str:
    """A value may end in a full stop of its own."""
    return sentence.replace("。。", "。")


def _day_words(text: Texts) -> str:
    """Since when the answer holds, or the day of its source; '' when neither is known."""
    if text.since:
        return f"{chinese_date(text.since)}起这样规定"
    return f"{chinese_date(text.source.date)}" if text.source.date else "没有写日期"
