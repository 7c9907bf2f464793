"""What must not be kept of an utterance: numbers that may belong to somebody, names, addresses.

Rather too much than too little: a sentence that loses a word is still good for learning how people speak.
"""

from __future__ import annotations

import re

from kiosk.language.numbers import find_numbers

NUMBER, NAME, PLACE = "〔数〕", "〔名〕", "〔址〕"

_DIGIT = "0-9０-９零〇一二三四五六七八九十百千万两俩幺洞拐勾xXＸ"
_LONG_NUMBER = re.compile(rf"[{_DIGIT}](?:[{_DIGIT}]|[\s,，.．点-](?=[{_DIGIT}])){{3,}}")
_DATE = re.compile(rf"[0-9零〇一二三四五六七八九]{{2,4}}年(?:[{_DIGIT}]{{1,3}}月)?(?:[{_DIGIT}]{{1,3}}[日号])?"
                   rf"|[{_DIGIT}]{{1,3}}月[{_DIGIT}]{{1,3}}[日号]")

# A name of a place or firm: two to five characters that are no pronouns or small words, before what it is.
_NAMED = "[^\\W\\d_a-zA-Z我你您他她它们俺咱那这哪个的管旧老在到去来别本外是有没想要了和跟给把]"
_ADDRESS = re.compile(
    rf"(?<=住在)[\u4e00-\u9fff]{{2,10}}|(?<=家住)[\u4e00-\u9fff]{{2,10}}|(?<=老家在)[\u4e00-\u9fff]{{2,10}}|(?<=户口在)[\u4e00-\u9fff]{{2,10}}"
    rf"|{_NAMED}{{2,5}}(?:小区|社区|街道|大道|花园|新村|[路街巷弄](?=[{_DIGIT}])|[镇乡县](?!下))(?:[{_DIGIT}]+(?:号楼|号|栋|幢|单元|室|弄|组))*"
    rf"|[{_DIGIT}]+(?:号楼|栋|幢|单元|号院)(?:[{_DIGIT}]+(?:号楼|栋|幢|单元|楼|室|号))*")
_WORK = re.compile(rf"{_NAMED}{{2,6}}(?:公司|集团|学校|中学|小学|大学|医院|厂)")

# The commonest surnames of the mainland that are no everyday verbs or particles.
_SURNAMES = ("王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
             "姚谭廖邹熊陆郝孔崔邱秦侯邵龚孟雷尹江龙段黎史陶毛顾贺郜郭万钱严覃武戚莫汤")
_HAN = "[\u4e00-\u9fff]"
_CALLED = re.compile(rf"((?:名字|名|姓名|我|他|她|俺|老伴儿?|老公|老婆|儿子|女儿|爱人)(?:是|叫|就叫|叫做|叫作)|姓|免贵姓|贵姓)"
                     rf"([{_SURNAMES}欧司上诸]{_HAN}{{0,2}})")
_CALLED_BARE = re.compile(rf"(叫(?:做|作)?)([{_SURNAMES}]{_HAN}{{1,2}})")
_SURNAME_ANY = re.compile(rf"((?<![老同])姓)({_HAN}{{1,3}})")
_TITLED = re.compile(rf"(?:老|小|阿)?[{_SURNAMES}]{_HAN}{{0,2}}?(?=先生|女士|小姐|师傅|医生|主任|老师|阿姨|叔叔|大爷|大妈|大哥|大姐|科长|经理|局长|同志|伯伯|奶奶|爷爷)")
_OLD = re.compile(rf"(?<!{_HAN})[老小阿][{_SURNAMES}](?!{_HAN}*[头板])")
_WHOLE_NAME = re.compile(rf"[{_SURNAMES}]{_HAN}{{1,2}}")


def redact(text: str) -> str:
    """The text without what may tell who spoke; '' when nothing but that would be left (a bare name or number)."""
    clean = "".join(text.split())
    if _WHOLE_NAME.fullmatch(clean) and not _known_word(clean):
        return ""
    clean = _DATE.sub(NUMBER, clean)
    clean = _ADDRESS.sub(PLACE, clean)
    clean = _WORK.sub(PLACE, clean)
    clean = _LONG_NUMBER.sub(NUMBER, clean)
    clean = _large(clean)
    clean = _CALLED.sub(rf"\1{NAME}", clean)
    clean = _CALLED_BARE.sub(rf"\1{NAME}", clean)
    clean = _SURNAME_ANY.sub(rf"\1{NAME}", clean)
    clean = _TITLED.sub(NAME, clean)
    clean = _OLD.sub(NAME, clean)
    left = re.sub(r"〔.〕|[^\u4e00-\u9fff]", "", clean)
    return clean if len(left) >= 2 else ""


def _large(text: str) -> str:
    """Amounts from a thousand on tell about somebody's account."""
    for number in sorted(find_numbers(text), key=lambda n: -n.start):
        if number.value >= 1000:
            text = text[:number.start] + NUMBER + text[number.end:]
    return text


def _known_word(text: str) -> bool:
    from pypinyin.constants import PHRASES_DICT  # a dictionary of ordinary words, read once

    return text in PHRASES_DICT
