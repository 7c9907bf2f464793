"""A button's own words said aloud: "make the letters large", "the second one". What is written can be said.

Understanding knows requests and yes and no; the words of one question's buttons are known only here. Plain comparison
of text, no guessing: one option or none.
"""

from __future__ import annotations

import re

from kiosk.dialogue.questions import Option, Question

_BETWEEN = re.compile(r"[\s，。！？、：；“”\"'（）()·]+")
_BEFORE = re.compile(r"^(?:嗯|呃|那个|那|就|我要|我选|给我|帮我|请|选|要|按|点)+")
_AFTER = re.compile(r"(?:吧|嘛|啊|呀|呢|啦|哦)+$")
_NOT = re.compile(r"[不没别莫甭冇未]")
_ORDINAL = re.compile(r"(?:第|选)?(?P<number>[一二三四1234])(?:个|项|号|张|样)?")
#: Shorter pieces than this are too common to mean a button.
_SHORTEST = 2


def said_option(asked: Question, text: str) -> Option | None:
    """The option whose words, extra words or number were said; None where that is not certain."""
    said = bare_words(text)
    if not said:
        return None
    return _by_very_words(asked, said) or _by_part(asked, said) or _by_number(asked, said)


def very_words(asked: Question, text: str) -> Option | None:
    """The option whose label was read out word for word, or one of its extra words was said."""
    return _by_very_words(asked, bare_words(text))


def read_out(option: Option, text: str) -> bool:
    """Were the words on the button said, or other words for it, and nothing else?"""
    return bare_words(text) in _labels(option) | {bare_words(words) for words in option.words}


def bare_words(text: str) -> str:
    """Without spaces, punctuation and what people say around an answer."""
    words = _BETWEEN.sub("", text)
    return _AFTER.sub("", _BEFORE.sub("", words)) or words


def _labels(option: Option) -> set[str]:
    """As it is written, and as it was read out."""
    return {bare_words(text) for text in (option.label, option.line.public, option.line.private) if text}


def _by_very_words(asked: Question, said: str) -> Option | None:
    found = [option for option in asked.options if said in _labels(option)]
    found = found or [option for option in asked.options if any(_holds(said, words) for words in option.words)]
    return found[0] if len(found) == 1 else None


def _by_part(asked: Question, said: str) -> Option | None:
    if len(said) < _SHORTEST:
        return None
    found = [option for option in asked.options if any(
        _holds(label, said) or (len(label) >= _SHORTEST and _holds(said, label)) for label in _labels(option))]
    return found[0] if len(found) == 1 else None


def _holds(text: str, piece: str) -> bool:
    """Is the piece in the text, and does the rest not turn it round ("not ...")?"""
    return piece in text and bool(_NOT.search(text)) == bool(_NOT.search(piece))


def _by_number(asked: Question, said: str) -> Option | None:
    found = _ORDINAL.fullmatch(said)
    if not found:
        return None
    number = "一二三四1234".index(found["number"]) % 4
    return asked.options[number] if number < len(asked.options) else None
