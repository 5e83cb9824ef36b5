"""An evaluator of spans by counting days, written without looking at the product's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import pytest

from semantic_layer.query import (
    Absolute,
    Between,
    Edge,
    Everything,
    Holiday,
    Latest,
    Relative,
    Shifted,
    Span,
)

ONE_DAY = timedelta(days=1)
FIRST_DATA = date(2019, 1, 1)
FEASTS = {
    ("元旦", 2026): ("2026-01-01", "2026-01-03"), ("春节", 2023): ("2023-01-21", "2023-01-27"),
    ("春节", 2024): ("2024-02-10", "2024-02-17"), ("春节", 2025): ("2025-01-28", "2025-02-04"),
    ("春节", 2026): ("2026-02-15", "2026-02-23"), ("清明", 2024): ("2024-04-04", "2024-04-06"),
    ("清明", 2025): ("2025-04-04", "2025-04-06"), ("清明", 2026): ("2026-04-04", "2026-04-06"),
    ("劳动节", 2024): ("2024-05-01", "2024-05-05"), ("劳动节", 2026): ("2026-05-01", "2026-05-05"),
    ("端午", 2026): ("2026-06-19", "2026-06-21"), ("中秋", 2024): ("2024-09-15", "2024-09-17"),
    ("中秋", 2025): ("2025-10-01", "2025-10-08"), ("中秋", 2026): ("2026-09-25", "2026-09-27"),
    ("国庆", 2024): ("2024-10-01", "2024-10-07"), ("国庆", 2025): ("2025-10-01", "2025-10-08"),
    ("国庆", 2026): ("2026-10-01", "2026-10-07"), ("双十一", 2025): ("2025-11-11", "2025-11-11"),
    ("双十一", 2026): ("2026-11-11", "2026-11-11"), ("双十二", 2025): ("2025-12-12", "2025-12-12"),
    ("双十二", 2026): ("2026-12-12", "2026-12-12"), ("618", 2026): ("2026-06-18", "2026-06-18"),
    ("教师节", 2026): ("2026-09-10", "2026-09-10"), ("儿童节", 2026): ("2026-06-01", "2026-06-01"),
    ("妇女节", 2026): ("2026-03-08", "2026-03-08"),
}  # fmt: skip
Days = tuple[date, date]


def _is_trading_day(day: date) -> bool:
    return chinese_calendar.is_workday(day) and day.weekday() < 5


COUNTED = {"workday": chinese_calendar.is_workday, "trading_day": _is_trading_day}


def _key(unit: str, day: date) -> tuple[int, ...]:
    """Two days with the same key lie in the same unit."""
    iso = day.isocalendar()
    return {
        "day": (day.toordinal(),), "week": (iso.year, iso.week),
        "xun": (day.year, day.month, min((day.day - 1) // 10, 2)), "month": (day.year, day.month),
        "quarter": (day.year, (day.month - 1) // 3), "half": (day.year, (day.month - 1) // 6),
        "year": (day.year,),
    }[unit]  # fmt: skip


def _unit(unit: str, day: date) -> Days:
    start = end = day
    while _key(unit, start - ONE_DAY) == _key(unit, day):
        start -= ONE_DAY
    while _key(unit, end + ONE_DAY) == _key(unit, day):
        end += ONE_DAY
    return start, end


def _away(unit: str, day: date, steps: int) -> Days:
    start, end = _unit(unit, day)
    for _ in range(abs(steps)):
        start, end = _unit(unit, start - ONE_DAY if steps < 0 else end + ONE_DAY)
    return start, end


def _inside(days: Days, unit: str) -> list[Days]:
    if unit in COUNTED:
        every = [days[0] + timedelta(days=n) for n in range((days[1] - days[0]).days + 1)]
        return [(d, d) for d in every if COUNTED[unit](d)]
    found, current = [], _unit(unit, days[0])
    while current[0] <= days[1]:
        middle = current[0] + (current[1] - current[0]) // 2
        if days[0] <= middle <= days[1]:
            found.append(current)
        current = _unit(unit, current[1] + ONE_DAY)
    return found


def _counted(unit: str, day: date, offset: int, span: int) -> Days:
    counts, step = COUNTED[unit], ONE_DAY if offset > 0 else -ONE_DAY
    steps = abs(offset) if offset else 0
    while offset == 0 and not counts(day):
        day -= ONE_DAY
    while steps:
        day += step
        steps -= counts(day)
    end = day
    for _ in range(span - 1):
        day -= ONE_DAY
        while not counts(day):
            day -= ONE_DAY
    return day, end


def _last_whole(unit: str, as_of: date) -> Days:
    current = _unit(unit, as_of)
    return current if current[1] == as_of else _away(unit, as_of, -1)


def _relative(span: Relative, as_of: date) -> Days:
    if span.unit in COUNTED:
        return _counted(span.unit, as_of, span.offset, span.span)
    last = _away(span.unit, as_of, span.offset)
    days = _away(span.unit, as_of, span.offset - span.span + 1)[0], last[1]
    for part in span.within:
        cells = _inside(days, part.unit)
        first = part.index - 1 if part.index > 0 else len(cells) + part.index
        days = cells[first][0], cells[first + part.count - 1][1]
    return (days[0], as_of) if span.to_date else days


def _holiday(span: Holiday, as_of: date) -> Days:
    start, end = FEASTS[span.name, span.year or as_of.year + span.offset]
    days = date.fromisoformat(start), date.fromisoformat(end)
    if span.side == "during":
        return days
    day, step = (days[0], -ONE_DAY) if span.side == "before" else (days[1], ONE_DAY)
    near, left = None, span.days
    while left:
        day += step
        if COUNTED.get(span.day_unit, lambda _: True)(day):
            near, left = near or day, left - 1
    assert near is not None
    return min(near, day), max(near, day)


def _shifted(span: Shifted, as_of: date) -> Days:
    start, end = dates(span.of, as_of)
    months = {"month": 1, "quarter": 3, "year": 12}.get(span.unit)
    if months is None:
        delta = timedelta(days=7 if span.unit == "week" else 1) * span.offset
        return start + delta, end + delta
    whole_month = end == _unit("month", end)[1] and start.day == 1
    return _same_day(start, months * span.offset), _same_day(end, months * span.offset, whole_month)


def _same_day(day: date, months: int, last: bool = False) -> date:
    first = _away("month", day, months)[0]
    end = _unit("month", first)[1]
    return end if last else first.replace(day=min(day.day, end.day))


def dates(span: Span, as_of: date) -> Days:
    """First and last day of a span, the data date being today."""
    match span:
        case Absolute():
            return span.start, span.end
        case Relative():
            return _relative(span, as_of)
        case Holiday():
            return _holiday(span, as_of)
        case Between():
            end = dates(span.end, as_of)[1] if span.end is not None else as_of
            return dates(span.start, as_of)[0], end
        case Edge():
            start, end = dates(span.of, as_of)
            point = end if span.side == "end" else start - ONE_DAY
            return point, point
        case Latest():
            return _last_whole(span.unit, as_of) if span.unit else (as_of, as_of)
        case Everything():
            return FIRST_DATA, as_of
        case Shifted():
            return _shifted(span, as_of)


@pytest.fixture(scope="session")
def span_days() -> Callable[[Span, date], Days]:
    """Dates of a span by the tests' own reckoning."""
    return dates
