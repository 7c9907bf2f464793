"""The real reader on drawn samples, and the camera adapter on files of moving pictures. Needs the extra `precheck`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.adapters import ocr_reader
from kiosk.adapters.ocr_reader import OcrReader
from kiosk.adapters.uvc_scanner import UvcScanner, cameras
from kiosk.ports.scanner import Page, PageReaderError, ScannerError, ScannerState, Sight

if lacking := ocr_reader.missing():
    pytest.skip(f"the extra precheck is not installed here ({lacking})", allow_module_level=True)

import cv2
import numpy as np

from kiosk.app import bench_precheck
from kiosk.app import precheck_samples as samples

WHO = next(samples.people(1))

# ------------------------------------------------------------------ reading


@pytest.fixture(scope="module")
def reader() -> Iterator[OcrReader]:
    reader = OcrReader()
    yield reader
    reader.stop()


@pytest.mark.parametrize(("kind", "condition"), [
    ("identity_front", "upside_down"), ("identity_back", "perspective"), ("bank_card", "shadow"), ("marriage", "turned_90")])
def test_samples_are_read(reader: OcrReader, kind: str, condition: str) -> None:
    """A few of what `kiosk bench precheck` measures in all ways: every field right."""
    report = bench_precheck.Report()
    text = reader.read(Page(samples.as_file(samples.CONDITIONS[condition](samples.PAPERS[kind](WHO), 1))))
    bench_precheck.score(report, bench_precheck.documents(), text, kind, condition, WHO)
    assert (report.kinds.right, report.kinds.all) == (1, 1)
    assert {name: (one.wrong, one.lost) for name, one in report.by_field.items() if one.right != one.all} == {}
    assert report.by_field


@pytest.mark.parametrize("name", ["too_dark", "too_blurred", "empty_table"])
def test_pictures_that_cannot_be_read_are_told_apart(reader: OcrReader, name: str) -> None:
    photo, sight = samples.HOPELESS[name](samples.identity_front(WHO))
    assert reader.read(Page(samples.as_file(photo))).sight is Sight(sight)


def test_no_picture_at_all_ends_the_child_and_the_next_one_is_read(reader: OcrReader) -> None:
    with pytest.raises(PageReaderError):
        reader.read(Page(b"this is no picture"))
    assert reader.child_id is None
    assert reader.read(Page(samples.as_file(samples.bank_card(WHO)))).sight is Sight.CLEAR


def test_the_child_is_gone_after_stop_and_killed_when_it_hangs() -> None:
    reader = OcrReader(starting=0.0)
    reader.start()
    process = reader.child_id
    assert process
    with pytest.raises(PageReaderError):
        reader.read(Page(b""))  # no patience at all: as if it hung
    assert not Path(f"/proc/{process}").exists()
    reader.start()
    process = reader.child_id
    reader.stop()
    assert not Path(f"/proc/{process}").exists()


def test_the_child_has_no_network() -> None:
    from kiosk.adapters import ocr_child

    with pytest.raises(OSError, match="no network"):
        ocr_child._no_network()


def test_nothing_heavy_is_imported_with_the_adapters() -> None:
    import subprocess
    import sys

    code = ("import sys, kiosk.adapters.ocr_reader as r, kiosk.adapters.uvc_scanner, kiosk.app.compose; r.missing(); "
            "print([name for name in ('cv2', 'rapidocr', 'PIL') if name in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


# ------------------------------------------------------------------ the camera


def film(path: Path, frames: list[Any]) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (640, 480))
    for frame in frames:
        writer.write(cv2.resize(frame, (640, 480)))
    writer.release()


@pytest.fixture
def camera(tmp_path: Path) -> tuple[Path, Path]:
    """Folders like /sys/class/video4linux and /dev, with a camera, its second node without pictures, and another camera."""
    listed, devices = tmp_path / "sys", tmp_path / "dev"
    devices.mkdir()
    for node, name, index in (("video0.avi", "HD Webcam", "0"), ("video1.avi", "HD Webcam", "1"), ("video2.avi", "DocCam 样例", "0")):
        (listed / node).mkdir(parents=True)
        (listed / node / "name").write_text(name + "\n", encoding="utf-8")
        (listed / node / "index").write_text(index + "\n", encoding="utf-8")
    return listed, devices


def test_cameras_are_found_by_name(camera: tuple[Path, Path]) -> None:
    listed, devices = camera
    assert cameras(listed) == [("video0.avi", "HD Webcam"), ("video2.avi", "DocCam 样例")]
    scanner = UvcScanner("DocCam", listed=listed, devices=devices)
    assert scanner.state() is ScannerState.NO_DEVICE, "listed, but unplugged"
    (devices / "video2.avi").touch()
    assert scanner.state() is ScannerState.READY
    assert UvcScanner("", listed=listed, devices=devices).state() is ScannerState.READY, "the first that is there"
    assert UvcScanner("Other", listed=listed, devices=devices).state() is ScannerState.NO_DEVICE
    with pytest.raises(ScannerError) as fault:
        UvcScanner("Other", listed=listed, devices=devices).take()
    assert fault.value.state is ScannerState.NO_DEVICE


def test_the_sharpest_of_several_frames_is_taken_once_it_is_in_focus(camera: tuple[Path, Path]) -> None:
    listed, devices = camera
    sharp = samples.CONDITIONS["straight"](samples.identity_front(WHO), 1)
    film(devices / "video2.avi", [samples.blurred(sharp, sigma) for sigma in (20, 14, 9, 5, 2)] + [sharp] * 4
         + [samples.blurred(sharp, 3.0)] * 3)
    picture = UvcScanner("DocCam", listed=listed, devices=devices, settling=5.0).take().picture
    got = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert got.shape == (480, 640, 3)

    def sharpness(frame: Any) -> float:
        return float(cv2.Laplacian(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())

    assert sharpness(got) > 0.8 * sharpness(cv2.resize(sharp, (640, 480)))


@pytest.mark.parametrize(("content", "state"), [(b"no pictures in here", ScannerState.BUSY)])
def test_a_camera_that_cannot_be_opened(camera: tuple[Path, Path], content: bytes, state: ScannerState) -> None:
    listed, devices = camera
    (devices / "video2.avi").write_bytes(content)
    with pytest.raises(ScannerError) as fault:
        UvcScanner("DocCam", listed=listed, devices=devices).take()
    assert fault.value.state is state


def test_a_camera_that_hangs_is_given_up(camera: tuple[Path, Path]) -> None:
    listed, devices = camera
    os.mkfifo(devices / "video2.avi")  # opening it waits for ever
    started = time.monotonic()
    with pytest.raises(ScannerError) as fault:
        UvcScanner("DocCam", listed=listed, devices=devices, patience=1.0).take()
    assert fault.value.state is ScannerState.TIMED_OUT
    assert time.monotonic() - started < 60
