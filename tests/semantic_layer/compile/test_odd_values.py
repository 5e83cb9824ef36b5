"""Digits, places, bases and missing values where a shortcut would say another number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    ChangeCondition,
    Comparison,
    Condition,
    Focus,
    Limit,
    Membership,
    MetricRef,
    Period,
    Relative,
    Set,
    TopMembership,
)

OCTOBER = Relative("month", -1)
SEPTEMBER = Relative("month", -2)
TWO_MONTHS = Absolute(dt.date(2026, 9, 1), dt.date(2026, 10, 31))
OCTOBER_DAYS = Absolute(dt.date(2026, 10, 1), dt.date(2026, 10, 31))


def test_a_median_keeps_all_its_digits(ask, mq):
    """11月手续费0.12与0.03,中位数0.075。"""
    assert ask(mq("median_fee", period=Relative("month"))).rows == [(Decimal("0.075"),)]


def test_a_member_without_a_value_has_no_place(ask, mq):
    """中卫没有贷款,没有不良率,也就没有名次。"""
    answer = ask(mq("npl_rate", "branch", OCTOBER, focus=Focus("branch", "中卫分行")))
    assert answer.rows == [("中卫分行", None, None)]


def test_places_are_counted_within_each_month(ask, mq):
    """银川9月、10月都是第一,不与自己的另一个月相比。"""
    two = Relative("month", -1, 2)
    answer = ask(mq("deposit", ["branch", "@month"], two, focus=Focus("branch", "银川分行")))
    assert [row[-1] for row in answer.rows] == [1, 1]


def test_a_mean_over_no_trading_day_is_missing(ask, mq):
    """10月4日是周日,没有交易日可除。"""
    sunday = Absolute(dt.date(2026, 10, 4), dt.date(2026, 10, 4))
    per_day = MetricRef("txn_amount", per="trading_day")
    assert ask(mq(per_day, "branch", sunday)).rows[0][1] is None


def test_a_named_base_after_the_data_is_refused(ask, mq):
    later = Comparison("range", ("value",), span=Relative("month", 1))
    problem = ask(mq("txn_amount", period=OCTOBER, compare=(later,)))
    assert isinstance(problem, Problem)
    assert problem.code == "no_data_yet"


def test_a_first_snapshot_is_compared_with_a_first_snapshot(ask, mq):
    """9—10月的期初是9月末150;去年同期的期初是2025年9月末50,不是10月末80。"""
    yoy = Comparison("yoy", ("value",))
    answer = ask(mq("deposit_first", period=TWO_MONTHS, compare=(yoy,)))
    assert answer.rows == [(Decimal("150.00"), Decimal("50.00"))]


def test_last_known_looks_back_in_the_base_period_too(ask, mq):
    """9—10月定期的最近一次:a2在9月末30.00,a3在10月末25.25。"""
    only = Condition("is_demand", "in", ("定期",))
    both = Comparison("range", ("value",), span=TWO_MONTHS)
    answer = ask(mq("deposit_known", period=OCTOBER_DAYS, where=only, compare=(both,)))
    assert answer.rows == [(Decimal("25.25"), Decimal("55.25"))]


def test_no_deposit_in_a_mean_is_zero_as_it_is_at_the_end(ask, mq):
    """10月末有余额表,没有男性的定期:0,不是缺失。"""
    man, term = Condition("gender", "in", ("男",)), Condition("is_demand", "in", ("定期",))
    none = And((man, term))
    end = ask(mq("deposit", period=OCTOBER, where=none)).rows
    mean = ask(mq(MetricRef("deposit", per="month"), period=OCTOBER, where=none)).rows
    assert end == mean == [(Decimal(0),)]


def test_a_sum_of_missing_amounts_is_zero_in_a_group_as_in_the_total(ask, mq):
    """10月女性只有一笔40,按缺失计:该组是0。"""
    answer = ask(mq("gap_sum", "gender", OCTOBER))
    assert sum(row[1] for row in answer.rows) == answer.totals["gap_sum"]


def test_the_rest_of_pairs_leaves_out_only_the_pairs_shown(ask, mq, bank):
    """10月:银川男80(c1 20、c3 60),银川女40;取第一个,其他是银川女的40。"""
    answer = ask(
        mq("txn_amount", ["branch", "gender"], OCTOBER, limit=Limit(1, others=True)),
    )
    assert answer.rows == [("银川分行", "男", Decimal(80))]
    rest = answer.compiled.others(tuple(answer.rows)).select
    assert bank.execute(rest.sql("duckdb")).fetchall() == [(Decimal(40),)]


def test_wealth_of_a_group_does_not_depend_on_the_metric_beside_it(ask, mq):
    """女(c2)10月末只有存款:理财与存款并列时是0,与交易金额并列时也应是0。"""
    beside_stock = {r[0]: r[1] for r in ask(mq(["wealth", "deposit"], "gender", OCTOBER)).rows}
    beside_flow = {r[0]: r[1] for r in ask(mq(["wealth", "txn_amount"], "gender", OCTOBER)).rows}
    assert beside_stock["女"] == beside_flow["女"] == Decimal(0)


def test_whoever_is_no_customer_takes_no_customers_place(ask, mq):
    """11月:c1 12,客户表里没有的c9 3;金额最小的客户是c1,授信100。"""
    least = TopMembership("txn_amount", 1, descending=False, period=Period((Relative("month"),)))
    answer = ask(mq("credit", where=Membership(Set("customer", least))))
    assert answer.rows == [(Decimal("100.00"),)]


def test_a_member_in_focus_is_named_by_its_label(ask, mq):
    """10月末活期120.50,定期25.25。"""
    answer = ask(mq("deposit", "is_demand", OCTOBER, focus=Focus("is_demand", "定期")))
    assert answer.rows == [("定期", Decimal("25.25"), 2)]


def test_days_that_do_not_count_are_not_listed(ask, mq):
    """2026年10月30日周五、31日周六(60)、11月1日周日、2日周一:只列两个工作日。"""
    days = Absolute(dt.date(2026, 10, 30), dt.date(2026, 11, 2))
    answer = ask(mq("txn_amount", "@date", Period((days,), days="workday")))
    assert [row[1] for row in answer.rows] == [Decimal(0), Decimal(0)]
    assert [str(row[0]) for row in answer.rows] == ["2026-10-30", "2026-11-02"]


@pytest.mark.parametrize("span", [Relative("year"), Relative("quarter"), Relative("month")])
def test_a_stock_of_a_period_that_goes_on_is_as_new_as_any_of_its_tables(ask, mq, span):
    """月表到10月末,日表到11月19日:130.00+27.00。"""
    answer = ask(mq("deposit", period=span))
    assert answer.rows == [(Decimal("157.00"),)]


def test_a_stock_without_a_time_word_keeps_the_last_month_end(ask, mq):
    assert ask(mq("deposit")).rows == [(Decimal("145.75"),)]


def test_a_base_that_the_newer_table_lacks_keeps_the_older_table(ask, mq):
    """年初100.00只在月表里。"""
    opening = Comparison("ytd_open", ("value",))
    answer = ask(mq("deposit", period=Relative("year"), compare=(opening,)))
    assert answer.rows == [(Decimal("145.75"), Decimal("100.00"))]


def test_a_change_is_unknown_where_the_data_does_not_reach_back(ask, mq):
    """2024年2月的交易没有上年可比:谁也不能说“变化不等于5”。"""
    first = Period((Absolute(dt.date(2024, 2, 1), dt.date(2024, 2, 29)),))
    changed = ChangeCondition("txn_cnt", "yoy", "diff", "ne", 5, first)
    answer = ask(mq("credit", where=Membership(Set("customer", changed))))
    assert answer.rows == [(Decimal(0),)]


def test_by_half_year_without_any_day_that_counts(ask, mq):
    saturday = Period((Absolute(dt.date(2026, 10, 3), dt.date(2026, 10, 3)),), days="workday")
    assert ask(mq("txn_amount", "@date", saturday)).rows == []


def test_the_last_known_of_overlapping_periods_is_refused(ask, mq):
    """一行不能既在9—10月里是旧的,又在9月里是最新的。"""
    answer = ask(mq("deposit_known", period=Period((TWO_MONTHS, SEPTEMBER))))
    assert isinstance(answer, Problem)
    assert answer.code == "unsupported"


def test_no_mean_of_a_balance_whose_gaps_are_filled(ask, mq):
    """没有快照的日子不是零,除以日历天数会偏小:拒答。"""
    answer = ask(mq(MetricRef("deposit_known", per="month"), period=TWO_MONTHS))
    assert isinstance(answer, Problem)
    assert answer.code == "unsupported"


def test_a_mean_of_balances_without_a_time_is_of_this_year(ask, mq):
    """没有时间词的月均是本年各月末的均值,不是最近一个月末。"""
    mean = MetricRef("deposit", per="month")
    unsaid, said = ask(mq(mean)), ask(mq(mean, period=Relative("year", to_date=True)))
    assert unsaid.rows == said.rows != ask(mq(mean, period=OCTOBER)).rows
