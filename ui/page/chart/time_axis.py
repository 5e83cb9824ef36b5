"""Times along an axis: forward, and a period without a row keeps its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

MOST = 800
"""Longer axes are not filled."""
ALMOST_ALL = 0.8
"""Days are filled when few are missing: working days alone are a choice, not a gap."""


class Calendar(NamedTuple):
    """One way to count periods."""

    pattern: re.Pattern[str]
    number: Callable[[re.Match[str]], int]
    text: Callable[[int], str]


def _day(number: int) -> str:
    return date.fromordinal(number).isoformat()


def _week(number: int) -> str:
    year, week, _ = (date.fromordinal(1) + timedelta(weeks=number)).isocalendar()
    return f"{year:04}-W{week:02}"


def _per_year(count: int, sign: str, width: int) -> Calendar:
    return Calendar(
        re.compile(rf"(\d{{4}})-{sign}(\d{{{width}}})"),
        lambda m: int(m[1]) * count + int(m[2]) - 1,
        lambda n: f"{n // count:04}-{sign}{n % count + 1:0{width}}",
    )


DAYS = Calendar(
    re.compile(r"\d{4}-\d{2}-\d{2}"), lambda m: date.fromisoformat(m[0]).toordinal(), _day
)
CALENDARS = (
    _per_year(12, "", 2),
    _per_year(4, "Q", 1),
    _per_year(2, "H", 1),
    Calendar(re.compile(r"\d{4}"), lambda m: int(m[0]), lambda n: f"{n:04}"),
    Calendar(
        re.compile(r"(\d{4})-W(\d{2})"),
        lambda m: (date.fromisocalendar(int(m[1]), int(m[2]), 1).toordinal() - 1) // 7,
        _week,
    ),
    DAYS,
)


def with_gaps(keys: Iterable[str]) -> list[str]:
    """The keys in order of time, each once, with those that are missing in between.

    >>> with_gaps(["2026-04", "2026-01", "2026-02"])
    ['2026-01', '2026-02', '2026-03', '2026-04']
    >>> with_gaps(["2025-Q4", "2026-Q2"]), with_gaps(["2025-W52", "2026-W02"])
    (['2025-Q4', '2026-Q1', '2026-Q2'], ['2025-W52', '2026-W01', '2026-W02'])
    >>> with_gaps(["2026-10-09", "2026-10-30"])
    ['2026-10-09', '2026-10-30']
    """
    found = sorted(set(keys))
    for calendar in CALENDARS:
        matches = [calendar.pattern.fullmatch(key) for key in found]
        numbers = [calendar.number(m) for m in matches if m is not None]
        if len(numbers) == len(found) > 1:
            whole = range(min(numbers), max(numbers) + 1)
            few = calendar is DAYS and len(found) < ALMOST_ALL * len(whole)
            return found if few or len(whole) > MOST else [calendar.text(n) for n in whole]
    return found
