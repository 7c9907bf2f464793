"""Lessons reach a running kiosk between visits, and the commands that teach them."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path

import pytest

from kiosk.adapters.sqlite_unheard import SqliteUnheard
from kiosk.app import compose
from kiosk.app.commands import main
from kiosk.app.hearing import FollowingPacks
from kiosk.app.live_meaning import LiveMeaning
from kiosk.app.meaning import understanding
from kiosk.fund.errors import DataError
from kiosk.language.expected import Expected, Frames
from kiosk.language.packs import Example
from kiosk.language.respell import Lexicon
from kiosk.language.site_pack import write_site
from kiosk.language.understand import Engine
from kiosk.ports.ears import Expectation, Transcript
from kiosk.ports.unheard_store import Unheard

SAYING = "我那个本本上还趴着几个子儿"
LESSON = Example(SAYING, "balance")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return understanding(Path("no such folder"))


def means(live: LiveMeaning | Engine, text: str = SAYING) -> str:
    meaning = live.understand(text, Expectation())
    return meaning.intent if str(meaning.decision) == "accept" else "-"


def live_in(folder: Path, engine: Engine) -> LiveMeaning:
    return LiveMeaning(engine, folder, lambda: understanding(folder))


def test_a_lesson_is_taken_over_when_the_visit_ends(tmp_path: Path, engine: Engine) -> None:
    live = live_in(tmp_path, engine)
    live.serve(somebody=True)
    write_site(tmp_path, "mandarin", [LESSON])
    live.look()
    live.stop()
    assert means(live) != "balance", "not in the middle of a visit"
    live.serve(somebody=False)
    live.stop()
    assert means(live) == "balance"
    assert live.understand_heard(Transcript(SAYING), Expectation()).intent == "balance"


def test_an_idle_kiosk_takes_it_over_without_a_visit_and_loads_only_once(tmp_path: Path, engine: Engine) -> None:
    loads: list[str] = []

    def load() -> Engine:
        loads.append(threading.current_thread().name)
        return understanding(tmp_path)

    live = LiveMeaning(engine, tmp_path, load)
    live.look()
    live.stop()
    assert loads == [], "nothing has changed"
    write_site(tmp_path, "mandarin", [LESSON])
    for _ in range(3):
        live.look()
        live.stop()
    assert loads == ["kiosk-packs"], "beside the main thread"
    assert means(live) == "balance"


def test_who_came_meanwhile_keeps_the_old_one_until_leaving(tmp_path: Path, engine: Engine) -> None:
    made = threading.Event()

    def load() -> Engine:
        made.wait(10)
        return understanding(tmp_path)

    live = LiveMeaning(engine, tmp_path, load)
    write_site(tmp_path, "mandarin", [LESSON])
    live.look()
    live.serve(somebody=True)
    made.set()
    live.stop()
    assert means(live) != "balance"
    live.serve(somebody=False)
    assert means(live) == "balance"


@pytest.mark.unexpected_log
def test_a_broken_file_leaves_the_old_one(tmp_path: Path, engine: Engine) -> None:
    def load() -> Engine:
        raise DataError("x", "broken")

    live = LiveMeaning(engine, tmp_path, load)
    write_site(tmp_path, "mandarin", [LESSON])
    live.look()
    live.stop()
    assert live.engine is engine


@pytest.mark.unexpected_log
def test_a_broken_file_of_the_hall_does_not_stop_the_kiosk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(tmp_path, "mandarin", [Example("看看", "balanse")])
    assert means(understanding(tmp_path), "查余额") == "balance"
    assert "balanse" in capsys.readouterr().err


def test_the_vocabularies_follow(tmp_path: Path, engine: Engine) -> None:
    live = live_in(tmp_path, engine)
    words = Lexicon({c for c in SAYING})
    source = FollowingPacks(live, lambda packs: Expected({"mandarin": packs["mandarin"]}, Frames(), words))
    before = source.vocabulary(Expectation(), "mandarin")
    assert source.vocabulary(Expectation(), "mandarin") is before
    write_site(tmp_path, "mandarin", [LESSON])
    live.look()
    live.stop()
    after = source.vocabulary(Expectation(), "mandarin")
    line = " ".join(SAYING)
    assert line in after.phrases
    assert line not in before.phrases


# ------------------------------------------------------------------ commands


@pytest.fixture
def site(tmp_path: Path) -> str:
    file = tmp_path / "site.toml"
    file.write_text(f'state = "{tmp_path}/state"\n[learning]\nkeep = true\n', encoding="utf-8")
    return str(file)


def kiosk(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["packs", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_from_unheard_to_learnt_and_back(site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = kiosk(capsys, "unheard", "--site", site)
    assert (code, told["clusters"]) == (0, [])
    store = SqliteUnheard(tmp_path / "state" / compose.UNHEARD)
    for text in (SAYING, SAYING, SAYING.replace("子儿", "籽儿")):
        store.keep(Unheard(date.today(), text, offered=("progress",), decision="ask"))
    store.close()
    _, told = kiosk(capsys, "unheard", "--site", site)
    cluster, = told["clusters"]  # type: ignore[misc]
    assert (cluster["text"], cluster["count"], cluster["offered"]) == (SAYING, 3, {"progress": 3})  # type: ignore[index]

    code, told = kiosk(capsys, "learn", SAYING + "。", "--as", "balance", "--dialect", "xinan_guizhou", "--site", site)
    assert (code, told["sentence"]) == (0, SAYING)
    assert means(understanding(tmp_path / "state/packs")) == "balance"
    assert SAYING in (tmp_path / "state/packs/xinan_guizhou/corpus.tsv").read_text(encoding="utf-8")
    code, told = kiosk(capsys, "learn", SAYING, "--as", "staff", "--site", site)
    assert code == 1
    assert "balance" in str(told["error"])
    assert kiosk(capsys, "forget", SAYING, "--site", site)[0] == 0
    assert kiosk(capsys, "forget", SAYING, "--site", site)[0] == 1
    assert means(understanding(tmp_path / "state/packs")) != "balance"


def test_a_refused_sentence_changes_nothing(site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["packs", "learn", "再说一遍", "--as", "cancel", "--site", site]) == 1
    assert "没有学" in capsys.readouterr().err
    assert not (tmp_path / "state/packs").exists()
    assert main(["packs", "learn", "再说一遍", "--site", site]) == 2
    assert "--as" in capsys.readouterr().err
