"""What may be said where (accessibility.md C6). Fails closed: what cannot be shown to be harmless stays unsaid.

Aloud in the hall only the public wording of a line may be said, and never four digits in a row, however they are
written: an identity, card or telephone number would be among them. The dialogue's sentences should never hold any;
this is the last door, at run time.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Collection

from kiosk.ports.understanding import Line
from kiosk.ports.voice import Channel

log = logging.getLogger(__name__)

#: Said aloud in place of a line that must not be heard.
KEPT_BACK = "这一项请看屏幕。"
#: From so many digits in a row on, a number could tell who somebody is.
TELLING = 4

#: Numerals, capitals and what is said over the radio.
_HAN_DIGITS = dict(zip("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖两幺洞拐勾弌弍弎",
                       "0012345678912345678921079123", strict=True))
#: A calendar year in this century is no secret; a year of birth is.
_YEAR = re.compile(r"(?<![\d零〇一二三四五六七八九])(?:20\d\d|二[零〇][零〇一二三四五六七八九]{2})(?=年)")
#: Opening hours ("9:00到17:00") are no secret; more than two times in a line are not opening hours.
_TIME = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])")
_TIMES = 2


def spoken_text(line: Line, channel: Channel, public_numbers: Collection[str] = ("12329",)) -> str:
    """The wording of `line` that may be said on `channel`; also its caption, for captions equal what is said.

    `public_numbers` are telephone numbers that everybody may hear.
    """
    if channel is Channel.HEADPHONES:
        return line.public if line.private is None else line.private
    if channel is Channel.LOUDSPEAKER and not tells_a_number(line.public, public_numbers):
        return line.public
    log.warning("a line was kept off the loudspeaker", extra={"reason": line.key})
    return KEPT_BACK


def tells_a_number(text: str, public_numbers: Collection[str] = ()) -> bool:
    """Whether `text` holds TELLING or more digits in a row: Arabic, full-width, circled, Chinese, capital or mixed,
    with or without spaces and punctuation between them."""
    text = _TIME.sub("某", _YEAR.sub("某", unicodedata.normalize("NFKC", text)), count=_TIMES)
    known = {re.sub(r"\D", "", number) for number in public_numbers}
    run = ""
    for character in (*text, "\0"):
        digit = _HAN_DIGITS.get(character) or _digit(character)
        if digit:
            run += digit
        elif not _separates(character):
            if len(run) >= TELLING and run not in known:
                return True
            run = ""
    return False


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return "" if value is None else str(value)


def _separates(character: str) -> bool:
    """Spaces, punctuation, symbols and invisible characters do not end a number."""
    return character != "\0" and unicodedata.category(character)[0] in "ZPSCM"
