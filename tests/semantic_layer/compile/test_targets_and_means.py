"""Against the mean of the members, and against targets: completion, gap, progress of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from semantic_layer.compile import compile_query
from semantic_layer.model import Dataset, Join, Target
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Condition,
    Having,
    MetricRef,
    Order,
    Relative,
)
from semantic_layer.resolve import resolve

D = Decimal
OCTOBER, THIS_YEAR = Relative("month", -1), Relative("year")
MEAN = Comparison("average")
TARGET = Comparison("target")

PLANS = """
create table fact_plan (month_end date, org_id varchar, what varchar, goal decimal(18,2));
insert into fact_plan values
  (date '2026-09-30', 'o1', 'deposit', 120.00), (date '2026-10-31', 'o1', 'deposit', 130.00),
  (date '2026-10-31', 'o2', 'deposit', 20.20), (date '2026-10-31', 'o1', 'txn_amount', 100.00),
  (date '2026-11-30', 'o1', 'txn_amount', 50.00), (date '2026-12-31', 'o1', 'txn_amount', 75.00),
  (date '2026-10-31', 'o1', 'npl_rate', 0.05);
"""
PLAN_KEYS = (("org", "org_id"), ("period", "month_end"), ("metric", "what"))


@pytest.fixture(scope="module")
def planned(bank_sql, make_manifest, make_snapshot):
    """The small bank with targets up to the end of the year, and how to ask it."""
    manifest = make_manifest()
    plans = Dataset(
        "plans", "目标", "fact_plan", ("month_end", "org_id", "what"), (), grain="month",
        time="month_end",
        joins=(Join("orgs", "target_org", (("org_id", "org_id"),), label="目标机构", default=True),),
    )  # fmt: skip
    targets = tuple(Target(name, "plans", PLAN_KEYS, "goal") for name in ("deposit", "txn_amount"))
    manifest = replace(manifest, datasets={**manifest.datasets, "plans": plans}, targets=targets)
    found = make_snapshot(manifest)
    types = {**found.column_types, "fact_plan": {"month_end": "DATE", "org_id": "VARCHAR"}}
    dates = {**found.data_dates, "plans": date(2026, 12, 31)}
    snapshot = replace(found, column_types=types, data_dates=dates)
    bank = duckdb.connect()
    bank.execute(bank_sql)
    bank.execute(PLANS)

    def ask(query):
        resolved = resolve(query, snapshot, Principal("甲"))
        if isinstance(resolved, Problem):
            return resolved
        compiled = compile_query(resolved, snapshot)
        rows = bank.execute(compiled.sql()).fetchall()
        columns = [column.id for column in compiled.columns]
        totals = None
        if compiled.totals is not None:
            found = bank.execute(compiled.totals.sql("duckdb")).fetchone()
            totals = dict(zip(compiled.totals_columns, found, strict=True))
        return columns, [row[: len(columns)] for row in rows], totals, compiled

    return ask


def test_each_member_against_the_mean_of_the_members(ask, mq):
    # 10月:城东80、城西40、固原0、中卫0;平均30
    answer = ask(mq("txn_amount", "outlet", OCTOBER, compare=(MEAN,)))
    assert answer.columns[1:] == [
        "txn_amount", "txn_amount.average.value", "txn_amount.average.diff",
        "txn_amount.average.rate",
    ]  # fmt: skip
    assert answer.rows == [
        ("银川城东支行", D(80), 30.0, 50.0, pytest.approx(5 / 3)),
        ("银川城西支行", D(40), 30.0, 10.0, pytest.approx(1 / 3)),
        ("中卫支行", D(0), 30.0, -30.0, -1.0),
        ("固原支行", D(0), 30.0, -30.0, -1.0),
    ]
    assert answer.totals == {"txn_amount": D(120)}
    names = [column.name for column in answer.compiled.columns]
    assert names[2:] == ["平均交易金额", "较平均差额", "较平均高低幅度"]


def test_a_rate_is_compared_with_the_rate_of_the_whole(ask, mq):
    answer = ask(mq("fee_rate", "outlet", OCTOBER, compare=(MEAN,), order=(Order(ColumnRef(0)),)))
    # 全体 4.60/120;城西 3.80/40,城东 0.80/80
    whole = pytest.approx(4.60 / 120)
    assert answer.rows[:2] == [
        ("银川城西支行", 0.095, whole, pytest.approx(0.095 - 4.60 / 120)),
        ("银川城东支行", 0.01, whole, pytest.approx(0.01 - 4.60 / 120)),
    ]
    assert [c.name for c in answer.compiled.columns][2:] == ["整体费率", "较整体变化"]


def test_periods_against_the_mean_of_the_periods(ask, mq):
    answer = ask(mq("txn_amount", "@month", Relative("month", -1, 3), compare=(MEAN,)))
    third = pytest.approx(124 / 3)
    assert [row[:3] for row in answer.rows] == [
        ("2026-08", D(0), third), ("2026-09", D(4), third), ("2026-10", D(120), third),
    ]  # fmt: skip


def test_members_above_the_mean_by_the_difference(ask, mq):
    column = ColumnRef(0, "diff", "average")
    answer = ask(mq("txn_amount", "outlet", OCTOBER, compare=(Comparison("average", ("diff",)),),
                    having=(Having(column, "gt", 0),), order=(Order(column, False),)))  # fmt: skip
    assert answer.rows == [("银川城西支行", D(40), 10.0), ("银川城东支行", D(80), 50.0)]


def test_a_balance_against_its_target_of_the_same_month(planned, mq):
    columns, rows, totals, compiled = planned(mq("deposit", "outlet", OCTOBER, compare=(TARGET,)))
    assert columns == [
        "outlet", "deposit", "deposit.target.value", "deposit.target.diff", "deposit.target.rate",
    ]  # fmt: skip
    assert rows[:2] == [
        ("银川城东支行", D("110.50"), D("130.00"), D("-19.50"), 0.85),
        ("银川城西支行", D("25.25"), D("20.20"), D("5.05"), 1.25),
    ]
    assert totals["deposit.target.rate"] == pytest.approx(145.75 / 150.20)
    names = [column.name for column in compiled.columns]
    assert names[2:] == ["存款余额目标", "较目标差额", "存款余额完成率"]


def test_targets_by_month(planned, mq):
    _, rows, _, _ = planned(
        mq("deposit", "@month", Relative("month", -1, 2), compare=(TARGET,),
           where=Condition("branch", "in", ("银川分行",)))
    )  # fmt: skip
    assert rows == [
        ("2026-09", D(150), D(120), D(30), 1.25),
        ("2026-10", D("135.75"), D("150.20"), D("-14.45"), pytest.approx(135.75 / 150.20)),
    ]


def test_a_year_that_goes_on_has_the_target_of_the_year_and_its_progress(planned, mq):
    # 2026年:4+120+12+3=139,全年目标225;已过323天,全年365天
    columns, rows, _, compiled = planned(mq("txn_amount", period=THIS_YEAR, compare=(TARGET,)))
    assert columns[-1] == "txn_amount.target.progress"
    assert compiled.columns[-1].name == "序时进度"
    assert rows == [
        (D(139), D(225), D(-86), pytest.approx(139 / 225), pytest.approx(323 / 365)),
    ]  # fmt: skip


def test_a_month_that_goes_on_has_the_whole_target_of_the_month(planned, mq):
    _, rows, _, _ = planned(mq("txn_amount", period=Relative("month"), compare=(TARGET,)))
    assert rows == [(D(15), D(50), D(-35), 0.3)]


def test_where_nobody_set_a_target_nothing_exceeds_it(planned, mq):
    _, rows, _, _ = planned(mq("txn_amount", period=Relative("month", -2), compare=(TARGET,)))
    assert rows == [(D(4), None, None, None)]


def test_a_base_beside_the_target(planned, mq):
    _, rows, _, _ = planned(
        mq("deposit", period=OCTOBER, compare=(Comparison("mom", ("diff",)), TARGET))
    )
    assert rows == [(D("145.75"), D("-4.25"), D("150.20"), D("-4.45"), pytest.approx(0.9703728))]


@pytest.mark.parametrize(
    ("measure", "more", "code"),
    [
        ("wealth", {}, "invalid_query"),
        ("npl_rate", {}, "invalid_query"),
        (MetricRef("deposit", per="holder"), {}, "invalid_query"),
        ("deposit", {"by": "gender"}, "dim_not_applicable"),
        ("deposit", {"where": Condition("gender", "in", ("男",))}, "dim_not_applicable"),
    ],
)
def test_targets_that_nobody_set_are_refused(planned, mq, measure, more, code):
    assert planned(mq(measure, period=OCTOBER, compare=(TARGET,), **more)).code == code


def test_a_month_in_which_nothing_flowed_has_a_mean_of_nought(ask, mq):
    """金卡客户只有 c1:9 月活跃,10 月不活跃."""
    gold = Condition("cust_level", "in", ("金卡",))
    months = Relative("month", -1, 2)
    answer = ask(mq("active_rate", ("gender", "@month"), months, gold, compare=(MEAN,)))
    found = [row[1:4] for row in answer.rows if row[0] == "男"]
    assert found == [("2026-09", 1, 1), ("2026-10", 0, 0)]
