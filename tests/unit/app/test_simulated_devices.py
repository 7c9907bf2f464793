from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.simulated_devices import DemoSocket, SimulatedIdReader, SimulatedStaffCall, SimulationError, wish
from kiosk.fund.errors import WorldError
from kiosk.ports.devices import IdCard, Key, StaffState


def test_simulated_devices_refuse_production(tmp_path: Path) -> None:
    reader, staff = SimulatedIdReader(production=False), SimulatedStaffCall(production=False)
    for make in (lambda: SimulatedIdReader(production=True), lambda: SimulatedStaffCall(production=True),
                 lambda: DemoSocket(tmp_path / "s", reader, staff, print, print, production=True)):
        with pytest.raises(SimulationError):
            make()


def test_a_card_is_read_and_taken() -> None:
    reader = SimulatedIdReader(production=False)
    happened: list[object] = []
    reader.start(happened.append, lambda: happened.append("taken"), happened.append)
    reader.insert(IdCard("王样例", "1"))
    reader.remove()
    reader.remove()
    assert happened == [IdCard("王样例", "1"), "taken"]


def test_wishes_through_the_socket(tmp_path: Path) -> None:
    reader, staff = SimulatedIdReader(production=False), SimulatedStaffCall(production=False)
    happened: list[object] = []
    reader.start(happened.append, lambda: happened.append("taken"), happened.append)
    staff.call("help", happened.append)
    socket = DemoSocket(tmp_path / "demo.sock", reader, staff, happened.append, happened.append,
                        on_centre=happened.append, production=False)
    socket.start()
    try:
        assert wish(tmp_path / "demo.sock", card={"name": "王样例", "number": "1"})["ok"]
        assert wish(tmp_path / "demo.sock", key="down")["ok"]
        assert wish(tmp_path / "demo.sock", headphones=True)["ok"]
        assert wish(tmp_path / "demo.sock", staff="coming")["ok"]
        assert wish(tmp_path / "demo.sock", centre={"slow": 3})["ok"]
        assert not wish(tmp_path / "demo.sock", centre=7)["ok"]
        assert not wish(tmp_path / "demo.sock", key="sideways")["ok"]
    finally:
        socket.stop()
    assert happened == [StaffState.CALLED, IdCard("王样例", "1"), Key.DOWN, True, StaffState.COMING, {"slow": 3}]


def test_no_kiosk_is_running(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        wish(tmp_path / "none.sock", key="up")
    assert "没有正在运行" in caught.value.sentence
