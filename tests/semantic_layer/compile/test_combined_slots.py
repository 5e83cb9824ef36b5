"""Slots together: share and comparison, running totals compared, two grains, place and limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.query import (
    Absolute,
    And,
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    Focus,
    Having,
    Limit,
    Membership,
    MetricCondition,
    Or,
    Order,
    Period,
    Relative,
    Rolling,
    Set,
    Share,
)

D = Decimal
OCTOBER = Relative("month", -1)
YOY, MOM = Comparison("yoy", ("value", "diff")), Comparison("mom", ("diff",))


def by_name(answer) -> list[dict]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def test_a_share_and_how_many_points_it_changed(ask, mq):
    # 10月末存款145.75:城东110.50、城西25.25、未知10;上月末150:城东130、城西20
    answer = ask(mq("deposit", "outlet", OCTOBER, share=Share(), compare=(MOM,)))
    assert answer.columns == [
        "outlet", "deposit", "deposit.share", "deposit.mom.diff", "deposit.mom.share",
    ]  # fmt: skip
    found = {row["outlet"]: row["deposit.mom.share"] for row in by_name(answer)}
    assert found["银川城东支行"] == pytest.approx(110.5 / 145.75 - 130 / 150)
    assert found["银川城西支行"] == pytest.approx(25.25 / 145.75 - 20 / 150)
    assert [c.name for c in answer.compiled.columns][3:] == ["环比增减额", "环比占比变化"]


def test_shares_of_the_parent_change_within_the_parent(ask, mq):
    answer = ask(mq("deposit", ["branch", "outlet"], OCTOBER,
                    share=Share("parent", "branch"), compare=(MOM,)))  # fmt: skip
    east = next(row for row in by_name(answer) if row["outlet"] == "银川城东支行")
    assert east["deposit.share"] == pytest.approx(110.5 / 135.75)
    assert east["deposit.mom.share"] == pytest.approx(110.5 / 135.75 - 130 / 150)


def test_an_unfiltered_share_has_its_own_whole_at_the_base(ask, mq):
    where = Condition("branch", "in", ("银川分行",))
    answer = ask(mq("deposit", "branch", OCTOBER, where, share=Share("unfiltered", "branch"),
                    compare=(MOM,)))  # fmt: skip
    assert by_name(answer)[0]["deposit.share"] == pytest.approx(135.75 / 145.75)
    assert by_name(answer)[0]["deposit.mom.share"] == pytest.approx(135.75 / 145.75 - 1)


def test_members_are_ordered_and_chosen_by_the_change_of_their_share(ask, mq):
    column = ColumnRef(0, "share", "mom")
    answer = ask(mq("deposit", "outlet", OCTOBER, share=Share(), compare=(MOM,),
                    having=(Having(column, "gt", 0),), order=(Order(column),)))  # fmt: skip
    assert [row[0] for row in answer.rows] == ["银川城西支行"]


def test_conditions_on_one_dimension_joined_by_or_are_taken_off(ask, mq):
    either = Or(
        (Condition("branch", "in", ("银川分行",)), Condition("branch", "in", ("固原分行",)))
    )
    vips = Condition("gender", "in", ("男",))
    share = Share("unfiltered", "branch")
    answer = ask(mq("deposit", period=OCTOBER, where=And((either, vips)), share=share))
    # 男性:c1存款110.50(银川)、c3没有存款
    assert answer.rows == [(D("110.50"), 1.0)]
    rich = Membership(Set("customer", MetricCondition("deposit", "gt", 20)))
    for other in (vips, rich):
        mixed = Or((Condition("branch", "in", ("银川分行",)), other))
        assert ask(mq("deposit", period=OCTOBER, where=mixed, share=share)).code == "invalid_query"


def test_a_running_total_against_last_year(ask, mq):
    # 2026年:9月4、10月120、11月1—19日15;2025年:2月7、10月40、11月1—19日8
    answer = ask(mq("txn_amount", "@month", Relative("month", 0, 3), window=Cumulative(),
                    compare=(YOY,)))  # fmt: skip
    assert answer.rows == [
        ("2026-09", D(4), D(7), D(-3)),
        ("2026-10", D(124), D(47), D(77)),
        ("2026-11", D(139), D(55), D(84)),
    ]


def test_a_running_total_against_the_month_before(ask, mq):
    answer = ask(mq("txn_amount", "@month", Relative("month", -1, 2), window=Cumulative(),
                    compare=(MOM,)))  # fmt: skip
    assert answer.rows == [("2026-09", D(4), D(4)), ("2026-10", D(124), D(120))]


def test_rolling_values_against_last_year(ask, mq):
    answer = ask(mq("txn_amount", "@month", OCTOBER, window=Rolling("month", 2), compare=(YOY,)))
    assert answer.rows == [("2026-10", D(124), D(40), D(84))]


def test_rolling_by_trading_days(ask, mq):
    # 近5个交易日:11月19日(周四)往前到13日(周五)
    day = Relative("day", -1)
    window = Rolling("trading_day", 5)
    assert ask(mq("txn_amount", "@date", day, window=window)).rows[0][1] == D(3)
    # 11月2日(周一)起两个交易日是10月30日(周五)到11月2日,含周六的60
    monday = Absolute(date(2026, 11, 2), date(2026, 11, 2))
    assert ask(mq("txn_amount", "@date", monday, window=Rolling("trading_day", 2))).rows == [
        (date(2026, 11, 2), D(60))
    ]


def test_the_year_beside_the_month(ask, mq):
    answer = ask(mq("txn_amount", ["@year", "@month"], Relative("month", 0, 2)))
    assert answer.columns == ["year", "month", "txn_amount"]
    assert answer.rows == [("2026", "2026-10", D(120)), ("2026", "2026-11", D(15))]


def test_the_best_month_of_every_year(ask, mq):
    answer = ask(mq("txn_amount", ["@year", "@month"], Relative("year", 0, 2),
                    order=(Order(ColumnRef(0)),), limit=Limit(1, partition_by=(0,))))  # fmt: skip
    assert answer.rows == [("2025", "2025-11", D(107)), ("2026", "2026-10", D(120))]


def test_the_first_and_the_place_of_one_of_them(ask, mq):
    answer = ask(mq("txn_amount", "outlet", OCTOBER, order=(Order(ColumnRef(0)),),
                    limit=Limit(1), focus=Focus("outlet", "银川城西支行")))  # fmt: skip
    assert answer.rows == [("银川城东支行", D(80), 1), ("银川城西支行", D(40), 2)]
    assert answer.count == 4


def test_periods_side_by_side_each_with_its_base(ask, mq):
    period = Period((Relative("month", -2), Relative("month", -1)))
    answer = ask(mq("txn_amount", period=period, compare=(YOY,)))
    assert [row[1:] for row in answer.rows] == [(D(4), D(0), D(4)), (D(120), D(40), D(80))]


def test_the_change_of_rank_orders_and_limits(ask, mq):
    rank = Comparison("mom", ("rank",))
    column = ColumnRef(0, "rank", "mom")
    answer = ask(mq("deposit", "outlet", OCTOBER, compare=(rank,), order=(Order(column),),
                    having=(Having(column, "ge", 0),)))  # fmt: skip
    assert answer.columns == ["outlet", "deposit", "deposit.mom.rank"]
    assert all(row[2] >= 0 for row in answer.rows)
