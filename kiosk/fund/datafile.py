"""Reading data packs, and saying what is wrong with one so that a technician who does not program can mend it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml
from msgspec import inspect

from kiosk.fund.errors import DataError

T = TypeVar("T")

_KINDS = {"str": "一段文字", "int": "一个整数", "float": "一个数", "bool": "true 或 false",
          "date": "日期（2026-09-20）", "object": "几行“名字: 值”", "array": "一列（每行以 - 开头，或者写在方括号里）", "null": "空"}
_NOT_UTF8 = "文件不是 UTF-8 编码的，中文读不出来。请用编辑器另存为 UTF-8。"
_COMPLAINTS: tuple[tuple[str, str], ...] = (
    (r"Expected `(?P<want>[^`]+)`, got `bool`", "这里应当是{want}，现在是 true/false。yes、no、on、off 要加双引号。"),
    (r"Expected `str`, got `(?P<got>int|float|date)`", "这里应当是一段文字，现在是{got}。金额、百分数、编号和月日也要加英文双引号。"),
    (r"Expected `(?P<want>[^`]+)`, got `(?P<got>[^`]+)`", "这里应当是{want}，现在是{got}。"),
    (r"Expected `str` - at `key`", "有一行的名字被读成了 true/false：yes、no、on、off 做名字要加双引号。"),
    (r"Object missing required field `(?P<name>[^`]+)`", "少了一行“{name}: …”，请补上。"),
    (r"Object contains unknown field `(?P<name>[^`]+)`", "多了一行“{name}”，这里不认识它。{hint}"),
    (r"Invalid enum value '?(?P<name>[^']+)'?", "不能写“{name}”。{hint}"),
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
    raw = load_yaml(path)
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise DataError(path.name, "最外层应当是几行“名字: 值”。")
    return raw


def load_yaml(path: Path, name: str = "", *, empty: object = None) -> Any:
    """Whatever the file holds, read strictly; `empty` for a file without anything. DataError, with `name` for the file
    if given, when it is missing or unreadable, or empty where that is not expected."""
    name = name or path.name
    try:
        text = path.read_text(encoding="utf-8")
        raw = yaml.load(text, StrictLoader)
    except OSError:
        raise DataError(name, "找不到这个文件，或者打不开，请检查路径。") from None
    except DataError as fault:  # two equal keys; a text has no name
        raise DataError(f"{name}: {fault.where.rpartition(': ')[2]}", said(fault)) from None
    except UnicodeDecodeError:
        raise DataError(name, _NOT_UTF8) from None
    except yaml.YAMLError as fault:
        raise yaml_fault(name, fault, text) from None
    if raw is None and empty is None:
        raise DataError(name, "这个文件是空的。请写上内容，或者删掉它。")
    return empty if raw is None else raw


def said(fault: DataError) -> str:
    """The sentence of a fault without its place."""
    return fault.sentence.removeprefix(f"{fault.where}: ")


def yaml_fault(name: str, fault: yaml.YAMLError, text: str) -> DataError:
    """What cannot be read as YAML, with the line where the mistake most likely is and what to write instead."""
    mark = getattr(fault, "problem_mark", None)
    lines = text.splitlines()
    if mark is None or not lines:
        return DataError(name, "文件里有读不了的字符，请用编辑器另存为 UTF-8 的纯文本。")
    last = min(mark.line, len(lines) - 1)
    near = range(max(0, last - 2), last + 1)
    for number in reversed(near):
        if "\t" in lines[number][:len(lines[number]) - len(lines[number].lstrip())]:
            return _on_line(name, number, "行首有制表符（Tab），请换成空格。")
    for number in reversed(range(last + 1)):
        if _bare(lines[number]).count('"') % 2:
            return _on_line(name, number, "英文双引号没有成对，请补上少的一个。")
    for number in reversed(near):
        if "：" in re.sub(r'"[^"]*"', "", lines[number]).partition(" #")[0]:
            return _on_line(name, number, "冒号写成了中文的“：”，请换成英文的 : ，后面空一格。")
    return DataError(f"{name}: 第 {mark.line + 1} 行附近", "写法不对，请检查缩进、括号、冒号后的空格和引号。")


def _bare(line: str) -> str:
    return re.sub(r"""\\.|(?:^|\s)#[^"]*$|'[^']*'""", "", line)


def _on_line(name: str, number: int, sentence: str) -> DataError:
    return DataError(f"{name}: 第 {number + 1} 行", sentence)


def read_toml(path: Path, name: str = "") -> dict[str, Any]:
    """The file's table. DataError, with `name` for the file if given, when it is missing or unreadable."""
    name = name or path.name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise DataError(name, "找不到这个文件，或者打不开，请检查路径。") from None
    except UnicodeDecodeError:
        raise DataError(name, _NOT_UTF8) from None
    except tomllib.TOMLDecodeError as fault:
        raise toml_fault(name, fault) from None


#: What tomllib complains of; the first that fits.
_TOML: tuple[tuple[str, str], ...] = (
    (r"Cannot overwrite a value|Cannot declare .* twice|Duplicate", "这个名字写了两次，请删掉一个。"),
    (r"Expected '=' after a key", "应当写成 名字 = 值，中间是英文等号。"),
    (r"Invalid value|Expected newline", "值的写法不对：文字要加英文双引号；数目、true、false 和日期不加，日期要真有那一天。"),
    (r"Illegal character|Unterminated|Expected \"", "引号没有成对：文字前后各一个英文双引号。"),
    (r"Invalid initial character for a key", "名字只能用英文字母、数字和下划线。"),
    (r"Unclosed array|Expected '\]'", "方括号没有成对。"),
    (r"Invalid date or datetime", "没有这一天，请检查日期。"),
)


def toml_fault(name: str, fault: tomllib.TOMLDecodeError) -> DataError:
    """What cannot be read as TOML, with its line and what to write instead."""
    line = re.search(r"line (\d+)", str(fault))
    default = "写法不对，请检查等号、引号和括号。"
    sentence = next((told for pattern, told in _TOML if re.search(pattern, str(fault))), default)
    return DataError(f"{name}: {f'第 {line[1]} 行' if line else '最后一行附近'}", sentence)


def convert(value: object, kind: type[T], where: str) -> T:
    """`value` as the msgspec type `kind`, strictly. `where` is "file: path", put before the place msgspec names."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        text, _, place = str(fault).partition(" - at `$")
        place = place.rstrip("`")
        # "pack.toml: .version" and "pack.toml: " read badly where there is nothing before the place
        named = _named(value, kind, str(fault), place)
        shown = where + (named.lstrip(".") if where.endswith(": ") else named)
        raise DataError(shown.removesuffix(": "), explain(text, kind, place)) from None


def _named(value: object, kind: Any, complaint: str, place: str) -> str:
    """The place with the names of entries where msgspec says "[...]": the entry that alone is complained of likewise."""
    before, found, after = place.partition("[...]")
    if not found:
        return place
    steps = re.findall(r"\.([^.\[]+)|\[(\d+)\]", before)
    table: Any = value
    try:
        for name, index in steps:
            table = table[int(index)] if index else table[name]
        for key in table:
            if _complained(_only(value, steps, key), kind) == complaint:
                return _named(_only(value, steps, key), kind, complaint, f"{before}.{key}{after}")
    except (KeyError, IndexError, TypeError, AttributeError):  # a place that cannot be followed stays as it is
        pass
    return place


def _only(value: Any, steps: list[tuple[str, str]], key: object) -> Any:
    """The same data with nothing but `key` in the table at the end of `steps`."""
    if not steps:
        return {key: value[key]}
    (name, index), rest = steps[0], steps[1:]
    if index:
        return [_only(one, rest, key) if number == int(index) else one for number, one in enumerate(value)]
    return {**value, name: _only(value[name], rest, key)}


def _complained(value: Any, kind: Any) -> str:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        return str(fault)
    return ""


def explain(complaint: str, kind: Any = None, place: str = "") -> str:
    """A msgspec complaint as a plain sentence; `kind` and `place` (".tiers[2].kind") tell what might stand there."""
    for pattern, sentence in _COMPLAINTS:
        found = re.match(pattern, complaint)
        if found:
            names = found.groupdict()
            hint = _hint(names["name"], kind, place) if "{hint}" in sentence else ""
            return sentence.format(**{name: _in_words(word) for name, word in names.items()}, hint=hint)
    return f"这里不对：{complaint}"


def _in_words(kinds: str) -> str:
    """ "str | null" in plain words; what is no kind stays."""
    return "、或者".join(_KINDS.get(word, word) for word in kinds.split(" | "))


def _hint(given: str, kind: Any, place: str) -> str:
    allowed = sorted(dict.fromkeys(_allowed(inspect.type_info(kind), place))) if kind is not None else []
    near = difflib.get_close_matches(given, allowed, 1)
    if near:
        return f"是不是“{near[0]}”？"
    few = f"可以写：{'、'.join(allowed)}。" if 0 < len(allowed) <= 40 else ""
    return few or "看看是不是写错了字。"


def _allowed(node: inspect.Type, place: str) -> Iterator[str]:
    """Names of fields, or words, that may stand at a place."""
    if isinstance(node, inspect.UnionType):
        for one in node.types:
            yield from _allowed(one, place)
    elif isinstance(node, inspect.Metadata):
        yield from _allowed(node.type, place)
    elif not place:
        if isinstance(node, inspect.StructType):
            yield from (field.encode_name for field in node.fields)
        elif isinstance(node, inspect.LiteralType):
            yield from (str(value) for value in node.values)
        elif isinstance(node, inspect.EnumType):
            yield from (str(one.value) for one in node.cls)
    elif place.startswith("["):
        rest = place.partition("]")[2]
        if isinstance(node, inspect.DictType):
            yield from _allowed(node.value_type, rest)
        elif isinstance(node, inspect.ListType | inspect.VarTupleType | inspect.SetType | inspect.FrozenSetType):
            yield from _allowed(node.item_type, rest)
        elif isinstance(node, inspect.TupleType):
            for item in node.item_types:
                yield from _allowed(item, rest)
    elif isinstance(node, inspect.StructType):
        name = re.match(r"\.([^.\[]+)", place)
        for field in node.fields:
            if name and field.encode_name == name[1]:
                yield from _allowed(field.type, place[name.end():])


def merge(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """`above` laid over `below`: maps are merged field by field, everything else (lists too) is replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = merge(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return merged
