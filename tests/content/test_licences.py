from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_dependency_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    names = {re.split(r"[\[<>=! ]", requirement)[0] for requirement in wanted}
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert names - {name for name in names if name in text} == set()


def test_every_dependency_has_an_upper_bound_or_is_a_tool() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    loose = [requirement for requirement in project["dependencies"] if "<" not in requirement]
    assert loose == []
