"""Which starts have not been watched long enough yet, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from semantic_layer.query import FunnelQuery, IntervalQuery, PathQuery, RetentionQuery
from semantic_layer.resolve.labels import day_label
from semantic_layer.resolve.units import Days, shift_unit, units_between
from semantic_layer.resolved import ResolvedBehaviour, ResolvedSpan

Unit = Literal["day", "week", "month"]


def behaviour_warnings(
    query: FunnelQuery | RetentionQuery | PathQuery | IntervalQuery,
    behaviour: ResolvedBehaviour,
    span: ResolvedSpan,
) -> Iterator[tuple[str, str]]:
    """What the reader must know about the end of the data."""
    match query:
        case FunnelQuery():
            yield from _open_window(query.window_days, behaviour, span)
        case IntervalQuery() if query.window_days is not None:
            yield from _open_window(query.window_days, behaviour, span)
        case IntervalQuery():
            end = behaviour.steps[1].label
            until = day_label(behaviour.observed)
            yield "censored", f"截至{until}还没有“{end}”的不计入间隔,越晚开始的越少计入。"
        case RetentionQuery():
            yield from _open_cohorts(query, behaviour, span)


def _open_window(
    days: int, behaviour: ResolvedBehaviour, span: ResolvedSpan
) -> Iterator[tuple[str, str]]:
    last_whole = behaviour.observed - timedelta(days=days)
    if last_whole >= span.end:
        return
    if last_whole < span.start:
        who = "这段时间开始的"
    else:
        who = f"{day_label(last_whole + timedelta(days=1))}起开始的"
    until = day_label(behaviour.observed)
    text = f"{who}观察期不满{days}天(数据到{until}),后面的步骤会偏低。"
    yield "open_window", text


def _open_cohorts(
    query: RetentionQuery, behaviour: ResolvedBehaviour, span: ResolvedSpan
) -> Iterator[tuple[str, str]]:
    cohorts = list(units_between(query.cohort_unit, span.start, span.end))
    whole = [last_whole_cohort(query, number, behaviour, span) for number in query.periods]
    if any(last != cohorts[-1].start for last in whole):
        until = day_label(behaviour.observed)
        yield "open_cohort", f"数据到{until},观察期未满的留存率不显示,也不计入合计。"


def last_whole_cohort(
    query: RetentionQuery, number: int, behaviour: ResolvedBehaviour, span: ResolvedSpan
) -> date | None:
    """First day of the last cohort whose n-th period is over; None: there is none yet."""
    whole = [
        cohort.start
        for cohort in units_between(query.cohort_unit, span.start, span.end)
        if _over(query.unit, min(cohort.end, span.end), number).end <= behaviour.observed
    ]
    return whole[-1] if whole else None


def _over(unit: Unit, last_start: date, number: int) -> Days:
    return shift_unit(unit, last_start, number)
