"""Zero because the rows can never exist: 股票 among bank transactions. Not an answer, a mistake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Literal

from assistant.context import Context
from assistant.language.predicate_text import condition_text
from assistant.probing import probed
from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import (
    And,
    Condition,
    Everything,
    MetricQuery,
    MetricRef,
    Period,
    Predicate,
    Query,
    Scope,
)
from semantic_layer.resolve.availability import dataset_of
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import ResultSet
from semantic_layer.snapshot import Snapshot

MAX_TRIED, MAX_OFFERED = 12, 3
LIKE = 0.4
"""How much two names must have in common for one to be offered instead of the other."""
ALONE = "alone"
"""Marks a candidate that is asked for without the condition."""


def never_together(
    query: Query, resolved: ResolvedQuery, result: ResultSet, context: Context
) -> Problem | None:
    """Why an answer of nothing would mislead: no row of that kind was ever recorded."""
    if not isinstance(query, MetricQuery) or not _is_nothing(result):
        return None
    for levels in _levels(query.scope.where, context.snapshot):
        if _has_members(levels, context) is False:
            return _no_such_member(levels, context.snapshot.manifest)
    conditions = tuple(_asked(query.scope.where, context.snapshot))
    if not conditions:
        return None
    for metric in _counted(resolved, context.snapshot):
        for group in _alike(conditions, context.snapshot):
            if _has_rows(metric, group, context) is False:
                return _problem(query, metric, group, context)
    return None


def can_never_be(query: Query, resolved: ResolvedQuery, context: Context) -> bool:
    """Whether no row of that kind was ever recorded, told before the query is run."""
    if not isinstance(query, MetricQuery) or not context.run_sql:
        return False
    conditions = tuple(_asked(query.scope.where, context.snapshot))
    return any(
        _has_rows(metric, group, context) is False
        for metric in _counted(resolved, context.snapshot)
        for group in _alike(conditions, context.snapshot)
    )


def _levels(where: Predicate | None, snapshot: Snapshot) -> Iterator[tuple[Condition, ...]]:
    """Conditions on several levels of what opens and closes: a branch and an outlet, by role."""
    found: dict[tuple[str, str], list[Condition]] = {}
    for part in where.children if isinstance(where, And) else ():
        if isinstance(part, Condition) and part.op == "in":
            role, _, name = part.dimension.rpartition(".")
            home = snapshot.manifest.dimensions[name].home
            if snapshot.manifest.datasets[home].lifetime is not None:
                found.setdefault((role, home), []).append(part)
    yield from (tuple(levels) for levels in found.values() if len(levels) > 1)


def _has_members(levels: tuple[Condition, ...], context: Context) -> bool | None:
    """Whether any outlet is one of that branch; None: it cannot be told."""
    names = [condition.dimension.rpartition(".")[2] for condition in levels]
    home = context.snapshot.manifest.dimensions[names[0]].home
    members = Metric("members_ever", "机构", Aggregate(home, "count"), "家")
    where = And(tuple(map(_without_role, levels, names)))
    asked = MetricQuery((MetricRef(members.name),), (), Scope(None, where), totals=False)
    rows = probed(asked, (members,), context, None)
    return None if rows is None else any(bool(cell) for row in rows for cell in row)


def _without_role(condition: Condition, name: str) -> Condition:
    return replace(condition, dimension=name)


def _no_such_member(levels: tuple[Condition, ...], manifest: Manifest) -> Problem:
    told = [f"“{condition_text(condition, manifest)}”" for condition in levels]
    message = f"条件{'和'.join(told)}互相矛盾:没有同时符合的机构,不会有结果;请去掉其中一个。"
    return Problem("contradictory_filter", message, "scope.where", levels[-1].dimension)


def _is_nothing(result: ResultSet) -> bool:
    """No row, or nothing but zeros and gaps."""
    figures = [i for i, c in enumerate(result.columns) if c.kind == "metric" and c.show == "value"]
    cells = [row[i] for row in result.rows for i in figures]
    return all(cell is None or cell == 0 for cell in cells)


def _asked(where: Predicate | None, snapshot: Snapshot) -> Iterator[Condition]:
    """Conditions on values that every row fulfils; an outlet without business is no mistake."""
    if isinstance(where, And):
        for child in where.children:
            yield from _asked(child, snapshot)
    elif isinstance(where, Condition) and where.op == "in":
        known = snapshot.manifest.dimensions.get(where.dimension.rpartition(".")[2])
        if known is None or known.field.sensitivity == "pii":
            return
        if snapshot.manifest.datasets[known.home].lifetime is None:
            yield where


def _alike(conditions: Sequence[Condition], snapshot: Snapshot) -> Iterator[tuple[Condition, ...]]:
    """Each condition, then those about one thing together: 产品线 and 产品类型."""
    for condition in conditions:
        yield (condition,)
    homes: dict[str, list[Condition]] = {}
    for condition in conditions:
        known = snapshot.manifest.dimensions[condition.dimension.rpartition(".")[2]]
        homes.setdefault(known.home, []).append(condition)
    yield from (tuple(group) for group in homes.values() if len(group) > 1)


def _counted(resolved: ResolvedQuery, snapshot: Snapshot) -> Iterator[Metric]:
    """The aggregates behind the figures."""
    for name in resolved.metrics:
        metric = snapshot.manifest.metrics.get(name)
        if metric is not None and isinstance(metric.definition, Aggregate):
            yield metric


def _has_rows(metric: Metric, conditions: tuple[Condition, ...], context: Context) -> bool | None:
    """Whether the metric ever had anything under the conditions; None: it cannot be told."""
    counted = _probes(metric)
    where: Predicate = And(conditions) if len(conditions) > 1 else conditions[0]
    timed = context.snapshot.manifest.datasets[dataset_of(metric)].time is not None
    scope = Scope(Period((Everything(),)) if timed else None, where)
    measures = tuple(MetricRef(probe.name) for probe in counted)
    rows = probed(MetricQuery(measures, (), scope, totals=False), counted, context, None)
    return None if rows is None else any(bool(cell) for row in rows for cell in row)


def _probes(metric: Metric) -> tuple[Metric, ...]:
    """Rows are counted; of money both extremes are looked at, as rows may all hold zero."""
    own = metric.definition
    assert isinstance(own, Aggregate)
    if own.agg == "sum" and metric.unit == "CNY" and own.expr is not None:
        ends: tuple[Literal["min", "max"], ...] = ("min", "max")
        return tuple(
            Metric(
                f"{end}_ever",
                metric.label,
                Aggregate(own.dataset, end, own.expr, own.filter),
                "CNY",
            )
            for end in ends
        )
    return (
        Metric("rows_ever", metric.label, Aggregate(own.dataset, "count", filter=own.filter), "行"),
    )


def _problem(
    query: MetricQuery, metric: Metric, conditions: tuple[Condition, ...], context: Context
) -> Problem:
    manifest = context.snapshot.manifest
    assert isinstance(metric.definition, Aggregate)
    table = manifest.datasets[metric.definition.dataset].label
    what = "金额" if metric.unit == "CNY" else "记录"
    kind = "、".join(condition_text(condition, manifest) for condition in conditions)
    asked = next((m.metric for m in query.measures if isinstance(m, MetricRef)), metric.name)
    asked_for = manifest.metrics[asked]
    every = (
        *_of_its_own(asked_for, conditions, manifest),
        *_instead(asked_for, conditions, context),
    )
    offered = tuple({candidate.id: candidate for candidate in reversed(every)}.values())[::-1]
    hint = "请换一个指标或去掉这个条件。"
    message = f"“{metric.label}”所用的{table}里从来没有{kind}的{what},答0会误导;{hint}"
    return Problem("value_not_in_data", message, "scope.where", asked, offered)


def _instead(
    asked: Metric, conditions: tuple[Condition, ...], context: Context
) -> Iterator[Candidate]:
    """Metrics of the same unit and a like name that do have such rows."""
    likely = [
        (SequenceMatcher(None, asked.label, metric.label).ratio(), metric)
        for metric in context.snapshot.manifest.metrics.values()
        if metric.name != asked.name
        and metric.unit == asked.unit
        and isinstance(metric.definition, Aggregate)
    ]
    likely = sorted((pair for pair in likely if pair[0] >= LIKE), key=lambda p: -p[0])
    offered = 0
    for _, metric in likely[:MAX_TRIED]:
        if offered < MAX_OFFERED and _has_rows(metric, conditions, context):
            offered += 1
            yield Candidate(metric.name, metric.label)


def _of_its_own(
    asked: Metric, conditions: tuple[Condition, ...], manifest: Manifest
) -> Iterator[Candidate]:
    """Metrics that count just such values by their own definition: 股基交易额 for 股票."""
    values = [f"'{value}'" for condition in conditions for value in condition.values]
    for metric in manifest.metrics.values():
        own = metric.definition
        rows = own.filter or "" if isinstance(own, Aggregate) else ""
        like = SequenceMatcher(None, asked.label, metric.label).ratio() >= LIKE
        if metric.unit == asked.unit and like and any(value in rows for value in values):
            yield Candidate(metric.name, metric.label, ALONE)
