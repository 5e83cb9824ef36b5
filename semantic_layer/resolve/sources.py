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
from semantic_layer.resolve.paths import Chosen, choose_path

_PARAMETER = re.compile(r"\{\w+\}")
Sources = Mapping[str, Metric]
"""Metric name → the aggregate that serves this query."""


def source_choices(
    manifest: Manifest, metrics: Iterable[str], dimensions: Iterable[str]
) -> tuple[Sources, ...] | Problem:
    """Ways to serve the metrics, the definitions' own tables first."""
    wanted = tuple(dimensions)
    options: dict[str, tuple[Metric, ...]] = {}
    for name in metrics:
        for leaf in leaves(manifest, name):
            served = _serving(manifest, leaf, wanted)
            if isinstance(served, Problem):
                return served
            options[leaf.name] = served
    depth = max((len(served) for served in options.values()), default=1)
    return tuple(
        {name: served[min(level, len(served) - 1)] for name, served in options.items()}
        for level in range(depth)
    )


def _serving(
    manifest: Manifest, leaf: Metric, dimensions: tuple[str, ...]
) -> tuple[Metric, ...] | Problem:
    """The metric over each of its tables that has all the dimensions."""
    found: list[Metric] = []
    first: Problem | None = None
    for definition in definitions(leaf):
        paths = [choose_path(manifest, definition.dataset, d) for d in dimensions]
        problem = next((path for path in paths if not isinstance(path, Chosen)), None)
        if problem is None:
            found.append(leaf if definition is leaf.definition else with_source(leaf, definition))
        first = first or problem
    if found or first is None:
        return tuple(found)
    return replace(first, message=f"指标“{leaf.label}”:{first.message}")


def definitions(leaf: Metric) -> tuple[Aggregate, ...]:
    """The aggregate and its stand-ins over other tables."""
    assert isinstance(leaf.definition, Aggregate)
    return (leaf.definition, *leaf.also)


def with_source(leaf: Metric, definition: Aggregate) -> Metric:
    """The same metric read from another table."""
    return replace(leaf, definition=definition)


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
