"""One leaf over one cell: which rows count, and what they add up to.

A flow without rows is 0, and so is a sum over nothing but missing amounts; a stock is 0
where its snapshot has rows of the cell and None (未报数) where it has none, whatever the
metric's own filter says. Where members are listed by a spine, or nothing is grouped, a
snapshot is looked at before the question's filter; in other groups after it. A mean over
units takes each unit's own snapshots, also of a metric that is last known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from slow_reading.bands import labels_of_row
from slow_reading.comparisons import base_days, base_period
from slow_reading.days import Range, last_end, unit_at, units_in
from slow_reading.filters import holds
from slow_reading.listing import binding_parts
from slow_reading.periods import Frame, definition, grain_of, latest_of
from slow_reading.question import Question, time_of
from slow_reading.rows import as_day, shown
from slow_reading.sets import members_of
from slow_reading.windows import current_days
from slow_reading.world import Row, Value

from semantic_layer.model import Aggregate, Metric
from semantic_layer.query import Comparison, Predicate

ZERO = ("sum", "count", "distinct")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value stands: its period, its members, its filter, and at which base."""

    frame: Frame
    members: tuple[tuple[str, Any], ...]
    where: Predicate | None
    base: Comparison | None = None
    per: str | None = None


def per_of(own: Aggregate, asked: str | None) -> str | None:
    """The unit that a mean is taken over; None: no mean over units."""
    if own.then_avg is not None:
        return "day" if own.then_avg == "date" else own.then_avg
    return None if own.average_over is not None and asked == "day" else asked


def days_of(question: Question, leaf: Metric, cell: Cell) -> Range | None:
    """The days that count; None: the table has no data for them."""
    per = per_of(definition(leaf), cell.per)
    if cell.base is not None:
        return base_days(question, leaf, cell.frame, cell.base, per)
    return current_days(question, leaf, cell.frame, per)


def dated_rows(question: Question, leaf: Metric, days: Range | None, per: str | None) -> list[Row]:
    """Rows of the table on the days that count, last snapshots where asked."""
    asked = (leaf.name, days, per)
    if asked not in question.dated:
        question.dated[asked] = list(_dated_rows(question, leaf, days, per))
    return question.dated[asked]


def _dated_rows(
    question: Question, leaf: Metric, days: Range | None, per: str | None
) -> Iterator[Row]:
    own, world = definition(leaf), question.world
    time = time_of(world, leaf)
    rows = question.reader.rows(own.dataset)
    if own.snapshot == "latest":
        rows = _last_snapshot(question, own, rows)
    counted = None if days is None else counted_days(question, leaf, days, per)
    for row in rows:
        dated = time is None or (counted and _day(question, own.dataset, row, time) in counted)
        if dated and (per is not None or _is_last_known(question, leaf, row, days)):
            yield row


def counted_days(question: Question, leaf: Metric, days: Range, per: str | None) -> frozenset[date]:
    """Every day, those of the kind asked for, or the ends of the units of a mean of a stock."""
    asked = (leaf.name, leaf.is_stock, days, per)
    if asked not in question.counted:
        question.counted[asked] = frozenset(_counted_days(question, leaf, days, per))
    return question.counted[asked]


def _counted_days(question: Question, leaf: Metric, days: Range, per: str | None) -> Iterator[date]:
    period = question.query.scope.period
    kind = "trading_day" if per == "trading_day" else period.days if period else None
    if kind is not None:
        return (day for day in days.days() if counts_day(question, kind, day))
    daily = grain_of(question.world.dataset(definition(leaf).dataset)) == "day"
    if not (leaf.is_stock and daily and per not in (None, "day")):
        return days.days()
    return (day for day in days.days() if unit_at(per or "", day).end == day)


def has_day(unit: Range, counted: frozenset[date]) -> bool:
    """Whether any day of the unit counts: a week of holidays is none of the weeks of workdays."""
    return any(day in counted for day in unit.days())


def _day(question: Question, dataset: str, row: Row, name: str) -> Any:
    return as_day(question.reader.value(dataset, row, name))


def _newest_snapshot(question: Question, own: Aggregate) -> Range:
    """The last snapshot at or before the first day asked."""
    dataset = question.world.dataset(own.dataset)
    start = min(frame.start for frame in question.frames)
    unit = grain_of(dataset)
    return unit_at(unit, last_end(unit, min(latest_of(question.world, dataset), start)))


def is_before_data(question: Question, leaf: Metric) -> bool:
    """Whether a metric is told from a snapshot that the table did not have yet."""
    own = definition(leaf)
    if own.snapshot != "latest":
        return False
    first = question.world.first_dates.get(own.dataset)
    return first is not None and _newest_snapshot(question, own).end < first


def _last_snapshot(question: Question, own: Aggregate, rows: list[Row]) -> list[Row]:
    dataset, taken = question.world.dataset(own.dataset), _newest_snapshot(question, own)
    return [r for r in rows if _day(question, own.dataset, r, dataset.time or "") in taken]


def _is_last_known(question: Question, leaf: Metric, row: Row, days: Range | None) -> bool:
    """Each key by its newest row of the period, judged before any filter."""
    own = definition(leaf)
    semi = own.semi_additive
    if semi is None or semi.period_end != "last_known" or days is None:
        return True
    dataset = question.world.dataset(own.dataset)
    keys = [key for key in dataset.key if key != semi.over]
    mine = _day(question, own.dataset, row, semi.over)
    for other in question.reader.everything(own.dataset):
        same = all(row[key] is not None and other[key] == row[key] for key in keys)
        theirs = _day(question, own.dataset, other, semi.over)
        if same and theirs in days and theirs > mine:
            return False
    return True


def labels(question: Question, leaf: Metric, row: Row, name: str, cell: Cell) -> tuple[Any, ...]:
    """The members of a group that a row counts in: one, or one per set."""
    dataset = definition(leaf).dataset
    if name.startswith("#"):
        return labels_of_row(question, dataset, row, name, judged_over(question, leaf, cell))
    return (shown(question.world, name, question.reader.dimension(dataset, row, name)),)


def is_in(question: Question, leaf: Metric, row: Row, cell: Cell) -> bool:
    """Whether a row belongs to the members of a cell."""
    return all(member in labels(question, leaf, row, name, cell) for name, member in cell.members)


def is_left_out(question: Question, leaf: Metric, row: Row, cell: Cell) -> bool:
    """Whether a row belongs to a member that is listed in its period, and not to 其他."""
    if question.left_out is None:
        return False
    listed, own = question.left_out.get(cell.frame.key, set()), dict(cell.members)
    theirs = [
        (own[name],) if name in own else labels(question, leaf, row, name, cell)
        for name in question.listed_groups
    ]
    return any(found in listed for found in product(*theirs))


def matching(question: Question, leaf: Metric, cell: Cell, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that fulfil the question's filter."""
    dataset = definition(leaf).dataset

    def members(set_: Any) -> frozenset[Any]:
        return members_of(question, set_, judged_over(question, leaf, cell))

    for row in rows:
        if holds(question.reader, dataset, row, cell.where, members):
            yield row


def judged_over(question: Question, leaf: Metric, cell: Cell) -> Frame | None:
    """The period over which sets without one of their own are judged; None: the only one.

    Each of several periods has its own members, and so has what a period is compared with.
    """
    if cell.base is not None:
        days = base_period(question, leaf, cell.frame, cell.base, cell.per)
    elif question.keyed_by_time:
        days = Range(cell.frame.start, cell.frame.end)
    else:
        return None
    assert days is not None
    return Frame(None, days.start, days.end, days.end, cell.frame.unit, cell.frame.count)


def own_rows(question: Question, leaf: Metric, rows: Iterable[Row]) -> list[Row]:
    """Rows that the metric's own filter lets through."""
    own = definition(leaf)
    if own.filter is None:
        return list(rows)
    formula = own.filter
    return [r for r in rows if question.reader.formula(own.dataset, r, formula) is True]


def leaf_value(question: Question, leaf: Metric, cell: Cell) -> Value:
    """The value of a leaf in a cell."""
    own, days = definition(leaf), days_of(question, leaf, cell)
    per = per_of(own, cell.per)
    if is_before_data(question, leaf):
        return None
    if days is None and time_of(question.world, leaf) is not None:
        return None
    here = [
        row
        for row in dated_rows(question, leaf, days, per)
        if is_in(question, leaf, row, cell) and not is_left_out(question, leaf, row, cell)
    ]
    asked = list(matching(question, leaf, cell, here))
    counted = own_rows(question, leaf, asked)
    if per is not None:
        assert days is not None
        found = _mean(question, leaf, counted, days, per)
        zero = found is None and own.agg in ZERO and own.semi_additive is not None
        reported = zero and is_reported(question, leaf, cell, here, asked)
        return Fraction(0) if reported else found
    if own.semi_additive is not None and not is_reported(question, leaf, cell, here, asked):
        return None
    value = aggregated(question, leaf, counted)
    if own.average_over is not None and value is not None:
        assert days is not None
        return value / ((days.end - days.start).days + 1)
    return value


def is_reported(
    question: Question, leaf: Metric, cell: Cell, here: list[Row], asked: list[Row]
) -> bool:
    """Whether a snapshot has rows of the cell."""
    if cell.members and not question.spined:
        return bool(asked)
    chosen = binding_parts(question, definition(leaf).dataset, cell.where)
    return any(
        all(
            holds(question.reader, definition(leaf).dataset, r, c, lambda _: frozenset())
            for c in chosen
        )
        for r in here
    )


def counts_day(question: Question, kind: str, day: date) -> bool:
    """Whether a day is a workday, trading day, weekend or holiday."""
    calendar = question.world.calendar
    if kind == "trading_day":
        return calendar.is_trading_day(day)
    if kind == "weekend":
        return day.weekday() >= 5
    return calendar.is_workday(day) == (kind == "workday")


def _mean(question: Question, leaf: Metric, rows: list[Row], days: Range, per: str) -> Value:
    """Σ over the units ÷ the number of units with a day that counts."""
    own, time = definition(leaf), time_of(question.world, leaf) or ""
    name = "day" if per == "trading_day" else per
    units = list(units_in(name, days))
    inside: dict[date, list[Row]] = {}
    for row in rows:
        inside.setdefault(unit_at(name, _day(question, own.dataset, row, time)).start, []).append(
            row
        )
    values = (aggregated(question, leaf, inside[u.start]) for u in units if u.start in inside)
    known = [value for value in values if value is not None]
    if not known and not (own.agg in ZERO and own.semi_additive is None):
        return None
    counted = counted_days(question, leaf, days, per)
    number = sum(has_day(unit, counted) for unit in units)
    return sum(known, Fraction(0)) / number if number else None


def aggregated(question: Question, leaf: Metric, rows: list[Row]) -> Value:
    """The aggregate of rows; missing values count nowhere."""
    own, reader = definition(leaf), question.reader
    if own.agg == "count" and own.expr is None:
        return Fraction(len(rows))
    found = [reader.formula(own.dataset, row, own.expr or "1") for row in rows]
    if own.average_over is not None:
        days = [reader.value(own.dataset, row, own.average_over.days) for row in rows]
        found = [
            None if v is None or d is None else v * d for v, d in zip(found, days, strict=True)
        ]
    values = sorted(v for v in found if v is not None) if own.agg != "distinct" else []
    match own.agg:
        case "count":
            return Fraction(len(values))
        case "distinct":
            return Fraction(len({v for v in found if v is not None}))
        case "sum":
            return sum(values, Fraction(0))
    if not values:
        return None
    match own.agg:
        case "avg":
            return sum(values, Fraction(0)) / len(values)
        case "min":
            return Fraction(values[0])
        case "max":
            return Fraction(values[-1])
        case "median":
            return quantile(values, Fraction(1, 2))
    return quantile(values, Fraction(own.quantile if own.quantile is not None else 0.5))


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    """Between neighbours in proportion."""
    at = share * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)
