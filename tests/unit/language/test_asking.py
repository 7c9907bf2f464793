"""Questions among what visitors say: found by sense and by sound, offered, followed up, or honestly not known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.fund import knowledge
from kiosk.fund.errors import DataError
from kiosk.language.asking import Asking
from kiosk.language.knowledge import LEARNT, Index, Synonyms, load_limits
from kiosk.language.understand import Engine
from kiosk.places import ASSETS
from kiosk.ports.ears import Expectation, Reading, Transcript
from kiosk.ports.understanding import Decision, Understanding

FOLDER = ASSETS / "knowledge"
KNOWN = knowledge.load(FOLDER)


@pytest.fixture(scope="module")
def asking(engine: Engine) -> Asking:
    return Asking(engine, KNOWN, lambda: Index(KNOWN, engine, FOLDER, learnt=LEARNT))


def test_every_way_of_asking_in_the_files_leads_to_its_answer(asking: Asking) -> None:
    wrong = {asked: asking.index.find(asked).top for question in KNOWN.questions.values() for asked in question.ask
             if asking.index.find(asked).top != question.id}
    assert len(wrong) <= 0.01 * sum(len(q.ask) for q in KNOWN.questions.values()), wrong


@pytest.mark.parametrize(("text", "article"), [
    ("什么叫封存", "term.sealed"), ("什么叫风村", "term.sealed"),             # as a recogniser may write it
    ("租房要超过工资多少才能提", "rent.threshold"), ("取公积金要交税吗", "take_cost.tax"),
    ("去公基金要交睡吗", "take_cost.tax"), ("啥子叫封存哦", "term.sealed"),
    ("几天能到账", "take_time.arrival"),
])
def test_a_question_is_answered(asking: Asking, text: str, article: str) -> None:
    meaning = asking.understand(text, Expectation())
    assert (meaning.intent, meaning.decision) in (("policy", Decision.ACCEPT), ("progress", Decision.ACCEPT))
    assert meaning.intent == "progress" or meaning.slots["article"] == article


@pytest.mark.parametrize("text", ["你吃饭了没有", "老王你先坐一会", "今天天气不错", "医保卡怎么补办", "现在几点了"])
def test_talk_starts_nothing(asking: Asking, text: str) -> None:
    assert asking.understand(text, Expectation()).decision is Decision.REJECT


@pytest.mark.parametrize(("text", "pending", "intent"), [
    ("对", "yes_no", "yes"), ("第二个", "choice", "choose"), ("再说一遍", "", "repeat"), ("叫工作人员", "", "staff"),
    ("我要租房提取", "", "withdraw.rent"), ("查一下余额", "", "balance"), ("要带什么材料", "", "materials")])
def test_requests_stay_requests(asking: Asking, text: str, pending: str, intent: str) -> None:
    assert asking.understand(text, Expectation(pending=pending)).intent == intent


def test_a_short_question_is_about_what_was_just_answered(asking: Asking) -> None:
    here = Expectation(topic="withdraw.rent", about="rent.can")
    assert asking.understand("多少", here).slots["article"] == "rent.amount"
    assert asking.understand("几次", here).slots["article"] == "rent.often"
    assert asking.understand("多久一次", here).slots["article"] == "rent.often"
    leaving = Expectation(topic="withdraw.leaving", about="leaving.can")
    assert asking.understand("要等多久", leaving).slots["article"] == "leaving.wait"
    assert asking.understand("几次", Expectation()).slots.get("article") != "rent.often"


class Told:
    """An understander that says the same to everything."""

    def __init__(self, meaning: Understanding) -> None:
        self.meaning = meaning

    def understand(self, text: str, expectation: Expectation) -> Understanding:
        return self.meaning

    def understand_heard(self, heard: Transcript, expectation: Expectation) -> Understanding:
        return self.meaning


def told(asking: Asking, meaning: Understanding, text: str, **expectation: str) -> Understanding:
    other = Asking(Told(meaning), KNOWN, lambda: asking.index)
    return other.understand(text, Expectation(**expectation))


def test_not_known_is_said_and_nothing_is_invented(asking: Asking) -> None:
    meaning = told(asking, Understanding("policy", {}, Decision.ACCEPT), "月亮上有没有兔子")
    assert meaning.intent == "policy"
    assert not {"article", "offers"} & meaning.slots.keys()


def test_an_uncertain_question_is_offered_beside_the_matter(asking: Asking) -> None:
    unsure = Understanding("withdraw.rent", {"months": 2}, Decision.ASK, ("withdraw.rent",), 0.9)
    meaning = told(asking, unsure, "我没有租房合同")
    assert meaning.decision is Decision.ASK
    assert meaning.candidates == ("withdraw.rent", "policy")
    assert meaning.slots["article"] == "rent_paper.contract"
    assert meaning.slots["asked"] == KNOWN.questions["rent_paper.contract"].title


def test_what_is_hardly_a_question_is_asked_back(asking: Asking) -> None:
    likely = Understanding("policy", {}, Decision.ASK, ("policy",), 0.5)
    text = "单位效益差欠着钱会怎样"
    score = asking.index.find(text).score
    assert asking.index.limits.ask <= score < asking.index.limits.known
    assert told(asking, likely, text).decision is Decision.ACCEPT
    unlikely = told(asking, Understanding("policy", {}, Decision.ASK, ("policy",), 0.1), text)
    assert (unlikely.decision, unlikely.slots["article"]) == (Decision.ASK, asking.index.find(text).top)


def test_who_names_a_sum_wants_it_done(asking: Asking) -> None:
    doubtful = Understanding("withdraw.rent", {}, Decision.ASK, ("withdraw.rent",), 0.5)
    text = "租房最多能取多少"
    assert told(asking, doubtful, text).intent == "policy"
    meaning = told(asking, Understanding("withdraw.rent", {"amount": 6000}, Decision.ASK, ("withdraw.rent",), 0.5), text)
    assert (meaning.decision, meaning.candidates[0]) == (Decision.ASK, "withdraw.rent")


def test_a_statement_in_the_very_words_of_visitors_is_a_question(asking: Asking) -> None:
    unsure = Understanding("withdraw.rent", {}, Decision.ASK, ("withdraw.rent",), 0.5)
    assert not asking.index.asks("我没有租房合同")
    assert told(asking, unsure, "我没有租房合同").slots == {"article": "rent_paper.contract"}


def test_what_the_employer_pays_for_me_is_no_question_about_rules(asking: Asking) -> None:
    sure = Understanding("deposit.monthly", {}, Decision.ACCEPT, ("deposit.monthly",), 1.0)
    assert told(asking, sure, "单位每个月给我交多少") is sure


def test_a_death_comes_before_every_answer(asking: Asking) -> None:
    sure = Understanding("withdraw.death", {}, Decision.ACCEPT, ("withdraw.death",), 0.99)
    assert told(asking, sure, "老伴去世了他的钱会不会充公") is sure


def test_what_is_asked_about_the_hall_stays_the_halls(asking: Asking) -> None:
    meaning = told(asking, Understanding("hall", {}, Decision.ACCEPT, ("hall",), 1.0), "中午休不休息")
    assert (meaning.intent, meaning.slots) == ("hall", {"article": "hall_time.lunch"})


def test_the_other_decodes_are_looked_up_too(asking: Asking) -> None:
    heard = Transcript("去公基金", (Reading("free", "去 公 基金", others=(("取 公积金 要 交税 吗", -1.0),)),))
    other = Asking(Told(Understanding("policy", {}, Decision.ACCEPT, text="去公基金")), KNOWN, lambda: asking.index)
    assert other.understand_heard(heard, Expectation()).slots["article"] == "take_cost.tax"


def test_the_index_is_made_once(engine: Engine) -> None:
    made: list[Index] = []

    def load() -> Index:
        made.append(Index(KNOWN, engine, FOLDER, learnt=LEARNT))
        return made[-1]

    lazy = Asking(engine, KNOWN, load)
    lazy.prepare()
    lazy.prepare()
    assert lazy.index is made[0]
    assert len(made) == 1


@pytest.mark.parametrize(("file", "was", "now", "where"), [
    ("retrieval.toml", "accept = 0.2", "acept = 0.2", "retrieval.toml: acept"),
    ("retrieval.toml", "[talk]\nstart = 0.5", "[talk]\nstart = \"0.5\"", "retrieval.toml: talk: start"),
    ("synonyms.yaml", "fillers:", "filers:", "synonyms.yaml"),
])
def test_a_slip_in_a_file_is_named(tmp_path: Path, file: str, was: str, now: str, where: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "knowledge")
    text = (folder / file).read_text(encoding="utf-8")
    assert was in text
    (folder / file).write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(DataError) as fault:
        load_limits(folder) if file.endswith(".toml") else Synonyms.read(folder)
    assert fault.value.where.startswith(where)


def test_a_kind_without_words_is_a_problem() -> None:
    good = Synonyms.read(FOLDER)
    assert good.problems() == []
    assert "follow.smell" in Synonyms(good.groups, (), (), (), {"smell": ("can",)}).problems()[0]
