"""Calendar expressions before the question's day fills in what was left unsaid.

三季度 is a frame without a base: the year comes from a neighbour (去年一季度到三季度)
or from the day of asking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from assistant.language.time.cells import Days, NoSuchDayError, narrow, unit_days
from semantic_layer.problem import Problem
from semantic_layer.query import Absolute, Part, Relative, Span, Unit

SIZES: dict[Unit, int] = {
    "day": 1, "workday": 1, "trading_day": 1, "week": 7, "xun": 10, "month": 30,
    "quarter": 90, "half": 180, "year": 365,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """A calendar unit by its base and the parts named inside it."""

    root: Unit
    """Unit of the base, said or unsaid: 三季度 lies in a year, 8号 in a month, 周五 in a week."""
    base: Relative | int | None = None
    """今年 as a relative unit, 2024年 as a number, None when unsaid."""
    parts: tuple[Part, ...] = ()
    open: bool = False
    """Cannot stand alone: 1 in 1-6月, 24 in 24Q3."""

    @property
    def unit(self) -> Unit:
        """The finest unit named."""
        return self.parts[-1].unit if self.parts else self.root

    def inside(self, part: Part, *, is_open: bool = False) -> Frame:
        """A smaller unit within this one."""
        return replace(self, parts=(*self.parts, part), open=is_open)


class Settled(NamedTuple):
    """A frame with its base filled in: a span, or what is wrong with it."""

    span: Span | None
    note: str | None = None
    problem: Problem | None = None
    moved: bool = False
    """An unsaid year, month or week is the one before, because this one is still to come."""


def days_of(frame: Frame, as_of: date) -> Days:
    """First and last day; workdays and trading days count as the unit around them."""
    days = _base_days(frame, as_of)
    for part in frame.parts:
        if part.unit in ("workday", "trading_day"):
            return days
        days = narrow(days, part)
    return days


def settle(frame: Frame, as_of: date, text: str, *, by_end: bool = False) -> Settled:
    """The span meant on that day; an unsaid year is the last one that has begun (or ended)."""
    note, moved = None, False
    if frame.base is None:
        frame, moved = based(frame, as_of, by_end=by_end)
        note = moved_note(text, frame) if moved else None
    try:
        days = days_of(frame, as_of)
    except NoSuchDayError:
        return Settled(None, None, invalid_date(text))
    return Settled(span_of(frame, days, as_of), note, moved=moved)


def based(frame: Frame, as_of: date, *, by_end: bool = False) -> tuple[Frame, bool]:
    """The frame with its unsaid base filled in, and whether it moved back by one.

    月末 is the last one that has passed; 11月末 in November is named, and not there yet.
    """
    current = replace(frame, base=Relative(frame.root, 0))
    try:
        days = days_of(current, as_of)
    except NoSuchDayError:
        days = None
    ended = by_end and not any(part.unit == "month" for part in frame.parts)
    if days is not None and (days.end if ended else days.start) <= as_of:
        return current, False
    earlier = replace(frame, base=Relative(frame.root, -1))
    try:
        days_of(earlier, as_of)
    except NoSuchDayError:
        return current, False
    return earlier, True


def span_of(frame: Frame, days: Days, as_of: date) -> Span:
    """The symbolic span of a frame whose base is known."""
    if isinstance(frame.base, Relative):
        return replace(frame.base, within=frame.parts)
    if any(part.unit in ("workday", "trading_day") for part in frame.parts):
        year = frame.base if isinstance(frame.base, int) else as_of.year
        return Relative("year", year - as_of.year, within=frame.parts)
    return Absolute(days.start, days.end)


def invalid_date(text: str) -> Problem:
    """No such day in the calendar."""
    return Problem("invalid_date", f"日历上没有“{text}”,请换一个日期。", subject=text)


def moved_note(text: str, frame: Frame) -> str:
    """Why an unsaid year, month or week is the one before."""
    now, earlier = {
        "year": ("今年", "去年"), "quarter": ("本季度", "上季度"), "month": ("本月", "上个月"),
        "half": ("本半年", "上个半年"), "week": ("本周", "上周"),
    }[frame.root]  # fmt: skip
    return f"{now}的“{text}”尚未到来,按{earlier}的理解"


def _base_days(frame: Frame, as_of: date) -> Days:
    if isinstance(frame.base, int):
        return Days(date(frame.base, 1, 1), date(frame.base, 12, 31))
    base = frame.base or Relative(frame.root, 0)
    last = unit_days(base.unit, base.offset, as_of)
    first = unit_days(base.unit, base.offset - base.span + 1, as_of)
    return Days(first.start, last.end)
