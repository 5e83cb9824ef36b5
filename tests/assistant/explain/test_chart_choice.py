"""Which chart tells which rows, what else fits, and why a wish cannot be met."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.explain import choose_chart, drawn_as, fitting_types
from assistant.explain.chart import unmet_wish
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    DimensionGroup,
    FunnelQuery,
    IntervalQuery,
    MetricQuery,
    MetricRef,
    Order,
    PathQuery,
    Query,
    RetentionQuery,
    Step,
    to_json,
)
from semantic_layer.result import Column, ResultSet, Suppressed

BRANCH = Column("branch", "分行", "dimension")
LEVEL = Column("level", "客户等级", "dimension")
MONTH = Column("month", "月份", "time")
STEP = Column("step", "步骤", "dimension")
PATH = Column("path", "路径", "dimension")
COHORT = Column("cohort", "起始月份", "time")
CUSTOMERS = Column("cust", "客户数", "metric", "户", metric="cust")
DEPOSIT = Column("dep", "存款余额", "metric", "CNY", metric="dep")
LOAN = Column("loan", "贷款余额", "metric", "CNY", metric="loan")
NPL = Column("npl", "不良率", "metric", "percent", metric="npl")
SHARE = Column("cust.share", "客户数占比", "comparison", "percent", None, "cust", "share")
BEFORE = Column("dep.yoy.value", "去年同期", "comparison", "CNY", None, "dep", "value", "yoy")
RISE = Column("dep.yoy.diff", "同比增减额", "comparison", "CNY", None, "dep", "diff", "yoy")
RATE = Column("dep.yoy.rate", "同比增速", "comparison", "percent", None, "dep", "rate", "yoy")
ENTITIES = Column("entities", "人数", "metric", "人")
CONVERSION = Column("conversion", "总转化率", "metric", "percent")
FIRST_MONTH = Column("month_1", "次月留存率", "metric", "percent")
SECOND_MONTH = Column("month_2", "第2月留存率", "metric", "percent")
DAYS = tuple(Column(n, n, "metric", "天") for n in ("mean", "median", "p25", "p75"))
TWO_STEPS = (Step("a"), Step("b"))
MONTHS = ("2026-01", "2026-02", "2026-03")
BRANCHES = tuple(f"分行{n}" for n in range(1, 22))


def rows(*columns: Column, values: list[tuple[Any, ...]], **more: Any) -> ResultSet:
    return ResultSet(columns, tuple(values), total_rows=more.pop("total_rows", len(values)), **more)


def table(*columns: Column, along: tuple[str, ...], **more: Any) -> ResultSet:
    """One row per member, the values 1, 2, 3 … in every column."""
    values = [(m, *(n for _ in columns[1:])) for n, m in enumerate(along, start=1)]
    return rows(*columns, values=values, **more)


def crossed(first: Column, ones: tuple[str, ...], second: Column, others: tuple[str, ...],
            value: Column, **more: Any) -> ResultSet:  # fmt: skip
    """Every pair of members with the value 1."""
    return rows(first, second, value, values=[(a, b, 1) for a in ones for b in others], **more)


FUNNEL = FunnelQuery(TWO_STEPS)
KINDS = {
    "一个数": ("number", rows(DEPOSIT, values=[(5,)]), None),
    "各月": ("line", table(MONTH, DEPOSIT, along=MONTHS), None),
    "各月同比": ("line", table(MONTH, DEPOSIT, BEFORE, RISE, RATE, along=MONTHS), None),
    "三个等级各月": ("line", crossed(MONTH, MONTHS, LEVEL, ("甲", "乙", "丙"), NPL), None),
    "21家分行各月": ("heatmap", crossed(BRANCH, BRANCHES, MONTH, MONTHS, NPL), None),
    "一个月21家": ("bar", table(BRANCH, DEPOSIT, along=BRANCHES), None),
    "61个网点": ("table", table(BRANCH, DEPOSIT, along=tuple(map(str, range(61)))), None),
    "占比三份": (
        "pie", rows(LEVEL, CUSTOMERS, SHARE, values=[("甲", 5, 0.5), ("乙", 4, 0.4), ("丙", 1, 0.1)]),
        None,
    ),
    "占比不到整体": ("bar", rows(LEVEL, CUSTOMERS, SHARE, values=[("甲", 5, 0.5), ("乙", 4, 0.4)]), None),
    "分行×等级,合起来是合计": (
        "stacked_bar", crossed(BRANCH, BRANCHES, LEVEL, ("甲", "乙"), CUSTOMERS, totals={"cust": 42}),
        None,
    ),
    "分行×等级,重复计数": (
        "grouped_bar", crossed(BRANCH, BRANCHES, LEVEL, ("甲", "乙"), CUSTOMERS, totals={"cust": 40}),
        None,
    ),
    "分行×等级的比率": ("grouped_bar", crossed(BRANCH, BRANCHES, LEVEL, ("甲", "乙"), NPL), None),
    "21家两个单位": ("scatter", table(BRANCH, CUSTOMERS, DEPOSIT, along=BRANCHES), None),
    "21家同一单位": ("bar", table(BRANCH, DEPOSIT, LOAN, along=BRANCHES), None),
    "三个等级两个单位": ("bar", table(LEVEL, CUSTOMERS, DEPOSIT, along=("甲", "乙", "丙")), None),
    "三层分组": ("table", rows(BRANCH, LEVEL, MONTH, NPL, values=[("a", "b", "2026-01", 1)]), None),
    "漏斗": ("funnel", table(STEP, ENTITIES, along=("1. a", "2. b")), FUNNEL),
    "漏斗按渠道": (
        "heatmap",
        rows(LEVEL, STEP, ENTITIES, CONVERSION, values=[("甲", "1. a", 4, 1.0), ("甲", "2. b", 2, 0.5)]),
        FUNNEL,
    ),
    "漏斗里有隐去的": (
        "bar", rows(STEP, ENTITIES, values=[("1. a", 9), ("2. b", Suppressed.SMALL_GROUP)]), FUNNEL,
    ),
    "留存矩阵": (
        "heatmap", rows(COHORT, ENTITIES, FIRST_MONTH, SECOND_MONTH, values=[("2026-01", 9, 0.5, None)]),
        RetentionQuery(*TWO_STEPS, periods=(1, 2)),
    ),
    "次月留存各月": (
        "line", table(COHORT, ENTITIES, FIRST_MONTH, along=MONTHS), RetentionQuery(*TWO_STEPS),
    ),
    "路径": ("sankey", table(PATH, ENTITIES, along=("a → b", "a → c")), PathQuery(Step("a"))),
    "间隔按分行": ("box", table(BRANCH, ENTITIES, *DAYS, along=BRANCHES), IntervalQuery(*TWO_STEPS)),
    "间隔的一个数": ("number", rows(ENTITIES, *DAYS, values=[(9, 1, 2, 3, 4)]), IntervalQuery(*TWO_STEPS)),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_the_rows_decide_the_chart(name: str) -> None:
    kind, result, query = KINDS[name]
    chart = choose_chart(result, query=query)
    assert chart is not None
    assert chart.type == kind


@pytest.mark.parametrize(
    "result", [rows(BRANCH, DEPOSIT, values=[]), rows(BRANCH, values=[("a",)])]
)
def test_without_numbers_nothing_is_drawn(result: ResultSet) -> None:
    assert choose_chart(result) is None
    assert unmet_wish(result, "pie") is None


def drawn(result: ResultSet, wish: str | None = None, query: Query | None = None) -> Any:
    chart = choose_chart(result, wish, query)
    assert chart is not None
    return chart


def test_a_comparison_is_drawn_beside_its_base_in_one_unit() -> None:
    chart = drawn(KINDS["各月同比"][1])
    assert [s.column for s in chart.series] == ["dep", "dep.yoy.value"]
    assert chart.right is None


def test_of_spans_of_time_the_spans_are_drawn_not_the_numbers_of_people() -> None:
    quartiles = tuple(column for column in DAYS if column.id in ("p25", "p75"))
    result = rows(BRANCH, ENTITIES, *quartiles, values=[("甲", 9, 1, 3), ("乙", 5, 2, 4)])
    chart = choose_chart(result, query=IntervalQuery(*TWO_STEPS))
    assert chart is not None
    assert (chart.type, [series.column for series in chart.series]) == ("bar", ["p25", "p75"])


def test_a_second_unit_gets_an_axis_of_its_own() -> None:
    values = [("2026-01", Decimal(250_000_000), 0.01), ("2026-02", Decimal(260_000_000), 0.02)]
    chart = drawn(rows(MONTH, DEPOSIT, NPL, values=values))
    assert (chart.unit, chart.divide_by) == ("亿元", 1e8)
    assert chart.right is not None
    assert (chart.right.unit, chart.right.divide_by) == ("%", 0.01)
    assert [(s.column, s.axis) for s in chart.series] == [("dep", "left"), ("npl", "right")]


def test_a_third_unit_stays_in_the_table() -> None:
    chart = drawn(table(MONTH, DEPOSIT, NPL, CUSTOMERS, along=MONTHS))
    assert [s.column for s in chart.series] == ["dep", "npl"]


def test_one_axis_has_one_unit_chosen_by_its_largest_value() -> None:
    values = [("甲", Decimal(12_000), Decimal(340_000_000))]
    chart = drawn(rows(BRANCH, DEPOSIT, LOAN, values=values))
    assert (chart.unit, [s.axis for s in chart.series]) == ("亿元", ["left", "left"])


def test_what_is_sorted_by_a_change_shows_the_change() -> None:
    query = MetricQuery(
        (MetricRef("dep"),), (DimensionGroup("branch"),), compare=(Comparison("yoy"),),
        order=(Order(ColumnRef(0, "diff", "yoy")),),
    )  # fmt: skip
    chart = drawn(table(BRANCH, DEPOSIT, BEFORE, RISE, RATE, along=BRANCHES), query=query)
    assert [s.column for s in chart.series] == ["dep.yoy.diff"]


def test_what_is_asked_as_a_rate_shows_the_rate() -> None:
    query = MetricQuery(
        (MetricRef("dep"),), (DimensionGroup("branch"),),
        compare=(Comparison("yoy", ("value", "rate")),),
    )  # fmt: skip
    chart = drawn(table(BRANCH, DEPOSIT, BEFORE, RATE, along=BRANCHES), query=query)
    assert ([s.column for s in chart.series], chart.unit) == (["dep.yoy.rate"], "%")


def test_colours_stand_for_the_shorter_group_and_time_stands_along() -> None:
    by_level = crossed(LEVEL, ("甲", "乙"), BRANCH, BRANCHES, NPL)
    by_month = crossed(LEVEL, ("甲", "乙"), MONTH, MONTHS, NPL)
    assert [(c.x, c.color) for c in map(drawn, (by_level, by_month))] == [
        ("branch", "level"), ("month", "level"),
    ]  # fmt: skip


def test_a_matrix_names_the_longer_group_down_and_time_across() -> None:
    ten = tuple(map(str, range(10)))
    by_level = crossed(BRANCH, BRANCHES, LEVEL, ten, NPL)
    by_month = crossed(LEVEL, ("甲", "乙"), MONTH, MONTHS, NPL)
    assert [(c.x, c.color) for c in (drawn(m, "heatmap") for m in (by_level, by_month))] == [
        ("level", "branch"), ("month", "level"),
    ]  # fmt: skip


def shares(*values: float, groups: tuple[str, ...]) -> ResultSet:
    """Two levels in each of the groups, with their shares."""
    found = [(m, "甲乙"[n % 2], 1, v) for n, v in enumerate(values) for m in (groups[n // 2],)]
    return rows(BRANCH, LEVEL, CUSTOMERS, SHARE, values=found, totals={"cust": len(values)})


def test_asked_for_shares_the_shares_are_drawn() -> None:
    monthly = rows(MONTH, CUSTOMERS, SHARE, values=[(m, 1, 0.2) for m in MONTHS])
    of_all = shares(0.4, 0.1, 0.3, 0.2, groups=("东", "西"))
    of_each = shares(0.8, 0.2, 0.6, 0.4, groups=("东", "西"))
    assert [
        [s.column for s in drawn(result, kind).series]
        for result, kind in ((monthly, "line"), (of_all, "stacked_bar"), (of_each, "heatmap"))
    ] == [["cust.share"]] * 3
    assert [s.column for s in drawn(of_each, "stacked_bar").series] == ["cust"]


def test_others_are_a_part_of_the_whole() -> None:
    parts = rows(BRANCH, CUSTOMERS, values=[("甲", 6), ("乙", 3)], total_rows=9,
                 totals={"cust": 10}, others={"cust": 1})  # fmt: skip
    assert drawn(parts, "pie").type == "pie"
    assert drawn(replace(parts, others={}), "pie").type == "bar"


UNMET = {
    "饼图最多几块": ("pie", KINDS["一个月21家"][1], "饼图适合2到6个部分,这里有21个;这里按柱状图显示"),
    "有负数": (
        "pie", rows(LEVEL, DEPOSIT, values=[("甲", 5), ("乙", -3)], totals={"dep": 2}),
        "饼图的各部分要合起来等于合计,这里不是(有负数、比率、重复计数或不全);这里按柱状图显示",
    ),
    "没有时间": ("line", KINDS["一个月21家"][1], "折线图要沿时间画,这里没有按时间分组;这里按柱状图显示"),
    "一个时间点": (
        "line", table(MONTH, DEPOSIT, along=("2026-01",)),
        "折线图至少要有两个时间点,这里只有一个;这里按柱状图显示",
    ),
    "一个指标": ("scatter", KINDS["一个月21家"][1], "散点图要有两个指标,这里只有一个;这里按柱状图显示"),
    "不是漏斗": ("funnel", KINDS["各月"][1], "漏斗图用于一条有先后步骤的转化路径,这里不是;这里按折线图显示"),
    "不是路径": ("sankey", KINDS["各月"][1], "桑基图用于行为路径,这里不是;这里按折线图显示"),
    "没有四分位": ("box", KINDS["各月"][1], "箱线图要有中位数和四分位数,这里没有;这里按折线图显示"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNMET)
def test_a_wish_that_does_not_fit_is_told(name: str) -> None:
    wish, result, sentence = UNMET[name]
    notice = unmet_wish(result, wish)
    assert notice is not None
    assert (notice.code, notice.message) == ("chart_wish", sentence)
    assert drawn(result, wish).type == drawn(result).type


def test_bars_of_two_groups_are_bars_with_colours() -> None:
    result = KINDS["三个等级各月"][1]
    assert drawn(result, "bar").type == "grouped_bar"
    assert unmet_wish(result, "bar") is None


def answer(result: ResultSet, query: Query | None = None) -> Answer:
    return Answer(
        columns=result.columns, rows=result.rows, totals=dict(result.totals),
        others=dict(result.others), total_rows=result.total_rows,
        chart=choose_chart(result, query=query), query=to_json(query) if query else None,
    )  # fmt: skip


def test_a_switch_offers_what_fits() -> None:
    assert fitting_types(answer(KINDS["占比三份"][1])) == ("bar", "pie", "table")
    assert fitting_types(answer(KINDS["各月"][1])) == ("line", "bar", "table")
    assert fitting_types(answer(KINDS["漏斗"][1], FUNNEL)) == ("bar", "funnel", "table")
    assert fitting_types(answer(KINDS["一个数"][1])) == ("number", "table")
    assert fitting_types(Answer()) == ()


def test_a_switch_draws_the_same_rows_otherwise() -> None:
    first = answer(KINDS["占比三份"][1])
    second = drawn_as(first, "bar")
    assert second.chart is not None
    assert second.chart.type == "bar"
    assert second == replace(first, chart=second.chart)
    assert drawn_as(first, "sankey") == first
