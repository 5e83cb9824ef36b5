"""Calendar units by plain arithmetic on months and days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
UNITS = ("day", "week", "xun", "month", "quarter", "half", "year")


class Range(NamedTuple):
    """First and last day."""

    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def days(self) -> Iterator[date]:
        """Every day, both ends included."""
        day = self.start
        while day <= self.end:
            yield day
            day += DAY


def nth_month(number: int) -> Range:
    """The month with that number, counted from year 0."""
    year, month = divmod(number, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return Range(date(year, month + 1, 1), following - DAY)


def month_number(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def is_month_end(day: date) -> bool:
    """Whether tomorrow is another month."""
    return (day + DAY).month != day.month


def unit_at(unit: str, day: date, steps: int = 0) -> Range:
    """The unit that contains the day, or the one so many steps away from it."""
    if unit in MONTHS_IN:
        size = MONTHS_IN[unit]
        first = (month_number(day) // size + steps) * size
        return Range(nth_month(first).start, nth_month(first + size - 1).end)
    if unit == "xun":
        thirds = month_number(day) * 3 + min((day.day - 1) // 10, 2) + steps
        month = nth_month(thirds // 3)
        start = month.start + timedelta(days=10 * (thirds % 3))
        return Range(start, month.end if thirds % 3 == 2 else start + timedelta(days=9))
    if unit == "week":
        start = day - timedelta(days=day.weekday()) + timedelta(days=7 * steps)
        return Range(start, start + timedelta(days=6))
    return Range(day + steps * DAY, day + steps * DAY)


def units_in(unit: str, span: Range) -> Iterator[Range]:
    """Every unit that the range touches, whole."""
    found = unit_at(unit, span.start)
    while found.start <= span.end:
        yield found
        found = unit_at(unit, found.start, 1)


def last_end(unit: str, day: date) -> date:
    """The last day, up to the given one, on which such a unit ends."""
    found = unit_at(unit, day)
    return day if found.end == day else found.start - DAY


def months_later(day: date, months: int, *, sticky: bool) -> date:
    """The same day of another month; `sticky`: the last day stays the last day."""
    month = nth_month(month_number(day) + months)
    if sticky and is_month_end(day):
        return month.end
    return min(month.start + timedelta(days=day.day - 1), month.end)


def moved(span: Range, unit: str, steps: int) -> Range:
    """The range so many units away: whole months stay whole months."""
    if unit in MONTHS_IN:
        months = MONTHS_IN[unit] * steps
        several = span.start != span.end
        return Range(
            months_later(span.start, months, sticky=False),
            months_later(span.end, months, sticky=several),
        )
    if unit == "xun":
        target = unit_at("xun", span.start, steps)
        return Range(target.start, min(target.end, target.start + (span.end - span.start)))
    size = {"week": 7, "day": 1}.get(unit, (span.end - span.start).days + 1)
    by = timedelta(days=size * steps)
    return Range(span.start + by, span.end + by)


def moved_point(day: date, unit: str, steps: int) -> date:
    """Month end to month end, any other day to the same day."""
    if unit in MONTHS_IN:
        return months_later(day, MONTHS_IN[unit] * steps, sticky=True)
    return moved(Range(day, day), unit, steps).start


def whole_months(span: Range) -> int:
    """How many months the range covers exactly; 0 when it does not."""
    if span.start.day != 1 or not is_month_end(span.end):
        return 0
    return month_number(span.end) - month_number(span.start) + 1
