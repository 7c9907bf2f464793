"""Which sentences a flow can say, found by walking its data: for the voice cache and for the validator."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.dialogue import flow as fl
from kiosk.dialogue.questions import MOST_CHOICES, Script
from kiosk.fund.errors import DataError
from kiosk.ports.understanding import Line

#: Sentences that the engine says by itself. The validator insists on all of them.
OWN = (
    "say.first", "say.second", "say.third", "say.fourth", "say.others", "say.back", "say.busy", "say.take_your_time",
    "strip.back", "strip.repeat", "strip.staff", "visit.hello", "visit.card_seen",
    "leaving.ask", "leaving.yes", "leaving.no", "leaving.done",
    "guess.ask", "guess.question", "guess.choose", "guess.yes", "guess.no", "guess.none", "guess.sorry", "guess.asked",
    "switch.ask", "switch.yes", "switch.no", "switch.same", "sure.again", "sure.touch",
    "time.ask", "time.yes", "time.no", "time.thanks", "time.over",
    "unplugged.ask", "unplugged.yes", "unplugged.no", "headphones.in", "headphones.out", "hearing.lost",
    "staff.called", "staff.coming", "staff.escalated", "staff.nobody", "staff.again", "staff.go_on",
    "bulletin.info", "bulletin.maintenance", "bulletin.maintenance_soon", "bulletin.evacuate", "bulletin.over",
    "practice.start", "practice.leave", "practice.over", "practice.left", "practice.right", "practice.up",
    "practice.down", "practice.select", "practice.help", "practice.louder", "practice.quieter",
    "miss.first", "miss.second", "miss.third", "miss.staff", "miss.pad", "silence.first", "silence.second",
    "help.general", "back.sealed", "keys.hint", "keys.select",
    "manner.slower", "manner.slowest", "manner.faster", "manner.fastest", "manner.louder", "manner.loudest",
    "manner.quieter", "manner.quietest", "manner.bigger", "manner.biggest", "manner.smaller", "manner.smallest",
    "manner.voice_mode", "manner.screen_mode", "manner.dialect", "manner.any_dialect", "manner.dialect_not_here",
    "dialect.ask", "dialect.choose", "dialect.this", "dialect.yes", "dialect.no", "dialect.none", "miss.dialect",
    "pad.deleted", "pad.empty", "pad.full", "pad.missing", "pad.delete", "pad.enter", "pad.letter_x",
    *(f"pad.digit_{digit}" for digit in range(10)),
)
#: Words for the screen alone.
SHOWN = ("notice.deaf", "notice.headphones", "notice.time", "notice.staff_called", "notice.staff_coming", "notice.staff_escalated", "notice.staff_nobody")


def said_keys(step: fl.Step) -> Iterator[str]:
    """Sentence keys that a step says, as written (they may hold {fact})."""
    if isinstance(step, (fl.Tell, fl.Perform, fl.Goodbye)):
        yield from step.say
    if isinstance(step, fl.Goodbye):
        yield step.card
        yield from (step.faces_say, *(key for face in step.faces for key in (face.label, face.thanks))) if step.faces else ()
    if isinstance(step, fl.Perform):
        yield from (told.say for told in step.progress.values())
    if isinstance(step, fl.ASKING):
        yield from (key for key in (*step.say, *step.more, step.hint, step.headline) if key)
        for option in step.options:
            yield option.label
            if option.help:
                yield option.help
    if isinstance(step, fl.Ask):
        yield from (row.say for row in step.rows)
        if step.rows_say:
            yield step.rows_say
    if isinstance(step, fl.Pick):
        yield from (key for key in (step.item_say, step.item_help) if key)


def shown_keys(step: fl.Step) -> Iterator[str]:
    """Sentence keys that a step only shows."""
    if isinstance(step, fl.Ask):
        for row in step.rows:
            yield from (row.label, row.value)
    if isinstance(step, fl.Pick):
        yield step.label
    if isinstance(step, fl.Pad) and step.after:
        yield step.after
    if isinstance(step, fl.Note):
        yield from step.words.values()


def topics(flows: fl.Flows) -> tuple[str, ...]:
    """Intents that can be talked about: what an aside such as "what must I bring" may refer to."""
    return tuple(intent for intent, flow in flows.starts.items() if flows.flows[flow].kind in ("matter", "router"))


def expansions(flow: fl.Flow, key: str, flows: fl.Flows) -> Iterator[str]:
    """All keys that "advice.{matter}" can become: one per start that puts the fact, or one per topic."""
    if "{" not in key:
        yield key
        return
    name = key[key.index("{") + 1:key.index("}")]
    for start in flow.starts.values():
        if name in start.put:
            yield key.format_map({name: start.put[name]})
        elif start.about == name:
            yield from (key.format_map({name: topic}) for topic in (*topics(flows), "none"))


def fixed_lines(script: Script) -> Iterator[Line]:
    """Lines that are always the same, the likely ones first; options also with the number they have there."""
    seen: set[tuple[str, str | None]] = set()
    for key, number in _fixed_keys(script):
        try:
            line = script.phrases.line(key, script.settings.facts)
        except DataError:
            continue  # needs the visitor's facts, or is only shown
        if number:
            line = script.numbered(number, line)
        if (line.public, line.private) not in seen:
            seen.add((line.public, line.private))
            yield line


#: Flows in the order in which their sentences are likely to be needed.
_ORDER = ("visit", "matter", "part", "router", "aside")


def _fixed_keys(script: Script) -> Iterator[tuple[str, int]]:
    """Sentence keys, and the number said before them (0 for none)."""
    for key in OWN:
        yield key, 0
        yield from ((key, number) for number, end in ((1, ".yes"), (2, ".no"), (1, ".go_on"), (1, ".leave"))
                    if key.endswith(end))
    for flow in sorted(script.flows.flows.values(), key=lambda flow: _ORDER.index(flow.kind)):
        for step in flow.steps.values():
            for key in said_keys(step):
                for expanded in expansions(flow, key, script.flows):
                    yield expanded, 0
            options = step.options if isinstance(step, fl.ASKING) else ()
            yield from ((option.label, number) for number, option in enumerate(options, 1))
            if len(options) < MOST_CHOICES:
                yield "strip.staff", len(options) + 1
