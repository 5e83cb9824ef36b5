"""The cases a metric compiler must get right, each small enough to add up by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.query import (
    Absolute,
    And,
    Arithmetic,
    Comparison,
    Condition,
    Cumulative,
    Edge,
    Latest,
    MetricRef,
    Not,
    Or,
    Part,
    Period,
    Relative,
    Rolling,
)

D = Decimal
OCTOBER = Relative("month", -1)
AUGUST_TO_OCTOBER = Absolute(date(2026, 8, 1), date(2026, 10, 31))


def in_(dimension: str, *values: object) -> Condition:
    return Condition(dimension, "in", values)  # type: ignore[arg-type]


def test_a_dimension_value_is_not_multiplied_by_the_rows_of_a_fact(ask, mq):
    answer = ask(mq(["credit", "txn_amount"], period=OCTOBER))
    assert answer.rows == [(D(1000), D(120))]


def test_two_facts_side_by_side_do_not_multiply_each_other(ask, mq):
    answer = ask(mq(["deposit", "loan_balance"], "gender", OCTOBER))
    assert answer.rows == [
        ("男", D("110.50"), D("1400.00")),
        ("女", D("25.25"), None),
        ("未知", D("10.00"), None),
    ]
    assert answer.totals == {"deposit": D("145.75"), "loan_balance": D("1400.00")}


def test_a_ratio_is_recomputed_from_its_parts_in_every_row_and_in_the_total(ask, mq):
    answer = ask(mq("fee_rate", "gender", OCTOBER))
    assert answer.rows == [("男", 0.8 / 80), ("女", 3.8 / 40)]
    assert answer.totals == {"fee_rate": 4.6 / 120}


def test_a_ratio_without_denominator_has_no_value(ask, mq):
    answer = ask(mq("npl_rate", "branch", OCTOBER))
    assert ("中卫分行", None) in answer.rows
    assert answer.rows[:2] == [("银川分行", 0.1), ("固原分行", 0.0)]


def test_integer_division_keeps_its_decimals(ask, mq):
    assert ask(mq("avg_amount", period=Relative("month"))).rows == [(7.5,)]


def test_distinct_counts_are_recounted_at_each_grain(ask, mq):
    answer = ask(mq("txn_cust", "@month", Absolute(date(2026, 10, 1), date(2026, 11, 19))))
    assert answer.rows == [("2026-10", 3), ("2026-11", 2)]
    assert answer.totals == {"txn_cust": 4}


def test_a_stock_adds_up_over_branches_but_takes_the_last_snapshot_in_time(ask, mq):
    assert ask(mq("deposit", period=AUGUST_TO_OCTOBER)).rows == [(D("145.75"),)]
    answer = ask(mq("deposit", "@month", AUGUST_TO_OCTOBER))
    assert answer.rows == [
        ("2026-08", D("90.00")),
        ("2026-09", D("150.00")),
        ("2026-10", D("145.75")),
    ]


def test_the_period_end_is_fixed_before_filtering(ask, mq):
    closed = in_("outlet", "银川城东支行")
    only_fixed = And((closed, in_("is_demand", "定期")))
    assert ask(mq("deposit", period=AUGUST_TO_OCTOBER, where=only_fixed)).rows == [(D(0),)]
    known = ask(mq("deposit_known", period=AUGUST_TO_OCTOBER, where=only_fixed))
    assert known.rows == [(D("30.00"),)]


def test_a_missing_snapshot_is_not_reported_and_nothing_is_borrowed(ask, mq):
    july = Edge(Relative("year", 0, within=(Part("month", 7),)))
    assert ask(mq("deposit", period=july)).rows == [(None,)]


def test_a_stock_may_take_the_first_snapshot(ask, mq):
    answer = ask(mq("deposit_first", period=Absolute(date(2026, 9, 1), date(2026, 10, 31))))
    assert answer.rows == [(D("150.00"),)]


def test_daily_averages_weigh_by_calendar_days(ask, mq):
    answer = ask(mq("deposit_avg", period=Absolute(date(2026, 9, 1), date(2026, 10, 31))))
    assert answer.rows == [((150 * 30 + 137 * 31) / 61,)]


def test_days_before_opening_count_as_zero(ask, mq):
    assert ask(mq("deposit_avg", period=Relative("quarter", -1))).rows == [
        ((90 * 31 + 150 * 30) / 92,)
    ]


def test_the_mean_of_daily_distinct_counts_divides_by_calendar_days(ask, mq):
    assert ask(mq("dau", period=OCTOBER)).rows == [(3 / 31,)]
    by_month = ask(mq("dau", "@month", Absolute(date(2026, 10, 1), date(2026, 11, 19))))
    assert by_month.rows == [("2026-10", 3 / 31), ("2026-11", 2 / 19)]


def test_means_per_day_and_per_month_are_different(ask, mq):
    quarter = Relative("quarter")
    per_day = ask(mq(MetricRef("txn_amount", per="day"), period=quarter))
    per_month = ask(mq(MetricRef("txn_amount", per="month"), period=quarter))
    assert (per_day.rows, per_month.rows) == ([(135 / 50,)], [(120,)])  # 只有 10 月是完整的月


def test_the_mean_of_month_ends_of_a_stock(ask, mq):
    answer = ask(mq(MetricRef("deposit", per="month"), period=AUGUST_TO_OCTOBER))
    assert answer.rows == [(pytest.approx((90 + 150 + 145.75) / 3),)]


def test_a_filter_of_a_part_binds_only_that_part(ask, mq):
    answer = ask(mq(["ok_amount", "txn_amount", "male_amount", "big_amount"], period=OCTOBER))
    assert answer.rows == [(D(80), D(120), D(80), D(120))]
    men = ask(mq(["ok_amount", "txn_amount"], period=OCTOBER, where=in_("gender", "女")))
    assert men.rows == [(D(0), D(40))]


def test_a_month_in_only_one_fact_stays(ask, mq):
    answer = ask(mq(["new_cust", "txn_amount"], "gender", OCTOBER))
    assert answer.rows == [("男", 1, D(80)), ("女", 0, D(40)), ("未知", 1, D(0))]


def test_orphans_stay_as_unknown_and_groups_add_up(ask, mq):
    answer = ask(mq("deposit", "branch", OCTOBER))
    assert answer.rows == [
        ("银川分行", D("135.75")),
        ("未知", D("10.00")),
        ("固原分行", D("0.00")),
        ("中卫分行", None),
    ]
    assert answer.totals == {"deposit": D("145.75")}


def test_a_branch_without_rows_is_listed_with_zero(ask, mq):
    assert ask(mq("new_cust", "branch", OCTOBER)).rows == [
        ("固原分行", 1),
        ("未知", 1),
        ("中卫分行", 0),
        ("银川分行", 0),
    ]


def test_a_filter_narrows_the_members_that_are_listed(ask, mq):
    answer = ask(mq("new_cust", "outlet", OCTOBER, in_("branch", "银川分行")))
    assert answer.rows == [("银川城东支行", 0), ("银川城西支行", 0)]


def test_members_of_two_levels_come_in_pairs_that_exist(ask, mq):
    answer = ask(mq("txn_amount", ["branch", "outlet"], OCTOBER))
    assert answer.rows == [
        ("银川分行", "银川城东支行", D(80)),
        ("银川分行", "银川城西支行", D(40)),
        ("中卫分行", "中卫支行", D(0)),
        ("固原分行", "固原支行", D(0)),
    ]


def test_members_left_out_by_the_metric_itself_are_not_listed(ask, mq):
    assert ask(mq("deposit", "product_line", OCTOBER)).rows == [("存款", D("145.75"))]


def test_money_stays_decimal(ask, mq):
    answer = ask(mq(["net_amount", "deposit_minus_loan"], period=OCTOBER))
    assert answer.rows == [(D("115.40"), D("-1254.25"))]
    assert all(isinstance(value, Decimal) for value in answer.rows[0])


def test_codes_are_shown_and_filtered_by_their_labels(ask, mq):
    assert ask(mq("deposit", "is_demand", OCTOBER)).rows == [
        ("活期", D("120.50")),
        ("定期", D("25.25")),
    ]
    assert ask(mq("deposit", period=OCTOBER, where=in_("is_demand", "定期"))).rows == [
        (D("25.25"),)
    ]
    deposits = ask(mq("deposit", period=OCTOBER, where=in_("product_line", "储蓄")))
    assert deposits.rows == [(D("145.75"),)]


def test_bands_are_closed_on_the_left(ask, mq):
    answer = ask(mq("txn_amount", "age_band", OCTOBER))
    assert answer.rows == [("20(含)—30", D(20)), ("30(含)—40", D(40)), ("60及以上", D(60))]


MEN, WOMEN, UNKNOWN = D("110.50"), D("25.25"), D("10.00")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Condition("gender", "not_in", ("男",)), WOMEN + UNKNOWN),
        (Not(in_("gender", "男")), WOMEN + UNKNOWN),
        (Condition("gender", "is_null"), UNKNOWN),
        (in_("gender", "未知"), UNKNOWN),
        (in_("gender", "未知", "女"), WOMEN + UNKNOWN),
        (Condition("gender", "not_in", ("未知",)), MEN + WOMEN),
        (Condition("age", "ge", (35,)), WOMEN),
        (Condition("age", "lt", (35,)), MEN),
        (Not(Condition("age", "ge", (35,))), MEN + UNKNOWN),
        (Condition("outlet", "prefix", ("银川",)), MEN + WOMEN),
        (Condition("outlet", "contains", ("城西",)), WOMEN),
        (Condition("outlet", "not_contains", ("城",)), UNKNOWN),
        (Condition("outlet", "suffix", ("城东支行",)), MEN),
        (Or((in_("gender", "女"), in_("is_demand", "活期"))), MEN + WOMEN + UNKNOWN),
        (Condition("is_vip", "in", ("是",)), MEN),
    ],
)
def test_missing_values_never_fulfil_a_condition_and_always_its_negation(ask, mq, where, expected):
    assert ask(mq("deposit", period=OCTOBER, where=where)).rows == [(expected,)]


def test_hostile_values_stay_values(ask, mq):
    for value in ("'; drop table fact_txn; --", "a' or '1'='1", "银川\\分行", '"', "%"):
        answer = ask(mq("txn_amount", period=OCTOBER, where=in_("branch", value)))
        assert answer.rows == [(D(0),)]


def test_time_stamps_of_the_last_day_count(ask, mq):
    period = Period((Absolute(date(2026, 10, 31), date(2026, 10, 31)),), role="记账时间")
    assert ask(mq("txn_amount", period=period)).rows == [(D(60),)]


def test_a_stock_by_another_date_reads_the_last_snapshot_once(ask, mq):
    def due(*spans):
        return ask(mq("loan_balance", period=Period(spans, role="到期日")))

    assert due(Relative("month", 1)).rows == [(D("900.00"),)]
    assert due(Relative("year", 1)).rows == [(D("500.00"),)]
    assert due(Relative("month", 2)).rows == [(D("0"),)]
    assert due(Relative("quarter", -1)).rows == [(None,)], "no snapshot before July"
    by_month = mq("loan_balance", "@month", Period((Relative("quarter"),), role="到期日"))
    assert ask(by_month).rows == [("2026-10", D(0)), ("2026-11", D(0)), ("2026-12", D("1000.00"))]


def test_a_table_without_dates_says_that_it_only_knows_today(ask, mq):
    answer = ask(mq("credit", period=OCTOBER))
    assert [a.text for a in answer.resolved.assumptions] == ["“授信额度”没有日期,取当前数据"]


def test_rolling_windows_recount_and_reach_back(ask, mq):
    week = Absolute(date(2026, 11, 2), date(2026, 11, 4))
    buyers = ask(mq("txn_cust", "@date", week, window=Rolling("day", 30)))
    assert [value for _, value in buyers.rows] == [3, 3, 2]
    amounts = ask(mq("txn_amount", "@date", week, window=Rolling("day", 30)))
    assert [value for _, value in amounts.rows] == [D(120), D(132), D(72)]
    months = ask(mq("txn_amount", "@month", Relative("month", -1, 2), window=Rolling("month", 2)))
    assert months.rows == [("2026-09", D(4)), ("2026-10", D(124))]


def test_a_filter_on_kinds_of_days(ask, mq):
    workdays = ask(mq("txn_amount", period=Period((OCTOBER,), days="workday")))
    weekend = ask(mq("txn_amount", period=Period((OCTOBER,), days="weekend")))
    assert (workdays.rows, weekend.rows) == ([(D(60),)], [(D(60),)])


def test_the_day_table_serves_what_the_month_table_cannot(ask, mq):
    yesterday = ask(mq("deposit", period=Relative("day", -1)))
    assert yesterday.rows == [(D("157.00"),)]
    assert yesterday.compiled.sources == {"fact_balance_day"}
    assert ask(mq("deposit", period=Latest())).compiled.sources == {"fact_balance"}


def test_running_totals_carry_on_and_start_with_the_year(ask, mq):
    answer = ask(mq("txn_amount", "@month", Relative("month", 0, 4), window=Cumulative()))
    assert answer.rows == [
        ("2026-08", D(0)),
        ("2026-09", D(4)),
        ("2026-10", D(124)),
        ("2026-11", D(139)),
    ]


def test_running_distinct_counts_are_recounted(ask, mq):
    answer = ask(mq("txn_cust", "@month", Relative("month", 0, 3), window=Cumulative()))
    assert answer.rows == [("2026-09", 1), ("2026-10", 3), ("2026-11", 4)]


def test_a_metric_defined_per_month_shows_the_months(ask, mq):
    answer = ask(mq("active_rate", period=AUGUST_TO_OCTOBER))
    assert answer.rows == [("2026-08", 1.0), ("2026-09", 1.0), ("2026-10", 0.5)]
    assert answer.totals == {"active_rate": None}
    assert [a.slot for a in answer.resolved.assumptions] == ["grain"]


def test_spans_side_by_side_may_overlap(ask, mq):
    period = Period((OCTOBER, Relative("year", 0, to_date=True)))
    answer = ask(mq("txn_amount", period=period))
    assert answer.rows == [("2026年10月", D(120)), ("2026年1月1日—11月19日", D(139))]
    assert answer.columns == ["period", "txn_amount"]


def test_same_query_same_text(ask, mq):
    query = mq(["deposit", "npl_rate"], ["branch", "@month"], compare=(Comparison("yoy"),))
    assert ask(query).sql == ask(query).sql


def test_daily_mean_of_a_stock_needs_daily_snapshots(ask, mq):
    """(146 + 157) ÷ 2 from the day table; month ends alone give no 日均."""
    two_days = Absolute(date(2026, 11, 18), date(2026, 11, 19))
    assert ask(mq(MetricRef("deposit", per="day"), period=two_days)).rows == [(D("151.5"),)]
    refused = ask(mq(MetricRef("loan_balance", per="day"), period=Relative("month", -1)))
    assert refused.code == "grain_not_available"


def test_an_expression_has_the_unit_that_its_parts_make(ask, mq):
    share = Arithmetic("/", MetricRef("deposit"), MetricRef("loan_balance"))
    gap = Arithmetic("-", MetricRef("deposit"), MetricRef("loan_balance"))
    per_head = Arithmetic("/", MetricRef("deposit"), MetricRef("cust_cnt"))
    answer = ask(mq((share, gap, per_head), period=OCTOBER))
    assert [column.unit for column in answer.compiled.columns] == ["percent", "CNY", None]


def test_a_mean_of_month_ends_by_branch_is_one_sum_divided(ask, mq):
    """银川 (90+150+135.75)/3,没有名称的 10/3,固原只有理财,中卫没有余额。"""
    answer = ask(mq(MetricRef("deposit", per="month"), "branch", AUGUST_TO_OCTOBER))
    assert "_mean" not in answer.compiled.sql()
    assert answer.rows == [
        ("银川分行", 125.25),
        ("未知", pytest.approx(10 / 3)),
        ("固原分行", 0),
        ("中卫分行", None),
    ]
