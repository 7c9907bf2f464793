from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.app.button_words import button_words
from kiosk.app.kept_vocabularies import KeptVocabularies, digest_of
from kiosk.language.packs import Pack
from kiosk.language.syllables import MANDARIN
from kiosk.ports.ears import Expectation, Vocabulary

VOCABULARY = Vocabulary("dongbei", ("我 要 取 钱", "取 啊 钱"), {"取 啊": "取"})


class Source:
    def __init__(self) -> None:
        self.made = 0

    def dialects(self, expectation: Expectation) -> tuple[str, ...]:
        return ("mandarin", "dongbei")

    def vocabulary(self, expectation: Expectation, dialect: str) -> Vocabulary:
        self.made += 1
        return VOCABULARY


def test_made_once_then_read_back_the_same(tmp_path: Path) -> None:
    source = Source()
    first = KeptVocabularies(source, tmp_path, "abc")
    assert first.vocabulary(Expectation(), "dongbei") is first.vocabulary(Expectation("yes_no"), "dongbei")
    again = KeptVocabularies(source, tmp_path, "abc")
    assert again.vocabulary(Expectation(), "dongbei") == VOCABULARY
    assert again.dialects(Expectation()) == ("mandarin", "dongbei")
    assert source.made == 1


def test_other_packs_make_another_and_the_old_one_goes(tmp_path: Path) -> None:
    source = Source()
    for digest in ("abc", "def"):
        KeptVocabularies(source, tmp_path, digest).vocabulary(Expectation(), "dongbei")
    assert source.made == 2
    assert [file.name for file in tmp_path.iterdir()] == ["dongbei-def.json"]


@pytest.mark.parametrize("content", ["", "{", '{"name": "dongbei"}'])
def test_a_broken_file_is_made_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "dongbei-abc.json").write_text(content)
    assert KeptVocabularies(Source(), tmp_path, "abc").vocabulary(Expectation(), "dongbei") == VOCABULARY
    assert KeptVocabularies(Source(), tmp_path, "abc")._kept("dongbei") == VOCABULARY


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert KeptVocabularies(Source(), tmp_path / "file", "abc").vocabulary(Expectation(), "dongbei") == VOCABULARY


def test_the_words_of_every_button_are_known(tmp_path: Path) -> None:
    """New flows bring their words with them: nothing has to be written down a second time."""
    words = button_words()
    assert len(words) > 100
    assert "念给我听" in words
    assert all(words)
    assert not any("{" in word for word in words)


@pytest.mark.parametrize("folder", ["flows", "sentences"])
def test_a_new_flow_makes_new_vocabularies(tmp_path: Path, folder: str) -> None:
    before = digest_of({}, tmp_path, tmp_path)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "new.yaml").write_text("flow: \"new\"")
    assert digest_of({}, tmp_path, tmp_path) != before


def test_the_digest_follows_packs_lessons_and_model(tmp_path: Path) -> None:
    assets, model = tmp_path / "assets", tmp_path / "model"
    (assets / "dialects").mkdir(parents=True)
    (model / "graph").mkdir(parents=True)
    pack = Pack("dongbei", "东北话", near=True, recogniser="", accent=MANDARIN)
    taught = replace(pack, sentences=(("balance", "瞅瞅俺那钱"),))

    seen = [digest_of({"dongbei": pack}, assets, model)]
    for change in (assets / "dialects" / "words.tsv", model / "graph" / "Gr.fst"):
        change.write_text("x")
        seen.append(digest_of({"dongbei": pack}, assets, model))
    seen.append(digest_of({"dongbei": taught}, assets, model))
    assert len(set(seen)) == 4
    (assets / "dialects" / "notes.md").write_text("nothing that is read")
    assert digest_of({"dongbei": taught}, assets, model) == seen[-1]
