"""Random conditions over random customers: the list equals plain Python over the rows."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from semantic_layer.compile import compile_query
from semantic_layer.model import Policy
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    ChangeCondition,
    Condition,
    EntityQuery,
    EventCondition,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Period,
    Relative,
    Scope,
    Set,
    TimeGroup,
    TopMembership,
)
from semantic_layer.resolve import resolve

OPS = {
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
    "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip
OCTOBER = Period((Absolute(date(2026, 10, 1), date(2026, 10, 31)),))
SEPTEMBER = Period((Absolute(date(2026, 9, 1), date(2026, 9, 30)),))
MONTHS = (8, 9, 10)
PEOPLE = tuple(f"k{n}" for n in range(1, 7))


@dataclass(frozen=True)
class Bank:
    """Rows as a person would write them down."""

    people: dict[str, tuple[str | None, int | None, str]]
    """Gender, age, branch."""
    balances: tuple[tuple[int, str, int], ...]
    """(month, customer, amount); a customer may have several accounts."""
    txns: tuple[tuple[int, int, str, int], ...]
    """(month, day, customer, amount)."""

    def seen(self, branch: str | None) -> Bank:
        """Only the rows of one branch's customers."""
        kept = {k: v for k, v in self.people.items() if branch in (None, v[2])}
        return Bank(
            kept,
            tuple(row for row in self.balances if row[1] in kept),
            tuple(row for row in self.txns if row[2] in kept),
        )

    def deposit(self, who: str, month: int) -> int | None:
        own = [amount for at, k, amount in self.balances if (at, k) == (month, who)]
        return sum(own) if own else None

    def spent(self, who: str, month: int) -> int:
        return sum(t[3] for t in self.txns if (t[0], t[2]) == (month, who))

    def times(self, who: str, months: tuple[int, ...]) -> int:
        return sum(1 for t in self.txns if t[2] == who and t[0] in months)


def fulfils(bank: Bank, who: str, where, month: int) -> bool:
    match where:
        case And():
            return all(fulfils(bank, who, child, month) for child in where.children)
        case Or():
            return any(fulfils(bank, who, child, month) for child in where.children)
        case Not():
            return not fulfils(bank, who, where.child, month)
        case Membership():
            return fulfils(bank, who, where.set.where, month)
        case Condition(dimension="gender"):
            return bank.people[who][0] in where.values
        case Condition():
            age = bank.people[who][1]
            return age is not None and OPS[where.op](age, where.values[0])
        case TopMembership():
            return top(bank, who, where, month)
        case EventCondition():
            return did(bank, who, where, month)
        case MetricCondition():
            return metric(bank, who, where, month)
    return changed(bank, who, where, month)


def value_of(bank: Bank, who: str, name: str, month: int) -> int | None:
    return bank.deposit(who, month) if name == "deposit" else bank.spent(who, month)


def metric(bank: Bank, who: str, where: MetricCondition, month: int) -> bool:
    month = 9 if where.period is not None and where.in_a_row is None else month
    months = range(month - (where.in_a_row or 1) + 1, month + 1)
    values = [value_of(bank, who, where.metric, m) for m in months]
    return all(v is not None and OPS[where.op](v, where.value) for v in values)


def changed(bank: Bank, who: str, where: ChangeCondition, month: int) -> bool:
    now, base = (value_of(bank, who, where.metric, m) for m in (month, month - 1))
    if now is None or base is None:
        return False
    if where.show == "diff":
        return bool(OPS[where.op](now - base, where.value))
    return base != 0 and bool(OPS[where.op](Fraction(now - base, base), where.value))


def did(bank: Bank, who: str, where: EventCondition, month: int) -> bool:
    if where.in_a_row is None:
        months = (9,) if where.within is not None else (7, 8, 9, 10, 11)
        return (bank.times(who, months) >= where.at_least) is where.did
    run = range(month - where.in_a_row + 1, month + 1)
    return all((bank.times(who, (m,)) >= where.at_least) is where.did for m in run)


def top(bank: Bank, who: str, where: TopMembership, month: int) -> bool:
    values = {k: bank.deposit(k, month) for k in bank.people}
    known = {k: v for k, v in values.items() if v is not None}
    if who not in known:
        return False
    better = operator.gt if where.descending else operator.lt
    place = 1 + sum(better(v, known[who]) for v in known.values())
    most = where.count
    if most is None:
        most = -(-len(known) * int(where.percent or 0) // 100)
    return place <= most


amounts = st.integers(0, 9)
ops = st.sampled_from(sorted(OPS))
figures = st.sampled_from(["deposit", "txn_amount"])
leaves = st.one_of(
    st.builds(Condition, st.just("gender"), st.just("in"), st.sampled_from([("男",), ("女",)])),
    st.builds(
        lambda op, age: Condition("age", op, (age,)),
        st.sampled_from(["gt", "ge", "lt", "le"]),
        st.integers(1, 9),
    ),
    st.builds(MetricCondition, figures, ops, amounts, st.sampled_from([None, SEPTEMBER])),
    st.builds(
        lambda name, op, value, run: MetricCondition(name, op, value, in_a_row=run),
        figures, ops, amounts, st.sampled_from([2, 3]),
    ),
    st.builds(ChangeCondition, figures, st.just("mom"), st.just("diff"), ops, st.integers(-5, 5)),
    st.builds(
        ChangeCondition, figures, st.just("mom"), st.just("rate"), ops,
        st.sampled_from([-1, -0.5, 0, 0.5, 1]),
    ),
    st.builds(
        EventCondition, st.just("txn_cnt"), st.booleans(), st.integers(1, 3),
        st.sampled_from([None, Period((Relative("month", -2),))]),
    ),
    st.builds(
        lambda did, often, run: EventCondition("txn_cnt", did, often, in_a_row=run),
        st.booleans(), st.integers(1, 2), st.sampled_from([2, 3]),
    ),
    st.builds(TopMembership, st.just("deposit"), st.integers(1, 3), descending=st.booleans()),
    st.builds(
        lambda percent: TopMembership("deposit", percent=percent), st.sampled_from([10, 50, 100])
    ),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: And((a, b)), inner, inner),
        st.builds(lambda a, b: Or((a, b)), inner, inner),
        st.builds(Not, inner),
        st.builds(lambda where: Membership(Set("customer", where)), inner),
    ),
    max_leaves=5,
)
banks = st.builds(
    lambda people, balances, txns: Bank(dict(zip(PEOPLE, people, strict=True)), balances, txns),
    st.lists(
        st.tuples(
            st.sampled_from(["男", "女", None]),
            st.one_of(st.none(), st.integers(1, 9)),
            st.sampled_from(["银川分行", "固原分行"]),
        ),
        min_size=6, max_size=6,
    ),
    st.lists(
        st.tuples(st.sampled_from(MONTHS), st.sampled_from(PEOPLE), amounts), max_size=14
    ).map(tuple),
    st.lists(
        st.tuples(st.sampled_from((7, *MONTHS)), st.integers(1, 30), st.sampled_from(PEOPLE), amounts),
        max_size=14,
    ).map(tuple),
)  # fmt: skip
ORG = {"银川分行": "o1", "固原分行": "o3"}
END = {8: "2026-08-31", 9: "2026-09-30", 10: "2026-10-31"}


def stored(bank: Bank, schema: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(schema)
    for name in ("dim_customer", "fact_balance", "fact_txn", "fact_cust_month"):
        connection.execute(f"delete from {name}")
    for who, (gender, age, branch) in bank.people.items():
        row = [who, gender, age, ORG[branch], 0, None, None]
        connection.execute("insert into dim_customer values (?, ?, ?, ?, ?, ?, ?)", row)
        for month in MONTHS:
            row = [END[month], who, ORG[branch], None, 0, 0]
            connection.execute("insert into fact_cust_month values (?, ?, ?, ?, ?, ?)", row)
    for at, (month, who, amount) in enumerate(bank.balances):
        org = ORG[bank.people[who][2]]
        row = [END[month], f"a{at}", who, org, "存款", 1, amount, amount, 30]
        connection.execute("insert into fact_balance values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for at, (month, day, who, amount) in enumerate(bank.txns):
        when, org = f"2026-{month:02d}-{day:02d}", ORG[bank.people[who][2]]
        row = [f"t{at}", when, who, org, amount, 0, 1, when]
        connection.execute("insert into fact_txn values (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return connection


@pytest.fixture(scope="module")
def listed(bank_sql, make_snapshot, make_manifest) -> Callable[..., set[str]]:
    policies = (
        Policy("all", lists="masked"),
        Policy("own", allow=(("branch", ("银川分行",)),), lists="masked"),
    )
    world = make_snapshot(make_manifest(policies))

    def run(query, role: str, bank: Bank) -> list[tuple]:
        resolved = resolve(query, world, Principal("某", (role,)))
        if isinstance(resolved, Problem):
            assert resolved.code == "contradictory_filter"
            return []
        compiled = compile_query(resolved, world)
        with stored(bank, bank_sql) as connection:
            rows = connection.execute(compiled.sql()).fetchall()
            if compiled.count is not None:
                total = connection.execute(compiled.count.sql("duckdb")).fetchone()
                assert total == (len(rows),)
            return rows

    return run


BOUNDED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@BOUNDED
@given(bank=banks, where=trees, role=st.sampled_from(["all", "own"]))
def test_the_list_is_who_fulfils_the_condition(listed, bank, where, role):
    seen = bank.seen(None if role == "all" else "银川分行")
    rows = listed(EntityQuery(Set("customer", where), scope=Scope(OCTOBER)), role, bank)
    expected = {who for who in seen.people if fulfils(seen, who, where, 10)}
    assert [row[0] for row in rows] == sorted(expected)


@BOUNDED
@given(bank=banks, where=trees, role=st.sampled_from(["all", "own"]))
def test_each_month_counts_who_fulfils_it_then(listed, bank, where, role):
    seen = bank.seen(None if role == "all" else "银川分行")
    autumn = Period((Absolute(date(2026, 9, 1), date(2026, 10, 31)),))
    by_month = MetricQuery(
        (MetricRef("cust_cnt"),),
        (TimeGroup("month"),),
        Scope(autumn, Membership(Set("customer", where))),
        totals=False,
    )
    found = {month: n for month, n in listed(by_month, role, bank) if n}
    expected = {
        f"2026-{month:02d}": sum(fulfils(seen, who, where, month) for who in seen.people)
        for month in (9, 10)
    }
    assert found == {month: n for month, n in expected.items() if n}
