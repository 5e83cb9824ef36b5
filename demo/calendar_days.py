"""The days of dim_calendar: workdays, holidays and their span, trading days, 旬, 春节."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import chinese_calendar

SPRING_FESTIVALS: Final = tuple(
    date.fromisoformat(day)
    for day in (
        "2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 "
        "2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 "
        "2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 "
        "2035-02-08 2036-01-28 2037-02-15"
    ).split()
)
HOLIDAY_NAMES: Final = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@dataclass(frozen=True, slots=True)
class Rest:
    """What the State Council says about a day; `certain` is false when it has not spoken yet."""

    is_workday: bool
    holiday: str | None
    certain: bool


def calendar_rows(first: date, last: date) -> list[tuple[object, ...]]:
    """One row of dim_calendar per day, columns in the order of the table."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rests = {day: rest(day) for day in days}
    spans = dict(holiday_spans(rests))
    return [calendar_row(day, rests[day], spans.get(day)) for day in days]


def calendar_row(day: date, today: Rest, span: tuple[date, date] | None) -> tuple[object, ...]:
    """The row of one day."""
    iso = day.isocalendar()
    is_weekend = iso.weekday >= 6
    return (
        day,
        day.year,
        1 if day.month <= 6 else 2,
        (day.month + 2) // 3,
        day.month,
        day.day,
        iso.weekday,
        "上旬" if day.day <= 10 else "中旬" if day.day <= 20 else "下旬",
        iso.year,
        iso.week,
        day.year,
        (day + timedelta(days=1)).day == 1,
        is_weekend,
        today.is_workday,
        today.is_workday and not is_weekend,
        today.holiday,
        span[0] if span else None,
        span[1] if span else None,
        spring_festival_offset(day),
        today.certain,
    )


def rest(day: date) -> Rest:
    """Workday or holiday; unpublished years fall back on Monday to Friday."""
    try:
        is_holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return Rest(day.weekday() < 5, None, certain=False)
    holiday = HOLIDAY_NAMES.get(name, name) if is_holiday and name else None
    return Rest(not is_holiday, holiday, certain=True)


def holiday_spans(rests: dict[date, Rest]) -> Iterator[tuple[date, tuple[date, date]]]:
    """For each holiday its unbroken span; 国庆 and 中秋 in one row of days share one span."""
    run: list[date] = []
    for day, today in rests.items():
        if today.holiday:
            run.append(day)
            continue
        yield from ((inside, (run[0], run[-1])) for inside in run)
        run = []
    yield from ((inside, (run[0], run[-1])) for inside in run)


def spring_festival_offset(day: date) -> int:
    """Days to the nearest 正月初一, negative before it."""
    return min(((day - festival).days for festival in SPRING_FESTIVALS), key=abs)
