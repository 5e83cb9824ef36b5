"""What a span is, as far as reading needs it: its unit, its place in time."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from assistant.language.assemble.sketch import Compared
from assistant.language.time.cells import Days, NoSuchDayError, narrow, unit_days
from semantic_layer.query import Absolute, Base, Edge, Relative, Span, Unit

LENGTHS: tuple[tuple[Unit, int, int], ...] = (
    ("day", 1, 1), ("week", 7, 7), ("month", 28, 31), ("quarter", 90, 92), ("year", 365, 366),
)  # fmt: skip

STEPS: dict[Unit, Base] = {"year": "yoy", "quarter": "mom", "month": "mom", "week": "mom"}


def unit_of(span: Span) -> Unit | None:
    """The single calendar unit that the span is; None for anything longer or unusual."""
    if isinstance(span, Edge):
        return unit_of(span.of)
    if isinstance(span, Relative):
        if span.within:
            part = span.within[-1]
            return part.unit if part.count == 1 else None
        return span.unit if span.span == 1 else None
    if isinstance(span, Absolute):
        return _absolute_unit(span)
    return None


def _absolute_unit(span: Absolute) -> Unit | None:
    days = (span.end - span.start).days + 1
    for unit, least, most in LENGTHS:
        if least <= days <= most and (unit in ("day", "week") or span.start.day == 1):
            return unit
    return None


def days_of(span: Span, as_of: date) -> Days | None:
    """First and last day, for the spans people compare; None for the others."""
    if isinstance(span, Absolute):
        return Days(span.start, span.end)
    if isinstance(span, Edge):
        inner = days_of(span.of, as_of)
        return Days(inner.end, inner.end) if inner and span.side == "end" else inner
    if not isinstance(span, Relative) or span.unit in ("workday", "trading_day"):
        return None
    first = unit_days(span.unit, span.offset - span.span + 1, as_of)
    last = unit_days(span.unit, span.offset, as_of)
    days = Days(first.start, last.end)
    try:
        for part in span.within:
            days = narrow(days, part)
    except (NoSuchDayError, KeyError, ValueError):
        return None
    return days


def against_earlier(late: Span, early: Span) -> Compared:
    """Like units one apart are 同比 or 环比, so that an unfinished one compares like days."""
    unit = unit_of(late)
    if isinstance(late, Relative) and isinstance(early, Relative) and unit == unit_of(early):
        plain = not late.within and not early.within
        if plain and late.offset - early.offset == 1 and unit in STEPS:
            return Compared(STEPS[unit])
    return Compared("range", early)


def same_part(first: Span, second: Span) -> tuple[Span, Span] | None:
    """A bare year before a part of another year borrows that part."""
    if unit_of(first) != "year" or isinstance(first, Edge) or unit_of(second) == "year":
        return None
    if isinstance(first, Absolute) and isinstance(second, Absolute):
        years = second.start.year - first.start.year
        if years and second.start.year == second.end.year:
            return Absolute(_moved(second.start, -years), _moved(second.end, -years)), second
    if not (isinstance(first, Relative) and isinstance(second, Relative)):
        return None
    if second.unit == "year" and second.within and first.offset != second.offset:
        return replace(first, within=second.within), second
    return None


def _moved(day: date, years: int) -> date:
    last = monthrange(day.year + years, day.month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return day.replace(year=day.year + years, day=last if is_last else min(day.day, last))


def before_xun(span: Span) -> Span | None:
    """The ten days before a span of ten days, 下旬 before 上旬; None for other spans."""
    if isinstance(span, Absolute):
        return _before_days(span)
    if not isinstance(span, Relative) or not span.within or span.to_date:
        return None
    last = span.within[-1]
    if last.unit != "xun" or last.count != 1 or last.index not in (1, 2, 3):
        return None
    if last.index > 1:
        return replace(span, within=(*span.within[:-1], replace(last, index=last.index - 1)))
    third = replace(last, index=3)
    if len(span.within) == 1 and span.unit == "month":
        return replace(span, offset=span.offset - 1, within=(third,))
    month = span.within[0]
    if len(span.within) > 2 or span.unit != "year" or month.unit != "month":
        return None
    if month.index > 1:
        return replace(span, within=(replace(month, index=month.index - 1), third))
    return replace(span, offset=span.offset - 1, within=(replace(month, index=12), third))


def _before_days(span: Absolute) -> Absolute | None:
    start, end = span.start, span.end
    last = monthrange(start.year, start.month)[1]
    if (start.year, start.month) != (end.year, end.month):
        return None
    if (start.day, end.day) not in {(1, 10), (11, 20), (21, last)}:
        return None
    until = start - timedelta(days=1)
    first = {1: 21, 11: 1, 21: 11}[start.day]
    return Absolute(until.replace(day=first), until)
