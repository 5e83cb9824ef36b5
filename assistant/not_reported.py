"""A snapshot that an outlet did not send in is 未报数, not nought."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from assistant.context import Context
from assistant.language.predicate_text import condition_text
from assistant.probing import probed
from semantic_layer.model import Aggregate, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    Condition,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Period,
    Predicate,
    Query,
    Scope,
)
from semantic_layer.resolve.labels import day_label
from semantic_layer.resolve.units import ONE_DAY
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Notice, ResultSet

PROBE = "rows_sent"
MOST_NAMED = 3
LOOK_BACK = 10
"""Days before the asked one in which members that report every day must have reported."""


def not_reported(
    query: Query, resolved: ResolvedQuery, result: ResultSet, context: Context
) -> Problem | None:
    """Why the nought of one day's balance is a gap: the members asked sent nothing that day."""
    if not isinstance(query, MetricQuery) or query.group_by or len(result.rows) != 1:
        return None
    span, member = resolved.spans[0], _member_asked(resolved.where, context)
    if any(result.rows[0]) or member is None or not span.is_point:
        return None
    if gone := _gone(member, span.end, context):
        return gone
    daily = _daily_stock(resolved, context)
    if daily is None:
        return None
    before = Absolute(span.end - LOOK_BACK * ONE_DAY, span.end - ONE_DAY)
    if _reported(daily, Absolute(span.end, span.end), member, context):
        return None
    if not _reported(daily, before, member, context):
        return None
    who = condition_text(member, context.snapshot.manifest)
    day = day_label(span.end)
    message = f"{day}未报数({who}),这一天没有余额记录,不能当作0,也不往前借。请换一天再问。"
    return Problem("not_reported", message, "scope.period")


def _member_asked(where: Predicate | None, context: Context) -> Condition | None:
    """The condition that every row fulfils on members that open and close: 网点为掌政分理处."""
    if isinstance(where, And):
        found = (_member_asked(child, context) for child in where.children)
        return next((condition for condition in found if condition), None)
    if not isinstance(where, Condition) or where.op != "in":
        return None
    manifest = context.snapshot.manifest
    known = manifest.dimensions.get(where.dimension.rpartition(".")[2])
    lives = known is not None and manifest.datasets[known.home].lifetime is not None
    return where if lives else None


def _gone(asked: Condition, day: date, context: Context) -> Problem | None:
    """Said instead of nought when all the members asked were closed by that day."""
    names = frozenset(map(str, asked.values))
    if not names <= _closed(asked.dimension.rpartition(".")[2], day, context):
        return None
    who = "、".join(sorted(names))
    message = f"{who}在{day_label(day)}之前已经撤并,那时没有它的数;撤并之前的日子可以问。"
    return Problem("not_reported", message, "scope.where")


def gap_notice(query: Query, resolved: ResolvedQuery, context: Context) -> Notice | None:
    """Which members a day's balance lacks, because they sent nothing that day."""
    if not isinstance(query, MetricQuery) or resolved.grain or len(resolved.spans) != 1:
        return None
    span = resolved.spans[0]
    daily = _daily_stock(resolved, context) if span.is_point else None
    member = _reporting_member(daily, context) if daily else None
    if daily is None or member is None:
        return None
    today, before = (
        _senders(daily, member, day, query, context) for day in (span.end, span.end - ONE_DAY)
    )
    missing = sorted(before - today - _closed(member, span.end, context))
    if not today or not missing or len(missing) > MOST_NAMED * 10:
        return None
    more = f"等{len(missing)}家" if len(missing) > MOST_NAMED else ""
    names = "、".join(missing[:MOST_NAMED]) + more
    return Notice("not_reported", f"{names}{day_label(span.end)}未报数,不在数内。")


def _reporting_member(daily: Aggregate, context: Context) -> str | None:
    """The finest level of the organisation that lives and closes: 网点."""
    manifest = context.snapshot.manifest
    for dataset in manifest.datasets.values():
        reached = any(join.to == dataset.name for join in manifest.datasets[daily.dataset].joins)
        if reached and dataset.lifetime is not None and dataset.hierarchies:
            return dataset.hierarchies[0].levels[-1]
    return None


def _closed(member: str, day: date, context: Context) -> frozenset[str]:
    """Members that were closed by that day and owe no report."""
    manifest = context.snapshot.manifest
    home = manifest.datasets[manifest.dimensions[member].home]
    closed = home.lifetime[1] if home.lifetime else None
    if closed is None or home.table is None:
        return frozenset()
    ended = exp.column(closed) <= exp.cast(exp.Literal.string(day.isoformat()), "DATE")
    column = manifest.dimensions[member].field.expr or member
    tree = exp.select(exp.column(column)).from_(exp.table_(home.table)).where(ended)
    return frozenset(str(row[0]) for row in context.running.rows(tree))


def _senders(
    daily: Aggregate, member: str, day: date, query: MetricQuery, context: Context
) -> frozenset[str]:
    """The members with any row on the day, as far as the asker may see."""
    asked = MetricQuery(
        (MetricRef(PROBE),),
        (DimensionGroup(member),),
        Scope(Period((Absolute(day, day),)), query.scope.where),
        totals=False,
    )
    rows = probed(asked, (_count(daily),), context, context.principal) or ()
    return frozenset(str(row[0]) for row in rows if row[1] and row[0] is not None)


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


def _reported(daily: Aggregate, days: Absolute, member: Condition, context: Context) -> bool:
    """Whether the table has any row of the members within the days."""
    scope = Scope(Period((days,)), member)
    asked = MetricQuery((MetricRef(PROBE),), (), scope, totals=False)
    rows = probed(asked, (_count(daily),), context, None)
    return rows is None or any(row[0] for row in rows)


def _count(daily: Aggregate) -> Metric:
    return Metric(PROBE, "行数", Aggregate(daily.dataset, "count", flow=True), "行")
