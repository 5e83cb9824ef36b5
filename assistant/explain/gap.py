"""Two members side by side: 手机银行比柜面高1,000.00万元(+50.00%)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.explain.numbers import display_of, is_number
from semantic_layer.query import And, Condition, DimensionGroup, MetricQuery
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Column

FRACTIONS = frozenset({"percent", "permyriad", "%", "‱"})


def gap_text(resolved: ResolvedQuery, column: Column, rows: Sequence[tuple[str, Cell]]) -> str:
    """By how much the one of the two members named is above the other; empty for others."""
    if len(rows) != 2 or not _names_two(resolved) or not all(is_number(v) for _, v in rows):
        return ""
    (low, less), (high, more) = sorted(rows, key=lambda row: Decimal(str(row[1])))
    base, difference = Decimal(str(less)), Decimal(str(more)) - Decimal(str(less))
    if difference == 0:
        return ""
    if column.unit in FRACTIONS:
        said = display_of(replace(column, show="pp"), [difference]).text(difference)
        return f";{high}比{low}高{said}"
    said = display_of(column, [difference]).text(difference)
    rate = replace(column, show="rate", format=None)
    grown = difference / base if base > 0 else None
    also = f"({display_of(rate, [grown]).text(grown, signed=True)})" if grown is not None else ""
    return f";{high}比{low}高{said}{also}"


def _names_two(resolved: ResolvedQuery) -> bool:
    """Whether the only group is a dimension of which two members were asked for."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or len(query.group_by) != 1 or query.compare:
        return False
    group, where = query.group_by[0], query.scope.where
    parts = where.children if isinstance(where, And) else (where,)
    return isinstance(group, DimensionGroup) and any(
        isinstance(part, Condition)
        and (part.dimension, part.op, len(part.values)) == (group.dimension, "in", 2)
        for part in parts
    )
