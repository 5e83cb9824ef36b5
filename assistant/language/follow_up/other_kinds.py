"""Follow-ups after a funnel, a retention, a path, an interval or a list: 那9月呢, 只看私行, 取前50.

Such a query shares its time, its filter and mostly its groups with queries of metrics. A stand-in
with the number of those concerned is changed instead; what changed is carried over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.language.ranks import find_ranks
from semantic_layer.model import Aggregate, Manifest
from semantic_layer.query import (
    And,
    EntityQuery,
    FunnelQuery,
    IntervalQuery,
    MetricQuery,
    MetricRef,
    PathQuery,
    Predicate,
    Query,
    RetentionQuery,
    Scope,
)

KINDS: dict[type[Any], str] = {
    FunnelQuery: "漏斗", RetentionQuery: "留存", PathQuery: "路径", IntervalQuery: "间隔",
    EntityQuery: "名单",
}  # fmt: skip
CARRIED = ("scope", "group_by")


def kind_text(query: Query) -> str:
    """What kind of answer it was."""
    return KINDS.get(type(query), "上一问")


def ways_text(query: Query) -> str:
    """What of it can be changed in few words."""
    listed = isinstance(query, EntityQuery | PathQuery)
    return f"换时间、加减筛选、{'换条数' if listed else '换分组'}"


def stand_in_for(previous: Query, manifest: Manifest) -> MetricQuery | None:
    """The number of those concerned, with the time, the filter and the groups of the query."""
    metric = _counted(previous, manifest)
    if metric is None:
        return None
    scope = previous.scope
    if isinstance(previous, EntityQuery):
        where = _joined((*_parts(previous.set.where), *_parts(scope.where)))
        scope = Scope(scope.period, where)
    groups = () if isinstance(previous, EntityQuery | PathQuery) else previous.group_by
    return MetricQuery((MetricRef(metric),), groups, scope)


def carried(previous: Query, before: MetricQuery, after: MetricQuery) -> Query | None:
    """The query with what changed in its stand-in; None: that is no part of such a query."""
    kept: dict[str, Any] = {slot: getattr(before, slot) for slot in CARRIED}
    if replace(after, **kept) != before:
        return None
    if isinstance(previous, EntityQuery | PathQuery):
        if after.group_by:
            return None
        if isinstance(previous, EntityQuery):
            if after.scope.where is None:
                return None
            members = replace(previous.set, where=after.scope.where)
            return replace(previous, set=members, scope=Scope(after.scope.period))
        return replace(previous, scope=after.scope)
    if isinstance(previous, MetricQuery):
        return after
    return replace(previous, scope=after.scope, group_by=after.group_by)


def resized(previous: Query, rest: str) -> Query | None:
    """取前50: as many of a list or of paths, in the order that it has."""
    rank = next((found.rank for found in find_ranks(rest) if len(rest) == found.end), None)
    if rank is None or rank.count is None or rank.nth or rank.arg != "top":
        return None
    if isinstance(previous, EntityQuery):
        return replace(previous, limit=rank.count)
    return replace(previous, top=rank.count) if isinstance(previous, PathQuery) else None


def _counted(previous: Query, manifest: Manifest) -> str | None:
    """The flow that counts those who act: 新增客户数 reads its time as days, not as an end."""
    said = getattr(previous, "entity", None)
    entity = previous.set.entity if isinstance(previous, EntityQuery) else said
    labels = [
        dataset.label
        for dataset in manifest.datasets.values()
        if dataset.entity and len(dataset.key) == 1 and entity in (None, dataset.entity)
    ]
    counts = [
        metric.name
        for metric in manifest.metrics.values()
        if isinstance(metric.definition, Aggregate)
        and not (metric.hidden or metric.is_stock)
        and any(label in metric.label and metric.label.endswith("数") for label in labels)
    ]
    return next(iter(counts), None)


def _parts(where: Predicate | None) -> tuple[Predicate, ...]:
    if where is None:
        return ()
    return where.children if isinstance(where, And) else (where,)


def _joined(parts: tuple[Predicate, ...]) -> Predicate | None:
    return And(parts) if len(parts) > 1 else next(iter(parts), None)
