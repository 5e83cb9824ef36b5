"""Comparisons on period keys: like positions, gaps, leap days, missing bases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.query import (
    Absolute,
    ColumnRef,
    Comparison,
    Condition,
    Edge,
    Holiday,
    Order,
    Period,
    Relative,
    Share,
)

D = Decimal
OCTOBER, NOVEMBER = Relative("month", -1), Relative("month")
YOY, MOM, YTD = Comparison("yoy"), Comparison("mom"), Comparison("ytd_open")


def figures(answer) -> dict[str, object]:
    assert len(answer.rows) == 1
    return dict(zip(answer.columns, answer.rows[0], strict=True))


def test_several_comparisons_at_once(ask, mq):
    assert figures(ask(mq("deposit", period=OCTOBER, compare=(YOY, MOM, YTD)))) == {
        "deposit": D("145.75"),
        "deposit.yoy.value": D("80.00"),
        "deposit.yoy.diff": D("65.75"),
        "deposit.yoy.rate": 0.821875,
        "deposit.mom.value": D("150.00"),
        "deposit.mom.diff": D("-4.25"),
        "deposit.mom.rate": pytest.approx(-4.25 / 150),
        "deposit.ytd_open.value": D("100.00"),
        "deposit.ytd_open.diff": D("45.75"),
        "deposit.ytd_open.rate": 0.4575,
    }


def test_an_unfinished_flow_is_compared_with_the_same_elapsed_days(ask, mq):
    answer = ask(mq("txn_amount", period=NOVEMBER, compare=(YOY, MOM)))
    found = figures(answer)
    assert (found["txn_amount"], found["txn_amount.yoy.value"]) == (D(15), D(8))
    assert found["txn_amount.mom.value"] == D(60)
    assert [spans[0].label for _, spans in answer.resolved.bases] == [
        "2025年11月1—19日",
        "2026年10月1—19日",
    ]
    assert answer.warned == {"incomplete_period", "elapsed_comparison"}


def test_a_full_base_is_taken_when_asked(ask, mq):
    full = Comparison("yoy", ("value",), align="full")
    found = figures(ask(mq("txn_amount", period=NOVEMBER, compare=(full,))))
    assert found == {"txn_amount": D(15), "txn_amount.yoy.value": D(107)}


def test_an_unfinished_stock_is_compared_with_the_last_period_end(ask, mq):
    answer = ask(mq("deposit", period=NOVEMBER, compare=(MOM,)))
    found = figures(answer)
    assert (found["deposit"], found["deposit.mom.value"]) == (D("157.00"), D("135.75"))
    assert answer.resolved.bases[0][1][0].label == "2026年10月末"


def test_bases_are_found_by_period_not_by_row(ask, mq):
    answer = ask(mq("txn_amount", "@month", Relative("month", -1, 3), compare=(MOM,)))
    shown = [(row[0], row[1], row[2]) for row in answer.rows]
    assert shown == [
        ("2026-08", D(0), D(0)),
        ("2026-09", D(4), D(0)),
        ("2026-10", D(120), D(4)),
    ]


def test_last_years_values_do_not_vanish_under_the_time_filter(ask, mq):
    period = Absolute(date(2026, 10, 1), date(2026, 11, 19))
    answer = ask(mq("txn_amount", "@month", period, compare=(YOY,)))
    assert [(row[0], row[1], row[2]) for row in answer.rows] == [
        ("2026-10", D(120), D(40)),
        ("2026-11", D(15), D(8)),
    ]
    assert answer.totals["txn_amount.yoy.value"] == D(48)


def test_the_28th_of_february_has_one_base(ask, mq):
    day = Absolute(date(2025, 2, 28), date(2025, 2, 28))
    alone = figures(ask(mq("txn_amount", period=day, compare=(YOY,))))
    assert (alone["txn_amount"], alone["txn_amount.yoy.value"]) == (D(7), None)
    days = Absolute(date(2025, 2, 27), date(2025, 3, 1))
    answer = ask(mq("txn_amount", "@date", days, compare=(YOY,)))
    assert [(str(row[0]), row[1], row[2]) for row in answer.rows] == [
        ("2025-02-27", D(0), None),
        ("2025-02-28", D(7), None),
        ("2025-03-01", D(0), D(0)),
    ]


def test_the_whole_february_is_compared_with_the_29_days_of_the_leap_year(ask, mq):
    month = Absolute(date(2025, 2, 1), date(2025, 2, 28))
    answer = ask(mq("txn_amount", period=month, compare=(YOY,)))
    assert answer.resolved.bases[0][1][0].end == date(2024, 2, 29)
    assert figures(answer)["txn_amount.yoy.value"] == D(5)


def test_month_ends_are_compared_with_month_ends(ask, mq):
    february = Edge(Absolute(date(2026, 2, 1), date(2026, 2, 28)))
    answer = ask(mq("deposit", period=february, compare=(MOM, YOY)))
    assert [spans[0].end for _, spans in answer.resolved.bases] == [
        date(2026, 1, 31),
        date(2025, 2, 28),
    ]


def test_rates_change_in_percentage_points(ask, mq):
    answer = ask(mq("fee_rate", period=OCTOBER, compare=(YOY,)))
    assert answer.columns == ["fee_rate", "fee_rate.yoy.value", "fee_rate.yoy.pp"]
    assert answer.rows == [(4.6 / 120, 0.01, pytest.approx(4.6 / 120 - 0.01))]
    assert [column.unit for column in answer.compiled.columns][-1] == "percent"


def test_growth_on_a_base_of_zero_or_below_has_no_rate(ask, mq):
    answer = ask(mq("deposit_minus_loan", period=OCTOBER, compare=(MOM,)))
    assert figures(answer)["deposit_minus_loan.mom.value"] == D("-850.00")
    assert figures(answer)["deposit_minus_loan.mom.diff"] == D("-404.25")
    assert figures(answer)["deposit_minus_loan.mom.rate"] is None
    september = Relative("month", -2)
    zero = figures(ask(mq("txn_amount", period=september, compare=(YOY,))))
    assert (zero["txn_amount.yoy.value"], zero["txn_amount.yoy.rate"]) == (D(0), None)


def test_a_base_before_the_first_day_is_missing_not_zero(ask, mq):
    answer = ask(mq("new_cust", period=OCTOBER, compare=(YOY,)))
    assert answer.rows == [(2, None, None, None)]
    assert "no_base_data" in answer.warned


def test_a_named_range_is_the_base(ask, mq):
    named = Comparison("range", span=Relative("month", -2))
    answer = ask(mq("txn_amount", "branch", OCTOBER, compare=(named,)))
    assert answer.rows[0] == ("银川分行", D(120), D(4), D(116), 29.0)


def test_a_feast_is_compared_with_the_feast(ask, mq):
    answer = ask(mq("txn_amount", period=Holiday("国庆节"), compare=(YOY,)))
    assert figures(answer)["txn_amount"] == D(60)
    assert figures(answer)["txn_amount.yoy.value"] == D(10)
    assert answer.resolved.bases[0][1][0].label == "2025年10月1—12日"


def test_daily_averages_are_compared_with_last_years_average(ask, mq):
    answer = ask(mq("deposit_avg", period=Relative("year", to_date=True), compare=(YTD,)))
    days_2025 = 50 * 30 + 55 * 31 + 20 * 31 + 70 * 31 + 20 * 31
    assert figures(answer)["deposit_avg.ytd_open.value"] == pytest.approx(days_2025 / 365)


def test_groups_of_the_base_appear_too(ask, mq):
    answer = ask(mq("deposit", "is_demand", Edge(Relative("year", -1)), compare=(
        Comparison("previous", ("value",)), Comparison("yoy", ("value",)))))  # fmt: skip
    assert answer.rows[0] == ("活期", D("80.00"), D("40.00"), D("40.00"))


def test_order_by_growth(ask, mq):
    by_rate = (Order(ColumnRef(0, show="rate", base="yoy")),)
    shown = Comparison("yoy", ("diff",))
    answer = ask(mq("txn_amount", "gender", OCTOBER, compare=(shown,), order=by_rate))
    assert answer.columns == ["gender", "txn_amount", "txn_amount.yoy.diff"]
    assert answer.rows == [("男", D(80), D(70)), ("女", D(40), D(10))]


def test_change_of_rank(ask, mq):
    ranks = Comparison("yoy", ("value", "rank"))
    answer = ask(mq("txn_amount", "gender", OCTOBER, compare=(ranks,)))
    assert answer.rows == [("男", D(80), D(10), 1), ("女", D(40), D(30), -1)]


def test_shares_add_up_to_one(ask, mq):
    answer = ask(mq("deposit", "branch", OCTOBER, share=Share()))
    shares = [row[2] for row in answer.rows]
    assert shares[:2] == [pytest.approx(135.75 / 145.75), pytest.approx(10 / 145.75)]
    assert sum(share for share in shares if share is not None) == pytest.approx(1)


def test_a_share_takes_the_filter_off_its_dimension(ask, mq):
    men = Condition("gender", "in", ("男",))
    answer = ask(mq("txn_amount", period=OCTOBER, where=men, share=Share("unfiltered", "gender")))
    assert answer.rows == [(D(80), pytest.approx(80 / 120))]


def test_a_share_of_the_parent(ask, mq):
    answer = ask(mq("txn_amount", ["branch", "outlet"], OCTOBER, share=Share("parent", "branch")))
    assert answer.rows[:2] == [
        ("银川分行", "银川城东支行", D(80), pytest.approx(80 / 120)),
        ("银川分行", "银川城西支行", D(40), pytest.approx(40 / 120)),
    ]


def test_no_shares_among_negative_values(ask, mq):
    answer = ask(mq("deposit_minus_loan", "branch", OCTOBER, share=Share()))
    assert {row[2] for row in answer.rows} == {None}


def test_a_stock_compared_with_a_day_is_read_from_the_days_on_both_sides(ask, mq):
    """At the end of October 135.75 by the day table; on 19 November 157, the day before 146."""
    before = Edge(Relative("day", -1, anchor="data"), "end")
    answer = ask(mq("deposit", compare=(Comparison("range", ("value", "diff"), span=before),)))
    assert figures(answer) == {
        "deposit": D(157),
        "deposit.range.value": D(146),
        "deposit.range.diff": D(11),
    }
    assert answer.resolved.spans[0].end == date(2026, 11, 19)
    assert [spans[0].end for _, spans in answer.resolved.bases] == [date(2026, 11, 18)]
    october = Absolute(date(2026, 10, 31), date(2026, 10, 31))
    later = ask(mq("deposit", period=october, compare=(Comparison("range", span=before),)))
    assert figures(later)["deposit"] == D("135.75")
    assert figures(later)["deposit.range.value"] == D(146)


def test_a_stock_known_by_month_is_not_compared_with_a_day_inside_a_month(ask, mq):
    fifteenth = Absolute(date(2026, 10, 15), date(2026, 10, 15))
    for metric in ("cust_cnt", "npl_rate", "deposit_known"):
        refused = ask(mq(metric, compare=(Comparison("range", span=fifteenth),)))
        assert (refused.code, refused.at) == ("grain_not_available", "compare"), metric
        assert "可以与2026年9月末比较" in refused.message


def test_a_month_beyond_the_named_base_has_none(ask, mq):
    """到期:2026 年 12 月 l1 900,2027 年 1 月没有;2027 年 3 月 l2、l3 共 500."""
    winter, march = (Absolute(date(2026, 12, 1), date(2027, 1, 31)),
                     Absolute(date(2027, 3, 1), date(2027, 3, 31)))  # fmt: skip
    compare = (Comparison("range", ("value",), span=march),)
    due = Period((winter,), role="到期日")
    answer = ask(mq("loan_balance", "@month", due, compare=compare))
    assert answer.rows == [("2026-12", D(900), D(500)), ("2027-01", D(0), None)]
