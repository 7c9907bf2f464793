"""More ways of asking: read, and examined."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.fund import knowledge, ways
from kiosk.fund.errors import DataError
from kiosk.places import ASSETS


def written(folder: Path, *lines: str) -> Path:
    (folder / ways.NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_questions_have_the_ways_of_the_table(tmp_path: Path) -> None:
    folder = written(tmp_path, ways.HEAD, "rent.can\t\t俺租房能取不", "rent.can\tpolicy\t租的屋，给取吗", "age.when\t\t多大退")
    read = ways.read(folder)
    assert [way.intent for way in read] == ["", "policy", ""]
    assert ways.by_question(read, {"rent.can", "age.when"}) == {"rent.can": ("俺租房能取不", "租的屋，给取吗"), "age.when": ("多大退",)}
    assert ways.read(tmp_path / "nowhere") == []


def test_every_question_but_those_of_the_glossary_has_many() -> None:
    few = [q.id for q in knowledge.load(ASSETS / "knowledge").questions.values() if not q.word and len(q.ways) < 12]
    assert few == []


@pytest.mark.parametrize(("lines", "where"), [
    (("question,intent,text",), "ways.tsv: 第1行"), ((ways.HEAD, "rent.can 租房"), "ways.tsv: 第2行"),
    ((ways.HEAD, "rent.can\t\t租房", ""), "ways.tsv: 第3行"), ((ways.HEAD, "rent.can\tpolicy\t"), "ways.tsv: 第2行"),
    ((ways.HEAD, "rent.con\t\t租房能取吗"), "ways.tsv: 第2行"), ((ways.HEAD, "rent.can\t\t租房\t能取吗"), "ways.tsv: 第2行"),
])
def test_a_slip_is_named_with_its_line(tmp_path: Path, lines: tuple[str, ...], where: str) -> None:
    with pytest.raises(DataError) as fault:
        ways.by_question(ways.read(written(tmp_path, *lines)), {"rent.can"})
    assert fault.value.where == where


def test_one_sentence_leads_to_one_answer_and_is_written_once() -> None:
    asked = {"rent.can": ("租房能取吗",), "age.when": ("几岁退休",)}
    assert list(ways.problems({"rent.can": ("租房，能取吗", "租屋给取不")}, asked)) == []
    (told,) = ways.problems({"age.when": ("租房，能取吗",)}, asked)
    assert "rent.can" in told
    (told,) = ways.problems({"age.when": ("多大退",), "rent.can": ("多大，退？",)}, asked)
    assert "age.when" in told
    (told,) = ways.problems({"age.when": ("多大退", "多大退。")}, asked)
    assert "两遍" in told
    assert len(list(ways.problems({"age.when": ("退", "退" * 61)}, asked))) == 2
