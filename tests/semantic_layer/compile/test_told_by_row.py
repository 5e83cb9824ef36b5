"""A customer's row of a month tells whether the customer belongs, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from types import SimpleNamespace

import duckdb
import pytest

from assistant.linked import find_linked
from semantic_layer.compile import compile_query
from semantic_layer.model import Aggregate, Metric, Policy, SemiAdditive
from semantic_layer.principal import Principal
from semantic_layer.query import (
    And,
    ChangeCondition,
    Membership,
    MetricCondition,
    Not,
    Or,
    Predicate,
    Relative,
    Set,
)
from semantic_layer.resolve import resolve

OCTOBER = Relative("month", -1)
ENDS = ("2026-09-30", "2026-10-31")
LINK = ("cust_month", "customer")
KNOWN = {"c1": "o1", "c2": "o2", "c3": "o1", "c4": "o2"}
BRANCH = {"o1": "银川分行", "o2": "宁波分行"}
COUNTS = {"new_cust": None, "woken": 1, "held": 1}
"""Metric → the flag of the rows it adds up; `held` is a balance, the others happen."""


@dataclass(frozen=True)
class Row:
    end: str
    who: str | None
    new: int | None
    active: int | None


def random_rows(random: Random, *, strangers: bool) -> list[Row]:
    people = [*KNOWN, *(("c9",) if strangers else ())]
    rows = [
        Row(end, who, random.choice((None, -2, 0, 1, 3)), random.choice((None, 0, 1, 1)))
        for end in ENDS
        for who in people
        if random.random() < 0.8
    ]
    return [*rows, Row(ENDS[1], None, 3, 1)]


def random_tree(random: Random, depth: int = 2) -> Predicate:
    kind = random.choice(("leaf", "and", "or", "not")) if depth else "leaf"
    if kind == "leaf":
        op = random.choice(("gt", "ge", "lt", "le", "eq", "ne"))
        if random.random() < 0.4:
            limit = random.choice((-1, -0.5, 0, 0.5))
            return ChangeCondition(random.choice(tuple(COUNTS)), "mom", "rate", op, limit)
        return MetricCondition(random.choice(tuple(COUNTS)), op, random.choice((-1, 0, 1, 3)))
    if kind == "not":
        return Not(random_tree(random, depth - 1))
    both = (random_tree(random, depth - 1), random_tree(random, depth - 1))
    return And(both) if kind == "and" else Or(both)


def figure(rows: list[Row], metric: str) -> int | None:
    """What the rows of one customer add up to; a balance without rows is not known."""
    counted = [row for row in rows if COUNTS[metric] in (None, row.active)]
    if not counted:
        return None if metric == "held" else 0
    return sum(row.new or 0 for row in counted)


def holds(where: Predicate, rows: list[Row]) -> bool:
    match where:
        case And():
            return all(holds(child, rows) for child in where.children)
        case Or():
            return any(holds(child, rows) for child in where.children)
        case Not():
            return not holds(where.child, rows)
    now, before = ([row for row in rows if row.end == end] for end in reversed(ENDS))
    value = figure(now, where.metric)
    if isinstance(where, ChangeCondition):
        base = figure(before, where.metric) or 0
        value = ((value or 0) - base) / base if base > 0 else None
    if value is None:
        return False
    return {
        "gt": value > where.value, "ge": value >= where.value, "lt": value < where.value,
        "le": value <= where.value, "eq": value == where.value, "ne": value != where.value,
    }[where.op]  # fmt: skip


def counted_by_hand(rows: list[Row], where: Predicate, branch: str | None) -> int | None:
    seen = [r for r in rows if r.end == ENDS[1] and branch in (None, BRANCH[org(r.who)])]
    if not seen:
        return None
    members = {
        who
        for who in KNOWN
        if branch in (None, BRANCH[KNOWN[who]]) and holds(where, [r for r in rows if r.who == who])
    }
    return len(members & {row.who for row in seen})


def org(who: str | None) -> str:
    return KNOWN.get(who or "", "o1")


@contextmanager
def stored(rows: list[Row], sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(sql)
        for name in ("fact_cust_month", "dim_customer", "dim_org"):
            connection.execute(f"delete from {name}")
        for key, branch in BRANCH.items():
            connection.execute(
                "insert into dim_org (org_id, outlet, branch) values (?, ?, ?)", [key, key, branch]
            )
        for who, key in KNOWN.items():
            connection.execute(
                "insert into dim_customer (customer_id, org_id) values (?, ?)", [who, key]
            )
        for row in rows:
            connection.execute(
                "insert into fact_cust_month values (?, ?, ?, null, ?, ?)",
                [row.end, row.who, org(row.who), row.new, row.active],
            )
        yield connection


@pytest.fixture(scope="module")
def world(make_snapshot, make_manifest):
    policies = (Policy("all"), Policy("own", allow=(("branch", ("银川分行",)),)))
    manifest = make_manifest(policies)
    flow = Aggregate("cust_month", "sum", "new_flag", "active_flag = 1")
    stock = replace(flow, semi_additive=SemiAdditive("month_end"))
    more = {
        "woken": Metric("woken", "唤醒数", flow, "次", status="certified"),
        "held": Metric("held", "持有数", stock, "个", status="certified"),
    }
    return make_snapshot(replace(manifest, metrics={**manifest.metrics, **more}))


@pytest.mark.parametrize("seed", range(16))
def test_the_row_itself_tells_who_belongs(seed, world, bank_sql, mq):
    random = Random(seed)
    strangers = seed % 2 == 0
    rows, where = random_rows(random, strangers=strangers), random_tree(random)
    query = mq("cust_cnt", period=OCTOBER, where=Membership(Set("customer", where)))
    seen = replace(
        world,
        linked=frozenset() if strangers else frozenset({LINK}),
        days={"cust_month": tuple(sorted({date.fromisoformat(row.end) for row in rows}))}
        if seed % 4 > 1
        else {},
    )
    with stored(rows, bank_sql) as connection:
        for role, branch in (("all", None), ("own", "银川分行")):
            compiled = compile_query(resolve(query, seen, Principal("某", (role,))), seen)
            found = connection.execute(compiled.sql()).fetchall()
            assert found == [(counted_by_hand(rows, where, branch),)], (role, where)
            assert "chosen_customer" not in compiled.sql()
            looked_up = strangers or role == "own"
            assert ("known_customer" in compiled.sql()) is looked_up


@pytest.mark.parametrize(("who", "found"), [("c4", {LINK}), (None, {LINK}), ("c9", set())])
def test_a_stranger_in_the_rows_is_seen_beforehand(who, found, world, bank_sql):
    with stored([Row(ENDS[0], who, 0, 1), Row(ENDS[1], "c1", 0, 1)], bank_sql) as connection:

        def asked(tree):
            return SimpleNamespace(rows=connection.execute(tree.sql("duckdb")).fetchall())

        assert find_linked(world, asked) == found
