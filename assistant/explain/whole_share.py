"""The share that 合计 has of itself, beside the shares of its parts."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.explain.numbers import is_number
from semantic_layer.query import MetricQuery, Query
from semantic_layer.result import Cell, ResultSet

WHOLE = 1.0


def totals_with_shares(query: Query, result: ResultSet) -> Mapping[str, Cell]:
    """The totals, each share of the one whole at 100 %; parts that overlap come to more."""
    return {**result.totals, **dict.fromkeys(_shares(query, result), WHOLE)}


def _shares(query: Query, result: ResultSet) -> tuple[str, ...]:
    """The columns with shares of 合计 itself: not of every period's or every parent's whole."""
    share = query.share if isinstance(query, MetricQuery) else None
    timed = any(column.kind == "time" for column in result.columns)
    if share is None or share.of != "total" or timed:
        return ()
    metrics = {c.metric: c.id for c in result.columns if c.kind == "metric" and c.show == "value"}
    return tuple(
        column.id
        for at, column in enumerate(result.columns)
        if column.show == "share"
        and column.base is None
        and is_number(result.totals.get(metrics.get(column.metric, "")))
        and any(is_number(row[at]) for row in result.rows)
    )
