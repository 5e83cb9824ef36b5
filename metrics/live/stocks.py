"""Stocks: no jump that no business makes, and day and month tables that agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median

from sqlglot import exp

from metrics.live.finding import LiveFinding
from metrics.live.numbers import exact
from metrics.live.rows import (
    EXAMPLES,
    LiveData,
    as_date,
    called,
    counted,
    day,
    not_null,
    read,
    whole,
)
from semantic_layer.compile.scan import Scan
from semantic_layer.model import Aggregate, Dataset, Join, Metric

JUMP = 5
"""A whole that becomes so many times as much from one snapshot to the next."""
GROWN_UP = Decimal("0.2")
"""Jumps count once the whole has reached this part of its usual size."""


def no_jumps(metric: Metric, data: LiveData) -> Iterator[LiveFinding]:
    """A stock whose whole explodes from one snapshot to the next."""
    for own in _sums(metric):
        by_day = {
            when: exact(value)
            for when, _, value in data.rows(_series(own, None, data))
            if isinstance(when, date)
        }
        if len(by_day) < EXAMPLES:
            continue
        usual = median(abs(value) for value in by_day.values())
        for (_, before), (when, after) in pairwise(sorted(by_day.items())):
            if abs(before) >= GROWN_UP * usual and abs(after) > JUMP * abs(before) > 0:
                message = (
                    f"“{metric.label}”在{when}的合计是上一期的{after / before:.1f}倍"
                    f"({before:,.2f} → {after:,.2f})"
                )
                yield LiveFinding("V501", metric.name, message, 1, examples=(when,))
                break


def tables_agree(metric: Metric, data: LiveData) -> Iterator[LiveFinding]:
    """Every shared date and organisation has the same value in each table of a metric."""
    first, *others = _sums(metric) or (None,)
    if first is None:
        return
    for other in others:
        yield from _differences(metric, first, other, data)


def _differences(
    metric: Metric, month: Aggregate, days: Aggregate, data: LiveData
) -> Iterator[LiveFinding]:
    manifest = data.snapshot.manifest
    ways = _shared(manifest.datasets[month.dataset], manifest.datasets[days.dataset])
    joined = _side_by_side(month, days, ways or (None, None), data)
    differ = exp.NullSafeNEQ(this=exp.column("mine"), expression=exp.column("other"))
    every, wrong = counted(), counted(differ)
    ((total, count),) = data.rows(exp.select(every, wrong).from_(joined.copy()))
    if not count:
        return
    gap = exp.Abs(this=exp.column("mine") - exp.column("other"))
    worst = exp.select("d", "m", "mine", "other").from_(joined).where(differ.copy())
    cases = [
        f"{at} {member or '合计'}:{mine:,.2f} 与 {other:,.2f}"
        for at, member, mine, other in data.rows(
            worst.order_by(exp.Ordered(this=gap, desc=True), "d", "m").limit(EXAMPLES)
        )
    ]
    labels = [manifest.datasets[a.dataset].label for a in (month, days)]
    message = (
        f"“{metric.label}”在“{labels[0]}”与“{labels[1]}”的{total:,}个共同值里"
        f"有{count:,}个不同,如 {cases[0]}"
    )
    share = whole(count) / whole(total)
    yield LiveFinding("V601", metric.name, message, whole(count), share, tuple(cases))


def _side_by_side(
    month: Aggregate, days: Aggregate, ways: tuple[Join | None, Join | None], data: LiveData
) -> exp.Subquery:
    """Both values of every shared date and member; a missing one is 0."""
    ours, theirs = _series(month, ways[0], data), _series(days, ways[1], data)
    last = min(data.snapshot.data_dates.get(a.dataset, date.max) for a in (month, days))
    for series, other in ((ours, days), (theirs, month)):
        assert other.semi_additive is not None
        scan = data.scan(data.snapshot.manifest.datasets[other.dataset])
        known = as_date(scan.field((), other.semi_additive.over))
        dates = read(scan, [known], known.copy() <= day(last)).distinct()
        when = series.selects[0].this
        series.where(exp.In(this=when.copy(), query=dates.subquery()), copy=False)
    on = exp.and_(
        exp.column("d", "a").eq(exp.column("d", "b")),
        exp.NullSafeEQ(this=exp.column("m", "a"), expression=exp.column("m", "b")),
    )
    zero = exp.Literal.number(0)
    columns = [
        exp.func("coalesce", exp.column(name, "a"), other).as_(as_name)
        for name, other, as_name in (
            ("d", exp.column("d", "b"), "d"), ("m", exp.column("m", "b"), "m"),
            ("v", zero, "mine"),
        )
    ]  # fmt: skip
    columns.append(exp.func("coalesce", exp.column("v", "b"), zero.copy()).as_("other"))
    select = exp.select(*columns).from_(ours.subquery("a"))
    return select.join(theirs.subquery("b"), on=on, join_type="full").subquery("both")


def _sums(metric: Metric) -> tuple[Aggregate, ...]:
    """The tables of a stock that adds up."""
    own = metric.definition
    if not isinstance(own, Aggregate) or own.semi_additive is None or own.agg != "sum":
        return ()
    return (own, *(a for a in metric.also if a.semi_additive is not None and a.agg == "sum"))


def _series(own: Aggregate, join: Join | None, data: LiveData) -> exp.Select:
    """The stock by date `d` and member `m`."""
    assert own.semi_additive is not None
    scan: Scan = data.scan(data.snapshot.manifest.datasets[own.dataset])
    when = as_date(scan.field((), own.semi_additive.over))
    member = scan.expression(join.keys[0][0]) if join else exp.Null()
    value = exp.Sum(this=scan.expression(own.expr or "1"))
    where = not_null(when)
    if own.filter is not None:
        where = exp.and_(where, scan.expression(own.filter))
    columns = [called(when, "d"), called(member, "m"), called(value, "v")]
    return read(scan, columns, where).group_by("1", "2")


def _shared(ours: Dataset, theirs: Dataset) -> tuple[Join, Join] | None:
    """The direct joins of both tables to the same list of organisations."""
    for mine in ours.joins:
        for other in theirs.joins:
            alike = mine.to == other.to and len(mine.keys) == len(other.keys) == 1
            if alike and mine.validity is None and not _is_calendar(other, theirs):
                return mine, other
    return None


def _is_calendar(join: Join, dataset: Dataset) -> bool:
    return join.keys[0][0] == dataset.time
