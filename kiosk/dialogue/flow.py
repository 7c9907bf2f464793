"""What a flow file may say: steps and options as frozen values. The loader fills them, the engine walks them.

A target is the name of a step of the same flow, or one of
    @return     back to the step that called this flow (an aside: back to what was being talked about)
    @menu       the question "what would you like to do"
    @next       the matter is over: the visit's step `matter_done`, which comes to "anything else?"
    @goodbye    the end of the visit
    @staff      call a member of staff, stay where we are
    @back       one step back
    start:<id>  begin the matter that handles this intent; start:{fact} the one that the fact names

Sentence keys may hold {fact} where the fact is one of the intents that start the flow, as in "advice.{matter}".
"""

from __future__ import annotations

from typing import Literal

import msgspec

PLACES = frozenset({"@return", "@menu", "@next", "@goodbye", "@staff", "@back"})
TESTS = ("known", "may_say_amounts", "headphones", "asked")
Pending = Literal["", "words", "yes_no", "sum", "amount", "number", "choice", "withdraw_kind", "certificate_kind"]
Constant = str | int


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything in a flow file: frozen, and an unknown key is an error."""


class FlowRow(Piece, frozen=True, kw_only=True):
    """One line of facts. `label` and `value` are what is shown, `say` is what is said for it; `large` marks the figure
    that matters most, `words` the fact whose amount is also written in words. `when` names a fact without which the row
    is left out."""

    label: str
    value: str
    say: str
    large: bool = False
    words: str = ""
    when: str = ""


class FlowOption(Piece, frozen=True, kw_only=True):
    """One large button. `intents` are the spoken answers that mean it, `words` other words for its label;
    `put` adds facts before going on.
    `explicit` marks the yes that lets money move: spoken, it must have been understood without any doubt, and hold none
    of the words `unlike`, which answer other questions ("it has come out").
    `when` names a fact without which the button is left out."""

    id: str
    label: str
    go: str
    help: str = ""
    icon: str = ""
    role: Literal["normal", "likely", "yes", "no"] = "normal"
    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    put: dict[str, Constant] = {}
    explicit: bool = False
    unlike: tuple[str, ...] = ()
    when: str = ""


class Asking(Piece, frozen=True, kw_only=True):
    """What all steps that wait for the visitor have in common.

    say       the question, short; `more` what ▶ and "help" add; `hint` is said after five silent seconds
    stage     which of the flow's stones is filled
    patience  seconds of silence that end an answer, where the usual 1.2 are too few
    headline  the sentence that is shown largest, where that is not the last one of `say`
    detail    a slot of the matter's start that may be said here by itself ("去年的"); it becomes a fact and leads to
              `detail_next` (ask and pick only)
    """

    say: tuple[str, ...]
    more: tuple[str, ...] = ()
    hint: str = ""
    options: tuple[FlowOption, ...] = ()
    stage: int = 0
    patience: float = 1.2
    headline: str = ""
    detail: Literal["", "period"] = ""
    detail_next: str = ""
    mood: Literal["idle", "listening", "glad", "sorry"] = "listening"


class Ask(Asking, frozen=True, kw_only=True, tag="ask"):
    """A question. `pending` is worked out when it is left empty: yes_no where two options mean yes and no, else choice.
    `over` marks the end of a matter (nothing is lost by leaving). `rows_from` is a fact that holds
    (label, value) pairs, or items of which `rows_value` is shown, and (where there is room) `rows_words`
    small below it; `document` a fact that holds the path of a picture, `count` the fact that a
    number said here changes (copies). `into` and `next`: where pending is amount, number or sum
    (yes, no, or an amount), what is said becomes this
    fact (Money, or a whole number within the flow's limits) and leads on."""

    screen: Literal["choices", "facts", "preview", "done", "trouble"] = "choices"
    pending: Pending = ""
    rows: tuple[FlowRow, ...] = ()
    rows_from: str = ""
    rows_say: str = ""
    rows_read: bool = False
    rows_value: str = ""
    rows_words: str = ""
    document: str = ""
    count: str = ""
    over: bool = False
    into: str = ""
    next: str = ""


class Known(Piece, frozen=True, kw_only=True):
    """What is known beforehand about an item of a list, by its key: an item "yes" is meant by the answer yes."""

    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    icon: str = ""
    role: Literal["normal", "likely", "yes", "no"] = "normal"


class Pick(Asking, frozen=True, kw_only=True, tag="pick"):
    """Choose one of a list of facts (bank cards, the answers to a question of the rules). Each item is a mapping;
    `label`, `item_help` and `item_say` are sentences with the item's keys as slots. The item's `key` goes into the fact
    `into`, the keys in `keep` become facts too. More than four are shown in pages. A list of one is taken without asking
    when `skip_single` is set. `known` tells how items with certain keys may be answered, too."""

    source: str
    key: str
    into: str
    label: str
    item_say: str
    next: str
    item_help: str = ""
    icon: str = ""
    keep: tuple[str, ...] = ()
    skip_single: bool = False
    known: dict[str, Known] = {}


class Pad(Asking, frozen=True, kw_only=True, tag="pad"):
    """Digits by touch, keypad or five keys, never by voice. `mask` hides what was typed (`show_last` keeps the last
    ones readable); `hint_fact` holds a sentence about what was wrong the last time.

    With `pending` amount or number it is a sum or a count of at most `length` digits, which may be said as well; one of
    it is `unit` yuan (10000 where 万 are typed), and `after` are the words behind it ("万元")."""

    into: str
    length: int
    next: str
    letters: str = "0123456789"
    mask: bool = True
    show_last: int = 0
    hint_fact: str = ""
    pending: Literal["", "amount", "number"] = ""
    unit: int = 1
    after: str = ""


class Card(Asking, frozen=True, kw_only=True, tag="card"):
    """Wait for the identity card; passed at once when it lies there already. `fault` is where a broken reader leads."""

    next: str
    fault: str


class Attract(Asking, frozen=True, kw_only=True, tag="attract"):
    """Nobody is here."""

    heard_nothing: str = ""


class Tell(Piece, frozen=True, kw_only=True, tag="tell"):
    """Said together with the next question. `first_time`: only once in a visit."""

    say: tuple[str, ...]
    next: str
    first_time: bool = False


class Note(Piece, frozen=True, kw_only=True, tag="note"):
    """Put facts: constants (`put`), or the words of sentences (`words`). `keep` leaves facts alone that are known;
    `drop` forgets facts. `topic` names a fact: what it holds is what is talked about from now on. `copy` puts what
    another fact holds (new: old)."""

    next: str
    put: dict[str, Constant] = {}
    words: dict[str, str] = {}
    copy: dict[str, str] = {}
    drop: tuple[str, ...] = ()
    keep: bool = False
    topic: str = ""


class Fork(Piece, frozen=True, kw_only=True, tag="fork"):
    """One of the closed list of tests. `known`: is the fact there (and not empty)? `asked`: was the matter that the fact
    names begun in this visit?"""

    test: Literal["known", "may_say_amounts", "headphones", "asked"]
    then: str
    otherwise: str
    fact: str = ""


class Progress(Piece, frozen=True, kw_only=True):
    """What is said when a task reports something; `staff`: somebody is called for it."""

    say: str
    staff: bool = False


class Perform(Piece, frozen=True, kw_only=True, tag="task"):
    """Ask the counter. `outcomes` is a closed map: exactly the task's outcomes and failed. `once` marks what moves
    money or prints. `also` names facts to hand over besides the ones that the task needs. `first_time`: what is said
    meanwhile is said only once in a visit."""

    task: str
    say: tuple[str, ...]
    outcomes: dict[str, str]
    once: bool = False
    also: tuple[str, ...] = ()
    first_time: bool = False
    progress: dict[str, Progress] = {}
    stage: int = 0


class Call(Piece, frozen=True, kw_only=True, tag="call"):
    """Walk another flow (kind `part`) and come back to `next`."""

    flow: str
    next: str
    stage: int = 0


class Each(Piece, frozen=True, kw_only=True, tag="each"):
    """The head of a round through a list of facts (kiosk.dialogue.rounds). `next` asks about one item, whose keys `give`
    are facts then; its answer is the fact `answer`, and it leads back here. After the last one `over`: the items whose
    answer is one of `fine` are the fact `good`, the others `rest`. `into` keeps the answers; forget it to begin anew."""

    source: str
    give: tuple[str, ...]
    into: str
    answer: str
    next: str
    over: str
    fine: tuple[str, ...]
    good: str
    rest: str


class Face(Piece, frozen=True, kw_only=True):
    """One of the faces that may be touched, or said, while the last words are being said. Nobody has to."""

    id: str
    label: str
    icon: str
    thanks: str
    words: tuple[str, ...] = ()


class Goodbye(Piece, frozen=True, kw_only=True, tag="goodbye"):
    """Say what to take along, forget everything. `card` is said while the identity card still lies in the reader.
    `faces` are offered, with `faces_say`, to who has done something and ends the visit; they never make it longer."""

    say: tuple[str, ...]
    card: str
    faces: tuple[Face, ...] = ()
    faces_say: str = ""


def pending_of(step: Ask) -> Pending:
    """What an answer to the question may be."""
    meant = {intent for option in step.options for intent in option.intents}
    return step.pending or ("yes_no" if {"yes", "no"} <= meant else "choice")


AskStep = Ask | Pick | Pad | Card | Attract
Step = Ask | Pick | Pad | Card | Attract | Tell | Note | Fork | Perform | Call | Each | Goodbye
ASKING = (Ask, Pick, Pad, Card, Attract)


class Start(Piece, frozen=True, kw_only=True):
    """How an intent enters a flow. `put` are facts to begin with; `about` names the fact that gets the matter being
    talked about (slot `matter`, or the last topic). `takes` are slots of the utterance that become facts as they are
    ('' where they were not said). `again`: where the same is asked for once more with other details, the flow goes on
    from this step."""

    at: str = ""
    put: dict[str, Constant] = {}
    about: str = ""
    takes: tuple[str, ...] = ()
    again: str = ""


class Limit(Piece, frozen=True, kw_only=True):
    """A spoken number that becomes a fact is kept within these bounds; `told` is said when it had to be changed."""

    least: int
    most: int
    told: str = ""


class Flow(Piece, frozen=True, kw_only=True):
    """One file of assets/flows.

    kind   visit   attract, menu, goodbye: exactly one
           matter  something that is done; leaving it is asked about
           router  only finds out which matter is meant
           aside   an answer in the middle of a matter, which goes on afterwards
           part    walked by `call` steps only
    lasting  facts given by this flow's tasks stay until the end of the visit
    needs    facts that must be known where this flow is called
    stages   how many stones the progress line has; a part that has some shares those of its callers
    """

    flow: str
    kind: Literal["visit", "matter", "router", "aside", "part"]
    first: str
    steps: dict[str, Step]
    title: str = ""
    starts: dict[str, Start] = {}
    limits: dict[str, Limit] = {}
    needs: tuple[str, ...] = ()
    stages: int = 0
    lasting: bool = False


class Flows(msgspec.Struct, frozen=True):
    """All flows, proven by the loader. `starts` finds the flow of an intent; `tasks` is the counter's catalogue."""

    flows: dict[str, Flow]
    starts: dict[str, str]
    takes: dict[str, tuple[str, ...]]
    gives: dict[str, dict[str, tuple[str, ...]]]
    once: frozenset[str]
    money: frozenset[str]

    def step(self, flow: str, step: str) -> Step:
        return self.flows[flow].steps[step]

    @property
    def visit(self) -> Flow:
        return next(flow for flow in self.flows.values() if flow.kind == "visit")
