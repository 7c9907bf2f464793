"""A whole visit by voice alone, from the first word to the paper: through a virtual microphone and loudspeaker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.adapters.paper_reader import read_qr
from kiosk.fund.certificate import read_qr as read_certificate
from tests.e2e.conftest import Speak, Transcribe, digit_runs, error_rate
from tests.e2e.recording import recorded
from tests.e2e.street import Look, running

#: A small recogniser mishears a clear voice now and then; other words than the captions' it would not make of it.
MISHEARD = 0.2


def shows(*screens: str, choice: str = "") -> Callable[[Look], bool]:
    def seen(look: Look) -> bool:
        return look["screen"] in screens and (not choice or choice in [one["id"] for one in look["choices"]])

    return seen


@pytest.mark.slow
def test_a_spoken_visit(tmp_path: Path, speak: Speak, transcribe: Transcribe) -> None:
    with running(tmp_path) as visit:
        visit.until(lambda look: look["hears"], "a kiosk that hears")
        with recorded(visit.pulse, tmp_path / "kiosk.wav") as spoken:
            times = [visit.say(speak("我想打一张缴存证明"), shows("identify"))]
            visit.until_screen("identify", resting=True)
            visit.card("h01")
            times += [visit.say(speak("对，打印出来"), shows("choices", choice="not_out")),
                      visit.say(speak("出来了"), shows("done"))]
            certificate, = visit.papers

            times += [visit.say(speak("我退休了，想把公积金取出来"), shows("facts", choice="all")),
                      visit.say(speak("对，都取出来"), shows("facts", choice="transfer"))]
            assert visit.orders() == [], "nothing is booked before the yes"
            times += [visit.say(speak("对，没错"), shows("choices", choice="not_out")),
                      visit.say(speak("出来了"), shows("done"))]
            visit.say(speak("没有了，谢谢"), lambda look: "goodbye" in look["place"])
            visit.until(lambda look: look["resting"], "the last word")
            said = visit.said
            visit.take_card()
        visit.until_screen("attract")
        assert sum(times) <= len(times) + 2, "now and then something has to be said again, not always"

        order, = visit.orders()
        assert (order["holder"], order["booking"]) == ("h01", "accepted")
        assert visit.command("journal", "verify").returncode == 0
        made, _ = read_certificate(read_qr(certificate)[0])
        assert visit.command("verify", str(certificate)).returncode == 0
        assert visit.command("verify", made.code).returncode == 0
        assert visit.paper("提取回执").is_file()

        if visit.crowded:
            pytest.skip("the visit is complete, but other work made the sound break off: what was said is not compared")
        captions, heard = "".join(said), transcribe(spoken())
        assert error_rate(captions, heard) < MISHEARD, f"captions: {captions}\nheard: {heard}"
        assert error_rate("请带好您的东西", heard, within=True) < 0.3, heard
        numbers = [run for run in digit_runs(heard) if len(run) > 3]
        assert all(run.replace("一", "幺") in "幺二三二九" for run in numbers), f"only the hotline aloud: {numbers}"
        assert visit.complaints() == []
