"""Symbolic spans as dates, before the data date has its say. Calendar words follow as_of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from semantic_layer.calendar import Calendar
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    Between,
    Edge,
    Everything,
    Holiday,
    Latest,
    Part,
    Relative,
    Shifted,
    Span,
)
from semantic_layer.resolve.shift import shift_days
from semantic_layer.resolve.units import (
    ONE_DAY,
    Days,
    last_unit_end,
    month_end,
    natural_unit,
    shift_unit,
    unit_of,
    units_between,
    whole_months,
)

UNIT_NAMES = {
    "day": "天", "week": "周", "xun": "旬", "month": "个月", "quarter": "季度",
    "half": "个半年", "year": "年", "workday": "个工作日", "trading_day": "个交易日",
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2199
_Counts: TypeAlias = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Anchors:
    """What spans are counted from."""

    as_of: date
    latest: date
    """Last day for which every table used has data."""
    first: date
    unit: str
    """Coarsest grain of the tables used: day, month …"""
    stock: bool
    """All metrics are values at a point in time."""
    point: bool
    """The answer is such a value, not one per time bucket."""
    calendar: Calendar
    limit: str = ""
    """Label of the table that sets `latest`."""
    unbounded: bool = False
    """Periods after the data date are allowed (到期金额)."""

    @property
    def today(self) -> date:
        """Where rolling day windows end."""
        return min(self.as_of, self.latest)


@dataclass(frozen=True, slots=True)
class RawSpan:
    """Dates of a span as the asker meant them."""

    start: date
    end: date
    unit: str
    """What one step back means: 环比."""
    count: int = 1
    to_date: bool = False
    """Ends today by wish, not by lack of data."""
    is_edge: bool = False
    """A named point in time; never clipped."""
    feast: Holiday | None = None
    from_data: bool = False
    """Counted back from the data date instead of today."""


def span_dates(span: Span, anchors: Anchors) -> RawSpan | Problem:
    """First and last day of a symbolic span."""
    try:
        found = _dates(span, anchors)
    except (OverflowError, ValueError):
        return _invalid("这个日期超出了可以计算的范围。")
    if isinstance(found, RawSpan) and not FIRST_YEAR <= found.start.year <= LAST_YEAR:
        return _invalid(f"{found.start.year}年超出了可以查询的年份。")
    return found


def _dates(span: Span, anchors: Anchors) -> RawSpan | Problem:
    match span:
        case Absolute():
            return _plain(span.start, span.end)
        case Relative():
            return _relative(span, anchors)
        case Holiday():
            return _holiday(span, anchors)
        case Between():
            return _between(span, anchors)
        case Edge():
            return _edge(span, anchors)
        case Latest():
            return _latest(span, anchors)
        case Everything():
            return RawSpan(anchors.first, anchors.latest, "range", to_date=True)
        case Shifted():
            return _shifted(span, anchors)


def _plain(start: date, end: date) -> RawSpan:
    unit = natural_unit(start, end)
    if unit is not None:
        return RawSpan(start, end, unit)
    months = whole_months(start, end)
    if months:
        return RawSpan(start, end, "month", months)
    if _begins_a_month(start, end):
        return RawSpan(start, end, "month")
    return RawSpan(start, end, "day", Days(start, end).length)


def _begins_a_month(start: date, end: date) -> bool:
    """11月1—19日 is a month to that day: one step back are the same days of October."""
    return start.day == 1 and start < end <= month_end(start)


def _relative(span: Relative, anchors: Anchors) -> RawSpan | Problem:
    if span.anchor == "data":
        dated = _counted_from(span, anchors, anchors.today)
        return dated if isinstance(dated, Problem) else replace(dated, from_data=True)
    return _counted_from(span, anchors, anchors.as_of)


def _counted_from(span: Relative, anchors: Anchors, anchor: date) -> RawSpan | Problem:
    if span.unit in ("workday", "trading_day"):
        return _counted_days(span, anchor, anchors.calendar)
    last = shift_unit(span.unit, anchor, span.offset)
    first = shift_unit(span.unit, last.start, 1 - span.span)
    whole = RawSpan(first.start, last.end, span.unit, span.span)
    for part in span.within:
        inner = _part(whole, part, anchors.calendar)
        if isinstance(inner, Problem):
            return inner
        whole = inner
    if span.to_date and whole.start <= anchor:
        return replace(whole, end=min(anchor, whole.end), to_date=True)
    return whole


def _part(whole: RawSpan, part: Part, calendar: Calendar) -> RawSpan | Problem:
    counts = _day_counter(part.unit, calendar)
    units = [
        u
        for u in units_between(part.unit, whole.start, whole.end)
        if _belongs(u, whole) and (counts is None or counts(u.start))
    ]
    first = part.index - 1 if part.index > 0 else len(units) + part.index
    last = first + part.count - 1
    if first < 0 or last >= len(units):
        name = UNIT_NAMES[part.unit]
        return _invalid(f"这段时间没有第{abs(part.index)}{name},请检查日期。")
    days = Days(units[first].start, units[last].end)
    if counts is not None:
        return RawSpan(*days, "day", days.length)
    if part.unit == "day" and _begins_a_month(*days):
        return RawSpan(*days, "month")
    return RawSpan(*days, part.unit, part.count)


def _belongs(unit: Days, whole: RawSpan) -> bool:
    """Weeks belong to the year or month of their Thursday, other units fit."""
    middle = unit.start + (unit.end - unit.start) / 2
    return whole.start <= middle <= whole.end


def _counted_days(span: Relative, anchor: date, calendar: Calendar) -> RawSpan:
    counts = _day_counter(span.unit, calendar)
    assert counts is not None
    step = ONE_DAY if span.offset > 0 else -ONE_DAY
    end = anchor
    while span.offset == 0 and not counts(end):
        end -= ONE_DAY
    for _ in range(abs(span.offset)):
        end += step
        while not counts(end):
            end += step
    start = end
    for _ in range(span.span - 1):
        start -= ONE_DAY
        while not counts(start):
            start -= ONE_DAY
    return RawSpan(start, end, "day", Days(start, end).length)


def _holiday(span: Holiday, anchors: Anchors) -> RawSpan | Problem:
    year = _feast_year(span, anchors)
    feast = anchors.calendar.feast(span.name, year)
    if feast is None:
        return _invalid(f"没有{year}年“{span.name}”的放假日期,请给出具体日期。")
    dated = replace(span, year=year)
    if span.side == "during":
        return RawSpan(feast[0], feast[1], "feast", feast=dated)
    counts = _day_counter(span.day_unit, anchors.calendar)
    step = -ONE_DAY if span.side == "before" else ONE_DAY
    near = far = _next_counted(feast[0] if span.side == "before" else feast[1], step, counts)
    for _ in range(span.days - 1):
        far = _next_counted(far, step, counts)
    return RawSpan(min(near, far), max(near, far), "feast", feast=dated)


def _feast_year(span: Holiday, anchors: Anchors) -> int:
    return span.year if span.year is not None else anchors.as_of.year + span.offset


def _day_counter(unit: str, calendar: Calendar) -> _Counts | None:
    if unit == "workday":
        return calendar.is_workday
    return calendar.is_trading_day if unit == "trading_day" else None


def _next_counted(day: date, step: timedelta, counts: _Counts | None) -> date:
    day += step
    while counts is not None and not counts(day):
        day += step
    return day


def _between(span: Between, anchors: Anchors) -> RawSpan | Problem:
    start = span_dates(span.start, anchors)
    if isinstance(start, Problem):
        return start
    if span.end is None:
        end = max(anchors.as_of, start.start)
        return replace(_plain(start.start, end), to_date=True)
    last = span_dates(span.end, anchors)
    if isinstance(last, Problem):
        return last
    if last.end < start.start:
        return _invalid(f"结束日期{last.end}早于开始日期{start.start},请检查。")
    return replace(_plain(start.start, last.end), to_date=last.to_date)


def _edge(span: Edge, anchors: Anchors) -> RawSpan | Problem:
    of = span_dates(span.of, anchors)
    if isinstance(of, Problem):
        return of
    if span.side == "opening":
        end = of.start - ONE_DAY
        opened = shift_days(Days(of.start, of.end), of.unit, -of.count).start
        return RawSpan(min(opened, end), end, of.unit, of.count, is_edge=True)
    return RawSpan(of.start, of.end, of.unit, of.count, is_edge=True)


def _latest(span: Latest, anchors: Anchors) -> RawSpan:
    if span.unit is None or span.unit in ("workday", "trading_day"):
        step = "month" if anchors.point and anchors.unit == "day" else anchors.unit
        days = unit_of(step, anchors.today)
        return RawSpan(days.start, min(days.end, anchors.today), step, to_date=True)
    end = last_unit_end(span.unit, anchors.today)
    return RawSpan(unit_of(span.unit, end).start, end, span.unit)


def _shifted(span: Shifted, anchors: Anchors) -> RawSpan | Problem:
    if isinstance(span.of, Holiday) and span.unit == "year":
        year = _feast_year(span.of, anchors) + span.offset
        return span_dates(replace(span.of, year=year), anchors)
    of = span_dates(span.of, anchors)
    if isinstance(of, Problem):
        return of
    end = _elapsed_end(of, anchors) if span.align == "elapsed" else of.end
    moved = shift_days(Days(of.start, end), span.unit, span.offset)
    return replace(of, start=moved.start, end=moved.end, feast=None)


def _elapsed_end(of: RawSpan, anchors: Anchors) -> date:
    """Last day with data; with none yet, the last one that could have had some."""
    last = anchors.latest
    if last < of.start:
        last = last_unit_end(anchors.unit, anchors.as_of)
    return min(of.end, last) if last >= of.start else of.end


def _invalid(message: str) -> Problem:
    return Problem("invalid_date", message, "scope.period")
