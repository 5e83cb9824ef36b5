"""Funnels, flows, cohorts, boxes, points, stacks and second axes as chart options."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.explain import ChartSpec
from assistant.explain.chart import Axis, Series
from semantic_layer.result import Column, Suppressed
from tests.ui.page.written_answers import BRANCH, DEPOSIT, LEVEL, MONTH, NEW, NPL, bars
from ui.page.chart import ChartView, chart_view
from ui.page.table import table_view
from ui.page.table_html import table_html

STEP = Column("step", "步骤", "dimension")
PATH = Column("path", "路径", "dimension")
COHORT = Column("cohort", "起始月份", "time")
PEOPLE = Column("entities", "人数", "metric", "人")
START = Column("conversion", "总转化率", "metric", "percent")
BEFORE = Column("step_conversion", "较上一步转化率", "metric", "percent")
DAYS = tuple(
    Column(*pair, "metric", "天")
    for pair in (("p25", "P25"), ("median", "中位数"), ("p75", "P75"), ("mean", "平均"))
)
EVIL = "<img src=x onerror=alert(1)>{b}"


def series(*columns: Column, right: Column | None = None) -> tuple[Series, ...]:
    told = tuple(Series(c.id, c.name) for c in columns)
    return (*told, Series(right.id, right.name, "right")) if right else told


def view(chart: ChartSpec, *columns: Column, rows: list[tuple[Any, ...]], **more: Any) -> ChartView:
    answer = Answer(**{"columns": columns, "rows": tuple(rows), "chart": chart, **more})
    seen = chart_view(answer)
    assert seen is not None
    return seen


def test_a_missing_month_is_a_gap_not_a_zero():
    chart = ChartSpec("line", "month", series(NEW), "户")
    drawn = view(chart, MONTH, NEW, rows=[("2026-01", 3), ("2026-04", 5), ("2026-02", 4)])
    assert drawn.option["xAxis"]["data"] == ["2026年1月", "2026年2月", "2026年3月", "2026年4月"]
    assert drawn.option["series"][0]["data"] == [3, 4, None, 5]
    assert drawn.rows == ((0, 2, None, 1),)


def test_bars_by_month_have_their_gaps_but_keep_an_order_that_was_asked_for():
    chart = ChartSpec("bar", "month", series(NEW), "户")
    forward = view(chart, MONTH, NEW, rows=[("2026-01", 3), ("2026-03", 5)])
    by_value = view(chart, MONTH, NEW, rows=[("2026-03", 5), ("2026-01", 3)])
    assert len(forward.option["xAxis"]["data"]) == 3
    assert by_value.option["xAxis"]["data"] == ["2026年3月", "2026年1月"]


def test_a_bar_that_is_not_shown_says_so_at_its_name():
    chart = ChartSpec("bar", "branch", series(NEW), "户")
    drawn = view(chart, BRANCH, NEW, rows=[("甲", 5), ("乙", Suppressed.SMALL_GROUP), ("丙", 0)])
    assert drawn.option["xAxis"]["data"] == ["甲", "乙 ***", "丙"]


def test_bands_stand_in_their_order():
    band = Column("age_band", "年龄", "dimension")
    chart = ChartSpec("bar", "age_band", series(NEW), "户")
    drawn = view(chart, band, NEW, rows=[(30.0, 9), (10.0, 5), (20.0, 7), (None, 1)])
    assert drawn.option["xAxis"]["data"] == ["10", "20", "30", "未知"]
    assert drawn.rows == ((1, 2, 0, 3),)


def test_a_second_unit_has_its_own_axis_and_tooltip():
    chart = ChartSpec(
        "line", "month", series(DEPOSIT, right=NPL), "亿元", 1e8, None, Axis("%", 0.01)
    )
    rows = [("2026-01", Decimal(123456789), 0.0123), ("2026-02", Decimal(200000000), 0.02)]
    drawn = view(chart, MONTH, DEPOSIT, NPL, rows=rows).option
    left, right = drawn["series"]
    assert (left["data"], right["data"]) == ([1.23456789, 2.0], [1.23, 2.0])
    assert "yAxisIndex" not in left
    assert right["yAxisIndex"] == 1
    assert right["tooltip"]["valueFormatter"] == "%,.2f %%"
    assert [axis.get("name") for axis in drawn["yAxis"]] == [None, "单位:%"]


def test_bars_never_stand_in_two_units():
    chart = ChartSpec("bar", "level", series(NEW, right=DEPOSIT), "户", 1, None, Axis("万元", 1e4))
    rows = [("大众", 7, None), ("金卡", 5, Decimal(20_000))]
    drawn = view(chart, LEVEL, NEW, DEPOSIT, rows=rows)
    bar, marks = drawn.option["series"]
    assert (bar["type"], marks["type"]) == ("bar", "scatter")
    assert [mark["value"] for mark in marks["data"]] == [[1, 2.0]]
    assert drawn.rows == ((0, 1), (1,))


def test_parts_stand_on_top_of_each_other():
    chart = ChartSpec("stacked_bar", "branch", series(NEW), "户", color="level")
    rows = [("甲", "金卡", 50), ("甲", "大众", 30), ("乙", "大众", 1)]
    drawn = view(chart, BRANCH, LEVEL, NEW, rows=rows)
    gold, plain = drawn.option["series"]
    assert gold["stack"] == plain["stack"]
    assert [bar["value"] for bar in gold["data"]] == [50, None]
    assert [bar["label"]["show"] for bar in plain["data"]] == [True, False]
    assert drawn.rows == ((0, None), (1, 2))


@pytest.mark.parametrize(
    ("kind", "first", "second", "ends"),
    [
        ("bar", 1.0, 0.5, 100), ("bar", 0.98, 0.5, None), ("bar", 1.02, 0.5, None),
        ("bar", 1.0, -0.5, None), ("stacked_bar", 0.62506, 0.37506, 100),
        ("stacked_bar", 0.3, 0.2, None),
    ],
)  # fmt: skip
def test_an_axis_of_parts_ends_at_the_whole(kind, first, second, ends):
    chart = ChartSpec(kind, "branch", series(NPL), "%", 0.01, color="level")
    rows = [("甲", "金卡", first), ("甲", "大众", second)]
    drawn = view(chart, BRANCH, LEVEL, NPL, rows=rows).option
    assert drawn["yAxis"].get("max") == ends


def test_what_is_not_listed_is_a_part_of_the_ring():
    chart = ChartSpec("pie", "branch", series(NEW), "户")
    drawn = view(chart, BRANCH, NEW, rows=[("甲", 6), ("乙", 3)], others={"new": 1}).option
    assert [(p["name"], p["value"]) for p in drawn["series"][0]["data"]] == [
        ("甲", 6), ("乙", 3), ("其他", 1),
    ]  # fmt: skip


def test_cohorts_are_a_matrix_whose_unfinished_fields_are_empty():
    late, later = (Column(f"month_{n}", f"第{n}月留存率", "metric", "percent") for n in (1, 2))
    chart = ChartSpec("heatmap", None, series(late, later), "%", 0.01, "cohort")
    rows = [("2026-01", 50, 0.4, 0.36), ("2026-02", 36, 0.195, None)]
    drawn = view(chart, COHORT, PEOPLE, late, later, rows=rows)
    assert drawn.option["xAxis"]["data"] == ["第1月留存率", "第2月留存率"]
    assert drawn.option["yAxis"]["data"] == ["2026年1月", "2026年2月"]
    fields = [(f["value"], f["label"]["formatter"]) for f in drawn.option["series"][0]["data"]]
    assert fields == [([0, 0, 40], "40.00"), ([1, 0, 36], "36.00"), ([0, 1, 19.5], "19.50")]
    assert drawn.rows == ((0, 0, 1),)


def test_a_group_by_month_matrix_has_months_across():
    chart = ChartSpec("heatmap", "month", series(NEW), "户", color="branch")
    rows = [("甲", "2026-01", 3), ("甲", "2026-03", 5), ("乙", "2026-01", -2)]
    drawn = view(chart, BRANCH, MONTH, NEW, rows=rows).option
    assert drawn["xAxis"]["data"] == ["2026年1月", "2026年2月", "2026年3月"]
    assert [f["value"] for f in drawn["series"][0]["data"]] == [[0, 0, 3], [2, 0, 5], [0, 1, -2]]
    colours = drawn["visualMap"]
    assert (colours["min"], colours["max"]) == (-5, 5)
    below, zero, above = (colours["inRange"]["color"][at] for at in (3, 5, 7))
    assert (below, zero, above) == (
        "rgba(214,120,30,0.35)", "rgba(47,114,176,0.05)", "rgba(47,114,176,0.35)",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["heatmap", "line", "stacked_bar"])
def test_of_two_figures_the_one_that_is_drawn_is_named(kind: Any):
    chart = ChartSpec(kind, "month", series(NEW), "户", color="branch")
    rows = [("甲", "2026-01", 3, 0.1), ("乙", "2026-01", 5, 0.2)]
    assert view(chart, BRANCH, MONTH, NEW, NPL, rows=rows).option["title"]["text"] == (
        "新增客户数  单位:户"
    )


def test_a_field_that_is_not_shown_is_grey_and_named_not_empty():
    chart = ChartSpec("heatmap", "level", series(NEW), "户", color="branch")
    rows = [("甲", "金卡", 3), ("甲", "大众", Suppressed.SMALL_GROUP), ("乙", "金卡", 5)]
    drawn = view(chart, BRANCH, LEVEL, NEW, rows=rows)
    shown, hidden, other = drawn.option["series"][0]["data"]
    assert (hidden["value"][:2], hidden["label"]["formatter"]) == ([1, 0], "***")
    assert (hidden["visualMap"], "人数过少" in hidden["tooltip"]["formatter"]) == (False, True)
    assert [shown["value"], other["value"]] == [[0, 0, 3], [0, 1, 5]]
    assert drawn.option["title"]["text"] == "单位:户  灰色***:人数过少,不显示"
    assert (drawn.option["visualMap"]["min"], drawn.rows) == (3, ((0, 1, 2),))


def test_numbers_that_would_run_together_are_left_out_on_a_phone():
    chart = ChartSpec("heatmap", "month", series(NEW), "户", color="branch")
    wide = [("甲", f"2026-{month:02}", 12_345) for month in range(1, 13)]
    few, many = (view(chart, BRANCH, MONTH, NEW, rows=rows).option for rows in (wide[:3], wide))
    assert "media" not in few
    assert many["media"][0]["option"]["series"] == [{"label": {"show": False}}]
    assert many["series"][0]["label"]["show"]


def test_a_rate_over_few_cases_is_a_pale_point():
    chart = ChartSpec("line", "month", series(NPL), "%", 0.01)
    rows = [("2026-01", 0.5), ("2026-02", 1.0)]
    drawn = view(chart, MONTH, NPL, rows=rows, small=((1, "npl"),)).option
    known, doubtful = drawn["series"][0]["data"]
    assert (known, doubtful["value"], doubtful["itemStyle"]["opacity"]) == (50, 100, 0.35)


def test_a_funnel_tells_every_step_and_keeps_the_width_of_the_last():
    chart = ChartSpec("funnel", "step", series(PEOPLE), "人")
    rows = [("1. 进入", 62, 1.0, None), ("2. 成功", 22, 0.3548387, 0.3548387)]
    drawn = view(chart, STEP, PEOPLE, START, BEFORE, rows=rows).option
    first, last, beneath = drawn["series"][0]["data"]
    assert first["label"]["formatter"] == "{b}  62人"
    assert last["label"]["formatter"] == "{b}  22人\n较上一步35.48% · 总转化35.48%"
    assert (beneath["value"], beneath["itemStyle"]["opacity"]) == (22, 0)
    assert drawn["series"][0]["sort"] == "none"


def links(drawn: dict[str, Any]) -> dict[tuple[str, str], float]:
    found = drawn["series"][0]["links"]
    return {(link["source"], link["target"]): link["value"] for link in found}


def test_paths_from_an_event_share_their_beginning():
    chart = ChartSpec("sankey", "path", series(PEOPLE), "次")
    rows = [("打开 → 首页", 5), ("打开 → 首页 → 打开", 2), ("打开", 9)]
    drawn = view(chart, PATH, PEOPLE, rows=rows).option
    first, second, third = "打开", "首页\u200b", "打开\u200b\u200b"
    assert links(drawn) == {(first, second): 7, (second, third): 2}
    labels = {n["name"]: n["label"]["formatter"] for n in drawn["series"][0]["data"]}
    assert labels == {first: "打开\n7次", second: "首页\n7次", third: "打开\n2次"}


def test_names_of_stations_are_texts_not_places_for_other_texts():
    chart = ChartSpec("sankey", "path", series(PEOPLE), "次")
    drawn = view(chart, PATH, PEOPLE, rows=[("打开 → {c|x}", 5)]).option
    labels = [node["label"]["formatter"] for node in drawn["series"][0]["data"]]
    assert labels == ["打开\n5次", "{c|x}\n5次"]


def test_a_flow_says_that_it_is_not_all_paths():
    chart = ChartSpec("sankey", "path", series(PEOPLE), "次")
    drawn = view(chart, PATH, PEOPLE, rows=[("打开 → 首页", 5), ("打开 → 理财", 2)], total_rows=30)
    assert drawn.option["title"]["text"] == "单位:次  只画列出的2条路径,共7次"


def test_paths_to_an_event_share_their_end():
    chart = ChartSpec("sankey", "path", series(PEOPLE), "次")
    drawn = view(chart, PATH, PEOPLE, rows=[("首页 → 申购", 5), ("理财 → 首页 → 申购", 2)]).option
    end, before, start = "申购", "首页\u200b", "理财\u200b\u200b"
    assert links(drawn) == {(before, end): 7, (start, before): 2}
    assert drawn["series"][0]["nodeAlign"] == "right"


def test_boxes_have_no_whiskers_and_gaps_where_nobody_finished():
    chart = ChartSpec("box", "branch", series(*DAYS), "天")
    drawn = view(chart, BRANCH, *DAYS, rows=[("甲", 1, 4, 9, 5), ("乙", None, None, None, None)])
    boxes, means = drawn.option["series"]
    assert boxes["data"][0]["value"] == [1, 1, 4, 9, 9]
    assert boxes["data"][0]["tooltip"]["formatter"].startswith("甲<br>P25&emsp;<b>1.0天</b>")
    assert boxes["data"][1] == "-"
    assert means["data"] == [[5, 0]]


def test_points_are_named_and_safe():
    chart = ChartSpec("scatter", "branch", series(NEW, right=NPL), "户", 1, None, Axis("%", 0.01))
    drawn = view(chart, BRANCH, NEW, NPL, rows=[(EVIL, 5, 0.0123), ("乙", 7, None)])
    [point] = drawn.option["series"][0]["data"]
    assert (point["name"], point["value"]) == (EVIL, [5, 1.23])
    assert "<img" not in point["tooltip"]["formatter"]
    assert "{b}" not in point["tooltip"]["formatter"]
    assert (drawn.option["xAxis"]["name"], drawn.option["yAxis"]["name"]) == (
        "新增客户数(户)", "不良率(%)",
    )  # fmt: skip
    assert drawn.rows == ((0,),)


@pytest.mark.parametrize("kind", ["bar", "line", "pie", "heatmap", "scatter", "box", "stacked_bar"])
def test_a_hidden_value_is_never_drawn(kind):
    chart = ChartSpec(kind, "branch", series(NEW, NEW), "户")
    answer = Answer(columns=(BRANCH, NEW), rows=(("甲", Suppressed.SMALL_GROUP),), chart=chart)
    assert chart_view(answer) is None


def test_a_table_that_is_the_chart_has_bars():
    chart = ChartSpec("table", "branch", series(NEW), "户")
    rows = (("甲", 200), ("乙", -50), ("丙", None), ("丁", Suppressed.SMALL_GROUP))
    seen = table_view(bars(rows, chart=chart))
    assert seen is not None
    assert [row[1].bar for row in seen.rows] == [1, -0.25, None, None]
    assert '<td class="num bar minus" style="--bar:25.0%">-50</td>' in table_html(seen)
    beside_a_chart = table_view(bars(rows))
    assert beside_a_chart is not None
    assert {row[1].bar for row in beside_a_chart.rows} == {None}


def test_bars_of_a_change_say_what_they_are():
    rise = Column("dep.yoy.diff", "同比增减额", "comparison", "CNY", metric="dep", show="diff",
                  base="yoy")  # fmt: skip
    chart = ChartSpec("bar", "branch", series(rise), "万元", 1e4)
    drawn = view(chart, BRANCH, DEPOSIT, rise, rows=[("甲", Decimal(5), Decimal(-20_000))])
    assert drawn.option["title"]["text"] == "同比增减额  单位:万元"
    assert drawn.option["series"][0]["data"][0]["value"] == -2
