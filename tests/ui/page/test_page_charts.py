"""Answers as chart options: units, gaps, negative values, many and long names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.explain import ChartSpec
from assistant.explain.chart import Series
from semantic_layer.result import Column
from tests.ui.page.written_answers import BRANCH, DEPOSIT, LEVEL, MONTH, NEW, NPL, bars, single
from ui.page.chart import chart_view


def option(answer: Answer) -> dict[str, Any]:
    view = chart_view(answer)
    assert view is not None
    return view.option


def lines(rows: tuple[tuple[Any, ...], ...], *columns: Column, unit: str = "户") -> Answer:
    series = tuple(Series(c.id, c.name) for c in columns)
    return Answer(
        columns=(MONTH, *columns), rows=rows, chart=ChartSpec("line", "month", series, unit)
    )


def test_few_short_names_stand_upright():
    drawn = option(bars((("甲", 5), ("乙", 3))))
    assert drawn["xAxis"]["data"] == ["甲", "乙"]
    assert [bar["value"] for bar in drawn["series"][0]["data"]] == [5, 3]


def test_many_or_long_names_lie_with_the_first_on_top():
    many = tuple((f"第{n}分行", 100 - n) for n in range(25))
    view = chart_view(bars(many))
    assert view is not None
    assert view.option["yAxis"]["data"][0] == "第0分行"
    assert view.option["yAxis"]["inverse"] is True
    assert view.height > 25 * 20
    assert "yAxis" in option(bars((("宁夏回族自治区石嘴山市分行营业部", 1), ("乙", 2))))


def on_a_phone(drawn: dict[str, Any]) -> dict[str, Any]:
    [narrow] = drawn["media"]
    assert narrow["query"] == {"maxWidth": 480}
    found: dict[str, Any] = narrow["option"]
    return found


def test_a_legend_of_long_names_stands_beneath_the_unit_on_a_phone():
    base = Column(
        "new.yoy.value", "去年同期新增客户数", "comparison", unit="户", metric="new", base="yoy"
    )
    drawn = option(lines((("2026-01", 3, 2), ("2026-02", 4, 3)), NEW, base))
    narrow = on_a_phone(drawn)
    assert (narrow["legend"]["type"], narrow["legend"]["left"]) == ("plain", 0)
    assert narrow["legend"]["top"] >= 20
    assert narrow["grid"]["top"] > drawn["grid"]["top"]


def test_a_legend_of_many_names_is_paged_on_a_phone():
    members = tuple(("2026-01", f"第{n}个很长的名称", n) for n in range(8))
    chart = ChartSpec("line", "month", (Series("new", "新增"),), "户", color="level")
    drawn = option(Answer(columns=(MONTH, LEVEL, NEW), rows=members, chart=chart))
    assert on_a_phone(drawn)["legend"]["type"] == "scroll"


def test_a_legend_begins_beside_what_is_drawn():
    share = Column("new.share", "个人存款余额占比", "comparison", unit="percent", metric="new")
    series = (Series("new.share", share.name),)
    chart = ChartSpec("stacked_bar", "branch", series, "%", 0.01, "level")
    rows = (("甲", "金卡", 5, 0.5), ("甲", "大众", 5, 0.5))
    drawn = option(Answer(columns=(BRANCH, LEVEL, NEW, share), rows=rows, chart=chart))
    assert drawn["title"]["text"] == "个人存款余额占比  单位:%"
    assert drawn["legend"]["left"] > 8 * 12 + 5 * 7


def test_numbers_of_a_stack_need_room_on_a_phone():
    chart = ChartSpec("stacked_bar", "branch", (Series("new", "新增"),), "户", color="level")
    rows = (("甲乙丙丁戊己庚", "金卡", 50), ("甲乙丙丁戊己庚", "大众", 5), ("乙", "金卡", 9))
    drawn = option(Answer(columns=(BRANCH, LEVEL, NEW), rows=rows, chart=chart))
    wide, narrow = (
        [bar["label"]["show"] for one in series for bar in one["data"] if bar["value"]]
        for series in (drawn["series"], on_a_phone(drawn)["series"])
    )
    assert (wide, narrow) == ([True, True, True], [True, False, False])


def test_names_make_room_for_the_numbers_of_negative_bars():
    long = "宁夏回族自治区石嘴山市分行"
    plain, below = (option(bars(((long, 5), ("乙", value))))["yAxis"] for value in (3, -3))
    assert "margin" not in plain["axisLabel"]
    assert below["axisLabel"]["margin"] > 40


def test_labels_of_negative_bars_stand_on_the_other_side():
    data = option(bars((("甲", 5), ("乙", -3))))["series"][0]["data"]
    assert [(bar["label"]["position"], bar["label"]["formatter"]) for bar in data] == [
        ("top", "5"),
        ("bottom", "-3"),
    ]


def test_values_are_shown_in_the_unit_of_the_axis():
    chart = ChartSpec("bar", "branch", (Series("dep", "存款余额"),), "亿元", 1e8)
    rows = (("甲", Decimal("123456789012.34")), ("乙", Decimal(50000000)))
    drawn = option(Answer(columns=(BRANCH, DEPOSIT), rows=rows, chart=chart))
    assert [b["value"] for b in drawn["series"][0]["data"]] == [1234.57, 0.5]
    assert drawn["series"][0]["data"][0]["label"]["formatter"] == "1,234.57"
    assert drawn["title"]["text"] == "单位:亿元"
    assert drawn["tooltip"]["valueFormatter"] == "%,.2f 亿元"


def test_percent_signs_survive_the_number_format():
    chart = ChartSpec("bar", "branch", (Series("npl", "不良率"),), "%", 0.01)
    drawn = option(Answer(columns=(BRANCH, NPL), rows=(("甲", 0.0123),), chart=chart))
    assert drawn["series"][0]["data"][0]["value"] == 1.23
    assert drawn["tooltip"]["valueFormatter"] == "%,.2f %%"


def test_a_rate_over_few_cases_is_pale_and_has_the_sign_of_the_table():
    chart = ChartSpec("bar", "branch", (Series("npl", "不良率"),), "%", 0.01)
    rows = (("甲", 1.0), ("乙", 0.5))
    answer = Answer(columns=(BRANCH, NPL), rows=rows, chart=chart, small=((0, "npl"),))
    pale, plain = option(answer)["series"][0]["data"]
    assert (pale["label"]["formatter"], plain["label"]["formatter"]) == ("100.00*", "50.00")
    assert pale["itemStyle"]["opacity"] < 1
    assert "itemStyle" not in plain


def test_gaps_stay_gaps():
    drawn = option(lines((("2026-01", 3), ("2026-02", None), ("2026-03", 4)), NEW))
    assert drawn["series"][0]["data"] == [3, None, 4]
    assert drawn["series"][0]["connectNulls"] is False
    assert drawn["series"][0]["showSymbol"] is True


def test_one_point_is_a_mark():
    drawn = option(lines((("2026-01", 3),), NEW))
    assert drawn["series"][0]["showSymbol"] is True
    assert drawn["xAxis"]["boundaryGap"] is True


def test_the_base_of_a_comparison_is_dashed():
    base = Column("new.yoy.value", "去年同期", "comparison", unit="户", metric="new", base="yoy")
    drawn = option(lines((("2026-01", 3, 2), ("2026-02", 4, 3)), NEW, base))
    assert [s["lineStyle"]["type"] for s in drawn["series"]] == ["solid", "dashed"]
    assert drawn["legend"]["show"] is True


@pytest.mark.parametrize(
    ("values", "scaled"), [((100, 101), True), ((1, 101), False), ((-5, 5), False)]
)
def test_zero_stays_in_sight_unless_the_line_would_be_flat(values, scaled):
    drawn = option(lines((("2026-01", values[0]), ("2026-02", values[1])), NEW))
    assert drawn["yAxis"]["scale"] is scaled


def test_a_second_group_becomes_one_series_per_member():
    chart = ChartSpec("grouped_bar", "branch", (Series("new", "新增"),), "户", color="level")
    rows = (("甲", "金卡", 5), ("乙", "大众", 3), ("甲", "大众", 1))
    drawn = option(Answer(columns=(BRANCH, LEVEL, NEW), rows=rows, chart=chart))
    found = {s["name"]: [b["value"] for b in s["data"]] for s in drawn["series"]}
    assert found == {"金卡": [5, None], "大众": [1, 3]}


def test_time_goes_forward_however_the_rows_are_sorted():
    chart = ChartSpec("line", "month", (Series("new", "新增"),), "户", color="level")
    rows = (("2026-10", "金卡", 5), ("2026-09", "金卡", 3), ("2026-09", "大众", 1))
    drawn = option(Answer(columns=(MONTH, LEVEL, NEW), rows=rows, chart=chart))
    assert drawn["xAxis"]["data"] == ["2026年9月", "2026年10月"]
    assert {s["name"]: s["data"] for s in drawn["series"]} == {"金卡": [3, 5], "大众": [1, None]}


def test_parts_of_a_whole_are_labelled_with_their_share():
    share = Column("new.share", "占比", "comparison", unit="percent", metric="new", show="share")
    chart = ChartSpec("pie", "branch", (Series("new.share", "占比"),), "%", 0.01)
    rows = (("甲", 75, 0.75), ("乙", 25, 0.25))
    parts = option(Answer(columns=(BRANCH, NEW, share), rows=rows, chart=chart))["series"][0][
        "data"
    ]
    assert [(p["name"], p["value"], p["label"]["formatter"]) for p in parts] == [
        ("甲", 75, "{b}  75.00%"),
        ("乙", 25, "{b}  25.00%"),
    ]


def test_nothing_to_draw_draws_nothing():
    assert chart_view(bars(())) is None
    assert chart_view(bars((("甲", None),))) is None
    assert chart_view(single(NEW, 5)) is None
    assert chart_view(Answer()) is None
