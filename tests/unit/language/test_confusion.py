"""Distances between what may be said at the same time."""

from __future__ import annotations

from kiosk.language.confusion import Phrase, Sounds, answers, apart, commands, doubtful_yes
from kiosk.language.understand import Engine
from kiosk.ports.ears import Expectation, Reading, Transcript


def test_the_same_sound_in_one_dialect_only(engine: Engine) -> None:
    accents = {code: pack.accent for code, pack in engine.packs.items()}
    far = apart("拿到", "拉倒", accents)
    assert far["mandarin"] > 0.2 > 0.05 > far["xinan_guizhou"]
    assert apart("对", "对", accents)["mandarin"] == 0
    assert apart("对", "", accents)["mandarin"] > 0.5


def test_only_phrases_of_another_meaning_are_found(engine: Engine) -> None:
    accents = {code: pack.accent for code, pack in engine.packs.items()}
    sounds = Sounds([Phrase("十份", "ten", "a"), Phrase("四份", "four", "b"), Phrase("四分", "four", "c"),
                     Phrase("二十四份", "24", "d"), Phrase("张三", "name", "e")], accents)
    found = {pair.heard.text for pair in sounds.near(Phrase("四份", "four", "b"))}
    assert found == {"十份"}


def test_what_may_be_said_depends_on_the_question(engine: Engine) -> None:
    means = {pending: {phrase.means for phrase in answers(engine.packs, pending)}
             for pending in ("", "yes_no", "amount", "number", "choice")}
    assert means[""] == set()
    assert means["yes_no"] == {"yes", "no"}
    assert "all" in means["amount"]
    assert "number:四" in means["amount"]
    assert "number:-1" in means["choice"]
    assert {"cancel", "repeat", "balance"} <= {phrase.means for phrase in commands(engine.packs)}


def test_a_yes_like_a_refusal_is_not_exact(engine: Engine) -> None:
    assert "拿到" in doubtful_yes(engine.packs)
    expectation = Expectation(pending="yes_no", dialect="xinan_guizhou")
    for text, exact in (("拿到", False), ("拿到了", False), ("对", True), ("是的", True)):
        meaning = engine.understand(text, expectation)
        assert meaning.intent == "yes", text
        assert meaning.exact is exact, text
        heard = Transcript(text, (Reading("free", text, likelihood=-50.0), Reading("held:mandarin", text, likelihood=-50.0)))
        by_ear = engine.understand_heard(heard, expectation)
        assert (by_ear.intent, by_ear.exact) == ("yes", exact), text
