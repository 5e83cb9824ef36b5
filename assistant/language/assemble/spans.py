"""What a span is, as far as reading needs it: its unit, its place in time."""

from __future__ import annotations

from datetime import date

from assistant.language.time.cells import Days, NoSuchDayError, narrow, unit_days
from semantic_layer.query import Absolute, Edge, Relative, Span, Unit

LENGTHS: tuple[tuple[Unit, int, int], ...] = (
    ("day", 1, 1), ("week", 7, 7), ("month", 28, 31), ("quarter", 90, 92), ("year", 365, 366),
)  # fmt: skip


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


def is_current(span: Span) -> bool:
    """Whether it is counted from today and holds today: 本月, 今年."""
    return isinstance(span, Relative) and span.offset == 0 and not span.within
