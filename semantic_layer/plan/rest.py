"""其他: what is left beside the members listed, whole or within every group that is kept."""

from __future__ import annotations

from dataclasses import replace

from semantic_layer.plan.build import by_some_groups, group_dimensions
from semantic_layer.query import MetricQuery, Share, TimeGroup
from semantic_layer.resolved import ResolvedQuery, metric_query


def kept_positions(query: MetricQuery) -> tuple[int, ...]:
    """The groups within which there is a rest of its own: those with their own first ones, time."""
    assert query.limit is not None
    times = {at for at, group in enumerate(query.group_by) if isinstance(group, TimeGroup)}
    return tuple(sorted(times.union(query.limit.partition_by)))


def rest_of(resolved: ResolvedQuery) -> ResolvedQuery:
    """The query whose rows, without the members listed, are 其他."""
    query = metric_query(resolved)
    fewer = by_some_groups(resolved, kept_positions(query))
    share = _share_of_rest(query, metric_query(fewer))
    return replace(fewer, query=replace(metric_query(fewer), share=share), spines=())


def _share_of_rest(query: MetricQuery, fewer: MetricQuery) -> Share | None:
    """The same whole as beside the rows; none where the rest is not told apart by it."""
    share = query.share
    if share is None or share.of != "parent":
        return share
    groups, kept = group_dimensions(query), group_dimensions(fewer)
    parents = groups[:-1]
    if share.dimension in groups:
        parents = groups[: groups.index(share.dimension) + 1]
    if not parents or kept[: len(parents)] != parents:
        return None
    return replace(share, dimension=parents[-1])
