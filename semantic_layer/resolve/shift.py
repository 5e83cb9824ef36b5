"""Where a period is compared with: like positions, never row offsets."""

from __future__ import annotations

from datetime import date, timedelta

from semantic_layer.query import Base
from semantic_layer.resolve.units import (
    MONTHS,
    ONE_DAY,
    Days,
    add_months,
    shift_unit,
    whole_months,
)

FULL_YEAR = 366


def shift_days(days: Days, unit: str, count: int) -> Days:
    """The range moved by so many units; whole months stay whole months."""
    if unit in MONTHS:
        months = MONTHS[unit] * count
        keep = days.length > 1
        start = add_months(days.start, months, keep_month_end=False)
        return Days(start, add_months(days.end, months, keep_month_end=keep))
    if unit == "xun":
        moved = shift_unit("xun", days.start, count)
        return Days(moved.start, min(moved.end, moved.start + (days.end - days.start)))
    length = {"week": 7, "day": 1}.get(unit, days.length)
    delta = timedelta(days=length * count)
    return Days(days.start + delta, days.end + delta)


def shift_point(day: date, unit: str, count: int) -> date:
    """The like position: month end with month end, else the same day."""
    if unit in MONTHS:
        return add_months(day, MONTHS[unit] * count)
    return shift_days(Days(day, day), unit, count).start


def base_days(
    base: Base, natural: Days, clipped: date, unit: str, count: int, *, whole: bool
) -> Days:
    """The days a flow is compared with. `whole`: not cut to the elapsed days."""
    days = natural if whole else Days(natural.start, clipped)
    match base:
        case "yoy":
            if unit == "week":
                return shift_days(days, "week", -52)
            return shift_days(days, "year", -1)
        case "mom":
            return shift_days(days, unit, -count)
        case "previous":
            return _previous(natural, days)
        case "ytd_open":
            last_year = clipped.year - 1
            return Days(date(last_year, 1, 1), date(last_year, 12, 31))
        case _:
            opening = natural.start - ONE_DAY
            return Days(opening, opening)


def base_point(
    base: Base, natural: Days, clipped: date, unit: str, count: int, *, whole: bool
) -> date:
    """The snapshot a stock is compared with."""
    match base:
        case "yoy":
            point = natural.end if whole else clipped
            if unit == "week":
                return point - timedelta(days=7 * 52)
            return shift_point(point, "year", -1)
        case "mom" | "previous":
            if natural.length == 1:
                return shift_point(natural.end, unit, -count)
            return natural.start - ONE_DAY
        case "ytd_open":
            return date(clipped.year - 1, 12, 31)
        case _:
            return natural.start - ONE_DAY


def _previous(natural: Days, days: Days) -> Days:
    months = whole_months(*natural)
    if months:
        return shift_days(days, "month", -months)
    delta = timedelta(days=natural.length)
    return Days(days.start - delta, days.end - delta)
