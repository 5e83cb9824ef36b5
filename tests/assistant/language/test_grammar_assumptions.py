"""What is said aloud about a reading must be what was read."""

from datetime import date

import pytest

from semantic_layer.query import TimeGroup
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


def test_several_months_of_a_balance_are_offered_one_by_one(demo):
    """近3个月 and 近6个月 end on the same day: only month by month they differ."""
    for question, grain in (("这几个月存款", "month"), ("近几个季度AUM怎么样", "quarter")):
        reading = demo.read(question)
        assert reading.problem.code == "ambiguous_time"
        assert [o.query.group_by for o in reading.options] == [(TimeGroup(grain),)] * 2


@pytest.mark.parametrize("question", ["最近存款多少", "近期客户数", "最近各分行不良率"])
def test_a_length_that_changes_nothing_is_not_asked_for(demo, question):
    reading = demo.read(question)
    spans = resolve(reading.query, demo.snapshot, demo.principal).spans
    assert [(s.is_point, s.end) for s in spans] == [(True, date(2026, 10, 31))]
    said = [a.text for a in reading.assumptions if a.slot == "period"]
    assert said == [f"“{question[:2]}”不论取多长,看的都是最近的期末"]


@pytest.mark.parametrize("question", ["最近交易金额", "最近存款趋势", "最近新增客户和存款"])
def test_a_length_that_changes_something_is_asked_for(demo, question):
    assert demo.read(question).problem.code == "ambiguous_time"
