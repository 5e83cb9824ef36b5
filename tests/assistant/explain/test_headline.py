"""The sentence above the table, for results a person can check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from assistant.explain.chart import choose_chart
from assistant.explain.headline import headline
from semantic_layer.model import (
    Aggregate,
    Dataset,
    Dimension,
    Field,
    Manifest,
    Metric,
    SemiAdditive,
)
from semantic_layer.query import (
    And,
    ColumnRef,
    Comparison,
    Condition,
    DimensionGroup,
    Having,
    Limit,
    MetricQuery,
    MetricRef,
    Order,
    Scope,
    TimeGroup,
)
from semantic_layer.resolved import ResolvedQuery, ResolvedSpan
from semantic_layer.result import Column, ResultSet

BRANCH = Field("branch", "分行")
MANIFEST = Manifest(
    project="示例银行",
    datasets={"orgs": Dataset("orgs", "机构", "dim_org", ("org_id",), (BRANCH,))},
    metrics={},
    dimensions={"branch": Dimension("branch", "orgs", BRANCH, ("orgs",))},
)
OCTOBER = ResolvedSpan(date(2026, 10, 1), date(2026, 10, 31))
OCTOBER_END = ResolvedSpan(date(2026, 10, 31), date(2026, 10, 31), is_point=True)
NEW = Column("new_cust", "新增客户数", "metric", "户", metric="new_cust")
DEPOSIT = Column("deposit", "个人存款余额", "metric", "CNY", metric="deposit")
BRANCHES = Column("branch", "分行", "dimension")


def test_groups_name_total_highest_and_lowest() -> None:
    query = MetricQuery((MetricRef("new_cust"),), (DimensionGroup("branch"),))
    result = ResultSet(
        (BRANCHES, NEW),
        (("银川分行", 1203), ("宁波分行", 800), (None, 7)),
        totals={"new_cust": 2010},
        total_rows=3,
    )
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="全行")
    assert headline(resolved, result, MANIFEST) == (
        "2026年10月全行新增客户数2,010户;各分行中银川分行最高(1,203户),宁波分行最低(800户)。"
    )
    chart = choose_chart(result)
    assert chart is not None
    assert (chart.type, chart.x, chart.unit) == ("bar", "branch", "户")


def test_both_ends_of_a_range_are_told_as_one_condition() -> None:
    """40到50岁 reaches from 40 on and ends before 50."""
    ends = (Condition("age", "ge", (40,)), Condition("age", "lt", (50,)))
    age = Field("age", "年龄", unit="岁")
    manifest = replace(MANIFEST, dimensions={"age": Dimension("age", "orgs", age, ("orgs",))})
    query = MetricQuery((MetricRef("new_cust"),), scope=Scope(where=And(ends)))
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="全行")
    result = ResultSet((NEW,), ((12,),), total_rows=1)
    assert headline(resolved, result, manifest) == (
        "2026年10月年龄40岁(含)—50岁(不含)的新增客户数12户。"
    )


def test_a_rate_over_too_few_cases_is_neither_highest_nor_lowest() -> None:
    rate = Column("churn_rate", "客户流失率", "metric", "percent", metric="churn_rate")
    query = MetricQuery((MetricRef("churn_rate"),), (DimensionGroup("branch"),))
    rows = (("固原分行", 0.5), ("银川分行", 0.04), ("宁波分行", 0.02), ("中卫分行", 0.0))
    few = frozenset({(0, "churn_rate"), (3, "churn_rate")})
    result = ResultSet((BRANCHES, rate), rows, totals={"churn_rate": 0.03}, small=few)
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="全行")
    assert headline(resolved, result, MANIFEST) == (
        "2026年10月全行客户流失率3.00%;各分行中银川分行最高(4.00%),宁波分行最低(2.00%)。"
    )
    but_one = frozenset((at, "churn_rate") for at in range(3))
    result = ResultSet((BRANCHES, rate), rows, totals={"churn_rate": 0.03}, small=but_one)
    assert headline(resolved, result, MANIFEST) == "2026年10月全行客户流失率3.00%。"
    all_few = frozenset((at, "churn_rate") for at in range(4))
    result = ResultSet((BRANCHES, rate), rows, totals={"churn_rate": 0.03}, small=all_few)
    assert headline(resolved, result, MANIFEST) == "2026年10月全行客户流失率3.00%。"


def test_one_comparable_group_does_not_speak_for_those_over_too_few_cases() -> None:
    rate = Column("churn_rate", "客户流失率", "metric", "percent", metric="churn_rate")
    query = MetricQuery(
        (MetricRef("churn_rate"),),
        (DimensionGroup("branch"),),
        having=(Having(ColumnRef(0), "lt", 0.5),),
    )
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="全行")
    rows = (("固原分行", 0.4), ("银川分行", 0.4), ("宁波分行", 0.3), ("中卫分行", 0.1))

    def said(few: set[int]) -> str:
        small = frozenset((at, "churn_rate") for at in few)
        result = ResultSet((BRANCHES, rate), rows, totals={"churn_rate": 0.6}, small=small)
        return headline(resolved, result, MANIFEST)

    assert said({1, 2, 3}).endswith("符合条件的4个分行中,可比高低的只有固原分行(40.00%)。")
    assert said({2, 3}).endswith("符合条件的4个分行中,可比高低的2个均为40.00%。")


def test_a_month_over_too_few_cases_is_no_peak() -> None:
    rate = Column("churn_rate", "客户流失率", "metric", "percent", metric="churn_rate")
    rows = ((date(2026, 8, 1), 0.5), (date(2026, 9, 1), 0.02), (date(2026, 10, 1), 0.04))
    result = ResultSet(
        (Column("month", "月份", "time"), rate), rows, small=frozenset({(0, "churn_rate")})
    )
    query = MetricQuery((MetricRef("churn_rate"),), (TimeGroup("month"),))
    resolved = ResolvedQuery(query, (OCTOBER,), grain="month", scope_text="全行")
    assert headline(resolved, result, MANIFEST) == (
        "2026年10月全行客户流失率从2026年8月的50.00%到2026年10月的4.00%;"
        "最高为2026年10月(4.00%),最低为2026年9月(2.00%);2026年8月样本不足,不比高低。"
    )


def test_a_member_that_is_no_branch_is_neither_highest_nor_counted() -> None:
    branch = Field("branch", "分行", unranked=("总行直属",))
    manifest = replace(
        MANIFEST, dimensions={"branch": Dimension("branch", "orgs", branch, ("orgs",))}
    )
    query = MetricQuery((MetricRef("new_cust"),), (DimensionGroup("branch"),))
    rows = (("总行直属", 5000), ("银川分行", 1203), ("宁波分行", 800))
    result = ResultSet((BRANCHES, NEW), rows, totals={"new_cust": 7003}, total_rows=3)
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="全行")
    assert headline(resolved, result, manifest) == (
        "2026年10月全行新增客户数7,003户;各分行中银川分行最高(1,203户),宁波分行最低(800户)。"
    )
    place = Column("new_cust.rank", "新增客户数排名", "comparison", "位", show="rank")
    one = ResultSet((BRANCHES, NEW, place), (("银川分行", 1203, 1),), total_rows=3, placed_rows=2)
    assert headline(resolved, one, manifest) == (
        "2026年10月全行新增客户数;银川分行1,203户,排第1(共2个)。"
    )


def test_stock_with_comparison_says_dates_direction_and_rate() -> None:
    columns = (
        DEPOSIT,
        Column("deposit.mom.diff", "较上月末", "comparison", "CNY", show="diff", base="mom"),
        Column(
            "deposit.mom.rate", "较上月末增速", "comparison", "percent", show="rate", base="mom"
        ),
    )
    row = (Decimal("123456000000.00"), Decimal("-1230000000.00"), -0.0101)
    september = ResolvedSpan(date(2026, 9, 30), date(2026, 9, 30), role="mom", is_point=True)
    resolved = ResolvedQuery(
        MetricQuery((MetricRef("deposit"),), compare=(Comparison("mom", ("diff", "rate")),)),
        (OCTOBER_END,),
        bases=(("mom", (september,)),),
        scope_text="全行",
    )
    assert headline(resolved, ResultSet(columns, (row,)), MANIFEST) == (
        "截至2026年10月31日,全行个人存款余额1,234.56亿元,较2026年9月末减少12.30亿元(-1.01%)。"
    )


def test_no_change_is_said_to_be_flat() -> None:
    columns = (
        Column("npl_rate", "不良贷款率", "metric", "percent"),
        Column("npl_rate.ytd_open.pp", "较年初", "comparison", show="pp", base="ytd_open"),
    )
    opening = ResolvedSpan(date(2025, 12, 31), date(2025, 12, 31), role="ytd_open", is_point=True)
    resolved = ResolvedQuery(
        MetricQuery((MetricRef("npl_rate"),), compare=(Comparison("ytd_open", ("pp",)),)),
        (OCTOBER_END,),
        bases=(("ytd_open", (opening,)),),
        scope_text="全行",
    )
    assert headline(resolved, ResultSet(columns, ((0.0123, 0.00001),)), MANIFEST) == (
        "截至2026年10月31日,全行不良贷款率1.23%,较年初(2025年末)持平。"
    )


def test_trend_names_first_last_peak_and_trough() -> None:
    month = Column("month", "月份", "time")
    rows = (("2026-08", 5), ("2026-09", 9), ("2026-10", 7))
    resolved = ResolvedQuery(
        MetricQuery((MetricRef("new_cust"),), (TimeGroup("month"),)),
        (ResolvedSpan(date(2026, 8, 1), date(2026, 10, 31)),),
        grain="month",
        scope_text="全行",
    )
    text = headline(resolved, ResultSet((month, NEW), rows, total_rows=3), MANIFEST)
    assert text == (
        "2026年8—10月全行新增客户数从2026年8月的5户到2026年10月的7户;"
        "最高为2026年9月(9户),最低为2026年8月(5户)。"
    )


def test_a_month_in_progress_is_no_peak_and_no_trough() -> None:
    month = Column("month", "月份", "time")
    rows = (("2026-09", 9), ("2026-10", 7), ("2026-11", 3))
    resolved = ResolvedQuery(
        MetricQuery((MetricRef("new_cust"),), (TimeGroup("month"),)),
        (ResolvedSpan(date(2026, 9, 1), date(2026, 11, 19)),),
        grain="month",
        scope_text="全行",
    )
    text = headline(resolved, ResultSet((month, NEW), rows, total_rows=3), MANIFEST)
    assert text.endswith("最高为2026年9月(9户),最低为2026年10月(7户);2026年11月未满,不比高低。")
    between = (("2026-09", 9), ("2026-10", 7), ("2026-11", 8))
    text = headline(resolved, ResultSet((month, NEW), between, total_rows=3), MANIFEST)
    assert text.endswith("最高为2026年9月(9户),最低为2026年10月(7户)。")


def test_equal_months_have_no_highest_and_no_lowest() -> None:
    month = Column("month", "月份", "time")
    rows = (("2026-08", 2), ("2026-09", 2), ("2026-10", 2))
    resolved = ResolvedQuery(
        MetricQuery((MetricRef("new_cust"),), (TimeGroup("month"),)),
        (ResolvedSpan(date(2026, 8, 1), date(2026, 10, 31)),),
        grain="month",
        scope_text="全行",
    )
    text = headline(resolved, ResultSet((month, NEW), rows, total_rows=3), MANIFEST)
    assert text.endswith("从2026年8月的2户到2026年10月的2户;各期均为2户。")


def test_rights_and_filter_stand_in_front() -> None:
    query = MetricQuery(
        (MetricRef("new_cust"),), scope=Scope(where=Condition("branch", "in", ("宁波分行",)))
    )
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="仅宁波分行")
    text = headline(resolved, ResultSet((NEW,), ((12,),)), MANIFEST)
    assert text == "2026年10月(仅宁波分行,非全行合计)宁波分行新增客户数12户。"


def test_no_rows_and_no_value_are_told_apart() -> None:
    resolved = ResolvedQuery(MetricQuery((MetricRef("new_cust"),)), (OCTOBER,), scope_text="全行")
    assert headline(resolved, ResultSet((NEW,), ()), MANIFEST).endswith("没有符合条件的数据。")
    assert headline(resolved, ResultSet((NEW,), ((None,),)), MANIFEST).endswith(
        "新增客户数无法计算(没有数据或分母为零)。"
    )


def test_ties_are_told() -> None:
    result = ResultSet(
        (BRANCHES, NEW),
        (("银川分行", 3), ("宁波分行", 0), ("固原分行", 0)),
        totals={"new_cust": 3},
        total_rows=3,
    )
    query = MetricQuery((MetricRef("new_cust"),), (DimensionGroup("branch"),))
    text = headline(ResolvedQuery(query, (OCTOBER,), scope_text="全行"), result, MANIFEST)
    assert text.endswith("各分行中银川分行最高(3户),宁波分行等并列最低(0户)。")


def test_a_place_is_told_among_how_many() -> None:
    rank = Column("new_cust.rank", "新增客户数排名", "comparison", show="rank", metric="new_cust")
    result = ResultSet(
        (BRANCHES, NEW, rank), (("宁波分行", 8, 11),), totals={"new_cust": 307}, total_rows=21
    )
    query = MetricQuery((MetricRef("new_cust"),), (DimensionGroup("branch"),))
    text = headline(ResolvedQuery(query, (OCTOBER,), scope_text="全行"), result, MANIFEST)
    assert text == "2026年10月全行新增客户数307户;宁波分行8户,排第11(共21个)。"


def test_a_list_ordered_by_change_says_the_change() -> None:
    diff = Column("new_cust.mom.diff", "环比增减额", "comparison", "户", show="diff", base="mom")
    result = ResultSet(
        (BRANCHES, NEW, diff),
        (("石嘴山分行", 18, -20), ("固原分行", 13, -12)),
        totals={"new_cust": 307},
        total_rows=21,
    )
    query = MetricQuery(
        (MetricRef("new_cust"),),
        (DimensionGroup("branch"),),
        compare=(Comparison("mom", ("diff",)),),
        order=(Order(ColumnRef(show="diff", base="mom"), descending=False),),
        limit=Limit(count=2),
    )
    text = headline(ResolvedQuery(query, (OCTOBER,), scope_text="全行"), result, MANIFEST)
    assert text.endswith("各分行中依次为石嘴山分行18户(-20户)、固原分行13户(-12户)。")


def selected(having: Having, rows: tuple[tuple[object, ...], ...], order: tuple[Order, ...] = ()):
    """The headline over branches that a condition kept, deposits held against last year's."""
    rate = Column(
        "deposit.yoy.rate", "同比增速", "metric", "percent", "deposit", show="rate", base="yoy"
    )
    query = MetricQuery(
        (MetricRef("deposit"),),
        (DimensionGroup("branch"),),
        compare=(Comparison("yoy", ("value", "rate")),),
        having=(having,),
        order=order,
    )
    result = ResultSet((BRANCHES, DEPOSIT, rate), rows, total_rows=len(rows))
    return headline(ResolvedQuery(query, (OCTOBER_END,), scope_text="全行"), result, MANIFEST)


def test_a_few_kept_by_a_condition_are_all_named_by_what_was_compared() -> None:
    rows = (("上海分行", Decimal(-50), Decimal("0.1")), ("银川分行", Decimal(-70), Decimal("0.2")))
    assert selected(Having(ColumnRef(0), "lt", 0), rows).endswith(
        ";符合条件的2个分行:银川分行(-70.00元)、上海分行(-50.00元)。"
    )
    assert selected(Having(ColumnRef(0, "rate", "yoy"), "gt", 0.05), rows).endswith(
        ";符合条件的2个分行:银川分行(+20.00%)、上海分行(+10.00%)。"
    )


def test_of_many_kept_by_a_condition_the_ends_of_what_was_compared_are_named() -> None:
    rows = tuple((f"{n}号分行", Decimal(100 - n), Decimal(n) / 100) for n in range(16, 21))
    assert selected(Having(ColumnRef(0, "rate", "yoy"), "gt", 0.15), rows).endswith(
        ";符合条件的5个分行中,增速最高的是20号分行(+20.00%),最低的是16号分行(+16.00%)。"
    )


def test_an_ordered_list_under_a_condition_is_told_in_its_order() -> None:
    rows = (("上海分行", Decimal(90), None), ("银川分行", Decimal(80), None))
    order = (Order(ColumnRef(0), descending=True),)
    assert selected(Having(ColumnRef(0), "gt", 70), rows, order).endswith(
        ";符合条件的2个分行中依次为上海分行(90.00元)、银川分行(80.00元)。"
    )


def test_the_change_of_a_trend_is_told_of_its_last_period() -> None:
    query = MetricQuery(
        (MetricRef("new_cust"),), (TimeGroup("month"),), compare=(Comparison("yoy"),)
    )
    diff = Column("new_cust.yoy.diff", "同比增减", "comparison", "户", base="yoy", show="diff")
    months = Column("month", "月份", "time")
    rows = (("2026-09", 40, 5), ("2026-10", 30, -8))
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="全行", grain="month")
    told = headline(resolved, ResultSet((months, NEW, diff), rows), MANIFEST)
    assert "到2026年10月的30户,2026年10月同比减少8户" in told


def test_a_stock_of_many_months_has_no_sum() -> None:
    stock = Aggregate("orgs", "sum", "x", semi_additive=SemiAdditive("month_end"))
    manifest = replace(
        MANIFEST, metrics={"deposit": Metric("deposit", "个人存款余额", stock, "CNY")}
    )
    query = MetricQuery((MetricRef("deposit"),), (DimensionGroup("branch"), TimeGroup("month")))
    months = Column("month", "月份", "time")
    rows = (("银川分行", "2026-09", Decimal(10)), ("银川分行", "2026-10", Decimal(20)))
    totals = {"deposit": Decimal(20)}
    result = ResultSet((BRANCHES, months, DEPOSIT), rows, totals=totals, total_rows=2)
    resolved = ResolvedQuery(query, (OCTOBER,), scope_text="全行", grain="month")
    told = headline(resolved, result, manifest)
    assert told == "2026年10月全行个人存款余额期末20.00元,共2组。"
