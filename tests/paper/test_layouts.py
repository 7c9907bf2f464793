"""Layouts: the shipped ones are good; wrong ones are explained to a person who does not program."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk import places
from kiosk.adapters.paper_layout import load
from kiosk.counter.papers import LAYOUTS, NO_FEE, PREVIEWED
from kiosk.fund.errors import DataError

FOLDER = places.ASSETS / "certificates"
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))
#: What a paper need not print, and why: the mark of the whole (said by others on the same paper).
LEFT_OUT: dict[str, set[str]] = {}


def test_every_paper_of_the_counter_has_a_layout() -> None:
    assert set(LAYOUTS) <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped(name: str) -> None:
    layout = load(name)
    given = {field.id for field in LAYOUTS[name]}
    assert given - layout.ids == LEFT_OUT.get(name, set()), "facts that are given but not printed"


@pytest.mark.parametrize("name", SHIPPED)
def test_nobody_is_asked_for_money(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert NO_FEE in text or "{notice}" in text


GOOD = """id: "certificate_deposit"
paper: "A4"
margins: {top: 16, right: 20, bottom: 13, left: 20}
blocks:
  - kind: "title"
    text: "{title}"
  - kind: "facts"
    fields:
      - {id: "name", label: "姓名"}
"""


@pytest.mark.parametrize(("change", "to", "place", "says"), [
    ('id: "name"', 'id: "nmae"', "blocks[1].fields[0].id", "没有叫“nmae”的内容"),
    ("{title}", "{titel}", "blocks[0].text", "没有叫“titel”的内容"),
    ("{title}", "{title", "blocks[0].text", "花括号没有配对"),
    ('label: "姓名"', 'label: " "', "blocks[1].fields[0].label", "印在内容前面的名称"),
    (', label: "姓名"', "", "blocks[1].fields[0]", "少了一行“label: …”"),
    ('id: "certificate_deposit"', 'id: "other"', "id", "应当和文件名一样"),
    ("top: 16", "top: 2", "margins.top", "打印机印不到纸边"),
    ("right: 20", "right: 140", "margins", "只剩 50 毫米"),
    ('paper: "A4"', 'paper: "A5"', "paper", "不能写"),
    ('kind: "facts"', 'kind: "fact"', "blocks[1]", "fact"),
    ('kind: "facts"', 'kind: "facts"\n    columns: 9', "blocks[1].columns", "1、2 或 3"),
    ("blocks:", "blocks: []\nothers:", "", "others"),
    ('id: "name", label', 'id: "name", span: no, label', "", "双引号"),
    ('id: "name", label', 'id: "name", boxes: ["正常"], label', "blocks[1].fields[0].boxes", "至少要有两个"),
    ('paper: "A4"', 'paper: "A4"\nevery_page:\n  - {kind: "paragraph", text: "{nmae}"}', "every_page[0].text", "没有叫“nmae”的内容"),
])
def test_mistakes_are_explained(tmp_path: Path, change: str, to: str, place: str, says: str) -> None:
    assert change in GOOD
    (tmp_path / "certificate_deposit.yaml").write_text(GOOD.replace(change, to), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load("certificate_deposit", tmp_path)
    assert "certificate_deposit.yaml" in caught.value.sentence
    assert place in caught.value.sentence
    assert says in caught.value.sentence


def test_a_list_where_one_text_is_given(tmp_path: Path) -> None:
    facts = 'kind: "facts"\n    fields:\n      - {id: "name", label: "姓名"}'
    wrong = GOOD.replace(facts, 'kind: "list"\n    id: "name"')
    (tmp_path / "certificate_deposit.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(DataError, match="一段文字"):
        load("certificate_deposit", tmp_path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"certificate_deposit\.yaml"):
        load("certificate_deposit", tmp_path)


def test_what_is_shown_beside_the_preview_is_on_the_paper() -> None:
    """And little enough to be large on the screen."""
    for name, shown in PREVIEWED.items():
        labels = {field.id: field.label for field in LAYOUTS[name]}
        assert set(shown) <= load(name).ids
        assert all(labels[one] for one in shown)
        assert len(shown) <= 7


def test_boxes_show_every_choice_and_hide_nothing(gui: QGuiApplication) -> None:
    from kiosk.adapters.paper_layout import Field
    from kiosk.adapters.paper_setting import Setting

    field = Field(id="state_box", label="账户状态", boxes=("正常", "封存", "其他"))
    assert Setting({"state_box": "封存"}, 1000).value(field) == "□正常　■封存　□其他"
    assert Setting({"state_box": "冻结"}, 1000).value(field) == "□正常　□封存　□其他　■冻结"
    assert Setting({"state_box": ""}, 1000).value(field) == ""
