"""The packs themselves: readable, no stolen sentences, their own examples understood, and the table of utterances."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.app.bench_understanding import read_table, run
from kiosk.language.check import check
from kiosk.language.understand import learn, load
from kiosk.language.witness import digest_of, recall, remember
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


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ASSETS / "dialects", tmp_path / "dialects")
    return tmp_path


def spoil(copy: Path, name: str, old: str, new: str) -> list[str]:
    path = copy / "dialects" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in check(copy)]


def test_a_sentence_given_to_two_matters_is_named(copy: Path) -> None:
    problems = spoil(copy, "dongbei/grammar.yaml", '  "staff":\n', '  "staff":\n    - "给我查查余额"\n')
    assert any("给我查查余额" in p and "dongbei/grammar.yaml" in p and "balance" in p for p in problems)


def test_a_bare_yes_is_named(copy: Path) -> None:
    problems = spoil(copy, "wu/grammar.yaml", '  "yes":', "  yes:")
    assert any("wu/grammar.yaml" in p and "引号" in p for p in problems)


def test_an_unknown_key_is_named(copy: Path) -> None:
    problems = spoil(copy, "yue/pack.toml", "[sounds.initials]", "[sounds.initial]")
    assert any("sounds.initial" in p and "可用的有" in p for p in problems)


def test_an_unknown_concept_in_a_rule_is_named(copy: Path) -> None:
    problems = spoil(copy, "mandarin/rules.yaml", '[6.0, "fund", "taken"]', '[6.0, "found", "taken"]')
    assert any("rules.withdraw" in p and "found" in p for p in problems)


def test_an_example_that_fails_is_named(copy: Path) -> None:
    problems = spoil(copy, "wu/examples.yaml", '  "balance":\n', '  "balance":\n    - "帮我打张证明"\n')
    assert any("wu/examples.yaml" in p and "帮我打张证明" in p for p in problems)


def test_an_open_bracket_is_named(copy: Path) -> None:
    problems = spoil(copy, "mandarin/concepts.yaml", '- "公积"', '- "公(积"')
    assert any("concepts.fund" in p and "括号" in p for p in problems)


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
