"""Groups of fewer than k people show nothing, and nothing gives them away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from semantic_layer.problem import Problem
from semantic_layer.query import (
    Comparison,
    Condition,
    Cumulative,
    Focus,
    Limit,
    Membership,
    MetricCondition,
    MetricRef,
    Relative,
    Set,
    Share,
)
from semantic_layer.resolve.small_groups import is_personal
from semantic_layer.result import Suppressed

D = Decimal
OCTOBER = Relative("month", -1)


MEN = Condition("gender", "in", ("男",))


@pytest.fixture
def trios(make_snapshot):
    """At least three people per group."""
    return replace(make_snapshot(), min_group_size=3)


@pytest.fixture
def pairs(make_snapshot):
    """At least two people per group."""
    return replace(make_snapshot(), min_group_size=2)


def test_small_groups_show_nothing(ask, mq, pairs):
    """交易:男 c1、c3 两人,女 c2 一人 —— 女被隐去;只隐一组会被合计反推,所以男也隐去."""
    answer = ask(mq("txn_amount", "gender", OCTOBER), at=pairs)
    assert answer.rows == [("男", None), ("女", None)]
    assert answer.totals == {"txn_amount": D(120)}
    assert answer.compiled.least_people == 2


def test_organisations_alone_point_at_nobody(ask, mq, pairs):
    """10 月存款:银川两户(c1、c2),未知一户(c4),固原一户(c3);机构不是个人特征."""
    answer = ask(mq("cust_cnt", "branch", OCTOBER), at=pairs)
    assert dict(answer.rows) == {"银川分行": 2, "未知": 1, "固原分行": 1, "中卫分行": None}
    assert answer.compiled.least_people == 0


def test_organisations_beside_a_personal_attribute_do(ask, mq, pairs):
    answer = ask(mq("cust_cnt", ("branch", "gender"), OCTOBER), at=pairs)
    assert {value for *_, value in answer.rows} == {None}
    assert answer.totals == {"cust_cnt": 4}


def test_a_total_about_too_few_is_hidden_too(ask, mq, pairs):
    women = Condition("gender", "in", ("女",))
    answer = ask(mq("txn_amount", "outlet", OCTOBER, women), at=pairs)
    assert {value for _, value in answer.rows} <= {None, 0}
    assert answer.totals == {"txn_amount": Suppressed.SMALL_GROUP}


def test_a_narrow_filter_shows_nothing_either(ask, mq, pairs):
    women = Condition("gender", "in", ("女",))
    assert ask(mq("txn_amount", period=OCTOBER, where=women), at=pairs).rows == [(None,)]
    assert ask(mq("txn_amount", period=OCTOBER), at=pairs).rows == [(D(120),)]


def test_a_personal_attribute_inside_a_set_counts(ask, mq, pairs):
    women = Membership(Set("customer", Condition("gender", "in", ("女",))))
    assert ask(mq("cust_cnt", period=OCTOBER, where=women), at=pairs).rows == [(None,)]


def test_what_is_cut_from_a_personal_attribute_is_personal(pairs, make_manifest):
    manifest = make_manifest()
    assert is_personal(manifest, "gender")
    assert is_personal(manifest, "customers.gender")
    assert not is_personal(manifest, "branch")


def test_the_people_behind_the_smallest_part_count(ask, mq, pairs):
    """不良贷款只有 c1 一人,不良率会透露其余额."""
    assert ask(mq("npl_rate", period=OCTOBER, where=MEN), at=pairs).rows == [(None,)]
    assert ask(mq("loan_balance", period=OCTOBER, where=MEN), at=pairs).rows == [(D(1400),)]


def test_a_base_with_few_people_hides_the_comparison(ask, mq, pairs):
    """9 月只有 c1 一人交易."""
    september = Comparison("mom", ("value", "diff"))
    answer = ask(mq("txn_amount", period=OCTOBER, where=MEN, compare=(september,)), at=pairs)
    assert answer.rows == [(None, None, None)]


def test_months_do_not_give_a_month_away(ask, mq, pairs):
    """男:10 月 c1、c3 两人,11 月只有 c1;合计两人可见,所以 10 月一并不显示."""
    answer = ask(mq("txn_amount", "@month", Relative("quarter"), MEN), at=pairs)
    assert [value for _, value in answer.rows] == [None, None]
    assert answer.totals == {"txn_amount": D(92)}


def test_daily_means_count_the_people_of_the_fullest_day(ask, mq, pairs):
    """10 月 5 日有 c1、c2 两人;男客户没有一天满两人."""
    named = Condition("gender", "in", ("男", "女"))
    mean = MetricRef("txn_amount", per="day")
    [(value,)] = ask(mq(mean, period=OCTOBER, where=named), at=pairs).rows
    assert float(value) == pytest.approx(120 / 31)
    assert ask(mq(mean, period=OCTOBER, where=MEN), at=pairs).rows == [(None,)]


def test_shares_are_shares_of_everybody(ask, mq, trios):
    """男 c1、c3 和女 c2 都不足三人:占比和数值一样不显示."""
    answer = ask(mq("txn_amount", "gender", OCTOBER, share=Share()), at=trios)
    assert answer.rows == [("男", None, None), ("女", None, None)]


def test_a_share_does_not_give_away_those_it_leaves_out(ask, mq, pairs):
    """男占全部的 80/120:全部减去男,就是女客户 c2 一人."""
    whole = Share("unfiltered", "gender")
    answer = ask(mq("txn_amount", period=OCTOBER, where=MEN, share=whole), at=pairs)
    assert answer.rows == [(None, None)]
    assert ask(mq("txn_amount", period=OCTOBER, where=MEN), at=pairs).rows == [(D(80),)]


def test_a_place_is_hidden_with_its_value(ask, mq, pairs):
    answer = ask(mq("txn_amount", "gender", OCTOBER, focus=Focus("gender", "女")), at=pairs)
    assert answer.rows == [("女", None, None)]


def test_a_ranking_leaves_small_groups_out(ask, mq, pairs):
    assert ask(mq("txn_amount", "gender", OCTOBER, limit=Limit(1)), at=pairs).rows == []


def test_daily_balances_without_people_hide_nothing(ask, mq, pairs):
    assert ask(mq("deposit", period=Relative("day", -1)), at=pairs).rows == [(D(157),)]


def test_somebody_in_a_set_is_still_judged_alone(ask, mq, pairs):
    savers = Membership(Set("customer", MetricCondition("deposit", "gt", 5)))
    assert ask(mq("cust_cnt", period=OCTOBER, where=savers), at=pairs).rows == [(3,)]


def test_what_cannot_be_protected_is_refused(ask, mq, pairs):
    running = mq("txn_amount", "@month", OCTOBER, window=Cumulative())
    assert not isinstance(ask(running, at=pairs), Problem)
    by_gender = mq("txn_amount", ("@month", "gender"), OCTOBER, window=Cumulative())
    assert ask(by_gender, at=pairs).code == "unsupported"


def test_a_table_that_cannot_count_people_refuses_personal_attributes(ask, mq, pairs):
    datasets = {n: replace(d, entity=None) for n, d in pairs.manifest.datasets.items()}
    blind = replace(pairs, manifest=replace(pairs.manifest, datasets=datasets))
    assert ask(mq("txn_amount", "gender", OCTOBER), at=blind).code == "sensitive_field"
