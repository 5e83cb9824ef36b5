"""Rows as people read them, and as Excel opens them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from assistant.answer import Answer
from semantic_layer.result import Column, Suppressed
from tests.ui.page.written_answers import BRANCH, DEPOSIT, LEVEL, MONTH, NEW, NPL, bars
from ui.page.export import csv_bytes, file_name
from ui.page.table import MAX_ROWS_SHOWN, table_view
from ui.page.table_html import fits_beside, table_html


def texts(answer: Answer) -> list[list[str]]:
    view = table_view(answer)
    assert view is not None
    lines = (*view.rows, *filter(None, (view.others, view.total)))
    return [[cell.text for cell in line] for line in lines]


def test_each_column_has_one_unit_in_its_heading():
    rows = (("甲", Decimal("123456789.00"), 0.0123), ("乙", Decimal(34000), None))
    answer = Answer(columns=(BRANCH, DEPOSIT, NPL), rows=rows, total_rows=2)
    view = table_view(answer)
    assert view is not None
    assert [(h.name, h.unit) for h in view.headings] == [
        ("分行", ""),
        ("存款余额", "亿元"),
        ("不良率", "%"),
    ]
    assert texts(answer) == [["甲", "1.23", "1.23"], ["乙", "0.00", "—"]]


def test_others_and_total_stand_below_the_rows():
    answer = bars((("甲", 5), ("乙", 3)), others={"new": 2}, totals={"new": 10})
    assert texts(answer) == [["甲", "5"], ["乙", "3"], ["其他", "2"], ["合计", "10"]]


def test_what_cannot_be_added_up_has_no_line_for_it():
    answer = bars((("甲", 5), ("乙", 3)), totals={"new": None})
    assert texts(answer) == [["甲", "5"], ["乙", "3"]]
    assert "合计" not in csv_bytes(answer, "示例银行").decode("utf-8-sig")


def test_missing_member_is_named():
    assert texts(bars(((None, 5), ("乙", 3)))) == [["未知", "5"], ["乙", "3"]]


def test_months_are_written_as_a_bank_does():
    rows = (("2026-01", 1), ("2026-10", 2))
    answer = Answer(columns=(MONTH, NEW), rows=rows, total_rows=2, totals={"new": 3})
    assert [row[0] for row in texts(answer)] == ["2026年1月", "2026年10月", "全期"]


def test_changes_are_coloured_by_the_direction_of_the_metric():
    rise = Column("npl.yoy.pp", "同比", "comparison", metric="npl", show="pp", base="yoy",
                  direction="down_is_good")  # fmt: skip
    rows = (("甲", 0.01, 0.002), ("乙", 0.01, -0.002), ("丙", 0.01, 0.0000001))
    view = table_view(Answer(columns=(BRANCH, NPL, rise), rows=rows, total_rows=3))
    assert view is not None
    assert [row[2].mood for row in view.rows] == ["bad", "good", "plain"]


def test_a_long_table_says_what_is_not_shown():
    rows = tuple((f"网点{n}", n) for n in range(1200))
    view = table_view(bars(rows))
    assert view is not None
    assert len(view.rows) == MAX_ROWS_SHOWN
    assert view.note == "共1,200行,这里显示前500行,下载的文件里有全部。"


def test_a_short_list_of_many_says_how_many_there_are():
    view = table_view(bars((("甲", 5), ("乙", 3)), total_rows=20))
    assert view is not None
    assert view.note == "共20行,这里是前2行。"


def test_a_table_with_long_names_does_not_stand_beside_its_chart():
    narrow = table_view(bars((("银川分行", 5),)))
    wide = table_view(
        Answer(
            columns=(BRANCH, NEW, DEPOSIT), rows=(("2026抖音满减券开户有礼", 5, Decimal(1)),),
            total_rows=1,
        )
    )  # fmt: skip
    assert narrow is not None
    assert fits_beside(narrow)
    assert wide is not None
    assert not fits_beside(wide)


def test_names_from_the_data_are_never_html():
    answer = bars((("<img src=x onerror=alert(1)>", 5),))
    view = table_view(answer)
    assert view is not None
    assert "<img" not in table_html(view)


def test_a_rate_over_few_cases_has_a_quiet_sign_and_a_legend():
    answer = Answer(
        columns=(BRANCH, NPL), rows=(("甲", 1.0), ("乙", 0.5), ("丙", None)), total_rows=3,
        small=((0, "npl"), (2, "npl")),
    )  # fmt: skip
    view = table_view(answer)
    assert view is not None
    assert [row[1].doubt for row in view.rows] == ["small", "", ""]
    assert view.legend == ("* 分母过少,仅供参考,不参加最高、最低和排名。",)
    drawn = table_html(view)
    assert drawn.count("<sup") == 1
    assert view.legend[0] in drawn


def test_hidden_values_say_why():
    view = table_view(bars((("飞行员", Suppressed.SMALL_GROUP), ("教师", 30))))
    assert view is not None
    assert [row[1].text for row in view.rows] == ["***", "30"]
    assert view.legend == ("*** 人数过少,涉及个人特征,不显示数值。",)
    assert 'class="num hidden"' in table_html(view)


def test_a_table_without_doubts_has_no_legend():
    view = table_view(bars((("甲", 5),)))
    assert view is not None
    assert view.legend == ()


def test_subtotals_stand_out_below_the_rows():
    answer = Answer(
        columns=(BRANCH, LEVEL, NEW), rows=(("甲", "金卡", 5), ("甲", "大众", 3)), total_rows=2,
        subtotals=(("甲", "小计", 8),), totals={"new": 8},
    )  # fmt: skip
    view = table_view(answer)
    assert view is not None
    assert [[cell.text for cell in row] for row in view.subtotals] == [["甲", "小计", "8"]]
    assert '<tr class="subtotal"><td>甲</td><td>小计</td>' in table_html(view)


def exported(answer: Answer) -> list[list[str]]:
    content = csv_bytes(answer, "小银行(虚拟数据)")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_file_has_exact_values_units_and_notes():
    rows = (("甲", Decimal("123456789.01"), 0.0123), ("乙", Decimal("34000.50"), None))
    answer = Answer(
        columns=(BRANCH, DEPOSIT, NPL),
        rows=rows,
        totals={"dep": Decimal("123490789.51")},
        question="各分行存款",
        reading="2026年10月末 · 按分行 · 存款余额",
        scope="全行",
        user="分析员",
        data_dates={"d": date(2026, 10, 31)},
    )
    lines = exported(answer)
    assert lines[:5] == [
        ["分行", "存款余额(元)", "不良率(%)"],
        ["甲", "123456789.01", "1.23"],
        ["乙", "34000.50", ""],
        ["合计", "123490789.51", ""],
        [],
    ]
    assert ["数据来源", "小银行(虚拟数据)"] in lines
    assert ["范围", "全行"] in lines
    assert ["数据日期", "2026-10-31"] in lines
    assert ["用户", "分析员"] in lines


def test_text_that_looks_like_a_formula_stays_text():
    assert exported(bars((("=1+1", -5),)))[1] == ["'=1+1", "-5"]


def test_a_file_is_named_after_its_reading():
    answer = replace(bars(()), reading="2026年10月 · 按分行 · 新增客户数/户")
    assert file_name(answer) == "问数_2026年10月_按分行_新增客户数_户.csv"
