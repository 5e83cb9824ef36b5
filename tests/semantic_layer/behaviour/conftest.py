"""An app with visitors and a shop with purchases: rows that tests write themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import duckdb
import pytest

from semantic_layer.compile import compile_query
from semantic_layer.guard import allowed_tables, check
from semantic_layer.model import (
    Actor,
    Aggregate,
    Dataset,
    Dimension,
    EventLog,
    Field,
    FieldValue,
    Join,
    Manifest,
    Metric,
    NamedEvent,
    Policy,
)
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import Query, query_from_json
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot
from semantic_layer.suppressed import shown_row

D = dt.date
TABLES = """
create table visit (id varchar, "at" timestamp, name varchar, visitor varchar, customer varchar,
                    session varchar, page varchar, os varchar, org varchar);
create table purchase (id varchar, day date, customer varchar, kind varchar, org varchar);
create table person (customer varchar, gender varchar, mobile varchar);
insert into person values ('c1', '女', '1390001'), ('c2', '男', '1390002'), ('c3', null, '1390003'), ('c4', '男', '1390004'),
  ('c5', '男', '1390005'), ('c6', '男', '1390006'), ('c7', '女', '1390007'), ('c8', '女', '1390008');
"""
CUSTOMER = Actor("customer", "customer", "客户", "户")
NAMES = tuple(FieldValue(name) for name in ("进页", "填表", "成功", "打开"))
VISITS = Dataset(
    "visits", "访问", "visit", ("id",),
    (
        Field("name", "事件", values=NAMES), Field("os", "系统"), Field("page", "页面"),
        Field("org", "机构"),
    ),
    time="at",
    joins=(Join("people", "customer", (("customer", "customer"),)),),
    events=EventLog((Actor("visitor", "visitor", "访客", "人"), CUSTOMER), "at", "name", "session", "page"),
)  # fmt: skip
PURCHASES = Dataset(
    "purchases", "购买", "purchase", ("id",),
    (Field("kind", "品类"), Field("org", "机构", conforms=True)),
    time="day",
    joins=(Join("people", "customer", (("customer", "customer"),)),),
    events=EventLog(
        (CUSTOMER, Actor("order", "id", "订单", "笔", person=False)),
        named=(
            NamedEvent("bought", "购买", "day", synonyms=("下单", "买")),
            NamedEvent("bought_fund", "买基金", "day", "kind = '基金'", synonyms=("买",)),
        ),
    ),
)  # fmt: skip
PEOPLE = Dataset(
    "people", "客户", "person", ("customer",),
    (Field("gender", "性别", sensitivity="internal"), Field("mobile", "手机号", sensitivity="pii", groupable=False)),
    entity="customer",
)  # fmt: skip
DATASETS = {d.name: d for d in (VISITS, PURCHASES, PEOPLE)}
HOMES = {"name": VISITS, "os": VISITS, "page": VISITS, "org": VISITS, "kind": PURCHASES,
         "gender": PEOPLE, "mobile": PEOPLE}  # fmt: skip
METRICS = {
    name: Metric(name, label, definition, unit="笔")
    for name, label, definition in (
        ("funds", "基金笔数", Aggregate("purchases", "count", filter="kind = '基金'")),
        ("customers_seen", "客户数", Aggregate("people", "count")),
    )
}
DATA_DATE = D(2026, 3, 20)
NOBODY = Principal("甲")
TELLER = Principal("乙", ("teller",))


def manifest_of(policies: tuple[Policy, ...] = ()) -> Manifest:
    dimensions = {}
    for name, home in HOMES.items():
        carriers = tuple(d.name for d in DATASETS.values() if d.field(name))
        field = home.field(name)
        dimensions[name] = Dimension(
            name, home.name, field, (home.name, *(c for c in carriers if c != home.name))
        )
    return Manifest("小店", DATASETS, METRICS, dimensions, policies=policies, hash="shop")


LIMITED = manifest_of(
    (
        Policy("teller", (("org", ("东",)),)),
        Policy("analyst"),
        Policy(None, unrestricted=("people",)),
    )
)
MASKED = manifest_of((Policy("teller", mask=("people.gender", "visits.os")),))


class Visit(NamedTuple):
    id: str
    at: dt.datetime
    name: str
    visitor: str | None
    customer: str | None = None
    session: str | None = None
    page: str | None = None
    os: str | None = None
    org: str | None = None


class Purchase(NamedTuple):
    id: str
    day: D
    customer: str | None
    kind: str = "基金"
    org: str | None = None


class NoFeasts:
    def is_workday(self, day: D) -> bool:
        return True

    def is_trading_day(self, day: D) -> bool:
        return True

    def feast(self, name: str, year: int) -> None:
        return None

    def is_certain(self, year: int) -> bool:
        return True


@dataclass
class Answered:
    resolved: ResolvedQuery
    columns: list[str]
    rows: list[tuple]
    totals: dict | None
    count: int | None
    sql: str
    whole: list[tuple] = field(default_factory=list)
    """The rows of 合计 of a funnel by groups."""

    @property
    def warned(self) -> set[str]:
        return {code for code, _ in self.resolved.warnings}


class Shop:
    """A database that is filled anew for every question."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(TABLES)
        rows = self.connection.execute(
            "select table_name, column_name, data_type from information_schema.columns"
        ).fetchall()
        self.types: dict[str, dict[str, str]] = {}
        for table, column, kind in rows:
            self.types.setdefault(table, {})[column] = kind
        self.manifest = manifest_of()

    def fill(self, visits=(), purchases=()) -> Shop:
        for table, rows in (("visit", visits), ("purchase", purchases)):
            self.connection.execute(f"delete from {table}")
            if rows:
                line = f"({', '.join('?' for _ in self.types[table])})"
                values = ", ".join(line for _ in rows)
                flat = [cell for row in rows for cell in row]
                self.connection.execute(f"insert into {table} values {values}", flat)
        return self

    def snapshot(self, manifest: Manifest | None = None, least: int = 1) -> Snapshot:
        dates = {"visits": DATA_DATE, "purchases": DATA_DATE}
        first = {"visits": D(2026, 1, 1), "purchases": D(2026, 1, 1)}
        found = Snapshot(
            manifest or self.manifest, D(2026, 3, 31), dates, first, NoFeasts(), self.types
        )
        return replace(found, min_group_size=least)

    def ask(
        self, query: Query | dict, user: Principal = NOBODY, manifest: Manifest | None = None,
        least: int = 1,
    ) -> Answered | Problem:  # fmt: skip
        snapshot = self.snapshot(manifest, least)
        parsed = query_from_json({"v": 1, **query}) if isinstance(query, dict) else query
        resolved = resolve(parsed, snapshot, user)
        if isinstance(resolved, Problem):
            return resolved
        compiled = compile_query(resolved, snapshot)
        assert not isinstance(compiled, Problem)
        allowed = allowed_tables(snapshot.manifest, self.types)
        for tree in (compiled.statement, compiled.totals, compiled.count):
            if tree is not None:
                check(tree, allowed)
        cursor = self.connection.execute(compiled.sql())
        columns = [d[0] for d in cursor.description]
        shown = [column.id for column in compiled.columns]
        assert columns[: len(shown)] == shown
        rows = [shown_row(row, compiled) for row in cursor.fetchall()]
        totals = None
        if compiled.totals is not None:
            values = self.connection.execute(compiled.totals.sql("duckdb")).fetchone()
            totals = dict(zip(compiled.totals_columns, values, strict=True))
        count = None
        if compiled.count is not None:
            count = self.connection.execute(compiled.count.sql("duckdb")).fetchone()[0]
        whole = []
        for part in compiled.subtotals:
            check(part.select, allowed)
            whole += self.connection.execute(part.select.sql("duckdb")).fetchall()
        return Answered(resolved, shown, rows, totals, count, compiled.sql(), whole)


@pytest.fixture(scope="session")
def shop() -> Shop:
    return Shop()


@pytest.fixture(scope="session")
def visit() -> type[Visit]:
    return Visit


@pytest.fixture(scope="session")
def purchase() -> type[Purchase]:
    return Purchase


@pytest.fixture(scope="session")
def limited() -> Manifest:
    """A teller sees the rows of 东 only."""
    return LIMITED


@pytest.fixture(scope="session")
def teller() -> Principal:
    return TELLER


@pytest.fixture(scope="session")
def masked() -> Manifest:
    """A teller sees neither the gender of a person nor the system of a visit."""
    return MASKED
