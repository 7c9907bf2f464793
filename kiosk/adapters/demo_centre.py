"""The embedded demonstration centre: a small core system in SQLite behind the gateway port.

It keeps the contract of kiosk.ports.gateway for real (one transaction per booking, one order per key) and can be told
to misbehave the way real lines do, see Faults. It refuses to exist in production.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from kiosk.adapters.demo_loans import lent
from kiosk.adapters.demo_people import People, Person, load_people
from kiosk.fund.account import (
    Account,
    BankCard,
    Entry,
    Holder,
    Loan,
    LoanAccount,
    LoanPayment,
    PastWithdrawal,
    Post,
    Repayment,
    Standing,
    State,
)
from kiosk.fund.errors import WorldError
from kiosk.fund.identity import AccountNumber, CardNumber, IdNumber, PersonName
from kiosk.fund.money import Money
from kiosk.fund.month import Month
from kiosk.fund.withdrawal import Answer, Booking, Order, Refusal
from kiosk.ports.clock import Clock, SystemClock
from kiosk.ports.gateway import GatewayRefusedError, GatewayUnreachableError, PasswordAnswer

TRIES = 5
#: The yes/no questions about homes that the centre answers (kiosk.fund.conditions); a person's `homes` may differ from
#: what `owns_home` says.
HOMES = ("owns_home_in_city", "owns_home_in_county", "owns_home_at_workplace", "owns_own_home", "property_fee_confirmed")
#: The statement is made up for so many months back.
MONTHS_OF_STATEMENT = 18

_SCHEMA = """
CREATE TABLE holders (id TEXT PRIMARY KEY, id_number TEXT UNIQUE NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, tried_on TEXT NOT NULL DEFAULT '', homes TEXT NOT NULL);
CREATE TABLE accounts (holder TEXT PRIMARY KEY REFERENCES holders, number TEXT NOT NULL, state TEXT NOT NULL,
    balance INTEGER NOT NULL CHECK (balance >= 0), base INTEGER NOT NULL, unit INTEGER NOT NULL, own INTEGER NOT NULL,
    employer TEXT NOT NULL, opened TEXT NOT NULL, paid TEXT NOT NULL, closed TEXT NOT NULL,
    sealed TEXT NOT NULL);
CREATE TABLE standings (holder TEXT PRIMARY KEY REFERENCES holders, retired INTEGER, post TEXT NOT NULL,
    loan TEXT NOT NULL, in_progress TEXT NOT NULL, banned TEXT NOT NULL, withdrawn TEXT NOT NULL, in_row INTEGER,
    married INTEGER, children INTEGER, local INTEGER);
CREATE TABLE loans (number TEXT PRIMARY KEY, holder TEXT NOT NULL REFERENCES holders, amount INTEGER NOT NULL,
    remaining INTEGER NOT NULL, percent TEXT NOT NULL, months INTEGER NOT NULL, repayment TEXT NOT NULL, lent TEXT NOT NULL,
    monthly INTEGER NOT NULL, due_day INTEGER NOT NULL, overdue INTEGER NOT NULL, settled TEXT NOT NULL);
CREATE TABLE loan_payments (loan TEXT NOT NULL REFERENCES loans, day TEXT NOT NULL, amount INTEGER NOT NULL);
CREATE TABLE withdrawals (seq INTEGER PRIMARY KEY, holder TEXT NOT NULL REFERENCES holders, number TEXT UNIQUE NOT NULL,
    day TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, title TEXT NOT NULL, amount INTEGER NOT NULL,
    interest INTEGER NOT NULL, bank TEXT NOT NULL, last4 TEXT NOT NULL, arrival TEXT NOT NULL, paid TEXT NOT NULL,
    closed INTEGER NOT NULL);
CREATE TABLE cards (id TEXT PRIMARY KEY, holder TEXT NOT NULL REFERENCES holders, bank TEXT NOT NULL,
    number TEXT NOT NULL, first_class INTEGER NOT NULL);
CREATE TABLE entries (seq INTEGER PRIMARY KEY, holder TEXT NOT NULL REFERENCES holders, day TEXT NOT NULL,
    kind TEXT NOT NULL, amount INTEGER NOT NULL, balance INTEGER NOT NULL);
CREATE TABLE orders (key TEXT PRIMARY KEY, holder TEXT NOT NULL, booking TEXT NOT NULL, refusal TEXT NOT NULL,
    fen INTEGER NOT NULL, arrival TEXT NOT NULL, centre_number TEXT NOT NULL, kiosk_number TEXT NOT NULL);
PRAGMA user_version = 2;
"""
_VERSION = 2


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
        if not path.exists() or _version(path) != _VERSION:  # what an older program has made is made anew
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
                        row["in_progress"], _date(row["banned"]), _date(row["withdrawn"]), row["in_row"],
                        _maybe(row["married"]), row["children"], _maybe(row["local"]))

    def loans(self, holder_id: str) -> tuple[LoanAccount, ...]:
        with self._line():
            rows = self._db.execute("SELECT * FROM loans WHERE holder = ? ORDER BY lent DESC", (holder_id,)).fetchall()
            paid = {row["number"]: self._db.execute("SELECT day, amount FROM loan_payments WHERE loan = ? ORDER BY day",
                                                    (row["number"],)).fetchall() for row in rows}
        return tuple(_loan(row, paid[row["number"]]) for row in rows)

    def withdrawals(self, holder_id: str) -> tuple[PastWithdrawal, ...]:
        with self._line():
            rows = self._db.execute("SELECT * FROM withdrawals WHERE holder = ? ORDER BY day DESC, seq DESC",
                                    (holder_id,)).fetchall()
        return tuple(_past(row, self._today) for row in rows)

    def property_fact(self, holder_id: str, question: str) -> bool:
        with self._line():
            homes: dict[str, bool] = json.loads(self._row("SELECT homes FROM holders WHERE id = ?", holder_id)["homes"])
        if question not in homes:
            raise GatewayRefusedError("unknown question")
        return homes[question]

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
            count = self._db.execute("SELECT count(*) FROM orders").fetchone()[0] + 1
            arrival = _working_days_later(order.ordered_at.date(), self._arrival_days)
            self._debit(order, arrival)
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
        if changed := self._changed(order, account.balance):
            return changed
        card = self._db.execute("SELECT first_class FROM cards WHERE id = ? AND holder = ?",
                                (order.card_id, order.holder_id)).fetchone()
        return None if card and card["first_class"] else Refusal.CARD

    @staticmethod
    def _changed(order: Order, balance: Money) -> Refusal | None:
        """Is the account no longer what the visitor saw? Interest is credited only when the account is emptied."""
        if not order.principal or order.principal.fen < 0 or order.balance != balance:
            return Refusal.CHANGED
        if order.principal.fen > balance.fen:
            return Refusal.LIMIT
        whole = order.principal == balance
        sane = 0 <= order.interest.fen <= balance.fen // 20 + 100 if whole else not order.interest
        return None if sane and (whole or not order.closes_account) else Refusal.CHANGED

    def _debit(self, order: Order, arrival: date) -> None:
        day, left = order.ordered_at.date().isoformat(), order.balance - order.principal
        lines = [("结息", order.interest.fen, order.balance.fen + order.interest.fen),
                 (order.title, -order.total.fen, left.fen)]
        self._db.executemany("INSERT INTO entries (holder, day, kind, amount, balance) VALUES (?, ?, ?, ?, ?)",
                             [(order.holder_id, day, *line) for line in lines if line[1]])
        self._db.execute("UPDATE accounts SET balance = ? WHERE holder = ?", (left.fen, order.holder_id))
        if order.closes_account:
            self._db.execute("UPDATE accounts SET state = ?, closed = ? WHERE holder = ?",
                             (State.WITHDRAWN.value, day, order.holder_id))
        self._db.execute("UPDATE standings SET withdrawn = ? WHERE holder = ?", (day, order.holder_id))
        card = self._db.execute("SELECT bank, number FROM cards WHERE id = ?", (order.card_id,)).fetchone()
        self._db.execute(
            "INSERT INTO withdrawals (holder, number, day, kind, code, title, amount, interest, bank, last4, arrival, paid,"
            " closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
            (order.holder_id, order.number, day, order.kind, order.code, order.title, order.principal.fen,
             order.interest.fen, card["bank"], card["number"][-4:], arrival.isoformat(), order.closes_account))

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


def _version(path: Path) -> int:
    db = sqlite3.connect(path)
    try:
        return int(db.execute("PRAGMA user_version").fetchone()[0])
    finally:
        db.close()


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
    account, standing, paid = person.account, person.standing, person.account.paid(today)
    balance, monthly = Money.parse(account.balance), Money.parse(account.monthly)
    homes = dict.fromkeys(HOMES, person.owns_home) | person.homes
    db.execute("INSERT INTO holders (id, id_number, name, password, homes) VALUES (?, ?, ?, ?, ?)",
               (person.id, person.number, person.name, _hashed(person.id, password), json.dumps(homes)))
    db.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               (person.id, account.number, account.state.value, balance.fen, Money.parse(account.base).fen, monthly.fen,
                monthly.fen, account.employer, account.opened.isoformat(), paid.iso if paid else "",
                _iso(account.closed), _iso(account.sealed_on(today))))
    db.execute("INSERT INTO standings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               (person.id, standing.retired, standing.post.value, standing.loan.value, standing.in_progress,
                _iso(standing.banned_until), "", _in_row(person, paid, today), standing.married, standing.children,
                standing.local_household))
    _settle_history(db, person, today)
    db.executemany("INSERT INTO cards VALUES (?, ?, ?, ?, ?)",
                   [(f"{person.id}-{index}", person.id, card.bank, card.number, card.first_class)
                    for index, card in enumerate(person.cards, start=1)])
    db.executemany("INSERT INTO entries (holder, day, kind, amount, balance) VALUES (?, ?, ?, ?, ?)",
                   [(person.id, entry.day.isoformat(), entry.kind, entry.amount.fen, entry.balance.fen)
                    for entry in _statement(balance, monthly + monthly, paid, today)])


def _settle_history(db: sqlite3.Connection, person: Person, today: date) -> None:
    """Loans, and withdrawals of earlier years: these are paid long since."""
    for loan in (lent(one, today) for one in person.loans):
        db.execute("INSERT INTO loans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   (loan.number.clear, person.id, loan.amount.fen, loan.left.fen, loan.percent, loan.months,
                    loan.repayment.value, loan.lent_on.isoformat(), loan.monthly.fen, loan.due_day, loan.overdue.fen,
                    _iso(loan.settled_on)))
        db.executemany("INSERT INTO loan_payments VALUES (?, ?, ?)",
                       [(loan.number.clear, line.day.isoformat(), line.amount.fen) for line in loan.payments])
    card = person.cards[0] if person.cards else None
    for index, one in enumerate(sorted(person.withdrawals, key=lambda one: -one.months_ago), start=1):
        month = Month.of(today).plus(-one.months_ago)
        day = date(month.year, month.month, min(today.day, 28))
        arrival = _working_days_later(day, 5)
        db.execute(
            "INSERT INTO withdrawals (holder, number, day, kind, code, title, amount, interest, bank, last4, arrival, paid,"
            " closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (person.id, f"TQ-{day:%Y%m%d}-{person.id[1:]}{index:02d}", day.isoformat(), one.kind, one.code, one.title,
             Money.parse(one.amount).fen, Money.parse(one.interest).fen, card.bank if card else "",
             card.number[-4:] if card else "", arrival.isoformat(), arrival.isoformat(), one.closed_account))
        db.execute("UPDATE standings SET withdrawn = ? WHERE holder = ?", (day.isoformat(), person.id))


def _in_row(person: Person, paid: Month | None, today: date) -> int:
    """Months paid without a gap: nobody here has one, but who owes more than two months has to begin anew."""
    if paid is None or paid < Month.of(today).plus(-2):
        return 0
    return max(0, paid.since(Month.of(person.account.opened)) + 1)


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
                   Month.parse(row["paid"]) if row["paid"] else None, _date(row["closed"]), _date(row["sealed"]))


def _loan(row: sqlite3.Row, paid: Iterable[sqlite3.Row]) -> LoanAccount:
    return LoanAccount(AccountNumber(row["number"]), Money(row["amount"]), Money(row["remaining"]), row["percent"],
                       row["months"], Repayment(row["repayment"]), date.fromisoformat(row["lent"]), Money(row["monthly"]),
                       row["due_day"], Money(row["overdue"]), _date(row["settled"]),
                       tuple(LoanPayment(date.fromisoformat(line["day"]), Money(line["amount"])) for line in paid))


def _past(row: sqlite3.Row, today: date) -> PastWithdrawal:
    arrival = date.fromisoformat(row["arrival"])
    paid_on = _date(row["paid"]) or (arrival if arrival <= today else None)
    return PastWithdrawal(row["number"], date.fromisoformat(row["day"]), row["code"], row["title"], Money(row["amount"]),
                          Money(row["interest"]), row["bank"], row["last4"], arrival, paid_on, bool(row["closed"]),
                          row["kind"])


def _maybe(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


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
