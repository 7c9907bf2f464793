"""Reads assets/flows/*.yaml and proves them: what a flow file promises holds in every order of events.

    flows = load(assets / "flows", TASKS, sentences)     the kiosk: raises DataError for the first fault
    check(assets, TASKS, sentences)                       the technician: all faults as sentences

The loader knows the counter's tasks by their shape only (see TaskShape).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from kiosk.dialogue import flow as fl
from kiosk.dialogue.facts import facts_problems
from kiosk.dialogue.questions import MOST_CHOICES
from kiosk.dialogue.repair import COMMANDS
from kiosk.dialogue.wording import OWN, SHOWN, expansions, said_keys, shown_keys
from kiosk.fund.datafile import convert
from kiosk.fund.errors import DataError
from kiosk.ports.data_files import read_yaml

#: Steps that the engine itself goes to.
VISIT_STEPS = ("attract", "menu", "matter_done", "goodbye")


class TaskShape(Protocol):
    """What the loader needs to know of a task of the counter."""

    @property
    def takes(self) -> tuple[str, ...]: ...
    @property
    def gives(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def once(self) -> bool: ...
    @property
    def money(self) -> bool: ...
    @property
    def progress(self) -> tuple[str, ...]: ...


class Book(Protocol):
    """What the loader needs to know of the sentences."""

    def __contains__(self, key: str) -> bool: ...
    def is_said(self, key: str) -> bool: ...
    def file_of(self, key: str) -> str: ...
    def slots(self, key: str) -> frozenset[str]: ...
    def __iter__(self) -> Iterator[str]: ...


def read(folder: Path, tasks: Mapping[str, TaskShape]) -> fl.Flows:
    """The flow files' form only. Raises DataError."""
    flows: dict[str, fl.Flow] = {}
    starts: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        one = convert(read_yaml(path), fl.Flow, f"{path.name}: ")
        if one.flow != path.stem:
            raise DataError(f"{path.name}: flow", f"流程的名字要和文件名一样，请写“{path.stem}”。")
        flows[one.flow] = one
        for intent in one.starts:
            if intent in starts:
                raise DataError(f"{path.name}: starts.{intent}", f"流程“{starts[intent]}”已经负责它了，只能有一个。")
            starts[intent] = one.flow
    if [one.kind for one in flows.values()].count("visit") != 1:
        raise DataError(folder.name, "要有而且只能有一个 kind 是 visit 的流程。")
    return fl.Flows(flows, starts, {name: task.takes for name, task in tasks.items()},
                    {name: {**task.gives, "failed": ()} for name, task in tasks.items()},
                    frozenset(name for name, task in tasks.items() if task.once),
                    frozenset(name for name, task in tasks.items() if task.money))


def load(folder: Path, tasks: Mapping[str, TaskShape], book: Book) -> fl.Flows:
    """Read and prove. Raises DataError with the first problem."""
    flows = read(folder, tasks)
    for problem in problems(flows, tasks, book):
        where, _, sentence = problem.rpartition(": ")
        raise DataError(where, sentence)
    return flows


def check(assets: Path, tasks: Mapping[str, TaskShape], book: Book) -> list[str]:
    """All problems of assets/flows as "file: path: sentence"; also sentences that nobody uses."""
    try:
        flows = read(assets / "flows", tasks)
    except DataError as fault:
        return [fault.sentence]
    used = {*OWN, *SHOWN, *(f"intent.{intent}" for intent in _guessable(flows))}
    for one in flows.flows.values():
        for key in (*_step_keys(one), one.title, *(limit.told for limit in one.limits.values())):
            used.update(expansions(one, key, flows))
    icons = _icon_problems(flows, assets / "icons")
    unused = [f"{book.file_of(key)}: sentences.{key}: 没有地方用到这一句，可以删掉。" for key in book if key not in used]
    return [*problems(flows, tasks, book), *icons, *unused]


def _icon_problems(flows: fl.Flows, folder: Path) -> list[str]:
    """Pictures that buttons ask for and that are not there."""
    return [f"{one.flow}.yaml: steps.{name}.options.{option.id}.icon: assets/icons 里没有 {option.icon}.svg 这张图。"
            for one in flows.flows.values() for name, step in one.steps.items() if isinstance(step, fl.ASKING)
            for option in step.options if option.icon and not (folder / f"{option.icon}.svg").is_file()]


def problems(flows: fl.Flows, tasks: Mapping[str, TaskShape], book: Book) -> list[str]:
    """Everything that is wrong with flows of the right form."""
    found = [f"{book.file_of(key)}: sentences.{key}: 缺这一句，程序自己要说。"
             for key in OWN if key not in book or not book.is_said(key)]
    found += [f"{book.file_of(key)}: sentences.{key}: 缺这一句，屏幕上要用。" for key in SHOWN if key not in book]
    found += [f"{book.file_of(intent)}: sentences.intent.{intent}: 缺这一句，问“您是说……吗”时要用。"
              for intent in _guessable(flows) if f"intent.{intent}" not in book]
    for one in flows.flows.values():
        for checker in (_shape, _targets, _reach, _circles, _tasks, _money, _questions, _sentences):
            found += [f"{one.flow}.yaml: {where}: {sentence}" for where, sentence in checker(one, flows, tasks, book)]
    if not found:  # only flows that hold together can be followed
        found += facts_problems(flows, book)
    return found


Fault = tuple[str, str]


def _guessable(flows: fl.Flows) -> tuple[str, ...]:
    return (*flows.starts, *COMMANDS, "dialect")


def _step_keys(one: fl.Flow) -> Iterator[str]:
    for step in one.steps.values():
        yield from said_keys(step)
        yield from shown_keys(step)


# ------------------------------------------------------------------ edges


def edges(step: fl.Step) -> Iterator[tuple[str, str]]:
    """(path inside the step, target) of everything that leads on."""
    if isinstance(step, fl.ASKING):
        for option in step.options:
            yield f"options.{option.id}.go", option.go
        if step.detail:
            yield "detail_next", step.detail_next
    if isinstance(step, (fl.Pick, fl.Pad, fl.Card, fl.Tell, fl.Note, fl.Call)):
        yield "next", step.next
    if isinstance(step, fl.Ask) and step.next:
        yield "next", step.next
    if isinstance(step, fl.Card):
        yield "fault", step.fault
    if isinstance(step, fl.Each):
        yield "next", step.next
        yield "over", step.over
    if isinstance(step, fl.Fork):
        yield "then", step.then
        yield "otherwise", step.otherwise
    if isinstance(step, fl.Perform):
        for outcome, target in step.outcomes.items():
            yield f"outcomes.{outcome}", target


def entries(one: fl.Flow) -> tuple[str, ...]:
    """Steps where the flow may be entered from outside."""
    engine = VISIT_STEPS if one.kind == "visit" else ()
    return tuple(dict.fromkeys((one.first, *(start.at for start in one.starts.values() if start.at), *engine)))


# ------------------------------------------------------------------ checkers: (flow, flows, tasks, book) -> faults


def _shape(one: fl.Flow, flows: fl.Flows, _t: object, _b: object) -> Iterator[Fault]:
    if one.first not in one.steps:
        yield "first", f"没有“{one.first}”这一步。"
    for intent, start in one.starts.items():
        for where, target in (("at", start.at), ("again", start.again)):
            if target and target not in one.steps:
                yield f"starts.{intent}.{where}", f"没有“{target}”这一步。"
    if one.kind == "visit":
        for name in VISIT_STEPS:
            if name not in one.steps:
                yield "steps", f"少了“{name}”这一步，来访总要有它。"
    if one.kind == "part" and one.starts:
        yield "starts", "part 只能由别的流程用 call 走进来，不能有 starts。"
    for name, step in one.steps.items():
        stage = getattr(step, "stage", 0)
        if stage > one.stages:
            yield f"steps.{name}.stage", f"第{stage}步超过了 stages 写的{one.stages}步。"


def _targets(one: fl.Flow, flows: fl.Flows, _t: object, _b: object) -> Iterator[Fault]:
    for name, step in one.steps.items():
        for path, target in edges(step):
            where = f"steps.{name}.{path}"
            if target.startswith("start:{"):
                continue  # the fact is followed in facts.py; what it may hold is the business of who gives it
            if target.startswith("start:"):
                if target.removeprefix("start:") not in flows.starts:
                    yield where, f"没有流程负责“{target.removeprefix('start:')}”。"
            elif target.startswith("@"):
                if target not in fl.PLACES:
                    yield where, f"不认识“{target}”，可以写：{'、'.join(sorted(fl.PLACES))}。"
                elif target == "@return" and one.kind not in ("part", "aside"):
                    yield where, "只有 part 和 aside 才能 @return。"
            elif target not in one.steps:
                yield where, f"没有“{target}”这一步，请检查名字。"
        if isinstance(step, fl.Call) and (step.flow not in flows.flows or flows.flows[step.flow].kind != "part"):
            yield f"steps.{name}.flow", f"没有叫“{step.flow}”的 part 流程。"
        elif isinstance(step, fl.Call) and flows.flows[step.flow].stages not in (0, one.stages):
            yield (f"steps.{name}.flow", f"“{step.flow}”的 stages 是{flows.flows[step.flow].stages}，"
                                         f"这里是{one.stages}，要一样。")


def _reach(one: fl.Flow, flows: fl.Flows, _t: object, _b: object) -> Iterator[Fault]:
    """Every step can be come to, and every step has a way out."""
    onward = {name: {target for _, target in edges(step)} for name, step in one.steps.items()}
    reached: set[str] = set()
    todo = [name for name in entries(one) if name in one.steps]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += [target for target in onward[name] if target in one.steps]
    for name in one.steps:
        if name not in reached:
            yield f"steps.{name}", "没有一步会走到这里，请删掉它，或者让别的步骤指过来。"
    leaving = {name for name, step in one.steps.items()
               if isinstance(step, fl.Goodbye) or any(t.startswith(("@", "start:")) for t in onward[name])}
    while True:
        more = {name for name in one.steps if name not in leaving and onward[name] & leaving}
        if not more:
            break
        leaving |= more
    for name in one.steps:
        if name not in leaving:
            yield f"steps.{name}", "从这一步走不出去，请给它一个出口，例如 @next 或 @menu。"


def _circles(one: fl.Flow, flows: fl.Flows, _t: object, _b: object) -> Iterator[Fault]:
    """A circle of steps that neither ask nor do anything would never end."""
    for name, step in one.steps.items():
        seen, todo = set(), [name]
        while todo:
            here = one.steps.get(todo.pop())
            if not isinstance(here, (fl.Tell, fl.Note, fl.Fork, fl.Each)):
                continue
            for _, target in edges(here):
                if target == name:
                    yield f"steps.{name}", "这几步自己绕圈子，中间没有问来办事的人。"
                    todo.clear()
                    break
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        if isinstance(step, fl.Perform) and name in step.outcomes.values():
            yield f"steps.{name}.outcomes", "办完又回到自己，会一直重复，请先问一问。"


def _tasks(one: fl.Flow, flows: fl.Flows, tasks: Mapping[str, TaskShape], _b: object) -> Iterator[Fault]:
    for name, step in one.steps.items():
        if not isinstance(step, fl.Perform):
            continue
        where = f"steps.{name}"
        task = tasks.get(step.task)
        if task is None:
            yield f"{where}.task", f"柜台没有“{step.task}”这件事。"
            continue
        expected, given = {*task.gives, "failed"}, set(step.outcomes)
        for outcome in sorted(expected - given):
            yield f"{where}.outcomes", f"少了结果“{outcome}”：碰到它时到哪一步？"
        for outcome in sorted(given - expected):
            yield f"{where}.outcomes.{outcome}", f"“{step.task}”没有这个结果，可以写：{'、'.join(sorted(expected))}。"
        if task.once and not step.once:
            yield where, "这一步动钱或者打印，必须写 once: true。"
        if step.once and not task.once:
            yield f"{where}.once", "这一步不动钱也不打印，不要写 once。"
        for report in step.progress:
            if report not in task.progress:
                allowed = "、".join(task.progress) or "（无）"
                yield f"{where}.progress.{report}", f"“{step.task}”不会报告这个，可以写：{allowed}。"


def _money(one: fl.Flow, flows: fl.Flows, _t: object, _b: object) -> Iterator[Fault]:
    """Money moves only after an explicit yes given directly before."""
    moving = {name for name, step in one.steps.items() if isinstance(step, fl.Perform) and step.task in flows.money}
    for entry in entries(one):
        if entry in moving:
            yield f"steps.{entry}", "动钱的一步不能是第一步，要先得到明确的同意。"
    for name, step in one.steps.items():
        explicit = {f"options.{o.id}.go" for o in step.options if o.explicit} if isinstance(step, fl.ASKING) else set()
        for path, target in edges(step):
            if target in moving and path not in explicit:
                yield f"steps.{name}.{path}", "通向动钱的一步，只能经过写了 explicit: true 的按钮。"


def _questions(one: fl.Flow, flows: fl.Flows, _t: object, _b: object) -> Iterator[Fault]:
    for name, step in one.steps.items():
        if not isinstance(step, fl.ASKING):
            continue
        where = f"steps.{name}"
        if not step.say and not isinstance(step, fl.Attract):
            yield f"{where}.say", "这一步没有话说，看不见屏幕的人不知道要做什么。"
        if len(step.options) > MOST_CHOICES:
            yield f"{where}.options", f"有{len(step.options)}个按钮，最多{MOST_CHOICES}个，请分成两问。"
        if isinstance(step, fl.Ask) and not step.options:
            yield f"{where}.options", "这一问没有按钮，按屏幕的人走不下去。"
        yield from _option_faults(where, step)
        if isinstance(step, fl.Ask):
            if step.rows_from and not step.rows_say:
                yield f"{where}.rows_say", "屏幕上列出的内容，外放时说什么？请写 rows_say。"
            if bool(step.into) != bool(step.next) or (step.into and step.pending not in ("amount", "number", "sum", "words")):
                yield f"{where}.into", "into 和 next 要一起写，并且 pending 是 amount、number、sum 或者 words。"
            if step.screen == "preview" and not step.document:
                yield f"{where}.document", "预览的图在哪个事实里？请写 document。"


def _option_faults(where: str, step: fl.AskStep) -> Iterator[Fault]:
    ids = [option.id for option in step.options]
    intents = [intent for option in step.options for intent in option.intents]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"{where}.options", f"有两个按钮都叫“{twice}”。"
    for twice in sorted({each for each in intents if intents.count(each) > 1}):
        yield f"{where}.options", f"“{twice}”同时是两个按钮的意思，请只留一个。"
    for option in step.options:
        if option.id in COMMANDS:
            yield f"{where}.options.{option.id}", "这个名字是机器自己的口令，请换一个。"
        if option.explicit and not (isinstance(step, fl.Ask) and fl.pending_of(step) == "yes_no" and "yes" in option.intents):
            yield (f"{where}.options.{option.id}.explicit",
                   "明确的同意要在 pending: yes_no 的问题里，并且 intents 有 yes。")
    answers = {"yes", "no"} & set(intents)
    if isinstance(step, fl.Ask) and (step.pending == "yes_no" or answers) and len(answers) < 2:
        yield f"{where}.options", "问“是不是”的时候，要有一个按钮是 yes，一个是 no。"


def _sentences(one: fl.Flow, flows: fl.Flows, _t: object, book: Book) -> Iterator[Fault]:
    for title in expansions(one, one.title, flows) if one.title else ():
        if title not in book:
            yield "title", f"句子文件里没有“{title}”。"
    for name, step in one.steps.items():
        for key in dict.fromkeys(said_keys(step)):
            for expanded in expansions(one, key, flows):
                if expanded not in book:
                    yield f"steps.{name}", f"句子文件里没有“{expanded}”。"
                elif not book.is_said(expanded):
                    yield f"steps.{name}", f"“{expanded}”只给屏幕用，看不见的人听不到，请加 public。"
        for key in dict.fromkeys(shown_keys(step)):
            for expanded in expansions(one, key, flows):
                if expanded not in book:
                    yield f"steps.{name}", f"句子文件里没有“{expanded}”。"
