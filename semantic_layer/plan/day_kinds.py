"""Which days count for each kind of days: 工作日, 周末, 法定节假日, 周一."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial

from semantic_layer.calendar import Calendar
from semantic_layer.calendars.feasts import OFFICIAL
from semantic_layer.query import DayFilter

_WEEKDAYS: tuple[DayFilter, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


def _is_feast(calendar: Calendar, day: date) -> bool:
    return day in _feast_days(calendar.feast, day.year)


@lru_cache(maxsize=64)
def _feast_days(
    feast: Callable[[str, int], tuple[date, date] | None], year: int
) -> frozenset[date]:
    """Days off of the feasts of a year; 元旦 may begin in the year before."""
    found: set[date] = set()
    for name in OFFICIAL:
        for of in (year, year + 1):
            first, last = feast(name, of) or (date.max, date.min)
            found.update(first + timedelta(n) for n in range((last - first).days + 1))
    return frozenset(found)


def _is_weekday(_: Calendar, day: date, *, number: int) -> bool:
    return day.weekday() == number


DAY_KINDS: Mapping[DayFilter, Callable[[Calendar, date], bool]] = {
    "trading_day": lambda calendar, day: calendar.is_trading_day(day),
    "workday": lambda calendar, day: calendar.is_workday(day),
    "weekend": lambda _, day: day.weekday() >= 5,
    "holiday": lambda calendar, day: not calendar.is_workday(day),
    "feast": _is_feast,
    "makeup": lambda calendar, day: day.weekday() >= 5 and calendar.is_workday(day),
    **{name: partial(_is_weekday, number=n) for n, name in enumerate(_WEEKDAYS)},
}
