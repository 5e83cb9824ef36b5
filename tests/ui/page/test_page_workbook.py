"""The Excel file, opened again: exact values, formats, totals, and everything said beside them."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from assistant.answer import Answer, AnswerPeriod
from assistant.explain import DefinitionCard
from semantic_layer.resolved import Assumption
from semantic_layer.result import Column, Notice, Suppressed
from tests.ui.page.written_answers import BRANCH, DEPOSIT, LEVEL, MONTH, NEW, NPL, bars
from ui.page.export import workbook_bytes
from ui.page.export.picture import picture, picture_script

AT = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001
PROJECT = "示例银行(虚拟数据)"
RATE = Column(
    "dep.yoy.rate", "同比增速", "comparison", "percent", metric="dep", show="rate", base="yoy"
)
PERIOD = AnswerPeriod("current", date(2026, 10, 31), date(2026, 10, 31), True, "2026年10月末")
BASE = AnswerPeriod("yoy", date(2025, 10, 31), date(2025, 10, 31), True, "2025年10月末")
CARD = DefinitionCard(
    id="dep", label="存款余额", version=2, status="certified", owner="零售部", formula="余额求和",
    description="期末余额。", synonyms=(), unit="元", domain="零售", certified_by=None,
    certified_on=None, reconciled=True,
)  # fmt: skip


def opened(answer: Answer) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(answer, PROJECT, AT)))


def numbers(answer: Answer) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in opened(answer)["数据"].iter_rows()]


def said(answer: Answer) -> dict[str, str]:
    return {row[0].value: row[1].value for row in opened(answer)["说明"].iter_rows()}


def test_values_are_exact_and_shown_in_their_own_way():
    rows = (("甲", Decimal("123456789.01"), 0.0123, -0.05), ("乙", Decimal("34000.50"), None, 0.1))
    answer = Answer(columns=(BRANCH, DEPOSIT, NPL, RATE), rows=rows, totals={"dep": Decimal(5)})
    assert numbers(answer) == [
        ["分行", "存款余额(元)", "不良率(%)", "同比增速(%)"],
        ["甲", 123456789.01, 0.0123, -0.05],
        ["乙", 34000.5, "—", 0.1],
        ["合计", 5, None, None],
    ]
    row = opened(answer)["数据"][2]
    assert [cell.number_format for cell in row] == [
        "General", "#,##0.00", "0.00%", "+0.00%;-0.00%;0.00%",
    ]  # fmt: skip


def test_subtotals_others_and_total_stand_below_the_filtered_rows():
    answer = Answer(
        columns=(BRANCH, LEVEL, NEW), rows=(("甲", "金卡", 5),), subtotals=(("甲", "小计", 8),),
        others={"new": 2}, totals={"new": 10}, total_rows=1,
    )  # fmt: skip
    assert numbers(answer)[2:] == [["甲", "小计", 8], ["其他", None, 2], ["合计", None, 10]]
    sheet = opened(answer)["数据"]
    assert sheet.auto_filter.ref == "A1:C2"
    assert sheet.freeze_panes == "A2"


def test_months_read_as_on_the_page():
    answer = Answer(columns=(MONTH, NEW), rows=(("2026-01", 1),), totals={"new": 1})
    assert [row[0] for row in numbers(answer)] == ["月份", "2026年1月", "全期"]


def test_what_is_hidden_or_doubtful_on_the_page_is_so_in_the_file():
    answer = Answer(
        columns=(BRANCH, NEW, NPL), rows=(("甲", Suppressed.SMALL_GROUP, 0.5), ("乙", 30, 0.1)),
        small=((0, "npl"),), total_rows=2,
    )  # fmt: skip
    assert numbers(answer)[1] == ["甲", "***", 0.5]
    first, second = (opened(answer)["数据"][n][2].number_format for n in (2, 3))
    assert (first, second) == ('0.00%"*"', "0.00%")
    assert said(answer)["标记 ***"].startswith("人数过少")
    assert said(answer)["标记 *"].startswith("分母过少")


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)"])
def test_text_is_never_a_formula(text):
    cell = opened(bars(((text, 5),)))["数据"]["A2"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", True)


def test_letters_that_a_workbook_cannot_hold_are_left_out():
    assert numbers(bars((("甲\x00\x0b乙", 5),)))[1] == ["甲乙", 5]


def test_the_other_sheet_says_what_the_numbers_are():
    answer = Answer(
        columns=(BRANCH, DEPOSIT), rows=(("甲", Decimal(1)),), question="=各分行存款", user="分析员",
        reading="2026年10月末 · 按分行 · 存款余额", scope="仅银川分行", periods=(PERIOD, BASE),
        headline="截至2026年10月31日……", definitions=(CARD,), total_rows=20,
        data_dates={"d": date(2026, 10, 31)}, assumptions=(Assumption("period", "按最近月末"),),
        warnings=(Notice("x", "机构有撤并"),),
    )  # fmt: skip
    assert said(answer) == {
        "数据来源": PROJECT,
        "数据性质": "虚拟数据:所有客户、账户和金额均为随机生成,不是真实业务数据",
        "问题": "=各分行存款",
        "读法": "2026年10月末 · 按分行 · 存款余额",
        "结论": "截至2026年10月31日……",
        "期间": "2026年10月末、2025年10月末(对比期)",
        "范围": "仅银川分行",
        "数据日期": "2026-10-31",
        "用户": "分析员",
        "导出时间": "2026-11-20 09:30:00",
        "口径": "存款余额 第2版",
        "口径:存款余额": "第2版,已认证,已核对;归口部门:零售部;计算公式:余额求和;期末余额",
        "假设": "按最近月末",
        "提示": "机构有撤并",
        "行数": "共20行,这里是前1行",
    }


def test_a_real_project_has_no_mark_of_invented_data():
    content = workbook_bytes(bars((("甲", 5),)), "某某银行", AT)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["说明"]
    assert "数据性质" not in {row[0].value for row in sheet.iter_rows()}


def test_no_rows_still_make_a_file():
    assert numbers(bars(())) == [["分行", "新增客户数(户)"]]


def test_every_row_is_there_not_only_those_shown():
    rows = numbers(bars(tuple((f"网点{n}", n) for n in range(1_500))))
    assert len(rows) == 1_501
    assert rows[-1] == ["网点1499", 1499]


def test_a_picture_is_told_apart_from_its_page():
    answer = bars(
        (("甲", 5),), headline="</script><b>", reading="2026年10月 · 按分行", user="分析员"
    )
    told = picture(answer, PROJECT, AT, "chart")
    assert told.name == "问数_2026年10月_按分行.png"
    assert told.below[1] == "示例银行(虚拟数据)(非真实业务数据) · 分析员 于2026-11-20 09:30导出"
    assert picture_script(told, "n").count("</script>") == 1
