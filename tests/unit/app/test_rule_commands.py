"""From a file on a stick to rules in force, and back: commands, journal, and a kiosk that goes on running."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk import places
from kiosk.adapters import rule_shelf
from kiosk.adapters.publisher_keys import PublisherKey
from kiosk.adapters.sqlite_journal import SqliteJournal
from kiosk.app import compose
from kiosk.app.commands import main
from kiosk.app.live_rules import LiveRules
from kiosk.app.settings import Centre, Site
from kiosk.fund.errors import DataError
from kiosk.fund.rule_packs_seal import sealed
from kiosk.fund.rules import Book, RuleBook

RULES = places.ASSETS / "rules"
LATER = date.today() + timedelta(days=30)
OLD, NEW = "1800.00", "2000.00"


class Hall:
    """A terminal of the demonstration city, a publisher with a key, and a stick."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state, self.stick, self.office = folder / "state", folder / "stick", folder / "office"
        for place in (self.state, self.stick, self.office):
            place.mkdir()
        self._capsys = capsys
        self.site_file = folder / "site.toml"
        self.site = self._written(production=False)
        self.key = self.office / "样例中心.key"
        assert self.packs("key", str(self.key))[0] == 0

    def _written(self, *, production: bool) -> Site:
        self.site_file.write_text(f'state = "{self.state}"\n[centre]\ncity = "demo"\n', encoding="utf-8")
        return Site(production=production, state=str(self.state), centre=Centre(kind="demo", city="demo"))

    def packs(self, *words: str) -> tuple[int, str]:
        """Exit code and what was printed."""
        code = main(["packs", *words, "--site", str(self.site_file)])
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def trust(self) -> None:
        (self.state / "keys" / "publishers").mkdir(parents=True, exist_ok=True)
        shutil.copy(self.key.with_suffix(".pub"), self.state / "keys" / "publishers")

    def update(self, name: str = "demo", *, start: date = LATER, version: str = "2026.12", cap: str = NEW,
               sign: bool = True) -> Path:
        """The sample update: couples may take 2,000 instead of 1,800 a month."""
        folder = Path(shutil.copytree(RULES / "demo", self.stick / name))
        edit(folder / "pack.toml", ('version = "2026.11"', f'version = "{version}"'),
             ("effective_from = 2025-01-01", f"effective_from = {start}"))
        edit(folder / "withdrawals.yaml", (f'value: "{OLD}"', f'value: "{cap}"'))
        if sign:
            assert self.packs("sign", str(folder), "--key", str(self.key))[0] == 0
        return folder

    def book(self) -> RuleBook:
        return compose.rule_book(self.site)

    def recorded(self) -> list[str]:
        journal = SqliteJournal(self.state / "journal.sqlite")
        try:
            assert journal.verify().good
            return list(journal.counts().items() and [f"{k}={v}" for k, v in journal.counts().items()])
        finally:
            journal.close()


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def couple(book: Book, day: date) -> str:
    return next(tier.amount.value for tier in book.on(day).withdrawals["withdraw.rent"].tiers
                if tier.when == {"married": "yes"})


@pytest.fixture
def hall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Hall:
    return Hall(tmp_path, capsys)


def test_signed_update_from_stick_to_its_day_and_back(hall: Hall) -> None:
    hall.trust()
    hall.update()
    before = tree(RULES)
    code, told = hall.packs("diff", str(hall.stick))
    assert code == 0
    assert "租房上限（已婚） 1,800 → 2,000元" in told
    assert couple(hall.book(), LATER) == OLD, "looking is not importing"

    code, told = hall.packs("import", str(hall.stick))
    assert code == 0, told
    assert "样例中心签名，没有改动过" in told
    assert "租房上限（已婚） 1,800 → 2,000元" in told
    shutil.rmtree(hall.stick)
    book = hall.book()
    assert (couple(book, LATER - timedelta(days=1)), couple(book, LATER)) == (OLD, NEW)
    assert hall.recorded() == ["rules.imported=1"]
    assert tree(RULES) == before, "what came with the program is never edited"

    code, told = hall.packs("list")
    assert "● demo 2026.11" in told
    assert f"○ demo 2026.12  样例市住房公积金规定（演示，虚构）  {LATER} 起生效" in told
    assert "租房上限（已婚） 1,800 → 2,000元" in told.partition("接下来")[2]

    code, told = hall.packs("rollback")
    assert code == 0
    assert "2,000 → 1,800元" in told
    assert couple(hall.book(), LATER) == OLD
    assert hall.recorded() == ["rules.imported=1", "rules.rolled_back=1"]
    assert "× demo 2026.12  撤回了" in hall.packs("list")[1]
    assert hall.packs("rollback")[0] == 1, "there is nothing left to take back"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_taken_back_can_be_imported_again_and_twice_is_once(hall: Hall) -> None:
    hall.trust()
    folder = str(hall.update())
    for words in (("import", folder), ("rollback", "demo"), ("import", folder)):
        assert hall.packs(*words)[0] == 0
    assert couple(hall.book(), LATER) == NEW
    code, told = hall.packs("import", folder)
    assert code == 0
    assert "已经装着了" in told
    assert hall.recorded() == ["rules.imported=2", "rules.rolled_back=1"]


def test_one_version_is_one_content(hall: Hall) -> None:
    hall.trust()
    assert hall.packs("import", str(hall.update()))[0] == 0
    code, told = hall.packs("import", str(hall.update("again", cap="1900.00")))
    assert code == 1
    assert "要换一个版本号" in told
    assert couple(hall.book(), LATER) == NEW


def test_a_zip_with_or_without_its_folder(hall: Hall) -> None:
    hall.trust()
    folder = hall.update(start=date.today())
    flat, deep, wrong = (hall.stick / name for name in ("flat.zip", "deep.zip", "wrong.zip"))
    with zipfile.ZipFile(flat, "w") as one, zipfile.ZipFile(deep, "w") as two, zipfile.ZipFile(wrong, "w") as three:
        for path in folder.iterdir():
            one.write(path, path.name)
            two.write(path, f"guide/{path.name}")
            three.write(path, f"../{path.name}")
    shutil.rmtree(folder)
    code, told = hall.packs("import", str(hall.stick))
    assert code == 2
    assert "有 3 个规则包" in told
    assert hall.packs("import", str(wrong))[0] == 2
    assert hall.packs("import", str(deep))[0] == 0
    assert "已经装着了" in hall.packs("import", str(flat))[1]
    assert couple(hall.book(), date.today()) == NEW
    flat.write_bytes(flat.read_bytes()[:300])
    assert "坏了" in hall.packs("lint", str(flat))[1] or "不是规则包" in hall.packs("lint", str(flat))[1]


@pytest.mark.unexpected_log
def test_the_demonstration_takes_unsigned_packs_aloud(hall: Hall) -> None:
    code, told = hall.packs("import", str(hall.update(sign=False)))
    assert code == 0
    assert "△ 签名：没有签名。演示可以用，正式运行会拒绝。" in told
    code, told = hall.packs("import", str(hall.update("signed", version="2026.13")))
    assert code == 0
    assert "不在本机认可的发布单位里" in told


def test_production_takes_what_is_signed_by_whom_it_trusts(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(production=True, state=str(hall.state), centre=Centre(kind="demo", city="demo"))
    monkeypatch.setattr("kiosk.app.settings.load", lambda _: site)
    national, city = (Path(shutil.copytree(RULES / name, hall.office / name)) for name in ("national", "demo"))
    with pytest.raises(DataError, match="正式运行只用签过名的规则包"):
        compose.rule_book(site)

    code, told = hall.packs("import", str(national), "--yes")
    assert code == 1
    assert "正式运行不用这个规则包：没有签名" in told
    for folder in (national, city):
        assert hall.packs("sign", str(folder), "--key", str(hall.key))[0] == 0
    code, told = hall.packs("import", str(city), "--yes")
    assert code == 1
    assert "不在本机认可的发布单位里" in told
    hall.trust()
    for folder in (national, city):
        code, told = hall.packs("import", str(folder), "--yes")
        assert code == 0, told
    book = compose.rule_book(site)
    assert couple(book, date.today()) == OLD

    edit(next(hall.state.glob("rules/demo/*/withdrawals.yaml")), (f'value: "{OLD}"', 'value: "18000.00"'))
    with pytest.raises(DataError, match=r"签名以后被改动过：改了 withdrawals\.yaml"):
        compose.rule_book(site)
    tampered = hall.update(start=date.today())
    edit(tampered / "withdrawals.yaml", (f'value: "{NEW}"', 'value: "2001.00"'))
    code, told = hall.packs("import", str(tampered))
    assert code in (1, 2)
    assert "被改动过" in told


@pytest.mark.unexpected_log
def test_what_was_altered_after_the_import_is_noticed_without_a_signature_too(hall: Hall,
                                                                             caplog: pytest.LogCaptureFixture) -> None:
    assert hall.packs("import", str(hall.update(sign=False)))[0] == 0
    edit(next(hall.state.glob("rules/demo/*/city.yaml")), ("arrival_days: 5", "arrival_days: 1"))
    assert "装上以后被改动过" in hall.packs("list")[1]


def test_faults_and_doubts_stop_an_import(hall: Hall) -> None:
    hall.trust()
    wrong = hall.update(sign=False)
    edit(wrong / "withdrawals.yaml", ('reason: "too_few_months"', 'reason: "too_few"'))
    code, told = hall.packs("sign", str(wrong), "--key", str(hall.key))
    assert code == 1
    assert "没有签" in told
    (wrong / "pack.sig").write_text(sealed(wrong, PublisherKey(hall.key)), encoding="utf-8")
    code, told = hall.packs("import", str(wrong))
    assert code == 1
    assert "too_few" in told
    assert "没有装" in told

    doubtful = str(hall.update("doubtful", cap="20000.00"))
    code, told = hall.packs("import", doubtful)
    assert code == 1
    assert "1,800 → 20,000元" in told
    assert "--yes" in told
    assert hall.packs("import", doubtful, "--yes")[0] == 0
    assert couple(hall.book(), LATER) == "20000.00"


def test_another_city_stays_outside(hall: Hall) -> None:
    code, told = hall.packs("import", str(RULES / "shenzhen"))
    assert code == 2
    assert "这台机器用的是 national 和 demo" in told


def test_for_programs_everything_is_json(hall: Hall) -> None:
    hall.trust()
    folder = str(hall.update())
    for words in (("lint", folder), ("diff", folder), ("import", folder), ("list",), ("rollback",)):
        code, told = hall.packs(*words, "--json")
        assert code == 0
        answer = json.loads(told)
        assert answer["ok"]
        if words[0] == "diff":
            assert [(one["old"], one["new"], one["from"]) for one in answer["changes"]] == [
                ("1,800", "2,000元", LATER.isoformat())]
        if words[0] == "list":
            assert [(one["id"], one["version"], one["in_force"]) for one in answer["packs"]] == [
                ("national", "2026.11", True), ("demo", "2026.11", True), ("demo", "2026.12", False)]


def test_keys_are_not_written_over(hall: Hall) -> None:
    code, told = hall.packs("key", str(hall.key))
    assert code == 2
    assert "不覆盖" in told
    assert hall.packs("sign", str(RULES / "demo"))[0] == 2
    assert hall.packs("sign", str(RULES / "demo"), "--key", str(hall.office / "no.key"))[0] == 2


# ------------------------------------------------------------------ power cuts


class PowerCutError(Exception):
    pass


@pytest.mark.parametrize("moment", ["rename", "replace"])
def test_a_power_cut_leaves_the_old_or_the_new(hall: Hall, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.trust()
    folder = str(hall.update())

    def cut(*_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(rule_shelf.os, moment, cut)
        with pytest.raises(PowerCutError):
            hall.packs("import", folder)
    assert couple(hall.book(), LATER) == OLD
    assert hall.packs("import", folder)[0] == 0
    assert couple(hall.book(), LATER) == NEW
    assert hall.recorded() == ["rules.imported=1", "rules.interrupted=1"]


def test_a_cut_after_the_change_is_recorded_as_done(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.trust()
    folder = str(hall.update())

    def cut(*_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(SqliteJournal, "conclude", cut)
        with pytest.raises(PowerCutError):
            hall.packs("import", folder)
    assert couple(hall.book(), LATER) == NEW
    assert hall.packs("rollback")[0] == 0
    assert hall.recorded() == ["rules.imported=1", "rules.rolled_back=1"]


# ------------------------------------------------------------------ a kiosk that is running


def live(hall: Hall) -> LiveRules:
    return LiveRules(hall.book, compose.rule_shelf(hall.site).stamp)


def test_a_running_kiosk_takes_it_over_between_visits(hall: Hall) -> None:
    hall.trust()
    folder = str(hall.update(start=date.today()))
    rules, today = live(hall), date.today()
    rules.serve(somebody=True)
    assert hall.packs("import", folder)[0] == 0
    rules.look()
    rules.stop()
    assert couple(rules, today) == OLD, "not in the middle of a visit"
    rules.serve(somebody=False)
    rules.stop()
    assert couple(rules, today) == NEW
    assert hall.packs("rollback")[0] == 0
    rules.look()
    rules.stop()
    assert couple(rules, today) == OLD


def test_a_day_that_comes_needs_no_taking_over(hall: Hall) -> None:
    hall.trust()
    assert hall.packs("import", str(hall.update()))[0] == 0
    rules = live(hall)
    assert (couple(rules, LATER - timedelta(days=1)), couple(rules, LATER)) == (OLD, NEW)


@pytest.mark.unexpected_log
def test_what_cannot_be_read_leaves_the_kiosk_as_it_was(hall: Hall) -> None:
    hall.trust()
    rules = live(hall)
    assert hall.packs("import", str(hall.update(start=date.today())))[0] == 0
    next(hall.state.glob("rules/demo/*/city.yaml")).write_text("city: [")
    rules.look()
    rules.stop()
    assert couple(rules, date.today()) == OLD
