"""A fragment completed to a sentence with the metric, and if need be the group, of the last query.

The sentence is read like any other; what it says beyond the completion is what the fragment said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from assistant.language.names_text import dimension_name, metric_name
from assistant.reading import OwnedToken, ReadingOption
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Arithmetic,
    DimensionGroup,
    Measure,
    MetricQuery,
    MetricRef,
    Query,
)
from semantic_layer.resolved import Assumption


class Heard(NamedTuple):
    """How a sentence was read."""

    query: Query | None
    problem: Problem | None
    options: tuple[ReadingOption, ...]
    assumptions: tuple[Assumption, ...]
    tokens: tuple[OwnedToken, ...]
    confidence: float
    chart: str | None
    names_metric: bool
    """Whether any word may name a metric."""


Listen = Callable[[str], Heard]


class Completed(NamedTuple):
    """The sentence as read, and whether the fragment named its metric itself."""

    heard: Heard
    names_metric: bool


def completed(rest: str, previous: MetricQuery, manifest: Manifest, listen: Listen) -> Completed:
    """The first completion that can be read; the first one that asks back; else the first."""
    alone = listen(rest)
    if isinstance(alone.query, MetricQuery) or alone.options:
        return Completed(alone, names_metric=True)
    asking: Heard | None = None
    first: Heard | None = None
    for sentence in _sentences(rest, previous, manifest):
        heard = listen(sentence)
        if isinstance(heard.query, MetricQuery):
            return Completed(heard, names_metric=False)
        asking = asking or (heard if heard.options else None)
        first = first or heard
    return Completed(asking or first or alone, names_metric=False)


def _sentences(rest: str, previous: MetricQuery, manifest: Manifest) -> Iterator[str]:
    metric = first_metric(previous.measures[0])
    if metric is None:
        return
    label = metric_name(metric, manifest)
    yield f"{rest}的{label}"
    yield f"{label}{rest}"
    yield f"{rest}{label}"
    for group in previous.group_by:
        if isinstance(group, DimensionGroup):
            each = f"各{dimension_name(group.dimension, manifest)}"
            yield f"{each}{label}{rest}"
            yield f"{label}{rest}的{each[1:]}"


def first_metric(measure: Measure) -> str | None:
    """The first governed metric within a measure."""
    if isinstance(measure, MetricRef):
        return measure.metric
    if isinstance(measure, Arithmetic):
        return first_metric(measure.left) or first_metric(measure.right)
    return None
