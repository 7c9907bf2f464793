"""The packs themselves: readable, no stolen sentences, their own examples understood, and the table of utterances."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app.bench_understanding import read_table, run
from kiosk.app.packs_check import Report, as_json, as_text, examine
from kiosk.fund.errors import DataError
from kiosk.language.check import check
from kiosk.language.understand import learn, load
from kiosk.language.witness import Witness, digest_of, recall, remember
from kiosk.places import ASSETS

TABLE = Path(__file__).with_name("utterances.tsv")


def test_packs_are_in_order() -> None:
    assert [str(problem) for problem in check(ASSETS)] == []


@pytest.mark.parametrize("dialect", [None, "auto"])
def test_utterances_written_before_the_engine(dialect: str | None) -> None:
    report = run(read_table(TABLE), load(ASSETS), dialect)
    for name, least in (("mandarin", 0.97), ("near", 0.97), ("far", 0.95)):
        figures = report.sets[name]
        assert figures.right >= least * figures.rows, name
        assert figures.wrong <= 0.01 * figures.rows, name
        assert figures.slots_right >= 0.97 * figures.with_slots, name
    none = report.sets["none"]
    assert none.wrong <= 0.015 * none.rows


def test_a_strangers_utterances() -> None:
    """Written by somebody who had seen neither packs nor engine; nothing is tuned to them (docs/dialects.md)."""
    report = run(read_table(TABLE.with_name("stranger.tsv")), load(ASSETS), None)
    for name, right, offered in (("mandarin", 0.92, 0.95), ("near", 0.90, 0.95), ("far", 0.85, 0.92)):
        figures = report.sets[name]
        assert figures.right >= right * figures.rows, name
        assert figures.offered >= offered * figures.rows, name
        assert figures.wrong <= 0.02 * figures.rows, name
    none = report.sets["none"]
    assert none.wrong <= 0.015 * none.rows


def test_a_third_strangers_utterances() -> None:
    """Written by somebody who had seen neither the packs nor the other tables."""
    report = run(read_table(TABLE.with_name("stranger3.tsv")), load(ASSETS), "auto")
    for name, right, offered in (("mandarin", 0.95, 0.96), ("near", 0.95, 0.97), ("far", 0.9, 0.9)):
        figures = report.sets[name]
        assert figures.right >= right * figures.rows, name
        assert figures.offered >= offered * figures.rows, name
        assert figures.wrong <= 0.015 * figures.rows, name
    assert report.sets["none"].wrong == 0


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ASSETS / "dialects", tmp_path / "dialects")
    return tmp_path


@pytest.fixture(scope="module")
def witness() -> Witness:
    """That of the product stands in for the spoiled packs, which would need half a minute to be learnt."""
    learnt = load(ASSETS).witness
    assert learnt is not None
    return learnt


@pytest.fixture
def spoil(copy: Path, witness: Witness) -> Callable[[str, str, str], list[str]]:
    def spoiled(name: str, old: str, new: str) -> list[str]:
        change(copy / "dialects" / name, old, new)
        return [str(problem) for problem in check(copy, witness)]
    return spoiled


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


Spoil = Callable[[str, str, str], list[str]]


def test_a_sentence_given_to_two_matters_is_named(spoil: Spoil) -> None:
    problems = spoil("dongbei/grammar.yaml", '  "staff":\n', '  "staff":\n    - "给我查查余额"\n')
    assert any("给我查查余额" in p and "dongbei/grammar.yaml" in p and "balance" in p for p in problems)


def test_a_bare_yes_is_named(spoil: Spoil) -> None:
    problems = spoil("wu/grammar.yaml", '  "yes":', "  yes:")
    assert any("wu/grammar.yaml" in p and "引号" in p for p in problems)


def test_an_unknown_key_is_named(spoil: Spoil) -> None:
    problems = spoil("yue/pack.toml", "[sounds.initials]", "[sounds.initial]")
    assert any("sounds.initial" in p and "可用的有" in p for p in problems)


def test_an_unknown_concept_in_a_rule_is_named(spoil: Spoil) -> None:
    problems = spoil("mandarin/rules.yaml", '[6.0, "fund", "taken"]', '[6.0, "found", "taken"]')
    assert any("rules.withdraw" in p and "found" in p for p in problems)


def test_an_example_that_fails_is_named(spoil: Spoil) -> None:
    problems = spoil("wu/examples.yaml", '  "balance":\n', '  "balance":\n    - "帮我打张证明"\n')
    assert any("wu/examples.yaml" in p and "帮我打张证明" in p for p in problems)


def test_an_open_bracket_is_named(spoil: Spoil) -> None:
    problems = spoil("mandarin/concepts.yaml", '- "公积"', '- "公(积"')
    assert any("concepts.fund" in p and "括号" in p for p in problems)


def test_a_word_for_yes_and_no_is_named(spoil: Spoil) -> None:
    problems = spoil("dongbei/grammar.yaml", '  "yes":\n', '  "yes":\n    - "拉倒"\n')
    assert any("dongbei/grammar.yaml: sentences.yes" in p and "拉倒" in p and "是" in p for p in problems)


# ------------------------------------------------------------------ what sounds alike


def examined(copy: Path, witness: Witness, model: Path | None = None) -> Report:
    return examine(copy, model=model, witness=witness)


@pytest.fixture(scope="module")
def whole(witness: Witness) -> Report:
    return examine(ASSETS, witness=witness)


def test_every_confusion_of_the_packs_is_covered(whole: Report) -> None:
    assert whole.good
    assert len(whole.confusions) > 100
    assert all(found.cover for found in (*whole.confusions, *whole.watched))


def test_the_watched_pairs_are_told_in_every_dialect(whole: Report) -> None:
    pairs = {(f.pair.said.text, f.pair.heard.text): f for f in whole.watched}
    assert pairs["是", "四"].pair.distances["xinan_guizhou"] < 0.05 < pairs["是", "四"].pair.distances["mandarin"]
    assert "只在问" in pairs["是", "十"].cover
    assert {("四", "十"), ("提款", "贷款"), ("转入", "转出"), ("对", "退")} <= pairs.keys()


def test_a_yes_that_sounds_like_a_refusal_is_never_beyond_doubt(whole: Report) -> None:
    found = next(f for f in whole.confusions if {f.pair.said.text, f.pair.heard.text} == {"拿到", "拉倒"}
                 and f.moment == "正在问“是不是”")
    assert found.pair.heard.means == "yes"
    assert found.pair.distance < 0.05
    assert "再问一遍" in found.cover


def test_a_yes_that_is_the_sound_of_a_no_is_grave(copy: Path, witness: Witness) -> None:
    change(copy / "dialects/dongbei/grammar.yaml", '  "yes":\n', '  "yes":\n    - "布行"\n')
    report = examined(copy, witness)
    assert not report.good
    first = report.problems[0]
    assert first.grave
    assert "dongbei/grammar.yaml: sentences.yes" in str(first)
    assert "布行" in str(first)
    assert "不行" in str(first)
    assert as_text(report).startswith("✗ ")


def test_two_buttons_that_sound_alike_are_grave(copy: Path, witness: Witness) -> None:
    for name in ("flows", "sentences"):
        shutil.copytree(ASSETS / name, copy / name)
    change(copy / "sentences/zh/common.yaml", 'next.again: "', 'next.again: "办完咯"  # "')
    change(copy / "sentences/zh/common.yaml", 'next.finished: "', 'next.finished: "办玩咯"  # "')
    report = examined(copy, witness)
    assert not report.good
    assert any("visit.yaml: steps.next" in str(p) and "办完咯" in str(p) for p in report.problems if p.grave)


def test_words_that_the_recogniser_does_not_know_are_told(copy: Path, witness: Witness, tmp_path: Path) -> None:
    model = tmp_path / "model"
    (model / "graph").mkdir(parents=True)
    known = {c for c in (ASSETS / "dialects/mandarin/concepts.yaml").read_text(encoding="utf-8")} - {"赁"}
    (model / "graph/words.txt").write_text("\n".join(f"{c} 1" for c in known if c.strip()), encoding="utf-8")
    report = examined(copy, witness, model)
    assert any(u.character == "赁" and "赁" in u.sentence and "concepts.yaml" in u.where for u in report.unheard)
    assert "赁" in as_text(report)


def test_the_report_as_json_names_pairs_places_and_covers(whole: Report) -> None:
    told = json.loads(json.dumps(as_json(whole), ensure_ascii=False))
    assert told["ok"] is True
    assert {"said", "heard", "said_where", "heard_where", "distance", "dialect", "covered_by"} <= told["confusions"][0].keys()
    assert told["unreviewed"]


def test_a_broken_list_of_watched_pairs_is_named(copy: Path, witness: Witness) -> None:
    change(copy / "dialects/confusions.yaml", '["是", "四", "十"]', '"是"')
    with pytest.raises(DataError, match=r"confusions\.yaml: watch"):
        examined(copy, witness)


@pytest.mark.slow
def test_what_is_learnt_is_kept_until_a_pack_changes(tmp_path: Path) -> None:
    engine, file = load(ASSETS), tmp_path / "understanding.npz"
    digest = digest_of(ASSETS)
    learnt = learn(engine, ASSETS, digest)
    remember(learnt, file)
    kept = recall(file, digest)
    assert kept is not None
    assert kept.intents == learnt.intents
    for name in ("cretired", "cfund", "q"):
        assert abs(kept.weights[kept.index[name]] - learnt.weights[learnt.index[name]]).max() < 0.15
    assert recall(file, "another digest") is None
    file.write_bytes(b"half a file")
    assert recall(file, digest) is None


@pytest.mark.parametrize("name", ["mandarin/corpus.tsv", "wu/words.tsv", "yue/examples.yaml", "mandarin/rules.yaml"])
def test_a_changed_pack_is_learnt_anew(copy: Path, name: str) -> None:
    before = digest_of(copy)
    with (copy / "dialects" / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert digest_of(copy) != before
