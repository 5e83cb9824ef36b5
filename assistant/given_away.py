"""除飞行员外的客户数 beside 客户数 is the number of pilots: hidden where they are too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.context import Context
from assistant.probing import probed
from semantic_layer.model import Aggregate, Metric
from semantic_layer.query import (
    And,
    Condition,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Not,
    Predicate,
    Query,
    Scope,
)
from semantic_layer.resolve.conditions import conditions_in, parts_of
from semantic_layer.resolve.small_groups import is_personal
from semantic_layer.resolved import ResolvedQuery, metric_query
from semantic_layer.result import Cell, Notice, ResultSet, Suppressed

PROBE = "people_given_away"
HIDDEN = Suppressed.SMALL_GROUP
Keys = frozenset[tuple[Cell, ...]]


def without_given_away(
    query: Query, resolved: ResolvedQuery, result: ResultSet, context: Context
) -> ResultSet:
    """The result without values from which a member about too few people could be worked out."""
    least = context.snapshot.min_group_size
    if not isinstance(query, MetricQuery) or least <= 1 or not resolved.people:
        return result
    asked = metric_query(resolved)
    small = {key for part in _splitting(asked, context) for key in _small(part, resolved, context)}
    if not small:
        return result
    text = f"由它和其余的数可以倒推出不足{least}人的一组,涉及个人特征,不显示数值(***)。"
    return _hidden(query, resolved, result, frozenset(small), Notice("suppressed", text))


def _splitting(query: MetricQuery, context: Context) -> Iterator[MetricQuery]:
    """Per condition that leaves members out or adds them up: the people of each such member."""
    parts = parts_of(query.scope.where)
    for place, part in enumerate(parts):
        others = parts[:place] + parts[place + 1 :]
        for condition in conditions_in(part):
            negated = isinstance(part, Not) or condition.op == "not_in"
            listed = condition.op in ("in", "not_in") and (negated or len(condition.values) > 1)
            if not listed or not is_personal(context.snapshot.manifest, condition.dimension):
                continue
            named = Condition(condition.dimension, "in", condition.values)
            groups = (*query.group_by, DimensionGroup(condition.dimension))
            yield MetricQuery(
                (MetricRef(PROBE),),
                tuple(dict.fromkeys(groups)),
                Scope(query.scope.period, _all((*others, named))),
                totals=False,
            )


def _all(parts: tuple[Predicate, ...]) -> Predicate:
    return And(parts) if len(parts) > 1 else parts[0]


def _small(
    asked: MetricQuery, resolved: ResolvedQuery, context: Context
) -> Iterator[tuple[Cell, ...]]:
    """The groups of the answer in which a member has some people, but too few."""
    least = context.snapshot.min_group_size
    for people in _people(resolved, context):
        rows = probed(asked, (people,), context, context.principal) or ()
        for *groups, count in rows:
            if isinstance(count, int) and 1 <= count < least:
                yield tuple(groups)


def _people(resolved: ResolvedQuery, context: Context) -> Iterator[Metric]:
    """The people behind every aggregate, each table and filter once."""
    keys = {
        path.dataset: ".".join((*path.joins, path.field))
        for path in resolved.paths
        if (path.dataset, path.dimension) in resolved.people
    }
    seen: set[Aggregate] = set()
    for name in resolved.metrics:
        metric = context.snapshot.manifest.metrics.get(name)
        own = metric.definition if metric is not None else None
        if not isinstance(own, Aggregate) or own.dataset not in keys:
            continue
        counted = Aggregate(
            own.dataset, "distinct", keys[own.dataset], own.filter, own.time,
            own.semi_additive, flow=own.flow,
        )  # fmt: skip
        if counted not in seen:
            seen.add(counted)
            yield Metric(PROBE, "人数", counted, "人")


def _hidden(
    query: MetricQuery, resolved: ResolvedQuery, result: ResultSet, small: Keys, notice: Notice
) -> ResultSet:
    """Row by row where the groups tell the rows; else everything. No sum stays beside a gap."""
    plain = all(isinstance(group, DimensionGroup) for group in query.group_by)
    by_row = bool(query.group_by) and plain and len(resolved.spans) == 1
    count = len(query.group_by)
    keys = {key[:count] for key in small}
    return replace(
        result,
        rows=tuple(
            _masked(row, result) if not by_row or row[:count] in keys else row
            for row in result.rows
        ),
        totals=dict.fromkeys(result.totals, HIDDEN),
        others=dict.fromkeys(result.others, HIDDEN),
        subtotals=tuple(_masked(row, result) for row in result.subtotals),
        warnings=(*result.warnings, notice),
    )


def _masked(row: tuple[Cell, ...], result: ResultSet) -> tuple[Cell, ...]:
    return tuple(
        cell if column.kind in ("dimension", "time") else HIDDEN
        for cell, column in zip(row, result.columns, strict=True)
    )
