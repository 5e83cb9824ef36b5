"""Random queries over random rows: the statement and a slow reading of the rows agree."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantic_layer.compile import compile_query
from semantic_layer.model import (
    Aggregate,
    Dataset,
    Derived,
    Dimension,
    Field,
    Join,
    Manifest,
    Metric,
    Ratio,
    SemiAdditive,
)
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    Comparison,
    Condition,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Period,
    Relative,
    Scope,
    TimeGroup,
)
from semantic_layer.resolve import resolve
from semantic_layer.snapshot import Snapshot

TODAY = dt.date(2026, 11, 20)
LAST = {"sales": dt.date(2026, 11, 19), "stocks": dt.date(2026, 10, 31)}
MONTH_ENDS = [dt.date(y, m, monthrange(y, m)[1]) for y in (2025, 2026) for m in range(8, 12)]
GENDERS, BRANCHES = ("男", "女", None), ("甲", "乙", None)
CLIENTS = {f"c{n}": GENDERS[n % 3] for n in range(5)}
ORGS = {f"o{n}": BRANCHES[n % 3] for n in range(4)}

branch, gender = Field("branch", "分行", type="string"), Field("gender", "性别", type="string")
ORG, CLIENT = (
    Join("orgs", "org", (("org", "org"),)),
    Join("clients", "client", (("client", "client"),)),
)
DATASETS = (
    Dataset("orgs", "机构", "orgs", ("org",), (branch,)),
    Dataset("clients", "客户", "clients", ("client",), (gender,)),
    Dataset("sales", "销售", "sales", ("id",), (Field("day", "日", type="date"),), time="day",
            joins=(ORG, CLIENT)),
    Dataset("stocks", "余额", "stocks", ("client", "day"), (Field("day", "日", type="date"),),
            grain="month", time="day", joins=(ORG, CLIENT)),
)  # fmt: skip


def _metric(name: str, definition: object, unit: str = "CNY") -> Metric:
    return Metric(name, name, definition, unit)  # type: ignore[arg-type]


END = SemiAdditive("day")
METRICS = (
    _metric("amount", Aggregate("sales", "sum", "amount")),
    _metric("big", Aggregate("sales", "sum", "amount", "amount > 50")),
    _metric("count", Aggregate("sales", "count")),
    _metric("buyers", Aggregate("sales", "distinct", "client")),
    _metric("big_share", Ratio("big", "amount"), "percent"),
    _metric("rest", Derived("amount - big")),
    _metric("balance", Aggregate("stocks", "sum", "amount", semi_additive=END)),
    _metric("holders", Aggregate("stocks", "distinct", "client", "amount > 0", semi_additive=END)),
    _metric("per_holder", Ratio("balance", "holders")),
)
MANIFEST = Manifest(
    "对照",
    {d.name: d for d in DATASETS},
    {m.name: m for m in METRICS},
    {
        "branch": Dimension("branch", "orgs", branch, ("orgs",)),
        "gender": Dimension("gender", "clients", gender, ("clients",)),
    },
)
DATE_TYPES = {"sales": {"day": "DATE"}, "stocks": {"day": "DATE"}}


# --- the slow reading -----------------------------------------------------------------


def attribute(row: dict, name: str) -> str | None:
    return ORGS.get(row["org"]) if name == "branch" else CLIENTS.get(row["client"])


def holds(row: dict, where) -> bool:
    match where:
        case None:
            return True
        case Condition():
            value = attribute(row, where.dimension)
            known = value is not None and value in where.values
            return not known if where.op == "not_in" else known
        case And():
            return all(holds(row, child) for child in where.children)
        case Or():
            return any(holds(row, child) for child in where.children)
        case Not():
            return not holds(row, where.child)
    raise AssertionError(where)


def leaf_value(name: str, rows: list[dict]) -> Fraction:
    own = [r for r in rows if r["amount"] > 50] if name == "big" else rows
    if name in ("amount", "big", "balance"):
        return Fraction(sum((r["amount"] for r in own), Decimal(0)))
    if name == "count":
        return Fraction(len(own))
    if name == "holders":
        own = [r for r in rows if r["amount"] > 0]
    return Fraction(len({r["client"] for r in own if r["client"] is not None}))


def value_of(name: str, at) -> Fraction | None:
    """`at(table)`: the rows that count."""
    if name == "rest":
        return leaf_value("amount", at("sales")) - leaf_value("big", at("sales"))
    if name in ("big_share", "per_holder"):
        of, to = ("big", "amount") if name == "big_share" else ("balance", "holders")
        below = value_of(to, at)
        return value_of(of, at) / below if below else None
    return leaf_value(name, at("stocks" if name in ("balance", "holders") else "sales"))


def month_start(day: dt.date, months: int = 0) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def last_day(day: dt.date) -> dt.date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def moved(start: dt.date, end: dt.date, months: int) -> tuple[dt.date, dt.date]:
    target = month_start(end, months)
    day = (
        last_day(target)
        if end == last_day(end)
        else target.replace(day=min(end.day, monthrange(target.year, target.month)[1]))
    )
    return month_start(start, months), day


def chosen(table: str, rows: list[dict], start: dt.date, end: dt.date) -> list[dict]:
    if table == "stocks":
        return [r for r in rows if r["day"] == end]
    return [r for r in rows if start <= r["day"] <= end]


# --- random worlds and questions ------------------------------------------------------

amounts = st.integers(-30, 120).map(Decimal)
days = st.dates(dt.date(2025, 8, 1), dt.date(2026, 11, 19))
clients = st.sampled_from([*CLIENTS, "gone", None])
orgs = st.sampled_from([*ORGS, "gone", None])
sales = st.lists(st.tuples(days, clients, orgs, amounts), max_size=25)
stocks = st.lists(
    st.tuples(st.sampled_from(MONTH_ENDS), clients, orgs, amounts),
    max_size=25,
    unique_by=lambda row: (row[0], row[1]),
)
conditions = st.builds(
    Condition,
    st.sampled_from(["branch"]),
    st.sampled_from(["in", "not_in"]),
    st.sets(st.sampled_from(["甲", "乙"]), min_size=1).map(tuple),
) | st.builds(
    Condition,
    st.just("gender"),
    st.sampled_from(["in", "not_in"]),
    st.sets(st.sampled_from(["男", "女"]), min_size=1).map(tuple),
)
predicates = st.recursive(
    conditions,
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, min_size=2, max_size=3, unique=True).map(lambda c: And(tuple(c)))
        | st.lists(inner, min_size=2, max_size=3, unique=True).map(lambda c: Or(tuple(c)))
    ),
    max_leaves=4,
)
measures = st.lists(st.sampled_from([m.name for m in METRICS]), min_size=1, max_size=3, unique=True)
groups = st.lists(st.sampled_from(["branch", "gender", "@month"]), max_size=2, unique=True)
months = st.tuples(st.integers(-2, -1), st.integers(1, 3))


@pytest.fixture(scope="module")
def database():
    connection = duckdb.connect()
    connection.execute("create table orgs (org varchar, branch varchar)")
    connection.execute("create table clients (client varchar, gender varchar)")
    connection.executemany("insert into orgs values (?, ?)", list(ORGS.items()))
    connection.executemany("insert into clients values (?, ?)", list(CLIENTS.items()))
    for name in ("sales", "stocks"):
        columns = "day date, client varchar, org varchar, amount decimal(18, 2)"
        connection.execute(f"create table {name} ({columns})")
    return connection


@settings(max_examples=60, deadline=None)
@given(
    sales,
    stocks,
    measures,
    groups,
    st.none() | predicates,
    months,
    st.sampled_from([None, "yoy", "mom"]),
)
def test_statement_and_slow_reading_agree(  # noqa: PLR0917
    make_snapshot, database, sales, stocks, measures, groups, where, months, base
):
    rows = {
        "sales": _loaded(database, "sales", sales),
        "stocks": _loaded(database, "stocks", stocks),
    }
    offset, span = months
    query = MetricQuery(
        tuple(map(MetricRef, measures)),
        tuple(TimeGroup("month") if g == "@month" else DimensionGroup(g) for g in groups),
        Scope(Period((Relative("month", offset, span),)), where),
        compare=(Comparison(base, ("value",)),) if base else (),
    )
    calendar = make_snapshot().calendar
    snapshot = Snapshot(MANIFEST, TODAY, LAST, {}, calendar, DATE_TYPES)
    resolved = resolve(query, snapshot, Principal("甲"))
    if isinstance(resolved, Problem):
        assert resolved.code == "contradictory_filter"
        assert not any(holds(row, where) for table in rows.values() for row in table)
        return
    compiled = compile_query(resolved, snapshot)
    cursor = database.execute(compiled.statement.sql("duckdb"))
    columns = [d[0] for d in cursor.description]
    found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    last = last_day(month_start(TODAY, offset))
    first = month_start(last, 1 - span)
    frames = _frames(first, last, "@month" in groups)
    listed = _check_rows(found, rows, query, frames, base, span)
    _check_nothing_missing(rows, query, frames, listed)
    if compiled.totals is not None:
        totals = database.execute(compiled.totals.sql("duckdb")).fetchone()
        _check_cells(
            dict(zip(compiled.totals_columns, totals, strict=True)),
            rows, query, {}, (first, last), None, span,
        )  # fmt: skip


def _loaded(database, table: str, rows: list[tuple]) -> list[dict]:
    database.execute(f"delete from {table}")
    if rows:
        database.executemany(f"insert into {table} values (?, ?, ?, ?)", rows)
    return [dict(zip(("day", "client", "org", "amount"), row, strict=True)) for row in rows]


def _frames(first: dt.date, last: dt.date, by_month: bool) -> dict[str | None, tuple]:
    if not by_month:
        return {None: (first, last)}
    found, start = {}, first
    while start <= last:
        found[start.strftime("%Y-%m")] = (start, last_day(start))
        start = month_start(start, 1)
    return found


def _check_rows(found, rows, query, frames, base, span) -> set:
    listed = set()
    for row in found:
        frame = frames[row.get("month")]
        members = {
            g.dimension: row[g.dimension] for g in query.group_by if isinstance(g, DimensionGroup)
        }
        listed.add((row.get("month"), *members.values()))
        _check_cells(row, rows, query, members, frame, base, 1 if row.get("month") else span)
    return listed


def _check_cells(row, rows, query, members, frame, base, span) -> None:
    for measure in query.measures:
        _same(
            row[measure.metric],
            measure.metric,
            _expected(measure.metric, rows, query, members, frame),
        )
        if base is not None:
            back = -12 if base == "yoy" else -span
            then = _expected(measure.metric, rows, query, members, moved(*frame, back))
            _same(row[f"{measure.metric}.{base}.value"], measure.metric, then)


def _expected(name, rows, query, members, frame) -> Fraction | None:
    def at(table: str) -> list[dict]:
        return [
            r
            for r in chosen(table, rows[table], *frame)
            if holds(r, query.scope.where)
            and all((attribute(r, d) or "未知") == member for d, member in members.items())
        ]

    return value_of(name, at)


def _same(cell, name: str, expected: Fraction | None) -> None:
    if name in ("big_share", "per_holder"):
        assert (cell is None) == (expected is None)
        if cell is not None:
            assert float(cell) == pytest.approx(float(expected))
    else:
        assert Fraction(cell or 0) == expected


def _check_nothing_missing(rows, query, frames, listed) -> None:
    dimensions = [g.dimension for g in query.group_by if isinstance(g, DimensionGroup)]
    for label, frame in frames.items():
        for measure in query.measures:
            table = "stocks" if measure.metric in ("balance", "holders", "per_holder") else "sales"
            for row in chosen(table, rows[table], *frame):
                members = {d: attribute(row, d) or "未知" for d in dimensions}
                if _expected(measure.metric, rows, query, members, frame):
                    assert (label, *members.values()) in listed
