"""Walking through flows: entering steps, doing tasks, going back, beginning and leaving matters, saying goodbye."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kiosk.dialogue import events as ev
from kiosk.dialogue import flow as fl
from kiosk.dialogue import rounds
from kiosk.dialogue import session as ss
from kiosk.dialogue.questions import Script, items_of
from kiosk.dialogue.turn import Turn
from kiosk.dialogue.wording import topics
from kiosk.fund.money import money_of
from kiosk.ports.devices import StaffState
from kiosk.ports.understanding import Line

log = logging.getLogger(__name__)

#: More steps without a question than this are a circle; the loader refuses them.
LONGEST_WALK = 60
#: How often somebody is reminded of a card left in the reader before the kiosk forgets the visit.
REMINDERS = 3
#: Steps of the visit that are not called as the place that leads there.
_PLACES = {"@next": "matter_done"}
#: A once task whose outcome is one of these has changed nothing, so that going back is possible again.
NOTHING_DONE = frozenset({"failed", "refused"})


def fresh(turn: Turn) -> None:
    """Nothing has been said or tried yet at the question that comes next."""
    turn.change(over=None, misses=0, repeats=0, page=0, focus=-1, typed="", trouble="", doing=0)


def remember(turn: Turn) -> None:
    """Save the question that is being answered, so that one step back returns to it."""
    s = turn.session
    turn.change(history=(*s.history, ss.Saved(s.frames, s.facts, s.topic)))


def walk(turn: Turn, target: str, before: Iterable[Line] = ()) -> None:
    """Go to a target and on until there is something to ask, to do, or to say goodbye for."""
    lines = list(before)
    fresh(turn)
    for _ in range(LONGEST_WALK):
        if target == "@back":
            return back(turn, lines)
        if target == "@staff":
            return call_staff(turn, "asked", lines)
        if target.startswith("start:"):
            return _wanted(turn, target.removeprefix("start:").format_map(turn.session.facts), lines)
        onward = _move(turn, target)
        if onward is not None:
            target = onward
            continue
        step = turn.script.step(turn.session.place)
        if isinstance(step, fl.Perform):
            return _perform(turn, step, lines)
        if isinstance(step, fl.Goodbye):
            return _farewell(turn, step, lines)
        onward = _passing(turn, step, lines)
        if onward is None:
            if isinstance(step, fl.Ask) and step.screen == "done" and step.mood == "glad":
                turn.emit(ev.Chime("done"))
            return turn.ask(lines)
        target = onward
    raise AssertionError(f"walking in circles at {turn.session.place}")


def _move(turn: Turn, target: str) -> str | None:
    """Stand at the target. A called flow that returns hands on the target where its caller wants to go."""
    s = turn.session
    if target == "@return":
        return _return(turn)
    if target in ("@menu", "@next", "@goodbye"):
        _leave_matter(turn)
        visit = turn.script.flows.visit
        turn.change(frames=(ss.Frame(visit.flow, _PLACES.get(target, target.removeprefix("@"))),))
    else:
        turn.change(frames=(*s.frames[:-1], ss.Frame(s.place.flow, target)))
    return None


def _return(turn: Turn) -> str | None:
    """Out of a called flow (the target that comes next), or out of an aside to what was being talked about (None)."""
    s = turn.session
    flow = turn.script.flows.flows[s.place.flow]
    if flow.kind == "aside" and s.aside:
        saved = s.aside.saved
        turn.change(aside=None, frames=saved.frames, facts=_with_lasting(s, saved.facts), topic=saved.topic or s.topic,
                    history=s.aside.history, sealed=s.aside.sealed)
        below = turn.script.step(turn.session.place)
        return "@next" if s.sealed and isinstance(below, fl.Ask) and below.over else None  # it has its slip by now
    caller = s.frames[-2]
    call = turn.script.step(caller)
    assert isinstance(call, fl.Call)
    turn.change(frames=s.frames[:-1])
    if flow.lasting:  # who it is has been settled: going back does not ask again
        turn.change(history=tuple(h for h in s.history if all(f.flow != flow.flow for f in h.frames)))
    return call.next


def _with_lasting(s: ss.Session, facts: Mapping[str, object]) -> dict[str, object]:
    return {**facts, **{name: s.facts[name] for name in s.lasting if name in s.facts}}


def _leave_matter(turn: Turn) -> None:
    """Forget everything that belongs to the matter; what is known about the visitor stays."""
    s = turn.session
    turn.change(facts=_with_lasting(s, {}), history=(), sealed=False, aside=None)


def _passing(turn: Turn, step: fl.Step, lines: list[Line]) -> str | None:
    """Do what a step does without asking; the next target, or None when it asks."""
    s = turn.session
    match step:
        case fl.Tell():
            place = f"{s.place.flow}.{s.place.step}"
            if not (step.first_time and place in s.told):
                lines.extend(turn.script.lines(s, step.say))
            turn.change(told=s.told | {place})
            return step.next
        case fl.Note():
            turn.drop(*step.drop)
            known = s.facts if step.keep else {}
            words = {name: turn.script.text(s, key) for name, key in step.words.items()}
            copies = {name: s.facts[old] for name, old in step.copy.items()}
            turn.put({name: fact for name, fact in {**step.put, **words, **copies}.items() if not known.get(name)})
            if step.topic:
                turn.change(topic=str(turn.session.facts.get(step.topic) or ""))
            return step.next
        case fl.Fork():
            return step.then if passes(s, step) else step.otherwise
        case fl.Each():
            target, facts = rounds.turn_over(step, s.facts)
            turn.change(facts=facts)
            return target
        case fl.Call():
            turn.change(frames=(*s.frames, ss.Frame(step.flow, "")))
            return turn.script.flows.flows[step.flow].first
        case fl.Pick() if step.skip_single and len(items_of(s, step)) == 1:
            item = items_of(s, step)[0]
            turn.put({step.into: item[step.key], **{name: item[name] for name in step.keep}})
            return step.next
        case fl.Card() if s.facts.get("card"):
            return step.next
    return None


def passes(s: ss.Session, fork: fl.Fork) -> bool:
    match fork.test:
        case "known":
            return bool(s.facts.get(fork.fact))
        case "headphones":
            return s.manner.headphones
        case "asked":
            return s.facts.get(fork.fact) in s.begun
        case "may_say_amounts":
            return s.manner.headphones or bool(s.facts.get("aloud"))


# ------------------------------------------------------------------ tasks


def _perform(turn: Turn, step: fl.Perform, lines: list[Line]) -> None:
    """Hand a task to the counter. From here on a `once` task cannot be taken back."""
    token = turn.token()
    turn.change(doing=token, timer=None)
    if step.once:
        turn.change(history=(), sealed=True)
    s = turn.session
    wanted = (*turn.script.flows.takes[step.task], *step.also)
    facts = {name: s.facts[name] for name in wanted if name in s.facts}
    asked = turn.question
    turn.show(asked)
    if step.once:  # it takes its time: what has been done is said at once
        turn.say((*lines, *asked.lines))
    else:  # the answer may come in an instant and would cut them short: they are said before the next question
        place = f"{s.place.flow}.{s.place.step}"
        turn.change(held=tuple(lines), told=s.told | {place})
        if not (step.first_time and place in s.told):  # "one moment, please" after every answer is chatter
            turn.say(asked.lines)
    turn.emit(ev.Do(step.task, facts, token, f"{s.visit_id}:{token}:{step.task}" if step.once else ""))
    turn.listen(asked)


def task_progress(turn: Turn, event: ev.TaskProgress) -> None:
    """A device reports something while it works: paper is out, it goes on. Said once each time it changes."""
    step = turn.script.step(turn.session.place)
    if event.token != turn.session.doing or not isinstance(step, fl.Perform):
        return
    told = step.progress.get(event.name)
    key = told.say if told else ""
    if key == turn.session.trouble:
        return
    turn.change(trouble=key)
    turn.show()
    if told and told.staff:
        turn.emit(ev.CallStaff(event.name))
    if key:
        turn.say([turn.line(key)])
        turn.listen()


def task_done(turn: Turn, event: ev.TaskDone) -> None:
    step = turn.script.step(turn.session.place)
    if event.token != turn.session.doing or not isinstance(step, fl.Perform):
        return
    outcome = _kept(turn, step, event)
    turn.put(dict(event.facts))
    turn.drop("typed_password")
    s = turn.session
    if any(turn.script.flows.flows[frame.flow].lasting for frame in s.frames):
        turn.change(lasting=s.lasting | (set(event.facts) - {"hint", "tries_left", "reason", "todo"}))
    if step.once and outcome in NOTHING_DONE:
        turn.change(sealed=False)
    held = turn.session.held
    turn.change(held=())
    walk(turn, step.outcomes[outcome], held)


def _kept(turn: Turn, step: fl.Perform, event: ev.TaskDone) -> str:
    """The outcome, or "failed" when the counter did not give what it promises: sentences would have holes."""
    promised = turn.script.flows.gives[step.task].get(event.outcome)
    if promised is not None and all(event.facts.get(fact) is not None for fact in promised):
        return event.outcome
    if event.outcome != "failed":
        log.error("a task did not give what it promises", extra={"task": step.task, "outcome": event.outcome})
    return "failed"


# ------------------------------------------------------------------ matters


def begin(turn: Turn, intent: str, slots: Mapping[str, object], before: Iterable[Line] = ()) -> None:
    """Begin what an intent asks for. An aside keeps what was being talked about and comes back to it."""
    flows = turn.script.flows
    flow = flows.flows[flows.starts[intent]]
    start = flow.starts[intent]
    topic = turn.session.topic
    fresh(turn)
    if flow.kind == "aside":
        _lay_aside(turn)
        frames = (*turn.session.frames, ss.Frame(flow.flow, ""))
    else:
        s = turn.session
        router = flows.flows[s.frames[0].flow].kind == "router"
        saved = (ss.Saved(s.frames, s.facts, s.topic),) if router else ()
        carried = dict(s.facts) if router else {}  # "print two copies" holds, whichever certificate it turns out to be
        _leave_matter(turn)
        turn.change(history=saved, topic=intent, begun=s.begun | {intent})
        turn.put(carried)
        frames = (ss.Frame(flow.flow, ""),)
    turn.change(frames=frames)
    lines = [*before, *take_slots(turn, flow, slots)]
    turn.put(dict(start.put))
    turn.put({name: slots.get(name, "") for name in start.takes})
    if start.about:
        known = topics(flows)
        turn.put({start.about: next((about for about in (slots.get("matter"), topic) if about in known), "none")})
    walk(turn, start.at or flow.first, lines)


def _wanted(turn: Turn, intent: str, before: Iterable[Line]) -> None:
    """A button begins a matter. On an answer in passing it may not drop what lies below it without a question."""
    s = turn.session
    if s.aside and _in_aside(turn) and turn.script.flows.flows[turn.script.flows.starts[intent]].kind != "aside":
        topic = s.aside.saved.topic
        _return(turn)
        if under_way(turn):
            fresh(turn)
            if intent == topic:
                return turn.ask((*before, turn.line("switch.same")))
            turn.change(over=ss.Switching(intent), focus=-1)
            return turn.ask(before)
    begin(turn, intent, {}, before)


def _lay_aside(turn: Turn) -> None:
    """Remember what is being talked about. One aside replaces another; at the attract screen the menu lies below."""
    s = turn.session
    place = (ss.Frame(s.place.flow, "menu"),) if _at(turn, "attract") else s.frames
    aside = s.aside or ss.Aside(ss.Saved(place, s.facts, s.topic), s.history, s.sealed)
    turn.change(aside=aside, frames=aside.saved.frames, facts=_with_lasting(s, aside.saved.facts))


def take_slots(turn: Turn, flow: fl.Flow, slots: Mapping[str, object]) -> list[Line]:
    """Spoken numbers become facts, kept within the flow's bounds."""
    lines = []
    for name, value in slots.items():
        limit = flow.limits.get(name)
        if limit and isinstance(value, int) and not isinstance(value, bool):
            kept = min(max(value, limit.least), limit.most)
            turn.put({name: kept})
            if kept != value and limit.told:
                lines.append(turn.line(limit.told, most=limit.most))
        elif name == "amount" and value:
            turn.put({"amount_said": 1, "amount": money_of(value)})
    return lines


def _at(turn: Turn, step: str) -> bool:
    place = turn.session.place
    return place.flow == turn.script.flows.visit.flow and place.step == step


def back(turn: Turn, before: Iterable[Line] = ()) -> None:
    """One step back: take the last saved question off the pile. What was done once stays done."""
    s = turn.session
    if s.over is not None:
        return resume(turn, before)
    if _in_aside(turn):
        return walk(turn, "@return", before)
    if s.history:
        saved = s.history[-1]
        fresh(turn)
        turn.change(frames=saved.frames, facts=_with_lasting(s, saved.facts), topic=saved.topic, history=s.history[:-1])
        return turn.ask((*before, turn.line("say.back")))
    if s.sealed:
        return turn.ask((*before, turn.line("back.sealed")), whole=False)
    if _at(turn, "menu"):
        return goodbye(turn, "finished", before)
    walk(turn, "@menu", (*before, turn.line("say.back")))


def _in_aside(turn: Turn) -> bool:
    return turn.script.flows.flows[turn.session.place.flow].kind == "aside"


def resume(turn: Turn, before: Iterable[Line] = ()) -> None:
    """Take away what lies over the question and put it again."""
    turn.change(over=None, focus=-1)
    turn.ask(before)


def under_way(turn: Turn) -> bool:
    """Would something be lost by leaving now?"""
    s = turn.session
    kind = turn.script.flows.flows[s.frames[0].flow].kind
    if kind != "matter":
        return False
    step = turn.script.step(s.place)
    return not (isinstance(step, fl.Ask) and step.over)


# ------------------------------------------------------------------ staff, goodbye


def call_staff(turn: Turn, reason: str, before: Iterable[Line] = ()) -> None:
    turn.change(over=ss.WithStaff(), staff=StaffState.CALLED, focus=-1)
    turn.emit(ev.CallStaff(reason))
    turn.ask(before)


def goodbye(turn: Turn, reason: str, before: Iterable[Line] = ()) -> None:
    turn.change(ending=reason)
    walk(turn, "@goodbye", before)


def _farewell(turn: Turn, step: fl.Goodbye, lines: list[Line]) -> None:
    """Everything about the visitor is forgotten before the last words are said."""
    s = turn.session
    turn.change(facts={}, lasting=frozenset(), history=(), aside=None, topic="", lines=(), before=(), timer=None,
                ending=s.ending or "finished")
    asked = turn.question
    turn.show(asked)
    card = [turn.line(step.card)] if s.card_in else []
    turn.say((*lines, *turn.wording(asked), *card))
    turn.emit(ev.StopListening())
    if asked.options:
        turn.listen(asked)
    _wait_farewell(turn)


def rated(turn: Turn, face: str, thanks: str) -> None:
    """Counted without a name, thanked for, and the visit ends as it would have."""
    turn.change(rated=True, focus=-1)
    turn.emit(ev.Do("feedback.rate", {"face": face}, turn.token()))
    turn.show()
    turn.say([turn.line(thanks)])
    turn.emit(ev.StopListening())
    _wait_farewell(turn)


def _wait_farewell(turn: Turn) -> None:
    token = turn.token()
    turn.change(timer=ss.Timer(token, "farewell"))
    turn.emit(ev.Wake(token, turn.script.settings.farewell))


def farewell_over(turn: Turn) -> None:
    """The last words have been said. A card in the reader is called out a few times more; then the visit is over."""
    s = turn.session
    step = turn.script.step(s.place)
    if s.card_in and s.reminders < REMINDERS and isinstance(step, fl.Goodbye):
        turn.change(reminders=s.reminders + 1)
        turn.say([turn.line(step.card)])
        return _wait_farewell(turn)
    wipe(turn)


def wipe(turn: Turn) -> None:
    """Forget the visit and stand at the beginning of the next one."""
    s = turn.session
    if s.staff is not StaffState.NONE:
        turn.emit(ev.EndStaffCall())
    turn.emit(ev.Wipe(s.ending or "finished"))
    stem, _, number = s.visit_id.partition("+")
    turn.session = opening(turn.script, f"{stem}+{int(number or 0) + 1}", s)
    open_visit(turn)


def opening(script: Script, visit_id: str, after: ss.Session | None) -> ss.Session:
    """Nothing is left of the visit before but whether the ears work and something is in the headphone socket."""
    visit, manner = script.flows.visit, script.settings.manner
    if after is not None:
        manner = replace(manner, headphones=after.manner.headphones)
    return ss.Session(visit_id, manner, (ss.Frame(visit.flow, visit.first),), hearing=after is None or after.hearing,
                      bulletin=after.bulletin if after else ev.NO_BULLETIN)


def open_visit(turn: Turn) -> None:
    """The attract screen: usual manner, ears open, not a word."""
    turn.emit(ev.Apply(turn.session.manner))
    if turn.covered:
        turn.change(over=ss.Covered())
    asked = turn.question
    turn.change(view=replace(turn.session.view, title="-"))
    turn.show(asked)
    turn.listen(asked)
