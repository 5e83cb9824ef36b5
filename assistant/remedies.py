"""Near queries that can be answered when the one asked cannot: one rule per problem code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from assistant.never_together import ALONE
from assistant.reading import ReadingOption
from semantic_layer.model import Aggregate, Manifest
from semantic_layer.problem import Candidate, Problem, ProblemCode
from semantic_layer.query import (
    And,
    Condition,
    DimensionGroup,
    Grain,
    Latest,
    Measure,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Period,
    Predicate,
    Query,
    TimeGroup,
    value_from_json,
)
from semantic_layer.resolve.closure import leaves
from semantic_layer.resolve.conditions import conditions_in

Rule = Callable[[Problem, MetricQuery, Manifest], Iterator[ReadingOption]]


def remedies(problem: Problem, query: Query, manifest: Manifest) -> tuple[ReadingOption, ...]:
    """Changed queries with a label; each still has to resolve."""
    rule = _RULES.get(problem.code)
    if rule is None or not isinstance(query, MetricQuery):
        return ()
    return tuple(rule(problem, query, manifest))


def _latest_period(
    problem: Problem, query: MetricQuery, manifest: Manifest
) -> Iterator[ReadingOption]:
    """What the sentence says can be seen: the newest period like the one asked for."""
    role = query.scope.period.role if query.scope.period else None
    for candidate in problem.candidates[:1]:
        near: Period = value_from_json(Period, candidate.id)
        changed = replace(query.scope, period=replace(near, role=role))
        yield ReadingOption(f"看{candidate.label}", replace(query, scope=changed))
    if not problem.candidates:
        latest = Period((Latest(),), role=role)
        yield ReadingOption(
            "看最新的数据", replace(query, scope=replace(query.scope, period=latest))
        )


def _other_role(
    problem: Problem, query: MetricQuery, manifest: Manifest
) -> Iterator[ReadingOption]:
    for candidate in problem.candidates:
        changed = _with_dimension(query, problem.subject, candidate.id)
        if candidate.detail in manifest.metrics:
            measure = _one_measure(changed, candidate.detail)
            if measure is not None:
                yield ReadingOption(candidate.label, measure)
            continue
        yield ReadingOption(candidate.label, changed, word=problem.subject, choice=candidate.id)


def _one_measure(query: MetricQuery, metric: str) -> MetricQuery | None:
    """The same question about another metric, if it is about one only."""
    return replace(query, measures=(MetricRef(metric),)) if len(query.measures) == 1 else None


def _one_at_a_time(
    problem: Problem, query: MetricQuery, manifest: Manifest
) -> Iterator[ReadingOption]:
    """Each metric alone; by what its own table declares (终端), where that has the values."""
    if query.order or query.having:
        return
    for candidate in problem.candidates:
        measure = query.measures[int(candidate.id)]
        alone = replace(query, measures=(measure,))
        own = _of_its_own(measure, problem.subject, query.scope.where, manifest)
        swapped = _with_dimension(alone, problem.subject, own) if own else alone
        yield ReadingOption(candidate.label, swapped)


def _of_its_own(
    measure: Measure, dimension: str, where: Predicate | None, manifest: Manifest
) -> str | None:
    """A field of the metric's own table that governs every value asked for."""
    if not isinstance(measure, MetricRef):
        return None
    asked = {v for c in conditions_in(where) if c.dimension == dimension for v in c.values}
    tables = {
        leaf.definition.dataset
        for leaf in leaves(manifest, measure.metric)
        if isinstance(leaf.definition, Aggregate)
    }
    for table in tables if len(tables) == 1 else ():
        for field in manifest.datasets[table].fields:
            if asked and asked <= {value.value for value in field.values}:
                return field.name
    return None


def _other_value(
    problem: Problem, query: MetricQuery, manifest: Manifest
) -> Iterator[ReadingOption]:
    where = query.scope.where
    if where is None:
        return
    for candidate in problem.candidates:
        changed = _with_value(where, problem.subject, candidate)
        yield ReadingOption(
            candidate.label, replace(query, scope=replace(query.scope, where=changed))
        )


def _other_metric(
    problem: Problem, query: MetricQuery, manifest: Manifest
) -> Iterator[ReadingOption]:
    for candidate in problem.candidates:
        measures = tuple(
            replace(m, metric=candidate.id)
            if isinstance(m, MetricRef) and m.metric == problem.subject
            else m
            for m in query.measures
        )
        scope = query.scope
        if candidate.detail == ALONE and isinstance(scope.where, Condition):
            scope = replace(scope, where=None)
        yield ReadingOption(candidate.label, replace(query, measures=measures, scope=scope))


def _coarser_grain(
    problem: Problem, query: MetricQuery, manifest: Manifest
) -> Iterator[ReadingOption]:
    for candidate in problem.candidates:
        groups = tuple(
            replace(g, grain=cast(Grain, candidate.id)) if isinstance(g, TimeGroup) else g
            for g in query.group_by
        )
        yield ReadingOption(f"按{candidate.label}看", replace(query, group_by=groups))


def _without_group(
    problem: Problem, query: MetricQuery, manifest: Manifest
) -> Iterator[ReadingOption]:
    groups = tuple(
        g
        for g in query.group_by
        if not (isinstance(g, DimensionGroup) and g.dimension == problem.subject)
    )
    if len(groups) == len(query.group_by) or query.limit or query.order or query.having:
        return
    yield ReadingOption("不按它拆分,只看合计", replace(query, group_by=groups, share=None))


_RULES: Mapping[ProblemCode, Rule] = {
    "no_data_yet": _latest_period,
    "ambiguous_path": _other_role,
    "ambiguous_phrase": _one_at_a_time,
    "unknown_value": _other_value,
    "ambiguous_value": _other_value,
    "unknown_metric": _other_metric,
    "ambiguous_metric": _other_metric,
    "value_not_in_data": _other_metric,
    "grain_not_available": _coarser_grain,
    "dim_not_applicable": _without_group,
}


def _with_dimension(query: MetricQuery, old: str, new: str) -> MetricQuery:
    groups = tuple(
        DimensionGroup(new) if isinstance(g, DimensionGroup) and g.dimension == old else g
        for g in query.group_by
    )
    where = query.scope.where
    changed = _map_conditions(where, lambda c: _renamed(c, old, new)) if where else None
    share, focus = query.share, query.focus
    return replace(
        query,
        group_by=groups,
        scope=replace(query.scope, where=changed),
        share=replace(share, dimension=new) if share and share.dimension == old else share,
        focus=replace(focus, dimension=new) if focus and focus.dimension == old else focus,
    )


def _renamed(condition: Condition, old: str, new: str) -> Condition:
    return replace(condition, dimension=new) if condition.dimension == old else condition


def _with_value(where: Predicate, old: str, candidate: Candidate) -> Predicate:
    def swap(condition: Condition) -> Condition:
        values = tuple(candidate.id if str(v) == old else v for v in condition.values)
        return replace(condition, values=values)

    return _map_conditions(where, swap)


def _map_conditions(where: Predicate, change: Callable[[Condition], Condition]) -> Predicate:
    if isinstance(where, Condition):
        return change(where)
    if isinstance(where, And | Or):
        return replace(where, children=tuple(_map_conditions(c, change) for c in where.children))
    if isinstance(where, Not):
        return replace(where, child=_map_conditions(where.child, change))
    return where
