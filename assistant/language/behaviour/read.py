"""What people did, as a query: recognised before metrics are looked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from assistant.language.assemble.build import Built
from assistant.language.assemble.run import Assembled
from assistant.language.behaviour.events import NEWCOMERS
from assistant.language.behaviour.funnel import WHOLE, funnel
from assistant.language.behaviour.interval import interval
from assistant.language.behaviour.line import Line, cut_line
from assistant.language.behaviour.path import path
from assistant.language.behaviour.plan import BehaviourQuery, Plan
from assistant.language.behaviour.retention import retention
from assistant.language.behaviour.scope import in_scope, problems_of, sketch_of
from assistant.language.behaviour.sequence import are_linked, refuse_strays
from assistant.language.behaviour.words import UNMISTAKABLE
from assistant.language.catalogue import Catalogue
from assistant.language.choose import Choice, Variant, variants
from assistant.language.decide import Attempt, Decision, Resolve, decide
from assistant.language.tokens import EventName
from semantic_layer.query import PathQuery, Step
from semantic_layer.resolved import Assumption

KINDS = (path, retention, interval, funnel)
MOST_PICKED = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to a behaviour query."""

    text: str
    catalogue: Catalogue
    as_of: date
    remembered: Mapping[str, str]
    scoped: bool


def read_behaviour(asked: Asked, resolve: Resolve) -> Decision | None:
    """The query, or the doubt about it; None: the question asks for no behaviour."""
    if not UNMISTAKABLE.search(asked.text):
        return None
    line = cut_line(asked.text, asked.catalogue, asked.as_of)
    if line is None:
        return None
    plan = _plan(line)
    if plan is None or _is_governed(line, plan):
        return None
    _take_actors(line)
    refuse_strays(line, plan)
    attempts = list(_attempts(asked, line, plan))
    return decide(attempts, resolve, asked.catalogue) if attempts else None


def _plan(line: Line) -> Plan | None:
    """By the first kind that recognises its words."""
    for kind in KINDS:
        plan = kind(line)
        if plan is not None:
            return plan
        line.owners.clear()
    return None


def _is_governed(line: Line, plan: Plan) -> bool:
    """A metric's name that holds the word asking wins, unless events around it say otherwise."""
    outside = [at for at in plan.places if not _in_a_name(line, at)]
    if not line.governed:
        return False
    if plan.kind == "funnel" and any(not _in_a_name(line, at) for at in line.places(*WHOLE)):
        return False
    if plan.kind == "retention":
        nth = [at for at in line.places("nth", "nth_or_month") if not _in_a_name(line, at)]
        return not outside and not nth
    return not outside or not are_linked(line, list(plan.places), listed=True)


def _in_a_name(line: Line, at: int) -> bool:
    token = line.tokens[at]
    return any(start <= token.start and token.end <= end for start, end in line.governed)


def _take_actors(line: Line) -> None:
    """开户客户, 用户的路径: who acts is told by the events."""
    for at, token in enumerate(line.tokens):
        if at in line.owners or token.names or not line.is_word(at, "noun", "head"):
            continue
        before = at - 1
        while before >= 0 and line.is_word(before, "of", "filler") and before not in line.owners:
            before -= 1
        if before < 0 or before in line.owners or (at + 1 in line.owners and before in line.owners):
            line.own(at, "行为主体")
    for at in line.places("actor"):
        line.own(at, "行为主体")
    for at in range(len(line.tokens)):
        if line.is_word(at, "conj", "break") and at - 1 in line.owners and at + 1 in line.owners:
            line.own(at)


def _attempts(asked: Asked, line: Line, plan: Plan) -> Iterator[Attempt]:
    tokens, owners = line.left(), line.owners
    for picked in list(_picked(asked, line, plan))[:MOST_PICKED]:
        for variant in variants(tokens, asked.catalogue, asked.remembered):
            sketch = sketch_of(
                variant.tokens, owners, asked.catalogue, asked.as_of, scoped=asked.scoped
            )
            left = problems_of(sketch)
            built = tuple(
                Built(_by_actor(in_scope(shape, sketch), line), shape.label)
                for shape in plan.make(picked.names)
            )
            yield Attempt(
                Variant(variant.tokens, (*variant.choices, *picked.choices), variant.assumptions),
                Assembled(
                    variant.tokens, sketch.owners, built if not left else (),
                    (*left, *plan.faults, *sketch.faults),
                    (*plan.questions, *sketch.questions),
                    (*picked.assumptions, *plan.assumptions, *sketch.assumptions),
                    sketch.doubt * 0.97 ** len(plan.assumptions),
                ),
            )  # fmt: skip


def _by_actor(query: BehaviourQuery, line: Line) -> BehaviourQuery:
    """Whom the events are counted by, if it was said."""
    said = [word.arg for at in line.places("actor") if (word := line.role(at, "actor"))]
    if not said or isinstance(query, PathQuery):
        return query
    return replace(query, entity=said[0])


@dataclass(frozen=True, slots=True)
class _Picked:
    names: tuple[EventName, ...]
    choices: tuple[Choice, ...]
    assumptions: tuple[Assumption, ...]


def _picked(asked: Asked, line: Line, plan: Plan) -> Iterator[_Picked]:
    """Every way to take the events named, each of them once."""
    sure = {line.events(at)[0].step for at in plan.places if len(line.events(at)) == 1}
    options = [_options(line.events(at), sure) for at in plan.places]
    for names in product(*options):
        choices, assumptions = [], []
        for at, name, among in zip(plan.places, names, options, strict=True):
            word = line.tokens[at].text
            if len(among) > 1:
                settled = asked.remembered.get(word) == name.step.event
                choices.append(Choice(at, word, name.step.event, name.label, "value", settled))
            elif name.via == "short" or word.startswith(NEWCOMERS):
                assumptions.append(Assumption("steps", f"“{word}”按事件“{name.label}”"))
        settled_words = {c.word for c in choices if c.word in asked.remembered}
        if any(c.word in settled_words and not c.settled for c in choices):
            continue
        yield _Picked(names, tuple(choices), tuple(assumptions))


def _options(names: tuple[EventName, ...], sure: set[Step]) -> tuple[EventName, ...]:
    """发起绑卡到绑卡: what is a step already is not meant once more."""
    if len(names) == 1:
        return names
    return tuple(name for name in names if name.step not in sure) or names
