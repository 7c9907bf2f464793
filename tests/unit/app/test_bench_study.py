"""The bench of understanding: what it counts, what it compares with, what it admits."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from kiosk import places
from kiosk.app import bench_apart, bench_study
from kiosk.app.bench_apart import likeness
from kiosk.app.bench_baselines import Nearest, Said, Templates, by_characters, by_syllables, cross_validated, overlaps
from kiosk.app.bench_understanding import Row, clusters, judge, read_table, run, wilson
from kiosk.app.commands import main
from kiosk.fund.errors import DataError
from kiosk.language.understand import Engine, load
from kiosk.ports.ears import Expectation
from kiosk.ports.understanding import Decision, Understanding

LINES = [("1", "balance", "mandarin", "我想瞧瞧公积金里头还剩下多少钱"), ("2", "balance", "xinan_guizhou", "帮我看哈公积金还有好多"),
         ("3", "none", "mandarin", "昨天那场雨下得真大"), ("4", "withdraw.retirement", "yue", "我退咗休想攞公积金"),
         ("5", "balance", "mandarin", "我想瞧一瞧公积金里头还剩下多少钱")]


def row(ident: str, intent: str, dialect: str, text: str) -> Row:
    return Row(ident, intent, {}, "", dialect, text)


ROWS = [row(*line) for line in LINES]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load(places.ASSETS)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.tsv"
    lines = [f"{ident}\t{intent}\t{{}}\t\t{dialect}\t{text}\t" for ident, intent, dialect, text in LINES]
    path.write_text("\n".join(["id\tintent\tslots\tpending\tdialect\ttext\talt", *lines]) + "\n", encoding="utf-8")
    return path


def test_intervals_stay_within_a_hundred_per_cent() -> None:
    assert wilson(0, 0) == (0.0, 100.0)
    low, high = wilson(20, 20)
    assert 80 < low < 85
    assert high == pytest.approx(100)
    assert wilson(0, 20)[0] == 0.0


def test_baselines_understand_by_what_they_are_named_after() -> None:
    held = [Said("查一下余额", "balance"), Said("打个证明", "certificate"), Said("今天真热", "none"), Said("四份", "number", "number")]
    asked = Expectation()
    assert Templates(held).understand("查一下余额吧", asked).intent == "balance"
    assert Templates(held).understand("查一查余额", asked).decision is Decision.REJECT
    assert Nearest(held, by_characters).understand("查一查余额", asked).intent == "balance"
    assert Nearest(held, by_syllables).understand("差一下鱼鹅", asked).intent == "balance"
    assert Nearest(held, by_characters).understand("今天很热", asked).decision is Decision.REJECT
    assert Nearest(held, by_characters).understand("四份", asked).intent != "number", "only for its question"


def test_sentences_of_one_cluster_never_teach_each_other() -> None:
    leaders = clusters(ROWS)
    assert leaders[0] == leaders[4]
    assert len(set(leaders)) == 4
    twins = cross_validated([ROWS[0], ROWS[4]], by_characters)
    assert twins.sets["all"].right == 0, "there is nothing else to learn from"
    assert len(twins.judged) == 2


def test_what_the_packs_hold_in_the_same_words_is_found(engine: Engine) -> None:
    known = next(text for intent, text in engine.packs["xinan_guizhou"].sentences if len(text) > 4)
    sentences, short = overlaps([*ROWS, row("6", "balance", "mandarin", known + "嘛"), row("7", "balance", "mandarin", "余额")],
                                engine.packs, places.ASSETS)
    assert "6" in {r.id for r in sentences}
    assert all(len(r.text) <= 4 for r in short)


def test_likeness_is_that_of_the_nearest_utterance() -> None:
    same, near, far = likeness(["昨天那场雨下得真大", "昨天那场雪下得真大", "打印"], ROWS)
    assert same == 1.0
    assert 0.8 < near < 1.0
    assert far < bench_apart.ALIKE


def test_an_engine_kept_apart_does_not_know_what_resembles_the_table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[str] = []

    def train(examples: list[object], dialects: object, see: object) -> object:
        taught.extend(e.text for e in examples)  # type: ignore[attr-defined]
        return engine.witness

    monkeypatch.setattr(bench_apart, "train", train)
    known = engine.packs["mandarin"].examples[0].text
    found = bench_apart.apart(engine, [row("1", "withdraw", "mandarin", known)], places.ASSETS)
    assert known not in taught
    assert all(known != e.text for e in found.engine.packs["mandarin"].examples)
    assert 0 < found.every - len(found.kept) < 0.2 * found.every


def test_fewer_phrases_make_a_smaller_engine(engine: Engine) -> None:
    small, every = bench_study.scaling(engine, ROWS, sizes=(500,))
    assert 300 < small.phrases < 700 < 10000 < every.phrases


def test_text_json_and_plot_of_a_run(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plot = tmp_path / "plot.svg"
    assert main(["bench", "understanding", "--quick", "--data", str(table), "--plot", str(plot)]) == 0
    told = capsys.readouterr().out
    for part in ("right %", "exact templates", "nearest by syllables", "meant -> given", "how far apart", "phrases in the packs",
                 "loading all packs"):
        assert part in told
    drawing = ElementTree.fromstring(plot.read_text(encoding="utf-8"))
    assert any("mandarin" in (node.text or "") for node in drawing.iter())
    assert main(["bench", "understanding", "--quick", "--data", str(table), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["understanding"]
    assert made["sets"]["all"]["rows"] == 5
    assert {"count", "per_cent", "interval"} == made["sets"]["mandarin"]["right"].keys()
    assert "exact templates" in made["baselines"]
    assert made["scaling"]


def test_a_missing_table_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "understanding", "--quick", "--data", "no/such.tsv"]) == 2
    assert "no/such.tsv" in capsys.readouterr().err


def test_reports_can_be_joined(engine: Engine) -> None:
    whole = run(ROWS, engine)
    first, rest = run(ROWS[:2], engine), run(ROWS[2:], engine)
    first.merge(rest)
    assert {n: f.rows for n, f in first.sets.items()} == {n: f.rows for n, f in whole.sets.items()}
    wrong = judge(ROWS[2], Understanding("balance", {}, Decision.ACCEPT, ("balance",)))
    before = first.sets["none"].wrong
    first.add(wrong)
    assert first.sets["none"].wrong == before + 1


def test_the_table_is_read_as_it_stands(table: Path) -> None:
    assert [r.text for r in read_table(table)] == [line[3] for line in LINES]


@pytest.mark.parametrize(("lines", "where"), [
    (["text\tabout", "查余额\tx"], "t.tsv"), (["intent\tdialect", "balance\tmandarin"], "t.tsv"), ([""], "t.tsv"),
    (["intent\tdialect\ttext", "balance\tmandarin\t"], "t.tsv: 第2行"),
    (["intent\tdialect\ttext", "balance\tmandarin"], "t.tsv: 第2行"),
    (["intent\tdialect\ttext\tslots", "withdraw\tmandarin\t取一万\tamount=1"], "t.tsv: 第2行"),
    (["intent\tdialect\ttext\tslots", "withdraw\tmandarin\t取一万\t[1]"], "t.tsv: 第2行"),
])
def test_a_table_of_another_form_is_told_in_words(tmp_path: Path, lines: list[str], where: str) -> None:
    file = tmp_path / "t.tsv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as fault:
        read_table(file)
    assert fault.value.where == where


def test_what_is_not_needed_may_be_missing(tmp_path: Path) -> None:
    file = tmp_path / "t.tsv"
    file.write_text("intent\tdialect\ttext\nbalance\tmandarin\t查余额\n", encoding="utf-8")
    assert read_table(file) == [Row("2", "balance", {}, "", "mandarin", "查余额")]
