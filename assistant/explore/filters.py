"""Conditions to change, to take away and to add; members that the asker may see and that occur."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.explore.choice import Choice
from assistant.explore.groups import conjuncts, dimension_order
from assistant.explore.trial import Trial
from assistant.language.names_text import dimension_name
from assistant.language.predicate_text import condition_text, predicate_text
from assistant.pipeline import answer_query
from assistant.reading import Reading
from semantic_layer.query import (
    And,
    Change,
    Condition,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Predicate,
    Query,
)
from semantic_layer.result import Cell, Suppressed

MOST_MEMBERS = 2_000
"""More are no list to choose from."""


def condition_name(condition: Predicate, trial: Trial) -> tuple[str, str]:
    """分行, 银川分行: what a chip says; conditions of other kinds are one phrase."""
    if isinstance(condition, Condition) and condition.op == "in":
        name = dimension_name(condition.dimension, trial.manifest)
        text = condition_text(condition, trial.manifest)
        return name, text.removeprefix(f"{name}为")
    return "条件", predicate_text(condition, trial.manifest)


def removal(condition: Predicate, trial: Trial) -> Iterator[Choice]:
    """The query without this condition."""
    kept = tuple(c for c in conjuncts(trial.query.scope.where) if c != condition)
    name, text = condition_name(condition, trial)
    changes = [Change("clear", "where")]
    changes += [Change("add", "where", other) for other in kept]
    yield from trial.offer("去掉这个条件", *changes, step=f"不限{name}" if text else "去掉条件")


def filter_dimensions(query: Query, trial: Trial) -> tuple[tuple[str, str], ...]:
    """(dimension, label) of what the figure can be narrowed by, and has members to list."""
    taken = {c.dimension for c in conjuncts(query.scope.where) if isinstance(c, Condition)}
    return tuple(
        (name, dimension_name(name, trial.manifest))
        for name in dimension_order(trial.manifest)
        if name not in taken and _can_narrow(name, trial)
    )


def _can_narrow(name: str, trial: Trial) -> bool:
    seen = trial.context.sight.members(trial.context.principal, name)
    return len(seen) > 1 and narrowed(name, seen[:1], trial) is not None


def narrowed(dimension: str, values: tuple[str, ...], trial: Trial) -> Choice | None:
    """Only these members; None when there is no answer for them."""
    if not values:
        return None
    condition = Condition(dimension, "in", values)
    name, text = condition_name(condition, trial)
    change = Change("set", "where", condition)
    step = f"只看{text}" if len(values) <= 3 else f"只看{len(values)}个{name}"
    return next(trial.offer(text, change, step=step), None)


def members(dimension: str, trial: Trial) -> tuple[str, ...]:
    """The members with rows under the other conditions; those the asker may see, at least."""
    found = _with_rows(dimension, trial)
    if found is None:
        found = trial.context.sight.members(trial.context.principal, dimension)
    return found[:MOST_MEMBERS]


def _with_rows(dimension: str, trial: Trial) -> tuple[str, ...] | None:
    """Members whose figure is not nothing; None where that cannot be asked."""
    query = trial.query
    if not isinstance(query, MetricQuery) or not isinstance(query.measures[0], MetricRef):
        return None
    plain = _by_members(query, query.measures[0], dimension)
    if trial.resolved(plain) is None:
        return None
    answer = answer_query(plain, Reading(), trial.context).answer
    if answer.outcome != "answer" or answer.truncated:
        return None
    return tuple(str(row[0]) for row in answer.rows if row[0] is not None and not _is_none(row[1]))


def _by_members(query: MetricQuery, measure: MetricRef, dimension: str) -> MetricQuery:
    kept = tuple(
        c
        for c in conjuncts(query.scope.where)
        if not (isinstance(c, Condition) and c.dimension == dimension)
    )
    where = And(kept) if len(kept) > 1 else next(iter(kept), None)
    scope = replace(query.scope, where=where)
    return MetricQuery((measure,), (DimensionGroup(dimension),), scope, totals=False)


def _is_none(cell: Cell) -> bool:
    return cell is None or isinstance(cell, Suppressed) or cell == 0
