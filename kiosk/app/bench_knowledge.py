"""`kiosk bench knowledge`: how often is the question found that was asked? Measured on paraphrases that the files do not hold.

The table (tests/content/knowledge_paraphrases.tsv, or --data) has: id, set (dev or eval), question (its id, or none), also (other
answers that are right, or intents that are, with | between), topic (the matter being talked about), kind, text. Thresholds were chosen on the set
dev; eval was written before the ways of asking in the files and never used for them; follow are short questions
after an answer. questions_blind.tsv (set blind) was written by somebody who had seen neither the files nor the kiosk; where the
files have no answer, `question` is empty, and saying so is right.

    right     answered with that question, or led to the matter itself where doing it is the answer
    offered   right, or among the questions offered
    unknown   told honestly that the kiosk does not know, or not taken for a question
    wrong     answered with something else
    none      talk and other business (rows whose intent is none in the tables of utterances), answered all the same; and how
              often the kiosk asks back "do you mean"
The same again with recognition errors: one syllable in seven written with another character of the same or a similar sound.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from pypinyin.constants import PINYIN_DICT

from kiosk import places
from kiosk.app import answers
from kiosk.app.bench_figures import Figure
from kiosk.app.bench_understanding import Row as Utterance
from kiosk.app.bench_understanding import read_table, wilson
from kiosk.fund import knowledge
from kiosk.fund.errors import DataError
from kiosk.fund.knowledge import Knowledge
from kiosk.language import understand
from kiosk.language.asking import DOES
from kiosk.language.knowledge import LEARNT, Index
from kiosk.language.spotting import wide
from kiosk.language.syllables import phrase_syllables
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Understander, Understanding

Made = TypeVar("Made")
#: One syllable in so many is misheard.
MISHEARD = 7
#: What counts as an answer for questions that a flow of its own answers.
_AS_WELL = {"hall": ("hall_time.hours", "hall_place.window", "hall_phone.number"), "help": ("machine.can",),
            "withdraw": ("take.how",)}


@dataclass(frozen=True)
class Row:
    id: str
    set: str
    question: str
    also: tuple[str, ...]
    topic: str
    kind: str
    text: str


@dataclass
class Figures:
    rows: int = 0
    right: int = 0
    offered: int = 0
    unknown: int = 0
    wrong: int = 0
    times: list[float] = field(default_factory=list)
    mistakes: list[tuple[str, str, str]] = field(default_factory=list)


def read(path: Path, wanted: str = "eval") -> list[Row]:
    """Rows of one set. Raises DataError for a table of another form."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    try:
        return [Row(r["id"], r["set"], r["question"], tuple(filter(None, r["also"].split("|"))), r["topic"], r["kind"], r["text"])
                for r in rows if r["set"] == wanted]
    except (KeyError, AttributeError):
        raise DataError(path.name, "这张表要有这几格：id、set、question、also、topic、kind、text，用制表符隔开。") from None


def misheard(text: str, every: int = MISHEARD, seed: str = "") -> str:
    """The text with about one character in `every` written as another one that sounds like it. Always the same."""
    chance = random.Random(f"{seed}{text}")
    return "".join(chance.choice(_sounding()[wide(phrase_syllables(c)[0])]) if ord(c) in PINYIN_DICT and c >= "一"
                   and chance.randrange(every) == 0 and wide(phrase_syllables(c)[0]) in _sounding() else c for c in text)


_SOUNDING: dict[str, list[str]] = {}
#: Common characters, of which a recogniser makes its mistakes.
_COMMON = ("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
           "民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义"
           "事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直"
           "题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西"
           "被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更"
           "单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研"
           "界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构"
           "府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严")


def _sounding() -> dict[str, list[str]]:
    if not _SOUNDING:
        for character in _COMMON:
            _SOUNDING.setdefault(wide(phrase_syllables(character)[0]), []).append(character)
    return _SOUNDING


def measure(rows: Iterable[Row], asking: Understander, known: Knowledge, hear: int = 0) -> Figures:
    """The figures of some rows; `hear`: with recognition errors, one in so many syllables."""
    figures = Figures()
    for row in rows:
        text = misheard(row.text, hear) if hear else row.text
        begin = time.perf_counter()
        meaning = asking.understand(text, Expectation(topic=row.topic, about="x" if row.topic else ""))
        figures.times.append((time.perf_counter() - begin) * 1000)
        _count(figures, row, text, meaning, known)
    return figures


def _count(figures: Figures, row: Row, text: str, meaning: Understanding, known: Knowledge) -> None:
    wanted = tuple(filter(None, (row.question, *row.also)))
    figures.rows += 1
    offers = meaning.slots.get("offers")
    offered = [str(one["id"]) for one in offers if isinstance(one, dict)] if isinstance(offers, tuple) else []
    if meaning.intent == "policy" and meaning.decision is Decision.ACCEPT:
        given = str(meaning.slots.get("article") or "")
        if given in wanted:
            figures.right += 1
            figures.offered += 1
        elif given:
            figures.wrong += 1
            figures.mistakes.append((text, row.question, given))
        elif any(one in wanted for one in offered):
            figures.offered += 1
        elif not row.question and not offered:
            figures.right += 1
            figures.offered += 1
        else:
            figures.unknown += 1
    elif meaning.decision is Decision.REJECT:
        figures.unknown += 1
    elif meaning.intent == "policy" and meaning.slots.get("article") in wanted:
        figures.offered += 1
    elif meaning.intent == "hall" and meaning.slots.get("article") in wanted:
        figures.right += 1
        figures.offered += 1
    elif _led(meaning.intent, wanted, known):
        figures.offered += 1
        figures.right += meaning.decision is Decision.ACCEPT
    elif meaning.decision is Decision.ASK and any(_led(one, wanted, known) for one in meaning.candidates):
        figures.offered += 1
    elif meaning.decision is Decision.ASK:
        figures.unknown += 1
    else:
        figures.wrong += 1
        figures.mistakes.append((text, row.question, meaning.intent))


def _led(intent: str, wanted: Sequence[str], known: Knowledge) -> bool:
    """Is this request another right answer to the question?"""
    if intent in wanted:
        return True
    for name in wanted:
        question = known.questions.get(name)
        if name in _AS_WELL.get(intent, ()) or (question and question.kind in DOES and intent == question.intent):
            return True
        if question and intent == "materials" and question.kind == "bring":
            return True
    return False


@dataclass
class Talk:
    """Rows that are no request; how many of them were `answered`, and for how many the kiosk `asked` back about a question."""

    rows: int = 0
    answered: int = 0
    asked: int = 0
    which: list[str] = field(default_factory=list)


def talk(rows: Iterable[Utterance], asking: Understander) -> Talk:
    """What happens to those of the rows that are no request."""
    found = Talk()
    for row in rows:
        if row.intent != "none":
            continue
        found.rows += 1
        meaning = asking.understand(row.text, Expectation(pending=row.pending, dialect=row.dialect))
        if meaning.intent == "policy" and "policy" not in row.alt:
            found.answered += meaning.decision is Decision.ACCEPT
            found.asked += meaning.decision is Decision.ASK and "article" in meaning.slots
            found.which.append(f"{meaning.decision} {row.text} -> {meaning.slots.get('article') or '…'}")
    return found


def table(sets: dict[str, Figures], none: Talk | None = None, unseen: Talk | None = None) -> str:
    """The figures as text, one line a set."""
    lines = [f"{'':26}{'rows':>6}{'right %':>22}{'offered %':>22}{'unknown %':>11}{'wrong %':>20}"]
    for name, f in sets.items():
        if f.rows:
            lines.append(f"{name:26}{f.rows:6}{_share(f.right, f.rows):>22}{_share(f.offered, f.rows):>22}"
                         f"{100 * f.unknown / f.rows:11.1f}{_share(f.wrong, f.rows):>20}")
    for name, one in (("talk", none), ("talk, unseen", unseen)):
        if one and one.rows:
            lines.append(f"{name} ({one.rows} rows): answered {one.answered}, {_share(one.answered, one.rows)} %; "
                         f"asked back {one.asked}, {_share(one.asked, one.rows)} %")
    return "\n".join(lines)


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:.1f} [{low:.1f}, {high:.1f}]"


# ------------------------------------------------------------------ the command


TABLES = places.ASSETS.parent / "tests" / "content"
TALK = (TABLES / "utterances.tsv", TABLES / "stranger.tsv", TABLES / "stranger2.tsv",
        places.ASSETS.parent.parent / "shared" / "speech" / "utterances_dev.tsv")
UNSEEN = TABLES / "stranger3.tsv"
BLIND = TABLES / "questions_blind.tsv"
SETS = (("dev", "dev", 0), ("eval", "eval", 0), ("eval, misheard", "eval", MISHEARD), ("follow-ups", "follow", 0))


@dataclass(frozen=True)
class Study:
    """`talk`: rows by which thresholds were chosen; `unseen`: others."""

    sets: dict[str, Figures]
    talk: Talk
    unseen: Talk | None = None

    def as_text(self, mistakes: bool = False) -> str:
        lines = [table(self.sets, self.talk, self.unseen)]
        if mistakes:
            lines += [f"{name}: {text} ({wanted}) -> {given}" for name, one in self.sets.items() for text, wanted, given in one.mistakes]
            lines += [f"talk: {one}" for one in (*self.talk.which, *(self.unseen.which if self.unseen else ()))]
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        shares = {name: {"rows": f.rows, "right": f.right, "offered": f.offered, "unknown": f.unknown, "wrong": f.wrong}
                  for name, f in self.sets.items()}
        talks = {"talk": self.talk, "talk, unseen": self.unseen}
        return {**shares, **{name: {"rows": t.rows, "answered": t.answered, "asked": t.asked} for name, t in talks.items() if t}}


def figures() -> list[Figure]:
    """How long it takes to learn the ways of asking, to load what was learnt, and to look up one question."""
    engine = understand.load(places.ASSETS)
    folder = places.ASSETS / "knowledge"
    known = knowledge.load(folder)
    learnt, _ = _timed(lambda: Index(known, engine, folder))
    answers.asking(engine, engine).prepare()  # kept from now on
    loaded, index = _timed(lambda: Index(known, engine, folder, learnt=LEARNT))
    features, questions, size = index.size
    asked = [text for question in known.questions.values() for text in question.ask]
    ways = len(asked) + sum(len(question.ways) for question in known.questions.values())
    times = [_timed(partial(index.find, text))[0] for text in asked]
    return [Figure("knowledge.learn", "问法学一遍", "ms", (learnt,), None, f"{ways} 种问法；kiosk packs build 时，或者改过以后第一次"),
            Figure("knowledge.index", "问答准备好", "ms", (loaded,), 200.0,
                   f"{questions} 个问题 × {features} 个特征，内存 {size / 1e6:.1f} MB"),
            Figure("knowledge.find", "找到一个问题", "ms", tuple(times), 5.0, f"{len(times)} 种问法")]


def _timed(make: Callable[[], Made]) -> tuple[float, Made]:
    """(milliseconds, what was made)."""
    begin = time.perf_counter()
    made = make()
    return (time.perf_counter() - begin) * 1000, made


def study(data: Path | None = None) -> Study | None:
    """All sets of the table, and those of the blind one beside the usual table; None where there is no table."""
    path = data or TABLES / "knowledge_paraphrases.tsv"
    if not path.is_file():
        return None
    engine = understand.load(places.ASSETS)
    asking = answers.asking(engine, engine)
    asking.prepare()
    known = knowledge.load(places.ASSETS / "knowledge")
    sets = {name: measure([row for row in read(path, wanted) if row.question != "none"], asking, known, hear)
            for name, wanted, hear in SETS}
    blind = read(BLIND, "blind") if data is None and BLIND.is_file() else []
    for name, rows in (("blind", [row for row in blind if row.question not in ("", "none")]),
                       ("blind, not in the files", [row for row in blind if not row.question])):
        sets[name] = measure(rows, asking, known)
    unseen = [Utterance(row.id, "none", {}, "", "auto", row.text) for row in blind if row.question == "none"]
    return Study(sets, talk(_utterances(*TALK), asking), talk([*unseen, *_utterances(UNSEEN)], asking) if blind else None)


def _utterances(*tables: Path) -> list[Utterance]:
    return [row for path in tables if path.is_file() for row in read_table(path)]
