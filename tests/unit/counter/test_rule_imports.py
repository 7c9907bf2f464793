"""Imported rules reach the counter between visits; an import under way is not the counter's business."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kiosk import places
from kiosk.adapters.publisher_keys import PublisherKeys
from kiosk.adapters.rule_shelf import RuleShelf
from kiosk.app.live_rules import LiveRules
from kiosk.fund.money import Money
from tests.unit.counter.counter_kit import Kit

#: What 梁样本 answers; of the rest (the day of the rent) she takes the newest.
ANSWERS = {"married": "yes", "children": "1", "housing": "market", "filed_contract": "no", "spouse_took": "no"}


@pytest.fixture
def shelf(tmp_path: Path) -> RuleShelf:
    return RuleShelf(places.ASSETS / "rules", tmp_path / "rules", PublisherKeys(tmp_path / "none"), production=False)


@pytest.fixture
def rules(shelf: RuleShelf) -> LiveRules:
    return LiveRules(lambda: shelf.book("demo"), shelf.stamp)


@pytest.fixture
def live(tmp_path: Path, rules: LiveRules, fresh_centre: Path) -> Iterator[Kit]:
    (tmp_path / "kit").mkdir()
    kit = Kit(tmp_path / "kit", rules, fresh_centre)
    yield kit
    kit.close()


def may_take(kit: Kit) -> object:
    """What 梁样本, married, may withdraw for three months' rent, whatever is asked."""
    facts = kit.identified("梁样本") | {"withdraw_kind": "withdraw.rent"}
    outcome = kit.do("withdrawal.assess", facts)
    while outcome.name == "ask":
        question = str(outcome.facts["question_id"])
        answer = ANSWERS.get(question) or outcome.facts["question_options"][0]["id"]  # type: ignore[index]
        outcome = kit.do("withdrawal.assess", facts | {"question_id": question, "answer": answer,
                                                       "answers": outcome.facts["answers"]})
    assert outcome.name == "limited", outcome
    return outcome.facts["limit"]


def import_newer(shelf: RuleShelf, stick: Path) -> None:
    """2,000 instead of 1,800 for couples, from the day before the kit's."""
    shutil.copytree(places.ASSETS / "rules" / "demo", stick)
    for name, old, new in (("pack.toml", "effective_from = 2025-01-01", "effective_from = 2026-10-01"),
                           ("pack.toml", 'version = "2026.11"', 'version = "2026.12"'),
                           ("withdrawals.yaml", 'value: "1800.00"', 'value: "2000.00"')):
        path = stick / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    with shelf.staged(stick) as folder:
        shelf.put(shelf.read(folder), datetime.now())


def test_the_next_visitor_gets_the_new_limit_and_the_present_one_the_old(live: Kit, rules: LiveRules, shelf: RuleShelf,
                                                                         tmp_path: Path) -> None:
    assert may_take(live) == Money.yuan(3 * 1_800)
    rules.serve(somebody=True)
    import_newer(shelf, tmp_path / "stick")
    rules.look()
    assert may_take(live) == Money.yuan(3 * 1_800)
    rules.serve(somebody=False)
    rules.stop()
    assert may_take(live) == Money.yuan(3 * 2_000)


def test_an_import_under_way_is_left_to_who_imports(kit: Kit) -> None:
    facts = {"action": "import", "pack": "demo", "version": "1", "digest": "0" * 64, "key_id": ""}
    kit.journal.intend(datetime.now(), "rules", "k", facts)
    kit.counter.reconcile()
    assert [intent.kind for intent in kit.journal.pending()] == ["rules"]
