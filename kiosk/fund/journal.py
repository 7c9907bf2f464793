"""The journal's records and the chain that makes changes visible.

A record is one line of canonical JSON; its hash covers that line and thereby the hash of the line before. The algorithm
is named in each record, so SM3 can follow SHA-256 without breaking the chain. What a record may say is a closed table:
nothing that identifies a person has a place in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk.fund.canonical import Plain, canonical

#: Hash of the record before the first.
GENESIS = "0" * 64
ALGORITHM = "sha256"
ALGORITHMS: Mapping[str, Callable[[bytes], str]] = {"sha256": lambda line: hashlib.sha256(line).hexdigest()}

#: kind: keys that its facts may have. An intent is written before the effect, its result after, both under one key.
INTENTS: Mapping[str, frozenset[str]] = {
    "certificate": frozenset({"number", "code", "certificate", "digest", "signature", "key_id", "name", "id", "issued",
                              "until", "copies", "enlarged"}),
    "reprint": frozenset({"number", "nth", "copies"}),
    "withdrawal": frozenset({"number", "withdrawal", "fen", "closes", "machine"}),
    "slip": frozenset({"number"}),
    "handoff": frozenset({"matter"}),
    "rules": frozenset({"action", "pack", "version", "digest", "key_id"}),
    "precheck": frozenset({"matter", "consent"}),   # the visitor's yes to pictures, as an event
    "estimate": frozenset(),
    "complaint": frozenset({"number", "about"}),
    "faces": frozenset({"day", "good", "fair", "poor"}),
}
RESULTS: Mapping[str, frozenset[str]] = {
    "certificate": frozenset({"number", "state", "trouble", "copies"}),
    "reprint": frozenset({"number", "state", "trouble", "copies"}),
    "withdrawal": frozenset({"number", "state", "refusal", "fen", "arrival", "centre_number", "reconciled"}),
    "slip": frozenset({"number", "state", "trouble"}),
    "handoff": frozenset({"matter", "state", "trouble"}),
    "rules": frozenset({"state", "pack", "version"}),
    "precheck": frozenset({"state", "seen"}),       # kinds of paper and outcomes, nothing that stands on them
    "estimate": frozenset({"state", "trouble"}),
    "complaint": frozenset({"number", "state", "trouble"}),
    "faces": frozenset({"state"}),
}
INTENT, RESULT = "intent", "result"

#: A run of digits that could be an identity, card or account number. The journal refuses to hold one.
_PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:\d{12,19}|\d{17}[Xx])(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Record:
    """`seq` counts from 1 without gaps. `key` is the idempotency key of the deed, the same in intent and result."""

    seq: int
    at: str
    kind: str
    phase: str
    key: str
    facts: Mapping[str, Plain]
    previous: str
    algorithm: str = ALGORITHM

    @property
    def line(self) -> bytes:
        """What is hashed and stored."""
        return canonical({"seq": self.seq, "at": self.at, "kind": self.kind, "phase": self.phase, "key": self.key,
                          "facts": self.facts, "previous": self.previous, "algorithm": self.algorithm})

    @property
    def hash(self) -> str:
        return ALGORITHMS[self.algorithm](self.line)


def compose(previous: Record | None, at: datetime, kind: str, phase: str, key: str,
            facts: Mapping[str, Plain]) -> Record:
    """The next record. ValueError when the kind is unknown or the facts say more than the kind may."""
    allowed = {INTENT: INTENTS, RESULT: RESULTS}[phase].get(kind)
    if allowed is None or not facts.keys() <= allowed:
        raise ValueError(f"a {kind} {phase} may not say {sorted(facts.keys() - (allowed or frozenset()))}")
    for name, value in facts.items():
        if type(value) not in (str, int, bool):
            raise ValueError(f"{name}: the journal takes text and whole numbers only")
        if isinstance(value, str) and _PERSONAL.search(value):
            raise ValueError(f"{name}: looks like a personal number")
    if not key:
        raise ValueError("a deed needs a key")
    seq, before = (previous.seq + 1, previous.hash) if previous else (1, GENESIS)
    return Record(seq, at.isoformat(timespec="milliseconds"), kind, phase, key, dict(facts), before)


def parse(line: bytes | str) -> Record:
    """A stored line as a record; ValueError when it is none."""
    try:
        record = Record(**json.loads(line))
        record.line  # noqa: B018 - TypeError for values that no record can hold
    except TypeError:
        raise ValueError("not a record") from None
    texts = (record.at, record.kind, record.phase, record.key, record.previous, record.algorithm)
    if type(record.seq) is not int or not all(type(text) is str for text in texts):
        raise ValueError("not a record")
    return record


@dataclass(frozen=True)
class ChainReport:
    """`bad` is the number of the first record that cannot be right (0 when all are), `why` a plain sentence."""

    records: int
    head: str
    bad: int = 0
    why: str = ""

    @property
    def good(self) -> bool:
        return self.bad == 0


def verify_chain(rows: Iterable[tuple[int, str, str]]) -> ChainReport:
    """Check stored rows (seq, line, hash) in order and name the first bad one. A tail that was cut off cannot be
    seen from inside: keep `head` somewhere else (on paper, at the centre) to see that too."""
    previous, count = GENESIS, 0
    for expected, (seq, line, stored) in enumerate(rows, start=1):
        why = _fault(expected, seq, line, stored, previous)
        if why:
            return ChainReport(count, previous, expected, why)
        previous, count = stored, count + 1
    return ChainReport(count, previous)


def _fault(expected: int, seq: int, line: str, stored: str, previous: str) -> str:
    if seq != expected:
        return f"少了第 {expected} 条记录。"
    try:
        record = parse(line)
    except ValueError:
        return f"第 {expected} 条记录读不出来。"
    if record.algorithm not in ALGORITHMS:
        return f"第 {expected} 条记录用的算法（{record.algorithm}）本机不认识。"
    if record.seq != expected or record.line != line.encode() or record.hash != stored:
        return f"第 {expected} 条记录的内容被改动过。"
    if record.previous != previous:
        return f"第 {expected} 条记录和前一条接不上，前面的记录被换过或删过。"
    return ""
