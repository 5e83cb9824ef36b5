"""A snapshot that an outlet did not send in is 未报数, not nought."""

from __future__ import annotations

from dataclasses import replace

from assistant.context import Context
from assistant.language.predicate_text import condition_text
from semantic_layer.compile import compile_query
from semantic_layer.model import Aggregate, Metric
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import Absolute, Condition, MetricQuery, MetricRef, Period, Query, Scope
from semantic_layer.resolve import resolve
from semantic_layer.resolve.labels import day_label
from semantic_layer.resolve.units import ONE_DAY
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import ResultSet
from semantic_layer.run import run_query

ANYBODY = Principal("")
LOOK_BACK = 10
"""Days before the asked one in which members that report every day must have reported."""


def not_reported(
    query: Query, resolved: ResolvedQuery, result: ResultSet, context: Context
) -> Problem | None:
    """Why the nought of one day's balance is a gap: the members asked sent nothing that day."""
    if not isinstance(query, MetricQuery) or query.group_by or len(result.rows) != 1:
        return None
    where, span = resolved.where, resolved.spans[0]
    if any(result.rows[0]) or not isinstance(where, Condition) or not span.is_point:
        return None
    daily = _daily_stock(resolved, context)
    if daily is None:
        return None
    before = span.end - LOOK_BACK * ONE_DAY
    if _reported(daily, Absolute(span.end, span.end), query, context):
        return None
    if not _reported(daily, Absolute(before, span.end - ONE_DAY), query, context):
        return None
    who = condition_text(where, context.snapshot.manifest)
    day = day_label(span.end)
    message = f"{day}未报数({who}),这一天没有余额记录,不能当作0,也不往前借。请换一天再问。"
    return Problem("not_reported", message, "scope.period")


def _daily_stock(resolved: ResolvedQuery, context: Context) -> Aggregate | None:
    """The day table that the only metric is read from."""
    manifest, chosen = context.snapshot.manifest, dict(resolved.sources)
    metric = manifest.metrics.get(resolved.metrics[0]) if len(resolved.metrics) == 1 else None
    if metric is None or not isinstance(metric.definition, Aggregate):
        return None
    number = chosen.get(metric.name, 0)
    read = metric.also[number - 1] if number else metric.definition
    daily = manifest.datasets[read.dataset].grain == "date" and read.semi_additive is not None
    return read if daily else None


def _reported(daily: Aggregate, days: Absolute, query: MetricQuery, context: Context) -> bool:
    """Whether the table has any row of the members within the days."""
    probe = Metric("rows_sent", "行数", Aggregate(daily.dataset, "count", flow=True), "行")
    manifest = context.snapshot.manifest
    free = replace(manifest, metrics={**manifest.metrics, probe.name: probe}, policies=())
    snapshot = replace(context.snapshot, manifest=free, min_group_size=1, rollups=None)
    scope = Scope(Period((days,)), query.scope.where)
    counted = resolve(
        MetricQuery((MetricRef(probe.name),), (), scope, totals=False), snapshot, ANYBODY
    )
    if isinstance(counted, Problem):
        return True
    compiled = compile_query(counted, snapshot)
    if isinstance(compiled, Problem):
        return True
    return any(row[0] for row in run_query(counted, compiled, context.running, free).rows)
