"""What the public says about the hall: the three faces, complaints and suggestions. Nobody's name has a place in it."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import date, timedelta

from kiosk.counter.desk import Desk, Progress
from kiosk.counter.papers import NO_FEE
from kiosk.fund.canonical import Plain
from kiosk.fund.errors import WorldError
from kiosk.fund.month import chinese_date
from kiosk.ports.complaint_store import Complaint, ComplaintStore
from kiosk.ports.tasks import Facts, Outcome

NUMBERS = "YJ"
FACES = ("good", "fair", "poor")
#: Faces are written down together, so that none stands beside the deed of the one who touched it.
TOGETHER = 5
#: Longer speeches are for a person.
LONGEST = 300


class Voices:
    """The tasks feedback.rate and complaint.file. Keeps the faces of the day until there are enough to be written."""

    def __init__(self, desk: Desk, complaints: ComplaintStore | None) -> None:
        self._desk, self._complaints = desk, complaints
        self._faces: Tally[str] = Tally()
        self._day: date | None = None

    def rate(self, facts: Facts) -> Outcome:
        face, today = str(facts["face"]), self._desk.today()
        if face not in FACES:
            raise ValueError("no such face")
        if self._day not in (None, today):
            self.write()
        self._day = today
        self._faces[face] += 1
        if self._faces.total() >= TOGETHER:
            self.write()
        return Outcome("counted")

    def write(self) -> None:
        """Into the journal, as numbers of a day."""
        if not self._faces or self._day is None:
            return
        told: dict[str, Plain] = {face: self._faces[face] for face in FACES}
        key = f"faces:{self._desk.machine.number}:{self._desk.now().isoformat()}"
        self._desk.journal.intend(self._desk.now(), "faces", key, {"day": self._day.isoformat(), **told})
        self._desk.journal.conclude(self._desk.now(), "faces", key, {"state": "counted"})
        self._faces.clear()

    def file(self, facts: Facts, key: str, on_progress: Progress) -> Outcome:
        """Number it, keep it, print the number."""
        desk, kind = self._desk, str(facts["complaint_kind"])
        rule = desk.rules().complaints[kind]
        if self._complaints is None:
            raise WorldError("no store for complaints", "现在记不下来，请直接告诉工作人员。")
        if desk.journal.intent(key) is not None:
            raise WorldError("filed already", "刚才已经记下来了。")
        answer_by = desk.today() + timedelta(days=rule.answer_days) if rule.answer_days else None
        intent = desk.journal.number(desk.now(), "complaint", key, NUMBERS, desk.machine.number,
                                     lambda number: {"number": number, "about": kind})
        number = str(intent.facts["number"])
        self._complaints.keep(Complaint(number, kind, rule.title, desk.today(), str(facts.get("spoken") or "")[:LONGEST],
                                        answer_by))
        fields: dict[str, object] = {
            "number": number, "about": rule.title, "filed_on": chinese_date(desk.today()),
            "answer_by": f"{chinese_date(answer_by)}以前" if answer_by else "", "advice": rule.reply,
            "rule_source": str(rule.source) if rule.answer_days else "", "notice": NO_FEE, **desk.heading("意见登记单"),
        }
        document = desk.draw("complaint_slip", fields, number, enlarged=bool(facts.get("enlarged")))
        result = desk.print(document, f"意见登记单 {number}", 1, on_progress)
        desk.journal.conclude(desk.now(), "complaint", key, {"number": number, "state": result.outcome,
                                                             "trouble": result.trouble})
        return Outcome(result.outcome, {"complaint_number": number, "complaint_reply": rule.reply,
                                        **result.facts(document)})
