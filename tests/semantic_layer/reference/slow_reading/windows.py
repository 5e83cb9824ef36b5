"""Which days of a table count for a period: snapshots, running totals, rolling windows."""

from __future__ import annotations

from datetime import date

from slow_reading.days import DAY, Range, last_end, unit_at
from slow_reading.periods import Frame, definition, grain_of
from slow_reading.question import Question, first_day

from semantic_layer.model import Metric
from semantic_layer.query import Cumulative, Rolling


def current_days(question: Question, leaf: Metric, frame: Frame, per: str | None) -> Range | None:
    """The days of a leaf's table for one period; None: the table has no data for it."""
    days = widened(question, frame)
    if leaf.is_stock and per is not None:
        return days
    found = stock_days(question, leaf, days) if leaf.is_stock else days
    first = question.world.first_dates.get(definition(leaf).dataset)
    if found is None or definition(leaf).snapshot == "latest":
        return found
    return None if first is not None and found.end < first else found


def stock_days(question: Question, leaf: Metric, days: Range) -> Range | None:
    """The snapshot that a period takes."""
    own = definition(leaf)
    unit = grain_of(question.world.dataset(own.dataset))
    semi = own.semi_additive
    if semi is not None and semi.period_end == "last_known":
        return days
    if semi is not None and semi.take == "first":
        first = unit_at(unit, days.start)
        return first if first.end <= days.end else None
    end = last_end(unit, days.end)
    return unit_at(unit, end) if end >= days.start else None


def widened(question: Question, frame: Frame) -> Range:
    """The days of a period with those that a running value takes in."""
    return opened(question, Range(frame.start, frame.end))


def opened(question: Question, days: Range) -> Range:
    """A running total starts with its year, a rolling window so many units back."""
    window, end = question.query.window, days.end
    if isinstance(window, Rolling):
        if window.unit == "trading_day":
            return Range(_trading_days_back(question, end, window.count), end)
        return Range(unit_at(window.unit, end, 1 - window.count).start, end)
    if isinstance(window, Cumulative):
        if window.reset == "never":
            first = first_day(question)
            return Range(min(first or days.start, days.start), end)
        return Range(unit_at(window.reset, end).start, end)
    return days


def _trading_days_back(question: Question, day: date, count: int) -> date:
    while count > 0:
        count -= question.world.calendar.is_trading_day(day)
        day -= DAY
    return day + DAY
