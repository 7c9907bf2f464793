from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.app import settings
from kiosk.fund.errors import DataError


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_site_file_it_is_a_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIOSK_SITE", raising=False)
    site = settings.load(None)
    assert not site.production
    assert site.centre.kind == "demo"


def test_site_file_is_read(tmp_path: Path) -> None:
    site = settings.load(write(tmp_path, '[machine]\nnumber = "0042"\n[sound]\nvolume = 0.4\n'))
    assert site.machine.number == "0042"
    assert site.sound.volume == 0.4
    assert site.machine.hotline == "12329", "what is not named keeps its default"


@pytest.mark.parametrize(("text", "where", "says"), [
    ('production = true\n', "kind", "正式运行"),
    ('[paper]\nkind = "cups"\n', "paper.queue", "打印队列"),
    ('[paper]\nkind = "fax"\n', "paper.kind", "folder"),
    ('[scanner]\nkind = "webcam"\n', "scanner.kind", "uvc"),
    ('production = true\n[paper]\nkind = "cups"\nqueue = "q"\n[reader]\nkind = "none"\n[scanner]\nkind = "folder"\n', "kind", "正式运行"),
    ('[machine]\nnumbr = "1"\n', "site.toml", "numbr"),
    ('[sound]\nvolume = "loud"\n', "site.toml", "volume"),
    ('[machine\n', "site.toml: 第 1 行", "方括号没有成对"),
    ('statte = "var"\n', "site.toml", "是不是“state”"),
    ('[screen]\ntheme = "pink"\n', "screen.theme", "paper"),
    ('[dialects]\nlocal = ["klingon"]\n', "dialects.local", "xinan_guizhou"),
    ('[sound]\nvolume = 60\n', "sound.volume", "最多 1"),
])
def test_mistakes_are_explained_with_file_and_place(tmp_path: Path, text: str, where: str, says: str) -> None:
    with pytest.raises(DataError) as caught:
        settings.load(write(tmp_path, text))
    assert where in caught.value.sentence
    assert says in caught.value.sentence


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="找不到"):
        settings.load(tmp_path / "none.toml")


@pytest.mark.parametrize(("text", "kind"), [('', "folder"), ('[scanner]\nkind = "none"\n', "none"), ('[scanner]\nkind = "uvc"\n', "uvc")])
def test_a_camera_for_papers_is_simulated_in_the_demonstration_alone(tmp_path: Path, text: str, kind: str) -> None:
    assert settings.load(write(tmp_path, text)).scanner_kind == kind
    assert settings.Site(production=True).scanner_kind == "none"
