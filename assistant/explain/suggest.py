"""Questions to go on with: complete sentences that the reader understands by itself."""

from __future__ import annotations

from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.query import DimensionGroup, MetricQuery, MetricRef, TimeGroup
from semantic_layer.resolved import ResolvedQuery

MAX_SUGGESTIONS = 3


def suggestions(resolved: ResolvedQuery, manifest: Manifest) -> tuple[str, ...]:
    """At most three questions near the one answered."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or not isinstance(query.measures[0], MetricRef):
        return ()
    metric = manifest.metrics.get(query.measures[0].metric)
    if metric is None:
        return ()
    shown = {g.dimension for g in query.group_by if isinstance(g, DimensionGroup)}
    found = [f"各{label}{metric.label}是多少" for label in _spines(metric, manifest, shown)]
    if not any(isinstance(g, TimeGroup) for g in query.group_by):
        found.append(f"{metric.label}近12个月的走势")
    found.append(f"{metric.label}的口径是什么")
    return tuple(found[:MAX_SUGGESTIONS])


def _spines(metric: Metric, manifest: Manifest, shown: set[str]) -> list[str]:
    """Labels of short governed dimensions that the metric's dataset reaches directly."""
    definition = metric.definition
    if not isinstance(definition, Aggregate):
        return []
    dataset = manifest.datasets[definition.dataset]
    near = {dataset.name, *(j.to for j in dataset.joins)}
    return [
        d.label
        for d in manifest.dimensions.values()
        if d.field.spine and d.name not in shown and near & set(d.carriers)
    ][:1]
