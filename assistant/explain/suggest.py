"""Questions to go on with: complete sentences that the reader understands by itself."""

from __future__ import annotations

from assistant.language.periods_text import span_text
from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.query import DimensionGroup, MetricQuery, MetricRef, TimeGroup
from semantic_layer.resolved import ResolvedQuery

MAX_CANDIDATES = 6


def suggestions(resolved: ResolvedQuery, manifest: Manifest) -> tuple[str, ...]:
    """Questions near the one answered, likeliest first; each is still to be tried."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or not isinstance(query.measures[0], MetricRef):
        return ()
    metric = manifest.metrics.get(query.measures[0].metric)
    if metric is None:
        return ()
    shown = {g.dimension for g in query.group_by if isinstance(g, DimensionGroup)}
    by_time = any(isinstance(g, TimeGroup) for g in query.group_by)
    when = span_text(resolved.spans[0]) if resolved.spans and not by_time else ""
    spines = _spines(metric, manifest, shown)
    found = [f"{when}各{label}{metric.label}是多少" for label in spines[:2]]
    if when and not query.compare:
        found.insert(1, f"{when}{metric.label}同比")
    if not by_time:
        found.append(f"{metric.label}近12个月的走势")
    found.append(f"{metric.label}的口径是什么")
    return tuple(found[:MAX_CANDIDATES])


def _spines(metric: Metric, manifest: Manifest, shown: set[str]) -> list[str]:
    """Labels of short governed dimensions that the metric's dataset reaches directly.

    The coarsest levels of hierarchies come first: 分行 before 卡种. Of what is made of several
    metrics there are only these.
    """
    tops = {hierarchy.levels[0] for hierarchy in manifest.hierarchies}
    definition = metric.definition
    near = set(tops)
    if isinstance(definition, Aggregate):
        dataset = manifest.datasets[definition.dataset]
        tables = {dataset.name, *(join.to for join in dataset.joins)}
        near = {d.name for d in manifest.dimensions.values() if tables & set(d.carriers)}
    found = [
        d
        for d in manifest.dimensions.values()
        if d.field.spine and d.name in near and d.name not in shown
    ]
    return [d.label for d in sorted(found, key=lambda d: d.name not in tops)]
