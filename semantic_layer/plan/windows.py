"""Which days of one table count for each period of the result, now and at a base."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from semantic_layer.calendar import Calendar
from semantic_layer.model import Aggregate, Dataset, Metric
from semantic_layer.plan.nodes import Keying, Window
from semantic_layer.query import Base, Comparison, Grain
from semantic_layer.resolve.availability import grain_unit, latest_day
from semantic_layer.resolve.comparisons import takes_whole
from semantic_layer.resolve.frames import Frame, unit_name
from semantic_layer.resolve.shift import base_days, base_point
from semantic_layer.resolve.units import (
    ONE_DAY,
    Days,
    last_unit_end,
    unit_of,
    units_between,
    units_until,
    units_with_days,
)
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

LIKE_PERIODS: frozenset[Base] = frozenset({"yoy", "mom", "previous"})
"""Compared with another period, not with a day before it."""


def current_windows(
    leaf: Metric, frames: tuple[Frame, ...], snapshot: Snapshot
) -> tuple[Window, ...]:
    """The days of a table that count for each period."""
    dataset = _dataset(leaf, snapshot)
    first = None if reads_last_snapshot(leaf) else snapshot.first_dates.get(dataset.name)
    windows = []
    for frame in frames:
        days = _current_days(leaf, Days(frame.start, frame.end), dataset)
        if days is not None and (first is None or days.end >= first):
            windows.append(Window(frame.key, *days))
    return tuple(windows)


def _current_days(leaf: Metric, period: Days, dataset: Dataset) -> Days | None:
    if not leaf.is_stock:
        return period
    assert isinstance(leaf.definition, Aggregate)
    semi = leaf.definition.semi_additive
    unit = grain_unit(dataset)
    if semi is not None and semi.period_end == "last_known":
        return period
    if semi is not None and semi.take == "first":
        first = unit_of(unit, period.start)
        return first if first.end <= period.end else None
    return _snapshot_days(unit, period.end, period.start)


def _snapshot_days(unit: str, day: date, not_before: date) -> Days | None:
    end = last_unit_end(unit, day)
    return unit_of(unit, end) if end >= not_before else None


def reads_last_snapshot(leaf: Metric) -> bool:
    """Whether the days are those of another date (到期日), which data dates do not bound."""
    return isinstance(leaf.definition, Aggregate) and leaf.definition.snapshot == "latest"


def base_windows(
    leaf: Metric,
    stock: bool,
    frames: tuple[Frame, ...],
    comparison: Comparison,
    resolved: ResolvedQuery,
    snapshot: Snapshot,
) -> tuple[Window, ...]:
    """The days of a table that each period is compared with; none where there is no data."""
    dataset = _dataset(leaf, snapshot)
    latest = latest_day(snapshot, dataset)
    first = snapshot.first_dates.get(dataset.name)
    windows = []
    for frame in frames:
        days = _base_days(leaf, stock, frame, comparison, resolved, dataset)
        if days is None or days.end == date.max:
            continue
        if reads_last_snapshot(leaf) or (
            days.end <= latest and _has_history(days, first, stock=stock)
        ):
            windows.append(Window(frame.key, *days))
    return tuple(windows)


def _has_history(days: Days, first: date | None, *, stock: bool) -> bool:
    """Whether the data covers the base; a month in which it starts counts as covered."""
    if first is None:
        return True
    if stock or days.length == 1:
        return first <= days.end
    return unit_of("month", first).start <= days.start


def _base_days(
    leaf: Metric,
    stock: bool,
    frame: Frame,
    comparison: Comparison,
    resolved: ResolvedQuery,
    dataset: Dataset,
) -> Days | None:
    of_period = stock and _is_of_its_period(leaf)
    named = _named_base(frame, comparison.base, resolved)
    if named is not None and of_period and named.start < date.max:
        return _current_days(leaf, named, dataset)
    if named is not None:
        return _at_point(named.end, dataset) if stock else named
    whole = takes_whole(leaf, comparison.align, stock=stock)
    of_period = of_period and comparison.base in LIKE_PERIODS
    moved = base_point if stock and not of_period else base_days
    found = moved(comparison.base, frame.natural, frame.end, frame.unit, frame.count, whole=whole)
    if isinstance(found, date):
        return _at_point(found, dataset)
    return _current_days(leaf, found, dataset) if of_period else found


def _is_of_its_period(leaf: Metric) -> bool:
    """Whether the snapshot depends on where the period begins: its first, its last known."""
    assert isinstance(leaf.definition, Aggregate)
    semi = leaf.definition.semi_additive
    return semi is not None and (semi.take == "first" or semi.period_end == "last_known")


def _at_point(day: date, dataset: Dataset) -> Days:
    unit = grain_unit(dataset)
    return unit_of(unit, last_unit_end(unit, day))


def _named_base(frame: Frame, base: Base, resolved: ResolvedQuery) -> Days | None:
    """The named range or feast; with buckets, the bucket at the same position."""
    current = resolved.spans[frame.span]
    if base != "range" and current.unit != "feast":
        return None
    span = dict(resolved.bases)[base][frame.span]
    if frame.key is None or isinstance(frame.key, int):
        return Days(span.first_day, span.end)
    units = list(units_between(frame.unit, span.first_day, span.end))
    if frame.position >= len(units):
        return Days(date.max, date.max)
    days = units[frame.position]
    return Days(max(days.start, span.first_day), min(days.end, span.end))


def target_windows(
    target: Metric, frames: tuple[Frame, ...], snapshot: Snapshot
) -> tuple[Window, ...]:
    """The days whose targets each period is measured against; none where none are set.

    A month that goes on has the target of the whole month; a year, that of the whole
    year when it is set already.
    """
    dataset = _dataset(target, snapshot)
    unit, last = grain_unit(dataset), snapshot.data_dates.get(dataset.name)
    windows = []
    for frame in frames:
        ends = unit_of(unit, frame.end)
        year = year_of_target(target, frame, snapshot)
        days = ends if target.is_stock else Days(frame.start, (year or ends).end)
        if last is None or days.end <= last:
            windows.append(Window(frame.key, *days))
    return tuple(windows)


def year_of_target(target: Metric, frame: Frame, snapshot: Snapshot) -> Days | None:
    """The year that goes on and whose targets are all set."""
    if target.is_stock or frame.unit != "year" or frame.count != 1:
        return None
    year, last = (
        unit_of("year", frame.end),
        snapshot.data_dates.get(_dataset(target, snapshot).name),
    )
    set_already = last is not None and last >= year.end
    return year if set_already and frame.end < year.end else None


def with_divisors(
    windows: tuple[Window, ...], unit: str, days: frozenset[date] | None
) -> tuple[Window, ...]:
    """Windows with the number of units that an average divides by: those with a day that counts."""
    known = None if days is None else sorted(days)
    return tuple(w._replace(divisor=_units_in(w, unit, known)) for w in windows)


def _units_in(window: Window, unit: str, days: list[date] | None) -> int:
    if days is not None:
        return len(list(units_with_days(unit, window.start, window.end, days)))
    return units_until(unit, window.start, window.end)


def trading_days_back(day: date, count: int, calendar: Calendar) -> date:
    """The first of the last so many trading days up to a day."""
    while True:
        count -= calendar.is_trading_day(day)
        if count <= 0:
            return day
        day -= ONE_DAY


def are_whole(windows: tuple[Window, ...], bucket: Grain) -> bool:
    """Whether sums of buckets are sums of windows: nothing else of their buckets is read."""
    unit, last = unit_name(bucket), max(w.end for w in windows)
    return all(
        unit_of(unit, w.start).start == w.start and w.end in (unit_of(unit, w.end).end, last)
        for w in windows
    )


def keying_of(windows: tuple[Window, ...], bucket: Grain | None) -> Keying:
    """The cheapest way for a row to find its key."""
    if len({(w.start, w.end) for w in windows}) <= 1:
        return "one"
    if bucket is not None:
        unit = unit_name(bucket)
        starts = [unit_of(unit, w.start) for w in windows]
        inside = all(w.end <= days.end for w, days in zip(windows, starts, strict=True))
        if inside and len(set(starts)) == len(starts):
            return "bucket"
    ordered = sorted((w.start, w.end) for w in windows)
    apart = all(a[1] < b[0] for a, b in pairwise(ordered))
    return "case" if apart and len(windows) <= 8 else "windows"


def _dataset(leaf: Metric, snapshot: Snapshot) -> Dataset:
    assert isinstance(leaf.definition, Aggregate)
    return snapshot.manifest.datasets[leaf.definition.dataset]
