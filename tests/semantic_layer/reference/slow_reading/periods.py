"""Symbolic periods as days, the periods of the result, and when there is no data for them.

Calendar words count from today alone; `anchor: data` counts from the data date; the data
date only clips or refuses. A stock asked for a single day that closes a unit of its table
means that unit. Where data begins within the first week of a month the month is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from slow_reading.days import (
    DAY,
    MONTHS_IN,
    UNITS,
    Range,
    last_end,
    moved,
    unit_at,
    units_in,
    whole_months,
)
from slow_reading.world import RefusedError, World

from semantic_layer.model import Aggregate, Dataset, Metric
from semantic_layer.query import (
    Absolute,
    Between,
    Edge,
    Everything,
    Group,
    Latest,
    Part,
    Relative,
    Shifted,
    Span,
    TimeGroup,
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """What the tables of a question can answer."""

    world: World
    latest: date
    first: date
    unit: str
    """Coarsest grain of the tables."""
    stock: bool
    bucketed: bool
    future: bool = False

    @property
    def point(self) -> bool:
        """The answer is one value at a point in time."""
        return self.stock and not self.bucketed


@dataclass(frozen=True, slots=True)
class Asked:
    """A span as the asker meant it."""

    range: Range
    unit: str
    count: int = 1
    to_date: bool = False
    edge: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One period of the result: a span, or a bucket of one."""

    key: date | int | None
    start: date
    natural_end: date
    end: date
    unit: str
    count: int
    span: int = 0
    position: int = 0

    @property
    def natural(self) -> Range:
        """The period as if it were over."""
        return Range(self.start, self.natural_end)


def grain_of(dataset: Dataset) -> str:
    """The finest unit that a table answers."""
    return "day" if dataset.grain in ("event", "date") else dataset.grain


def latest_of(world: World, dataset: Dataset) -> date:
    """The last day with complete data: of a monthly table, a month end."""
    loaded = min(world.data_dates.get(dataset.name, world.as_of), world.as_of)
    return last_end(grain_of(dataset), loaded)


def definition(leaf: Metric) -> Aggregate:
    """The aggregate of a leaf."""
    assert isinstance(leaf.definition, Aggregate)
    return leaf.definition


def horizon(world: World, leaves: Iterable[Metric], *, averaged: bool, bucketed: bool) -> Horizon:
    """How far all tables of the leaves reach."""
    parts = list(leaves)
    bounded = [p for p in parts if not definition(p).future]
    tables = [world.dataset(definition(p).dataset) for p in parts]
    dated = [world.dataset(definition(p).dataset) for p in bounded]
    firsts = [world.first_dates[d.name] for d in dated if d.name in world.first_dates]
    grains = [
        "day" if definition(p).snapshot else grain_of(d) for p, d in zip(parts, tables, strict=True)
    ]
    return Horizon(
        world,
        min(latest_of(world, d) for d in dated or tables),
        max(firsts, default=date(1900, 1, 1)),
        max(grains, key=UNITS.index),
        all(p.is_stock for p in parts) and not averaged,
        bucketed,
        not bounded,
    )


def asked_days(span: Span, seen: Horizon) -> Asked:
    """The days that a span names."""
    today = seen.world.as_of
    match span:
        case Absolute():
            return _named(Range(span.start, span.end))
        case Relative():
            anchor = min(today, seen.latest) if span.anchor == "data" else today
            return _relative(span, anchor)
        case Between():
            first = asked_days(span.start, seen).range.start
            if span.end is None:
                return replace(_named(Range(first, max(first, today))), to_date=True)
            last = asked_days(span.end, seen)
            if last.range.end < first:
                raise RefusedError("invalid_date")
            return replace(_named(Range(first, last.range.end)), to_date=last.to_date)
        case Edge():
            return _edge(span, seen)
        case Latest():
            return _latest(span, seen)
        case Everything():
            return Asked(Range(seen.first, seen.latest), "range", to_date=True)
        case Shifted():
            return _shifted(span, seen)
    raise NotImplementedError(span)


def _named(days: Range) -> Asked:
    for unit in ("year", "half", "quarter", "month", "week", "day"):
        if unit_at(unit, days.start) == days:
            return Asked(days, unit)
    if whole_months(days):
        return Asked(days, "month", whole_months(days))
    return Asked(days, "day", (days.end - days.start).days + 1)


def _relative(span: Relative, anchor: date) -> Asked:
    last = unit_at(span.unit, anchor, span.offset)
    first = unit_at(span.unit, last.start, 1 - span.span)
    found = Asked(Range(first.start, last.end), span.unit, span.span)
    for part in span.within:
        found = _inside(found, part)
    if span.to_date and found.range.start <= anchor:
        end = min(anchor, found.range.end)
        return replace(found, range=Range(found.range.start, end), to_date=True)
    return found


def _inside(whole: Asked, part: Part) -> Asked:
    """A week belongs to the period that holds its Thursday."""
    middle = timedelta(days=3 if part.unit == "week" else 0)
    units = [u for u in units_in(part.unit, whole.range) if u.start + middle in whole.range]
    first = part.index - 1 if part.index > 0 else len(units) + part.index
    if first < 0 or first + part.count > len(units):
        raise RefusedError("invalid_date")
    last = units[first + part.count - 1]
    return Asked(Range(units[first].start, last.end), part.unit, part.count)


def _edge(span: Edge, seen: Horizon) -> Asked:
    of = asked_days(span.of, seen)
    if span.side == "end":
        return replace(of, edge=True, to_date=False)
    end = of.range.start - DAY
    start = min(moved(of.range, of.unit, -of.count).start, end)
    return Asked(Range(start, end), of.unit, of.count, edge=True)


def _latest(span: Latest, seen: Horizon) -> Asked:
    newest = min(seen.world.as_of, seen.latest)
    if span.unit is None:
        unit = "month" if seen.point and seen.unit == "day" else seen.unit
        days = unit_at(unit, newest)
        return Asked(Range(days.start, min(days.end, newest)), unit, to_date=True)
    end = last_end(span.unit, newest)
    return Asked(unit_at(span.unit, end), span.unit)


def _shifted(span: Shifted, seen: Horizon) -> Asked:
    of = asked_days(span.of, seen)
    end = of.range.end
    if span.align == "elapsed":
        last = seen.latest
        if last < of.range.start:
            last = last_end(seen.unit, seen.world.as_of)
        if last >= of.range.start:
            end = min(end, last)
    return replace(of, range=moved(Range(of.range.start, end), span.unit, span.offset))


def first_listed(seen: Horizon) -> date:
    """From where periods are listed."""
    if seen.future:
        return date.min
    month = unit_at("month", seen.first).start
    if seen.unit != "day" or (seen.first - month).days < 7:
        return unit_at(seen.unit, month).start
    return seen.first


def resolved(span: Span, seen: Horizon) -> tuple[Asked, Range, bool]:
    """The span as asked, the days that count, and whether they are complete."""
    asked = asked_days(span, seen)
    unit = unit_at(seen.unit, asked.range.end)
    if seen.point and asked.range.start == asked.range.end == unit.end:
        asked = replace(asked, range=unit, unit=seen.unit, count=1)
    _check(asked, seen)
    days = asked.range
    end = days.end if seen.future else min(days.end, seen.latest)
    expected = last_end(seen.unit, seen.world.as_of - DAY)
    complete = end == days.end or (asked.to_date and end >= expected)
    if seen.point:
        return asked, Range(days.start, end), complete
    start = max(days.start, first_listed(seen))
    return asked, Range(start, end), complete and start == days.start


def _check(asked: Asked, seen: Horizon) -> None:
    days = asked.range
    if seen.unit != "day" and not asked.to_date:
        starts = seen.stock or unit_at(seen.unit, days.start).start == days.start
        if not starts or unit_at(seen.unit, days.end).end != days.end:
            raise RefusedError("grain_not_available")
    check_loaded(asked, seen)
    if min(days.end, seen.latest) < seen.first and not seen.future:
        raise RefusedError("no_data_before")


def check_loaded(asked: Asked, seen: Horizon) -> None:
    """A period that lies after the data is refused; a point in time already when it does."""
    named = asked.range.end if asked.edge else asked.range.start
    if named > seen.latest and not seen.future:
        raise RefusedError("no_data_yet")


def frames_of(spans: list[tuple[Asked, Range, bool]], bucket: str | None) -> list[Frame]:
    """One period per span, or per bucket that a span touches."""
    if bucket is None:
        return [
            Frame(None if len(spans) == 1 else at, days.start, asked.range.end, days.end,
                  asked.unit, asked.count, at)
            for at, (asked, days, _) in enumerate(spans)
        ]  # fmt: skip
    found: dict[date, Frame] = {}
    for at, (asked, days, _) in enumerate(spans):
        for frame in _buckets(asked, days, at, bucket):
            assert isinstance(frame.key, date)
            found[frame.key] = frame
    return list(found.values())


def _buckets(asked: Asked, days: Range, span: int, bucket: str) -> Iterator[Frame]:
    unit = "day" if bucket == "date" else bucket
    for position, whole in enumerate(units_in(unit, days)):
        yield Frame(
            whole.start,
            max(whole.start, days.start),
            min(whole.end, asked.range.end),
            min(whole.end, days.end),
            unit,
            1,
            span,
            position,
        )


def finest_of(groups: Iterable[Group]) -> str | None:
    """The grain that tells rows apart; one beside it only says where its units lie."""
    grains = [g.grain for g in groups if isinstance(g, TimeGroup)]
    return min(grains, key=lambda g: UNITS.index("day" if g == "date" else g), default=None)


def are_told_apart(
    spans: list[tuple[Asked, Range, bool]], bucket: str | None, *, compared: bool
) -> bool:
    """Whether no two periods give one bucket different days, now or at a base."""
    known: dict[date, tuple[Any, ...]] = {}
    for span in spans if bucket is not None and len(spans) > 1 else ():
        for frame in frames_of([span], bucket):
            assert isinstance(frame.key, date)
            base = (frame.natural_end, frame.position) if compared else ()
            own = (frame.start, frame.end, *base)
            if known.setdefault(frame.key, own) != own:
                return False
    return True


def is_coarser(grain: str, native: str) -> bool:
    """Whether a bucket of that grain holds several such units."""
    return UNITS.index("day" if grain == "date" else grain) > UNITS.index(native)


def grain_serves(have: str, wanted: str) -> bool:
    """Whether data per `have` adds up to `wanted`."""
    if "week" in (have, wanted):
        return have in ("day", wanted) and (have != "week" or wanted == "week")
    return UNITS.index(have) <= UNITS.index(wanted)


def bucket_label(grain: str, key: date) -> str | date:
    """How a bucket is written."""
    month = f"{key.year}-{key.month:02d}"
    match grain:
        case "date":
            return key
        case "month":
            return month
        case "year":
            return str(key.year)
        case "week":
            year, week, _ = key.isocalendar()
            return f"{year}-W{week:02d}"
        case "xun":
            return f"{month}-{'上中下'[(key.day - 1) // 10]}旬"
    step = MONTHS_IN[grain]
    return f"{key.year}-{'Q' if step == 3 else 'H'}{(key.month - 1) // step + 1}"
