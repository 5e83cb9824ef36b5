"""The calendar of mainland China: official days off where announced, the law beyond."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

from semantic_layer.calendars.feasts import (
    OFFICIAL,
    feast_day,
    feast_name,
    statutory_days,
)
from semantic_layer.calendars.year_file import YearPlan, read_years

_NO_YEARS: Mapping[int, YearPlan] = MappingProxyType({})
_ONE_DAY = timedelta(days=1)
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午",
    "Mid-autumn Festival": "中秋",
    "National Day": "国庆",
}
_NEAR_FEAST = timedelta(days=15)
"""Days off belong to the feast of a year when they lie this near to it."""


class ChineseCalendar:
    """Workdays, trading days and feasts.

    A year is certain when the State Council has announced its days off, or the project's
    own file lists them. In other years weekends and the days off by law are free; make-up
    workdays are unknown.
    """

    def __init__(self, years: Mapping[int, YearPlan] = _NO_YEARS) -> None:
        """`years` are known from elsewhere and win over the built-in ones."""
        self._years = years

    def is_workday(self, day: date) -> bool:
        """Make-up workdays included."""
        plan = self._years.get(day.year)
        if plan is not None:
            return plan.is_workday(day)
        if day.year in _announced_years():
            import chinese_calendar

            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5 and day not in _days_off_by_law(day.year)

    def is_trading_day(self, day: date) -> bool:
        """Workdays that are no weekend."""
        return day.weekday() < 5 and self.is_workday(day)

    def feast(self, name: str, year: int) -> tuple[date, date] | None:
        """First and last day off of a feast; None when unknown for that year."""
        feast = feast_name(name)
        if feast is None or not date.min.year < year < date.max.year:
            return None
        if feast not in OFFICIAL:
            return statutory_days(feast, year)
        plan = self._years.get(year)
        if plan is not None and feast in plan.feasts:
            return plan.feasts[feast]
        if year in _announced_years():
            return _announced_feast(feast, year)
        return statutory_days(feast, year)

    def is_certain(self, year: int) -> bool:
        """Whether the official days off of the year are known."""
        return year in self._years or year in _announced_years()


def bank_calendar(years_file: Path | None = None) -> ChineseCalendar:
    """The calendar of a Chinese bank, with a project's own years when it has a file."""
    return ChineseCalendar(read_years(years_file) if years_file is not None else _NO_YEARS)


@cache
def _announced() -> Mapping[date, str]:
    import chinese_calendar

    return MappingProxyType(
        {day: _NAMES.get(name, name) for day, name in chinese_calendar.holidays.items()}
    )


@cache
def _announced_years() -> range:
    days = _announced()
    return range(min(days).year, max(days).year + 1)


@cache
def _announced_feast(name: str, year: int) -> tuple[date, date] | None:
    """The unbroken days off around a feast; 国庆 and 中秋 in one row of days share them."""
    own = feast_day(name, year)
    if own is None:
        return None
    days = _announced()
    named = [day for day, label in days.items() if label == name and abs(day - own) <= _NEAR_FEAST]
    first, last = min(named, default=own), max(named, default=own)
    while first - _ONE_DAY in days:
        first -= _ONE_DAY
    while last + _ONE_DAY in days:
        last += _ONE_DAY
    return first, last


@cache
def _days_off_by_law(year: int) -> frozenset[date]:
    spans = (statutory_days(name, year) for name in OFFICIAL)
    return frozenset(
        span[0] + timedelta(days=n)
        for span in spans
        if span is not None
        for n in range((span[1] - span[0]).days + 1)
    )
