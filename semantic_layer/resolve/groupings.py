"""Groups that are no dimension: customers in bands of a metric, sets side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    BucketGroup,
    DimensionGroup,
    FunnelQuery,
    IntervalQuery,
    Membership,
    MetricQuery,
    MetricRef,
    Predicate,
    RetentionQuery,
    Scope,
    Set,
    SetGroup,
    TimeGroup,
)
from semantic_layer.resolve.bridges import refuse_crossing
from semantic_layer.resolve.conditions import bind_predicate, field_kind
from semantic_layer.resolve.flow_conditions import THIS_YEAR, flow_assumption, is_flow
from semantic_layer.resolve.names import find_dimension, find_metric
from semantic_layer.resolve.notes import Notes
from semantic_layer.resolve.paths import choose_path
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolve.rights import Rights
from semantic_layer.resolve.sets import entity_dataset, entity_dimension, moves, spelled_out
from semantic_layer.resolved import PathChoice, ResolvedGrouping, ResolvedQuery
from semantic_layer.snapshot import Snapshot

ResolveMetrics = Callable[[MetricQuery, Snapshot, Rights], ResolvedQuery]
GroupedQuery = MetricQuery | FunnelQuery | RetentionQuery | IntervalQuery
Q = TypeVar("Q", bound=GroupedQuery)
GROUPING = "#"
"""Marks a group of the query where a dimension stands: `#0`."""


def grouping_name(position: int) -> str:
    """How such a group is written where dimensions stand."""
    return f"{GROUPING}{position}"


def groupings(query: GroupedQuery) -> Iterator[tuple[int, BucketGroup | SetGroup]]:
    """The groups that are no dimension, with their positions."""
    for position, group in enumerate(query.group_by):
        if isinstance(group, BucketGroup | SetGroup):
            yield position, group


def band_name(group: BucketGroup, query: GroupedQuery) -> str:
    """The result column of bands, told apart from a dimension of that name beside them."""
    name = f"{group.of}_band"
    written = (g.dimension for g in query.group_by if isinstance(g, DimensionGroup))
    taken = any(dimension.rpartition(".")[2] == name for dimension in written)
    return f"{name}s" if taken else name


def entities_of(group: BucketGroup | SetGroup) -> tuple[str, ...]:
    """Who is put into bands or sets."""
    if isinstance(group, BucketGroup):
        return (group.entity,)
    return tuple(dict.fromkeys(set_.entity for set_ in group.sets))


def grouped_query(resolved: ResolvedQuery) -> GroupedQuery:
    """The query, which is one with groups."""
    assert isinstance(resolved.query, GroupedQuery)
    return resolved.query


def moving_groups(resolved: ResolvedQuery) -> frozenset[str]:
    """The bands and sets whose members depend on the period, written as dimensions."""
    measured = {known.position for known in resolved.groupings if known.query is not None}
    return frozenset(
        grouping_name(at)
        for at, group in groupings(grouped_query(resolved))
        if at in measured or (isinstance(group, SetGroup) and any(map(moves, group.sets)))
    )


def with_groups_spelled(query: Q, manifest: Manifest) -> Q:
    """The query with every governed segment in its groups as the set it stands for."""
    return _with_sets(query, lambda set_: _spelled(set_, manifest))


def _spelled(set_: Set, manifest: Manifest) -> Set:
    spelled = spelled_out(Membership(set_), manifest)
    assert isinstance(spelled, Membership)
    return spelled.set


def with_groups_bound(query: Q, snapshot: Snapshot) -> Q:
    """The query with the values in its sets as the database stores them."""

    def bound(set_: Set) -> Set:
        found = bind_predicate(Membership(set_), snapshot, "group_by")
        assert isinstance(found, Membership)
        return found.set

    return _with_sets(query, bound)


def _with_sets(query: Q, change: Callable[[Set], Set]) -> Q:
    if not any(isinstance(group, SetGroup) for group in query.group_by):
        return query
    groups = tuple(
        replace(group, sets=tuple(map(change, group.sets)))
        if isinstance(group, SetGroup)
        else group
        for group in query.group_by
    )
    return replace(query, group_by=groups)


def sets_of_groups(query: GroupedQuery, where: Predicate | None) -> Predicate | None:
    """The filter together with the sets that stand side by side, for what they need."""
    sets = [s for _, group in groupings(query) if isinstance(group, SetGroup) for s in group.sets]
    if not sets:
        return where
    members = tuple(Membership(set_) for set_ in dict.fromkeys(sets))
    every = (*members, where) if where is not None else members
    return And(every) if len(every) > 1 else every[0]


def check_groupings(query: GroupedQuery, manifest: Manifest) -> None:
    """Refuses bands without edges, and the same bands or two rows of sets side by side."""
    seen: set[str] = set()
    for position, group in groupings(query):
        at = f"group_by.{position}"
        if isinstance(group, BucketGroup):
            _check_bands(group, manifest, at)
            if group.of in seen:
                raise _refused("同一个指标只能分一次档;请只留一种分法。", at)
            seen.add(group.of)
        else:
            _check_sets(query, group, at)
            if "" in seen:
                raise _refused("并排的客群只能有一组;请把要比的客群放在一起。", at)
            seen.add("")


def _check_bands(group: BucketGroup, manifest: Manifest, at: str) -> None:
    ways = [bool(group.edges), group.width is not None, group.count is not None]
    if sum(ways) != 1:
        raise _refused("分档要给出分界点、每档宽度或档数,三者恰好一种。", at)
    if any(low >= high for low, high in pairwise(group.edges)):
        raise _refused("分档的分界点要从小到大,不能重复。", at)
    if (group.width is not None and group.width <= 0) or (
        group.count is not None and group.count < 2
    ):
        raise _refused("每档宽度要大于零,档数至少为 2。", at)
    if group.of in manifest.metrics or group.of not in manifest.dimensions:
        must(find_metric(manifest, group.of, at))


def _check_sets(query: GroupedQuery, group: SetGroup, at: str) -> None:
    if len(entities_of(group)) > 1:
        raise _refused("并列的客群要是同一种对象,例如都是客户。", at)
    labels = [set_label(group, number) for number in range(len(group.sets))]
    if len(set(labels)) < len(labels):
        raise _refused("并列的客群要有不同的名称。", at)
    if isinstance(query, MetricQuery) and query.share is not None:
        raise _refused("客群可能互相重叠,没有占比可言;可以看各客群的数。", at)


def set_label(group: SetGroup, position: int) -> str:
    """What a set is called."""
    return group.sets[position].label or f"人群{position + 1}"


def resolve_groupings(
    query: GroupedQuery,
    snapshot: Snapshot,
    rights: Rights,
    notes: Notes,
    resolve_metrics: ResolveMetrics,
    *,
    named: bool,
) -> tuple[ResolvedGrouping, ...]:
    """The metrics by which entities are put into bands, each as a query by entity."""
    found = []
    timed = any(isinstance(group, TimeGroup) for group in query.group_by)
    for position, group in groupings(query):
        if not isinstance(group, BucketGroup):
            continue
        if group.of in snapshot.manifest.metrics:
            scope = Scope(query.scope.period)
            if not named and not timed and is_flow(group.of, snapshot.manifest):
                scope = Scope(THIS_YEAR)
                label = snapshot.manifest.metrics[group.of].label
                notes.assumptions.append(flow_assumption(label))
            inner = _by_entity(group, scope, snapshot.manifest)
            resolved = replace(resolve_metrics(inner, snapshot, rights), people=())
            _check_one_figure(resolved, group, snapshot.manifest, f"group_by.{position}")
            found.append(ResolvedGrouping(position, resolved, None))
        else:
            found.append(ResolvedGrouping(position, None, _attribute(group, snapshot)))
    return tuple(found)


def _by_entity(group: BucketGroup, scope: Scope, manifest: Manifest) -> MetricQuery:
    groups = (DimensionGroup(entity_dimension(group.entity, manifest)),)
    return MetricQuery((MetricRef(group.of),), groups, scope, totals=False)


def _check_one_figure(
    resolved: ResolvedQuery, group: BucketGroup, manifest: Manifest, at: str
) -> None:
    """A metric defined per month gives one figure per month, and nobody lies in two bands."""
    if resolved.grain is not None:
        message = f"“{manifest.metrics[group.of].label}”按月定义,分档只能看一个月;请给出月份。"
        raise RefusedError(Problem("grain_not_available", message, at, group.of))


def _attribute(group: BucketGroup, snapshot: Snapshot) -> PathChoice:
    """How the entity's own number is reached."""
    manifest = snapshot.manifest
    dimension = must(find_dimension(manifest, group.of, "group_by"))
    own = entity_dataset(group.entity, manifest)
    hidden = dimension.field.sensitivity == "pii"
    if own is None or hidden or field_kind(snapshot, dimension.home, dimension.field) != "number":
        raise _refused(f"“{dimension.label}”不是数字,不能分档。", "group_by")
    path = must(choose_path(manifest, own.name, group.of), "group_by").path
    refuse_crossing(path, "group_by", "分档", manifest)
    return path


def overlap_note(query: GroupedQuery) -> Iterator[tuple[str, str]]:
    """Members of several sets count in each of them."""
    for _, group in groupings(query):
        if isinstance(group, SetGroup) and len(group.sets) > 1:
            yield "overlap", "同时属于几个客群的,在每个客群里都计算,各组相加不等于合计。"


def _refused(message: str, at: str) -> RefusedError:
    return RefusedError(Problem("invalid_query", message, at))
