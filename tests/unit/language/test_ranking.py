"""What was learnt from the ways of asking, kept and found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kiosk.language import ranking
from kiosk.language.ranking import Ranking

SEEN = [("u租", "u房", "g能"), ("u租", "g能"), ("u退", "u休"), ("u退", "g几")]
PLACES = [0, 0, 1, 1]


def learnt(digest: str = "a") -> Ranking:
    return ranking.learn(SEEN, PLACES, 2, digest)


def best(one: Ranking, *found: str) -> int:
    return int(np.argmax(one.scores(*one.vector(found, 0.5))))


def test_what_was_learnt_is_told_apart() -> None:
    assert [best(learnt(), *found) for found in SEEN] == PLACES


def test_it_is_learnt_once_and_the_same_when_read_again(tmp_path: Path) -> None:
    made: list[Ranking] = []

    def make() -> Ranking:
        made.append(learnt())
        return made[-1]

    file = tmp_path / "new" / "questions.npz"
    first, second = ranking.kept(file, "a", make), ranking.kept(file, "a", make)
    assert len(made) == 1
    assert first.names == second.names
    assert all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ("matrix", "rarity", "scale"))


def test_other_data_or_a_broken_file_is_learnt_anew(tmp_path: Path) -> None:
    file = tmp_path / "questions.npz"
    ranking.remember(learnt("a"), file)
    assert ranking.recall(file, "b") is None
    file.write_bytes(file.read_bytes()[:100])
    assert ranking.recall(file, "a") is None
    assert ranking.kept(file, "a", learnt).digest == "a"
    assert ranking.recall(file, "a") is not None


def test_where_nothing_can_be_kept_it_is_learnt_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert ranking.kept(tmp_path / "file" / "questions.npz", "a", learnt).names == learnt().names
    assert ranking.kept(None, "a", learnt).names == learnt().names


def test_what_no_question_has_makes_less_certain() -> None:
    one = learnt()
    rows, values = one.vector(("u租", "u房"), 0.5)
    _, less = one.vector(("u租", "u房", "u云"), 0.5)
    assert np.isclose(values @ values, 1, atol=1e-5)
    assert less @ less < 0.9
    assert len(rows) == 2
