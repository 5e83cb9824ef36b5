"""Sets in a filter: judged per entity, then joined without multiplying anything."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.model import Segment
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Absolute,
    And,
    BucketGroup,
    ChangeCondition,
    Comparison,
    Condition,
    Edge,
    EventCondition,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Or,
    Period,
    Predicate,
    Relative,
    SegmentCondition,
    Set,
    TopMembership,
)

D = Decimal
OCTOBER = Relative("month", -1)


def those(where: Predicate, entity: str = "customer") -> Membership:
    return Membership(Set(entity, where))


MEN = Condition("gender", "in", ("男",))
SEPTEMBER = Period((Relative("month", -2),))


@pytest.mark.parametrize(
    ("where", "customers"),
    [
        (MetricCondition("deposit", "gt", 20), 2),
        (MetricCondition("deposit", "ge", D("25.25")), 2),
        (MetricCondition("txn_amount", "gt", 30), 2),
        (MetricCondition("txn_amount", "lt", 30), 2),
        (MetricCondition("txn_amount", "eq", 0), 1),
        (MetricCondition("txn_cnt", "ge", 1, period=SEPTEMBER), 1),
        (And((MetricCondition("deposit", "gt", 20), MEN)), 1),
        (Or((MetricCondition("deposit", "lt", 20), MEN)), 3),
        (Not(MetricCondition("deposit", "gt", 20)), 2),
        (those(And((MetricCondition("deposit", "gt", 20), MEN))), 1),
        (EventCondition("txn_amount", within=SEPTEMBER), 1),
        (EventCondition("txn_amount", did=False, within=SEPTEMBER), 3),
        (EventCondition("txn_amount", at_least=5), 1),
        (EventCondition("txn_amount", where=Condition("success", "in", (0,))), 1),
        (TopMembership("deposit", count=1), 1),
        (TopMembership("txn_amount", count=2, descending=False), 2),
        (ChangeCondition("deposit", "mom", "diff", "lt", 0), 1),
        (ChangeCondition("deposit", "mom", "rate", "gt", 0.2), 1),
    ],
)
def test_customers_of_a_set_are_counted_once(ask, mq, where, customers):
    """10 月:c1 存款110.50、交易20,c2 25.25、40,c3 无、60,c4 10、无;9 月只有 c1 交易 4."""
    assert ask(mq("cust_cnt", period=OCTOBER, where=those(where))).rows == [(customers,)]


def test_a_filter_on_the_many_side_is_a_semi_join(ask, mq):
    failed = EventCondition("txn_cnt", where=Condition("success", "in", (0,)))
    assert ask(mq("credit", where=those(failed), period=OCTOBER)).rows == [(D("200.00"),)]


def test_the_set_is_judged_at_the_base_of_a_comparison_too(ask, mq):
    rich = those(MetricCondition("deposit", "ge", 25))
    answer = ask(
        mq("cust_cnt", period=OCTOBER, where=rich, compare=(Comparison("mom", ("value",)),))
    )
    assert answer.rows == [(2, 1)]


def test_first_the_branches_then_their_figures(ask, mq):
    best = those(TopMembership("deposit", count=1), "branch")
    answer = ask(mq("loan_balance", "branch", OCTOBER, best))
    assert answer.rows == [("银川分行", D("1000.00"))]


def test_a_governed_segment_is_the_set_it_stands_for(ask, mq, make_snapshot, make_manifest):
    from dataclasses import replace

    savers = Segment("savers", "储户", "customer", MetricCondition("deposit", "gt", 20))
    world = make_snapshot(replace(make_manifest(), segments={"savers": savers}))
    query = mq("cust_cnt", period=OCTOBER, where=SegmentCondition("savers"))
    assert ask(query, at=world).rows == [(2,)]
    unknown = ask(mq("cust_cnt", period=OCTOBER, where=SegmentCondition("saver")), at=world)
    assert (unknown.code, unknown.candidates[0].label) == ("unknown_term", "储户")


def test_rights_hold_inside_a_set(ask, mq, make_snapshot, make_manifest):
    from semantic_layer.model import Policy

    policies = (Policy("guyuan", allow=(("branch", ("固原分行",)),)),)
    world = make_snapshot(make_manifest(policies))
    query = mq("cust_cnt", period=OCTOBER, where=those(MetricCondition("loan_balance", "gt", 0)))
    assert ask(query, Principal("丙", ("guyuan",)), world).rows == [(1,)]


@pytest.mark.parametrize(
    ("where", "by", "code"),
    [
        (MetricCondition("deposit", "gt", 20), (), "unattached_condition"),
        (those(MetricCondition("depositt", "gt", 20)), (), "unknown_metric"),
        (those(MetricCondition("deposit", "gt", 20), "planet"), (), "unknown_term"),
        (those(those(MEN, "branch")), (), "dim_not_applicable"),
        (those(EventCondition("txn")), (), "unknown_term"),
        (those(ChangeCondition("deposit", "range", "diff", "gt", 0)), (), "invalid_query"),
        (those(ChangeCondition("deposit", "mom", "pp", "gt", 0)), (), "invalid_query"),
        (those(ChangeCondition("deposit", "mom", "rank", "gt", 0)), (), "unsupported"),
        (those(EventCondition("npl_rate")), (), "unsupported"),
        (those(Condition("mobile", "in", ("1",))), (), "sensitive_field"),
        (those(MetricCondition("new_cust", "gt", 0, period=Period((Relative("month"),)))), (), "no_data_yet"),
    ],
)  # fmt: skip
def test_sets_that_cannot_be_judged_are_refused(ask, mq, where, by, code):
    period = Absolute(date(2026, 9, 1), date(2026, 10, 31))
    problem = ask(mq("cust_cnt", by, period, where))
    assert isinstance(problem, Problem)
    assert problem.code == code


def test_a_set_beside_named_members_of_the_group(ask, mq):
    """Only c1 holds more than 50 in October; 固原分行 is named, so it is listed with 0."""
    rich = those(MetricCondition("deposit", "gt", 50))
    named = Condition("branch", "in", ("银川分行", "固原分行"))
    answer = ask(mq("cust_cnt", "branch", OCTOBER, And((named, rich))))
    assert sorted(answer.rows) == [("固原分行", 0), ("银川分行", 1)]


@pytest.mark.parametrize(
    ("where", "customers"),
    [
        # 本年到 11 月 19 日:c1 4+20+12=36,c2 40,c3 60,c4 无
        (MetricCondition("txn_amount", "gt", 30), 3),
        (MetricCondition("txn_amount", "gt", 50), 1),
        (MetricCondition("txn_amount", "le", 36), 2),
        (TopMembership("txn_amount", count=2), 2),
        (And((MetricCondition("txn_amount", "gt", 30), MetricCondition("deposit", "gt", 20))), 2),
    ],
)
def test_an_amount_without_a_time_is_that_of_the_year_and_said_so(ask, mq, where, customers):
    answer = ask(mq("cust_cnt", where=those(where)))
    assert answer.rows == [(customers,)]
    assert answer.resolved.spans[0].end == date(2026, 10, 31)
    texts = [assumed.text for assumed in answer.resolved.assumptions]
    assert "没有说时间,“交易金额”按本年累计" in texts


def test_an_amount_at_a_month_end_is_that_of_the_month(ask, mq):
    """In October c1 moved 20, c2 40 and c3 60; in September only c1 moved something: 4."""
    for period, customers in ((Edge(OCTOBER), 2), (OCTOBER, 2), (Edge(Relative("month", -2)), 0)):
        where = those(MetricCondition("txn_amount", "gt", 30))
        answer = ask(mq("cust_cnt", period=period, where=where))
        assert answer.rows == [(customers,)]
        assert not answer.resolved.assumptions
        judged = answer.resolved.query.scope.where.set.where
        assert judged.period.spans[0] == (period.of if isinstance(period, Edge) else period)


def test_bands_of_an_amount_without_a_time_are_those_of_the_year(ask, mq):
    banded = MetricQuery((MetricRef("cust_cnt"),), (BucketGroup("txn_amount", "customer", (38,)),))
    answer = ask(banded)
    # c1 36、c4 没有交易算 0;c2 40、c3 60
    assert answer.rows[:2] == [("38以下", 2), ("38及以上", 2)]
