"""The confusion analyser: what may be said at the same moment and sounds alike, and what keeps that from doing harm.

kiosk.language.confusion knows the sounds, the flows know what an answer does. A confusion is covered when the kiosk
does nothing that cannot be taken back before it has asked once more; what is not covered is a grave problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from kiosk.dialogue import flow as fl
from kiosk.dialogue.labels import bare_words
from kiosk.dialogue.repair import HARMLESS
from kiosk.fund.errors import DataError
from kiosk.language.confusion import (
    ALIKE,
    SAME,
    Confusion,
    Phrase,
    Sounds,
    answers,
    apart,
    commands,
    doubtful_yes,
    requests,
)
from kiosk.language.packs import Pack, read_yaml
from kiosk.language.sentences import Sentences

_HOMOPHONE = 0.05
PENDING = {"yes_no": "正在问“是不是”", "amount": "正在问金额", "number": "正在问数目", "choice": "正在选第几个"}


@dataclass(frozen=True)
class Finding:
    """One pair. `moment` is when both may be said, `cover` what keeps a mistake from doing harm, '' when nothing does."""

    moment: str
    pair: Confusion
    cover: str

    @property
    def grave(self) -> bool:
        return not self.cover


class Analyser:
    """Reads nothing by itself: packs, flows and sentences are given. A second or two for all of `findings`."""

    def __init__(self, packs: Mapping[str, Pack], flows: fl.Flows, book: Sentences) -> None:
        self._packs, self._flows, self._book = packs, flows, book
        self._accents = {code: pack.accent for code, pack in packs.items()}
        self._near = {code for code, pack in packs.items() if pack.near}
        self._doubtful = doubtful_yes(packs)
        self._commands = commands(packs)

    def findings(self, limit: float = ALIKE) -> list[Finding]:
        """All pairs below `limit`, what is not covered first, then the nearest."""
        found = [*self._anywhere(limit), *self._answers(limit), *self._buttons(limit), *self._requests(min(limit, SAME))]
        once: dict[tuple[str, str, str], Finding] = {}
        for one in found:
            said, heard = sorted((one.pair.said.text, one.pair.heard.text))
            kept = once.setdefault((said, heard, one.moment), one)
            if (one.grave, one.pair.heard.means == "yes") > (kept.grave, kept.pair.heard.means == "yes"):
                once[said, heard, one.moment] = one
        return sorted(once.values(), key=lambda f: (not f.grave, f.pair.distance, f.moment, f.pair.said.text))

    # ------------------------------------------------------------ moments

    def _anywhere(self, limit: float) -> Iterator[Finding]:
        for pair in Sounds(self._commands, self._accents).all(limit):
            yield Finding("任何时候", pair, self._cover(pair))

    def _answers(self, limit: float) -> Iterator[Finding]:
        for pending, moment in PENDING.items():
            own = answers(self._packs, pending)
            sounds = Sounds([*own, *self._commands], self._accents)
            for phrase in own:
                for pair in sounds.near(phrase, limit):
                    yield Finding(moment, pair, self._cover(pair))
                    turned = replace(pair, said=pair.heard, heard=pair.said)
                    yield Finding(moment, turned, self._cover(turned))

    def _requests(self, limit: float) -> Iterator[Finding]:
        for pair in Sounds(requests(self._packs), self._accents).all(limit):
            yield Finding("说来办什么事", pair, "一个词定不了一件事，要几样对得上；办之前还要放身份证，动钱之前单独再问")

    def _buttons(self, limit: float) -> Iterator[Finding]:
        """Two buttons of one question whose words sound alike."""
        for flow in self._flows.flows.values():
            for name, step in flow.steps.items():
                if isinstance(step, fl.Ask | fl.Pick):
                    yield from self._on_screen(f"{flow.flow}.yaml: steps.{name}", step, limit)

    def _on_screen(self, where: str, step: fl.Ask | fl.Pick, limit: float) -> Iterator[Finding]:
        spoken = [(option, phrase) for option in step.options for phrase in self._words(where, option)]
        sounds = Sounds([phrase for _, phrase in spoken], self._accents)
        for option, phrase in spoken:
            for pair in sounds.near(phrase, limit):
                yield Finding(f"{where} 的按钮", pair, self._button_cover(pair, option))

    def _words(self, where: str, option: fl.FlowOption) -> Iterator[Phrase]:
        """A button's label and further words, where they hold no slots."""
        where = f"{where}.options.{option.id}"
        label = self._shown(option.label)
        for text in (label, *option.words):
            if text and "{" not in text:
                yield Phrase(bare_words(text), f"option:{option.id}", where)

    def _shown(self, key: str) -> str:
        try:
            return self._book.text(key, {})
        except DataError:       # it holds a slot: different words for everybody
            return ""

    # ------------------------------------------------------------ what keeps it from doing harm

    def _cover(self, pair: Confusion) -> str:
        """What keeps harm away when `pair.said` was said and `pair.heard` is understood."""
        said, heard = pair.said.means, pair.heard.means
        if heard == "yes":
            return self._yes_cover(pair)
        if heard == "no":
            return "听成“不”就什么也不办，可以再说一遍" if self._apart_in_mandarin(pair) or said != "yes" else ""
        if heard in HARMLESS:
            return "听错了也不影响办事，再说一遍就是"
        if heard in ("cancel", "home", "finish"):
            return "事情办到一半时要走，会先问一句"
        if heard in _OTHERS:
            return _OTHERS[heard]
        if heard.startswith("number") or heard in ("amount", "number", "choose"):
            return "选的那个、听到的数目看得见，可以说“上一步”；动钱和打印之前还要再问"
        if heard in self._flows.starts or heard.partition(".")[0] in self._flows.starts:
            return "办到一半要换一件事会先问；从头办要放身份证，动钱之前单独再问"
        if heard in ("deposit.monthly", "loan.estimate", "complaint"):
            return "只是答一句话，可以再说一遍"
        return ""

    def _yes_cover(self, pair: Confusion) -> str:
        """At the question that moves money only a yes beyond doubt counts (explicit: true)."""
        if pair.said.means == "no" and not self._apart_in_mandarin(pair):
            return ""
        if pair.heard.text in self._doubtful:
            return "这个“是”不算听准：动钱之前会再问一遍"
        nearest = min(pair.distances[code] for code in self._near)
        if nearest > SAME:
            return "还分得开；动钱的“是”，几种听写合不拢就再问一遍"
        if pair.said.means in ("yes", *HARMLESS, *_OTHERS) or pair.said.means.startswith("number"):
            return "说的不是“不”：动钱的那一问会先把金额和卡再念一遍"
        return "" if pair.said.means in ("no", "cancel", "back", "home", "finish", "wait") else \
            "动钱的那一问只等“是”和“不”，别的话不会在这时说"

    @staticmethod
    def _apart_in_mandarin(pair: Confusion) -> bool:
        return pair.distances["mandarin"] > _HOMOPHONE

    def _button_cover(self, pair: Confusion, option: fl.FlowOption) -> str:
        nearest = min(pair.distances[code] for code in self._near)
        if nearest <= _HOMOPHONE:
            return ""
        if option.explicit:
            return "动钱的按钮光念字不算，还要听准一句“是”"
        return "两个按钮还分得开，选错了可以说“上一步”，也可以说“第几个”"

    # ------------------------------------------------------------ pairs that are always looked at

    def watched(self, assets: Path) -> list[Finding]:
        """The groups of confusions.yaml, far apart or not. Raises DataError."""
        path = assets / "dialects" / "confusions.yaml"
        groups = read_yaml(path).get("watch", [])
        if not isinstance(groups, list) or not all(
                isinstance(g, list) and len(g) > 1 and all(isinstance(w, str) for w in g) for g in groups):
            raise DataError(f"{path}: watch", "应当是一串词组，每组至少两个加引号的词。")
        return [self._watched(one, other) for group in groups for one, other in combinations(group, 2)]

    def _watched(self, one: str, other: str) -> Finding:
        distances = apart(one, other, self._accents)
        found: list[Finding] = []
        known: dict[str, set[str]] = {}
        for name, phrases in self._moments():
            ways = {word: [p for p in phrases if p.text == word] for word in (one, other)}
            for word, same in ways.items():
                known.setdefault(word, set()).update(p.means for p in same)
            for a, b in ((a, b) for a in ways[one] for b in ways[other] if a.means != b.means):
                found += [Finding(name, pair, self._watch_cover(name, pair))
                          for pair in (Confusion(a, b, distances), Confusion(b, a, distances))]
        if found:
            return max(found, key=lambda f: (f.grave, f.pair.heard.means == "yes"))
        return Finding("", Confusion(Phrase(one, "", ""), Phrase(other, "", ""), distances), _not_together(known))

    def _watch_cover(self, moment: str, pair: Confusion) -> str:
        return "一个词定不了一件事；动钱之前单独再问" if moment == "说来办什么事" else self._cover(pair)

    def _moments(self) -> Iterator[tuple[str, list[Phrase]]]:
        yield from ((moment, [*answers(self._packs, pending), *self._commands]) for pending, moment in PENDING.items())
        yield "说来办什么事", [*requests(self._packs), *self._commands]


def _not_together(known: Mapping[str, set[str]]) -> str:
    """Why two words that are never expected together do no harm."""
    lacking = [word for word, meanings in known.items() if not meanings]
    if lacking:
        return f"包里没有单独的「{'」「'.join(lacking)}」，不会当成一件事"
    if len(set.union(*known.values())) == 1:
        return "两个说法是一个意思"
    return "不会同时等：“是”只在问是不是时才算，数目只在问数目、选第几个时才算"


_OTHERS = {
    "back": "退回一步，什么都不会丢", "staff": "只是叫人来", "voice_mode": "说一声就换回来",
    "screen_mode": "说一声就换回来", "dialect": "说一声就换回来", "all": "要取的数目会再念一遍，等一句明确的“是”",
    "none": "当作没有在跟机器说话",
}
