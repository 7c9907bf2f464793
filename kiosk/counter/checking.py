"""Checking papers: is this certificate true? For staff and for `kiosk verify`; needs neither printer nor centre."""

from __future__ import annotations

from datetime import date

from kiosk.fund.certificate import (
    Certificate,
    Signer,
    Trust,
    Validity,
    Verification,
    check_qr,
    message,
    tidy_code,
    unarmour,
)
from kiosk.fund.certificate_words import printed
from kiosk.fund.journal import INTENT, Record
from kiosk.fund.month import chinese_date
from kiosk.ports.clock import Clock
from kiosk.ports.journal_store import JournalStore


class Checker:
    """Checks against the trusted keys and this terminal's journal."""

    def __init__(self, journal: JournalStore, signer: Signer, clock: Clock) -> None:
        self._journal, self._signer, self._clock = journal, signer, clock

    def qr(self, text: str) -> Verification:
        """Check the text of a QR code: by signature, offline, also for papers of other terminals that are trusted.
        Raises QrError when it is no certificate."""
        validity, made = check_qr(text, self._signer)
        own = made.key_id == self._signer.key_id
        records = self._journal.by_number(made.number) if own else ()
        if validity is Validity.VALID and own and not _issued(records):
            validity = Validity.UNKNOWN_NUMBER
        prints, reprints = _counted(records) if records else (None, None)
        return Verification(validity, made.number, _words(made), self._late(str(made.facts.get("until", ""))), prints,
                            reprints, made.kind, str(made.facts.get("lines", "")))

    def code(self, code: str) -> Verification:
        """Check a verification code against this terminal's journal; the facts are masked, the paper shows the rest."""
        record = self._journal.by_code(tidy_code(code))
        if record is None:
            return Verification(Validity.UNKNOWN_NUMBER)
        told = {name: str(value) for name, value in record.facts.items()}
        prints, reprints = _counted(self._journal.by_number(told["number"]))
        facts = {"number": told["number"], "name": told["name"], "id_masked": told["id"],
                 "issued_on": chinese_date(date.fromisoformat(told["issued"])),
                 "valid_until": chinese_date(date.fromisoformat(told["until"]))}
        validity = Validity.VALID if self._is_signed(told) else Validity.ALTERED
        return Verification(validity, told["number"], facts, self._late(told["until"]), prints, reprints,
                            told["certificate"])

    def _is_signed(self, told: dict[str, str]) -> bool:
        try:
            signature = unarmour(told["signature"])
        except ValueError:
            return False
        return self._signer.check(told["key_id"], message(told["digest"]), signature) is Trust.GOOD

    def _late(self, until: str) -> bool:
        try:
            return date.fromisoformat(until) < self._clock.now().date()
        except ValueError:
            return False


def _words(made: Certificate) -> dict[str, str]:
    """Its printed words; none when the facts are not those of a certificate that is known here."""
    try:
        return printed(made.facts)
    except (KeyError, ValueError, TypeError):
        return {}


def _issued(records: tuple[Record, ...]) -> bool:
    return any(record.kind == "certificate" and record.phase == INTENT for record in records)


def _counted(records: tuple[Record, ...]) -> tuple[int, int]:
    """(papers that came out, how often it was printed again)"""
    prints = sum(int(record.facts.get("copies", 0)) for record in records if record.facts.get("state") == "printed")
    return prints, sum(record.kind == "reprint" and record.phase == INTENT for record in records)
