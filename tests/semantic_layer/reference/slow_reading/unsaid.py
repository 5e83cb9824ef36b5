"""When nobody says when: the habit of the metric, and days for those chosen by an amount."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slow_reading.measures import asked_metrics, habit, refs_of
from slow_reading.periods import finest_of
from slow_reading.world import World

from semantic_layer.query import (
    And,
    ChangeCondition,
    Edge,
    Everything,
    Group,
    Latest,
    Membership,
    MetricCondition,
    MetricQuery,
    Not,
    Or,
    Period,
    Predicate,
    Relative,
    SetGroup,
    TimeGroup,
    TopMembership,
)

OVER_TIME = frozenset({"day", "trading_day", "month", "quarter", "year"})


def with_period(world: World, query: MetricQuery) -> MetricQuery:
    """No time word: stock → latest, flow → year to date, native → last complete month."""
    if query.scope.period is not None:
        return query
    grain = finest_of(query.group_by)
    habits = {habit(world, name) for name in asked_metrics(query)}
    year = Relative("year", to_date=True, anchor="data")
    span: Any = Latest()
    if grain is not None:
        span = Everything() if grain == "year" else year
    elif "year_to_date" in habits:
        span = year
    elif "last_complete_month" in habits:
        span = Latest("month")
    elif any(r.per in OVER_TIME for m in query.measures for r in refs_of(m)):
        span = year  # 日均 of a stock: CONVENTIONS 6, from 1 January to the data date
    return replace(query, scope=replace(query.scope, period=Period((span,))))


def with_ranges(world: World, query: MetricQuery) -> MetricQuery:
    """Who is chosen by an amount: by that of the one period asked, of this year if none is.

    Figures that are counted over time themselves give their own period, each of several.
    """
    timed = any(isinstance(g, TimeGroup) for g in query.group_by)
    flows = any(habit(world, name) == "year_to_date" for name in asked_metrics(query))
    asked, where = query.scope.period, query.scope.where
    period = Period((Relative("year", to_date=True, anchor="data"),)) if asked is None else asked
    several = asked is not None and (
        len(asked.spans) > 1 or any(c.base != "average" for c in query.compare)
    )
    if timed or flows or several:
        return query
    ranges = (s.of if isinstance(s, Edge) and s.side == "end" else s for s in period.spans)
    period = replace(period, spans=tuple(ranges))
    chosen = None if where is None else _by_range(world, where, period)
    groups = tuple(_set_by_range(world, group, period) for group in query.group_by)
    return replace(query, group_by=groups, scope=replace(query.scope, where=chosen))


def _set_by_range(world: World, group: Group, period: Period) -> Group:
    if not isinstance(group, SetGroup):
        return group
    sets = (replace(set_, where=_by_range(world, set_.where, period)) for set_ in group.sets)
    return replace(group, sets=tuple(sets))


def _by_range(world: World, where: Predicate, period: Period) -> Predicate:
    match where:
        case MetricCondition() | ChangeCondition() | TopMembership():
            run = isinstance(where, MetricCondition) and where.in_a_row is not None
            flow = habit(world, where.metric) == "year_to_date"
            free = flow and where.period is None and not run
            return replace(where, period=period) if free else where
        case And() | Or():
            children = tuple(_by_range(world, child, period) for child in where.children)
            return replace(where, children=children)
        case Not():
            return Not(_by_range(world, where.child, period))
        case Membership():
            return Membership(replace(where.set, where=_by_range(world, where.set.where, period)))
    return where
