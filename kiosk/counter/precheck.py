"""预检: looks at papers with a camera before somebody queues at the window, and says what is there, expired or missing.

It is no acceptance, and nobody is refused by it. It begins with a yes (personal information protection law, art. 29: separate
consent), which the journal keeps as an event. A picture lives for as long as it takes to read it; of what was read only
the holder's own name and number are compared, and everything is forgotten with the visit. The journal is told which kinds
of paper were looked at and with what outcome, nothing that stands on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.counter.desk import Desk
from kiosk.counter.precheck_documents import Documents, Found
from kiosk.counter.precheck_read import Fields, read, words_of
from kiosk.fund.account import Holder
from kiosk.fund.identity import IdNumber, PersonName
from kiosk.ports.scanner import PageReader, PageText, Scanner, ScannerError, ScannerState, Sight
from kiosk.ports.tasks import Facts, Outcome

#: How often a page is laid down before the kiosk leaves it to the window.
MOST_TRIES = 3


@dataclass(frozen=True)
class Eyes:
    """What the pre-check needs besides the desk."""

    scanner: Scanner
    reader: PageReader
    documents: Documents


@dataclass
class _Paper:
    """A line of the matter's list. `documents` are those that it may mean, `document` the one being looked at (None where
    the kiosk cannot look at any), `pages` what came of each; `own` when it must be the holder's."""

    item: Mapping[str, object]
    documents: tuple[str, ...]
    own: bool
    document: str | None = None
    pages: dict[str, Found | None] = field(default_factory=dict)

    @property
    def found(self) -> Found:
        """The weightiest outcome of its pages; one that was never laid down is missing."""
        if self.document is None:
            return Found.NOT_LOOKED
        seen = {outcome or Found.MISSING for outcome in self.pages.values()}
        return next(outcome for outcome in Found if outcome in seen)


@dataclass
class _Round:
    """One pre-check, from the list to the result. `said` when the visitor has told what is there and what is missing
    (`missing`); `key` is the journal's, '' before anybody has agreed."""

    matter: str
    papers: list[_Paper]
    said: bool
    missing: tuple[Mapping[str, object], ...]
    number: IdNumber | None
    name: PersonName | None
    key: str = ""
    tries: int = 0
    settled: set[str] = field(default_factory=set)
    last: str = ""

    def next_page(self) -> str:
        return next((page for paper in self.papers for page in paper.pages if page not in self.settled), "")

    def settle(self, page: str, found: Found) -> None:
        self.note(page, found)
        self.settled.add(page)
        self.last, self.tries = page, 0

    def reopened(self) -> _Round:
        """Who goes back from the result is asked for the last page once more."""
        if not self.next_page():
            self.settled.discard(self.last)
        return self

    def note(self, page: str, found: Found) -> None:
        paper = self.paper_of(page)
        if paper is not None:
            paper.pages[page] = found

    def noted(self, page: str) -> Found | None:
        paper = self.paper_of(page)
        return paper.pages[page] if paper is not None else None

    def paper_of(self, page: str) -> _Paper | None:
        return next((paper for paper in self.papers if page in paper.pages), None)


class Precheck:
    """The tasks precheck.*. Without eyes every pre-check ends in no_device."""

    def __init__(self, desk: Desk, eyes: Eyes | None) -> None:
        self._desk, self._eyes = desk, eyes
        self._round: _Round | None = None

    def tasks(self) -> Mapping[str, Callable[[Facts], Outcome]]:
        return {"precheck.begin": self.begin, "precheck.agree": self.agree, "precheck.look": self.look,
                "precheck.skip": self.skip, "precheck.result": self.result, "precheck.stop": self.stop}

    def rest(self) -> None:
        """Something else is being done: the reader lets go of its memory, and comes back when it is needed."""
        if self._eyes is not None:
            self._eyes.reader.stop()

    def forget(self) -> None:
        """Nothing is left of what was read, of the process that read it, or of pictures that were not taken."""
        self._close("stopped")
        if self._eyes is not None:
            self._eyes.reader.stop()
            self._eyes.scanner.clear()

    # ---------------------------------------------------------------- tasks

    def begin(self, facts: Facts) -> Outcome:
        """Which papers of the matter can be looked at: of those that the visitor has said to have brought, else of all."""
        self._close("stopped")
        eyes = self._eyes
        if eyes is None or eyes.scanner.state() is ScannerState.NO_DEVICE:
            return Outcome("no_device")
        holder = facts.get("holder")
        number, name = (holder.id_number, holder.name) if isinstance(holder, Holder) else (None, None)
        papers = self._papers(facts, eyes.documents)
        self._round = _Round(str(facts["matter"]), papers, "have" in facts, tuple(_items(facts.get("missing"))), number, name)
        looked = [eyes.documents.documents[paper.document].name for paper in papers if paper.document]
        if not looked:
            return Outcome("nothing")
        return Outcome("ready", {"looks": "、".join(looked)})

    def agree(self, facts: Facts) -> Outcome:
        """The visitor has said yes to pictures: written down, and only then is anything switched on."""
        desk, eyes, now = self._desk, self._has_eyes(), self._has_round()
        now.key = now.key or f"precheck:{uuid.uuid4().hex}"
        if desk.journal.intent(now.key) is None:
            desk.journal.intend(desk.now(), "precheck", now.key, {"matter": now.matter[:40], "consent": True})
        now.settled.clear()
        eyes.scanner.clear()
        eyes.reader.start()
        return Outcome("noted", {"page": self._wanted(now.next_page())})

    def look(self, facts: Facts) -> Outcome:
        """Take a picture of what lies there and judge it. The picture is gone when this returns."""
        eyes, now = self._has_eyes(), self._has_round().reopened()
        try:
            picture = eyes.scanner.take()
        except ScannerError as fault:
            if fault.state is ScannerState.BUSY:
                return self._told("busy")
            told = self._told("no_device")
            self.forget()
            return told
        text = eyes.reader.read(picture) if picture.picture else PageText(Sight.NOTHING)
        del picture
        eyes.scanner.clear()
        if text.sight is not Sight.CLEAR:
            return self._again(text.sight.value)
        wanted = now.next_page()
        page = eyes.documents.page_of(words_of(text.lines), wanted)
        if page is None:
            return self._again("unreadable")
        if page != wanted and not self._is_open(page) and not self._instead(wanted, page):
            return self._told("wrong_one", seen=eyes.documents.pages[page].name)
        return self._judged(page, text)

    def skip(self, facts: Facts) -> Outcome:
        """The page that is asked for is not here, or shall not be shown."""
        now = self._has_round().reopened()
        page = now.next_page()
        if page:
            now.settle(page, now.noted(page) or Found.MISSING)
        return self._told("skipped")

    def result(self, facts: Facts) -> Outcome:
        """What was found, for the screen and for the slip: `have` and `missing` in the shape that handoff.slip prints."""
        now, documents = self._has_round(), self._has_eyes().documents
        rows = (*((documents.documents[paper.document].name, documents.outcomes[paper.found].row)
                  for paper in now.papers if paper.document),
                *((str(item.get("material") or item["name"]), documents.outcomes[Found.MISSING].row) for item in now.missing))
        have = tuple(self._item(paper) for paper in now.papers if self._there(paper))
        missing = (*now.missing, *(self._item(paper) for paper in now.papers if not self._there(paper)))
        complete = not now.missing and all(paper.found is Found.GOOD for paper in now.papers if paper.document)
        self._conclude("complete" if complete else "lacking")
        return Outcome("complete" if complete else "lacking", {"precheck_rows": rows, "have": have, "missing": missing})

    def stop(self, facts: Facts) -> Outcome:
        self.forget()
        return Outcome("stopped")

    # ---------------------------------------------------------------- judging

    def _judged(self, page: str, text: PageText) -> Outcome:
        now, kind = self._has_round(), self._has_eyes().documents.pages[page]
        banks = {prefix: bank.name for prefix, bank in self._desk.rules().banks.items()}
        fields = read(kind.reads, text.lines, self._desk.today(), banks)
        paper = self._has_round().paper_of(page)
        found = self._judge(kind.reads, fields, own=paper is None or paper.own)
        if found is Found.UNREADABLE:
            return self._again("unreadable")
        looked = self._name(page)
        if found is Found.SOMEBODY_ELSE:  # perhaps only the wrong one was taken from the bag
            now.note(page, found)
            now.tries += 1
            if now.tries < MOST_TRIES:
                return self._told("somebody_else", looked=looked)
        now.settle(page, found)
        return self._told(found.value, looked=looked)

    def _judge(self, reads: str, fields: Fields, *, own: bool) -> Found:
        now, today = self._has_round(), self._desk.today()
        match reads:
            case "identity_front":
                if not fields.ids:
                    return Found.UNREADABLE
                if not own:
                    return Found.GOOD
                if now.number is None:
                    now.number, now.name = fields.ids[0], fields.names[0] if fields.names else None
                return Found.GOOD if fields.ids[0] == now.number else Found.SOMEBODY_ELSE
            case "identity_back":
                if fields.until is None and not fields.for_ever:
                    return Found.UNREADABLE
                return Found.EXPIRED if fields.until is not None and fields.until < today else Found.GOOD
            case "bank_card":
                if fields.card is None:
                    return Found.UNREADABLE
                return Found.EXPIRED if fields.until is not None and fields.until < today else Found.GOOD
            case "marriage":
                return self._judge_marriage(fields)
        return Found.GOOD

    def _judge_marriage(self, fields: Fields) -> Found:
        """The holder must be one of the two, by number where numbers could be read, else by name."""
        now = self._has_round()
        if now.number is None and now.name is None:
            return Found.GOOD if fields.names or fields.ids else Found.UNREADABLE
        if now.number in fields.ids or now.name in fields.names:
            return Found.GOOD
        return Found.SOMEBODY_ELSE if len(fields.ids) == 2 or len(fields.names) >= 2 else Found.UNREADABLE

    def _again(self, why: str) -> Outcome:
        """Not read: once more, with a hint; at last it is left to the window."""
        now = self._has_round()
        page = now.next_page()
        now.tries += 1
        if now.tries < MOST_TRIES:
            return self._told(why)
        now.settle(page, Found.UNREADABLE)
        return self._told("given_up", looked=self._name(page))

    # ---------------------------------------------------------------- small tools

    def _told(self, outcome: str, **more: object) -> Outcome:
        """With the page that is asked for next; '' when all have been seen."""
        return Outcome(outcome, {"page": self._wanted(self._has_round().next_page()), **more})

    def _wanted(self, page: str) -> str:
        """How a page is asked for: "购房合同或者房本" where either will do."""
        paper, documents = self._has_round().paper_of(page), self._has_eyes().documents.documents
        if paper is None or len(paper.documents) < 2:
            return self._name(page)
        return "或者".join(documents[id_].name for id_ in paper.documents)

    def _name(self, page: str) -> str:
        return self._has_eyes().documents.pages[page].name if page else ""

    def _is_open(self, page: str) -> bool:
        """Is this page among those still to be seen?"""
        now = self._has_round()
        return page not in now.settled and now.paper_of(page) is not None

    def _instead(self, wanted: str, page: str) -> bool:
        """The list says "this or that", and that was laid down: from now on that is what is looked at."""
        paper, documents = self._has_round().paper_of(wanted), self._has_eyes().documents.documents
        other = next((id_ for id_ in paper.documents if page in documents[id_].pages), None) if paper else None
        if paper is None or other in (None, paper.document):
            return False
        paper.document, paper.pages = other, dict.fromkeys(documents[str(other)].pages)
        return True

    def _papers(self, facts: Facts, documents: Documents) -> list[_Paper]:
        papers: list[_Paper] = []
        for item in self._items(facts):
            name, taken = str(item["name"]), {paper.document for paper in papers}
            may_be = tuple(id_ for id_ in documents.of_material(name) if id_ not in taken)
            paper = _Paper(item, may_be, documents.is_holders(name), may_be[0] if may_be else None)
            if paper.document:
                paper.pages = dict.fromkeys(documents.documents[paper.document].pages)
            papers.append(paper)
        return papers

    def _items(self, facts: Facts) -> list[Mapping[str, object]]:
        """What the visitor has checked off by word of mouth (guide.py), else everything the rules ask for."""
        if "have" in facts:
            return _items(facts["have"])
        rules, matter = self._desk.rules(), str(facts["matter"])
        rule = rules.withdrawals.get(matter) or rules.certificates.get(matter)
        known = rules.materials
        return [{"name": name, "where": known[name].where if name in known else ""}
                for name in (rule.materials if rule else ())]

    def _there(self, paper: _Paper) -> bool:
        """Is it among the things to take to the window?"""
        said = self._has_round().said and paper.found is Found.NOT_LOOKED
        return said or paper.found in (Found.GOOD, Found.UNREADABLE)

    def _item(self, paper: _Paper) -> Mapping[str, object]:
        """The line of the list with what came of it; where it is got stays only for what has to be got."""
        if paper.found is Found.NOT_LOOKED and self._has_round().said:
            return paper.item
        note = self._has_eyes().documents.outcomes[paper.found].slip
        where = paper.item.get("where", "") if paper.found in (Found.EXPIRED, Found.MISSING) else ""
        return {**paper.item, "name": f"{paper.item['name']}（{note}）", "where": where}

    def _close(self, state: str) -> None:
        self._conclude(state)
        self._round = None

    def _conclude(self, state: str) -> None:
        """The end of a round, or of its first going through: the journal is told (once), the reader let go."""
        now = self._round
        if now is None or self._eyes is None:
            return
        self._eyes.reader.stop()
        if now.key:
            seen = ",".join(f"{paper.document}:{paper.found}" for paper in now.papers if paper.document)
            self._desk.journal.conclude(self._desk.now(), "precheck", now.key, {"state": state, "seen": seen})

    def _has_round(self) -> _Round:
        if self._round is None:
            raise ValueError("no pre-check has begun")
        return self._round

    def _has_eyes(self) -> Eyes:
        if self._eyes is None:
            raise ValueError("there is no camera")
        return self._eyes


def _items(fact: object) -> list[Mapping[str, object]]:
    return [item for item in fact if isinstance(item, Mapping)] if isinstance(fact, (list, tuple)) else []
