"""Small questions to the database about its own data, as trees over one dataset."""

from __future__ import annotations

from datetime import date, datetime

from sqlglot import exp

from semantic_layer.compile.scan import Scan
from semantic_layer.model import Dataset
from semantic_layer.model.expression import DIALECT
from semantic_layer.query import MetricQuery, Number
from semantic_layer.resolved import ResolvedQuery, RowFilter
from semantic_layer.result import Cell
from semantic_layer.snapshot import Snapshot

_NOTHING_ASKED = MetricQuery((Number(0),))


def first_and_last(
    dataset: Dataset, time: str, snapshot: Snapshot, *, ahead: bool = False
) -> exp.Select:
    """First day of a time field, and the last one; only `ahead` may that lie in the future."""
    scan = _scan(dataset, snapshot)
    day = exp.cast(scan.field((), time), "date")
    today = exp.cast(exp.Literal.string(snapshot.as_of.isoformat()), "date")
    known = exp.Case(ifs=[exp.If(this=exp.LTE(this=day.copy(), expression=today), true=day.copy())])
    select = scan.select().select(
        exp.alias_(exp.Min(this=day), "first_day"),
        exp.alias_(exp.Max(this=day.copy() if ahead else known), "last_day"),
    )
    scan.attach_joins(select)
    return select


def different_days(dataset: Dataset, time: str, snapshot: Snapshot) -> exp.Select:
    """Every day of a time field, in order."""
    scan = _scan(dataset, snapshot)
    day = scan.field((), time)
    select = scan.select().select(exp.alias_(day, "day")).distinct()
    scan.attach_joins(select)
    known = exp.Not(this=exp.Is(this=day.copy(), expression=exp.Null()))
    return select.where(known).order_by("day")


def load_log(table: str) -> exp.Select:
    """Table name and newest data date of every table in the load log."""
    newest = exp.alias_(exp.Max(this=exp.column("data_date")), "data_date")
    source = exp.to_table(table, dialect=DIALECT)
    return exp.select(exp.column("table_name"), newest).from_(source).group_by("table_name")


def distinct_values(
    dataset: Dataset,
    field: str,
    snapshot: Snapshot,
    limit: int,
    policy: RowFilter | None = None,
) -> exp.Select:
    """The different values of a field, sorted; with a policy only those in its rows."""
    scan = _scan(dataset, snapshot, policy)
    value = scan.field((), field)
    select = scan.select().select(exp.alias_(value, "value")).distinct()
    scan.attach_joins(select)
    known = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
    return select.where(known).order_by("value").limit(limit)


def unknown_keys(
    dataset: Dataset, ours: str, home: Dataset, theirs: str, snapshot: Snapshot
) -> exp.Select:
    """How many keys in the rows of a table are none of the other one."""
    scan, other = _scan(dataset, snapshot), _scan(home, snapshot)
    key = scan.field((), ours)
    named = scan.select().select(exp.alias_(key, "entity_key")).distinct()
    named = named.where(exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null())))
    known = other.select().select(exp.alias_(other.field((), theirs), "known_key"))
    missing = exp.Is(this=exp.column("known_key", "known"), expression=exp.Null())
    same = exp.EQ(
        this=exp.column("known_key", "known"), expression=exp.column("entity_key", "named")
    )
    joined = exp.select(exp.alias_(exp.Count(this=exp.Star()), "unknown"))
    joined = joined.from_(named.subquery("named"))
    return joined.join(known.subquery("known"), on=same, join_type="left").where(missing)


def closed_values(
    dataset: Dataset, field: str, closed: str, snapshot: Snapshot, limit: int
) -> exp.Select:
    """The values of a field of which every row has been closed."""
    scan = _scan(dataset, snapshot)
    value, end = scan.field((), field), scan.field((), closed)
    select = scan.select().select(exp.alias_(value, "value"))
    scan.attach_joins(select)
    all_closed = exp.EQ(this=exp.Count(this=exp.Star()), expression=exp.Count(this=end))
    return select.group_by(value.copy()).having(all_closed).order_by("value").limit(limit)


def as_day(cell: Cell) -> date | None:
    """A DATE or TIMESTAMP cell as a day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return date.fromisoformat(cell[:10]) if isinstance(cell, str) and cell else None


def _scan(dataset: Dataset, snapshot: Snapshot, policy: RowFilter | None = None) -> Scan:
    asked = ResolvedQuery(_NOTHING_ASKED, (), row_filters=(policy,) if policy else ())
    return Scan(dataset, asked, snapshot)
