"""Amounts over time inside a set: over which days they are counted when nobody says so.

A balance is judged at the point asked for. An amount needs a range: 交易金额超过5万的客户数 counts
customers at a month end, by what they moved this year so far.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from semantic_layer.model import Manifest
from semantic_layer.query import (
    And,
    ChangeCondition,
    Edge,
    Membership,
    MetricCondition,
    MetricQuery,
    Not,
    Or,
    Period,
    Predicate,
    Relative,
    SetGroup,
    TimeGroup,
    TopMembership,
)
from semantic_layer.resolve.defaults import asked_metrics, metric_default
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolved import Assumption

Leaf = MetricCondition | ChangeCondition | TopMembership
SAME_PERIOD = ("average", "target")
"""Bases that are figures of the period itself."""
THIS_YEAR = Period((Relative("year", to_date=True, anchor="data"),))


def with_flow_periods(query: MetricQuery, manifest: Manifest, notes: Notes) -> MetricQuery:
    """The query with a period in each condition on an amount, when its own figures are points."""
    where = query.scope.where
    if where is None and not any(isinstance(group, SetGroup) for group in query.group_by):
        return query
    period = _range_of(query, manifest)
    if period is None:
        return query

    def dated(leaf: Leaf) -> Leaf:
        metric = manifest.metrics.get(leaf.metric)
        if metric is None or not _needs_period(leaf) or not is_flow(leaf.metric, manifest):
            return leaf
        if query.scope.period is None:
            notes.assumptions.append(flow_assumption(metric.label))
        return replace(leaf, period=period)

    changed = _mapped(where, dated) if where is not None else None
    groups = tuple(
        replace(
            group,
            sets=tuple(replace(set_, where=_mapped(set_.where, dated)) for set_ in group.sets),
        )
        if isinstance(group, SetGroup)
        else group
        for group in query.group_by
    )
    return replace(query, group_by=groups, scope=replace(query.scope, where=changed))


def is_flow(name: str, manifest: Manifest) -> bool:
    """Whether the metric counts what happens over time, year to date unless said otherwise."""
    return metric_default(manifest.metrics[name], manifest) == "year_to_date"


def flow_assumption(label: str) -> Assumption:
    """What is told when a condition on an amount names no time."""
    return Assumption("period", f"没有说时间,“{label}”按本年累计")


def _range_of(query: MetricQuery, manifest: Manifest) -> Period | None:
    """The days amounts are counted over; None: those of the query's own periods."""
    if any(isinstance(group, TimeGroup) for group in query.group_by):
        return None
    known = [name for name in asked_metrics(query) if name in manifest.metrics]
    if any(is_flow(name, manifest) for name in known):
        return None
    asked = query.scope.period
    if asked is None:
        return THIS_YEAR
    if len(asked.spans) > 1 or any(c.base not in SAME_PERIOD for c in query.compare):
        return None
    span = asked.spans[0]
    whole = span.of if isinstance(span, Edge) and span.side == "end" else span
    return replace(asked, spans=(whole,))


def _needs_period(leaf: Leaf) -> bool:
    runs = isinstance(leaf, MetricCondition) and leaf.in_a_row is not None
    return leaf.period is None and not runs


def _mapped(predicate: Predicate, change: Callable[[Leaf], Leaf]) -> Predicate:
    match predicate:
        case MetricCondition() | ChangeCondition() | TopMembership():
            return change(predicate)
        case And() | Or():
            children = tuple(_mapped(child, change) for child in predicate.children)
            return replace(predicate, children=children)
        case Not():
            return Not(_mapped(predicate.child, change))
        case Membership():
            inner = replace(predicate.set, where=_mapped(predicate.set.where, change))
            return Membership(inner)
    return predicate
