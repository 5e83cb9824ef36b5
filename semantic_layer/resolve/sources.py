"""Which table serves each part of a query: its own, or the one with finer days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from semantic_layer.model import Aggregate, Manifest, Metric
from semantic_layer.model.expression import metric_names
from semantic_layer.problem import Problem
from semantic_layer.resolve.closure import leaves
from semantic_layer.resolve.paths import choose_path, lacks

_PARAMETER = re.compile(r"\{\w+\}")
Sources = Mapping[str, Metric]
"""Metric name → the aggregate that serves this query."""


def source_choices(
    manifest: Manifest, metrics: Iterable[str], dimensions: Mapping[str, str]
) -> tuple[Sources, ...] | Problem:
    """Ways to serve the metrics, the definitions' own tables first."""
    options: dict[str, tuple[Metric, ...]] = {}
    for name in metrics:
        for leaf in leaves(manifest, name):
            served = _serving(manifest, leaf, dimensions)
            if isinstance(served, Problem):
                return served
            options[leaf.name] = served
    depth = max((len(served) for served in options.values()), default=1)
    return tuple(
        {name: served[min(level, len(served) - 1)] for name, served in options.items()}
        for level in range(depth)
    )


def _serving(
    manifest: Manifest, leaf: Metric, dimensions: Mapping[str, str]
) -> tuple[Metric, ...] | Problem:
    """The metric over each of its tables that has all the dimensions."""
    found: list[Metric] = []
    first: Problem | None = None
    for definition in definitions(leaf):
        problem = _no_path(manifest, definition.dataset, dimensions)
        if problem is None:
            found.append(leaf if definition is leaf.definition else with_source(leaf, definition))
        first = first or problem
    if found or first is None:
        return tuple(found)
    if first.code != "dim_not_applicable":
        return first
    message = lacks(manifest, leaf.label, first.subject, first.candidates)
    return replace(first, message=message)


def _no_path(manifest: Manifest, dataset: str, dimensions: Mapping[str, str]) -> Problem | None:
    for dimension, at in dimensions.items():
        path = choose_path(manifest, dataset, dimension)
        if isinstance(path, Problem):
            return replace(path, at=at)
    return None


def definitions(leaf: Metric) -> tuple[Aggregate, ...]:
    """The aggregate and its stand-ins over other tables."""
    assert isinstance(leaf.definition, Aggregate)
    return (leaf.definition, *leaf.also)


def with_source(leaf: Metric, definition: Aggregate) -> Metric:
    """The same metric read from another table."""
    return replace(leaf, definition=definition)


def by_role(leaf: Metric, role: str | None, manifest: Manifest) -> Metric:
    """The metric counted by another of its dates: 到期日, 放款日.

    Of a snapshot table the last snapshot is read, so that nothing counts once per month.
    """
    definition = leaf.definition
    assert isinstance(definition, Aggregate)
    dataset = manifest.datasets[definition.dataset]
    field = dict(dataset.time_roles).get(role) if role is not None else None
    if field is None:
        return leaf
    if dataset.grain == "event":
        return with_source(leaf, replace(definition, time=field))
    return with_source(
        leaf,
        replace(definition, time=field, semi_additive=None, snapshot="latest", future=True),
    )


def chosen_sources(sources: Sources, manifest: Manifest) -> tuple[tuple[str, int], ...]:
    """(metric, position among its tables) for those that leave their own table."""
    positions = (
        (name, definitions(manifest.metrics[name]).index(leaf.definition))
        for name, leaf in sources.items()
    )
    return tuple((name, position) for name, position in positions if position)


def filtered_fields(sources: Sources) -> frozenset[str]:
    """Fields that the metrics' own filters are about."""
    filters = (
        leaf.definition.filter
        for leaf in sources.values()
        if isinstance(leaf.definition, Aggregate)
    )
    return frozenset(name for text in filters if text for name in _names(text))


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[str, ...]:
    return metric_names(_PARAMETER.sub("0", text))
