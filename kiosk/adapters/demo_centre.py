"""The embedded demonstration centre: a small core system in SQLite behind the gateway port.

It keeps the contract of kiosk.ports.gateway for real (one transaction per booking, one order per key) and can be told
to misbehave the way real lines do, see Faults. It refuses to exist in production.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from kiosk.adapters.demo_people import People, Person, load_people
from kiosk.fund.account import Account, BankCard, Entry, Holder, Loan, Post, Standing, State
from kiosk.fund.errors import WorldError
from kiosk.fund.identity import AccountNumber, CardNumber, IdNumber, PersonName
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.withdrawal import Answer, Booking, Order, Refusal
from kiosk.ports.clock import Clock, SystemClock
from kiosk.ports.gateway import GatewayRefusedError, GatewayUnreachableError, PasswordAnswer

TRIES = 5
#: The statement is made up for so many months back.
MONTHS_OF_STATEMENT = 18

_SCHEMA = """
CREATE TABLE holders (id TEXT PRIMARY KEY, id_number TEXT UNIQUE NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, tried_on TEXT NOT NULL DEFAULT '', owns_home INTEGER NOT NULL);
CREATE TABLE accounts (holder TEXT PRIMARY KEY REFERENCES holders, number TEXT NOT NULL, state TEXT NOT NULL,
    balance INTEGER NOT NULL CHECK (balance >= 0), base INTEGER NOT NULL, unit INTEGER NOT NULL, own INTEGER NOT NULL,
    employer TEXT NOT NULL, opened TEXT NOT NULL, paid TEXT NOT NULL, closed TEXT NOT NULL);
CREATE TABLE standings (holder TEXT PRIMARY KEY REFERENCES holders, retired INTEGER, post TEXT NOT NULL,
    loan TEXT NOT NULL, in_progress TEXT NOT NULL, banned TEXT NOT NULL, withdrawn TEXT NOT NULL);
CREATE TABLE cards (id TEXT PRIMARY KEY, holder TEXT NOT NULL REFERENCES holders, bank TEXT NOT NULL,
    number TEXT NOT NULL, first_class INTEGER NOT NULL);
CREATE TABLE entries (seq INTEGER PRIMARY KEY, holder TEXT NOT NULL REFERENCES holders, day TEXT NOT NULL,
    kind TEXT NOT NULL, amount INTEGER NOT NULL, balance INTEGER NOT NULL);
CREATE TABLE orders (key TEXT PRIMARY KEY, holder TEXT NOT NULL, booking TEXT NOT NULL, refusal TEXT NOT NULL,
    fen INTEGER NOT NULL, arrival TEXT NOT NULL, centre_number TEXT NOT NULL, kiosk_number TEXT NOT NULL);
PRAGMA user_version = 1;
"""


@dataclass
class Faults:
    """What goes wrong, until it is switched off (counts are used up one by one).

    slow         seconds that every call takes longer
    down         nothing answers
    lose_orders  so many orders never arrive (they may arrive later: `deliver_late`)
    lose_answers so many orders are booked, but the answer is lost
    then_down    after a lost order or answer nothing answers any more
    twice        orders are delivered twice
    refuse       orders are refused for this reason
    maintenance  the centre answers, but does nothing
    """

    slow: float = 0.0
    down: bool = False
    lose_orders: int = 0
    lose_answers: int = 0
    then_down: bool = False
    twice: bool = False
    refuse: Refusal | None = None
    maintenance: bool = False


class DemoCentre:
    """Implements kiosk.ports.gateway.Gateway. Thread-safe."""

    def __init__(self, path: Path, people: Path, *, production: bool, clock: Clock | None = None,
                 arrival_days: int = 5, sleep: Callable[[float], None] = time.sleep) -> None:
        """`path` is the centre's own SQLite file, made on first use from the data file `people`. Raises WorldError in
        production, DataError when the people are wrong."""
        if production:
            raise WorldError("demo centre in production", "正式运行时不能用演示中心，请在设置文件里换成真的中心接口。")
        self.faults = Faults()
        self._path, self._people, self._clock = path, people, clock or SystemClock()
        self._arrival_days, self._sleep = arrival_days, sleep
        self._adrift: list[Order] = []
        self._lock = threading.RLock()
        if not path.exists():
            _build(path, load_people(people), self._today)
        self._db = _open(path)

    @property
    def _today(self) -> date:
        return self._clock.now().date()

    def close_file(self) -> None:
        with self._lock:
            self._db.close()

    def misbehave(self, faults: Mapping[str, object]) -> None:
        """From now on, with the names of Faults; {} for a good line. Raises TypeError or ValueError for others."""
        known = dict(faults)
        if known.get("refuse"):
            known["refuse"] = Refusal(str(known["refuse"]))
        self.faults = Faults(**known)  # type: ignore[arg-type]

    def reset(self) -> None:
        """Everybody back to the data file's state."""
        with self._lock:
            self._db.close()
            _build(self._path, load_people(self._people), self._today)
            self._db = _open(self._path)

    def deliver_late(self) -> tuple[Answer, ...]:
        """Let the lost orders arrive now; what the centre says to each."""
        adrift, self._adrift = self._adrift, []
        with self._lock:
            return tuple(self._book(order) for order in adrift)

    # ---------------------------------------------------------------- questions

    def find(self, id_number: IdNumber) -> Holder | None:
        with self._line():
            row = self._db.execute("SELECT id, name FROM holders WHERE id_number = ?", (id_number.clear,)).fetchone()
        return Holder(row["id"], PersonName(row["name"]), id_number) if row else None

    def check_password(self, holder_id: str, password: str) -> PasswordAnswer:
        with self._line(), self._writing():
            row = self._row("SELECT password, tries, tried_on FROM holders WHERE id = ?", holder_id)
            tries = row["tries"] if row["tried_on"] == self._today.isoformat() else 0
            if tries >= TRIES:
                return PasswordAnswer(False, 0)
            right = row["password"] == _hashed(holder_id, password)
            self._db.execute("UPDATE holders SET tries = ?, tried_on = ? WHERE id = ?",
                             (0 if right else tries + 1, self._today.isoformat(), holder_id))
            return PasswordAnswer(right, TRIES if right else TRIES - tries - 1)

    def account(self, holder_id: str) -> Account:
        with self._line():
            return _account(self._row("SELECT * FROM accounts WHERE holder = ?", holder_id))

    def cards(self, holder_id: str) -> tuple[BankCard, ...]:
        with self._line():
            rows = self._db.execute("SELECT * FROM cards WHERE holder = ? ORDER BY id", (holder_id,)).fetchall()
        return tuple(BankCard(row["id"], row["bank"], CardNumber(row["number"]), bool(row["first_class"]))
                     for row in rows)

    def entries(self, holder_id: str, since: date) -> tuple[Entry, ...]:
        with self._line():
            rows = self._db.execute("SELECT * FROM entries WHERE holder = ? AND day >= ? ORDER BY seq",
                                    (holder_id, since.isoformat())).fetchall()
        return tuple(Entry(date.fromisoformat(row["day"]), row["kind"], Money(row["amount"]), Money(row["balance"]))
                     for row in rows)

    def standing(self, holder_id: str) -> Standing:
        with self._line():
            row = self._row("SELECT * FROM standings WHERE holder = ?", holder_id)
        return Standing(None if row["retired"] is None else bool(row["retired"]), Post(row["post"]), Loan(row["loan"]),
                        row["in_progress"], _date(row["banned"]), _date(row["withdrawn"]))

    def property_fact(self, holder_id: str, question: str) -> bool:
        if question != "owns_home_in_city":
            raise GatewayRefusedError("unknown question")
        with self._line():
            return bool(self._row("SELECT owns_home FROM holders WHERE id = ?", holder_id)["owns_home"])

    # ---------------------------------------------------------------- orders

    def submit(self, order: Order) -> Answer:
        with self._line():
            if self.faults.lose_orders > 0:
                self.faults.lose_orders -= 1
                self._adrift.append(order)
                self._break_line()
            answer = self._book(order)
            if self.faults.twice:
                answer = self._book(order)
            if self.faults.lose_answers > 0:
                self.faults.lose_answers -= 1
                self._break_line()
            return answer

    def outcome_of(self, key: str) -> Answer:
        with self._line():
            return self._known(key) or Answer(Booking.UNKNOWN)

    def close(self, key: str) -> Answer:
        with self._line(), self._writing():
            return self._known(key) or self._record(key, "", "", Answer(Booking.VOID))

    def _book(self, order: Order) -> Answer:
        """One transaction: the order's row and the debit stand or fall together."""
        with self._writing():
            known = self._known(order.key)
            if known is not None:
                return known
            refusal = self.faults.refuse or self._objection(order)
            if refusal is not None:
                return self._record(order.key, order.holder_id, order.number, Answer(Booking.REFUSED, refusal))
            self._debit(order)
            count = self._db.execute("SELECT count(*) FROM orders").fetchone()[0] + 1
            arrival = _working_days_later(order.ordered_at.date(), self._arrival_days)
            answer = Answer(Booking.ACCEPTED, paid=order.total, arrival=arrival, centre_number=f"C{count:06d}")
            return self._record(order.key, order.holder_id, order.number, answer)

    def _objection(self, order: Order) -> Refusal | None:
        account = _account(self._row("SELECT * FROM accounts WHERE holder = ?", order.holder_id))
        if account.closed:
            return Refusal.CLOSED
        if account.state in (State.FROZEN, State.OTHER):
            return Refusal.FROZEN
        if self._row("SELECT in_progress FROM standings WHERE holder = ?", order.holder_id)["in_progress"]:
            return Refusal.IN_PROGRESS
        interest_is_sane = 0 <= order.interest.fen <= account.balance.fen // 20 + 100
        if account.balance != order.principal or not order.principal or not interest_is_sane:
            return Refusal.CHANGED
        card = self._db.execute("SELECT first_class FROM cards WHERE id = ? AND holder = ?",
                                (order.card_id, order.holder_id)).fetchone()
        return None if card and card["first_class"] else Refusal.CARD

    def _debit(self, order: Order) -> None:
        day = order.ordered_at.date().isoformat()
        lines = [("结息", order.interest.fen, order.total.fen), (order.title, -order.total.fen, 0)]
        self._db.executemany("INSERT INTO entries (holder, day, kind, amount, balance) VALUES (?, ?, ?, ?, ?)",
                             [(order.holder_id, day, *line) for line in lines if line[1]])
        state = State.WITHDRAWN if order.closes_account else State.SEALED
        self._db.execute("UPDATE accounts SET balance = 0, state = ?, closed = ? WHERE holder = ?",
                         (state.value, day if order.closes_account else "", order.holder_id))
        self._db.execute("UPDATE standings SET withdrawn = ? WHERE holder = ?", (day, order.holder_id))

    def _known(self, key: str) -> Answer | None:
        row = self._db.execute("SELECT * FROM orders WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        accepted = row["booking"] == Booking.ACCEPTED
        return Answer(Booking(row["booking"]), Refusal(row["refusal"]), Money(row["fen"]) if accepted else None,
                      _date(row["arrival"]), row["centre_number"])

    def _record(self, key: str, holder: str, number: str, answer: Answer) -> Answer:
        fen, arrival = answer.paid.fen if answer.paid else 0, answer.arrival.isoformat() if answer.arrival else ""
        self._db.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                         (key, holder, answer.booking.value, answer.refusal.value, fen, arrival, answer.centre_number,
                          number))
        return answer

    # ---------------------------------------------------------------- the line

    @contextmanager
    def _line(self) -> Iterator[None]:
        """The way to the centre and back, with its faults."""
        if self.faults.slow:
            self._sleep(self.faults.slow)
        if self.faults.down:
            raise GatewayUnreachableError("down")
        if self.faults.maintenance:
            raise GatewayRefusedError("maintenance")
        with self._lock:
            try:
                yield
            except sqlite3.Error as fault:
                raise GatewayUnreachableError(f"{type(fault).__name__}") from fault

    def _break_line(self) -> None:
        self.faults.down = self.faults.down or self.faults.then_down
        raise GatewayUnreachableError("lost")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _row(self, question: str, holder_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = self._db.execute(question, (holder_id,)).fetchone()
        if row is None:
            raise GatewayRefusedError("unknown holder")
        return row


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _build(path: Path, people: People, today: date) -> None:
    """Make the file beside its place and move it there, so that a half-made one is never opened."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    for old in (draft, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        old.unlink(missing_ok=True)
    db = sqlite3.connect(draft, isolation_level=None)
    db.executescript(_SCHEMA)
    db.execute("BEGIN")
    for person in people.holders:
        _settle(db, person, people.password, today)
    db.execute("COMMIT")
    db.close()
    draft.replace(path)


def _settle(db: sqlite3.Connection, person: Person, password: str, today: date) -> None:
    account, standing, paid = person.account, person.standing, person.paid_until(today)
    balance, monthly = Money.parse(account.balance), Money.parse(account.monthly)
    db.execute("INSERT INTO holders (id, id_number, name, password, owns_home) VALUES (?, ?, ?, ?, ?)",
               (person.id, person.number, person.name, _hashed(person.id, password), person.owns_home))
    db.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               (person.id, account.number, account.state.value, balance.fen, Money.parse(account.base).fen, monthly.fen,
                monthly.fen, account.employer, account.opened.isoformat(), paid.iso if paid else "",
                account.closed.isoformat() if account.closed else ""))
    db.execute("INSERT INTO standings VALUES (?, ?, ?, ?, ?, ?, '')",
               (person.id, standing.retired, standing.post.value, standing.loan.value, standing.in_progress,
                standing.banned_until.isoformat() if standing.banned_until else ""))
    db.executemany("INSERT INTO cards VALUES (?, ?, ?, ?, ?)",
                   [(f"{person.id}-{index}", person.id, card.bank, card.number, card.first_class)
                    for index, card in enumerate(person.cards, start=1)])
    db.executemany("INSERT INTO entries (holder, day, kind, amount, balance) VALUES (?, ?, ?, ?, ?)",
                   [(person.id, entry.day.isoformat(), entry.kind, entry.amount.fen, entry.balance.fen)
                    for entry in _statement(balance, monthly + monthly, paid, today)])


def _statement(balance: Money, monthly: Money, paid: Month | None, today: date) -> Iterable[Entry]:
    """A statement that ends in `balance`: monthly deposits on the 15th, interest on 30 June, made up backwards."""
    first = Month.of(today).plus(-MONTHS_OF_STATEMENT)
    lines: list[tuple[date, str, Money]] = []
    for index in range(MONTHS_OF_STATEMENT + 1):
        month = first.plus(index)
        deposit_day = date(month.year, month.month, 15)
        if paid and month <= paid and deposit_day <= today:
            lines.append((deposit_day, "汇缴", monthly))
        settled = date(month.year, 6, 30)
        if month.month == 6 and settled <= today:
            lines.append((settled, "结息", Money(balance.fen * 12 // 1000)))
    made: list[Entry] = []
    for day, kind, amount in reversed(lines):
        if not amount or balance.fen < amount.fen:
            break
        made.append(Entry(day, kind, amount, balance))
        balance = balance - amount
    return reversed(made)


def _account(row: sqlite3.Row) -> Account:
    return Account(AccountNumber(row["number"]), State(row["state"]), Money(row["balance"]), Money(row["base"]),
                   Money(row["unit"]), Money(row["own"]), row["employer"], date.fromisoformat(row["opened"]),
                   Month.parse(row["paid"]) if row["paid"] else None, _date(row["closed"]))


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _hashed(holder_id: str, password: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), holder_id.encode(), 2_000).hex()


def _working_days_later(day: date, count: int) -> date:
    """Weekends left out; public holidays are not known here."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
