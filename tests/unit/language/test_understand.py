"""What is meant: requests, answers, commands, and talk that is none of these."""

from __future__ import annotations

import pytest

from kiosk.language.understand import Engine
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Understanding


def hear(engine: Engine, text: str, pending: str = "", dialect: str = "auto", options: tuple[str, ...] = (),
         topic: str = "") -> Understanding:
    return engine.understand(text, Expectation(pending=pending, dialect=dialect, options=options, topic=topic))


def meant(engine: Engine, text: str, pending: str = "", **more: object) -> str:
    """The intent, with a question mark when it would be asked."""
    meaning = hear(engine, text, pending, **more)  # type: ignore[arg-type]
    return meaning.intent + ("?" if meaning.decision is Decision.ASK else "")


@pytest.mark.parametrize(("text", "intent"), [
    ("我想取公积金", "withdraw"), ("我退休了，来把公积金取出来", "withdraw.retirement"), ("给我打一张缴存证明", "certificate.deposit"),
    ("我公积金还有多少钱", "balance"), ("要带什么证件", "materials"), ("什么叫封存", "policy"), ("厕所在哪里", "hall"),
    ("我不识字，叫个人来", "staff"), ("再说一遍", "repeat"), ("声音大一点", "louder"), ("算了，不办了", "cancel"), ("等一下", "wait")])
def test_plain_requests_are_accepted_exactly(engine: Engine, text: str, intent: str) -> None:
    meaning = hear(engine, text)
    assert (meaning.intent, meaning.decision) == (intent, Decision.ACCEPT)
    assert meaning.exact
    assert meaning.score > 0.8
    assert meaning.candidates[0] == intent


@pytest.mark.parametrize(("text", "intent"), [
    ("我要取公鸡金", "withdraw"), ("我退修了，来取公积金", "withdraw.retirement"), ("缴纯证明打两份", "certificate.deposit"),
    ("打个节情证明", "certificate.loan_settled"), ("帮我查一下鱼额", "balance")])
def test_wrong_characters_that_sound_right(engine: Engine, text: str, intent: str) -> None:
    meaning = hear(engine, text)
    assert meaning.intent == intent
    assert not meaning.exact


@pytest.mark.parametrize("text", [
    "他昨天退休请客吃饭", "我儿子贷款买了个车", "打印机多少钱一台", "社保卡丢了怎么补", "医保卡里还有多少钱", "我把楼下那间租给一个小伙子了",
    "昨天我朋友把公积金取了", "给孙子取名字想了三天", "慢慢走，别摔着", "你的贷款还完了吗", "银行几点下班", "我想那个", "", "，。"])
def test_talk_and_other_offices_start_nothing(engine: Engine, text: str) -> None:
    assert hear(engine, text).decision is not Decision.ACCEPT


@pytest.mark.parametrize("word", ["对", "好的", "可以", "嗯", "是的，是我", "不要", "没有", "中", "要得", "沾", "系呀", "五千", "两份", "第二个", "全部"])
def test_answers_need_their_question(engine: Engine, word: str) -> None:
    assert hear(engine, word).decision is Decision.REJECT


@pytest.mark.parametrize(("text", "answer"), [
    ("对", "yes"), ("好的", "yes"), ("嗯，打吧", "yes"), ("要得", "yes"), ("中", "yes"), ("沾", "yes"), ("系呀", "yes"), ("好个", "yes"),
    ("不是", "no"), ("不用了", "no"), ("别，先别弄", "no"), ("算了", "no"), ("覅", "no"), ("唔系", "no"), ("不沾", "no"), ("麻得", "no"),
    ("没听懂，再说一遍", "repeat"), ("点错了，往回退一下", "back"), ("机器卡住了，叫人来看看", "staff"), ("慢点说，我跟不上", "slower")])
def test_yes_and_no_while_asked(engine: Engine, text: str, answer: str) -> None:
    assert meant(engine, text, "yes_no") == answer


@pytest.mark.parametrize(("text", "amount"), [
    ("五千块", 5000), ("两千五", 2500), ("二百五", 250), ("三千，不不，四千", 4000), ("嗯，就取六千五百块吧", 6500), ("一千块零五毛", 1000.5),
    ("万二蚊", 12000), ("2000", 2000)])
def test_sums(engine: Engine, text: str, amount: float) -> None:
    meaning = hear(engine, text, "amount")
    assert (meaning.intent, meaning.decision, meaning.slots) == ("amount", Decision.ACCEPT, {"amount": amount})


@pytest.mark.parametrize("text", ["鸡蛋都涨到六块了", "昨天打牌输了五十", "我孙子今年五岁了", "三路车来了", "百把块"])
def test_numbers_in_talk_are_no_sums(engine: Engine, text: str) -> None:
    assert hear(engine, text, "amount").decision is not Decision.ACCEPT


def test_a_sum_known_by_sound_only_is_not_exact(engine: Engine) -> None:
    meaning = hear(engine, "两前五", "amount")
    assert meaning.slots == {"amount": 2500}
    assert not meaning.exact


@pytest.mark.parametrize(("text", "topic", "value"), [
    ("三份", "", 3), ("仨月", "", 3), ("半年", "", 6), ("一年", "withdraw.rent", 12), ("二十年", "loan.estimate", 20), ("一张，哦不，两张", "", 2)])
def test_counts(engine: Engine, text: str, topic: str, value: int) -> None:
    assert hear(engine, text, "number", topic=topic).slots == {"value": value}


@pytest.mark.parametrize(("text", "index"), [
    ("第二个", 2), ("选三", 3), ("头一个", 1), ("第二只", 2), ("最后一个", -1), ("三号", 3)])
def test_choosing_by_place(engine: Engine, text: str, index: int) -> None:
    assert hear(engine, text, "choice").slots == {"index": index}


def test_choosing_by_name_gives_the_place_when_the_labels_are_known(engine: Engine) -> None:
    labels = ("中国工商银行 尾号0123", "中国建设银行 尾号4567")
    assert hear(engine, "建设银行那张卡", "choice", options=labels).slots == {"index": 2}
    assert hear(engine, "建设银行那张卡", "choice").slots == {}
    assert meant(engine, "建设银行那张卡", "choice") == "choose"


@pytest.mark.parametrize(("text", "pending", "intent"), [
    ("退休的", "withdraw_kind", "withdraw.retirement"), ("租房那种", "withdraw_kind", "withdraw.rent"),
    ("流水", "certificate_kind", "certificate.statement"), ("缴存的", "certificate_kind", "certificate.deposit"),
    ("第三个", "withdraw_kind", "choose"), ("全部", "amount", "all"), ("有多少取多少", "amount", "all")])
def test_the_pending_question_narrows(engine: Engine, text: str, pending: str, intent: str) -> None:
    assert meant(engine, text, pending) == intent


@pytest.mark.parametrize("pending", ["", "yes_no", "amount", "number", "choice", "withdraw_kind", "certificate_kind"])
@pytest.mark.parametrize(("text", "intent"), [
    ("再说一遍", "repeat"), ("声音大一点", "louder"), ("说慢一点", "slower"), ("返回上一步", "back"), ("取消", "cancel"), ("叫工作人员来", "staff"),
    ("等一下", "wait")])
def test_commands_are_heard_in_every_state(engine: Engine, text: str, intent: str, pending: str) -> None:
    assert meant(engine, text, pending) == intent


@pytest.mark.parametrize(("text", "slots"), [
    ("取三千，不对，取五千", {"amount": 5000}), ("想从公积金里拿两万块钱出来", {"amount": 20000}),
    ("租房提取，取三个月的", {"months": 3}), ("取半年的房租", {"months": 6}), ("缴存证明打两份", {"copies": 2}),
    ("打印最近三年的明细", {"period": "最近三年"}), ("贷五十万，二十年，一个月还多少", {"amount": 500000, "years": 20}),
    ("什么叫封存", {"term": "封存"}), ("退休取公积金要带哪些东西", {"matter": "withdraw.retirement"}),
    ("我听不懂普通话，你说河南话吧", {"dialect": "zhongyuan_henan"})])
def test_slots(engine: Engine, text: str, slots: dict[str, object]) -> None:
    assert dict(hear(engine, text).slots) == slots


@pytest.mark.parametrize(("text", "dialect", "intent"), [
    ("公积金咋个取", "xinan_guizhou", "withdraw"), ("啷个取公积金嘛", "xinan_chuanyu", "withdraw"),
    ("瞅瞅我卡里有多儿钱", "dongbei", "balance"), ("俺退喽休了，来取那公积金", "jin_hanxin", "withdraw.retirement"),
    ("个要带什呢证件", "jianghuai", "materials"), ("我想攞公积金", "yue", "withdraw"), ("公积金哪能拿", "wu", "withdraw")])
def test_dialect_words_known_and_automatic(engine: Engine, text: str, dialect: str, intent: str) -> None:
    assert meant(engine, text, dialect=dialect) == intent
    assert meant(engine, text) == intent


def test_at_most_three_are_offered(engine: Engine) -> None:
    for text in ("我退休了", "打张单子", "听不清，声音大些", "公积金", "贷款", "房子"):
        assert len(hear(engine, text).candidates) <= 3


def test_facts_of_the_account_shift_the_scores_and_make_up_nothing(engine: Engine) -> None:
    retired = Expectation(likely=("withdraw.retirement",))
    for text in ("岁数到了想取公积金", "我那个钱能拿了吧"):
        without, with_facts = (engine.weigh(text, one).scores for one in (Expectation(), retired))
        assert with_facts["withdraw.retirement"] > without["withdraw.retirement"]
        assert {i: s for i, s in with_facts.items() if i != "withdraw.retirement"} == {
            i: s for i, s in without.items() if i != "withdraw.retirement"}
    assert engine.understand("今天天气真好", retired).decision is Decision.REJECT
    assert engine.understand("我想查一下余额", retired).intent == "balance"
