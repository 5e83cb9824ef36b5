"""Means count whole months, and periods side by side stand in time order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from semantic_layer.problem import Problem
from semantic_layer.query import Absolute, ColumnRef, MetricRef, Order, Period, Relative

MONTHLY = MetricRef("txn_amount", per="month")
AUTUMN = Relative("month", 0, 3)


def test_a_mean_per_month_leaves_the_unfinished_month_out(ask, mq):
    answer = ask(mq(MONTHLY, period=AUTUMN))
    assert answer.rows == [(Decimal(62),)]  # 9月 4 + 10月 120, 两个月
    assert answer.resolved.spans[0].label == "2026年9—10月"
    assert ("whole_units", "月均只算完整的月:2026年9—10月。") in answer.resolved.warnings
    assert "incomplete_period" not in answer.warned


def test_a_mean_over_no_whole_month_is_refused(ask, mq):
    problem = ask(mq(MONTHLY, period=Relative("month")))
    assert isinstance(problem, Problem)
    assert problem.code == "incomplete_period"
    assert problem.message == "2026年11月1—19日里没有完整的月,不能算月均;请换成更长的期间。"


def test_a_mean_over_whole_months_needs_no_warning(ask, mq):
    answer = ask(mq(MONTHLY, period=Relative("month", -1, 2)))
    assert answer.rows == [(Decimal(62),)]
    assert not answer.warned


def test_a_mean_per_day_keeps_the_days_so_far(ask, mq):
    answer = ask(mq(MetricRef("txn_amount", per="day"), period=Relative("month")))
    assert float(answer.rows[0][0]) * 19 == 15


SIDE_BY_SIDE = Period((Relative("month", -1), Relative("month", -2)))


def test_periods_side_by_side_stand_in_time_order(ask, mq):
    answer = ask(mq("txn_amount", period=SIDE_BY_SIDE))
    assert answer.rows == [("2026年9月", Decimal(4)), ("2026年10月", Decimal(120))]


def test_an_asked_order_wins_over_time(ask, mq):
    answer = ask(mq("txn_amount", period=SIDE_BY_SIDE, order=(Order(ColumnRef(0)),)))
    assert [row[0] for row in answer.rows] == ["2026年10月", "2026年9月"]


def test_a_named_day_in_the_middle_is_trimmed_too(ask, mq):
    span = Absolute(date(2026, 8, 15), date(2026, 10, 31))
    assert ask(mq(MONTHLY, period=span)).resolved.spans[0].label == "2026年9—10月"
