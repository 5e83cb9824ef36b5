"""Groups of fewer than k people show nothing, and nothing gives them away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from semantic_layer.query import (
    Comparison,
    Condition,
    Cumulative,
    Membership,
    MetricCondition,
    MetricRef,
    Relative,
    Set,
)

D = Decimal
OCTOBER = Relative("month", -1)


@pytest.fixture
def pairs(make_snapshot):
    """At least two people per group."""
    return replace(make_snapshot(), min_group_size=2)


def test_small_groups_show_nothing(ask, mq, pairs):
    """交易:男 c1、c3 两人,女 c2 一人 —— 女被隐去;只隐一组会被合计反推,所以男也隐去."""
    answer = ask(mq("txn_amount", "gender", OCTOBER), at=pairs)
    assert answer.rows == [("男", None), ("女", None)]
    assert answer.totals == {"txn_amount": D(120)}
    assert "suppressed" in answer.warned


def test_several_small_groups_hide_each_other(ask, mq, pairs):
    """10 月存款:银川两户(c1、c2),未知一户(c4),固原一户(c3,无存款)."""
    answer = ask(mq("cust_cnt", "branch", OCTOBER), at=pairs)
    assert dict(answer.rows) == {"银川分行": 2, "未知": None, "固原分行": None, "中卫分行": None}


def test_a_narrow_filter_shows_nothing_either(ask, mq, pairs):
    women = Condition("gender", "in", ("女",))
    assert ask(mq("txn_amount", period=OCTOBER, where=women), at=pairs).rows == [(None,)]
    assert ask(mq("txn_amount", period=OCTOBER), at=pairs).rows == [(D(120),)]


def test_the_people_behind_the_smallest_part_count(ask, mq, pairs):
    """不良贷款只有 c1 一人,不良率会透露其余额."""
    assert ask(mq("npl_rate", period=OCTOBER), at=pairs).rows == [(None,)]
    assert ask(mq("loan_balance", period=OCTOBER), at=pairs).rows == [(D(1400),)]


def test_a_base_with_few_people_hides_the_comparison(ask, mq, pairs):
    september = Comparison("mom", ("value", "diff"))
    answer = ask(mq("txn_amount", period=OCTOBER, compare=(september,)), at=pairs)
    assert answer.rows == [(None, None, None)]


def test_daily_averages_keep_their_value(ask, mq, pairs):
    answer = ask(mq("deposit_avg", period=OCTOBER), at=pairs)
    assert answer.rows == [(pytest.approx(137.0),)]


def test_tables_without_people_hide_nothing(ask, mq, pairs):
    assert ask(mq("deposit", period=Relative("day", -1)), at=pairs).rows == [(D(157),)]


def test_somebody_in_a_set_is_still_judged_alone(ask, mq, pairs):
    savers = Membership(Set("customer", MetricCondition("deposit", "gt", 5)))
    assert ask(mq("cust_cnt", period=OCTOBER, where=savers), at=pairs).rows == [(3,)]


@pytest.mark.parametrize("more", [{"window": Cumulative()}])
def test_what_cannot_be_protected_is_refused(ask, mq, pairs, more):
    assert ask(mq("txn_amount", "@month", OCTOBER, **more), at=pairs).code == "unsupported"
    assert ask(mq("dau", period=OCTOBER), at=pairs).code == "unsupported"
    mean = mq(MetricRef("txn_amount", per="day"), period=OCTOBER)
    assert ask(mean, at=pairs).code == "unsupported"
