"""Phrases in lexicon words and in words that sound like the dialect."""

from __future__ import annotations

import pytest

from kiosk.language.respell import Lexicon, Spelling, accents_for, restore
from kiosk.language.syllables import Accent, parse, syllables

SOUTHWEST = Accent("x", initials={"zh": "z", "ch": "c", "sh": "s", "n": "l"}, finals={"ing": "in", "eng": "en"},
                   tones={1: 1, 2: 3, 3: 4, 4: 2}, characters={"街": parse("gai1")})
WORDS = ["公积金", "公", "积", "金", "证明", "证", "明", "打", "打印", "提取", "取", "想", "住房", "怎", "敏", "闵", "悯", "达", "答", "瘩",
         "功", "攻", "基", "鸡", "今", "斤", "哈", "该", "我", "卯", "旧", "就", "救", "皿"]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(WORDS)


def test_the_fewest_and_longest_words_are_taken(lexicon: Lexicon) -> None:
    assert lexicon.cut("打印住房公积金证明").words == ("打印", "住房", "公积金", "证明")


def test_punctuation_has_no_sound(lexicon: Lexicon) -> None:
    assert lexicon.cut("打印，证明。").words == ("打印", "证明")


def test_characters_without_a_word_are_reported(lexicon: Lexicon) -> None:
    cut = lexicon.cut("冇证明")
    assert cut.missing == ("冇",)
    assert cut.words == ("冇", "证明")


def test_a_missing_sound_gets_another_tone_before_another_sound(lexicon: Lexicon) -> None:
    assert lexicon.like(parse("min1")) == lexicon.like(parse("min3"))
    assert all(syllables(c)[0].final == "in" for c in lexicon.like(parse("min1")))


def test_mandarin_alone_is_spelled_as_it_is(lexicon: Lexicon) -> None:
    spelling = Spelling(["打印证明"], lexicon, ())
    assert spelling.lines("打印证明") == ("打印 证明",)
    assert spelling.back == {}


def test_a_character_that_the_lexicon_lacks_is_heard_by_its_sound(lexicon: Lexicon) -> None:
    spelling = Spelling(["冇证明"], lexicon, ())
    assert spelling.lines("冇证明") == ("卯 证明",)
    assert restore("卯 证明", spelling.back) == "冇 证明"


def test_dialect_lines_sound_like_the_dialect_and_lead_back(lexicon: Lexicon) -> None:
    spelling = Spelling(["我想打证明"], lexicon, (SOUTHWEST,))
    mandarin, dialect = spelling.lines("我想打证明")
    assert mandarin == "我 想 打 证明"
    token_sounds = [syllables(token)[0] for token in dialect.split()]
    assert token_sounds[-1] == parse("min3")
    assert token_sounds[2] == parse("da4")._replace(tone=token_sounds[2].tone)
    assert restore(dialect, spelling.back).replace(" ", "") == "我想打证明"


def test_words_that_stand_for_themselves_are_not_used_for_others(lexicon: Lexicon) -> None:
    spelling = Spelling(["明", "皿", "证明"], lexicon, (SOUTHWEST,))
    assert "皿" not in spelling.back
    assert restore("皿", spelling.back) == "皿"


def test_different_words_get_different_spellings_while_there_are_characters(lexicon: Lexicon) -> None:
    spelling = Spelling(["明", "证明"], lexicon, (SOUTHWEST,))
    alone, together = spelling.lines("明")[1], spelling.lines("证明")[1]
    assert alone != together.split()[-1]


def test_a_word_is_spelled_the_same_everywhere(lexicon: Lexicon) -> None:
    spelling = Spelling(["打证明", "证明打"], lexicon, (SOUTHWEST,))
    first, second = spelling.lines("打证明")[1].split(), spelling.lines("证明打")[1].split()
    assert first[0] == second[-1]
    assert first[1:] == second[:-1]


def test_phrases_that_come_later_are_spelled_too(lexicon: Lexicon) -> None:
    spelling = Spelling(["证明"], lexicon, (SOUTHWEST,))
    assert restore(spelling.lines("提取公积金")[-1], spelling.back).replace(" ", "") == "提取公积金"


def test_broad_and_light_speakers_are_both_expected() -> None:
    broad, light, lightest = accents_for(SOUTHWEST)
    assert broad.surface(parse("jie1"), "街") == parse("gai1")
    assert light.surface(parse("jie1"), "街").initial == "j"
    assert light.surface(parse("ming2")) == parse("min3")
    assert lightest.surface(parse("ming2")) == parse("ming3")
    assert accents_for(Accent("plain")) == (Accent("plain"),)


def test_restore_takes_the_longest_run_and_leaves_the_rest() -> None:
    back = {"怎 敏": "证明", "怎": "证", "敏": "明"}
    assert restore("打 怎 敏 敏 的", back) == "打 证明 明 的"


def test_a_sound_before_speech_stands_for_nothing(lexicon: Lexicon) -> None:
    spelling = Spelling(["我想打证明"], Lexicon([*WORDS, "铭"]), (SOUTHWEST,), (parse("ming2"), parse("shui3")))
    assert spelling.onsets == ("铭",)
    assert restore("铭 我 想", spelling.back) == "我 想"
    assert all("铭" not in line for line in spelling.lines("我想打证明"))
