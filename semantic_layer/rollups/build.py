"""The queries that build the stored tables, and those that prove what they are good for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from semantic_layer.compile.aggregates import aggregate_sql
from semantic_layer.compile.buckets import bucket_start
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.tokens import column, day, named, number
from semantic_layer.model import Field
from semantic_layer.model.today import with_today
from semantic_layer.query import MetricQuery, Number
from semantic_layer.resolve.conditions import UNKNOWN
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Cell
from semantic_layer.rollups.layout import ALL_ROWS, TIME, Measure, RollupTable, Unstored, layouts
from semantic_layer.rollups.stored import Facts
from semantic_layer.snapshot import Snapshot

Rows = Callable[[exp.Expression], tuple[tuple[Cell, ...], ...]]
NOTHING_ASKED = ResolvedQuery(MetricQuery((Number(0),)), ())
INEXACT = ("DOUBLE", "FLOAT", "REAL")
GRAINS = {"day": "date", "month": "month", "quarter": "quarter", "year": "year"}
FORMAT = "2"
"""Of the stored tables; those of another format are not read."""
NO_DAY = date(9973, 3, 7)
"""A day that nobody writes down: where it turns up, a formula depends on today."""


@dataclass(frozen=True, slots=True)
class RollupBuild:
    """One table to be stored."""

    table: RollupTable
    key: str
    through: date
    select: exp.Select


def build_queries(snapshot: Snapshot) -> tuple[RollupBuild, ...]:
    """What has to be run for every declared rollup."""
    keys = table_keys(snapshot)
    return tuple(
        RollupBuild(table, keys[table.name], through, _select(table, through, snapshot))
        for table in layouts(snapshot.manifest).tables
        if table.name in keys
        for through in [snapshot.data_dates.get(table.dataset, snapshot.as_of)]
    )


def table_keys(snapshot: Snapshot) -> dict[str, str]:
    """Each table with a hash of all that its content depends on, except for the data.

    Tables that are another one every day are left out.
    """
    timeless = replace(snapshot, manifest=with_today(snapshot.manifest, NO_DAY))
    found = {}
    for table in layouts(snapshot.manifest).tables:
        sql = _grouped(table, timeless).sql(dialect="duckdb")
        if NO_DAY.isoformat() not in sql:
            parts = [FORMAT, sql, table.unit, str(table.is_exact), *_shown(table, timeless)]
            text = json.dumps(parts, ensure_ascii=False)
            found[table.name] = hashlib.sha256(text.encode()).hexdigest()
    return found


def unstored_parts(snapshot: Snapshot) -> tuple[Unstored, ...]:
    """What is declared and cannot be stored, and why."""
    declared = layouts(snapshot.manifest)
    keys = table_keys(snapshot)
    moving = (
        Unstored(t.rollup, snapshot.manifest.datasets[t.dataset].label, "公式随“今天”变化")
        for t in declared.tables
        if t.name not in keys
    )
    return (*declared.unstored, *moving)


def _shown(table: RollupTable, snapshot: Snapshot) -> list[str]:
    """How members are shown: by that they are told apart."""
    fields = (snapshot.manifest.dimensions[path.field].field for path in table.dimensions)
    return [f"{v.value}={v.label}" for field in fields for v in field.values]


def _scan(table: RollupTable, snapshot: Snapshot) -> Scan:
    return Scan(snapshot.manifest.datasets[table.dataset], NOTHING_ASKED, snapshot)


def _select(table: RollupTable, through: date, snapshot: Snapshot) -> exp.Select:
    time = _scan(table, snapshot).field((), table.time)
    return _known(_grouped(table, snapshot), time, table, through)


def _grouped(table: RollupTable, snapshot: Snapshot) -> exp.Select:
    """The sums over all rows there are."""
    scan = _scan(table, snapshot)
    time = scan.field((), table.time)
    keys = [named(scan.field(p.joins, p.field), p.field) for p in table.dimensions]
    keys.append(named(_period(time, table), TIME))
    rows = [named(exp.Count(this=exp.Star()), ALL_ROWS)]
    rows += [named(_rows(scan, text), name) for name, text in table.filters]
    values = [named(_value(measure, scan), measure.column) for measure in table.measures]
    select = scan.select().select(*keys, *rows, *values)
    scan.attach_joins(select)
    grouped = select.group_by(*(number(at + 1) for at in range(len(keys))))
    return grouped.order_by(column(TIME))


def _known(
    select: exp.Select, time: exp.Expression, table: RollupTable, through: date
) -> exp.Select:
    """Only rows that lie in a period, and in one that is over or runs to the last day."""
    terms: list[exp.Expression] = [exp.Not(this=exp.Is(this=time.copy(), expression=exp.Null()))]
    if not table.is_exact:
        terms.append(exp.LTE(this=bucket_start("date", time.copy()), expression=day(through)))
    return select.where(*terms)


def _period(time: exp.Expression, table: RollupTable) -> exp.Expression:
    grain = "date" if table.is_exact else GRAINS[table.unit]
    return exp.cast(bucket_start(grain, time.copy()), "date")  # type: ignore[arg-type]


def _rows(scan: Scan, text: str) -> exp.Expression:
    condition = exp.Where(this=scan.expression(text))
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=condition)


def _value(measure: Measure, scan: Scan) -> exp.Expression:
    value = aggregate_sql(measure.own, scan)
    if measure.own.filter is None:
        return value
    return exp.Filter(this=value, expression=exp.Where(this=scan.expression(measure.own.filter)))


def proven(
    build: RollupBuild,
    snapshot: Snapshot,
    types: Mapping[str, str],
    rows: Rows,
    stored: exp.Expression,
) -> Facts | None:
    """What the rows show about a table just built; None: joins multiply rows, it is no good."""
    table = build.table
    scan = _scan(table, snapshot)
    if not _same_rows(build, scan, rows, stored):
        return None
    ((size, periods, units),) = rows(
        exp.select(
            exp.Count(this=exp.Star()),
            exp.Count(this=exp.Distinct(expressions=[column(TIME)])),
            exp.Count(this=exp.Distinct(expressions=[_unit_of(table)])),
        ).from_(stored.copy())
    )  # fmt: skip
    exact = tuple(
        m.column for m in table.measures
        if m.how != "sum" or not types.get(m.column, "DOUBLE").upper().startswith(INEXACT)
    )  # fmt: skip
    once = _once(build, scan, rows, stored)
    return Facts(
        key=build.key,
        rows=int(str(size)),
        through=build.through.isoformat(),
        exact=exact,
        once=once,
        tells_apart=all(_tells_apart(p.field, snapshot, rows, stored) for p in table.dimensions),
        one_time=periods == units,
    )


def _unit_of(table: RollupTable) -> exp.Expression:
    return bucket_start(GRAINS[table.unit], column(TIME))  # type: ignore[arg-type]


def _same_rows(build: RollupBuild, scan: Scan, rows: Rows, stored: exp.Expression) -> bool:
    """No join of the table gave a row twice."""
    table = build.table
    bare = scan.select().select(exp.Count(this=exp.Star()))
    counted = _known(bare, scan.field((), table.time), table, build.through)
    behind = exp.select(exp.Sum(this=column(ALL_ROWS))).from_(stored.copy())
    return (rows(behind)[0][0] or 0) == rows(counted)[0][0]


def _once(build: RollupBuild, scan: Scan, rows: Rows, stored: exp.Expression) -> tuple[str, ...]:
    """Distinct counts whose groups make up the whole of every period: nobody is in two groups."""
    table = build.table
    counts = [m for m in table.measures if m.how == "distinct"]
    if not counts:
        return ()
    time = scan.field((), table.time)
    values = [named(_value(measure, scan), measure.column) for measure in counts]
    whole = scan.select().select(named(_period(time, table), TIME), *values)
    scan.attach_joins(whole)
    wholes = rows(_known(whole, time, table, build.through).group_by("1").order_by("1"))
    sums = [exp.Sum(this=column(measure.column)) for measure in counts]
    added = exp.select(column(TIME), *sums).from_(stored.copy()).group_by("1").order_by("1")
    pairs = list(zip(wholes, rows(added), strict=True))
    return tuple(
        measure.column
        for at, measure in enumerate(counts, start=1)
        if all(whole[at] == parts[at] for whole, parts in pairs)
    )


def _tells_apart(name: str, snapshot: Snapshot, rows: Rows, stored: exp.Expression) -> bool:
    """Whether different members of a dimension are shown differently."""
    field: Field = snapshot.manifest.dimensions[name].field
    labels = {str(v.value): str(v.label or v.value) for v in field.values}
    members = [row[0] for row in rows(exp.select(column(name)).distinct().from_(stored.copy()))]
    shown = [UNKNOWN if m is None else labels.get(str(m), str(m)) for m in members]
    return len(set(shown)) == len(shown)
