"""Certificates: may it be printed, what will it look like, print it, print it again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.counter.desk import Desk, Progress, copies_of
from kiosk.counter.identify import holder_in
from kiosk.fund.canonical import Plain
from kiosk.fund.certificate import Certificate, Issue, armour, deposit_facts, grouped, printed, sign
from kiosk.fund.eligibility import assess_certificate
from kiosk.fund.errors import WorldError
from kiosk.fund.identity import PersonName
from kiosk.fund.journal import INTENT
from kiosk.fund.rules import CertificateRule
from kiosk.ports.tasks import Facts, Outcome

#: Rows of the preview: field of the paper and its label.
_PREVIEW = (("name", "姓名"), ("id_masked", "证件号码"), ("employer", "单位名称"), ("state", "账户状态"),
            ("monthly", "月缴存额"), ("balance", "账户余额"), ("paid_until", "缴至年月"))


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
        verdict = assess_certificate(_kind(facts), self._desk.case(holder_in(facts)), self._desk.rules())
        if verdict.able:
            rule = self._rule(facts)
            return Outcome("able", {"certificate_title": rule.title, "valid_days": rule.valid_days})
        return Outcome(verdict.answer, {"reason": verdict.reason, "todo": verdict.todo})

    def preview(self, facts: Facts) -> Outcome:
        """The paper without number, code and QR, marked 预览."""
        fields = self._fields(self._facts(facts, number=""), facts)
        fields |= {"number": "", "verify_code": "", "valid_until": "", "verify_hint": ""}
        document = self._desk.draw(self._rule(facts).layout, fields, "preview", enlarged=bool(facts.get("enlarged")),
                                   mark="预览")
        shown = fields | {"name": holder_in(facts).name.masked, "id_masked": holder_in(facts).id_number.masked}
        rows = tuple((label, str(shown[name])) for name, label in _PREVIEW if shown[name])
        return Outcome("ready", {"preview_image": str(self._desk.picture(document)), "preview_rows": rows})

    def print(self, facts: Facts, key: str, on_progress: Progress) -> Outcome:
        """Number, sign, write the intent; then draw and print; then write the result."""
        if (done := self._again(key)) is not None:
            return done
        desk, rule = self._desk, self._rule(facts)
        if not assess_certificate(_kind(facts), desk.case(holder_in(facts)), desk.rules()).able:
            raise WorldError("not able any more", "现在不能打印这张证明，请重新办一次。")
        made = self._issue(facts, key)
        fields = self._fields(dict(made.facts), facts) | {"number": made.number, "verify_code": grouped(made.code)}
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

    def _issue(self, facts: Facts, key: str) -> Certificate:
        """Number and sign inside the journal's transaction: a number exists with its record or not at all."""
        made: list[Certificate] = []

        def make(number: str) -> dict[str, Plain]:
            certificate = sign(self._facts(facts, number), self._desk.signer)
            made.append(certificate)
            told, holder = certificate.facts, holder_in(facts)
            return {"number": number, "code": certificate.code, "certificate": certificate.kind,
                    "digest": certificate.digest, "signature": armour(certificate.signature),
                    "key_id": certificate.key_id, "name": PersonName(holder.name.clear).masked,
                    "id": holder.id_number.brief, "issued": str(told["issued"])[:10], "until": told["until"],
                    "copies": copies_of(facts), "enlarged": bool(facts.get("enlarged"))}

        self._desk.journal.number(self._desk.now(), "certificate", key, "KIOSK", self._desk.machine.number, make)
        return made[0]

    def _facts(self, facts: Facts, number: str) -> dict[str, Plain]:
        desk, holder = self._desk, holder_in(facts)
        issue = Issue(number, desk.machine.number, desk.machine.hall, desk.now())
        return deposit_facts(holder, desk.gateway.account(holder.id), desk.rules(), issue)

    def _fields(self, signed: dict[str, Plain], facts: Facts) -> dict[str, object]:
        rule = self._rule(facts)
        return {**self._desk.heading(rule.title), **printed(signed),
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
