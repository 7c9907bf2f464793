"""Reading the YAML files of assets/ the strict way, for people who write them by hand.

YAML 1.1 turns a bare yes, no, on or off into a boolean and keeps the last of two equal keys without a word (pitfalls
17).
Both are refused here, with file, path and a sentence that says what to change.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kiosk.fund.datafile import load_yaml
from kiosk.fund.errors import DataError


def read_yaml(path: Path) -> dict[str, Any]:
    """The file's mapping, all keys text, no booleans, dates or empty values. Raises DataError."""
    tree = load_yaml(path)
    if not isinstance(tree, dict):
        raise DataError(path.name, "文件里应该是“名字: 内容”的一张表。")
    _refuse_traps(tree, path.name, "")
    return tree


def _refuse_traps(tree: object, file: str, where: str) -> None:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if not isinstance(key, str):
                raise DataError(f"{file}: {where or '最外层'}", f"名字“{_written(key)}”要加英文双引号。")
            _refuse_traps(value, file, f"{where}.{key}" if where else key)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            _refuse_traps(value, file, f"{where}[{index}]")
    elif tree is None or isinstance(tree, date):
        raise DataError(f"{file}: {where}", "这里空着，或者是没加引号的日期，请写上内容并加英文双引号。")


def _written(key: object) -> str:
    return {True: "yes/true/on", False: "no/false/off"}.get(key, str(key)) if isinstance(key, bool) else str(key)
