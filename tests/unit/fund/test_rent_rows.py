"""The schema fits every row of the survey of rent rules (fund.md B3): each is written in it, and judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk import places
from kiosk.fund.datafile import read_yaml
from kiosk.fund.eligibility import assess_withdrawal
from kiosk.fund.rules import Pack, PackFile, RuleBook, Source, read_folder
from tests.unit.fund.test_decisions import Person, Row, case_of

RULES = places.ASSETS / "rules"
ROWS: dict[str, Any] = read_yaml(Path(__file__).with_name("rent_rows.yaml"))
#: Long after the change of the regulation, so that the day of the rent need not be asked.
DAY = date(2028, 1, 15)
SINGLE = {"married": False, "children": 0, "balance": "90000"}


def book(city: str) -> RuleBook:
    row = ROWS[city]
    rent = {name: value for name, value in row.items() if name not in ("cases", "questions")}
    pack = Pack(city, "1", Source(city), date(2025, 1, 1))
    sections = {"withdrawals": {"withdraw.rent": rent}, "questions": row.get("questions", {})}
    made = RuleBook([*read_folder(RULES / "national"), *read_folder(RULES / "demo"),
                     PackFile(Path(f"{city}.yaml"), pack, sections)])
    made.check()
    return made


@pytest.mark.parametrize("city", ROWS)
def test_a_row_of_the_survey(city: str) -> None:
    rules = book(city)
    for case in ROWS[city]["cases"]:
        row = Row("", "rent", DAY, "", "", with_=SINGLE | case.get("with", {}), past=tuple(case.get("past", ())),
                  say=case.get("say", {}))
        verdict = assess_withdrawal("withdraw.rent", case_of(row, Person(homes={"owns_home_in_city": False})),
                                    rules.on(DAY), rules)
        if "limit" in case:
            assert verdict.allowance, (case, verdict.answer, verdict.condition, verdict.question)
            assert verdict.allowance.limit.figures.replace(",", "") == case["limit"], case
            if "next" in case:
                assert str(verdict.allowance.next_day) == case["next"], case
        elif "ask" in case:
            assert verdict.question
            assert verdict.question.name == case["ask"], case
        else:
            assert verdict.answer == case["want"], case


def test_all_rows_are_there() -> None:
    """Seventeen rows: fourteen here, three have packs of their own."""
    assert len(ROWS) + sum((RULES / city).is_dir() for city in ("guiyang", "yancheng", "shenzhen")) == 17
