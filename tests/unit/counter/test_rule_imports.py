"""A running kiosk reconciles its journal between visits; an import that is under way is not its business."""

from __future__ import annotations

from datetime import datetime

from tests.unit.counter.counter_kit import Kit


def test_an_import_under_way_is_left_to_who_imports(kit: Kit) -> None:
    facts = {"action": "import", "pack": "demo", "version": "1", "digest": "0" * 64, "key_id": ""}
    kit.journal.intend(datetime.now(), "rules", "k", facts)
    kit.counter.reconcile()
    assert [intent.kind for intent in kit.journal.pending()] == ["rules"]
