from __future__ import annotations

from pathlib import Path

from kiosk.adapters.headphones import _EVENT, EV_SW, EVIOCGSW, SW_HEADPHONE_INSERT, HeadphoneSocket, _changes


def test_changes_are_read_from_input_events() -> None:
    data = b"".join(_EVENT.pack(0, 0, kind, code, value) for kind, code, value in
                    [(EV_SW, SW_HEADPHONE_INSERT, 1), (0, 0, 0), (1, 30, 1), (EV_SW, SW_HEADPHONE_INSERT, 0)])
    assert _changes(data) == [True, False]
    assert _changes(data[:-3]) == [True], "half an event is not read"


def test_request_number_is_the_kernels() -> None:
    assert EVIOCGSW == 0x8008451B


def test_no_switch_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "event0").write_bytes(b"")
    socket = HeadphoneSocket(tmp_path)
    assert not socket.start(lambda plugged: None)
    socket.stop()
