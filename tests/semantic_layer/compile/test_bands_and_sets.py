"""Customers in bands of a metric, and sets side by side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from semantic_layer.model import Field
from semantic_layer.query import (
    And,
    BucketGroup,
    ColumnRef,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Order,
    Period,
    Relative,
    Scope,
    Set,
    SetGroup,
    Share,
    TimeGroup,
)

D = Decimal
OCTOBER = Relative("month", -1)
MEN = Set("customer", Condition("gender", "in", ("男",)), "男客户")
AUTUMN = Relative("month", -1, 2)
QUARTER = {"span": Relative("quarter", -1)}
RICH = Set("customer", MetricCondition("deposit", "ge", 20), "存款20元以上")


def asked(measures, groups, span=OCTOBER, where=None, **more):
    names = (measures,) if isinstance(measures, str) else measures
    refs = tuple(MetricRef(name) for name in names)
    return MetricQuery(refs, groups, Scope(Period((span,)), where), **more)


def bands(of, *edges, **more):
    return BucketGroup(of, "customer", edges, **more)


def test_customers_by_their_balance_at_the_end_of_the_period(ask):
    # 10月末存款:c1 110.50、c2 25.25、c4 10.00;c3 只有理财,存款是0
    answer = ask(asked(("cust_cnt", "deposit"), (bands("deposit", 20, 100),)))
    assert answer.columns == ["deposit_band", "cust_cnt", "deposit"]
    assert answer.rows[:3] == [
        ("20以下", 1, D("10.00")),
        ("20(含)—100", 1, D("25.25")),
        ("100及以上", 1, D("110.50")),
    ]
    assert answer.totals == {"cust_cnt": 4, "deposit": D("145.75")}
    assert answer.compiled.columns[0].name == "存款余额分档"


def test_an_edge_belongs_to_the_band_above(ask):
    answer = ask(asked("cust_cnt", (bands("deposit", 25.25, 110.5),)))
    assert answer.rows == [
        ("25.25以下", 1), ("25.25(含)—110.5", 1), ("110.5及以上", 1), ("无记录", 1),
    ]  # fmt: skip


def test_what_flows_counts_zero_without_rows(ask):
    # 10月交易:c1 20、c2 40、c3 60、c4 没有交易,算0
    answer = ask(asked("cust_cnt", (bands("txn_amount", 20, 50),)))
    assert answer.rows == [("20以下", 1), ("20(含)—50", 2), ("50及以上", 1)]


def test_bands_with_a_dimension_a_filter_and_a_share(ask):
    where = Condition("branch", "in", ("银川分行",))
    answer = ask(asked("deposit", (DimensionGroup("outlet"), bands("deposit", 100)), where=where,
                       share=Share()))  # fmt: skip
    assert answer.rows == [
        ("银川城东支行", "100及以上", D("110.50"), pytest.approx(110.5 / 135.75)),
        ("银川城西支行", "100以下", D("25.25"), pytest.approx(25.25 / 135.75)),
    ]


def test_a_share_without_the_set_keeps_the_other_conditions(ask):
    # 男客户c1、c3;10月末存款20元以上的只有c1(110.50),c3没有存款
    where = And((Membership(replace(RICH, label=None)), Membership(MEN)))
    share = Share("unfiltered", entity="customer")
    answer = ask(asked(("cust_cnt", "deposit"), (), where=where, share=share))
    assert answer.rows == [(1, 0.5, D("110.50"), 1.0)]


def test_bands_at_the_base_are_those_of_the_base(ask):
    # 9月末存款:c1 130、c2 20;都按当期各自的余额分档
    answer = ask(asked("cust_cnt", (bands("deposit", 100),),
                       compare=(Comparison("mom", ("value",)),)))  # fmt: skip
    assert answer.rows == [("100以下", 2, 1), ("100及以上", 1, 1), ("无记录", 1, None)]


def test_bands_of_equal_width(ask):
    answer = ask(asked("cust_cnt", (bands("deposit", width=50),)))
    assert answer.compiled.columns[0].name == "存款余额(每50一档,起点)"
    assert answer.rows[:2] == [(0, 2), (100, 1)]


def test_groups_of_equal_size(ask):
    answer = ask(asked(("cust_cnt", "deposit"), (bands("deposit", count=3),)))
    assert answer.rows[:3] == [
        ("第1组(最低)", 1, D("10.00")), ("第2组", 1, D("25.25")), ("第3组(最高)", 1, D("110.50")),
    ]  # fmt: skip


def test_bands_of_a_number_of_the_customer(ask):
    # 年龄:c1 25、c2 35、c3 65、c4 未知
    answer = ask(asked("cust_cnt", (bands("age", 30, 60),)))
    assert answer.rows == [("30以下", 1), ("30(含)—60", 1), ("60及以上", 1), ("无记录", 1)]


def test_bands_beside_a_dimension_of_that_name_have_their_own_column(ask):
    # 年龄:c1 25、c2 35、c3 65、c4 未知
    answer = ask(asked("cust_cnt", (DimensionGroup("age_band"), bands("age", 50)),
                       order=(Order(ColumnRef(group=1)), Order(ColumnRef(group=0)))))  # fmt: skip
    assert answer.columns == ["age_band", "age_bands", "cust_cnt"]
    assert {row[:2] for row in answer.rows} == {
        ("20(含)—30", "50以下"), ("30(含)—40", "50以下"), ("60及以上", "50及以上"), ("未知", "无记录"),
    }  # fmt: skip


def test_the_band_with_most(ask):
    answer = ask(asked("deposit", (bands("deposit", 20, 100),), order=(Order(ColumnRef(0)),),
                       limit=Limit(1)))  # fmt: skip
    assert answer.rows == [("100及以上", D("110.50"))]


def test_sets_side_by_side_may_overlap_and_that_is_said(ask):
    # 男:c1、c3;存款20元以上:c1、c2
    answer = ask(asked(("cust_cnt", "deposit"), (SetGroup((MEN, RICH)),)))
    assert answer.columns == ["set_group", "cust_cnt", "deposit"]
    assert answer.rows == [
        ("男客户", 2, D("110.50")),
        ("存款20元以上", 2, D("135.75")),
    ]
    assert answer.totals is None
    assert "overlap" in answer.warned


def test_everybody_else_beside_the_sets(ask):
    answer = ask(asked("cust_cnt", (SetGroup((MEN, RICH), rest=True),)))
    assert answer.rows == [("男客户", 2), ("存款20元以上", 2), ("其余", 1)]
    assert answer.totals == {"cust_cnt": 4}


def test_sets_that_do_not_move_by_month(ask):
    answer = ask(asked("deposit", (SetGroup((MEN,)), TimeGroup("month")), Relative("month", -1, 2)))
    assert answer.rows == [("男客户", "2026-09", D(130)), ("男客户", "2026-10", D("110.50"))]


def test_everybody_is_put_into_a_band_every_month(ask):
    # 9月末存款:c1 130、c2 20;10月末:c1 110.50、c2 25.25、c4 10;c3 没有存款
    answer = ask(asked("cust_cnt", (bands("deposit", 25, 120), TimeGroup("month")), AUTUMN))
    assert {row[:2]: row[2] for row in answer.rows if row[2]} == {
        ("25以下", "2026-09"): 1,
        ("120及以上", "2026-09"): 1,
        ("25以下", "2026-10"): 1,
        ("25(含)—120", "2026-10"): 2,
        ("无记录", "2026-10"): 1,
    }


def test_bands_of_what_flows_are_those_of_each_month(ask):
    # 9月交易:c1 4;10月:c1 20、c2 40、c3 60;没有交易的算0(客户表9月c1、c2,10月c1—c4)
    answer = ask(asked("cust_cnt", (bands("txn_amount", 1, 30), TimeGroup("month")), AUTUMN))
    assert {row[:2]: row[2] for row in answer.rows if row[2]} == {
        ("1以下", "2026-09"): 1,
        ("1(含)—30", "2026-09"): 1,
        ("1以下", "2026-10"): 1,
        ("1(含)—30", "2026-10"): 1,
        ("30及以上", "2026-10"): 2,
    }


def test_groups_of_equal_size_are_made_every_month(ask):
    # 9月:c2 20、c1 130;10月:c4 10、c2 25.25 | c1 110.50
    answer = ask(asked("deposit", (bands("deposit", count=2), TimeGroup("month")), AUTUMN))
    assert {row[:2]: row[2] for row in answer.rows if row[2]} == {
        ("第1组(最低)", "2026-09"): D(20),
        ("第2组(最高)", "2026-09"): D(130),
        ("第1组(最低)", "2026-10"): D("35.25"),
        ("第2组(最高)", "2026-10"): D("110.50"),
    }


def test_bands_of_what_has_no_date_are_the_same_every_month(ask):
    # 额度:c1 100、c2 200、c3 300、c4 400;9月客户c1、c2,10月c1—c4
    answer = ask(asked("cust_cnt", (bands("credit", 150), TimeGroup("month")), AUTUMN))
    assert answer.rows == [
        ("150以下", "2026-09", 1), ("150及以上", "2026-09", 1),
        ("150以下", "2026-10", 1), ("150及以上", "2026-10", 3),
    ]  # fmt: skip


def test_bands_of_every_month_beside_places(ask):
    # 交易机构银川;9月c1(存款130)4元;10月c1 20、c2 40 在中档,c3 60 没有存款
    by = (DimensionGroup("branch"), bands("deposit", 25, 120), TimeGroup("month"))
    answer = ask(asked("txn_amount", by, AUTUMN))
    assert {row[1:3]: row[3] for row in answer.rows if row[0] == "银川分行"} == {
        ("120及以上", "2026-09"): D(4),
        ("25(含)—120", "2026-10"): D(60),
        ("无记录", "2026-10"): D(60),
    }


NOBODY = "nullif(customer_id, 'c3')"


@pytest.fixture
def with_nobody(make_snapshot, make_manifest):
    """The small bank where nobody is known behind the transactions of c3."""
    manifest = make_manifest()
    txns = manifest.datasets["txns"]
    joins = (
        replace(txns.joins[0], default=True),
        replace(txns.joins[1], keys=(("buyer", "customer_id"),)),
    )
    fields = (*txns.fields, Field("buyer", "买方", expr=NOBODY))
    txns = replace(txns, joins=joins, fields=fields)
    return make_snapshot(replace(manifest, datasets={**manifest.datasets, "txns": txns}))


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        # 10月交易:c1 20、c2 40;不知道是谁的60没有档,也不占一组
        (bands("txn_amount", 30), [("30以下", D(20)), ("30及以上", D(40)), ("无记录", D(60))]),
        (
            bands("txn_amount", count=2),
            [("第1组(最低)", D(20)), ("第2组(最高)", D(40)), ("无记录", D(60))],
        ),
    ],
)
def test_rows_of_nobody_lie_in_no_band(ask, with_nobody, by, rows):
    assert ask(asked("txn_amount", (by,)), at=with_nobody).rows == rows


def test_a_limit_does_not_move_anybody_to_another_band(ask):
    # 11月交易:c1 12;c9 不在客户表里,有3元
    november = Relative("month")
    every = ask(asked("txn_amount", (bands("txn_amount", 5),), november))
    assert every.rows == [("5以下", D(3)), ("5及以上", D(12))]
    first = ask(asked("txn_amount", (bands("txn_amount", 5),), november,
                      order=(Order(ColumnRef(0)),), limit=Limit(2)))  # fmt: skip
    assert first.rows == [("5及以上", D(12)), ("5以下", D(3))]


def test_two_periods_have_their_own_bands(ask):
    both = Scope(Period((Relative("month", -2), Relative("month", -1))))
    groups = (bands("deposit", 25, 120),)
    answer = ask(MetricQuery((MetricRef("deposit"),), groups, both))
    assert sorted(row[0] for row in answer.rows if row[2]) == [
        "120及以上", "25(含)—120", "25以下", "25以下",
    ]  # fmt: skip
    assert sum(row[2] for row in answer.rows if row[2]) == D("150") + D("145.75")


def test_the_month_before_is_banded_by_itself_in_every_month(ask):
    # 10月120及以上没有人;上月(9月)是c1的130
    month = Comparison("mom", ("value",))
    groups = (bands("deposit", 25, 120), TimeGroup("month"))
    answer = ask(asked("deposit", groups, OCTOBER, compare=(month,)))
    assert {row[0]: row[2:] for row in answer.rows} == {
        "25以下": (D(10), D(20)),
        "25(含)—120": (D("135.75"), None),
        "120及以上": (None, D(130)),
    }


def test_a_running_total_keeps_each_month_with_its_own_bands(ask):
    # 每月按当月末存款分档:9月c1(130)的4元在高档;10月c1(110.50)的20元、c2的40元在中档,c3 60元无记录
    groups = (bands("deposit", 25, 120), TimeGroup("month"))
    answer = ask(asked("txn_amount", groups, AUTUMN, window=Cumulative()))
    found = {row[:2]: row[2] for row in answer.rows if row[2]}
    # 累计到10月:1—10月的交易按10月的档归类(c1 24、c2 40、c3 60)
    assert found["120及以上", "2026-09"] == D(4)
    assert found["25(含)—120", "2026-10"] == D(64)


def test_sets_side_by_side_have_their_own_members_every_month(ask):
    # 存款超过25元:9月c1;10月c1、c2
    rich = Set("customer", MetricCondition("deposit", "gt", 25), "存款25元以上")
    answer = ask(
        asked(("cust_cnt", "deposit"), (SetGroup((rich, MEN)), TimeGroup("month")), AUTUMN)
    )
    assert {row[:2]: row[2:] for row in answer.rows} == {
        ("存款25元以上", "2026-09"): (1, D(130)),
        ("男客户", "2026-09"): (1, D(130)),
        ("存款25元以上", "2026-10"): (2, D("135.75")),
        ("男客户", "2026-10"): (2, D("110.50")),
    }
    rest = ask(asked("cust_cnt", (SetGroup((rich,), rest=True), TimeGroup("month")), AUTUMN))
    assert {row[:2]: row[2] for row in rest.rows} == {
        ("存款25元以上", "2026-09"): 1, ("其余", "2026-09"): 1,
        ("存款25元以上", "2026-10"): 2, ("其余", "2026-10"): 2,
    }  # fmt: skip


def test_bands_that_cannot_be_judged_in_every_month_are_refused(ask):
    # 存款只到10月末,交易到11月19日
    groups = (bands("deposit", 25), TimeGroup("month"))
    assert ask(asked("txn_amount", groups, Relative("month", 0, 2))).code == "no_data_yet"


def test_two_bandings_cross(ask):
    # c1 存款110.50、25岁;c2 25.25、35岁;c4 10、年龄未知;c3 存款无记录、65岁
    answer = ask(asked("cust_cnt", (bands("deposit", 20), bands("age", 30))))
    assert {row[:2]: row[2] for row in answer.rows} == {
        ("20及以上", "30以下"): 1,
        ("20及以上", "30及以上"): 1,
        ("20以下", "无记录"): 1,
        ("无记录", "30及以上"): 1,
    }


def test_bands_beside_sets(ask):
    # 男:c1(110.50)、c3(无存款)
    answer = ask(asked("cust_cnt", (SetGroup((MEN,)), bands("deposit", 20))))
    assert answer.rows == [("男客户", "20及以上", 1), ("男客户", "无记录", 1)]


def test_shares_within_every_branch_and_within_every_band(ask):
    # 10月末:银川 c1 110.50、c2 25.25;未知 c4 10
    groups = (DimensionGroup("branch"), bands("deposit", 100))
    answer = ask(asked("deposit", groups, share=Share("parent")))
    found = {row[:2]: row[3] for row in answer.rows if row[2]}
    assert found["银川分行", "100及以上"] == pytest.approx(110.5 / 135.75)
    assert found["未知", "100以下"] == 1
    turned = ask(asked("deposit", groups[::-1], share=Share("parent")))
    assert {row[:2]: row[3] for row in turned.rows if row[2]} == {
        ("100及以上", "银川分行"): 1,
        ("100以下", "银川分行"): pytest.approx(25.25 / 35.25),
        ("100以下", "未知"): pytest.approx(10 / 35.25),
    }


@pytest.mark.parametrize(
    ("groups", "more", "code"),
    [
        ((bands("deposit"),), {}, "invalid_query"),
        ((bands("deposit", 5, width=5),), {}, "invalid_query"),
        ((bands("deposit", 9, 5),), {}, "invalid_query"),
        ((bands("deposit", width=0),), {}, "invalid_query"),
        ((bands("nothing", 5),), {}, "unknown_metric"),
        ((bands("gender", 5),), {}, "invalid_query"),
        ((bands("mobile", 5),), {}, "invalid_query"),
        ((BucketGroup("deposit", "planet", (5,)),), {}, "unknown_term"),
        ((bands("active_rate", 0.5), DimensionGroup("branch")), QUARTER, "grain_not_available"),
        ((bands("deposit", 5), bands("deposit", 9)), {}, "invalid_query"),
        ((SetGroup((MEN,)), SetGroup((RICH,))), {}, "invalid_query"),
        ((SetGroup((MEN, RICH)),), {"limit": Limit(1, others=True)}, "invalid_query"),
        ((SetGroup((MEN, MEN)),), {}, "invalid_query"),
        ((SetGroup((MEN,)),), {"share": Share()}, "invalid_query"),
    ],
)
def test_bands_and_sets_without_meaning_are_refused(ask, groups, more, code):
    assert ask(asked("deposit", groups, **more)).code == code
