"""Everything by the five keys alone, on headphones, the screen dark: as a blind visitor does it."""

from __future__ import annotations

from pathlib import Path

from kiosk.fund.money import Money
from tests.e2e.conftest import Transcribe, digit_runs, error_rate
from tests.e2e.recording import recorded
from tests.e2e.street import Look, Street, running
from tests.pulse import SPEAKER

HEADPHONES = "headphones"
#: What a technician writes where headphones are a sink of their own.
ASOUND = 'pcm.kiosk_headphones { type pulse device "headphones" hint { show on description "headphones" } }\n'
SITE = '[sound]\nheadphones = "kiosk_headphones"\nrate = 1.2\n'  # who listens all day listens fast


def choose(visit: Street, choice: str) -> None:
    """Go down to a choice and press the round key."""
    def at(look: Look) -> str:
        ids = [option["id"] for option in look["choices"]]
        return ids[look["focus"]] if 0 <= look["focus"] < len(ids) else ""

    visit.until(lambda look: choice in [option["id"] for option in look["choices"]], f"the choice {choice}")
    for _ in range(8):
        focus = visit.look()["focus"]
        if at(visit.look()) == choice:
            break
        visit.keys("Down")
        visit.until(lambda look, focus=focus: look["focus"] != focus, "the next choice")
    assert at(visit.look()) == choice
    visit.keys("Return")


def test_three_matters_by_keys_on_headphones(tmp_path: Path, transcribe: Transcribe) -> None:
    (tmp_path / ".asoundrc").write_text(ASOUND)
    with running(tmp_path, SITE, sinks=(HEADPHONES,)) as visit:
        visit.wish(headphones=True)
        visit.until(lambda look: look["curtain"], "the curtain")
        with recorded(visit.pulse, tmp_path / "hall.wav", SPEAKER) as aloud:
            volume = visit.look()["volume"]
            visit.keys("Prior")
            visit.until(lambda look: look["volume"] > volume, "a louder voice")
            visit.keys("F1")
            visit.until(lambda look: "练习" in look["sentence"] + look["help"], "practice")
            visit.keys("F1")
            visit.keys("F1")
            visit.until(lambda look: look["sentence"] == "您想办什么事？", "the menu again")

            with recorded(visit.pulse, tmp_path / "balance.wav", HEADPHONES) as privately:
                choose(visit, "balance")
                visit.until_screen("identify", resting=True)
                visit.card("h04")
                visit.until_screen("facts")
                visit.until(lambda look: "每月" in "".join(look["said"]), "the balance said to its end")
            assert visit.screen.pixels().mean() < 12, "nobody reads over a shoulder"
            heard = transcribe(privately())
            assert error_rate("请把身份证放在亮灯的地方", heard, within=True) < 0.3, heard
            assert error_rate("您账户里现在有205678.00元", heard, within=True) < 0.3, heard

            choose(visit, "deposit")
            visit.until_screen("preview")
            choose(visit, "print")
            choose(visit, "out")
            visit.until_screen("done")
            choose(visit, "again")

            with recorded(visit.pulse, tmp_path / "retirement.wav", HEADPHONES) as privately:
                for choice in ("withdraw", "work", "retirement"):
                    choose(visit, choice)
                choose(visit, "all")
                choose(visit, "card_id:1")
                visit.until(lambda look: "都对的话" in "".join(look["said"]), "the amount said to its end")
            assert visit.orders() == [], "nothing is booked before the yes"
            choose(visit, "transfer")
            choose(visit, "out")
            visit.until_screen("done")

        order, = visit.orders()
        heard = transcribe(privately())
        assert error_rate(f"要把{Money(order['fen'])}元转到您示范银行的卡，尾号5147", heard, within=True) < 0.3, heard
        assert not aloud().any(), "not a sound in the hall"

        with recorded(visit.pulse, tmp_path / "unplugged.wav", SPEAKER) as aloud:
            visit.wish(headphones=False)
            visit.until(lambda look: not look["curtain"] and "接着办吗" in "".join(look["said"]) and look["resting"],
                        "the open screen")
        heard = transcribe(aloud())
        assert error_rate("耳机拔下来了，还接着办吗", heard, within=True) < 0.3, heard
        assert all(len(run) < 4 for run in digit_runs(heard)), "no number in the hall"
        assert visit.screen.pixels().mean() > 60
        visit.keys("Left")
        assert visit.complaints() == []

        assert (order["holder"], order["booking"]) == ("h04", "accepted")
        assert len(visit.papers) == 2
        assert visit.command("verify", str(visit.paper("缴存证明"))).returncode == 0
