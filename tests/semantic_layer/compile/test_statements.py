"""The SQL as people read it: `statements.sql` holds it, every dialect can read it back."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    Having,
    Limit,
    Membership,
    MetricCondition,
    MetricRef,
    Period,
    Relative,
    Set,
    Share,
)

RECORDED = Path(__file__).with_name("statements.sql")
OCTOBER = Relative("month", -1)
RICH = Membership(Set("customer", MetricCondition("deposit", "gt", 100)))


def _queries(mq):
    yield "上个月各分行新增客户数", mq("new_cust", "branch", OCTOBER)
    yield "存款余额", mq("deposit")
    yield (
        "各性别存款余额同比、较年初",
        mq("deposit", "gender", OCTOBER, compare=(Comparison("yoy"), Comparison("ytd_open"))),
    )
    yield (
        "按月交易金额同比",
        mq("txn_amount", "@month", Relative("quarter"), compare=(Comparison("yoy"),)),
    )
    yield "不良率最高的一个分行", mq("npl_rate", "branch", OCTOBER, limit=Limit(1))
    yield (
        "费率高于平均的性别",
        mq("fee_rate", "gender", OCTOBER, having=(Having(ColumnRef(0), "gt", "average"),)),
    )
    yield "交易金额占比", mq("txn_amount", "gender", OCTOBER, share=Share())
    yield "按月累计", mq("txn_amount", "@month", Relative("quarter"), window=Cumulative())
    yield "日均", mq([MetricRef("txn_amount", per="day"), "dau", "deposit_avg"], period=OCTOBER)
    yield "两个事实", mq(["loan_balance", "txn_amount"], "gender", OCTOBER)
    yield "存款超过100的客户数", mq("cust_cnt", period=OCTOBER, where=RICH)
    yield (
        "筛选",
        mq("txn_amount", period=OCTOBER, where=Condition("branch", "not_in", ("银川分行",))),
    )
    yield "两段时间", mq("txn_amount", period=Period((OCTOBER, Relative("month", -2))))
    yield "按旬", mq("txn_amount", "@xun", OCTOBER)
    yield "最近已知余额", mq("deposit_known", period=Relative("quarter", -1))


@pytest.fixture
def statements(ask, mq):
    return {name: ask(query).compiled for name, query in _queries(mq)}


def test_statements_read_as_recorded(statements):
    text = "".join(f"-- {name}\n{compiled.sql()};\n\n" for name, compiled in statements.items())
    assert text == RECORDED.read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "clickhouse"])
def test_every_dialect_reads_its_statement_back(statements, dialect):
    for name, compiled in statements.items():
        text = compiled.statement.sql(dialect=dialect)
        again = sqlglot.parse_one(text, dialect=dialect)
        assert again.sql(dialect=dialect) == text, name
