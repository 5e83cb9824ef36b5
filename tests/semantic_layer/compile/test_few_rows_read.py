"""Statements read as few rows as they can; what they say stays the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.query import (
    Absolute,
    Membership,
    MetricCondition,
    Period,
    Predicate,
    Relative,
    Rolling,
    Set,
)

D = Decimal
OCTOBER = Relative("month", -1)
QUARTER = Period((Relative("quarter", -1),))
FIRST_WEEK = Absolute(date(2026, 10, 4), date(2026, 10, 12))


def those(where: Predicate) -> Membership:
    return Membership(Set("customer", where))


@pytest.mark.parametrize(("least", "customers"), [(20, 2), (9, 3), (1000, 0)])
def test_nobody_is_counted_as_0_where_the_month_is_reported(ask, mq, least, customers):
    """10月末存款:c1 110.50,c2 25.25,c4 10;没有人超过 1000,但这个月有数据。"""
    answer = ask(
        mq("cust_cnt", period=OCTOBER, where=those(MetricCondition("deposit", "gt", least)))
    )
    assert answer.rows == [(customers,)]
    assert "cust_month_reported" in answer.compiled.sql()


def test_one_month_of_one_customer_is_one_row(ask, mq):
    """10月新增的是 c3、c4。"""
    answer = ask(mq("cust_cnt", period=OCTOBER, where=those(MetricCondition("new_cust", "ge", 1))))
    assert answer.rows == [(2,)]
    assert "GROUP BY" not in answer.compiled.sql()


def test_several_months_of_one_customer_are_summed(ask, mq):
    """8月新增 c1,9月新增 c2;c1 在三季度有两行。"""
    new = MetricCondition("new_cust", "eq", 1, period=QUARTER)
    answer = ask(mq("cust_cnt", period=OCTOBER, where=those(new)))
    assert answer.rows == [(2,)]
    assert "GROUP BY" in answer.compiled.sql()


def test_people_of_overlapping_weeks_are_read_once_a_day(ask, mq):
    """10月5日交易的 c1、c2 在 5 日到 11 日的七天里。"""
    answer = ask(mq("txn_cust", "@date", FIRST_WEEK, window=Rolling("day", 7)))
    assert [row[1] for row in answer.rows] == [0, *[2] * 7, 0]
    assert "txns_once" in answer.compiled.sql()
