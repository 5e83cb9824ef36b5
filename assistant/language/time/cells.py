"""Days of calendar units and of their parts; no feasts, no workdays."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from semantic_layer.query import Part, Unit

MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Length in months of the units that consist of whole months."""
ONE_DAY = timedelta(days=1)


class Days(NamedTuple):
    """A closed range of days."""

    start: date
    end: date


class NoSuchDayError(ValueError):
    """2月30日, 13月, 第五季度."""


def add_months(first: date, months: int) -> date:
    """The first day of the month so many months away."""
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


@lru_cache(maxsize=4096)
def unit_days(unit: Unit, offset: int, as_of: date) -> Days:
    """The calendar unit that is `offset` away from the one with `as_of`.

    >>> unit_days("quarter", -1, date(2026, 11, 20))
    Days(start=datetime.date(2026, 7, 1), end=datetime.date(2026, 9, 30))
    """
    if unit in MONTHS:
        size = MONTHS[unit]
        first = add_months(as_of.replace(day=1), -((as_of.month - 1) % size) + offset * size)
        return Days(first, add_months(first, size) - ONE_DAY)
    if unit == "week":
        monday = as_of - timedelta(days=as_of.weekday()) + timedelta(weeks=offset)
        return Days(monday, monday + timedelta(days=6))
    day = as_of + timedelta(days=offset)
    return Days(day, day)


@lru_cache(maxsize=4096)
def narrow(days: Days, part: Part) -> Days:
    """The part of a unit, by days; NoSuchDayError when it does not have one.

    >>> narrow(Days(date(2024, 2, 1), date(2024, 2, 29)), Part("day", -1))
    Days(start=datetime.date(2024, 2, 29), end=datetime.date(2024, 2, 29))
    """
    cells = _cells(days, part.unit)
    first = part.index - 1 if part.index > 0 else len(cells) + part.index
    last = first + part.count - 1
    if first < 0 or last >= len(cells):
        raise NoSuchDayError(part)
    return Days(cells[first].start, cells[last].end)


def _cells(days: Days, unit: Unit) -> list[Days]:
    if unit in MONTHS:
        return _month_cells(days, MONTHS[unit])
    if unit == "xun":
        return _xun_cells(days)
    if unit == "week":
        return _week_cells(days)
    count = (days.end - days.start).days + 1
    return [Days(d, d) for d in (days.start + timedelta(days=n) for n in range(count))]


def _month_cells(days: Days, size: int) -> list[Days]:
    cells, first = [], days.start
    while first <= days.end:
        following = add_months(first, size)
        cells.append(Days(first, following - ONE_DAY))
        first = following
    return cells


def _xun_cells(days: Days) -> list[Days]:
    cells = []
    for month in _month_cells(days, 1):
        first = month.start
        cells += [
            Days(first, first.replace(day=10)),
            Days(first.replace(day=11), first.replace(day=20)),
            Days(first.replace(day=21), first.replace(day=monthrange(first.year, first.month)[1])),
        ]
    return cells


def _week_cells(days: Days) -> list[Days]:
    """Whole weeks from Monday; a week belongs to the unit in which its Thursday lies."""
    monday = days.start - timedelta(days=days.start.weekday())
    if days.start.weekday() > 3:
        monday += timedelta(weeks=1)
    cells = []
    while monday + timedelta(days=3) <= days.end:
        cells.append(Days(monday, monday + timedelta(days=6)))
        monday += timedelta(weeks=1)
    return cells
