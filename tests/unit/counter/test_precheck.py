"""预检 with a scanner and a reader that are told what to see."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from counter_kit import MACHINE, Kit

from kiosk.adapters.folder_scanner import FolderScanner
from kiosk.counter.counter import Counter
from kiosk.counter.precheck import Eyes
from kiosk.counter.precheck_documents import Documents
from kiosk.fund.errors import DataError
from kiosk.fund.rules import RuleBook
from kiosk.places import ASSETS
from kiosk.ports.scanner import Page, PageReaderError, PageText, ScannerError, ScannerState, Sight, TextLine
from kiosk.ports.tasks import Outcome

WANG, LI = ("王样例", "990101196403180113"), ("李示范", "990101197305020225")
CARD = "9900000000000079196"


def front(who: tuple[str, str] = WANG) -> list[str]:
    return ["姓名" + who[0], "性别男", "民族汉", "住址样例省", "公民身份号码" + who[1]]


def back(until: str = "2036.05.01") -> list[str]:
    return ["中华人民共和国", "居民身份证", f"有效期限2016.05.01-{until}"]


def married(one: tuple[str, str], other: tuple[str, str]) -> list[str]:
    return ["结婚证", "持证人" + one[0], "登记日期1990年10月01日", "姓名" + one[0], "身份证件号" + one[1], "姓名" + other[0],
            "身份证件号" + other[1]]


BANK = ["样例银行", CARD, "借记卡"]


class Table:
    """Scanner and PageReader in one: what lies there is a list of words, a Sight or an error."""

    def __init__(self) -> None:
        self.lies: list[str] | Sight | ScannerError | PageReaderError = []
        self.is_there = ScannerState.READY
        self.running, self.agreed, self.taken, self.cleared = False, False, 0, 0

    def state(self) -> ScannerState:
        return self.is_there

    def take(self) -> Page:
        self.taken += 1
        if isinstance(self.lies, ScannerError):
            raise self.lies
        return Page(b"a picture") if self.lies else Page(b"")

    def clear(self) -> None:
        self.cleared += 1

    def start(self) -> None:
        self.running = self.agreed = True

    def read(self, page: Page) -> PageText:
        assert self.agreed, "read before anybody agreed"
        if isinstance(self.lies, PageReaderError):
            raise self.lies
        if isinstance(self.lies, Sight):
            return PageText(self.lies)
        assert isinstance(self.lies, list)
        corners = [((0.0, y), (400.0, y), (400.0, y + 30), (0.0, y + 30)) for y in range(0, 40 * len(self.lies), 40)]
        return PageText(Sight.CLEAR, tuple(TextLine(text, 0.99, place) for text, place in zip(self.lies, corners, strict=True)))

    def stop(self) -> None:
        self.running = False


class Looker:
    """A counter with a table under a camera, and short ways to use it."""

    def __init__(self, kit: Kit, book: RuleBook) -> None:
        self.kit, self.table = kit, Table()
        eyes = Eyes(self.table, self.table, Documents.load(ASSETS / "precheck" / "documents.yaml"))
        self.counter = Counter(gateway=kit.centre, journal=kit.journal, printer=kit.printer, paper=kit.paper,
                               signer=kit.signer, book=book, clock=kit.clock, machine=MACHINE,
                               folder=kit.folder / "papers", eyes=eyes)
        self.facts: dict[str, object] = {"matter": "withdraw.rent"}

    def do(self, task: str, **facts: object) -> Outcome:
        outcome = self.counter.perform(f"precheck.{task}", self.facts | facts, "", lambda *_: None)
        self.facts |= outcome.facts
        return outcome

    def begin(self, *names: str, who: str = "王样例") -> None:
        """For these lines of a list, as this holder, agreed."""
        self.facts |= self.kit.identified(who) if who else {}
        self.facts["have"] = tuple({"material": name, "name": name, "where": "到别处"} for name in names)
        assert self.do("begin").name == "ready"
        assert self.do("agree").name == "noted"

    def sees(self, lies: list[str] | Sight | ScannerError) -> str:
        self.table.lies = lies
        return self.do("look").name


@pytest.fixture
def looker(kit: Kit, book: RuleBook) -> Iterator[Looker]:
    looker = Looker(kit, book)
    yield looker
    looker.counter.end_visit()


def test_everything_is_there(looker: Looker) -> None:
    looker.begin("本人身份证", "本人一类银行卡", "结婚证（已婚的）", "户口本")
    assert looker.facts["page"] == "身份证有照片的一面"
    assert looker.sees(front()) == "good"
    assert looker.facts["page"] == "身份证有国徽的一面"
    assert looker.sees(back()) == "good"
    assert looker.sees(BANK) == "good"
    assert looker.sees(married(LI, WANG)) == "good"
    assert looker.sees(["居民户口簿", "常住人口登记卡", "户主"]) == "good"
    assert looker.facts["page"] == ""
    assert looker.do("result").name == "complete"
    assert looker.facts["precheck_rows"] == (("身份证", "看到了"), ("银行卡", "看到了"), ("结婚证", "看到了"), ("户口本", "看到了"))
    assert looker.facts["missing"] == ()
    assert looker.facts["have"][0] == {"material": "本人身份证", "name": "本人身份证（预检看过）", "where": ""}  # type: ignore[index]


@pytest.mark.parametrize(("until", "outcome"), [("2026.10.01", "expired"), ("2026.10.02", "good"), ("长期", "good")])
def test_expired_is_a_matter_of_days(looker: Looker, until: str, outcome: str) -> None:
    """The clock of the tests stands at 2026-10-02; the last day still counts."""
    looker.begin("本人身份证")
    looker.sees(front())
    assert looker.sees(back(until)) == outcome
    assert looker.do("result").name == ("lacking" if outcome == "expired" else "complete")
    if outcome == "expired":
        assert looker.facts["missing"] == ({"material": "本人身份证", "name": "本人身份证（过期了，要先换新的）", "where": "到别处"},)


def test_the_papers_of_somebody_else(looker: Looker) -> None:
    looker.begin("本人身份证", "结婚证（已婚的）")
    assert looker.sees(front(LI)) == "somebody_else"
    assert looker.facts["page"] == "身份证有照片的一面", "perhaps only the wrong one was taken from the bag"
    assert looker.sees(front()) == "good"
    looker.sees(back())
    assert looker.sees(married(LI, ("赵演示", "990101197002110426"))) == "somebody_else"
    assert looker.do("skip").name == "skipped"
    assert looker.do("result").name == "lacking"
    assert looker.facts["precheck_rows"] == (("身份证", "看到了"), ("结婚证", "好像不是您的"))


def test_an_heir_shows_an_own_card(looker: Looker) -> None:
    looker.begin("办理人身份证")
    assert looker.sees(front(LI)) == "good"


def test_without_knowing_who_it_is_the_identity_card_says_so(looker: Looker) -> None:
    looker.begin("本人身份证", "结婚证（已婚的）", who="")
    looker.sees(front(LI))
    looker.sees(back())
    assert looker.sees(married(WANG, ("赵演示", "990101197002110426"))) == "somebody_else"
    assert looker.sees(married(WANG, LI)) == "good"


def test_the_other_side_first_is_just_as_good(looker: Looker) -> None:
    looker.begin("本人身份证")
    assert looker.sees(back()) == "good"
    assert (looker.facts["looked"], looker.facts["page"]) == ("身份证有国徽的一面", "身份证有照片的一面")
    assert looker.sees(back()) == "wrong_one"
    assert looker.facts["seen"] == "身份证有国徽的一面"


def test_this_or_that(looker: Looker) -> None:
    looker.begin("购房合同或不动产权证")
    assert looker.facts["page"] == "购房合同或者房本"
    assert looker.sees(["不动产权证书", "权利人", "坐落样例路"]) == "good"
    looker.do("result")
    assert looker.facts["precheck_rows"] == (("房本", "看到了"),)


@pytest.mark.parametrize("sight", [Sight.DARK, Sight.BLURRED])
def test_what_cannot_be_seen_is_left_to_the_window(looker: Looker, sight: Sight) -> None:
    looker.begin("本人一类银行卡")
    assert [looker.sees(sight) for _ in range(3)] == [sight.value, sight.value, "given_up"]
    assert looker.do("result").name == "lacking"
    assert looker.facts["missing"] == (), "it is there, only the machine could not read it"
    assert looker.facts["have"][0]["name"] == "本人一类银行卡（机器没看清，给窗口看）"  # type: ignore[index]


def test_unreadable_numbers_are_asked_for_again(looker: Looker) -> None:
    looker.begin("本人一类银行卡")
    assert looker.sees(["样例银行", "9900000000000079197", "借记卡"]) == "unreadable"
    assert looker.sees(["今天天气很好，出去走走"]) == "unreadable"
    assert looker.sees(BANK) == "good"


def test_nothing_lies_there(looker: Looker) -> None:
    looker.begin("本人身份证")
    assert looker.sees([]) == "nothing"


def test_what_was_not_brought_and_what_cannot_be_looked_at(looker: Looker) -> None:
    looker.facts |= {"missing": ({"name": "离职证明", "where": "找原来的单位开"},)}
    looker.begin("本人身份证", "诊断证明")
    looker.do("skip")
    looker.do("skip")
    assert looker.do("result").name == "lacking"
    assert looker.facts["precheck_rows"] == (("身份证", "没有带"), ("离职证明", "没有带"))
    assert [item["name"] for item in looker.facts["missing"]] == ["离职证明", "本人身份证（没有带）"]  # type: ignore[attr-defined]
    assert [item["name"] for item in looker.facts["have"]] == ["诊断证明"]  # type: ignore[attr-defined]


def test_without_a_list_checked_off_before_the_rules_say_what_is_needed(looker: Looker) -> None:
    assert looker.do("begin").name == "ready"
    assert "身份证" in str(looker.facts["looks"])
    assert looker.do("begin", matter="balance").name == "nothing"


def test_no_camera(looker: Looker, kit: Kit) -> None:
    looker.table.is_there = ScannerState.NO_DEVICE
    assert looker.do("begin").name == "no_device"
    assert kit.do("precheck.begin", {"matter": "withdraw.rent"}).name == "no_device"


@pytest.mark.parametrize(("fault", "outcome"), [(ScannerState.BUSY, "busy"), (ScannerState.NO_DEVICE, "no_device"),
                                                (ScannerState.TIMED_OUT, "no_device")])
def test_the_camera_has_a_fault(looker: Looker, fault: ScannerState, outcome: str) -> None:
    looker.begin("本人身份证")
    assert looker.sees(ScannerError(fault)) == outcome
    assert ScannerError(fault).sentence.endswith("。")


def test_the_reader_breaks(looker: Looker) -> None:
    looker.begin("本人身份证")
    looker.table.lies = PageReaderError("killed")
    assert looker.do("look").name == "failed"


# ------------------------------------------------------------------ consent, and what is left


def rows(kit: Kit) -> list[str]:
    import sqlite3

    with sqlite3.connect(kit.folder / "journal.db") as store:
        table = store.execute("select name from sqlite_master where type = 'table'").fetchone()[0]
        return [str(row) for row in store.execute(f"select * from {table}") if "precheck" in str(row)]


def test_no_picture_before_a_yes(looker: Looker) -> None:
    looker.do("begin")
    assert looker.table.taken == 0
    assert not looker.table.running
    assert rows(looker.kit) == []
    looker.do("agree")
    assert looker.table.running
    assert len(rows(looker.kit)) == 1
    assert '"consent":true' in rows(looker.kit)[0].replace(" ", "").replace("\\", "")


def test_the_journal_knows_kinds_and_outcomes_and_nothing_else(looker: Looker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    looker.begin("本人身份证", "本人一类银行卡", "结婚证（已婚的）")
    looker.sees(front())
    looker.sees(back("2020.01.01"))
    looker.sees(BANK)
    looker.sees(married(WANG, LI))
    looker.do("result")
    written = " ".join(rows(looker.kit)) + " ".join(str(record.__dict__) for record in caplog.records)
    assert "identity:expired,bank_card:good,marriage:good" in written
    for private in (WANG[1], LI[1], CARD, CARD[-4:], "王样例", "李示范", "样例银行", "1990"):
        assert private not in written
    assert looker.counter.verify_journal().good


@pytest.mark.parametrize("how", ["stop", "result", "end_visit", "begin"])
def test_nothing_runs_on_afterwards(looker: Looker, how: str) -> None:
    looker.begin("本人身份证")
    looker.sees(front())
    looker.counter.end_visit() if how == "end_visit" else looker.do(how)
    assert not looker.table.running
    assert len(rows(looker.kit)) == 2, "the consent has its end, too"


def test_going_back_from_the_result_asks_for_the_last_page_again(looker: Looker) -> None:
    looker.begin("本人身份证")
    looker.sees(front())
    looker.do("skip")
    assert looker.do("result").name == "lacking"
    assert looker.sees(back()) == "good"
    assert looker.do("result").name == "complete"


def test_other_tasks_give_the_memory_back(looker: Looker) -> None:
    looker.begin("本人身份证")
    assert looker.table.running
    looker.counter.perform("matter.guide", {"matter": "withdraw.rent"}, "", lambda *_: None)
    assert not looker.table.running
    assert looker.sees(front()) == "good", "and it goes on where it was"


def test_a_crash_is_told_to_the_journal_and_left_pictures_are_thrown_away(looker: Looker) -> None:
    looker.begin("本人身份证")
    before = looker.table.cleared
    looker.counter.reconcile()  # what the next start does
    assert looker.table.cleared > before
    assert "interrupted" in rows(looker.kit)[1]


# ------------------------------------------------------------------ the folder scanner


def test_a_picture_is_taken_once_and_is_gone(tmp_path: Path) -> None:
    scanner = FolderScanner(tmp_path / "s", production=False, seconds=0, dpi=300)
    assert scanner.take() == Page(b"", 300)
    scanner.put(b"one", "1.png")
    (tmp_path / "s" / "notes.txt").write_text("no picture")
    assert scanner.take() == Page(b"one", 300)
    assert scanner.take().picture == b""
    scanner.put(b"two", "2.jpg")
    scanner.clear()
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["notes.txt"]


def test_the_folder_refuses_production(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="正式运行"):
        FolderScanner(tmp_path, production=True)


# ------------------------------------------------------------------ the data file


@pytest.mark.parametrize(("old", "new", "told"), [
    ('pages: ["bank_card"]', 'pages: ["bankcard"]', "没有“bankcard”这一页"),
    ("least: 3", "least: 9", "signs 的个数"),
    ('  good: {row', '  goood: {row', "goood"),
    ('reads: "bank_card"', 'reads: "passport"', "reads"),
])
def test_a_wrong_data_file_is_explained(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = (ASSETS / "precheck" / "documents.yaml").read_text(encoding="utf-8")
    (tmp_path / "documents.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as fault:
        Documents.load(tmp_path / "documents.yaml")
    assert told in fault.value.sentence
    assert "documents.yaml" in fault.value.sentence
