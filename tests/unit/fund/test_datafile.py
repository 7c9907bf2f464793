"""A mistake in a data file is told with file, place and what to write instead, in plain words."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.fund.datafile import convert, read_toml, read_yaml
from kiosk.fund.errors import DataError
from kiosk.fund.rule_packs import read_manifest
from kiosk.fund.rules import read_file

GOOD = '''pack:
  id: "demo.rent"
  version: "1"
  effective_from: "2025-01-01"
  source: {title: "样例", certainty: "invented"}
withdrawals:
  withdraw.rent:
    finish: "kiosk"
'''


@pytest.mark.parametrize(("there", "instead", "where", "says"), [
    ('    finish: "kiosk"', '\tfinish: "kiosk"', "第 8 行", "制表符"),
    ('title: "样例"', 'title: "样例', "第 5 行", "英文双引号没有成对"),
    ("withdrawals:", "withdrawals：", "第 6 行", "中文的“：”"),
    ('version: "1"', 'id: "1"', "第3行", "“id”写了两次"),
    ('version: "1"', 'verson: "1"', "demo.yaml: pack", "是不是“version”"),
    ('"invented"', '"invent"', "demo.yaml: pack.source.certainty", "是不是“invented”"),
    ('"invented"', '"guessed"', "demo.yaml: pack.source.certainty", "可以写：invented、official"),
    ('version: "1"', "version: 1", "demo.yaml: pack.version", "英文双引号"),
    ('"2025-01-01"', '"2025/01/01"', "demo.yaml: pack.effective_from", "2026-09-20"),
    ('{title: "样例", certainty: "invented"}', '{title: "样例"', "附近", "括号"),
])
def test_mistakes_in_yaml(tmp_path: Path, there: str, instead: str, where: str, says: str) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text(GOOD, encoding="utf-8")
    read_file(file)
    assert there in GOOD
    file.write_text(GOOD.replace(there, instead, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_file(file)
    assert "demo.yaml: " in caught.value.sentence
    assert where in caught.value.sentence
    assert says in caught.value.sentence


@pytest.mark.parametrize(("raw", "says"), [
    ('名字: "中文"'.encode("gbk"), "UTF-8"), (b"", "空的"), (b"a: \x00", "纯文本"), (b"- 1\n", "最外层")])
def test_files_that_are_no_table_of_text(tmp_path: Path, raw: bytes, says: str) -> None:
    file = tmp_path / "demo.yaml"
    file.write_bytes(raw)
    with pytest.raises(DataError) as caught:
        read_yaml(file)
    assert caught.value.sentence.startswith("demo.yaml: ")
    assert says in caught.value.sentence


@pytest.mark.parametrize(("text", "says"), [
    ('id "demo"', "英文等号"), ('id = "demo', "引号没有成对"), ("id = demo", "英文双引号"), ('id = "a"\nid = "b"\n', "写了两次"),
    ("day = 2025-13-01", "日期"), ("a = [1, 2\n", "方括号"), ("＝", "")])
def test_mistakes_in_toml(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_toml(file)
    assert caught.value.sentence.startswith("pack.toml: ")
    assert says in caught.value.sentence
    assert not any(word in caught.value.sentence for word in ("Expected", "Invalid", "line"))


def test_a_manifest_names_the_field_without_signs_before_it(tmp_path: Path) -> None:
    file = tmp_path / "pack.toml"
    file.write_text('id = "demo"\nversion = 1.0\ntitle = "样例"\neffective_from = 2025-01-01\n', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_manifest(tmp_path)
    assert f"{tmp_path.name}/pack.toml: version: 这里应当是一段文字" in caught.value.sentence


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    say: str = ""


class _Flow(msgspec.Struct, forbid_unknown_fields=True):
    parts: list[dict[str, dict[str, _Step]]]


def test_the_entry_of_a_table_is_named() -> None:
    good: dict[str, dict[str, dict[str, str]]] = {"a": {"x": {"say": "1"}}, "b": {"y": {"say": "2"}}}
    with pytest.raises(DataError) as caught:
        convert({"parts": [good, {**good, "c": {"z": {"say": "3"}, "w": {"sya": "4"}}}]}, _Flow, "flow.yaml: ")
    assert caught.value.sentence == "flow.yaml: parts[1].c.w: 多了一行“sya”，这里不认识它。是不是“say”？"
