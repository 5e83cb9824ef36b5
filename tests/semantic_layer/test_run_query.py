"""Compiled queries on the locked-down engine: rows, totals, 其他, notices."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import duckdb
import pytest

from semantic_layer.compile import compile_query
from semantic_layer.engines import DuckDBEngine, Limits
from semantic_layer.guard import allowed_tables, check
from semantic_layer.principal import Principal
from semantic_layer.query import Limit, Relative
from semantic_layer.resolve import resolve
from semantic_layer.run import Running, run_query

D = Decimal
OCTOBER = Relative("month", -1)


@pytest.fixture(scope="module")
def engine(bank_sql, tmp_path_factory):
    path = tmp_path_factory.mktemp("bank") / "bank.duckdb"
    with duckdb.connect(str(path)) as copy:
        copy.execute(bank_sql)
    opened = DuckDBEngine(path=path)
    yield opened
    opened.close()


@pytest.fixture
def run(engine, snapshot):
    guard = partial(check, allowed=allowed_tables(snapshot.manifest, engine.schema()))

    def running(query, limits=None):
        resolved = resolve(query, snapshot, Principal("甲"))
        compiled = compile_query(resolved, snapshot)
        running = Running(engine, limits or Limits(), guard)
        return run_query(resolved, compiled, running, snapshot.manifest)

    return running


def test_rows_totals_and_the_number_of_groups(run, mq):
    result = run(mq(["txn_amount", "fee_rate"], "outlet", OCTOBER, limit=Limit(1, others=True)))
    assert result.rows == (("银川城东支行", D("80.00"), 0.01),)
    assert result.total_rows == 4
    assert dict(result.totals) == {"txn_amount": D("120.00"), "fee_rate": 4.6 / 120}
    assert dict(result.others) == {"txn_amount": D("40.00"), "fee_rate": 0.095}
    assert [column.name for column in result.columns] == ["网点", "交易金额", "费率"]


def test_nothing_is_left_for_others_when_all_are_listed(run, mq):
    result = run(mq("txn_amount", "outlet", OCTOBER, limit=Limit(10, others=True)))
    assert (len(result.rows), dict(result.others)) == (4, {})


def test_a_cut_result_says_so(run, mq):
    result = run(mq("txn_amount", "outlet", OCTOBER), Limits(max_result_rows=2))
    assert (len(result.rows), result.truncated) == (2, True)
    assert [notice.code for notice in result.warnings] == ["truncated"]


def test_warnings_of_the_period_come_along(run, mq):
    result = run(mq("txn_amount", period=Relative("month")))
    assert [notice.code for notice in result.warnings] == ["incomplete_period"]


def test_rates_over_too_few_cases_are_told_and_marked(run, mq):
    """10月月活率各分行分母 2、1、1,全行 4,都不足 30。"""
    result = run(mq("active_rate", "branch", OCTOBER))
    assert {(result.rows[row][0], column) for row, column in result.small} == {
        ("银川分行", "active_rate"), ("固原分行", "active_rate"), ("未知", "active_rate"),
    }  # fmt: skip
    notices = {notice.code: notice.message for notice in result.warnings}
    assert notices["small_denominator"].endswith(
        "的“月活率”的分母不足30,仅供参考,不参加最高、最低和排名。"
    )
    alone = run(mq("active_rate", period=OCTOBER))
    assert alone.rows == ((0.5,),)
    assert [n.message for n in alone.warnings] == ["“月活率”的分母不足30,仅供参考。"]


def test_months_with_too_few_cases_are_named_in_words(run, mq):
    result = run(mq("active_rate", "@month", OCTOBER))
    notices = {notice.code: notice.message for notice in result.warnings}
    assert notices["small_denominator"].startswith("2026年10月的“月活率”")


def test_what_a_ranking_leaves_out_is_told(run, mq):
    result = run(mq("active_rate", "branch", OCTOBER, limit=Limit(1)))
    assert (result.rows, result.total_rows, result.placed_rows) == ((), 4, 1)
    assert [(n.code, n.message) for n in result.warnings] == [
        ("unranked", "另有3个不参加排名(分母不足30),计入合计。")
    ]
