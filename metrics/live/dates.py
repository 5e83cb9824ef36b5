"""Dates: loaded in time, nothing from the future, no snapshot left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from sqlglot import exp

from metrics.live.finding import LiveFinding
from metrics.live.rows import (
    EXAMPLES,
    LiveData,
    as_date,
    counted,
    day,
    listed,
    not_null,
    read,
    whole,
)
from semantic_layer.model import Dataset, Join, Manifest
from semantic_layer.resolve.availability import grain_unit
from semantic_layer.resolve.labels import range_label
from semantic_layer.resolve.units import last_unit_end, unit_of

DAYS_OF_GRACE = {"day": 3, "week": 5, "month": 10, "quarter": 20, "year": 45}
"""So many days after the end of a period its rows may come."""
DAYS_OF_GRACE_FOR_LISTS = 31
"""Tables without time are lists of members and change slowly."""
RARE = 0.05
"""Series with gaps are an accident while they are rare; else it is how the table is."""


def loaded_in_time(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """A data date that lies further back than it should."""
    loaded = data.snapshot.data_dates.get(dataset.name)
    due = due_day(dataset, data.snapshot.manifest, data.snapshot.as_of)
    if loaded is not None and due is not None and loaded < due:
        late = (data.snapshot.as_of - loaded).days
        message = f"“{dataset.label}”的数据日期是{loaded},已{late}天没有更新(应不早于{due})"
        yield LiveFinding("V401", dataset.name, message, late)


def due_day(dataset: Dataset, manifest: Manifest, today: date) -> date | None:
    """The day its data must have reached by now; None where nothing is expected."""
    if dataset.data_date is None or dataset.sql is not None:
        return None
    unit = _loaded_each(dataset, manifest)
    grace = DAYS_OF_GRACE[unit] if dataset.time else DAYS_OF_GRACE_FOR_LISTS
    return last_unit_end(unit, today - timedelta(days=grace))


def _loaded_each(dataset: Dataset, manifest: Manifest) -> str:
    """A table of month ends is loaded by the month, also for those who read days out of it."""
    readers = [d for d in manifest.datasets.values() if d.table == dataset.table and d.time]
    units = {grain_unit(reader) for reader in (dataset, *readers)}
    return max(units, key=list(DAYS_OF_GRACE).index)


def nothing_from_the_future(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Rows dated after the data date."""
    loaded = data.snapshot.data_dates.get(dataset.name)
    if loaded is None or dataset.time is None or dataset.data_date is None:
        return
    scan = data.scan(dataset)
    when = as_date(scan.field((), dataset.time))
    key = scan.field((), dataset.key[0]) if dataset.key else exp.Null()
    asked = [counted(), exp.Max(this=when.copy()), exp.Min(this=key)]
    ((count, last, example),) = data.rows(read(scan, asked, when > day(loaded)))
    if count:
        message = (
            f"“{dataset.label}”有{count:,}行的日期晚于数据日期{loaded},最晚{last},如 {example}"
        )
        yield LiveFinding("V402", dataset.name, message, whole(count), examples=(example,))


def no_snapshot_missing(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Periods between the first and the last without a single row."""
    if dataset.time is None or dataset.grain == "event":
        return
    unit = grain_unit(dataset)
    present = set(_dates(dataset, data))
    if not present:
        return
    expected, at, last = [], min(present), max(present)
    while at <= last:
        expected.append(at)
        at = unit_of(unit, at).end + timedelta(days=1)
    starts = {unit_of(unit, found).start for found in present}
    missing = [at for at in expected if unit_of(unit, at).start not in starts]
    if missing and len(missing) <= RARE * len(expected):
        examples = tuple(range_label(unit_of(unit, at)) for at in missing[:EXAMPLES])
        message = f"“{dataset.label}”缺{len(missing)}期:{listed(examples)}"
        yield LiveFinding("V403", dataset.name, message, len(missing), examples=examples)


def no_series_breaks(dataset: Dataset, data: LiveData) -> Iterator[LiveFinding]:
    """Members that have rows before and after a period, but none in it."""
    if dataset.time is None or dataset.grain == "event" or dataset.time not in dataset.key:
        return
    order = {found: at for at, found in enumerate(sorted(_dates(dataset, data)))}
    for join in dataset.joins:
        ours = [mine for mine, _ in join.keys]
        if len(ours) == 1 and ours[0] in dataset.key and ours[0] != dataset.time:
            yield from _broken(dataset, join, order, data)


def _broken(
    dataset: Dataset, join: Join, order: Mapping[date, int], data: LiveData
) -> Iterator[LiveFinding]:
    rows = data.rows(_series(dataset, join, data))
    gaps = {
        member: order[last] - order[first] + 1 - whole(present)
        for member, first, last, present in rows
        if isinstance(first, date) and isinstance(last, date)
    }
    broken = {member: gap for member, gap in gaps.items() if gap > 0}
    if broken and len(broken) <= RARE * len(gaps):
        shown = tuple(sorted(broken, key=str)[:EXAMPLES])
        role = join.label or join.name
        message = (
            f"“{dataset.label}”有{len(broken):,}个{role}的数据中间断开,"
            f"共缺{sum(broken.values()):,}期,如 {listed(shown)}"
        )
        share = len(broken) / len(gaps)
        subject = f"{dataset.name}.{join.name}"
        yield LiveFinding("V404", subject, message, sum(broken.values()), share, shown)


def _series(dataset: Dataset, join: Join, data: LiveData) -> exp.Select:
    """First and last date of every member, and on how many dates it has rows."""
    scan = data.scan(dataset)
    member = scan.expression(join.keys[0][0])
    when = as_date(scan.field((), dataset.time or ""))
    days = exp.Count(this=exp.Distinct(expressions=[when.copy()]))
    asked = [member, exp.Min(this=when), exp.Max(this=when.copy()), days]
    return read(scan, asked, exp.and_(not_null(member), not_null(when))).group_by(member.copy())


def _dates(dataset: Dataset, data: LiveData) -> tuple[date, ...]:
    scan = data.scan(dataset)
    when = scan.field((), dataset.time or "")
    rows = data.rows(read(scan, [as_date(when)], not_null(when)).distinct())
    return tuple(row[0] for row in rows if isinstance(row[0], date))
