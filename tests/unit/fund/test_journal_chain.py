from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.fund.canonical import canonical
from kiosk.fund.journal import GENESIS, INTENT, RESULT, Record, compose, parse, verify_chain

AT = datetime(2026, 10, 2, 9, 30, tzinfo=UTC)


def chain(length: int) -> list[tuple[int, str, str]]:
    rows, last = [], None
    for n in range(length):
        phase = RESULT if n % 2 else INTENT
        facts = {"matter": "balance", "state": "printed"} if n % 2 else {"matter": "balance"}
        last = compose(last, AT, "handoff", phase, f"k{n // 2}", facts)
        rows.append((last.seq, last.line.decode(), last.hash))
    return rows


def test_a_good_chain() -> None:
    rows = chain(10)
    report = verify_chain(rows)
    assert (report.good, report.records, report.head) == (True, 10, rows[-1][2])
    assert verify_chain([]).head == GENESIS
    assert parse(rows[3][1]).line.decode() == rows[3][1]


@given(st.integers(0, 9), st.integers(0, 200), st.characters(codec="ascii"))
def test_any_changed_character_is_found(index: int, place: int, character: str) -> None:
    rows = chain(10)
    seq, line, stored = rows[index]
    place %= len(line)
    if line[place] != character:
        rows[index] = (seq, line[:place] + character + line[place + 1:], stored)
        assert verify_chain(rows).bad == index + 1


@given(st.integers(0, 8))
def test_a_record_taken_out_is_found(index: int) -> None:
    rows = chain(10)
    del rows[index]
    report = verify_chain(rows)
    assert report.bad == index + 1
    assert "少了" in report.why


def test_a_rewritten_record_breaks_the_next_one() -> None:
    rows = chain(10)
    record = parse(rows[4][1])
    forged = Record(record.seq, record.at, record.kind, record.phase, record.key, {"matter": "other"}, record.previous)
    rows[4] = (forged.seq, forged.line.decode(), forged.hash)
    report = verify_chain(rows)
    assert report.bad == 6
    assert "接不上" in report.why


def test_another_algorithm_is_named() -> None:
    rows = chain(3)
    told = json.loads(rows[1][1]) | {"algorithm": "sm3"}
    rows[1] = (2, canonical(told).decode(), rows[1][2])
    assert "sm3" in verify_chain(rows).why


@pytest.mark.parametrize("line", ["", "[]", "{}", "null", '{"seq":1}', "7"])
def test_rubbish_is_no_record(line: str) -> None:
    assert verify_chain([(1, line, "x")]).bad == 1


@pytest.mark.parametrize(("kind", "facts"), [
    ("withdrawal", {"name": "王样例"}),
    ("withdrawal", {"number": "11010519491231002X"}),
    ("withdrawal", {"number": "to 4111111111111111"}),
    ("withdrawal", {"number": None}),
    ("withdrawal", {"fen": 1.5}),
    ("gossip", {}),
])
def test_records_say_no_more_than_they_may(kind: str, facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"may not say|personal|text and whole"):
        compose(None, AT, kind, INTENT, "k", facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1.5, None, {1: "x"}, object(), {"a": [1, 2.0]}])
def test_only_values_with_one_form_are_written(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_one_form() -> None:
    assert canonical({"b": 1, "a": "\u0065\u0301"}) == canonical({"a": "\u00e9", "b": 1}) == b'{"a":"\xc3\xa9","b":1}'
