"""What may be said at any moment (commands), and what happens when it was not understood, or nothing was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.dialogue import dialects
from kiosk.dialogue import events as ev
from kiosk.dialogue import session as ss
from kiosk.dialogue import walk as w
from kiosk.dialogue.turn import Turn
from kiosk.ports.devices import StaffState
from kiosk.ports.understanding import Line

RATES = (0.6, 1.4, 0.1)      # slowest, fastest, step
VOLUMES = (0.3, 1.0, 0.1)
LARGEST_TEXT = 2
_CANNOT_HEAR = ("听不到", "听不见", "听不清", "没听到", "没听见", "没听清")

# ------------------------------------------------------------------ commands


def repeat(turn: Turn, text: str = "") -> None:
    """The last words again. Who cannot hear gets them louder; who asks twice running gets them slower."""
    s = turn.session
    if any(words in text for words in _CANNOT_HEAR):
        return louder(turn)
    turn.change(repeats=s.repeats + 1)
    if s.repeats >= 1 and s.manner.rate > RATES[0]:
        return slower(turn)
    say_again(turn)


def say_again(turn: Turn, *before: Line) -> None:
    lines = turn.session.lines or turn.wording(turn.question)
    turn.show()
    turn.say((*before, *lines), keep=False)
    turn.change(lines=lines)
    turn.listen()
    turn.wait("nudge1")


def answer(turn: Turn, *lines: Line) -> None:
    """Say something beside the point, then ask again in the shortest way."""
    turn.ask(lines, whole=False)


def _manner(turn: Turn, said: str, **changes: object) -> None:
    turn.change(manner=replace(turn.session.manner, **changes))  # type: ignore[arg-type]
    turn.emit(ev.Apply(turn.session.manner))
    say_again(turn, turn.line(said))


def _stepped(value: float, by: int, scale: tuple[float, float, float]) -> float:
    least, most, step = scale
    return round(min(max(value + by * step, least), most), 2)


def _scale(turn: Turn, field: str, by: int, scale: tuple[float, float, float], said: str, end: str) -> None:
    before = float(getattr(turn.session.manner, field))
    after = _stepped(before, by, scale)
    _manner(turn, said if after != before else end, **{field: after})


def slower(turn: Turn) -> None:
    _scale(turn, "rate", -1, RATES, "manner.slower", "manner.slowest")


def faster(turn: Turn) -> None:
    _scale(turn, "rate", +1, RATES, "manner.faster", "manner.fastest")


def louder(turn: Turn) -> None:
    _scale(turn, "volume", +1, VOLUMES, "manner.louder", "manner.loudest")


def quieter(turn: Turn) -> None:
    _scale(turn, "volume", -1, VOLUMES, "manner.quieter", "manner.quietest")


def bigger_text(turn: Turn) -> None:
    size = turn.session.manner.text_size
    _manner(turn, "manner.bigger" if size < LARGEST_TEXT else "manner.biggest", text_size=min(size + 1, LARGEST_TEXT))


def smaller_text(turn: Turn) -> None:
    size = turn.session.manner.text_size
    _manner(turn, "manner.smaller" if size > 0 else "manner.smallest", text_size=max(size - 1, 0))


def voice_mode(turn: Turn) -> None:
    """Everything is spoken. The screen goes dark only where the ears are private, or nobody would know the amounts."""
    manner = replace(turn.session.manner, voice_mode=True, curtain=turn.session.manner.headphones)
    turn.change(manner=manner)
    turn.emit(ev.Apply(manner))
    turn.ask([turn.line("manner.voice_mode")])


def screen_mode(turn: Turn) -> None:
    manner = replace(turn.session.manner, voice_mode=False, curtain=False)
    turn.change(manner=manner, keys=False, focus=-1)
    turn.emit(ev.Apply(manner))
    turn.ask([turn.line("manner.screen_mode")])


def dialect(turn: Turn, slots: Mapping[str, object]) -> None:
    code = str(slots.get("dialect") or "")
    if not code:
        return answer(turn, turn.line("manner.any_dialect"))
    known = dialects.choose(turn, code)
    answer(turn, turn.line("manner.dialect" if known else "manner.dialect_not_here"))


def wait(turn: Turn) -> None:
    """"One moment": no prompts, all the time in the world (until the usual time-out)."""
    turn.show()
    turn.say([turn.line("say.take_your_time")], keep=False)
    turn.listen()
    turn.wait("idle")


def help_(turn: Turn) -> None:
    """More about the question, or about the kiosk, then what can be answered."""
    asked = turn.question
    more = asked.more or (turn.line("help.general"),)
    turn.show(asked)
    turn.say((*more, *asked.lines[-1:], *turn.option_lines(asked)))
    turn.listen(asked)
    turn.wait("nudge1")


def staff(turn: Turn) -> None:
    if isinstance(turn.session.over, ss.WithStaff) and turn.session.staff is not StaffState.NOBODY:
        return say_again(turn)
    w.call_staff(turn, "asked")


def cancel(turn: Turn) -> None:
    _leave(turn, "@menu")


def home(turn: Turn) -> None:
    _leave(turn, "@menu")


def finish(turn: Turn) -> None:
    _leave(turn, "@goodbye")


def _leave(turn: Turn, to: str) -> None:
    """Leave at once where nothing would be lost; otherwise ask whether that is meant."""
    s = turn.session
    if w.under_way(turn):
        turn.change(over=ss.Leaving(to), focus=-1)
        return turn.ask()
    if to == "@goodbye" or (s.place == ss.Frame(turn.script.flows.visit.flow, "menu") and s.over is None):
        return w.goodbye(turn, "finished")
    w.walk(turn, to)


#: Commands that harm nobody when they were misheard: done without asking back.
HARMLESS = frozenset({"repeat", "slower", "faster", "louder", "quieter", "bigger_text", "smaller_text", "wait", "help"})

COMMANDS: Mapping[str, Callable[[Turn], None]] = {
    "repeat": repeat, "slower": slower, "faster": faster, "louder": louder, "quieter": quieter,
    "bigger_text": bigger_text, "smaller_text": smaller_text, "voice_mode": voice_mode, "screen_mode": screen_mode,
    "wait": wait, "help": help_, "staff": staff, "back": w.back, "home": home, "cancel": cancel, "finish": finish,
}
#: What can be done while a device works: nothing that leaves.
WHILE_WORKING = HARMLESS | {"staff", "voice_mode", "screen_mode"}


def command(turn: Turn, intent: str, slots: Mapping[str, object] | None = None, text: str = "") -> None:
    if turn.question.working and intent not in WHILE_WORKING:
        return busy(turn)
    if intent == "dialect":
        return dialect(turn, slots or {})
    if intent == "repeat":
        return repeat(turn, text)
    COMMANDS[intent](turn)


def busy(turn: Turn) -> None:
    turn.show()
    turn.say([turn.line("say.busy")], keep=False)
    turn.listen()


# ------------------------------------------------------------------ not understood


def missed(turn: Turn) -> None:
    """Two re-asks, each simpler; then large choices and the offer of a person (accessibility.md C4)."""
    asked = turn.question
    if asked.working:
        return turn.listen(asked)
    turn.change(misses=turn.session.misses + 1)
    turn.emit(ev.Chime("sorry"))
    misses = turn.session.misses
    if asked.pad and not asked.pending:
        return answer(turn, turn.line("miss.pad"))
    if misses == 1:
        return answer(turn, turn.line("miss.first"))
    if misses == 2 and dialects.offer(turn):
        return
    asked = turn.question
    turn.show(asked)
    second = "miss.dialect" if dialects.out_of_reach(turn) else "miss.second"
    opening = turn.line(second) if misses == 2 else turn.line("miss.third")
    ending = () if misses == 2 else (turn.line("miss.staff"),)
    turn.say((opening, *turn.option_lines(asked), *ending))
    turn.listen(asked)
    turn.wait("nudge1")


def unsure(turn: Turn) -> None:
    """The yes that moves money was not understood beyond doubt."""
    turn.change(misses=turn.session.misses + 1)
    if turn.session.misses >= 3:
        return answer(turn, turn.line("sure.touch"))
    turn.ask([turn.line("sure.again")], whole=False)


# ------------------------------------------------------------------ nothing said


def woke(turn: Turn, event: ev.Woke) -> None:
    s = turn.session
    if s.timer is None or event.token != s.timer.token:
        return
    match s.timer.kind:
        case "nudge1":
            asked = turn.question
            _prompt(turn, (asked.hint or turn.line("silence.first"),), "nudge2")
        case "nudge2":
            _prompt(turn, (turn.line("silence.second"), *turn.option_lines(turn.question)), "rest")
        case "idle":
            settings = turn.script.settings
            seconds = settings.countdown_calm if s.calm else settings.countdown
            turn.change(over=ss.StillThere(seconds), focus=-1)
            turn.ask(nudges=False)
            turn.wait("countdown", seconds)
        case "countdown":
            w.goodbye(turn, "timeout", [turn.line("time.over")])
        case "farewell":
            w.farewell_over(turn)
        case "covered":  # whoever was here has gone: nothing of theirs stays on the screen
            w.goodbye(turn, "timeout")


def _prompt(turn: Turn, lines: tuple[Line, ...], then: str) -> None:
    turn.say(lines, keep=False)
    turn.listen()
    turn.wait(then)


def still_here(turn: Turn) -> None:
    """Somebody began to speak: all timers begin anew, without prompts into the sentence."""
    if turn.session.timer and turn.session.timer.kind != "farewell":
        turn.wait("idle")


def staff_state(turn: Turn, state: StaffState) -> None:
    s = turn.session
    if state is s.staff:
        return
    turn.change(staff=state)
    if s.ending:
        return turn.show()
    if state not in (StaffState.NONE, StaffState.NOBODY):
        turn.change(timer=None)
    if state is StaffState.NONE:
        if isinstance(s.over, ss.WithStaff):
            return w.resume(turn)
        turn.show()
        return turn.wait("idle")
    if isinstance(s.over, ss.WithStaff):
        return turn.ask()
    turn.show()
    if state is StaffState.NOBODY and not turn.session.timer:
        turn.wait("idle")  # whoever has gone away meanwhile is not waited for without end
