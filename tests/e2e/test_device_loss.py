"""Sound devices go and come back. Touch and keys serve all the while, and the screen says what is the matter."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import Speak
from tests.e2e.street import hall, running

DEAF = "听不见"
#: What the log is meant to say about it.
LOST = {"the microphone is lost", "the microphone cannot be opened"}


def test_microphone_and_sound_server_lost_and_found(tmp_path: Path, speak: Speak) -> None:
    with running(tmp_path) as visit:
        visit.until(lambda look: look["hears"], "a kiosk that hears")
        visit.touch("start")
        visit.until(lambda look: look["listening"] and look["resting"], "open ears")

        saying = visit.pulse.play(speak("我退休了，想把公积金取出来"), wait=False)
        visit.until(lambda look: look["somebody_speaks"], "a voice")
        visit.pulse.unplug()
        look = visit.until(lambda look: not look["hears"] and DEAF in look["notice"], "the screen says that it is deaf")
        assert "麦克风" in look["deaf_because"]
        saying.wait(60)
        assert visit.look()["place"] == "visit.menu", "half a sentence means nothing"
        visit.touch("balance")
        visit.until_screen("identify")
        visit.card("h02")
        visit.until_screen("facts")
        visit.pulse.plug()
        visit.until(lambda look: look["hears"] and DEAF not in look["notice"], "hearing again")
        visit.until(lambda look: look["screen"] == "facts" and look["listening"], "open ears")
        visit.say(speak("不用念"), lambda look: look["place"] == "suggestion.offer")

        visit.pulse.stop_server()
        visit.until(lambda look: not look["hears"] and DEAF in look["notice"], "the screen says that it is deaf")
        visit.touch("not_now")
        visit.touch("again")
        visit.until(lambda look: look["place"] == "visit.menu", "the menu")
        visit.keys("Down")
        visit.until(lambda look: look["focus"] == 0, "keys that work")
        visit.pulse.start_server()
        visit.until(lambda look: look["hears"] and DEAF not in look["notice"], "hearing again")
        visit.say(speak("我想打一张缴存证明"), lambda look: look["screen"] == "preview")
        visit.touch("print")
        visit.until_paper(1)
        assert set(visit.complaints()) <= LOST


def test_no_sound_server_at_all(tmp_path: Path) -> None:
    with hall(tmp_path, sound=False) as visit:
        visit.start()
        look = visit.until(lambda look: look["deaf_because"] and DEAF in look["notice"], "what is missing")
        assert "麦克风" in look["deaf_because"]
        visit.keys("Down")
        visit.until_screen("choices")
        visit.touch("balance")
        visit.until_screen("identify")
        visit.card("h01")
        visit.until_screen("facts")
        visit.touch("seen")
        visit.touch("finished")
        visit.until(lambda look: look["place"].endswith("goodbye") and look["resting"], "the end of what cannot be heard")
        visit.take_card()
        visit.until_screen("attract")
        assert set(visit.complaints()) <= LOST
        assert visit.stop() == 0
