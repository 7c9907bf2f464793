"""Rule packs: which version stands on which day, what a seal is worth, what changes are called, what is wrong with one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kiosk import places
from kiosk.adapters import publisher_keys
from kiosk.adapters.publisher_keys import PublisherKey, PublisherKeys
from kiosk.fund import rule_packs
from kiosk.fund.errors import DataError
from kiosk.fund.rule_packs import Manifest, RulePack, book, chain, read_manifest, read_pack
from kiosk.fund.rule_packs_diff import Titles, differences, steps
from kiosk.fund.rule_packs_lint import Finding, Layers, lint
from kiosk.fund.rule_packs_seal import SEAL, Seal, Sealed, check_seal, sealed

RULES = places.ASSETS / "rules"
TITLES = Titles.load(RULES / "titles.yaml")
TODAY = date(2026, 11, 21)
NO_SEAL = Seal(Sealed.UNSIGNED, "", "")
CITIES = sorted(path.parent.name for path in RULES.glob("*/pack.toml"))


def pack_in(folder: Path) -> RulePack:
    return read_pack(folder, NO_SEAL)


def shipped(pack_id: str) -> RulePack:
    return pack_in(RULES / pack_id)


def around(manifest: Manifest) -> tuple[Layers, Layers]:
    """As on a terminal of the demonstration city."""
    return ([[shipped("national")]], []) if manifest.extends else ([], [[shipped("demo")]])


def change(folder: Path, file: str, *changes: tuple[str, str]) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of a shipped pack under a name."""
    def make(pack_id: str, name: str = "") -> Path:
        return Path(shutil.copytree(RULES / pack_id, tmp_path / (name or pack_id)))
    return make


@pytest.fixture
def newer(copy: Callable[[str, str], Path]) -> RulePack:
    """The demonstration city's next version: couples may take 2,000 a month from December."""
    folder = copy("demo", "newer")
    change(folder, "pack.toml", ('version = "2026.11"', 'version = "2026.12"'),
           ("effective_from = 2025-01-01", "effective_from = 2026-12-01"))
    change(folder, "withdrawals.yaml", ('value: "1800.00"', 'value: "2000.00"'))
    return pack_in(folder)


# ------------------------------------------------------------------ versions


def test_the_day_decides_which_version_answers(newer: RulePack) -> None:
    rules = book([[shipped("national")], [shipped("demo"), newer]])
    assert date(2026, 12, 1) in rules.changes()

    def couple(day: date) -> list[str]:
        return [tier.amount.value for tier in rules.on(day).withdrawals["withdraw.rent"].tiers
                if tier.when == {"married": "yes"}]

    assert couple(date(2026, 11, 30)) == ["1800.00"]
    assert couple(date(2026, 12, 1)) == ["2000.00"]


def test_who_began_last_stands_and_of_two_the_one_imported_last(newer: RulePack) -> None:
    old = shipped("demo")
    early = RulePack(old.folder, old.manifest, old.files, NO_SEAL)  # imported after `newer`, in force before it
    versions = [old, newer, early]
    assert rule_packs.version_on(versions, date(2026, 12, 1)) is newer
    assert rule_packs.version_on(versions, TODAY) is early
    assert rule_packs.version_on(versions, date(2024, 1, 1)) is None


def test_a_version_that_ends_gives_way_to_the_one_before(newer: RulePack) -> None:
    change(newer.folder, "pack.toml", ('status = "current"', 'effective_to = 2027-01-31\nstatus = "current"'))
    versions = [shipped("demo"), pack_in(newer.folder)]
    standing = rule_packs.version_on(versions, date(2027, 2, 1))
    assert standing is versions[0]
    assert date(2027, 2, 1) in book([[shipped("national")], versions]).changes()


def test_a_chain_has_an_end_and_no_circle(copy: Callable[[str, str], Path]) -> None:
    a, b = copy("demo", "a"), copy("demo", "b")
    change(a, "pack.toml", ('extends = "national"', 'extends = "bb"'), ('id = "demo"', 'id = "aa"'))
    change(b, "pack.toml", ('extends = "national"', 'extends = "aa"'), ('id = "demo"', 'id = "bb"'))
    packs = {"aa": [pack_in(a)], "bb": [pack_in(b)]}
    with pytest.raises(DataError, match="aa → bb → aa"):
        chain("aa", lambda wanted: packs.get(wanted, []))
    with pytest.raises(DataError, match="没有这个规则包，“aa”要接在它上面"):
        chain("aa", lambda wanted: packs["aa"] if wanted == "aa" else [])


@pytest.mark.parametrize(("old", "new", "told"), [
    ('id = "demo"', 'id = "Demo City"', "id: “Demo City”不行"),
    ('version = "2026.11"', 'version = ""', "version"),
    ("effective_from = 2025-01-01", 'effective_from = "2025-13-01"', "2026-09-20 这样"),
    ("effective_from = 2025-01-01", "effective_from = 2025-13-01", "写法不对"),
    ("effective_from = 2025-01-01", "effective_from = 2025-01-01\neffective_to = 2024-01-01", "早于开始"),
    ('status = "current"', 'status = "old"', "不能写"),
    ('extends = "national"', 'extends = "demo"', "接在自己上面"),
    ("title = ", "titel = ", "titel"),
])
def test_a_wrong_manifest_is_explained(copy: Callable[[str, str], Path], old: str, new: str, told: str) -> None:
    folder = copy("demo", "demo")
    change(folder, "pack.toml", (old, new))
    with pytest.raises(DataError) as caught:
        read_manifest(folder)
    assert caught.value.sentence.startswith("demo/pack.toml")
    assert told in caught.value.sentence


# ------------------------------------------------------------------ seal


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    publisher_keys.make(tmp_path / "keys" / "中心.key")
    return tmp_path / "keys"


def test_a_seal_tells_who_signed_and_what_was_changed(copy: Callable[[str, str], Path], keys: Path) -> None:
    folder, trusted = copy("demo", ""), PublisherKeys(keys)
    assert check_seal(folder, trusted).state is Sealed.UNSIGNED
    (folder / SEAL).write_text(sealed(folder, PublisherKey(keys / "中心.key")), encoding="utf-8")
    seal = check_seal(folder, trusted)
    assert (seal.state, seal.publisher) == (Sealed.SIGNED, "中心")
    assert seal.good
    (folder / ".DS_Store").write_text("what other systems leave on a stick")
    assert check_seal(folder, trusted) == seal

    assert check_seal(folder, PublisherKeys(keys / "nowhere")).state is Sealed.STRANGER
    change(folder, "city.yaml", ("arrival_days: 5", "arrival_days: 1"))
    (folder / "loans.yaml").unlink()
    (folder / "new.yaml").write_text("x")
    altered = check_seal(folder, trusted)
    assert altered.state is Sealed.ALTERED
    assert "改了 city.yaml、多了 new.yaml、少了 loans.yaml" in altered.sentence


@pytest.mark.parametrize(("old", "new"), [
    ("signature ", "signature A"), ("xiangyin-rules 1", "xiangyin-rules 2"), ("key ", "kee "),
    ("signature ", "signature " + "A" * 86 + "==\nsignature "),
])
def test_a_seal_that_was_tampered_with_is_worth_nothing(copy: Callable[[str, str], Path], keys: Path, old: str,
                                                        new: str) -> None:
    folder = copy("demo", "")
    text = sealed(folder, PublisherKey(keys / "中心.key"))
    (folder / SEAL).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert check_seal(folder, PublisherKeys(keys)).state is Sealed.ALTERED


def test_the_list_alone_does_not_make_a_seal(copy: Callable[[str, str], Path], keys: Path) -> None:
    """Whoever changes a file can write its new sum into the list, but cannot sign the list."""
    folder = copy("demo", "")
    (folder / SEAL).write_text(sealed(folder, PublisherKey(keys / "中心.key")), encoding="utf-8")
    old = check_seal(folder, PublisherKeys(keys))
    change(folder, "city.yaml", ("arrival_days: 5", "arrival_days: 1"))
    signature = re.search("signature .*", (folder / SEAL).read_text(encoding="utf-8"))
    assert signature
    publisher_keys.make(keys / "other" / "x.key")
    forged = sealed(folder, PublisherKey(keys / "other" / "x.key"))
    forged = re.sub("signature .*", signature[0].replace("\\", ""), forged)
    forged = re.sub("key .*", f"key {old.key_id}", forged)
    (folder / SEAL).write_text(forged, encoding="utf-8")
    seal = check_seal(folder, PublisherKeys(keys))
    assert (seal.state, seal.sentence) == (Sealed.ALTERED, "签名对不上，是假的或者坏了。")


def test_a_pack_holds_files_only(copy: Callable[[str, str], Path], keys: Path) -> None:
    folder = copy("demo", "")
    (folder / "more").mkdir()
    with pytest.raises(DataError, match="只能放文件"):
        check_seal(folder, PublisherKeys(keys))
    (folder / "more").rmdir()
    (folder / "secret.yaml").symlink_to(keys / "中心.key")
    with pytest.raises(DataError, match="只能放文件"):
        check_seal(folder, PublisherKeys(keys))


# ------------------------------------------------------------------ differences in plain words


def told(old: RulePack, new: RulePack, today: date = TODAY) -> list[str]:
    before, after = book([[shipped("national")], [old]]), book([[shipped("national")], [old, new]])
    return [one.sentence(today) for one in
            differences(before, after, [*before.changes(), *after.changes()], TITLES)]


def test_a_raised_limit_is_told_as_people_say_it(newer: RulePack) -> None:
    assert told(shipped("demo"), newer) == ["租房上限（已婚） 1,800 → 2,000元，12月1日起"]
    assert told(shipped("demo"), newer, date(2027, 1, 5)) == ["租房上限（已婚） 1,800 → 2,000元，2026年12月1日起"]
    assert told(shipped("demo"), shipped("demo")) == []


def test_what_comes_goes_or_ends_is_told(newer: RulePack) -> None:
    change(newer.folder, "pack.toml", ('status = "current"', 'effective_to = 2026-12-31\nstatus = "current"'))
    change(newer.folder, "city.yaml", ("arrival_days: 5", "arrival_days: 3"))
    change(newer.folder, "withdrawals.yaml", ("      - when: {filed_contract: \"yes\"}\n"
           '        amount: {kind: "actual", basis: "household", per: "month", cap: "2500.00"}\n', ""),
           ('combine: {exclusive_with: ["withdraw.purchase", "withdraw.loan_repayment"]}',
            'keep_balance: {percent: "10"}\n    materials: ["本人身份证"]'))
    lines = told(shipped("demo"), pack_in(newer.folder))
    assert "到账要 5 → 3个工作日，12月1日到12月31日" in lines
    assert "取消租房的一档上限：按备案合同，12月1日到12月31日" in lines
    assert "新增租房后账户里要留余额的：10%，12月1日到12月31日" in lines
    assert any(line.startswith("租房要带的材料 4 项 → 1 项，去掉") for line in lines)
    assert not [line for line in lines if "/" in line], "a path instead of a title"


def test_the_change_of_the_regulation_is_told() -> None:
    rules = book([[shipped("national")], [shipped("demo")]])
    lines = [one.sentence(TODAY) for one in steps(rules, [date(2026, 9, 20)], TITLES)]
    assert "贷款审核 15 → 10天，9月20日起" in lines
    assert "要单位证明 是 → 不是，9月20日起" in lines


def test_an_end_that_is_written_already_is_told_as_coming() -> None:
    rules = book([[shipped("national")], [shipped("shenzhen")]])
    assert [one.sentence(TODAY) for one in steps(rules, [day for day in rules.changes() if day > TODAY], TITLES)] == [
        "租房上限 80 → 65%，2027年11月1日起"]


# ------------------------------------------------------------------ lint


def findings(folder: Path, today: date = TODAY) -> list[Finding]:
    return lint(folder, around, TITLES, today)


@pytest.mark.parametrize("city", CITIES)
def test_what_is_shipped_has_no_fault(city: str) -> None:
    assert [str(one) for one in findings(RULES / city) if one.level == "bad"] == []
    assert [str(one) for one in findings(RULES / city) if one.level == "doubt" and "还不知道" not in one.sentence] == []


def test_all_faults_are_told_at_once(copy: Callable[[str, str], Path]) -> None:
    folder = copy("demo", "")
    change(folder, "city.yaml", ("arrival_days: 5", "arrival_days: x"))
    change(folder, "withdrawals.yaml", ("finish: \"kiosk\"", "finish: no"))
    bad = [str(one) for one in findings(folder) if one.level == "bad"]
    assert any("city.yaml: city.arrival_days" in one for one in bad)
    assert any("withdrawals.withdraw.rent.finish" in one for one in bad)
    assert any("no 没有加引号" in one and "withdrawals.yaml: 第" in one for one in bad)


UNSOURCED = """
pack: {id: "x", version: "1", effective_from: "2027-01-01", source: {title: ""}}
withdrawals: {withdraw.rent: {tiers: [{amount: {kind: "fixed", value: "900.00"}, why: "每月。"}]}}
"""
LATER = UNSOURCED.replace('title: ""', 'title: "新办法", certainty: "invented"')


@pytest.mark.parametrize(("file", "changes", "extra", "level", "told"), [
    ("city.yaml", [('effective_from: "2025-01-01"', 'effective_from: "2025-02-30"')], "", "bad", "日期不对"),
    ("city.yaml", [('effective_from: "2025-01-01"', 'effective_from: "2025-01-01"\n  effective_to: "2024-01-01"')], "",
     "bad", "结束日期早于开始日期"),
    ("city.yaml", [("arrival_days: 5", "arival_days: 5")], "", "bad", "arival_days"),
    ("city.yaml", [("arrival_days: 5", "arrival_days: 5\n  arrival_days: 6")], "", "bad", "写了两次"),
    ("city.yaml", [('name: "样例市"', "name: yes")], "", "bad", "没有加引号"),
    ("city.yaml", [('effective_from: "2025-01-01"', 'effective_from: "2025-01-01"\n  effective_to: "2026-12-31"')], "",
     "bad", "从这一天起没有规定了：city"),
    ("withdrawals.yaml", [('reason: "too_few_months"', 'reason: "too_few"')], "", "bad", "理由“too_few”在 reasons 里没有"),
    ("loans.yaml", [('one_most: "600000"', "one_most: 600000")], "", "bad", "也要加英文双引号"),
    ("loans.yaml", [('one_most: "600000"', 'one_most: "六十万"')], "", "bad", "“六十万”不是数目"),
    ("pack.toml", [("effective_from = 2025-01-01", "effective_from = 2205-01-01")], "", "doubt", "年份没有写错吗"),
    ("pack.toml", [('extends = "national"', 'extends = ""')], "", "bad", "规则不完整"),
    ("pack.toml", [('status = "current"', 'status = "under_revision"')], "", "note", "正在修订"),
    ("", [], UNSOURCED, "bad", "“900.00”没有来源"),
    ("", [], UNSOURCED.replace('title: ""', 'title: "t", certainty: "unknown"'), "doubt", "请中心核对"),
    ("", [], LATER.replace("900.00", "90000.00"), "doubt", "1,200 → 90,000元，2027年1月1日起：相差 10 倍以上"),
    ("", [], LATER.replace('"fixed", value: "900.00"', '"percent_of_deposit", value: "650"'), "doubt", "超过了 100"),
    ("", [], 'pack: {id: "x", version: "1", effective_from: "2025-01-01", source: {title: "t"}}\ncity: {arrival_days: 6}',
     "bad", "同一天生效，不知道听谁的"),
    ("city.yaml", [('effective_from: "2025-01-01"', 'effective_from: "2025-01-01"\n  effective_to: "2026-12-31"')],
     'pack: {id: "x", version: "1", effective_from: "2026-12-31", source: {title: "t"}}\ncity: {name: "样", arrival_days: 6}',
     "bad", "日期重叠"),
    ("", [], 'pack: {id: "x", version: "1", effective_from: "2027-01-01", source: {title: "t"}}\n'
             'reasons: {banned: {reason: "您欠1000元。", todo: "{when}再来。"}}', "doubt", "不要有数目"),
    ("", [], 'pack: {id: "x", version: "1", effective_from: "2027-01-01", source: {title: "t"}}\n'
             'reasons: {banned: {reason: "不行。", todo: "{when}再来。"}}', "bad", "不认识 {when}"),
    ("", [], 'pack: {id: "x", version: "1", effective_from: "2027-01-01", source: {title: "t"}}\n'
             'reasons: {banned: {reason: "' + "很长" * 25 + '。", todo: "再来。"}}', "doubt", "一句最多 40 个"),
])
def test_faults_are_explained(copy: Callable[[str, str], Path], file: str, changes: list[tuple[str, str]], extra: str,
                              level: str, told: str) -> None:
    folder = copy("demo", "")
    if file:
        change(folder, file, *changes)
    if extra:
        (folder / "z.yaml").write_text(extra, encoding="utf-8")
    found = findings(folder)
    hits = [one for one in found if told in one.sentence or told in one.where]
    assert hits, [str(one) for one in found]
    assert hits[0].level == level
    assert re.search("[\u4e00-\u9fff]", hits[0].sentence)
    assert hits[0].where


@pytest.mark.parametrize(("file", "old", "new", "where"), [
    ("withdrawals.yaml", 'reason: "too_few_months"', 'reason: "x"', "demo/withdrawals.yaml: withdrawals.withdraw.rent"),
    ("loans.yaml", 'one_most: "600000"', 'one_most: "x"', "demo/loans.yaml: loan_limits.one_most"),
    ("city.yaml", "arrival_days: 5", 'arrival_days: "5"', "demo/city.yaml: city.arrival_days"),
])
def test_the_file_and_the_place_are_named(copy: Callable[[str, str], Path], file: str, old: str, new: str,
                                          where: str) -> None:
    folder = copy("demo", "")
    change(folder, file, (old, new))
    assert [one.where for one in findings(folder) if one.level == "bad"] == [where]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(copy: Callable[[str, str], Path]) -> None:
    folder = copy("demo", "")
    change(folder, "city.yaml", ("city:", "city: ["))
    change(folder, "withdrawals.yaml", ('finish: "kiosk"', 'finish: "here"'))
    told = {one.where.partition(":")[0] for one in findings(folder) if one.level == "bad"}
    assert {"city.yaml", "demo/withdrawals.yaml"} <= told


def test_files_that_nobody_would_read_are_named(copy: Callable[[str, str], Path]) -> None:
    folder = copy("demo", "")
    (folder / "rent.yml").write_text("x: 1")
    assert any(one.where == "demo/rent.yml" and one.level == "doubt" for one in findings(folder))


def test_no_pack_at_all(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("x: 1")
    assert [one.level for one in findings(tmp_path)] == ["bad"]
