"""What the public says: faces without anybody's trace, complaints with a number and only the words that were wished."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from counter_kit import Kit

from kiosk.adapters.folder_complaints import FolderComplaints
from kiosk.app.commands import main
from kiosk.counter.catalogue import TASKS
from kiosk.fund.journal import Record, parse
from kiosk.language.redact import redact
from kiosk.ports.complaint_store import Complaint, ComplaintError
from kiosk.ports.printer import PrintState

TODAY = date(2026, 10, 2)


def records(kit: Kit) -> list[Record]:
    with closing(sqlite3.connect(kit.folder / "journal.db")) as db:
        return [parse(line) for line, in db.execute("SELECT line FROM records ORDER BY seq")]


@pytest.fixture
def store(tmp_path: Path) -> FolderComplaints:
    return FolderComplaints(tmp_path / "complaints", redact)


@pytest.fixture
def filing(kit: Kit, store: FolderComplaints) -> Kit:
    kit.counter._voices._complaints = store
    return kit


# ------------------------------------------------------------------ faces


def test_faces_are_written_together_and_tell_no_time_of_their_own(kit: Kit) -> None:
    for face in ("good", "good", "poor", "fair"):
        assert kit.do("feedback.rate", {"face": face}).name == "counted"
    assert kit.journal.counts() == {}
    kit.do("feedback.rate", {"face": "good"})
    assert kit.journal.counts() == {"faces.counted": 1}
    written = next(record for record in records(kit) if record.kind == "faces")
    assert dict(written.facts) == {"day": "2026-10-02", "good": 3, "fair": 1, "poor": 1}


def test_the_faces_of_yesterday_are_written_first(kit: Kit) -> None:
    kit.do("feedback.rate", {"face": "poor"})
    kit.clock.time += timedelta(days=1)
    kit.do("feedback.rate", {"face": "good"})
    written = next(record for record in records(kit) if record.kind == "faces")
    assert (written.facts["day"], written.facts["poor"], written.facts["good"]) == ("2026-10-02", 1, 0)


def test_there_are_three_faces(kit: Kit) -> None:
    with pytest.raises(ValueError, match="face"):
        kit.do("feedback.rate", {"face": "furious"})


# ------------------------------------------------------------------ complaints


def test_a_complaint_gets_a_number_and_keeps_the_words_without_names(filing: Kit, store: FolderComplaints) -> None:
    filed = filing.do("complaint.file", {"complaint_kind": "complaint", "spoken": "我叫王小明，电话13812345678，排队太久了"}, "k1")
    assert set(TASKS["complaint.file"].gives["printed"]) <= filed.facts.keys()
    number = filed.facts["complaint_number"]
    assert number == "YJ-20261002-001001"
    (kept,) = store.all()
    assert "排队太久了" in kept.text
    assert "王小明" not in kept.text
    assert "138" not in kept.text
    (paper, _), = filing.printer.came_out
    assert str(number) in paper
    assert "排队" not in paper
    assert all("排队" not in str(record.facts) for record in records(filing))


def test_an_objection_says_by_when_it_is_answered(filing: Kit, store: FolderComplaints) -> None:
    filed = filing.do("complaint.file", {"complaint_kind": "objection"}, "k1")
    assert "五天里书面答复" in str(filed.facts["complaint_reply"])
    (kept,) = store.all()
    assert (kept.answer_by, kept.text) == (date(2026, 10, 7), "")
    (paper, _), = filing.printer.came_out
    assert "2026年10月7日以前" in paper
    assert "第三十六条" in paper


def test_once_and_without_paper(filing: Kit, store: FolderComplaints) -> None:
    filing.printer.script = (PrintState.JAM, PrintState.FAILED)
    filed = filing.do("complaint.file", {"complaint_kind": "suggestion"}, "k1")
    assert (filed.name, filed.facts["print_trouble"]) == ("not_printed", "jam")
    assert filing.do("complaint.file", {"complaint_kind": "suggestion"}, "k1").name == "failed"
    assert len(store.all()) == 1


def test_nowhere_to_keep_it(kit: Kit) -> None:
    assert kit.do("complaint.file", {"complaint_kind": "suggestion"}, "k1").name == "failed"


# ------------------------------------------------------------------ for staff


def test_closing_deletes_the_words(store: FolderComplaints) -> None:
    store.keep(Complaint("YJ-1", "suggestion", "建议", TODAY, "字再大一点"))
    store.keep(Complaint("YJ-2", "objection", "对记录有异议", TODAY, answer_by=date(2026, 10, 7)))
    assert [one.number for one in store.all()] == ["YJ-2", "YJ-1"]
    assert store.close("YJ-2", TODAY)
    assert store.close("YJ-1", TODAY)
    assert not store.close("YJ-9", TODAY)
    assert all(one.text == "" and one.closed_on == TODAY for one in store.all())


def test_a_spoilt_file_is_told(store: FolderComplaints, tmp_path: Path) -> None:
    store.keep(Complaint("YJ-1", "suggestion", "建议", TODAY))
    (tmp_path / "complaints" / "YJ-1.json").write_text("half", "utf-8")
    with pytest.raises(ComplaintError):
        store.all()


def test_the_list_for_staff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = tmp_path / "site.toml"
    site.write_text(f'state = "{tmp_path}"\n', "utf-8")
    store = FolderComplaints(tmp_path / "complaints", redact)
    store.keep(Complaint("YJ-1", "suggestion", "建议", TODAY, "字再大一点"))
    store.keep(Complaint("YJ-2", "objection", "对记录有异议", TODAY, answer_by=date.today() + timedelta(days=2)))
    assert main(["complaints", "--site", str(site)]) == 0
    told = capsys.readouterr().out
    assert "还有2天答复" in told
    assert "字再大一点" in told
    assert main(["complaints", "--site", str(site), "--close", "YJ-1"]) == 0
    assert main(["complaints", "--site", str(site), "--close", "YJ-7"]) == 1
    capsys.readouterr()
    main(["complaints", "--site", str(site)])
    assert "YJ-1" not in capsys.readouterr().out


def test_the_faces_can_be_counted(kit: Kit, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for face in ("good", "good", "poor", "fair", "good"):
        kit.do("feedback.rate", {"face": face})
    (kit.folder / "site.toml").write_text(f'state = "{kit.folder}"\n', "utf-8")
    (kit.folder / "journal.sqlite").symlink_to(kit.folder / "journal.db")
    assert main(["journal", "faces", "--site", str(kit.folder / "site.toml")]) == 0
    assert "满意 3，一般 1，不满意 1" in capsys.readouterr().out
