"""Joins on validity and on the whole key of another fact, where rows are missing.

Client k1 had level 低 until 1 October and 高 from 10 October: nine days without any. k2 has 低
without end, k3 no level at all. The month table knows k1 in September and October, k2 in
September only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

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
    Validity,
)
from semantic_layer.principal import Principal
from semantic_layer.query import Absolute, Condition, MetricQuery
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

TABLES = """
create table level (client varchar, since date, until date, level varchar);
insert into level values
  ('k1', date '2026-01-01', date '2026-10-01', '低'), ('k1', date '2026-10-10', null, '高'),
  ('k2', date '2026-01-01', null, '低');
create table sale (id integer, day date, month_end date, client varchar, amount decimal(18,2));
insert into sale values
  (1, date '2026-09-30', date '2026-09-30', 'k1', 1), (2, date '2026-10-01', date '2026-10-31', 'k1', 2),
  (3, date '2026-10-09', date '2026-10-31', 'k1', 4), (4, date '2026-10-10', date '2026-10-31', 'k1', 8),
  (5, date '2026-10-10', date '2026-10-31', 'k2', 16), (6, date '2026-10-11', date '2026-10-31', 'k3', 32),
  (7, date '2026-10-11', date '2026-10-31', null, 64);
create table client_month (client varchar, month_end date, segment varchar);
insert into client_month values
  ('k1', date '2026-09-30', '甲'), ('k1', date '2026-10-31', '乙'), ('k2', date '2026-09-30', '甲');
"""
LEVEL, SEGMENT = Field("level", "等级"), Field("segment", "客群")
DATASETS = (
    Dataset("levels", "等级历史", "level", ("client", "since"), (LEVEL,)),
    Dataset("client_months", "客户月表", "client_month", ("client", "month_end"), (SEGMENT,),
            grain="month", time="month_end"),
    Dataset(
        "sales", "销售", "sale", ("id",), (), time="day",
        joins=(
            Join("levels", "levels", (("client", "client"),),
                 validity=Validity("since", "until", "day")),
            Join("client_months", "month_of", (("client", "client"), ("month_end", "month_end"))),
        ),
    ),
)  # fmt: skip
AUTUMN = Absolute(date(2026, 9, 1), date(2026, 10, 31))


@pytest.fixture(scope="module")
def rows(make_snapshot) -> Callable[[MetricQuery], tuple[list[tuple], tuple]]:
    """The rows of a query and its totals."""
    bank = duckdb.connect()
    bank.execute(TABLES)
    manifest = Manifest(
        "有效期",
        {d.name: d for d in DATASETS},
        {"amount": Metric("amount", "销售额", Aggregate("sales", "sum", "amount"), "CNY")},
        {
            "level": Dimension("level", "levels", LEVEL, ("levels",)),
            "segment": Dimension("segment", "client_months", SEGMENT, ("client_months",)),
        },
    )
    days = {"sales": date(2026, 10, 31)}
    snapshot: Snapshot = replace(
        make_snapshot(manifest), data_dates=days, first_dates={}, column_types={}
    )

    def run(query: MetricQuery) -> tuple[list[tuple], tuple]:
        resolved = resolve(query, snapshot, Principal("甲"))
        assert isinstance(resolved, ResolvedQuery), resolved
        compiled = compile_query(resolved, snapshot)
        assert isinstance(compiled, Compiled)
        found = bank.execute(compiled.sql()).fetchall()
        totals: tuple = ()
        if compiled.totals is not None:
            totals = bank.execute(compiled.totals.sql("duckdb")).fetchone() or ()
        return sorted(row[: len(compiled.columns)] for row in found), totals

    return run


def test_days_between_two_validities_are_of_no_level(rows, mq):
    """低 1+16, 高 8, 未知 2+4 (the gap) +32+64; 1 October is the first day without."""
    found, totals = rows(mq("amount", "level", AUTUMN))
    assert found == [("低", 17), ("未知", 102), ("高", 8)]
    assert totals[0] == 127


def test_conditions_on_what_was_valid_then(rows, mq):
    low = mq("amount", period=AUTUMN, where=Condition("level", "in", ("低",)))
    assert rows(low)[0] == [(17,)]
    other = mq("amount", period=AUTUMN, where=Condition("level", "not_in", ("低",)))
    assert rows(other)[0] == [(110,)]


def test_rows_meet_the_month_row_of_their_own_client_and_month(rows, mq):
    """甲 1 (k1 in September); 乙 2+4+8 (k1 in October); k2 has no row for October."""
    found, totals = rows(mq("amount", "segment", AUTUMN))
    assert found == [("乙", 14), ("未知", 112), ("甲", 1)]
    assert totals[0] == 127
