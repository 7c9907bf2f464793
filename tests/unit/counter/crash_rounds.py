"""Books withdrawals and prints their slips in children that are killed by SIGKILL in the middle, then restarts and counts
the money: every other round takes the whole balance and closes the account, the others take a part of it.

Run as a process of its own (it forks, so it must have one thread): crash_rounds.py FOLDER KILLS SEED. Prints JSON.

Where a child dies: most count the calls that booking and slip make (Python's and C's, so also right before and right after
each COMMIT) and kill themselves at a random one of them: a third anywhere, a third from the writing of the intent on, a third
while the slip is made; every fifth is killed by its parent at a random time instead.
"""

from __future__ import annotations

import collections
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from counter_kit import PEOPLE, FakePrinter, Kit, StillClock, people, rule_book

from kiosk.adapters.demo_centre import DemoCentre
from kiosk.fund.money import Money
from kiosk.fund.withdrawal import Booking
from kiosk.ports.printer import PrintReport


@dataclass(frozen=True)
class Deed:
    """Who takes what: `part` of the balance, or all of it. `title` is the line of the statement."""

    name: str
    holder: str
    kind: str
    title: str
    part: Money | None = None

    def facts(self, kit: Kit) -> dict[str, object]:
        facts = kit.ready_to_book(self.name, self.kind)
        return facts | {"total": self.part} if self.part else facts


WHOLE = Deed("王样例", "h01", "withdraw.retirement", "退休提取")
PART = Deed("董样例", "h37", "withdraw.loan_repayment", "还贷提取", Money.parse("1234.56"))
PHASES = ("anywhere", "from the intent", "slip")


class LoggingPrinter(FakePrinter):
    """Writes down what came out, so that it is known after a kill."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def print(self, document: Path, title: str, copies: int, on_report: Callable[[PrintReport], None]) -> PrintReport:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{title}\n")
        return super().print(document, title, copies, on_report)


def begun(folder: Path, book: object) -> Kit:
    return Kit(folder, book, printer=LoggingPrinter(folder / "out.log"))  # type: ignore[arg-type]


class Fuse:
    """Kills this process at the n-th call from now. Without `at` it only counts."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.count = at, 0

    def __call__(self, frame: FrameType, event: str, what: object) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def light(kit: Kit, fuse: Fuse, phase: str) -> None:
    """Start counting: at once, when the intent is written, or (see `deed`) when the slip begins."""
    if phase == "anywhere":
        sys.setprofile(fuse)
    elif phase == "from the intent":
        number = kit.journal.number

        def number_then(*arguments: object) -> object:
            sys.setprofile(fuse)
            return number(*arguments)  # type: ignore[arg-type]

        kit.journal.number = number_then  # type: ignore[method-assign,assignment]


def carry_out(kit: Kit, deed: Deed, fuse: Fuse, phase: str) -> None:
    facts = deed.facts(kit)
    (kit.folder / "ready").touch()
    light(kit, fuse, phase)
    facts |= kit.do("withdrawal.book", facts, "w1").facts
    if phase == "slip":
        sys.setprofile(fuse)
    kit.do("withdrawal.slip", facts, "s1")


def killed_in_child(folder: Path, book: object, deed: Deed, fuse: int, phase: str, milliseconds: float) -> bool:
    """Fork a child that takes the money; True when it was killed before it was done."""
    child = os.fork()
    if child == 0:
        carry_out(begun(folder, book), deed, Fuse(fuse or sys.maxsize), phase)
        os._exit(0)
    if milliseconds:
        while not (folder / "ready").exists() and os.waitpid(child, os.WNOHANG) == (0, 0):
            time.sleep(0.0005)
        time.sleep(milliseconds / 1000)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def settle(folder: Path, book: object, deed: Deed) -> str:
    """Restart, reconcile, and hold journal, centre, balance and paper against each other; what became of the order."""
    kit = begun(folder, book)
    before = {record.kind for record in kit.journal.pending()}
    where = "intent open" if "withdrawal" in before else ("concluded" if kit.journal.intent("w1") else "no intent")
    assert kit.counter.reconcile() == 0
    assert kit.journal.pending() == ()
    assert kit.journal.verify().good
    booked = _money_agrees(kit, deed, where)
    slip = _slip_agrees(kit, folder, open_before="slip" in before)
    if not booked:  # nothing was lost: it can be done now, under a new key
        assert kit.do("withdrawal.book", deed.facts(kit), "w2").name == "booked"
    assert len(kit.centre.withdrawals(deed.holder)) == 1
    assert kit.do("withdrawal.book", deed.facts(kit) if deed.part else kit.identified(deed.name) | _LATE, "w3"
                  ).name == "refused"
    assert kit.journal.verify().good
    kit.close()
    return f"{where}, {'booked' if booked else 'not booked'}{slip}"


#: What somebody would still ask for whose account is closed by now.
_LATE = {"withdraw_kind": WHOLE.kind, "card_id": "h01-1", "total": Money(1)}


def _money_agrees(kit: Kit, deed: Deed, where: str) -> bool:
    result, answer = kit.journal.result("w1"), kit.centre.outcome_of("w1")
    taken = [entry for entry in kit.centre.entries(deed.holder, kit.clock.time.date()) if entry.kind == deed.title]
    booked = answer.booking is Booking.ACCEPTED
    account = kit.centre.account(deed.holder)
    before = Money.parse(next(person.account.balance for person in people() if person.id == deed.holder))
    left = before - (deed.part or before) if booked else before
    assert (len(taken), len(kit.centre.withdrawals(deed.holder))) == (booked, booked)
    assert account.balance == left
    assert account.closed is (booked and deed.part is None)
    if result is None:
        assert answer.booking is Booking.UNKNOWN
        assert where == "no intent"
    else:
        assert result.facts["state"] == ("booked" if booked else "void")
    return booked


def _slip_agrees(kit: Kit, folder: Path, open_before: bool) -> str:
    """A slip came out once at most, and what the journal calls printed did come out."""
    log = folder / "out.log"
    came_out = len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0
    result = kit.journal.result("s1")
    assert came_out <= 1
    assert not list((folder / "papers").glob("visit/*"))
    if result is None:
        assert not came_out
        return ""
    assert result.facts["state"] == ("interrupted" if open_before else "printed")
    assert came_out or open_before
    return f", slip {result.facts['state']}"


def calls_of(folder: Path, book: object, deed: Deed, phase: str) -> int:
    kit, fuse = begun(folder, book), Fuse()
    carry_out(kit, deed, fuse, phase)
    sys.setprofile(None)
    kit.close()
    return fuse.count


def main(root: Path, kills: int, seed: int) -> None:
    chance, book = random.Random(seed), rule_book()
    people()  # read once, before the forks
    fresh = root / "fresh"
    DemoCentre(fresh / "centre.db", PEOPLE, production=False, clock=StillClock()).close_file()
    Kit(fresh, book).close()

    def begin(name: str) -> Path:
        return Path(shutil.copytree(fresh, root / name))

    calls = {(deed, phase): calls_of(begin(f"count-{deed.holder}-{phase}"), book, deed, phase)
             for deed in (WHOLE, PART) for phase in PHASES}
    seen: collections.Counter[str] = collections.Counter()
    done = rounds = 0
    while done < kills:
        folder, deed, phase = begin(f"r{rounds}"), (WHOLE, PART)[rounds % 2], PHASES[rounds // 2 % 3]
        timed = rounds % 5 == 4
        killed = killed_in_child(folder, book, deed, 0 if timed else chance.randrange(1, calls[deed, phase] + 1), phase,
                                 chance.uniform(0.01, 30) if timed else 0.0)
        end = settle(folder, book, deed)
        seen[f"{'part' if deed.part else 'whole'}: {end}"] += killed
        done, rounds = done + killed, rounds + 1
        shutil.rmtree(folder)
    print(json.dumps({"kills": done, "rounds": rounds, "calls": list(calls.values()), "seen": seen}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
