"""What is said aloud about a reading must be what was read."""

import pytest

from semantic_layer.resolve import resolve


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("过去两年新增客户数", "“过去两年”按24个完整月计,不含本月"),
        ("过去两年每年新增客户数", "“过去两年”按2个完整年计,不含本年"),
        ("近一年每季度新增客户数", "“近一年”按4个完整季度计,不含本季"),
        ("近六个月每月新增客户数", "“近六个月”按6个完整月计,不含本月"),
    ],
)
def test_the_window_told_is_the_window_used(bank, question, said):
    assert [a.text for a in bank.read(question).assumptions if a.slot == "period"] == [said]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("去年末各年龄段AUM", ["年龄段按今天(2026年11月20日)算,不是当时的"]),
        ("2025年60岁以上客户的交易金额", ["年龄按今天(2026年11月20日)算,不是当时的"]),
        ("各年龄段客户数", []),
        ("去年末各客户等级AUM", []),
    ],
)
def test_an_age_in_earlier_rows_is_said_to_be_the_age_of_today(demo, question, said):
    query = demo.read(question).query
    resolved = resolve(query, demo.snapshot, demo.principal)
    assert [a.text for a in resolved.assumptions if a.slot == "where"] == said
