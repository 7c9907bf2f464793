"""Reading data packs, and saying what is wrong with one so that a technician who does not program can mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from kiosk.fund.errors import DataError

T = TypeVar("T")

_KINDS = {"str": "一段文字", "int": "一个整数", "float": "一个数", "bool": "true 或 false",
          "date": "日期（2026-09-20）", "object": "几行“名字: 值”", "array": "一列（每行以 - 开头）", "null": "空"}
_COMPLAINTS: tuple[tuple[str, str], ...] = (
    (r"Expected `(?P<want>[^`]+)`, got `bool`", "这里应当是{want}，现在是 true/false。yes、no、on、off 要加双引号。"),
    (r"Expected `str`, got `(?P<got>int|float|date)`", "这里应当是一段文字，现在是{got}。金额、百分数、编号和月日也要加英文双引号。"),
    (r"Expected `(?P<want>[^`]+)`, got `(?P<got>[^`]+)`", "这里应当是{want}，现在是{got}。"),
    (r"Expected `str` - at `key`", "有一行的名字被读成了 true/false：yes、no、on、off 做名字要加双引号。"),
    (r"Object missing required field `(?P<name>[^`]+)`", "少了一行“{name}: …”，请补上。"),
    (r"Object contains unknown field `(?P<name>[^`]+)`", "多了一行“{name}”，这里不认识它。看看是不是写错了字。"),
    (r"Invalid enum value (?P<name>.+)", "不能写 {name}，请对照说明换成允许的词。"),
    (r"Invalid .*date", "日期不对，请写成 2026-09-20 这样。"),
)

#: The same loader in C where PyYAML was built with it: ten times faster, on the way to the first frame.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictLoader(_Safe):  # type: ignore[misc]
    """Safe loader that refuses two equal keys; YAML would keep the last without a word (pitfalls 17)."""


def _mapping(loader: StrictLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        word = str(key.value)
        if word in seen:
            line = key.start_mark.line + 1
            raise DataError(f"{Path(key.start_mark.name).name}: 第{line}行", f"“{word}”写了两次，请删掉一个。")
        seen.add(word)
    made: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return made


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> dict[str, object]:
    """The file's top-level map. DataError when it is missing, unreadable or not a map."""
    try:
        with path.open(encoding="utf-8") as stream:
            raw = yaml.load(stream, StrictLoader)
    except FileNotFoundError:
        raise DataError(str(path), "找不到这个文件。") from None
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"第 {mark.line + 1} 行附近" if mark else "文件"
        raise DataError(path.name, f"{place}的写法不对，请检查缩进、冒号后的空格和引号。") from None
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise DataError(path.name, "最外层应当是几行“名字: 值”。")
    return raw


def convert(value: object, kind: type[T], where: str) -> T:
    """`value` as the msgspec type `kind`, strictly. `where` is "file: path", put before the place msgspec names."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        text, _, place = str(fault).partition(" - at `$")
        raise DataError(where + place.rstrip("`"), explain(text)) from None


def explain(complaint: str) -> str:
    """A msgspec complaint as a plain sentence."""
    for pattern, sentence in _COMPLAINTS:
        found = re.match(pattern, complaint)
        if found:
            return sentence.format(**{name: _KINDS.get(word, word) for name, word in found.groupdict().items()})
    return f"这里不对：{complaint}"


def merge(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """`above` laid over `below`: maps are merged field by field, everything else (lists too) is replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = merge(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return merged
