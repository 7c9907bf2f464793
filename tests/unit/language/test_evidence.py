"""Several decodes, one decision. The engine is a stand-in with fixed opinions; the numbers are those of evidence.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.fund.errors import DataError
from kiosk.language.evidence import BeliefSettings, DialectBelief, Trust, hypotheses, load_trust, understand_heard
from kiosk.language.normalise import Plain
from kiosk.language.packs import Decision as Limits
from kiosk.language.understand import Weighed
from kiosk.ports.ears import Expectation, Reading, Transcript
from kiosk.ports.understanding import Decision, Understanding

ANY = Expectation(dialect="xinan_chuanyu")
Opinion = tuple[Mapping[str, float], Mapping[str, object], str]


class Opinions:
    """Knows what some texts mean: text -> (scores, slots, accepted intent or '')."""

    decision = Limits()

    def __init__(self, known: Mapping[str, Opinion]) -> None:
        self.known = known
        self.asked: list[tuple[str, str]] = []

    def weigh(self, text: str, expectation: Expectation) -> Weighed:
        self.asked.append((text, expectation.dialect))
        scores, slots, _ = self.known.get(text, ({"none": 5.0}, {}, ""))
        plain = Plain(text, (text,), text)
        return Weighed(text, plain, scores, {i: slots for i in scores})

    def may_be_a_no(self, plain: Plain) -> bool:
        return False

    def decide(self, weighed: Weighed, expectation: Expectation) -> Understanding:
        accepted = self.known.get(weighed.text, ({}, {}, ""))[2]
        return Understanding(accepted or "none", decision=Decision.ACCEPT if accepted else Decision.REJECT)


BALANCE: Opinion = ({"none": 0.0, "balance": 6.0}, {}, "balance")
STAFF: Opinion = ({"none": 0.0, "staff": 6.0}, {}, "staff")


def heard(*readings: Reading) -> Transcript:
    return Transcript(readings[0].text, readings)


def judge(known: Mapping[str, Opinion], *readings: Reading,
          ) -> Understanding:
    return understand_heard(Opinions(known), heard(*readings), ANY, Trust())  # type: ignore[arg-type]


def test_a_held_phrase_that_explains_the_sound_as_well_as_the_free_decode_is_acted_upon() -> None:
    meant = judge({"查余额": BALANCE}, Reading("free", "差 鱼 鹅", likelihood=200.0),
                  Reading("held:xinan_chuanyu", "查 余额", likelihood=212.0))
    assert (meant.decision, meant.intent, meant.text) == (Decision.ACCEPT, "balance", "查余额")


def test_talk_that_the_vocabulary_explains_badly_is_no_request() -> None:
    meant = judge({"查余额": BALANCE}, Reading("free", "他 家 鱼 多", likelihood=220.0),
                  Reading("held:mandarin", "查 余额", likelihood=195.0))
    assert meant.decision is Decision.REJECT
    assert meant.intent == "none"


def test_in_between_it_asks() -> None:
    meant = judge({"查余额": BALANCE}, Reading("free", "他 鱼 鹅", likelihood=200.0),
                  Reading("held:mandarin", "查 余额", likelihood=200.0))
    assert meant.decision is Decision.ASK
    assert meant.candidates[0] == "balance"
    assert not meant.exact


def test_two_decodes_that_would_do_different_things_make_it_ask_for_both() -> None:
    meant = judge({"查余额": BALANCE, "叫人": STAFF}, Reading("free", "叫 人", likelihood=200.0),
                  Reading("held:mandarin", "查 余额", likelihood=202.0))
    assert meant.decision is Decision.ASK
    assert set(meant.candidates) == {"balance", "staff"}


def test_spaces_of_the_recogniser_are_no_part_of_the_text() -> None:
    engine = Opinions({})
    understand_heard(engine, heard(Reading("free", "查 余额")), ANY, Trust())  # type: ignore[arg-type]
    assert engine.asked == [("查余额", "xinan_chuanyu")]


def test_each_text_is_understood_in_the_dialect_it_was_heard_in() -> None:
    engine = Opinions({})
    understand_heard(engine, heard(Reading("free", "甲乙", likelihood=10.0), Reading("held:jianghuai", "丙丁", likelihood=10.0)),  # type: ignore[arg-type]
                     Expectation(dialect="auto"), Trust())
    assert set(engine.asked) == {("甲乙", "auto"), ("丙丁", "jianghuai")}


def test_the_next_best_texts_count_less_and_equal_texts_once() -> None:
    found = hypotheses([Reading("free", "甲", likelihood=10.0, others=(("乙", 10.0), ("甲", 9.0)))], ANY, Trust(next_best=-2.0))
    assert [h.text for h in found] == ["甲", "乙"]
    assert found[0].weight > found[1].weight
    assert sum(h.weight for h in found) == pytest.approx(1.0)


def test_texts_without_weight_are_not_even_understood() -> None:
    engine = Opinions({})
    understand_heard(engine, heard(Reading("free", "甲乙", likelihood=100.0), Reading("held:mandarin", "丙丁", likelihood=20.0)), ANY,  # type: ignore[arg-type]
                     Trust())
    assert [text for text, _ in engine.asked] == ["甲乙"]


def test_a_recogniser_without_likelihoods_is_heard_as_well() -> None:
    meant = judge({"查余额": BALANCE}, Reading("whisper", "查余额"))
    assert meant.decision is Decision.ACCEPT


def test_a_recogniser_of_the_dialect_counts_more_than_vosk_beside_it() -> None:
    meant = judge({"查余额": BALANCE}, Reading("free", "差 鱼 鹅", likelihood=300.0), Reading("sichuan", "查余额"),
                  Reading("held:mandarin", "叉 一 鹅", likelihood=280.0))
    assert meant.intent == "balance"
    assert meant.decision is not Decision.REJECT


def test_silence_means_nothing() -> None:
    assert judge({}, Reading("free", "")).intent == "none"
    assert understand_heard(Opinions({}), Transcript(""), ANY, Trust()).decision is Decision.REJECT  # type: ignore[arg-type]


def test_amounts_that_differ_between_decodes_are_not_exact_and_the_better_supported_one_is_told() -> None:
    four, ten = ({"none": 0.0, "amount": 8.0}, {"amount": 4}, "amount"), ({"none": 0.0, "amount": 8.0}, {"amount": 10}, "amount")
    meant = judge({"四块": four, "十块": ten}, Reading("free", "四 块", likelihood=100.0), Reading("held:mandarin", "十 块", likelihood=103.0))
    assert meant.slots == {"amount": 10}
    assert not meant.exact


def test_amounts_that_all_decodes_agree_on_are_exact() -> None:
    four = ({"none": 0.0, "amount": 8.0}, {"amount": 4}, "amount")
    meant = judge({"四块": four, "四块钱": four}, Reading("free", "四 块", likelihood=100.0),
                  Reading("held:mandarin", "四 块 钱", likelihood=101.0))
    assert meant.exact
    assert meant.slots == {"amount": 4}


# ------------------------------------------------------------------ belief


@dataclass(frozen=True)
class Voice:
    """Likelihoods of the held decodes of one utterance of ten syllables."""

    mandarin: float
    sichuan: float
    henan: float

    def utterance(self) -> Transcript:
        text = "一二三四五六七八九十"
        return heard(Reading("free", text, likelihood=0.0), Reading("held:mandarin", text, likelihood=self.mandarin),
                     Reading("held:xinan_chuanyu", text, likelihood=self.sichuan),
                     Reading("held:zhongyuan_henan", text, likelihood=self.henan))


SETTINGS = BeliefSettings(likelihood=1.0, gain=0.5, memory=0.9, most=6.0, sure=8.0, apart=2.0)


def test_a_dialect_is_believed_after_several_utterances_not_after_one() -> None:
    belief = DialectBelief(SETTINGS)
    assert belief.dialect == "auto"
    belief = belief.update(Voice(100, 112, 103).utterance())
    assert belief.dialect == "auto"
    assert belief.update(Voice(100, 112, 103).utterance()).dialect == "xinan_chuanyu"


def test_somewhat_better_is_not_enough_because_respelling_always_fits_somewhat_better() -> None:
    belief = DialectBelief(SETTINGS)
    for _ in range(20):
        belief = belief.update(Voice(100, 104, 104).utterance())
    assert belief.dialect == "auto"


def test_two_dialects_that_fit_alike_leave_it_open() -> None:
    belief = DialectBelief(SETTINGS)
    for _ in range(5):
        belief = belief.update(Voice(100, 112, 112).utterance())
    assert belief.dialect == "auto"


def test_one_strange_utterance_changes_little() -> None:
    belief = DialectBelief(SETTINGS).update(Voice(0, 1000, 0).utterance())
    assert belief.evidence["xinan_chuanyu"] == SETTINGS.most


def test_only_an_open_question_is_heard_in_the_believed_dialect() -> None:
    belief = DialectBelief(SETTINGS)
    assert (belief.leaning, belief.heed(Expectation()).dialect) == ("", "auto")
    belief = belief.update(Voice(100, 112, 103).utterance())
    assert (belief.leaning, belief.heed(Expectation()).dialect) == ("xinan_chuanyu", "auto")
    belief = belief.update(Voice(100, 112, 103).utterance())
    assert belief.heed(Expectation(pending="yes_no")) == Expectation(pending="yes_no", dialect="xinan_chuanyu")
    assert belief.heed(Expectation(dialect="mandarin")).dialect == "mandarin"


def test_another_speaker_takes_the_belief_away() -> None:
    belief = DialectBelief(SETTINGS)
    for _ in range(4):
        belief = belief.update(Voice(100, 112, 103).utterance())
    assert belief.dialect == "xinan_chuanyu"
    for _ in range(4):
        belief = belief.update(Voice(112, 100, 100).utterance())
    assert (belief.dialect, belief.leaning) == ("auto", "")


REFUSED: Opinion = ({"none": 0.0, "no": 6.0}, {}, "no")
AGREED: Opinion = ({"none": 0.0, "yes": 6.0}, {}, "yes")


@pytest.mark.parametrize(("humps", "pending", "decision", "first"), [
    (1, "yes_no", Decision.ASK, "yes"), (2, "yes_no", Decision.ACCEPT, "no"), (0, "yes_no", Decision.ACCEPT, "no"),
    (1, "", Decision.ACCEPT, "no")])
def test_a_refusal_of_two_syllables_that_sounded_like_one_is_asked_about(humps: int, pending: str, decision: Decision,
                                                                        first: str) -> None:
    readings = (Reading("free", "不 对", likelihood=100.0), Reading("held:mandarin", "不对", likelihood=99.0))
    meant = understand_heard(Opinions({"不对": REFUSED, "对": AGREED}), Transcript("不对", readings, humps=humps),  # type: ignore[arg-type]
                             Expectation(pending=pending), Trust())
    assert (meant.decision, meant.intent) == (decision, first)
    if decision is Decision.ASK:
        assert set(meant.candidates) == {"yes", "no"}


def test_without_a_mandarin_vocabulary_nothing_is_learnt() -> None:
    assert DialectBelief(SETTINGS).update(heard(Reading("free", "你好", likelihood=3.0))).evidence == {}


# ------------------------------------------------------------------ the file


def test_the_file_of_this_house_can_be_read() -> None:
    from kiosk.places import ASSETS
    trust, belief = load_trust(ASSETS)
    assert 0 < trust.ask < trust.accept < 1
    assert belief.sure > 0


def test_without_a_file_the_built_in_values_hold(tmp_path: Path) -> None:
    assert load_trust(tmp_path) == (Trust(), BeliefSettings())


@pytest.mark.parametrize(("text", "place"), [("acept = 0.5", "acept"), ("accept = 'a'", "accept"), ("[belief]\nsur = 1", "belief: sur"),
                                         ("accept =", "evidence.toml")])
def test_mistakes_in_the_file_are_named(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "dialects").mkdir()
    (tmp_path / "dialects" / "evidence.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=place):
        load_trust(tmp_path)
