"""Which members are listed: those with rows, and all members of a spine.

Members are listed by a spine only when every grouped dimension has one, no metric's own
filter is about it, and it is not the dimension that a set chooses. Conditions on the table
of the members choose members; the others only choose rows of theirs.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from slow_reading.filters import holds
from slow_reading.periods import definition
from slow_reading.predicates import conditions_of, conjuncts, sets_of
from slow_reading.question import Question
from slow_reading.rows import Way, shown
from slow_reading.world import RefusedError

from semantic_layer.model.expression import metric_names
from semantic_layer.query import Predicate

Group = tuple[Any, ...]


def is_spined(question: Question) -> bool:
    """Whether members without rows are listed."""
    names = question.groups
    plain = [name.rpartition(".")[2] for name in names]
    if any(name[0] in "@#" for name in names):
        return False
    if {s.entity for s in sets_of(question.query.scope.where)} & set(names):
        return False
    about = {
        name
        for leaf in question.sources.values()
        for text in [definition(leaf).filter]
        if text
        for name in metric_names(text.replace("{", "").replace("}", ""))
    }
    if about & set(plain):
        return False
    fields = [question.world.manifest.dimensions[name].field for name in plain]
    if not all(field.spine for field in fields):
        return False
    try:
        for carrier, _ in spines(question):
            question.reader.rows(carrier)
    except RefusedError:
        return False
    return bool(names)


def first_dataset(question: Question) -> str:
    """The dataset from which the members are seen."""
    return definition(next(iter(question.sources.values()))).dataset


def spines(question: Question) -> dict[tuple[str, Way], list[str]]:
    """Grouped dimensions by the table that lists them and the way to it."""
    start = first_dataset(question)
    found: dict[tuple[str, Way], list[str]] = {}
    for name in question.groups:
        way = question.reader.way(start, name)
        found.setdefault((way[-1].to if way else start, way), []).append(name)
    return found


def binding_parts(question: Question, dataset: str, where: Predicate | None) -> list[Predicate]:
    """The conditions that choose members."""
    if not question.spined:
        return []
    del dataset
    return [
        part
        for (_, way), names in spines(question).items()
        for part in conjuncts(where)
        if _is_about(question, part, way, names)
    ]


def _is_about(question: Question, part: Predicate, way: Way, names: list[str]) -> bool:
    conditions = list(conditions_of(part))
    if not conditions or any(True for _ in sets_of(part)):
        return False
    start = first_dataset(question)
    for condition in conditions:
        to = question.reader.way(start, condition.dimension)
        if to[: len(way)] != way or not (way or condition.dimension in names):
            return False
    return True


def spine_members(question: Question) -> list[Group]:
    """Every combination of members that is listed without rows."""
    tables = []
    for (carrier, way), names in spines(question).items():
        tables.append((names, _members(question, carrier, way, names)))
    found = []
    for combination in product(*(members for _, members in tables)):
        by_name = {
            name: value
            for (names, _), values in zip(tables, combination, strict=True)
            for name, value in zip(names, values, strict=True)
        }
        found.append(tuple(by_name[name] for name in question.groups))
    return found


def _members(question: Question, carrier: str, way: Way, names: list[str]) -> set[Group]:
    reader, found = question.reader, set()
    chosen = [
        part
        for part in conjuncts(question.query.scope.where)
        if _is_about(question, part, way, names)
    ]
    for row in reader.rows(carrier):
        values = [reader.value(carrier, row, name.rpartition(".")[2]) for name in names]
        if None in values or not _is_alive(question, carrier, row):
            continue
        if all(_holds_from(question, carrier, row, part, way) for part in chosen):
            pairs = zip(names, values, strict=True)
            found.add(tuple(shown(question.world, name, value) for name, value in pairs))
    return found


def _holds_from(question: Question, carrier: str, row: Any, part: Predicate, way: Way) -> bool:
    """A condition seen from the table of the members."""

    class FromHere:
        world = question.world

        def dimension(self, dataset: str, at: Any, name: str) -> Any:
            to = question.reader.way(first_dataset(question), name)[len(way) :]
            end, found = question.reader.follow(dataset, at, to)
            return question.reader.value(end, found, name.rpartition(".")[2])

    return holds(FromHere(), carrier, row, part, lambda _: frozenset())  # type: ignore[arg-type]


def _is_alive(question: Question, carrier: str, row: Any) -> bool:
    """Opened by the end of the period, not closed before it began."""
    lifetime = question.world.dataset(carrier).lifetime
    if lifetime is None:
        return True
    opened, closed = (
        None if n is None else question.reader.value(carrier, row, n) for n in lifetime
    )
    point = question.seen.point
    starts = [days.end if point else days.start for _, days, _ in question.spans]
    end = max(days.end for _, days, _ in question.spans)
    if lifetime[0] is not None and (opened is None or opened > end):
        return False
    return closed is None or closed > min(starts)
