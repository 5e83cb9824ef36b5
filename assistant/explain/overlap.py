"""Told where groups of people overlap: their counts, and shares, come to more than the whole."""

from __future__ import annotations

from assistant.explain.numbers import is_number
from semantic_layer.model import Aggregate, Manifest
from semantic_layer.query import DimensionGroup, MetricQuery
from semantic_layer.resolve.closure import leaves
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell, Column, Notice, ResultSet

Numbers = list[float]


def overlap_notice(resolved: ResolvedQuery, result: ResultSet, manifest: Manifest) -> Notice | None:
    """That one customer may be in several groups, where the numbers show it."""
    query = resolved.query
    if not isinstance(query, MetricQuery) or not query.group_by or len(resolved.spans) > 1:
        return None
    apart = all(isinstance(group, DimensionGroup) for group in query.group_by)
    is_told = any(code == "overlapping_members" for code, _ in resolved.warnings)
    if is_told or not apart or result.total_rows > len(result.rows):
        return None
    for at, column in enumerate(result.columns):
        if column.kind != "metric" or column.show != "value" or column.base:
            continue
        values = [_number(row[at]) for row in result.rows if is_number(row[at])]
        whole = result.totals.get(column.id)
        if len(values) == len(result.rows) and is_number(whole):
            told = _told(column, values, _number(whole), query, manifest)
            if told is not None:
                return Notice("overlapping", told)
    return None


def _number(cell: Cell) -> float:
    return float(str(cell))


def _told(
    column: Column, values: Numbers, whole: float, query: MetricQuery, manifest: Manifest
) -> str | None:
    metric = manifest.metrics.get(column.metric or "")
    if metric is None or not _counts_each_once(metric.name, manifest):
        return None
    if isinstance(metric.definition, Aggregate):
        if sum(values) <= whole:
            return None
        share = ",各项占比相加超过100%" if query.share is not None else ""
        return f"“{metric.label}”按去重计数,同一个可能计入多组:各组相加大于合计{share}。"
    if len(values) > 1 and not min(values) <= whole <= max(values):
        return (
            f"“{metric.label}”的分子、分母是去重计数,同一个可能计入多组:"
            "整体是合起来去重再算的,不在各组之间。"
        )
    return None


def _counts_each_once(metric: str, manifest: Manifest) -> bool:
    return any(
        isinstance(leaf.definition, Aggregate) and leaf.definition.agg == "distinct"
        for leaf in leaves(manifest, metric)
    )
