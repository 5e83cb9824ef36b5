"""The time of a follow-up beside the time that was asked about before."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language.follow_up.complete import Heard
from semantic_layer.query import Between, MetricQuery, Part, Relative, Shifted, TimeGroup

UNSAID = "没有说时间"
LIKE = re.compile("同一天|同日|同一日")
XUN = {"上旬": 1, "中旬": 2, "下旬": 3}


def without_habit(heard: Heard, previous: MetricQuery) -> Heard:
    """环比呢 of a time said before: the time that a question alone would take does not count."""
    query = heard.query
    habits = [a for a in heard.assumptions if a.slot == "period" and a.text.startswith(UNSAID)]
    if not habits or previous.scope.period is None or not isinstance(query, MetricQuery):
        return heard
    kept = tuple(a for a in heard.assumptions if a not in habits)
    period = query.scope.period
    if period is not None and not period.days:
        query = replace(query, scope=replace(query.scope, period=None))
    return heard._replace(query=query, assumptions=kept)


def in_its_month(rest: str, heard: Heard, previous: MetricQuery) -> Heard:
    """下旬呢 after 10月中旬: of that October, not of this month."""
    query, period = heard.query, previous.scope.period
    if rest not in XUN or not isinstance(query, MetricQuery) or period is None:
        return heard
    span = period.spans[0]
    if len(period.spans) > 1 or not isinstance(span, Relative) or span.span > 1:
        return heard
    months = tuple(p for p in span.within if p.unit == "month")
    if any(p.count > 1 for p in months) or (span.unit != "month" and len(months) != 1):
        return heard
    moved = replace(span, within=(*months, Part("xun", XUN[rest])), to_date=False)
    scope = replace(query.scope, period=replace(period, spans=(moved,)))
    kept = tuple(a for a in heard.assumptions if a.slot != "period")
    return heard._replace(query=replace(query, scope=scope), assumptions=kept)


def on_the_like_day(rest: str, heard: Heard, previous: MetricQuery) -> Heard:
    """上周同一天呢 after 昨天: a week before that day, not before today."""
    query, period = heard.query, previous.scope.period
    if not LIKE.search(rest) or not isinstance(query, MetricQuery) or period is None:
        return heard
    said = query.scope.period
    if said is None or len(said.spans) > 1 or len(period.spans) > 1:
        return heard
    span, before = said.spans[0], period.spans[0]
    if not isinstance(span, Shifted) or isinstance(before, Between):
        return heard
    moved = replace(span, of=before.of if isinstance(before, Shifted) else before)
    scope = replace(query.scope, period=replace(said, spans=(moved,)))
    return heard._replace(query=replace(query, scope=scope))


def steps_or_whole(heard: Heard, previous: MetricQuery) -> bool:
    """环比 of several months in one: each with the one before, or all with as many before."""
    query, period = heard.query, previous.scope.period
    if not isinstance(query, MetricQuery) or query.scope.period or period is None:
        return False
    if not any(comparison.base == "mom" for comparison in query.compare):
        return False
    split = any(isinstance(g, TimeGroup) for g in (*previous.group_by, *query.group_by))
    span = period.spans[0]
    return not split and isinstance(span, Relative) and span.span > 1 and not span.within
