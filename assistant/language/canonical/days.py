"""Days, and parts of calendar units: 2026年三季度, 2026年5月8日至2026年5月31日; 去年的 10月中旬."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from assistant.language.canonical.syntax import Found, Place, Source
from semantic_layer.query import Absolute, InvalidQueryError, Part, Unit

COUNTED: dict[Unit, str] = {
    "day": "天", "week": "周", "xun": "旬", "month": "个月", "quarter": "个季度", "half": "个半年",
    "year": "年", "workday": "个工作日", "trading_day": "个交易日",
}  # fmt: skip
QUARTERS = ("一季度", "二季度", "三季度", "四季度")
HALVES = ("上半年", "下半年")
_TO = "至"
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
                    return f"{first.text}{_TO}{last.text}"
        return None

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """The range of days that stands here."""
        first = _ONE.match(source.text, at)
        if not first:
            return
        last = first
        if source.text.startswith(_TO, first.end()):
            last = _ONE.match(source.text, first.end() + len(_TO)) or first
        source.reach(last.end())
        try:
            span = Absolute(_stretch(first).first, _stretch(last).last)
        except (ValueError, InvalidQueryError):
            return
        yield Found(span, last.end())

    def words(self) -> Iterator[str]:
        """The names of quarters and halves."""
        yield from (_TO, *QUARTERS, *HALVES)


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


_PARTS: dict[tuple[Unit, Unit], tuple[str, ...]] = {
    ("year", "month"): tuple(f"{n}月" for n in range(1, 13)),
    ("year", "quarter"): QUARTERS,
    ("year", "half"): HALVES,
    ("month", "xun"): ("上旬", "中旬", "下旬"),
    ("month", "day"): tuple(f"{n}日" for n in range(1, 32)),
    ("week", "day"): tuple(f"周{day}" for day in "一二三四五六日"),
}
"""Names of parts by the unit that they are parts of."""
_COUNT = re.compile(r"(?P<way>第|倒数第)(?P<n>\d+)")
_LENGTH = re.compile(r"起(?P<n>\d+)")


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts within parts of a relative unit: 10月中旬, 第3天, 倒数第2个月起2个月."""

    def write(self, value: tuple[Part, ...], place: Place) -> str | None:
        """One after the other, each within the one before."""
        text, parent = "", place.slots["unit"]
        for part in value:
            text += _part(part, parent)
            parent = part.unit
        return text

    def read(self, source: Source, at: int, place: Place) -> Iterator[Found]:
        """Every row of parts that stands here."""
        rows: list[tuple[tuple[Part, ...], int, Unit]] = [((), at, place.slots["unit"])]
        while rows:
            parts, end, parent = rows.pop()
            for part, further in _read_part(source.text, end, parent):
                source.reach(further)
                yield Found((*parts, part), further)
                rows.append(((*parts, part), further, part.unit))

    def words(self) -> Iterator[str]:
        """All names of parts."""
        yield from (name for names in _PARTS.values() for name in names)
        yield from ("第", "倒数第", "起")


def _part(part: Part, parent: Unit) -> str:
    counted = COUNTED[part.unit]
    names = _PARTS.get((parent, part.unit), ())
    if 1 <= part.index <= len(names):
        first = names[part.index - 1]
    else:
        first = f"{'第' if part.index > 0 else '倒数第'}{abs(part.index)}{counted}"
    return first if part.count == 1 else f"{first}起{part.count}{counted}"


def _read_part(text: str, at: int, parent: Unit) -> Iterator[tuple[Part, int]]:
    for unit, counted in COUNTED.items():
        for index, end in _read_first(text, at, (parent, unit), counted):
            yield Part(unit, index), end
            length = _LENGTH.match(text, end)
            if length and int(length["n"]) and text.startswith(counted, length.end()):
                yield Part(unit, index, int(length["n"])), length.end() + len(counted)


def _read_first(
    text: str, at: int, key: tuple[Unit, Unit], counted: str
) -> Iterator[tuple[int, int]]:
    for number, name in enumerate(_PARTS.get(key, ()), start=1):
        if text.startswith(name, at):
            yield number, at + len(name)
    match = _COUNT.match(text, at)
    if match and int(match["n"]) and text.startswith(counted, match.end()):
        sign = 1 if match["way"] == "第" else -1
        yield sign * int(match["n"]), match.end() + len(counted)
