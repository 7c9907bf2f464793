"""`kiosk packs check`: the packs' own mistakes, what sounds alike, words that the recogniser has never heard of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk import places
from kiosk.app.confusable import Analyser, Finding
from kiosk.counter.catalogue import TASKS
from kiosk.dialogue import loader
from kiosk.fund.errors import WorldError
from kiosk.language.check import Problem, check
from kiosk.language.confusion import ALIKE, Phrase
from kiosk.language.packs import INTENTS, Pack, load_packs
from kiosk.language.respell import Lexicon
from kiosk.language.sentences import Sentences
from kiosk.language.site_pack import read_site, with_lessons
from kiosk.language.syllables import spoken
from kiosk.language.witness import Witness


@dataclass(frozen=True)
class Unheard:
    """A character that no word of the recogniser holds; a like-sounding one stands in for it."""

    character: str
    where: str
    sentence: str


@dataclass(frozen=True)
class Report:
    """`watched` are the pairs that are always told (confusions.yaml), `unreviewed` the names of packs on trial."""

    problems: tuple[Problem, ...]
    confusions: tuple[Finding, ...] = ()
    watched: tuple[Finding, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    unreviewed: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)      # dialects
    titles: Mapping[str, str] = field(default_factory=dict)     # intents

    @property
    def good(self) -> bool:
        return not any(problem.grave for problem in self.problems)


def examine(assets: Path, site: Path | None = None, model: Path | None = None, witness: Witness | None = None,
            limit: float = ALIKE) -> Report:
    """Everything. `site` holds what the hall has learnt, `model` the recogniser's files (None: not looked at);
    `witness` as for kiosk.language.check. Raises DataError when the flows or sentences themselves are broken."""
    problems = check(assets, witness, site)
    if any(problem.grave for problem in problems):
        return Report(tuple(problems))
    packs: Mapping[str, Pack] = load_packs(assets)
    if site:
        packs = with_lessons(packs, read_site(site))
    book = Sentences.load(_there(assets, "sentences") / "zh")
    analyser = Analyser(packs, loader.read(_there(assets, "flows"), TASKS), book)
    confusions, watched = analyser.findings(limit), analyser.watched(assets)
    titles = {intent: book.text(f"intent.{intent}", {}) for intent in sorted(INTENTS) if f"intent.{intent}" in book}
    uncovered = [_problem(found, packs, titles) for found in (*confusions, *watched) if found.grave]
    return Report((*uncovered, *problems), tuple(confusions), tuple(watched),
                  tuple(_unheard(packs, model)) if model else (),
                  tuple(pack.name for pack in packs.values() if not pack.reviewed_by and pack.code != "mandarin"),
                  {code: pack.name for code, pack in packs.items()}, titles)


def _there(assets: Path, name: str) -> Path:
    """A folder of these assets, or the product's where only the packs are somewhere else."""
    return assets / name if (assets / name).is_dir() else places.ASSETS / name


def _problem(found: Finding, packs: Mapping[str, Pack], titles: Mapping[str, str]) -> Problem:
    pair = found.pair
    near = "、".join(packs[code].name for code, far in pair.distances.items() if far <= pair.distance + 0.05)
    return Problem(pair.heard.where, f"{found.moment}，「{pair.said.text}」（{meaning(pair.said, titles)}，{pair.said.where}）会被听成"
                   f"「{pair.heard.text}」（{meaning(pair.heard, titles)}）：{near}里平均每个字只差 {pair.distance:.2f}（1 是完全不同），"
                   f"后面又没有再问一遍的地方。请去掉其中一个，或者换一个说法。")


_ENDS = {"-1": "最后一个", "middle": "中间那个"}


def meaning(phrase: Phrase, titles: Mapping[str, str]) -> str:
    """What a phrase means, for people."""
    kind, _, name = phrase.means.partition(":")
    if kind == "number":
        return _ENDS.get(name, f"数目{name}")
    if kind in ("option", "concept"):
        return f"{'按钮' if kind == 'option' else '概念'} {name}"
    return {"yes": "是", "no": "不", "all": "全部"}.get(kind) or titles.get(kind, kind)


def _unheard(packs: Mapping[str, Pack], model: Path) -> Iterator[Unheard]:
    """Each character once, with the first phrase that holds it. Nothing when the model is not installed."""
    from kiosk.adapters.vosk_lexicon import lexicon

    try:
        words = lexicon(model)
    except WorldError:
        return
    known = Lexicon(words)
    seen: set[str] = set()
    for where, phrase in _phrases(packs):
        strange = {char for char in spoken(phrase) if char not in words} - seen
        if not strange:
            continue
        for char in known.cut(phrase).missing:
            if char not in seen:
                seen.add(char)
                yield Unheard(char, where, phrase)


def _phrases(packs: Mapping[str, Pack]) -> Iterator[tuple[str, str]]:
    """Only what the recogniser of Mandarin may be asked to hear."""
    for code, pack in packs.items():
        if not pack.near:
            continue
        yield from ((f"{code}/grammar.yaml: sentences.{intent}", sentence) for intent, sentence in pack.sentences)
        yield from ((f"{code}/words.tsv", word) for word in (*pack.words, *pack.own_words))
        yield from ((f"{code}/concepts.yaml: concepts.{concept.name}", phrase)
                    for concept in pack.concepts for phrase in concept.phrases)


# ------------------------------------------------------------------ told

_SHOWN = 6


def as_json(report: Report, every: bool = False) -> dict[str, object]:
    shown = report.confusions if every else [found for found in report.confusions if found.pair.distance <= 0.2]
    return {"ok": report.good,
            "problems": [{"where": p.where, "sentence": p.sentence, "grave": p.grave} for p in report.problems],
            "confusions": [_pair_json(found) for found in shown], "confusions_total": len(report.confusions),
            "watched": [_pair_json(found) for found in report.watched],
            "unknown_to_recogniser": [{"character": u.character, "where": u.where, "sentence": u.sentence}
                                      for u in report.unheard],
            "unreviewed": list(report.unreviewed)}


def _pair_json(found: Finding) -> dict[str, object]:
    pair = found.pair
    return {"moment": found.moment, "said": pair.said.text, "heard": pair.heard.text,
            "said_means": pair.said.means, "heard_means": pair.heard.means,
            "said_where": pair.said.where, "heard_where": pair.heard.where,
            "distance": pair.distance, "dialect": pair.dialect, "distances": dict(pair.distances),
            "covered_by": found.cover}


def as_text(report: Report, every: bool = False) -> str:
    lines = [("✗ " if problem.grave else "! ") + str(problem) for problem in report.problems]
    if not report.good and not report.confusions:
        return "\n".join(lines)
    lines += ["", "总要看一眼的（每个字平均差多少：0 一个音，1 完全不同）："]
    lines += [_line(found, report) for found in report.watched]
    lines += ["", f"同一时候可能听混的话：{len(report.confusions)} 对，"
                  + ("都有确认挡着。" if all(found.cover for found in report.confusions) else "没有挡住的写在最前面。")]
    lines += list(_by_moment(report, every))
    if report.unheard:
        lines += ["", "普通话识别模型不认识的字（用同音字代替，不耽误用）："]
        lines += [f"  {u.character}  {u.where}：「{u.sentence}」" for u in report.unheard]
    if report.unreviewed:
        lines += ["", f"试用（还没有当地人审读，见 pack.toml 的 reviewed_by）：{'、'.join(report.unreviewed)}"]
    lines += ["", "方言包没有大毛病。" if report.good else "有要改的地方，请看上面带 ✗ 的。"]
    return "\n".join(lines)


def _by_moment(report: Report, every: bool) -> Iterator[str]:
    moments: dict[str, list[Finding]] = {}
    for found in report.confusions:
        moments.setdefault(found.moment, []).append(found)
    for moment, findings in moments.items():
        yield f" {moment}（{len(findings)} 对）"
        yield from (_line(found, report) for found in (findings if every else findings[:_SHOWN]))
        if not every and len(findings) > _SHOWN:
            yield f"    还有 {len(findings) - _SHOWN} 对，加 --all 全部列出。"


def _line(found: Finding, report: Report) -> str:
    pair, names = found.pair, report.names
    said, heard = pair.said, pair.heard
    told = [f"{a.text}（{meaning(a, report.titles)}）" if a.means else a.text for a in (said, heard)]
    where = _dialects(pair.distances, names)
    return f"  {'✗' if found.grave else '·'} {told[0]} / {told[1]}  {where}  {found.cover or '没有挡住'}"


def _dialects(distances: Mapping[str, float], names: Mapping[str, str]) -> str:
    """Mandarin first, then those in which it is nearer still."""
    plain = distances["mandarin"]
    nearer = [code for code, far in distances.items() if far < plain - 0.02]
    told = f"普通话 {plain:.2f}"
    if nearer:
        least = min(distances[code] for code in nearer)
        told += f"，{_listed(names[code] for code in nearer if distances[code] <= least + 0.02)} {least:.2f}"
    return told


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return "、".join(names[:3]) + (f"等 {len(names)} 种话" if len(names) > 3 else "")
