"""单日最高, 月末最低, 中位数: over the values per day or month, ratios taken one by one."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import duckdb
import pytest

from semantic_layer.compile import compile_query
from semantic_layer.principal import Principal
from semantic_layer.query import Arithmetic, Comparison, MetricRef, Number, Period, Relative
from semantic_layer.resolve import resolve

D = Decimal
OCTOBER, THIS_YEAR = Relative("month", -1), Relative("year", to_date=True)
RECENT = Relative("month", -1, 3)


def stat(metric, kind, over=None):
    return MetricRef(metric, stat=kind, stat_over=over)


def test_the_highest_day_of_a_flow(ask, mq):
    # 10月5日20+40、10月31日60,其余29天没有交易
    answer = ask(mq([stat("txn_amount", "max"), stat("txn_cnt", "max")], period=OCTOBER))
    assert answer.columns == ["txn_amount.max_date", "txn_cnt.max_date"]
    assert answer.rows == [(D(60), 2)]
    assert answer.compiled.columns[0].name == "交易金额(各日最高)"


def test_days_on_which_nothing_happened_count_zero(ask, mq):
    lowest = ask(mq([stat("txn_amount", "min"), stat("txn_amount", "median")], period=OCTOBER))
    assert lowest.rows == [(D(0), D(0))]
    # 8月0、9月4、10月120:中位数4;9月以前的8月没有交易
    months = ask(mq(stat("txn_amount", "median", "month"), period=RECENT))
    assert months.rows == [(D(4),)]


def test_by_group_every_member_has_its_own_highest_day(ask, mq):
    answer = ask(mq(stat("txn_amount", "max"), "outlet", OCTOBER))
    # 城东:5日20、31日60;城西:5日40
    assert dict(answer.rows) == {
        "银川城东支行": D(60),
        "银川城西支行": D(40),
        "固原支行": D(0),
        "中卫支行": D(0),
    }
    assert answer.totals == {"txn_amount.max_date": D(60)}


def test_the_lowest_month_end_of_a_balance(ask, mq):
    # 月末存款:8月90、9月150、10月145.75
    found = ask(mq([stat("deposit", "min", "month"), stat("deposit", "max", "month"),
                    stat("deposit", "median", "month")], period=RECENT))  # fmt: skip
    assert found.rows == [(D(90), D(150), D("145.75"))]


def test_a_daily_balance_comes_from_the_day_table(ask, mq):
    # 11月18日146、19日157;没有快照的日子不算0
    answer = ask(mq(stat("deposit", "min", "date"), period=Relative("month")))
    assert answer.rows == [(D(146),)]


def test_by_month_and_against_last_year(ask, mq):
    answer = ask(mq(stat("txn_amount", "max"), "@month", Relative("month", -1, 2),
                    compare=(Comparison("yoy", ("value",)),)))  # fmt: skip
    # 2025年9月没有交易,10月25日30
    assert answer.rows == [("2026-09", D(4), D(0)), ("2026-10", D(60), D(30))]


def test_a_ratio_is_taken_unit_by_unit(ask, mq):
    # 费率:10月5日4.00/60,31日0.60/60;没有交易的日子没有费率
    answer = ask(mq([stat("fee_rate", "max"), stat("fee_rate", "min")], period=OCTOBER))
    assert answer.rows == [(pytest.approx(4 / 60), pytest.approx(0.01))]


def test_only_whole_months_are_compared(ask, mq):
    # 11月只到19日,不算最低的一个月
    answer = ask(mq(stat("txn_amount", "min", "month"), period=Relative("month", 0, 3)))
    assert answer.rows == [(D(4),)]
    assert "whole_units" in answer.warned


def test_working_days_only(ask, mq):
    # 10月31日是周六;工作日里最高的是5日60
    days = Period((OCTOBER,), days="workday")
    assert ask(mq([stat("txn_amount", "max"), stat("txn_cnt", "median")], period=days)).rows == [
        (D(60), 0)
    ]


def test_the_mean_of_values_per_month(ask, mq):
    assert ask(mq(stat("txn_amount", "mean", "month"), period=RECENT)).rows == [
        (pytest.approx(124 / 3),)
    ]


def test_inside_an_expression(ask, mq):
    twice = Arithmetic("*", stat("txn_amount", "max"), Number(2), "两倍")
    assert ask(mq([twice], period=OCTOBER)).rows == [(D(120),)]


@pytest.mark.parametrize(
    ("ref", "by", "code"),
    [
        (stat("new_cust", "max", "date"), (), "grain_not_available"),
        (stat("txn_amount", "max", "month"), ("@date",), "invalid_query"),
        (stat("deposit_avg", "max", "month"), (), "invalid_query"),
        (stat("deposit_minus_loan", "max", "month"), (), "invalid_query"),
        (stat("fee_rate", "mean", "month"), (), "invalid_query"),
        (MetricRef("txn_amount", per="day", stat="max"), (), "invalid_query"),
    ],
)
def test_what_has_no_such_values_is_refused(ask, mq, ref, by, code):
    assert ask(mq(ref, by, OCTOBER)).code == code


@pytest.mark.parametrize("seed", range(6))
def test_days_without_rows_count_zero_also_beside_refunds(seed, bank_sql, snapshot, mq):
    random, outlets = Random(seed), {"o1": "银川城东支行", "o2": "银川城西支行", "o3": "固原支行"}
    days = {org: random.sample(range(1, 32), random.choice((1, 30, 31))) for org in outlets}
    paid = {(o, d): random.randint(-9, random.choice((-1, 9))) for o in days for d in days[o]}
    for kind, pick in (("max", max), ("min", min)):
        compiled = compile_query(
            resolve(mq(stat("txn_amount", kind), "outlet", OCTOBER), snapshot, Principal("甲")),
            snapshot,
        )
        with duckdb.connect() as connection:
            connection.execute(bank_sql)
            connection.execute("delete from fact_txn")
            for at, ((org, day), amount) in enumerate(paid.items()):
                row = [f"t{at}", f"2026-10-{day:02d}", org, amount]
                connection.execute(
                    "insert into fact_txn values ($1, $2, 'c1', $3, $4, 0, 1, $2)", row
                )
            found = dict(connection.execute(compiled.sql()).fetchall())
        told = {n: pick(paid.get((o, d), 0) for d in range(1, 32)) for o, n in outlets.items()}
        assert found == {**told, "中卫支行": 0}
