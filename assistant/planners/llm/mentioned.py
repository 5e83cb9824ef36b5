"""Which governed things a query of any kind speaks of, wherever in it they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from assistant.language.tokens import plain
from semantic_layer.query import (
    ChangeCondition,
    Condition,
    DimensionGroup,
    EntityQuery,
    EventCondition,
    MetricCondition,
    MetricRef,
    Query,
    SegmentCondition,
    Step,
    TimeGroup,
    TopMembership,
)


class Mentioned(NamedTuple):
    """Ids by what they are used for."""

    metrics: frozenset[str]
    groups: frozenset[str]
    """Dimensions and grains, of a list its columns."""
    filters: frozenset[str]
    """Dimensions."""
    sets: frozenset[str]
    events: frozenset[str]


def mentioned(query: Query) -> Mentioned:
    """Everything that the query names."""
    nodes = tuple(_nodes(query))
    figures = (MetricRef, MetricCondition, ChangeCondition, TopMembership)
    groups = {plain(n.dimension) for n in nodes if isinstance(n, DimensionGroup)}
    grains = {n.grain for n in nodes if isinstance(n, TimeGroup)}
    columns = set(query.attributes) if isinstance(query, EntityQuery) else set()
    happened = (e for n in nodes if isinstance(n, EventCondition) for e in (n.event, n.after) if e)
    return Mentioned(
        frozenset(n.metric for n in nodes if isinstance(n, figures)),
        frozenset((*groups, *grains, *map(plain, columns))),
        frozenset(plain(n.dimension) for n in nodes if isinstance(n, Condition)),
        frozenset(n.segment for n in nodes if isinstance(n, SegmentCondition)),
        frozenset((*happened, *(n.event for n in nodes if isinstance(n, Step)))),
    )


def _nodes(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
    elif is_dataclass(value):
        yield value
        for each in fields(value):
            yield from _nodes(getattr(value, each.name))
