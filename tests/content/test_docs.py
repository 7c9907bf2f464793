"""README and docs: every command parses, every link leads somewhere, every figure has its command."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import re
import shlex
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app import doc_figures
from kiosk.app.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
#: Where things lie on any terminal; every other absolute path is one machine's own. Addresses lead to files here and to the hall.
_ANYWHERE = ("/etc/", "/media/", "/opt/xiangyin", "/var/lib/xiangyin")
_PATH = re.compile(r"(?<![\w.~:/)\]}>*<-])/[a-z]+/[\w./-]*")
_HOST = re.compile(r"https?://([\w.-]+)")
_IN_THE_HALL = re.compile(r"192\.168\.[\d.]+")
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_FENCE = re.compile(r"```(?P<kind>\w*)\n(?P<body>.*?)```", re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> Iterator[str]:
    """Command lines: of shell blocks and blocks without a language, and of code in the text."""
    text = path.read_text(encoding="utf-8")
    for block in _FENCE.finditer(text):
        if block["kind"] in ("", "sh", "bash"):
            yield from (line.removeprefix("$ ") for line in block["body"].splitlines())
    yield from _INLINE.findall(_FENCE.sub("", text))


def _commands(path: Path) -> Iterator[list[str]]:
    """Words of each `kiosk …` line, without what follows it."""
    for line in _lines(path):
        words = line.strip()
        found = re.match(r"(?:\.venv/bin/)?kiosk\s+(?P<words>[^|;>]*(?:\|[^\s|]+[^|;>]*)*)", words)
        if found and not found["words"].startswith("…"):
            yield shlex.split(found["words"], comments=True)


CASES = [pytest.param(words, id=f"{_name(path)}: kiosk {' '.join(words)}") for path in DOCUMENTS for words in _commands(path)]


def test_the_documents_hold_commands() -> None:
    assert len(CASES) > 40


@pytest.mark.parametrize("words", CASES)
def test_every_command_parses(words: list[str]) -> None:
    command, *rest = words
    assert command in COMMANDS, f"there is no command {command}"
    if not rest:  # only its name
        return
    parser = argparse.ArgumentParser(prog=f"kiosk {command}")
    parser.add_argument("--json", action="store_true")
    importlib.import_module(COMMANDS[command][0]).add_arguments(parser)
    parser.parse_args(rest)


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_module_that_is_run_exists(path: Path) -> None:
    modules = re.findall(r"python -m (kiosk[\w.]*)", path.read_text(encoding="utf-8"))
    assert [module for module in modules if importlib.util.find_spec(module) is None] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = [link or image for link, image in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))]
    local = [urllib.parse.unquote(link) for link in links if "://" not in link]
    lost = []
    for link in local:
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            lost.append(link)
    assert lost == []


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_nothing_of_one_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [place for place in _PATH.findall(text) if not place.startswith(_ANYWHERE)] == []
    assert [host for host in _HOST.findall(text) if not _IN_THE_HALL.fullmatch(host)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_figures_stand_below_the_command_that_printed_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wanted = doc_figures.commands(text)
    assert len(wanted) == text.count("<!-- run: "), "a mark without a block behind it"
    for words in wanted:
        printed = text.partition(f"<!-- run: kiosk {words} -->\n")[2]
        assert printed.startswith(f"```\n$ kiosk {words} "), f"print it: python -m kiosk.app.doc_figures {_name(path)}"


def test_pictures_are_small_and_all_used() -> None:
    pictures = sorted((ROOT / "docs" / "screens").glob("*.png"))
    assert sum(picture.stat().st_size for picture in pictures) < 2_000_000
    told = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert [picture.name for picture in pictures if f"screens/{picture.name}" not in told] == []


def test_only_marked_blocks_are_printed_again() -> None:
    text = "a\n<!-- run: kiosk bench start -->\n```\nold\n```\nb\n```\nold\n```\n<!-- run: kiosk bench voices -->\n```\n```\n"
    assert doc_figures.commands(text) == ["bench start", "bench voices"]
    again = doc_figures.renewed(text, "bench start", "new\n")
    assert "```\n$ kiosk bench start  " in again
    assert again.count("new") == 1
    assert again.count("old") == 1, "a block without a mark stays"


def test_what_a_command_prints_is_taken_even_when_its_answer_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter((1, 2))
    monkeypatch.setattr(doc_figures.subprocess, "run",
                        lambda words, **options: argparse.Namespace(returncode=next(codes), stdout=f"{words[-1]} printed\n"))
    assert doc_figures.printed_by("bench start") == "start printed\n"
    with pytest.raises(doc_figures.subprocess.CalledProcessError):
        doc_figures.printed_by("bench start")
