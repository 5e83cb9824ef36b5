"""Days of the calendar: 2026年三季度, 2026年5月至2026年9月, 2026年5月8日至2026年5月31日."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from assistant.language.canonical.syntax import Found, Place, Source
from semantic_layer.query import Absolute, InvalidQueryError

QUARTERS = ("一季度", "二季度", "三季度", "四季度")
HALVES = ("上半年", "下半年")
TO = "至"
_ONE = re.compile(
    rf"(?P<year>\d{{1,4}})年(?:(?P<quarter>{'|'.join(QUARTERS)})|(?P<half>{'|'.join(HALVES)})"
    r"|(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"
)


class _Stretch(NamedTuple):
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Days:
    """A closed range of days, in the largest units that fit."""

    def write(self, value: Any, place: Place) -> str | None:
        """One unit, or the first and the last."""
        if not isinstance(value, Absolute):
            return None
        start, end = value.start, value.end
        for first, last in zip(_units(start), _units(end), strict=True):
            if first.stretch.first == start and last.stretch.last == end:
                if first.stretch == last.stretch:
                    return first.text
                if first.is_told_in_ranges:
                    return f"{first.text}{TO}{last.text}"
        return None

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """The range of days that stands here."""
        first = _ONE.match(source.text, at)
        if not first:
            return
        last = first
        if source.text.startswith(TO, first.end()):
            last = _ONE.match(source.text, first.end() + len(TO)) or first
        source.reach(last.end())
        try:
            span = Absolute(_stretch(first).first, _stretch(last).last)
        except (ValueError, InvalidQueryError):
            return
        yield Found(span, last.end())

    def words(self) -> Iterator[str]:
        """The names of quarters and halves."""
        yield from (TO, *QUARTERS, *HALVES)


class _Named(NamedTuple):
    """A calendar unit around a day."""

    text: str
    stretch: _Stretch
    is_told_in_ranges: bool


def _units(day: date) -> tuple[_Named, ...]:
    """From the year to the day itself."""
    year, month = f"{day.year}年", day.month
    quarter, half = (month - 1) // 3, (month - 1) // 6
    return (
        _Named(year, _months(day.year, 1, 12), True),
        _Named(f"{year}{HALVES[half]}", _months(day.year, half * 6 + 1, half * 6 + 6), False),
        _Named(
            f"{year}{QUARTERS[quarter]}",
            _months(day.year, quarter * 3 + 1, quarter * 3 + 3),
            False,
        ),
        _Named(f"{year}{month}月", _months(day.year, month, month), True),
        _Named(f"{year}{month}月{day.day}日", _Stretch(day, day), True),
    )


def _months(year: int, first: int, last: int) -> _Stretch:
    return _Stretch(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _stretch(match: re.Match[str]) -> _Stretch:
    year = int(match["year"])
    if match["quarter"]:
        number = QUARTERS.index(match["quarter"])
        return _months(year, number * 3 + 1, number * 3 + 3)
    if match["half"]:
        number = HALVES.index(match["half"])
        return _months(year, number * 6 + 1, number * 6 + 6)
    if not match["month"]:
        return _months(year, 1, 12)
    if not match["day"]:
        return _months(year, int(match["month"]), int(match["month"]))
    day = date(year, int(match["month"]), int(match["day"]))
    return _Stretch(day, day)
