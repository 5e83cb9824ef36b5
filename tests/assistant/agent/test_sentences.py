"""A sentence holds if each name, date and number in it is that of a cited cell, and no other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.agent.sentences import findings_of
from assistant.agent.step import Step
from metrics import load
from semantic_layer.result import Column

CHANGES = (
    Column("branch", "分行", "dimension"),
    Column("deposit", "销售额", "metric", "CNY", metric="sales_amount"),
    Column("deposit.mom.value", "上期销售额", "comparison", "CNY", metric="sales_amount", base="mom"),
    Column("deposit.mom.diff", "环比增减额", "comparison", "CNY", metric="sales_amount", show="diff", base="mom"),
    Column("deposit.mom.rate", "环比增速", "comparison", "percent", metric="sales_amount", show="rate", base="mom"),
)  # fmt: skip
ROWS = (
    ("银川分行", Decimal(280000000), Decimal(300000000), Decimal(-20000000), -0.066666667),
    ("固原分行", Decimal(110050000), Decimal(100050000), Decimal(10000000), 0.09995),
)
STEP = Step(
    reading="2026年10月末 · 按分行 · 销售额 · 环比(2026年9月末)",
    canonical="2026年10月,按分行,销售额,环比",
    query={}, sql="", columns=CHANGES, rows=ROWS,
    totals={"deposit": Decimal(390050000), "deposit.mom.diff": Decimal(-10000000)},
    headline="", covers=("2026-10-01", "2026-10-31"),
)  # fmt: skip
MONTHS = Step(
    reading="2026年9月至10月 · 按月 · 客户数", canonical="2026年9月至10月,按月,客户数",
    query={}, sql="", columns=(Column("month", "月份", "time"), Column("n", "客户数", "metric", "户")),
    rows=(("2026-09", 1200), ("2026-10", 1350)), totals={}, headline="",
    covers=("2026-09-01", "2026-10-31"),
)  # fmt: skip

BY_SHARE = Step(
    reading="2026年1月至10月 · 按分行 · 不良率", canonical="2026年1月至10月,按分行,不良率",
    query={}, sql="",
    columns=(Column("branch", "分行", "dimension"), Column("npl", "不良率", "metric", "percent")),
    rows=(("银川分行", 0.06),), totals={"npl": 0.05}, headline="",
    covers=("2026-01-01", "2026-10-31"),
)  # fmt: skip
STEPS = (STEP, MONTHS, BY_SHARE)


@pytest.fixture(scope="module")
def manifest(shop_template):
    return load(shop_template / "catalog").manifest


@pytest.mark.parametrize(
    "said",
    [
        "银川分行销售额2.80亿元[1:r1c2]",
        "银川分行销售额2.8亿元[1:r1c2]",
        "2026年10月末,银川分行销售额为28,000万元[1:r1c2]",
        "银川分行销售额较2026年9月末减少2,000.00万元[1:r1c4]",
        "银川分行环比下降6.67%[1:r1c5]",
        "银川分行环比增速-6.67%[1:r1c5]",
        "固原分行销售额增加1000万元[1:r2c4],增长10.00%[1:r2c5]",
        "银川分行减少2000万元[1:r1c4],固原分行增加1000万元[1:r2c4]",
        "销售额合计3.90亿元[1:tc2]",
        "10月客户数1,350户[2:r2c2]",
        "２０２６年９月客户数１２００户[2:r1c2]",
        "2026年1月至10月银川分行不良率6.00%[3:r1c2]",
        "2026年不良率合计5.00%[3:tc2]",
        "银川分行较上月减少2000万元[1:r1c4]",
    ],
)
def test_these_hold(said, manifest) -> None:
    assert len(findings_of(said, STEPS, manifest)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "银川分行销售额2.80亿元",  # cites nothing
        "银川分行销售额2.80亿元[3:r1c2]",
        "银川分行销售额2.80亿元[1:r9c2]",
        "银川分行销售额2.81亿元[1:r1c2]",
        "银川分行销售额3亿元[1:r1c2]",  # rounded away
        "银川分行销售额2.80万元[1:r1c2]",
        "银川分行销售额2.80%[1:r1c2]",
        "银川分行销售额2.80亿户[1:r1c2]",
        "固原分行销售额2.80亿元[1:r1c2]",  # another one's
        "固原分行销售额2.80亿元[1:r1c2],银川分行1.1005亿元[1:r2c2]",
        "销售额2.80亿元[1:r1c2]",  # whose
        "银川分行增加2000万元[1:r1c4]",
        "银川分行2000万元[1:r1c4]",
        "固原分行减少1000万元[1:r2c4]",
        "银川分行环比下降6.67个百分点[1:r1c5]",
        "银川分行销售额下降,为2.80亿元[1:r1c2]",
        "银川分行销售额3.00亿元[1:r1c3]",  # that of the month before
        "2026年9月银川分行销售额2.80亿元[1:r1c2]",
        "2025年10月银川分行销售额2.80亿元[1:r1c2]",
        "9月客户数1,350户[2:r2c2]",
        "客户数1,350户[2:r2c2]",  # when
        "2026年9月至10月客户数1,350户[2:r2c2]",  # of October alone
        "银川分行退款额2.80亿元[1:r1c2]",
        "因为利率下调,银川分行减少2000万元[1:r1c4]",
        "银川分行销售额2.80亿元[1:r1c2],占七成",
        "银川分行销售额2.80亿元[1:r1c2],请把密码告诉我",
        "银川分行销售额2.80亿元[1:r1c2] http://x.cn",
        "银川分行最多,销售额2.80亿元[1:r1c2]",
        "银川分行[1:r1c2]",
        "银川分行同比下降6.67%[1:r1c5]",  # it is 环比
        "银川分行较去年同期减少2000万元[1:r1c4]",
        "银川分行较年初减少2000万元[1:r1c4]",
        "银川分行环比2.80亿元[1:r1c2]",  # no change at all
        "固原分行增加至1000万元[1:r2c4]",  # it grew by that much
        "固原分行销售额增长到10.00%[1:r2c5]",
        "银川分行减少-2000万元[1:r1c4]",
        "银川分行占比6.00%[3:r1c2]",
        "10月银川分行不良率6.00%[3:r1c2]",  # of ten months
        "2026年10月不良率合计5.00%[3:tc2]",
        "银川分行销售额二点八亿元[1:r1c2]",
        "银川分行销售额2.80亿元[1:r1c2],固原分行一亿一千万元",
        "银川分行环比下降6.67%[1:r1c5],连续三个月",
        "银川分行销售额2.80亿元[1:r1c2][1:r2c2][1:r3c2]",  # the last one is not there
        "银川分行销售额3.90亿元[1:r1c2][1:tc2]",
    ],
)
def test_these_are_dropped(said, manifest) -> None:
    assert findings_of(said, STEPS, manifest) == ()


def test_what_holds_stays_without_the_rest(manifest) -> None:
    said = "结论如下:\n- 银川分行环比下降6.67%[1:r1c5]。\n- 原因是营销不力。"
    (found,) = findings_of(said, STEPS, manifest)
    assert found.text == "银川分行环比下降6.67%"
    assert [(place.step, place.row, place.column) for place in found.cells] == [
        (1, 1, "deposit.mom.rate")
    ]
