"""What the compiler cannot do yet, found before anything else and refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from semantic_layer.query import (
    MetricQuery,
    Query,
    TimeGroup,
)


class Missing(NamedTuple):
    """Something that cannot be compiled yet."""

    at: str
    name: str
    """In Chinese."""


def missing_capability(query: Query) -> Missing | None:
    """The first thing in the query that cannot be compiled yet."""
    if not isinstance(query, MetricQuery):
        return None
    return next((Missing(at, name) for at, name in _missing(query)), None)


def _missing(query: MetricQuery) -> Iterator[tuple[str, str]]:
    yield from _missing_shapes(query)


def _missing_shapes(query: MetricQuery) -> Iterator[tuple[str, str]]:
    if query.limit and query.limit.others and _has_time(query):
        yield "limit", "按时间分组时的“其他”"
    if query.limit and query.limit.others and _has_several_values(query):
        yield "limit", "几段期间并列或逐期累计时的“其他”"


def _has_several_values(query: MetricQuery) -> bool:
    """More than one value per member, so that one row cannot hold the rest."""
    period = query.scope.period
    return query.window is not None or (period is not None and len(period.spans) > 1)


def _has_time(query: MetricQuery) -> bool:
    return any(isinstance(group, TimeGroup) for group in query.group_by)
