"""Calendar arithmetic on closed ranges of days: unit bounds, shifts, month ends."""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

CalendarUnit = Literal["day", "week", "xun", "month", "quarter", "half", "year"]
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FINENESS = ("day", "week", "xun", "month", "quarter", "half", "year")
ONE_DAY = timedelta(days=1)
_LENGTH = {"day": 1, "week": 7}


class Days(NamedTuple):
    """A closed range of days."""

    start: date
    end: date

    @property
    def length(self) -> int:
        """Calendar days, both ends included."""
        return (self.end - self.start).days + 1


def month_end(day: date) -> date:
    """Last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def is_month_end(day: date) -> bool:
    """Whether the day is the last of its month."""
    return month_end(day) == day


def add_months(day: date, months: int, *, keep_month_end: bool = True) -> date:
    """The like day so many months away; month end stays month end, 29 February is cut."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    if keep_month_end and is_month_end(day):
        return date(year, month, last)
    return date(year, month, min(day.day, last))


@lru_cache(maxsize=65536)
def unit_of(unit: str, day: date) -> Days:
    """The calendar unit that contains the day."""
    if unit in MONTHS:
        size = MONTHS[unit]
        first = date(day.year, (day.month - 1) // size * size + 1, 1)
        return Days(first, month_end(add_months(first, size - 1, keep_month_end=False)))
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return Days(monday, monday + timedelta(days=6))
    if unit == "xun":
        return _xun_of(day)
    return Days(day, day)


def _xun_of(day: date) -> Days:
    if day.day > 20:
        return Days(day.replace(day=21), month_end(day))
    first = 1 if day.day <= 10 else 11
    return Days(day.replace(day=first), day.replace(day=first + 9))


def shift_unit(unit: str, day: date, count: int) -> Days:
    """The unit that lies `count` units from the one containing the day."""
    if unit in MONTHS:
        first = unit_of(unit, day).start
        return unit_of(unit, add_months(first, count * MONTHS[unit], keep_month_end=False))
    if unit == "xun":
        return _shift_xun(day, count)
    days = 7 if unit == "week" else 1
    return unit_of(unit, day + timedelta(days=days * count))


def _shift_xun(day: date, count: int) -> Days:
    index = (day.year * 12 + day.month - 1) * 3 + min((day.day - 1) // 10, 2) + count
    months, xun = divmod(index, 3)
    return _xun_of(date(months // 12, months % 12 + 1, xun * 10 + 1))


def units_between(unit: str, start: date, end: date) -> Iterator[Days]:
    """Every unit that the range touches, whole, in order."""
    current = unit_of(unit, start)
    while current.start <= end:
        yield current
        current = unit_of(unit, current.end + ONE_DAY)


def units_with_days(
    unit: str, start: date, end: date, days: Sequence[date] | None
) -> Iterable[Days]:
    """Every unit that the range touches on one of the days, which stand in order; None: any day.

    >>> saturday, monday = date(2026, 8, 1), date(2026, 8, 3)
    >>> [str(week.start) for week in units_with_days("week", saturday, monday, [monday])]
    ['2026-08-03']
    """
    if days is None:
        return units_between(unit, start, end)
    inside = days[bisect_left(days, start) : bisect_right(days, end)]
    return dict.fromkeys(unit_of(unit, day) for day in inside)


def units_until(unit: str, start: date, end: date) -> int:
    """How many units the range touches, without listing them.

    >>> units_until("month", date(2026, 1, 31), date(2026, 10, 1))
    10
    """
    if unit in MONTHS or unit == "xun":
        first, last = (_place(unit, day) for day in (start, end))
        return last - first + 1
    return (unit_of(unit, end).start - unit_of(unit, start).start).days // _LENGTH[unit] + 1


def _place(unit: str, day: date) -> int:
    months = day.year * 12 + day.month - 1
    return months * 3 + min((day.day - 1) // 10, 2) if unit == "xun" else months // MONTHS[unit]


def natural_unit(start: date, end: date) -> CalendarUnit | None:
    """The unit that the range covers exactly, the largest if several."""
    for unit in ("year", "half", "quarter", "month", "week", "day"):
        if unit_of(unit, start) == (start, end):
            return unit
    return None


def whole_months(start: date, end: date) -> int | None:
    """Number of months when the range covers whole months."""
    if start.day != 1 or not is_month_end(end):
        return None
    return (end.year - start.year) * 12 + end.month - start.month + 1


def last_unit_end(unit: str, day: date) -> date:
    """The last day at or before `day` on which such a unit ends."""
    current = unit_of(unit, day)
    return day if current.end == day else current.start - ONE_DAY


def serves(have: str, asked: str) -> bool:
    """Whether data per `have` adds up to `asked` exactly."""
    if have == "week" or (asked == "week" and have != "day"):
        return have == asked
    return FINENESS.index(have) <= FINENESS.index(asked)
