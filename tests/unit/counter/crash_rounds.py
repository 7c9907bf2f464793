"""Books withdrawals in children that are killed by SIGKILL in the middle, then restarts and counts the money.

Run as a process of its own (it forks, so it must have one thread): crash_rounds.py FOLDER KILLS SEED. Prints JSON.

Where a child dies: most count the calls that book() makes (Python's and C's, so also right before and right after each
COMMIT) and kill themselves at a random one of them, half of these counted from the writing of the intent on; every
fifth is killed by its parent at a random time instead.
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
from pathlib import Path
from types import FrameType

from counter_kit import PEOPLE, Kit, StillClock, people, rule_book

from kiosk.adapters.demo_centre import DemoCentre
from kiosk.fund.money import Money
from kiosk.fund.withdrawal import Booking

NAME = "王样例"


class Fuse:
    """Kills this process at the n-th call from now. Without `at` it only counts."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.count = at, 0

    def __call__(self, frame: FrameType, event: str, what: object) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def light(kit: Kit, fuse: Fuse, late: bool) -> None:
    """Start counting: at once, or when the intent is written."""
    if not late:
        sys.setprofile(fuse)
        return
    number = kit.journal.number

    def number_then(*arguments: object) -> object:
        sys.setprofile(fuse)
        return number(*arguments)  # type: ignore[arg-type]

    kit.journal.number = number_then  # type: ignore[method-assign,assignment]


def book_in_child(folder: Path, book: object, fuse: int, late: bool, milliseconds: float) -> bool:
    """Fork a child that books; True when it was killed before it was done."""
    child = os.fork()
    if child == 0:
        kit = Kit(folder, book)  # type: ignore[arg-type]
        facts = kit.ready_to_book(NAME)
        (folder / "ready").touch()
        if fuse:
            light(kit, Fuse(fuse), late)
        kit.do("withdrawal.book", facts, "w1")
        os._exit(0)
    if milliseconds:
        while not (folder / "ready").exists() and os.waitpid(child, os.WNOHANG) == (0, 0):
            time.sleep(0.0005)
        time.sleep(milliseconds / 1000)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def settle(folder: Path, book: object) -> str:
    """Restart, reconcile, and hold journal, centre and balance against each other; what became of the order."""
    kit = Kit(folder, book)  # type: ignore[arg-type]
    before = kit.journal.pending()
    where = "intent open" if before else ("concluded" if kit.journal.intent("w1") else "no intent")
    assert kit.counter.reconcile() == 0
    assert kit.journal.pending() == ()
    assert kit.journal.verify().good
    result, answer = kit.journal.result("w1"), kit.centre.outcome_of("w1")
    taken = [entry for entry in kit.centre.entries("h01", kit.clock.time.date()) if entry.kind == "退休提取"]
    booked = answer.booking is Booking.ACCEPTED
    assert len(taken) == booked
    assert (kit.centre.account("h01").balance == Money(0)) is booked
    if result is None:
        assert answer.booking is Booking.UNKNOWN
        assert where == "no intent"
    else:
        assert result.facts["state"] == ("booked" if booked else "void")
    if not booked:  # nothing was lost: it can be done now, under a new key
        assert kit.do("withdrawal.book", kit.ready_to_book(NAME), "w2").name == "booked"
        assert kit.journal.verify().good
    kit.close()
    return f"{where}, {'booked' if booked else 'not booked'}"


def calls_of_a_booking(folder: Path, book: object, late: bool) -> int:
    kit = Kit(folder, book)  # type: ignore[arg-type]
    facts, fuse = kit.ready_to_book(NAME), Fuse()
    light(kit, fuse, late)
    kit.do("withdrawal.book", facts, "w1")
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

    calls = {late: calls_of_a_booking(begin(f"whole{late}"), book, late) for late in (False, True)}
    seen: collections.Counter[str] = collections.Counter()
    done = rounds = 0
    while done < kills:
        folder = begin(f"r{rounds}")
        timed, late = rounds % 5 == 4, rounds % 2 == 1
        killed = book_in_child(folder, book, 0 if timed else chance.randrange(1, calls[late] + 1), late,
                               chance.uniform(0.01, 30) if timed else 0.0)
        seen[settle(folder, book)] += killed
        done, rounds = done + killed, rounds + 1
        shutil.rmtree(folder)
    print(json.dumps({"kills": done, "rounds": rounds, "calls": list(calls.values()), "seen": seen}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
