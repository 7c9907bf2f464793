from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.app.commands import COMMANDS, main


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_and_json(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert "--json" in capsys.readouterr().out


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["dance"])
    assert caught.value.code == 2


@pytest.mark.parametrize(("words", "told"), [
    ([], "还要写上：COMMAND"), (["dance"], "不能写“dance”，可以写：run"), (["packs", "dance"], "可以写：build"),
    (["bench", "start", "--runs", "0"], "大于 0"), (["verify"], "还要写上：FILE|CODE"), (["check", "--foo"], "不认识：--foo"),
    (["journal", "verify", "--site"], "--site 后面还要写上内容"),
])
def test_wrong_usage_is_told_in_chinese(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    said = capsys.readouterr().err
    assert (caught.value.code, "Traceback" in said) == (2, False)
    assert told in said
    assert "--help" in said


@pytest.mark.parametrize("words", [
    ["packs", "import", "nothing_here"], ["packs", "lint", "nothing_here"], ["verify", "nothing_here.pdf"],
    ["hear", "nothing_here.wav"], ["rehearse", "nothing_here"], ["papers", "/proc/nothing_here"],
    ["bench", "hearing", "--data", "nothing_here"], ["bench", "understanding", "--data", "nothing_here.tsv"],
    ["packs", "list", "--site", "nothing_here.toml"], ["packs", "list", "--site", "."], ["models", "verify", "nothing_here"],
    ["demo", "card", "nothing_here"], ["journal", "count", "--day", "nothing_here"],
])
def test_what_is_not_there_is_told_in_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str],
                                                   tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(f'state = "{tmp_path}"\n', encoding="utf-8")
    own = [] if "--site" in words or words[0] == "models" else ["--site", str(site)]
    assert main([*words, *own]) == 2
    told = capsys.readouterr()
    said = (told.err or told.out).strip()
    assert len(said.splitlines()) == 1
    assert any("一" <= sign <= "鿿" for sign in said), said


def test_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "kiosk", "--help"], capture_output=True, text=True, check=True)
    assert "rehearse" in done.stdout
