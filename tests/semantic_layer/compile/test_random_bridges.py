"""Many-to-many joins over random rows: the compiler and a slow reading of the rows agree.

The slow reading walks over the rows one by one, asks of each which members it has, and knows
nothing of joins. Seeds are fixed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from semantic_layer.compile import Compiled, compile_query
from semantic_layer.model import (
    Aggregate,
    Dataset,
    Dimension,
    Field,
    Join,
    Manifest,
    Metric,
    Policy,
    SemiAdditive,
    Validity,
)
from semantic_layer.principal import Principal
from semantic_layer.query import (
    Absolute,
    And,
    Condition,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Period,
    Predicate,
    Scope,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

Row = dict[str, Any]
Member = tuple[Any, Any]
UNKNOWN = "未知"
DAYS = (date(2026, 9, 30), date(2026, 10, 31))
TAGS, GROUPS, BRANCHES = ("甲", "乙", "丙", "甲乙"), ("风险", "行为"), ("北", "南")
COLUMNS = {
    "client": "client_id varchar, branch varchar",
    "tag": "tag_id varchar, tag varchar, tag_group varchar",
    "client_tag": "client_id varchar, tag_id varchar, valid_from date, valid_to date, part decimal(9,6)",
    "assets": "month_end date, client_id varchar, aum decimal(18,2)",
}  # fmt: skip
PERIOD = Period((Absolute(date(2026, 10, 1), date(2026, 10, 31)),))


def world_of(rng: random.Random) -> dict[str, list[Row]]:
    """Rows with everything that goes wrong: unknown keys, no keys, pairs twice, gaps."""
    clients = [f"c{n}" for n in range(rng.randint(1, 5))]
    tags = [f"t{n}" for n in range(rng.randint(1, 5))]
    days = (None, date(2026, 1, 1), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31))
    starts = days[1:] + (date(2026, 1, 1),) * 3

    def some(values: list[str], beside: str) -> str | None:
        return rng.choice([*values, *values, beside, None])

    return {
        "client": [{"client_id": c, "branch": rng.choice((*BRANCHES, None))} for c in clients],
        "tag": [
            {"tag_id": t, "tag": rng.choice((*TAGS, None)), "tag_group": rng.choice((*GROUPS, None))}
            for t in tags
        ],
        "client_tag": [
            {
                "client_id": some(clients, "c9"), "tag_id": some(tags, "t9"),
                "valid_from": rng.choice(starts), "valid_to": rng.choice(days),
                "part": rng.choice((Decimal("0.5"), Decimal("0.25"), Decimal(1), None)),
            }
            for _ in range(rng.randint(0, 14))
        ],
        "assets": [
            {
                "month_end": rng.choice(DAYS), "client_id": some(clients, "c8"),
                "aum": rng.choice((Decimal(0), Decimal(10), Decimal("7.50"), None)),
            }
            for _ in range(rng.randint(1, 10))
        ],
    }  # fmt: skip


def bank_of(world: dict[str, list[Row]]) -> duckdb.DuckDBPyConnection:
    bank = duckdb.connect()
    for table, columns in COLUMNS.items():
        bank.execute(f"create table {table} ({columns})")
        for row in world[table]:
            bank.execute(
                f"insert into {table} values ({', '.join('?' * len(row))})", list(row.values())
            )
    return bank


@dataclass(frozen=True)
class Shape:
    """How the pairs are declared."""

    dated: bool = False
    weighted: bool = False


def manifest_of(shape: Shape) -> Manifest:
    tag, group = Field("tag", "标签"), Field("tag_group", "类别")
    branch = Field("branch", "分行")
    client = Join("clients", "client", (("client_id", "client_id"),), label="客户", default=True)
    pairs = Join(
        "pairs", "tagged", (("client_id", "client_id"),), "many_to_many", label="标签",
        validity=Validity("valid_from", "valid_to", "month_end") if shape.dated else None,
        weight="part" if shape.weighted else None,
    )  # fmt: skip
    owner = (client, pairs) if shape.dated else (client,)
    datasets = (
        Dataset("clients", "客户", "client", ("client_id",), (branch,),
                joins=() if shape.dated else (pairs,)),
        Dataset("tags", "标签", "tag", ("tag_id",), (tag, group)),
        Dataset("pairs", "对应", "client_tag", ("client_id", "tag_id"), (),
                joins=(Join("tags", "tag_of", (("tag_id", "tag_id"),)), client)),
        Dataset("assets", "资产", "assets", ("client_id", "month_end"), (), grain="month",
                time="month_end", joins=owner),
    )  # fmt: skip
    at = SemiAdditive("month_end")
    metrics = (
        Metric("aum", "AUM", Aggregate("assets", "sum", "aum", semi_additive=at), "CNY"),
        Metric("rows", "行数", Aggregate("assets", "count", semi_additive=at), "行"),
        Metric("clients", "客户数", Aggregate("assets", "distinct", "client_id", semi_additive=at), "户"),
    )  # fmt: skip
    return Manifest(
        "随机",
        {d.name: d for d in datasets},
        {m.name: m for m in metrics},
        {
            "tag": Dimension("tag", "tags", tag, ("tags",)),
            "tag_group": Dimension("tag_group", "tags", group, ("tags",)),
            "branch": Dimension("branch", "clients", branch, ("clients",)),
        },
        policies=(
            Policy("all"),
            Policy("north", allow=(("branch", ("北",)),)),
            Policy("tagged", allow=(("tag", ("甲", "乙")),)),
        ),
    )


def filter_of(rng: random.Random, depth: int = 2) -> Predicate:
    kind = rng.choice(("and", "or", "not", *("condition",) * 4)) if depth else "condition"
    if kind == "not":
        return Not(filter_of(rng, depth - 1))
    if kind != "condition":
        children = tuple(dict.fromkeys(filter_of(rng, depth - 1) for _ in range(rng.randint(2, 3))))
        if len(children) > 1:
            return And(children) if kind == "and" else Or(children)
        return children[0]
    name = rng.choice(("tag", "tag", "tag_group", "branch"))
    values = {"tag": TAGS, "tag_group": GROUPS, "branch": BRANCHES}[name]
    op = rng.choice(("in", "in", "in", "not_in", "contains", "not_contains", "is_null", "not_null"))
    if op in ("is_null", "not_null"):
        return Condition(name, op)
    if "contains" in op:
        return Condition(name, op, (rng.choice(values)[0],))
    chosen = rng.sample((*values, UNKNOWN), rng.randint(1, 2))
    return Condition(name, op, tuple(chosen))  # type: ignore[arg-type]


class SlowReading:
    """One query over the rows, row by row."""

    def __init__(self, world: dict[str, list[Row]], shape: Shape, user: str) -> None:
        self.world, self.shape, self.user = world, shape, user

    def answer(self, query: MetricQuery) -> dict[tuple, tuple]:
        groups = tuple(g.dimension for g in query.group_by if isinstance(g, DimensionGroup))
        where = query.scope.where
        found: dict[tuple, list[tuple[Row, Decimal]]] = {}
        for row in self.world["assets"]:
            if row["month_end"] != DAYS[1] or not self.may_see(row):
                continue
            if where is None or self.holds(where, row):
                for key, part in self.places(row, groups, where):
                    found.setdefault(key, []).append((row, part))
        return {key: self.values(query, rows) for key, rows in found.items()}

    def values(self, query: MetricQuery, rows: list[tuple[Row, Decimal]]) -> tuple:
        amounts = [r["aum"] * part for r, part in rows if r["aum"] is not None]
        known = {
            "aum": sum(amounts, Decimal(0)),
            "rows": len(rows),
            "clients": len({r["client_id"] for r, _ in rows} - {None}),
        }
        return tuple(known[m.metric] for m in query.measures if isinstance(m, MetricRef))

    def branch(self, client: str | None) -> str | None:
        found = (c["branch"] for c in self.world["client"] if c["client_id"] == client)
        return next(found, None) if client is not None else None

    def pairs(self, row: Row, *, all_of_them: bool = False) -> Iterator[tuple[Row, Member]]:
        """The pairs of a row with tag and group."""
        known = any(c["client_id"] == row["client_id"] for c in self.world["client"])
        for pair in self.world["client_tag"]:
            if pair["client_id"] is None or pair["client_id"] != row["client_id"]:
                continue
            if not (known or self.shape.dated) or not self.is_valid(pair, row["month_end"]):
                continue
            tag = next((t for t in self.world["tag"] if t["tag_id"] == pair["tag_id"]), None)
            member = (tag["tag"], tag["tag_group"]) if tag else (None, None)
            hidden = (self.user == "north" and self.branch(pair["client_id"]) != "北") or (
                self.user == "tagged" and member[0] not in ("甲", "乙")
            )
            if all_of_them or not hidden:
                yield pair, member

    def is_valid(self, pair: Row, day: date) -> bool:
        if not self.shape.dated:
            return True
        starts, ends = pair["valid_from"], pair["valid_to"]
        return starts is not None and starts <= day and (ends is None or day < ends)

    def may_see(self, row: Row) -> bool:
        if self.user == "north":
            return self.branch(row["client_id"]) == "北"
        members = [member for _, member in self.pairs(row, all_of_them=True)]
        return self.user == "all" or any(member[0] in ("甲", "乙") for member in members)

    def holds(self, where: Predicate, row: Row) -> bool:
        match where:
            case Not():
                return not self.holds(where.child, row)
            case Or():
                return any(self.holds(child, row) for child in where.children)
            case And():
                together = _together(where.children)
                others = [child for child in where.children if child not in together]
                alike = not together or any(
                    all(_fulfils(c, _value(c, m)) for c in together) for _, m in self.pairs(row)
                )
                return alike and all(self.holds(child, row) for child in others)
            case Condition(dimension="branch"):
                return _fulfils(where, self.branch(row["client_id"]))
        assert isinstance(where, Condition)
        values = [_value(where, member) for _, member in self.pairs(row)]
        if where.op in ("not_in", "not_contains"):
            return not self.holds(replace(where, op=where.op.removeprefix("not_")), row)  # type: ignore[arg-type]
        none = all(value is None for value in values)
        if where.op == "is_null" or (where.op == "in" and UNKNOWN in where.values and none):
            return none
        return any(value is not None and _fulfils(where, value) for value in values)

    def places(
        self, row: Row, groups: tuple[str, ...], where: Predicate | None
    ) -> list[tuple[tuple, Decimal]]:
        """The groups in which a row counts, with its part in each."""
        plain = {"branch": self.branch(row["client_id"])}
        if not {"tag", "tag_group"} & set(groups):
            return [(tuple(_shown(plain[g]) for g in groups), Decimal(1))]
        parts: dict[tuple, Decimal] = {}
        matched = False
        for pair, member in self.pairs(row):
            values = {**plain, "tag": member[0], "tag_group": member[1]}
            nothing = all(values[g] is None for g in groups if g != "branch")
            if not _is_shown(where, member) or (nothing and not self.shape.weighted):
                continue
            matched = True
            key = tuple(_shown(values[g]) for g in groups)
            parts[key] = parts.get(key, Decimal(0)) + (pair["part"] or Decimal(0))
        if not matched:
            values = {**plain, "tag": None, "tag_group": None}
            return [(tuple(_shown(values[g]) for g in groups), Decimal(1))]
        return [(key, part if self.shape.weighted else Decimal(1)) for key, part in parts.items()]


def _together(predicates: tuple[Predicate, ...]) -> tuple[Condition, ...]:
    """Conditions of a conjunction that are about one and the same member."""
    found = tuple(
        p
        for p in predicates
        if isinstance(p, Condition)
        and p.dimension != "branch"
        and p.op in ("in", "contains", "not_null")
        and UNKNOWN not in p.values
    )
    return found if len({p.dimension for p in found}) == len(found) > 1 else ()


def _is_shown(where: Predicate | None, member: Member) -> bool:
    parts = where.children if isinstance(where, And) else (where,)
    asked = [
        p
        for p in parts
        if isinstance(p, Condition)
        and p.dimension != "branch"
        and p.op in ("in", "contains", "not_null")
        and UNKNOWN not in p.values
    ]
    fulfilled = [_fulfils(condition, _value(condition, member)) for condition in asked]
    different = len({condition.dimension for condition in asked}) == len(asked)
    return not asked or (all(fulfilled) if different else any(fulfilled))


def _value(condition: Condition, member: Member) -> str | None:
    value = member[0] if condition.dimension == "tag" else member[1]
    return value if value is None else str(value)


def _fulfils(condition: Condition, value: str | None) -> bool:
    match condition.op:
        case "is_null":
            return value is None
        case "not_null":
            return value is not None
        case "in":
            return value in condition.values or (value is None and UNKNOWN in condition.values)
        case "not_in":
            return not _fulfils(replace(condition, op="in"), value)
        case "contains":
            return value is not None and any(str(v) in value for v in condition.values)
    return not _fulfils(replace(condition, op="contains"), value)


def _shown(value: str | None) -> str:
    return UNKNOWN if value is None else value


GROUPINGS = (
    (), ("tag",), ("tag",), ("tag_group",), ("tag_group", "tag"), ("branch", "tag"), ("branch",),
)  # fmt: skip


def query_of(rng: random.Random, shape: Shape) -> MetricQuery:
    names = ["aum"] if shape.weighted else rng.choice((["aum", "rows"], ["rows", "clients"]))
    groups = tuple(map(DimensionGroup, rng.choice(GROUPINGS)))
    where = filter_of(rng) if rng.random() < 0.7 else None
    return MetricQuery(tuple(map(MetricRef, names)), groups, Scope(PERIOD, where))


SHAPES = (Shape(), Shape(dated=True), Shape(weighted=True), Shape(dated=True, weighted=True))


@pytest.mark.parametrize("seed", range(12))
def test_compiler_and_slow_reading_agree(seed: int, make_snapshot) -> None:
    rng = random.Random(seed)
    world, shape = world_of(rng), SHAPES[seed % len(SHAPES)]
    bank, snapshot = bank_of(world), _snapshot(shape, make_snapshot)
    asked = 0
    for _ in range(12):
        query, user = query_of(rng, shape), rng.choice(("all", "north", "tagged", "tagged"))
        resolved = resolve(query, snapshot, Principal("甲", (user,)))
        if not isinstance(resolved, ResolvedQuery):
            assert resolved.code == "contradictory_filter", resolved
            continue
        asked += 1
        compiled = compile_query(resolved, snapshot)
        assert isinstance(compiled, Compiled)
        slow = SlowReading(world, shape, user)
        _check_rows(bank, compiled, slow, query)
    assert asked > 4


def _snapshot(shape: Shape, make_snapshot: Any) -> Snapshot:
    plain = make_snapshot(manifest_of(shape))
    first = {"assets": date(2026, 9, 1)}
    types = {table: _types(columns) for table, columns in COLUMNS.items()}
    return replace(plain, data_dates={"assets": DAYS[1]}, first_dates=first, column_types=types)


def _types(columns: str) -> dict[str, str]:
    parts = columns.replace("9,6", "9;6").replace("18,2", "18;2").split(", ")
    return {name: kind.upper().replace(";", ",") for name, kind in map(str.split, parts)}


def _check_rows(
    bank: duckdb.DuckDBPyConnection, compiled: Compiled, slow: SlowReading, query: MetricQuery
) -> None:
    keys = len(query.group_by)
    rows = bank.execute(compiled.sql()).fetchall()
    got = {row[:keys]: row[keys : len(compiled.columns)] for row in rows}
    expected = slow.answer(query)
    told = (slow.user, query, slow.shape, slow.world, compiled.sql())
    if keys:
        assert got == expected, told
        assert len(rows) == len(got), told
        whole = slow.answer(replace(query, group_by=())).get(())
        if whole is not None and compiled.totals is not None:
            values = bank.execute(compiled.totals.sql("duckdb")).fetchone()
            assert values is not None
            assert values[: len(whole)] == whole, told
    elif expected:
        assert got == expected, told
    else:
        assert set(got[()]) <= {0, None}, told
