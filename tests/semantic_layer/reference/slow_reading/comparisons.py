"""What a period is compared with: like positions, elapsed days, snapshots; and the figures.

A stock that takes its period's first or last known snapshot takes that of the base period
as well. A base before the data begins, or after it ends, is missing, not zero.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from slow_reading.days import (
    DAY,
    Range,
    last_end,
    moved,
    moved_point,
    unit_at,
    units_in,
    whole_months,
)
from slow_reading.periods import (
    Frame,
    asked_days,
    check_loaded,
    definition,
    frames_of,
    grain_of,
    latest_of,
)
from slow_reading.question import Question
from slow_reading.windows import opened, stock_days
from slow_reading.world import RefusedError, Value

from semantic_layer.model import Metric
from semantic_layer.query import Comparison, Cumulative, Measure, MetricRef, Number


def base_days(
    question: Question, leaf: Metric, frame: Frame, comparison: Comparison, per: str | None
) -> Range | None:
    """The days of a leaf's table that a period is compared with; None: no data there."""
    stock = leaf.is_stock and per is None
    if comparison.span is not None:
        days = _named_range(question, frame, comparison)
        if days is None:
            return None
        found = _named_stock(question, leaf, days) if stock else days
    else:
        found = _moved(question, leaf, frame, comparison, stock=stock)
    if found is None or not _has_data(question, leaf, found, stock=stock):
        return None
    whole = opened(question, found)
    covered = question.query.window is None or _covers(question, leaf, whole)
    return whole if covered else None


def _covers(question: Question, leaf: Metric, days: Range) -> bool:
    """Whether the table goes back to where a running base starts."""
    window = question.query.window
    first = question.world.first_dates.get(definition(leaf).dataset)
    for_ever = isinstance(window, Cumulative) and window.reset == "never"
    return for_ever or first is None or unit_at("month", first).start <= days.start


def base_period(
    question: Question, leaf: Metric, frame: Frame, comparison: Comparison, per: str | None
) -> Range | None:
    """The whole period that a period is compared with, whatever part of it is counted."""
    if comparison.span is not None:
        return _named_range(question, frame, comparison)
    full = _is_full(leaf, comparison, stock=leaf.is_stock and per is None)
    return _flow(frame, comparison.base, full=full)


def _named_range(question: Question, frame: Frame, comparison: Comparison) -> Range | None:
    """The named range; with buckets, the bucket at the same position."""
    assert comparison.span is not None
    named = asked_days(comparison.span, question.seen)
    check_loaded(named, question.seen)
    asked = named.range
    end = asked.end if question.seen.future else min(asked.end, question.seen.latest)
    whole = Range(asked.start, end)
    if question.bucket is None:
        return whole
    units = list(units_in(frame.unit, whole))
    if frame.position >= len(units):
        return None
    unit = units[frame.position]
    return Range(max(unit.start, whole.start), min(unit.end, whole.end))


def _moved(
    question: Question, leaf: Metric, frame: Frame, comparison: Comparison, *, stock: bool
) -> Range | None:
    full = _is_full(leaf, comparison, stock=stock)
    if not stock:
        return _flow(frame, comparison.base, full=full)
    if _is_of_the_period(leaf) and comparison.base in ("yoy", "mom", "previous"):
        return stock_days(question, leaf, _flow(frame, comparison.base, full=full))
    return _snapshot(question, leaf, _point(frame, comparison.base, full=full))


def _is_full(leaf: Metric, comparison: Comparison, *, stock: bool) -> bool:
    """Whether an unfinished period is compared with a whole one."""
    if comparison.align is not None:
        return comparison.align == "full"
    return not stock and leaf.incomplete_period == "last_complete"


def check_snapshots(question: Question) -> None:
    """A named base has data, a stock its snapshot of the very day, or the question is refused."""
    seen = question.seen
    for named in (c.span for c in question.query.compare if c.span is not None):
        check_loaded(asked_days(named, seen), seen)
    if not seen.stock:
        return
    for comparison in question.bases:
        for span in question.spans:
            for day in base_points(question, span, comparison):
                if last_end(seen.unit, day) != day:
                    raise RefusedError("grain_not_available")


def base_points(question: Question, span: Any, comparison: Comparison) -> list[date]:
    """The first and the last snapshot that a span is compared with."""
    if comparison.span is not None:
        asked = asked_days(comparison.span, question.seen).range
        return [asked.end if question.seen.future else min(asked.end, question.seen.latest)]
    frames = frames_of([span], question.bucket)
    full = comparison.align == "full"
    return [_point(frame, comparison.base, full=full) for frame in (frames[0], frames[-1])]


def _is_of_the_period(leaf: Metric) -> bool:
    """Whether the snapshot depends on the whole period: its first, its last known."""
    semi = definition(leaf).semi_additive
    return semi is not None and (semi.take == "first" or semi.period_end == "last_known")


def _named_stock(question: Question, leaf: Metric, days: Range) -> Range | None:
    if _is_of_the_period(leaf):
        return stock_days(question, leaf, days)
    return _snapshot(question, leaf, days.end)


def _flow(frame: Frame, base: str, *, full: bool) -> Range:
    natural = frame.natural
    days = natural if full else Range(natural.start, frame.end)
    if base == "yoy":
        return moved(days, "week", -52) if frame.unit == "week" else moved(days, "year", -1)
    if base == "mom":
        return moved(days, frame.unit, -frame.count)
    if base == "previous":
        months = whole_months(natural)
        if months:
            return moved(days, "month", -months)
        back = natural.end - natural.start + DAY
        return Range(days.start - back, days.end - back)
    if base == "ytd_open":
        year = frame.end.year - 1
        return Range(date(year, 1, 1), date(year, 12, 31))
    return Range(natural.start - DAY, natural.start - DAY)


def _point(frame: Frame, base: str, *, full: bool) -> date:
    natural = frame.natural
    if base == "yoy":
        point = natural.end if full else frame.end
        if frame.unit == "week":
            return point - timedelta(days=7 * 52)
        return moved_point(point, "year", -1)
    if base in ("mom", "previous") and natural.start == natural.end:
        return moved_point(natural.end, frame.unit, -frame.count)
    if base == "ytd_open":
        return date(frame.end.year - 1, 12, 31)
    return natural.start - DAY


def _snapshot(question: Question, leaf: Metric, day: date) -> Range:
    unit = grain_of(question.world.dataset(definition(leaf).dataset))
    return unit_at(unit, last_end(unit, day))


def _has_data(question: Question, leaf: Metric, days: Range, *, stock: bool) -> bool:
    own = definition(leaf)
    if own.snapshot == "latest":
        return True
    first = question.world.first_dates.get(own.dataset)
    if days.end > latest_of(question.world, question.world.dataset(own.dataset)):
        return False
    if first is None:
        return True
    if stock or days.start == days.end:
        return first <= days.end
    return unit_at("month", first).start <= days.start


def unit_of(question: Question, measure: Measure) -> str | None:
    """The unit of a measure: a sum keeps it, a quotient of two alike is a share, else there is none."""
    if isinstance(measure, MetricRef):
        return question.world.manifest.metrics[measure.metric].unit
    if isinstance(measure, Number):
        return None
    sides = (measure.left, measure.right)
    left, right = (unit_of(question, side) for side in sides)
    if any(isinstance(side, Number) for side in sides):
        upside_down = measure.op == "/" and isinstance(measure.left, Number)
        return None if upside_down else left or right
    kept = {"+": left, "-": left, "/": "percent"}
    return kept.get(measure.op) if left == right else None


def figures(question: Question, measure: Measure, comparison: Comparison) -> list[str]:
    """Which figures are shown: rates change in points, everything else in differences."""
    rate = unit_of(question, measure) in ("percent", "permyriad")
    asked = [s for s in comparison.show if s != "share"]
    if comparison.base == "average":
        asked = [s for s in asked if s != "rank"] or ["value", "diff"]
    shown = ["pp" if rate and s in ("diff", "rate") else s for s in asked]
    shown = list(dict.fromkeys("diff" if s == "pp" and not rate else s for s in shown))
    moved = question.query.share is not None and comparison.base != "average"
    return [*shown, "share"] if moved else shown


def change(now: Value, then: Value, show: str) -> Value:
    """A difference or a growth rate; none on a base of zero or below."""
    if now is None or then is None:
        return None
    if show == "rate":
        return (now - then) / then if then > 0 else None
    return now - then
