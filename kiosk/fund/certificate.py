"""Certificates that anybody can check: facts, number, signature, verification code, QR text.

What is signed is the digest of the facts as raw values (fen, ISO dates), written canonically; the printed words are
made from them by kiosk.fund.certificate_words. The journal keeps digest and signature, so its records can be checked without the facts.
The QR code carries the facts and the signature, so another terminal that trusts the key can check a paper offline. The
verification code is drawn from the signature: nobody without the key can make one that fits, and it lets the issuing
terminal find its own record when only the code is at hand. What a paper lists line by line (a statement, a repayment
plan) has no room in a QR code: the fact `lines` is the digest of those lines as printed, so that whoever has the paper
as a file can check every line, offline too.

What the facts of each kind are: kiosk.fund.certificate_kinds. How they are printed: kiosk.fund.certificate_words.

    QR text:  XYK1.<key id>.<code>.<signature, base64url>.<facts, canonical JSON>     (at most QR_LIMIT bytes)
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from kiosk.fund.canonical import Plain, canonical
from kiosk.fund.errors import WorldError

#: No 0, O, 1, I: 32 characters, five bits each.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10
#: Bytes that a QR code of version 25 at level M can hold (ISO/IEC 18004, table 7, byte mode), less the ECI header.
QR_LIMIT = 990

_MARK = "XYK1"
_DOMAIN = b"xiangyin certificate 1\n"
_NUMBER = re.compile(r"KIOSK-\d{8}-\d{6,}")

Facts = Mapping[str, Plain]
#: One line of a table as printed: a text per column.
Line = Sequence[str]


class Trust(StrEnum):
    GOOD = "good"
    BAD = "bad"                  # the signature does not fit the facts
    UNKNOWN_KEY = "unknown_key"


class Signer(Protocol):
    """Ed25519 (RFC 8032) behind a port, because the fund is standard library only. `key_id` is the first 8 hex digits
    of the SHA-256 of the raw public key."""

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""

    def check(self, key_id: str, message: bytes, signature: bytes) -> Trust:
        """Against the own key and the trusted keys of other terminals."""


@dataclass(frozen=True)
class Certificate:
    """A signed certificate. Its facts name a person: it is printed, never logged; the journal gets `digest` only."""

    number: str
    kind: str
    facts: Facts
    key_id: str
    signature: bytes

    def __repr__(self) -> str:
        return f"Certificate({self.number})"

    @property
    def code(self) -> str:
        return verify_code(self.signature)

    @property
    def digest(self) -> str:
        return digest(self.facts)

    @property
    def qr(self) -> str:
        return ".".join((_MARK, self.key_id, self.code, armour(self.signature), canonical(self.facts).decode()))


class QrError(WorldError):
    sentence = "这个二维码不是本系统的证明。"


def verify_code(signature: bytes) -> str:
    """CODE_LENGTH characters of ALPHABET from the hash of the signature (50 bits)."""
    bits = int.from_bytes(hashlib.sha256(signature).digest()[:8])
    return "".join(ALPHABET[bits >> (59 - 5 * place) & 31] for place in range(CODE_LENGTH))


def tidy_code(text: str) -> str:
    """A code as people type it: spaces and dashes out, capitals."""
    return "".join(text.split()).replace("-", "").upper()


def grouped(code: str) -> str:
    """In two groups, as printed."""
    return f"{code[:5]} {code[5:]}"


def number(day: date, machine: str, count: int, prefix: str = "KIOSK") -> str:
    """KIOSK-YYYYMMDD-NNNNNN: three digits of the machine's number and the count of the day on this machine (which may
    grow beyond three digits), so that no two terminals of a centre give the same number."""
    if not machine.isascii() or not machine.isdigit() or not 1 <= int(machine) <= 999:
        raise ValueError("the machine's number is 1 to 999")
    return f"{prefix}-{day:%Y%m%d}-{int(machine):03d}{count:03d}"


def digest(facts: Facts) -> str:
    return hashlib.sha256(canonical(facts)).hexdigest()


def message(facts_digest: str) -> bytes:
    """What is signed."""
    return _DOMAIN + facts_digest.encode()


def armour(signature: bytes) -> str:
    """As text: base64url without padding."""
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def unarmour(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def sign(facts: Facts, signer: Signer) -> Certificate:
    """Raises WorldError when the facts would not fit into the QR code."""
    signature = signer.sign(message(digest(facts)))
    made = Certificate(str(facts["number"]), str(facts["kind"]), facts, signer.key_id, signature)
    if len(made.qr.encode()) > QR_LIMIT:
        raise WorldError("QR text too long", "证明的内容太长，机器印不下，请到窗口开。")
    return made


def read_qr(text: str) -> tuple[Certificate, str]:
    """The certificate in a QR text (not checked yet) and the code written in it. Raises QrError."""
    try:
        mark, key_id, code, signature, body = text.strip().split(".", 4)
        facts = json.loads(body)
        if mark != _MARK or not isinstance(facts, dict) or not _NUMBER.fullmatch(str(facts["number"])):
            raise ValueError(mark)
        # Written in one way only, so that not even a character that would change nothing can be another one.
        if canonical(facts).decode() != body or armour(unarmour(signature)) != signature:
            raise ValueError(body)
        return Certificate(str(facts["number"]), str(facts["kind"]), facts, key_id, unarmour(signature)), code
    except (ValueError, KeyError, TypeError):
        raise QrError("not a certificate") from None


@dataclass(frozen=True)
class Issue:
    """Where and when a certificate is issued."""

    number: str
    machine: str
    centre: str
    at: datetime


def lines_digest(lines: Iterable[Line]) -> str:
    """SHA-256 (hex) of printed lines, white space apart."""
    return hashlib.sha256(canonical([["".join(cell.split()) for cell in line] for line in lines])).hexdigest()


# ------------------------------------------------------------------ checking one


class Validity(StrEnum):
    VALID = "valid"
    ALTERED = "altered"                # facts, code or signature do not belong together
    UNKNOWN_KEY = "unknown_key"        # not signed by a terminal that this one trusts
    UNKNOWN_NUMBER = "unknown_number"  # this terminal never issued it


SENTENCES = {
    Validity.VALID: "证明有效。",
    Validity.ALTERED: "证明的内容被改动过，无效。",
    Validity.UNKNOWN_KEY: "不认识开具这张证明的机器，无法核验。",
    Validity.UNKNOWN_NUMBER: "没有查到这张证明的记录。",
}


@dataclass(frozen=True)
class Verification:
    """`facts` are printed words by field id (masked when only the code was given), `kind` such as certificate.deposit,
    `lines` the digest of the lines that the paper lists ('' when it lists none). `expired`: past its validity.
    `prints` and `reprints` are known on the issuing terminal only (None elsewhere)."""

    validity: Validity
    number: str = ""
    facts: Mapping[str, str] | None = None
    expired: bool = False
    prints: int | None = None
    reprints: int | None = None
    kind: str = ""
    lines: str = ""

    @property
    def valid(self) -> bool:
        return self.validity is Validity.VALID

    @property
    def sentence(self) -> str:
        late = "但是已经过了有效期。" if self.valid and self.expired else ""
        again = f"补打过{self.reprints}次。" if self.reprints else ""
        return SENTENCES[self.validity] + late + again


def check_qr(text: str, signer: Signer) -> tuple[Validity, Certificate]:
    """Offline check of a QR text by signature and code. Raises QrError when it is no certificate at all."""
    made, code = read_qr(text)
    trust = signer.check(made.key_id, message(made.digest), made.signature)
    if trust is Trust.UNKNOWN_KEY:
        return Validity.UNKNOWN_KEY, made
    return (Validity.VALID if trust is Trust.GOOD and code == made.code else Validity.ALTERED), made
