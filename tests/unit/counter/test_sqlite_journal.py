from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.adapters.sqlite_journal import SqliteJournal
from kiosk.ports.journal_store import JournalError

AT = datetime(2026, 10, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    journal = SqliteJournal(path)
    yield journal
    journal.close()


def fill(journal: SqliteJournal, count: int) -> None:
    for n in range(count):
        journal.intend(AT, "handoff", f"k{n}", {"matter": "balance"})
        journal.conclude(AT, "handoff", f"k{n}", {"matter": "balance", "state": "printed"})


def test_intent_result_pending(journal: SqliteJournal) -> None:
    fill(journal, 2)
    journal.intend(AT, "slip", "s", {"number": "TQ-1"})
    assert [record.key for record in journal.pending()] == ["s"]
    assert journal.result("s") is None
    first = journal.conclude(AT, "slip", "s", {"number": "TQ-1", "state": "printed"})
    again = journal.conclude(AT, "slip", "s", {"number": "TQ-1", "state": "not_printed"})
    assert again == first == journal.result("s")
    assert journal.pending() == ()
    assert journal.counts() == {"handoff.printed": 2, "slip.printed": 1}
    assert journal.counts(date(2026, 10, 3)) == {}
    assert journal.verify().records == 6


def test_a_deed_is_intended_once(journal: SqliteJournal) -> None:
    journal.intend(AT, "slip", "s", {"number": "TQ-1"})
    with pytest.raises(JournalError):
        journal.intend(AT, "slip", "s", {"number": "TQ-2"})
    assert journal.verify().records == 1


def test_numbers_are_given_once_even_to_two_processes(journal: SqliteJournal, path: Path) -> None:
    other = SqliteJournal(path)

    def take(which: SqliteJournal, name: str) -> None:
        for n in range(20):
            which.number(AT, "withdrawal", f"{name}{n}", "TQ", "0001", lambda number: {"number": number, "fen": 1})

    threads = [threading.Thread(target=take, args=one) for one in ((journal, "a"), (other, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    numbers = sorted(str(record.facts["number"]) for record in journal.pending())
    assert numbers == [f"TQ-20261002-001{n:03d}" for n in range(1, 41)]
    assert journal.verify().good


def test_a_number_whose_making_fails_is_not_lost(journal: SqliteJournal) -> None:
    with pytest.raises(ZeroDivisionError):
        journal.number(AT, "withdrawal", "a", "TQ", "1", lambda number: {"fen": 1 // 0})
    record = journal.number(AT, "withdrawal", "a", "TQ", "1", lambda number: {"number": number})
    assert record.facts["number"] == "TQ-20261002-001001"


def test_the_database_itself_refuses_changes(journal: SqliteJournal, path: Path) -> None:
    fill(journal, 1)
    db = sqlite3.connect(path)
    for attack in ("UPDATE records SET hash = 'x' WHERE seq = 1", "DELETE FROM records",
                   "INSERT OR REPLACE INTO records (seq, line, hash) VALUES (1, '{}', 'x')",
                   "INSERT INTO records (seq, line, hash) VALUES (7, '{}', 'x')",
                   "INSERT INTO records (line, hash) VALUES ('{}', 'x')"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(attack)
    db.close()
    assert journal.verify().records == 2


@pytest.mark.parametrize(("attack", "bad"), [
    ("UPDATE records SET line = replace(line, 'balance', 'deposit') WHERE seq = 3", 3),
    ("UPDATE records SET hash = upper(hash) WHERE seq = 4", 4),
    ("DELETE FROM records WHERE seq = 2", 2),
    ("UPDATE records SET line = '{}' WHERE seq = 5", 5),
])
def test_who_gets_past_that_is_found_by_the_chain(journal: SqliteJournal, path: Path, attack: str, bad: int) -> None:
    fill(journal, 3)
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER no_update")
    db.execute("DROP TRIGGER no_delete")
    db.executescript("DROP INDEX one_intent_one_result; DROP INDEX one_deed_per_number; DROP INDEX by_number;"
                     "DROP INDEX by_code;")  # they read the line as JSON
    db.execute(attack)
    db.commit()
    db.close()
    report = journal.verify()
    assert (report.good, report.bad) == (False, bad)
    assert report.why


def test_only_the_kiosk_may_read_it(journal: SqliteJournal, path: Path) -> None:
    fill(journal, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_no_journal(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is not a database at all, but long enough to be one" * 40)
    with pytest.raises(JournalError) as caught:
        SqliteJournal(path)
    assert "叫工作人员" in caught.value.sentence
