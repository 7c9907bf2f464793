"""Certificates: may it be printed, what will it look like, print it, print it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.counter.desk import Desk, Progress, copies_of
from kiosk.counter.identify import holder_in
from kiosk.counter.papers import LAYOUTS, PREVIEWED
from kiosk.fund.canonical import Plain
from kiosk.fund.certificate import Certificate, Issue, Line, armour, grouped, sign
from kiosk.fund.certificate_kinds import KINDS, Content, Known, Subject, contents, valid_until
from kiosk.fund.certificate_words import printed
from kiosk.fund.eligibility import Verdict, assess_certificate
from kiosk.fund.errors import WorldError
from kiosk.fund.identity import PersonName
from kiosk.fund.journal import INTENT
from kiosk.fund.rules import CertificateRule
from kiosk.ports.tasks import Facts, Outcome

GONE = "这一项现在查不到了，请重新办一次。"
#: What a preview shows where number and code will be, and a number as long as the real one.
PREVIEW, LATER, NO_NUMBER = "预览", "打印时生成", "KIOSK-00000000-000000"


@dataclass(frozen=True)
class _Issued:
    """A certificate of this visit, kept until its end for a reprint."""

    certificate: Certificate
    fields: dict[str, object]
    document: Path
    enlarged: bool

    def __repr__(self) -> str:
        return f"_Issued({self.certificate.number})"


class Certificates:
    """The certificate tasks. Keeps what was issued in this visit."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._issued: dict[str, _Issued] = {}

    def forget(self) -> None:
        self._issued.clear()

    def check(self, facts: Facts) -> Outcome:
        """May it be printed, and what can it be about? `subjects` are one or more (kiosk.fund.certificate_kinds.Subject)."""
        verdict = self._verdict(facts)
        if not verdict.able:
            return Outcome(verdict.answer, {"reason": verdict.reason, "todo": verdict.todo})
        rule, known = self._rule(facts), self._known(facts, "")
        subjects = KINDS[_kind(facts)].subjects(known)
        if not subjects:
            told = self._desk.rules().reasons[rule.nothing_reason or rule.window_reason]
            return Outcome("unable", {"reason": told.reason, "todo": told.todo})
        return Outcome("able", {
            "certificate_title": rule.title, "valid_days": (valid_until(rule, known.today) - known.today).days,
            "subjects": tuple({"subject": one.id, "what": one.what, "shown": one.shown, "said": one.said}
                              for one in subjects)})

    def preview(self, facts: Facts) -> Outcome:
        """The paper with room for number, code and QR, marked 预览. Nothing is signed for it."""
        try:
            content = contents(self._known(facts, NO_NUMBER))
        except LookupError:
            return Outcome("nothing")
        unsigned = Certificate(NO_NUMBER, _kind(facts), content.facts, self._desk.signer.key_id, bytes(64))
        layout, enlarged, fields = self._rule(facts).layout, bool(facts.get("enlarged")), self._fields(content, facts)
        pages = self._desk.paper.pages(layout, fields | {"number": NO_NUMBER, "verify_code": grouped(unsigned.code)},
                                       enlarged=enlarged, qr=unsigned.qr)
        document = self._desk.draw(layout, fields | {"number": LATER, "verify_code": LATER}, "preview",
                                   enlarged=enlarged, qr=unsigned.qr, mark=PREVIEW)
        shown = fields | {"name": holder_in(facts).name.masked, "id_masked": holder_in(facts).id_number.masked}
        labels = {one.id: one.label for one in LAYOUTS[layout]}
        rows = tuple((labels[name], str(shown[name])) for name in PREVIEWED[layout] if shown.get(name))
        return Outcome("ready", {"preview_image": str(self._desk.picture(document)), "preview_rows": rows,
                                 "pages": pages, "more_pages": pages if pages > 1 else ""})

    def print(self, facts: Facts, key: str, on_progress: Progress) -> Outcome:
        """Number, sign, write the intent; then draw and print; then write the result."""
        if (done := self._again(key)) is not None:
            return done
        desk, rule = self._desk, self._rule(facts)
        if not self._verdict(facts).able:
            raise WorldError("not able any more", "现在不能打印这张证明，请重新办一次。")
        made, lines = self._issue(facts, key)
        fields = self._fields(Content(dict(made.facts), lines), facts)
        fields |= {"number": made.number, "verify_code": grouped(made.code)}
        enlarged = bool(facts.get("enlarged"))
        try:
            document = desk.draw(rule.layout, fields, made.number, enlarged=enlarged, qr=made.qr)
        except WorldError:
            desk.journal.conclude(desk.now(), "certificate", key, {"number": made.number, "state": "void"})
            raise
        self._issued[made.number] = _Issued(made, fields, document, enlarged)
        result = desk.print(document, f"{rule.title} {made.number}", copies_of(facts), on_progress)
        desk.journal.conclude(desk.now(), "certificate", key, {"number": made.number, **result.record()})
        return Outcome(result.outcome, {"certificate_number": made.number, "verify_code": made.code,
                                        **result.facts(document)})

    def reprint(self, facts: Facts, key: str, on_progress: Progress) -> Outcome:
        """The same certificate again, same number and code, marked 补打 第n次."""
        desk, number = self._desk, str(facts["certificate_number"])
        issued = self._issued.get(number)
        if issued is None or desk.journal.intent(key) is not None:
            raise WorldError("nothing to reprint", "这张证明的内容已经清掉了，请重新打印一张。")
        rule = self._rule_of(issued.certificate.kind)
        nth = self._reprints(number) + 1
        desk.journal.intend(desk.now(), "reprint", key, {"number": number, "nth": nth, "copies": copies_of(facts)})
        document = desk.draw(rule.layout, issued.fields, f"{number}-{nth}", enlarged=issued.enlarged,
                             qr=issued.certificate.qr, mark=f"补打 第{nth}次")
        result = desk.print(document, f"补打 {number}", copies_of(facts), on_progress)
        desk.journal.conclude(desk.now(), "reprint", key, {"number": number, **result.record()})
        return Outcome(result.outcome, result.facts(document))

    # ---------------------------------------------------------------- making

    def _issue(self, facts: Facts, key: str) -> tuple[Certificate, tuple[Line, ...]]:
        """Number and sign inside the journal's transaction: a number exists with its record or not at all."""
        made: list[tuple[Certificate, tuple[Line, ...]]] = []

        def make(number: str) -> dict[str, Plain]:
            content = self._contents(facts, number)
            certificate = sign(content.facts, self._desk.signer)
            made.append((certificate, content.lines))
            told, holder = certificate.facts, holder_in(facts)
            return {"number": number, "code": certificate.code, "certificate": certificate.kind,
                    "digest": certificate.digest, "signature": armour(certificate.signature),
                    "key_id": certificate.key_id, "name": PersonName(holder.name.clear).masked,
                    "id": holder.id_number.brief, "issued": str(told["issued"])[:10], "until": told["until"],
                    "copies": copies_of(facts), "enlarged": bool(facts.get("enlarged"))}

        self._desk.journal.number(self._desk.now(), "certificate", key, "KIOSK", self._desk.machine.number, make)
        return made[0]

    def _verdict(self, facts: Facts) -> Verdict:
        return assess_certificate(_kind(facts), self._desk.case(holder_in(facts)), self._desk.rules())

    def _known(self, facts: Facts, number: str) -> Known:
        """Asked of the centre anew. What the paper is about: a period that was said, the chosen subject, or the first
        there is."""
        desk, holder, kind = self._desk, holder_in(facts), _kind(facts)
        needs, account = KINDS[kind].needs, desk.gateway.account(holder.id)
        known = Known(holder, account, desk.rules(), kind,
                      Issue(number, desk.machine.number, desk.machine.hall, desk.now()),
                      entries=desk.gateway.entries(holder.id, account.opened_on) if "entries" in needs else (),
                      loans=desk.gateway.loans(holder.id) if "loans" in needs else (),
                      withdrawals=desk.gateway.withdrawals(holder.id) if "withdrawals" in needs else ())
        said = facts.get("period") if KINDS[kind].by_period else ""
        subject = str(said or facts.get("subject") or "")
        first = next(iter(KINDS[kind].subjects(known)), Subject(""))
        return replace(known, subject=subject or first.id)

    def _contents(self, facts: Facts, number: str) -> Content:
        try:
            return contents(self._known(facts, number))
        except LookupError as gone:
            raise WorldError(f"subject: {gone}", GONE) from None

    def _fields(self, content: Content, facts: Facts) -> dict[str, object]:
        rule = self._rule(facts)
        table: dict[str, object] = {"rows": [list(line) for line in content.lines]} if content.lines else {}
        return {**self._desk.heading(rule.title), **printed(content.facts), **table,
                "statement": rule.statement, "verify_hint": rule.verify_hint}

    def _rule(self, facts: Facts) -> CertificateRule:
        return self._rule_of(_kind(facts))

    def _rule_of(self, kind: str) -> CertificateRule:
        return self._desk.rules().certificates[kind]

    def _reprints(self, number: str) -> int:
        return sum(record.kind == "reprint" and record.phase == INTENT
                   for record in self._desk.journal.by_number(number))

    def _again(self, key: str) -> Outcome | None:
        """The same deed asked for twice is done once: what came of it the first time."""
        intent = self._desk.journal.intent(key)
        if intent is None:
            return None
        number, result = str(intent.facts["number"]), self._desk.journal.result(key)
        issued = self._issued.get(number)
        told = {"certificate_number": number, "verify_code": str(intent.facts["code"]),
                "document": str(issued.document) if issued else ""}
        if result is not None and result.facts.get("state") == "printed":
            return Outcome("printed", {**told, "copies_printed": result.facts.get("copies", 1)})
        trouble = str(result.facts.get("trouble", "")) if result else "failed"
        return Outcome("not_printed", {**told, "print_trouble": trouble})


def _kind(facts: Facts) -> str:
    return str(facts["certificate_kind"])
