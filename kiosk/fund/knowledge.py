"""What people ask, and what is answered: assets/knowledge, read and checked.

    sources.yaml     where answers come from
    wording.yaml     words that no plain answer uses; what is said where a city's figure is not known
    glossary.yaml    words that need explaining: each becomes the question "什么叫…"
    ways.tsv         more ways of asking, only learnt from (ways.py)
    <subject>.yaml   matters, and the questions asked about each

A question's id is "<matter>.<name>", that of a word "term.<name>". Its name is also the kind of question it is (amount, often,
arrival ...), by which "and how much?" finds the answer to the matter being talked about.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import msgspec

from kiosk.fund import ways
from kiosk.fund.datafile import convert, read_yaml
from kiosk.fund.errors import DataError
from kiosk.fund.rule_source import Data, Source

#: A sentence that is said has at most so many characters; a figure to be filled in counts for four.
LONGEST = 40
#: Matter of the glossary, and how its words are asked for.
TERM = "term"
ASKED_OF_TERMS = ("什么叫{word}", "{word}是什么意思", "什么是{word}", "{word}是啥", "{word}是怎么回事", "{word}怎么讲")
_SENTENCE = re.compile(r"[^。？！；]+[。？！；]?")
_SLOT = re.compile(r"\{[^}]*\}")
_NAME = re.compile(r"[a-z0-9_]+")
_OWN_FILES = frozenset({"sources", "wording", "glossary", "synonyms", "people"})


class _Texts(Data, frozen=True):
    """What is answered from a day on."""

    plain: str
    official: str
    source: str


class _Question(Data, frozen=True):
    title: str
    ask: tuple[str, ...]
    plain: str = ""
    official: str = ""
    source: str = ""
    since: dict[str, _Texts] = msgspec.field(default_factory=dict)
    example: str = ""
    which: tuple[str, ...] = ()
    go: str | None = None
    bring: str | None = None


class _Matter(Data, frozen=True):
    title: str
    source: str
    official: str
    questions: dict[str, _Question]
    intent: str = ""
    go: str | None = None
    bring: str | None = None
    revising: bool = False


class _Subject(Data, frozen=True):
    subject: str
    icon: str
    matters: dict[str, _Matter]


class _Term(Data, frozen=True):
    word: str
    plain: str
    official: str
    also: tuple[str, ...] = ()
    see: str = ""
    source: str = ""


class _Glossary(Data, frozen=True):
    source: str
    terms: dict[str, _Term]


class Wording(Data, frozen=True):
    """wording.yaml. `jargon`: word to what is said instead."""

    jargon: dict[str, str]
    unknown: str
    revising: str


@dataclass(frozen=True)
class Texts:
    """The answer from `since` on (None: always). `plain` is said, `official` stands behind it."""

    plain: str
    official: str
    source: Source
    since: date | None = None


@dataclass(frozen=True)
class Question:
    """`texts` oldest first. `matter` and `intent`: what it is about; `go`: the intent that "do it now" starts; `bring`: whose
    list of papers is printed; `which`: questions to choose from, where the answer depends; `word`: the word explained; `ways`: more ways of asking, only
    learnt from."""

    id: str
    matter: str
    matter_title: str
    subject: str
    icon: str
    title: str
    ask: tuple[str, ...]
    texts: tuple[Texts, ...]
    intent: str = ""
    example: str = ""
    which: tuple[str, ...] = ()
    go: str = ""
    bring: str = ""
    revising: bool = False
    word: str = ""
    ways: tuple[str, ...] = ()
    file: str = field(default="", compare=False)

    @property
    def kind(self) -> str:
        return self.id.partition(".")[2]

    def on(self, day: date) -> Texts:
        """The answer in force on `day`; the oldest known one before that."""
        return ([self.texts[0]] + [text for text in self.texts if text.since and text.since <= day])[-1]


@dataclass(frozen=True)
class Knowledge:
    """All questions by id, in the order of the files."""

    questions: Mapping[str, Question]
    wording: Wording

    @property
    def matters(self) -> tuple[str, ...]:
        """Ids of the matters, without the glossary."""
        return tuple(dict.fromkeys(q.matter for q in self.questions.values() if q.matter != TERM))

    @property
    def subjects(self) -> Mapping[str, str]:
        """Subject to icon, in order."""
        return {q.subject: q.icon for q in self.questions.values()}

    def about(self, topic: str) -> tuple[Question, ...]:
        """Questions of a matter, given its own id or its intent's."""
        return tuple(q for q in self.questions.values() if topic and topic in (q.matter, q.intent))


def load(folder: Path) -> Knowledge:
    """Read all files. Raises DataError for what has the wrong form; see `problems` for the manner of speaking."""
    sources = convert(read_yaml(folder / "sources.yaml").get("sources"), dict[str, Source], "sources.yaml: sources")
    wording = convert(read_yaml(folder / "wording.yaml"), Wording, "wording.yaml: ")
    questions: dict[str, Question] = {}
    for path in sorted(folder.glob("*.yaml")):
        made = [] if path.stem in _OWN_FILES else list(_subject(path, sources))
        for question in made:
            if question.id in questions:
                raise DataError(f"{path.name}: {question.id}", f"{questions[question.id].file} 里已经有这一问了，请换个名字。")
            questions[question.id] = question
    for question in _glossary(folder / "glossary.yaml", sources):
        questions[question.id] = question
    for name, more in ways.by_question(ways.read(folder), questions).items():
        questions[name] = replace(questions[name], ways=more)
    return Knowledge(questions, wording)


def _subject(path: Path, sources: Mapping[str, Source]) -> Iterator[Question]:
    one = convert(read_yaml(path), _Subject, f"{path.name}: ")
    for name, matter in one.matters.items():
        where = f"{path.name}: matters.{name}"
        _check_name(name, where)
        for kind, asked in matter.questions.items():
            place = f"{where}.questions.{kind}"
            _check_name(kind, place)
            go = next((text for text in (asked.go, matter.go) if text is not None), matter.intent)
            bring = next((text for text in (asked.bring, matter.bring) if text is not None), matter.intent)
            yield Question(f"{name}.{kind}", name, matter.title, one.subject, one.icon, asked.title, asked.ask,
                           tuple(_texts(asked, matter, sources, place)), matter.intent, asked.example, asked.which, go,
                           bring, matter.revising, file=path.name)


def _texts(asked: _Question, matter: _Matter, sources: Mapping[str, Source], where: str) -> Iterator[Texts]:
    if bool(asked.since) == bool(asked.plain):
        raise DataError(where, "要写 plain（大白话的回答），或者 since（从哪一天起怎么回答），两样写一样。")
    if asked.plain:
        yield Texts(asked.plain, asked.official or matter.official, _source(asked.source or matter.source, sources, where))
    for day, text in sorted(asked.since.items()):
        try:
            since = date.fromisoformat(day)
        except ValueError:
            raise DataError(f"{where}.since.{day}", "日期不对，请写成 \"2026-09-20\" 这样。") from None
        yield Texts(text.plain, text.official, _source(text.source, sources, where), since)


def _glossary(path: Path, sources: Mapping[str, Source]) -> Iterator[Question]:
    one = convert(read_yaml(path), _Glossary, f"{path.name}: ")
    for name, term in one.terms.items():
        where = f"{path.name}: terms.{name}"
        _check_name(name, where)
        words = (term.word, *term.also)
        asked = tuple(way.format(word=word) for word in words for way in ASKED_OF_TERMS)
        text = Texts(term.plain, term.official, _source(term.source or one.source, sources, where))
        yield Question(f"{TERM}.{name}", TERM, "名词解释", "听不懂的词", "question", f"什么叫{term.word}", asked, (text,),
                       which=(term.see,) if term.see else (), word=term.word, file=path.name)


def _source(name: str, sources: Mapping[str, Source], where: str) -> Source:
    if name not in sources:
        raise DataError(f"{where}.source", f"sources.yaml 里没有“{name}”这个出处。")
    return sources[name]


def _check_name(name: str, where: str) -> None:
    if not _NAME.fullmatch(name):
        raise DataError(where, "名字只用小写英文字母、数字和下划线。")


# ------------------------------------------------------------------ the manner of speaking


def sentences(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SENTENCE.findall(text) if part.strip())


def slots(text: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name)


def problems(known: Knowledge, values: frozenset[str], examples: frozenset[str], starts: frozenset[str]) -> list[str]:
    """What is wrong with the answers, as "file: question: sentence" for the person who writes them. `values` and `examples`
    can be worked out; `starts` are the intents that have a flow."""
    found = []
    for question in known.questions.values():
        for path, complaint in (*_links(question, known, examples, starts), *_wordings(question), *_answers(question, known, values)):
            found.append(f"{question.file}: {question.id}{path}: {complaint}")
    for name in ("unknown", "revising"):
        found += [f"wording.yaml: {name}: {complaint}" for complaint in _complaints(getattr(known.wording, name), {}, values)]
    asked = {question.id: (*question.ask, question.title) for question in known.questions.values()}
    return [*found, *_doubles(known), *ways.problems({q.id: q.ways for q in known.questions.values() if q.ways}, asked)]


Fault = tuple[str, str]


def _links(question: Question, known: Knowledge, examples: frozenset[str], starts: frozenset[str]) -> Iterator[Fault]:
    for other in question.which:
        if other not in known.questions:
            yield ".which", f"没有“{other}”这一问，请检查名字。"
    if question.go and question.go not in starts:
        yield ".go", f"没有流程负责“{question.go}”，“现在办”按下去走不通。不想要这个按钮就写 go: \"\"。"
    if question.example and question.example not in examples:
        yield ".example", f"没有“{question.example}”这种例子，可以写：{'、'.join(sorted(examples))}。"
    if len(question.title) > 14:
        yield ".title", f"按钮上的字最多 14 个，这里有 {len(question.title)} 个。"


def _wordings(question: Question) -> Iterator[Fault]:
    if len(set(question.ask)) < 3:
        yield ".ask", "至少要写三种问法，大家问的话各不相同。"
    for asked in question.ask:
        if len(asked) < 3 or len(asked) > 30:
            yield ".ask", f"“{asked}”太短或者太长，请写 3 到 30 个字的一句问话。"


def _answers(question: Question, known: Knowledge, values: frozenset[str]) -> Iterator[Fault]:
    for text in question.texts:
        jargon = {} if question.word else known.wording.jargon
        for complaint in _complaints(text.plain, jargon, values):
            yield ".plain", complaint
        if not text.official.strip():
            yield ".official", "还没有原文。请用自己的话写明条例或者办法怎么规定，不要整段抄。"
        for name in set(slots(text.official)) - values:
            yield ".official", f"算不出“{name}”，可以写：{'、'.join(sorted(values))}。"


def _complaints(text: str, jargon: Mapping[str, str], values: frozenset[str]) -> Iterator[str]:
    if not text.strip():
        yield "还没有写回答。"
    for name in sorted(set(slots(text)) - values):
        yield f"算不出“{name}”，可以写：{'、'.join(sorted(values))}。"
    bare = _SLOT.sub("", text)
    for sentence in sentences(text):
        length = len(_SLOT.sub("四四四四", sentence).rstrip("。？！；"))
        if length > LONGEST:
            yield f"“{sentence[:12]}……”有 {length} 个字，一句最多 {LONGEST} 个字，请拆成短句。"
    for word, better in jargon.items():
        if word in bare:
            yield f"不要用“{word}”，{better}"
    if re.search(r"你(?!们)", bare):
        yield "对来办事的人要说“您”。"
    if re.search(r"\d", bare):
        yield "数字请写成汉字；会变的数、各地不一样的数，用花括号里的名字，机器从规则里取。"


def _doubles(known: Knowledge) -> Iterator[str]:
    """One wording that leads to two answers."""
    seen: dict[str, Question] = {}
    for question in known.questions.values():
        for asked in question.ask:
            other = seen.setdefault(asked, question)
            if other is not question:
                yield f"{question.file}: {question.id}.ask: “{asked}”在 {other.id} 里也有，只能留一处。"
