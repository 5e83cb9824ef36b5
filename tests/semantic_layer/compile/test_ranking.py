"""Order, limits with ties, 其他, conditions on groups, one member among all."""

from __future__ import annotations

from decimal import Decimal

from semantic_layer.query import (
    ColumnRef,
    Focus,
    Having,
    Limit,
    Order,
    Relative,
)

D = Decimal
OCTOBER = Relative("month", -1)
TXN = ("银川城东支行", D(80)), ("银川城西支行", D(40)), ("中卫支行", D(0)), ("固原支行", D(0))


def test_largest_first_without_an_order(ask, mq):
    assert tuple(ask(mq("txn_amount", "outlet", OCTOBER)).rows) == TXN


def test_ties_are_all_listed_and_the_number_of_groups_is_known(ask, mq):
    answer = ask(mq("txn_amount", "outlet", OCTOBER, limit=Limit(3)))
    assert tuple(answer.rows) == TXN
    assert answer.count == 4
    assert tuple(ask(mq("txn_amount", "outlet", OCTOBER, limit=Limit(2))).rows) == TXN[:2]


def test_the_second_place(ask, mq):
    assert ask(mq("txn_amount", "outlet", OCTOBER, limit=Limit(1, offset=1))).rows == [TXN[1]]
    tied = ask(mq("txn_amount", "outlet", OCTOBER, limit=Limit(1, offset=3)))
    assert tuple(tied.rows) == TXN[2:]


def test_a_percentage_of_the_groups(ask, mq):
    assert ask(mq("txn_amount", "outlet", OCTOBER, limit=Limit(percent=25))).rows == [TXN[0]]


def test_missing_values_have_no_rank_and_zeros_have(ask, mq):
    lowest = (Order(ColumnRef(0), descending=False),)
    answer = ask(mq("deposit", "branch", OCTOBER, order=lowest, limit=Limit(1)))
    assert answer.rows == [("固原分行", D(0))]


def test_best_follows_the_good_direction(ask, mq):
    best = (Order(ColumnRef(0), quality=True),)
    worst = (Order(ColumnRef(0), quality=True, descending=False),)
    assert ask(mq("npl_rate", "branch", OCTOBER, order=best, limit=Limit(1))).rows == [
        ("固原分行", 0.0)
    ]
    assert ask(mq("npl_rate", "branch", OCTOBER, order=worst, limit=Limit(1))).rows == [
        ("银川分行", 0.1)
    ]


def test_the_first_of_every_branch(ask, mq):
    query = mq("txn_amount", ["branch", "outlet"], OCTOBER, limit=Limit(1, partition_by=(0,)))
    assert ask(query).rows == [
        ("中卫分行", "中卫支行", D(0)),
        ("固原分行", "固原支行", D(0)),
        ("银川分行", "银川城东支行", D(80)),
    ]


def test_the_rest_is_recomputed_not_subtracted(ask, mq, bank):
    measures = ["txn_amount", "fee_rate", "txn_cust"]
    answer = ask(mq(measures, "gender", OCTOBER, limit=Limit(1, others=True)))
    assert answer.rows == [("男", D(80), 0.01, 2)]
    rest = answer.compiled.others(tuple(answer.rows)).select
    assert bank.execute(rest.sql("duckdb")).fetchall() == [(D(40), 0.095, 1)]


def test_one_member_among_all(ask, mq):
    query = mq("npl_rate", "branch", OCTOBER, focus=Focus("branch", "银川分行"))
    answer = ask(query)
    assert answer.columns == ["branch", "npl_rate", "npl_rate.rank"]
    assert answer.rows == [("银川分行", 0.1, 2)]
    assert answer.count == 3


def test_conditions_on_groups(ask, mq):
    above = Having(ColumnRef(0), "gt", 0.02)
    assert ask(mq("npl_rate", "branch", OCTOBER, having=(above,))).rows == [("银川分行", 0.1)]


def test_above_the_average_of_the_whole_or_of_the_members(ask, mq):
    above = Having(ColumnRef(0), "gt", "average")
    assert ask(mq("npl_rate", "branch", OCTOBER, having=(above,))).rows == [("银川分行", 0.1)]
    assert ask(mq("txn_amount", "outlet", OCTOBER, having=(above,))).rows == [TXN[0], TXN[1]]


def test_declared_order_of_values_and_time_first(ask, mq):
    levels = ask(mq("cust_cnt", "cust_level", OCTOBER))
    assert [row[0] for row in levels.rows] == ["大众", "金卡", "私行", "未知"]
    months = ask(mq("cust_cnt", ["cust_level", "@month"], Relative("month", -1, 2)))
    assert months.rows == [
        ("大众", "2026-09", 1),
        ("金卡", "2026-09", 1),
        ("大众", "2026-10", 1),
        ("金卡", "2026-10", 1),
        ("私行", "2026-10", 1),
        ("未知", "2026-10", 1),
    ]
