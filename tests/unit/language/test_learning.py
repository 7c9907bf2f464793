"""What a hall learns: nothing personal is kept, sayings are put together by sound, lessons are checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kiosk.fund.errors import DataError
from kiosk.language.clusters import clustered
from kiosk.language.packs import Example
from kiosk.language.redact import redact
from kiosk.language.site_pack import corpus_file, read_site, signature, with_lessons, write_site
from kiosk.language.teach import Lesson, bare, objection
from kiosk.language.understand import Engine, load
from kiosk.places import ASSETS
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision
from kiosk.ports.unheard_store import Unheard

# ------------------------------------------------------------------ redaction


@pytest.mark.parametrize(("said", "kept"), [
    ("我叫王小样我要取钱", "我叫〔名〕我要取钱"),
    ("我姓欧阳", "我姓〔名〕"),
    ("我儿子叫李样例", "我儿子叫〔名〕"),
    ("李师傅说让我来的", "〔名〕师傅说让我来的"),
    ("老王在哪里", "〔名〕在哪里"),
    ("我身份证号520102195803124567", "我身份证号〔数〕"),
    ("我的号是五二零一零二一九五八", "我的号是〔数〕"),
    ("尾号一二三四那张", "尾号〔数〕那张"),
    ("把三万五转到建行", "把〔数〕转到建行"),
    ("我是五八年三月生的", "我是〔数〕生的"),
    ("我住在样例小区三栋", "我住在〔址〕"),
    ("我在样品轮胎厂上班", "我在〔址〕上班"),
])
def test_who_and_how_much_is_painted_over(said: str, kept: str) -> None:
    assert redact(said) == kept


@pytest.mark.parametrize("said", ["王小样", "一三八零零一三八零零零", "520102195803124567", "嗯"])
def test_nothing_but_identity_is_not_kept_at_all(said: str) -> None:
    assert redact(said) == ""


@pytest.mark.parametrize("said", ["叫工作人员来", "我是来取钱的", "打两张证明", "退休三年了", "你们叫什么名字", "这个我弄不明白",
                                  "老旧小区改造我们家摊了一笔钱", "叫个人来帮帮忙"])
def test_requests_stay_as_they_are(said: str) -> None:
    assert redact(said) == said


# ------------------------------------------------------------------ clusters


def note(text: str, offered: tuple[str, ...] = (), pending: str = "", dialect: str = "auto") -> Unheard:
    return Unheard(date(2026, 11, 2), text, pending, dialect, "ask" if offered else "reject", offered)


def test_one_saying_in_several_spellings_is_one_cluster(engine: Engine) -> None:
    accents = {code: pack.accent for code, pack in engine.packs.items()}
    notes = [note("把老本拎出来", ("certificate",)), note("把脑本拎出来"), note("把老本拎出来"), note("今天吃什么"),
             note("把老本拎出来", pending="amount")]
    found = clustered(notes, accents, engine.accents("auto"))
    assert [(c.text, c.count) for c in found] == [("把老本拎出来", 3), ("今天吃什么", 1), ("把老本拎出来", 1)]
    assert found[0].texts["把脑本拎出来"] == 1
    assert found[0].offered == {"certificate": 1}


# ------------------------------------------------------------------ the hall's packs


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert read_site(tmp_path) == {}
    before = signature(tmp_path)
    write_site(tmp_path, "wu", [Example("拎点洋钿", "withdraw"), Example("蛮好", "yes", "yes_no")])
    assert signature(tmp_path) != before
    found = read_site(tmp_path)
    assert [(e.text, e.intent, e.pending) for e in found["wu"]] == [("拎点洋钿", "withdraw", ""), ("蛮好", "yes", "yes_no")]
    assert [p.name for p in corpus_file(tmp_path, "wu").parent.iterdir()] == ["corpus.tsv"], "nothing half is left"


@pytest.mark.parametrize(("folder", "line", "says"), [
    ("mars", "balance\t\t看看\t", "mars"),
    ("wu", "balanse\t\t看看我的\t", "balanse"),
    ("wu", "balance\tmaybe\t看看我的\t", "maybe"),
    ("wu", "balance 看看我的", "四格"),
])
def test_slips_in_the_halls_file_are_named(tmp_path: Path, folder: str, line: str, says: str) -> None:
    path = corpus_file(tmp_path, folder)
    path.parent.mkdir()
    path.write_text(f"intent\tpending\ttext\talt\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_site(tmp_path)
    assert str(path) in caught.value.sentence
    assert says in caught.value.sentence


SAYING = "我那个本本上还趴着几个子儿"


def test_a_lesson_is_known_by_heart_and_by_sound(engine: Engine) -> None:
    asked = Expectation(dialect="xinan_guizhou")
    before = engine.understand(SAYING, asked)
    assert (before.decision, before.intent) != (Decision.ACCEPT, "balance"), "choose a saying that is not known yet"
    after = engine.taught(with_lessons(engine.packs, {"xinan_guizhou": [Example(SAYING, "balance")]}))
    for said in (SAYING, SAYING.replace("上", "尚"), SAYING + "嘛"):
        meaning = after.understand(said, asked)
        assert (meaning.decision, meaning.intent) == (Decision.ACCEPT, "balance"), said
    assert engine.understand(SAYING, asked) == before, "the old engine is as it was"


def test_a_lesson_for_a_question_counts_only_then(engine: Engine) -> None:
    after = engine.taught(with_lessons(engine.packs, {"dongbei": [Example("就这么着整吧您嘞", "yes", "yes_no")]}))
    asked = Expectation(pending="yes_no", dialect="dongbei")
    assert after.understand("就这么着整吧您嘞", asked).intent == "yes"
    assert after.understand("就这么着整吧您嘞", Expectation(dialect="dongbei")).intent != "yes"


# ------------------------------------------------------------------ may it be learnt?


@pytest.fixture(scope="module")
def strict() -> Engine:
    return load(ASSETS, examples=False)


def refused(engine: Engine, text: str, intent: str, dialect: str = "mandarin", pending: str = "") -> str:
    return objection(engine, Lesson(Example(bare(engine, text, dialect), intent, pending), dialect))


@pytest.mark.parametrize(("text", "intent", "pending", "says"), [
    ("查余额", "balance", "", "已经听得懂"),
    ("查余额", "staff", "", "balance"),
    ("再说一遍", "cancel", "", "repeat"),
    ("拉倒", "yes", "yes_no", "另一件事"),
    ("那倒", "yes", "yes_no", "几乎一个音"),
    ("好得很", "yes", "", "--pending yes_no"),
    ("退", "balance", "", "太短"),
    ("我要取〔数〕", "withdraw", "", "涂掉"),
    ("给我弄弄", "dance", "", "没有「dance」"),
    ("五个", "number", "number", "自己认"),
])
def test_a_lesson_that_would_do_harm_is_refused(strict: Engine, text: str, intent: str, pending: str, says: str) -> None:
    assert says in refused(strict, text, intent, pending=pending)


def test_a_good_lesson_is_taken(strict: Engine) -> None:
    assert refused(strict, SAYING, "balance", "xinan_guizhou") == ""


def test_a_lesson_that_spoils_an_example_is_refused(strict: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.language import teach
    monkeypatch.setattr(teach, "failing", lambda example, code, engine: "x" if engine is not strict else "")
    assert "就听不对了" in refused(strict, SAYING, "balance", "xinan_guizhou")
