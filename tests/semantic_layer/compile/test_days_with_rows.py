"""A month table is read by the one day of the month it has rows of, where that was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import duckdb
import pytest

from assistant.reported_days import find_reported_days
from semantic_layer.compile import compile_query
from semantic_layer.principal import Principal
from semantic_layer.query import Membership, MetricCondition, Relative, Set
from semantic_layer.resolve import resolve

OCTOBER = Relative("month", -1)
RICH = Membership(Set("customer", MetricCondition("deposit", "gt", 100)))


def looked_up(snapshot, bank, *, truncated=False):
    def asked(tree):
        rows = bank.execute(tree.sql("duckdb")).fetchall()
        return SimpleNamespace(rows=rows, truncated=truncated)

    return replace(snapshot, days=find_reported_days(snapshot, asked))


@pytest.fixture
def world(make_snapshot, bank):
    """The state of the world with the days looked up in the bank."""
    return looked_up(make_snapshot(), bank)


def sql_of(query, world):
    compiled = compile_query(resolve(query, world, Principal("某", ())), world)
    return compiled.sql()


def test_months_are_told_by_their_last_day(world):
    months = tuple(date(2026, month, day) for month, day in ((8, 31), (9, 30), (10, 31)))
    assert world.days["cust_month"] == months
    assert "transactions" not in world.days


def test_what_a_query_makes_may_depend_on_today(make_snapshot, bank):
    snapshot = make_snapshot()
    months = replace(snapshot.manifest.datasets["cust_month"], table=None, sql="from fact_x")
    known = replace(snapshot.manifest, datasets={"cust_month": months})
    assert looked_up(replace(snapshot, manifest=known), bank).days == {}


def test_days_cut_off_are_not_all_there_are(make_snapshot, bank):
    assert looked_up(make_snapshot(), bank, truncated=True).days == {}


def test_a_month_with_one_day_is_read_by_that_day(world, bank, mq):
    sql = sql_of(mq("deposit", period=OCTOBER), world)
    assert "month_end = CAST('2026-10-31' AS DATE)" in sql
    assert [float(cell) for cell in bank.execute(sql).fetchone()] == [145.75]


def test_rows_on_two_days_of_a_month_all_count(make_snapshot, bank_sql, mq):
    early = "update fact_balance set month_end = date '2026-10-01' where account_id = 'a5'"
    with duckdb.connect() as bank:
        bank.execute(bank_sql + early)
        sql = sql_of(mq("deposit", period=OCTOBER), looked_up(make_snapshot(), bank))
        assert "BETWEEN CAST('2026-10-01' AS DATE) AND CAST('2026-10-31' AS DATE)" in sql
        assert [float(cell) for cell in bank.execute(sql).fetchone()] == [145.75]


@pytest.mark.parametrize(("period", "found"), [(OCTOBER, 1), (Relative("month", -2), 1)])
def test_a_reported_month_is_not_asked_for_again(period, found, world, bank, mq):
    query = mq("cust_cnt", period=period, where=RICH)
    asked, known = sql_of(query, replace(world, days={})), sql_of(query, world)
    assert ("_reported" in asked, "_reported" in known) == (True, False)
    counts = [bank.execute(sql).fetchall() for sql in (asked, known)]
    assert counts == [[(found,)], [(found,)]]
